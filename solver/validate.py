"""Everything that can be wrong with a problem, found at once: one function a concern, codes in docs/faults.md."""

import re
from collections.abc import Iterator
from math import isfinite

import numpy as np

from solver.faults import Fault
from solver.matrix import UNREACHABLE, Matrix
from solver.parts import SCHEMA_VERSION, Draft, TravelProfile, Window

QUANTITY_MAX = 10**12
COST_MAX_MILLI = 10**15
TIME_MAX_S = 10**9
DISTANCE_MAX_M = 10**9
COUNT_MAX = 10**9
SPEED_MAX_KMH = 1_000
CIRCUITY_MAX_PERCENT = 1_000
INT64_MAX = 2**63 - 1
ID_LENGTH_MAX = 200
METRES_A_DEGREE = 111_200


def faults_of(problem: Draft) -> list[Fault]:
    """
    All faults of a problem; empty when it can be solved.

    Whether an order can be served at all is not asked here: that is answered by a reason code on the unplanned order.
    """
    concerns = (_head, _ids, _references, _coordinates, _profiles, _vehicle_numbers, _shifts, _places, _orders, _visits)
    faults = [fault for concern in concerns for fault in concern(problem)]
    # Products of numbers that are wrong by themselves would only repeat what is said already.
    return faults or list(_overflow(problem))


def _fault(code: str, where: str, cause: str, cure: str) -> Fault:
    return Fault(code=code, where=where, cause=cause, cure=cure)


def _number(where: str, value: object, most: int, least: int = 0) -> Iterator[Fault]:
    """Faults of a whole number that must lie in ``[least, most]``."""
    if not isinstance(value, int) or isinstance(value, bool):
        yield _fault("number_not_whole", where, f"{value!r} is not a whole number", "give an integer")
    elif value < least:
        code = "number_negative" if value < 0 else "number_too_small"
        yield _fault(code, where, f"{value} is below {least}", f"give {least} or more")
    elif value > most:
        yield _fault("number_too_large", where, f"{value} is above {most}", f"give {most} or less, or a coarser unit")


def _head(problem: Draft) -> Iterator[Fault]:
    if re.fullmatch("[A-Z]{3}", problem.currency) is None:
        cure = "give an ISO 4217 code such as 'VND'"
        yield _fault("currency_malformed", "currency", f"{problem.currency!r} is not three capital letters", cure)
    if problem.version != SCHEMA_VERSION:
        cause = f"version {problem.version!r} is not known"
        yield _fault("version_unknown", "version", cause, f"give version {SCHEMA_VERSION}")
    if not problem.places:
        yield _fault("no_places", "places", "there are no places", "give at least the place where vehicles start")
    if not problem.vehicle_types:
        yield _fault("no_vehicle_types", "vehicle_types", "there are no vehicle types", "give at least one")


def _ids(problem: Draft) -> Iterator[Fault]:
    """Ids are there, short enough, and differ within their list."""
    for name in ("places", "profiles", "vehicle_types", "orders"):
        first: dict[str, int] = {}
        for number, entry in enumerate(getattr(problem, name)):
            where = f"{name}[{number}].id"
            yield from _identifier(where, entry.id)
            if first.setdefault(entry.id, number) != number:
                cause = f"{entry.id!r} is the id of {name}[{first[entry.id]}] too"
                yield _fault("id_duplicate", where, cause, "give every entry of the list an id of its own")
    for number, order in enumerate(problem.orders):
        yield from _identifier(f"orders[{number}].owner", order.owner)


def _identifier(where: str, value: str) -> Iterator[Fault]:
    if not 1 <= len(value) <= ID_LENGTH_MAX:
        cause, cure = f"it has {len(value)} characters", f"give 1 to {ID_LENGTH_MAX} characters"
        yield _fault("id_length", where, cause, cure)


def _references(problem: Draft) -> Iterator[Fault]:
    """Names of places and profiles lead somewhere."""
    places = {place.id for place in problem.places}
    profiles = {profile.id for profile in problem.profiles}
    named: list[tuple[str, str | None]] = []
    for number, vehicle in enumerate(problem.vehicle_types):
        named += [(f"vehicle_types[{number}].start", vehicle.start), (f"vehicle_types[{number}].end", vehicle.end)]
        if vehicle.profile not in profiles:
            where, cause = f"vehicle_types[{number}].profile", f"there is no travel profile {vehicle.profile!r}"
            yield _fault("profile_unknown", where, cause, "name one of profiles, or add it there")
    for number, order in enumerate(problem.orders):
        named.append((f"orders[{number}].hub", order.hub))
        for side, visit in (("pickup", order.pickup), ("delivery", order.delivery)):
            named.append((f"orders[{number}].{side}.place", None if visit is None else visit.place))
    for where, place in named:
        if place is not None and place not in places:
            yield _fault("place_unknown", where, f"there is no place {place!r}", "name one of places, or add it there")


def _coordinates(problem: Draft) -> Iterator[Fault]:
    needed = [profile.id for profile in problem.profiles if profile.distance_m is None and profile.duration_s is None]
    for number, place in enumerate(problem.places):
        where = f"places[{number}]"
        for field, value, limit in (("lat", place.lat, 90), ("lon", place.lon, 180)):
            if value is not None and not (isfinite(value) and -limit <= value <= limit):
                cause, cure = f"{value} is no {field}", f"give degrees WGS 84 from {-limit} to {limit}"
                yield _fault("coordinate_out_of_range", f"{where}.{field}", cause, cure)
        if (place.lat is None) != (place.lon is None):
            yield _fault("coordinate_half", where, "only one of lat and lon is given", "give both, or neither")
        elif place.lat is None and needed:
            cause = f"it has no coordinates, and travel profile {needed[0]!r} has no matrices"
            yield _fault("coordinate_missing", where, cause, "give lat and lon, or both matrices in every profile")


def _profiles(problem: Draft) -> Iterator[Fault]:
    for number, profile in enumerate(problem.profiles):
        where = f"profiles[{number}]"
        yield from _number(f"{where}.speed_kmh", profile.speed_kmh, SPEED_MAX_KMH, least=1)
        yield from _number(f"{where}.circuity_percent", profile.circuity_percent, CIRCUITY_MAX_PERCENT, least=100)
        if (profile.distance_m is None) != (profile.duration_s is None):
            cause = "only one of distance_m and duration_s is given"
            yield _fault("matrix_half", where, cause, "give both matrices, or neither")
        for field, matrix, most in (
            ("distance_m", profile.distance_m, DISTANCE_MAX_M),
            ("duration_s", profile.duration_s, TIME_MAX_S),
        ):
            if matrix is not None:
                yield from _matrix(f"{where}.{field}", matrix, len(problem.places), most)


def _matrix(where: str, matrix: Matrix, places: int, most: int) -> Iterator[Fault]:
    if len(matrix) != places:
        cause = f"it has {len(matrix)} rows for {places} places"
        yield _fault("matrix_size", where, cause, f"give {places} rows of {places} numbers, in the order of places")
    wrong = np.argwhere((matrix.values < UNREACHABLE) | (matrix.values > most))
    if len(wrong):
        row, column = (int(index) for index in wrong[0])
        cause = f"{matrix.values[row, column]} is no travel value ({len(wrong)} such entries)"
        cure = f"give 0 to {most}, or {UNREACHABLE} where there is no way"
        yield _fault("matrix_entry", f"{where}[{row}][{column}]", cause, cure)


def _vehicle_numbers(problem: Draft) -> Iterator[Fault]:
    for number, vehicle in enumerate(problem.vehicle_types):
        where = f"vehicle_types[{number}]"
        for dimension, amount in vehicle.capacity.items():
            yield from _number(f"{where}.capacity.{dimension}", amount, QUANTITY_MAX)
        for field, most in (
            ("fixed_milli", COST_MAX_MILLI),
            ("km_milli", COST_MAX_MILLI),
            ("hour_milli", COST_MAX_MILLI),
            ("stop_milli", COST_MAX_MILLI),
            ("count", COUNT_MAX),
            ("duration_max_s", TIME_MAX_S),
            ("distance_max_m", QUANTITY_MAX),
        ):
            value = getattr(vehicle, field)
            if value is not None or field.endswith("_milli"):
                yield from _number(f"{where}.{field}", value, most)


def _shifts(problem: Draft) -> Iterator[Fault]:
    for number, vehicle in enumerate(problem.vehicle_types):
        yield from _window(f"vehicle_types[{number}].shift", vehicle.shift)


def _window(where: str, window: Window) -> Iterator[Fault]:
    faults = [
        *_number(f"{where}.open_s", window.open_s, TIME_MAX_S),
        *_number(f"{where}.close_s", window.close_s, TIME_MAX_S),
    ]
    yield from faults
    if not any(fault.code == "number_not_whole" for fault in faults) and window.close_s < window.open_s:
        cause = f"it closes at {window.close_s} s, before it opens at {window.open_s} s"
        yield _fault("window_reversed", where, cause, "give a closing time at or after the opening time")


def _places(problem: Draft) -> Iterator[Fault]:
    for number, place in enumerate(problem.places):
        for index, window in enumerate(place.windows):
            yield from _window(f"places[{number}].windows[{index}]", window)


def _orders(problem: Draft) -> Iterator[Fault]:
    for number, order in enumerate(problem.orders):
        where = f"orders[{number}]"
        if order.pickup is None and order.delivery is None:
            cure = "give a pickup, a delivery, or both"
            yield _fault("order_without_visit", where, "it has neither pickup nor delivery", cure)
        if order.pickup is not None and order.delivery is not None and order.hub is not None:
            cure = "leave the hub out, or leave out the side that is at the hub"
            yield _fault("order_hub_contradiction", f"{where}.hub", "a transport from A to B passes no hub", cure)
        for dimension, amount in order.load.items():
            yield from _number(f"{where}.load.{dimension}", amount, QUANTITY_MAX)
        if order.outside_milli is not None:
            yield from _number(f"{where}.outside_milli", order.outside_milli, COST_MAX_MILLI)


def _visits(problem: Draft) -> Iterator[Fault]:
    for number, order in enumerate(problem.orders):
        for side, visit in (("pickup", order.pickup), ("delivery", order.delivery)):
            if visit is not None:
                where = f"orders[{number}].{side}"
                yield from _number(f"{where}.service_s", visit.service_s, TIME_MAX_S)
                for index, window in enumerate(visit.windows):
                    yield from _window(f"{where}.windows[{index}]", window)


def _overflow(problem: Draft) -> Iterator[Fault]:
    """No plan may cost more than a 64-bit integer holds, whatever the search tries."""
    routes = len(problem.orders)
    legs = 3 * routes
    outside = sum(order.outside_milli or 0 for order in problem.orders)
    if outside > INT64_MAX:
        cause = "all outside options together pass 64 bits"
        yield _fault("cost_overflow", "orders", cause, "give costs in a coarser unit")
    longest = {profile.id: _longest_m(problem, profile) for profile in problem.profiles}
    for number, vehicle in enumerate(problem.vehicle_types):
        worst = (
            legs * longest[vehicle.profile] * vehicle.km_milli
            + routes * vehicle.shift.close_s * vehicle.hour_milli
            + legs * vehicle.stop_milli
            + routes * vehicle.fixed_milli
        )
        if worst + outside > INT64_MAX:
            cause = "the dearest conceivable plan with it passes 64 bits"
            yield _fault("cost_overflow", f"vehicle_types[{number}]", cause, "give costs in a coarser unit")


def _longest_m(problem: Draft, profile: TravelProfile) -> int:
    """No leg of a profile is longer; without a matrix from the rectangle of degrees that holds all places."""
    if profile.distance_m is not None:
        return max(0, int(np.max(profile.distance_m.values)))
    lat = [place.lat for place in problem.places if place.lat is not None]
    lon = [place.lon for place in problem.places if place.lon is not None]
    degrees = max(lat) - min(lat) + max(lon) - min(lon)
    return int(degrees * METRES_A_DEGREE * profile.circuity_percent / 100) + 1
