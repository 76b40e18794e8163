"""Use cases of papers: what is on board, how it is loaded, and a label for every unit."""

from typing import Any
from uuid import UUID

from cluster.base.db import Connection, Scope
from cluster.dispatch import document_queries, labels, manifests, queries, tours
from cluster.dispatch.document_models import Label, Paper, PaperLanguage, SetSsccPrefix, SsccPrefix
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
