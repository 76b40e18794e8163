"""Many solves on many cores, or on many machines, through any ``concurrent.futures.Executor``."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

from solver.plan import Budget, Plan, Result
from solver.problem import Problem
from solver.processes import Processes, in_order, told_to_stop
from solver.solve import solve


class Task(NamedTuple):
    """One question with its budget; what ``solve`` is called with."""

    problem: Problem
    budget: Budget = Budget()
    start: Plan | None = None
    seed: int = 0


def run(task: Task) -> Result:
    """Solve one task in this process; told to stop by the parent, it returns the best so far."""
    return solve(task.problem, task.budget, task.start, task.seed, stop=told_to_stop)


def solve_many(
    tasks: Sequence[Task],
    executor: Executor | None = None,
    *,
    cores: int = 1,
    stop: Callable[[], bool] = lambda: False,
) -> list[Result | None]:
    """
    Solve many problems.

    Parameters
    ----------
    tasks
        Questions.
    executor
        Where to run them: processes of one's own, threads, ``distributed.Client.get_executor()``. It is not shut down.
        None for child processes, which are gone when this returns.
    cores
        How many child processes; not used with an executor of one's own.
    stop
        Asked about twenty times a second. On True child processes end their solves with the best so far; with an
        executor of one's own, solves that have begun run to the end of their budget and those that have not are given
        up.

    Returns
    -------
    list of Result or None
        In the order of the tasks; None for a task that ``stop`` kept from giving even a first plan.
    """
    if executor is not None:
        return in_order(executor, run, tasks, stop)
    processes = Processes(cores)

    def listen() -> bool:
        over = stop()
        if over:
            processes.tell()
        return over

    try:
        return in_order(processes.executor, run, tasks, listen)
    finally:
        processes.close()
