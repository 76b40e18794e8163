"""
Maximal spaces and seats of a partly full hold, kept up to date as cuboids are placed.

Maximal spaces: Parreno, Alvarez-Valdes, Tamarit, Oliveira, "A maximal-space algorithm for the container loading
problem" (2008). They are not cut at the edge of what bears: how far a unit may stand out is for the support to say.
"""

from solver.packing.blocks_types import (
    CORNER,
    CUBOIDS,
    DEAD,
    DIST,
    NOTHING,
    RX1,
    RX2,
    RY1,
    RY2,
    SEATS,
    SEATS_MOST,
    SPACE,
    SPACES,
    SPACES_MOST,
    TOP,
    X1,
    X2,
    Y1,
    Y2,
    Z1,
    Z2,
    Desk,
    State,
    Stock,
    Whole,
)
from solver.packing.jit import jit


@jit
def within(inner: Whole, outer: Whole) -> bool:
    """Whether one cuboid lies in another."""
    return bool(
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] >= outer[2]
        and inner[3] <= outer[3]
        and inner[4] <= outer[4]
        and inner[5] <= outer[5]
    )


@jit
def meets(one: Whole, other: Whole) -> bool:
    """Whether the insides of two cuboids overlap."""
    return bool(
        one[0] < other[3]
        and other[0] < one[3]
        and one[1] < other[4]
        and other[1] < one[4]
        and one[2] < other[5]
        and other[2] < one[5]
    )


@jit
def shared_mm2(one: Whole, x1: int, y1: int, x2: int, y2: int) -> int:
    """Area that a cuboid and a rectangle share seen from above, mm2."""
    along = min(one[3], x2) - max(one[0], x1)
    across = min(one[4], y2) - max(one[1], y1)
    if along <= 0 or across <= 0:
        return 0
    return int(along * across)


@jit
def _pieces_of(space: Whole, box: Whole, least: Whole, fresh: Whole, count: int) -> int:
    """Adds the up to six spaces that remain of a space beside a box in it; returns how many there are then."""
    for side in range(6):
        axis = side % 3
        low, high = space[axis], space[axis + 3]
        if side < 3:
            high = box[axis]
        else:
            low = box[axis + 3]
        if high - low < least[axis] or count >= fresh.shape[0]:
            continue
        fresh[count, :] = space
        fresh[count, axis] = low
        fresh[count, axis + 3] = high
        count += 1
    return count


@jit
def _keep_spaces(state: State, box: Whole, desk: Desk) -> int:
    """Takes out the spaces that a box cuts; returns how many fresh ones there are in their stead."""
    kept, fresh = 0, 0
    for number in range(state.tally[SPACES]):
        if meets(state.space[number], box):
            fresh = _pieces_of(state.space[number], box, desk.least, desk.fresh, fresh)
            desk.moved[number] = -1
            continue
        desk.moved[number] = kept
        if kept != number:
            state.space[kept, :] = state.space[number]
        kept += 1
    state.tally[SPACES] = kept
    return fresh


@jit
def _is_maximal(state: State, desk: Desk, which: int, fresh: int, kept: int) -> bool:
    own = desk.fresh[which]
    for other in range(kept):
        if within(own, state.space[other]):
            return False
    for other in range(fresh):
        if other != which and within(own, desk.fresh[other]) and (other < which or not within(desk.fresh[other], own)):
            return False
    return True


@jit
def _keep_seats(state: State, moved: Whole) -> None:
    kept = 0
    for number in range(state.tally[SEATS]):
        goes = moved[state.seat[number, SPACE]]
        if goes < 0:
            continue
        state.seat[kept, :] = state.seat[number]
        state.seat[kept, SPACE] = goes
        kept += 1
    state.tally[SEATS] = kept


@jit
def _seat(state: State, stock: Stock, desk: Desk, space: int, x1: int, y1: int, x2: int, y2: int) -> None:
    """A new seat, at its corner nearest to a corner of the hold."""
    number = state.tally[SEATS]
    if number >= SEATS_MOST:
        return
    row = state.seat[number]
    far_x = stock.hold[0] - x2 < x1
    far_y = stock.hold[1] - y2 < y1
    from_x = stock.hold[0] - x2 if far_x else x1
    from_y = stock.hold[1] - y2 if far_y else y1
    taste = desk.taste
    row[SPACE], row[RX1], row[RY1], row[RX2], row[RY2] = space, x1, y1, x2, y2
    row[CORNER] = (1 if far_x else 0) + (2 if far_y else 0)
    row[DIST] = int(16 * (taste[0] * from_x + taste[1] * from_y + taste[2] * state.space[space, Z1]))
    row[DEAD] = 0
    state.tally[SEATS] = number + 1


@jit
def _seat_on(state: State, stock: Stock, desk: Desk, space: int, cuboid: int) -> None:
    """A seat on what a cuboid bears of a space."""
    room, below = state.space[space], state.cuboid[cuboid]
    x1, x2 = max(room[X1], below[X1]), min(room[X2], below[X2])
    y1, y2 = max(room[Y1], below[Y1]), min(room[Y2], below[Y2])
    _seat(state, stock, desk, space, x1, y1, x2, y2)


@jit
def seats_of(state: State, stock: Stock, desk: Desk, space: int) -> None:
    """The seats of a new space: one where all of its floor bears, otherwise one on each cuboid below."""
    room = state.space[space]
    x1, y1, x2, y2 = room[X1], room[Y1], room[X2], room[Y2]
    if room[Z1] == 0:
        _seat(state, stock, desk, space, x1, y1, x2, y2)
        return
    borne = 0
    for number in range(state.tally[CUBOIDS]):
        below = state.cuboid[number]
        if below[Z2] == room[Z1] and below[TOP] < NOTHING:
            borne += shared_mm2(below, x1, y1, x2, y2)
    if borne == (x2 - x1) * (y2 - y1):
        _seat(state, stock, desk, space, x1, y1, x2, y2)
        return
    for number in range(state.tally[CUBOIDS]):
        below = state.cuboid[number]
        if below[Z2] == room[Z1] and below[TOP] < NOTHING and shared_mm2(below, x1, y1, x2, y2):
            _seat_on(state, stock, desk, space, number)


@jit
def _rise(state: State, stock: Stock, desk: Desk, cuboid: int, kept: int) -> None:
    """Seats on a new cuboid in spaces that begin at its top; what was dead in them may now be borne."""
    box = state.cuboid[cuboid]
    for space in range(kept):
        room = state.space[space]
        if room[Z1] != box[Z2] or not shared_mm2(box, room[X1], room[Y1], room[X2], room[Y2]):
            continue
        for number in range(state.tally[SEATS]):
            if state.seat[number, SPACE] == space:
                state.seat[number, DEAD] = 0
        if box[TOP] < NOTHING:
            _seat_on(state, stock, desk, space, cuboid)


@jit
def settle_in(state: State, stock: Stock, desk: Desk, cuboid: int) -> None:
    """Brings spaces and seats up to date after a cuboid was placed."""
    fresh = _keep_spaces(state, state.cuboid[cuboid], desk)
    kept = state.tally[SPACES]
    _keep_seats(state, desk.moved)
    _rise(state, stock, desk, cuboid, kept)
    for number in range(fresh):
        if state.tally[SPACES] >= SPACES_MOST:
            break
        if _is_maximal(state, desk, number, fresh, kept):
            space = state.tally[SPACES]
            state.space[space, :] = desk.fresh[number]
            state.tally[SPACES] = space + 1
            seats_of(state, stock, desk, space)
