"""
Loads as a game: whole containers against the groupage rate.

A coalition may send each consignment by groupage, at the rate for its volume or weight, or hire whole containers and
put consignments of all its players into them. Its cost is that of the cheapest mix.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct

from solver.faults import Fault, ProblemError
from solver.sharing.game import PLAYERS_MAX, Game
from solver.sharing.load_plans import intervals
from solver.sharing.load_table import ITEMS_MAX, Item, Items, Load, table_of
from solver.validate_values import COST_MAX_MILLI, QUANTITY_MAX, fault, identifier, is_whole, number

COST_MAX_MINOR = 10**12
"""A container's price, or a consignment's by groupage: sums of these are exact as floating point numbers."""
PLAYERS_BEYOND_TABLE_MAX = 12
"""Players with more consignments together than one table holds: every coalition is bounded for itself."""
CONSIGNMENTS_MAX = 1_000


class Consignment(Struct, frozen=True, kw_only=True):
    """What travels on one bill of lading and is not divided; ``load`` by dimension, ``{"volume_cm3": 2_400_000}``."""

    id: str
    owner: str
    load: dict[str, int]


class ContainerType(Struct, frozen=True, kw_only=True):
    """A container for hire, as many as wanted; a dimension that ``capacity`` does not name is not limited."""

    id: str
    capacity: dict[str, int]
    price_minor: int


class GroupageRate(Struct, frozen=True, kw_only=True):
    """
    The price of sending a consignment with others' goods, as forwarders quote it (W/M: weight or measure).

    Attributes
    ----------
    unit
        What one chargeable unit holds, by dimension: ``{"volume_cm3": 1_000_000, "weight_g": 1_000_000}`` at sea (a
        cubic metre or a tonne), ``"weight_g": 333_000`` on the road. Chargeable is the dimension with the most units.
    unit_minor
        Price of one unit; parts of a unit count as such.
    least_minor
        What a consignment costs at least.
    """

    unit: dict[str, int]
    unit_minor: int
    least_minor: int = 0

    def charge_minor(self, load: Mapping[str, int]) -> int:
        """What a consignment costs by groupage, rounded up to whole minor units."""
        charges = (-(-self.unit_minor * load.get(name, 0) // size) for name, size in self.unit.items())
        return max(self.least_minor, *charges, 0)


class Loads(Struct, frozen=True, kw_only=True):
    """
    What is to be sent, and the ways to send it.

    Valid by construction: ``ProblemError`` says all that is wrong. Without a ``rate`` everything goes in containers.
    """

    consignments: tuple[Consignment, ...]
    containers: tuple[ContainerType, ...] = ()
    rate: GroupageRate | None = None

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise ProblemError(faults)

    @property
    def owners(self) -> tuple[str, ...]:
        """The players: owners of at least one consignment, sorted."""
        return tuple(sorted({entry.owner for entry in self.consignments}))


class Container(Struct, frozen=True, kw_only=True):
    """A container of a plan: its type, and ids of what is in it, sorted."""

    type: str
    consignments: tuple[str, ...]


class LoadPlan(Struct, frozen=True, kw_only=True):
    """What goes in which container, what by groupage (ids, sorted), and what it costs."""

    containers: tuple[Container, ...]
    groupage: tuple[str, ...]
    cost_minor: int


class LoadGame(NamedTuple):
    """The game, in which bit ``i`` is ``loads.owners[i]``, and by mask the plan that costs ``game.cost``."""

    game: Game
    plans: tuple[LoadPlan, ...]


def load_game(loads: Loads) -> LoadGame:
    """
    What each coalition of owners pays for sending its consignments.

    Up to ``ITEMS_MAX`` consignments every cost is exact: one table over all sets of consignments holds the cheapest way
    for each (dynamic programming). Beyond, each coalition has a branch and bound of its own over which containers to
    hire and what to put in them (``load_pack``), limited in nodes and so the same on any machine: where it is cut off
    the cost is that of the best plan found, and ``game.lower`` what no plan can be cheaper than.

    Either way the game is monotone (dropping a player's consignments from a plan leaves a plan) and sub-additive (two
    plans side by side are a plan).

    Returns
    -------
    LoadGame
        Whole minor units.
    """
    items = items_of(loads)
    owners = loads.owners
    if len(loads.consignments) <= ITEMS_MAX:
        priced = table_of(items)
        sets = [items.of_players(mask) for mask in range(2 ** len(owners))]
        cost = [priced.cost(chosen) for chosen in sets]
        game = Game(owners, cost)
        found = [priced.loads(chosen) for chosen in sets]
    else:
        lower, found = intervals(items)
        game = Game(owners, [items.cost_of(one, mask) for mask, one in enumerate(found)], lower)
    plans = tuple(_plan(loads, items, mask, one) for mask, one in enumerate(found))
    return LoadGame(game, plans)


def items_of(loads: Loads) -> Items:
    """The loads in numbers; a type with nothing to be said for it is left out."""
    owners = {owner: at for at, owner in enumerate(loads.owners)}
    names = sorted({name for entry in loads.consignments for name in entry.load})
    return Items(
        items=tuple(
            Item(
                owners[entry.owner],
                tuple(entry.load.get(name, 0) for name in names),
                None if loads.rate is None else loads.rate.charge_minor(entry.load),
            )
            for entry in loads.consignments
        ),
        capacities=tuple(tuple(type_.capacity.get(name) for name in names) for type_ in loads.containers),
        prices_minor=tuple(type_.price_minor for type_ in loads.containers),
    )


def _plan(loads: Loads, items: Items, mask: int, found: tuple[Load, ...]) -> LoadPlan:
    left = items.of_players(mask)
    for load in found:
        left &= ~load.items
    return LoadPlan(
        containers=tuple(
            Container(type=loads.containers[load.type_].id, consignments=_ids(loads, load.items)) for load in found
        ),
        groupage=_ids(loads, left),
        cost_minor=items.cost_of(found, mask),
    )


def _ids(loads: Loads, chosen: int) -> tuple[str, ...]:
    return tuple(sorted(entry.id for at, entry in enumerate(loads.consignments) if chosen >> at & 1))


def _faults(loads: Loads) -> Iterator[Fault]:
    yield from _size_faults(loads)
    yield from _name_faults("consignments", [entry.id for entry in loads.consignments])
    yield from _name_faults("containers", [entry.id for entry in loads.containers])
    for at, entry in enumerate(loads.consignments):
        yield from identifier(f"consignments[{at}].owner", entry.owner)
        yield from _quantity_faults(f"consignments[{at}].load", entry.load)
    for at, type_ in enumerate(loads.containers):
        yield from number(f"containers[{at}].price_minor", type_.price_minor, COST_MAX_MINOR)
        yield from _quantity_faults(f"containers[{at}].capacity", type_.capacity)
    if loads.rate is not None:
        yield from number("rate.unit_minor", loads.rate.unit_minor, COST_MAX_MILLI)
        yield from number("rate.least_minor", loads.rate.least_minor, COST_MAX_MINOR)
        yield from _quantity_faults("rate.unit", loads.rate.unit, least=1)
    if all(is_whole(value) for value in _numbers(loads)):
        yield from _way_faults(loads)


def _numbers(loads: Loads) -> Iterator[int]:
    for entry in loads.consignments:
        yield from entry.load.values()
    for type_ in loads.containers:
        yield from type_.capacity.values()
    if loads.rate is not None:
        yield from (loads.rate.unit_minor, loads.rate.least_minor)
        yield from loads.rate.unit.values()


def _way_faults(loads: Loads) -> Iterator[Fault]:
    """Every consignment has a way to go, at a price that can be added up."""
    for at, entry in enumerate(loads.consignments):
        where = f"consignments[{at}].load"
        if loads.rate is None:
            held = (all(entry.load.get(name, 0) <= room for name, room in c.capacity.items()) for c in loads.containers)
            if not any(held):
                cause = f"{entry.load} fits no container, and there is no groupage rate"
                yield fault("consignment_too_big", where, cause, "divide it, or give a larger container or a rate")
        elif (
            all(size > 0 for size in loads.rate.unit.values()) and loads.rate.charge_minor(entry.load) > COST_MAX_MINOR
        ):
            cause = f"by groupage it costs more than {COST_MAX_MINOR}"
            yield fault("cost_overflow", where, cause, "a coarser unit of money")


def _size_faults(loads: Loads) -> Iterator[Fault]:
    owners = len({entry.owner for entry in loads.consignments})
    most = PLAYERS_MAX if len(loads.consignments) <= ITEMS_MAX else PLAYERS_BEYOND_TABLE_MAX
    if owners > most:
        cause = f"{owners} owners of {len(loads.consignments)} consignments"
        yield fault("players_too_many", "consignments", cause, f"at most {most} owners: unite small ones")
    if len(loads.consignments) > CONSIGNMENTS_MAX:
        cause = f"{len(loads.consignments)} consignments"
        yield fault("number_too_large", "consignments", cause, f"at most {CONSIGNMENTS_MAX}")


def _name_faults(where: str, names: list[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, name in enumerate(names):
        yield from identifier(f"{where}[{at}].id", name)
        if name in seen:
            yield fault("id_duplicate", f"{where}[{at}].id", f"{name!r} stands twice", "give each its own id")
        seen.add(name)


def _quantity_faults(where: str, quantities: Mapping[str, int], least: int = 0) -> Iterator[Fault]:
    for name, quantity in quantities.items():
        yield from number(f"{where}.{name}", quantity, QUANTITY_MAX, least)
