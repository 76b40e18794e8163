"""A question of loading that cannot be asked says everything that is wrong with it, at once."""

from collections.abc import Callable

import msgspec
import pytest

from solver.faults import Fault
from solver.goods import Axle, Chassis, Door, Hold, Placement, Rotation, Side, Unit
from solver.loads import Cargo, Consignment, Container, Load, PackProblem
from solver.validate_goods import UNITS_MAX, hold_faults, unit_faults
from solver.validate_loads import faults_of_load, faults_of_pack

change = msgspec.structs.replace

BOX = Unit(id="box", length_mm=400, width_mm=300, height_mm=200, weight_g=5_000, quantity=3)
FRONT, REAR = Axle(id="front", at_mm=-900, tare_g=1_000, max_g=2_000), Axle(id="rear", at_mm=2_500, max_g=3_000)
VAN = Hold(length_mm=3_000, width_mm=1_700, height_mm=1_800, chassis=Chassis(axles=(FRONT, REAR)))
LOAD = Load(hold=VAN, cargo=(Cargo(order="A", unit=BOX), Cargo(order="B", unit=BOX, to_stop=2)))
PACK = PackProblem(
    containers=(Container(id="van", hold=VAN, cost_milli=1),), consignments=(Consignment(id="A", units=(BOX,)),)
)


def told(faults: list[Fault]) -> set[tuple[str, str]]:
    return {(fault.code, fault.where) for fault in faults}


def test_what_can_be_asked_has_no_faults() -> None:
    assert faults_of_load(LOAD) == []
    assert faults_of_pack(PACK) == []


@pytest.mark.parametrize(
    ("unit", "code", "where"),
    [
        (change(BOX, length_mm=0), "number_too_small", "u.length_mm"),
        (change(BOX, height_mm=-1), "number_negative", "u.height_mm"),
        (change(BOX, width_mm=100_001), "number_too_large", "u.width_mm"),
        (change(BOX, weight_g=-5), "number_negative", "u.weight_g"),
        (change(BOX, weight_g=True), "number_not_whole", "u.weight_g"),
        (change(BOX, quantity=0), "number_too_small", "u.quantity"),
        (change(BOX, bearing_max_g=-1), "number_negative", "u.bearing_max_g"),
        (change(BOX, rotations=()), "rotations_missing", "u.rotations"),
        (change(BOX, id=""), "id_length", "u.id"),
        (change(BOX, groups=("",)), "id_length", "u.groups[0]"),
    ],
)
def test_a_unit_says_what_is_wrong_with_it(unit: Unit, code: str, where: str) -> None:
    assert told(list(unit_faults(unit, "u"))) == {(code, where)}


@pytest.mark.parametrize(
    ("hold", "code", "where"),
    [
        (change(VAN, length_mm=0), "number_too_small", "h.length_mm"),
        (change(VAN, weight_max_g=-1), "number_negative", "h.weight_max_g"),
        (change(VAN, support_percent=101), "number_too_large", "h.support_percent"),
        (change(VAN, doors=(Door(from_mm=5),)), "door_wrong", "h.doors[0]"),
        (change(VAN, doors=(Door(side=Side.LEFT, from_mm=900, to_mm=900),)), "door_wrong", "h.doors[0]"),
        (change(VAN, doors=(Door(side=Side.RIGHT, to_mm=3_001),)), "door_wrong", "h.doors[0]"),
        (change(VAN, chassis=Chassis(axles=(FRONT,))), "axles_wrong", "h.chassis.axles"),
        (change(VAN, chassis=Chassis(axles=(REAR, FRONT))), "axles_wrong", "h.chassis.axles"),
        (change(VAN, chassis=Chassis(axles=(FRONT, REAR), kingpin_mm=0)), "axles_wrong", "h.chassis.axles"),
        (change(VAN, chassis=Chassis(axles=(FRONT, change(REAR, tare_g=3_001)))), "axle_tare", "h.chassis.axles[1]"),
    ],
)
def test_a_hold_says_what_is_wrong_with_it(hold: Hold, code: str, where: str) -> None:
    assert told(list(hold_faults(hold, "h"))) == {(code, where)}


def test_a_kingpin_lies_between_the_first_and_the_last_axle() -> None:
    axles = (Axle(id="a", at_mm=-4_000, max_g=1), Axle(id="b", at_mm=-500, max_g=1), Axle(id="c", at_mm=9_000, max_g=1))
    faults = list(hold_faults(change(VAN, chassis=Chassis(axles=axles, kingpin_mm=9_000)), "h"))
    assert told(faults) == {("axles_wrong", "h.chassis.kingpin_mm")}


def at(number: int, x_mm: int, rotation: Rotation = Rotation.LWH) -> Placement:
    return Placement(order="A", unit="box", number=number, x_mm=x_mm, y_mm=0, z_mm=0, rotation=rotation)


@pytest.mark.parametrize(
    ("fixed", "cause"),
    [
        ((at(1, 0), at(2, 399)), "take the same space"),
        ((at(1, 2_601),), "is not inside"),
        ((at(4, 0),), "is not part of the cargo"),
        ((at(1, 0), at(1, 400)), "two places"),
        ((at(1, 0, Rotation.HWL),), "its rotations leave out"),
    ],
)
def test_what_stands_there_already_can_stand_there(fixed: tuple[Placement, ...], cause: str) -> None:
    (fault,) = faults_of_load(change(LOAD, fixed=fixed))
    assert fault.code == "fixed_wrong"
    assert cause in fault.cause


def test_a_load_tells_all_its_faults_at_once() -> None:
    wrong = Load(
        hold=change(VAN, width_mm=0),
        cargo=(
            Cargo(order="A", unit=change(BOX, length_mm=0)),
            Cargo(order="A", unit=BOX, from_stop=2, to_stop=2),
            Cargo(order="", unit=BOX),
        ),
    )
    assert told(faults_of_load(wrong)) == {
        ("number_too_small", "hold.width_mm"),
        ("number_too_small", "cargo[0].unit.length_mm"),
        ("id_duplicate", "cargo[1].unit.id"),
        ("stay_reversed", "cargo[1]"),
        ("id_length", "cargo[2].order"),
    }


def grouped(unit: Unit, *groups: str) -> Unit:
    return change(unit, groups=groups)


@pytest.mark.parametrize(
    ("problem", "code", "where"),
    [
        (change(PACK, currency="vnd"), "currency_malformed", "currency"),
        (change(PACK, version=2), "version_unknown", "version"),
        (change(PACK, containers=()), "no_containers", "containers"),
        (change(PACK, containers=PACK.containers * 2), "id_duplicate", "containers[1].id"),
        (change(PACK, consignments=(Consignment(id="A", units=()),)), "units_missing", "consignments[0].units"),
        (change(PACK, together=("x",)), "group_unknown", "together[0]"),
        (change(PACK, apart=(("x", "x"),)), "group_unknown", "apart[0]"),
    ],
)
def test_a_packing_problem_says_what_is_wrong_with_it(problem: PackProblem, code: str, where: str) -> None:
    assert told(faults_of_pack(problem)) == {(code, where)}


@pytest.mark.parametrize(
    ("units", "apart"),
    [
        (lambda: (grouped(change(BOX, id="1"), "t", "a"), grouped(change(BOX, id="2"), "t", "b")), ("a", "b")),
        (lambda: (grouped(BOX, "t", "a"),), ("a", "a")),  # three of them, together, each alone
    ],
)
def test_what_is_to_be_together_is_not_to_be_apart(
    units: Callable[[], tuple[Unit, ...]], apart: tuple[str, str]
) -> None:
    problem = change(PACK, consignments=(Consignment(id="A", units=units()),), together=("t",), apart=(apart,))
    assert told(faults_of_pack(problem)) == {("groups_contradict", "together[0]")}


def test_a_hundred_thousand_units_are_a_question_and_one_more_is_not() -> None:
    many = Consignment(id="A", units=(change(BOX, quantity=UNITS_MAX),))
    assert faults_of_pack(change(PACK, consignments=(many,))) == []
    more = Consignment(id="B", units=(change(BOX, quantity=1),))
    assert told(faults_of_pack(change(PACK, consignments=(many, more)))) == {("units_too_many", "$")}
