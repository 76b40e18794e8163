"""Why a plan costs what it costs: components, vehicles, dear shipments, what is proven, which limits bind."""

from cluster.base import ids
from cluster.base.db import Database, Scope
from cluster.desk import reasons, wording
from cluster.desk.asked import Ask, Subject
from cluster.desk.reasons import Added, Anatomy, RouteFigures
from cluster.desk.why import Known, known
from cluster.desk.why_models import (
    BoundBy,
    CostPart,
    DearShipment,
    Explanation,
    Gap,
    GapKind,
    Limit,
    Said,
    VehicleCost,
)
from cluster.planning.models import PlanResult, Visit
from cluster.planning.translate import minor

PARTS_TOLD, LIMITS_TOLD = 2, 2


async def explanation(database: Database, scope: Scope, ask: Ask, subject: Subject) -> Explanation:
    """
    Why a plan costs what it costs.

    Raises
    ------
    Busy
        When too much is being asked.
    """
    async with database.unit(scope) as db:
        names = await known(db, scope, subject)
    found: Anatomy = await ask(reasons.anatomy, subject.stored)
    parts = _parts(found)
    gap = gap_of(subject, found.bound_by)
    limits = _limits(names, found)
    empty_m = sum(route.empty_m for route in found.routes)
    waiting_s = sum(route.waiting_s for route in found.routes)
    break_s = sum(route.break_s for route in found.routes)
    return Explanation(
        plan_id=ids.show("plan", subject.plan_id),
        currency=subject.currency,
        cost_minor=found.cost_minor,
        parts=parts,
        vehicles=[_vehicle(names, route) for route in found.routes],
        dearest=_dearest(names, found.added),
        distance_m=subject.distance_m,
        empty_m=empty_m,
        duration_s=subject.duration_s,
        driving_s=sum(route.driving_s for route in found.routes),
        waiting_s=waiting_s,
        break_s=break_s,
        gap=gap,
        limits=limits,
        said=[
            *_largest(parts, subject.currency),
            *([wording.empty_way(empty_m, subject.distance_m)] if empty_m else []),
            *([wording.waiting(waiting_s, subject.duration_s)] if waiting_s else []),
            *([wording.resting(break_s, subject.duration_s)] if break_s else []),
            *(entry.said for entry in limits[:LIMITS_TOLD]),
            gap.said,
        ],
    )


def _parts(found: Anatomy) -> list[CostPart]:
    return [
        CostPart(component=name, amount_minor=part, percent=_percent(part, found.cost_minor))
        for name, part in found.parts.items()
    ]


def _largest(parts: list[CostPart], currency: str) -> list[Said]:
    largest = sorted(parts, key=lambda part: -part.amount_minor)[:PARTS_TOLD]
    return [wording.component(part.component, part.amount_minor, part.percent, currency) for part in largest]


def _vehicle(names: Known, route: RouteFigures) -> VehicleCost:
    return VehicleCost(
        route_no=names.routes[route.vehicle_type, route.vehicle].route_no,
        vehicle=names.vehicle(route.vehicle_type, route.vehicle),
        vehicle_type_id=route.vehicle_type,
        cost_minor=minor(route.cost.total_milli),
        shipments=route.orders,
        stops=route.stops,
        distance_m=route.distance_m,
        empty_m=route.empty_m,
        driving_s=route.driving_s,
        service_s=route.service_s,
        waiting_s=route.waiting_s,
        break_s=route.break_s,
        fill_percent={name: round(_percent(route.peak[name], limit)) for name, limit in route.capacity.items()},
    )


def _dearest(names: Known, added: tuple[Added, ...]) -> list[DearShipment]:
    visits: dict[str, Visit] = {
        visit.shipment_id: visit for route in names.routes.values() for stop in route.stops for visit in stop.visits
    }
    return [
        DearShipment(
            shipment_id=entry.order,
            client_ref=visits[entry.order].client_ref,
            member_id=visits[entry.order].member_id,
            route_no=names.routes[entry.vehicle_type, entry.vehicle].route_no,
            vehicle=names.vehicle(entry.vehicle_type, entry.vehicle),
            now_minor=minor(entry.now_milli),
            alone_minor=None if entry.alone_milli is None else minor(entry.alone_milli),
        )
        for entry in added
        if entry.now_milli is not None
    ]


def gap_of(result: PlanResult | Subject, bound_by: BoundBy | None) -> Gap:
    """What is proven; a bound of 0 says nothing but that plans do not earn money."""
    currency, gap_minor = result.currency, result.cost_minor - result.bound_minor
    percent = _percent(gap_minor, result.cost_minor)
    if gap_minor == 0:
        kind, said = GapKind.PROVEN, wording.proven(result.cost_minor, currency)
    elif result.bound_minor == 0:
        kind, said = GapKind.UNKNOWN, wording.unbounded()
    else:
        kind, said = GapKind.BOUNDED, wording.bounded(result.bound_minor, gap_minor, percent, bound_by, currency)
    return Gap(
        kind=kind,
        bound_minor=result.bound_minor,
        gap_minor=gap_minor,
        gap_percent=percent,
        bound_by=bound_by,
        said=said,
    )


def _limits(names: Known, found: Anatomy) -> list[Limit]:
    return [
        Limit(
            reason=entry.reason.value,
            unit=entry.unit,
            count=entry.count,
            total=entry.total,
            said=wording.limit(
                entry.reason.value, names.type_names.get(entry.unit, entry.unit), entry.count, entry.total
            ),
        )
        for entry in found.limits
    ]


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
