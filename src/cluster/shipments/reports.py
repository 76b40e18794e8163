"""Reports from the road, many at a time: what tours tell of the shipments on them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from msgspec import Struct

from cluster.base import outbox
from cluster.base.db import Connection, Scope
from cluster.base.outbox import NewEvent
from cluster.shipments import queries, report_queries
from cluster.shipments.states import Landing, ShipmentStatus, Standing, landing

DISPATCHABLE = (ShipmentStatus.PLANNED, ShipmentStatus.TENDERED)


class StatusReport(Struct, frozen=True, kw_only=True):
    """That a shipment stood in a state at a time, and why."""

    shipment_id: UUID
    status: ShipmentStatus
    at: datetime
    code: str | None = None
    reason: str | None = None


async def dispatch(db: Connection, scope: Scope, shipment_ids: Sequence[UUID]) -> list[UUID]:
    """Moves planned shipments on to their drivers; returns those that moved."""
    moved = await queries.move(db, scope, sorted(shipment_ids), ShipmentStatus.DISPATCHED, DISPATCHABLE)
    await _tell(db, scope, ShipmentStatus.DISPATCHED, moved)
    return [shipment_id for shipment_id, _ in moved]


async def report_many(
    db: Connection, scope: Scope, reports: Sequence[StatusReport], held_too: Collection[UUID] = ()
) -> list[Landing]:
    """
    Takes down reports, each shipment's in the order in which they are given.

    Nothing is refused: a report that comes late is kept in the timeline, one that the goods cannot have come to is not.

    Parameters
    ----------
    held_too
        Shipments of which the caller has something else to tell: they are held along with those reported on.

    Returns
    -------
    list of Landing
        What became of each report.
    """
    if not reports and not held_too:
        return []
    standing = await report_queries.standing(
        db, scope, sorted({report.shipment_id for report in reports} | {*held_too})
    )
    found = [Landing.ILLEGAL] * len(reports)
    rounds: dict[int, list[tuple[StatusReport, bool]]] = {}
    turn: dict[UUID, int] = {}
    for number, report in enumerate(reports):
        now = standing.get(report.shipment_id)
        if now is None:
            continue
        found[number] = landing(now, Standing(report.status, report.at))
        if found[number] is Landing.APPLIED:
            standing[report.shipment_id] = Standing(report.status, report.at)
        if found[number] is not Landing.ILLEGAL:
            turn[report.shipment_id] = turn.get(report.shipment_id, -1) + 1
            rounds.setdefault(turn[report.shipment_id], []).append((report, found[number] is Landing.APPLIED))
    for _, entries in sorted(rounds.items()):
        await _apply(db, scope, entries)
    return found


async def _apply(db: Connection, scope: Scope, entries: list[tuple[StatusReport, bool]]) -> None:
    """One step of every shipment, at most one report of each."""
    moves = [report for report, applied in entries if applied]
    late = [report for report, applied in entries if not applied]
    if late:
        await report_queries.note_late(db, scope, late)
    if not moves:
        return
    moved = await report_queries.move(db, scope, moves)
    for status, group in groupby(sorted(moved, key=lambda row: row[2]), key=lambda row: row[2]):
        await _tell(db, scope, ShipmentStatus(status), [(shipment_id, owner) for shipment_id, owner, _ in group])


async def _tell(db: Connection, scope: Scope, status: ShipmentStatus, moved: list[tuple[UUID, UUID]]) -> None:
    events = [NewEvent(resource_id=shipment_id, payload={}, member_id=owner) for shipment_id, owner in moved]
    if events:
        await outbox.emit_many(db, scope, f"shipment.{status}", events)
