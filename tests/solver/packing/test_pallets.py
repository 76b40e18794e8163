import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from solver.goods import ANY_WAY, UPRIGHT, OnTop, Unit
from solver.packing.cartons import Carton, Packages
from solver.packing.pallets import EUR, ISO, Pallet, build_pallets, least_pallets
from solver.packing.pallets_layers import best_layer
from solver.packing.pallets_prepare import prepare
from tests.solver.packing.test_cartons import inside

BOX = Unit(id="box", length_mm=400, width_mm=300, height_mm=250, weight_g=10_000)
LOW = replace(EUR, id="low", height_max_mm=644)
"""Two layers of 250 mm above a deck of 144 mm."""


def checked(boxes: Sequence[Unit], pallets: Sequence[Pallet], answer: Packages) -> Packages:
    """Every box once, on a pallet or left; heights and weights add up."""
    kinds = {pallet.id: pallet for pallet in pallets}
    for package in answer.packages:
        pallet = kinds[package.kind]
        inside(pallet.hold, boxes, package)
        weight_g = sum(next(box.weight_g for box in boxes if box.id == at.unit) for at in package.placements)
        assert package.unit.weight_g == weight_g + pallet.tare_g
        assert package.unit.height_mm <= pallet.height_max_mm
    packed = sorted((entry.unit, entry.number) for package in answer.packages for entry in package.placements)
    kept = {unit.id for unit in answer.left}
    assert packed == sorted((b.id, number + 1) for b in boxes if b.id not in kept for number in range(b.quantity))
    assert len(answer.packages) >= answer.bound
    return answer


@pytest.mark.parametrize(
    ("deck_mm", "box_mm", "most"),
    [
        ((1_200, 800), (400, 300), 8),
        ((1_200, 1_000), (400, 300), 10),
        ((40, 25), (7, 3), 47),
        ((49, 28), (8, 3), 56),
        ((52, 33), (9, 4), 47),
    ],
)
def test_layers_hold_what_is_known_to_be_possible(deck_mm: tuple[int, int], box_mm: tuple[int, int], most: int) -> None:
    """Instances of Morabito and Morales (1998) among them, with what their five blocks reach."""
    layer = best_layer(*deck_mm, *box_mm)
    assert len(layer.boxes) == most
    assert layer.bound >= most


@settings(deadline=None, max_examples=60)
@given(st.integers(20, 120), st.integers(20, 120), st.integers(8, 40), st.integers(8, 40), st.booleans())
def test_layers_stay_on_the_deck_without_overlap(length: int, width: int, box: int, other: int, is_free: bool) -> None:
    layer = best_layer(length, width, box, other, is_free)
    taken = set()
    for x, y, along, across in layer.boxes:
        assert (along, across) in ({(box, other), (other, box)} if is_free else {(box, other)})
        cells = {(column, row) for column in range(x, x + along) for row in range(y, y + across)}
        assert not taken & cells
        taken |= cells
    assert all(0 <= column < length and 0 <= row < width for column, row in taken)
    assert (length // box) * (width // other) <= len(layer.boxes) <= layer.bound


def test_boxes_of_one_kind_stand_in_full_layers() -> None:
    """Eight to a layer, two layers: 40 boxes need three pallets, the last with one layer."""
    forty = [replace(BOX, quantity=40)]
    answer = checked(forty, [LOW], build_pallets(forty, [LOW]))
    assert [len(package.placements) for package in answer.packages] == [16, 16, 8]
    assert [package.unit.height_mm for package in answer.packages] == [644, 644, 394]
    assert [package.unit.weight_g for package in answer.packages] == [185_000, 185_000, 105_000]
    assert answer.proved


def test_weight_limits_a_pallet_before_its_height_does() -> None:
    """16 boxes have room; 100 kg are ten of them."""
    weak = replace(LOW, weight_max_g=100_000)
    twenty = [replace(BOX, quantity=20)]
    answer = checked(twenty, [weak], build_pallets(twenty, [weak]))
    assert len(answer.packages) == 2
    assert answer.proved


def test_fragile_boxes_stand_in_one_layer_and_nothing_on_them() -> None:
    glass = [replace(BOX, quantity=16, on_top=OnTop.NOTHING)]
    answer = checked(glass, [LOW], build_pallets(glass, [LOW]))
    assert len(answer.packages) == 2 == answer.bound
    assert {package.unit.on_top for package in answer.packages} == {OnTop.NOTHING}


def test_what_boxes_bear_limits_layers_and_what_stands_on_the_pallet() -> None:
    """Each bears 25 kg: with one of 10 kg above, 15 kg remain for each of the eight in the layer."""
    tall = replace(EUR, height_max_mm=1_800)
    boxes = [replace(BOX, quantity=16, bearing_max_g=25_000)]
    answer = checked(boxes, [LOW], build_pallets(boxes, [LOW]))
    assert [package.unit.bearing_max_g for package in answer.packages] == [8 * 15_000]
    many = [replace(BOX, quantity=30, bearing_max_g=25_000)]
    assert [len(package.placements) for package in build_pallets(many, [tall]).packages] == [24, 6]


def test_a_pallet_with_an_uneven_top_bears_nothing() -> None:
    nine = [replace(BOX, quantity=9)]
    assert build_pallets(nine, [LOW]).packages[0].unit.on_top is OnTop.NOTHING


def test_boxes_stand_out_only_as_far_as_the_deck_holds_them() -> None:
    """
    Boxes of 420 x 280 mm: nine on 1,260 x 860 mm, so that 18 go into two layers of one pallet where 30 mm may stand out.

    A sheet of 1,260 x 30 mm would lie beside the deck: it is left.
    """
    wide = [replace(BOX, length_mm=420, width_mm=280, quantity=18)]
    over = replace(LOW, overhang_mm=30)
    answer = checked(wide, [over], build_pallets(wide, [over]))
    assert [package.unit.length_mm for package in answer.packages] == [1_260]
    assert len(build_pallets(wide, [LOW]).packages) == 2
    sheet = Unit(id="sheet", length_mm=1_260, width_mm=30, height_mm=30, weight_g=100)
    assert build_pallets([sheet], [over]).left == (sheet,)


def test_the_kind_of_pallet_that_needs_fewer_is_taken() -> None:
    """A layer has eight boxes on a EUR pallet, ten on an ISO one."""
    twenty = [replace(BOX, quantity=20)]
    low_iso = replace(ISO, height_max_mm=644)
    answer = checked(twenty, [LOW, low_iso], build_pallets(twenty, [LOW, low_iso]))
    assert [package.kind for package in answer.packages] == ["ISO"]


def test_what_no_pallet_takes_is_left() -> None:
    mast = Unit(id="mast", length_mm=3_000, width_mm=100, height_mm=100)
    answer = checked([mast, BOX], [EUR], build_pallets([mast, BOX], [EUR]))
    assert answer.left == (mast,)
    assert build_pallets([BOX], []).left == (BOX,)


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10_000))
def test_mixed_boxes_stand_as_the_checker_allows(seed: int) -> None:
    boxes = mixed(random.Random(seed))
    answer = checked(boxes, [EUR], build_pallets(boxes, [EUR], work=200, seed=seed))
    assert answer.bound == least_pallets(EUR.hold, boxes)
    assert answer == build_pallets(boxes, [EUR], work=200, seed=seed)


def mixed(rng: random.Random) -> list[Unit]:
    return [
        Unit(
            id=f"b{number}",
            length_mm=rng.randrange(200, 610, 10),
            width_mm=rng.randrange(150, 410, 10),
            height_mm=rng.randrange(100, 410, 10),
            weight_g=rng.randrange(2_000, 25_000),
            quantity=rng.randint(1, 8),
            rotations=rng.choice((UPRIGHT, ANY_WAY)),
            on_top=rng.choice((*OnTop, OnTop.ANYTHING, OnTop.ANYTHING)),
            bearing_max_g=rng.choice((None, None, 60_000)),
        )
        for number in range(rng.randint(1, 8))
    ]


CARTON = Carton(id="c", inner_length_mm=390, inner_width_mm=290, inner_height_mm=240, wall_mm=5, tare_g=400)


def test_items_go_into_cartons_and_cartons_onto_pallets() -> None:
    """
    Eight items of 190 x 140 x 120 to a carton of 400 x 300 x 250 outside, sixteen cartons to a low pallet.

    130 items: 17 cartons, the last with two items; two pallets. The crate goes onto a pallet as it is.
    """
    item = Unit(id="item", length_mm=190, width_mm=140, height_mm=120, weight_g=500, quantity=130)
    crate = Unit(id="crate", length_mm=800, width_mm=600, height_mm=400, weight_g=30_000)
    machine = Unit(id="machine", length_mm=1_500, width_mm=900, height_mm=900, weight_g=400_000)
    desk = Unit(id="desk", length_mm=600, width_mm=600, height_mm=200, weight_g=5_000, floor_only=True)
    answer = prepare([item, crate, machine, desk], cartons=[CARTON], pallets=[LOW])
    own = [unit for unit in answer.units if unit.id in {"machine", "desk"}]
    pallets = [unit for unit in answer.units if unit not in own]
    assert len(own) == 2
    assert all(unit.floor_only and unit.length_mm == 1_200 for unit in pallets)
    assert sum(entry.unit.quantity for entry in answer.cartons) == 17
    assert sum(len(package.placements) for entry in answer.cartons for package in entry.packages) == 130
    total_g = sum(unit.weight_g * unit.quantity for unit in pallets)
    count = sum(unit.quantity for unit in pallets)
    assert total_g == 130 * 500 + 17 * 400 + 30_000 + count * 25_000
    named = [
        (at.unit, at.number) for entry in answer.handled for package in entry.packages for at in package.placements
    ]
    cartons = [(entry.unit.id, number + 1) for entry in answer.cartons for number in range(entry.unit.quantity)]
    assert sorted(named) == sorted([*cartons, ("crate", 1)])


def test_without_catalogues_items_are_what_is_booked() -> None:
    answer = prepare([BOX])
    assert answer.units == (BOX,)
    assert answer.proved
    assert prepare([]).units == ()


def test_what_is_to_be_kept_apart_shares_no_package() -> None:
    soap = Unit(id="soap", length_mm=100, width_mm=100, height_mm=100, groups=("soap",))
    bread = replace(soap, id="bread", groups=("bread",))
    acid = replace(soap, id="acid", groups=("acid",), quantity=2)
    answer = prepare([soap, bread, acid], cartons=[CARTON], pallets=[LOW], apart=[("bread", "soap"), ("acid", "acid")])
    groups = sorted(unit.groups for unit in answer.units)
    assert groups == [("acid",), ("bread",), ("soap",)]
    assert next(unit for unit in answer.units if unit.id == "acid").quantity == 2
