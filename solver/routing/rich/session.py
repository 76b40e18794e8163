"""One search from Python's side: batches of iterations, temperatures, what goes in and what comes out."""

from collections.abc import Callable, Sequence
from math import inf

import numpy as np

from solver.compiled import Compiled
from solver.routing.features import RouteKey
from solver.routing.harvest import Harvest
from solver.routing.rich import layout as c
from solver.routing.rich.asking import Asking
from solver.routing.rich.build import Built, build
from solver.routing.rich.entry import ALONE, FEWER, HOLD, LOAD, SEARCH, run
from solver.stowing import stowing_of

GREEDY = 300
"""Iterations almost without heat, after which the temperature is set."""
GREEDY_SHARE = 0.2
"""Most of a search's time for them where goods are asked about, which may take long."""
BATCH_S = 0.02
HOT, COLD, WARM = 1.0, 0.01, 0.2
"""Start and end temperature as shares of the cost per visit; of a warm start, its share of ``HOT``."""
FIXED_COUNTS = 2.0
"""Fixed prices count for the temperature up to so many times the rest: vehicles may be dear beyond measure."""
VISITS_PER_BATCH, ASKING_PER_BATCH = 20_000, 20
TINY_VISITS, TINY_FACTOR = 40, 250
"""Up to so many visits a search ends after ``TINY_FACTOR * visits ** 2`` iterations."""
HARVEST_PER_BATCH = 8
QUESTION_ITERATIONS = 4
"""What a question about a load counts for; by the clock it takes as long as twice as many."""
FIXED_SHARE, FEWER_SHARE = 0.6, 0.35
"""Where fixed prices are more than this share of the cost, this share of the search looks for fewer vehicles first."""

BY_COST_FROM = 0.75
"""From this share of a search on it stops hunting for mandatory orders that find no place, and looks at the cost."""


class RichSearch:
    """
    A search under way.

    Parameters
    ----------
    compiled, orders, start, seed
        As in ``Engine.search``.
    harvest
        Checks each route and hands on new ones.
    """

    def __init__(
        self,
        compiled: Compiled,
        orders: frozenset[int],
        start: Sequence[RouteKey],
        seed: int,
        harvest: Harvest,
    ) -> None:
        self._compiled = compiled
        self._harvest = harvest
        self._built: Built = build(compiled, orders, seed)
        self.state = self._built.state
        self.wrong = 0
        self._best: list[RouteKey] = []
        self._worth = (inf, inf)
        self._done = self._made = 0
        self._pending: list[RouteKey] = []
        run(self.state, HOLD, 0)
        run(self.state, ALONE, 0)
        stowing = stowing_of(compiled)
        self._asking = None if stowing is None else Asking(self.state, stowing, self._asked, self._over)
        self._warm = bool(start)
        self._load(start)

    def run(
        self,
        clock: Callable[[], float],
        began: float,
        seconds: float | None,
        iterations: int | None,
        improved: Callable[[list[RouteKey]], None],
        stop: Callable[[], bool],
    ) -> list[RouteKey]:
        """Search until a limit or ``stop``; the best solution's routes. ``began`` is when ``seconds`` began."""
        state = self.state
        visits = int(state.flag[c.VISITS])
        if visits <= TINY_VISITS:
            most = GREEDY + TINY_FACTOR * visits * visits
            iterations = most if iterations is None else min(iterations, most)
        self._limits = (clock, began, seconds, iterations)
        self._began_search = clock()
        self._improved = improved
        self._stop = stop
        self._note_best()
        greedy = max(1, min(GREEDY, (iterations or GREEDY) // 4 + 1))
        while self._done < greedy and not self._over() and (self._asking is None or self._fraction() < GREEDY_SHARE):
            self._batch(min(greedy - self._done, self._most(visits)), 1e-9, 1.0)
        hot, cold = self._temperatures()
        self._fewer_vehicles(cold)
        base = self._fraction()
        while not self._over():
            now = (self._fraction() - base) / max(1e-9, 1.0 - base)
            count, share = self._size(visits)
            heat = hot * (cold / hot) ** min(1.0, max(0.0, now))
            self._batch(count, heat, (cold / hot) ** (share / count))
        self._drain(inf)
        return self._best

    def _temperatures(self) -> tuple[float, float]:
        """Start and end temperature from what a visit costs by now."""
        state = self.state
        active = state.active[: state.flag[c.ACTIVE]]
        fixed = state.price[state.route[active, c.TYPE], c.P_FIXED].sum()
        variable = float(state.money[c.TOTAL] - fixed)
        cost = max(variable + min(float(fixed), FIXED_COUNTS * variable), 0.02 * float(abs(state.money[c.TOTAL])), 1e-6)
        visits = max(1, int((state.node[: state.flag[c.VISITS], c.ORDER] >= 0).sum()))
        hot = HOT * cost / visits * (WARM if self._warm else 1.0)
        return hot, COLD * cost / visits

    def _fraction(self) -> float:
        """Share of the budget used."""
        clock, began, seconds, iterations = self._limits
        used = 0.0 if iterations is None else self._done / iterations
        return used if seconds is None else max(used, (clock() - began) / seconds)

    def _over(self) -> bool:
        return self._fraction() >= 1.0 or self._stop()

    def _size(self, visits: int) -> tuple[int, float]:
        """Iterations of the next batch, and the share of the budget that they will use."""
        clock, _, seconds, iterations = self._limits
        if seconds is None:
            assert iterations is not None
            turn = int(BY_COST_FROM * iterations)
            left = (turn if self._done < turn else iterations) - self._done
            count = min(left, self._most(visits))
            return count, count / iterations
        rate = self._made / max(1e-6, clock() - self._began_search)
        count = max(1, int(rate * min(BATCH_S, seconds)))
        if iterations is not None:
            count = max(1, min(count, iterations - self._done))
        return count, min(1.0, count / max(1.0, rate) / seconds)

    def _most(self, visits: int) -> int:
        """Most iterations of a batch that is not timed."""
        return ASKING_PER_BATCH if self._asking is not None else max(10, VISITS_PER_BATCH // (visits + 1))

    def _batch(self, count: int, heat: float, cooling: float) -> None:
        """Run some iterations and hear of what they found."""
        state = self.state
        if not self._done:
            self._began_search = self._limits[0]()
        state.money[c.HEAT], state.money[c.COOLING] = heat, cooling
        state.flag[c.IMPROVED] = 0
        state.flag[c.BY_COST] = self._fraction() >= BY_COST_FROM
        self._spend(count)
        if state.flag[c.IMPROVED]:
            self._note_best()
        self._drain(HARVEST_PER_BATCH)

    def _note_best(self) -> None:
        """Check the search's best solution and tell of it."""
        state = self.state
        routes = self._read(state.best, int(state.flag[c.BEST_LENGTH]))
        worth = (float(state.flag[c.BEST_MISSING]), float(state.money[c.BEST_TOTAL]))
        kept = self._harvest.take([self._key(*route) for route in routes])
        self.wrong += len(routes) - len(kept)
        if worth < self._worth:
            self._worth, self._best = worth, kept
            self._improved(list(kept))

    def _read(self, source: np.ndarray, length: int) -> list[tuple[int, int, list[int]]]:
        """Slot, type and nodes of the routes written in an array."""
        routes, at = [], 0
        while at < length:
            slot, type_, count = (int(entry) for entry in source[at : at + 3])
            routes.append((slot, type_, source[at + 3 : at + 3 + count].tolist()))
            at += 3 + count
        return routes

    def _key(self, slot: int, type_: int, nodes: list[int]) -> RouteKey:
        """A written route as the solver at large knows it."""
        orders, places = self._built.orders, self._built.places
        visits = [2 * orders[n >> 1] + (n & 1) if n >= 0 else ~places[~n] for n in nodes]
        return type_, (*self._compiled.prefix[type_], *visits)

    def _drain(self, most: float) -> None:
        """Hand on harvested routes, at most so many at a time."""
        state = self.state
        if len(self._pending) < 64:
            read = self._read(state.harvest, int(state.flag[c.HARVEST_AT]))
            self._pending += [self._key(*route) for route in read]
            state.flag[c.HARVEST_AT] = 0
            if self._asking is not None:
                self._pending += self._asking.fitting
                self._asking.fitting.clear()
        count = len(self._pending) if most == inf else int(most)
        now, self._pending = self._pending[:count], self._pending[count:]
        now = [route for route in now if route[1]]
        self.wrong += len(now) - len(self._harvest.take(now))

    def _load(self, routes: Sequence[RouteKey]) -> None:
        """Make these routes the current solution; what overlaps or is none in the search's eyes is left out."""
        state, built = self.state, self._built
        local = {order: index for index, order in enumerate(built.orders)}
        place_at = {place: index for index, place in enumerate(built.places)}
        taken: set[int] = set()
        slots = iter(sorted(set(range(int(state.flag[c.SLOTS]))) - set(state.kind[:, c.HELD_SLOT].tolist())))
        at = 0
        for type_, visits in routes:
            served = self._compiled.orders_of(visits)
            if taken & served or not served <= local.keys():
                continue
            taken |= served
            own = visits[len(self._compiled.prefix[type_]) :]
            nodes = [2 * local[v >> 1] + (v & 1) if v >= 0 else ~place_at[~v] for v in own]
            held = int(state.kind[type_, c.HELD_SLOT])
            state.best[at : at + 3] = held if held >= 0 else next(slots), type_, len(nodes)
            state.best[at + 3 : at + 3 + len(nodes)] = nodes
            at += 3 + len(nodes)
        state.flag[c.BEST_LENGTH] = at
        run(state, LOAD, 0)

    def _fewer_vehicles(self, cold: float) -> None:
        """Where vehicles are most of the cost: give up one after another while all orders find a place."""
        state = self.state
        active = state.active[: state.flag[c.ACTIVE]]
        fixed = float(state.price[state.route[active, c.TYPE], c.P_FIXED].sum())
        dear = fixed >= FIXED_SHARE * float(state.money[c.TOTAL])
        if state.flag[c.BEST_MISSING] or not dear or len(active) < 2:
            return
        visits = int(state.flag[c.VISITS])
        until = self._fraction() + FEWER_SHARE
        good = state.best[: state.flag[c.BEST_LENGTH]].copy()
        worth = float(state.money[c.BEST_TOTAL])
        fresh = True
        while not self._over() and self._fraction() < until:
            if fresh:
                run(state, FEWER, 0)
                fresh = False
            count, _ = self._size(visits)
            self._batch_quietly(count, cold * 10)
            if state.flag[c.BEST_MISSING] == 0:
                good = state.best[: state.flag[c.BEST_LENGTH]].copy()
                worth = float(state.money[c.BEST_TOTAL])
                if (0.0, worth) < self._worth:
                    self._note_best()
                self._restore(good)
                fresh = True
        self._restore(good)
        state.flag[c.ROUTES_MAX] = state.flag[c.SLOTS]

    def _batch_quietly(self, count: int, heat: float) -> None:
        state = self.state
        state.money[c.HEAT], state.money[c.COOLING] = heat, 1.0
        self._spend(count)
        self._drain(HARVEST_PER_BATCH)

    def _spend(self, count: int) -> None:
        """Run so many iterations; a budget of iterations pays for questions about loads as well, which take longer."""
        run(self.state, SEARCH, count)
        if self._asking is not None:
            self._asking.kept.raise_again()
            self._done += QUESTION_ITERATIONS * self._asking.questions_since()
        self._made += count
        self._done += count

    def _asked(self) -> RouteKey:
        """The route whose goods the compiled search asks about."""
        asked = self.state.asked
        slot, type_, count = asked[:3].tolist()
        return self._key(slot, type_, asked[3 : 3 + count].tolist())

    def _restore(self, written: np.ndarray) -> None:
        """Make a solution written before the current one."""
        state = self.state
        state.best[: len(written)] = written
        state.flag[c.BEST_LENGTH] = len(written)
        run(state, LOAD, 0)


def warm() -> None:
    """Compile the search by running it on a day of two orders."""
    from solver.routing.rich.example import tiny_day

    compiled = Compiled(tiny_day())
    search = RichSearch(compiled, frozenset({0, 1}), [], 0, Harvest(compiled, lambda type_, visits: None))
    search.run(lambda: 0.0, 0.0, None, 10, lambda routes: None, lambda: False)
