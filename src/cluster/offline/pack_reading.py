"""What ``cluster pack`` is asked: a question of loading in JSON, or an instance of a data set."""

from pathlib import Path
from typing import NoReturn

from solver.codec import value_from_json
from solver.faults import Fault, ProblemError
from solver.formats.container_csv import BR_ITEMS, TRUCK_ITEMS, read_br, read_trucks
from solver.formats.detect import BYTE_ORDER_MARK, format_of
from solver.formats.falkenauer import read_falkenauer
from solver.formats.loads_3l import read_3l
from solver.loads import Load, PackProblem
from solver.validate_loads import faults_of_load, faults_of_pack

Question = PackProblem | Load
PAIRS = {"br": ("_items.csv", "_bins.csv"), "trucks": ("items.csv", "vehicles.csv")}
"""How the two files of a pair end; either may be named."""


class Choice:
    """Which part of a file is meant: an ``instance`` of several, or a ``route`` of customers."""

    def __init__(self, instance: str | None = None, route: tuple[int, ...] = ()) -> None:
        self.instance, self.route = instance, route


def read_question(path: Path, raw: bytes, format_: str, choice: Choice) -> Question:
    """
    The question in a file, sound in itself.

    Raises
    ------
    ProblemError
        With every fault of the file.
    OSError
        Where the other file of a pair cannot be read.
    """
    raw = raw.removeprefix(BYTE_ORDER_MARK)
    format_ = _format_of(path, raw) if format_ == "auto" else format_
    question = _read(path, raw, format_, choice)
    faults = faults_of_load(question) if isinstance(question, Load) else faults_of_pack(question)
    if faults:
        raise ProblemError(faults)
    return question


def _format_of(path: Path, raw: bytes) -> str:
    """``json``, ``3l``, ``br``, ``trucks`` or ``onedim``, by content."""
    head = raw[:4_000].lstrip()
    if head[:1] in (b"{", b"["):
        return "3l" if format_of(raw) == "3l" else "json"
    first = head.split(b"\n", 1)[0]
    if b"id_item" in first or b"id_truck" in first:
        return "trucks"
    if b"," in first and b"ID" in first:
        return "br"
    return "onedim" if first.strip().isdigit() else "json"


def _read(path: Path, raw: bytes, format_: str, choice: Choice) -> Question:
    if choice.instance is not None and format_ != "onedim":
        _refuse("option_pointless", "--instance", f"a file of format {format_} holds one instance", "leave it out")
    if choice.route and format_ != "3l":
        _refuse("option_pointless", "--route", f"a file of format {format_} has no customers", "leave it out")
    if format_ == "br":
        return read_br(*_pair(path, raw, "br", BR_ITEMS[-1]))
    if format_ == "trucks":
        return read_trucks(*_pair(path, raw, "trucks", TRUCK_ITEMS[0]))
    if format_ == "onedim":
        return _instance(raw, choice.instance)
    if format_ == "3l":
        return _route(raw, choice.route)
    if b'"containers"' not in raw and b'"cargo"' in raw:
        return value_from_json(raw, Load)
    return value_from_json(raw, PackProblem)


def _pair(path: Path, raw: bytes, format_: str, column: str) -> tuple[bytes, bytes]:
    """Goods and containers: the file itself, and the one beside it; ``column`` is one that goods alone have."""
    goods, holds = PAIRS[format_]
    if column.encode() in raw.split(b"\n", 1)[0]:
        return raw, _beside(path, goods, holds)
    return _beside(path, holds, goods), raw


def _beside(path: Path, own: str, other: str) -> bytes:
    if not path.name.endswith(own):
        cause = f"the file that belongs to {path.name} cannot be told"
        _refuse("pair_missing", str(path), cause, f"let the two names end in {own} and {other}")
    return path.with_name(path.name.removesuffix(own) + other).read_bytes()


def _instance(raw: bytes, name: str | None) -> PackProblem:
    found = read_falkenauer(raw)
    if name is None and len(found) == 1:
        name = next(iter(found))
    if name not in found:
        cause = f"the file holds {len(found)} instances" if name is None else f"there is no instance {name!r}"
        _refuse("instance_unknown", "--instance", cause, f"name one with --instance: {', '.join(found)}")
    return found[name].problem


def _route(raw: bytes, route: tuple[int, ...]) -> Load:
    instance = read_3l(raw)
    if not route:
        example = ",".join(str(node) for node in list(instance.units)[1:4])
        cure = f"name customers in the order of their stops, such as --route {example}"
        _refuse("route_missing", "--route", "loads belong to routes, and none is given", cure)
    return instance.load_of(route)


def _refuse(code: str, where: str, cause: str, cure: str) -> NoReturn:
    raise ProblemError([Fault(code=code, where=where, cause=cause, cure=cure)])
