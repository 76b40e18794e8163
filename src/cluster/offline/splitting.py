"""
A split within a given time.

Telling all coalitions apart may take far longer than the search. So the split climbs: first with all members united,
which takes moments, then with more and more told apart; what is done when time is up is the answer. It climbs in a
process of its own, because one coalition's integer program may outlast any patience and cannot be asked to stop.
"""

import multiprocessing
import time
from multiprocessing.connection import Connection

from msgspec import Struct, structs

from solver.plan import Plan
from solver.pool import Pool
from solver.problem import Problem
from solver.shares import Effort, Rule, Split
from solver.split import USUAL, split_cost

RUNGS = (
    Effort(players_max=2, search_percent=5, labels_first=0, root_only=True, work_more=0, size_max=0),
    Effort(players_max=8, search_percent=25, labels_first=0, root_only=True, work_more=0, size_max=0),
    Effort(players_max=8, search_percent=25, labels_first=20_000, root_only=False, work_more=1_000_000, size_max=450),
)
"""The first takes moments, the second compares up to 255 coalitions, the last proves what is easy to prove."""


class Task(Struct, frozen=True, kw_only=True):
    """What is to be split, and how."""

    problem: Problem
    plan: Plan
    pool: Pool
    rule: Rule
    seed: int


class Done(Struct, frozen=True, kw_only=True):
    """A split and the plan that it splits, which may be better than the one it was given."""

    plan: Plan
    split: Split


def split_whole(task: Task) -> Done:
    """The split with the most players, however long it takes: the same on every machine."""
    return _split(task, task.plan, USUAL)


class Climber:
    """
    The process that climbs; start it before the search, so that it is ready when the plan is.

    Use it as a context manager: the process is gone when the block ends.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_climb, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> "Climber":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        self._ours.close()

    def best(self, task: Task, deadline: float) -> Done | None:
        """The best split there is at ``deadline`` (of ``time.monotonic``); None when not even the coarsest was done."""
        best: Done | None = None
        try:
            self._ours.send(task)
            while self._ours.poll(max(deadline - time.monotonic(), 0.0)):
                best = self._ours.recv()
        except (EOFError, BrokenPipeError):
            pass  # The climber is done and has closed its end.
        return best


def _climb(pipe: Connection) -> None:
    """Runs in the other process: every rung in turn, each starting from the best plan so far."""
    task: Task = pipe.recv()
    owners = len(task.problem.owners)
    plan = task.plan
    for effort in RUNGS:
        done = _split(task, plan, structs.replace(effort, players_max=max(1, min(effort.players_max, owners))))
        plan = done.plan
        pipe.send(done)
    pipe.close()


def _split(task: Task, plan: Plan, effort: Effort) -> Done:
    split = split_cost(
        task.problem,
        plan,
        task.pool,
        task.rule,
        seed=task.seed,
        effort=effort,
    )
    return Done(plan=split.plan or plan, split=split)
