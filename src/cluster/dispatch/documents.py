"""Use cases of papers: what is on board, how it is loaded, and a label for every unit."""

from typing import Any
from uuid import UUID

from cluster.base.db import Connection, Scope
from cluster.dispatch import document_queries, labels, manifests, queries, tours, waybill_queries
from cluster.dispatch import waybills as notes
from cluster.dispatch.document_models import Label, Paper, PaperLanguage, SetSsccPrefix, SsccPrefix
from cluster.dispatch.models import LIVE
from cluster.members import service as members
from cluster.shipments import service as shipments


async def manifest(
    db: Connection, scope: Scope, tour_id: UUID, language: PaperLanguage, *, persons: bool = True
) -> Paper:
    """A tour's manifest; with ``persons`` it says whom to ask for."""
    found = await tours.tour(db, scope, tour_id)
    rows: list[Any] = await queries.stops(db, scope, tour_id)
    if not persons:
        rows = [dict(row) | {"contact_name": None, "phone": None} for row in rows]
    units = await queries.units(db, scope, tour_id)
    return manifests.manifest(found, rows, units, await members.cluster_of(db, scope), language)


async def loading_plan(db: Connection, scope: Scope, tour_id: UUID, language: PaperLanguage) -> Paper:
    """A tour's loading plan."""
    found = await tours.tour(db, scope, tour_id)
    rows = await queries.stops(db, scope, tour_id)
    placed = await document_queries.placements(db, scope, tour_id)
    time_zone = (await members.cluster_of(db, scope)).time_zone
    return manifests.loading_plan(found, rows, placed, time_zone, language)


async def waybills(
    db: Connection, scope: Scope, tour_id: UUID, language: PaperLanguage, *, persons: bool = True
) -> Paper:
    """Waybills of a tour's shipments; with ``persons`` they say whom to ask for."""
    found = await tours.tour(db, scope, tour_id)
    rows: list[Any] = await waybill_queries.consignments(db, scope, tour_id)
    if not persons:
        nobody = dict.fromkeys(("origin_contact", "origin_phone", "goal_contact", "goal_phone"))
        rows = [dict(row) | nobody for row in rows]
    goods = await waybill_queries.goods(db, scope, [row["shipment_id"] for row in rows])
    carrier = await waybill_queries.carrier(db, scope, tour_id)
    return notes.waybills(found, rows, goods, carrier, await members.cluster_of(db, scope), language)


async def waybills_on_the_road(db: Connection, scope: Scope, tour_id: UUID, language: PaperLanguage) -> Paper:
    """Waybills as whoever drives a tour is to have them; once it is over, without whom to ask for."""
    found = await tours.tour(db, scope, tour_id)
    return await waybills(db, scope, tour_id, language, persons=found.status in LIVE)


async def of_tour(db: Connection, scope: Scope, tour_id: UUID) -> list[Label]:
    """Labels of all units on a tour, in the order of its stops."""
    await tours.tour(db, scope, tour_id)
    held = await document_queries.of_tour(db, scope, tour_id)
    return await labels.of_shipments(db, scope, list(held), held)


async def of_shipment(db: Connection, scope: Scope, shipment_id: UUID) -> list[Label]:
    """Labels of a shipment that the caller may see."""
    await shipments.shipment(db, scope, shipment_id)
    return await labels.of_shipments(db, scope, [shipment_id], {})


async def prefix(db: Connection, scope: Scope) -> SsccPrefix:
    """Which company prefixes the caller's codes begin with."""
    found = await document_queries.prefixes(db, scope)
    own = None if scope.member_id is None else found.get(scope.member_id)
    return SsccPrefix(own=own, cluster=found.get(None))


async def set_prefix(db: Connection, scope: Scope, body: SetSsccPrefix) -> SsccPrefix:
    """Sets the calling member's company prefix, or for the coordinator the cluster's; codes given before stay."""
    await document_queries.set_prefix(db, scope, body.prefix)
    return await prefix(db, scope)
