"""
What every coalition pays, as a proven interval: known plans above, column generation below.

First a bound for each coalition, level by level, so that what one proof found out starts the next. What stays open is
priced from the frozen pool, and then proven further where that narrows the shares, until the work is spent. Work is
counted in labels and rounds, so that any machine repeats it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from itertools import combinations, groupby
from typing import NamedTuple

import numpy as np

from solver.compiled import Compiled
from solver.explore import explore
from solver.monotone import is_monotone
from solver.plan import MILLI
from solver.pool import Pool
from solver.shares import Effort, ProofsEnded
from solver.sharing import closure
from solver.sharing.closure import Ints
from solver.sharing.coalitions import Routes, masks_by_size, orders_of, price, price_sets
from solver.sharing.fewest import fewest_routes
from solver.sharing.game import Game
from solver.sharing.held import DayRef, Held
from solver.sharing.lowers import BATCH, NOTHING, Ask, Known, Lower, joined, lower_bounds
from solver.sharing.thinning import in_rounds, proven_themselves, worths

AT_ONCE, PARTS = 32, 64
"""At least so many coalitions, or one in so many, are proven further before it is asked again which ones matter."""
TASKS = 8
"""At least so many tasks at a time where there are coalitions for them, so that no core waits for a long batch."""
ROUND_WORK = 2_000
"""Labels that one round of the linear program takes as long as."""
ATTEMPTS = 3
GROWTH = 8
"""Each further attempt on a coalition may take so many times the labels of the one before."""
PRICED_MAX, FEW, PRICED_OF_MANY, TURNS = 600, 255, 64, 2
"""At most so many open coalitions are priced from the pool, those that matter most; of more than the second
number, where bounds come first, so many after further proofs, in so many turns."""
CLOSED_WITHIN, THINNED_BEYOND = 8_000_000, 40_000_000
"""Of (coalitions x square of half the visits): so far the first proof goes all the way; from there on only a part of
the coalitions has one of its own."""
STRIDE, SAMPLE = 4, 8
"""Where coalitions are too many, one in so many has a proof of its own; so many of each size come first."""
MORE_EVERYBODY, MORE_MANY = 20, 4
"""Where coalitions are thinned: so many times the labels for the proof of everybody, and of each of the others."""
FULL_ORDERS, FIRST_PART = 40, 32
"""Up to so many orders the whole proof takes little longer than the linear program; where larger coalitions bound
smaller ones first proofs go on from there for one in so many labels."""
KEPT_PLAYERS = 12
"""With more players what proofs found out is not kept for further ones: it would fill the memory."""

Step = Callable[[int], None]
Phase = Callable[[int], Step]


class Found(NamedTuple):
    """
    By mask, shape ``(2**n,)``, thousandths of a minor unit: known and proven costs, and a plan for each coalition.

    ``upper_milli`` is closed (monotone, sub-additive); ``lower_milli`` bounds costs that may be closed like that.
    """

    upper_milli: Ints
    lower_milli: Ints
    plans: dict[int, Routes]


class Intervals:
    """
    The search for all coalitions' intervals.

    Parameters
    ----------
    pool
        Holds the routes of ``plan``; grows.
    groups
        Each player's orders, apart from one another.
    plan
        Routes for everybody.
    ref
        The pool's day, for the executor's processes.
    seed
        The same seed gives the same intervals, with or without an executor.
    executor
        Runs searches and proofs elsewhere; None runs them here.
    effort
        How much work.
    """

    def __init__(
        self,
        pool: Pool,
        groups: Sequence[frozenset[int]],
        plan: Routes,
        ref: DayRef,
        *,
        seed: int,
        executor: Executor | None,
        effort: Effort,
    ) -> None:
        self._pool, self._groups, self._plan = pool, groups, plan
        self._compiled: Compiled = pool.compiled
        self._seed, self._executor, self._effort = seed, executor, effort
        self._ref = ref
        self._held = Held(self._compiled)
        self._plans: dict[int, Routes] = {0: ()}
        size = 2 ** len(groups)
        self._upper = np.zeros(size, dtype=np.int64)
        self._lower = np.zeros(size, dtype=np.int64)
        self._known: dict[int, Known] = {}
        self._top = NOTHING
        self._fewest = fewest_routes(self._compiled, groups)
        self._monotone = is_monotone(self._compiled)
        self._work = 0
        visits = sum(len(self._compiled.visits_of(order)) for group in groups for order in group)
        self._size: int = size * (visits // 2) ** 2
        self._outside = {
            order: price * self._held.whole.grains
            for order, price in enumerate(self._compiled.outside_milli)
            if price is not None
        }

    def run(
        self, phase: Callable[[str], Phase], useful: Callable[[Game], Ints], better: Sequence[tuple[int, Routes]] = ()
    ) -> Found:
        """
        All of it.

        Parameters
        ----------
        phase
            Given a name and a number of coalitions, what to call as they get done; what that raises ends the work,
            but for ``ProofsEnded`` of ``prove`` or ``close``, which ends that phase alone.
        useful
            Given the game (players by number), open coalitions whose proof would narrow the shares, best first.
        better
            Further plans that are known, (mask, routes).
        """
        total = 2 ** len(self._groups) - 1
        found = explore(
            self._pool,
            self._groups,
            self._plan,
            seed=self._seed,
            executor=self._executor,
            ref=self._ref,
            effort_percent=self._effort.search_percent,
            step=phase("explore")(total),
        )
        for mask, routes in [*found.items(), *better]:
            self._learn(mask, routes)
        provable = self._effort.labels_first and self._provable(total)
        if provable:
            with suppress(ProofsEnded):
                self._bound_all(phase("prove"))
        if provable and self._root_only and total > FEW:
            with suppress(ProofsEnded):
                self._in_turns(phase("close"), useful)
            return Found(*self._intervals(), self._plans)
        self._price(phase("price"), useful)
        before = len(self._pool)
        if provable:
            with suppress(ProofsEnded):
                self._go_on(phase("close"), useful)
        if len(self._pool) > before:
            self._price(phase("price"), useful)
        return Found(*self._intervals(), self._plans)

    def _in_turns(self, phase: Phase, useful: Callable[[Game], Ints]) -> None:
        """
        Proofs as far as they go, then choices from the pool for what they left open, and again where that helped.

        Where there are many, proofs find better plans sooner than choices, which take seconds; but what is known to
        cost too much no proof can close.
        """
        for _ in range(TURNS):
            self._go_on(phase, useful)
            before = self._upper.copy()
            self._price(phase, useful, PRICED_OF_MANY)
            if np.array_equal(before, self._upper):
                return
        self._go_on(phase, useful)

    def _provable(self, mask: int) -> bool:
        """Whether a coalition's proof is worth trying, by the number and length of its plan's routes."""
        routes = self._plans[mask]
        visits = sum(1 for route in routes for visit in route.visits if visit >= 0)
        return visits * visits <= self._effort.size_max * len(routes)

    def game(self) -> Game:
        """As it stands, in whole minor units; players are numbered."""
        upper, lower = self._intervals()
        above = closure.closed(-(-upper // MILLI))
        below = np.minimum(-(-lower // MILLI), above)
        return Game([str(player) for player in range(len(self._groups))], above, below)

    def _intervals(self) -> tuple[Ints, Ints]:
        upper = closure.closed(self._upper)
        lower = self._lower if self._monotone else closure.least_of_supersets(self._lower)
        return upper, closure.raised(np.minimum(lower, upper), upper)

    def _learn(self, mask: int, routes: Routes) -> bool:
        """Keep a plan for a coalition if it is better than what is known of it."""
        orders = orders_of(self._groups, mask)
        offered = price(self._compiled, routes, orders)
        if mask in self._plans and price(self._compiled, self._plans[mask], orders) <= offered:
            return False
        self._plans[mask], self._upper[mask] = routes, offered[1]
        return True

    def _served(self, mask: int) -> frozenset[int]:
        """A coalition's orders but for mandatory ones that its plan cannot serve: nobody pays for them."""
        orders = orders_of(self._groups, mask)
        left = orders.difference(*(route.orders for route in self._plans[mask]))
        return orders - {order for order in left if self._compiled.outside_milli[order] is None}

    def _joined(self, mask: int, upper: Ints) -> Routes:
        """The plan of a coalition, or those of its best two parts where they cost less together."""
        part = closure.best_part(upper, mask) if upper[mask] < self._upper[mask] else 0
        if not part or upper[part] + upper[mask ^ part] > upper[mask]:
            return self._plans[mask]
        return self._joined(part, upper) + self._joined(mask ^ part, upper)

    def _bound_all(self, phase: Phase) -> None:
        """
        A first bound for every coalition: by its own proof, or by a larger one's.

        From single players upwards, as the smallest proofs are the easiest and what they find out makes the next ones
        easy too. Where larger ones bound smaller ones: everybody, then the small ones that weigh most, then downwards.
        """
        players = len(self._groups)
        chosen = proven_themselves(players, STRIDE if self._thinned else 1)
        step = phase(int(chosen.sum()))
        upper = closure.closed(self._upper)
        if not self._root_only:
            self._bound_by_everybody(upper)
            rounds = [[list(level) for _, level in groupby(masks_by_size(players), key=int.bit_count)]]
        else:
            rounds = in_rounds(chosen, SAMPLE if self._thinned else None)
        top: dict[int, Known] = {}
        done = 0
        for levels in rounds:
            before = dict(top)
            for masks in levels:
                near = self._bound_level(masks, upper, before, step, done)
                done += len(masks)
                # Where few of a level are proven the nearest may have two players more.
                size = masks[0].bit_count()
                before = {mask: known for mask, known in before.items() if abs(mask.bit_count() - size) <= 1} | near
            top = top or near
            self._top = top.get(len(self._upper) - 1, NOTHING)

    def _bound_level(
        self, masks: Sequence[int], upper: Ints, before: Mapping[int, Known], step: Step, done: int
    ) -> dict[int, Known]:
        """Bounds for coalitions of one size; what their proofs can tell the next."""
        asks = [self._ask(mask, upper, self._start(mask, before), self._effort.labels_first) for mask in masks]
        found = {}
        for number, (mask, lower) in enumerate(zip(masks, self._answers(asks), strict=True), done + 1):
            self._take(mask, lower)
            found[mask] = lower.known
            if self._root_only:
                self._hand_down(mask, lower)
            if self._lower[mask] < self._upper[mask] and len(self._groups) <= KEPT_PLAYERS:
                self._known[mask] = lower.known
            step(number)
        return found

    @property
    def _thinned(self) -> bool:
        return self._size > THINNED_BEYOND

    @property
    def _root_only(self) -> bool:
        return self._effort.root_only or self._size > CLOSED_WITHIN

    def _bound_by_everybody(self, upper: Ints) -> None:
        """
        A bound for all from one linear program, should time end before the large coalitions' own proofs begin.

        Where a cost may be that of a larger coalition, one without any bound would leave all smaller ones without.
        """
        everybody = len(self._upper) - 1
        ask = self._ask(everybody, upper, NOTHING, self._effort.labels_first)._replace(root_only=True)
        for lower in self._answers([ask]):
            self._take(everybody, lower)
            self._hand_down(everybody, lower)

    def _hand_down(self, mask: int, lower: Lower) -> None:
        """
        What a coalition's duals prove for all within it: the worth of their orders.

        Every route costs what its visits are worth by these duals and a little more, or less, which stays true of
        fewer orders: less counts once for each route that their plan can have, more for each that it must have.
        """
        grains = self._held.whole.grains
        if not lower.known.duals or not grains:
            return
        worth = worths(lower.known.duals, self._outside, self._groups)
        within, mine = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
        for player, part in enumerate(worth):
            if mask >> player & 1:
                within = np.concatenate([within, within | 1 << player])
                mine = np.concatenate([mine, mine + part])
        # No plan has more routes than it has visits, nor than its cost is times that of the cheapest route.
        most = np.full(len(within), len(lower.known.duals), dtype=np.int64)
        if least_milli := lower.least_grains // grains:
            most = np.minimum(most, self._upper[within] // least_milli)
        routes = self._fewest[within] if lower.beyond_grains > 0 else most
        bounds = np.minimum((mine + routes * lower.beyond_grains) // grains, self._upper[within])
        self._lower[within] = np.maximum(self._lower[within], bounds)

    def _start(self, mask: int, before: Mapping[int, Known]) -> Known:
        """What proofs before can tell: of a coalition with one player more, or two, or of all with one less."""
        bits = [1 << player for player in range(len(self._groups))]
        others = [bit for bit in bits if not mask & bit]
        larger = [mask | bit for bit in others]
        for options in (larger, [mask | one | other for one, other in combinations(others, 2)]):
            known = [option for option in options if option in before and before[option].duals]
            if known:
                nearest = min(known, key=lambda option: (len(orders_of(self._groups, option ^ mask)), option))
                return before[nearest].within(orders_of(self._groups, mask))
        smaller = [mask ^ bit for bit in bits if mask & bit]
        parts = [before[part] for part in smaller if part in before and before[part].duals]
        if parts:
            return joined(parts)
        return self._top.within(orders_of(self._groups, mask)) if self._top.duals else NOTHING

    def _ask(self, mask: int, upper: Ints, known: Known, labels: int) -> Ask:
        routes = tuple((route.type_, route.visits) for route in self._joined(mask, upper))
        orders = self._served(mask)
        everybody = mask == len(self._upper) - 1
        further = self._root_only and not self._thinned and not everybody
        root_only = self._root_only and not further and len(orders) > FULL_ORDERS
        beyond = labels // FIRST_PART if further else None
        if self._thinned:
            labels *= MORE_EVERYBODY if everybody else MORE_MANY
        whole = len(orders) == len(orders_of(self._groups, mask))
        fewest = int(self._fewest[mask]) if whole else 0
        return Ask(orders, int(upper[mask]), routes, known, labels, root_only, self._effort.proof_s, beyond, fewest)

    def _answers(self, asks: Sequence[Ask]) -> Iterator[Lower]:
        batch = min(BATCH, max(1, len(asks) // (4 * TASKS)))
        for lower in lower_bounds(self._ref, self._held, asks, self._executor, batch=batch):
            self._work += lower.labels + ROUND_WORK * lower.rounds
            yield lower

    def _take(self, mask: int, lower: Lower) -> None:
        """Keep what was proven, and a better plan if one was found."""
        self._lower[mask] = max(self._lower[mask], lower.bound_milli)
        routes = tuple(route for key in lower.routes if (route := self._pool.add(*key)) is not None)
        if lower.routes and len(routes) == len(lower.routes):
            self._learn(mask, routes)

    def _price(self, phase: Phase, useful: Callable[[Game], Ints], most: int = PRICED_MAX) -> None:
        """The best choice from the frozen pool for every coalition that is still open, the small ones first."""
        upper, lower = self._intervals()
        masks = [mask for mask in masks_by_size(len(self._groups)) if lower[mask] < upper[mask]]
        if len(masks) > most:
            masks = sorted(useful(self.game())[:most].tolist(), key=lambda mask: (mask.bit_count(), mask))
        step = phase(len(masks))
        wanted = [(orders_of(self._groups, mask), self._joined(mask, upper)) for mask in masks]
        partitions = price_sets(self._pool, wanted, step, executor=self._executor, ref=self._ref)
        for mask, partition in zip(masks, partitions, strict=True):
            self._learn(mask, partition.routes)

    def _go_on(self, phase: Phase, useful: Callable[[Game], Ints]) -> None:
        """Prove further, what matters most first, until the work is spent."""
        limit = self._work + self._effort.work_more
        attempts: dict[int, int] = {}
        done, step = 0, phase(0)
        at_once = max(AT_ONCE, len(self._upper) // PARTS)
        # Where first proofs ended with the linear program, few labels often do for the rest of the way.
        first = self._effort.labels_first // GROWTH if self._root_only else self._effort.labels_first * GROWTH
        while self._work < limit:
            open_ = [mask for mask in useful(self.game()).tolist() if attempts.get(mask, 0) < ATTEMPTS]
            if not open_:
                break
            fitting = (limit - self._work) // max(first, 1)
            open_ = open_[: min(at_once, max(TASKS, fitting))]
            upper = closure.closed(self._upper)
            asks = []
            for mask in open_:
                attempts[mask] = attempts.get(mask, 0) + 1
                labels = first * GROWTH ** (attempts[mask] - 1)
                known = self._known.get(mask, NOTHING)
                asks.append(self._ask(mask, upper, known, labels)._replace(root_only=False, beyond=None))
            for mask, ask, lower in zip(open_, asks, self._answers(asks), strict=True):
                self._take(mask, lower)
                self._known[mask] = lower.known
                if lower.labels < ask.labels:  # for want of cuts or of seconds: more labels would not help
                    attempts[mask] = ATTEMPTS
                done += 1
                step(done)
