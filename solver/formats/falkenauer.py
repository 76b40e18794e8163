"""One-dimensional bin packing in Falkenauer's text form (1996): several instances a file, each with its best known."""

from msgspec import Struct

from solver.formats.instance import NO_CURRENCY
from solver.formats.text import Faults, Line, lines_of, number_of, quoted, text_of
from solver.goods import Hold, Rotation, Unit
from solver.loads import Consignment, Container, PackProblem

MM_A_UNIT = 10
"""``t`` files give sizes with one decimal."""
MILLI_A_BIN = 1_000


class BinPacking(Struct, frozen=True, kw_only=True):
    """
    An instance: the fewest bins for all items.

    ``problem`` poses it as lengths in a hold one millimetre wide and high; each bin costs one minor unit. ``best`` is
    the number of bins that the file says suffices.
    """

    name: str
    problem: PackProblem
    best: int


def read_falkenauer(raw: bytes) -> dict[str, BinPacking]:
    """
    Every instance of a file by its name.

    Raises
    ------
    ProblemError
        With every fault of the file.
    """
    lines, faults = lines_of(text_of(raw)), Faults()
    count = _whole(lines[0], faults)
    faults.stop_if_any()
    found: dict[str, BinPacking] = {}
    at = 1
    for _ in range(count):
        if at + 1 >= len(lines):
            cure = "give the whole file, as many instances as its first line says"
            faults.add("file_cut_off", f"line {lines[-1][0]}", f"{len(found)} of {count} instances are there", cure)
            break
        name = lines[at][1]
        found[name], at = _instance(name, lines, at + 1, faults)
        faults.stop_if_any()
    faults.stop_if_any()
    return found


def _whole(line: Line, faults: Faults) -> int:
    value = number_of(line[1])
    if value is None or value < 0 or value != int(value):
        cause = f"{quoted(line[1])} is no count"
        faults.add("number_malformed", f"line {line[0]}", cause, "give the number of instances first")
        return 0
    return int(value)


def _instance(name: str, lines: list[Line], at: int, faults: Faults) -> tuple[BinPacking, int]:
    """The instance whose head (capacity, items, best) is line ``at``, and the line after it."""
    head = [number_of(token) for token in lines[at][1].split()]
    where = f"line {lines[at][0]}"
    if len(head) != 3 or None in head:
        faults.add("row_length", where, quoted(lines[at][1]), "give capacity, number of items, best known number")
        faults.stop_if_any()
    capacity, items, best = (float(value or 0) for value in head)
    rows = lines[at + 1 : at + 1 + int(items)]
    if len(rows) < items:
        faults.add("file_cut_off", where, f"{len(rows)} of {items:g} items are there", "give the whole file")
    quantity: dict[int, int] = {}
    for number, text in rows:
        size = number_of(text)
        if size is None or size <= 0:
            faults.add("number_malformed", f"line {number}", f"{quoted(text)} is no size", "give a number above 0")
        else:
            quantity[round(size * MM_A_UNIT)] = quantity.get(round(size * MM_A_UNIT), 0) + 1
    return BinPacking(name=name, problem=_posed(round(capacity * MM_A_UNIT), quantity), best=int(best)), at + 1 + len(
        rows
    )


def _posed(capacity_mm: int, quantity: dict[int, int]) -> PackProblem:
    units = tuple(
        Unit(
            id=f"{length_mm / MM_A_UNIT:g}",
            length_mm=length_mm,
            width_mm=1,
            height_mm=1,
            quantity=count,
            rotations=(Rotation.LWH,),
        )
        for length_mm, count in sorted(quantity.items(), reverse=True)
    )
    hold = Hold(length_mm=capacity_mm, width_mm=1, height_mm=1, doors=())
    return PackProblem(
        currency=NO_CURRENCY,
        containers=(Container(id="bin", hold=hold, cost_milli=MILLI_A_BIN),),
        consignments=(Consignment(id="items", units=units),),
    )
