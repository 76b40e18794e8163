"""The compiled search asks whether a route's goods can be stowed; how hard is tried depends on what it asks for."""

from collections import defaultdict
from collections.abc import Callable
from ctypes import CFUNCTYPE, c_int64, c_void_p, cast
from types import TracebackType

from solver.loads import Verdict
from solver.routing.features import RouteKey
from solver.routing.rich import layout as c
from solver.routing.rich.marks import BETTER, CANDIDATE, FITS, HALTED, NEVER, UNSURE
from solver.routing.rich.memory import State
from solver.stowing import CAREFUL, EXHAUSTIVE, HASTY, Stowing

SHARE = (1, 20, 200)
"""One test in so many questions is of an effort, for what is no better than the best: dear ones take about half of a
search's time."""
FITTING_MAX = 4_000
"""Most routes that fit and wait to be handed on."""


class Kept:
    """What is raised within, an interrupt too, kept until it can be raised where somebody may catch it."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def __enter__(self) -> "Kept":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        self.error = self.error or error
        return error is not None

    def raise_again(self) -> None:
        """Raise what was kept, once."""
        error, self.error = self.error, None
        if error is not None:
            raise error


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

    Attributes
    ----------
    fitting
        Routes whose goods were found to fit, for whoever collects routes, who takes them out.
    kept
        What went wrong while the compiled search asked: it knows no exceptions and is told to end.
    """

    def __init__(self, state: State, stowing: Stowing, read: Callable[[], RouteKey], over: Callable[[], bool]) -> None:
        self._state, self._stowing, self._read, self._over = state, stowing, read, over
        self._made: dict[RouteKey, int] = defaultdict(int)
        self._questions, self._counted, self._tests = 0, 0, [0] * len(SHARE)
        self.fitting: list[RouteKey] = []
        self.kept = Kept()
        self._callback = CFUNCTYPE(c_int64)(self._answer)
        state.flag[c.ASK] = cast(self._callback, c_void_p).value or 0

    def questions_since(self) -> int:
        """How many questions came since this was last asked."""
        before, self._counted = self._counted, self._questions
        return self._questions - before

    def _answer(self) -> int:
        """For the compiled search, which is told to end where there is no answer."""
        if not self._state.flag[c.HALT]:
            with self.kept:
                return self._judge(self._read(), int(self._state.flag[c.PURPOSE]))
        self._state.flag[c.HALT] = 1
        return HALTED

    def _judge(self, route: RouteKey, purpose: int) -> int:
        self._questions += 1
        efforts = [HASTY] if purpose == CANDIDATE else self._allowed(route, better=purpose == BETTER)
        answer = UNSURE
        for effort in efforts:
            if effort > HASTY:
                if self._over():
                    self._state.flag[c.HALT] = 1
                    break
                self._tests[effort] += 1
            self._made[route] = effort
            answer = self._try(route, effort)
            if answer != UNSURE:
                break
        self._state.flag[c.HOPE] = self._within(CAREFUL)
        return answer

    def _try(self, route: RouteKey, effort: int) -> int:
        verdict = self._stowing.test(*route, effort)
        if verdict is Verdict.FITS:
            if len(self.fitting) < FITTING_MAX:
                self.fitting.append(route)
            return FITS
        return NEVER if verdict is Verdict.PROVED_NOT or effort == EXHAUSTIVE else UNSURE

    def _allowed(self, route: RouteKey, *, better: bool) -> list[int]:
        """Efforts still to be made for a route of a solution: a careful one at least for the best; within a share."""
        if route not in self._made:
            return [HASTY, CAREFUL]
        left = range(self._made[route] + 1, EXHAUSTIVE + 1)
        if better:
            return [effort for effort in left if effort < EXHAUSTIVE or self._within(effort)]
        return [effort for effort in left[:1] if self._within(effort)]

    def _within(self, effort: int) -> bool:
        return self._tests[effort] * SHARE[effort] <= self._questions
