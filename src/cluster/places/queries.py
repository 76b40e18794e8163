"""SQL of sites."""

from datetime import time
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.places.address import Located, OldAddress, Precision
from cluster.places.models import AddSite, Dock, Site, SiteKind, SiteRef
from cluster.places.opening import OpeningHours


async def insert_site(
    db: Connection, scope: Scope, site_id: UUID, member_id: UUID | None, body: AddSite, place: Located
) -> bool:
    """A new site; False when its owner has one with this code."""
    try:
        async with db.transaction():
            await db.execute(
                """
                INSERT INTO sites (cluster_id, site_id, member_id, kind, code, name, address_line1, address_line2,
                                   locality, postal_code, subdivision, country_code, province_code, ward_code, legacy,
                                   lat, lon, location_precision, opens_at, closes_at, hours, docks, gln, un_locode,
                                   time_zone)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                        $22, $23, $24, $25)
                """,
                scope.cluster,
                site_id,
                member_id,
                body.kind,
                *_values(body, place),
            )
    except asyncpg.UniqueViolationError:
        return False
    return True


async def update_site(
    db: Connection, scope: Scope, site_id: UUID, version: int, body: AddSite, place: Located, active: bool
) -> bool | None:
    """
    Replaces a site of that version.

    Returns
    -------
    bool or None
        False when it has another version by now or is not the caller's to change, None when its code is taken.
    """
    try:
        async with db.transaction():
            tag = await db.execute(
                """
                UPDATE sites
                   SET code = $6, name = $7, address_line1 = $8, address_line2 = $9, locality = $10, postal_code = $11,
                       subdivision = $12, country_code = $13, province_code = $14, ward_code = $15, legacy = $16,
                       lat = $17, lon = $18, location_precision = $19, opens_at = $20, closes_at = $21, hours = $22,
                       docks = $23, gln = $24, un_locode = $25, time_zone = $26, active = $5, version = version + 1,
                       updated_at = now()
                 WHERE cluster_id = $1 AND site_id = $2 AND version = $3 AND ($4::uuid IS NULL OR member_id = $4)
                """,
                scope.cluster,
                site_id,
                version,
                scope.member_id,
                active,
                *_values(body, place),
            )
    except asyncpg.UniqueViolationError:
        return None
    return bool(tag == "UPDATE 1")


def _values(body: AddSite, place: Located) -> tuple[Any, ...]:
    """A site's columns, in the order of both statements."""
    return (
        body.code,
        body.name,
        body.address_line1,
        body.address_line2,
        body.locality,
        body.postal_code,
        body.subdivision,
        body.country_code,
        place.province_code,
        place.ward_code,
        None if body.legacy is None else msgspec.to_builtins(body.legacy),
        place.lat,
        place.lon,
        place.precision,
        None if body.opens_at is None else time.fromisoformat(body.opens_at),
        None if body.closes_at is None else time.fromisoformat(body.closes_at),
        None if body.hours is None else msgspec.to_builtins(body.hours),
        msgspec.to_builtins(body.docks),
        body.gln,
        body.un_locode,
        body.time_zone,
    )


async def sites(db: Connection, scope: Scope, after: UUID, limit: int) -> list[Site]:
    """Sites that the caller may see: its own and the shared ones; all for the coordinator."""
    rows = await db.fetch(
        """
        SELECT site_id, member_id, code, name, kind, address_line1, address_line2, locality, postal_code, subdivision,
               country_code, province_code, ward_code, legacy, lat, lon, location_precision,
               to_char(opens_at, 'HH24:MI') AS opens_at, to_char(closes_at, 'HH24:MI') AS closes_at, hours, docks, gln,
               un_locode, time_zone, active, version, created_at, updated_at
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
        SELECT site_id, member_id, code, name, kind, address_line1, address_line2, locality, postal_code, subdivision,
               country_code, province_code, ward_code, legacy, lat, lon, location_precision,
               to_char(opens_at, 'HH24:MI') AS opens_at, to_char(closes_at, 'HH24:MI') AS closes_at, hours, docks, gln,
               un_locode, time_zone, active, version, created_at, updated_at
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
    legacy, docks = fields.pop("legacy"), fields.pop("docks")
    return Site(
        id=ids.show("sit", fields.pop("site_id")),
        member_id=None if member_id is None else ids.show("mem", member_id),
        kind=SiteKind(fields.pop("kind")),
        location_precision=Precision(fields.pop("location_precision")),
        legacy=None if legacy is None else msgspec.convert(legacy, OldAddress),
        hours=_hours(fields.pop("hours")),
        docks=msgspec.convert(docks, list[Dock]),
        **fields,
    )


def _hours(stored: Any) -> OpeningHours | None:
    return None if stored is None else msgspec.convert(stored, OpeningHours)


async def site_refs(db: Connection, scope: Scope, site_ids: list[UUID]) -> dict[UUID, SiteRef]:
    """Those of the given sites that the caller may see, by identifier."""
    rows = await db.fetch(
        """
        SELECT site_id, member_id, kind, name, address_line1, country_code, lat, lon,
               to_char(opens_at, 'HH24:MI') AS opens_at, to_char(closes_at, 'HH24:MI') AS closes_at, hours, time_zone,
               active
          FROM sites
         WHERE cluster_id = $1 AND site_id = ANY($2) AND ($3::uuid IS NULL OR member_id IS NULL OR member_id = $3)
        """,
        scope.cluster,
        site_ids,
        scope.member_id,
    )
    return {
        row["site_id"]: SiteRef(
            kind=SiteKind(row["kind"]),
            hours=_hours(row["hours"]),
            **{name: value for name, value in row.items() if name not in {"kind", "hours"}},
        )
        for row in rows
    }
