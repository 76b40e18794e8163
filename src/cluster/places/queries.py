"""SQL of places."""

from datetime import time
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.places.models import AddSite, Site, SiteKind, SiteRef


async def insert_site(db: Connection, scope: Scope, site_id: UUID, member_id: UUID | None, body: AddSite) -> bool:
    """A new site; False when its owner has one with this code."""
    try:
        async with db.transaction():
            await db.execute(
                """
                INSERT INTO sites (cluster_id, site_id, member_id, kind, code, name, address_line1, country_code,
                                   province_code, ward_code, lat, lon, opens_at, closes_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                """,
                scope.cluster,
                site_id,
                member_id,
                body.kind,
                body.code,
                body.name,
                body.address_line1,
                body.country_code,
                body.province_code,
                body.ward_code,
                body.lat,
                body.lon,
                None if body.opens_at is None else time.fromisoformat(body.opens_at),
                None if body.closes_at is None else time.fromisoformat(body.closes_at),
            )
    except asyncpg.UniqueViolationError:
        return False
    return True


async def sites(db: Connection, scope: Scope, after: UUID, limit: int) -> list[Site]:
    """Sites that the caller may see: its own and the shared ones; all for the coordinator."""
    rows = await db.fetch(
        """
        SELECT site_id, member_id, code, name, kind, address_line1, country_code, province_code, ward_code, lat, lon,
               to_char(opens_at, 'HH24:MI') AS opens_at, to_char(closes_at, 'HH24:MI') AS closes_at, created_at
          FROM sites
         WHERE cluster_id = $1 AND site_id > $2 AND ($3::uuid IS NULL OR member_id IS NULL OR member_id = $3)
         ORDER BY site_id LIMIT $4
        """,
        scope.cluster,
        after,
        scope.member_id,
        limit,
    )
    return [_site(row) for row in rows]


async def site(db: Connection, scope: Scope, site_id: UUID) -> Site | None:
    """One site that the caller may see."""
    row = await db.fetchrow(
        """
        SELECT site_id, member_id, code, name, kind, address_line1, country_code, province_code, ward_code, lat, lon,
               to_char(opens_at, 'HH24:MI') AS opens_at, to_char(closes_at, 'HH24:MI') AS closes_at, created_at
          FROM sites
         WHERE cluster_id = $1 AND site_id = $2 AND ($3::uuid IS NULL OR member_id IS NULL OR member_id = $3)
        """,
        scope.cluster,
        site_id,
        scope.member_id,
    )
    return None if row is None else _site(row)


def _site(row: asyncpg.Record) -> Site:
    fields = dict(row)
    member_id = fields.pop("member_id")
    return Site(
        id=ids.show("sit", fields.pop("site_id")),
        member_id=None if member_id is None else ids.show("mem", member_id),
        kind=SiteKind(fields.pop("kind")),
        **fields,
    )


async def site_refs(db: Connection, scope: Scope, site_ids: list[UUID]) -> dict[UUID, SiteRef]:
    """Those of the given sites that the caller may see, by identifier."""
    rows = await db.fetch(
        """
        SELECT site_id, member_id, kind, name, address_line1, lat, lon,
               to_char(opens_at, 'HH24:MI') AS opens_at, to_char(closes_at, 'HH24:MI') AS closes_at
          FROM sites
         WHERE cluster_id = $1 AND site_id = ANY($2) AND ($3::uuid IS NULL OR member_id IS NULL OR member_id = $3)
        """,
        scope.cluster,
        site_ids,
        scope.member_id,
    )
    return {
        row["site_id"]: SiteRef(kind=SiteKind(row["kind"]), **{k: v for k, v in row.items() if k != "kind"})
        for row in rows
    }
