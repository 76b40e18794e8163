"""
The units of a load one by one, as the exact method sees them, and what can be told of them without searching.

Definitions are those of ``solver.goods``; ``solver.check_stow`` is the judge, and no code of it is used here.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, prod
from typing import NamedTuple

from solver.goods import Chassis, Door, Hold, OnTop, Placement, Side, Unit, edges_mm
from solver.loads import Load


class Way(NamedTuple):
    """A way to stand: extent along x, y and z in mm. Rotations that differ in name alone are one way."""

    edges: tuple[int, int, int]
    placement: Placement
    """Order, unit, number and rotation; for a fixed unit its place too."""


class Item(NamedTuple):
    """One unit, on board from ``since`` until ``until``; ``fixed`` where it stands already."""

    unit: Unit
    since: int
    until: int
    ways: tuple[Way, ...]
    fixed: bool


class Spot(NamedTuple):
    """Where an item stands: its lowest corner and its extents, in mm."""

    x: int
    y: int
    z: int
    dx: int
    dy: int
    dz: int


def expand(load: Load) -> tuple[list[Item], str]:
    """
    All units of a load.

    Returns
    -------
    items
        Largest first, without those ways to stand that the hold is too small for.
    reason
        Why there can be no answer, empty when nothing was found: a unit that fits in no way, a fixed unit that is not
        part of the load or stands in a way that it may not.
    """
    fixed = {(entry.order, entry.unit, entry.number): entry for entry in load.fixed}
    items = []
    for line in load.cargo:
        for number in range(1, line.unit.quantity + 1):
            entry = fixed.pop((line.order, line.unit.id, number), None)
            ways = _ways(load.hold, line.order, line.unit, number, entry)
            if not ways:
                return [], f"{line.order}/{line.unit.id}#{number} stands in the hold in none of its ways"
            items.append(Item(line.unit, line.from_stop, line.to_stop, ways, entry is not None))
    if fixed:
        return [], f"{'/'.join(map(str, next(iter(fixed))))} is fixed but not part of the load"
    return sorted(items, key=lambda item: -prod(item.ways[0].edges)), ""


def _ways(hold: Hold, order: str, unit: Unit, number: int, fixed: Placement | None) -> tuple[Way, ...]:
    if fixed is not None:
        edges = edges_mm(unit, fixed.rotation)
        return (Way(edges, fixed),) if fixed.rotation in unit.rotations else ()
    ways: dict[tuple[int, int, int], Way] = {}
    for rotation in unit.rotations:
        edges = edges_mm(unit, rotation)
        if edges[0] <= hold.length_mm and edges[1] <= hold.width_mm and edges[2] <= hold.height_mm:
            entry = Placement(order=order, unit=unit.id, number=number, x_mm=0, y_mm=0, z_mm=0, rotation=rotation)
            ways.setdefault(edges, Way(edges, entry))
    return tuple(ways.values())


def together(one: Item, other: Item) -> bool:
    """Whether both are on board at some time."""
    return one.since < other.until and other.since < one.until


def bears(below: Item, above: Item) -> bool:
    """Whether ``above`` may stand directly on ``below`` by what is fragile."""
    if below.unit.on_top is OnTop.FRAGILE:
        return above.unit.on_top is not OnTop.ANYTHING
    return below.unit.on_top is OnTop.ANYTHING


def aboard(items: Sequence[Item], stop: int) -> list[int]:
    """Which items are on board when the vehicle leaves a stop."""
    return [number for number, item in enumerate(items) if item.since <= stop < item.until]


def moments(items: Sequence[Item]) -> list[int]:
    """Stops where something is loaded or unloaded."""
    return sorted({stop for item in items for stop in (item.since, item.until)})


def overweight(hold: Hold, items: Sequence[Item]) -> str:
    """Where more is on board than the hold may carry; empty: nowhere."""
    if hold.weight_max_g is not None:
        for stop in moments(items):
            weight_g = sum(items[number].unit.weight_g for number in aboard(items, stop))
            if weight_g > hold.weight_max_g:
                return f"{weight_g} g on board from stop {stop}, at most {hold.weight_max_g} g"
    return ""


class Balance(NamedTuple):
    """The sum of weight times (x + x2) over ``numbers``, in g mm, lies from ``low`` to ``high`` (None: free)."""

    numbers: list[int]
    low: int | None
    high: int | None


def balances(chassis: Chassis | None, items: Sequence[Item]) -> list[Balance] | None:
    """What the axles ask of where weight stands along x, stop by stop; None: they are never all content."""
    if chassis is None:
        return []
    found = []
    for stop in moments(items):
        numbers = aboard(items, stop)
        window = _window(chassis, sum(items[number].unit.weight_g for number in numbers))
        if window is None:
            return None
        balance = Balance(numbers, *window)
        if not numbers and not ((balance.low or 0) <= 0 <= (balance.high or 0)):
            return None
        found.append(balance)
    return found


def _window(chassis: Chassis, weight_g: int) -> tuple[int | None, int | None] | None:
    """Least and greatest double moment, g mm, at which every axle is within its limits; None: there is none."""
    rest, tilted = _axle_loads(chassis, weight_g, Fraction(0)), _axle_loads(chassis, weight_g, Fraction(1, 2))
    low: int | None = None
    high: int | None = None
    for axle, base, other in zip(chassis.axles, rest, tilted, strict=True):
        slope = other - base
        if slope == 0:
            if not axle.min_g <= base <= axle.max_g:
                return None
            continue
        ends = sorted(((axle.min_g - base) / slope, (axle.max_g - base) / slope))
        low = ceil(ends[0]) if low is None else max(low, ceil(ends[0]))
        high = floor(ends[1]) if high is None else min(high, floor(ends[1]))
    return None if low is not None and high is not None and low > high else (low, high)


def _axle_loads(chassis: Chassis, weight_g: int, moment: Fraction) -> list[Fraction]:
    """By the lever: what a load with this moment about x = 0 puts on each axle, tare included."""
    first, second, last = chassis.axles[0], chassis.axles[1], chassis.axles[-1]
    support_mm = first.at_mm if chassis.kingpin_mm is None else chassis.kingpin_mm
    rear = (moment - weight_g * support_mm) / (last.at_mm - support_mm)
    front = weight_g - rear
    if chassis.kingpin_mm is None:
        return [first.tare_g + front, last.tare_g + rear]
    share = front * Fraction(support_mm - first.at_mm, second.at_mm - first.at_mm)
    return [first.tare_g + front - share, second.tare_g + share, last.tare_g + rear]


def bearing_content(items: Sequence[Item], spots: Sequence[Spot]) -> bool:
    """Whether no unit bears more than it may, at any stop where something is loaded."""
    if all(item.unit.bearing_max_g is None for item in items):
        return True
    for stop in {item.since for item in items}:
        numbers = sorted(aboard(items, stop), key=lambda number: -spots[number].z)
        borne = dict.fromkeys(numbers, Fraction(0))
        for upper in numbers:
            areas = {lower: _contact(spots[upper], spots[lower]) for lower in numbers}
            whole = sum(areas.values())
            for lower, area in areas.items():
                if area:
                    borne[lower] += (borne[upper] + items[upper].unit.weight_g) * Fraction(area, whole)
        for number in numbers:
            limit = items[number].unit.bearing_max_g
            if limit is not None and borne[number] > limit:
                return False
    return True


def _shared(one: Spot, other: Spot) -> int:
    along = min(one.x + one.dx, other.x + other.dx) - max(one.x, other.x)
    across = min(one.y + one.dy, other.y + other.dy) - max(one.y, other.y)
    return max(0, along) * max(0, across)


def _contact(upper: Spot, lower: Spot) -> int:
    return _shared(upper, lower) if lower.z + lower.dz == upper.z else 0


def loading_order(hold: Hold, items: Sequence[Item], spots: Sequence[Spot]) -> list[int] | None:
    """
    An order in which all can be loaded: by stop, fixed units first; None: there is none.

    Built from its end: what can be brought in last when everything else of its stop is in. What is taken away only
    frees the way of the others, so the first that will do will do. Access to what other stops load or unload is not
    looked at.
    """
    order: list[int] = []
    for stop in sorted({item.since for item in items}):
        there = [number for number, item in enumerate(items) if item.since < stop < item.until]
        for fixed in (True, False):
            group = [number for number, item in enumerate(items) if item.since == stop and item.fixed is fixed]
            ordered = _peel(hold, spots, group, there)
            if ordered is None:
                return None
            order += ordered
            there += ordered
    return order


def _peel(hold: Hold, spots: Sequence[Spot], group: list[int], there: list[int]) -> list[int] | None:
    left, reversed_order = list(group), []
    while left:
        for number in reversed(left):
            others = [spots[other] for other in (*there, *left) if other != number]
            if not hold.doors or any(_free(hold, door, spots[number], others) for door in hold.doors):
                break
        else:
            return None
        left.remove(number)
        reversed_order.append(number)
    return reversed_order[::-1]


def _free(hold: Hold, door: Door, spot: Spot, others: Sequence[Spot]) -> bool:
    """Whether a unit comes through a door to its place past these."""
    if door.side is not Side.REAR:
        end = hold.length_mm if door.to_mm is None else door.to_mm
        if spot.x < door.from_mm or spot.x + spot.dx > end:
            return False
    return not any(_blocks(door.side, spot, other) for other in others)


def _blocks(side: Side, spot: Spot, other: Spot) -> bool:
    if other.z >= spot.z + spot.dz:
        return _shared(spot, other) > 0
    level = other.z < spot.z + spot.dz and spot.z < other.z + other.dz
    if side is Side.REAR:
        meets = other.y < spot.y + spot.dy and spot.y < other.y + other.dy
        return level and meets and other.x >= spot.x + spot.dx
    meets = other.x < spot.x + spot.dx and spot.x < other.x + other.dx
    beyond = other.y + other.dy <= spot.y if side is Side.LEFT else other.y >= spot.y + spot.dy
    return level and meets and beyond
