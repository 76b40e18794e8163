"""What a worker process keeps between tasks of one split, so that it is made ready once."""

from typing import NamedTuple

from solver.colgen import Whole
from solver.compiled import Compiled
from solver.problem import Problem


class DayRef(NamedTuple):
    """A day that a split is about, under a name that no other split has."""

    name: str
    problem: Problem


class Held:
    """A day made ready for searches and bounds; what they need is built when first asked for."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._whole: Whole | None = None

    @property
    def whole(self) -> Whole:
        """What the bounds of all coalitions have in common, hired without limit."""
        if self._whole is None:
            self._whole = Whole(self.compiled, unlimited=True)
        return self._whole


_held: dict[str, Held] = {}


def held(ref: DayRef) -> Held:
    """A split's day made ready; the one before is forgotten."""
    if ref.name not in _held:
        _held.clear()
        _held[ref.name] = Held(Compiled(ref.problem))
    return _held[ref.name]
