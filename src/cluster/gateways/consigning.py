"""A shipment as a carrier's system is told of it, and what that system says as states of the shipment."""

from datetime import UTC, datetime
from uuid import UUID

from msgspec import structs

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid
from cluster.dispatch import foreign_codes
from cluster.dispatch.carrier_models import ForeignFormat
from cluster.dispatch.event_models import Action, EventKind
from cluster.dispatch.reasons import leads_to
from cluster.gateways.adapting import Consignment, End, Heard
from cluster.gateways.models import GatewayKind, GatewaySettings, OrderOptions
from cluster.members import service as members
from cluster.places import service as places
from cluster.places.models import SiteKind
from cluster.shipments import events as shipment_events
from cluster.shipments import service as shipments
from cluster.shipments.changes import ReportStatus
from cluster.shipments.models import Shipment, ShipmentStatus, ShipmentStop

FORMATS = {
    GatewayKind.KARRIO: ForeignFormat.KARRIO,
    GatewayKind.GHN: ForeignFormat.GHN,
    GatewayKind.LALAMOVE: ForeignFormat.LALAMOVE,
}
_S = ShipmentStatus
ON_THE_WHOLE_WAY = {
    (ForeignFormat.GHN, "storing"): _S.AT_HUB,
    (ForeignFormat.GHN, "sorting"): _S.AT_HUB,
    (ForeignFormat.GHN, "waiting_to_return"): _S.RETURN_TO_SENDER,
    (ForeignFormat.GHN, "return"): _S.RETURN_TO_SENDER,
    (ForeignFormat.GHN, "returned"): _S.RETURNED,
    (ForeignFormat.GHN, "lost"): _S.LOST,
    (ForeignFormat.KARRIO, "return_to_sender"): _S.RETURN_TO_SENDER,
    (ForeignFormat.KARRIO, "ready_for_pickup"): _S.READY_FOR_PICKUP,
    (ForeignFormat.KARRIO, "on_hold"): _S.ON_HOLD,
}
"""What a carrier that has goods all the way says more of than a tour would keep."""
OF_KINDS = {
    EventKind.POSITION: _S.IN_TRANSIT,
    EventKind.STARTED: _S.OUT_FOR_DELIVERY,
    EventKind.LOADED: _S.PICKED_UP,
    EventKind.PARTLY: _S.PARTIALLY_DELIVERED,
}
CODE = "gateway"
FIRST = UUID(int=0)
SITES_MAX = 1000


def must_be_outside(shipment: Shipment) -> None:
    """
    Refuses what the pool moves.

    Raises
    ------
    Conflict
        When the shipment is not booked outside the pool, or is on its way already.
    """
    if shipment.status is not ShipmentStatus.BOOKED:
        told = f"The shipment is {shipment.status}; only one that is booked and left to its member can be given away."
        raise Conflict("not_outside_the_pool", told)


async def consignment(
    db: Connection,
    scope: Scope,
    shipment_id: UUID,
    settings: GatewaySettings,
    *,
    reference: str,
    service: str | None,
    options: OrderOptions,
    price_max_minor: int | None = None,
) -> Consignment:
    """
    A shipment that the caller may see, with both its ends and whom to ask for there.

    Raises
    ------
    NotFound, Invalid
        When there is none, or an end that is the hub has nobody to be asked for.
    """
    seen = await shipments.shipment(db, scope, shipment_id)
    cluster = await members.cluster_of(db, scope)
    hub = await _hub(db, scope, seen, cluster.country_code)
    ends = [hub if stop is None else _end(stop, cluster.country_code) for stop in (seen.pickup, seen.delivery)]
    if ends[0] is None or ends[1] is None:
        cause, cure = "no hub is named, and there is more than one, or none", "book it with its hub_site_id"
        raise Invalid([FieldFault(pointer="/shipment_id", code="hub_not_named", cause=cause, cure=cure)])
    pickup = structs.replace(
        ends[0],
        contact=settings.sender_name or ends[0].contact,
        phone=ends[0].phone or settings.sender_phone,
    )
    return Consignment(
        reference=reference,
        pickup=pickup,
        delivery=ends[1],
        units=seen.handling_units,
        cod_minor=seen.cod_minor,
        declared_minor=seen.declared_minor,
        inspection=seen.inspection,
        currency=cluster.currency,
        service=service or settings.service,
        price_max_minor=price_max_minor,
        options=options,
    )


async def _hub(db: Connection, scope: Scope, seen: Shipment, country_code: str) -> End | None:
    """The hub that the shipment names, or the only one that there is."""
    if seen.pickup is not None and seen.delivery is not None:
        return None
    if seen.hub_site_id is not None:
        site = await places.site(db, scope, ids.parse("sit", seen.hub_site_id))
    else:
        every = (await places.list_sites(db, scope, FIRST, SITES_MAX)).data
        hubs = [entry for entry in every if entry.kind is SiteKind.HUB and entry.active and entry.member_id is None]
        if len(hubs) != 1:
            return None
        site = hubs[0]
    return End(
        name=site.name,
        contact=site.name,
        phone=None,
        email=None,
        address_line1=site.address_line1,
        address_line2=site.address_line2,
        locality=site.locality,
        province_code=site.province_code,
        postal_code=site.postal_code,
        country_code=site.country_code or country_code,
        lat=site.lat,
        lon=site.lon,
        instructions=None,
    )


def _end(stop: ShipmentStop, country_code: str) -> End:
    return End(
        name=stop.name,
        contact=stop.contact_name or stop.name,
        phone=stop.phone,
        email=stop.email,
        address_line1=stop.address_line1,
        address_line2=stop.address_line2,
        locality=stop.locality,
        province_code=stop.province_code,
        postal_code=stop.postal_code,
        country_code=stop.country_code or country_code,
        lat=stop.lat,
        lon=stop.lon,
        instructions=stop.instructions,
    )


def state_of(kind: GatewayKind, heard: Heard) -> ShipmentStatus | None:
    """What a word of a system says of the shipment; None: nothing that it keeps, or nothing that is known."""
    system = FORMATS[kind]
    if (system, heard.code) in ON_THE_WHOLE_WAY:
        return ON_THE_WHOLE_WAY[system, heard.code]
    meaning = foreign_codes.meaning_of(system, heard.code, heard.reason)
    meaning = meaning or foreign_codes.meaning_of(system, heard.code, None)
    if meaning is None or meaning.kind is None:
        return None
    if meaning.kind is EventKind.DONE:
        return ShipmentStatus.PICKED_UP if meaning.action is Action.PICKUP else ShipmentStatus.DELIVERED
    if meaning.kind is EventKind.FAILED and meaning.reason is not None and meaning.action is not None:
        return leads_to(meaning.reason, meaning.action)
    return OF_KINDS.get(meaning.kind)


def fresh(heard: list[Heard], code: str | None, at: datetime | None) -> list[Heard]:
    """Of what a system tells, each time from the beginning, what comes after the last word that was kept."""
    for index in range(len(heard) - 1, -1, -1):
        if (heard[index].code, heard[index].at) == (code, at):
            return heard[index + 1 :]
    return [entry for entry in heard if at is None or entry.at is None or entry.at > at]


async def report(db: Connection, scope: Scope, shipment_id: UUID, kind: GatewayKind, heard: list[Heard]) -> str | None:
    """
    Takes down what a system says of a shipment; ``scope`` is of the neutral side.

    Returns a word where the last of it cannot be: the goods were said to be elsewhere.
    """
    odd = None
    for entry in heard:
        status = state_of(kind, entry)
        if status is None:
            continue
        now = datetime.now(UTC)
        at = now if entry.at is None else min(entry.at.astimezone(UTC), now)
        said = ReportStatus(status=status, at=at, code=CODE)
        odd = None
        try:
            async with db.transaction():
                await shipment_events.report(db, scope, shipment_id, said)
        except Conflict as refused:
            odd = refused.code
    return odd
