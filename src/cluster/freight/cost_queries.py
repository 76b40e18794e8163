"""SQL of what is accepted for tours, and what plans counted for them."""

from collections.abc import Collection, Mapping
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope


async def book(db: Connection, scope: Scope, invoice_id: UUID, by_tour: Mapping[UUID, int]) -> None:
    """What comes on top of what is accepted of an invoice for tours; its row must be held."""
    await db.execute(
        """
        INSERT INTO freight_costs (cluster_id, invoice_id, tour_id, entry_no, amount_minor)
        SELECT $1, $2, fresh.tour_id, 1 + (SELECT count(*) FROM freight_costs AS before
                                            WHERE before.cluster_id = $1 AND before.invoice_id = $2
                                              AND before.tour_id = fresh.tour_id), fresh.amount_minor
          FROM unnest($3::uuid[], $4::bigint[]) AS fresh (tour_id, amount_minor)
        """,
        scope.cluster,
        invoice_id,
        list(by_tour),
        list(by_tour.values()),
    )


async def accepted_of_invoice(db: Connection, scope: Scope, invoice_id: UUID) -> dict[UUID, int]:
    """What is accepted of an invoice by tour."""
    rows = await db.fetch(
        """
        SELECT tour_id, sum(amount_minor)::bigint AS accepted_minor FROM freight_costs
         WHERE cluster_id = $1 AND invoice_id = $2 GROUP BY tour_id ORDER BY tour_id
        """,
        scope.cluster,
        invoice_id,
    )
    return {row["tour_id"]: row["accepted_minor"] for row in rows}


async def accepted_of_tours(db: Connection, scope: Scope, tour_ids: Collection[UUID]) -> dict[UUID, int]:
    """What is accepted for tours in all; those that nothing was accepted for are left out."""
    rows = await db.fetch(
        """
        SELECT tour_id, sum(amount_minor)::bigint AS accepted_minor FROM freight_costs
         WHERE cluster_id = $1 AND tour_id = ANY($2) GROUP BY tour_id
        """,
        scope.cluster,
        list(tour_ids),
    )
    return {row["tour_id"]: row["accepted_minor"] for row in rows}


async def open_of_tours(db: Connection, scope: Scope, tour_ids: Collection[UUID]) -> dict[UUID, int]:
    """What is billed for tours, less credits, on invoices that nothing is decided about."""
    rows = await db.fetch(
        """
        SELECT line.tour_id,
               sum(CASE WHEN paper.kind = 'invoice' THEN line.amount_minor ELSE -line.amount_minor END)::bigint AS net
          FROM carrier_invoice_lines AS line
          JOIN carrier_invoices AS paper USING (cluster_id, invoice_id)
          JOIN carrier_invoices AS bill
            ON bill.cluster_id = $1 AND bill.invoice_id = coalesce(paper.corrects_id, paper.invoice_id)
         WHERE line.cluster_id = $1 AND line.tour_id = ANY($2) AND bill.status IN ('received', 'matched', 'disputed')
         GROUP BY line.tour_id
        """,
        scope.cluster,
        list(tour_ids),
    )
    return {row["tour_id"]: row["net"] for row in rows}


async def tours_of_plan(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """The tours that follow a plan, with what the plan counts for their routes; called-off ones are left out."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT tour_id, code, route_no, cost_minor
          FROM tours JOIN plan_routes USING (cluster_id, plan_id, route_no)
         WHERE cluster_id = $1 AND plan_id = $2 AND status <> 'cancelled' ORDER BY route_no, tour_id
        """,
        scope.cluster,
        plan_id,
    )
    return found
