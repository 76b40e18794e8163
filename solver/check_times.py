"""The checker's rules for times: services, releases, arrivals, distance, shift and other limits of a route."""

from collections.abc import Iterator
from itertools import groupby

from solver.check_facts import Reading, Step, Trip, side_of, within
from solver.plan import Action, Stop, Violation


def services(reading: Reading) -> Iterator[Violation]:
    """Services last as long as asked, one after another, and begin within the windows of visit and place."""
    free_s = {number: stop.arrival_s for number, stop in enumerate(reading.route.stops)}
    for position, step in enumerate(reading.steps):
        stop = reading.route.stops[step.stop]
        begin_s, end_s = _span(reading, step)
        if position < reading.happened:
            yield from _happened(reading, position, step)
        else:
            if begin_s < free_s[step.stop]:
                detail = f"{_name(step)} begins at {begin_s}, before {free_s[step.stop]}"
                yield Violation(code="service_early", where=reading.at(step.stop), detail=detail)
            yield from _service(reading, step, stop, begin_s, end_s)
        free_s[step.stop] = end_s
    for number, stop in enumerate(reading.route.stops):
        yield from _stay(reading, number, stop, free_s[number])


def _name(step: Step) -> str:
    return "the reload" if step.visit is None else repr(step.visit.order)


def _span(reading: Reading, step: Step) -> tuple[int, int]:
    """When a service begins and ends."""
    if step.visit is not None:
        return step.visit.start_s, step.visit.end_s
    departure_s = reading.route.stops[step.stop].departure_s
    return departure_s - reading.service_of_reload(step.stop), departure_s


def _happened(reading: Reading, position: int, step: Step) -> Iterator[Violation]:
    """What has happened is stated as it was, and nothing else is asked of it."""
    locked = () if reading.lock is None else reading.lock.visits
    right = (locked[position].start_s, locked[position].end_s)
    if _span(reading, step) != right:
        detail = f"{_name(step)} was from {right[0]} to {right[1]}"
        yield Violation(code="happened_wrong", where=reading.at(step.stop), detail=detail)


def _service(reading: Reading, step: Step, stop: Stop, begin_s: int, end_s: int) -> Iterator[Violation]:
    """Length, windows and release of one service."""
    at = reading.at(step.stop)
    asked = None
    if step.visit is not None:
        order = reading.facts.orders[step.visit.order]
        asked = side_of(order, step.visit.action)
        if step.visit.action is Action.PICKUP and begin_s < order.release_s:
            detail = f"{order.id!r} is picked up at {begin_s}, released at {order.release_s}"
            yield Violation(code="release_missed", where=at, detail=detail)
    if asked is not None and end_s - begin_s != asked.service_s:
        detail = f"{_name(step)} lasts {end_s - begin_s} s, not {asked.service_s} s"
        yield Violation(code="service_length", where=at, detail=detail)
    if not within(begin_s, () if asked is None else asked.windows):
        detail = f"begins at {begin_s}, in no window of {_name(step)}"
        yield Violation(code="window_missed", where=at, detail=detail)
    if not within(begin_s, reading.facts.places[stop.place].windows):
        detail = f"begins at {begin_s}, in no window of {stop.place!r}"
        yield Violation(code="window_missed", where=at, detail=detail)


def _stay(reading: Reading, number: int, stop: Stop, free_s: int) -> Iterator[Violation]:
    """The vehicle leaves when the last service is done; what is neither service nor break is waiting."""
    at = reading.at(number)
    if stop.departure_s != free_s:
        detail = f"leaves at {stop.departure_s}, its services end at {free_s}"
        yield Violation(code="departure_wrong", where=at, detail=detail)
    spans = [_span(reading, step) for step in reading.steps if step.stop == number]
    spans += [
        (pause.start_s, pause.end_s)
        for pause in reading.route.breaks
        if stop.arrival_s <= pause.start_s < stop.departure_s
    ]
    waiting_s = stop.departure_s - stop.arrival_s - sum(end_s - begin_s for begin_s, end_s in spans)
    if stop.waiting_s != waiting_s:
        yield Violation(code="waiting_wrong", where=at, detail=f"stated as {stop.waiting_s} s, is {waiting_s} s")


def releases(reading: Reading) -> Iterator[Violation]:
    """No trip begins before all that it loads is there; a trip that has begun already is not asked."""
    for trip in reading.trips():
        if _has_begun(reading, trip):
            continue
        for visit in trip.visits:
            order = reading.facts.orders[visit.order]
            if order.pickup is None and trip.begin_s < order.release_s:
                where = reading.where if trip.stop < 0 else reading.at(trip.stop)
                detail = f"the trip begins at {trip.begin_s}, {order.id!r} is released at {order.release_s}"
                yield Violation(code="release_missed", where=where, detail=detail)


def _has_begun(reading: Reading, trip: Trip) -> bool:
    return reading.left_s is not None if trip.stop < 0 else trip.stop < reading.happened_stops


def journey(reading: Reading) -> Iterator[Violation]:
    """Each arrival is the departure before it, plus travel, plus breaks on the way; the distance sums the legs."""
    route, vehicle = reading.route, reading.vehicle
    points = [(stop.place, stop.arrival_s, stop.departure_s) for stop in route.stops]
    last = route.stops[-1].place if route.stops else vehicle.start
    points.append((vehicle.end if vehicle.end is not None else last, route.end_s, route.end_s))
    here, left_s = vehicle.start, route.start_s
    least_m = most_m = 0
    for number, (there, arrival_s, departure_s) in enumerate(points):
        at = reading.at(number) if number < len(route.stops) else f"{reading.where}.end_s"
        leg = reading.facts.leg(vehicle, here, there)
        if number < reading.happened_stops:
            yield from _arrived(reading, number)
            leg = leg or ((0, 0), (0, 0))
        elif leg is None:
            yield Violation(code="no_way", where=at, detail=f"no way from {here!r} to {there!r}")
            return
        else:
            yield from _arrival(reading, at, leg[1], left_s, arrival_s)
        least_m, most_m = least_m + leg[0][0], most_m + leg[0][1]
        here, left_s = there, departure_s
    if not least_m <= route.distance_m <= most_m:
        detail = f"stated as {route.distance_m} m, is {least_m} m"
        yield Violation(code="distance_wrong", where=reading.where, detail=detail)


def _arrived(reading: Reading, number: int) -> Iterator[Violation]:
    """A stop that has happened is arrived at when its first service began."""
    begins_s = [_span(reading, step)[0] for step in reading.steps if step.stop == number]
    stop = reading.route.stops[number]
    if begins_s and stop.arrival_s != begins_s[0]:
        detail = f"stated as {stop.arrival_s}, its first service began at {begins_s[0]}"
        yield Violation(code="arrival_wrong", where=reading.at(number), detail=detail)


def _arrival(reading: Reading, at: str, leg_s: tuple[int, int], left_s: int, arrival_s: int) -> Iterator[Violation]:
    on_the_way = [pause for pause in reading.route.breaks if left_s <= pause.start_s < arrival_s]
    pause_s = sum(pause.end_s - pause.start_s for pause in on_the_way)
    if not left_s + leg_s[0] + pause_s <= arrival_s <= left_s + leg_s[1] + pause_s:
        detail = f"stated as {arrival_s}, is {left_s} + {leg_s[0]} + {pause_s} = {left_s + leg_s[0] + pause_s}"
        yield Violation(code="arrival_wrong", where=at, detail=detail)
    for pause in on_the_way:
        if pause.end_s > arrival_s:
            detail = f"the break from {pause.start_s} is not over at the arrival, {arrival_s}"
            yield Violation(code="break_misplaced", where=at, detail=detail)


def limits(reading: Reading) -> Iterator[Violation]:
    """Shift, start, duration, distance and number of stops."""
    route, vehicle, where = reading.route, reading.vehicle, reading.where
    duration_s = route.end_s - route.start_s
    if reading.left_s is not None and route.start_s != reading.left_s:
        detail = f"stated as {route.start_s}, it left at {reading.left_s}"
        yield Violation(code="start_wrong", where=where, detail=detail)
    early = reading.left_s is None and route.start_s < vehicle.shift.open_s
    if early or route.end_s > vehicle.shift.close_s:
        detail = (
            f"from {route.start_s} to {route.end_s}, the shift is {vehicle.shift.open_s} to {vehicle.shift.close_s}"
        )
        yield Violation(code="shift_left", where=where, detail=detail)
    if vehicle.duration_max_s is not None and duration_s > vehicle.duration_max_s:
        detail = f"{duration_s} s, at most {vehicle.duration_max_s} s are allowed"
        yield Violation(code="duration_exceeded", where=where, detail=detail)
    if vehicle.distance_max_m is not None and route.distance_m > vehicle.distance_max_m:
        detail = f"{route.distance_m} m, at most {vehicle.distance_max_m} m are allowed"
        yield Violation(code="distance_exceeded", where=where, detail=detail)
    stays = groupby(
        [(vehicle.start, False), *((stop.place, not stop.reload) for stop in route.stops)], lambda at: at[0]
    )
    stops = sum(any(serves for _, serves in stay) for number, (_, stay) in enumerate(stays) if number)
    if vehicle.stops_max is not None and stops > vehicle.stops_max:
        detail = f"{stops} stops, at most {vehicle.stops_max} are allowed"
        yield Violation(code="stops_exceeded", where=where, detail=detail)
