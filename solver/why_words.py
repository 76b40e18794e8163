"""What stands in the way of an order in words with numbers, and what would admit it."""

from collections.abc import Sequence
from typing import NamedTuple

from solver.compiled import ACTIONS, Compiled
from solver.loads import Verdict
from solver.plan import MILLI, Reason
from solver.schedule import legs, service_s
from solver.stowing import stowing_of
from solver.trips import Blocked, releases_s


class Obstacle(NamedTuple):
    """A way to serve an order on a vehicle type, and the constraint that stands in its way."""

    blocked: Blocked
    type_: int
    visits: tuple[int, ...]


def money(milli: int, currency: str) -> str:
    """An amount in words, exact to the thousandth of a minor unit."""
    sign, milli = ("-" if milli < 0 else ""), abs(milli)
    fraction = f".{milli % MILLI:03d}".rstrip("0").rstrip(".")
    return f"{sign}{milli // MILLI}{fraction} minor units of {currency}"


def explain(compiled: Compiled, order: int, reason: Reason, obstacles: Sequence[Obstacle]) -> tuple[str, str]:
    """
    Detail and cure for an order that no vehicle can serve.

    ``obstacles`` are the ways that ``reason`` blocks, at least one.
    """
    types = [obstacle.type_ for obstacle in obstacles]
    if reason in (Reason.SKILL, Reason.HUB):
        return (_skill if reason is Reason.SKILL else _hub)(compiled, order)
    if reason in (Reason.CAPACITY, Reason.REACHABLE):
        return _capacity(compiled, order, types) if reason is Reason.CAPACITY else _reachable(compiled, obstacles[0])
    if reason is Reason.TIME_WINDOW:
        return min(_late(compiled, obstacle) for obstacle in obstacles)[1:]
    if reason in _LIMITS:
        return _limit(compiled, reason, min(obstacles, key=lambda entry: entry.blocked.excess))
    if reason is Reason.LOAD:
        return _load(compiled, obstacles)
    return _of_the_day(compiled, order, reason, obstacles[0])


def _of_the_day(compiled: Compiled, order: int, reason: Reason, obstacle: Obstacle) -> tuple[str, str]:
    """Releases, breaks, groups apart and locks."""
    name = _vehicle(compiled, obstacle.type_)
    if reason is Reason.RELEASE:
        ready_s = max(compiled.release_s[order], *releases_s(compiled, obstacle.visits))
        return (
            f"on vehicle {name} it would be in time but for its goods, which are not ready before {ready_s} s",
            f"a release earlier than {ready_s} s, later windows, or a later end of the shift of {name}",
        )
    if reason is Reason.BREAK:
        pauses = compiled.vehicle_types[obstacle.type_].breaks
        when = " and ".join(f"from {p.window.open_s} s to {p.window.close_s} s" for p in pauses)
        return (
            f"on vehicle {name} it would be in time but for the driver's break, which must begin {when}",
            f"a longer window for the break of {name}, later windows for the order, or a later end of the shift",
        )
    if reason is Reason.APART:
        groups = ", ".join(map(repr, compiled.problem.orders[order].groups))
        return (
            f"vehicle {name} carries goods that must be apart from its groups ({groups})",
            "one more vehicle, or groups that may share one",
        )
    return _locked(compiled, order, obstacle)


def _locked(compiled: Compiled, order: int, obstacle: Obstacle) -> tuple[str, str]:
    holder = next((type_ for type_, named in compiled.named.items() if order in named), None)
    name = _vehicle(compiled, obstacle.type_ if holder is None else holder)
    if holder is not None:
        return f"it is locked to vehicle {name}, which cannot serve it", f"take it out of the lock of vehicle {name}"
    if compiled.closed[obstacle.type_]:
        return f"the route of vehicle {name} is closed", f"open the lock of vehicle {name}, or offer another vehicle"
    return (
        f"vehicle {name} has left without its goods, and does not reload where they lie",
        f"a reload of vehicle {name} where the goods lie, or a vehicle that has not left",
    )


def _vehicle(compiled: Compiled, type_: int) -> str:
    name, number = compiled.identity[type_]
    return repr(name) if number is None else f"{name!r} number {number}"


def _skill(compiled: Compiled, order: int) -> tuple[str, str]:
    required = set(compiled.problem.orders[order].skills)
    lacking = [sorted(required - set(vehicle.skills)) for vehicle in compiled.vehicle_types]
    nearest = min((type_ for type_ in range(len(lacking)) if lacking[type_]), key=lambda type_: len(lacking[type_]))
    name, words = compiled.vehicle_types[nearest].id, ", ".join(map(repr, lacking[nearest]))
    return (
        f"no vehicle type offers all of {', '.join(map(repr, sorted(required)))}; "
        f"{name!r} comes nearest and lacks {words}",
        f"give a vehicle type the skills it lacks ({words} for {name!r}), or require fewer",
    )


def _hub(compiled: Compiled, order: int) -> tuple[str, str]:
    asked = compiled.problem.orders[order]
    verb = "start" if asked.pickup is None else "end"
    where = "at a place (all ends are open)" if asked.hub is None else f"at hub {asked.hub!r}"
    there = "somewhere" if asked.hub is None else f"at {asked.hub!r}"
    return (
        f"no vehicle type that offers its skills {verb}s {where}, or can reload there for it",
        f"offer a vehicle type that {verb}s {there}, or reloads there",
    )


def _capacity(compiled: Compiled, order: int, types: list[int]) -> tuple[str, str]:
    """The vehicle that lacks least, relative to the load, and what it lacks."""
    load = compiled.loads[order]

    def lack(type_: int) -> float:
        return max(amount / max(limit, 1) for amount, limit in zip(load, compiled.capacities[type_], strict=True))

    nearest = min(types, key=lack)
    vehicle = compiled.vehicle_types[nearest]
    over = [
        (name, amount, limit)
        for name, amount, limit in zip(compiled.dimensions, load, compiled.capacities[nearest], strict=True)
        if amount > limit
    ]
    if not over:
        return (
            f"it does not fit beside what vehicle {_vehicle(compiled, nearest)} has to carry",
            "one more vehicle, or a lock that leaves room",
        )
    words = "; ".join(f"{name} {amount}, which is {amount - limit} above its {limit}" for name, amount, limit in over)
    needed = " and ".join(f"{name} of at least {amount}" for name, amount, _ in over)
    return (
        f"too big for every vehicle that could take it; {vehicle.id!r} comes nearest, but the order has {words}",
        f"split the order, or offer a vehicle with {needed}",
    )


def _reachable(compiled: Compiled, obstacle: Obstacle) -> tuple[str, str]:
    type_, visits = obstacle.type_, obstacle.visits
    names = [place.id for place in compiled.problem.places]
    end = compiled.end_of[type_]
    way = [compiled.start_of[type_], *compiled.places_of(visits)]
    if end is not None:
        way.append(end)
    legs_m, legs_s = legs(compiled, type_, visits)
    past = len(compiled.happened[type_])
    first = next(k for k in range(past, len(legs_s)) if legs_m[k] < 0 or legs_s[k] < 0)
    pair = f"from {names[way[first]]!r} to {names[way[first + 1]]!r}"
    profile = compiled.vehicle_types[type_].profile
    return (
        f"there is no way {pair} in travel profile {profile!r}",
        f"give distance and duration {pair} in profile {profile!r}, or offer a vehicle that starts elsewhere",
    )


def _load(compiled: Compiled, obstacles: Sequence[Obstacle]) -> tuple[str, str]:
    """What no hold takes; where places may exist that were not found, this is said."""
    stowing = stowing_of(compiled)
    assert stowing is not None, "only a hold blocks by its load"
    answers = [(stowing.answer(obstacle.type_, obstacle.visits), obstacle.type_) for obstacle in obstacles]
    unsure = [(fit, type_) for fit, type_ in answers if fit.verdict is not Verdict.PROVED_NOT]
    fit, type_ = (unsure or answers)[0]
    name, why = _vehicle(compiled, type_), f": {fit.detail}" if fit.detail else ""
    beside = " beside what is locked to it" if compiled.prefix[type_] else ""
    cure = f"a larger hold than that of {name}, fewer or smaller units, or an order divided in two"
    if unsure:
        found = f"no places were found for its units in the hold of vehicle {name}{beside}"
        return f"{found}; that there are none is not proved", cure
    return f"its units cannot all stand in the hold of vehicle {name}{beside}{why}", cure


def _late(compiled: Compiled, obstacle: Obstacle) -> tuple[int, str, str]:
    """By how many seconds the earliest possible route is late (breaks left out), detail and cure."""
    type_, visits = obstacle.type_, obstacle.visits
    vehicle = compiled.vehicle_types[type_]
    _, legs_s = legs(compiled, type_, visits)
    happened, left_s = compiled.happened[type_], compiled.left_s[type_]
    now = max(vehicle.shift.open_s, releases_s(compiled, visits)[0]) if left_s is None else left_s
    if happened:
        now = happened[-1][1]
    for position in range(len(happened), len(visits)):
        visit = visits[position]
        now += legs_s[position]
        windows = compiled.windows_of[visit] if visit >= 0 else compiled.dock_windows[~visit]
        place = compiled.problem.places[compiled.places_of((visit,))[0]].id
        if not windows:
            return (
                0,
                f"the windows of its {ACTIONS[visit & 1]} never meet the opening hours of {place!r}",
                f"give a window within the opening hours of {place!r}",
            )
        if now > windows[-1].close_s:
            return (
                now - windows[-1].close_s,
                f"vehicle {vehicle.id!r} can reach {place!r} at {now} s at the earliest; "
                f"its last window there closes at {windows[-1].close_s} s, {now - windows[-1].close_s} s earlier",
                f"a window at {place!r} that closes at {now} s or later, or a shift of {vehicle.id!r} that begins "
                f"{now - windows[-1].close_s} s earlier",
            )
        now = next(max(now, window.open_s) for window in windows if now <= window.close_s)
        now += service_s(compiled, type_, visits, position)
    now += legs_s[-1]
    late_s = max(0, now - vehicle.shift.close_s)
    return (
        late_s,
        f"vehicle {vehicle.id!r} would be done at {now} s at the earliest; its shift ends {late_s} s earlier",
        f"a shift of {vehicle.id!r} that ends at {now} s or later, or earlier windows for the order",
    )


_LIMITS = {
    Reason.MAX_DISTANCE: ("distance_max_m", "m", "a vehicle that starts nearer"),
    Reason.MAX_DURATION: ("duration_max_s", "s", "a vehicle that starts nearer"),
    Reason.MAX_STOPS: ("stops_max", "stops", "a vehicle without that limit"),
}


def _limit(compiled: Compiled, reason: Reason, obstacle: Obstacle) -> tuple[str, str]:
    vehicle, excess = compiled.vehicle_types[obstacle.type_], obstacle.blocked.excess
    field, unit, other = _LIMITS[reason]
    limit = getattr(vehicle, field)
    how = "with what is locked to it " if compiled.prefix[obstacle.type_] else "alone "
    return (
        f"{how}on vehicle {vehicle.id!r} it takes {limit + excess} {unit}, {excess} {unit} above the limit of {limit}",
        f"a {field} of {limit + excess} for {vehicle.id!r}, or {other}",
    )
