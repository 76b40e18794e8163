import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.packing.pallet_loads import CURTAIN_SIDED, RIGID_TRUCK, SEMI_TRAILER, pallet_load
from solver.check_stow import axle_loads_g, check_load
from solver.goods import UPRIGHT, Axle, Chassis, Door, Hold, OnTop, Rotation, Side, Unit
from solver.loads import Cargo, Load, Verdict
from solver.packing.floor import applies, place_on_floor
from solver.packing.floor_axles import shifted, window
from solver.packing.floor_bounds import reach_mm, refusal
from solver.packing.floor_columns import stacked

TRAILER = Hold(length_mm=13_600, width_mm=2_480, height_mm=2_700)
EUR = Unit(id="eur", length_mm=1_200, width_mm=800, height_mm=1_500, weight_g=500_000, floor_only=True)


def of(unit: Unit, quantity: int, to_stop: int = 1, from_stop: int = 0, order: str = "") -> Cargo:
    """So many of a unit, of an order of their own."""
    own = Unit(**{name: getattr(unit, name) for name in unit.__struct_fields__} | {"quantity": quantity})
    return Cargo(order=order or f"{unit.id}{from_stop}-{to_stop}", unit=own, from_stop=from_stop, to_stop=to_stop)


def placed(load: Load, **how: int) -> Verdict:
    """The verdict; what is said to fit passes the checker."""
    fit = place_on_floor(load, **how)
    if fit.verdict is Verdict.FITS:
        assert check_load(load, fit.placements) == []
    else:
        assert fit.placements == ()
        assert fit.detail
    return fit.verdict


def test_a_trailer_takes_thirty_four_euro_pallets_crosswise_and_no_thirty_fifth() -> None:
    """17 rows of 800 mm are 13,600; two of 1,200 mm are 2,400 of 2,480 across. 35 x 0.96 m2 > 13.6 x 2.4 m2."""
    assert placed(Load(hold=TRAILER, cargo=(of(EUR, 34),))) is Verdict.FITS
    assert placed(Load(hold=TRAILER, cargo=(of(EUR, 35),))) is Verdict.PROVED_NOT


def test_pallets_that_may_be_stacked_stand_in_twos() -> None:
    low = Unit(id="low", length_mm=1_200, width_mm=800, height_mm=1_300, bearing_max_g=400_000, weight_g=300_000)
    assert placed(Load(hold=TRAILER, cargo=(of(low, 68),))) is Verdict.FITS
    weak = Unit(id="weak", length_mm=1_200, width_mm=800, height_mm=1_300, bearing_max_g=200_000, weight_g=300_000)
    assert placed(Load(hold=TRAILER, cargo=(of(weak, 68),))) is Verdict.NOT_FOUND


def test_the_first_stop_is_unloaded_first() -> None:
    load = Load(hold=TRAILER, cargo=(of(EUR, 12, 1), of(EUR, 10, 2), of(EUR, 12, 3)))
    assert placed(load) is Verdict.FITS


def test_what_is_collected_on_the_way_takes_the_place_of_what_was_delivered() -> None:
    """34 pallets fill the floor; ten leave at stop 1, where ten others come."""
    load = Load(hold=TRAILER, cargo=(of(EUR, 24, 3), of(EUR, 10, 1), of(EUR, 10, 3, 1, "collected")))
    assert placed(load) is Verdict.FITS


def test_a_side_door_lets_out_what_the_rear_door_cannot() -> None:
    """Three rows of one pallet, 1,200 long, in a hold 800 wide: the middle one leaves first."""
    narrow = {"length_mm": 3_600, "width_mm": 800, "height_mm": 2_000}
    only = Unit(id="only", length_mm=1_200, width_mm=800, height_mm=1_500, rotations=(Rotation.LWH,), floor_only=True)
    load = Load(
        hold=Hold(**narrow, doors=(Door(), Door(side=Side.LEFT, from_mm=0, to_mm=1_200))),
        cargo=(of(only, 1, 3, 0), of(only, 1, 2, 0), of(only, 1, 3, 1, "late")),
    )
    assert placed(load) is Verdict.FITS


def test_without_doors_nothing_is_in_the_way() -> None:
    load = Load(
        hold=Hold(length_mm=2_400, width_mm=800, height_mm=2_000, doors=()),
        cargo=(of(EUR, 1, 3, 0), of(EUR, 1, 2, 1), of(EUR, 1, 4, 2)),
    )
    assert placed(load) is Verdict.FITS


TWO_AXLES = Chassis(
    axles=(Axle(id="front", at_mm=0, max_g=1_000_000), Axle(id="rear", at_mm=4_000, max_g=1_000_000)),
)


def test_a_load_is_shifted_until_both_axles_bear_it() -> None:
    """
    Two pallets of 900 kg side by side in 4,000 mm: with their middle at x the rear axle has 1,800 x / 4,000 kg.

    Both axles have at most 1,000 kg where x is from 1,778 to 2,222: 1,600 mm from the front wall, not at it.
    """
    heavy = Unit(id="heavy", length_mm=1_200, width_mm=800, height_mm=1_000, weight_g=900_000, floor_only=True)
    load = Load(hold=Hold(length_mm=4_000, width_mm=2_480, height_mm=2_000, chassis=TWO_AXLES), cargo=(of(heavy, 2),))
    fit = place_on_floor(load)
    assert check_load(load, fit.placements) == []
    assert fit.verdict is Verdict.FITS
    middle = sum(entry.x_mm + (600 if entry.rotation is Rotation.LWH else 400) for entry in fit.placements)
    assert 2 * 1_777 < middle < 2 * 2_223


def test_axles_that_no_place_contents_are_a_proof() -> None:
    """2,100 kg on two axles of 1,000 kg each."""
    heavy = Unit(id="heavy", length_mm=1_200, width_mm=800, height_mm=1_000, weight_g=2_100_000, floor_only=True)
    load = Load(hold=Hold(length_mm=4_000, width_mm=2_480, height_mm=2_000, chassis=TWO_AXLES), cargo=(of(heavy, 1),))
    assert placed(load) is Verdict.PROVED_NOT


def test_a_full_floor_cannot_have_all_its_weight_in_front() -> None:
    """
    One lane of three equal pallets in 3,600 mm: the middle is at 1,800 whatever is done.

    Rear axle at 4,000 mm: 45 % of 900 kg = 405 kg. With at most 400 kg there it is proved impossible.
    """
    chassis = Chassis(axles=(TWO_AXLES.axles[0], Axle(id="rear", at_mm=4_000, max_g=400_000)))
    third = Unit(
        id="third", length_mm=1_200, width_mm=800, height_mm=1_000, weight_g=300_000, floor_only=True, rotations=UPRIGHT
    )
    hold = Hold(length_mm=3_600, width_mm=800, height_mm=2_000, chassis=chassis)
    assert placed(Load(hold=hold, cargo=(of(third, 3),))) is Verdict.PROVED_NOT
    lighter = Hold(
        length_mm=3_600,
        width_mm=800,
        height_mm=2_000,
        chassis=Chassis(axles=(TWO_AXLES.axles[0], Axle(id="rear", at_mm=4_000, max_g=405_000))),
    )
    assert placed(Load(hold=lighter, cargo=(of(third, 3),))) is Verdict.FITS


@pytest.mark.parametrize("hold", [SEMI_TRAILER, CURTAIN_SIDED])
@pytest.mark.parametrize("is_mixed", [False, True])
def test_pallets_for_four_stops_are_placed_with_every_axle_content(hold: Hold, is_mixed: bool) -> None:
    verdicts = [placed(pallet_load(seed, pallets=22, hold=hold, mixed=is_mixed, heavy=True)) for seed in range(8)]
    assert verdicts == [Verdict.FITS] * 8


def test_rigid_trucks_fit_or_are_proved_too_heavy() -> None:
    verdicts = [placed(pallet_load(seed, pallets=14, hold=RIGID_TRUCK)) for seed in range(20)]
    assert verdicts.count(Verdict.FITS) >= 16
    assert Verdict.NOT_FOUND not in verdicts


def test_the_same_seed_gives_the_same_layout() -> None:
    load = pallet_load(3, pallets=30, stops=6, mixed=True)
    assert place_on_floor(load, seed=5) == place_on_floor(load, seed=5)


def test_what_stands_already_is_for_others() -> None:
    fit = place_on_floor(Load(hold=TRAILER, cargo=(of(EUR, 1),)))
    partly = Load(hold=TRAILER, cargo=(of(EUR, 1),), fixed=fit.placements)
    assert not applies(partly)
    assert placed(partly) is Verdict.NOT_FOUND


def test_it_applies_to_pallets_and_not_to_parcels() -> None:
    parcel = Unit(id="parcel", length_mm=400, width_mm=300, height_mm=200)
    assert applies(Load(hold=TRAILER, cargo=(of(EUR, 20),)))
    assert not applies(Load(hold=TRAILER, cargo=(of(parcel, 20),)))
    assert not applies(Load(hold=TRAILER, cargo=(of(EUR, 100_000),)))
    assert not applies(Load(hold=TRAILER, cargo=()))


def test_columns_hold_like_on_like_with_the_longest_stay_below() -> None:
    low = Unit(id="low", length_mm=1_200, width_mm=800, height_mm=900)
    glass = Unit(id="glass", length_mm=800, width_mm=1_200, height_mm=800, on_top=OnTop.NOTHING)
    other = Unit(id="other", length_mm=1_000, width_mm=800, height_mm=100)
    columns = stacked((of(glass, 1, 1), of(low, 1, 2), of(low, 1, 1), of(other, 1, 1)), 2_700)
    names = [[(piece.line.unit.id, piece.line.to_stop) for piece in column.pieces] for column in columns]
    assert names == [[("low", 2), ("low", 1), ("glass", 1)], [("other", 1)]]


def test_edges_reach_the_greatest_sum_below_a_limit() -> None:
    assert reach_mm((1_200, 800), 2_480) == 2_400
    assert reach_mm((700,), 2_480) == 2_100
    assert reach_mm((3_000,), 2_480) == 0


@given(
    st.lists(st.integers(0, 3_000_000), min_size=1, max_size=5),
    st.lists(st.integers(0, 5_000), min_size=5, max_size=5),
    st.sampled_from([SEMI_TRAILER.chassis, RIGID_TRUCK.chassis, TWO_AXLES]),
)
def test_the_window_of_moments_is_what_the_checker_allows(
    weights_g: list[int], at_mm: list[int], chassis: Chassis
) -> None:
    """Whole moments within the window leave every axle content, those outside do not."""
    total_g = sum(weights_g)
    moment = sum(weight * (2 * at + 800) for weight, at in zip(weights_g, at_mm, strict=False))
    loads = axle_loads_g(chassis, total_g, Fraction(moment, 2))
    content = all(axle.min_g <= load <= axle.max_g for axle, load in zip(chassis.axles, loads, strict=True))
    low, high = window(chassis, total_g)
    assert content == (low <= moment <= high)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000))
def test_whatever_is_answered_holds_in_random_worlds(seed: int) -> None:
    """Small holds, pickups and deliveries, any doors, axles: placements pass the checker, what was placed is no proof."""
    load = random_load(random.Random(seed))
    verdict = placed(load, work=300)
    assert verdict is not Verdict.FITS or refusal(load.hold, load.cargo) == ""


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10_000))
def test_no_load_that_stands_somewhere_is_proved_impossible(seed: int) -> None:
    """Units are put at random where there is room; limits are then set to what comes out."""
    rng = random.Random(seed)
    cargo, boxes = [], []
    for number in range(rng.randint(1, 6)):
        unit = Unit(
            id=f"u{number}",
            length_mm=rng.randint(4, 16),
            width_mm=rng.randint(4, 16),
            height_mm=rng.randint(4, 12),
            weight_g=rng.randint(1, 50),
            rotations=(Rotation.LWH,),
            floor_only=rng.random() < 0.5,
        )
        for _ in range(30):
            x, y = rng.randint(0, 40 - unit.length_mm), rng.randint(0, 24 - unit.width_mm)
            z = 0 if unit.floor_only else rng.choice((0, 20 - unit.height_mm))
            box = (x, y, z, x + unit.length_mm, y + unit.width_mm, z + unit.height_mm)
            if all(any(box[axis] >= old[axis + 3] or old[axis] >= box[axis + 3] for axis in range(3)) for old in boxes):
                boxes.append(box)
                cargo.append(Cargo(order="o", unit=unit))
                break
    total = sum(line.unit.weight_g for line in cargo)
    rear_g = Fraction(sum(line.unit.weight_g * (box[0] + box[3]) for line, box in zip(cargo, boxes, strict=True)), 80)
    exact = (
        Axle(id="front", at_mm=0, max_g=-((rear_g - total) // 1)),
        Axle(id="rear", at_mm=40, max_g=-(-rear_g // 1)),
    )
    chassis = Chassis(axles=exact)
    tight = Hold(
        length_mm=40, width_mm=24, height_mm=20, doors=(), support_percent=0, weight_max_g=total, chassis=chassis
    )
    assert refusal(tight, cargo) == ""


def random_load(rng: random.Random) -> Load:
    """A few kinds of unit in a small hold, doors and stops at random."""
    doors = rng.choice(((), (Door(),), (Door(side=Side.LEFT),), (Door(), Door(side=Side.RIGHT, from_mm=500))))
    hold = Hold(
        length_mm=rng.randrange(3_000, 7_000, 100),
        width_mm=rng.randrange(1_200, 2_500, 10),
        height_mm=2_000,
        weight_max_g=rng.choice((None, 4_000_000)),
        doors=doors,
        chassis=rng.choice((None, RIGID_TRUCK.chassis)),
        support_percent=rng.choice((50, 75, 100)),
    )
    cargo = []
    for number in range(rng.randint(1, 6)):
        since = rng.randint(0, 2)
        is_pallet = rng.random() < 0.6
        unit = Unit(
            id=f"u{number}",
            length_mm=rng.choice((1_200, 1_000, 800)),
            width_mm=rng.choice((800, 600)),
            height_mm=rng.randrange(300, 1_900, 50),
            weight_g=rng.randrange(50_000, 900_000, 1_000),
            quantity=rng.randint(1, 4),
            rotations=rng.choice((UPRIGHT, (Rotation.LWH,), tuple(Rotation))),
            on_top=rng.choice(tuple(OnTop)),
            bearing_max_g=rng.choice((None, 500_000)),
            floor_only=is_pallet,
        )
        cargo.append(Cargo(order=f"o{number}", unit=unit, from_stop=since, to_stop=since + rng.randint(1, 3)))
    return Load(hold=hold, cargo=tuple(cargo))


def test_a_shift_that_is_impossible_is_none() -> None:
    """One thing of 10 g, 100 long on a floor of 400: twice the moment is from 1,000 to 7,000."""
    arrays = np.array([0]), np.array([100])
    rows = np.array([[10]])
    assert shifted(*arrays, 400, [], rows, np.array([[7_001, 8_000]])) is None
    found = shifted(*arrays, 400, [], rows, np.array([[6_999, 8_000]]))
    assert found is not None
    assert found.tolist() == [300]
