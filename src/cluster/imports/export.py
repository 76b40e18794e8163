"""Shipments out: a member's own, part by part, as lines that can be imported again."""

from collections.abc import AsyncIterator
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Database, Scope
from cluster.imports import entries
from cluster.imports.reading.found import Cell
from cluster.imports.writing.shipments import rows
from cluster.members import service as members
from cluster.shipments import service as shipments
from cluster.shipments.models import ShipmentStatus

PART = 500


async def lines(
    database: Database, scope: Scope, pool_window_id: UUID | None, status: ShipmentStatus | None
) -> AsyncIterator[list[list[Cell]]]:
    """Lines of the shipments that the caller owns, oldest first; each part in a transaction of its own."""
    async with database.unit(scope) as db:
        currency = (await members.cluster_of(db, scope)).currency
        around = await entries.surroundings(db, scope, "")
    sites = {site_id: code for code, site_id in around.sites.items()}
    after = UUID(int=0)
    while True:
        async with database.unit(scope) as db:
            page = await shipments.list_of_window(db, scope, after, PART, pool_window_id, status)
        yield [row for shipment in page.data for row in rows(shipment, sites, currency)]
        if not page.has_more:
            return
        after = ids.parse("shp", page.data[-1].id)
