"""One hold loaded as full as possible: small worlds by hand, random ones by the checker."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from solver.check_stow import check_load
from solver.goods import ANY_WAY, UPRIGHT, Axle, Chassis, Door, Hold, OnTop, Placement, Rotation, Side, Unit
from solver.loads import Cargo, Load
from solver.packing.fill import fill, repack
from solver.plan import Violation

HOLD = Hold(length_mm=40, width_mm=20, height_mm=20)
Goods = Sequence[tuple[str, Unit]]


def wrong(hold: Hold, goods: Goods, placements: Sequence[Placement]) -> list[Violation]:
    """What the checker says of those units that were placed."""
    placed = Counter((at.order, at.unit) for at in placements)
    known = {(order, unit.id): unit for order, unit in goods}
    cargo = tuple(
        Cargo(order=key[0], unit=replace(known[key], quantity=count)) for key, count in sorted(placed.items())
    )
    seen: Counter[tuple[str, str]] = Counter()
    numbered = []
    for at in placements:
        seen[at.order, at.unit] += 1
        numbered.append(replace(at, number=seen[at.order, at.unit]))
    return check_load(Load(hold=hold, cargo=cargo), numbered)


def cube(name: str, edge: int, **rules: object) -> Unit:
    return Unit(id=name, length_mm=edge, width_mm=edge, height_mm=edge, **rules)


def test_equal_cubes_fill_a_hold_whole() -> None:
    # 4 x 2 x 2 cubes of 10 in 40 x 20 x 20; of 20 offered 16 find room, each named once
    goods = [("a", cube("c", 10, quantity=20))]
    placements = fill(HOLD, goods, work=50)
    assert len(placements) == 16
    assert len({at.number for at in placements}) == 16
    assert wrong(HOLD, goods, placements) == []


def test_units_of_several_orders_keep_their_names() -> None:
    goods = [("a", cube("c", 10, quantity=3)), ("b", cube("c", 10, quantity=2))]
    placements = fill(HOLD, goods, work=50)
    assert Counter(at.order for at in placements) == {"a": 3, "b": 2}


def test_what_fits_nowhere_is_left_out() -> None:
    long = Unit(id="long", length_mm=41, width_mm=5, height_mm=5, rotations=ANY_WAY)
    assert fill(HOLD, [("a", long)], work=50) == ()
    assert fill(HOLD, [], work=50) == ()


def test_a_rotation_that_is_not_allowed_is_not_used() -> None:
    # 20 x 40 x 20 fits only turned; without WLH nothing does
    unit = Unit(id="u", length_mm=20, width_mm=40, height_mm=20, rotations=(Rotation.LWH,))
    assert fill(HOLD, [("a", unit)], work=50) == ()
    assert len(fill(HOLD, [("a", replace(unit, rotations=UPRIGHT))], work=50)) == 1


def test_nothing_stands_on_what_bears_nothing() -> None:
    # 4 x 2 on the floor, no second layer
    goods = [("a", cube("c", 10, quantity=16, on_top=OnTop.NOTHING))]
    assert len(fill(HOLD, goods, work=50)) == 8


def test_bearing_limits_the_layers() -> None:
    # in a hold one cube wide and four high each bears one other: two layers
    hold = Hold(length_mm=10, width_mm=10, height_mm=40)
    goods = [("a", cube("c", 10, quantity=4, weight_g=100, bearing_max_g=150))]
    assert len(fill(hold, goods, work=50)) == 2


def test_pallets_stay_on_the_floor() -> None:
    goods = [("a", cube("p", 10, quantity=16, floor_only=True))]
    placements = fill(HOLD, goods, work=50)
    assert len(placements) == 8
    assert {at.z_mm for at in placements} == {0}


def test_weight_is_kept_and_light_goods_come_first_where_it_binds() -> None:
    # 10 kg on board: ten cubes of 1 kg; none of 5 kg, of which two would do
    hold = replace(HOLD, weight_max_g=10_000)
    goods = [
        ("a", cube("heavy", 10, quantity=16, weight_g=5000)),
        ("a", cube("light", 10, quantity=16, weight_g=1000)),
    ]
    placements = fill(hold, goods, work=400)
    assert Counter(at.unit for at in placements) == {"light": 10}


def test_value_decides_where_it_is_given() -> None:
    goods = [("a", cube("cheap", 10, quantity=16)), ("a", cube("dear", 10, quantity=6))]
    placements = fill(HOLD, goods, work=50, values=[1.0, 5.0])
    assert Counter(at.unit for at in placements) == {"dear": 6, "cheap": 10}


def test_axles_are_kept_by_moving_the_load() -> None:
    # one cube of 1 kg; the rear axle at 30 takes 500 g: its middle is at most 15 from the front axle at 0
    chassis = Chassis(axles=(Axle(id="f", at_mm=0, max_g=10_000), Axle(id="r", at_mm=30, max_g=500)))
    hold = replace(HOLD, chassis=chassis)
    goods = [("a", cube("c", 10, weight_g=1000))]
    placements = fill(hold, goods, work=50)
    assert len(placements) == 1
    assert wrong(hold, goods, placements) == []


def test_units_lie_behind_a_side_door() -> None:
    # the only door is open from 10 to 30: two by two by two cubes behind it
    hold = replace(HOLD, doors=(Door(side=Side.LEFT, from_mm=10, to_mm=30),))
    goods = [("a", cube("c", 10, quantity=16))]
    placements = fill(hold, goods, work=50)
    assert len(placements) == 8
    assert wrong(hold, goods, placements) == []


def test_what_stands_keeps_its_place_when_more_is_added() -> None:
    one = cube("c", 10)
    there = Placement(order="a", unit="c", number=1, x_mm=20, y_mm=0, z_mm=0, rotation=Rotation.LWH)
    goods = [("b", cube("d", 10, quantity=20))]
    placements = repack(HOLD, [(there, one)], goods, work=50)
    assert there in placements
    assert len(placements) == 16
    assert wrong(HOLD, [("a", one), *goods], placements) == []


def test_nothing_is_put_behind_what_is_loaded_already() -> None:
    # a cube at the door end, y 0 to 10, z 0 to 10: the three places in front of it are out of reach
    one = cube("c", 10)
    there = Placement(order="a", unit="c", number=1, x_mm=30, y_mm=0, z_mm=0, rotation=Rotation.LWH)
    goods = [("b", cube("d", 10, quantity=20))]
    placements = repack(HOLD, [(there, one)], goods, loaded=True, work=50)
    assert placements[0] == there
    assert wrong(HOLD, [("a", one), *goods], placements) == []
    reach = [at for at in placements[1:] if at.y_mm == 0 and at.z_mm == 0]
    assert reach == []
    assert len(placements) == 1 + 8 + 1


@pytest.mark.parametrize("loaded", [False, True])
def test_a_full_hold_takes_nothing_more_and_the_search_ends(loaded: bool) -> None:
    whole = Unit(id="whole", length_mm=40, width_mm=20, height_mm=20)
    standing = [(at, whole) for at in fill(HOLD, [("a", whole)], work=50)]
    after = repack(HOLD, standing, [("b", cube("c", 10))], loaded=loaded, work=50)
    assert after == tuple(at for at, _ in standing)


def test_a_standing_unit_outside_the_hold_is_refused() -> None:
    there = Placement(order="a", unit="c", number=1, x_mm=35, y_mm=0, z_mm=0, rotation=Rotation.LWH)
    with pytest.raises(ValueError, match="outside"):
        repack(HOLD, [(there, cube("c", 10))], [("b", cube("d", 10))], work=50)


def test_the_same_work_and_seed_give_the_same_answer() -> None:
    goods = [("a", Unit(id=f"u{n}", length_mm=7 + n, width_mm=5 + n, height_mm=6, quantity=9)) for n in range(4)]
    assert fill(HOLD, goods, work=300, seed=3) == fill(HOLD, goods, work=300, seed=3)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Hold, Goods]:
    edge = st.integers(2, 14)
    doors = draw(st.sampled_from([(), (Door(),), (Door(side=Side.RIGHT, from_mm=4),), (Door(), Door(side=Side.LEFT))]))
    chassis = Chassis(axles=(Axle(id="f", at_mm=-9, tare_g=90, max_g=4000), Axle(id="r", at_mm=28, max_g=6000)))
    hold = Hold(
        length_mm=draw(st.integers(10, 45)),
        width_mm=draw(st.integers(8, 24)),
        height_mm=draw(st.integers(8, 24)),
        weight_max_g=draw(st.one_of(st.none(), st.integers(100, 9000))),
        doors=doors,
        chassis=draw(st.sampled_from([None, None, chassis])),
        support_percent=draw(st.sampled_from([75, 75, 50, 100, 0])),
    )
    units = [
        Unit(
            id=f"u{number}",
            length_mm=draw(edge),
            width_mm=draw(edge),
            height_mm=draw(edge),
            weight_g=draw(st.integers(0, 300)),
            quantity=draw(st.integers(1, 12)),
            rotations=draw(st.sampled_from([UPRIGHT, ANY_WAY, (Rotation.LWH,)])),
            on_top=draw(st.sampled_from([OnTop.ANYTHING, OnTop.ANYTHING, OnTop.FRAGILE, OnTop.NOTHING])),
            bearing_max_g=draw(st.sampled_from([None, None, 0, 200, 900])),
            floor_only=draw(st.sampled_from([False, False, False, True])),
        )
        for number in range(draw(st.integers(1, 7)))
    ]
    return hold, [("a", unit) for unit in units]


@settings(max_examples=60, deadline=None)
@given(worlds(), st.integers(0, 3))
def test_whatever_is_placed_keeps_every_rule(world: tuple[Hold, Goods], seed: int) -> None:
    hold, goods = world
    placements = fill(hold, goods, work=60, seed=seed)
    assert wrong(hold, goods, placements) == []


@settings(max_examples=40, deadline=None)
@given(worlds(), st.integers(0, 100), st.booleans())
def test_whatever_is_added_keeps_every_rule(world: tuple[Hold, Goods], part: int, loaded: bool) -> None:
    hold, goods = world
    hold = replace(hold, chassis=None)
    before = fill(hold, goods, work=20)
    before = before[: len(before) * part // 100]
    known = {unit.id: unit for _, unit in goods}
    more = [("b", unit) for _, unit in goods]
    after = repack(hold, [(at, known[at.unit]) for at in before], more, loaded=loaded, work=30)
    assert set(before) <= set(after)
    assert not loaded or after[: len(before)] == before
    assert wrong(hold, [*goods, *more], after) == []
