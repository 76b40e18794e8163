"""Everything that can be wrong with a problem, found at once: one function a concern, codes in docs/faults.md."""

import re
from collections.abc import Callable, Iterator
from math import isfinite

import numpy as np

from solver.faults import Fault
from solver.matrix import UNREACHABLE, Matrix
from solver.parts import SCHEMA_VERSION, Draft
from solver.validate_cost import overflow_faults
from solver.validate_fleet import fleet_faults
from solver.validate_goods import UNITS_MAX, hold_faults, units_faults
from solver.validate_locks import lock_faults, published_faults
from solver.validate_values import (
    CIRCUITY_MAX_PERCENT,
    COST_MAX_MILLI,
    DISTANCE_MAX_M,
    QUANTITY_MAX,
    SPEED_MAX_KMH,
    TIME_MAX_S,
    fault,
    identifier,
    is_whole,
    number,
    window_faults,
)

Concern = Callable[[Draft], Iterator[Fault]]


def faults_of(problem: Draft) -> list[Fault]:
    """
    All faults of a problem; empty when it can be solved.

    Whether an order can be served at all is not asked here: that is answered by a reason code on the unplanned order.
    """
    concerns: tuple[Concern, ...] = (
        *(_head, _ids, _references, _coordinates, _profiles, fleet_faults, _places, _orders, _visits, _apart),
        *(_goods, lock_faults, published_faults),
    )
    faults = [found for concern in concerns for found in concern(problem)]
    # Products of numbers that are wrong by themselves would only repeat what is said already.
    return faults or list(overflow_faults(problem))


def _head(problem: Draft) -> Iterator[Fault]:
    if re.fullmatch("[A-Z]{3}", problem.currency) is None:
        cure = "give an ISO 4217 code such as 'VND'"
        yield fault("currency_malformed", "currency", f"{problem.currency!r} is not three capital letters", cure)
    if problem.version != SCHEMA_VERSION:
        cause = f"version {problem.version!r} is not known"
        yield fault("version_unknown", "version", cause, f"give version {SCHEMA_VERSION}")
    yield from number("change_milli", problem.change_milli, COST_MAX_MILLI)
    yield from number("longest_hour_milli", problem.longest_hour_milli, COST_MAX_MILLI)
    if not problem.places:
        yield fault("no_places", "places", "there are no places", "give at least the place where vehicles start")
    if not problem.vehicle_types:
        yield fault("no_vehicle_types", "vehicle_types", "there are no vehicle types", "give at least one")


def _ids(problem: Draft) -> Iterator[Fault]:
    """Ids are there, short enough, and differ within their list."""
    for name in ("places", "profiles", "vehicle_types", "orders"):
        first: dict[str, int] = {}
        for index, entry in enumerate(getattr(problem, name)):
            where = f"{name}[{index}].id"
            yield from identifier(where, entry.id)
            if first.setdefault(entry.id, index) != index:
                cause = f"{entry.id!r} is the id of {name}[{first[entry.id]}] too"
                yield fault("id_duplicate", where, cause, "give every entry of the list an id of its own")
    for index, order in enumerate(problem.orders):
        yield from identifier(f"orders[{index}].owner", order.owner)
        for which, group in enumerate(order.groups):
            yield from identifier(f"orders[{index}].groups[{which}]", group)


def _references(problem: Draft) -> Iterator[Fault]:
    """Names of places and profiles lead somewhere."""
    places = {place.id for place in problem.places}
    profiles = {profile.id for profile in problem.profiles}
    named: list[tuple[str, str | None]] = []
    for index, vehicle in enumerate(problem.vehicle_types):
        named += [(f"vehicle_types[{index}].start", vehicle.start), (f"vehicle_types[{index}].end", vehicle.end)]
        named += [(f"vehicle_types[{index}].reloads[{which}]", place) for which, place in enumerate(vehicle.reloads)]
        if vehicle.profile not in profiles:
            where, cause = f"vehicle_types[{index}].profile", f"there is no travel profile {vehicle.profile!r}"
            yield fault("profile_unknown", where, cause, "name one of profiles, or add it there")
    for index, order in enumerate(problem.orders):
        named.append((f"orders[{index}].hub", order.hub))
        for side, visit in (("pickup", order.pickup), ("delivery", order.delivery)):
            named.append((f"orders[{index}].{side}.place", None if visit is None else visit.place))
    for where, place in named:
        if place is not None and place not in places:
            yield fault("place_unknown", where, f"there is no place {place!r}", "name one of places, or add it there")


def _coordinates(problem: Draft) -> Iterator[Fault]:
    needed = [profile.id for profile in problem.profiles if profile.distance_m is None and profile.duration_s is None]
    for index, place in enumerate(problem.places):
        where = f"places[{index}]"
        for field, value, limit in (("lat", place.lat, 90), ("lon", place.lon, 180)):
            if value is not None and not (isfinite(value) and -limit <= value <= limit):
                cause, cure = f"{value} is no {field}", f"give degrees WGS 84 from {-limit} to {limit}"
                yield fault("coordinate_out_of_range", f"{where}.{field}", cause, cure)
        if (place.lat is None) != (place.lon is None):
            yield fault("coordinate_half", where, "only one of lat and lon is given", "give both, or neither")
        elif place.lat is None and needed:
            cause = f"it has no coordinates, and travel profile {needed[0]!r} has no matrices"
            yield fault("coordinate_missing", where, cause, "give lat and lon, or both matrices in every profile")


def _profiles(problem: Draft) -> Iterator[Fault]:
    for index, profile in enumerate(problem.profiles):
        where = f"profiles[{index}]"
        yield from number(f"{where}.speed_kmh", profile.speed_kmh, SPEED_MAX_KMH, least=1)
        yield from number(f"{where}.circuity_percent", profile.circuity_percent, CIRCUITY_MAX_PERCENT, least=100)
        if (profile.distance_m is None) != (profile.duration_s is None):
            cause = "only one of distance_m and duration_s is given"
            yield fault("matrix_half", where, cause, "give both matrices, or neither")
        for field, matrix, most in (
            ("distance_m", profile.distance_m, DISTANCE_MAX_M),
            ("duration_s", profile.duration_s, TIME_MAX_S),
        ):
            if matrix is not None:
                yield from _matrix(f"{where}.{field}", matrix, len(problem.places), most)


def _matrix(where: str, matrix: Matrix, places: int, most: int) -> Iterator[Fault]:
    if len(matrix) != places:
        cause = f"it has {len(matrix)} rows for {places} places"
        yield fault("matrix_size", where, cause, f"give {places} rows of {places} numbers, in the order of places")
    wrong = np.argwhere((matrix.values < UNREACHABLE) | (matrix.values > most))
    if len(wrong):
        row, column = (int(index) for index in wrong[0])
        cause = f"{matrix.values[row, column]} is no travel value ({len(wrong)} such entries)"
        cure = f"give 0 to {most}, or {UNREACHABLE} where there is no way"
        yield fault("matrix_entry", f"{where}[{row}][{column}]", cause, cure)


def _places(problem: Draft) -> Iterator[Fault]:
    for index, place in enumerate(problem.places):
        for which, window in enumerate(place.windows):
            yield from window_faults(f"places[{index}].windows[{which}]", window)


def _orders(problem: Draft) -> Iterator[Fault]:
    for index, order in enumerate(problem.orders):
        where = f"orders[{index}]"
        if order.pickup is None and order.delivery is None:
            cure = "give a pickup, a delivery, or both"
            yield fault("order_without_visit", where, "it has neither pickup nor delivery", cure)
        if order.pickup is not None and order.delivery is not None and order.hub is not None:
            cure = "leave the hub out, or leave out the side that is at the hub"
            yield fault("order_hub_contradiction", f"{where}.hub", "a transport from A to B passes no hub", cure)
        for dimension, amount in order.load.items():
            yield from number(f"{where}.load.{dimension}", amount, QUANTITY_MAX)
        yield from number(f"{where}.release_s", order.release_s, TIME_MAX_S)
        if order.outside_milli is not None:
            yield from number(f"{where}.outside_milli", order.outside_milli, COST_MAX_MILLI)


def _goods(problem: Draft) -> Iterator[Fault]:
    """Holds, and the units that are to stand in them."""
    for index, vehicle in enumerate(problem.vehicle_types):
        if vehicle.hold is not None:
            yield from hold_faults(vehicle.hold, f"vehicle_types[{index}].hold")
    for index, order in enumerate(problem.orders):
        yield from units_faults(order.units, f"orders[{index}].units")
    total = sum(unit.quantity for order in problem.orders for unit in order.units if is_whole(unit.quantity))
    if total > UNITS_MAX:
        cure = "plan fewer orders at a time"
        yield fault("units_too_many", "orders", f"{total} units, at most {UNITS_MAX} are taken", cure)


def _visits(problem: Draft) -> Iterator[Fault]:
    for index, order in enumerate(problem.orders):
        for side, visit in (("pickup", order.pickup), ("delivery", order.delivery)):
            if visit is not None:
                where = f"orders[{index}].{side}"
                yield from number(f"{where}.service_s", visit.service_s, TIME_MAX_S)
                for which, window in enumerate(visit.windows):
                    yield from window_faults(f"{where}.windows[{which}]", window)


def _apart(problem: Draft) -> Iterator[Fault]:
    """Groups that must not meet are those of some order."""
    known = {group for order in problem.orders for group in order.groups}
    for index, pair in enumerate(problem.apart):
        for which, group in enumerate(pair):
            if group not in known:
                cause, cure = f"no order is in a group {group!r}", "name a group of some order, or leave the pair out"
                yield fault("group_unknown", f"apart[{index}][{which}]", cause, cure)
