"""
The shortest time in which a vehicle does a sequence of tasks, with several windows a task and breaks anywhere between.

Exact. For a given start, the earliest second at which k tasks and j breaks are done is enough to know, as whatever is
possible later is possible from an earlier second (dynamic programming over k and j); the same backwards gives the
latest start for an end. A later start can shorten a route only by ending later, so each end in turn is asked for its
latest start, until nothing but driving, service and breaks is left, or no end is possible (Savelsbergh 1992 for one
window a task; which breaks are due depends on start and end, so each choice of them is tried).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from solver.parts import Break, Window


class Task(NamedTuple):
    """A service of ``service_s`` that begins in one of ``windows`` (sorted, apart), ``leg_s`` from what precedes it."""

    leg_s: int
    windows: tuple[Window, ...]
    service_s: int


class Times(NamedTuple):
    """When tasks are reached and begun; ``breaks`` are pairs of begin and end."""

    start_s: int
    end_s: int
    arrival_s: list[int]
    begin_s: list[int]
    breaks: list[tuple[int, int]]


class _Choice(NamedTuple):
    """Breaks that are taken when the route begins at ``earliest_s`` or later and ends by ``latest_s``."""

    earliest_s: int
    latest_s: int
    taken: tuple[Break, ...]


Row = list[int | None]


def shortest(
    tasks: Sequence[Task], home_s: int, span: Window, breaks: Sequence[Break], *, fixed: bool = False
) -> Times | int:
    """
    The shortest-lasting way to do tasks in sequence; among those the earliest.

    Parameters
    ----------
    tasks
        In sequence; may be empty.
    home_s
        Seconds from the last task to the end.
    span
        The vehicle leaves no earlier than ``open_s`` and is done no later than ``close_s``.
    breaks
        In order, their windows apart. One is taken exactly when the route is under way at its window's close.
    fixed
        The vehicle leaves at ``span.open_s``.

    Returns
    -------
    Times or int
        Position of the first task that cannot be done in time (number of tasks: the end), where there is no way.
    """
    best: tuple[int, int, tuple[Break, ...]] | None = None
    failed = 0
    for choice in _choices(span, breaks):
        if fixed and choice.earliest_s > span.open_s:
            continue
        chain = [*tasks, Task(home_s, (Window(0, choice.latest_s),), 0)]
        found = _least(chain, choice.earliest_s, choice.taken, fixed=fixed)
        if isinstance(found, int):
            failed = max(failed, found)
        elif best is None or found < best[:2]:
            best = (*found, choice.taken)
    if best is None:
        return failed
    return _traced([*tasks, Task(home_s, (Window(0, span.close_s),), 0)], best[1], best[2])


def _choices(span: Window, breaks: Sequence[Break]) -> Iterator[_Choice]:
    """Every set of breaks that can be due, the smallest first, with the starts and ends for which it is."""
    closes_s = [pause.window.close_s for pause in breaks]
    for number in range(len(breaks) + 1):
        for first in range(len(breaks) + 1 - number):
            after = first + number
            earliest_s = max(span.open_s, closes_s[first - 1] + 1) if first else span.open_s
            latest_s = min(span.close_s, closes_s[after]) if after < len(breaks) else span.close_s
            if earliest_s <= latest_s:
                yield _Choice(earliest_s, latest_s, tuple(breaks[first:after]))


def _least(chain: Sequence[Task], earliest_s: int, taken: tuple[Break, ...], *, fixed: bool) -> tuple[int, int] | int:
    """Least duration and its earliest start with these breaks, or the position where even the earliest start fails."""
    busy_s = sum(task.leg_s + task.service_s for task in chain) + sum(pause.duration_s for pause in taken)
    best: tuple[int, int] | None = None
    start_s = earliest_s
    while True:
        rows = _forward(chain, start_s, taken)
        if isinstance(rows, int):
            return best if best is not None else rows
        end_s = rows[-1][-1]
        assert end_s is not None, "a chain that can be done has an end"
        if fixed:
            return end_s - start_s, start_s
        latest_s = _latest_start(chain, end_s, taken)
        if best is None or end_s - latest_s < best[0]:
            best = end_s - latest_s, latest_s
        if best[0] == busy_s:
            return best
        start_s = latest_s + 1


def _forward(chain: Sequence[Task], start_s: int, taken: tuple[Break, ...]) -> list[Row] | int:
    """Entry ``[k][j]``: when k tasks and j breaks are done at the earliest, None where never; or where it fails."""
    free: Row = [start_s, *[None] * len(taken)]
    rows = [free]
    for position, task in enumerate(chain):
        row: Row = [None] * (len(taken) + 1)
        for done, now in enumerate(free):
            if now is None:
                continue
            for after, ready_s in enumerate(_ready(now, task.leg_s, taken[done:]), start=done):
                end_s = _served(task, ready_s)
                known = row[after]
                if end_s is not None and (known is None or end_s < known):
                    row[after] = end_s
        if all(end_s is None for end_s in row) or (position == len(chain) - 1 and row[-1] is None):
            return position
        rows.append(row)
        free = row
    return rows


def _ready(now: int, leg_s: int, pauses: Sequence[Break]) -> Iterator[int]:
    """When the next task can begin with none, one, two... of the breaks taken on the way to it."""
    ready_s = now + leg_s
    yield ready_s
    for pause in pauses:
        now = max(now, pause.window.open_s)
        if now > pause.window.close_s:
            return
        ready_s = max(ready_s, now) + pause.duration_s
        now += pause.duration_s
        yield ready_s


def _served(task: Task, ready_s: int) -> int | None:
    """When a task is done at the earliest; None after its last window."""
    for window in task.windows:
        if ready_s <= window.close_s:
            return max(ready_s, window.open_s) + task.service_s
    return None


def _latest_start(chain: Sequence[Task], end_s: int, taken: tuple[Break, ...]) -> int:
    """The latest start with which the chain is done by ``end_s``; there is one."""
    due: Row = [*[None] * len(taken), end_s]
    for task in reversed(chain):
        begin = [None if latest_s is None else _begun_by(task, latest_s - task.service_s) for latest_s in due]
        due = [
            max(
                (
                    left_s
                    for after in range(done, len(due))
                    if (left_s := _left_by(begin[after], task.leg_s, taken[done:after])) is not None
                ),
                default=None,
            )
            for done in range(len(due))
        ]
    assert due[0] is not None, "the end was reached from an earlier start"
    return due[0]


def _begun_by(task: Task, latest_s: int) -> int | None:
    """The latest second of its windows, no later than ``latest_s``."""
    for window in reversed(task.windows):
        if window.open_s <= latest_s:
            return min(latest_s, window.close_s)
    return None


def _left_by(begin_s: int | None, leg_s: int, pauses: Sequence[Break]) -> int | None:
    """The latest second to leave so that a task begins at ``begin_s`` after these breaks; None where there is none."""
    if begin_s is None:
        return None
    left_s = begin_s - leg_s - sum(pause.duration_s for pause in pauses)
    latest_s = begin_s
    for pause in reversed(pauses):
        latest_s = min(pause.window.close_s, latest_s - pause.duration_s)
        if latest_s < pause.window.open_s:
            return None
    return min(left_s, latest_s)


def _traced(chain: Sequence[Task], start_s: int, taken: tuple[Break, ...]) -> Times:
    """Times of the earliest way from a start that is known to work."""
    rows = _forward(chain, start_s, taken)
    assert not isinstance(rows, int), "it worked before"
    done = [len(taken)]
    for position in range(len(chain) - 1, -1, -1):
        task, after, end_s = chain[position], done[0], rows[position + 1][done[0]]
        done.insert(0, next(j for j in range(after + 1) if _reaches(rows[position][j], task, taken[j:after], end_s)))
    now = start_s
    arrival_s: list[int] = []
    begin_s: list[int] = []
    breaks: list[tuple[int, int]] = []
    for position, task in enumerate(chain):
        ready_s = arrived_s = now + task.leg_s
        for pause in taken[done[position] : done[position + 1]]:
            now = max(now, pause.window.open_s)
            breaks.append((now, now + pause.duration_s))
            # Begun on the way it delays the arrival; begun at the place it does not.
            arrived_s += pause.duration_s if now < arrived_s else 0
            now += pause.duration_s
            ready_s = max(arrived_s, now)
        end_s = _served(task, ready_s)
        assert end_s is not None, "it worked before"
        arrival_s.append(arrived_s)
        begin_s.append(end_s - task.service_s)
        now = end_s
    return Times(start_s, now, arrival_s[:-1], begin_s[:-1], breaks)


def _reaches(now: int | None, task: Task, pauses: Sequence[Break], end_s: int | None) -> bool:
    """Whether the task is done at ``end_s`` after all of these breaks."""
    ready = [] if now is None else list(_ready(now, task.leg_s, pauses))
    return len(ready) == len(pauses) + 1 and _served(task, ready[-1]) == end_s
