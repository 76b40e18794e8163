"""
Tiny loads, and all their arrangements tried: the answer that ``decide`` must give.

Units stand on a grid of whole millimetres, at most ``4 x 3 x 3``. Cells of the grid are bits of a number. Only what
overlaps and what touches nothing below it is left out by hand; the rest is judged by ``solver.check_stow``.
"""

import random
from itertools import permutations, product

from solver.check_stow import check_load
from solver.goods import (
    ANY_WAY,
    UPRIGHT,
    Axle,
    Chassis,
    Door,
    Hold,
    OnTop,
    Placement,
    Rotation,
    Side,
    Unit,
    edges_mm,
)
from solver.loads import Cargo, Load

ORDER_CODES = {"loading_blocked", "sequence_wrong"}
Spot = tuple[Placement, int, int]
"""A placement, the cells that it takes and the cells under its base."""


def arrangement(load, leaves=20_000):
    """
    Placements that the checker finds nothing wrong with, in a right order; None when there are none.

    Raises ``OverflowError`` when more than ``leaves`` arrangements would have to be judged.
    """
    units = [(line, number) for line in load.cargo for number in range(1, line.unit.quantity + 1)]
    fixed = {(entry.order, entry.unit, entry.number): entry for entry in load.fixed}
    choices = [_spots(load.hold, line, number, fixed) for line, number in units]
    left = [leaves]
    return _extend(load, units, choices, [], left)


def _extend(load, units, choices, taken, left):
    if len(taken) == len(units):
        if not _touching(load.hold, units, taken):
            return None
        left[0] -= 1
        if left[0] < 0:
            raise OverflowError
        return _ordered(load, units, [spot[0] for spot in taken])
    line = units[len(taken)][0]
    used = 0
    for (other, _), spot in zip(units, taken, strict=False):
        if other.from_stop < line.to_stop and line.from_stop < other.to_stop:
            used |= spot[1]
    for spot in choices[len(taken)]:
        if not spot[1] & used:
            found = _extend(load, units, choices, [*taken, spot], left)
            if found is not None:
                return found
    return None


def _touching(hold, units, taken):
    """Every unit that is to be supported touches something below."""
    every = 0
    for spot in taken:
        every |= spot[1]
    return hold.support_percent == 0 or all(spot[0].z_mm == 0 or spot[2] & every for spot in taken)


def _spots(hold, line, number, fixed):
    """Everywhere that a unit can stand inside the hold."""
    entry = fixed.get((line.order, line.unit.id, number))
    if entry is not None:
        return [_spot(hold, line.unit, entry)]
    spots, seen = [], set()
    for rotation in line.unit.rotations:
        edges = edges_mm(line.unit, rotation)
        if edges in seen:
            continue
        seen.add(edges)
        room = (hold.length_mm, hold.width_mm, hold.height_mm)
        for x, y, z in product(*(range(whole - edge + 1) for whole, edge in zip(room, edges, strict=True))):
            place = Placement(
                order=line.order, unit=line.unit.id, number=number, x_mm=x, y_mm=y, z_mm=z, rotation=rotation
            )
            spots.append(_spot(hold, line.unit, place))
    return spots


def _spot(hold, unit, entry):
    dx, dy, dz = edges_mm(unit, entry.rotation)
    cells = below = 0
    for x, y in product(range(entry.x_mm, entry.x_mm + dx), range(entry.y_mm, entry.y_mm + dy)):
        column = (x * hold.width_mm + y) * hold.height_mm
        for z in range(entry.z_mm, entry.z_mm + dz):
            cells |= 1 << (column + z)
        if entry.z_mm:
            below |= 1 << (column + entry.z_mm - 1)
    return entry, cells, below


def _ordered(load, units, placements):
    """Placements in an order of loading that is right, fixed ones first at each stop; None when there is none."""
    stops = sorted({line.from_stop for line, _ in units})
    groups = []
    for stop in stops:
        for fixed in (True, False):
            groups.append(
                [
                    entry
                    for (line, _), entry in zip(units, placements, strict=True)
                    if line.from_stop == stop and (entry in load.fixed) is fixed
                ]
            )
    for orders in product(*(permutations(group) for group in groups)):
        listed = tuple(entry for group in orders for entry in group)
        violations = check_load(load, listed)
        if not violations:
            return listed
        if any(violation.code not in ORDER_CODES for violation in violations):
            return None
    return None


def random_load(chance: random.Random) -> Load:
    """A tiny load with every feature switched on or off by chance."""
    room = (chance.randint(2, 4), chance.randint(1, 3), chance.randint(2, 3))
    kinds = chance.choice((2, 3, 3, 4))
    stays = chance.choice(("one", "stops", "stops", "any"))
    cargo = [_line(chance, number, room, stays) for number in range(kinds)]
    hold = Hold(
        length_mm=room[0],
        width_mm=room[1],
        height_mm=room[2],
        weight_max_g=chance.choice((None, None, None, 8, 14)),
        doors=_doors(chance, room[0]),
        chassis=_chassis(chance, room[0]),
        support_percent=chance.choice((75, 75, 100, 50, 34, 1, 0)),
    )
    load = Load(hold=hold, cargo=tuple(cargo))
    if chance.random() < 0.15:
        line = chance.choice(cargo)
        spots = _spots(hold, line, 1, {})
        spots = [spot for spot in spots if spot[0].z_mm == 0] or spots
        if spots:
            load = Load(hold=hold, cargo=load.cargo, fixed=(chance.choice(spots)[0],))
    return load


def _line(chance, number, room, stays):
    edges = [chance.randint(1, max(1, whole - chance.randint(0, 1))) for whole in room]
    start = chance.choice((0, 0, 1)) if stays == "any" else 0
    end = start + (chance.randint(1, 3) if stays != "one" else 1)
    fragile = chance.random() < 0.3
    unit = Unit(
        id="u",
        length_mm=edges[0],
        width_mm=edges[1],
        height_mm=edges[2],
        weight_g=chance.randint(0, 5),
        quantity=chance.choice((1, 1, 1, 2)),
        rotations=chance.choice((UPRIGHT, UPRIGHT, ANY_WAY, (Rotation.LWH,), (Rotation.HWL, Rotation.WLH))),
        on_top=chance.choice((OnTop.FRAGILE, OnTop.NOTHING)) if fragile else OnTop.ANYTHING,
        bearing_max_g=chance.choice((None, None, chance.randint(0, 4))),
        floor_only=chance.random() < 0.1,
    )
    return Cargo(order=f"o{number}", unit=unit, from_stop=start, to_stop=end)


def _doors(chance, length_mm):
    low = chance.randint(0, length_mm - 1)
    high = chance.choice((None, chance.randint(low + 1, length_mm)))
    sides = [Door(side=chance.choice((Side.LEFT, Side.RIGHT)), from_mm=low, to_mm=high) for _ in range(2)]
    return chance.choice(((), (Door(),), (Door(),), (Door(),), (sides[0],), (Door(), sides[0]), tuple(sides)))


def _chassis(chance, length_mm):
    """None as a rule; else a rigid or an articulated vehicle whose limits tell."""
    draw = chance.random()
    limit = chance.randint(4, 12)
    if draw < 0.1:
        axles = (Axle(id="a", at_mm=-1, tare_g=1, max_g=limit), Axle(id="b", at_mm=length_mm - 1, max_g=limit))
        return Chassis(axles=axles)
    if draw < 0.2:
        axles = (
            Axle(id="a", at_mm=-4, tare_g=2, max_g=limit, min_g=1),
            Axle(id="b", at_mm=1, max_g=limit),
            Axle(id="c", at_mm=length_mm, max_g=limit),
        )
        return Chassis(axles=axles, kingpin_mm=0)
    return None
