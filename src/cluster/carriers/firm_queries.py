"""SQL of carriers and their papers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.carriers.firm_models import AddCarrier, AddPaper, Carrier, CarrierStatus, Paper, PaperKind, ServiceArea


async def insert_carrier(db: Connection, scope: Scope, carrier_id: UUID, body: AddCarrier) -> bool:
    """A new carrier; False when its code is taken."""
    done = await db.fetchval(
        """
        INSERT INTO carriers (cluster_id, carrier_id, code, name, country_code, email, phone, firm_ref, areas, weekdays,
                              closed_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (cluster_id, code) DO NOTHING RETURNING true
        """,
        scope.cluster,
        carrier_id,
        body.code,
        body.name,
        body.country_code,
        body.email,
        body.phone,
        body.firm_ref,
        msgspec.to_builtins(body.areas),
        sorted(body.weekdays),
        sorted(body.closed_on),
    )
    return bool(done)


async def carriers(db: Connection, scope: Scope, after: UUID, limit: int, only: UUID | None = None) -> list[Carrier]:
    """Carriers that the caller may see, oldest first; or the one with identifier ``only``."""
    rows = await db.fetch(
        """
        SELECT one.carrier_id, one.code, one.name, one.status, one.country_code, email, phone, firm_ref, areas,
               weekdays, closed_on, one.version, one.created_at,
               array(SELECT kind FROM carrier_papers AS paper
                      WHERE paper.cluster_id = $1 AND paper.carrier_id = one.carrier_id AND withdrawn_at IS NULL
                      GROUP BY kind
                     HAVING NOT bool_or((now() AT TIME ZONE owner.time_zone)::date BETWEEN valid_from AND valid_until)
                      ORDER BY kind) AS missing
          FROM carriers AS one JOIN clusters AS owner USING (cluster_id)
         WHERE one.cluster_id = $1 AND one.carrier_id > $2 AND ($4::uuid IS NULL OR one.carrier_id = $4)
         ORDER BY one.carrier_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        only,
    )
    return [_carrier(row) for row in rows]


def _carrier(row: Mapping[str, Any]) -> Carrier:
    fields = dict(row)
    return Carrier(
        id=ids.show("car", fields.pop("carrier_id")),
        status=CarrierStatus(fields.pop("status")),
        areas=msgspec.convert(fields.pop("areas"), list[ServiceArea]),
        missing=[PaperKind(kind) for kind in fields.pop("missing")],
        **fields,
    )


async def change_carrier(db: Connection, scope: Scope, carrier_id: UUID, seen: int, to: Carrier) -> bool:
    """Puts a carrier as it is to be in place of version ``seen``; False when it is no longer that version."""
    done = await db.fetchval(
        """
        UPDATE carriers SET name = $4, status = $5, email = $6, phone = $7, firm_ref = $8, areas = $9, weekdays = $10,
                            closed_on = $11, version = version + 1
         WHERE cluster_id = $1 AND carrier_id = $2 AND version = $3 RETURNING true
        """,
        scope.cluster,
        carrier_id,
        seen,
        to.name,
        to.status,
        to.email,
        to.phone,
        to.firm_ref,
        msgspec.to_builtins(to.areas),
        sorted(to.weekdays),
        sorted(to.closed_on),
    )
    return bool(done)


async def insert_paper(db: Connection, scope: Scope, carrier_id: UUID, paper_id: UUID, body: AddPaper) -> None:
    """A new paper of a carrier."""
    await db.execute(
        """
        INSERT INTO carrier_papers (cluster_id, paper_id, carrier_id, kind, number, issuer, valid_from, valid_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        scope.cluster,
        paper_id,
        carrier_id,
        body.kind,
        body.number,
        body.issuer,
        body.valid_from,
        body.valid_until,
    )


async def papers(
    db: Connection, scope: Scope, carrier_id: UUID, after: UUID, limit: int, only: UUID | None = None
) -> list[Paper]:
    """Papers of a carrier, oldest first; or the one with identifier ``only``."""
    rows = await db.fetch(
        """
        SELECT paper_id, carrier_id, kind, number, issuer, valid_from, valid_until, paper.created_at, withdrawn_at,
               CASE WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN today < valid_from THEN 'ahead'
                    WHEN today > valid_until THEN 'expired' ELSE 'valid' END AS standing
          FROM carrier_papers AS paper JOIN clusters AS owner USING (cluster_id)
          CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE owner.time_zone)::date AS today) AS day
         WHERE paper.cluster_id = $1 AND carrier_id = $2 AND paper_id > $3 AND ($5::uuid IS NULL OR paper_id = $5)
         ORDER BY paper_id LIMIT $4
        """,
        scope.cluster,
        carrier_id,
        after,
        limit,
        only,
    )
    return [_paper(row) for row in rows]


def _paper(row: Mapping[str, Any]) -> Paper:
    fields = dict(row)
    return Paper(
        id=ids.show("cpp", fields.pop("paper_id")),
        carrier_id=ids.show("car", fields.pop("carrier_id")),
        kind=PaperKind(fields.pop("kind")),
        **fields,
    )


async def withdraw_paper(db: Connection, scope: Scope, carrier_id: UUID, paper_id: UUID) -> bool:
    """Withdraws a paper, once; False when there is none."""
    done = await db.fetchval(
        """
        UPDATE carrier_papers SET withdrawn_at = coalesce(withdrawn_at, now())
         WHERE cluster_id = $1 AND carrier_id = $2 AND paper_id = $3 RETURNING true
        """,
        scope.cluster,
        carrier_id,
        paper_id,
    )
    return bool(done)


async def give_vehicles(db: Connection, scope: Scope, vehicle_type_id: UUID, carrier_id: UUID | None) -> bool:
    """Says whose vehicles those of a type are; False when there is no such type."""
    done = await db.fetchval(
        "UPDATE vehicle_types SET carrier_id = $3 WHERE cluster_id = $1 AND vehicle_type_id = $2 RETURNING true",
        scope.cluster,
        vehicle_type_id,
        carrier_id,
    )
    return bool(done)


async def fitness(
    db: Connection, scope: Scope, on: date, *, dangerous: bool, only: Sequence[UUID] | None
) -> dict[UUID, str | None]:
    """
    By carrier, why it may not drive on a day; None where it may. All of the cluster, or ``only`` some.

    With ``dangerous`` goods it needs a permit for them.
    """
    rows = await db.fetch(
        """
        SELECT carrier_id,
               CASE WHEN status = 'suspended' THEN 'carrier_suspended'
                    WHEN extract(isodow FROM $2::date)::integer <> ALL (weekdays) OR $2 = ANY (closed_on)
                    THEN 'carrier_closed'
                    WHEN EXISTS (SELECT FROM carrier_papers AS paper
                                  WHERE paper.cluster_id = $1 AND paper.carrier_id = firm.carrier_id
                                    AND withdrawn_at IS NULL AND kind IN ('insurance', 'transport_permit')
                                  GROUP BY kind HAVING NOT bool_or($2 BETWEEN valid_from AND valid_until))
                    THEN 'papers_expired'
                    WHEN $3 AND NOT EXISTS (SELECT FROM carrier_papers AS paper
                                             WHERE paper.cluster_id = $1 AND paper.carrier_id = firm.carrier_id
                                               AND withdrawn_at IS NULL AND kind = 'dangerous_goods_permit'
                                               AND $2 BETWEEN valid_from AND valid_until)
                    THEN 'dangerous_goods_permit_missing' END AS rests
          FROM carriers AS firm
         WHERE cluster_id = $1 AND ($4::uuid[] IS NULL OR carrier_id = ANY($4))
         ORDER BY carrier_id
        """,
        scope.cluster,
        on,
        dangerous,
        None if only is None else list(only),
    )
    return {row["carrier_id"]: row["rests"] for row in rows}
