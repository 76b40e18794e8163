"""What a route emits: every metre that its vehicle drives, loaded or not."""

from collections.abc import Iterator
from typing import NamedTuple

from solver.emissions.day import Day
from solver.emissions.rounding import half_up
from solver.emissions.vehicles import Emitter
from solver.emissions.words import WEIGHT, Rate
from solver.faults import Fault
from solver.matrix import UNREACHABLE
from solver.plan import Route

METRES_A_KM = 1_000


class DrivenLeg(NamedTuple):
    """From a place to the next, with what is on board by dimension."""

    where: str
    metres: int
    load: dict[str, int]


class Driven(NamedTuple):
    """What a route drives and emits; ``by_load`` whether its load was taken into account."""

    driven_m: int
    empty_m: int
    ttw_mg: int
    wtt_mg: int
    by_load: bool


def driven_legs(day: Day, number: int) -> list[DrivenLeg]:
    """
    The legs of a route: out from its start, between its stops, home to its end.

    A route with an open end has no way home, unless the method says ``open_return``. A leg's metres are
    ``solver.matrix.UNREACHABLE`` where there is no way.
    """
    route = day.plan.routes[number]
    vehicle = day.types[route.vehicle_type]
    here, load = vehicle.start, route.load_start
    legs = []
    for index, stop in enumerate(route.stops):
        where = f"routes[{number}].stops[{index}]"
        legs.append(DrivenLeg(where, day.driven_m(vehicle, here, stop.place), load))
        here, load = stop.place, stop.load_after
    end = vehicle.start if vehicle.end is None and day.method.open_return else vehicle.end
    if end is not None:
        legs.append(DrivenLeg(f"routes[{number}].end", day.driven_m(vehicle, here, end), load))
    return legs


def leg_faults(legs: list[DrivenLeg], emitter: Emitter | None, *, weighed: bool) -> Iterator[Fault]:
    """Legs without a way, and more on board than the payload that the load-dependent factor is for."""
    for leg in legs:
        if leg.metres == UNREACHABLE:
            cause = "the vehicle's travel profile has no distance to here"
            yield Fault(code="distance_missing", where=leg.where, cause=cause, cure="give the distance that is driven")
        weight_g = leg.load.get(WEIGHT, 0)
        if emitter is not None and by_load(emitter, weighed=weighed) and weight_g > (emitter.payload_g or 0):
            cause = f"{weight_g} g on board, payload {emitter.payload_g}"
            yield Fault(code="payload_exceeded", where=leg.where, cause=cause, cure="the vehicle's true payload")


def by_load(emitter: Emitter, *, weighed: bool) -> bool:
    """Whether the load counts: the class has factors for it, the payload and all weights on the route are known."""
    return weighed and emitter.empty is not None and bool(emitter.payload_g)


def driven(legs: list[DrivenLeg], emitter: Emitter, *, weighed: bool) -> Driven:
    """
    Kilometres and emissions of a route, exact until they are rounded once, half up.

    By load, a kilometre emits ``empty + load / payload * (full - empty)``: the UK factors are linear in the load
    between 0 % and 100 % laden (their 50 % row is the mean). Else it emits the average.
    """
    driven_m = sum(leg.metres for leg in legs)
    return Driven(
        driven_m=driven_m,
        empty_m=sum(leg.metres for leg in legs if not any(leg.load.values())),
        ttw_mg=_emitted(legs, _Line.of(emitter, "ttw_mg_km", weighed=weighed)),
        wtt_mg=_emitted(legs, _Line.of(emitter, "wtt_mg_km", weighed=weighed)),
        by_load=by_load(emitter, weighed=weighed),
    )


class _Line(NamedTuple):
    """Milligrams a kilometre as a line: at no load, what the whole payload adds, and the payload."""

    empty: int
    rise: int
    payload_g: int

    @classmethod
    def of(cls, emitter: Emitter, part: str, *, weighed: bool) -> "_Line":
        if not by_load(emitter, weighed=weighed):
            return cls(_part(emitter.average, part), 0, 1)
        empty = _part(emitter.empty, part)
        return cls(empty, _part(emitter.full, part) - empty, emitter.payload_g or 1)


def _part(rate: Rate | None, part: str) -> int:
    return 0 if rate is None else int(getattr(rate, part))


def _emitted(legs: list[DrivenLeg], line: _Line) -> int:
    """Milligrams on all legs."""
    scaled = sum(leg.metres * (line.empty * line.payload_g + line.rise * leg.load.get(WEIGHT, 0)) for leg in legs)
    return half_up(scaled, METRES_A_KM * line.payload_g)


def weighed(day: Day, route: Route) -> bool:
    """Whether every order on a route says what it weighs."""
    return all(WEIGHT in day.orders[visit.order].load for stop in route.stops for visit in stop.visits)
