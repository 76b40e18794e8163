"""What a consignee sees of its shipment: how far it is and when it comes, and nothing of anybody else's."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import NotFound
from cluster.dispatch import event_queries, link_queries, links, queries
from cluster.dispatch.event_models import Action, Proof, TrackedEvent, TrackedProof, Tracking
from cluster.dispatch.links import Opened
from cluster.dispatch.models import IssuedLink, Link
from cluster.dispatch.reasons import Reason
from cluster.dispatch.states import StopTimes, etas
from cluster.members import service as members
from cluster.shipments import events as shipment_events
from cluster.shipments import pools
from cluster.shipments import service as shipments
from cluster.shipments.states import REPORTABLE, ShipmentStatus

KIND = link_queries.LinkKind.CONSIGNEE
QUARTER_S = 900
EARLIER = timedelta(minutes=15)
LATER = timedelta(minutes=45)
"""The window that a consignee is told begins a quarter of an hour before the time expected, and is an hour long."""
TIMELINE_MAX = 500
TOLD = REPORTABLE | {ShipmentStatus.BOOKED, ShipmentStatus.PLANNED}
"""States that a consignee is told of; pooling and tendering are the cluster's own business."""
TOLD_AS = {
    ShipmentStatus.DRAFT: ShipmentStatus.BOOKED,
    ShipmentStatus.QUOTED: ShipmentStatus.BOOKED,
    ShipmentStatus.POOLED: ShipmentStatus.BOOKED,
    ShipmentStatus.TENDERED: ShipmentStatus.PLANNED,
}
KNOWN_REASONS = frozenset(reason.value for reason in Reason)


async def issue(db: Connection, scope: Scope, shipment_id: UUID, asked: links.Asked) -> IssuedLink:
    """A link for a shipment's consignee."""
    found = await shipments.shipment(db, scope, shipment_id)
    return await links.issue(db, scope, KIND, shipment_id, ids.parse("mem", found.member_id), asked)


async def list_links(db: Connection, scope: Scope, shipment_id: UUID) -> list[Link]:
    """Links of a shipment, without their tokens."""
    await shipments.shipment(db, scope, shipment_id)
    return await links.of(db, scope, KIND, shipment_id)


async def revoke(db: Connection, scope: Scope, shipment_id: UUID, link_id: UUID) -> None:
    """Closes a link of a shipment."""
    await shipments.shipment(db, scope, shipment_id)
    await links.revoke(db, scope, KIND, shipment_id, link_id)


async def track(db: Connection, opened: Opened) -> Tracking:
    """What a link shows."""
    scope, shipment_id = opened.scope, opened.thing_id
    found = await shipments.shipment(db, scope, shipment_id)
    cluster = await members.cluster_of(db, scope)
    sender = (await members.member(db, scope, ids.parse("mem", found.member_id))).name
    timeline = await shipment_events.timeline(db, scope, shipment_id, UUID(int=0), TIMELINE_MAX)
    window = None
    if found.pool_window_id is not None:
        window = await pools.window(db, scope, ids.parse("win", found.pool_window_id))
    proofs = await _proofs(db, opened)
    eta = await _eta(db, scope, shipment_id)
    await links.note_use(db, opened, KIND)
    end = found.delivery or found.pickup
    applied = [entry for entry in timeline.data if entry.applied and entry.status in TOLD]
    return Tracking(
        reference=found.client_ref,
        status=TOLD_AS.get(found.status, found.status),
        status_at=found.status_at or found.created_at,
        sender=sender,
        consignee="" if end is None else end.name,
        service_date=None if window is None else window.service_date,
        time_zone=cluster.time_zone,
        eta_from=None if eta is None else _quarter(eta - EARLIER),
        eta_to=None if eta is None else _quarter(eta + LATER),
        attempts=sum(1 for entry in applied if entry.status is ShipmentStatus.DELIVERY_FAILED),
        reason=Reason(found.status_code) if found.status_code in KNOWN_REASONS else None,
        proof_signed_by=next((entry.signer_name for entry in proofs if entry.signer_name), None),
        proofs=[
            TrackedProof(id=entry.id, kind=entry.kind, signer_name=entry.signer_name, taken_at=entry.taken_at)
            for entry in proofs
        ],
        events=[TrackedEvent(status=entry.status, at=entry.at) for entry in applied],
        expires_at=opened.expires_at,
    )


async def proof(db: Connection, opened: Opened, proof_id: UUID) -> tuple[Proof, bytes]:
    """
    What a proof of the delivery of a link's shipment shows.

    Raises
    ------
    NotFound
        For any other proof, one of a pickup among them, and where the persons in it have been erased.
    """
    found = next((entry for entry in await _proofs(db, opened) if entry.id == ids.show("pod", proof_id)), None)
    picture = None if found is None else await event_queries.content(db, opened.scope, proof_id)
    if found is None or not picture:
        raise NotFound("pod")
    return found, picture


async def _proofs(db: Connection, opened: Opened) -> list[Proof]:
    """Proofs of the delivery that still show something; those of the pickup are between the sender and the driver."""
    found = await event_queries.proofs(db, opened.scope, shipment_id=opened.thing_id)
    return [entry for entry in found if entry.action is Action.DELIVERY and entry.erased_at is None]


def _quarter(instant: datetime) -> datetime:
    """The quarter of an hour that an instant is in: finer times would tell of stops in between."""
    return datetime.fromtimestamp(instant.timestamp() // QUARTER_S * QUARTER_S, UTC)


async def _eta(db: Connection, scope: Scope, shipment_id: UUID) -> datetime | None:
    """When the vehicle is expected at the consignee's, or at the sender's if it is only to collect there."""
    rows = await queries.expected(db, scope, shipment_id)
    for wanted in ("its_delivery", "its_pickup"):
        stop = next((row for row in rows if row[wanted]), None)
        if stop is not None:
            times = [_times(row) for row in rows if row["tour_id"] == stop["tour_id"]]
            return etas(times, stop["starts_at"], stop["started_at"], datetime.now(UTC)).get(stop["stop_no"])
    return None


def _times(row: Any) -> StopTimes:
    return StopTimes(
        stop_no=row["stop_no"],
        arrives_at=row["arrives_at"],
        begins_at=row["begins_at"],
        departs_at=row["departs_at"],
        arrived_at=row["arrived_at"],
        left_at=row["left_at"],
        over=row["over"],
        over_at=row["over_at"],
    )
