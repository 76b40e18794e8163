"""Units that stand on each other as columns of one footprint, and where a footprint may lie on the floor."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from solver.goods import OnTop, Rotation, Unit, edges_mm
from solver.loads import Cargo

Ways = dict[tuple[int, int], Rotation]
"""How a unit lies on the floor: its rotation by extent along x and y, mm."""


class Piece(NamedTuple):
    """Number ``number`` (from 1) of the units of a line of cargo."""

    line: Cargo
    number: int


class Column(NamedTuple):
    """
    Pieces on each other, the lowest first, all of one footprint.

    ``extents_mm`` are the ways in which the whole column may lie: along x, along y.
    """

    pieces: tuple[Piece, ...]
    extents_mm: tuple[tuple[int, int], ...]

    @property
    def since(self) -> int:
        """The stop from which on something of the column is on board."""
        return self.pieces[0].line.from_stop

    @property
    def until(self) -> int:
        """The stop at which the last of it is unloaded."""
        return self.pieces[0].line.to_stop


def ways(unit: Unit) -> Ways:
    """The ways in which a unit stands on the face that it stands on first: its base where that is allowed."""
    up = "h" if any(rotation.value.endswith("h") for rotation in unit.rotations) else unit.rotations[0].value[2]
    found: Ways = {}
    for rotation in unit.rotations:
        if rotation.value[2] == up:
            along, across, _ = edges_mm(unit, rotation)
            found.setdefault((along, across), rotation)
    return found


def rise_mm(unit: Unit) -> int:
    """How high a unit is in the ways of ``ways``."""
    return edges_mm(unit, next(iter(ways(unit).values())))[2]


def pieces_of(cargo: Iterable[Cargo]) -> list[Piece]:
    """Every unit of a load on its own."""
    return [Piece(line, number) for line in cargo for number in range(1, line.unit.quantity + 1)]


def singles(cargo: Sequence[Cargo]) -> list[Column]:
    """Each unit as a column of its own."""
    return [Column((piece,), tuple(ways(piece.line.unit))) for piece in pieces_of(cargo)]


def stacked(cargo: Sequence[Cargo], height_mm: int) -> list[Column]:
    """
    As few columns as first fit makes, like on like.

    A unit stands on another of the same footprint that bears it and that stays on board longer (last in, first out
    within the column); those of one stop are put together first.
    """
    columns: list[list[Piece]] = []
    shapes = {line.unit: tuple(sorted(ways(line.unit))) for line in cargo}
    for piece in sorted(pieces_of(cargo), key=_from_the_bottom):
        fitting = [
            column
            for column in columns
            if shapes[column[0].line.unit] == shapes[piece.line.unit] and _may_top(column, piece, height_mm)
        ]
        if fitting:
            same = [column for column in fitting if column[0].line.to_stop == piece.line.to_stop]
            (same or fitting)[0].append(piece)
        else:
            columns.append([piece])
    return [Column(tuple(column), shapes[column[0].line.unit]) for column in columns]


def _from_the_bottom(piece: Piece) -> tuple[int, int, bool, bool, bool, int, int]:
    """What stays longest, then what has to stand below, then the heaviest and highest."""
    unit = piece.line.unit
    return (
        -piece.line.to_stop,
        piece.line.from_stop,
        not unit.floor_only,
        unit.on_top is OnTop.NOTHING,
        unit.on_top is OnTop.FRAGILE,
        -unit.weight_g,
        -rise_mm(unit),
    )


def _may_top(column: Sequence[Piece], piece: Piece, height_mm: int) -> bool:
    unit, top = piece.line.unit, column[-1].line
    if unit.floor_only or piece.line.from_stop < top.from_stop or piece.line.to_stop > top.to_stop:
        return False
    if top.unit.on_top is OnTop.NOTHING or (top.unit.on_top is OnTop.FRAGILE and unit.on_top is OnTop.ANYTHING):
        return False
    if sum(rise_mm(below.line.unit) for below in column) + rise_mm(unit) > height_mm:
        return False
    above_g = unit.weight_g
    for below in reversed(column):
        limit_g = below.line.unit.bearing_max_g
        if limit_g is not None and above_g > limit_g:
            return False
        above_g += below.line.unit.weight_g
    return True
