"""When to stop: by the clock, by labels, or because somebody asks."""

from collections.abc import Callable
from time import monotonic


class OutOfBudgetError(Exception):
    """The budget is spent; what was proven until then stands."""


class Budget:
    """
    What may still be spent.

    Parameters
    ----------
    seconds
        Of wall time from now; None: no limit.
    labels
        In all; None: no limit. With this limit alone, the same question always gets the same answer.
    stop
        Asked several times every tenth of a second.
    """

    def __init__(self, seconds: float | None, labels: int | None, stop: Callable[[], bool]) -> None:
        self.until = None if seconds is None else monotonic() + seconds
        self.labels = labels
        self.used = 0
        self._stop = stop

    def spend(self, labels: int = 0) -> None:
        """
        Count labels, and look at the clock.

        Raises
        ------
        OutOfBudgetError
            When any limit is reached.
        """
        self.used += labels
        if self.labels is not None and self.used >= self.labels:
            raise OutOfBudgetError
        if (self.until is not None and monotonic() >= self.until) or self._stop():
            raise OutOfBudgetError

    def only(self, labels: int) -> None:
        """From now on at most so many labels more."""
        self.labels = self.used + labels if self.labels is None else min(self.labels, self.used + labels)

    def left_s(self) -> float | None:
        """Seconds left; None where the clock does not matter."""
        return None if self.until is None else max(0.0, self.until - monotonic())
