"""The files of the repository, as the tests of this folder look at them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("src", "solver")
ALL_CODE = (*CODE, "tests", "examples", "deploy", "benchmarks")


@cache
def kept_files() -> tuple[Path, ...]:
    """Everything that is, or is about to be, under version control; all files but generated ones without git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        left_out = {"node_modules", "dist", "build", "out", "__pycache__"}
        kept = {".ci", ".gitignore", ".npmrc"}
        listed = [
            str(path.relative_to(ROOT))
            for path in ROOT.rglob("*")
            if not any(
                part in left_out or part.endswith(".egg-info") or (part.startswith(".") and part not in kept)
                for part in path.relative_to(ROOT).parts
            )
        ]
    return tuple(sorted(path for name in listed if (path := ROOT / name).is_file()))


@cache
def python_files(*tops: str) -> tuple[Path, ...]:
    """Python files under these top folders, of those that are kept."""
    return tuple(path for path in kept_files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in tops)


@cache
def syntax(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text("utf-8"), str(path))


def shown(path: Path) -> str:
    """A path for messages, from the repository's root."""
    return path.relative_to(ROOT).as_posix()
