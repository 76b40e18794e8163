"""The compiled search asks whether a route's goods can be stowed; how hard is tried grows with how often it asks."""

from collections import Counter, defaultdict
from collections.abc import Callable
from ctypes import CFUNCTYPE, c_int64, c_void_p, cast

from solver.loads import Verdict
from solver.routing.features import RouteKey
from solver.routing.rich import layout as c
from solver.routing.rich.marks import FITS, NEVER, NOT_NOW
from solver.routing.rich.memory import State
from solver.stowing import EXHAUSTIVE, Stowing

ASKED = (1, 2, 6)
"""How often a route is asked about before an effort goes into it: the search comes back to what promises much."""
SHARE = (1, 25, 250)
"""One test in so many questions is of an effort: dear ones take about half of a search's time."""


class Asking:
    """
    Python's side of the questions.

    Parameters
    ----------
    state
        The search's memory; where to ask is entered here.
    stowing
        Answers.
    read
        The route that is asked about, as the solver at large knows it.
    over
        Whether the search is to end: nothing more is tried then.
    """

    def __init__(self, state: State, stowing: Stowing, read: Callable[[], RouteKey], over: Callable[[], bool]) -> None:
        self._state, self._stowing, self._read, self._over = state, stowing, read, over
        self._asked: Counter[RouteKey] = Counter()
        self._made: dict[RouteKey, int] = defaultdict(int)
        self._questions, self._tests = 0, [0] * len(SHARE)
        self._error: BaseException | None = None
        self._callback = CFUNCTYPE(c_int64)(self._answer)
        state.flag[c.ASK] = cast(self._callback, c_void_p).value or 0

    def raise_again(self) -> None:
        """What went wrong while the compiled search asked, which cannot carry it."""
        if self._error is not None:
            raise self._error

    def _answer(self) -> int:
        """For the compiled search: it knows no exceptions."""
        if self._state.flag[c.HALT]:
            return NOT_NOW
        try:
            return self._judge(self._read())
        except BaseException as error:  # noqa: BLE001 - raised again as soon as the compiled search is left
            self._error = error
            self._state.flag[c.HALT] = 1
            return NOT_NOW

    def _judge(self, route: RouteKey) -> int:
        effort = self._effort(route)
        verdict = self._stowing.test(*route, effort)
        if verdict is Verdict.FITS:
            return FITS
        return NEVER if verdict is Verdict.PROVED_NOT or effort == EXHAUSTIVE else NOT_NOW

    def _effort(self, route: RouteKey) -> int:
        """More for what is asked about again, as far as the questions so far allow it."""
        self._asked[route] += 1
        self._questions += 1
        effort = self._made[route]
        wanted = effort < EXHAUSTIVE and self._asked[route] >= ASKED[effort + 1]
        if not wanted or self._tests[effort + 1] * SHARE[effort + 1] > self._questions:
            return effort
        if self._over():
            self._state.flag[c.HALT] = 1
            return effort
        self._made[route] = effort + 1
        self._tests[effort + 1] += 1
        return effort + 1
