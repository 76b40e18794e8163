"""What a route surely is: within the relaxation, and where nothing is relaxed, its very price."""

from collections.abc import Sequence

from solver.colgen.model import FAR, Network
from solver.compiled import DELIVERY, PICKUP, Compiled

METRES_A_KM, SECONDS_AN_HOUR = 1_000, 3_600


def price_of(network: Network, nodes: Sequence[int]) -> int:
    """Grains of a route in the relaxation; ``FAR`` where an arc is missing, or a resource used up."""
    depot = len(network.opens) - 1
    now, late, here = network.begin, network.latest, depot
    price, used = 0, [0] * len(network.limits)
    for node in [*nodes, depot]:
        takes, wait = int(network.main[here, node]), 0
        now, late = now + takes, late + takes
        if node != depot:
            now, late = max(now, int(network.opens[node])), min(late, int(network.closes[node]))
            if now > network.closes[node]:
                return FAR
            wait = max(0, now - late)
            late += wait
        price += int(network.price[here, node]) + wait * network.pace
        for k, limit in enumerate(network.limits):
            used[k] += int(limit.by_arc[here, node]) + wait * limit.timed
            if used[k] > limit.most:
                return FAR
            used[k] = 0 if limit.resets and network.visits <= node < depot else used[k]
        here = node
    return min(price, FAR) if now <= network.latest else FAR


def is_exact(compiled: Compiled) -> bool:
    """Whether a plan costs what its routes and refusals cost, and each route what ``price_milli`` says."""
    problem = compiled.problem
    beside = (
        problem.longest_hour_milli or problem.change_milli or any(kind.unused_milli for kind in problem.vehicle_types)
    )
    overtime = any(kind.overtime_after_s is not None for kind in problem.vehicle_types)
    return not beside and not overtime and all(compiled.plain) and all(len(w) <= 1 for w in compiled.windows_of)


def price_milli(compiled: Compiled, type_: int, visits: Sequence[int]) -> int | None:
    """
    The very price of a route where ``is_exact``; None where it is no route.

    With one window a visit the shortest duration is that of the latest start with the earliest end.
    """
    vehicle = compiled.vehicle_types[type_]
    if not _paired(compiled, visits) or not _loadable(compiled, type_, visits):
        return None
    places = [compiled.start_of[type_], *(compiled.place_of[visit] for visit in visits)]
    end = compiled.end_of[type_]
    legs = list(zip(places, [*places[1:], places[-1] if end is None else end], strict=True))
    metres = [0 if here == there else int(compiled.distance_m[type_][here, there]) for here, there in legs]
    seconds = [0 if here == there else int(compiled.duration_s[type_][here, there]) for here, there in legs]
    duration = _duration(compiled, type_, visits, seconds) if min(metres + seconds) >= 0 else None
    far = vehicle.distance_max_m is not None and sum(metres) > vehicle.distance_max_m
    if duration is None or far or (vehicle.duration_max_s is not None and duration > vehicle.duration_max_s):
        return None
    stops = sum(here != there for here, there in legs[:-1])
    kilometres = (sum(metres) * vehicle.km_milli + METRES_A_KM // 2) // METRES_A_KM
    hours = (duration * vehicle.hour_milli + SECONDS_AN_HOUR // 2) // SECONDS_AN_HOUR
    return vehicle.fixed_milli + kilometres + hours + stops * vehicle.stop_milli + vehicle.trip_milli


def _paired(compiled: Compiled, visits: Sequence[int]) -> bool:
    """Each order whole, pickups first."""
    wanted = sorted(visit for order in {visit >> 1 for visit in visits} for visit in compiled.visits_of(order))
    first = {visit: position for position, visit in enumerate(visits)}
    return sorted(visits) == wanted and all(
        first.get(visit - 1, -1) < position for visit, position in first.items() if visit & 1 == DELIVERY
    )


def _loadable(compiled: Compiled, type_: int, visits: Sequence[int]) -> bool:
    """Compatible, and within capacity all the way."""
    if not all(compiled.compatible[type_, visit >> 1] for visit in visits):
        return False
    for dimension, most in enumerate(compiled.capacities[type_]):
        amounts = [compiled.loads[visit >> 1][dimension] for visit in visits]
        load = sum(
            amount
            for visit, amount in zip(visits, amounts, strict=True)
            if visit & 1 == DELIVERY and compiled.place_of[visit - 1] < 0
        )
        peak = load
        for visit, amount in zip(visits, amounts, strict=True):
            load += amount if visit & 1 == PICKUP else -amount
            peak = max(peak, load)
        if peak > most:
            return False
    return True


def _duration(compiled: Compiled, type_: int, visits: Sequence[int], seconds: Sequence[int]) -> int | None:
    """Least seconds from leaving to being done; None where a window or the shift is missed."""
    shift = compiled.vehicle_types[type_].shift
    now, slack, length = shift.open_s, shift.close_s - shift.open_s, 0
    for visit, leg in zip(visits, seconds, strict=False):
        if not compiled.windows_of[visit]:
            return None
        window = compiled.windows_of[visit][0]
        opens, closes = window.open_s, window.close_s
        now += leg
        length += leg
        waiting = max(0, opens - now)
        now += waiting
        if now > closes:
            return None
        # Leaving later takes up waiting first, as far as no window before is missed.
        length += max(0, waiting - slack)
        slack = min(max(0, slack - waiting), closes - now)
        now += compiled.service_of[visit]
        length += compiled.service_of[visit]
    now += seconds[-1]
    return length + seconds[-1] if now <= shift.close_s else None
