"""Use cases of clusters, members and keys."""

from uuid import UUID

from cluster.base import ids
from cluster.base import keys as key_texts
from cluster.base.db import Connection, Role, Scope, act_as, system_scope
from cluster.base.errors import Conflict, Forbidden, NotFound
from cluster.base.pages import Page, page
from cluster.members import queries, rules_queries
from cluster.members.models import (
    AdmitMember,
    Cluster,
    FoundCluster,
    FoundedCluster,
    IssuedKey,
    IssueKey,
    Key,
    KeyRole,
    Me,
    Member,
    MemberStatus,
)

OPERATOR_KEY_DAYS = 366
FIRST_KEY_DAYS = 90


async def found(db: Connection, body: FoundCluster) -> FoundedCluster:
    """Founds a cluster and issues its first coordinator's key; the caller is the platform's operator."""
    cluster_id = ids.new()
    scope = system_scope(cluster_id)
    await act_as(db, scope)
    await queries.insert_cluster(db, cluster_id, body)
    key = await _issue(db, scope, "first coordinator", Role.COORDINATOR, None, FIRST_KEY_DAYS)
    cluster = await cluster_of(db, scope)
    await rules_queries.note_change(db, scope, cluster, {})
    return FoundedCluster(id=cluster.id, cluster=cluster, coordinator_key=key)


async def cluster_of(db: Connection, scope: Scope) -> Cluster:
    """The caller's cluster."""
    cluster = await queries.cluster(db, scope)
    if cluster is None:
        raise NotFound("clu")
    return cluster


async def me(db: Connection, scope: Scope) -> Me:
    """Who the caller is."""
    if scope.cluster_id is None:
        return Me(role=scope.role, cluster=None, member=None)
    member = None if scope.member_id is None else await queries.member(db, scope, scope.member_id)
    return Me(role=scope.role, cluster=await cluster_of(db, scope), member=member)


async def admit(db: Connection, scope: Scope, body: AdmitMember) -> Member:
    """
    Admits a member.

    Raises
    ------
    Conflict
        When the code is taken in this cluster.
    """
    member_id = ids.new()
    if not await queries.insert_member(db, scope, member_id, body):
        raise Conflict("member_code_taken", f"A member with code {body.code} exists already.")
    return await member(db, scope, member_id)


async def member(db: Connection, scope: Scope, member_id: UUID) -> Member:
    """One member that the caller may see."""
    found = await queries.member(db, scope, member_id)
    if found is None:
        raise NotFound("mem")
    return found


async def must_be_active(db: Connection, scope: Scope, member_id: UUID | None = None) -> None:
    """
    Refuses whoever may not book, offer or be planned now; whoever acts for the cluster itself passes.

    Parameters
    ----------
    member_id
        In whose name something is done; the caller's own firm unless the neutral side says another.

    Raises
    ------
    Conflict
        ``member_suspended`` or ``member_left``; ``agreement_not_accepted`` when the cluster demands its agreement and
        the grace of the newest version is over.
    NotFound
        When there is no such member.
    """
    of = member_id or scope.member_id
    if of is None:
        return
    standing = await queries.standing(db, scope, of)
    if standing is None:
        raise NotFound("mem")
    if not standing.active:
        if standing.status is MemberStatus.SUSPENDED:
            raise Conflict("member_suspended", "This member is suspended: it reads and exports, and books nothing.")
        raise Conflict("member_left", "This member has left the cluster.")
    if not standing.agreed:
        raise Conflict("agreement_not_accepted", "Accept the cluster's agreement first: GET /v1/agreements.")


async def list_members(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Member]:
    """Members that the caller may see: all for the coordinator, itself for a member."""
    return page(await queries.members(db, scope, after, limit + 1), limit)


async def issue_key(db: Connection, scope: Scope, body: IssueKey) -> IssuedKey:
    """
    Issues a key: the coordinator for anybody in the cluster, a member's admin for its own firm.

    Raises
    ------
    Forbidden
        When a member's admin asks for a coordinator's key.
    NotFound
        When there is no such member, or it is another than the caller's.
    """
    if scope.member_id is not None and body.role is KeyRole.COORDINATOR:
        raise Forbidden("Only a coordinator issues a coordinator's key.")
    member_id = None if body.member_id is None else ids.parse("mem", body.member_id)
    if member_id is not None:
        await member(db, scope, member_id)
    return await _issue(db, scope, body.name, Role(body.role), member_id, body.days)


async def _issue(db: Connection, scope: Scope, name: str, role: Role, member_id: UUID | None, days: int) -> IssuedKey:
    key, key_id = key_texts.make(), ids.new()
    expires_at = await queries.insert_key(db, scope, key_id, key, name, role, member_id, days)
    shown = None if member_id is None else ids.show("mem", member_id)
    return IssuedKey(id=ids.show("key", key_id), api_key=key.text, role=role, member_id=shown, expires_at=expires_at)


async def issue_operator_key(db: Connection) -> str:
    """A key for whoever runs the platform; it can found clusters and nothing else."""
    key = key_texts.make()
    await queries.insert_operator_key(db, ids.new(), key, OPERATOR_KEY_DAYS)
    return key.text


async def list_keys(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Key]:
    """Keys that the caller may manage."""
    return page(await queries.keys(db, scope, after, limit + 1), limit)


async def revoke_key(db: Connection, scope: Scope, key_id: UUID) -> None:
    """Ends a key's life, at the latest a few seconds from now."""
    if not await queries.revoke_key(db, scope, key_id):
        raise NotFound("key")
