"""Proofs that a load does not go onto a floor: area, and the moments that axles allow."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from solver.goods import Hold, Unit, edges_mm
from solver.loads import Cargo
from solver.packing.floor_axles import window

LONGEST_MM = 100_000
"""Sums of edges are counted up to here; a longer floor is taken to be used in full."""


def reach_mm(edges: Iterable[int], limit_mm: int) -> int:
    """
    The greatest sum of edges, each used at will, that is not above a limit.

    Rectangles with these edges can be pushed together until they use no more than this (normal patterns: Herz,
    Recursive computational procedure for two-dimensional stock cutting, IBM J. Res. Dev. 16, 1972).
    """
    if limit_mm > LONGEST_MM:
        return limit_mm
    sums, kept = 1, (1 << (limit_mm + 1)) - 1
    for edge in sorted({edge for edge in edges if 0 < edge <= limit_mm}):
        step = edge
        while step <= limit_mm:
            sums |= (sums << step) & kept
            step *= 2
    return sums.bit_length() - 1


def refusal(hold: Hold, cargo: Sequence[Cargo]) -> str:
    """
    Why a load cannot be placed, in words; empty: no proof.

    Proofs hold for every placement that the checker passes: area is that of units no two of which can be above one
    another (both stand on the floor, or both are higher than half the hold, or one of each where they are too high
    together), moments are those of the whole load on an axle-bearing hold.
    """
    for stop in sorted({stop for line in cargo for stop in (line.from_stop, line.to_stop)}):
        aboard = [line for line in cargo if line.from_stop <= stop < line.to_stop]
        reason = _weight(hold, aboard) or _area(hold, aboard) or _moment(hold, aboard)
        if reason:
            return f"{reason}, from stop {stop}"
    return ""


def _weight(hold: Hold, aboard: Sequence[Cargo]) -> str:
    weight_g = sum(line.unit.weight_g * line.unit.quantity for line in aboard)
    if hold.weight_max_g is not None and weight_g > hold.weight_max_g:
        return f"{weight_g} g on board, at most {hold.weight_max_g} g"
    return ""


def _lowest_mm(unit: Unit) -> int:
    return min(edges_mm(unit, rotation)[2] for rotation in unit.rotations)


def _base_mm2(unit: Unit) -> int:
    """The least floor area of all the ways in which it may stand."""
    return min(along * across for along, across, _ in (edges_mm(unit, rotation) for rotation in unit.rotations))


def _side_by_side(hold: Hold, aboard: Sequence[Cargo]) -> list[Unit]:
    """Units no two of which can be above one another."""
    units = [line.unit for line in aboard]
    floored = [unit for unit in units if unit.floor_only]
    least_mm = min((_lowest_mm(unit) for unit in floored), default=hold.height_mm)
    tall = [
        unit
        for unit in units
        if not unit.floor_only
        and 2 * _lowest_mm(unit) > hold.height_mm
        and _lowest_mm(unit) + least_mm > hold.height_mm
    ]
    return floored + tall


def _floor(hold: Hold, units: Sequence[Unit]) -> tuple[int, int]:
    """Length and width that units side by side can use at most."""
    standing = [edges_mm(unit, rotation) for unit in units for rotation in unit.rotations]
    along, across = {edge[0] for edge in standing}, {edge[1] for edge in standing}
    return reach_mm(along, hold.length_mm), reach_mm(across, hold.width_mm)


def _area(hold: Hold, aboard: Sequence[Cargo]) -> str:
    units = _side_by_side(hold, aboard)
    if not units:
        return ""
    needed = sum(_base_mm2(unit) * unit.quantity for unit in units)
    length_mm, width_mm = _floor(hold, units)
    if needed > length_mm * width_mm:
        return f"{needed} mm2 of floor are needed, {length_mm} x {width_mm} mm can be used"
    return ""


def _moment(hold: Hold, aboard: Sequence[Cargo]) -> str:
    """No moment is allowed, or the least and greatest of the load miss what is allowed."""
    if hold.chassis is None:
        return ""
    weight_g = sum(line.unit.weight_g * line.unit.quantity for line in aboard)
    low, high = window(hold.chassis, weight_g)
    if low > high:
        return f"no place for {weight_g} g leaves every axle within its limits"
    least = _least_moment(hold, aboard)
    most = 2 * weight_g * hold.length_mm - least
    if least > high or most < low:
        return f"wherever {weight_g} g stand, an axle has too much or too little"
    return ""


def _least_moment(hold: Hold, aboard: Sequence[Cargo]) -> int:
    """
    At least this is the sum of weight times (x + x2), g mm; by symmetry the same from the rear wall.

    Units side by side: spread over the whole width and the heaviest for its area first (Smith, Various optimizers for
    single-stage production, Naval Research Logistics 3, 1956; mean busy times are least in this order). Any other:
    with its shortest extent against the wall.
    """
    flat = _side_by_side(hold, aboard)
    within = {id(unit) for unit in flat}
    loose = [line.unit for line in aboard if id(line.unit) not in within]
    least = sum(unit.quantity * unit.weight_g * _shortest_mm(unit) for unit in loose)
    width_mm = _floor(hold, flat)[1] or hold.width_mm
    area = moment = 0
    for unit in sorted(flat, key=lambda unit: Fraction(-unit.weight_g, _base_mm2(unit))):
        base = _base_mm2(unit)
        moment += unit.quantity * unit.weight_g * (2 * area + unit.quantity * base)
        area += unit.quantity * base
    return least + moment // width_mm


def _shortest_mm(unit: Unit) -> int:
    return min(edges_mm(unit, rotation)[0] for rotation in unit.rotations)
