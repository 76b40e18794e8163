"""
How well a block suits a seat, and whether it may stand there.

The rating is VCS of Araya, Guerrero, Nunez, "VCS: a new heuristic function for selecting boxes in the single container
loading problem" (2017): value, times what of the space can still be filled in whole rows, times the part of the block's
surface that touches something (to a power), over the number of units (to a power).
"""

import numpy as np

from solver.packing.blocks_space import shared_mm2
from solver.packing.blocks_types import (
    AT_X,
    AT_Y,
    AT_Z,
    BASE_L,
    BASE_W,
    BEARING_ASKED,
    CARE,
    CORNER,
    CUBOIDS,
    FAR_X,
    FAR_Y,
    FRAGILE,
    HIGH,
    LONG,
    NEAR,
    NOTHING,
    PARTS_MOST,
    RX1,
    RX2,
    RY1,
    RY2,
    SHADOW,
    SPACE,
    SUPPORT,
    TOP,
    TOPS_ASKED,
    UNDER,
    WIDE,
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

NEARLY = 25
"""Surfaces touch when the gap is at most one in so many of the block's extent."""


@jit
def _gather(state: State, desk: Desk, room: Whole) -> None:
    """Lists the cuboids that a space stands on and those beside it."""
    under, near = 0, 0
    plain = 1
    for number in range(state.tally[CUBOIDS]):
        box = state.cuboid[number]
        if box[X1] > room[X2] or box[X2] < room[X1] or box[Y1] > room[Y2] or box[Y2] < room[Y1]:
            continue
        if box[Z2] == room[Z1] and box[TOP] != SHADOW and shared_mm2(box, room[X1], room[Y1], room[X2], room[Y2]):
            desk.under[under] = number
            under += 1
            if box[TOP]:
                plain = 0
        elif box[Z2] > room[Z1] and box[Z1] <= room[Z2]:
            desk.near[near] = number
            near += 1
    desk.sight[UNDER], desk.sight[NEAR] = under, near
    desk.sight[CARE] = 0 if plain else 1


@jit
def _grown(state: State, desk: Desk, seat: Whole, axis: int, end: int, far: bool) -> int:
    """How far the base reaches from a seat's anchor along an axis, over tops that follow one another closely."""
    side = 1 - axis
    low, high = seat[RX1 + side], seat[RX2 + side]
    start = seat[RX2 + axis] if far else seat[RX1 + axis]
    reach = seat[RX1 + axis] if far else seat[RX2 + axis]
    gap = abs(reach - start) // 5
    again = True
    while again:
        again = False
        for place in range(desk.sight[UNDER]):
            box = state.cuboid[desk.under[place]]
            shared = min(box[3 + side], high) - max(box[side], low)
            if 4 * shared < 3 * (high - low) or box[TOP] >= NOTHING:
                continue
            if far and box[axis] < reach <= box[3 + axis] + gap:
                reach, again = box[axis], True
            if not far and box[3 + axis] > reach >= box[axis] - gap:
                reach, again = box[3 + axis], True
    reach = max(reach, end) if far else min(reach, end)
    return int(abs(reach - start))


@jit
def look(state: State, stock: Stock, desk: Desk, number: int) -> None:
    """Sets the desk's view on a seat."""
    seat = state.seat[number]
    room = state.space[seat[SPACE]]
    sight = desk.sight
    _gather(state, desk, room)
    far_x, far_y = seat[CORNER] % 2 == 1, seat[CORNER] >= 2
    sight[FAR_X], sight[FAR_Y] = seat[CORNER] % 2, seat[CORNER] // 2
    sight[AT_X] = seat[RX2] if far_x else seat[RX1]
    sight[AT_Y] = seat[RY2] if far_y else seat[RY1]
    sight[AT_Z] = room[Z1]
    sight[LONG] = sight[AT_X] - room[X1] if far_x else room[X2] - sight[AT_X]
    sight[WIDE] = sight[AT_Y] - room[Y1] if far_y else room[Y2] - sight[AT_Y]
    sight[HIGH] = room[Z2] - room[Z1]
    sight[BASE_L], sight[BASE_W] = sight[LONG], sight[WIDE]
    if room[Z1] == 0:
        sight[CARE] = 0
    if stock.hold[BEARING_ASKED] or (stock.hold[TOPS_ASKED] and room[Z2] < stock.hold[2]):
        sight[CARE] = 1
    if room[Z1] == 0:
        return
    whole = seat[RX1] == room[X1] and seat[RX2] == room[X2] and seat[RY1] == room[Y1] and seat[RY2] == room[Y2]
    if whole:
        return
    sight[CARE] = 1
    sight[BASE_L] = _grown(state, desk, seat, 0, room[X1] if far_x else room[X2], far_x)
    sight[BASE_W] = _grown(state, desk, seat, 1, room[Y1] if far_y else room[Y2], far_y)
    if stock.hold[SUPPORT] > 0:
        sight[LONG] = min(sight[LONG], sight[BASE_L] * 100 // stock.hold[SUPPORT])
        sight[WIDE] = min(sight[WIDE], sight[BASE_W] * 100 // stock.hold[SUPPORT])


@jit
def filled(stock: Stock, axis: int, extent: int, base: int) -> float:
    """Which part of a length can be filled beside a block of some extent, in whole units."""
    if extent >= base:
        return 1.0
    rest = (base - extent) // stock.step
    return float((extent + stock.reach[axis, rest] * stock.step) / base)


@jit
def _beside(box: Whole, x1: int, y1: int, z1: int, x2: int, y2: int, z2: int) -> int:
    """Area of a block's sides that a cuboid touches or nearly touches, mm2."""
    across = min(box[Y2], y2) - max(box[Y1], y1)
    along = min(box[X2], x2) - max(box[X1], x1)
    if across > 0:
        gap = max(x1 - box[X2], box[X1] - x2)
        if 0 <= gap * NEARLY <= x2 - x1:
            return int(across * max(0, min(box[Z2], z2) - max(box[Z1], z1)))
    if along > 0:
        gap = max(y1 - box[Y2], box[Y1] - y2)
        if 0 <= gap * NEARLY <= y2 - y1:
            return int(along * max(0, min(box[Z2], z2) - max(box[Z1], z1)))
    return 0


@jit
def touching(state: State, stock: Stock, desk: Desk, at_x: int, at_y: int, extent: Whole) -> float:
    """Which part of a block's surface touches walls or cuboids, with its low corner at some place of the seat."""
    long, wide, high = extent[0], extent[1], extent[2]
    z1 = desk.sight[AT_Z]
    x2, y2, z2 = at_x + long, at_y + wide, z1 + high
    sides = 0
    if at_x * NEARLY <= long:
        sides += wide * high
    if (stock.hold[0] - x2) * NEARLY <= long:
        sides += wide * high
    if at_y * NEARLY <= wide:
        sides += long * high
    if (stock.hold[1] - y2) * NEARLY <= wide:
        sides += long * high
    for place in range(desk.sight[NEAR]):
        sides += _beside(state.cuboid[desk.near[place]], at_x, at_y, z1, x2, y2, z2)
    sides = min(sides, 2 * (wide + long) * high) + long * wide
    if (desk.sight[HIGH] - high) * NEARLY <= high:
        sides += long * wide
    return float(sides / (2 * (long * wide + long * high + wide * high)))


@jit
def touching_most(desk: Desk, extent: Whole) -> float:
    """No block of this extent touches more than this at the seat."""
    long, wide, high = extent[0], extent[1], extent[2]
    sides = wide * high + long * high + long * wide
    if (desk.sight[LONG] - long) * NEARLY <= long:
        sides += wide * high
    if (desk.sight[WIDE] - wide) * NEARLY <= wide:
        sides += long * high
    if (desk.sight[HIGH] - high) * NEARLY <= high:
        sides += long * wide
    return float(sides / (2 * (long * wide + long * high + wide * high)))


@jit
def _resting(state: State, desk: Desk, x1: int, y1: int, x2: int, y2: int) -> int:
    """Area of a rectangle that tops bear, mm2."""
    held = 0
    for place in range(desk.sight[UNDER]):
        held += shared_mm2(state.cuboid[desk.under[place]], x1, y1, x2, y2)
    return held


@jit
def _least_resting(state: State, stock: Stock, desk: Desk, block: int, x1: int, y1: int) -> float:
    """The least part of its base that a unit at a block's foot rests on, 0 to 1."""
    least = 1.0
    for number in range(PARTS_MOST):
        part = stock.part[block, number]
        if part[0] < 0:
            break
        if part[6] > 0:
            continue
        long, wide = stock.way[part[0], 1], stock.way[part[0], 2]
        for along in range(part[1]):
            for across in range(part[2]):
                x, y = x1 + part[4] + along * long, y1 + part[5] + across * wide
                least = min(least, _resting(state, desk, x, y, x + long, y + wide) / (long * wide))
    return least


@jit
def _under_another(state: State, desk: Desk, z2: int, x1: int, y1: int, x2: int, y2: int) -> bool:
    """Whether a block would come to bear what stands out over its place already."""
    for place in range(desk.sight[NEAR]):
        box = state.cuboid[desk.near[place]]
        if box[Z1] == z2 and box[TOP] != SHADOW and shared_mm2(box, x1, y1, x2, y2):
            return True
    return False


@jit
def stands(state: State, stock: Stock, desk: Desk, block: int, x1: int, y1: int) -> bool:
    """Whether a block may stand at the seat with its low corner there: support, fragility, bearing."""
    x2, y2 = x1 + stock.edge[block, 0], y1 + stock.edge[block, 1]
    if stock.hold[TOPS_ASKED] and _under_another(state, desk, desk.sight[AT_Z] + stock.edge[block, 2], x1, y1, x2, y2):
        return False
    if desk.sight[AT_Z] == 0:
        return True
    bears, held = np.inf, 0
    for place in range(desk.sight[UNDER]):
        number = desk.under[place]
        shared = shared_mm2(state.cuboid[number], x1, y1, x2, y2)
        if shared == 0:
            continue
        top = state.cuboid[number, TOP]
        if top == NOTHING or (top == FRAGILE and stock.flag[block] < 2):
            return False
        held += shared
        bears = min(bears, state.bears[number])
    area = (x2 - x1) * (y2 - y1)
    least = 1.0
    if held < area:
        if held * 100 < stock.hold[SUPPORT] * area * 9 // 10:
            return False
        least = _least_resting(state, stock, desk, block, x1, y1)
        if least * 100 + 1e-9 < stock.hold[SUPPORT] or least <= 0:
            return False
    return bool(stock.base[block] <= bears * least * (1 - 1e-9))
