"""Use cases of channels: connecting a shop, what came from it, and the door that shops knock at."""

import logging
from collections.abc import Mapping
from urllib.parse import quote
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, structs

from cluster.base import audit, ids
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound, Unauthenticated
from cluster.base.etags import Outdated, must_match
from cluster.base.pages import Page, page
from cluster.base.secrets import Vault
from cluster.channels import connectors, intake, order_queries, queries
from cluster.channels.connectors import Sealed
from cluster.channels.models import (
    CHANNELS_MAX,
    AddChannel,
    ChangeChannel,
    Channel,
    ChannelKind,
    ChannelOrderState,
    ChannelTested,
    MendOrder,
    ShopAway,
    ShopOrder,
    SignatureWrong,
    Stage,
    SyncAsked,
    Via,
)
from cluster.channels.order_queries import Kept
from cluster.channels.queries import Shop
from cluster.channels.shop_calls import ShopCalls
from cluster.members import service as members
from cluster.places import service as places
from cluster.webhooks.addresses import UrlRefused, target_of

log = logging.getLogger("cluster.channels")

FIRST = UUID(int=0)
HOOK_PATH = "/v1/channel-hooks"
RETRIABLE = (ChannelOrderState.FAULTY, ChannelOrderState.EXCEPTION, ChannelOrderState.UNPAID)
ERASED_AFTER_DAYS = 90
ERASED_AT_ONCE = 10_000


class Desk(Struct, frozen=True, kw_only=True):
    """What use cases of channels are done with; ``public_url`` is where shops reach the platform, if they do."""

    vault: Vault
    calls: ShopCalls
    public_url: str | None


async def add(db: Connection, scope: Scope, desk: Desk, body: AddChannel) -> Channel:
    """
    Connects a shop; a worker looks at it at once.

    Raises
    ------
    Conflict
        When the member may do nothing now, has a channel with this code, or as many as may be.
    Invalid, NotFound
        When the address is one that nothing is sent to, or the settings name a site that is not there.
    """
    await members.must_be_active(db, scope)
    await _judge(db, scope, desk, body.kind, body.base_url, body)
    if await queries.count(db, scope) >= CHANNELS_MAX:
        raise Conflict("too_many_channels", f"There are {CHANNELS_MAX} channels; delete one first.")
    channel_id, sealed = ids.new(), Sealed.make(body.credentials)
    if not await queries.insert(
        db,
        scope,
        channel_id,
        body,
        connectors.seal(desk.vault, channel_id, sealed),
        sealed.token_digest,
    ):
        raise Conflict("channel_code_taken", f"You have a channel with the code {body.code}.")
    await audit.record(db, scope, "channel.added", "chn", channel_id)
    return await channel(db, scope, desk, channel_id)


async def channel(db: Connection, scope: Scope, desk: Desk, channel_id: UUID) -> Channel:
    """One channel of the calling member."""
    return _shown(desk, await shop_of(db, scope, channel_id))


async def list_channels(db: Connection, scope: Scope, desk: Desk, after: UUID, limit: int) -> Page[Channel]:
    """Channels of the calling member."""
    return page([_shown(desk, entry) for entry in await queries.shops(db, scope, after, limit + 1)], limit)


async def change(
    db: Connection, scope: Scope, desk: Desk, channel_id: UUID, body: ChangeChannel, if_match: str | None
) -> Channel:
    """
    Changes what is given. Another address needs the credentials again: they are for one shop.

    Raises
    ------
    NotFound, Invalid, Outdated, VersionMissing
        When there is none, what is asked for cannot be, or somebody changed it meanwhile.
    """
    found = await shop_of(db, scope, channel_id)
    must_match(if_match, found.version)
    moved = body.base_url is not UNSET and body.base_url != found.base_url
    if moved and body.credentials is UNSET:
        cure = "enter them again with the new address"
        fault = FieldFault(pointer="/credentials", code="credentials_missing", cause="another address", cure=cure)
        raise Invalid([fault])
    given = {name: value for name, value in structs.asdict(body).items() if value is not UNSET}
    credentials = given.pop("credentials", None)
    changed: Shop = structs.replace(found, **given)
    await _judge(db, scope, desk, changed.kind, changed.base_url, changed)
    if credentials is not None:
        sealed = Sealed.make(credentials)
        changed = structs.replace(
            changed,
            sealed=connectors.seal(desk.vault, channel_id, sealed),
            token_digest=sealed.token_digest,
            hooked_at=None,
            cursor=None if moved else changed.cursor,
        )
    if not await queries.change(db, scope, changed):
        raise Outdated
    await audit.record(db, scope, "channel.changed", "chn", channel_id)
    return await channel(db, scope, desk, channel_id)


async def delete(db: Connection, scope: Scope, channel_id: UUID) -> None:
    """Takes a channel away with its credentials and orders; what was booked from it stays."""
    if not await queries.delete(db, scope, channel_id):
        raise NotFound("chn")
    await audit.record(db, scope, "channel.deleted", "chn", channel_id)


async def test(database: Database, scope: Scope, desk: Desk, channel_id: UUID) -> ChannelTested:
    """Asks the shop whether it lets us in; no transaction is open meanwhile."""
    async with database.unit(scope) as db:
        found = await shop_of(db, scope, channel_id)
    try:
        opened = connectors.unseal(desk.vault, channel_id, found.sealed)
        await connectors.connector(desk.calls, found.kind, found.base_url, opened).greet()
    except ShopAway as away:
        return ChannelTested(ok=False, error=away.code, detail=away.detail)
    return ChannelTested(ok=True)


async def sync(db: Connection, scope: Scope, channel_id: UUID) -> SyncAsked:
    """
    Has a worker look at the shop's orders now.

    Raises
    ------
    Conflict
        When the channel is switched off.
    """
    if not (await shop_of(db, scope, channel_id)).active:
        raise Conflict("channel_inactive", "The channel is switched off; switch it on first.")
    await queries.look_soon(db, scope, channel_id, poll=True)
    return SyncAsked(id=ids.show("chn", channel_id))


async def list_orders(
    db: Connection, scope: Scope, channel_id: UUID, after: UUID, limit: int, state: ChannelOrderState | None
) -> Page[ShopOrder]:
    """What came from one channel of the calling member, and what became of it."""
    await shop_of(db, scope, channel_id)
    found = await order_queries.orders(db, scope, channel_id, after, limit + 1, state=state)
    return page([_order(entry) for entry in found], limit)


async def retry(db: Connection, scope: Scope, channel_id: UUID, order_id: UUID, body: MendOrder) -> ShopOrder:
    """
    Puts something in place of what the shop says, and has the order tried again.

    Raises
    ------
    NotFound
        When there is no such order in this channel.
    Conflict
        When nothing is left to be tried.
    """
    await shop_of(db, scope, channel_id)
    await queries.look_soon(db, scope, channel_id, poll=False)
    held = await order_queries.locked(db, scope, order_id)
    if held is None or held.channel_id != channel_id:
        raise NotFound("cho")
    if held.state not in RETRIABLE:
        raise Conflict("order_settled", f"The order is {held.state.value}; nothing is left to be tried.")
    changes = msgspec.to_builtins({name: value for name, value in structs.asdict(body).items() if value is not UNSET})
    await order_queries.mend(db, scope, order_id, changes)
    [found] = await order_queries.orders(db, scope, channel_id, FIRST, 1, only=order_id)
    return _order(found)


async def knock(
    database: Database, desk: Desk, channel_id: UUID, token: str, headers: Mapping[str, str], body: bytes
) -> None:
    """
    Takes a shop's webhook: what it tells is stored, and a worker does the rest.

    Raises
    ------
    NotFound
        When there is no such channel, it is switched off, or the token is another.
    Unauthenticated
        When the shop has not signed it.
    """
    async with database.unit(system_scope()) as db:
        found = await queries.knocked_at(db, channel_id)
    if found is None or not found.active or not connectors.token_fits(token, found.token_digest):
        raise NotFound("chn")
    try:
        opened = connectors.unseal(desk.vault, channel_id, found.sealed)
        told = connectors.connector(desk.calls, found.kind, found.base_url, opened).verify(headers, body)
    except (SignatureWrong, ShopAway):
        raise Unauthenticated("The signature is not the shop's.") from None
    if not told:
        return
    scope = intake.scope_of(found)
    async with database.unit(scope) as db:
        # The channel before its orders, as workers lock them.
        await queries.look_soon(db, scope, channel_id, poll=False)
        await intake.take(db, found, told, Via.WEBHOOK)


async def forget_old(db: Connection) -> int:
    """Drops what shops said of orders long ago; returns of how many."""
    return await order_queries.forget_old(db, ERASED_AFTER_DAYS, ERASED_AT_ONCE)


async def shop_of(db: Connection, scope: Scope, channel_id: UUID) -> Shop:
    """A channel of the calling member as it is stored."""
    found = await queries.shops(db, scope, FIRST, 1, channel_id)
    if not found:
        raise NotFound("chn")
    return found[0]


def hook_url(desk: Desk, shop: Shop) -> str | None:
    """Where the shop sends its webhooks; None where the platform has no public address, or forgot its key."""
    if desk.public_url is None:
        return None
    try:
        opened = connectors.unseal(desk.vault, shop.channel_id, shop.sealed)
    except ShopAway:
        return None
    return f"{desk.public_url}{HOOK_PATH}/{ids.show('chn', shop.channel_id)}/{quote(opened.token)}"


async def _judge(
    db: Connection, scope: Scope, desk: Desk, kind: ChannelKind, base_url: str, settings_of: AddChannel | Shop
) -> None:
    """Refuses addresses that nothing is sent to, and sites that the member does not see."""
    faults = []
    try:
        target_of(base_url, allow_private=desk.calls.allow_private)
        if "?" in base_url:
            raise UrlRefused("has a query", "give the shop's address alone")
        if not desk.calls.allow_private and not connectors.fits_kind(kind, base_url):
            raise UrlRefused("is no address of Shopify's", "give the one that ends in .myshopify.com")
    except UrlRefused as refused:
        faults.append(FieldFault(pointer="/base_url", code="url_refused", cause=refused.cause, cure=refused.cure))
    if faults:
        raise Invalid(faults)
    named = [settings_of.settings.hub_site_id, settings_of.settings.pickup_site_id]
    wanted = sorted({ids.parse("sit", site_id) for site_id in named if site_id is not None})
    if wanted and len(await places.site_refs(db, scope, wanted)) < len(wanted):
        raise NotFound("sit")


def _shown(desk: Desk, shop: Shop) -> Channel:
    return Channel(
        id=ids.show("chn", shop.channel_id),
        code=shop.code,
        kind=shop.kind,
        base_url=shop.base_url,
        settings=shop.settings,
        active=shop.active,
        hook_url=hook_url(desk, shop),
        hooked_at=shop.hooked_at,
        polled_at=shop.polled_at,
        paused_until=shop.paused_until,
        failures=shop.failures,
        error=shop.error,
        created_at=shop.created_at,
        updated_at=shop.updated_at,
        version=shop.version,
    )


def _order(kept: Kept) -> ShopOrder:
    return ShopOrder(
        id=ids.show("cho", kept.order_id),
        external_id=kept.external_id,
        number=kept.number,
        state=kept.state,
        via=kept.via,
        shipment_id=None if kept.shipment_id is None else ids.show("shp", kept.shipment_id),
        faults=kept.faults,
        told=Stage(kept.told_stage).name.lower() if kept.told_stage else None,
        tell_error=kept.tell_error,
        told_at=kept.told_at,
        created_at=kept.created_at,
        updated_at=kept.updated_at,
    )
