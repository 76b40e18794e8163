"""What becomes of routes whose places are not found again, and of errors while the compiled search asks."""

import gc
from collections.abc import Sequence
from weakref import ref

import pytest

from solver.compiled import Compiled
from solver.loads import Fit, Verdict
from solver.packing.fits import Effort, LoadTest, Stay
from solver.routing.harvest import Harvest
from solver.routing.rich.session import QUESTION_ITERATIONS, RichSearch
from solver.stowing import Stowing, stowing_of
from tests.solver.features.roads import delivery, left, orders_of, road, van
from tests.solver.features.test_holds import FULL, SIDES, SLAB, TALL, parcels, solved

FIRST = 8
"""Each order by itself is asked about before the search begins."""
PAIR = [delivery(name, "east", units=SLAB) for name in "xy"]
"""One slab fits on the other in ``TALL``: one van for both, 100 + 10 km."""


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places are found for one order at a time, although tests say that two fit."""
    found = LoadTest.placements

    def placements(self: LoadTest, hold: int, stays: Sequence[Stay], effort: Effort) -> Fit:
        return Fit(verdict=Verdict.NOT_FOUND) if len(stays) > 1 else found(self, hold, stays, effort)

    monkeypatch.setattr(LoadTest, "placements", placements)


@pytest.mark.usefixtures("forgetful")
def test_orders_whose_places_are_not_found_again_take_vans_of_their_own() -> None:
    plan = solved(road(SIDES, [van(hold=TALL)], PAIR))
    assert (plan.cost_milli, [orders_of(route) for route in plan.routes]) == (220, [["x"], ["y"]])
    assert [len(route.placements) for route in plan.routes] == [1, 1]


@pytest.mark.usefixtures("forgetful")
def test_with_no_van_left_they_are_left_out_and_nothing_is_raised() -> None:
    plan = solved(road(SIDES, [van(hold=TALL, count=1)], PAIR))
    assert (len(plan.routes), len(left(plan))) == (1, 1)


def test_without_forgetting_one_van_takes_both() -> None:
    assert solved(road(SIDES, [van(hold=TALL)], PAIR)).cost_milli == 110


def test_places_that_the_checker_refuses_are_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    found = LoadTest.placements

    def one_place(self: LoadTest, hold: int, stays: Sequence[Stay], effort: Effort) -> Fit:
        fit = found(self, hold, stays, effort)
        return Fit(verdict=fit.verdict, placements=(fit.placements[0],) * len(fit.placements))

    monkeypatch.setattr(LoadTest, "placements", one_place)
    assert solved(road(SIDES, [van(hold=TALL)], PAIR)).cost_milli == 220


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("broken")])
def test_what_is_raised_while_the_search_asks_comes_out_of_the_search(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    compiled = Compiled(road(SIDES, [van(hold=FULL)], PAIR))
    search = RichSearch(compiled, frozenset({0, 1}), [], 0, Harvest(compiled, lambda type_, visits: None))

    def fail(self: Stowing, type_: int, visits: Sequence[int], effort: int) -> Verdict:
        raise error

    monkeypatch.setattr(Stowing, "test", fail)
    with pytest.raises(type(error)):
        search.run(lambda: 0.0, 0.0, None, 50, lambda routes: None, lambda: False)


def test_a_budget_of_iterations_pays_for_questions_about_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    # 400 iterations, or fewer and questions at 4 each; a batch of 20 that has begun is not broken off.
    asked, batches = [0], [0]
    test, spend = Stowing.test, RichSearch._spend

    def counted(self: Stowing, type_: int, visits: Sequence[int], effort: int) -> Verdict:
        asked[0] += 1
        return test(self, type_, visits, effort)

    def batch(self: RichSearch, count: int) -> None:
        before = asked[0]
        spend(self, count)
        batches[0] = max(batches[0], asked[0] - before)

    monkeypatch.setattr(Stowing, "test", counted)
    monkeypatch.setattr(RichSearch, "_spend", batch)
    compiled = Compiled(parcels(1, 8))
    search = RichSearch(compiled, frozenset(range(8)), [], 0, Harvest(compiled, lambda type_, visits: None))
    search.run(lambda: 0.0, 0.0, None, 400, lambda routes: None, lambda: False)
    assert 0 < asked[0] <= 400 // QUESTION_ITERATIONS + batches[0] + FIRST


def test_a_problem_that_nobody_needs_any_more_is_not_kept_by_its_load_tests() -> None:
    compiled = Compiled(road(SIDES, [van(hold=TALL)], PAIR))
    assert stowing_of(compiled) is stowing_of(compiled) is not None
    kept = ref(compiled)
    del compiled
    gc.collect()
    assert kept() is None
