"""
Ruin and recreate for problems with every feature (Christiaens, Vanden Berghe: Slack Induction by String Removals for
Vehicle Routing Problems, Transportation Science 54(2), 2020), compiled by numba.
"""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from solver.compiled import Compiled
from solver.problem import Problem
from solver.routing.features import RouteKey
from solver.routing.harvest import Harvest

if TYPE_CHECKING:
    from solver.routing.rich.session import RichSearch


class RichEngine:
    """
    Every feature, in one search.

    Attributes
    ----------
    wrong
        How many routes of the compiled search ``solver.schedule`` refused, ever: 0 unless the two disagree.
    """

    name = "rich"

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self.wrong = 0

    def supports(self, problem: Problem) -> list[str]:
        """As in ``Engine``: nothing is missing."""
        return []

    def search(
        self,
        compiled: Compiled,
        *,
        orders: frozenset[int],
        start: Sequence[RouteKey],
        seed: int,
        seconds: float | None,
        iterations: int | None,
        found: Callable[[int, tuple[int, ...]], None],
        improved: Callable[[list[RouteKey]], None],
        stop: Callable[[], bool],
    ) -> list[RouteKey]:
        """As in ``Engine``; every route that it keeps has passed the load test."""
        began = self._clock()
        if not orders or not compiled.vehicle_types:
            return []
        search = self._begin(compiled, orders, start, seed, Harvest(compiled, found))
        best = search.run(self._clock, began, seconds, iterations, improved, stop)
        self.wrong += search.wrong
        return best

    def _begin(
        self,
        compiled: Compiled,
        orders: frozenset[int],
        start: Sequence[RouteKey],
        seed: int,
        harvest: Harvest,
    ) -> "RichSearch":
        from solver.routing.rich.session import RichSearch

        return RichSearch(compiled, orders, start, seed, harvest)


def warm() -> None:
    """Compile the search, or load it from its cache."""
    from solver.routing.rich.session import warm as compile_all

    compile_all()
