"""Many solves on many cores, or on many machines, through any ``concurrent.futures.Executor``."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

from solver.plan import Budget, Plan, Result
from solver.problem import Problem
from solver.processes import Processes, in_order, told_to_stop
from solver.solve import solve

CHUNKS = 64
"""In about so many parts many tasks are sent: each part costs a message, and the last one to end is waited for."""
CHUNK_TASKS_MAX = 200


class Task(NamedTuple):
    """One question with its budget; what ``solve`` is called with."""

    problem: Problem
    budget: Budget = Budget()
    start: Plan | None = None
    seed: int = 0


def run(task: Task) -> Result:
    """Solve one task in this process; told to stop by the parent, it returns the best so far."""
    return solve(task.problem, task.budget, task.start, task.seed, stop=told_to_stop)


def run_chunk(tasks: Sequence[Task]) -> list[Result | None]:
    """Solve some tasks one after the other; None for those not begun when the parent says stop."""
    return [None if told_to_stop() else run(task) for task in tasks]


def chunks_of(tasks: Sequence[Task]) -> list[Sequence[Task]]:
    """Tasks in their order, cut into parts of the same size: one task each up to ``CHUNKS`` tasks."""
    size = min(CHUNK_TASKS_MAX, -(-len(tasks) // CHUNKS))
    return [tasks[at : at + size] for at in range(0, len(tasks), size or 1)]


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
        How many child processes; not used with an executor of one's own. A child that is lost is replaced, and what it
        had begun is begun again.
    stop
        Asked about twenty times a second. On True child processes end their solves with the best so far; with an
        executor of one's own, solves that have begun run to the end of their budget and those that have not are given
        up.

    Returns
    -------
    list of Result or None
        In the order of the tasks, and with budgets in iterations the same whatever runs them; None for a task that
        ``stop`` kept from giving even a first plan.

    Notes
    -----
    More than ``CHUNKS`` tasks travel in parts of several, so that thousands of small ones keep every core at work.
    """
    chunks = chunks_of(tasks)
    if executor is not None:
        return _joined(chunks, in_order(executor, run_chunk, chunks, stop))
    processes = Processes(cores)

    def listen() -> bool:
        over = stop()
        if over:
            processes.tell()
        return over

    try:
        return _joined(chunks, processes.run(run_chunk, chunks, listen))
    finally:
        processes.close()


def _joined(chunks: Sequence[Sequence[Task]], answers: Sequence[list[Result | None] | None]) -> list[Result | None]:
    """Results in the order of the tasks; None for all of a part that was given up."""
    pairs = zip(chunks, answers, strict=True)
    return [result for chunk, answer in pairs for result in (answer or [None] * len(chunk))]
