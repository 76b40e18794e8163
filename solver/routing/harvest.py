"""What an engine finds on its way, checked and handed on once each."""

from collections.abc import Callable, Iterable

from solver.compiled import Compiled
from solver.routing.features import RouteKey
from solver.schedule import Blocked, timetable


class Harvest:
    """
    Sieve between an engine and whoever collects routes.

    Parameters
    ----------
    compiled
        The problem.
    found
        Called once with each feasible route.
    """

    def __init__(self, compiled: Compiled, found: Callable[[int, tuple[int, ...]], None]) -> None:
        self._compiled = compiled
        self._found = found
        self._known: dict[RouteKey, bool] = {}

    def take(self, routes: Iterable[RouteKey]) -> list[RouteKey]:
        """The feasible ones among some routes; those seen for the first time are handed on."""
        kept = []
        for route in routes:
            feasible = self._known.get(route)
            if feasible is None:
                type_, visits = route
                times = timetable(self._compiled, type_, visits, reasons=False) if visits else None
                feasible = times is not None and not isinstance(times, Blocked)
                self._known[route] = feasible
                if feasible:
                    self._found(type_, visits)
            if feasible:
                kept.append(route)
        return kept
