"""
Does a load fit? Tiers: proofs that it cannot, compiled construction, then an exact decision where asked for.

``fits`` answers one question; ``LoadTest`` answers the many of a routing search, from arrays made once.
"""

from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from solver.check_stow import check_load
from solver.goods import Hold, Unit
from solver.loads import Cargo, Fit, Load, Verdict
from solver.packing.construct_search import FITS, search
from solver.packing.exact import decide
from solver.packing.layout import Goods, Layout, Room, Whole, assemble, goods_of, room_of
from solver.packing.reject import rejected

Stay = tuple[int, int, int]
"""An order's number, and the stops from which and until which it is on board."""


class Effort(NamedTuple):
    """
    How hard to look for places; the same effort gives the same answer on any machine.

    Attributes
    ----------
    passes
        Most passes of construction for a load of ten units; larger loads, whose passes take longer, get fewer (see
        ``turns``).
    exact
        Whether small loads that neither fit nor are proved not to are decided exactly.
    seed
        Of the random changes between passes.
    """

    passes: int
    exact: bool = False
    seed: int = 1


QUICK = Effort(50)
"""For every candidate of a search: half a millisecond on average."""
USUAL = Effort(1500)
"""For what a search is about to keep: ten milliseconds on average."""
THOROUGH = Effort(20_000, exact=True)
"""For a final answer: small loads are decided, large ones are tried for some tenths of a second."""
EXACT_UNITS_MAX = 18
"""Largest load that is decided exactly."""
BEFORE_EXACT = 100
"""Passes before an exact decision, which mostly takes no longer than more of them."""
NODES = 20_000
"""Most dead ends of an exact decision."""
KEPT_MAX = 1 << 17
"""Most answers that a ``LoadTest`` remembers; those that were longest not asked for are forgotten."""


def turns(effort: Effort, units: int) -> int:
    """Passes for a load of so many units: a pass takes about as long as the square of their number."""
    passes = min(effort.passes, BEFORE_EXACT) if effort.exact and units <= EXACT_UNITS_MAX else effort.passes
    return max(1, passes * 100 // max(100, units * units))


def fits(load: Load, effort: Effort = USUAL) -> Fit:
    """
    Whether all of a load's cargo fits.

    Returns
    -------
    Fit
        ``tier`` is ``construction`` or ``exact`` or, of proofs that it cannot, the name of the proof (see
        ``solver.packing.reject``). ``not_found`` proves nothing.
    """
    layout = Layout(load)
    if not len(layout.stays.kind):
        return Fit(verdict=Verdict.FITS, tier="empty")
    reason = rejected(layout.room, layout.goods, layout.stays)
    if reason is not None:
        return Fit(verdict=Verdict.PROVED_NOT, tier=reason.tier, detail=reason.detail)
    found = np.zeros((len(layout.stays.kind), 5), dtype=np.int64)
    passes = turns(effort, len(layout.stays.kind))
    if search(layout.room, layout.goods, layout.stays, passes, effort.seed, found) == FITS:
        placements = layout.placements(found)
        if not load.fixed or not check_load(load, placements):
            return Fit(verdict=Verdict.FITS, placements=placements, tier="construction")
    if effort.exact and len(layout.stays.kind) <= EXACT_UNITS_MAX:
        return decide(load, nodes=NODES, seed=effort.seed)
    detail = f"no places found in {passes} passes"
    return Fit(verdict=Verdict.NOT_FOUND, tier="construction", detail=detail)


class _Answer(NamedTuple):
    verdict: Verdict
    effort: Effort
    tier: str


class LoadTest:
    """
    The loads of a routing search.

    Attributes
    ----------
    asked, remembered
        How many loads were asked for, and how many of them were answered from memory.
    decided
        Answers by verdict and tier, those from memory not counted.

    Parameters
    ----------
    holds
        By vehicle type.
    units_by_order
        By order the units that travel together, quantities as they are.
    """

    def __init__(self, holds: Sequence[Hold], units_by_order: Sequence[Sequence[Unit]]) -> None:
        self.holds = tuple(holds)
        self.rooms: tuple[Room, ...] = tuple(room_of(hold) for hold in holds)
        self.units = tuple(tuple(units) for units in units_by_order)
        self.goods: Goods = goods_of(unit for units in self.units for unit in units for _ in range(unit.quantity))
        counts = [sum(unit.quantity for unit in units) for units in self.units]
        self.first: list[int] = [0, *np.cumsum(counts).tolist()]
        self.alike = _alike(self.goods, self.first)
        self.asked = self.remembered = 0
        self.decided: dict[tuple[Verdict, str], int] = {}
        self._answers: OrderedDict[tuple[object, ...], _Answer] = OrderedDict()

    def test(self, hold: int, stays: Sequence[Stay], effort: Effort = QUICK) -> Verdict:
        """
        Whether these orders fit together.

        An answer is remembered by what is loaded and by the order of stops, whichever the orders and stops are. One
        that found nothing is tried again when more effort is offered.
        """
        self.asked += 1
        key = (hold, *self._signature(stays))
        known = self._answers.get(key)
        if known is not None and (known.verdict is not Verdict.NOT_FOUND or _covers(known.effort, effort)):
            self.remembered += 1
            self._answers.move_to_end(key)
            return known.verdict
        answer = self._decide(hold, stays, effort)
        self._answers[key] = answer
        if len(self._answers) > KEPT_MAX:
            self._answers.popitem(last=False)
        mark = (answer.verdict, answer.tier)
        self.decided[mark] = self.decided.get(mark, 0) + 1
        return answer.verdict

    def _decide(self, hold: int, stays: Sequence[Stay], effort: Effort) -> _Answer:
        aboard = assemble(self.first, stays)
        if not len(aboard.kind):
            return _Answer(Verdict.FITS, effort, "empty")
        reason = rejected(self.rooms[hold], self.goods, aboard)
        if reason is not None:
            return _Answer(Verdict.PROVED_NOT, effort, reason.tier)
        found: Whole = np.empty((len(aboard.kind), 5), dtype=np.int64)
        passes = turns(effort, len(aboard.kind))
        if search(self.rooms[hold], self.goods, aboard, passes, effort.seed, found) == FITS:
            return _Answer(Verdict.FITS, effort, "construction")
        if effort.exact and len(aboard.kind) <= EXACT_UNITS_MAX:
            fit = decide(self.load(hold, stays), nodes=NODES, seed=effort.seed)
            return _Answer(fit.verdict, effort, fit.tier)
        return _Answer(Verdict.NOT_FOUND, effort, "construction")

    def _signature(self, stays: Sequence[Stay]) -> tuple[tuple[int, int, int], ...]:
        """What matters of a load: which goods are on board from and until which of its stops."""
        stops = sorted({stop for _, since, until in stays for stop in (since, until)})
        rank = {stop: number for number, stop in enumerate(stops)}
        return tuple(sorted((rank[since], rank[until], self.alike[order]) for order, since, until in stays))

    def load(self, hold: int, stays: Sequence[Stay]) -> Load:
        """The question in words: orders are named by their numbers."""
        cargo = tuple(
            Cargo(order=str(order), unit=unit, from_stop=since, to_stop=until)
            for order, since, until in sorted(stays, key=lambda stay: (stay[1], -stay[2], self.alike[stay[0]]))
            for unit in self.units[order]
        )
        return Load(hold=self.holds[hold], cargo=cargo)

    def placements(self, hold: int, stays: Sequence[Stay], effort: Effort = THOROUGH) -> Fit:
        """The same with placements; orders are named by their numbers."""
        return fits(self.load(hold, stays), effort)


def _covers(spent: Effort, offered: Effort) -> bool:
    """Whether no more is offered than was spent already."""
    return spent.passes >= offered.passes and spent.exact >= offered.exact


def _alike(goods: Goods, first: Sequence[int]) -> list[int]:
    """Orders with the same units have the same number."""
    numbers: dict[tuple[bytes, ...], int] = {}
    answer = []
    for start, end in pairwise(first):
        rows = sorted(goods.ways[kind].tobytes() + goods.traits[kind].tobytes() for kind in range(start, end))
        answer.append(numbers.setdefault(tuple(rows), len(numbers)))
    return answer
