"""The door to the solver: shipments and vehicle types become a problem, its answer becomes routes and visits."""

import hashlib
import zlib
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from msgspec import Struct

from cluster.base import ids
from cluster.carriers.models import Hold, VehicleType
from cluster.members.driver_breaks import BreakRule, DriverBreaks, lawful
from cluster.members.models import RuleTerms
from cluster.places.models import Leg, SiteRef, e6
from cluster.places.opening import WHOLE_DAY, opening
from cluster.places.roads_engine import Table
from cluster.places.roads_models import Mode
from cluster.places.roads_straight import Calibration
from cluster.planning.models import Placement, Rejected, RouteBreak
from cluster.planning.scenario_models import Scenario
from cluster.shipments.dangerous_goods import SKILL as DANGEROUS_GOODS
from cluster.shipments.dangerous_goods import pairs_apart
from cluster.shipments.models import (
    HandlingUnit,
    Pool,
    Rotations,
    Shipment,
    ShipmentStop,
    TemperatureClass,
    UnitKind,
    hazards,
)
from solver.check import check
from solver.codec import problem_from_json, problem_to_json
from solver.faults import Fault, ProblemError
from solver.goods import ANY_WAY, UPRIGHT, Unit, edges_mm
from solver.goods import Hold as SolverHold
from solver.goods import OnTop as SolverOnTop
from solver.matrix import Matrix
from solver.plan import MILLI, Action, Budget, Plan, Progress, Result, Route, minor
from solver.problem import Break, Order, Place, Problem, TravelProfile, Visit, Window
from solver.problem import VehicleType as SolverVehicleType
from solver.shares import Rule
from solver.travel import derived

FAULTS_TOLD = 3
UNITS_STOWED_MAX = 500
"""Of one shipment. One with more is counted by weight and volume alone: nobody places so many one by one, and the day
of all members must not depend on one of them."""
DAY_UNITS_MAX = 100_000
"""What the solver takes in one question."""


CLOSED = Window(14 * 86_400, 14 * 86_400)
"""Of a site that is closed all day: a moment that no route of the day reaches."""


class Day(Struct, frozen=True, kw_only=True):
    """Everything that a pool window's plan depends on, read in one transaction."""

    currency: str
    time_zone: str
    pool: Pool
    shipments: list[Shipment]
    vehicle_types: list[VehicleType]
    sites: dict[UUID, SiteRef]
    legs: list[Leg]
    calibration: Calibration | None = None
    modes: dict[str, Mode] = {}
    country_code: str = ""
    left_out: list[Shipment] = []
    """What its scenario does not plan."""
    held_up: list[Shipment] = []
    """What is on board a vehicle that cannot go on, or nobody knows where."""
    scenario: Scenario = Scenario()
    driver_breaks: DriverBreaks | None = None
    """When drivers rest whose vehicles have no breaks of their own."""


class Unsolvable(Exception):
    """The day cannot be asked as a problem; the text says why."""


def problem_of(day: Day) -> Problem:
    """
    A pool window as a problem: times count from the service day's midnight in the cluster's zone.

    Raises
    ------
    Unsolvable
        When there is no vehicle type, or what is stored does not make a valid problem.
    """
    if not day.vehicle_types:
        raise Unsolvable("The cluster has no vehicle types yet: add one with its tariff.")
    places = _Places(day)
    stowed = _stowed(day)
    orders = tuple(_order(day, places, shipment, shipment.id in stowed) for shipment in day.shipments)
    vehicle_types = tuple(_vehicle_type(day, places, entry) for entry in day.vehicle_types)
    try:
        return Problem(
            currency=day.currency,
            places=tuple(places.found.values()),
            profiles=_profiles(day, tuple(places.found.values())),
            vehicle_types=vehicle_types,
            orders=orders,
            apart=tuple(pairs_apart(group for order in orders for group in order.groups)),
        )
    except ProblemError as error:
        raise Unsolvable(_in_words(error.faults)) from error


class _Places:
    """Places of the problem, one for each point with the same opening hours."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self.found: dict[tuple[int, int, tuple[Window, ...]], Place] = {}

    def of_stop(self, stop: ShipmentStop) -> str:
        site = None if stop.site_id is None else self._day.sites.get(ids.parse("sit", stop.site_id))
        return self._id(stop.lat, stop.lon, stop.name, () if site is None else self._hours(site))

    def of_site(self, site_id: str) -> str:
        site = self._day.sites[ids.parse("sit", site_id)]
        return self._id(site.lat, site.lon, site.name, self._hours(site))

    def _hours(self, site: SiteRef) -> tuple[Window, ...]:
        """When services may begin at a site on the service day; nothing where the whole day is open."""
        intervals = opening(site, self._day.pool.service_date)
        if intervals == (WHOLE_DAY,):
            return ()
        zone = site.time_zone or self._day.time_zone
        return tuple(
            Window(_seconds(self._day, entry.opens_at, zone), _seconds(self._day, entry.closes_at, zone))
            for entry in intervals
        ) or (CLOSED,)

    def _id(self, lat: float, lon: float, name: str, windows: tuple[Window, ...]) -> str:
        key = (*e6(lat, lon), windows)
        if key not in self.found:
            self.found[key] = Place(id=f"p{len(self.found)}", lat=lat, lon=lon, name=name, windows=windows)
        return self.found[key].id


def _seconds(day: Day, clock: str, zone: str | None = None) -> int:
    """
    Seconds from the start of the service day to a time of day, right also when clocks change; never before its start.

    ``24:00`` is the midnight that ends the day. ``zone`` left out is the cluster's.
    """
    date, clock = (
        (day.pool.service_date + timedelta(days=1), "00:00") if clock == "24:00" else (day.pool.service_date, clock)
    )
    local = datetime.combine(date, time.fromisoformat(clock), ZoneInfo(zone or day.time_zone))
    return max(0, round((local - day.pool.day_start).total_seconds()))


def _offset_s(day: Day, instant: datetime) -> int:
    return round((instant - day.pool.day_start).total_seconds())


def _visit(day: Day, places: _Places, stop: ShipmentStop | None) -> Visit | None:
    if stop is None:
        return None
    return Visit(place=places.of_stop(stop), windows=_windows(day, stop), service_s=stop.service_s)


def _windows(day: Day, stop: ShipmentStop) -> tuple[Window, ...]:
    """A stop's windows in order; those that overlap become one, as the solver wants them apart."""
    asked = [(window.start, window.end) for window in stop.windows]
    if not asked and stop.window_start is not None and stop.window_end is not None:
        asked = [(stop.window_start, stop.window_end)]
    found: list[Window] = []
    for start, end in sorted(asked):
        open_s, close_s = _offset_s(day, start), _offset_s(day, end)
        if found and open_s <= found[-1].close_s:
            open_s, close_s = found[-1].open_s, max(close_s, found.pop().close_s)
        found.append(Window(open_s, close_s))
    return tuple(found)


def _stowed(day: Day) -> set[str]:
    """Shipments whose units get places in a hold: those of few units first, as many as the solver takes."""
    if all(entry.hold is None for entry in day.vehicle_types):
        return set()
    counts = {shipment.id: sum(unit.units for unit in shipment.handling_units) for shipment in day.shipments}
    found, total = set(), 0
    for shipment_id, count in sorted(counts.items(), key=lambda entry: (entry[1], entry[0])):
        total += count
        if count > UNITS_STOWED_MAX or total > DAY_UNITS_MAX:
            break
        found.add(shipment_id)
    return found


def _unit(line: int, entry: HandlingUnit) -> Unit:
    return Unit(
        id=str(line),
        length_mm=entry.length_mm,
        width_mm=entry.width_mm,
        height_mm=entry.height_mm,
        weight_g=entry.weight_g,
        quantity=entry.units,
        rotations=ANY_WAY if entry.rotations is Rotations.ANY_WAY else UPRIGHT,
        on_top=SolverOnTop(entry.on_top.value),
        bearing_max_g=entry.bearing_max_g,
        floor_only=entry.kind is UnitKind.PALLET,
    )


def _skills(shipment: Shipment) -> tuple[str, ...]:
    """What its vehicle must offer: what was asked for, the temperature, leave to carry dangerous goods."""
    found = set(shipment.skills)
    if shipment.temperature_class is not TemperatureClass.AMBIENT:
        found.add(shipment.temperature_class.value)
    dangerous = [unit.dangerous_goods for unit in shipment.handling_units if unit.dangerous_goods is not None]
    if any(not goods.limited_quantity for goods in dangerous):
        found.add(DANGEROUS_GOODS)
    return tuple(sorted(found))


def _order(day: Day, places: _Places, shipment: Shipment, stowed: bool) -> Order:
    return Order(
        id=shipment.id,
        owner=shipment.member_id,
        pickup=_visit(day, places, shipment.pickup),
        delivery=_visit(day, places, shipment.delivery),
        hub=None if shipment.hub_site_id is None else places.of_site(shipment.hub_site_id),
        load={
            "weight_g": shipment.weight_g,
            "volume_cm3": shipment.volume_cm3,
            "pallet_places": shipment.pallet_places,
        },
        skills=_skills(shipment),
        outside_milli=(shipment.outside_minor or 0) * MILLI if shipment.optional else None,
        groups=tuple(sorted(hazards(shipment.handling_units, shipment.food))),
        units=tuple(_unit(line, entry) for line, entry in enumerate(shipment.handling_units, start=1) if stowed),
    )


def _vehicle_type(day: Day, places: _Places, entry: VehicleType) -> SolverVehicleType:
    tariff = entry.tariff
    shift = Window(_seconds(day, entry.shift_start), _seconds(day, entry.shift_end))
    return SolverVehicleType(
        id=entry.id,
        start=places.of_site(entry.start_site_id),
        end=None if entry.end_site_id is None else places.of_site(entry.end_site_id),
        profile=_profile_id(entry),
        capacity=msgspec.structs.asdict(entry.capacity),
        count=entry.vehicles,
        shift=shift,
        fixed_milli=tariff.fixed_minor * MILLI,
        km_milli=tariff.km_minor * (MILLI + entry.fuel_permille),
        hour_milli=tariff.hour_minor * MILLI,
        stop_milli=tariff.stop_minor * MILLI,
        trip_milli=entry.trip_minor * MILLI,
        duration_max_s=entry.duration_max_s,
        distance_max_m=entry.distance_max_m,
        skills=tuple(entry.skills),
        hold=None if entry.hold is None else _hold(entry.hold),
        breaks=tuple(_breaks(day, entry.driver_breaks or day.driver_breaks, shift)),
    )


def _breaks(day: Day, settled: DriverBreaks | None, shift: Window) -> Iterator[Break]:
    """Breaks as settled: those of a law by the vehicle's shift, others by the clock."""
    if settled is None:
        return
    if settled.rule is not BreakRule.OWN:
        for open_s, close_s, duration_s in lawful(settled.rule, shift.open_s, shift.close_s):
            yield Break(window=Window(open_s, close_s), duration_s=duration_s)
    for entry in settled.breaks:
        window = Window(_seconds(day, entry.opens_at), _seconds(day, entry.closes_at))
        yield Break(window=window, duration_s=entry.duration_s)


def _hold(hold: Hold) -> SolverHold:
    """Both have the same fields; what may be on board at most is counted with the capacity."""
    return msgspec.convert(msgspec.to_builtins(hold), SolverHold)


def _profile_id(entry: VehicleType) -> str:
    """Vehicles share a profile where they travel alike."""
    return f"{entry.profile}/{entry.speed_kmh}/{entry.circuity_percent}"


def _profiles(day: Day, places: tuple[Place, ...]) -> tuple[TravelProfile, ...]:
    """Known road legs, and for all other pairs the straight line times circuity."""
    kinds = {_profile_id(entry): entry for entry in day.vehicle_types}
    return tuple(_profile(day, places, key, entry) for key, entry in sorted(kinds.items()))


def _profile(day: Day, places: tuple[Place, ...], key: str, entry: VehicleType) -> TravelProfile:
    legs = [leg for leg in day.legs if leg.profile == entry.profile]
    estimated = _estimated(day, places, entry)
    if not legs and estimated is None:
        return TravelProfile(id=key, speed_kmh=entry.speed_kmh, circuity_percent=entry.circuity_percent)
    tables = estimated or derived(places, entry.speed_kmh, entry.circuity_percent)
    distance_m, duration_s = (np.array(table) for table in tables)
    rows: dict[tuple[int, int], list[int]] = {}
    for index, place in enumerate(places):
        rows.setdefault(e6(place.lat or 0.0, place.lon or 0.0), []).append(index)
    for leg in legs:
        pairs = np.ix_(rows.get(leg.start, []), rows.get(leg.end, []))
        distance_m[pairs], duration_s[pairs] = leg.distance_m, leg.duration_s
    return TravelProfile(id=key, distance_m=Matrix(distance_m), duration_s=Matrix(duration_s))


def _estimated(day: Day, places: tuple[Place, ...], entry: VehicleType) -> Table | None:
    """What the straight line comes to where the area's roads were measured; None elsewhere."""
    mode = day.modes.get(entry.profile)
    if day.calibration is None or mode is None:
        return None
    points = [e6(place.lat or 0.0, place.lon or 0.0) for place in places]
    return day.calibration.table(mode, points, points)


class Answer(Struct, frozen=True, kw_only=True):
    """A solver's plan, checked, with the split as raw JSON for settlement to read."""

    result: Result
    split: msgspec.Raw


def request_line(
    problem: Problem,
    seconds: int,
    seed: int,
    rule: str,
    players_max: int,
    cores: int,
    *,
    searched: Problem | None = None,
    ground: Problem | None = None,
    fixed: Plan | None = None,
    start: Plan | None = None,
    terms: RuleTerms | None = None,
) -> bytes:
    """What the solver's child process reads: one line; it says itself what each part is for."""
    request: dict[str, Any] = {
        "problem": msgspec.Raw(problem_to_json(problem)),
        "budget": Budget(seconds=float(seconds), cores=cores),
        "seed": seed,
        "rule": Rule(rule),
        "players_max": players_max,
        "fixed": fixed,
        "start": start,
        **rule_terms(terms),
    }
    if searched is not None:
        request["searched"] = msgspec.Raw(problem_to_json(searched))
    if ground is not None:
        request["ground"] = msgspec.Raw(problem_to_json(ground))
    return msgspec.json.encode(request) + b"\n"


def rule_terms(terms: RuleTerms | None) -> dict[str, Any]:
    """What a rule needs beside the day, as the child reads it."""
    if terms is None:
        return {}
    weights = {entry.member_id: entry.parts for entry in terms.weights}
    return {"weights": weights or None, "unions": terms.unions}


def unsolvable(raw: bytes) -> Unsolvable:
    """What the child found wrong with the question, in words."""
    return Unsolvable(_in_words(msgspec.json.decode(raw, type=list[Fault])))


def _in_words(faults: list[Fault]) -> str:
    """The first faults with their cures, and how many more there are."""
    told = [f"{fault.where}: {fault.cause} [{fault.code}]; {fault.cure}." for fault in faults[:FAULTS_TOLD]]
    more = len(faults) - FAULTS_TOLD
    return " ".join([*told, f"And {more} more."] if more > 0 else told)


def answer_of(problem: Problem, raw: bytes) -> Answer:
    """
    The child's answer, checked again by this process.

    Raises
    ------
    Rejected
        When the checker finds anything; the text names the first violations.
    """
    answer = msgspec.json.decode(raw, type=Answer)
    violations = check(problem, answer.result.plan)
    if violations:
        raise Rejected("; ".join(f"{entry.code} at {entry.where}: {entry.detail}" for entry in violations[:5]))
    return answer


def plan_of(raw: bytes) -> Plan:
    """The plan in a stored answer."""
    return msgspec.json.decode(raw, type=Answer).result.plan


def breaks_of(route: Route, day_start: datetime) -> list[RouteBreak]:
    """When a route's driver rests."""

    def at(seconds: int) -> datetime:
        return day_start + timedelta(seconds=seconds)

    return [RouteBreak(begins_at=at(entry.start_s), ends_at=at(entry.end_s)) for entry in route.breaks]


def placements_of(route: Route, shipments: dict[str, Shipment]) -> list[Placement]:
    """Where a route's units stand, in the order of loading, with what their shipments say of them."""
    first, last = dict[str, int](), dict[str, int]()
    for number, stop in enumerate(route.stops, start=1):
        for visit in stop.visits:
            (first if visit.action is Action.PICKUP else last)[visit.order] = number
    found = []
    for entry in route.placements:
        shipment, line = shipments[entry.order], int(entry.unit)
        unit = shipment.handling_units[line - 1]
        along_mm, across_mm, up_mm = edges_mm(_unit(line, unit), entry.rotation)
        before = sum(other.units for other in shipment.handling_units[: line - 1])
        found.append(
            Placement(
                shipment_id=shipment.id,
                client_ref=shipment.client_ref,
                member_id=shipment.member_id,
                kind=unit.kind,
                unit_no=before + entry.number,
                x_mm=entry.x_mm,
                y_mm=entry.y_mm,
                z_mm=entry.z_mm,
                along_mm=along_mm,
                across_mm=across_mm,
                up_mm=up_mm,
                weight_g=unit.weight_g,
                on_top=unit.on_top,
                from_stop=first.get(shipment.id, 0),
                to_stop=last.get(shipment.id, len(route.stops) + 1),
            )
        )
    return found


def progress_of(raw: bytes) -> dict[str, Any]:
    """A line of progress in minor units."""
    progress = msgspec.json.decode(raw, type=Progress)
    return {
        "phase": progress.phase,
        "seconds": round(progress.seconds, 2),
        "cost_minor": None if progress.cost_milli is None else minor(progress.cost_milli),
        "bound_minor": minor(progress.bound_milli),
        "routes": progress.routes,
        "unplanned": progress.unplanned,
    }


def packed(problem: Problem) -> tuple[bytes, bytes]:
    """A problem as stored with its plan: compressed JSON, and the SHA-256 of the JSON."""
    raw = problem_to_json(problem)
    return zlib.compress(raw), hashlib.sha256(raw).digest()


def unpacked(stored: bytes) -> Problem:
    """A stored problem."""
    return problem_from_json(zlib.decompress(stored))


__all__ = ["Answer", "Day", "Plan", "Problem", "Rejected", "Result", "Unsolvable", "minor"]
