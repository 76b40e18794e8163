"""
Writes the generated half of the Python client (clients/python) from the platform's OpenAPI document.

    PYTHONPATH=. python deploy/generate_client.py [FOLDER]

Same document, same bytes: tests/house/test_client.py compares. Why a generator of our own: docs/decisions/0028.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from deploy.client_models import models
from deploy.client_operations import clients, methods, module

ROOT = Path(__file__).resolve().parents[1]
GENERATED = ROOT / "clients" / "python" / "src" / "cluster_client" / "_generated"
NOTE = '"""What deploy/generate_client.py writes; do not edit."""\n'


def document() -> Any:
    """What the platform says of itself."""
    said = subprocess.run(
        [sys.executable, "-m", "cluster.cli", "openapi"], check=True, capture_output=True, cwd=ROOT
    ).stdout
    return msgspec.json.decode(said)


def files(described: Mapping[str, Any]) -> dict[str, str]:
    """Names and texts of the modules, unformatted."""
    groups = methods(described)
    made = {"__init__.py": NOTE, "models.py": models(described), "clients.py": clients(groups)}
    return made | {f"{name}.py": module(name, entries) for name, entries in groups.items() if name}


def write(folder: Path, described: Mapping[str, Any]) -> None:
    """Writes the modules, takes away those of groups that are gone, and puts all into the house's form."""
    folder.mkdir(parents=True, exist_ok=True)
    made = files(described)
    for old in folder.glob("*.py"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(ROOT / "pyproject.toml")]
    # Every module imports all that one could need; what it does not is taken away here.
    check = ["check", "--quiet", "--isolated", "--select", "F401,I", "--fix", "--target-version", "py311"]
    own = ["--config", "lint.isort.known-first-party = ['cluster_client']"]
    subprocess.run([*ruff, *check, *own, str(folder)], check=True)
    subprocess.run([*ruff, "format", "--quiet", *config, str(folder)], check=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else GENERATED, document())
