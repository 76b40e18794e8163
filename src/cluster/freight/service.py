"""Use cases of freight audit that look: invoices, what is accepted for tours, a plan's freight."""

from collections.abc import Collection
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import NotFound
from cluster.base.pages import Page, page
from cluster.freight import cost_queries, fact_queries, facts, queries
from cluster.freight.models import CarrierInvoice, PlanFreight, TourFreight, WholeInvoice
from cluster.freight.queries import NIL, Wanted
from cluster.planning import service as planning


async def list_invoices(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Wanted) -> Page[CarrierInvoice]:
    """Invoices and credit notes that the caller may see."""
    return page(await queries.invoices(db, scope, after, limit + 1, wanted), limit)


async def invoice(db: Connection, scope: Scope, invoice_id: UUID) -> CarrierInvoice:
    """
    One invoice.

    Raises
    ------
    NotFound
        When the caller can see none with this identifier.
    """
    wanted = Wanted(invoice_id=invoice_id, carrier_id=scope.carrier_id)
    found = await queries.invoices(db, scope, NIL, 1, wanted)
    if not found:
        raise NotFound("civ")
    return found[0]


async def whole(db: Connection, scope: Scope, invoice_id: UUID) -> WholeInvoice:
    """An invoice with lines and history, and for the coordinator with what the last audit found."""
    found = await invoice(db, scope, invoice_id)
    return WholeInvoice(
        id=found.id,
        version=found.version,
        invoice=found,
        lines=await queries.lines(db, scope, invoice_id),
        history=await queries.history(db, scope, invoice_id),
        audit=await queries.last_audit(db, scope, invoice_id) if scope.neutral else None,
    )


async def accepted_of(db: Connection, scope: Scope, tour_ids: Collection[UUID]) -> dict[UUID, int]:
    """
    What is accepted of carriers' invoices for tours, in minor units; for the neutral side.

    Tours that nothing was accepted for are left out.
    """
    return await cost_queries.accepted_of_tours(db, scope, tour_ids)


async def plan_freight(db: Connection, scope: Scope, plan_id: UUID) -> PlanFreight:
    """
    What a plan's tours were planned to cost, and what is accepted of their carriers' invoices; for the neutral side.

    Raises
    ------
    NotFound
        When there is no such plan.
    """
    await planning.plan(db, scope, plan_id)
    rows = await cost_queries.tours_of_plan(db, scope, plan_id)
    tour_ids = [row["tour_id"] for row in rows]
    accepted = await accepted_of(db, scope, tour_ids)
    billed = await cost_queries.open_of_tours(db, scope, tour_ids)
    owners = await facts.owners(db, scope, tour_ids)
    tours = []
    for row in rows:
        paid, owner = accepted.get(row["tour_id"]), owners[row["tour_id"]]
        tours.append(
            TourFreight(
                tour_id=ids.show("tor", row["tour_id"]),
                code=row["code"],
                route_no=row["route_no"],
                carrier_id=None if owner is None else ids.show("car", owner),
                planned_minor=row["cost_minor"],
                accepted_minor=paid,
                variance_minor=None if paid is None else paid - row["cost_minor"],
                open_minor=billed.get(row["tour_id"], 0),
            )
        )
    return PlanFreight(
        plan_id=ids.show("plan", plan_id),
        currency=await fact_queries.currency(db, scope),
        planned_minor=sum(tour.planned_minor for tour in tours),
        accepted_minor=sum(tour.accepted_minor or 0 for tour in tours),
        variance_minor=sum(tour.variance_minor or 0 for tour in tours),
        open_minor=sum(tour.open_minor for tour in tours),
        settled=bool(tours) and all(tour.accepted_minor is not None for tour in tours),
        tours=tours,
    )
