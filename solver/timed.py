"""The times of a route with breaks, reloads, releases and what has happened: a route as ``solver.timing`` reads it."""

from collections.abc import Sequence

from solver.compiled import ANY_TIME, Compiled, met
from solver.parts import Break
from solver.plan import Reason
from solver.problem import Window
from solver.timing import Task, Times, shortest
from solver.trips import Blocked, releases_s


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
