"""The exact timing of one sequence against a search that tries every second, every window and every place for a break."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from solver.compiled import met
from solver.parts import Break, Window
from solver.timing import Task, Times, shortest

DAY_S = 45


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    cuts = draw(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10)), max_size=2))
    windows = tuple(Window(opens, opens + length) for opens, length in cuts) or (Window(0, DAY_S),)
    return Task(draw(st.integers(0, 7)), met(windows, (Window(0, DAY_S),)), draw(st.integers(0, 4)))


@st.composite
def pauses(draw: st.DrawFn) -> tuple[Break, ...]:
    """Up to two breaks whose windows lie apart, each over before the next must begin."""
    breaks: list[Break] = []
    now = 0
    for _ in range(draw(st.integers(0, 2))):
        opens = now + draw(st.integers(0, 12))
        closes = opens + draw(st.integers(0, 8))
        breaks.append(Break(window=Window(opens, closes), duration_s=draw(st.integers(0, 5))))
        now = closes + breaks[-1].duration_s + 1
    return tuple(breaks)


def by_trial(
    chain: tuple[Task, ...], home_s: int, span: Window, breaks: tuple[Break, ...], *, fixed: bool
) -> tuple[int, int] | None:
    """Least duration and its earliest start; driving, idling, pausing and serving are tried second by second."""
    legs = [*(task.leg_s for task in chain), home_s]

    def ends(start_s: int) -> frozenset[tuple[int, frozenset[int]]]:
        @cache
        def go(now: int, done: int, left: int, taken: frozenset[int]) -> frozenset[tuple[int, frozenset[int]]]:
            if now > span.close_s:
                return frozenset()
            found: set[tuple[int, frozenset[int]]] = set()
            if left == 0 and done == len(chain):
                found.add((now, taken))
            elif left == 0 and any(w.open_s <= now <= w.close_s for w in chain[done].windows):
                found |= go(now + chain[done].service_s, done + 1, legs[done + 1], taken)
            for k, pause in enumerate(breaks):
                begins = pause.window.open_s <= now <= pause.window.close_s
                if begins and k not in taken:
                    found |= go(now + pause.duration_s, done, left, taken | {k})
            found |= go(now + 1, done, max(0, left - 1), taken)
            if left:
                found |= go(now + 1, done, left, taken)
            return frozenset(found)

        return go(start_s, 0, legs[0], frozenset())

    best: tuple[int, int] | None = None
    for start_s in [span.open_s] if fixed else range(span.open_s, span.close_s + 1):
        for end_s, taken in ends(start_s):
            due = {k for k, pause in enumerate(breaks) if start_s <= pause.window.close_s < end_s}
            if due <= taken:
                best = min(best or (10**9, 0), (end_s - start_s, start_s))
    return best


@settings(max_examples=250, deadline=None)
@given(
    st.lists(tasks(), min_size=0, max_size=3).map(tuple),
    st.integers(0, 6),
    st.integers(0, 10),
    st.integers(0, DAY_S),
    pauses(),
    st.booleans(),
)
def test_no_second_and_no_place_for_a_break_gives_a_shorter_route(
    chain: tuple[Task, ...], home_s: int, open_s: int, close_s: int, breaks: tuple[Break, ...], fixed: bool
) -> None:
    span = Window(open_s, max(open_s, close_s))
    if fixed:
        breaks = tuple(pause for pause in breaks if pause.window.close_s >= open_s)
    times = shortest(chain, home_s, span, breaks, fixed=fixed)
    best = by_trial(chain, home_s, span, breaks, fixed=fixed)
    if best is None:
        assert isinstance(times, int)
        return
    assert isinstance(times, Times)
    assert (times.end_s - times.start_s, times.start_s) == best
    keeps_the_rules(chain, home_s, span, breaks, times)


def keeps_the_rules(
    chain: tuple[Task, ...], home_s: int, span: Window, breaks: tuple[Break, ...], times: Times
) -> None:
    """Every window, leg and break of an answer, one by one."""
    assert span.open_s <= times.start_s
    assert times.end_s <= span.close_s
    due = [pause for pause in breaks if times.start_s <= pause.window.close_s < times.end_s]
    assert len(times.breaks) >= len(due)
    assert all(
        any(p.window.open_s <= b <= p.window.close_s and e - b == p.duration_s for b, e in times.breaks) for p in due
    )
    free_s, legs = times.start_s, [*(task.leg_s for task in chain), home_s]
    for k, begin_s in enumerate([*times.begin_s, times.end_s]):
        between = [(b, e) for b, e in times.breaks if free_s <= b and e <= begin_s]
        paused_s = sum(e - b for b, e in between)
        assert begin_s - free_s - paused_s >= legs[k]
        if k < len(chain):
            delays = sum(e - b for b, e in between if b < times.arrival_s[k])
            assert times.arrival_s[k] == free_s + legs[k] + delays
            assert any(w.open_s <= begin_s <= w.close_s for w in chain[k].windows)
            free_s = begin_s + chain[k].service_s


def test_a_break_on_the_way_delays_the_arrival_and_one_at_the_door_does_not() -> None:
    # Leave at 0, 10 s on the way; a break of 5 s in [4, 6] is begun at 4 s: the arrival is at 15 s.
    way = Task(10, (Window(0, 100),), 0)
    pause = Break(window=Window(4, 6), duration_s=5)
    assert shortest([way], 10, Window(0, 100), [pause], fixed=True) == Times(0, 25, [15], [15], [(4, 9)])
    # In [12, 14] it is begun at 12 s, two seconds after the arrival at 10 s; but without the way home there is none.
    late = Break(window=Window(12, 14), duration_s=5)
    assert shortest([way], 10, Window(0, 100), [late], fixed=True) == Times(0, 25, [10], [10], [(12, 17)])
    assert shortest([way], 0, Window(0, 100), [late], fixed=True) == Times(0, 10, [10], [10], [])


def test_a_route_leaves_after_the_break_rather_than_pay_for_it() -> None:
    # 20 s of driving; leaving at 51 s, after the break's window, saves its 30 s.
    way = Task(10, (Window(0, 100),), 0)
    pause = Break(window=Window(0, 50), duration_s=30)
    assert shortest([way], 10, Window(40, 100), [pause]) == Times(51, 71, [61], [61], [])
    # With the shop shut from 60 s on it must be taken: begun at 40 s, driving from 70 s would be late; so at the shop.
    shop = Task(10, (Window(0, 60),), 0)
    assert shortest([shop], 10, Window(40, 100), [pause]) == Times(40, 90, [50], [50], [(50, 80)])


def test_a_break_that_no_gap_can_take_is_no_way() -> None:
    # Serving from 10 s to 30 s leaves no moment in [12, 20] for the break: the end, position 1, cannot be reached with it.
    work = Task(5, (Window(10, 10),), 20)
    assert shortest([work], 5, Window(0, 100), [Break(window=Window(12, 20), duration_s=5)]) == 1
