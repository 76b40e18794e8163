"""``prepare``: from the items that a member knows to the handling units that are booked."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from solver.goods import Unit
from solver.packing.cartons import cartonise
from solver.packing.cartons_types import Carton, Package
from solver.packing.pallets import Pallet, build_pallets

Pairs = Sequence[tuple[str, str]]


class Handled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Handling units that are alike from outside: ``unit.quantity`` of them.

    ``packages`` by number; empty where the units are items themselves.
    """

    unit: Unit
    packages: tuple[Package, ...] = ()


class Prepared(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A shipment as handling units.

    Attributes
    ----------
    handled
        What is booked and moved.
    cartons
        Those that stand on the pallets in ``handled``, whose placements name them by id and number.
    cost_milli
        Of cartons and pallets.
    proved
        No cartons of the catalogue that hold the same are cheaper, and no fewer pallets hold what stands on them.
    """

    handled: tuple[Handled, ...]
    cartons: tuple[Handled, ...]
    cost_milli: int
    proved: bool

    @property
    def units(self) -> tuple[Unit, ...]:
        """The handling units, as orders and loads take them."""
        return tuple(entry.unit for entry in self.handled)


def prepare(
    items: Sequence[Unit],
    *,
    cartons: Sequence[Carton] = (),
    pallets: Sequence[Pallet] = (),
    apart: Pairs = (),
    order: str = "items",
    seed: int = 0,
) -> Prepared:
    """
    Items into cartons, cartons and what needs none onto pallets.

    Parameters
    ----------
    items
        Ids are different.
    cartons, pallets
        Catalogues; without cartons items are boxes, without pallets cartons are handling units.
    apart
        Pairs of names of groups that share no carton and no pallet (see ``solver.loads.PackProblem``); items of a
        group that is paired with itself are not packed with anything.
    order
        What the placements name as their order.

    Returns
    -------
    Every item is in it: what no carton takes goes onto a pallet as it is, and what no pallet takes is a handling unit
    of its own, as is everything that belongs on the floor.
    """
    loose = [item for item in items if item.quantity and (item.floor_only or _alone(item, apart))]
    parts = _compatible([item for item in items if item.quantity and item not in loose], apart)
    handled: list[Handled] = []
    inner: list[Handled] = []
    cost_milli, is_proved = 0, len(parts) <= 1
    for number, part in enumerate(parts, start=1):
        name = order if len(parts) == 1 else f"{order}-{number}"
        packed = cartonise(part, cartons, order=name, seed=seed)
        cost_milli, is_proved = cost_milli + packed.cost_milli, is_proved and packed.proved
        merged = [*_alike(packed.packages), *(Handled(unit=unit) for unit in packed.left)]
        if not pallets:
            handled += merged
            continue
        built = build_pallets([entry.unit for entry in merged], pallets, order=name, seed=seed)
        remaining = {unit.id for unit in built.left}
        cost_milli, is_proved = cost_milli + built.cost_milli, is_proved and built.proved
        handled += [*_alike(built.packages), *(entry for entry in merged if entry.unit.id in remaining)]
        inner += [entry for entry in merged if entry.unit.id not in remaining and entry.packages]
    handled += [Handled(unit=item) for item in loose]
    return Prepared(handled=tuple(handled), cartons=tuple(inner), cost_milli=cost_milli, proved=is_proved)


def _alone(item: Unit, apart: Pairs) -> bool:
    """Whether an item shares nothing with another of its own group."""
    return any(one == other and one in item.groups for one, other in apart)


def _compatible(items: Sequence[Unit], apart: Pairs) -> list[list[Unit]]:
    """Items in few parts, in none of which two are to be kept apart: first fit."""
    parts: list[list[Unit]] = []
    for item in items:
        part = next((part for part in parts if not any(_clash(item, other, apart) for other in part)), None)
        if part is None:
            parts.append([item])
        else:
            part.append(item)
    return parts


def _clash(item: Unit, other: Unit, apart: Pairs) -> bool:
    return any(
        (one in item.groups and two in other.groups) or (two in item.groups and one in other.groups)
        for one, two in apart
    )


def _alike(packages: Sequence[Package]) -> Iterator[Handled]:
    """Packages that cannot be told apart from outside, as one entry; named for the first of them."""
    groups: dict[Unit, list[Package]] = {}
    for package in packages:
        groups.setdefault(replace(package.unit, id="alike"), []).append(package)
    for same in groups.values():
        yield Handled(unit=replace(same[0].unit, quantity=len(same)), packages=tuple(same))
