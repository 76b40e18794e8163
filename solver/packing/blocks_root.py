"""A hold before anything is added to it: its spaces, what stands there already, what is out of reach behind that."""

from collections.abc import Iterator, Sequence

from solver.goods import Hold, Side
from solver.packing.blocks_place import add_cuboid, set_least
from solver.packing.blocks_read import Standing
from solver.packing.blocks_space import seats_of
from solver.packing.blocks_stock import Goods
from solver.packing.blocks_types import (
    CUBOIDS,
    NX,
    NZ,
    PARTS_MOST,
    SHADOW,
    SPACES,
    WAY,
    WEIGHT_LEFT,
    X1,
    Z2,
    Desk,
    State,
    Stock,
    new_state,
)

NO_LIMIT_G = 2**60
CUBOIDS_MOST = 4000


def new_root(hold: Hold, goods: Goods, standing: Sequence[Standing], loaded: int) -> State:
    """A state with room for all, and nothing in it yet; ``prepare`` has to follow."""
    count = len(standing) + 2 * loaded + min(CUBOIDS_MOST, int(goods.left.sum())) + PARTS_MOST
    root = new_state(count, len(goods.kinds))
    root.left[:] = goods.left
    weight = sum(entry.unit.weight_g for entry in standing)
    root.tally[WEIGHT_LEFT] = NO_LIMIT_G if hold.weight_max_g is None else hold.weight_max_g - weight
    return root


def prepare(
    hold: Hold, goods: Goods, stock: Stock, standing: Sequence[Standing], loaded: int, root: State, desk: Desk
) -> int:
    """
    Sets a root's spaces and what stands in it; returns how many cuboids that is.

    Behind and below the first ``loaded`` units nothing can be brought any more through a rear door.

    Raises
    ------
    ValueError
        A unit stands outside the hold.
    """
    set_least(root, stock, desk)
    for number, (start, end) in enumerate(_windows(hold)):
        root.space[number] = (start, 0, 0, end, hold.width_mm, hold.height_mm)
        root.tally[SPACES] = number + 1
        seats_of(root, stock, desk, number)
    own = {unit: kind for kind, (unit, names) in enumerate(zip(goods.kinds, goods.names, strict=True)) if not names}
    way_of = {kind: way for way, kind in enumerate(goods.way[:, 0].tolist())}
    for entry in sorted(standing, key=lambda entry: entry.placement.z_mm):
        _must_be_inside(hold, entry)
        way = way_of[own[entry.alone]]
        _stand(root, stock, desk, entry.box, way, int(stock.top[stock.way[way, 0]]))
    if [door.side for door in hold.doors] == [Side.REAR]:
        for entry in standing[:loaded]:
            for box in _shadows(entry.box):
                _stand(root, stock, desk, box, 0, SHADOW)
    return int(root.tally[CUBOIDS])


def _must_be_inside(hold: Hold, entry: Standing) -> None:
    box, size = entry.box, (hold.length_mm, hold.width_mm, hold.height_mm)
    if min(box[:3]) < 0 or any(end > most for end, most in zip(box[3:], size, strict=True)):
        at = entry.placement
        raise ValueError(f"{at.order}/{at.unit}#{at.number} stands outside the hold")


def _windows(hold: Hold) -> list[tuple[int, int]]:
    """Where units may stand along x so that they lie behind a door."""
    whole = (0, hold.length_mm)
    if not hold.doors or any(door.side is Side.REAR for door in hold.doors):
        return [whole]
    found = {
        (max(0, door.from_mm), hold.length_mm if door.to_mm is None else min(door.to_mm, hold.length_mm))
        for door in hold.doors
    }
    return sorted(
        one
        for one in found
        if one[0] < one[1] and not any(other != one and other[0] <= one[0] and one[1] <= other[1] for other in found)
    )


def _shadows(box: tuple[int, int, int, int, int, int]) -> Iterator[tuple[int, int, int, int, int, int]]:
    x1, y1, z1, x2, y2, z2 = box
    if x1 > 0:
        yield 0, y1, z1, x1, y2, z2
    if z1 > 0:
        yield x1, y1, 0, x2, y2, z1


def _stand(root: State, stock: Stock, desk: Desk, box: tuple[int, int, int, int, int, int], way: int, top: int) -> None:
    row = int(root.tally[CUBOIDS])
    root.cuboid[row, X1 : Z2 + 1] = box
    root.cuboid[row, WAY] = way
    root.cuboid[row, NX : NZ + 1] = 1
    add_cuboid(root, stock, desk, row, top)
