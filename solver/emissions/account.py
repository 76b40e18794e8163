"""
The account: a plan's emissions by route, shipment and owner.

For each route E = sum of what its legs emit (``driven``), and shipment i of it bears E * q_i d_i / sum of q_j d_j, with
q its quantity and d its direct distance (``activity``); in whole milligrams, each of the two parts of E for itself.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from solver.emissions.activity import Carried, carried, carried_faults, derived_distances, quantity_of
from solver.emissions.day import Day
from solver.emissions.driven import Driven, DrivenLeg, driven, driven_legs, leg_faults, weighed
from solver.emissions.factor_sets import chosen
from solver.emissions.rounding import apportioned, half_up
from solver.emissions.vehicles import Emitter, Fleet
from solver.emissions.words import (
    WEIGHT,
    Assumed,
    Assumption,
    Emissions,
    FactorSet,
    Method,
    OwnerEmissions,
    RouteEmissions,
    ShipmentEmissions,
)
from solver.faults import ProblemError
from solver.plan import Plan
from solver.problem import Problem

ACTIVITY_A_TKM = 10**9
"""Gram-metres in a tonne-kilometre."""


class _Ready(NamedTuple):
    """All that is looked up for one route: nothing is missing."""

    emitter: Emitter
    legs: list[DrivenLeg]
    weighed: bool
    carried: list[Carried]


def emissions_of(problem: Problem, plan: Plan, method: Method) -> Emissions:
    """
    Account for the emissions of a plan (ISO 14083:2023, GLEC Framework v3: collection and delivery rounds).

    Parameters
    ----------
    problem, plan
        A plan that keeps the rules of its problem (``solver.check``): loads and stops are taken from it as they stand.
    method
        Factors, vehicle classes, and how transport activity is counted.

    Returns
    -------
    Emissions
        Shipments sum exactly to their route, routes and owners to the plan. A shipment without mass bears nothing,
        unless its whole route has no activity.

    Raises
    ------
    ProblemError
        With every fault: what the plan says of things unknown (``solver.emissions.day``) alone; else factors, classes,
        loads and distances that are missing.
    """
    day = Day(problem, plan, method)
    choice = chosen(method)
    fleet, quantity = Fleet(day, choice.factors), quantity_of(day)
    legs = [driven_legs(day, number) for number in range(len(plan.routes))]
    known = [weighed(day, route) for route in plan.routes]
    goods = [carried(day, number, quantity.dimension) for number in range(len(plan.routes))]
    faults = [*choice.faults, *fleet.faults, *quantity.faults, *carried_faults(day, goods)]
    for number, route in enumerate(plan.routes):
        faults += leg_faults(legs[number], fleet.emitters.get(route.vehicle_type), weighed=known[number])
    if faults or choice.factors is None:
        raise ProblemError(faults)
    ready = [
        _Ready(fleet.emitters[route.vehicle_type], legs[number], known[number], goods[number])
        for number, route in enumerate(plan.routes)
    ]
    told = (*choice.assumptions, *fleet.assumptions, *quantity.assumptions, *derived_distances(day))
    return _account(day, choice.factors, quantity.dimension, ready, (*told, *_told(day, ready)))


def _told(day: Day, ready: list[_Ready]) -> Iterator[Assumption]:
    """What is assumed about single routes."""
    for number, (route, facts) in enumerate(zip(day.plan.routes, ready, strict=True)):
        where = f"routes[{number}]"
        if facts.emitter.empty is not None and not (facts.weighed and facts.emitter.payload_g):
            lacking = "the vehicle's payload" if facts.weighed else "the weight of some order"
            detail = f"{lacking} is not known: the factor of an average load is used"
            yield Assumption(what=Assumed.AVERAGE_LOAD, where=where, detail=detail)
        if day.types[route.vehicle_type].end is None and not day.method.open_return:
            detail = "the route ends at its last stop: no way home is counted"
            yield Assumption(what=Assumed.OPEN_END, where=where, detail=detail)
        if not any(entry.activity for entry in facts.carried):
            by = "quantity" if any(entry.quantity for entry in facts.carried) else "number"
            detail = f"its shipments have no transport activity: its emissions go by their {by}"
            yield Assumption(what=Assumed.NO_ACTIVITY, where=where, detail=detail)


def _account(
    day: Day, factors: FactorSet, dimension: str, ready: list[_Ready], told: tuple[Assumption, ...]
) -> Emissions:
    burnt = [driven(facts.legs, facts.emitter, weighed=facts.weighed) for facts in ready]
    shipments = [
        entry for number, facts in enumerate(ready) for entry in _allocated(day, number, burnt[number], facts.carried)
    ]
    on_board = {entry.order for entry in shipments}
    total = _Sum.of(shipments, dimension)
    return Emissions(
        source=factors.source,
        distance=day.method.distance,
        quantity=dimension,
        driven_m=sum(entry.driven_m for entry in burnt),
        empty_m=sum(entry.empty_m for entry in burnt),
        activity=total.activity,
        intensity_mg_tkm=total.intensity_mg_tkm,
        ttw_mg=total.ttw_mg,
        wtt_mg=total.wtt_mg,
        routes=tuple(_routes(day, dimension, ready, burnt)),
        shipments=tuple(shipments),
        owners=tuple(_owners(day, shipments, dimension)),
        left_out=tuple(order.id for order in day.problem.orders if order.id not in on_board),
        assumptions=told,
    )


def _allocated(day: Day, number: int, burnt: Driven, goods: list[Carried]) -> list[ShipmentEmissions]:
    """A route's emissions by its shipments' activity; without any by quantity, and without that in equal parts."""
    weights = [entry.activity for entry in goods]
    if not any(weights):
        weights = [entry.quantity for entry in goods]
    if not any(weights):
        weights = [1] * len(goods)
    names = [entry.order for entry in goods]
    ttw, wtt = apportioned(burnt.ttw_mg, weights, names), apportioned(burnt.wtt_mg, weights, names)
    return [
        ShipmentEmissions(
            order=entry.order,
            owner=day.orders[entry.order].owner,
            route=number,
            quantity=entry.quantity,
            direct_m=entry.direct_m,
            ttw_mg=ttw_mg,
            wtt_mg=wtt_mg,
        )
        for entry, ttw_mg, wtt_mg in zip(goods, ttw, wtt, strict=True)
    ]


def _routes(day: Day, dimension: str, ready: list[_Ready], burnt: list[Driven]) -> Iterator[RouteEmissions]:
    for route, facts, spent in zip(day.plan.routes, ready, burnt, strict=True):
        activity = sum(entry.activity for entry in facts.carried)
        yield RouteEmissions(
            vehicle_type=route.vehicle_type,
            vehicle=route.vehicle,
            vehicle_class=facts.emitter.factor.id,
            by_load=spent.by_load,
            driven_m=spent.driven_m,
            empty_m=spent.empty_m,
            shipments=len(facts.carried),
            activity=activity,
            intensity_mg_tkm=_intensity(spent.ttw_mg + spent.wtt_mg, activity, dimension),
            ttw_mg=spent.ttw_mg,
            wtt_mg=spent.wtt_mg,
        )


def _owners(day: Day, shipments: list[ShipmentEmissions], dimension: str) -> Iterator[OwnerEmissions]:
    by_owner: dict[str, list[ShipmentEmissions]] = {owner: [] for owner in day.problem.owners}
    for entry in shipments:
        by_owner[entry.owner].append(entry)
    for owner, theirs in by_owner.items():
        total = _Sum.of(theirs, dimension)
        yield OwnerEmissions(
            owner=owner,
            shipments=len(theirs),
            activity=total.activity,
            intensity_mg_tkm=total.intensity_mg_tkm,
            ttw_mg=total.ttw_mg,
            wtt_mg=total.wtt_mg,
        )


class _Sum(NamedTuple):
    """Several shipments together."""

    ttw_mg: int
    wtt_mg: int
    activity: int
    intensity_mg_tkm: int | None

    @classmethod
    def of(cls, shipments: Iterable[ShipmentEmissions], dimension: str) -> "_Sum":
        entries = list(shipments)
        ttw_mg, wtt_mg = sum(entry.ttw_mg for entry in entries), sum(entry.wtt_mg for entry in entries)
        activity = sum(entry.activity for entry in entries)
        return cls(ttw_mg, wtt_mg, activity, _intensity(ttw_mg + wtt_mg, activity, dimension))


def _intensity(wtw_mg: int, activity: int, dimension: str) -> int | None:
    """Milligrams per tonne-kilometre, rounded half up."""
    return half_up(wtw_mg * ACTIVITY_A_TKM, activity) if activity and dimension == WEIGHT else None
