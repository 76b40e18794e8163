"""SQL of reports from the road, many at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from cluster.base.db import Connection, Scope
from cluster.shipments.queries import columns
from cluster.shipments.states import ShipmentStatus, Standing


class Told(Protocol):
    """A report as it is written down."""

    @property
    def shipment_id(self) -> UUID: ...  # noqa: D102
    @property
    def status(self) -> ShipmentStatus: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def code(self) -> str | None: ...  # noqa: D102
    @property
    def reason(self) -> str | None: ...  # noqa: D102


async def standing(db: Connection, scope: Scope, shipment_ids: list[UUID]) -> dict[UUID, Standing]:
    """Where shipments stand, held until the transaction ends."""
    rows = await db.fetch(
        """
        SELECT shipment_id, status, status_at FROM shipments
         WHERE cluster_id = $1 AND shipment_id = ANY($2) ORDER BY shipment_id FOR UPDATE
        """,
        scope.cluster,
        shipment_ids,
    )
    return {row["shipment_id"]: Standing(ShipmentStatus(row["status"]), row["status_at"]) for row in rows}


def _rows(reports: Sequence[Told]) -> list[list[object]]:
    return columns(((told.shipment_id, told.status, told.at, told.code, told.reason) for told in reports), 5)


async def move(db: Connection, scope: Scope, reports: Sequence[Told]) -> list[tuple[UUID, UUID, str]]:
    """Moves each shipment as its one report says; returns shipment, member and state."""
    rows = await db.fetch(
        """
        UPDATE shipments AS held SET status = told.status, status_at = told.at, status_code = told.code,
               status_reason = told.reason
          FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[])
               AS told (shipment_id, status, at, code, reason)
         WHERE held.cluster_id = $1 AND held.shipment_id = told.shipment_id
        RETURNING held.shipment_id, held.member_id, held.status
        """,
        scope.cluster,
        *_rows(reports),
    )
    return [(row["shipment_id"], row["member_id"], row["status"]) for row in rows]


async def note_late(db: Connection, scope: Scope, reports: Sequence[Told]) -> None:
    """Keeps reports that do not change the state, at most one of each shipment."""
    await db.execute(
        """
        WITH told AS (
            SELECT * FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[])
                          AS told (shipment_id, status, at, code, reason)
        ), noted AS (
            UPDATE shipments AS held SET event_no = event_no + 1 FROM told
             WHERE held.cluster_id = $1 AND held.shipment_id = told.shipment_id
            RETURNING held.shipment_id, held.member_id, held.event_no)
        INSERT INTO shipment_events (cluster_id, shipment_id, event_no, member_id, at, status, applied, code, reason,
                                     actor_role)
        SELECT $1, shipment_id, noted.event_no, noted.member_id, told.at, told.status, false, told.code, told.reason,
               app_role()
          FROM noted JOIN told USING (shipment_id)
        """,
        scope.cluster,
        *_rows(reports),
    )
