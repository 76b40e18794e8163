"""House style that no linter knows: sizes, units in names, what the repository may speak of."""

import ast
import importlib
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, UnionType

import msgspec
import pytest

from tests.house.tree import ALL_CODE, CODE, ROOT, kept_files, python_files, shown, syntax

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 50
LONG_FUNCTIONS: dict[str, int] = {}
"""``path:name`` of functions that are longer still, with their length; the list only gets shorter."""

Function = ast.FunctionDef | ast.AsyncFunctionDef

QUANTITIES = {
    frozenset({"distance", "detour"}): {"m"},
    frozenset({"duration", "service", "waiting", "arrival", "departure", "start", "end", "open", "close", "shift"}): {
        *("s", "ms")
    },
    frozenset({"weight"}): {"g"},
    frozenset({"volume"}): {"cm3", "mm3"},
    frozenset({"length", "width", "height", "depth"}): {"mm"},
    frozenset({"speed"}): {"kmh"},
    frozenset({"circuity", "percent"}): {"percent"},
    frozenset({"pallet"}): {"places"},
    frozenset(
        {"cost", "costs", "price", "tariff", "fixed", "km", "hour", "amount", "share", "saving", "alone", "incremental"}
    ): {"milli", "minor"},
    frozenset({"outside", "bound", "excess"}): {"milli", "minor"},
}
"""Words of names, and the units in which whole numbers of that kind end."""
PRICE_OF = {"milli", "minor"}
"""Anything may have its price: ``distance_milli`` is what the distance costs."""


def functions(path: Path) -> Iterator[Function]:
    """Every function of a file, methods and nested ones too."""
    return (node for node in ast.walk(syntax(path)) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines of a function without its docstring."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - ((docstring.end_lineno or 0) - docstring.lineno + 1)


def test_files_are_of_a_size_to_be_read_at_one_sitting() -> None:
    lines = {shown(path): len(path.read_text("utf-8").splitlines()) for path in python_files(*ALL_CODE)}
    assert {name: count for name, count in lines.items() if count > FILE_LINES_MAX} == {}


def test_functions_fit_on_one_screen() -> None:
    found = {
        f"{shown(path)}:{function.name}": length(function)
        for path in python_files(*ALL_CODE)
        for function in functions(path)
        if length(function) > FUNCTION_LINES_MAX
    }
    grown = {place: lines for place, lines in found.items() if lines > LONG_FUNCTIONS.get(place, 0)}
    assert grown == {}, "divide it"
    assert set(LONG_FUNCTIONS) <= set(found), "shorter now: take it off the list"


def swallowing(path: Path) -> Iterator[str]:
    """Handlers that catch anything at all, or everything without passing it on."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.ExceptHandler):
            caught = {name.id for name in ast.walk(node.type or node) if isinstance(name, ast.Name)}
            raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            if node.type is None or (caught & {"Exception", "BaseException"} and not raises):
                yield f"{shown(path)}:{node.lineno}"


def test_no_error_is_swallowed() -> None:
    found = [place for path in python_files(*CODE, "deploy", "examples") for place in swallowing(path)]
    assert found == [], "name what is expected"


@pytest.mark.parametrize("handler", ["except:", "except Exception:", "except (OSError, BaseException) as error:"])
def test_a_swallowed_error_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, handler: str) -> None:
    monkeypatch.setattr("tests.house.test_style.shown", lambda path: path.name)
    (tmp_path / "bad.py").write_text(f"try:\n    work()\n{handler}\n    pass\n")
    assert list(swallowing(tmp_path / "bad.py")) == ["bad.py:3"]


def test_the_code_prints_nothing_by_the_way() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files(*CODE)
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert found == []


def struct_modules() -> list[ModuleType]:
    """Modules whose structs others read: the solver's question and answer, the platform's words."""
    paths = [path for path in python_files("src") if path.name == "models.py" or path.name.endswith("queries.py")]
    named = [".".join(path.relative_to(ROOT / "src").with_suffix("").parts) for path in paths]
    return [importlib.import_module(name) for name in ("solver.problem", "solver.plan", "solver.shares", *named)]


def whole_numbers(struct: type[msgspec.Struct]) -> Iterator[str]:
    """Names of fields that hold a whole number. (Loads by dimension carry their units in the keys.)"""
    for name, hint in typing.get_type_hints(struct).items():
        kinds = typing.get_args(hint) if isinstance(hint, UnionType) else (hint,)
        if int in kinds:
            yield name


def lacks_unit(name: str) -> bool:
    """Whether a name speaks of a quantity and does not end in its unit."""
    words = name.split("_")
    wanted = [units for quantities, units in QUANTITIES.items() if quantities & set(words)]
    return bool(wanted) and not any(words[-1] in units | PRICE_OF for units in wanted)


def test_quantities_carry_their_unit() -> None:
    structs = {
        struct
        for module in struct_modules()
        for struct in vars(module).values()
        if isinstance(struct, type) and issubclass(struct, msgspec.Struct)
    }
    assert len(structs) > 60
    assert sorted(f"{s.__name__}.{name}" for s in structs for name in whole_numbers(s) if lacks_unit(name)) == []


@pytest.mark.parametrize("name", ["distance", "weight_max", "fixed_price", "service_time", "duration_max", "km_g"])
def test_a_quantity_without_its_unit_would_be_noticed(name: str) -> None:
    assert lacks_unit(name)


@pytest.mark.parametrize("name", ["distance_max_m", "weight_g", "saving_percent_minor", "routes", "vehicle", "seed"])
def test_counts_and_quantities_with_a_unit_pass(name: str) -> None:
    assert not lacks_unit(name)


def cases(path: Path) -> list[str]:
    """Names of the tests of a file."""
    return [function.name for function in functions(path) if function.name.startswith("test_")]


def test_every_test_file_tests_something_and_says_what() -> None:
    files = {shown(path): cases(path) for path in python_files("tests") if path.name.startswith("test_")}
    assert [name for name, found in files.items() if not found] == [], "a file without a test"
    terse = [f"{name}::{case}" for name, found in files.items() for case in found if len(case.split("_")) <= 3]
    assert terse == [], "let the name say what holds"


FORBIDDEN = {
    "a later duty, which belongs in an issue": r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b",
    "a path of one machine": r"(?<![\w.])/(root|work|home/\w+|Users/\w+)/|/tmp/ba" r"sh_",
    "a package registry": r"\b(pypi\.o" r"rg|pythonhos" r"ted|registry\.(npmj" r"s|yarnp))",
}
TEXT = {
    ".py",
    ".md",
    ".sql",
    ".toml",
    ".txt",
    ".json",
    ".ts",
    ".svelte",
    ".css",
    ".html",
    ".js",
    ".sh",
    ".yaml",
    ".yml",
    "",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_repository_holds_no(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{shown(path)}:{number}: {line.strip()[:80]}"
        for path in kept_files()
        if path.suffix in TEXT and path.name != "package-lock.json"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


def test_lock_files_record_no_address() -> None:
    for path in kept_files():
        if path.name in ("package-lock.json", "constraints.txt"):
            addresses = re.findall(r'(?:"resolved"|https?:)[^\n]*', path.read_text("utf-8"))
            beyond_funding = [entry for entry in addresses if "resolved" in entry or path.suffix == ".txt"]
            assert beyond_funding == [], shown(path)
    names = {path.name for path in kept_files()}
    assert not names & {"uv.lock", "poetry.lock", "pylock.toml", "Pipfile.lock"}, (
        "these record where packages came from"
    )


def test_the_data_beside_the_repository_is_named_in_one_place_alone() -> None:
    pattern = re.compile(r"\.\./sha" r"red|shared/(data|des" r"ign|resea" r"rch)")
    naming = {shown(path) for path in kept_files() if path.suffix in TEXT and pattern.search(path.read_text("utf-8"))}
    assert naming <= {"tests/shared_data.py"}
