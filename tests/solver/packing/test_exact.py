"""Small loads are decided rightly: against all arrangements of tiny worlds, and in worlds whose answer is worked out."""

import random
from itertools import islice

import pytest

from benchmarks.packing.routes_3l import random_routes
from solver.check_stow import check_load
from solver.goods import ANY_WAY, Axle, Chassis, Door, Hold, OnTop, Placement, Rotation, Side, Unit
from solver.loads import Cargo, Load, Verdict
from solver.packing.exact import UNITS_MAX, decide
from tests.shared_data import shared_data
from tests.solver.packing.oracle_loads import arrangement, random_load

TINY_WORLDS = 150
JUDGED_MAX = 300
ONE_WAY = (Rotation.LWH,)


def unit(name, length, width, height, **more):
    return Unit(id=name, length_mm=length, width_mm=width, height_mm=height, **{"rotations": ONE_WAY} | more)


def load_of(hold, *units, **more):
    """All units of one order, unloaded at the only stop."""
    return Load(hold=hold, cargo=tuple(Cargo(order="o", unit=one) for one in units), **more)


def verdict(load):
    """What is decided; placements are held against the checker."""
    fit = decide(load)
    if fit.verdict is Verdict.FITS:
        assert check_load(load, fit.placements) == []
    else:
        assert fit.placements == ()
        assert fit.detail
    return fit.verdict


FITS, NOT = Verdict.FITS, Verdict.PROVED_NOT


def test_tiny_worlds_are_decided_as_all_their_arrangements_say():
    seen = {FITS: 0, NOT: 0}
    for seed in range(TINY_WORLDS):
        load = random_load(random.Random(seed))
        try:
            right = FITS if arrangement(load, JUDGED_MAX) is not None else NOT
        except OverflowError:
            continue
        assert verdict(load) is right, f"seed {seed}: {load}"
        seen[right] += 1
    assert min(seen.values()) > TINY_WORLDS // 5


@pytest.mark.parametrize(("percent", "decided"), [(75, FITS), (76, NOT)])
def test_a_unit_hangs_over_by_what_support_allows_and_no_more(percent, decided):
    # 4 long on 3 long, whose place is fixed: three quarters.
    hold = Hold(length_mm=4, width_mm=1, height_mm=2, support_percent=percent, doors=())
    fixed = Placement(order="o", unit="low", number=1, x_mm=0, y_mm=0, z_mm=0, rotation=Rotation.LWH)
    load = load_of(hold, unit("low", 3, 1, 1), unit("high", 4, 1, 1), fixed=(fixed,))
    assert verdict(load) is decided


def test_support_off_the_grid_of_common_divisors_is_found():
    # Lengths are multiples of 4. The slab (12) lies at 2..14; block 0..8 and plank 8..16 rest on 6 of their 8 mm each.
    # With the slab at a multiple of 4 one of them would rest on 4, one half.
    hold = Hold(length_mm=16, width_mm=1, height_mm=3, doors=())
    load = load_of(hold, unit("slab", 12, 1, 1), unit("block", 8, 1, 2), unit("plank", 8, 1, 1))
    assert verdict(load) is FITS


def test_fragile_bears_fragile_only():
    # 1 x 1 x 2: one unit must stand on the other.
    hold = Hold(length_mm=1, width_mm=1, height_mm=2)
    fragile = unit("f", 1, 1, 1, on_top=OnTop.FRAGILE)
    assert verdict(load_of(hold, fragile, unit("g", 1, 1, 1, on_top=OnTop.FRAGILE))) is FITS
    assert verdict(load_of(hold, fragile, unit("g", 1, 1, 1))) is FITS
    never = unit("n", 1, 1, 1, on_top=OnTop.NOTHING)
    assert verdict(load_of(hold, fragile, never)) is FITS
    assert verdict(load_of(hold, never, unit("m", 1, 1, 1, on_top=OnTop.NOTHING))) is NOT
    low = unit("f", 1, 1, 1, on_top=OnTop.FRAGILE, floor_only=True)
    assert verdict(load_of(hold, low, unit("g", 1, 1, 1))) is NOT


def test_the_first_stop_is_not_behind_the_last():
    # Both 2 long and as wide and high as the hold, 4 long: the one that leaves first is at the rear.
    hold = Hold(length_mm=4, width_mm=1, height_mm=1)
    lines = [Cargo(order=f"o{stop}", unit=unit("u", 2, 1, 1), to_stop=stop) for stop in (1, 2)]
    load = Load(hold=hold, cargo=tuple(lines))
    assert verdict(load) is FITS
    stands = Placement(order="o1", unit="u", number=1, x_mm=0, y_mm=0, z_mm=0, rotation=Rotation.LWH)
    assert verdict(Load(hold=hold, cargo=load.cargo, fixed=(stands,))) is NOT
    side = Door(side=Side.LEFT)
    assert verdict(Load(hold=Hold(length_mm=4, width_mm=1, height_mm=1, doors=(side,)), cargo=load.cargo)) is FITS


def test_a_side_door_serves_what_lies_behind_its_opening():
    # The door is 2 wide at x = 1..3; a unit 2 long must stand exactly there, so two of them do not fit side by side.
    hold = Hold(length_mm=4, width_mm=1, height_mm=1, doors=(Door(side=Side.RIGHT, from_mm=1, to_mm=3),))
    assert verdict(load_of(hold, unit("u", 2, 1, 1))) is FITS
    assert verdict(load_of(hold, unit("u", 2, 1, 1, quantity=2))) is NOT


def test_what_is_loaded_on_the_way_has_to_get_in():
    # The second is loaded at stop 1 while the first is on board until 3: there is room only before or behind it.
    hold = Hold(length_mm=4, width_mm=1, height_mm=1)
    first = Cargo(order="a", unit=unit("u", 2, 1, 1), from_stop=0, to_stop=3)
    second = Cargo(order="b", unit=unit("u", 2, 1, 1), from_stop=1, to_stop=4)
    assert verdict(Load(hold=hold, cargo=(first, second))) is NOT
    leaves = Cargo(order="b", unit=unit("u", 2, 1, 1), from_stop=1, to_stop=2)
    assert verdict(Load(hold=hold, cargo=(first, leaves))) is FITS


def test_room_is_used_twice_by_what_is_never_on_board_together():
    hold = Hold(length_mm=2, width_mm=1, height_mm=1)
    first = Cargo(order="a", unit=unit("u", 2, 1, 1), from_stop=0, to_stop=1)
    second = Cargo(order="b", unit=unit("u", 2, 1, 1), from_stop=1, to_stop=2)
    assert verdict(Load(hold=hold, cargo=(first, second))) is FITS


@pytest.mark.parametrize(("bearing_g", "decided"), [(3, FITS), (2, NOT)])
def test_weight_borne_is_shared_by_areas_of_contact(bearing_g, decided):
    # A board of 4 x 1 weighing 6 g stands on two posts of 2 x 1 that fill the floor of 4 x 1: 3 g each.
    hold = Hold(length_mm=4, width_mm=1, height_mm=2)
    posts = unit("post", 2, 1, 1, quantity=2, bearing_max_g=bearing_g, floor_only=True)
    assert verdict(load_of(hold, posts, unit("board", 4, 1, 1, weight_g=6))) is decided


@pytest.mark.parametrize(("bearing_g", "decided"), [(4, FITS), (3, NOT)])
def test_weight_borne_goes_down_through_everything_below(bearing_g, decided):
    # Two units of 2 g each stand on a third: it bears both.
    hold = Hold(length_mm=1, width_mm=1, height_mm=3)
    low = unit("low", 1, 1, 1, bearing_max_g=bearing_g, floor_only=True)
    assert verdict(load_of(hold, low, unit("u", 1, 1, 1, weight_g=2, quantity=2))) is decided


@pytest.mark.parametrize(("limit_g", "decided"), [(6, FITS), (5, NOT)])
def test_axles_bind_where_the_load_stands(limit_g, decided):
    # 12 g in the middle of a hold of 4 between axles at 0 and 4: 6 g each, and it fills the hold.
    axles = (Axle(id="a", at_mm=0, max_g=limit_g), Axle(id="b", at_mm=4, max_g=limit_g))
    hold = Hold(length_mm=4, width_mm=1, height_mm=1, chassis=Chassis(axles=axles))
    assert verdict(load_of(hold, unit("u", 4, 1, 1, weight_g=12))) is decided


def test_an_order_of_loading_exists_or_nothing_fits():
    # Seen from above (x to the right, the door; three levels of y), four units that each have to come before the next,
    # in a ring: d is behind a, a behind b, b under c, c under d. Fixed where they stand, none can come first.
    places = {
        "a": ((4, 2, 6), (3, 1, 3)),
        "b": ((3, 4, 2), (7, 0, 2)),
        "c": ((8, 1, 2), (2, 3, 4)),
        "d": ((3, 3, 2), (0, 1, 6)),
    }
    hold = Hold(length_mm=10, width_mm=4, height_mm=10, support_percent=0)
    units = [unit(name, *edges) for name, (edges, _) in places.items()]
    fixed = [
        Placement(order="o", unit=name, number=1, x_mm=x, y_mm=y, z_mm=z, rotation=Rotation.LWH)
        for name, (_, (x, y, z)) in places.items()
    ]
    assert verdict(load_of(hold, *units, fixed=tuple(fixed))) is NOT
    assert verdict(load_of(hold, *units, fixed=tuple(fixed[:3]))) is FITS


def test_a_unit_turned_about_every_axis_fits_where_upright_it_does_not():
    hold = Hold(length_mm=1, width_mm=2, height_mm=3)
    assert verdict(load_of(hold, unit("u", 3, 2, 1, rotations=ANY_WAY))) is FITS
    assert verdict(load_of(hold, unit("u", 3, 2, 1))) is NOT


def test_what_needs_no_search_is_proved_with_its_reason():
    hold = Hold(length_mm=2, width_mm=2, height_mm=2, weight_max_g=5)
    assert "g on board" in decide(load_of(hold, unit("u", 1, 1, 1, weight_g=3, quantity=2))).detail
    assert "o/u#1" in decide(load_of(hold, unit("u", 3, 1, 1))).detail
    stray = Placement(order="o", unit="v", number=1, x_mm=0, y_mm=0, z_mm=0, rotation=Rotation.LWH)
    assert "not part" in decide(load_of(hold, unit("u", 1, 1, 1), fixed=(stray,))).detail
    assert decide(load_of(hold)).verdict is FITS


def test_no_proof_is_claimed_where_the_work_runs_out_or_the_load_is_large():
    hold = Hold(length_mm=50, width_mm=50, height_mm=50)
    many = load_of(hold, unit("u", 1, 1, 1, quantity=UNITS_MAX + 1))
    assert decide(many).verdict is Verdict.NOT_FOUND
    # Pieces of 5 x 4 on a floor of 14 x 14, 9 by area, one layer: the search needs more than one dead end.
    tight = load_of(Hold(length_mm=14, width_mm=14, height_mm=5), unit("u", 5, 4, 5, quantity=9, rotations=ANY_WAY))
    assert decide(tight, nodes=1).verdict is Verdict.NOT_FOUND


def test_the_same_question_gets_the_same_answer():
    hold = Hold(length_mm=12, width_mm=7, height_mm=6)
    load = load_of(hold, unit("u", 5, 3, 2, quantity=6, rotations=ANY_WAY), unit("v", 4, 4, 3, quantity=2))
    assert decide(load, seed=3) == decide(load, seed=3)


def test_routes_of_boxes_are_all_decided():
    routes = random_routes(shared_data("packing", "loads_3l"), 60, seed=5)
    verdicts = [verdict(route.load) for route in islice(routes, 60)]
    assert Verdict.NOT_FOUND not in verdicts
    assert min(verdicts.count(FITS), verdicts.count(NOT)) > 10
