"""SQL of taking events in, of any number of tours at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct, structs

from cluster.base.db import Connection, Scope
from cluster.dispatch.event_queries import NewEvent, NewOutcome, TourChange


async def hold(db: Connection, scope: Scope, tour_ids: Sequence[UUID], carrier_id: UUID | None) -> dict[UUID, Any]:
    """
    Tours, held until the transaction ends in the order of their identifiers, so that nobody waits in a ring.

    With ``carrier_id`` only those that are this carrier's at the moment in which they are held.
    """
    rows = await db.fetch(
        """
        SELECT tour_id, status, version, exception, carrier_id, now() AS now FROM tours
         WHERE cluster_id = $1 AND tour_id = ANY($2)
           AND ($3::uuid IS NULL OR (carrier_id = $3 AND status <> 'planned'))
         ORDER BY tour_id FOR UPDATE
        """,
        scope.cluster,
        tour_ids,
        carrier_id,
    )
    return {row["tour_id"]: row for row in rows}


async def standing(
    db: Connection, scope: Scope, tour_ids: Sequence[UUID], keys: Sequence[tuple[UUID, str]]
) -> list[asyncpg.Record]:
    """
    Every visit of these tours with its shipment's service and what became of it, and what is known already.

    Rows with an ``event_key`` are those of the given tours and keys under which events were taken before.
    """
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT tour_id, shipment_id, action, stop_no, outcome, outcome_at, member_id, service, status, event_key
          FROM (SELECT visit.tour_id, visit.shipment_id, visit.action, visit.stop_no, visit.visit_no, visit.outcome,
                       visit.outcome_at, shipment.member_id, shipment.service, shipment.status, NULL AS event_key
                  FROM tour_visits AS visit JOIN shipments AS shipment USING (cluster_id, shipment_id)
                 WHERE visit.cluster_id = $1 AND visit.tour_id = ANY($2)
                UNION ALL
                SELECT taken.tour_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, taken.event_key
                  FROM unnest($3::uuid[], $4::text[]) AS told (tour_id, event_key)
                  JOIN tracking_events AS taken
                    ON taken.cluster_id = $1 AND taken.tour_id = told.tour_id AND taken.event_key = told.event_key
               ) AS known
         ORDER BY tour_id, stop_no, visit_no
        """,
        scope.cluster,
        tour_ids,
        [tour_id for tour_id, _ in keys],
        [event_key for _, event_key in keys],
    )
    return found


async def known_keys(db: Connection, scope: Scope, keys: Sequence[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Those of the given tours and keys under which events were taken before."""
    rows = await standing(db, scope, [], keys)
    return {(row["tour_id"], row["event_key"]) for row in rows}


def _columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


Stops = Mapping[tuple[UUID, int], tuple[datetime | None, datetime | None]]
"""Tours and numbers of stops, with when a vehicle reached and left them."""


class Following(Struct, frozen=True, kw_only=True):
    """Events of tours to be kept, and what follows from them: at most one outcome of each visit."""

    events: Sequence[tuple[UUID, NewEvent]]
    outcomes: Sequence[tuple[UUID, NewOutcome]] = ()
    stops: Stops = {}
    changes: Mapping[UUID, TourChange] = {}


async def store(db: Connection, scope: Scope, new: Following) -> list[asyncpg.Record]:
    """
    Keeps events with all that follows, in one statement: it is what most reports wait for.

    Of arrivals at a stop the first report counts, of departures the last. Each tour that is changed is a new version;
    where it was seen counts if it is later. Returns state and version of those.
    """
    found: list[asyncpg.Record] = await db.fetch(
        """
        WITH kept AS (
            INSERT INTO tracking_events (cluster_id, tour_id, event_id, member_id, shipment_id, event_key, kind, source,
                                         stop_no, action, reason, units_done, note, at, told_at, applied, lat, lon,
                                         accuracy_m)
            SELECT $1, told.*
              FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                          $9::integer[], $10::text[], $11::text[], $12::integer[], $13::text[], $14::timestamptz[],
                          $15::timestamptz[], $16::boolean[], $17::float8[], $18::float8[], $19::integer[]) AS told
        ), outcomes AS (
            UPDATE tour_visits AS visit SET outcome = told.outcome, outcome_at = told.at, reason = told.reason,
                   units_done = told.units_done
              FROM unnest($20::uuid[], $21::uuid[], $22::text[], $23::text[], $24::timestamptz[], $25::text[],
                          $26::integer[]) AS told (tour_id, shipment_id, action, outcome, at, reason, units_done)
             WHERE visit.cluster_id = $1 AND visit.tour_id = told.tour_id AND visit.shipment_id = told.shipment_id
               AND visit.action = told.action
        ), times AS (
            UPDATE tour_stops AS stop
               SET arrived_at = least(stop.arrived_at, told.arrived_at), left_at = greatest(stop.left_at, told.left_at)
              FROM unnest($27::uuid[], $28::integer[], $29::timestamptz[], $30::timestamptz[])
                   AS told (tour_id, stop_no, arrived_at, left_at)
             WHERE stop.cluster_id = $1 AND stop.tour_id = told.tour_id AND stop.stop_no = told.stop_no)
        UPDATE tours SET status = coalesce(told.status, tours.status),
               started_at = least(tours.started_at, told.started_at),
               completed_at = coalesce(tours.completed_at, told.completed_at),
               exception = CASE WHEN told.exception IS NOT NULL THEN told.exception WHEN told.resolved THEN NULL
                                ELSE tours.exception END,
               lat = CASE WHEN told.seen_at > coalesce(tours.seen_at, '-infinity') THEN told.lat ELSE tours.lat END,
               lon = CASE WHEN told.seen_at > coalesce(tours.seen_at, '-infinity') THEN told.lon ELSE tours.lon END,
               seen_at = greatest(tours.seen_at, told.seen_at)
          FROM unnest($31::uuid[], $32::text[], $33::timestamptz[], $34::timestamptz[], $35::text[], $36::boolean[],
                      $37::float8[], $38::float8[], $39::timestamptz[])
               AS told (tour_id, status, started_at, completed_at, exception, resolved, lat, lon, seen_at)
         WHERE tours.cluster_id = $1 AND tours.tour_id = told.tour_id
        RETURNING tours.tour_id, tours.status, tours.version
        """,
        scope.cluster,
        *_columns([(tour_id, *structs.astuple(event)) for tour_id, event in new.events], 18),
        *_columns([(tour_id, *structs.astuple(outcome)) for tour_id, outcome in new.outcomes], 7),
        *_columns([(*stop, *at) for stop, at in new.stops.items()], 4),
        *_columns([(tour_id, *structs.astuple(told)) for tour_id, told in new.changes.items()], 9),
    )
    return found
