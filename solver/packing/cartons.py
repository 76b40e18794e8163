"""
Cartonisation: the items of a shipment into cartons of a catalogue, at least cost, then least volume.

The cheapest single carton that holds everything; where there is none, as few and small ones as a greedy search finds:
each main size in turn filled as full as possible, until one carton takes the rest, and each carton then exchanged for
the cheapest that holds what is in it.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil

from msgspec import Struct

from solver.goods import UPRIGHT, Hold, Identifier, OnTop, Placement, Unit, edges_mm
from solver.packing.cartons_fill import Filler, Standing, room_without_doors
from solver.packing.layout import Room
from solver.packing.pallets_regular import regular

UNITS_MOST = 300
"""More items than this are not placed one by one."""
KINDS_MOST = 200
"""More kinds of item than this are packed in groups of so many."""
PASSES_UNITS = 2_000
"""Orders times items, at most: large shipments are not tried in as many orders."""
PASSES = 24
"""Orders tried for one carton before the next larger one is."""


class Carton(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A carton of a catalogue.

    Attributes
    ----------
    inner_length_mm, inner_width_mm, inner_height_mm
        What it holds; positive.
    wall_mm
        What each wall, the floor and the lid add to the outside.
    tare_g
        The weight of the carton itself.
    weight_max_g
        Most that its items may weigh; None: no limit.
    bearing_max_g
        How much may stand on it; None: any load.
    support_percent
        At least this part of an item's base rests on the floor or on other items.
    """

    id: Identifier
    inner_length_mm: int
    inner_width_mm: int
    inner_height_mm: int
    wall_mm: int = 0
    tare_g: int = 0
    weight_max_g: int | None = None
    bearing_max_g: int | None = None
    cost_milli: int = 0
    support_percent: int = 75

    @property
    def hold(self) -> Hold:
        """The inside, filled from above."""
        return Hold(
            length_mm=self.inner_length_mm,
            width_mm=self.inner_width_mm,
            height_mm=self.inner_height_mm,
            weight_max_g=self.weight_max_g,
            doors=(),
            support_percent=self.support_percent,
        )

    @property
    def volume_mm3(self) -> int:
        """Outer volume."""
        edges = (self.inner_length_mm, self.inner_width_mm, self.inner_height_mm)
        length_mm, width_mm, height_mm = (edge + 2 * self.wall_mm for edge in edges)
        return length_mm * width_mm * height_mm


class Package(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A carton or pallet with what is in or on it.

    ``kind`` is its id in the catalogue, ``unit`` the whole from outside (one of it), ``placements`` stand in the
    coordinates of the inside (of a pallet: from the deck upwards), in the order of packing.
    """

    kind: str
    unit: Unit
    placements: tuple[Placement, ...]


class Packages(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Items in packages.

    Attributes
    ----------
    left
        Units that no package of the catalogue takes, with the quantity left.
    cost_milli
        Of the packages used.
    bound
        No fewer packages hold what these hold (proven).
    proved
        Nothing costs less (cartons), or no fewer packages do (pallets).
    """

    packages: tuple[Package, ...]
    left: tuple[Unit, ...]
    cost_milli: int
    bound: int
    proved: bool


Filling = tuple[Carton, list[Standing]]


def cartonise(
    items: Sequence[Unit], cartons: Sequence[Carton], *, order: str = "items", passes: int = PASSES, seed: int = 0
) -> Packages:
    """
    Items into cartons.

    The price of a carton is its cost, or its outer volume where no carton of the catalogue costs anything.

    Parameters
    ----------
    items
        Ids are different. Each on its own is taken by some carton, or left.
    order
        What the placements name as their order.
    passes
        Orders tried for one carton; the answer depends on it and on ``seed`` alone.

    Returns
    -------
    ``proved``: no cartons of this catalogue that hold the same are cheaper. A carton is as fragile as the most fragile
    of its items, and this side up.
    """
    ranked = sorted(cartons, key=lambda carton: (carton.cost_milli, carton.volume_mm3, carton.id))
    able = [any(takes(carton, item) for carton in ranked) for item in items]
    units = [item for item, is_able in zip(items, able, strict=True) if is_able and item.quantity > 0]
    left = tuple(item for item, is_able in zip(items, able, strict=True) if not is_able)
    if not units:
        return Packages(packages=(), left=left, cost_milli=0, bound=0, proved=True)
    candidates = [carton for carton in ranked if _may_hold(carton, units, [unit.quantity for unit in units])]
    fillings = list(_fillings(ranked, units, passes, seed))
    return Packages(
        packages=tuple(_packages(fillings, units, order)),
        left=left,
        cost_milli=sum(carton.cost_milli for carton, _ in fillings),
        bound=1 if candidates else max(2, _least_number(ranked, units)),
        proved=sum(_prices(ranked)[carton.id] for carton, _ in fillings) <= _least_price(ranked, candidates, units),
    )


def _fillings(ranked: Sequence[Carton], units: Sequence[Unit], passes: int, seed: int) -> Iterator[Filling]:
    """Cartons with what is in them; ``KINDS_MOST`` kinds of item at a time."""
    for first in range(0, len(units), KINDS_MOST):
        part = units[first : first + KINDS_MOST]
        counts = [unit.quantity for unit in part]
        candidates = [carton for carton in ranked if _may_hold(carton, part, counts)]
        filler = Filler(part)
        passes = max(1, min(passes, PASSES_UNITS // sum(counts)))
        single = _single(filler, candidates, counts, passes, seed)
        fillings = [single] if single else []
        if not single or _least_price_apart(ranked, part) < _prices(ranked)[single[0].id]:
            fillings = _several(filler, ranked, counts, max(1, passes // 3), fillings)
        for carton, places in fillings:
            yield carton, [place._replace(kind=place.kind + first) for place in places]


def _prices(cartons: Sequence[Carton]) -> dict[str, int]:
    """What is to be least, by carton: cost, or volume where nothing costs anything."""
    is_priced = any(carton.cost_milli for carton in cartons)
    return {carton.id: carton.cost_milli if is_priced else carton.volume_mm3 for carton in cartons}


def _least_number(cartons: Sequence[Carton], units: Sequence[Unit]) -> int:
    """At least so many cartons hold all units: by volume and by weight."""
    volume_mm3 = sum(unit_mm3(unit) * unit.quantity for unit in units)
    least = -(-volume_mm3 // max(_inner_mm3(carton) for carton in cartons))
    limits = [carton.weight_max_g for carton in cartons if carton.weight_max_g]
    if len(limits) == len(cartons):
        least = max(least, -(-sum(unit.weight_g * unit.quantity for unit in units) // max(limits)))
    return least


def _least_price(cartons: Sequence[Carton], candidates: Sequence[Carton], units: Sequence[Unit]) -> int:
    """No cartons that hold all units have a lower price: one of those that may hold all, or two at least."""
    prices = _prices(cartons)
    return min([_least_price_apart(cartons, units), *(prices[carton.id] for carton in candidates)])


def _least_price_apart(cartons: Sequence[Carton], units: Sequence[Unit]) -> int:
    """
    No two or more cartons that hold all units have a lower price.

    Each unit needs a carton that takes it, every further carton has its price, and volume has its least price.
    """
    prices = _prices(cartons)
    cheapest = min(prices.values())
    dearest = max(min(prices[carton.id] for carton in cartons if takes(carton, unit)) for unit in units)
    volume_mm3 = sum(unit_mm3(unit) * unit.quantity for unit in units)
    rate = min(Fraction(prices[carton.id], _inner_mm3(carton)) for carton in cartons)
    number = max(2, _least_number(cartons, units))
    return max(dearest + (number - 1) * cheapest, ceil(volume_mm3 * rate))


def unit_mm3(unit: Unit) -> int:
    """Outer volume of one unit."""
    return unit.length_mm * unit.width_mm * unit.height_mm


def _inner_mm3(carton: Carton) -> int:
    return carton.inner_length_mm * carton.inner_width_mm * carton.inner_height_mm


def takes(carton: Carton, item: Unit) -> bool:
    """Whether one item alone goes into a carton."""
    if carton.weight_max_g is not None and item.weight_g > carton.weight_max_g:
        return False
    return any(
        along <= carton.inner_length_mm and across <= carton.inner_width_mm and up <= carton.inner_height_mm
        for along, across, up in (edges_mm(item, rotation) for rotation in item.rotations)
    )


def _may_hold(carton: Carton, units: Sequence[Unit], counts: Sequence[int]) -> bool:
    """Whether volume, weight and each item alone leave it possible that a carton holds everything."""
    amounts = list(zip(units, counts, strict=True))
    if sum(unit_mm3(unit) * count for unit, count in amounts) > _inner_mm3(carton):
        return False
    weight_g = sum(unit.weight_g * count for unit, count in amounts)
    if carton.weight_max_g is not None and weight_g > carton.weight_max_g:
        return False
    return all(takes(carton, unit) for unit, count in amounts if count)


def _fill(filler: Filler, carton: Carton, counts: Sequence[int], passes: int, seed: int) -> list[Standing]:
    """
    As much as found of some items in one carton.

    More than ``UNITS_MOST`` of them: the kind with most volume alone, in regular layers, or those with most.
    """
    if sum(counts) <= UNITS_MOST:
        return filler.fill(_room(carton), counts, passes=passes, seed=seed)
    units = filler.units
    largest = sorted(range(len(units)), key=lambda kind: -counts[kind] * unit_mm3(units[kind]))
    if counts[largest[0]] * 2 > UNITS_MOST:
        found = regular(carton.hold, units[largest[0]], counts[largest[0]]).places
        return [place._replace(kind=largest[0]) for place in found]
    some, room = [0] * len(units), UNITS_MOST
    for kind in largest:
        some[kind] = min(counts[kind], room)
        room -= some[kind]
    return filler.fill(_room(carton), some, passes=passes, seed=seed)


@lru_cache(maxsize=4096)
def _room(carton: Carton) -> Room:
    return room_without_doors(carton.hold)


def _single(
    filler: Filler, candidates: Sequence[Carton], counts: Sequence[int], passes: int, seed: int
) -> Filling | None:
    """The first of the cartons in which everything finds its place."""
    for carton in candidates:
        found = _fill(filler, carton, counts, passes, seed)
        if len(found) == sum(counts):
            return carton, found
    return None


def _several(
    filler: Filler, ranked: Sequence[Carton], counts: Sequence[int], passes: int, known: list[Filling]
) -> list[Filling]:
    """The cheapest of what is known and the fillings that each main size leads to; of equals the least volume."""
    best = known
    for main in ranked:
        best = _with_main(filler, ranked, main, counts, passes, best)
    return best


def _price(fillings: Sequence[Filling]) -> tuple[int, int, int]:
    cost_milli = sum(carton.cost_milli for carton, _ in fillings)
    return cost_milli, sum(carton.volume_mm3 for carton, _ in fillings), len(fillings)


def _with_main(
    filler: Filler, ranked: Sequence[Carton], main: Carton, counts: Sequence[int], passes: int, best: list[Filling]
) -> list[Filling]:
    """
    One size filled again and again, and at each turn one carton tried that takes all the rest; the cheapest of these.

    Items that the main size does not take go into the largest carton that takes one of them. Comes back ``best`` where
    nothing is cheaper.
    """
    left = list(counts)
    fillings: list[Filling] = []
    while any(left) and (not best or _price(fillings) < _price(best)):
        last = _closing(filler, ranked, left, passes, fillings, best)
        if last:
            best = [*fillings, last]
        carton = _next(filler.units, ranked, main, left)
        found = _fill(filler, carton, _portion(filler.units, carton, left), passes, 0)
        used = _counted(found, len(left))
        times = min(count // own for count, own in zip(left, used, strict=True) if own)
        fillings += [_closing(filler, ranked, used, passes, [], [(carton, found)]) or (carton, found)] * times
        left = [count - own * times for count, own in zip(left, used, strict=True)]
    return best if any(left) or (best and _price(best) <= _price(fillings)) else fillings


def _closing(
    filler: Filler,
    ranked: Sequence[Carton],
    counts: Sequence[int],
    passes: int,
    before: list[Filling],
    best: list[Filling],
) -> Filling | None:
    """The cheapest carton found that holds so much, if with those before it is cheaper than ``best``."""
    cheaper = [
        carton
        for carton in ranked
        if (not best or _price([*before, (carton, [])]) < _price(best)) and _may_hold(carton, filler.units, counts)
    ]
    return _single(filler, cheaper, counts, passes, 0)


def _next(units: Sequence[Unit], ranked: Sequence[Carton], main: Carton, left: Sequence[int]) -> Carton:
    """The main size while it takes anything that is left, else the largest of those that do."""
    missing = [unit for unit, count in zip(units, left, strict=True) if count]
    if any(takes(main, unit) for unit in missing):
        return main
    return max(
        (carton for carton in ranked if any(takes(carton, unit) for unit in missing)),
        key=lambda carton: carton.volume_mm3,
    )


def _portion(units: Sequence[Unit], carton: Carton, left: Sequence[int]) -> list[int]:
    """Of what is left, no more of each item than volume and weight let in, and nothing that cannot go in."""
    portion = []
    for unit, count in zip(units, left, strict=True):
        most = _inner_mm3(carton) // unit_mm3(unit)
        if carton.weight_max_g is not None and unit.weight_g:
            most = min(most, carton.weight_max_g // unit.weight_g)
        portion.append(min(count, most) if takes(carton, unit) else 0)
    return portion


def _counted(found: Sequence[Standing], kinds: int) -> list[int]:
    counts = [0] * kinds
    for standing in found:
        counts[standing.kind] += 1
    return counts


def _packages(fillings: Sequence[Filling], units: Sequence[Unit], order: str) -> Iterator[Package]:
    """Cartons as units, with their items numbered through."""
    taken = [0] * len(units)
    for number, (carton, found) in enumerate(fillings, start=1):
        yield Package(
            kind=carton.id,
            unit=_closed(carton, f"{order}-{carton.id}-{number}", [units[standing.kind] for standing in found]),
            placements=numbered(found, units, taken, order),
        )


def numbered(found: Sequence[Standing], units: Sequence[Unit], taken: list[int], order: str) -> tuple[Placement, ...]:
    """Places with names; ``taken`` counts by kind how many have theirs, and is counted on."""
    placements = []
    for kind, x_mm, y_mm, z_mm, rotation in found:
        taken[kind] += 1
        placements.append(
            Placement(
                order=order, unit=units[kind].id, number=taken[kind], x_mm=x_mm, y_mm=y_mm, z_mm=z_mm, rotation=rotation
            )
        )
    return tuple(placements)


def _closed(carton: Carton, name: str, contents: Sequence[Unit]) -> Unit:
    """A carton from outside."""
    fragility = {unit.on_top for unit in contents}
    on_top = next((kind for kind in (OnTop.NOTHING, OnTop.FRAGILE) if kind in fragility), OnTop.ANYTHING)
    return Unit(
        id=name,
        length_mm=carton.inner_length_mm + 2 * carton.wall_mm,
        width_mm=carton.inner_width_mm + 2 * carton.wall_mm,
        height_mm=carton.inner_height_mm + 2 * carton.wall_mm,
        weight_g=carton.tare_g + sum(unit.weight_g for unit in contents),
        rotations=UPRIGHT,
        on_top=on_top,
        bearing_max_g=carton.bearing_max_g,
        groups=tuple(sorted({group for unit in contents for group in unit.groups})),
    )
