"""What the documents promise is so: codes, words and links are those of the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.base import db
from cluster.base.errors import NOUNS
from cluster.base.settings import Settings
from cluster.cli import main
from cluster.members.models import KeyRole, SharingRule
from cluster.planning.models import PlanStatus
from cluster.shipments.models import Service, ShipmentStatus
from solver import plan
from tests.house.tree import ROOT, kept_files, python_files, shown, syntax

DOCS = ROOT / "docs"
DOCUMENTS = [path for path in kept_files() if path.suffix == ".md"]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE_CELL = re.compile(r"^\| `([a-z_]+)`(?:, `[a-z_]+`)* \|", re.MULTILINE)
WITHOUT_PROBLEMS = {"offline", "demo", "cli.py"}
"""Parts of the platform that answer no request."""
SECOND_OF_CALL = {"Conflict": 0, "_fault": 0, "_give_up": 3}
"""Calls that take a code by position, and at which."""


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def codes_of(path: Path) -> Iterator[str]:
    """Problem codes that a file can answer: given to ``code=``, assigned to a ``code``, or by position."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            place = SECOND_OF_CALL.get(name)
            given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            given += [] if place is None else node.args[place : place + 1]
            yield from (entry.value for entry in given if isinstance(entry, ast.Constant))
        elif isinstance(node, ast.Assign) and any(
            getattr(t, "id", getattr(t, "attr", "")) == "code" for t in node.targets
        ):
            texts = [entry.value for entry in ast.walk(node.value) if isinstance(entry, ast.Constant)]
            yield from (text for text in texts if isinstance(text, str) and re.fullmatch("[a-z_]{4,}", text))


def problem_codes() -> set[str]:
    answering = [path for path in python_files("src") if not set(path.relative_to(ROOT).parts) & WITHOUT_PROBLEMS]
    return {code for path in answering for code in codes_of(path)}


def fault_codes() -> set[str]:
    """Codes of ``Fault`` and ``Violation`` in the solver: any literal of that form given as ``code`` or in first place."""
    return {code for path in python_files("solver") for code in codes_of(path)}


def test_the_api_document_lists_exactly_the_problem_codes_of_the_platform() -> None:
    listed = set(CODE_CELL.findall(read("api.md").partition("\n## Plans take time")[2]))
    assert listed - {"plan", "progress"} == problem_codes()


def test_the_api_document_names_every_kind_of_identifier_role_and_status() -> None:
    text = read("api.md")
    assert [prefix for prefix in NOUNS if f"`{prefix}`" not in text] == []
    assert [role for role in (*KeyRole, db.Role.OPERATOR) if f"`{role}`" not in text] == []
    assert [status for status in PlanStatus if status not in text] == []


def test_the_fault_document_lists_the_codes_that_the_solver_writes() -> None:
    listed = set(re.findall(r"`([a-z_]+)`", read("faults.md")))
    assert fault_codes() - listed == set()
    assert {reason.value for reason in plan.Reason} - listed == set()


def test_the_fault_document_lists_no_code_that_nobody_writes() -> None:
    words = {
        node.value
        for path in python_files("solver")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    rows = re.findall(r"^\| ((?:`[a-z_]+`(?:, )?)+) \|", read("faults.md"), re.MULTILINE)
    listed = {code for row in rows for code in re.findall("[a-z_]+", row)}
    assert len(listed) > 50
    assert listed - words == set()


WORDS = [
    *NOUNS.values(),
    *(entry.replace("_", " ") for kind in (SharingRule, Service, ShipmentStatus, PlanStatus) for entry in kind),
    *(
        "handling unit",
        "hub",
        "outside option",
        "route",
        "stop",
        "visit",
        "unplanned",
        "reason",
        "fault",
        "violation",
    ),
    *(
        "owner",
        "coalition",
        "stand-alone cost",
        "share",
        "saving",
        "incremental cost",
        "certificate",
        "union",
        "core",
    ),
    *("route pool", "set partition", "bound", "gap", "checker", "engine", "leg", "budget", "travel profile"),
    *("scope", "unit of work", "lease", "fence", "outbox", "idempotency key", "coordinator", "operator"),
]
"""Nouns of the platform and the solver."""


def test_the_glossary_explains_every_word() -> None:
    terms = re.findall(r"\*\*([^*]+)\*\*", read("glossary.md").lower())
    explained = {term.strip() for entry in terms for term in entry.split(",")}
    assert [word for word in WORDS if word.lower() not in explained] == []


def test_the_operations_document_names_every_setting_and_command() -> None:
    text = read("operations.md")
    variables = Settings(
        data_dir=ROOT, database_url="a", database_owner_url="b", redis_url="c", tile_url="d", web_dir=ROOT
    )
    assert [name for name in variables.to_env() if f"`{name}`" not in text] == []
    assert [name for name in main.commands if f"`cluster {name}" not in text] == []


def links() -> Iterator[tuple[Path, str]]:
    for path in DOCUMENTS:
        for target in LINK.findall(path.read_text("utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                yield path, target


def leads_nowhere(path: Path, target: str) -> bool:
    """Whether a link names no file of the repository, or no heading of a document."""
    name, _, anchor = target.partition("#")
    found = (path.parent / name).resolve() if name else path
    if not found.exists() or not found.is_relative_to(ROOT):
        return True
    headings = re.findall(r"^#+ (.+)$", found.read_text("utf-8"), re.MULTILINE) if found.suffix == ".md" else []
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return bool(anchor) and anchor not in anchors


def test_every_link_into_the_repository_leads_somewhere() -> None:
    found = list(links())
    assert len(found) > 30
    assert [f"{shown(path)}: {target}" for path, target in found if leads_nowhere(path, target)] == []


@pytest.mark.parametrize("target", ["docs/nothing.md", "docs/api.md#no-such-heading", "../outside"])
def test_a_broken_link_would_be_noticed(target: str) -> None:
    assert leads_nowhere(ROOT / "README.md", target)


def test_decisions_are_numbered_without_gaps_and_of_one_form() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        headings = re.findall(r"^## (.+)$", page.read_text("utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences", "What else was weighed"], page.name
    listed = re.findall(r"\]\(decisions/([^)]+)\)", read("architecture.md"))
    assert {page.name for page in pages} <= set(listed), "docs/architecture.md lists all decisions"
