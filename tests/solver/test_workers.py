"""Many solves through an executor."""

from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children

from solver.plan import Budget
from solver.workers import Task, solve_many

from .routing.worlds import city_day

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
    long = [Task(city_day(1, deliveries=60, collections=0, transports=0), Budget(seconds=120.0))]
    results = solve_many(long, cores=1, stop=lambda: True)
    assert len(results) == 1  # a plan, or None where the process had not even started
    assert active_children() == []


def test_no_tasks_give_no_answers() -> None:
    assert solve_many([], cores=1) == []
