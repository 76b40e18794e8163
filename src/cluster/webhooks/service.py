"""Use cases of endpoints and of events."""

from uuid import UUID

from msgspec import UNSET, structs

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.etags import must_match
from cluster.base.pages import Page, page
from cluster.base.secrets import Vault
from cluster.webhooks import deliveries, queries
from cluster.webhooks.addresses import UrlRefused, target_of
from cluster.webhooks.catalogue import PING, TYPES, Listener, event_body, event_types, is_known
from cluster.webhooks.models import (
    ENDPOINTS_MAX,
    AddWebhook,
    ChangeWebhook,
    Delivery,
    DeliveryStatus,
    DisabledReason,
    Endpoint,
    EventBody,
    EventTypes,
    Pinged,
    Replay,
    Replayed,
    RotateSecret,
    Webhook,
    WebhookWithSecret,
)
from cluster.webhooks.signing import Material

READ = {
    Listener.MEMBER: queries.events_of_member,
    Listener.CARRIER: queries.events_of_carrier,
    Listener.COORDINATOR: queries.events_of_cluster,
}


async def add(
    db: Connection, scope: Scope, vault: Vault, body: AddWebhook, *, allow_private: bool
) -> WebhookWithSecret:
    """
    Adds an endpoint for the caller; its secret is told this once.

    Raises
    ------
    Invalid
        When the URL is one that nothing is sent to, or a type is none.
    Conflict
        When the caller has as many as may be.
    """
    _judge(body.url, body.event_types, allow_private=allow_private)
    if await queries.count(db, scope) >= ENDPOINTS_MAX:
        raise Conflict("too_many_webhooks", f"There are {ENDPOINTS_MAX} endpoints; delete one first.")
    endpoint_id, material = ids.new(), Material.make()
    await queries.insert(db, scope, endpoint_id, body, material.public_key, _sealed(vault, endpoint_id, material))
    await audit.record(db, scope, "webhook.added", "whk", endpoint_id)
    return _with_secret(await _endpoint(db, scope, endpoint_id), material)


async def change(
    db: Connection, scope: Scope, endpoint_id: UUID, body: ChangeWebhook, if_match: str | None, *, allow_private: bool
) -> Webhook:
    """
    Changes what is given; enabling an endpoint forgets its past failures.

    Raises
    ------
    NotFound, Invalid, Outdated, VersionMissing
        When there is none, what is asked for cannot be, or somebody changed it meanwhile.
    """
    found = await _endpoint(db, scope, endpoint_id)
    must_match(if_match, found.version)
    given = {name: value for name, value in structs.asdict(body).items() if value is not UNSET}
    disabled = given.pop("disabled", None)
    changed = structs.replace(found, **given)
    _judge(changed.url, changed.event_types, allow_private=allow_private)
    await queries.change(db, scope, changed, disabled=disabled)
    await audit.record(db, scope, "webhook.changed", "whk", endpoint_id)
    return await webhook(db, scope, endpoint_id)


async def rotate(
    db: Connection, scope: Scope, vault: Vault, endpoint_id: UUID, body: RotateSecret
) -> WebhookWithSecret:
    """A fresh secret and signing key; the old ones sign along for as long as is asked for."""
    await _endpoint(db, scope, endpoint_id)
    material = Material.make()
    sealed = _sealed(vault, endpoint_id, material)
    await queries.rotate(db, scope, endpoint_id, sealed, material.public_key, body.overlap_hours)
    await audit.record(db, scope, "webhook.secret_rotated", "whk", endpoint_id)
    return _with_secret(await _endpoint(db, scope, endpoint_id), material)


async def delete(db: Connection, scope: Scope, endpoint_id: UUID) -> None:
    """Takes an endpoint away with all its deliveries."""
    if not await queries.delete(db, scope, endpoint_id):
        raise NotFound("whk")
    await audit.record(db, scope, "webhook.deleted", "whk", endpoint_id)


async def webhook(db: Connection, scope: Scope, endpoint_id: UUID) -> Webhook:
    """One endpoint of the caller's own."""
    return _shown(await _endpoint(db, scope, endpoint_id))


async def list_webhooks(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Webhook]:
    """The caller's own endpoints."""
    return page([_shown(entry) for entry in await queries.endpoints(db, scope, after, limit + 1)], limit)


async def ping(db: Connection, scope: Scope, endpoint_id: UUID) -> Pinged:
    """
    Sends an event of no further meaning to one endpoint.

    Raises
    ------
    NotFound
        When the caller has no such endpoint.
    Conflict
        When it is disabled.
    """
    if (await _endpoint(db, scope, endpoint_id)).disabled_at is not None:
        raise Conflict("webhook_disabled", "Nothing is sent to this endpoint; enable it first.")
    event_id = await outbox.emit(
        db,
        scope,
        endpoint_id,
        PING,
        {},
        member_id=scope.member_id,
        audience=outbox.Audience.NOBODY,
        carrier_id=scope.carrier_id,
    )
    await deliveries.deliver_one(db, scope, endpoint_id, event_id)
    return Pinged(event_id=ids.show("evt", event_id))


async def replay(db: Connection, scope: Scope, endpoint_id: UUID, body: Replay) -> Replayed:
    """Sends events again to one endpoint of the caller's own, and those that it never got."""
    await _endpoint(db, scope, endpoint_id)
    await audit.record(db, scope, "webhook.replayed", "whk", endpoint_id)
    return await deliveries.replay(db, scope, endpoint_id, body)


async def list_deliveries(
    db: Connection, scope: Scope, endpoint_id: UUID, after: UUID, limit: int, status: DeliveryStatus | None
) -> Page[Delivery]:
    """What was and will be sent to one endpoint of the caller's own."""
    await _endpoint(db, scope, endpoint_id)
    return await deliveries.list_deliveries(db, scope, endpoint_id, after, limit, status)


async def list_events(db: Connection, scope: Scope, after: str | None, limit: int) -> Page[EventBody]:
    """
    Events that the caller may hear of, in the order in which they became visible.

    Raises
    ------
    Invalid
        When ``after`` names no event of the caller's that is still kept.
    """
    position = 0 if after is None else await _position(db, scope, after)
    rows = await READ[_listener(scope)](db, scope, TYPES, position, limit + 1)
    test = await queries.is_sandbox(db, scope)
    return page([event_body(row, test=test) for row in rows], limit)


async def _position(db: Connection, scope: Scope, after: str) -> int:
    try:
        position = await queries.position(db, scope, ids.parse("evt", after))
    except NotFound:
        position = None
    if position is None:
        cure = "use the id of an event of yours; events are kept for 30 days"
        raise Invalid([FieldFault(pointer="#query/after", code="invalid_cursor", cause="no such event", cure=cure)])
    return position


def list_event_types(scope: Scope) -> EventTypes:
    """The types of events that the caller may hear of."""
    return EventTypes(data=event_types(_listener(scope)))


def _listener(scope: Scope) -> Listener:
    if scope.carrier_id is not None:
        return Listener.CARRIER
    return Listener.COORDINATOR if scope.member_id is None else Listener.MEMBER


async def stop_for(db: Connection, scope: Scope, member_id: UUID) -> None:
    """Nothing is sent any more to a member that is suspended or leaves; ``scope`` is the neutral side's."""
    await queries.disable_all(db, scope, member_id)


async def forget_member(db: Connection, scope: Scope, member_id: UUID) -> None:
    """Takes away a member's endpoints, secrets and deliveries; ``scope`` is the neutral side's."""
    await queries.delete_all(db, scope, member_id)


async def _endpoint(db: Connection, scope: Scope, endpoint_id: UUID) -> Endpoint:
    found = await queries.endpoint(db, scope, endpoint_id)
    if found is None:
        raise NotFound("whk")
    return found


def _judge(url: str, patterns: list[str], *, allow_private: bool) -> None:
    faults = []
    try:
        target_of(url, allow_private=allow_private)
    except UrlRefused as refused:
        faults.append(FieldFault(pointer="/url", code="url_refused", cause=refused.cause, cure=refused.cure))
    for index, pattern in enumerate(patterns):
        if not is_known(pattern):
            cure = "one of GET /v1/event-types, a noun with .*, or *"
            pointer = f"/event_types/{index}"
            faults.append(FieldFault(pointer=pointer, code="unknown_event_type", cause="no such type", cure=cure))
    if faults:
        raise Invalid(faults)


def _sealed(vault: Vault, endpoint_id: UUID, material: Material) -> bytes:
    return vault.seal(material.pack(), deliveries.seal_context(endpoint_id))


def _with_secret(endpoint: Endpoint, material: Material) -> WebhookWithSecret:
    shown = _shown(endpoint)
    return WebhookWithSecret(id=shown.id, secret=material.shown, webhook=shown)


def _shown(entry: Endpoint) -> Webhook:
    return Webhook(
        id=ids.show("whk", entry.endpoint_id),
        url=entry.url,
        description=entry.description,
        event_types=entry.event_types,
        ed25519=entry.ed25519,
        public_key=entry.public_key if entry.ed25519 else None,
        disabled=entry.disabled_at is not None,
        disabled_reason=None if entry.disabled_reason is None else DisabledReason(entry.disabled_reason),
        failures=entry.failures,
        failing_since=entry.failing_since,
        paused_until=entry.paused_until,
        previous_secret_until=entry.previous_until,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
        version=entry.version,
    )
