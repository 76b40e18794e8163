"""Whether what a route carries can stand in the vehicle's hold: the one place where routes are turned into loads."""

from collections import Counter
from collections.abc import Sequence
from threading import local
from time import thread_time
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary, proxy

from msgspec.structs import replace

from solver.check_stow import check_load
from solver.compiled import DELIVERY, Compiled
from solver.goods import Placement
from solver.loads import Fit, Verdict
from solver.plan import Leg

if TYPE_CHECKING:
    from solver.packing.fits import Effort, LoadTest

Stay = tuple[int, int, int]
"""An order's index, and the stops from which and until which its units are on board."""
HASTY, CAREFUL, EXHAUSTIVE = range(3)
"""How hard to try, each after those before it have failed."""


class Known(NamedTuple):
    """What is known of a load: so many efforts were made, and what the last of them said."""

    efforts: int
    verdict: Verdict


NOTHING = Known(0, Verdict.NOT_FOUND)


class Stowing:
    """
    Load tests of a problem's routes, remembered.

    An answer depends on the load and the effort alone, not on what was asked before. Several threads may ask.

    Attributes
    ----------
    asked
        How many answers were asked for.
    tests
        By effort: how many were not known yet.
    verdicts
        Of those tests, by verdict.
    seconds
        CPU time that they took, by effort.
    """

    def __init__(self, compiled: Compiled) -> None:
        # Whoever keeps this by the problem must not thereby keep the problem.
        self._compiled: Compiled = proxy(compiled)
        types = compiled.vehicle_types
        self._holds = tuple(dict.fromkeys(vehicle.hold for vehicle in types if vehicle.hold is not None))
        self._hold_of = [-1 if vehicle.hold is None else self._holds.index(vehicle.hold) for vehicle in types]
        self._units = tuple(order.units for order in compiled.problem.orders)
        self._known: dict[tuple[int, tuple[Stay, ...]], Known] = {}
        self._own = local()
        self._alike = self._load_test().alike
        self.asked = 0
        self.tests, self.seconds = [0] * (EXHAUSTIVE + 1), [0.0] * (EXHAUSTIVE + 1)
        self.verdicts: Counter[Verdict] = Counter()

    def test(self, type_: int, visits: Sequence[int], effort: int) -> Verdict:
        """
        Whether a route's units can stand in the hold of a vehicle type.

        Parameters
        ----------
        type_
            Index of the vehicle type; one without a hold takes everything.
        visits
            As in ``solver.schedule.timetable``.
        effort
            ``HASTY``, ``CAREFUL`` or ``EXHAUSTIVE``.

        Returns
        -------
        Verdict
            ``fits`` too where only what a lock with visits names is on board: people loaded it.
        """
        hold = self._hold_of[type_]
        if hold < 0:
            return Verdict.FITS
        stays = self._stays(visits)
        known = self._tried(hold, stays, effort)
        if known.verdict is Verdict.FITS and known.efforts > effort + 1:
            known = NOTHING
        return Verdict.FITS if self._settled(type_, visits) else known.verdict

    def fits(self, type_: int, visits: Sequence[int], *, thorough: bool) -> bool:
        """As ``test``, hastily or exhaustively; what any earlier test found is good enough."""
        hold = self._hold_of[type_]
        if hold < 0:
            return True
        known = self._tried(hold, self._stays(visits), EXHAUSTIVE if thorough else HASTY)
        return known.verdict is Verdict.FITS or self._settled(type_, visits)

    def answer(self, type_: int, visits: Sequence[int]) -> Fit:
        """Verdict with the placements of a route's units, or why there are none, after exhausting all efforts."""
        hold, stays = self._hold_of[type_], self._stays(visits)
        if hold < 0 or not stays:
            return Fit(verdict=Verdict.FITS)
        fit = self._placed(hold, stays, self._tried(hold, stays, EXHAUSTIVE))
        orders = self._compiled.problem.orders
        named = tuple(replace(entry, order=orders[int(entry.order)].id) for entry in fit.placements)
        return replace(fit, placements=named)

    def placements(self, type_: int, visits: Sequence[int]) -> tuple[Placement, ...]:
        """Where a route's units stand, in the order of loading; empty without a hold, or where none were found."""
        return self.answer(type_, visits).placements

    def stands(self, type_: int, visits: Sequence[int]) -> bool:
        """Whether a route can be given out: there are placements, or none are needed."""
        return self.answer(type_, visits).verdict is Verdict.FITS or self._settled(type_, visits)

    def leg(self) -> Leg:
        """What the tests came to and what they took, for the trace of a result."""
        found = ", ".join(f"{count} {verdict.value}" for verdict, count in sorted(self.verdicts.items()))
        names = ("hastily", "carefully", "exhaustively")
        tests = (f"{n} {name} in {took:.1f} s" for n, name, took in zip(self.tests, names, self.seconds, strict=True))
        note = f"{self.asked} asked, tested {', '.join(tests)}: {found}"
        return Leg(engine="loads", seconds=sum(self.seconds), cost_milli=None, routes_found=0, note=note)

    def _tried(self, hold: int, stays: tuple[Stay, ...], effort: int) -> Known:
        """What is known of a load once so much effort has been made at least."""
        self.asked += 1
        key = self._key(hold, stays)
        known = self._known.get(key, NOTHING)
        while known.efforts <= effort and (not known.efforts or known.verdict is Verdict.NOT_FOUND):
            began = thread_time()
            verdict = self._load_test().test(hold, stays, _efforts()[known.efforts])
            self.seconds[known.efforts] += thread_time() - began
            self.tests[known.efforts] += 1
            self.verdicts[verdict] += 1
            known = Known(known.efforts + 1, verdict)
            self._known[key] = known
        return known

    def _placed(self, hold: int, stays: tuple[Stay, ...], known: Known) -> Fit:
        """Placements that pass the checker, by the effort that found them, else by the others; else it is not known."""
        test, efforts = self._load_test(), _efforts()
        if known.verdict is not Verdict.FITS:
            return test.placements(hold, stays, efforts[known.efforts - 1])
        load = test.load(hold, stays)
        for effort in (efforts[known.efforts - 1], *reversed(efforts)):
            fit = test.placements(hold, stays, effort)
            if fit.verdict is Verdict.FITS and not check_load(load, fit.placements):
                return fit
        self._known[self._key(hold, stays)] = Known(len(efforts), Verdict.NOT_FOUND)
        return Fit(verdict=Verdict.NOT_FOUND, tier="check", detail="what a test found was not found again")

    def _key(self, hold: int, stays: tuple[Stay, ...]) -> tuple[int, tuple[Stay, ...]]:
        """The same for loads that differ only in which of several like orders they hold."""
        return hold, tuple((self._alike[order], since, until) for order, since, until in stays)

    def _stays(self, visits: Sequence[int]) -> tuple[Stay, ...]:
        """Those of a route, the same for routes that differ only in orders with the same units."""
        stays = stays_of(self._compiled, visits)
        return tuple(sorted(stays, key=lambda stay: (stay[1], -stay[2], self._alike[stay[0]], stay[0])))

    def _load_test(self) -> "LoadTest":
        """One a thread: it works in memory of its own."""
        from solver.packing.fits import LoadTest

        own: LoadTest | None = getattr(self._own, "test", None)
        if own is None:
            own = self._own.test = LoadTest(self._holds, self._units)
        return own

    def _settled(self, type_: int, visits: Sequence[int]) -> bool:
        """Whether a lock with visits names every order with units."""
        compiled = self._compiled
        if not compiled.prefix[type_]:
            return False
        return all(order in compiled.named[type_] for order in compiled.orders_of(visits) if self._units[order])


def _efforts() -> "tuple[Effort, ...]":
    """Those of ``HASTY`` and so on; compiled code is loaded only where there are holds."""
    from solver.packing.fits import QUICK, THOROUGH, USUAL

    return QUICK, USUAL, THOROUGH


_made: WeakKeyDictionary[Compiled, Stowing | None] = WeakKeyDictionary()


def stowing_of(compiled: Compiled) -> Stowing | None:
    """The load tests of a problem, made once; None where there are no holds or nothing to stand in them."""
    if compiled not in _made:
        problem = compiled.problem
        needed = any(vehicle.hold is not None for vehicle in problem.vehicle_types)
        _made[compiled] = Stowing(compiled) if needed and any(order.units for order in problem.orders) else None
    return _made[compiled]


def stays_of(compiled: Compiled, visits: Sequence[int]) -> tuple[Stay, ...]:
    """
    When the units of a route's orders are on board, orders in the sequence of their first visit.

    Stops are numbered anew, without those that load and unload no units: loads that differ in nothing else are one
    load. Orders without units are left out, and those that are unloaded at the stop where they are loaded.
    """
    spans = [span for span in _spans(compiled, visits) if span[1] < span[2]]
    rank = {stop: index for index, stop in enumerate(sorted({stop for _, *ends in spans for stop in ends}))}
    return tuple((order, rank[since], rank[until]) for order, since, until in spans)


def _spans(compiled: Compiled, visits: Sequence[int]) -> list[Stay]:
    """Stays by the route's stops: 0 the start, one more than there are stops the end."""
    stops = _stops(compiled, visits)
    last = (stops[-1] if stops else 0) + 1
    begin, since = 0, dict[int, int]()
    spans: dict[int, Stay] = {}
    for position, visit in enumerate(visits):
        order = visit >> 1
        if visit < 0:
            begin = stops[position]
        elif not compiled.problem.orders[order].units:
            continue
        elif visit & 1 == DELIVERY:
            spans[order] = order, since.get(order, begin), stops[position]
        else:
            since[order] = stops[position]
            ends = (stops[k] for k in range(position, len(visits)) if visits[k] < 0)
            spans[order] = order, stops[position], last if compiled.place_of[visit ^ 1] >= 0 else next(ends, last)
    return list(spans.values())


def _stops(compiled: Compiled, visits: Sequence[int]) -> list[int]:
    """The number of the stop at which each visit or reload is, from 1; a reload is a stop of its own."""
    numbers: list[int] = []
    here, before = -1, 0
    for visit, place in zip(visits, compiled.places_of(visits), strict=True):
        apart = not numbers or place != here or visit < 0 or before < 0
        numbers.append((numbers[-1] if numbers else 0) + apart)
        here, before = place, visit
    return numbers
