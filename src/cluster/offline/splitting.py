"""
A split within a given time.

Telling all coalitions apart may take far longer than the search. So the split climbs: first with all members united,
which takes moments, then with more and more told apart; what is done when time is up is the answer. It climbs in a
process of its own, because one coalition's integer program may outlast any patience and cannot be asked to stop.
"""

import multiprocessing
import time
from multiprocessing.connection import Connection

from msgspec import Struct

from solver.plan import Plan
from solver.pool import Pool
from solver.problem import Problem
from solver.shares import Rule, Split
from solver.split import split_cost

PLAYERS = (1, 2, 4, 8)
"""Players of each rung. One player is everybody in proportion to what they pay alone; eight have 255 coalitions."""


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
    return _split(task, task.plan, PLAYERS[-1])


def split_until(task: Task, deadline: float) -> Done | None:
    """The best split there is at ``deadline`` (of ``time.monotonic``); None when not even the coarsest was done."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    climber = context.Process(target=_climb, args=(task, theirs), daemon=True)
    climber.start()
    theirs.close()
    best: Done | None = None
    try:
        while ours.poll(max(deadline - time.monotonic(), 0.0)):
            best = ours.recv()
    except EOFError:
        pass  # The climber is done and has closed its end.
    finally:
        climber.kill()
        climber.join()
        ours.close()
    return best


def _climb(task: Task, out: Connection) -> None:
    """Runs in the other process: every rung in turn, each starting from the best plan so far."""
    owners = len(task.problem.owners)
    plan = task.plan
    for players in sorted({min(players, owners) for players in PLAYERS}):
        done = _split(task, plan, players)
        plan = done.plan
        out.send(done)
    out.close()


def _split(task: Task, plan: Plan, players: int) -> Done:
    split = split_cost(task.problem, plan, task.pool, task.rule, seed=task.seed, players_max=players)
    return Done(plan=split.plan or plan, split=split)
