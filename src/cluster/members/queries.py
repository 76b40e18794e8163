"""SQL of clusters and members."""

from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.members.models import AdmitMember, Cluster, FoundCluster, Member, Standing


async def insert_cluster(db: Connection, cluster_id: UUID, body: FoundCluster) -> None:
    """A new cluster."""
    await db.execute(
        """
        INSERT INTO clusters (cluster_id, name, country_code, currency, time_zone, sharing_rule, privacy_min_members,
                              size_standard, sandbox)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        cluster_id,
        body.name,
        body.country_code,
        body.currency,
        body.time_zone,
        body.sharing_rule,
        body.privacy_min_members,
        body.size_standard,
        body.sandbox,
    )


async def cluster(db: Connection, scope: Scope) -> Cluster | None:
    """The caller's cluster."""
    row = await db.fetchrow(
        """
        SELECT cluster_id, name, country_code, currency, time_zone, privacy_min_members, size_standard,
               coalesce((SELECT body ->> 'rule' FROM cluster_settings AS settled
                          WHERE settled.cluster_id = $1 AND section = 'sharing'
                            AND effective_from <= (now() AT TIME ZONE clusters.time_zone)::date
                          ORDER BY effective_from DESC, settled.version DESC LIMIT 1), sharing_rule) AS sharing_rule,
               applications_open, agreement_required, admit_countries, admit_size_classes, evidence_required, four_eyes,
               version, created_at, updated_at, sandbox
          FROM clusters WHERE cluster_id = $1
        """,
        scope.cluster,
    )
    if row is None:
        return None
    fields = dict(row)
    return msgspec.convert({"id": ids.show("clu", fields.pop("cluster_id"))} | fields, Cluster)


async def insert_member(db: Connection, scope: Scope, member_id: UUID, body: AdmitMember) -> bool:
    """A new member; False when its code is taken."""
    done = await db.fetchval(
        """
        INSERT INTO members (cluster_id, member_id, code, name) VALUES ($1, $2, $3, $4)
        ON CONFLICT (cluster_id, code) DO NOTHING RETURNING true
        """,
        scope.cluster,
        member_id,
        body.code,
        body.name,
    )
    return bool(done)


async def members(db: Connection, scope: Scope, after: UUID, limit: int) -> list[Member]:
    """Members that the caller may see, oldest first."""
    rows = await db.fetch(
        """
        SELECT member_id, code, name, status, status_since, status_reason, leaving_on, legal_form, country_code,
               tax_id, tax_id_check, gln, lei, size_class, size_valid_until, version, created_at
          FROM members
         WHERE cluster_id = $1 AND member_id > $2 AND ($3::uuid IS NULL OR member_id = $3)
         ORDER BY member_id LIMIT $4
        """,
        scope.cluster,
        after,
        scope.member_id,
        limit,
    )
    return [_member(row) for row in rows]


def _member(row: asyncpg.Record) -> Member:
    fields = dict(row)
    return msgspec.convert({"id": ids.show("mem", fields.pop("member_id"))} | fields, Member)


async def member(db: Connection, scope: Scope, member_id: UUID) -> Member | None:
    """One member."""
    row = await db.fetchrow(
        """
        SELECT member_id, code, name, status, status_since, status_reason, leaving_on, legal_form, country_code,
               tax_id, tax_id_check, gln, lei, size_class, size_valid_until, version, created_at
          FROM members
         WHERE cluster_id = $1 AND member_id = $2 AND ($3::uuid IS NULL OR member_id = $3)
        """,
        scope.cluster,
        member_id,
        scope.member_id,
    )
    return None if row is None else _member(row)


async def not_planned(db: Connection, scope: Scope) -> list[UUID]:
    """Members whose shipments no plan takes now."""
    rows = await db.fetch(
        """
        SELECT member_id FROM members
         WHERE cluster_id = $1 AND (status = 'left' OR (status = 'suspended' AND pooled_shipments = 'take_out'))
        """,
        scope.cluster,
    )
    return [row["member_id"] for row in rows]


async def standing(db: Connection, scope: Scope, member_id: UUID) -> Standing | None:
    """
    Whether a member may book now.

    The agreement that counts is the newest one in force; it must be accepted once its grace is over.
    """
    row = await db.fetchrow(
        """
        SELECT standing.status, standing.active, standing.agreed
          FROM members CROSS JOIN LATERAL member_standing(members.cluster_id, members.member_id) AS standing
         WHERE members.cluster_id = $1 AND members.member_id = $2
        """,
        scope.cluster,
        member_id,
    )
    return None if row is None else msgspec.convert(dict(row), Standing)
