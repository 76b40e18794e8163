"""SQL of tenders and offers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.tenders.awarding import Record, Standing, scores
from cluster.tenders.models import (
    AwardRule,
    CloseReason,
    DeclineReason,
    OfferAnswer,
    OfferStatus,
    Tender,
    TenderContent,
    TenderMode,
    TenderOffer,
    TenderStatus,
)

RECORD_DAYS = 90


class Held(Struct, frozen=True, kw_only=True):
    """A tender that nobody else changes until the transaction ends; ``now`` is the clock after it was got hold of."""

    tender_id: UUID
    tour_id: UUID
    tour_version: int
    mode: TenderMode
    award_rule: AwardRule
    status: TenderStatus
    price_minor: int
    ceiling_minor: int | None
    respond_s: int
    dispatches: bool
    deadline_at: datetime | None
    now: datetime


class NewTender(Struct, frozen=True, kw_only=True):
    """A tender about to be made."""

    tender_id: UUID
    tour_id: UUID
    tour_version: int
    mode: TenderMode
    award_rule: AwardRule
    price_minor: int
    ceiling_minor: int | None
    respond_s: int
    dispatches: bool
    note: str | None
    content: TenderContent


async def insert(db: Connection, scope: Scope, new: NewTender) -> bool:
    """A tender without offers; False where the tour is tendered already."""
    done = await db.fetchval(
        """
        INSERT INTO tenders (cluster_id, tender_id, tour_id, tour_version, mode, award_rule, price_minor, ceiling_minor,
                             respond_s, dispatches, note, content, deadline_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
                clock_timestamp() + make_interval(secs => $9::integer::double precision))
        ON CONFLICT (cluster_id, tour_id) WHERE status IN ('open', 'deciding') DO NOTHING RETURNING true
        """,
        scope.cluster,
        new.tender_id,
        new.tour_id,
        new.tour_version,
        new.mode,
        new.award_rule,
        new.price_minor,
        new.ceiling_minor,
        new.respond_s,
        new.dispatches,
        new.note,
        msgspec.to_builtins(new.content),
    )
    return bool(done)


class Moved(Struct, frozen=True, kw_only=True):
    """An offer just made or moved, as far as its carrier is told of it; ``asked`` is whether it ever was."""

    offer_id: UUID
    carrier_id: UUID
    asked: bool
    price_minor: int
    deadline_at: datetime | None


async def insert_offers(
    db: Connection, scope: Scope, tender_id: UUID, carriers: Sequence[UUID], *, together: bool
) -> list[Moved]:
    """Offers to carriers, in their order; all asked ``together``, or the first alone."""
    rows = await db.fetch(
        """
        INSERT INTO tender_offers (cluster_id, offer_id, tender_id, carrier_id, step_no, status, price_minor, note,
                                   content, asked_at, deadline_at)
        SELECT cluster_id, offer_id, tender_id, carrier_id, step_no,
               CASE WHEN asked THEN 'open' ELSE 'waiting' END, price_minor, note, content,
               CASE WHEN asked THEN clock_timestamp() END, CASE WHEN asked THEN deadline_at END
          FROM tenders, unnest($3::uuid[], $4::uuid[]) WITH ORDINALITY AS fresh (offer_id, carrier_id, step_no)
          CROSS JOIN LATERAL (SELECT $5 OR step_no = 1 AS asked) AS turn
         WHERE cluster_id = $1 AND tender_id = $2
        RETURNING offer_id, carrier_id, asked_at IS NOT NULL AS asked, price_minor, deadline_at
        """,
        scope.cluster,
        tender_id,
        [ids.new() for _ in carriers],
        list(carriers),
        together,
    )
    return [Moved(**dict(row)) for row in rows]


async def where(db: Connection, scope: Scope, tender_id: UUID) -> asyncpg.Record | None:
    """The tour and the pool window of a tender."""
    return await db.fetchrow(
        """
        SELECT tour_id, pool_window_id FROM tenders JOIN tours USING (cluster_id, tour_id)
         WHERE cluster_id = $1 AND tender_id = $2
        """,
        scope.cluster,
        tender_id,
    )


async def hold(db: Connection, scope: Scope, tender_id: UUID) -> Held:
    """A tender, held until the transaction ends; whoever holds one holds its tour already."""
    row = await db.fetchrow(
        """
        SELECT tender_id, tour_id, tour_version, mode, award_rule, status, price_minor, ceiling_minor, respond_s,
               dispatches, deadline_at
          FROM tenders WHERE cluster_id = $1 AND tender_id = $2 FOR UPDATE
        """,
        scope.cluster,
        tender_id,
    )
    fields = dict(row)
    for name, kind in (("mode", TenderMode), ("award_rule", AwardRule), ("status", TenderStatus)):
        fields[name] = kind(fields[name])
    return Held(now=await db.fetchval("SELECT clock_timestamp()"), **fields)


async def standings(db: Connection, scope: Scope, tender_id: UUID) -> list[Standing]:
    """Offers of a tender, in the order of their steps."""
    rows = await db.fetch(
        """
        SELECT offer_id, carrier_id, one.status, answer_minor, answer_starts_at, answered_at,
               firm.status = 'suspended' AS suspended
          FROM tender_offers AS one JOIN carriers AS firm USING (cluster_id, carrier_id)
         WHERE one.cluster_id = $1 AND tender_id = $2 ORDER BY step_no
        """,
        scope.cluster,
        tender_id,
    )
    return [Standing(**{**dict(row), "status": OfferStatus(row["status"])}) for row in rows]


async def answer(
    db: Connection, scope: Scope, offer_id: UUID, status: OfferStatus, said: OfferAnswer, deadline_at: datetime | None
) -> None:
    """What a carrier said."""
    await db.execute(
        """
        UPDATE tender_offers SET status = $3, answered_at = $4, answer_minor = $5, answer_starts_at = $6,
               answer_reason = $7, answer_note = $8, deadline_at = coalesce($9, deadline_at)
         WHERE cluster_id = $1 AND offer_id = $2
        """,
        scope.cluster,
        offer_id,
        status,
        said.answered_at,
        said.price_minor,
        said.starts_at,
        said.reason,
        said.note,
        deadline_at,
    )


async def ask(db: Connection, scope: Scope, tender_id: UUID, offer_id: UUID, deadline_at: datetime) -> list[Moved]:
    """It is the next carrier's turn."""
    rows = await db.fetch(
        """
        UPDATE tender_offers SET status = 'open', asked_at = clock_timestamp(), deadline_at = $3
         WHERE cluster_id = $1 AND offer_id = $2
        RETURNING offer_id, carrier_id, true AS asked, price_minor, deadline_at
        """,
        scope.cluster,
        offer_id,
        deadline_at,
    )
    await wait_until(db, scope, tender_id, deadline_at)
    return [Moved(**dict(row)) for row in rows]


async def wait_until(db: Connection, scope: Scope, tender_id: UUID, deadline_at: datetime) -> None:
    """When a tender goes on by itself."""
    await db.execute(
        "UPDATE tenders SET deadline_at = $3 WHERE cluster_id = $1 AND tender_id = $2",
        scope.cluster,
        tender_id,
        deadline_at,
    )


async def settle(
    db: Connection, scope: Scope, tender_id: UUID, was: Sequence[OfferStatus], status: OfferStatus
) -> list[Moved]:
    """Moves all offers of a tender that stand at one of ``was``; returns them."""
    rows = await db.fetch(
        """
        UPDATE tender_offers SET status = $4, decided_at = clock_timestamp()
         WHERE cluster_id = $1 AND tender_id = $2 AND status = ANY($3)
        RETURNING offer_id, carrier_id, asked_at IS NOT NULL AS asked, price_minor, deadline_at
        """,
        scope.cluster,
        tender_id,
        list(was),
        status,
    )
    return [Moved(**dict(row)) for row in rows]


async def award(db: Connection, scope: Scope, offer_id: UUID) -> list[Moved]:
    """An offer wins."""
    rows = await db.fetch(
        """
        UPDATE tender_offers SET status = 'awarded', decided_at = clock_timestamp()
         WHERE cluster_id = $1 AND offer_id = $2
        RETURNING offer_id, carrier_id, true AS asked, price_minor, deadline_at
        """,
        scope.cluster,
        offer_id,
    )
    return [Moved(**dict(row)) for row in rows]


async def move(
    db: Connection, scope: Scope, tender_id: UUID, status: TenderStatus, reason: CloseReason | None = None
) -> None:
    """A tender is decided, given up, or waits for the coordinator."""
    await db.execute(
        """
        UPDATE tenders SET status = $3, closed_reason = $4, deadline_at = NULL,
               closed_at = CASE WHEN $3 = 'deciding' THEN NULL ELSE clock_timestamp() END
         WHERE cluster_id = $1 AND tender_id = $2
        """,
        scope.cluster,
        tender_id,
        status,
        reason,
    )


async def due(db: Connection, limit: int) -> list[asyncpg.Record]:
    """Open tenders whose deadline has passed, of all clusters."""
    # any-cluster: the worker serves all clusters
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT cluster_id, tender_id FROM tenders
         WHERE status = 'open' AND deadline_at <= clock_timestamp() ORDER BY deadline_at LIMIT $1
        """,
        limit,
    )
    return found


async def records(db: Connection, scope: Scope) -> dict[UUID, Record]:
    """By carrier: visits of its tours of the last ``RECORD_DAYS`` days, and those that failed or came too late."""
    rows = await db.fetch(
        """
        SELECT carrier_id, count(*) AS visits,
               count(*) FILTER (WHERE outcome = 'failed' OR outcome_at > place.window_end) AS missed
          FROM tours JOIN tour_visits USING (cluster_id, tour_id)
          JOIN shipment_stops AS place USING (cluster_id, shipment_id, action)
         WHERE cluster_id = $1 AND carrier_id IS NOT NULL AND outcome IN ('done', 'partly', 'failed')
           AND starts_at > now() - $2 * interval '1 day'
         GROUP BY carrier_id
        """,
        scope.cluster,
        RECORD_DAYS,
    )
    return {row["carrier_id"]: Record(visits=row["visits"], missed=row["missed"]) for row in rows}


class Wanted(Struct, frozen=True, kw_only=True):
    """Which tenders are asked for; what is None does not matter."""

    tour_id: UUID | None = None
    status: TenderStatus | None = None
    tender_id: UUID | None = None


async def tenders(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Wanted) -> list[Tender]:
    """Tenders with their offers, oldest first."""
    rows = await db.fetch(
        """
        SELECT tender_id, tour_id, code, mode, award_rule, one.status, one.version, price_minor, ceiling_minor,
               respond_s, dispatches, note, content, deadline_at, closed_reason, one.created_at, closed_at
          FROM tenders AS one JOIN tours USING (cluster_id, tour_id)
         WHERE one.cluster_id = $1 AND tender_id > $2 AND ($3::uuid IS NULL OR tour_id = $3)
           AND ($4::text IS NULL OR one.status = $4) AND ($5::uuid IS NULL OR tender_id = $5)
         ORDER BY tender_id LIMIT $6
        """,
        scope.cluster,
        after,
        wanted.tour_id,
        wanted.status,
        wanted.tender_id,
        limit,
    )
    asked = await _offers_of(db, scope, [row["tender_id"] for row in rows])
    missed = await records(db, scope) if any(row["award_rule"] == AwardRule.SCORE for row in rows) else None
    return [_tender(row, asked.get(row["tender_id"], []), missed) for row in rows]


async def _offers_of(db: Connection, scope: Scope, tender_ids: Sequence[UUID]) -> dict[UUID, list[asyncpg.Record]]:
    rows = await db.fetch(
        """
        SELECT tender_id, offer_id, carrier_id, firm.name, step_no, one.status, one.version, asked_at, deadline_at,
               answered_at, answer_minor, answer_starts_at, answer_reason, answer_note
          FROM tender_offers AS one JOIN carriers AS firm USING (cluster_id, carrier_id)
         WHERE one.cluster_id = $1 AND tender_id = ANY($2) ORDER BY tender_id, step_no
        """,
        scope.cluster,
        list(tender_ids),
    )
    found: dict[UUID, list[asyncpg.Record]] = {}
    for row in rows:
        found.setdefault(row["tender_id"], []).append(row)
    return found


def _tender(row: asyncpg.Record, asked: list[asyncpg.Record], missed: Mapping[UUID, Record] | None) -> Tender:
    content = msgspec.convert(row["content"], TenderContent)
    standing = [
        Standing(
            offer_id=offer["offer_id"],
            carrier_id=offer["carrier_id"],
            status=OfferStatus(offer["status"]),
            answer_minor=offer["answer_minor"],
            answer_starts_at=offer["answer_starts_at"],
            answered_at=offer["answered_at"],
        )
        for offer in asked
    ]
    by_score = {} if missed is None or row["award_rule"] != AwardRule.SCORE else scores(standing, missed)
    return Tender(
        id=ids.show("tnd", row["tender_id"]),
        tour_id=ids.show("tor", row["tour_id"]),
        tour_code=row["code"],
        mode=TenderMode(row["mode"]),
        award=AwardRule(row["award_rule"]),
        status=TenderStatus(row["status"]),
        version=row["version"],
        price_minor=row["price_minor"],
        ceiling_minor=row["ceiling_minor"],
        currency=content.currency,
        respond_s=row["respond_s"],
        dispatches=row["dispatches"],
        note=row["note"],
        deadline_at=row["deadline_at"],
        closed_reason=None if row["closed_reason"] is None else CloseReason(row["closed_reason"]),
        created_at=row["created_at"],
        closed_at=row["closed_at"],
        content=content,
        offers=[
            TenderOffer(
                id=ids.show("ofr", offer["offer_id"]),
                carrier_id=ids.show("car", offer["carrier_id"]),
                carrier_name=offer["name"],
                step_no=offer["step_no"],
                status=OfferStatus(offer["status"]),
                version=offer["version"],
                asked_at=offer["asked_at"],
                deadline_at=offer["deadline_at"],
                answer=answer_of(offer),
                score_minor=by_score.get(offer["offer_id"]),
            )
            for offer in asked
        ],
    )


def answer_of(row: Mapping[str, Any]) -> OfferAnswer | None:
    """What a carrier said; None while it has not answered."""
    if row["answered_at"] is None:
        return None
    return OfferAnswer(
        price_minor=row["answer_minor"],
        starts_at=row["answer_starts_at"],
        reason=None if row["answer_reason"] is None else DeclineReason(row["answer_reason"]),
        note=row["answer_note"],
        answered_at=row["answered_at"],
    )
