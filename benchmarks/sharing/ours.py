"""Our way: a plan, every coalition's cost as a proven interval, the split, and how far each share is certain."""

from time import monotonic
from typing import Any

import numpy as np

from benchmarks.sharing.compare import COMPARED
from solver.compiled import Compiled
from solver.plan import Budget
from solver.pool import Pool
from solver.problem import Problem
from solver.processes import Processes
from solver.shares import Rule, Split
from solver.sharing.game import Game
from solver.sharing.ranges import share_ranges
from solver.sharing.rules import split as split_game
from solver.solve import solve
from solver.split import EFFORTS, split_cost

PLAN_ITERATIONS = 20
"""Rounds of the search for the plan, for each order: a few seconds at most."""
Record = dict[str, Any]
PREVIEW = "preview"
PROVING_PART = 0.9
"""Of the time that is wanted at most: then what is proven has to do, and the shares follow."""


def shared(
    problem: Problem, effort: str, processes: Processes, cores: int, within_s: float | None = None
) -> tuple[Split, float]:
    """A plan and its split by the nucleolus, and how many seconds the plan alone took; proofs end ``within_s``."""
    began = monotonic()
    pool = Pool(Compiled(problem))
    budget = Budget(seconds=None, iterations=PLAN_ITERATIONS * len(problem.orders), cores=cores, bound=False)
    plan = solve(problem, budget, seed=1, pool=pool).plan
    plan_s = monotonic() - began
    # A preview unites members, which is how it keeps its time; else everybody is a player.
    players_max = None if effort == PREVIEW else max(len(problem.owners), 1)
    split = split_cost(
        problem,
        plan,
        pool,
        Rule.NUCLEOLUS,
        seed=1,
        effort=EFFORTS[effort],
        players_max=players_max,
        executor=processes.executor,
        enough=None if within_s is None else lambda: monotonic() - began > PROVING_PART * within_s,
    )
    return split, plan_s


def figures(split: Split) -> Record:
    """
    What a split comes to; intervals and ranges in per cent, of the upper cost and of the share.

    ``proven`` is a fraction of all coalitions; ``excess_max_percent`` is of the bill; ``range_percent`` by rule is the
    width of the widest guaranteed range of a share.
    """
    certificate = split.certificate
    upper, lower = np.array(certificate.upper_minor[1:], float), np.array(certificate.lower_minor[1:], float)
    open_percent = 100 * (upper - lower) / np.maximum(upper, 1.0)
    game = game_of(split)
    return {
        "cost_minor": split.cost_minor,
        "players": game.n,
        "coalitions": len(upper),
        "proven": float(np.mean(upper == lower)),
        "interval_mean": float(open_percent.mean()),
        "interval_max": float(open_percent.max()),
        "excess_max_minor": certificate.excess_max.gain_minor,
        "excess_max_percent": 100 * certificate.excess_max.gain_minor / max(split.cost_minor, 1),
        "gain_max_minor": certificate.gain_max.gain_minor,
        "verdict": certificate.verdict.value,
        "range_percent": {rule.value: widest_percent(game, rule) for rule in COMPARED},
    }


def game_of(split: Split) -> Game:
    """The game that a split's certificate is about."""
    certificate = split.certificate
    return Game(certificate.players, certificate.upper_minor, certificate.lower_minor)


def widest_percent(game: Game, rule: Rule) -> float:
    """Width of the widest guaranteed range, in per cent of the share."""
    exact = np.array(split_game(game, rule).exact)
    ranges = share_ranges(game, rule, exact)
    widths = [high - low for low, high in ranges]
    return max(100 * width / max(abs(share), 1.0) for width, share in zip(widths, exact.tolist(), strict=True))
