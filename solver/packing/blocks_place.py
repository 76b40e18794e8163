"""Choosing blocks for seats and placing them: one completion of a partly full hold, compiled."""

import numpy as np

from solver.packing.blocks_rate import filled, look, stands, touching, touching_most
from solver.packing.blocks_space import settle_in, shared_mm2
from solver.packing.blocks_types import (
    AT_X,
    AT_Y,
    AT_Z,
    BASE_L,
    BASE_W,
    BEARING_ASKED,
    CARE,
    CUBOIDS,
    DEAD,
    DIST,
    FAR_X,
    FAR_Y,
    HIGH,
    LISTED,
    LONG,
    LOOKED,
    NX,
    PARTS_MOST,
    SEATS,
    SHADOW,
    SPACES,
    TOP,
    WAY,
    WEIGHT_LEFT,
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
)
from solver.packing.jit import jit

REFRESH = 12
"""Blocks placed until the list of blocks is made anew."""
PLACING = 300
"""To place a block takes about as long as to look at so many."""


@jit
def copy_state(source: State, target: State) -> None:
    """Makes one state equal to another."""
    cuboids, spaces, seats = source.tally[CUBOIDS], source.tally[SPACES], source.tally[SEATS]
    target.cuboid[:cuboids] = source.cuboid[:cuboids]
    target.bears[:cuboids] = source.bears[:cuboids]
    target.space[:spaces] = source.space[:spaces]
    target.seat[:seats] = source.seat[:seats]
    target.left[:] = source.left
    target.tally[:] = source.tally
    target.gain[:] = source.gain


@jit
def enough(state: State, stock: Stock, block: int) -> bool:
    """Whether the units of a block are left, and their weight may still be loaded."""
    if stock.weight[block] > state.tally[WEIGHT_LEFT]:
        return False
    for number in range(PARTS_MOST):
        kind = stock.need[block, number, 0]
        if kind < 0:
            return True
        if stock.need[block, number, 1] > state.left[kind]:
            return False
    return True


@jit
def set_least(state: State, stock: Stock, desk: Desk) -> None:
    """Notes the least extents of what is left."""
    least = desk.least
    least[:] = stock.hold[:3] + 1
    for way in range(stock.way.shape[0]):
        if state.left[stock.way[way, 0]] > 0:
            for axis in range(3):
                least[axis] = min(least[axis], stock.way[way, 1 + axis])


@jit
def list_blocks(state: State, stock: Stock, desk: Desk) -> None:
    """Lists the blocks that can still be made, and notes the least extents of what is left."""
    count = 0
    for block in range(stock.key.size):
        if enough(state, stock, block):
            desk.list[count] = block
            count += 1
    desk.sight[LISTED] = count
    set_least(state, stock, desk)


@jit
def next_seat(state: State) -> int:
    """The live seat nearest to a corner of the hold; -1: none, or no room to note more."""
    if state.tally[CUBOIDS] + PARTS_MOST > state.cuboid.shape[0]:
        return -1
    best, found = 0, -1
    for number in range(state.tally[SEATS]):
        seat = state.seat[number]
        if seat[DEAD] == 0 and (found < 0 or seat[DIST] < best):
            best, found = seat[DIST], number
    return found


@jit
def _insert(desk: Desk, block: int, score: float, count: int, width: int) -> int:
    """Keeps the best blocks in order; returns how many there are, at most ``width``."""
    place = count if count < width else width - 1
    while place > 0 and desk.score[place - 1] < score:
        desk.score[place] = desk.score[place - 1]
        desk.best[place] = desk.best[place - 1]
        place -= 1
    desk.score[place] = score
    desk.best[place] = block
    return min(count + 1, width)


@jit
def _rated(state: State, stock: Stock, desk: Desk, block: int, bar: float) -> float:
    """How well a block suits the desk's seat; -1 when it may not stand there or is no better than the bar."""
    sight, extent, taste = desk.sight, stock.edge[block], desk.taste
    score = stock.key[block]
    score *= filled(stock, 0, extent[0], sight[BASE_L])
    score *= filled(stock, 1, extent[1], sight[BASE_W])
    score *= filled(stock, 2, extent[2], sight[HIGH])
    if score * touching_most(desk, extent) ** taste[3] <= bar or not enough(state, stock, block):
        return -1.0
    if stock.flag[block] % 2 == 1 and sight[AT_Z] > 0:
        return -1.0
    x1 = sight[AT_X] - extent[0] if sight[FAR_X] else sight[AT_X]
    y1 = sight[AT_Y] - extent[1] if sight[FAR_Y] else sight[AT_Y]
    score *= min(1.0, touching(state, stock, desk, x1, y1, extent)) ** taste[3]
    if score <= bar or (sight[CARE] and not stands(state, stock, desk, block, x1, y1)):
        return -1.0
    return float(score)


@jit
def choose(state: State, stock: Stock, desk: Desk, width: int) -> int:
    """The best blocks for the desk's seat, in ``desk.best``; returns how many, at most ``width``."""
    sight, count = desk.sight, 0
    for place in range(sight[LISTED]):
        block = desk.list[place]
        bar = desk.score[width - 1] if count >= width else 0.0
        if stock.key[block] <= bar:
            sight[LOOKED] += place
            return count
        extent = stock.edge[block]
        if extent[0] > sight[LONG] or extent[1] > sight[WIDE] or extent[2] > sight[HIGH]:
            continue
        score = _rated(state, stock, desk, block, bar)
        if score > bar:
            count = _insert(desk, block, score, count, width)
    sight[LOOKED] += sight[LISTED]
    return count


@jit
def _bears(state: State, stock: Stock, box: int) -> float:
    """Pressure that a new cuboid's top bears: what its own units bear, and what they stand on, less their weight."""
    own = state.cuboid[box]
    exerts, takes = stock.pressure[own[WAY], 0], stock.pressure[own[WAY], 1]
    layers = own[NX + 2]
    bears = takes - (layers - 1) * exerts
    if own[Z1] == 0:
        return float(bears)
    below, least = np.inf, 1.0
    for number in range(box):
        other = state.cuboid[number]
        if other[Z2] == own[Z1] and other[TOP] != SHADOW and shared_mm2(other, own[X1], own[Y1], own[X2], own[Y2]):
            below = min(below, state.bears[number])
    long, wide = stock.way[own[WAY], 1], stock.way[own[WAY], 2]
    for along in range(own[NX]):
        for across in range(own[NX + 1]):
            x, y, held = own[X1] + along * long, own[Y1] + across * wide, 0
            for number in range(box):
                other = state.cuboid[number]
                if other[Z2] == own[Z1] and other[TOP] != SHADOW:
                    held += shared_mm2(other, x, y, x + long, y + wide)
            least = min(least, held / (long * wide))
    return float(min(bears, below * least * (1 - 1e-9) - layers * exerts))


@jit
def add_cuboid(state: State, stock: Stock, desk: Desk, row: int, top: int) -> None:
    """Takes up a cuboid whose corners, way and numbers are written in its row already."""
    state.cuboid[row, TOP] = top
    state.bears[row] = np.inf
    if stock.hold[BEARING_ASKED] and top != SHADOW:
        state.bears[row] = max(0.0, _bears(state, stock, row))
    state.tally[CUBOIDS] = row + 1
    settle_in(state, stock, desk, row)


@jit
def place(state: State, stock: Stock, desk: Desk, block: int) -> None:
    """Places a block at the desk's seat."""
    sight, extent = desk.sight, stock.edge[block]
    sight[LOOKED] += PLACING
    x1 = sight[AT_X] - extent[0] if sight[FAR_X] else sight[AT_X]
    y1 = sight[AT_Y] - extent[1] if sight[FAR_Y] else sight[AT_Y]
    z1 = sight[AT_Z]
    for number in range(PARTS_MOST):
        part = stock.part[block, number]
        if part[0] < 0:
            break
        row = state.tally[CUBOIDS]
        box, way = state.cuboid[row], stock.way[part[0]]
        box[X1], box[Y1], box[Z1] = x1 + part[4], y1 + part[5], z1 + part[6]
        for axis in range(3):
            box[X2 + axis] = box[axis] + part[1 + axis] * way[1 + axis]
            box[NX + axis] = part[1 + axis]
        box[WAY] = part[0]
        state.left[way[0]] -= part[1] * part[2] * part[3]
        add_cuboid(state, stock, desk, row, stock.top[way[0]])
    state.tally[WEIGHT_LEFT] -= stock.weight[block]
    state.gain[0] += stock.worth[block]


@jit
def complete(state: State, stock: Stock, desk: Desk) -> None:
    """Fills a hold up, each seat with what suits it best, until nothing fits anywhere."""
    placed = 0
    list_blocks(state, stock, desk)
    while True:
        number = next_seat(state)
        if number < 0:
            return
        look(state, stock, desk, number)
        if choose(state, stock, desk, 1) == 0:
            state.seat[number, DEAD] = 1
            continue
        place(state, stock, desk, desk.best[0])
        placed += 1
        if placed % REFRESH == 0:
            list_blocks(state, stock, desk)


@jit
def branch(state: State, stock: Stock, desk: Desk, width: int) -> int:
    """Blocks for the next seat where any fits, in ``desk.best``; returns how many, 0 when the hold is full."""
    list_blocks(state, stock, desk)
    while True:
        number = next_seat(state)
        if number < 0:
            return 0
        look(state, stock, desk, number)
        count = choose(state, stock, desk, width)
        if count:
            return count
        state.seat[number, DEAD] = 1


@jit
def step(state: State, stock: Stock, desk: Desk, block: int) -> None:
    """Places a block at the next seat."""
    set_least(state, stock, desk)
    look(state, stock, desk, next_seat(state))
    place(state, stock, desk, block)
