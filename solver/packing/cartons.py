"""
Cartonisation: the items of a shipment into cartons of a catalogue, at least cost, then least volume.

The cheapest single carton that holds everything; where there is none, as few and small ones as a greedy search finds:
each main size in turn filled as full as possible, until one carton takes the rest, and each carton then exchanged for
the cheapest that holds what is in it.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from solver.goods import UPRIGHT, OnTop, Placement, Unit
from solver.packing.cartons_fill import Standing
from solver.packing.cartons_search import Filling, fillings_of, least_cost_apart_milli, least_number
from solver.packing.cartons_types import Carton, Package, Packages, may_hold, takes

__all__ = ["Carton", "Package", "Packages", "cartonise", "numbered"]

PASSES = 24
"""Orders tried for one carton before the next larger one is."""


def cartonise(
    items: Sequence[Unit], cartons: Sequence[Carton], *, order: str = "items", passes: int = PASSES, seed: int = 0
) -> Packages:
    """
    Items into cartons.

    Where no carton of the catalogue costs anything, the fewest cartons are looked for. Of equal cost, or number, the
    least outer volume.

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
    ``proved``: no cartons of this catalogue that hold the same cost less (or are fewer, see above). A carton is as
    fragile as the most fragile
    of its items, and this side up.
    """
    is_priced = any(carton.cost_milli for carton in cartons)
    ranked = sorted(
        cartons if is_priced else [replace(carton, cost_milli=1) for carton in cartons],
        key=lambda carton: (carton.cost_milli, carton.volume_mm3, carton.id),
    )
    able = [any(takes(carton, item) for carton in ranked) for item in items]
    units = [item for item, is_able in zip(items, able, strict=True) if is_able and item.quantity > 0]
    left = tuple(item for item, is_able in zip(items, able, strict=True) if not is_able)
    if not units:
        return Packages(packages=(), left=left, cost_milli=0, bound=0, proved=True)
    candidates = [carton for carton in ranked if may_hold(carton, units, [unit.quantity for unit in units])]
    fillings = list(fillings_of(ranked, units, passes, seed))
    cost_milli = sum(carton.cost_milli for carton, _ in fillings)
    return Packages(
        packages=tuple(_packages(fillings, units, order)),
        left=left,
        cost_milli=cost_milli if is_priced else 0,
        bound=1 if candidates else max(2, least_number(ranked, units)),
        proved=cost_milli <= _least_cost_milli(ranked, candidates, units),
    )


def _least_cost_milli(cartons: Sequence[Carton], candidates: Sequence[Carton], units: Sequence[Unit]) -> int:
    """No cartons that hold all units cost less: one of those that may hold all, or two at least."""
    return min([least_cost_apart_milli(cartons, units), *(carton.cost_milli for carton in candidates)])


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
