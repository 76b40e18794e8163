"""SQL of erasing consignees."""

from datetime import date
from uuid import UUID

from cluster.base.db import Connection, Scope


async def past(db: Connection, scope: Scope, member_id: UUID, until: date, after: UUID, limit: int) -> list[UUID]:
    """A member's shipments with a service day up to ``until`` that are not under way, by identifier."""
    rows = await db.fetch(
        """
        SELECT held.shipment_id FROM shipments AS held LEFT JOIN pool_windows AS day USING (cluster_id, pool_window_id)
         WHERE held.cluster_id = $1 AND held.member_id = $2 AND held.shipment_id > $4
           AND coalesce(day.service_date, held.created_at::date) <= $3
           AND held.status NOT IN ('dispatched', 'picked_up', 'at_hub', 'in_transit', 'at_customs', 'out_for_delivery',
                                   'ready_for_pickup', 'on_hold', 'return_to_sender')
         ORDER BY held.shipment_id LIMIT $5
        """,
        scope.cluster,
        member_id,
        until,
        after,
        limit,
    )
    return [row["shipment_id"] for row in rows]


async def forget_ends(db: Connection, scope: Scope, shipments: list[UUID], salt: bytes) -> int:
    """
    Gives the ends of shipments that are no sites a pseudonym, and leaves their place to a kilometre.

    The same person at the same address gets the same pseudonym within one erasure, so that the business record still
    tells a customer who came back.
    """
    done = await db.execute(
        """
        UPDATE shipment_stops
           SET name = 'erased-' || left(encode(sha256($3::bytea || convert_to(name || '|' || address_line1, 'UTF8')),
                                               'hex'), 12),
               address_line1 = 'erased', address_line2 = NULL, instructions = NULL,
               lat = round(lat::numeric, 2)::double precision, lon = round(lon::numeric, 2)::double precision
         WHERE cluster_id = $1 AND shipment_id = ANY($2) AND site_id IS NULL AND address_line1 <> 'erased'
        """,
        scope.cluster,
        shipments,
        salt,
    )
    return int(done.rpartition(" ")[2])


async def forget_contacts(db: Connection, scope: Scope, shipments: list[UUID]) -> int:
    """Takes out whom to ask for at the ends of shipments."""
    done = await db.execute(
        "DELETE FROM shipment_contacts WHERE cluster_id = $1 AND shipment_id = ANY($2)", scope.cluster, shipments
    )
    return int(done.rpartition(" ")[2])


async def forget_words(db: Connection, scope: Scope, shipments: list[UUID]) -> None:
    """
    Takes out what may name a person in a shipment itself: what a search looks at, notes of clients and of drivers.

    All shipments get another version, for their ends are shown with them, and nothing shown before may be shown again.
    """
    await db.execute(
        """
        UPDATE shipments SET search_text = lower(client_ref), metadata = '{}',
               status_reason = CASE WHEN status_reason IS NOT NULL THEN 'erased' END
         WHERE cluster_id = $1 AND shipment_id = ANY($2)
        """,
        scope.cluster,
        shipments,
    )
    await db.execute(
        """
        UPDATE shipment_events SET reason = 'erased'
         WHERE cluster_id = $1 AND shipment_id = ANY($2) AND reason IS NOT NULL
        """,
        scope.cluster,
        shipments,
    )
