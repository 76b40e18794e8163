"""The door to the space core for one booking: what is free, where it fits, why not, and what is nearest to a yes."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.space.models import SpaceAlternative, SpaceUnit
from solver.plan import MILLI, minor
from solver.space.occupancy import Occupancy
from solver.spaces import Alternative, Booking, Offer, Offered, SpaceProblem, Stay

NAME = "wanted"


class Zone(Struct, frozen=True, kw_only=True):
    """An offer and how much of it is taken on each of its days from ``since`` on."""

    offer_id: UUID
    owner_id: UUID | None
    site_id: UUID
    temperature: str
    unit: SpaceUnit
    units: int
    first_on: date
    last_on: date
    day_milli: int
    days_min: int
    days_max: int | None
    since: date
    taken: Sequence[int]


class Wanted(Struct, frozen=True, kw_only=True):
    """What is looked for; ``latest_on`` is its last possible beginning, ``rent_max_minor`` None: at any rent."""

    member_id: UUID | None
    unit: SpaceUnit
    units: int
    temperatures: Sequence[str]
    site_ids: Sequence[UUID]
    offer_id: UUID | None
    earliest_on: date
    latest_on: date
    days: int
    rent_max_minor: int | None


class Place(Struct, frozen=True, kw_only=True):
    """Room that was found."""

    offer_id: UUID
    first_on: date
    last_on: date
    rent_minor: int


class Refusal(Struct, frozen=True, kw_only=True):
    """Why there is no room, and what is nearest."""

    reason: str
    detail: str
    cure: str
    nearest: list[SpaceAlternative]


class Market:
    """
    What is free from a day on.

    Parameters
    ----------
    zones
        All of one unit, open.
    today
        Day 0 of the core.
    """

    def __init__(self, zones: Sequence[Zone], today: date) -> None:
        self._zones = {zone.offer_id: zone for zone in zones if zone.last_on >= today}
        self._today = today
        self._whole = self._occupancy(list(self._zones.values()))

    def places(self, wanted: Wanted) -> list[Place]:
        """Every offer with room: the cheapest first, then the earliest."""
        found = [self._answer(self._of(zone), wanted) for zone in self._zones.values() if _asked(zone, wanted)]
        return sorted(filter(None, found), key=lambda place: (place.rent_minor, place.first_on, place.offer_id))

    def place(self, wanted: Wanted) -> Place | None:
        """The cheapest place, the earliest of those; None where there is no room."""
        if wanted.offer_id is None:
            return self._answer(self._whole, wanted)
        zone = self._zones.get(wanted.offer_id)
        return None if zone is None else self._answer(self._of(zone), wanted)

    def refusal(self, wanted: Wanted) -> Refusal:
        """Why there is no room, and what is nearest to it."""
        named = None if wanted.offer_id is None else self._zones.get(wanted.offer_id)
        seen = self._whole if named is None else self._of(named)
        said = seen.rejected(self._booking(wanted))
        nearest = [self._alternative(wanted, each) for each in said.nearest]
        return Refusal(reason=said.reason.value, detail=said.detail, cure=said.cure, nearest=nearest)

    def take(self, wanted: Wanted, place: Place) -> None:
        """Counts a place as taken, for those who are answered next."""
        stay = Stay(booking=NAME, offer=_shown(place.offer_id), first_day=(place.first_on - self._today).days)
        self._whole.accept(self._booking(wanted), stay)

    def _answer(self, seen: Occupancy, wanted: Wanted) -> Place | None:
        found = seen.answer(self._booking(wanted))
        if not isinstance(found, Offered):
            return None
        first_on = self._today + timedelta(days=found.stay.first_day)
        return Place(
            offer_id=ids.parse("spo", found.stay.offer),
            first_on=first_on,
            last_on=first_on + timedelta(days=wanted.days - 1),
            rent_minor=minor(found.rent_milli),
        )

    def _of(self, zone: Zone) -> Occupancy:
        """One offer alone."""
        alone = self._occupancy([zone])
        row, at = alone.dimensions.index(zone.unit.value), list(self._zones).index(zone.offer_id)
        whole_row = self._whole.dimensions.index(zone.unit.value)
        alone.free[0, row] = self._whole.free[at, whole_row, : alone.free.shape[2]]
        return alone

    def _occupancy(self, zones: Sequence[Zone]) -> Occupancy:
        occupancy = Occupancy(SpaceProblem(offers=tuple(self._offer(zone) for zone in zones), bookings=()))
        for at, zone in enumerate(zones):
            row = occupancy.dimensions.index(zone.unit.value)
            first = (zone.since - self._today).days
            occupancy.free[at, row, first : first + len(zone.taken)] -= zone.taken
        return occupancy

    def _offer(self, zone: Zone) -> Offer:
        return Offer(
            id=_shown(zone.offer_id),
            site=ids.show("sit", zone.site_id),
            owner="" if zone.owner_id is None else zone.owner_id.hex,
            temperature=zone.temperature,
            capacity={zone.unit.value: zone.units},
            first_day=max((zone.first_on - self._today).days, 0),
            last_day=(zone.last_on - self._today).days,
            day_milli={zone.unit.value: zone.day_milli},
            days_min=zone.days_min,
            days_max=zone.days_max,
        )

    def _booking(self, wanted: Wanted) -> Booking:
        earliest = max((wanted.earliest_on - self._today).days, 0)
        return Booking(
            id=NAME,
            owner="nobody" if wanted.member_id is None else wanted.member_id.hex,
            need={wanted.unit.value: wanted.units},
            temperatures=tuple(wanted.temperatures),
            sites=tuple(ids.show("sit", site) for site in wanted.site_ids),
            earliest_day=earliest,
            latest_day=max((wanted.latest_on - self._today).days, earliest),
            days=wanted.days,
            value_milli=(wanted.rent_max_minor or 0) * MILLI,
            mandatory=wanted.rent_max_minor is None,
        )

    def _alternative(self, wanted: Wanted, found: Alternative) -> SpaceAlternative:
        first_on = self._today + timedelta(days=found.first_day)
        return SpaceAlternative(
            change=found.change.value,
            by=found.by,
            offer_id=found.offer,
            first_on=first_on,
            last_on=first_on + timedelta(days=found.days - 1),
            units=found.need[wanted.unit.value],
            rent_minor=minor(found.rent_milli),
        )


def rent_minor(units: int, days: int, day_milli: int) -> int:
    """What so many units cost for so many days."""
    return minor(units * days * day_milli)


def _shown(offer_id: UUID) -> str:
    return ids.show("spo", offer_id)


def _asked(zone: Zone, wanted: Wanted) -> bool:
    return wanted.offer_id is None or wanted.offer_id == zone.offer_id
