"""Units placed one by one: whatever comes back as fitting is right, with everything that a load may ask for."""

import numpy as np
import pytest

from solver.check_stow import check_load
from solver.goods import Axle, Chassis, Door, Hold, OnTop, Placement, Rotation, Side, Unit
from solver.loads import Cargo, Load, Verdict
from solver.packing.construct_search import FITS, NOT_FOUND, search
from solver.packing.fits import Effort, fits
from solver.packing.layout import EDGE_MOST_MM, Layout, room_of
from tests.solver.packing.random_loads import random_load

EFFORT = Effort(40)


def hold(length_mm: int, width_mm: int, height_mm: int, **further: object) -> Hold:
    return Hold(length_mm=length_mm, width_mm=width_mm, height_mm=height_mm, **further)


def one(order: str, *edges_mm: int, since: int = 0, until: int = 1, **further: object) -> Cargo:
    length_mm, width_mm, height_mm = edges_mm
    unit = Unit(id="u", length_mm=length_mm, width_mm=width_mm, height_mm=height_mm, **further)
    return Cargo(order=order, unit=unit, from_stop=since, to_stop=until)


def answer(load: Load) -> Verdict:
    """The verdict, after the checker has passed what fits."""
    fit = fits(load, EFFORT)
    if fit.verdict is Verdict.FITS:
        assert check_load(load, fit.placements) == []
    return fit.verdict


@pytest.mark.parametrize("block", range(10))
def test_whatever_fits_passes_the_checker(block: int) -> None:
    verdicts = {answer(random_load(seed)) for seed in range(block * 80, block * 80 + 80)}
    assert verdicts == set(Verdict)


def test_eight_cubes_fill_a_cube() -> None:
    load = Load(hold=hold(200, 200, 200), cargo=(one("o", 100, 100, 100, quantity=8),))
    assert answer(load) is Verdict.FITS


def test_what_must_lie_is_laid() -> None:
    # 300 high in a hold of 100: only on its side, which is 300 x 100 on the floor.
    ways = (Rotation.LWH, Rotation.HWL)
    assert answer(Load(hold=hold(300, 100, 100), cargo=(one("o", 100, 100, 300, rotations=ways),))) is Verdict.FITS
    assert answer(Load(hold=hold(300, 100, 100), cargo=(one("o", 100, 100, 300),))) is Verdict.PROVED_NOT


def test_nothing_stands_on_what_bears_nothing() -> None:
    # Two cubes in a shaft of their own width: one must stand on the other.
    shaft = hold(100, 100, 200)
    tender = one("a", 100, 100, 100, on_top=OnTop.NOTHING)
    assert answer(Load(hold=shaft, cargo=(tender, one("b", 100, 100, 100)))) is Verdict.FITS
    assert answer(Load(hold=shaft, cargo=(tender, one("b", 100, 100, 100, on_top=OnTop.NOTHING)))) is Verdict.NOT_FOUND
    fragile = one("b", 100, 100, 100, on_top=OnTop.FRAGILE)
    assert answer(Load(hold=shaft, cargo=(tender, fragile))) is Verdict.FITS


def test_what_is_unloaded_first_stands_on_top_or_at_the_door() -> None:
    # In a shaft the later stop's unit is below; were it heavier than the other bears, neither order would do.
    shaft = hold(100, 100, 200)
    first, last = one("a", 100, 100, 100, until=1), one("b", 100, 100, 100, until=2)
    fit = fits(Load(hold=shaft, cargo=(first, last)), EFFORT)
    assert [entry.order for entry in fit.placements] == ["b", "a"]
    weak = one("b", 100, 100, 100, until=2, bearing_max_g=500)
    heavy = one("a", 100, 100, 100, until=1, weight_g=501)
    assert answer(Load(hold=shaft, cargo=(heavy, weak))) is Verdict.NOT_FOUND
    assert answer(Load(hold=shaft, cargo=(one("a", 100, 100, 100, weight_g=499), weak))) is Verdict.FITS


def test_a_side_door_frees_what_the_rear_door_cannot() -> None:
    # One behind the other, and the front one leaves first: only a door at its side lets it out.
    row = (one("a", 100, 100, 100, until=1), one("b", 100, 100, 100, until=2), one("c", 100, 100, 100, until=1))
    pinned = (Placement(order="a", unit="u", number=1, x_mm=0, y_mm=0, z_mm=0, rotation=Rotation.LWH),)
    rear, side = Door(), Door(side=Side.LEFT, from_mm=0, to_mm=100)
    narrow = hold(300, 100, 100, doors=(rear,))
    assert answer(Load(hold=narrow, cargo=row, fixed=pinned)) is Verdict.NOT_FOUND
    assert answer(Load(hold=hold(300, 100, 100, doors=(rear, side)), cargo=row, fixed=pinned)) is Verdict.FITS


def test_space_that_is_left_at_a_stop_is_used_from_there() -> None:
    # The hold takes one unit at a time: delivered at stop 1, the next collected there.
    cargo = (one("a", 100, 100, 100, since=0, until=1), one("b", 100, 100, 100, since=1, until=2))
    assert answer(Load(hold=hold(100, 100, 100), cargo=cargo)) is Verdict.FITS


def test_what_stands_already_stays_and_the_rest_goes_around_it() -> None:
    there = Placement(order="a", unit="u", number=1, x_mm=0, y_mm=50, z_mm=0, rotation=Rotation.WLH)
    cargo = (one("a", 100, 200, 100), one("b", 100, 100, 100, quantity=2))
    load = Load(hold=hold(300, 200, 100), cargo=cargo, fixed=(there,))
    fit = fits(load, EFFORT)
    assert fit.verdict is Verdict.FITS
    assert fit.placements[0] == there
    assert check_load(load, fit.placements) == []


def test_a_load_is_shifted_until_its_axles_are_content() -> None:
    # Axles at 0 and 1000 with at most 600 g each: 1000 g must have their middle between 400 and 600.
    chassis = Chassis(axles=(Axle(id="f", at_mm=0, max_g=600), Axle(id="r", at_mm=1000, max_g=600)))
    load = Load(hold=hold(1000, 100, 100, chassis=chassis), cargo=(one("o", 300, 100, 100, weight_g=1000),))
    fit = fits(load, EFFORT)
    assert check_load(load, fit.placements) == []
    assert 250 <= fit.placements[0].x_mm <= 450


def test_support_may_be_as_little_as_is_asked_for() -> None:
    # 100 long on top of 60 long: 60 % of its base rests on it, and the floor has no room for both.
    cargo = (one("a", 60, 100, 100, rotations=(Rotation.LWH,)), one("b", 100, 100, 100, rotations=(Rotation.LWH,)))
    for percent, verdict in ((60, Verdict.FITS), (61, Verdict.NOT_FOUND)):
        turned = (cargo[0], one("b", 100, 100, 100, until=1, rotations=(Rotation.LWH,), on_top=OnTop.NOTHING))
        load = Load(hold=hold(100, 100, 200, support_percent=percent), cargo=turned)
        assert answer(load) is verdict


def test_the_same_seed_gives_the_same_placements() -> None:
    load = random_load(5)
    assert fits(load, EFFORT) == fits(load, EFFORT)


def test_what_stands_where_it_may_not_is_not_accepted() -> None:
    for x_mm, rotation in ((50, Rotation.LWH), (-1, Rotation.LWH), (0, Rotation.HWL)):
        there = Placement(order="a", unit="u", number=1, x_mm=x_mm, y_mm=0, z_mm=0, rotation=rotation)
        load = Load(hold=hold(100, 100, 100), cargo=(one("a", 100, 100, 100),), fixed=(there,))
        layout = Layout(load)
        found = np.zeros((1, 5), dtype=np.int64)
        verdict = search(layout.room, layout.goods, layout.stays, 5, False, 1, found)
        assert verdict == NOT_FOUND
    assert FITS != NOT_FOUND


def test_something_that_stands_there_and_is_not_part_of_the_load_is_refused() -> None:
    there = Placement(order="b", unit="u", number=1, x_mm=0, y_mm=0, z_mm=0, rotation=Rotation.LWH)
    with pytest.raises(ValueError, match="not part of the load"):
        fits(Load(hold=hold(100, 100, 100), cargo=(one("a", 100, 100, 100),), fixed=(there,)))


def test_a_hold_too_long_for_compiled_code_is_refused() -> None:
    with pytest.raises(ValueError, match="no edge may be longer"):
        room_of(hold(EDGE_MOST_MM + 1, 100, 100))
