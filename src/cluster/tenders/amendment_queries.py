"""SQL of amendments."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.dispatch.agreeing_models import Ahead
from cluster.tenders.amendment_models import (
    AmendedTour,
    Amendment,
    AmendmentAnswer,
    AmendmentStatus,
    CarrierAmendment,
)
from cluster.tenders.models import DeclineReason


class Wanted(Struct, frozen=True, kw_only=True):
    """Which amendments are asked for; what is None does not matter."""

    amendment_ids: Sequence[UUID] | None = None
    tour_id: UUID | None = None
    plan_id: UUID | None = None
    carrier_id: UUID | None = None
    status: AmendmentStatus | None = None


class Held(Struct, frozen=True, kw_only=True):
    """
    An amendment that nobody else changes until the transaction ends.

    ``over`` is whether its time has passed by the clock after it was got hold of, ``moot`` whether its tour or plan is
    no longer such that it could come about.
    """

    amendment_id: UUID
    tour_id: UUID
    carrier_id: UUID
    plan_id: UUID
    status: AmendmentStatus
    answer_reason: str | None
    applied: bool
    over: bool
    moot: bool


async def stops(db: Connection, scope: Scope, visits: Sequence[Ahead]) -> list[asyncpg.Record]:
    """Stops of visits with what a carrier may know of them before it agrees."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT visit.stop_no, min(visit.arrives_at) AS arrives_at, max(visit.departs_at) AS departs_at,
               min(place.locality) AS locality, min(place.postal_code) AS postal_code,
               min(place.country_code) AS country_code, min(place.lat) AS lat, min(place.lon) AS lon,
               max(place.window_start) AS window_start, min(place.window_end) AS window_end,
               count(*) FILTER (WHERE visit.action = 'pickup') AS pickups,
               count(*) FILTER (WHERE visit.action = 'delivery') AS deliveries,
               sum(goods.units)::bigint AS units, sum(shipment.weight_g)::bigint AS weight_g,
               array_agg(DISTINCT shipment.temperature_class) AS temperature_classes,
               array(SELECT DISTINCT un_number FROM handling_units AS unit
                      WHERE unit.cluster_id = $1 AND un_number IS NOT NULL
                        AND unit.shipment_id = ANY(array_agg(visit.shipment_id)) ORDER BY un_number) AS un_numbers
          FROM unnest($2::integer[], $3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[])
                 AS visit (stop_no, shipment_id, action, arrives_at, departs_at)
          JOIN shipments AS shipment ON shipment.cluster_id = $1 AND shipment.shipment_id = visit.shipment_id
          JOIN shipment_stops AS place
            ON place.cluster_id = $1 AND place.shipment_id = visit.shipment_id AND place.action = visit.action
          CROSS JOIN LATERAL (SELECT coalesce(sum(units), 0) AS units FROM handling_units AS unit
                               WHERE unit.cluster_id = $1 AND unit.shipment_id = visit.shipment_id) AS goods
         GROUP BY visit.stop_no ORDER BY visit.stop_no
        """,
        scope.cluster,
        [visit.stop_no for visit in visits],
        [visit.shipment_id for visit in visits],
        [visit.action for visit in visits],
        [visit.arrives_at for visit in visits],
        [visit.departs_at for visit in visits],
    )
    return found


async def held_tours(db: Connection, scope: Scope, plan_id: UUID) -> set[UUID]:
    """Tours about which something is asked, agreed or imposed for this plan."""
    rows = await db.fetch(
        """
        SELECT tour_id FROM amendments
         WHERE cluster_id = $1 AND plan_id = $2 AND status IN ('open', 'accepted', 'imposed')
        """,
        scope.cluster,
        plan_id,
    )
    return {row["tour_id"] for row in rows}


async def hold(db: Connection, scope: Scope, amendment_id: UUID) -> Held | None:
    """An amendment, held until the transaction ends."""
    row = await db.fetchrow(
        "SELECT amendment_id FROM amendments WHERE cluster_id = $1 AND amendment_id = $2 FOR UPDATE",
        scope.cluster,
        amendment_id,
    )
    if row is None:
        return None
    # A statement of its own: what whoever held it before has done must be seen, and the clock be the one of now.
    held = await db.fetchrow(
        """
        SELECT amendment_id, tour_id, asked.carrier_id, asked.plan_id, asked.status, answer_reason,
               applied_at IS NOT NULL AS applied, deadline_at <= clock_timestamp() AS over,
               tours.status IN ('completed', 'cancelled')
               OR plans.status NOT IN ('solved', 'superseded', 'published') AS moot
          FROM amendments AS asked JOIN tours USING (cluster_id, tour_id)
          JOIN plans ON plans.cluster_id = asked.cluster_id AND plans.plan_id = asked.plan_id
         WHERE asked.cluster_id = $1 AND amendment_id = $2
        """,
        scope.cluster,
        amendment_id,
    )
    return Held(**{**dict(held), "status": AmendmentStatus(held["status"])})


async def due(db: Connection, limit: int) -> list[asyncpg.Record]:
    """Open amendments whose time has passed, of all clusters."""
    # any-cluster: the worker serves all clusters
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT cluster_id, amendment_id FROM amendments
         WHERE status = 'open' AND deadline_at <= clock_timestamp() ORDER BY deadline_at LIMIT $1
        """,
        limit,
    )
    return found


async def own(
    db: Connection, scope: Scope, after: UUID, limit: int, status: AmendmentStatus | None, only: UUID | None = None
) -> list[UUID]:
    """Amendments of the calling carrier's, as row-level security has them, oldest first."""
    rows = await db.fetch(
        """
        SELECT amendment_id FROM amendments
         WHERE cluster_id = $1 AND carrier_id = $2 AND amendment_id > $3 AND ($4::text IS NULL OR status = $4)
           AND ($5::uuid IS NULL OR amendment_id = $5)
         ORDER BY amendment_id LIMIT $6
        """,
        scope.cluster,
        scope.carrier_id,
        after,
        status,
        only,
        limit,
    )
    return [row["amendment_id"] for row in rows]


async def amendments(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Wanted) -> list[Amendment]:
    """Amendments as the coordinator sees them, oldest first."""
    rows = await db.fetch(
        """
        SELECT asked.*, tours.code, firm.name AS carrier_name, owner.currency
          FROM amendments AS asked JOIN tours USING (cluster_id, tour_id)
          JOIN carriers AS firm ON firm.cluster_id = asked.cluster_id AND firm.carrier_id = asked.carrier_id
          JOIN clusters AS owner ON owner.cluster_id = asked.cluster_id
         WHERE asked.cluster_id = $1 AND amendment_id > $2 AND ($3::uuid[] IS NULL OR asked.amendment_id = ANY($3))
           AND ($4::uuid IS NULL OR tour_id = $4) AND ($5::uuid IS NULL OR asked.plan_id = $5)
           AND ($6::uuid IS NULL OR asked.carrier_id = $6) AND ($7::text IS NULL OR asked.status = $7)
         ORDER BY amendment_id LIMIT $8
        """,
        scope.cluster,
        after,
        wanted.amendment_ids,
        wanted.tour_id,
        wanted.plan_id,
        wanted.carrier_id,
        wanted.status,
        limit,
    )
    return [_amendment(row) for row in rows]


def _amendment(row: Any) -> Amendment:
    answered = None
    if row["answered_at"] is not None:
        answered = AmendmentAnswer(
            reason=None if row["answer_reason"] is None else DeclineReason(row["answer_reason"]),
            note=row["answer_note"],
            answered_at=row["answered_at"],
        )
    return Amendment(
        id=ids.show("amd", row["amendment_id"]),
        tour_id=ids.show("tor", row["tour_id"]),
        tour_code=row["code"],
        status=AmendmentStatus(row["status"]),
        version=row["version"],
        currency=row["currency"],
        before=msgspec.convert(row["before"], AmendedTour),
        after=msgspec.convert(row["after"], AmendedTour),
        note=row["note"],
        deadline_at=row["deadline_at"],
        answer=answered,
        urgent_reason=row["urgent_reason"],
        decided_at=row["decided_at"],
        applied_at=row["applied_at"],
        created_at=row["created_at"],
        carrier_id=ids.show("car", row["carrier_id"]),
        carrier_name=row["carrier_name"],
        plan_id=ids.show("plan", row["plan_id"]),
    )


def for_carrier(found: Amendment) -> CarrierAmendment:
    """The same without whose plan it is."""
    return CarrierAmendment(**{name: getattr(found, name) for name in CarrierAmendment.__struct_fields__})
