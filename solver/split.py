"""
Who pays what for a plan.

From plan and pool to shares: search routes for every coalition, price coalitions from one frozen pool, close the game,
apply the rule, round.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from time import monotonic

import numpy as np

from solver.cost_table import CostTable, Day
from solver.plan import Plan
from solver.pool import Pool
from solver.problem import Problem
from solver.shares import Rule, Share, Split, SplitProgress, SplitStopped
from solver.sharing.game import Floats, Game
from solver.sharing.nucleolus import nucleolus
from solver.sharing.proportional import proportional
from solver.sharing.rounding import rounded
from solver.sharing.shapley import shapley

RULES: dict[Rule, Callable[[Game], Floats]] = {
    Rule.NUCLEOLUS: nucleolus,
    Rule.SHAPLEY: shapley,
    Rule.PROPORTIONAL: proportional,
}
COSTS_SHOWN_MAX = 10
"""Players up to which a split lists all coalition costs."""
CORE_TOLERANCE_MINOR = 0.5


def split_cost(
    problem: Problem,
    plan: Plan,
    pool: Pool,
    rule: Rule = Rule.NUCLEOLUS,
    *,
    seed: int = 0,
    players_max: int = 8,
    progress: Callable[[SplitProgress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    executor: Executor | None = None,
    effort_percent: int = 100,
) -> Split:
    """
    Split the cost of a plan among the owners of its orders.

    Parameters
    ----------
    problem, plan
        The question and a checked answer.
    pool
        Routes that searches have seen, of this problem; left as it is.
    rule
        How savings are split.
    seed
        The same seed gives the same split, on any number of cores.
    players_max
        At most so many players, 1 to 12; with more owners, small ones are united (``sharing.coalitions.united``) and
        share their union's part in proportion to stand-alone costs.
    progress, stop
        Told and asked after each coalition, or batch of them.
    executor
        Runs searches and pricing in other processes.
    effort_percent
        How much of the usual search goes into coalitions' routes, 1 to 1000.

    Returns
    -------
    Split
        Mandatory orders that the plan does not serve take no part; every coalition hires at the same tariffs, also
        beyond a limited fleet.

    Raises
    ------
    ValueError
        When plan or pool belong to another problem, or ``players_max`` is out of range.
    SplitStopped
        When told to stop.
    """
    if not 1 <= players_max <= 12 or pool.compiled.problem != problem:
        raise ValueError("a split wants 1 to 12 players, and the pool of its own problem")
    watch = _Watch(progress, stop)
    day = Day(pool.copy(), plan, seed=seed, executor=executor, effort_percent=effort_percent)
    table = day.cost_table(players_max, watch.phase("explore"), watch.phase("price"))
    shares, individually_rational = _shares(table, rule)
    paid = _by_player(table, {share.owner: share.share_minor for share in shares})
    before = _by_player(table, _unrounded(table, rule))
    return Split(
        rule=rule,
        currency=problem.currency,
        cost_minor=int(table.game.cost[-1]),
        shares=shares,
        unions=tuple(union for union in table.unions if len(union) > 1),
        excess_max_minor=int(table.game.excess_max(paid)),
        in_core=table.game.excess_max(before) <= CORE_TOLERANCE_MINOR,
        individually_rational=individually_rational,
        coalition_costs_minor=_shown(table),
        coalitions=len(table.game.cost) - 1,
        coalitions_proven=table.proven,
        pool_digest=table.pool_digest,
        seconds=watch.seconds(),
        plan=table.plan,
    )


def _unrounded(table: CostTable, rule: Rule) -> dict[str, float]:
    """
    What the rule says, by owner; inside a union in proportion to stand-alone costs.

    Where a scarce fleet makes everybody together dearer than all alone, no split leaves nobody worse off: everybody
    then bears the same percentage.
    """
    game = table.game
    dearer = game.cost[-1] > game.stand_alone.sum()
    shares = proportional(game) if dearer else RULES[rule](game)
    paid = dict.fromkeys(table.alone_minor, 0.0)
    for union, share in zip(table.unions, shares.tolist(), strict=True):
        alone = sum(table.alone_minor[owner] for owner in union)
        for owner in union:
            paid[owner] = share * table.alone_minor[owner] / alone if alone else share / len(union)
    return paid


def _shares(table: CostTable, rule: Rule) -> tuple[tuple[Share, ...], bool]:
    """Whole minor units, and whether nobody pays more than alone."""
    before = _unrounded(table, rule)
    owners = sorted(before)
    alone = [table.alone_minor[owner] for owner in owners]
    whole = rounded(owners, alone, [before[owner] for owner in owners], int(table.game.cost[-1]))
    shares = tuple(
        Share(
            owner=owner,
            stand_alone_minor=table.alone_minor[owner],
            share_minor=paid,
            saving_minor=table.alone_minor[owner] - paid,
            incremental_minor=table.incremental_minor[owner],
        )
        for owner, paid in zip(owners, whole, strict=True)
    )
    return shares, all(share.saving_minor >= 0 for share in shares)


def _by_player(table: CostTable, by_owner: Mapping[str, float]) -> Floats:
    return np.array([sum(by_owner[owner] for owner in union) for union in table.unions], dtype=np.float64)


def _shown(table: CostTable) -> dict[str, int] | None:
    if len(table.unions) > COSTS_SHOWN_MAX:
        return None
    everyone = range(len(table.unions))
    return {
        ", ".join(sorted(o for p in everyone if mask >> p & 1 for o in table.unions[p])): int(table.game.cost[mask])
        for mask in range(1, len(table.game.cost))
    }


class _Watch:
    """Progress out, stop in."""

    def __init__(self, progress: Callable[[SplitProgress], None] | None, stop: Callable[[], bool] | None) -> None:
        self._started = monotonic()
        self._progress = progress
        self._stop = stop

    def seconds(self) -> float:
        """Since the start."""
        return monotonic() - self._started

    def phase(self, name: str) -> Callable[[int], Callable[[int], None]]:
        """Given how many coalitions a phase has, what to call as they get done."""

        def of(total: int) -> Callable[[int], None]:
            def told(done: int) -> None:
                if self._stop is not None and self._stop():
                    raise SplitStopped(f"{name}: {done} of {total} coalitions")
                if self._progress is not None:
                    self._progress(SplitProgress(phase=name, done=done, total=total, seconds=self.seconds()))

            return told

        return of
