"""SQL of what is tendered, of those who may be asked, and of offers as their carriers see them."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.tenders.models import Offer, OfferStatus, TenderContent
from cluster.tenders.queries import answer_of


async def tour(db: Connection, scope: Scope, tour_id: UUID) -> asyncpg.Record | None:
    """A tour to be tendered, with its window, vehicle, cluster and start."""
    return await db.fetchrow(
        """
        SELECT tour_id, tours.version, tours.status, plan_id, route_no, tours.pool_window_id, service_date, starts_at,
               ends_at, distance_m, tours.carrier_id, kind.carrier_id AS owner_id, kind.name AS vehicle,
               owner.time_zone, owner.currency, base.name AS start_name, base.lat AS start_lat, base.lon AS start_lon
          FROM tours JOIN pool_windows USING (cluster_id, pool_window_id)
          JOIN vehicle_types AS kind USING (cluster_id, vehicle_type_id)
          JOIN clusters AS owner USING (cluster_id)
          JOIN sites AS base ON base.cluster_id = tours.cluster_id AND base.site_id = kind.start_site_id
         WHERE tours.cluster_id = $1 AND tour_id = $2
        """,
        scope.cluster,
        tour_id,
    )


async def stops(db: Connection, scope: Scope, tour_id: UUID) -> list[asyncpg.Record]:
    """Stops of a tour with what a carrier may know of them beforehand."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT stop_no, stop.arrives_at, stop.departs_at, min(place.locality) AS locality,
               min(place.postal_code) AS postal_code, min(place.country_code) AS country_code, min(place.lat) AS lat,
               min(place.lon) AS lon, max(place.window_start) AS window_start, min(place.window_end) AS window_end,
               count(*) FILTER (WHERE visit.action = 'pickup') AS pickups,
               count(*) FILTER (WHERE visit.action = 'delivery') AS deliveries,
               sum(goods.units)::bigint AS units, sum(shipment.weight_g)::bigint AS weight_g,
               array_agg(DISTINCT shipment.temperature_class) AS temperature_classes,
               array(SELECT DISTINCT un_number FROM handling_units AS unit
                      WHERE unit.cluster_id = $1 AND un_number IS NOT NULL
                        AND unit.shipment_id = ANY(array_agg(visit.shipment_id)) ORDER BY un_number) AS un_numbers
          FROM tour_visits AS visit
          JOIN tour_stops AS stop USING (cluster_id, tour_id, stop_no)
          JOIN shipments AS shipment USING (cluster_id, shipment_id)
          JOIN shipment_stops AS place USING (cluster_id, shipment_id, action)
          CROSS JOIN LATERAL (SELECT coalesce(sum(units), 0) AS units FROM handling_units AS unit
                               WHERE unit.cluster_id = $1 AND unit.shipment_id = visit.shipment_id) AS goods
         WHERE visit.cluster_id = $1 AND visit.tour_id = $2 AND visit.outcome IS NULL
         GROUP BY stop_no, stop.arrives_at, stop.departs_at ORDER BY stop_no
        """,
        scope.cluster,
        tour_id,
    )
    return found


async def load(db: Connection, scope: Scope, tour_id: UUID) -> Any:
    """Shipments of a tour and their weight."""
    return await db.fetchrow(
        """
        SELECT count(*) AS shipments, coalesce(sum(weight_g), 0)::bigint AS weight_g FROM shipments
         WHERE cluster_id = $1 AND shipment_id IN (SELECT shipment_id FROM tour_visits
                                                    WHERE cluster_id = $1 AND tour_id = $2 AND outcome IS NULL)
        """,
        scope.cluster,
        tour_id,
    )


async def offers(
    db: Connection,
    scope: Scope,
    carrier_id: UUID,
    after: UUID,
    limit: int,
    *,
    status: OfferStatus | None = None,
    only: UUID | None = None,
) -> list[Offer]:
    """Offers that a carrier was asked, oldest first."""
    rows = await db.fetch(
        """
        SELECT offer_id, status, version, price_minor, note, content, asked_at, deadline_at, answered_at, answer_minor,
               answer_starts_at, answer_reason, answer_note, decided_at,
               (SELECT tour_id FROM tours WHERE tours.cluster_id = $1 AND tours.carrier_id = $2
                                            AND tours.tender_offer_id = one.offer_id) AS tour_id
          FROM tender_offers AS one
         WHERE cluster_id = $1 AND carrier_id = $2 AND asked_at IS NOT NULL AND offer_id > $3
           AND ($5::text IS NULL OR status = $5) AND ($6::uuid IS NULL OR offer_id = $6)
         ORDER BY offer_id LIMIT $4
        """,
        scope.cluster,
        carrier_id,
        after,
        limit,
        status,
        only,
    )
    return [_offer(row) for row in rows]


def _offer(row: asyncpg.Record) -> Offer:
    content = msgspec.convert(row["content"], TenderContent)
    return Offer(
        id=ids.show("ofr", row["offer_id"]),
        status=OfferStatus(row["status"]),
        version=row["version"],
        price_minor=row["price_minor"],
        currency=content.currency,
        note=row["note"],
        asked_at=row["asked_at"],
        deadline_at=row["deadline_at"],
        answer=answer_of(row),
        decided_at=row["decided_at"],
        tour_id=None if row["tour_id"] is None else ids.show("tor", row["tour_id"]),
        content=content,
    )


async def tender_of(db: Connection, scope: Scope, carrier_id: UUID, offer_id: UUID) -> UUID | None:
    """The tender of an offer that a carrier was asked."""
    found: UUID | None = await db.fetchval(
        """
        SELECT tender_id FROM tender_offers
         WHERE cluster_id = $1 AND offer_id = $2 AND carrier_id = $3 AND asked_at IS NOT NULL
        """,
        scope.cluster,
        offer_id,
        carrier_id,
    )
    return found
