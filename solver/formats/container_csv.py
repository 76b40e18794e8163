"""
Sets of container loading kept as pairs of CSV files: goods, and what they go into.

``br``: Bischoff and Ratcliff (1995), lengths in cm, a flag for every way of standing. ``trucks``: mixed truck loads,
lengths in mm, weights in kg (docs/formats.md says what is left out).
"""

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple

from solver.formats.instance import NO_CURRENCY
from solver.formats.text import Faults, number_of, quoted, text_of
from solver.goods import UPRIGHT, Hold, Rotation, Unit
from solver.loads import Consignment, Container, PackProblem

MM_A_CM = 10
G_A_KG = 1_000
MILLI_A_UNIT = 100_000
"""Thousandths of a cent in one unit of money."""
BR_ROTATIONS = {
    "ROTATION_XYZ": Rotation.LWH,
    "ROTATION_YXZ": Rotation.WLH,
    "ROTATION_ZYX": Rotation.HWL,
    "ROTATION_YZX": Rotation.WHL,
    "ROTATION_XZY": Rotation.LHW,
    "ROTATION_ZXY": Rotation.HLW,
}
"""The letters say which of an item's own edges lies along length, width and height."""
BR_ITEMS = ("ID", "X", "Y", "Z", *BR_ROTATIONS, "COPIES")
BR_BINS = ("ID", "X", "Y", "Z")
TRUCK_ITEMS = (
    "id_item", "length", "width", "height", "weight", "nesting_height", "stackability_code", "forced_orientation",
    "max_stackability",
)  # fmt: skip
TRUCKS = ("id_truck", "length", "width", "height", "max_weight", "max_weight_stack", "cost", "max_density")
ORIENTATIONS = {"n": UPRIGHT, "l": (Rotation.LWH,), "w": (Rotation.WLH,)}
SAID_MAX = 20


class _Kind(NamedTuple):
    """What makes items alike."""

    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int
    rotations: tuple[Rotation, ...]
    bearing_max_g: int


class _Table:
    """Rows of a CSV file by column; whatever is no number is kept in ``faults`` with its line, and read as 1."""

    def __init__(self, raw: bytes, name: str, columns: Sequence[str], faults: Faults) -> None:
        self.name, self.faults = name, faults
        reader = csv.reader(io.StringIO(text_of(raw)))
        head = [cell.strip() for cell in next(reader, [])]
        missing = [column for column in columns if column not in head]
        self.rows: list[tuple[int, dict[str, str]]] = []
        if missing:
            cause = f"there is no column {', '.join(missing)}"
            faults.add("column_missing", f"{name}, line 1", cause, f"give the columns {', '.join(columns)}")
            return
        for cells in reader:
            if len(cells) == len(head):
                self.rows.append((reader.line_num, dict(zip(head, cells, strict=True))))
            elif cells:
                cause = f"{len(cells)} values under {len(head)} columns"
                self._say("row_length", reader.line_num, cause, f"give {len(head)} values a line")
        if not self.rows:
            faults.add("file_cut_off", name, "it has no rows", "give at least one")

    def number(self, line: int, row: dict[str, str], column: str, scale: int = 1) -> int:
        """A number above or equal to 0 times ``scale``, to the nearest whole one."""
        value = number_of(row[column].strip())
        if value is None:
            self._say("number_malformed", line, f"{column} is {quoted(row[column])}", "give a plain decimal number")
            return 1
        if value < 0:
            self._say("number_negative", line, f"{column} is {value:g}", "give 0 or more")
            return 1
        return round(value * scale)

    def _say(self, code: str, line: int, cause: str, cure: str) -> None:
        if len(self.faults.found) < SAID_MAX:
            self.faults.add(code, f"{self.name}, line {line}", cause, cure)


def read_br(items: bytes, bins: bytes) -> PackProblem:
    """
    An instance of Bischoff and Ratcliff: one container, to be loaded as full as possible.

    Doors are not asked for, support is (``Hold.support_percent`` as it is by default): the published volumes are often
    reached without it.

    Raises
    ------
    ProblemError
        With every fault of both files.
    """
    faults = Faults()
    goods, holds = _Table(items, "items", BR_ITEMS, faults), _Table(bins, "bins", BR_BINS, faults)
    units = []
    for line, row in goods.rows:
        length_mm, width_mm, height_mm = (goods.number(line, row, axis, MM_A_CM) for axis in "XYZ")
        ways = tuple(way for column, way in BR_ROTATIONS.items() if goods.number(line, row, column))
        units.append(
            Unit(
                id=row["ID"].strip(),
                length_mm=length_mm,
                width_mm=width_mm,
                height_mm=height_mm,
                quantity=goods.number(line, row, "COPIES"),
                rotations=ways,
            )
        )
    containers = []
    for line, row in holds.rows:
        length_mm, width_mm, height_mm = (holds.number(line, row, axis, MM_A_CM) for axis in "XYZ")
        hold = Hold(length_mm=length_mm, width_mm=width_mm, height_mm=height_mm, doors=())
        containers.append(Container(id=f"container {row['ID'].strip()}", hold=hold, count=1))
    faults.stop_if_any()
    return PackProblem(
        currency=NO_CURRENCY, containers=tuple(containers), consignments=(Consignment(id="goods", units=tuple(units)),)
    )


def read_trucks(items: bytes, vehicles: bytes) -> PackProblem:
    """
    Mixed truck loads: the cheapest trucks that take all items.

    Items that are alike are one unit with a quantity. ``max_stackability`` n becomes a bearing limit of n - 1 such
    items. Nesting, density, the weight of a stack and the codes by which stacks are kept apart are left out.

    Raises
    ------
    ProblemError
        With every fault of both files.
    """
    faults = Faults()
    goods, fleet = _Table(items, "items", TRUCK_ITEMS, faults), _Table(vehicles, "vehicles", TRUCKS, faults)
    alike: dict[_Kind, tuple[str, int]] = {}
    for line, row in goods.rows:
        ways = ORIENTATIONS.get(row["forced_orientation"].strip())
        if ways is None:
            cause = f"forced_orientation is {quoted(row['forced_orientation'])}"
            faults.add("type_unknown", f"items, line {line}", cause, f"give one of {', '.join(ORIENTATIONS)}")
            continue
        weight_g = goods.number(line, row, "weight", G_A_KG)
        kind = _Kind(
            length_mm=goods.number(line, row, "length"),
            width_mm=goods.number(line, row, "width"),
            height_mm=goods.number(line, row, "height"),
            weight_g=weight_g,
            rotations=ways,
            bearing_max_g=weight_g * max(0, goods.number(line, row, "max_stackability") - 1),
        )
        first, count = alike.get(kind, (row["id_item"].strip(), 0))
        alike[kind] = (first, count + 1)
    containers = tuple(_truck(fleet, line, row) for line, row in fleet.rows)
    faults.stop_if_any()
    units = tuple(Unit(id=name, quantity=count, **kind._asdict()) for kind, (name, count) in alike.items())
    return PackProblem(currency="EUR", containers=containers, consignments=(Consignment(id="goods", units=units),))


def _truck(fleet: _Table, line: int, row: dict[str, str]) -> Container:
    length_mm, width_mm, height_mm = (fleet.number(line, row, edge) for edge in ("length", "width", "height"))
    weight_max_g = fleet.number(line, row, "max_weight", G_A_KG)
    hold = Hold(length_mm=length_mm, width_mm=width_mm, height_mm=height_mm, weight_max_g=weight_max_g)
    cost_milli = fleet.number(line, row, "cost", MILLI_A_UNIT)
    return Container(id=row["id_truck"].strip(), hold=hold, cost_milli=cost_milli)
