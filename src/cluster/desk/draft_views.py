"""What people are told of a draft: the helper's figures with names, places and clock times."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
from msgspec import Struct, structs

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.carriers import service as carriers
from cluster.desk import draft_queries, hands
from cluster.desk.draft_models import (
    ChangedShipment,
    DraftAlternative,
    DraftDifference,
    DraftEdit,
    DraftFigures,
    DraftLocks,
    DraftState,
    DraftViolation,
    EditKind,
    SequenceLock,
    StopAction,
    TimeLock,
)
from cluster.desk.draft_queries import Standing
from cluster.desk.hands import Drawn, Touched, Way
from cluster.planning.models import Route
from cluster.shipments import service as shipments


class Kinds(Struct, frozen=True):
    """Names of vehicle types."""

    names: dict[str, str]

    def vehicle(self, entry: tuple[str, int] | None) -> str | None:
        """A vehicle as people call it."""
        return None if entry is None else f"{self.names.get(entry[0], entry[0])} {entry[1]}"


async def kinds(db: Connection, scope: Scope, standing: Standing) -> Kinds:
    """Vehicle types by name on the draft's day."""
    return Kinds({kind.id: kind.name for kind in await carriers.every(db, scope, standing.service_date)})


async def routes(db: Connection, scope: Scope, touched: tuple[Touched, ...], standing: Standing) -> list[Route]:
    """Routes with what their shipments and vehicles are called."""
    by_kind = {kind.id: kind for kind in await carriers.every(db, scope, standing.service_date)}
    found = await shipments.some(db, scope, hands.uuids(hands.shipments_of(touched)))
    by_id = {shipment.id: shipment for shipment in found}
    return [hands.route_view(entry, by_id, by_kind, standing.day_start) for entry in touched]


async def state(db: Connection, scope: Scope, plan_id: UUID, standing: Standing, drawn: Drawn) -> DraftState:
    """A draft as it stands."""
    named = await kinds(db, scope, standing)
    rows = await draft_queries.edits(db, scope, plan_id)
    return DraftState(
        plan_id=ids.show("plan", plan_id),
        base_plan_id=None if standing.base_plan_id is None else ids.show("plan", standing.base_plan_id),
        version=standing.version,
        figures=_figures(drawn),
        violations=[DraftViolation(**structs.asdict(entry)) for entry in drawn.violations],
        difference=_difference(drawn, named),
        routes=await routes(db, scope, drawn.touched, standing),
        gone_route_nos=list(drawn.gone),
        unplanned_shipment_ids=list(drawn.unplanned),
        cancelled_shipment_ids=list(drawn.cancelled),
        locks=_locks(drawn, standing.day_start),
        can_undo=standing.parent_no is not None,
        can_redo=standing.redo_no is not None,
        edits=[_edit(row) for row in rows],
    )


def alternative(way: Way, named: Kinds, day_start: datetime) -> DraftAlternative:
    """One way to serve a shipment."""
    vehicle = None if way.vehicle_type is None or way.vehicle is None else (way.vehicle_type, way.vehicle)
    return DraftAlternative(
        route_no=way.route_no,
        vehicle_type_id=way.vehicle_type,
        vehicle=named.vehicle(vehicle),
        position=way.position,
        added_minor=way.added_minor,
        begins_at=[day_start + timedelta(seconds=begin_s) for begin_s in way.start_s],
        delay_s=way.delay_s,
    )


def _figures(drawn: Drawn) -> DraftFigures:
    return DraftFigures(
        currency=drawn.currency,
        cost_minor=drawn.cost_minor,
        distance_m=drawn.distance_m,
        duration_s=drawn.duration_s,
        vehicles=drawn.vehicles,
        planned=drawn.planned,
        unplanned=len(drawn.unplanned),
        mandatory_unplanned=drawn.mandatory_unplanned,
        violations=len(drawn.violations),
    )


def _difference(drawn: Drawn, named: Kinds) -> DraftDifference:
    cost_minor, distance_m, duration_s, vehicles = drawn.base
    return DraftDifference(
        cost_minor=drawn.cost_minor - cost_minor,
        distance_m=drawn.distance_m - distance_m,
        duration_s=drawn.duration_s - duration_s,
        vehicles=drawn.vehicles - vehicles,
        changed=[
            ChangedShipment(shipment_id=shipment, from_vehicle=named.vehicle(was), to_vehicle=named.vehicle(now))
            for shipment, was, now in drawn.changed
        ],
    )


def _locks(drawn: Drawn, day_start: datetime) -> DraftLocks:
    return DraftLocks(
        route_nos=list(drawn.locked_routes),
        sequences=[SequenceLock(route_no=number, count=count) for number, count in drawn.locked_sequences],
        shipment_ids=list(drawn.locked_orders),
        times=[
            TimeLock(shipment_id=order, action=StopAction(action), begins_at=day_start + timedelta(seconds=begin_s))
            for order, action, begin_s in drawn.locked_times
        ],
    )


def _edit(row: asyncpg.Record) -> DraftEdit:
    by = None
    if row["key_id"] is not None:
        by = ids.show("key", row["key_id"])
    elif row["user_id"] is not None:
        by = ids.show("usr", row["user_id"])
    return DraftEdit(
        id=ids.show("edt", row["edit_id"]),
        edit_no=row["edit_no"],
        kind=EditKind(row["kind"]),
        body=row["body"],
        cost_minor=row["figures"]["cost_minor"],
        violations=row["figures"]["violations"],
        undone=row["undone"],
        by=by,
        at=row["at"],
    )
