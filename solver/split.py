"""
Who pays what for a plan.

From plan and pool to shares: intervals of what every coalition pays, the rule, rounding, and the certificate of it all.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from time import monotonic
from typing import NamedTuple

import numpy as np
from msgspec import structs

from solver.cost_table import CostTable, Day
from solver.measures import key_of_owners
from solver.plan import Plan
from solver.pool import Pool
from solver.problem import Problem
from solver.shares import Effort, ProofsEnded, Rule, Share, Split, SplitProgress, SplitStopped
from solver.sharing.certify import certificate
from solver.sharing.closure import Ints
from solver.sharing.game import Game
from solver.sharing.ranges import effort as proofs_wanted
from solver.sharing.ranges import share_ranges
from solver.sharing.rounding import rounded
from solver.sharing.rules import KEYS, Shares
from solver.sharing.rules import split as shares_by

PREVIEW = Effort(players_max=6, search_percent=25, labels_first=0, root_only=True, work_more=0, size_max=0)
"""Moments: costs are known plans', nothing is proven."""
USUAL = Effort(
    players_max=8, search_percent=100, labels_first=2_000_000, root_only=False, work_more=20_000_000, size_max=450
)
"""A minute or less: easy days are proven, others bounded."""
LONG = Effort(
    players_max=16,
    search_percent=400,
    labels_first=1_000_000,
    root_only=True,
    work_more=1_000_000_000,
    size_max=1_000_000,
)
"""A job of its own: minutes, for many members tens of them."""
EFFORTS = {"preview": PREVIEW, "usual": USUAL, "long": LONG}
PLAYERS_MAX = 16
CORE_TOLERANCE_MINOR = 0.5
TIE = 1e-6
PROVING = ("prove", "close")
"""Phases that can be ended early."""


class Terms(NamedTuple):
    """
    What a rule needs beside the game, by owner.

    ``weights`` for weighted Shapley, whole numbers from 1 (costs alone where left out, 1 for who is not named);
    ``unions`` of owners agreed on beforehand, for Owen (who is in none is one by itself; owners that were counted as
    one player stand where the dearest of them does, and who has no orders is left out); ``repaired``: no share above
    its stand-alone cost, also where the rule says so.
    """

    weights: Mapping[str, int] | None = None
    unions: Sequence[Sequence[str]] = ()
    repaired: bool = False


PLAIN = Terms()


def split_cost(
    problem: Problem,
    plan: Plan,
    pool: Pool,
    rule: Rule = Rule.NUCLEOLUS,
    *,
    seed: int = 0,
    effort: Effort = USUAL,
    players_max: int | None = None,
    terms: Terms = PLAIN,
    progress: Callable[[SplitProgress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    enough: Callable[[], bool] | None = None,
    executor: Executor | None = None,
    keep_plan: bool = False,
    bill_milli: int | None = None,
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
    effort
        How much work goes into coalitions' costs; its ``players_max`` unless that is given on its own.
    players_max
        At most so many players, 1 to 16; with more owners, small ones are united (``sharing.coalitions.united``) and
        share their union's part in proportion to stand-alone costs.
    terms
        What the rule needs beside.
    progress, stop
        Told and asked after each coalition, or batch of them.
    enough
        Asked like ``stop`` while costs are being proven: whether what is proven by now shall do. The answer then
        depends on when it said so.
    executor
        Runs searches, proofs and pricing in other processes.
    keep_plan
        Splits the cost of this plan whatever better ones turn up: someone has decided on it.
    bill_milli
        What is to be split instead of the plan's cost, with ``keep_plan``: a day may have come to cost something else.

    Returns
    -------
    Split
        Mandatory orders that the plan does not serve take no part; every coalition hires at the same tariffs, also
        beyond a limited fleet.

    Raises
    ------
    ValueError
        When plan or pool belong to another problem, or ``players_max`` is out of range.
    ProblemError
        When the rule's key is missing in the problem.
    SplitStopped
        When told to stop.
    """
    effort = effort if players_max is None else structs.replace(effort, players_max=players_max)
    if not 1 <= effort.players_max <= PLAYERS_MAX or pool.compiled.problem != problem:
        raise ValueError(f"a split wants 1 to {PLAYERS_MAX} players, and the pool of its own problem")
    watch = _Watch(progress, stop, enough)
    day = Day(
        pool.copy(), plan, seed=seed, executor=executor, effort=effort, keep_plan=keep_plan, bill_milli=bill_milli
    )
    keys = key_of_owners(pool.compiled, rule, day.orders)
    table = day.cost_table(watch.phase, _useful)
    answer = _Answer(table, rule, terms, keys)
    return answer.split(problem.currency, watch.seconds)


def _useful(game: Game) -> Ints:
    """Coalitions that bind in the nucleolus first, then by Shapley weight times interval: the same for every rule."""
    first = proofs_wanted(game, Rule.NUCLEOLUS)
    then = proofs_wanted(game, Rule.SHAPLEY)
    return np.concatenate([first, then[~np.isin(then, first)]])


def joined_players(
    unions: Sequence[Sequence[str]],
    players: Sequence[str],
    owners: Sequence[Sequence[str]],
    alone_minor: Mapping[str, int],
) -> list[list[str]]:
    """
    Unions of owners as unions of players, each of whom stands for its ``owners``: with the dearest that is in a union.

    Owners that no player stands for are left out.
    """
    number_of = {owner: number for number, union in enumerate(unions) for owner in union}
    found: dict[int, list[str]] = {}
    for player, own in zip(players, owners, strict=True):
        joined = [owner for owner in own if owner in number_of]
        if joined:
            leading = max(joined, key=lambda owner: (alone_minor[owner], owner))
            found.setdefault(number_of[leading], []).append(player)
    return [found[number] for number in sorted(found)]


class _Answer:
    """From costs to shares: by player as the rule says, by owner inside unions, in whole minor units."""

    def __init__(self, table: CostTable, rule: Rule, terms: Terms, keys: Mapping[str, int] | None) -> None:
        self._table, self._rule = table, rule
        self._of_rule = self._by_rule(terms, keys)
        self._terms, self._keys = terms, keys

    def _by_rule(self, terms: Terms, keys: Mapping[str, int] | None) -> Shares:
        """What the rule says, by player."""
        by_player = None
        if keys is not None:
            by_player = {
                name: sum(keys[owner] for owner in union)
                for name, union in zip(self._table.game.players, self._table.unions, strict=True)
            }
        return shares_by(
            self._table.game,
            self._rule,
            weights=self._weights(terms),
            unions=self._unions(terms),
            keys=by_player,
            repaired=terms.repaired,
        )

    def _unions(self, terms: Terms) -> list[list[str]]:
        """Of players, for the one rule that has them."""
        if self._rule is not Rule.OWEN:
            return []
        table = self._table
        return joined_players(terms.unions, table.game.players, table.unions, table.alone_minor)

    def _weights(self, terms: Terms) -> dict[str, int] | None:
        """By player, for the one rule that has weights; a union's are its owners' together."""
        if self._rule is not Rule.WEIGHTED_SHAPLEY:
            return None
        chosen = terms.weights
        if chosen is None:
            chosen = {owner: max(1, alone) for owner, alone in self._table.alone_minor.items()}
        return {
            name: sum(chosen.get(owner, 1) for owner in union)
            for name, union in zip(self._table.game.players, self._table.unions, strict=True)
        }

    def _by_owner(self, by_player: Sequence[float]) -> dict[str, float]:
        """Inside a union in proportion to stand-alone costs."""
        paid = dict.fromkeys(self._table.alone_minor, 0.0)
        for union, share in zip(self._table.unions, by_player, strict=True):
            alone = sum(self._table.alone_minor[owner] for owner in union)
            for owner in union:
                paid[owner] = share * self._table.alone_minor[owner] / alone if alone else share / len(union)
        return paid

    def _whole(self) -> dict[str, int]:
        """By owner; players are rounded among themselves, so that unions raise no coalition's excess any further."""
        before = self._by_owner(self._of_rule.minor)
        paid = dict.fromkeys(self._table.alone_minor, 0)
        for union, minor in zip(self._table.unions, self._of_rule.minor, strict=True):
            alone = [self._table.alone_minor[owner] for owner in union]
            whole = rounded(union, alone, [before[owner] for owner in union], minor)
            paid.update(zip(union, whole, strict=True))
        return paid

    def split(self, currency: str, seconds: Callable[[], float]) -> Split:
        """Everything that is said of the split."""
        table, game = self._table, self._table.game
        exact = [float(share) for share in self._of_rule.exact]
        paid = self._whole()
        owners = sorted(paid)
        proof = certificate(game, self._of_rule.minor)
        low, high = self._ranges()
        return Split(
            rule=self._rule,
            rule_applied=self._of_rule.applied,
            repaired=self._of_rule.repaired,
            currency=currency,
            cost_minor=int(game.cost[-1]),
            shares=tuple(
                Share(
                    owner=owner,
                    stand_alone_minor=table.alone_minor[owner],
                    share_minor=paid[owner],
                    saving_minor=table.alone_minor[owner] - paid[owner],
                    incremental_minor=table.incremental_minor[owner],
                    low_minor=min(paid[owner], low[owner]),
                    high_minor=max(paid[owner], high[owner]),
                )
                for owner in owners
            ),
            unions=tuple(union for union in table.unions if len(union) > 1),
            certificate=proof,
            excess_max_minor=proof.excess_max.gain_minor,
            in_core=bool(game.excess_max(np.array(exact)) <= CORE_TOLERANCE_MINOR),
            individually_rational=all(table.alone_minor[owner] >= paid[owner] for owner in owners),
            coalitions=len(game.cost) - 1,
            coalitions_proven=int(game.proven[1:].sum()),
            pool_digest=table.pool_digest,
            seconds=seconds(),
            plan=table.plan,
        )

    def _ranges(self) -> tuple[dict[str, int], dict[str, int]]:
        """
        By owner, in whole minor units outwards; inside a union its costs alone are taken as they are.

        Whatever little is proven, every rule but those by key keeps shares from 0 to what each pays alone: costs are
        monotone and sub-additive.
        """
        names = self._table.game.players
        number = {name: player for player, name in enumerate(names)}
        weights = self._weights(self._terms)
        before = self._of_rule
        if self._terms.repaired:
            before = self._by_rule(self._terms._replace(repaired=False), self._keys)
        found = share_ranges(
            self._table.game,
            self._rule,
            before.exact,
            weights=None if weights is None else list(weights.values()),
            unions=[[number[name] for name in union] for union in self._unions(self._terms)],
            keys=self._keys,
            repaired=self._terms.repaired,
        )
        low = self._by_owner([low for low, _ in found])
        high = self._by_owner([high for _, high in found])
        least, most = (
            {owner: int(np.floor(value + TIE)) for owner, value in low.items()},
            {owner: int(np.ceil(value - TIE)) for owner, value in high.items()},
        )
        if self._of_rule.applied in KEYS or self._table.game.cost[-1] > self._table.game.stand_alone.sum():
            return least, most
        alone = self._table.alone_minor
        return (
            {owner: max(value, 0) for owner, value in least.items()},
            {owner: min(value, alone[owner]) for owner, value in most.items()},
        )


class _Watch:
    """Progress out, stop in."""

    def __init__(
        self,
        progress: Callable[[SplitProgress], None] | None,
        stop: Callable[[], bool] | None,
        enough: Callable[[], bool] | None,
    ) -> None:
        self._started = monotonic()
        self._progress = progress
        self._stop = stop
        self._enough = enough

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
                if name in PROVING and self._enough is not None and self._enough():
                    raise ProofsEnded(f"{name}: {done} of {total} coalitions")

            told(0)
            return told

        return of
