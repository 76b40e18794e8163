"""SQL of links."""

from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.dispatch.models import Link


class LinkKind(Enum):
    """Whom a link is for."""

    DRIVER = "driver"
    CONSIGNEE = "consignee"


async def insert(
    db: Connection,
    scope: Scope,
    kind: LinkKind,
    link_id: UUID,
    thing_id: UUID,
    member_id: UUID | None,
    digest: bytes,
    expires_at: datetime,
) -> None:
    """A fresh link to a tour, or to a shipment of that member."""
    if kind is LinkKind.DRIVER:
        await db.execute(
            "INSERT INTO driver_links (cluster_id, link_id, tour_id, hash, expires_at) VALUES ($1, $2, $3, $4, $5)",
            scope.cluster,
            link_id,
            thing_id,
            digest,
            expires_at,
        )
        return
    await db.execute(
        """
        INSERT INTO tracking_links (cluster_id, link_id, shipment_id, hash, expires_at, member_id)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        scope.cluster,
        link_id,
        thing_id,
        digest,
        expires_at,
        member_id,
    )


async def links(db: Connection, scope: Scope, kind: LinkKind, thing_id: UUID) -> list[Link]:
    """Links of a tour or a shipment that the caller may see, the newest last."""
    if kind is LinkKind.DRIVER:
        rows = await db.fetch(
            """
            SELECT link_id, created_at, expires_at, revoked_at, used_at FROM driver_links
             WHERE cluster_id = $1 AND tour_id = $2 ORDER BY link_id
            """,
            scope.cluster,
            thing_id,
        )
    else:
        rows = await db.fetch(
            """
            SELECT link_id, created_at, expires_at, revoked_at, used_at FROM tracking_links
             WHERE cluster_id = $1 AND shipment_id = $2 AND ($3::uuid IS NULL OR member_id = $3) ORDER BY link_id
            """,
            scope.cluster,
            thing_id,
            scope.member_id,
        )
    return [_link(row) for row in rows]


def _link(row: asyncpg.Record) -> Link:
    return Link(
        id=ids.show("lnk", row["link_id"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        used_at=row["used_at"],
    )


async def revoke(db: Connection, scope: Scope, kind: LinkKind, thing_id: UUID, link_id: UUID) -> bool:
    """Closes a link for good; says whether there is one."""
    if kind is LinkKind.DRIVER:
        done = await db.fetchval(
            """
            UPDATE driver_links SET revoked_at = coalesce(revoked_at, now())
             WHERE cluster_id = $1 AND tour_id = $2 AND link_id = $3 RETURNING true
            """,
            scope.cluster,
            thing_id,
            link_id,
        )
    else:
        done = await db.fetchval(
            """
            UPDATE tracking_links SET revoked_at = coalesce(revoked_at, now())
             WHERE cluster_id = $1 AND shipment_id = $2 AND link_id = $3 AND ($4::uuid IS NULL OR member_id = $4)
            RETURNING true
            """,
            scope.cluster,
            thing_id,
            link_id,
            scope.member_id,
        )
    return bool(done)


async def close_of_past(db: Connection, scope: Scope, member_id: UUID, until: date) -> None:
    """Closes consignees' links to a member's shipments of service days up to ``until``."""
    await db.execute(
        """
        UPDATE tracking_links SET revoked_at = now()
         WHERE cluster_id = $1 AND member_id = $2 AND revoked_at IS NULL AND expires_at > now()
           AND shipment_id IN (SELECT shipment_id FROM shipments JOIN pool_windows USING (cluster_id, pool_window_id)
                                WHERE cluster_id = $1 AND member_id = $2 AND service_date <= $3)
        """,
        scope.cluster,
        member_id,
        until,
    )


async def find(db: Connection, kind: LinkKind, digest: bytes) -> Any:
    """The live link with this digest, None if there is none."""
    if kind is LinkKind.DRIVER:
        # any-cluster: which cluster a token belongs to is what is being asked
        return await db.fetchrow(
            """
            SELECT cluster_id, link_id, tour_id AS thing_id, expires_at FROM driver_links
             WHERE hash = $1 AND revoked_at IS NULL AND expires_at > now()
            """,
            digest,
        )
    # any-cluster: which cluster a token belongs to is what is being asked
    return await db.fetchrow(
        """
        SELECT cluster_id, link_id, shipment_id AS thing_id, expires_at FROM tracking_links
         WHERE hash = $1 AND revoked_at IS NULL AND expires_at > now()
        """,
        digest,
    )


async def note_use(db: Connection, scope: Scope, kind: LinkKind, link_id: UUID, every: timedelta) -> None:
    """Writes down when a link was used, if that is not known well enough."""
    if kind is LinkKind.DRIVER:
        await db.execute(
            """
            UPDATE driver_links SET used_at = now()
             WHERE cluster_id = $1 AND link_id = $2 AND coalesce(used_at < now() - $3::interval, true)
            """,
            scope.cluster,
            link_id,
            every,
        )
        return
    await db.execute(
        """
        UPDATE tracking_links SET used_at = now()
         WHERE cluster_id = $1 AND link_id = $2 AND coalesce(used_at < now() - $3::interval, true)
        """,
        scope.cluster,
        link_id,
        every,
    )
