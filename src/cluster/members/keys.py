"""Use cases of API keys: issued, limited, rotated, revoked, and when they were last used."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from cluster.base import ids
from cluster.base import keys as key_texts
from cluster.base.audit import record
from cluster.base.auth import KeyRing
from cluster.base.db import Connection, Database, Role, Scope, system_scope
from cluster.base.errors import Busy, Conflict, FieldFault, Forbidden, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.base.scopes import SCOPES, is_scope, whole
from cluster.members import key_queries, queries
from cluster.members.models import IssuedKey, IssueKey, Key, KeyRole, Member, MemberStatus, RotateKey

log = logging.getLogger("cluster.keys")
OPERATOR_KEY_DAYS = 366
NOTE_USES_EVERY_S = 60.0


async def issue_key(db: Connection, scope: Scope, body: IssueKey) -> IssuedKey:
    """
    Issues a key: the coordinator for anybody in the cluster, a member's admin for its own firm.

    Raises
    ------
    Forbidden
        When a member's admin asks for a coordinator's key, or a limited key for one less limited.
    NotFound
        When there is no such member, or it is another than the caller's.
    Invalid
        For scopes that do not exist.
    Conflict
        ``member_left`` when a firm that has left asks.
    """
    if scope.member_id is not None and body.role is KeyRole.COORDINATOR:
        raise Forbidden("Only a coordinator issues a coordinator's key.")
    _judge_scopes(body)
    wanted = None if body.scopes is None else whole(body.scopes)
    if scope.scopes is not None and (wanted is None or not wanted <= scope.scopes):
        raise Forbidden("A limited key issues no key that may more than itself.")
    member_id = None if body.member_id is None else ids.parse("mem", body.member_id)
    if member_id is not None:
        refuse_new_ways_in(scope, await queries.member(db, scope, member_id))
    return await issue(db, scope, body.name, Role(body.role), member_id, body.days, body.scopes)


def refuse_new_ways_in(scope: Scope, member: Member | None) -> None:
    """
    Refuses a firm that has left a further key or person; the neutral side may still give it one.

    Raises
    ------
    NotFound
        Where there is no such member.
    Conflict
        ``member_left``.
    """
    if member is None:
        raise NotFound("mem")
    if scope.member_id is not None and member.status is MemberStatus.LEFT:
        raise Conflict("member_left", "This member has left the cluster: it reads until its keys expire.")


def _judge_scopes(body: IssueKey) -> None:
    cure = f"one of {', '.join(SCOPES)}, or such as places:*"
    faults = [
        FieldFault(pointer=f"/scopes/{index}", code="unknown_scope", cause=f"{scope} is no scope", cure=cure)
        for index, scope in enumerate(body.scopes or [])
        if not is_scope(scope)
    ]
    if faults:
        raise Invalid(faults)


async def issue(
    db: Connection,
    scope: Scope,
    name: str,
    role: Role,
    member_id: UUID | None,
    days: int,
    scopes: list[str] | None = None,
    carrier_id: UUID | None = None,
) -> IssuedKey:
    """Issues a key, whoever asks."""
    key, key_id = key_texts.make(sandbox=await key_queries.is_sandbox(db, scope)), ids.new()
    expires_at = await key_queries.insert_key(db, scope, key_id, key, name, role, member_id, days, scopes, carrier_id)
    shown = None if member_id is None else ids.show("mem", member_id)
    carrier = None if carrier_id is None else ids.show("car", carrier_id)
    told = {"role": role, "member": shown, "scopes": scopes} | ({} if carrier is None else {"carrier": carrier})
    await record(db, scope, "key.issued", "key", key_id, told)
    return IssuedKey(
        id=ids.show("key", key_id),
        api_key=key.text,
        role=role,
        member_id=shown,
        carrier_id=carrier,
        expires_at=expires_at,
    )


async def issue_operator_key(db: Connection) -> str:
    """A key for whoever runs the platform; it can found clusters and nothing else."""
    key = key_texts.make()
    await key_queries.insert_operator_key(db, ids.new(), key, OPERATOR_KEY_DAYS)
    return key.text


async def list_keys(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Key]:
    """Keys that the caller may manage."""
    return page(await key_queries.keys(db, scope, after, limit + 1), limit)


async def key_ids_of(db: Connection, scope: Scope, member_id: UUID) -> list[UUID]:
    """Every key that a firm has had, for who takes the firm's data away."""
    return await key_queries.key_ids_of_member(db, scope, member_id)


async def rotate_key(db: Connection, scope: Scope, key_id: UUID, body: RotateKey) -> IssuedKey:
    """
    Gives a key a new secret; the old one opens for ``overlap_s`` seconds more.

    Raises
    ------
    NotFound
        When the caller has no such key, or it opens nothing any more.
    Forbidden
        When a limited key asks for another that may more than itself.
    """
    fresh = key_texts.make(sandbox=await key_queries.is_sandbox(db, scope))
    kept = await key_queries.rotate_key(db, scope, key_id, fresh, body.overlap_s)
    if kept is None:
        raise NotFound("key")
    if scope.scopes is not None and (kept.scopes is None or not whole(kept.scopes) <= scope.scopes):
        raise Forbidden("A limited key rotates no key that may more than itself.")
    await record(db, scope, "key.rotated", "key", key_id, {"overlap_s": body.overlap_s})
    return IssuedKey(
        id=kept.id,
        api_key=fresh.text,
        role=kept.role,
        member_id=kept.member_id,
        carrier_id=kept.carrier_id,
        expires_at=kept.expires_at,
    )


async def revoke_key(db: Connection, scope: Scope, key_id: UUID) -> None:
    """Ends a key's life, at the latest a few seconds from now."""
    if not await key_queries.revoke_key(db, scope, key_id):
        raise NotFound("key")
    await record(db, scope, "key.revoked", "key", key_id)


async def note_uses(database: Database, ring: KeyRing) -> None:
    """Takes down when keys were used since the last time."""
    used, ring.used = ring.used, {}
    if used:
        ordered = sorted(used.items())
        async with database.unit(system_scope()) as db:
            await key_queries.note_uses(db, [key_id for key_id, _ in ordered], [at for _, at in ordered])


@asynccontextmanager
async def noting_uses(database: Database, ring: KeyRing) -> AsyncIterator[None]:
    """Within the block, uses are taken down every minute, and once more at its end."""

    async def forever() -> None:
        while True:
            await asyncio.sleep(NOTE_USES_EVERY_S)
            with contextlib.suppress(Busy):
                await note_uses(database, ring)

    task = asyncio.create_task(forever())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        with contextlib.suppress(Busy):
            await note_uses(database, ring)
