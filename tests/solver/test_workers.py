"""Many solves through an executor."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children

from hypothesis import given
from hypothesis import strategies as st

from solver.plan import Budget
from solver.workers import CHUNK_TASKS_MAX, CHUNKS, Task, chunks_of, solve_many

from .routing.worlds import city_day
from .worlds import parcel, road

ITERATIONS = Budget(seconds=None, iterations=30)


def tasks() -> list[Task]:
    return [Task(city_day(seed, deliveries=6 + seed, collections=1, transports=1), ITERATIONS) for seed in range(4)]


def test_answers_come_in_the_order_of_the_tasks_whatever_runs_them() -> None:
    with ThreadPoolExecutor(2) as threads:
        by_threads = solve_many(tasks(), threads)
    by_processes = solve_many(tasks(), cores=2)
    assert [result and result.plan for result in by_processes] == [result and result.plan for result in by_threads]
    visits = [sum(len(s.visits) for r in result.plan.routes for s in r.stops) for result in by_processes]
    left = [len(result.plan.unplanned) for result in by_processes]
    # 6 + seed deliveries, one collection, two visits of a transport
    assert all(visits[seed] + left[seed] >= 6 + seed + 2 for seed in range(4))


def test_stop_ends_solves_early_with_plans_and_leaves_no_process_behind() -> None:
    others = set(active_children())
    long = [Task(city_day(1, deliveries=60, collections=0, transports=0), Budget(seconds=120.0))]
    results = solve_many(long, cores=1, stop=lambda: True)
    assert len(results) == 1  # a plan, or None where the process had not even started
    assert set(active_children()) <= others


def test_many_small_tasks_travel_in_parts_and_answer_like_one_by_one() -> None:
    # 66 tasks over 64 parts are two a part: 33 parts
    many = [Task(road(parcel("a", km), parcel("b", 5 - km)), ITERATIONS, seed=k) for k, km in enumerate([1, 2, 3] * 22)]
    assert [len(chunk) for chunk in chunks_of(many)] == [2] * 33
    with ThreadPoolExecutor(2) as threads:
        together = solve_many(many, threads)
    # one van to the farther of the two and back, both dropped on the way: 10,000 + 2 * far km at 1,000 and 1,000 (100 s
    # an hour's price of 36,000) and 500 a stop; far is 4 km for km 1, 3 km for km 2 and 3
    assert [result and result.plan.cost_milli for result in together] == [27_000, 23_000, 23_000] * 22
    assert [result and result.seed for result in together] == list(range(66))


@given(st.integers(0, 40_000))
def test_parts_hold_every_task_in_order_and_stay_few_and_small(number: int) -> None:
    chunks = chunks_of(range(number))  # type: ignore[arg-type]
    assert [task for chunk in chunks for task in chunk] == list(range(number))
    assert len(chunks) <= max(CHUNKS, -(-number // CHUNK_TASKS_MAX))
    assert all(len(chunk) <= CHUNK_TASKS_MAX for chunk in chunks)


def test_a_child_killed_in_the_middle_changes_no_answer() -> None:
    others = set(active_children())
    killed: list[int] = []

    def stop() -> bool:
        children = sorted(set(active_children()) - others, key=lambda child: child.pid or 0)
        if children and not killed:
            killed.append(children[0].pid or 0)
            os.kill(killed[0], signal.SIGKILL)
        return False

    disturbed = solve_many(tasks(), cores=2, stop=stop)
    with ThreadPoolExecutor(2) as threads:
        undisturbed = solve_many(tasks(), threads)
    assert killed
    assert [result and result.plan for result in disturbed] == [result and result.plan for result in undisturbed]


def test_no_tasks_give_no_answers() -> None:
    assert solve_many([], cores=1) == []
