"""
Who gets which space: prices first, then a greedy allocation at these prices, then a search from there.

1. A greedy allocation by gain for each unit and day, as a first target.
2. Shadow prices by subgradient (``duals``): a bound, and what space is worth on each day.
3. Greedy again, by gain for each milli of priced space.
4. Ruin and recreate (``search``), as long as there is time.
5. Prices again towards what was found; the bound in whole numbers.
"""

from collections.abc import Iterable
from time import perf_counter

import msgspec
import numpy as np

from solver.faults import ProblemError
from solver.space.answer import allocation_of
from solver.space.bound import Duals
from solver.space.duals import running_sums
from solver.space.model import Ints, Model, model_of
from solver.space.search import fill, ranks, scratch, steps
from solver.space.state import NONE, Question, State, empty_state, put
from solver.spaces import Allocation, SpaceProblem, Stay
from solver.validate_spaces import space_faults

ROUNDS = 800
"""Of prices before the search, and half as many after it."""
ROUNDS_AT_ONCE = 50
STEPS_AT_ONCE = 500
PRICING_PART = 0.3
"""Pricing takes at most this part of the seconds before the search."""
WARM, COLD, REPLANNED = 0.3, 0.01, 0.03
"""Temperatures at the beginning and the end of a search, and at the beginning of one from a start; of the mean gain."""
SECONDS = 3.0


def allocate(
    problem: SpaceProblem,
    *,
    seconds: float | None = SECONDS,
    work: int | None = None,
    seed: int = 0,
    start: Iterable[Stay] = (),
) -> Allocation:
    """
    An allocation of space with prices and a proven bound.

    Parameters
    ----------
    seconds
        Wall time; None: none but ``work``.
    work
        Steps of the search; with these alone the same seed gives the same answer on any machine. 0: greedy at shadow
        prices. None: as many as there is time for.
    start
        Stays to begin with; those that are not possible are passed over. The answer is worth no less than what they
        and a greedy allocation of the rest come to.

    Raises
    ------
    ProblemError
        With all that is wrong with the problem.
    ValueError
        When there is neither time nor work, or one of them is negative.
    """
    if (seconds is None and work is None) or (seconds or 0) < 0 or (work or 0) < 0:
        raise ValueError("give seconds or work, 0 or more")
    faults = space_faults(problem)
    if faults:
        raise ProblemError(faults)
    clock = _Clock(seconds)
    model = model_of(problem)
    return _Run(model, clock, work, seed).allocation(tuple(start))


def reallocate(
    problem: SpaceProblem,
    allocation: Allocation,
    *,
    seconds: float | None = SECONDS,
    work: int | None = None,
    seed: int = 0,
) -> Allocation:
    """
    An allocation of a changed problem, with every departure from ``allocation`` at its booking's ``move_milli``.

    Stays of bookings and offers that are no longer there are forgotten. Raises as ``allocate``.
    """
    bookings = {booking.id for booking in problem.bookings}
    offers = {offer.id for offer in problem.offers}
    known = tuple(stay for stay in allocation.stays if stay.booking in bookings and stay.offer in offers)
    told = msgspec.structs.replace(problem, published=known)
    return allocate(told, seconds=seconds, work=work, seed=seed, start=known)


class _Clock:
    """Wall time since the beginning; without seconds it stands still."""

    def __init__(self, seconds: float | None) -> None:
        self._since = perf_counter()
        self._seconds = seconds

    def spent(self) -> float:
        """The part of the seconds that is over, 0 without any."""
        if self._seconds is None:
            return 0.0
        return (perf_counter() - self._since) / max(self._seconds, 1e-9)


class _Run:
    """One allocation in the making."""

    def __init__(self, model: Model, clock: _Clock, work: int | None, seed: int) -> None:
        self._model, self._clock, self._work, self._seed = model, clock, work, seed
        positive = model.gain[model.gain > 0]
        self._mean = float(positive.mean()) if len(positive) else 1.0
        extra = int(positive.sum()) - int(model.gain[model.gain < 0].sum()) + 1
        per_way = np.repeat(model.mandatory, np.diff(model.first))
        sums = np.zeros((*model.free.shape[:2], model.horizon + 1))
        gain = model.gain + extra * per_way
        arrays = (model.need, model.days, model.first, model.ways, gain, sums)
        self._question = Question(*arrays, np.zeros(len(model.days)))

    def allocation(self, start: tuple[Stay, ...]) -> Allocation:
        """The best allocation found, with reasons, prices and bound."""
        state = self._greedy(self._by_size())
        duals = Duals(self._model, all_mandatory=self._all_mandatory(state.way))
        self._price(duals, self._gained(state.way), PRICING_PART, ROUNDS)
        priced = self._greedy(np.argsort(-self._question.rank, kind="stable"), start)
        if start or priced.total[0] > state.total[0]:
            state = priced
        ways, starts = self._search(state, duals, warm=bool(start))
        if self._all_mandatory(ways) != duals.all_mandatory:
            duals = Duals(self._model, all_mandatory=self._all_mandatory(ways))
        duals.again()
        self._price(duals, self._gained(ways), 1.0, ROUNDS // 2)
        prices, bound = duals.whole()
        return allocation_of(self._model, ways, starts, prices, bound)

    def _by_size(self) -> Ints:
        """Bookings by what they gain for each part of an average day's space, mandatory ones first."""
        model, question = self._model, self._question
        size = np.maximum(model.free.sum(axis=(0, 2)), 1)
        space = (model.need / size).sum(axis=1) * model.days
        best = np.array(
            [max(question.gain[a:b], default=0) for a, b in zip(model.first, model.first[1:], strict=False)]
        )
        return np.argsort(-best / np.maximum(space, 1e-300), kind="stable")

    def _greedy(self, order: Ints, start: tuple[Stay, ...] = ()) -> State:
        state = empty_state(self._model, self._seed)
        self._begin(state, start)
        fill(self._question, state, order)
        return state

    def _begin(self, state: State, start: tuple[Stay, ...]) -> None:
        """Accept the stays of a start that are possible."""
        model, question = self._model, self._question
        offers = {offer.id: at for at, offer in enumerate(model.problem.offers)}
        bookings = {booking.id: at for at, booking in enumerate(model.problem.bookings)}
        for stay in start:
            booking, offer = bookings.get(stay.booking, NONE), offers.get(stay.offer, NONE)
            if NONE in (booking, offer) or state.place[booking] == NONE:
                continue
            for way in range(int(model.first[booking]), int(model.first[booking + 1])):
                at, low, high = (int(value) for value in model.ways[way])
                days = slice(stay.first_day, stay.first_day + int(model.days[booking]))
                room = (state.free[offer, :, days] >= model.need[booking][:, np.newaxis]).all()
                if at == offer and low <= stay.first_day <= high and room:
                    put(question, state, booking, way, stay.first_day)
                    break

    def _price(self, duals: Duals, target: int, until: float, rounds: int) -> None:
        """Improve prices, and let them guide what comes next."""
        for _ in range(0, rounds, ROUNDS_AT_ONCE):
            duals.improve(float(target), ROUNDS_AT_ONCE)
            if self._clock.spent() >= until:
                break
        running_sums(duals.prices, self._question.priced)
        ranks(self._question, self._question.rank)

    def _search(self, state: State, duals: Duals, *, warm: bool) -> tuple[Ints, Ints]:
        """Ways and starts of the best allocation that steps of the search, until time or work is over, come to."""
        best = state.way.copy(), state.start.copy(), state.total.copy()
        room = scratch(self._model.first)
        bound = duals.whole()[1]
        done, hot = 0, REPLANNED if warm else WARM
        while len(room.able) and not (self._gained(best[0]) >= bound and self._all_mandatory(best[0])):
            part = max(self._clock.spent(), 0.0 if self._work is None else done / max(self._work, 1))
            rounds = STEPS_AT_ONCE if self._work is None else min(STEPS_AT_ONCE, self._work - done)
            if part >= 1 or rounds <= 0:
                break
            warmth = self._mean * hot * (COLD / hot) ** part
            steps(self._question, state, room, best, warmth, rounds)
            done += rounds
        return self._completed(best)

    def _completed(self, best: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints]:
        """The best allocation with everything put in for which there is room still."""
        state = empty_state(self._model, self._seed)
        for booking in np.flatnonzero(best[0] != NONE).tolist():
            put(self._question, state, booking, int(best[0][booking]), int(best[1][booking]))
        fill(self._question, state, np.argsort(-self._question.rank, kind="stable"))
        return state.way, state.start

    def _gained(self, ways: Ints) -> int:
        """What an allocation gains, the extra of mandatory bookings left aside."""
        return int(self._model.gain[ways[ways != NONE]].sum())

    def _all_mandatory(self, ways: Ints) -> bool:
        """Whether every mandatory booking that has a way at all has one here."""
        able = np.diff(self._model.first) > 0
        return bool((ways[self._model.mandatory & able] != NONE).all())
