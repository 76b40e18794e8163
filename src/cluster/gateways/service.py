"""Use cases of gateways: connecting a carrier's system, and finding out whether it lets us in."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote, urlsplit
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, structs

from cluster.base import audit, ids
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.etags import Outdated, must_match
from cluster.base.pages import Page, page
from cluster.base.secrets import Vault
from cluster.carriers import firms
from cluster.channels.shop_calls import ShopCalls
from cluster.gateways import connectors, file_queries, order_queries, queries
from cluster.gateways.adapting import Adapter, GatewayAway, GatewayRefused
from cluster.gateways.connectors import Sealed
from cluster.gateways.models import (
    GATEWAYS_MAX,
    OF_FILES,
    AddGateway,
    ChangeGateway,
    Gateway,
    GatewayCredentials,
    GatewayFile,
    GatewayKind,
    GatewayTested,
    faults_of,
)
from cluster.gateways.queries import Held
from cluster.members import service as members
from cluster.webhooks.addresses import UrlRefused, target_of
from cluster.webhooks.sending import Resolve, resolve

FIRST = UUID(int=0)
HOOK_PATH = "/v1/gateway-hooks"


class Desk(Struct, frozen=True, kw_only=True):
    """
    What use cases of gateways are done with.

    ``public_url`` is where carriers' systems reach the platform, if they do; ``folder`` holds those of ``folder``
    gateways; ``resolver`` says which addresses the name of an SFTP server has.
    """

    vault: Vault
    calls: ShopCalls
    public_url: str | None
    folder: Path
    resolver: Resolve = resolve


async def add(db: Connection, scope: Scope, desk: Desk, body: AddGateway) -> Gateway:
    """
    Connects a carrier's system.

    Raises
    ------
    Conflict
        When the member may do nothing now, has a gateway with this code, or as many as may be.
    Invalid, NotFound
        When the address is one that nothing is sent to, files are asked for by a member, or there is no such carrier.
    """
    await members.must_be_active(db, scope)
    _judge_address(desk, body.kind, body.base_url)
    carrier_id = None if body.carrier_id is None else ids.parse("car", body.carrier_id)
    if body.kind in OF_FILES and scope.member_id is not None:
        cause, cure = "files are of the cluster's tours", "ask the coordinator"
        raise Invalid([FieldFault(pointer="/kind", code="not_for_members", cause=cause, cure=cure)])
    if carrier_id is not None:
        await firms.carrier(db, scope, carrier_id)
    if await queries.count(db, scope) >= GATEWAYS_MAX:
        raise Conflict("too_many_gateways", f"There are {GATEWAYS_MAX} gateways; remove one first.")
    gateway_id, sealed = ids.new(), Sealed.make(body.credentials)
    closed = connectors.seal(desk.vault, gateway_id, sealed)
    if not await queries.insert(db, scope, gateway_id, carrier_id, body, closed, sealed.token_digest):
        raise Conflict("gateway_code_taken", f"You have a gateway with the code {body.code}.")
    await audit.record(db, scope, "gateway.added", "gtw", gateway_id)
    return await gateway(db, scope, desk, gateway_id)


async def gateway(db: Connection, scope: Scope, desk: Desk, gateway_id: UUID) -> Gateway:
    """One gateway of the caller's."""
    return _shown(desk, await held(db, scope, gateway_id))


async def list_gateways(db: Connection, scope: Scope, desk: Desk, after: UUID, limit: int) -> Page[Gateway]:
    """The caller's gateways."""
    return page([_shown(desk, entry) for entry in await queries.gateways(db, scope, after, limit + 1)], limit)


async def held(db: Connection, scope: Scope, gateway_id: UUID) -> Held:
    """
    A gateway of the caller's as it is stored.

    Raises
    ------
    NotFound
        When the caller has none with this identifier.
    """
    found = await queries.gateways(db, scope, FIRST, 1, gateway_id)
    if not found:
        raise NotFound("gtw")
    return found[0]


async def change(
    db: Connection, scope: Scope, desk: Desk, gateway_id: UUID, body: ChangeGateway, if_match: str | None
) -> Gateway:
    """
    Changes what is given.

    Raises
    ------
    NotFound, Invalid, Outdated, VersionMissing
        When there is none, something that it needs is missing, or somebody changed it meanwhile.
    """
    found = await held(db, scope, gateway_id)
    must_match(if_match, found.version)
    changed = found
    if body.settings is not UNSET:
        changed = structs.replace(changed, settings=body.settings)
    if body.active is not UNSET:
        changed = structs.replace(changed, active=body.active)
    faults = list(faults_of(found.kind, _as_added(changed, body.credentials)))
    if faults:
        raise Invalid(faults)
    if body.credentials is not UNSET:
        sealed = Sealed.make(body.credentials)
        closed = connectors.seal(desk.vault, gateway_id, sealed)
        changed = structs.replace(changed, sealed=closed, token_digest=sealed.token_digest)
    if not await queries.change(db, scope, changed):
        raise Outdated
    await audit.record(db, scope, "gateway.changed", "gtw", gateway_id)
    return await gateway(db, scope, desk, gateway_id)


def _as_added(changed: Held, given: GatewayCredentials | UnsetType) -> AddGateway:
    """As if it were added anew; credentials that are not given are taken for whole, as they were when they came."""
    kept = GatewayCredentials(key="kept", secret="kept")  # noqa: S106  (no secret: it stands for the sealed one)
    return AddGateway(
        code=changed.code,
        kind=changed.kind,
        base_url=changed.base_url,
        carrier_id=None if changed.carrier_id is None else ids.show("car", changed.carrier_id),
        credentials=kept if given is UNSET else given,
        settings=changed.settings,
    )


async def remove(db: Connection, scope: Scope, gateway_id: UUID) -> None:
    """
    Takes a gateway away with its credentials; the list of its orders stays.

    Raises
    ------
    Conflict
        While one of its orders is under way: nobody could ask after it any more.
    """
    if await order_queries.under_way(db, scope, gateway_id):
        raise Conflict("gateway_in_use", "Orders of this gateway are under way; wait for them, or cancel them.")
    if not await queries.remove(db, scope, gateway_id):
        raise NotFound("gtw")
    await audit.record(db, scope, "gateway.removed", "gtw", gateway_id)


def open_adapter(desk: Desk, found: Held) -> Adapter:
    """
    The adapter of a gateway that takes orders.

    Raises
    ------
    Conflict
        For one of files, or one that is switched off.
    GatewayAway
        When its credentials cannot be read.
    """
    if found.kind in OF_FILES:
        raise Conflict("gateway_of_files", "This gateway exchanges files; orders of shipments go to others.")
    if not found.active or found.sealed is None:
        raise Conflict("gateway_inactive", "The gateway is switched off; switch it on first.")
    opened = connectors.unseal(desk.vault, found.gateway_id, found.sealed)
    return connectors.adapter(desk.calls, found.kind, found.base_url, found.settings, opened)


async def test(
    database: Database, scope: Scope, desk: Desk, gateway_id: UUID, look: Callable[[Held], Awaitable[None]]
) -> GatewayTested:
    """
    Asks the system whether it lets us in; no transaction is open meanwhile.

    Parameters
    ----------
    look
        Looks at the folders of a gateway of files.
    """
    async with database.unit(scope) as db:
        found = await held(db, scope, gateway_id)
    try:
        if found.kind in OF_FILES:
            await look(found)
        else:
            await open_adapter(desk, structs.replace(found, active=True)).greet()
    except (GatewayAway, GatewayRefused) as no:
        return GatewayTested(ok=False, error=no.code, detail=no.detail)
    return GatewayTested(ok=True)


async def list_files(db: Connection, scope: Scope, gateway_id: UUID, after: UUID, limit: int) -> Page[GatewayFile]:
    """Files that were exchanged through a gateway of the caller's."""
    await held(db, scope, gateway_id)
    return page(await file_queries.files(db, scope, gateway_id, after, limit + 1), limit)


def hook_url(desk: Desk, found: Held) -> str | None:
    """Where the system sends its webhooks; None where the platform has no public address, or forgot its key."""
    if desk.public_url is None or found.kind in OF_FILES or found.sealed is None:
        return None
    try:
        opened = connectors.unseal(desk.vault, found.gateway_id, found.sealed)
    except GatewayAway:
        return None
    return f"{desk.public_url}{HOOK_PATH}/{ids.show('gtw', found.gateway_id)}/{quote(opened.token)}"


def _judge_address(desk: Desk, kind: GatewayKind, base_url: str | None) -> None:
    """Refuses addresses that nothing is sent to; that of an SFTP server is judged by its name, as others are."""
    if base_url is None:
        return
    try:
        if "?" in base_url:
            raise UrlRefused("has a query", "give the system's address alone")
        if kind is GatewayKind.SFTP:
            parts = urlsplit(base_url)
            if parts.scheme != "sftp" or not parts.hostname or parts.path not in ("", "/") or "@" in parts.netloc:
                raise UrlRefused("is no address of an SFTP server", "give sftp://host or sftp://host:port")
            if not 1 <= (parts.port or 22) <= 65_535:
                raise UrlRefused("names no port", "a port from 1 to 65535")
            target_of(f"https://{parts.hostname}", allow_private=desk.calls.allow_private)
        else:
            target_of(base_url, allow_private=desk.calls.allow_private)
    except ValueError as refused:
        cause, cure = getattr(refused, "cause", "is no URL"), getattr(refused, "cure", "give the system's address")
        fault = FieldFault(pointer="/base_url", code="url_refused", cause=cause, cure=cure)
        raise Invalid([fault]) from None


def _shown(desk: Desk, found: Held) -> Gateway:
    return Gateway(
        id=ids.show("gtw", found.gateway_id),
        code=found.code,
        kind=found.kind,
        base_url=found.base_url,
        member_id=None if found.member_id is None else ids.show("mem", found.member_id),
        carrier_id=None if found.carrier_id is None else ids.show("car", found.carrier_id),
        settings=found.settings,
        active=found.active,
        hook_url=hook_url(desk, found),
        looked_at=found.looked_at,
        failures=found.failures,
        error=found.error,
        created_at=found.created_at,
        updated_at=found.updated_at,
        version=found.version,
    )


async def forget_member(database: Database, cluster_id: UUID, member_id: UUID) -> int:
    """Takes away the credentials of a member that has left; returns of how many gateways."""
    scope = system_scope(cluster_id)
    async with database.unit(scope) as db:
        return await queries.forget_member(db, scope, member_id)
