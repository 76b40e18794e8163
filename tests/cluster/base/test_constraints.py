"""The pinned versions: one for everything the project asks for, and nothing about where they came from."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def name_of(requirement: str) -> str:
    return re.split(r"[\s<>=!~;\[]", requirement.strip(), maxsplit=1)[0].lower().replace("_", "-")


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    asked = {name_of(requirement) for group in groups for requirement in group} - {project["name"]}
    pinned = {name_of(line) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()}
    assert asked - pinned == set(), "run `make constraints`"


def test_every_line_is_one_exact_version_without_address_or_hash() -> None:
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; [a-z_ ]+(<|>=|==|!=) '[A-Za-z0-9.]+')?", line), line


def test_the_dashboard_s_lock_names_no_place_to_fetch_from() -> None:
    lock = (ROOT / "web" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
