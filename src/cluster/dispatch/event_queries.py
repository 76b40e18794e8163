"""SQL of what happens on the road: events and proofs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct, structs

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.dispatch.event_models import Action, EventKind, EventSource, Proof, ProofKind, TrackingEvent
from cluster.dispatch.models import Outcome
from cluster.dispatch.reasons import Reason

OFFLINE_S = 120


class NewEvent(Struct, frozen=True, kw_only=True):
    """An event about to be kept; the order of fields is that of the columns."""

    event_id: UUID
    member_id: UUID | None
    shipment_id: UUID | None
    event_key: str
    kind: EventKind
    source: EventSource
    stop_no: int | None
    action: Action | None
    reason: Reason | None
    units_done: int | None
    note: str | None
    at: datetime
    told_at: datetime
    applied: bool
    lat: float | None
    lon: float | None
    accuracy_m: int | None


class NewOutcome(Struct, frozen=True, kw_only=True):
    """What became of a visit."""

    shipment_id: UUID
    action: Action
    outcome: Outcome
    at: datetime
    reason: Reason | None
    units_done: int | None


async def hold(db: Connection, scope: Scope, tour_id: UUID) -> Any:
    """A tour, held until the transaction ends; None if there is none."""
    return await db.fetchrow(
        """
        SELECT status, version, exception, now() AS now FROM tours
         WHERE cluster_id = $1 AND tour_id = $2 FOR UPDATE
        """,
        scope.cluster,
        tour_id,
    )


async def visits(db: Connection, scope: Scope, tour_id: UUID) -> list[asyncpg.Record]:
    """Every visit of a tour with its shipment's service, and what became of it."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT visit.shipment_id, visit.action, visit.stop_no, visit.outcome, visit.outcome_at, shipment.member_id,
               shipment.service, shipment.status
          FROM tour_visits AS visit JOIN shipments AS shipment USING (cluster_id, shipment_id)
         WHERE visit.cluster_id = $1 AND visit.tour_id = $2 ORDER BY stop_no, visit_no
        """,
        scope.cluster,
        tour_id,
    )
    return found


class TourChange(Struct, frozen=True, kw_only=True):
    """What reports change of a tour as a whole; None leaves it."""

    status: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    exception: Reason | None = None
    resolved: bool = False
    lat: float | None = None
    lon: float | None = None
    seen_at: datetime | None = None


async def events(
    db: Connection, scope: Scope, after: UUID, limit: int, tour_id: UUID | None, shipment_id: UUID | None
) -> list[TrackingEvent]:
    """Events that the caller may see, of a tour or of a shipment, in the order in which they came in."""
    rows = await db.fetch(
        """
        SELECT event_id, tour_id, event_key, kind, source, stop_no, shipment_id, action, reason, units_done, note, at,
               told_at, received_at, applied, lat, lon, accuracy_m
          FROM tracking_events
         WHERE cluster_id = $1 AND event_id > $2 AND ($3::uuid IS NULL OR tour_id = $3)
           AND ($4::uuid IS NULL OR shipment_id = $4) AND ($5::uuid IS NULL OR member_id = $5)
         ORDER BY event_id LIMIT $6
        """,
        scope.cluster,
        after,
        tour_id,
        shipment_id,
        scope.member_id,
        limit,
    )
    return [_event(row) for row in rows]


def _event(row: asyncpg.Record) -> TrackingEvent:
    fields = dict(row)
    fields["id"] = ids.show("tev", fields.pop("event_id"))
    fields["tour_id"] = ids.show("tor", fields["tour_id"])
    fields["shipment_id"] = None if row["shipment_id"] is None else ids.show("shp", row["shipment_id"])
    for name, kind in (("kind", EventKind), ("source", EventSource), ("action", Action), ("reason", Reason)):
        fields[name] = None if fields[name] is None else kind(fields[name])
    fields["offline"] = (row["received_at"] - row["at"]).total_seconds() > OFFLINE_S
    return TrackingEvent(**fields)


class NewProof(Struct, frozen=True, kw_only=True):
    """A proof about to be kept."""

    proof_id: UUID
    member_id: UUID
    shipment_id: UUID
    event_key: str
    action: Action
    kind: ProofKind
    media_type: str
    size_bytes: int
    sha256: str
    signer_name: str | None
    taken_at: datetime


async def count_proofs(db: Connection, scope: Scope, tour_id: UUID, shipment_id: UUID, action: Action) -> int:
    """How many proofs a visit has."""
    found: int = await db.fetchval(
        "SELECT count(*) FROM proofs WHERE cluster_id = $1 AND tour_id = $2 AND shipment_id = $3 AND action = $4",
        scope.cluster,
        tour_id,
        shipment_id,
        action,
    )
    return found


async def insert_proof(db: Connection, scope: Scope, tour_id: UUID, new: NewProof, content: bytes) -> None:
    """Keeps a proof with its content, of a tour that is held: nobody else uses its key meanwhile."""
    await db.execute(
        """
        INSERT INTO proofs (cluster_id, tour_id, proof_id, member_id, shipment_id, event_key, action, kind, media_type,
                            size_bytes, sha256, signer_name, taken_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        scope.cluster,
        tour_id,
        *structs.astuple(new),
    )
    await db.execute(
        "INSERT INTO proof_contents (cluster_id, proof_id, member_id, content) VALUES ($1, $2, $3, $4)",
        scope.cluster,
        new.proof_id,
        new.member_id,
        content,
    )


async def proofs(
    db: Connection,
    scope: Scope,
    *,
    shipment_id: UUID | None = None,
    proof_id: UUID | None = None,
    tour_key: tuple[UUID, str] | None = None,
) -> list[Proof]:
    """Proofs that the caller may see: of a shipment, the one asked for, or the one with a key on a tour."""
    tour_id, key = tour_key or (None, None)
    rows = await db.fetch(
        """
        SELECT proof_id, tour_id, shipment_id, action, kind, media_type, size_bytes, sha256, signer_name, taken_at,
               received_at, erased_at
          FROM proofs
         WHERE cluster_id = $1 AND ($2::uuid IS NULL OR shipment_id = $2) AND ($3::uuid IS NULL OR proof_id = $3)
           AND ($4::uuid IS NULL OR tour_id = $4) AND ($5::text IS NULL OR event_key = $5)
           AND ($6::uuid IS NULL OR member_id = $6)
         ORDER BY proof_id
        """,
        scope.cluster,
        shipment_id,
        proof_id,
        tour_id,
        key,
        scope.member_id,
    )
    return [_proof(row) for row in rows]


def _proof(row: asyncpg.Record) -> Proof:
    fields = dict(row)
    for name, prefix in (("proof_id", "pod"), ("tour_id", "tor"), ("shipment_id", "shp")):
        fields[name] = ids.show(prefix, fields[name])
    fields["id"] = fields.pop("proof_id")
    fields["action"], fields["kind"] = Action(row["action"]), ProofKind(row["kind"])
    return Proof(**fields)


async def content(db: Connection, scope: Scope, proof_id: UUID) -> bytes | None:
    """What a proof shows; None where there is none that the caller may see."""
    found: bytes | None = await db.fetchval(
        """
        SELECT content FROM proof_contents
         WHERE cluster_id = $1 AND proof_id = $2 AND ($3::uuid IS NULL OR member_id = $3)
        """,
        scope.cluster,
        proof_id,
        scope.member_id,
    )
    return found


async def proofs_to_forget(
    db: Connection, scope: Scope, member_id: UUID, until: date, after: UUID, limit: int
) -> list[UUID]:
    """A member's proofs of service days up to ``until`` whose persons are not erased, by identifier."""
    rows = await db.fetch(
        """
        SELECT proof_id FROM proofs JOIN tours USING (cluster_id, tour_id)
          JOIN pool_windows USING (cluster_id, pool_window_id)
         WHERE proofs.cluster_id = $1 AND member_id = $2 AND service_date <= $3 AND proof_id > $4 AND erased_at IS NULL
         ORDER BY proof_id LIMIT $5
        """,
        scope.cluster,
        member_id,
        until,
        after,
        limit,
    )
    return [row["proof_id"] for row in rows]


async def forget_notes(db: Connection, scope: Scope, member_id: UUID, until: date, limit: int) -> int:
    """
    Takes words and places out of at most ``limit`` events of a member's shipments, of service days up to ``until``.

    Returns how many there were.
    """
    done = await db.execute(
        """
        UPDATE tracking_events SET note = NULL, lat = NULL, lon = NULL, accuracy_m = NULL
         WHERE cluster_id = $1 AND event_id IN (
               SELECT event_id FROM tours JOIN pool_windows USING (cluster_id, pool_window_id)
                 JOIN tracking_events USING (cluster_id, tour_id)
                WHERE cluster_id = $1 AND service_date <= $3 AND member_id = $2
                  AND (note IS NOT NULL OR tracking_events.lat IS NOT NULL)
                LIMIT $4)
        """,
        scope.cluster,
        member_id,
        until,
        limit,
    )
    return int(done.rpartition(" ")[2])


async def forget_places(db: Connection, scope: Scope, member_id: UUID, until: date) -> None:
    """Tours of a member's shipments up to ``until`` no longer say where their vehicles were seen last."""
    await db.execute(
        """
        UPDATE tours SET lat = NULL, lon = NULL
         WHERE cluster_id = $1 AND lat IS NOT NULL AND status IN ('completed', 'cancelled')
           AND tour_id IN (SELECT tour_id FROM tours JOIN pool_windows USING (cluster_id, pool_window_id)
                             JOIN tour_visits USING (cluster_id, tour_id) JOIN shipments USING (cluster_id, shipment_id)
                            WHERE cluster_id = $1 AND service_date <= $3 AND member_id = $2)
        """,
        scope.cluster,
        member_id,
        until,
    )


async def forget_proofs(db: Connection, scope: Scope, proof_ids: list[UUID]) -> None:
    """Takes persons out of proofs: the fact and the digest stay."""
    await db.execute(
        """
        WITH content AS (
            UPDATE proof_contents SET content = '' WHERE cluster_id = $1 AND proof_id = ANY($2))
        UPDATE proofs SET signer_name = NULL, erased_at = now() WHERE cluster_id = $1 AND proof_id = ANY($2)
        """,
        scope.cluster,
        proof_ids,
    )
