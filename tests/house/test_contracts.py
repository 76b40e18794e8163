"""Imports run one way: the contracts of pyproject.toml hold, cover what they must, and do catch an offence."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs the linter on the packages of ``folder``, in a process of its own: it looks modules up by name."""
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = [{str(folder / 'src')!r}, {str(folder)!r}]; {LINT}"],
        cwd=folder,
        env={"NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages and their contracts, to be offended against."""
    leave = shutil.ignore_patterns("__pycache__", "assets")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=leave)
    shutil.copytree(ROOT / "solver", tmp_path / "solver", ignore=leave)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_all_contracts_are_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in done.stdout


OFFENCES = {
    "a lower capability asks a higher one": (
        "src/cluster/members/service.py",
        "from cluster.planning import service as planning",
        "Capabilities of the platform stand in layers",
    ),
    "a new folder takes no place in the layers": (
        "src/cluster/gossip.py",
        "from cluster.base import ids",
        "Capabilities of the platform stand in layers",
    ),
    "use cases reach for HTTP": (
        "src/cluster/places/service.py",
        "from cluster.places.routes import PlacesController",
        "Within a capability",
    ),
    "another capability's SQL": (
        "src/cluster/planning/service.py",
        "from cluster.shipments import queries as shipment_queries",
        "SQL of shipments is private to shipments",
    ),
    "a fourth door to the solver": (
        "src/cluster/shipments/service.py",
        "from solver.plan import minor",
        "The platform reaches the solver through its doors alone",
    ),
    "the solver looks at the calendar": (
        "solver/schedule.py",
        "import datetime",
        "The solver knows no platform, network, process or calendar",
    ),
    "the checker borrows from the search": (
        "solver/check_route.py",
        "from solver.cost import route_cost",
        "The checker shares no code with what it checks",
    ),
    "an engine outside its file": (
        "solver/partition.py",
        "import pyvrp",
        "PyVRP is named in its engine alone",
    ),
}


@pytest.mark.parametrize("offence", OFFENCES)
def test_an_offence_is_caught_by_its_contract(copy: Path, offence: str) -> None:
    path, line, contract = OFFENCES[offence]
    file = copy / path
    file.write_text((file.read_text("utf-8") if file.exists() else "") + f"\n{line}\n", "utf-8")
    done = lint(copy)
    assert done.returncode == 1
    assert re.search(rf"{re.escape(contract)}.* BROKEN", done.stdout), done.stdout + done.stderr


def test_every_folder_with_sql_keeps_it_to_itself() -> None:
    protected = {
        module: contract["allowed_importers"]
        for contract in CONTRACTS
        if contract["type"] == "protected"
        for module in contract["protected_modules"]
    }
    for path in (ROOT / "src" / "cluster").glob("*/*queries.py"):
        module = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
        assert protected.get(module) == [module.rpartition(".")[0]], f"{module} is in no contract of pyproject.toml"


def test_the_architecture_document_shows_every_layer() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    words = set(re.findall(r"[a-z_]+", text))
    layers = [layer for contract in CONTRACTS if contract["type"] == "layers" for layer in contract["layers"]]
    rooms = {room for layer in layers for room in re.findall(r"[a-z_]+", layer)}
    split_up = {"bounds_prices", "bounds_routes", "bounds_tree", "check_route", "pool_queries", "result_queries"}
    assert rooms - words - split_up == set()
