"""The state of one solve: its clock, the pool, the best plan so far, and who wants to hear about it."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import chain
from threading import Event
from time import monotonic, process_time
from typing import TypeVar

from solver.bounds import Bound, lower_bound_milli, prove
from solver.compiled import Compiled
from solver.cost import plan_terms_milli
from solver.plan import Budget, Leg, Progress
from solver.pool import Pool, PoolRoute
from solver.processes import POLL_S
from solver.routing.alone import Alone
from solver.routing.features import RouteKey

HASTE_S = 3.0
"""Below this budget there is one first plan instead of the best of several."""
SINGLES_ORDERS_MAX = 300
"""Up to so many orders the pool begins with each order by itself, which a partition may need."""
BOUND_GRACE_S = 0.5
"""How much longer than agreed a bound may take before it is told to end."""
STOP_GRACE_S = 0.15
"""How long a bound that was told to end may take to answer."""
BOUND_ROUTES_MAX = 3_000
LABELS_AN_ITERATION = 200
"""Labels of column generation for one iteration of a budget without a limit of time."""
HEARTBEAT_S = 0.4
"""Longest silence towards ``progress`` while searching."""
POSITION_S = 4e-6
"""CPU time a position to say why an order is unplanned, with room to spare."""
Answer = TypeVar("Answer")


class Session:
    """
    Parameters are those of ``solver.solve.solve``.

    Attributes
    ----------
    best
        Routes of the best plan so far, apart from one another and within the fleet.
    elite
        Routes of all solutions that were the best of some engine, in order of discovery.
    trace
        What each engine did.
    hasty
        Whether the budget is so short that one first plan must do.
    """

    def __init__(
        self,
        pool: Pool,
        budget: Budget,
        progress: Callable[[Progress], None] | None,
        stop: Callable[[], bool] | None,
        began: float,
    ) -> None:
        self.compiled: Compiled = pool.compiled
        self.pool, self.budget, self.began = pool, budget, began
        self._progress, self._stop = progress, stop
        self._spoke = 0.0
        self._load, self._busy_began, self._gauge_began = 1.0, process_time(), self.seconds
        self._stopped = False
        self.hasty = budget.seconds is not None and budget.seconds < HASTE_S
        self.phase = "construct"
        self.alone = Alone.of(self.compiled)
        if len(self.compiled.problem.orders) <= SINGLES_ORDERS_MAX:
            for order in self.alone.servable:
                pool.add_all(self.alone.visits[order].items())
        self.outside = self.compiled.outside_milli
        self.obliged = frozenset(type_ for type_, prefix in enumerate(self.compiled.prefix) if prefix)
        self.everything = frozenset(range(len(self.outside)))
        self.best: list[PoolRoute] = []
        self.worth = self._worth([])
        self.elite: dict[RouteKey, PoolRoute] = {}
        self.trace: list[Leg] = []
        self._aside = ThreadPoolExecutor(2)
        self._bounds: dict[frozenset[int], int] = {}

    @property
    def seconds(self) -> float:
        """Since the solve began."""
        return monotonic() - self.began

    @property
    def deadline_s(self) -> float | None:
        """Seconds after the beginning when the search must end, so that the plan can still be written and checked."""
        if self.budget.seconds is None:
            return None
        served = sum(len(route.visits) for route in self.best)
        why = len(self.unplanned()) * served * len(self.compiled.capacities) * POSITION_S
        reserve = 0.01 + 2e-4 * len(self.everything) + why
        return max(self.budget.seconds - reserve * self._load, self.budget.seconds / 2)

    def gauge(self) -> None:
        """Measure how much of the processor this process gets, so that the time kept for the end is enough."""
        busy = process_time() - self._busy_began
        self._load = max(1.0, (self.seconds - self._gauge_began) / busy) if busy > 0 else 1.0

    def left_s(self) -> float | None:
        """Seconds left for searching, None for no limit."""
        deadline = self.deadline_s
        return None if deadline is None else deadline - self.seconds

    def over(self) -> bool:
        """Whether to come to an end; hears ``stop`` and speaks to ``progress`` in passing."""
        if self.seconds - self._spoke >= HEARTBEAT_S:
            self.report()
        if not self._stopped:
            left = self.left_s()
            self._stopped = (left is not None and left <= 0) or (self._stop is not None and self._stop())
        return self._stopped

    @property
    def asked_to_stop(self) -> bool:
        """Whether the asker wants an end, whatever the time."""
        return self._stop is not None and self._stop()

    def enter(self, phase: str) -> None:
        """Begin a phase."""
        self.phase = phase
        self.report()

    def report(self) -> None:
        """Tell ``progress`` where the solve stands."""
        self._spoke = self.seconds
        if self._progress is not None:
            self._progress(
                Progress(
                    phase=self.phase,
                    seconds=self._spoke,
                    cost_milli=self.worth[1] if self.best or not self.everything else None,
                    bound_milli=self.bound_milli(),
                    routes=len(self.best),
                    unplanned=len(self.unplanned()),
                )
            )

    def unplanned(self) -> frozenset[int]:
        """Orders that the best plan leaves out."""
        return self.everything.difference(*(route.orders for route in self.best))

    def _worth(self, routes: Sequence[PoolRoute]) -> tuple[int, int]:
        """Mandatory orders left out (vehicles without their locked route too), and the cost: the less the better."""
        left = [self.outside[order] for order in self.everything.difference(*(route.orders for route in routes))]
        cost = sum(route.cost_milli for route in routes) + sum(price for price in left if price is not None)
        terms = plan_terms_milli(self.compiled, [(route.type_, route.duration_s) for route in routes])
        return left.count(None) + len(self.obliged.difference(route.type_ for route in routes)), cost + sum(terms)

    def offer(self, routes: Iterable[RouteKey]) -> bool:
        """Put routes that go together into the pool, and keep them as the plan if they beat it."""
        routes = list(routes)
        choices = [[self.pool.add(type_, visits) for type_, visits in routes]]
        if self.compiled.problem.longest_hour_milli:
            # the cheapest ways to serve the same orders may take longer than those that were asked about
            choices.append([self.pool.priced(type_, visits) for type_, visits in routes])
        offered = [[route for route in choice if route is not None] for choice in choices]
        for route in chain.from_iterable(offered):
            self.elite[route.type_, route.visits] = route
        worth, kept = min(((self._worth(choice), choice) for choice in offered), key=lambda entry: entry[0])
        if worth >= self.worth:
            return False
        self.best, self.worth = kept, worth
        self.report()
        return True

    def keys(self) -> list[RouteKey]:
        """The best plan's routes."""
        return [(route.type_, route.visits) for route in self.best]

    def aside(self, work: Callable[[], Answer]) -> Answer | None:
        """Do something in a thread while listening; None when the time is over first."""
        future = self._aside.submit(work)
        return future.result() if self._await(future) else None

    def _await(self, future: "Future[Answer]", seconds: float | None = None) -> bool:
        """Listen until a future is done; False when its time or all time is over first."""
        began = self.seconds
        while not future.done():
            if self.over() or (seconds is not None and self.seconds - began > seconds):
                future.cancel()
                return False
            wait([future], timeout=POLL_S)
        return True

    def mandatory_left(self) -> frozenset[int]:
        """Mandatory orders that the best plan leaves out."""
        return frozenset(order for order in self.unplanned() if self.outside[order] is None)

    def seek_bound(self, seconds: float | None = None) -> None:
        """
        Compute the bound for the mandatory orders that are left out now, while nothing else runs.

        Column generation may find better routes on the way, or the optimum: they are offered like any search's.

        Parameters
        ----------
        seconds
            Limit; None where the budget is in iterations, which then limits labels.
        """
        if self.over():
            return
        began = self.seconds
        without = self.mandatory_left()
        if without not in self._bounds:
            # Kept even if what comes next is cut off.
            cheap = self.aside(lambda: lower_bound_milli(self.compiled, without))
            self._bounds[without] = cheap or 0
        left = None if seconds is None else seconds - (self.seconds - began)
        if self.over() or self.proven() or (left is not None and left <= 0):
            return
        ended = Event()
        work = self._aside.submit(self._prove, without, left, ended.is_set)
        done = self._await(work, None if left is None else left + BOUND_GRACE_S)
        ended.set()
        if done or self._await_briefly(work):
            found = work.result()
            self._bounds[without] = max(self._bounds.get(without, 0), found.bound_milli)
            self.pool.add_all(found.columns)
            if found.routes:
                self.offer(found.routes)

    def _prove(self, without: frozenset[int], seconds: float | None, stop: Callable[[], bool]) -> Bound:
        """In a thread: the compiled parts let the interpreter go."""
        upper = self.worth[1] if self.best or not self.everything else None
        iterations = self.budget.iterations
        return prove(
            self.compiled,
            without,
            upper_milli=upper,
            routes=[(route.type_, route.visits) for route in self.elite.values()][-BOUND_ROUTES_MAX:],
            seconds=seconds,
            labels=None if iterations is None else iterations * LABELS_AN_ITERATION,
            stop=stop,
            cheap_milli=self._bounds[without],
        )

    def _await_briefly(self, future: "Future[Answer]") -> bool:
        """Whether a future that was told to end does so soon."""
        return bool(wait([future], timeout=STOP_GRACE_S).done)

    def bound_milli(self) -> int:
        """The proven bound if it is known by now, else the one that needs no proof."""
        return self._bounds.get(self.mandatory_left(), 0)

    def proven(self) -> bool:
        """Whether the best plan cannot be beaten."""
        return self.bound_milli() >= self.worth[1] and self.mandatory_left() <= self.everything - self.alone.servable

    def close(self) -> None:
        """Let go of the threads; what they still compute ends by its own limits."""
        self._aside.shutdown(wait=False, cancel_futures=True)
