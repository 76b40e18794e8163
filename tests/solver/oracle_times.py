"""Times of one sequence of a tiny problem: every start is tried, and for each start every place for every break."""

from collections.abc import Iterator, Sequence

from solver.problem import Break
from tests.solver.oracle_routes import Job, Run, Vehicle, World, due, opens, trips

State = tuple[int, tuple[tuple[int, int, int], ...], tuple[tuple[int, int], ...]]
"""When all so far is done, the times of the jobs, the breaks."""

States = dict[tuple[int, ...], State]
"""By the breaks taken: the earliest way to have come so far."""


def shortest_run(world: World, vehicle: Vehicle, jobs: Sequence[Job]) -> Run | None:
    """The shortest-lasting way to do these jobs in this sequence, the earliest among those; None if there is none."""
    kind, lock = vehicle.kind, vehicle.lock
    released = [
        max((job.order.release_s for job in done if job.order is not None and job.from_the_start), default=0)
        for _, _, done in trips(vehicle, jobs)
    ]
    starts = range(max(kind.shift.open_s, released[0]), kind.shift.close_s + 1)
    runs = (
        run
        for start_s in (starts if lock.start_s is None else [lock.start_s])
        if (run := _run(world, vehicle, jobs, start_s, released)) is not None
    )
    return min(runs, key=lambda run: (run.end_s - run.start_s, run.start_s), default=None)


def _run(world: World, vehicle: Vehicle, jobs: Sequence[Job], start_s: int, released: list[int]) -> Run | None:
    """The earliest way from one start."""
    kind = vehicle.kind
    states: States = {(): (start_s, (), ())}
    here, trip, past_s = kind.start, 0, -1
    for position, job in enumerate(jobs):
        settled = vehicle.lock.visits[position] if position < len(vehicle.lock.visits) else None
        trip += job.order is None
        if settled is not None and settled.start_s is not None and settled.end_s is not None:
            past_s = settled.end_s
            states = {(): (past_s, (*states[()][1], (settled.start_s, settled.start_s, past_s)), ())}
        else:
            later = [(k, pause) for k, pause in enumerate(kind.breaks) if pause.window.close_s >= past_s]
            leg_s = world.way(kind, here, job.place)[1]
            states = _next(world, vehicle, job, states, leg_s, later, released[trip])
        here = job.place
    later = [(k, pause) for k, pause in enumerate(kind.breaks) if pause.window.close_s >= past_s]
    home_s = 0 if kind.end is None else world.way(kind, here, kind.end)[1]
    ends: list[tuple[int, int, Run]] = []
    for taken, (now, times, pauses) in states.items():
        for more, arrival_s, ready_s, new in _legs(now, home_s, [entry for entry in later if entry[0] > last(taken)]):
            right = all(k in taken or k in more or not due(pause, start_s, ready_s) for k, pause in later)
            if right and arrival_s == ready_s and ready_s <= kind.shift.close_s and (not more or kind.end is not None):
                run = Run(start_s, ready_s, times, (*pauses, *new))
                ends.append((ready_s, len(run.pauses), run))
    best = min(ends, default=None)
    if best is None or (kind.duration_max_s is not None and best[0] - start_s > kind.duration_max_s):
        return None
    return best[2]


def last(taken: tuple[int, ...]) -> int:
    """The last break taken, -1 for none."""
    return taken[-1] if taken else -1


def _next(
    world: World,
    vehicle: Vehicle,
    job: Job,
    states: States,
    leg_s: int,
    later: list[tuple[int, Break]],
    released_s: int,
) -> States:
    """From having done all before to having done a job."""
    found: States = {}
    for taken, (now, times, pauses) in states.items():
        for more, arrival_s, ready_s, new in _legs(now, leg_s, [entry for entry in later if entry[0] > last(taken)]):
            begin_s, end_s = _served(world, vehicle, job, ready_s, released_s)
            key = (*taken, *more)
            if begin_s is not None and (key not in found or end_s < found[key][0]):
                found[key] = end_s, (*times, (arrival_s, begin_s, end_s)), (*pauses, *new)
    return found


def _served(world: World, vehicle: Vehicle, job: Job, ready_s: int, released_s: int) -> tuple[int | None, int]:
    """When a job begins and ends at the earliest."""
    if job.order is None:
        begin_s, service_s = opens(world.opening[job.place], (), max(ready_s, released_s)), vehicle.kind.reload_s
    else:
        waits_s = job.order.release_s if job.order.pickup is job.visit else 0
        begin_s = opens(world.opening[job.place], job.visit.windows, max(ready_s, waits_s))
        service_s = job.visit.service_s
    return begin_s, (begin_s or 0) + service_s


def _legs(
    now: int, leg_s: int, later: list[tuple[int, Break]]
) -> Iterator[tuple[tuple[int, ...], int, int, tuple[tuple[int, int], ...]]]:
    """Breaks taken on a leg or at its end: which, the arrival, when a service may begin, and their times."""
    yield (), now + leg_s, now + leg_s, ()
    for position, (which, pause) in enumerate(later):
        begin_s = max(now, pause.window.open_s)
        if begin_s > pause.window.close_s:
            continue
        over_s, left_s = begin_s + pause.duration_s, leg_s - (begin_s - now)
        span = (begin_s, over_s)
        for more, arrival_s, ready_s, new in _legs(over_s, max(0, left_s), later[position + 1 :]):
            arrived_s = now + leg_s if left_s <= 0 else arrival_s
            yield (which, *more), arrived_s, ready_s, (span, *new)
