"""Use cases of clusters and members."""

from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Role, Scope, act_as, system_scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.pages import Page, page
from cluster.members import keys, queries, rules_queries
from cluster.members.models import (
    AdmitMember,
    Cluster,
    FoundCluster,
    FoundedCluster,
    Me,
    Member,
    MemberStatus,
    Standing,
)

FIRST_KEY_DAYS = 90
issue_key = keys.issue_key
issue_operator_key = keys.issue_operator_key


async def found(db: Connection, body: FoundCluster) -> FoundedCluster:
    """Founds a cluster and issues its first coordinator's key; the caller is the platform's operator."""
    cluster_id = ids.new()
    scope = system_scope(cluster_id)
    await act_as(db, scope)
    await queries.insert_cluster(db, cluster_id, body)
    key = await keys.issue(db, scope, "first coordinator", Role.COORDINATOR, None, FIRST_KEY_DAYS)
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
    may_book(await queries.standing(db, scope, of))


def may_book(standing: Standing | None) -> None:
    """Refuses like ``must_be_active``, where the standing is known already; None for no such member."""
    if standing is None:
        raise NotFound("mem")
    if not standing.active:
        if standing.status is MemberStatus.SUSPENDED:
            raise Conflict("member_suspended", "This member is suspended: it reads and exports, and books nothing.")
        raise Conflict("member_left", "This member has left the cluster.")
    if not standing.agreed:
        raise Conflict("agreement_not_accepted", "Accept the cluster's agreement first: GET /v1/agreements.")


async def not_planned(db: Connection, scope: Scope) -> frozenset[str]:
    """Members whose shipments no plan takes now: suspended ones whose shipments were taken out, and those that left."""
    return frozenset(ids.show("mem", member_id) for member_id in await queries.not_planned(db, scope))


async def list_members(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Member]:
    """Members that the caller may see: all for the coordinator, itself for a member."""
    return page(await queries.members(db, scope, after, limit + 1), limit)
