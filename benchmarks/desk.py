"""
Hands on a plan: ``python -m benchmarks.desk [--orders 500 2000] [--edits 40] [--http]``.

For each size a drawn day with road-like travel times is planned for a few seconds, then edited: stops are dragged to
other routes, each edit judged and checked; and for late orders all alternatives are found. Beside it, in the same run,
the whole plan is timed anew. Times are of the helper process alone, without HTTP and database; with
``--http`` they are what the coordinator waits for.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import msgspec

from benchmarks import desk_http
from solver import hand_edits as edits
from solver.codec import problem_from_json, problem_to_json
from solver.hand_state import Refused, State
from solver.hands import Hand
from solver.plan import Budget
from solver.schedule import timetable
from solver.solve import solve
from tests.solver.large import clustered_day


def measure(orders: int, count: int, seconds: float) -> dict[str, Any]:
    """Milliseconds: median and worst of edits and of late orders' alternatives, and the whole plan timed anew."""
    problem = clustered_day(orders + count)
    late = [order.id for order in problem.orders[orders:]]
    known = problem.of_orders({order.id for order in problem.orders[:orders]})
    plan = solve(known, Budget(seconds=seconds, bound=False), seed=1).plan
    raw = problem_to_json(problem)
    opening_ms, hand = _timed(lambda: Hand(problem_from_json(raw)))
    starting_ms, state = _timed(lambda: hand.start(plan))
    judging_ms, _ = _timed(lambda: hand.judgement(state))
    whole_ms = min(_timed(lambda: _all_timed(hand, state))[0] for _ in range(5))
    edited = sorted(_drags(hand, state, count))
    asked = sorted(_timed(lambda name=name: hand.alternatives(state, name))[0] for name in late)
    return {
        "stops": orders,
        "routes": len(state.routes),
        "opening_ms": round(opening_ms + starting_ms + judging_ms),
        "edit_median_ms": round(statistics.median(edited), 1),
        "edit_worst_ms": round(edited[-1], 1),
        "alternatives_median_ms": round(statistics.median(asked), 1),
        "alternatives_worst_ms": round(asked[-1], 1),
        "whole_plan_ms": round(whole_ms, 1),
        "edit_to_whole": round(statistics.median(edited) / whole_ms, 2),
        "alternatives_to_whole": round(statistics.median(asked) / whole_ms, 2),
    }


def _drags(hand: Hand, state: State, count: int) -> list[float]:
    """One stop after another to a drawn place of a drawn route: edited, judged, told, written as JSON."""
    rng = random.Random(1)
    found = []
    while len(found) < count:
        source, target = rng.sample(state.routes, 2)
        order = hand.problem.orders[rng.choice(source.visits) >> 1].id
        edit = edits.Move(orders=(order,), route=target.number, position=rng.randrange(len(target.visits) + 1))

        def step(edit: edits.Move = edit, before: State = state) -> State:
            before = msgspec.json.decode(msgspec.json.encode(before), type=State)
            after = hand.edited(before, edit)
            hand.judgement(after)
            for number in {route.number for route in set(after.routes) - set(before.routes)}:
                hand.route(after, number)
            return after

        try:
            took, state = _timed(step)
        except Refused:
            continue
        found.append(took)
    return found


def _all_timed(hand: Hand, state: State) -> None:
    for route in state.routes:
        timetable(hand.ground.compiled, route.type_, route.visits)


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = do()
    return 1_000 * (time.perf_counter() - began), found


def main() -> None:
    """Prints one line a size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, nargs="+", default=[500, 2_000])
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=10.0, help="of the search for the plan that is edited")
    parser.add_argument("--http", action="store_true", help="over HTTP, on a platform of its own (desk_http)")
    asked = parser.parse_args()
    take = desk_http.measure if asked.http else measure
    for orders in asked.orders:
        print(msgspec.json.encode(take(orders, asked.edits, asked.seconds)).decode())


if __name__ == "__main__":
    main()
