"""Use cases of deliveries: into the line, out to the endpoint, and what came of it."""

import time
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Role, Scope, act_as, system_scope
from cluster.base.errors import NotFound
from cluster.base.outbox import Audience, Event
from cluster.base.pages import Page, page
from cluster.base.secrets import SealBroken, Vault
from cluster.webhooks import delivery_queries as queries
from cluster.webhooks.catalogue import KINDS, body_of, data_of
from cluster.webhooks.models import REPLAY_MAX, Delivery, DeliveryStatus, Dispatch, Outcome, Replay, Replayed, Result
from cluster.webhooks.policy import Policy
from cluster.webhooks.sending import Sender
from cluster.webhooks.signing import Material, signature

AGENT = "cluster-logistics-webhooks/1"


async def fan_out(db: Connection, events: Sequence[Event]) -> int:
    """
    Puts events in line at every endpoint whose owner may see and wants them; how many deliveries that makes.

    Runs in the transaction that marks the events dispatched, and looks at each owner's events with that owner's eyes.
    """
    by_cluster = defaultdict(list)
    for event in events:
        if event.audience != Audience.NOBODY and event.topic in KINDS:
            by_cluster[event.cluster_id].append(event)
    made = 0
    for cluster_id, member_id, carrier_id in await queries.owners(db, list(by_cluster)) if by_cluster else []:
        scope = owner_scope(cluster_id, member_id, carrier_id)
        # Of hundreds of members and carriers most have no part in what has just happened.
        if about := [event for event in by_cluster[cluster_id] if _concerns(event, scope)]:
            await act_as(db, scope)
            made += await queries.deliver_to(db, scope, about)
    await act_as(db, system_scope())
    return made


def _concerns(event: Event, owner: Scope) -> bool:
    """Whether an event may be for an owner; its rights are judged where it is put in line."""
    if owner.carrier_id is not None:
        return event.carrier_id == owner.carrier_id
    if owner.member_id is not None:
        return event.member_id == owner.member_id or event.audience == Audience.EVERYBODY
    return event.audience != Audience.CARRIER


def owner_scope(cluster_id: UUID, member_id: UUID | None, carrier_id: UUID | None = None) -> Scope:
    """The scope of whoever owns an endpoint: a member, a carrier, or the coordinator."""
    if carrier_id is not None:
        return Scope(role=Role.CARRIER_KEY, cluster_id=cluster_id, carrier_id=carrier_id)
    role = Role.COORDINATOR if member_id is None else Role.MEMBER_ADMIN
    return Scope(role=role, cluster_id=cluster_id, member_id=member_id)


async def claim(db: Connection, policy: Policy, limit: int) -> list[Dispatch]:
    """Due deliveries for this worker to send."""
    return await queries.claim(db, policy, limit)


async def record(db: Connection, policy: Policy, results: Sequence[Result]) -> None:
    """What came of sending, for the deliveries and for their endpoints."""
    await queries.record(db, results)
    await queries.note_health(db, policy, results)


async def release(db: Connection, dispatches: Sequence[Dispatch]) -> None:
    """Gives back what was claimed and not sent to its end."""
    await queries.release(db, dispatches)


async def forget_old(db: Connection) -> int:
    """Drops deliveries that are past their time; returns how many."""
    return await queries.forget_old(db)


async def send(sender: Sender, vault: Vault, dispatch: Dispatch) -> Outcome:
    """Signs and sends one delivery; whatever happens is an outcome."""
    context = seal_context(dispatch.endpoint_id)
    try:
        sealed = [dispatch.sealed] + ([dispatch.previous_sealed] if dispatch.previous_sealed else [])
        materials = [Material.unpack(vault.open(entry, context)) for entry in sealed]
    except SealBroken:
        return Outcome(status=None, error="secret_unreadable", duration_ms=0)
    data = data_of(
        dispatch.event_type,
        dispatch.resource_id,
        dispatch.seq,
        dispatch.member_id,
        dispatch.payload,
        to_carrier=dispatch.carrier_id is not None,
    )
    body = body_of(dispatch.event_type, dispatch.created_at, data, test=dispatch.sandbox)
    message_id, now = ids.show("evt", dispatch.event_id), int(time.time())
    headers = {
        "content-type": "application/json",
        "user-agent": AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(materials, message_id, now, body, ed25519=dispatch.ed25519),
    }
    return await sender.post(dispatch.url, headers, body)


def seal_context(endpoint_id: UUID) -> str:
    """What a sealed secret belongs to: it opens for no other endpoint."""
    return f"webhook_endpoints:{endpoint_id}"


async def list_deliveries(
    db: Connection, scope: Scope, endpoint_id: UUID, after: UUID, limit: int, status: DeliveryStatus | None
) -> Page[Delivery]:
    """What was and will be sent to one endpoint of the caller's, oldest event first."""
    rows = await queries.deliveries(db, scope, endpoint_id, after, limit + 1, status)
    return page([Delivery(id=ids.show("evt", row.pop("event_id")), **row) for row in rows], limit)


async def replay(db: Connection, scope: Scope, endpoint_id: UUID, body: Replay) -> Replayed:
    """
    Puts one event, or those of a time, in line again at one endpoint of the caller's.

    Raises
    ------
    NotFound
        When the caller has no such event.
    """
    if body.event_id is not None:
        if not await queries.deliver_one(db, scope, endpoint_id, ids.parse("evt", body.event_id), list(KINDS)):
            raise NotFound("evt")
        return Replayed(events=1, more=False)
    assert body.since is not None
    count = await queries.replay(
        db,
        scope,
        endpoint_id,
        body.since,
        body.until,
        types=list(KINDS),
        limit=REPLAY_MAX,
        failed_only=body.failed_only,
    )
    return Replayed(events=count, more=count == REPLAY_MAX)


async def deliver_one(db: Connection, scope: Scope, endpoint_id: UUID, event_id: UUID) -> None:
    """Puts one event in line at one endpoint."""
    await queries.deliver_one(db, scope, endpoint_id, event_id, list(KINDS))
