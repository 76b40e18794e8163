"""The times of a route with breaks, reloads, releases and what has happened: a route as ``solver.timing`` reads it."""

from collections.abc import Sequence

from solver.compiled import ANY_TIME, Compiled, met
from solver.parts import Break
from solver.plan import Reason
from solver.problem import Window
from solver.timing import Task, Times, shortest
from solver.trips import Blocked, releases_s

ENDLESS_S = ANY_TIME[0].close_s


def timed(
    compiled: Compiled, type_: int, visits: Sequence[int], legs_s: list[int], *, reasons: bool
) -> Times | Blocked:
    """
    Times of a route that everything but time allows; else the break, the release or the window that forbids it.

    ``legs_s`` as by ``solver.schedule.legs``, 0 for legs that have been driven. Without ``reasons`` every block is
    one of windows.
    """
    breaks, releases = compiled.vehicle_types[type_].breaks, any(compiled.release_s)
    times = _run(compiled, type_, visits, legs_s, breaks=breaks, released=True)
    if not isinstance(times, int):
        return times
    position = min(times, len(visits) - 1)
    if not reasons:
        return Blocked(Reason.TIME_WINDOW, position)
    if breaks and not isinstance(_run(compiled, type_, visits, legs_s, breaks=(), released=True), int):
        return Blocked(Reason.BREAK, position)
    if releases and not isinstance(_run(compiled, type_, visits, legs_s, breaks=breaks, released=False), int):
        return Blocked(Reason.RELEASE, position)
    return Blocked(Reason.TIME_WINDOW, position)


def overdue(compiled: Compiled, type_: int, visits: Sequence[int], legs_s: list[int]) -> Times | int:
    """
    Times of a route whose windows may be missed: nothing begins later than it must, and then no longer than need be.

    Services wait for their windows to open; one that comes after its last window has closed begins at once. Breaks,
    releases and what has happened bind as ever; the shift's end does not.

    Returns
    -------
    Times or int
        The position where a break stands in the way.
    """
    breaks, shift = compiled.vehicle_types[type_].breaks, compiled.vehicle_types[type_].shift
    leave_s, tasks = _tasks(compiled, type_, visits, legs_s, released=True)
    happened, left_s = compiled.happened[type_], compiled.left_s[type_]
    past = len(happened)
    begin_s = max(shift.open_s, leave_s) if left_s is None else happened[-1][1] if happened else left_s
    due = breaks if left_s is None else tuple(pause for pause in breaks if pause.window.close_s >= begin_s)
    ready = releases_s(compiled, visits)
    endless = [
        task._replace(windows=_never_closing(task.windows, shift.close_s, _from_s(compiled, visits, past + k, ready)))
        for k, task in enumerate(tasks[past:])
    ]
    # Leaving after a break's window may be better than taking the break: late is late, though, and the least counts.
    starts = {begin_s} | {
        pause.window.close_s + 1 for pause in due if left_s is None and pause.window.close_s >= begin_s
    }
    runs = [shortest(endless, legs_s[-1], Window(start, ENDLESS_S), due, fixed=True) for start in sorted(starts)]
    ran = [run for run in runs if not isinstance(run, int)]
    if not ran:
        return past + max(run for run in runs if isinstance(run, int))
    first = min(ran, key=lambda run: _late_s(tasks[past:], run, shift.close_s))
    met_late = [_at_the_latest(task, began) for task, began in zip(tasks[past:], first.begin_s, strict=True)]
    span = Window(begin_s, max(shift.close_s, first.end_s))
    times = shortest(met_late, legs_s[-1], span, due, fixed=left_s is not None)
    assert not isinstance(times, int), "the first pass is a way"
    if left_s is None:
        return times
    began = [begin for begin, _ in happened]
    return times._replace(start_s=left_s, arrival_s=began + times.arrival_s, begin_s=began + times.begin_s)


def _late_s(tasks: Sequence[Task], times: Times, close_s: int) -> int:
    """How late services and the end are, taken together."""
    late = max(0, times.end_s - close_s)
    for task, began_s in zip(tasks, times.begin_s, strict=True):
        late += max(0, began_s - max((window.close_s for window in task.windows), default=began_s))
    return late


def _from_s(compiled: Compiled, visits: Sequence[int], position: int, ready: list[int]) -> int:
    """The earliest second of a service whose windows have all closed: when its goods are released."""
    visit = visits[position]
    if visit < 0:
        return ready[sum(entry < 0 for entry in visits[: position + 1])]
    return 0 if visit & 1 else compiled.release_s[visit >> 1]


def _never_closing(windows: tuple[Window, ...], end_s: int, from_s: int) -> tuple[Window, ...]:
    """Windows of which the last one stays open; those that open after the shift are none."""
    open_by_then = [window for window in windows if window.open_s <= end_s]
    if not open_by_then:
        return (Window(from_s, ENDLESS_S),)
    return (*open_by_then[:-1], Window(open_by_then[-1].open_s, ENDLESS_S))


def _at_the_latest(task: Task, began_s: int) -> Task:
    """A task that may begin when it did, where that is outside of its windows."""
    if any(window.open_s <= began_s <= window.close_s for window in task.windows):
        return task
    return task._replace(windows=tuple(sorted((*task.windows, Window(began_s, began_s)), key=lambda w: w.open_s)))


def service_s(compiled: Compiled, type_: int, visits: Sequence[int], position: int) -> int:
    """How long the service of a visit or reload takes, or took where it has happened."""
    happened = compiled.happened[type_]
    if position < len(happened):
        return happened[position][1] - happened[position][0]
    visit = visits[position]
    return compiled.service_of[visit] if visit >= 0 else compiled.vehicle_types[type_].reload_s


def _run(
    compiled: Compiled,
    type_: int,
    visits: Sequence[int],
    legs_s: list[int],
    *,
    breaks: tuple[Break, ...],
    released: bool,
) -> Times | int:
    """Times with what has happened in front; the position that is late where there is no way."""
    happened, left_s = compiled.happened[type_], compiled.left_s[type_]
    shift = compiled.vehicle_types[type_].shift
    leave_s, tasks = _tasks(compiled, type_, visits, legs_s, released=released)
    past = len(happened)
    if left_s is None:
        return shortest(tasks, legs_s[-1], Window(max(shift.open_s, leave_s), shift.close_s), breaks)
    now = happened[-1][1] if happened else left_s
    still = tuple(pause for pause in breaks if pause.window.close_s >= now)
    rest = shortest(tasks[past:], legs_s[-1], Window(now, shift.close_s), still, fixed=True)
    if isinstance(rest, int):
        return past + rest
    began = [begin for begin, _ in happened]
    return rest._replace(start_s=left_s, arrival_s=began + rest.arrival_s, begin_s=began + rest.begin_s)


def _tasks(
    compiled: Compiled, type_: int, visits: Sequence[int], legs_s: list[int], *, released: bool
) -> tuple[int, list[Task]]:
    """When the goods of the first trip are released, and each visit or reload as a task."""
    releases = releases_s(compiled, visits) if released else [0] * (len(visits) + 1)
    trip = 0
    tasks: list[Task] = []
    for position, visit in enumerate(visits):
        if visit < 0:
            trip += 1
            windows = compiled.dock_windows[~visit]
            if releases[trip]:
                windows = met(windows, (Window(releases[trip], ANY_TIME[0].close_s),))
        else:
            windows = compiled.windows_of[visit] if released else compiled.open_windows(visit)
        tasks.append(Task(legs_s[position], windows, service_s(compiled, type_, visits, position)))
    return releases[0], tasks
