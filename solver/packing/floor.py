"""
Pallets, roll cages and crates on a vehicle's floor: few kinds with big bases, stops, doors and axles.

Columns of what may be stacked are laid on the floor by a compiled annealing search, and shifted lengthwise until the
axles are content at every stop.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from solver.check_stow import check_load
from solver.goods import Door, Hold, Placement, Side, Unit
from solver.loads import Cargo, Fit, Load, Verdict
from solver.packing.floor_axles import UNBOUNDED, Ints, shifted, window
from solver.packing.floor_bounds import refusal
from solver.packing.floor_columns import Column, rise_mm, singles, stacked, ways
from solver.packing.floor_lay import ANY_LANE, LEFT, LEFT_LANE, REAR, RIGHT, RIGHT_LANE, Floor, Laid
from solver.packing.floor_order import loading_order
from solver.packing.floor_search import anneal

TIER = "floor"
UNITS_MOST = 150
SHAPES_MOST = 8
ACROSS_MOST = 8
"""A unit's shorter side goes at most so many times into the width of the hold."""
WORK = 3000
"""Layouts tried for one load."""


class _World(NamedTuple):
    """Columns, the same as arrays, and what the axles allow by stop (see ``floor_axles.window``)."""

    columns: list[Column]
    floor: Floor
    windows: Ints


def applies(load: Load) -> bool:
    """Whether a load is of the kind that ``place_on_floor`` is made for: few shapes, big bases, nothing fixed."""
    if load.fixed or not load.cargo or sum(line.unit.quantity for line in load.cargo) > UNITS_MOST:
        return False
    if len({(line.unit.length_mm, line.unit.width_mm) for line in load.cargo}) > SHAPES_MOST:
        return False
    return all(
        min(line.unit.length_mm, line.unit.width_mm) * ACROSS_MOST >= load.hold.width_mm
        and any(rotation.value.endswith("h") for rotation in line.unit.rotations)
        for line in load.cargo
    )


def place_on_floor(load: Load, *, work: int = WORK, seed: int = 0) -> Fit:
    """
    Place a load in columns on the floor.

    Any load with nothing fixed may be asked; ``applies`` says for which it is worth it.

    Parameters
    ----------
    work
        Layouts tried at most; the answer depends on it and on ``seed`` alone.

    Returns
    -------
    ``fits`` with placements that the checker passes; ``proved_not`` where floor area or the moments that axles allow
    prove it (and ``detail`` says which); ``not_found`` otherwise.
    """
    if load.fixed:
        return Fit(verdict=Verdict.NOT_FOUND, tier=TIER, detail="some of it stands already")
    reason = refusal(load.hold, load.cargo)
    if reason:
        return Fit(verdict=Verdict.PROVED_NOT, tier=TIER, detail=reason)
    tried = 0
    for columns in _arrangements(load):
        if not all(
            any(along <= load.hold.length_mm and across <= load.hold.width_mm for along, across in column.extents_mm)
            and sum(rise_mm(piece.line.unit) for piece in column.pieces) <= load.hold.height_mm
            for column in columns
        ):
            return Fit(verdict=Verdict.NOT_FOUND, tier=TIER, detail="a unit is larger than the hold")
        world = _world(load.hold, columns)
        for start in _starts(world):
            tried += 1
            placements = _attempt(load, world, start, work // 6, seed + tried)
            if placements:
                return Fit(verdict=Verdict.FITS, placements=placements, tier=TIER)
    return Fit(verdict=Verdict.NOT_FOUND, tier=TIER, detail=f"no layout in {tried} searches")


def _arrangements(load: Load) -> Iterator[list[Column]]:
    """On the floor alone and stacked, what promises more first."""
    flat = singles(load.cargo)
    high = stacked(load.cargo, load.hold.height_mm)
    room = load.hold.length_mm * load.hold.width_mm
    if len(high) == len(flat):
        yield flat
    elif _most_area(flat) * 100 > room * 96:
        yield high
        yield from (flat for _ in range(_most_area(flat) <= room))
    else:
        yield flat
        yield high


def _most_area(columns: Sequence[Column]) -> int:
    """The most floor that is taken at any stop."""
    areas = [min(along * across for along, across in column.extents_mm) for column in columns]
    return max(
        sum(area for area, other in zip(areas, columns, strict=True) if other.since <= stop < other.until)
        for stop in {column.since for column in columns}
    )


def _world(hold: Hold, columns: list[Column]) -> _World:
    extents = np.zeros((len(columns), 2, 2), dtype=np.int64)
    for number, column in enumerate(columns):
        for way, extent in enumerate(sorted(column.extents_mm)):
            extents[number, way] = extent
    since = np.array([column.since for column in columns])
    until = np.array([column.until for column in columns])
    meets = (since[:, None] < until[None, :]) & (since[None, :] < until[:, None])
    blocks = np.zeros_like(meets)
    for number, column in enumerate(columns):
        for stop in {stop for piece in column.pieces for stop in (piece.line.from_stop, piece.line.to_stop)}:
            blocks[:, number] |= (since < stop) & (stop < until)
    weights, windows = _axles(hold, columns)
    totals = np.maximum(1, weights.sum(axis=1))[:, None]
    kinds = {shape: number for number, shape in enumerate(sorted({column.extents_mm for column in columns}))}
    floor = Floor(
        extents=extents,
        meets=meets,
        blocks=blocks,
        doors=_doors(hold),
        size=np.array([hold.length_mm, hold.width_mm]),
        weights=weights,
        limits=windows / (2 * totals) + np.array([1.0, -1.0]),
        kinds=np.array([kinds[column.extents_mm] for column in columns]),
        stops=until,
    )
    return _World(columns, floor, windows)


def _doors(hold: Hold) -> Ints:
    sides = {Side.REAR: REAR, Side.LEFT: LEFT, Side.RIGHT: RIGHT}
    rows = [(sides[door.side], *_opening(hold, door)) for door in hold.doors]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 3)


def _opening(hold: Hold, door: Door) -> tuple[int, int]:
    return door.from_mm, hold.length_mm if door.to_mm is None else door.to_mm


def _axles(hold: Hold, columns: Sequence[Column]) -> tuple[Ints, Ints]:
    """What is on board by stop and column, g, and the window of moments by stop; no row for an empty vehicle."""
    stays = [piece.line for column in columns for piece in column.pieces]
    weights, windows = [np.zeros(len(columns), dtype=np.int64)], [(-UNBOUNDED, UNBOUNDED)]
    for stop in sorted({stop for line in stays for stop in (line.from_stop, line.to_stop)}):
        row = [
            sum(
                piece.line.unit.weight_g for piece in column.pieces if piece.line.from_stop <= stop < piece.line.to_stop
            )
            for column in columns
        ]
        if hold.chassis is not None and any(row):
            weights.append(np.array(row, dtype=np.int64))
            windows.append(window(hold.chassis, sum(row)))
    return np.array(weights), np.array(windows, dtype=np.int64)


def _starts(world: _World) -> Iterator[Ints]:
    """Sequences to begin with: the last stop to the front, heavy or light first, and stops in lanes side by side."""
    count = len(world.columns)
    total = np.array([sum(piece.line.unit.weight_g for piece in column.pieces) for column in world.columns])
    stops = sorted({int(stop) for stop in world.floor.stops})
    for heavy, lanes in ((-1, False), (1, False), (-1, True)):
        state = np.full((3, count), -1, dtype=np.int64)
        state[0] = sorted(range(count), key=lambda item: (-world.floor.stops[item], heavy * total[item], item))
        state[2] = ANY_LANE
        if lanes:
            state[2] = [(LEFT_LANE, RIGHT_LANE)[stops.index(int(stop)) % 2] for stop in world.floor.stops]
        yield state


def _attempt(load: Load, world: _World, start: Ints, work: int, seed: int) -> tuple[Placement, ...]:
    """One search, a shift where axles still object, and the checker's word for it; empty where it fails."""
    laid = _empty(world.floor)
    off, share, _ = anneal(world.floor, laid, start, work, seed)
    boxes = laid.boxes
    if (boxes[:, 0] < 0).any():
        return ()
    starts = boxes[:, 0] + np.floor(share * (laid.late - boxes[:, 0])).astype(np.int64)
    if off > 0:
        lengths = boxes[:, 2] - boxes[:, 0]
        behind = _behind(world.floor, laid)
        answer = shifted(starts, lengths, load.hold.length_mm, behind, world.floor.weights, world.windows)
        if answer is None:
            return ()
        starts = answer
    boxes = np.stack((starts, boxes[:, 1], starts + boxes[:, 2] - boxes[:, 0], boxes[:, 3]), axis=1)
    for placements in loading_order(load, _placements(world.columns, boxes)):
        if not check_load(load, placements):
            return placements
    return ()


def _empty(floor: Floor) -> Laid:
    count = len(floor.extents)
    return Laid(
        boxes=np.full((count, 4), -1, dtype=np.int64),
        done=np.zeros(count, dtype=np.int64),
        free=np.zeros((count, len(floor.doors)), dtype=np.bool_),
        late=np.zeros(count, dtype=np.int64),
        spots=np.zeros(count + 2, dtype=np.int64),
        means=np.zeros((2, len(floor.limits))),
    )


def _behind(floor: Floor, laid: Laid) -> list[tuple[int, int]]:
    """Who has to stay behind whom: beside each other across the floor, and on board together at some time."""
    boxes = laid.boxes
    return [
        (int(one), int(other))
        for turn, one in enumerate(laid.done)
        for other in laid.done[turn + 1 :]
        if floor.meets[one, other] and boxes[one, 1] < boxes[other, 3] and boxes[other, 1] < boxes[one, 3]
    ]


def _placements(columns: Sequence[Column], boxes: Ints) -> list[Placement]:
    found = []
    for column, box in zip(columns, boxes.tolist(), strict=True):
        z_mm = 0
        for line, number in column.pieces:
            rotation = ways(line.unit)[(box[2] - box[0], box[3] - box[1])]
            place = Placement(
                order=line.order,
                unit=line.unit.id,
                number=number,
                x_mm=box[0],
                y_mm=box[1],
                z_mm=z_mm,
                rotation=rotation,
            )
            found.append(place)
            z_mm += rise_mm(line.unit)
    return found


def warm() -> None:
    """Compile the search."""
    unit = Unit(id="pallet", length_mm=1, width_mm=1, height_mm=1)
    place_on_floor(Load(hold=Hold(length_mm=2, width_mm=1, height_mm=1), cargo=(Cargo(order="order", unit=unit),)))
