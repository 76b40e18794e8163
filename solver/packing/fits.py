"""
Does a load fit? Tiers: proofs that it cannot, pallets on the floor, compiled construction, an exact decision.

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
from solver.packing import floor
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
    exact_nodes
        Most dead ends of an exact decision about a load of up to ``EXACT_UNITS_MAX`` units that neither was found to
        fit nor proved not to; 0: there is none.
    layouts
        Most layouts of a larger load of pallets, roll cages and the like (see ``solver.packing.floor``); 0: none.
    patient
        Whether passes go on where little hope is left (see ``construct_search.HOPELESS``).
    seed
        Of the random changes between passes.
    """

    passes: int
    exact_nodes: int = 0
    layouts: int = 0
    patient: bool = False
    seed: int = 1


QUICK = Effort(300)
"""For every candidate of a search: half a millisecond on average."""
USUAL = Effort(1500, exact_nodes=300, layouts=600)
"""For what a search is about to keep: ten milliseconds on average."""
THOROUGH = Effort(20_000, exact_nodes=20_000, layouts=3_000, patient=True)
"""For a final answer: small loads are decided, large ones are tried for some tenths of a second."""
EXACT_UNITS_MAX = 18
"""Largest load that is decided exactly."""
BEFORE_EXACT = 100
"""Passes before an exact decision, which mostly takes no longer than more of them."""
KEPT_MAX = 1 << 17
"""Most answers that a ``LoadTest`` remembers; those that were longest not asked for are forgotten."""


def turns(effort: Effort, units: int) -> int:
    """Passes for a load of so many units: a pass takes about as long as the square of their number."""
    passes = min(effort.passes, BEFORE_EXACT) if _decidable(effort, units) else effort.passes
    return max(1, passes * 100 // max(100, units * units))


def _decidable(effort: Effort, units: int) -> bool:
    return effort.exact_nodes > 0 and units <= EXACT_UNITS_MAX


def _spread(load: Load, effort: Effort, units: int) -> Fit | None:
    """What layouts on the floor decide; None: nothing, or the load is not of that kind."""
    if effort.layouts == 0 or units <= EXACT_UNITS_MAX or not floor.applies(load):
        return None
    fit = floor.place_on_floor(load, work=effort.layouts, seed=effort.seed)
    return None if fit.verdict is Verdict.NOT_FOUND else fit


def fits(load: Load, effort: Effort = USUAL) -> Fit:
    """
    Whether all of a load's cargo fits.

    Returns
    -------
    Fit
        ``tier`` is ``floor``, ``construction`` or ``exact`` or, of proofs that it cannot, the name of the proof (see
        ``solver.packing.reject``). ``not_found`` proves nothing.
    """
    layout = Layout(load)
    units = len(layout.stays.kind)
    if not units:
        return Fit(verdict=Verdict.FITS, tier="empty")
    reason = rejected(layout.room, layout.goods, layout.stays)
    if reason is not None:
        return Fit(verdict=Verdict.PROVED_NOT, tier=reason.tier, detail=reason.detail)
    spread = _spread(load, effort, units)
    if spread is not None:
        return spread
    found, passes = np.empty((units, 5), dtype=np.int64), turns(effort, units)
    if search(layout.room, layout.goods, layout.stays, passes, effort.patient, effort.seed, found) == FITS:
        placements = layout.placements(found)
        if not load.fixed or not check_load(load, placements):
            return Fit(verdict=Verdict.FITS, placements=placements, tier="construction")
    if _decidable(effort, units):
        return decide(load, nodes=effort.exact_nodes, seed=effort.seed)
    return Fit(verdict=Verdict.NOT_FOUND, tier="construction", detail=f"no places found in up to {passes} passes")


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
        units = len(aboard.kind)
        if not units:
            return _Answer(Verdict.FITS, effort, "empty")
        reason = rejected(self.rooms[hold], self.goods, aboard)
        if reason is not None:
            return _Answer(Verdict.PROVED_NOT, effort, reason.tier)
        spread = _spread(self.load(hold, stays), effort, units) if effort.layouts and units > EXACT_UNITS_MAX else None
        if spread is not None:
            return _Answer(spread.verdict, effort, spread.tier)
        found: Whole = np.empty((units, 5), dtype=np.int64)
        passes = turns(effort, units)
        if search(self.rooms[hold], self.goods, aboard, passes, effort.patient, effort.seed, found) == FITS:
            return _Answer(Verdict.FITS, effort, "construction")
        if _decidable(effort, units):
            fit = decide(self.load(hold, stays), nodes=effort.exact_nodes, seed=effort.seed)
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
    return all(one >= other for one, other in zip(spent[:-1], offered[:-1], strict=True))


def _alike(goods: Goods, first: Sequence[int]) -> list[int]:
    """Orders with the same units have the same number."""
    numbers: dict[tuple[bytes, ...], int] = {}
    answer = []
    for start, end in pairwise(first):
        rows = sorted(goods.ways[kind].tobytes() + goods.traits[kind].tobytes() for kind in range(start, end))
        answer.append(numbers.setdefault(tuple(rows), len(numbers)))
    return answer
