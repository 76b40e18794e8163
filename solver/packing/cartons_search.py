"""Search for cartons: one that holds everything, or several of them."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil

from solver.goods import Unit
from solver.packing.cartons_fill import Filler, Standing, room_without_doors
from solver.packing.cartons_types import Carton, inner_mm3, may_hold, takes, unit_mm3
from solver.packing.layout import Room
from solver.packing.pallets_regular import regular

UNITS_MOST = 300
"""More items than this are not placed one by one."""
KINDS_MOST = 200
"""More kinds of item than this are packed in groups of so many."""
PASSES_UNITS = 2_000
"""Orders times items, at most: large shipments are not tried in as many orders."""

Filling = tuple[Carton, list[Standing]]


def fillings_of(ranked: Sequence[Carton], units: Sequence[Unit], passes: int, seed: int) -> Iterator[Filling]:
    """Cartons with what is in them; ``KINDS_MOST`` kinds of item at a time."""
    for first in range(0, len(units), KINDS_MOST):
        part = units[first : first + KINDS_MOST]
        counts = [unit.quantity for unit in part]
        candidates = [carton for carton in ranked if may_hold(carton, part, counts)]
        filler = Filler(part)
        passes = max(1, min(passes, PASSES_UNITS // sum(counts)))
        single = _single(filler, candidates, counts, passes, seed)
        fillings = [single] if single else []
        if not single or least_cost_apart_milli(ranked, part) < single[0].cost_milli:
            fillings = _several(filler, ranked, counts, max(1, passes // 3), fillings)
        for carton, places in fillings:
            yield carton, [place._replace(kind=place.kind + first) for place in places]


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
        if (not best or _price([*before, (carton, [])]) < _price(best)) and may_hold(carton, filler.units, counts)
    ]
    return _single(filler, cheaper, counts, passes, 0)


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


def _price(fillings: Sequence[Filling]) -> tuple[int, int, int]:
    cost_milli = sum(carton.cost_milli for carton, _ in fillings)
    return cost_milli, sum(carton.volume_mm3 for carton, _ in fillings), len(fillings)


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
        most = inner_mm3(carton) // unit_mm3(unit)
        if carton.weight_max_g is not None and unit.weight_g:
            most = min(most, carton.weight_max_g // unit.weight_g)
        portion.append(min(count, most) if takes(carton, unit) else 0)
    return portion


def _counted(found: Sequence[Standing], kinds: int) -> list[int]:
    counts = [0] * kinds
    for standing in found:
        counts[standing.kind] += 1
    return counts


def least_number(cartons: Sequence[Carton], units: Sequence[Unit]) -> int:
    """At least so many cartons hold all units: by volume and by weight."""
    volume_mm3 = sum(unit_mm3(unit) * unit.quantity for unit in units)
    least = -(-volume_mm3 // max(inner_mm3(carton) for carton in cartons))
    limits = [carton.weight_max_g for carton in cartons if carton.weight_max_g]
    if len(limits) == len(cartons):
        least = max(least, -(-sum(unit.weight_g * unit.quantity for unit in units) // max(limits)))
    return least


def least_cost_apart_milli(cartons: Sequence[Carton], units: Sequence[Unit]) -> int:
    """
    No two or more cartons that hold all units cost less.

    Each unit needs a carton that takes it, every further carton costs something, and volume has its least rate.
    """
    cheapest = min(carton.cost_milli for carton in cartons)
    dearest = max(min(carton.cost_milli for carton in cartons if takes(carton, unit)) for unit in units)
    volume_mm3 = sum(unit_mm3(unit) * unit.quantity for unit in units)
    rate = min(Fraction(carton.cost_milli, inner_mm3(carton)) for carton in cartons)
    number = max(2, least_number(cartons, units))
    return max(dearest + (number - 1) * cheapest, ceil(volume_mm3 * rate))
