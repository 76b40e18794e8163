"""The load test of a routing search: the same answers as asked one by one, remembered, never merged."""

import pytest

from solver.check_stow import check_load
from solver.goods import Door, Hold, OnTop, Unit
from solver.loads import Cargo, Load, Verdict
from solver.packing.exact import decide
from solver.packing.fits import QUICK, THOROUGH, USUAL, Effort, LoadTest, fits
from solver.packing.warm import warm
from tests.solver.packing.random_loads import random_load


def cube(edge_mm: int, quantity: int = 1, weight_g: int = 0, on_top: OnTop = OnTop.ANYTHING) -> Unit:
    edges = {"length_mm": edge_mm, "width_mm": edge_mm, "height_mm": edge_mm}
    return Unit(id="u", quantity=quantity, weight_g=weight_g, on_top=on_top, **edges)


SHAFT = Hold(length_mm=100, width_mm=100, height_mm=200)
LANE = Hold(length_mm=200, width_mm=100, height_mm=100)


def test_presets_are_ordered_by_effort() -> None:
    assert QUICK.passes < USUAL.passes < THOROUGH.passes
    assert QUICK.exact_nodes < USUAL.exact_nodes < THOROUGH.exact_nodes
    assert QUICK.layouts < USUAL.layouts < THOROUGH.layouts


def test_an_empty_load_fits() -> None:
    assert fits(Load(hold=SHAFT, cargo=())).verdict is Verdict.FITS
    test = LoadTest([SHAFT], [()])
    assert test.test(0, []) is Verdict.FITS
    assert test.test(0, [(0, 0, 1)]) is Verdict.FITS


@pytest.mark.parametrize("seed", range(40))
def test_the_test_by_number_answers_as_the_question_in_words(seed: int) -> None:
    load = random_load(seed)
    stays = [(number, cargo.from_stop, cargo.to_stop) for number, cargo in enumerate(load.cargo)]
    test = LoadTest([load.hold], [[cargo.unit] for cargo in load.cargo])
    verdict = test.test(0, stays, Effort(40))
    fit = test.placements(0, stays, Effort(40))
    assert fit.verdict is verdict
    if verdict is Verdict.FITS:
        assert check_load(test.load(0, stays), fit.placements) == []


def test_an_exact_effort_decides_what_passes_do_not() -> None:
    loads = [load for load in (random_load(seed, units=7) for seed in range(150)) if len(load.cargo) > 3]
    open_loads = [load for load in loads if fits(load, Effort(1)).verdict is Verdict.NOT_FOUND]
    assert open_loads
    for load in open_loads[:12]:
        fit = fits(load, Effort(1, exact_nodes=20_000))
        assert fit.tier == "exact"
        assert fit.verdict is decide(load).verdict
        if fit.verdict is Verdict.FITS:
            assert check_load(load, fit.placements) == []


def test_answers_are_remembered_by_what_is_loaded_and_the_order_of_stops() -> None:
    test = LoadTest([SHAFT, LANE], [[cube(100)], [cube(100)], [cube(100, on_top=OnTop.NOTHING)]])
    assert test.test(0, [(0, 0, 1), (1, 0, 2)]) is Verdict.FITS
    # Other orders alike, other stops in the same order, listed the other way round: the same load.
    assert test.test(0, [(0, 3, 9), (1, 3, 5)]) is Verdict.FITS
    assert (test.asked, test.remembered) == (2, 1)
    # Nothing stands on the third: where it leaves last it is below, and cannot be.
    assert test.test(0, [(2, 0, 2), (0, 0, 1)]) is Verdict.NOT_FOUND
    assert test.test(0, [(2, 0, 1), (0, 0, 2)]) is Verdict.FITS
    assert test.test(1, [(2, 0, 2), (0, 0, 1)]) is Verdict.FITS
    assert (test.asked, test.remembered) == (5, 1)
    assert sum(test.decided.values()) == 4


def test_what_was_not_found_is_looked_for_again_with_more_effort_alone() -> None:
    test = LoadTest([SHAFT], [[cube(100, on_top=OnTop.NOTHING)], [cube(100)]])
    stays = [(0, 0, 2), (1, 0, 1)]
    assert test.test(0, stays, QUICK) is Verdict.NOT_FOUND
    assert test.test(0, stays, Effort(1)) is Verdict.NOT_FOUND
    assert test.remembered == 1
    assert test.test(0, stays, Effort(1, exact_nodes=20_000)) is Verdict.PROVED_NOT
    assert test.remembered == 1
    assert test.test(0, stays, QUICK) is Verdict.PROVED_NOT
    assert test.remembered == 2


def test_an_answer_of_more_passes_is_not_lost_to_fewer_with_an_exact_end() -> None:
    # A load too large for an exact decision: passes alone can answer, and few of them find nothing to add.
    test = LoadTest([SHAFT], [[cube(100, on_top=OnTop.NOTHING)], [cube(10, quantity=20)]])
    stays = [(0, 0, 2), (1, 0, 1)]
    first = test.test(0, stays, Effort(5))
    again = test.test(0, stays, Effort(5, exact_nodes=20_000))
    assert {first, again} <= {Verdict.NOT_FOUND, Verdict.FITS}


def pallets(count: int, stops: int) -> Load:
    unit = Unit(id="p", length_mm=1200, width_mm=800, height_mm=1500, weight_g=400_000, floor_only=True)
    cargo = tuple(Cargo(order=f"o{number}", unit=unit, to_stop=1 + number % stops) for number in range(count))
    return Load(hold=Hold(length_mm=13_600, width_mm=2_450, height_mm=2_700), cargo=cargo)


def test_pallets_are_laid_out_on_the_floor_where_layouts_are_offered() -> None:
    # Three beside each other along 13 600 mm, eleven times: 33 pallets, and no more than 34 by area.
    load = pallets(33, 2)
    fit = fits(load, USUAL)
    assert (fit.verdict, fit.tier) == (Verdict.FITS, "floor")
    assert check_load(load, fit.placements) == []
    assert fits(load, QUICK).tier == "construction"
    test = LoadTest([load.hold], [[cargo.unit] for cargo in load.cargo])
    stays = [(number, 0, cargo.to_stop) for number, cargo in enumerate(load.cargo)]
    assert test.test(0, stays, USUAL) is Verdict.FITS
    assert test.decided == {(Verdict.FITS, "floor"): 1}
    assert fits(pallets(36, 2), QUICK).verdict is Verdict.PROVED_NOT


def test_a_load_far_from_fitting_is_soon_given_up_unless_one_is_patient() -> None:
    # Patience goes the same way further: what was found without it is found with it.
    few = [load for load in (random_load(seed) for seed in range(60)) if len(load.cargo) > 5]
    for load in few:
        hasty, patient = (fits(load, Effort(150, patient=value)).verdict for value in (False, True))
        assert hasty is patient or (hasty is Verdict.NOT_FOUND and patient is Verdict.FITS)


def test_a_load_of_another_hold_is_another_load() -> None:
    test = LoadTest([SHAFT, LANE], [[cube(100, quantity=2)]])
    assert [test.test(hold, [(0, 0, 1)]) for hold in (0, 1)] == [Verdict.FITS, Verdict.FITS]
    assert test.remembered == 0


def test_reasons_of_proofs_are_told() -> None:
    fit = fits(Load(hold=SHAFT, cargo=(Cargo(order="o", unit=cube(101)),)))
    assert (fit.verdict, fit.tier) == (Verdict.PROVED_NOT, "size")
    assert fit.detail
    assert fit.placements == ()


def test_a_hold_without_doors_is_loaded_from_above() -> None:
    # With a door the unit of stop 1 would stand behind that of stop 2; from above either order does.
    for doors, verdict in (((Door(),), Verdict.FITS), ((), Verdict.FITS)):
        lane = Hold(length_mm=200, width_mm=100, height_mm=100, doors=doors)
        test = LoadTest([lane], [[cube(100)], [cube(100)]])
        assert test.test(0, [(0, 0, 1), (1, 0, 2)]) is verdict


def test_compiling_ahead_ends_and_may_be_repeated() -> None:
    warm()
    warm()
