"""A figure beside what is wanted and what others reach, and the clock by which it was found."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time
from typing import Any, NamedTuple


class Figure(NamedTuple):
    """
    One thing measured.

    Attributes
    ----------
    name
        Measurement and case, such as ``check_ms 20``.
    what
        In words, with the unit.
    found
        Ours; None where it could not be measured, ``note`` says why.
    wanted
        None: nothing in particular.
    more
        Whether more is better.
    beside
        What peers reach in the same run.
    """

    name: str
    what: str
    found: float | None
    wanted: float | None = None
    more: bool = False
    beside: dict[str, float | None] | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """None where nothing was wanted."""
        if self.wanted is None:
            return None
        if self.found is None:
            return False
        return self.found >= self.wanted if self.more else self.found <= self.wanted

    def record(self) -> dict[str, Any]:
        """As JSON."""
        return self._asdict() | {"beside": self.beside or {}, "met": self.met}


class Clock:
    """CPU seconds of this process."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Counts what happens inside."""
        began = process_time()
        try:
            yield
        finally:
            self.seconds += process_time() - began
