"""Loads that float are brought down, and what may not stand is taken away."""

from collections.abc import Sequence

from msgspec.structs import replace

from solver.check_stow import check_load
from solver.goods import Hold, OnTop, Placement, Rotation, Unit
from solver.loads import Cargo, Load
from solver.packing.blocks_settle import settle

HOLD = Hold(length_mm=40, width_mm=20, height_mm=20)
CUBE = Unit(id="c", length_mm=10, width_mm=10, height_mm=10, weight_g=100)


def at(number: int, x: int, y: int, z: int, unit: str = "c") -> Placement:
    return Placement(order="a", unit=unit, number=number, x_mm=x, y_mm=y, z_mm=z, rotation=Rotation.LWH)


def settled(hold: Hold, placements: Sequence[Placement], unit: Unit = CUBE) -> set[tuple[int, int, int, int]]:
    """Number and corner of what stays; the checker agrees with it."""
    found = settle(hold, [(placement, unit) for placement in placements])
    renumbered = [replace(placement, number=number) for number, placement in enumerate(found, start=1)]
    if found:
        cargo = (Cargo(order="a", unit=replace(unit, quantity=len(found))),)
        assert check_load(Load(hold=hold, cargo=cargo), renumbered) == []
    return {(placement.number, placement.x_mm, placement.y_mm, placement.z_mm) for placement in found}


def test_a_floating_unit_drops_to_the_floor() -> None:
    assert settled(HOLD, [at(1, 5, 5, 7)]) == {(1, 5, 5, 0)}


def test_a_floating_unit_drops_onto_the_unit_below() -> None:
    assert settled(HOLD, [at(1, 0, 0, 0), at(2, 1, 0, 10), at(3, 20, 0, 9)]) == {
        (1, 0, 0, 0),
        (2, 1, 0, 10),
        (3, 20, 0, 0),
    }


def test_what_rests_on_too_little_is_taken_away_and_what_stood_on_it_drops() -> None:
    # the second rests on half of its base; the third stood on it, and now stands on the floor beside the first
    assert settled(HOLD, [at(1, 0, 0, 0), at(2, 5, 0, 10), at(3, 10, 0, 11)]) == {(1, 0, 0, 0), (3, 10, 0, 0)}


def test_of_two_that_overlap_the_lower_stays() -> None:
    assert settled(HOLD, [at(1, 0, 0, 0), at(2, 5, 5, 5)]) == {(1, 0, 0, 0)}


def test_what_is_outside_or_turned_wrongly_is_taken_away() -> None:
    wrong_way = replace(at(2, 0, 0, 0), rotation=Rotation.HLW)
    assert settled(HOLD, [at(1, 35, 0, 0), wrong_way]) == set()


def test_nothing_stays_on_what_bears_nothing() -> None:
    assert settled(HOLD, [at(1, 0, 0, 0), at(2, 0, 0, 10)], replace(CUBE, on_top=OnTop.NOTHING)) == {(1, 0, 0, 0)}


def test_nothing_stays_that_is_too_heavy_for_what_is_below() -> None:
    assert settled(HOLD, [at(1, 0, 0, 0), at(2, 0, 0, 10)], replace(CUBE, bearing_max_g=99)) == {(1, 0, 0, 0)}
    assert len(settled(HOLD, [at(1, 0, 0, 0), at(2, 0, 0, 10)], replace(CUBE, bearing_max_g=100))) == 2


def test_weight_on_board_is_kept() -> None:
    assert len(settled(replace(HOLD, weight_max_g=250), [at(1, 0, 0, 0), at(2, 10, 0, 0), at(3, 20, 0, 0)])) == 2


def test_what_is_settled_is_in_an_order_in_which_it_can_be_loaded() -> None:
    found = settle(HOLD, [(at(1, 30, 0, 0), CUBE), (at(2, 0, 0, 0), CUBE), (at(3, 0, 0, 10), CUBE)])
    assert [placement.number for placement in found] == [2, 3, 1]
