"""From what a member asks to what is stored: everything looked up, all faults told at once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.places import address_book
from cluster.places import service as places
from cluster.places.address_book_models import AddressRef
from cluster.places.models import SiteRef
from cluster.shipments import outside, pools
from cluster.shipments.models import BookShipment, Party, Pool, Pooling, ShipmentStatus, TimeWindow, totals
from cluster.shipments.parties import INLINE, SERVICE_S
from cluster.shipments.queries import NewShipment, NewStop

ENDS = ("pickup", "delivery")


class Looked(Struct, frozen=True):
    """What bookings refer to."""

    pools: dict[UUID | None, Pool | None]
    sites: dict[UUID, SiteRef]
    addresses: dict[UUID, AddressRef]
    prices: outside.Prices
    pooling: Pooling | None


async def prepare(
    db: Connection,
    scope: Scope,
    bodies: Sequence[BookShipment],
    pointers: Sequence[str],
    faults: list[FieldFault] | None = None,
) -> list[NewShipment]:
    """
    Bodies with everything they refer to looked up.

    Parameters
    ----------
    pointers
        Where each body stands in the request.
    faults
        What is known to be wrong already.

    Raises
    ------
    Conflict
        When the member may not book, or a window takes no bookings now.
    NotFound
        When one refers to what is not there.
    Invalid
        With every other fault.
    """
    faults = [] if faults is None else faults
    looked = await _look_up(db, scope, bodies)
    new = [_new(body, looked, pointer, faults) for body, pointer in zip(bodies, pointers, strict=True)]
    if faults:
        raise Invalid(faults)
    return new


async def _look_up(db: Connection, scope: Scope, bodies: Sequence[BookShipment]) -> Looked:
    wishes = {_window_wish(body) for body in bodies if body.pool_window_id is not None or not body.draft}
    windows, defaults = await pools.ground_of(db, scope, wishes)
    return Looked(
        windows,
        await _sites(db, scope, bodies),
        await _addresses(db, scope, bodies),
        await outside.Prices.of(db, scope, bodies, defaults.outside_tariff),
        defaults.pooling,
    )


def _window_wish(body: BookShipment) -> UUID | None:
    return None if body.pool_window_id is None else ids.parse("win", body.pool_window_id)


async def _sites(db: Connection, scope: Scope, bodies: Sequence[BookShipment]) -> dict[UUID, SiteRef]:
    """Every site that the bodies name and the caller may see."""
    named = {
        ids.parse("sit", site_id)
        for body in bodies
        for site_id in (
            body.hub_site_id,
            body.pickup.site_id if body.pickup else None,
            body.delivery.site_id if body.delivery else None,
        )
        if site_id is not None
    }
    return await places.site_refs(db, scope, sorted(named))


async def _addresses(db: Connection, scope: Scope, bodies: Sequence[BookShipment]) -> dict[UUID, AddressRef]:
    """Every address that the bodies name and the calling member has."""
    parties = [party for body in bodies for party in (body.pickup, body.delivery) if party is not None]
    named = {ids.parse("adr", party.address_id) for party in parties if party.address_id is not None}
    return await address_book.address_refs(db, scope, sorted(named))


def _new(body: BookShipment, looked: Looked, pointer: str, faults: list[FieldFault]) -> NewShipment:
    """One shipment; what is wrong with it is added to ``faults``."""
    pool = _pool(body, looked)
    hub = _site(body.hub_site_id, looked.sites)
    stops = []
    for name, party in zip(ENDS, (body.pickup, body.delivery), strict=True):
        if party is not None:
            faults += [] if pool is None else _window_faults(party, pool, f"{pointer}/{name}")
            stops.append(_stop(name, party, looked))
    day = datetime.now(UTC).date() if pool is None else pool.service_date
    option = looked.prices.option(body, stops, hub, day, pointer)
    if isinstance(option, FieldFault):
        faults.append(option)
        option = outside.Option()
    elif body.pooling is Pooling.EITHER and option.minor is None:
        cure = "give outside_minor, outside_tariff or outside_quote, or ask for pool or alone"
        cause = "there is no outside option to choose"
        faults.append(FieldFault(pointer=f"{pointer}/pooling", code="outside_missing", cause=cause, cure=cure))
    pooling = _pooling(body, looked.pooling, option)
    return NewShipment(
        shipment_id=ids.new(),
        pool_window_id=None if pool is None else pool.pool_window_id,
        hub_site_id=None if hub is None else hub.site_id,
        status=_begins(body, pooling),
        pooling=pooling,
        outside_minor=option.minor,
        basis=option.basis,
        body=body,
        totals=totals(body.handling_units),
        stops=stops,
    )


def _pool(body: BookShipment, looked: Looked) -> Pool | None:
    """The window that a body goes to; None for a draft that names none."""
    if body.draft and body.pool_window_id is None:
        return None
    pool = looked.pools[_window_wish(body)]
    if pool is None:
        raise NotFound("win")
    refused = pools.refusal(pool)
    if refused is not None:
        raise refused
    return pool


def _pooling(body: BookShipment, default: Pooling | None, option: outside.Option) -> Pooling:
    """The wish, the member's default, or what the outside option makes sensible."""
    wished = body.pooling or default
    if wished in (Pooling.POOL, Pooling.ALONE):
        return wished
    return Pooling.POOL if option.minor is None else Pooling.EITHER


def _begins(body: BookShipment, pooling: Pooling) -> ShipmentStatus:
    if body.draft:
        return ShipmentStatus.DRAFT
    return ShipmentStatus.BOOKED if pooling is Pooling.ALONE else ShipmentStatus.POOLED


def _window_faults(party: Party, pool: Pool, pointer: str) -> list[FieldFault]:
    """Asking for another day than the window's."""
    faults = []
    for index, window in enumerate(party.asked()):
        if window.start < pool.day_start or window.end > pool.day_end:
            field = f"windows/{index}/start" if party.windows else "window_start"
            cause = f"not within the service day {pool.service_date}"
            cure = f"stay between {pool.day_start.isoformat()} and {pool.day_end.isoformat()}"
            faults.append(FieldFault(pointer=f"{pointer}/{field}", code="outside_service_day", cause=cause, cure=cure))
    return faults


def _site(site_id: str | None, sites: dict[UUID, SiteRef]) -> SiteRef | None:
    if site_id is None:
        return None
    found = sites.get(ids.parse("sit", site_id))
    if found is None:
        raise NotFound("sit")
    if not found.active:
        raise Conflict("site_inactive", f"The site {found.name} is no longer in use: choose another.")
    return found


def _address(address_id: str | None, addresses: dict[UUID, AddressRef]) -> AddressRef | None:
    if address_id is None:
        return None
    found = addresses.get(ids.parse("adr", address_id))
    if found is None:
        raise NotFound("adr")
    return found


def _stop(action: str, party: Party, looked: Looked) -> NewStop:
    """A party with its place resolved; instants in UTC, as they come back from the database."""
    site = _site(party.site_id, looked.sites)
    address = _address(party.address_id, looked.addresses)
    place = site or address or party
    windows = [
        TimeWindow(start=window.start.astimezone(UTC), end=window.end.astimezone(UTC)) for window in party.asked()
    ]
    usual_s = SERVICE_S if address is None else address.service_s
    return NewStop(
        action=action,
        site_id=None if site is None else site.site_id,
        address_id=None if address is None else address.address_id,
        windows=windows,
        service_s=usual_s if party.service_s is None else party.service_s,
        instructions=party.instructions or (None if address is None else address.instructions),
        contact_name=party.contact_name,
        phone=party.phone or (None if address is None else address.phone),
        email=party.email,
        **{name: getattr(place, name, None) for name in INLINE},  # type: ignore[arg-type]
    )
