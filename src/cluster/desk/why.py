"""
Why a shipment is where it is in a plan.

What is stored is read in one transaction; nothing is open while a helper process computes.
"""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import NotFound
from cluster.carriers import service as carriers
from cluster.desk import reasons, wording
from cluster.desk.asked import Ask, Subject
from cluster.desk.reasons import Because, Blocker, Shut, Way
from cluster.desk.why_models import Obstacle, OtherWay, Said, ShutRoute, WayKind, Why
from cluster.planning import service as planning
from cluster.planning.models import Route
from cluster.planning.translate import minor
from cluster.shipments import pools
from cluster.shipments import service as shipments

SHUT_REASONS_TOLD = 2


class Known(Struct, frozen=True, kw_only=True):
    """What a plan's vehicles and times are called."""

    currency: str
    day_start: datetime
    routes: dict[tuple[str, int], Route]
    type_names: dict[str, str]

    def vehicle(self, vehicle_type: str, number: int | None) -> str:
        """A vehicle's name; one more of its type where it has no number."""
        name = self.type_names.get(vehicle_type, vehicle_type)
        return f"one more {name}" if number is None else f"{name} {number}"

    def route_no(self, vehicle_type: str | None, number: int | None) -> int | None:
        """The route that a vehicle drives; None for one without work."""
        found = None if vehicle_type is None or number is None else self.routes.get((vehicle_type, number))
        return None if found is None else found.route_no


async def known(db: Connection, scope: Scope, subject: Subject) -> Known:
    """Names of a plan's vehicles, and when its day begins."""
    window = ids.parse("win", (await planning.plan(db, scope, subject.plan_id)).pool_window_id)
    return Known(
        currency=subject.currency,
        day_start=(await pools.pool(db, scope, window)).day_start,
        routes={(route.vehicle_type_id or "", _number(route)): route for route in subject.routes},
        type_names={entry.id: entry.name for entry in await carriers.every(db, scope)},
    )


def _number(route: Route) -> int:
    """A vehicle's number within its type: the last word of its name."""
    return int((route.vehicle or "0").rpartition(" ")[2])


async def why(database: Database, scope: Scope, ask: Ask, subject: Subject, shipment_id: UUID) -> Why:
    """
    Why a shipment is where it is, and what every other way would cost.

    Raises
    ------
    NotFound
        When the shipment is not part of the plan's day.
    Busy
        When too much is being asked.
    """
    shown = ids.show("shp", shipment_id)
    async with database.unit(scope) as db:
        names = await known(db, scope, subject)
        shipment = await shipments.shipment(db, scope, shipment_id)
    found: Because | None = await ask(reasons.why, subject.stored, shown)
    if found is None:
        raise NotFound("shp")
    # A draft's base may know why it did not carry what the draft does by now.
    reason = subject.reasons.get(shown) if found.vehicle_type is None else None
    return Why(
        plan_id=ids.show("plan", subject.plan_id),
        shipment_id=shown,
        client_ref=shipment.client_ref,
        member_id=shipment.member_id,
        currency=names.currency,
        planned=found.vehicle_type is not None,
        route_no=names.route_no(found.vehicle_type, found.vehicle),
        vehicle=None if found.vehicle_type is None else names.vehicle(found.vehicle_type, found.vehicle),
        reason=reason,
        now_minor=_minor(found.now_milli),
        alone_minor=_minor(found.alone_milli),
        outside_minor=_minor(found.outside_milli),
        said=_said(names, found, reason, draft=subject.draft),
        ways=[_way(names, found, way) for way in found.ways],
        obstacles=[_obstacle(names, found, blocker) for blocker in found.blockers],
        shut=[_shut(names, entry) for entry in found.shut],
    )


def _minor(milli: int | None) -> int | None:
    return None if milli is None else minor(milli)


def _more_minor(found: Because, added_milli: int) -> int | None:
    """What the plan would cost more with a shipment served another way; None where what it costs now is not known."""
    if found.vehicle_type is None:
        return minor(added_milli - (found.outside_milli or 0))
    return None if found.now_milli is None else minor(added_milli - found.now_milli)


def _way(names: Known, found: Because, way: Way) -> OtherWay:
    kind = WayKind.OUTSIDE if way.vehicle_type is None else WayKind.NEW_VEHICLE if way.new else WayKind.ROUTE
    return OtherWay(
        kind=kind,
        route_no=names.route_no(way.vehicle_type, way.vehicle),
        vehicle=None if way.vehicle_type is None else names.vehicle(way.vehicle_type, way.vehicle),
        vehicle_type_id=way.vehicle_type,
        added_minor=minor(way.added_milli),
        more_minor=_more_minor(found, way.added_milli),
        begin_at=[names.day_start + timedelta(seconds=start_s) for start_s in way.start_s],
        delay_s=way.delay_s,
    )


def _obstacle(names: Known, found: Because, blocker: Blocker) -> Obstacle:
    vehicle = names.vehicle(blocker.vehicle_type, blocker.vehicle)
    more = _more_minor(found, blocker.added_milli)
    reason = blocker.reason.value
    return Obstacle(
        route_no=names.route_no(blocker.vehicle_type, blocker.vehicle),
        vehicle=vehicle,
        vehicle_type_id=blocker.vehicle_type,
        reason=reason,
        amount=blocker.amount,
        unit=blocker.unit,
        added_minor=minor(blocker.added_milli),
        more_minor=more,
        cure=wording.cure(reason, blocker.amount, blocker.unit, vehicle, more, names.currency),
    )


def _shut(names: Known, entry: Shut) -> ShutRoute:
    return ShutRoute(
        route_no=names.routes[entry.vehicle_type, entry.vehicle].route_no,
        vehicle=names.vehicle(entry.vehicle_type, entry.vehicle),
        reason=entry.reason.value,
    )


def _said(names: Known, found: Because, reason: str | None, *, draft: bool) -> list[Said]:
    """The whole in sentences."""
    currency = names.currency
    told = [_now(names, found, reason, draft=draft), *_next(names, found)]
    told.append(wording.alone(_minor(found.alone_milli), currency))
    told.append(wording.outside(_minor(found.outside_milli), currency))
    shut = Counter(entry.reason.value for entry in found.shut)
    told += [wording.shut_out(reason, count) for reason, count in shut.most_common(SHUT_REASONS_TOLD)]
    if not found.ways:
        told += [_obstacle(names, found, blocker).cure for blocker in found.blockers[:1]]
    return told


def _next(names: Known, found: Because) -> list[Said]:
    """The cheapest other way."""
    if not found.ways:
        return [wording.no_other()]
    best = found.ways[0]
    more = _more_minor(found, best.added_milli)
    if more is None:
        return []
    if best.vehicle_type is None:
        return [wording.next_best(None, more, names.currency)]
    vehicle = names.vehicle(best.vehicle_type, best.vehicle)
    if found.vehicle_type is None:
        return [wording.admitted(vehicle, more, names.currency)]
    return [wording.next_best(vehicle, more, names.currency)]


def _now(names: Known, found: Because, reason: str | None, *, draft: bool) -> Said:
    """Who serves a shipment, or why nobody does."""
    if found.vehicle_type is None or found.vehicle is None:
        return wording.not_yet() if draft and reason is None else wording.unserved(reason or "no_reason_found")
    route = names.routes[found.vehicle_type, found.vehicle]
    riding = {visit.shipment_id for stop in route.stops for visit in stop.visits}
    vehicle = names.vehicle(found.vehicle_type, found.vehicle)
    return wording.served(vehicle, len(riding) - 1, _minor(found.now_milli), names.currency)
