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

LoadFits = Callable[[int, tuple[int, ...]], bool]


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
        load_fits: LoadFits | None = None,
    ) -> list[RouteKey]:
        """
        As in ``Engine``.

        ``load_fits`` says of a vehicle type and a route whether its goods can be stowed: asked once for each route of a
        better solution. One that does not fit is never proposed again, and the search goes on from the last solution
        that did.
        """
        began = self._clock()
        if not orders or not compiled.vehicle_types:
            return []
        search = self._begin(compiled, orders, start, seed, Harvest(compiled, found), load_fits)
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
        load_fits: LoadFits | None,
    ) -> "RichSearch":
        from solver.routing.rich.session import RichSearch

        return RichSearch(compiled, orders, start, seed, harvest, load_fits)


def warm() -> None:
    """Compile the search, or load it from its cache."""
    from solver.routing.rich.session import warm as compile_all

    compile_all()
