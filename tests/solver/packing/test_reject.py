"""Proofs that a load cannot fit: each true, none of a load that construction or exact decision finds places for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.check_stow import check_load
from solver.goods import ANY_WAY, Axle, Chassis, Hold, Unit
from solver.loads import Cargo, Load, Verdict
from solver.packing.construct_search import FITS, search
from solver.packing.exact import decide
from solver.packing.layout import Layout
from solver.packing.reject import FUNCTIONS, rejected, stretched
from tests.solver.packing.random_loads import random_load


def proof(load: Load) -> str | None:
    layout = Layout(load)
    reason = rejected(layout.room, layout.goods, layout.stays)
    return None if reason is None else reason.tier


def cubes(quantity: int, edge_mm: int, hold: Hold, **further: object) -> Load:
    unit = Unit(id="u", length_mm=edge_mm, width_mm=edge_mm, height_mm=edge_mm, quantity=quantity, **further)
    return Load(hold=hold, cargo=(Cargo(order="o", unit=unit),))


ROOM = Hold(length_mm=1000, width_mm=1000, height_mm=1000, weight_max_g=1000)


def test_each_proof_has_its_name() -> None:
    assert proof(cubes(1, 1001, ROOM)) == "size"
    assert proof(cubes(2, 100, ROOM, weight_g=501)) == "weight"
    assert proof(cubes(9, 500, ROOM)) == "volume"
    # Two cubes of 501: each more than half of every edge, though a quarter of the volume in all.
    assert proof(cubes(2, 501, ROOM)) == "edges"
    # Five squares of 500 on a floor for four, 100 high.
    flat = Unit(id="u", length_mm=500, width_mm=500, height_mm=100, quantity=5, floor_only=True)
    assert proof(Load(hold=ROOM, cargo=(Cargo(order="o", unit=flat),))) == "floor"


def test_what_just_fits_is_not_rejected() -> None:
    assert proof(cubes(1, 1000, ROOM)) is None
    assert proof(cubes(2, 500, ROOM, weight_g=500)) is None
    assert proof(cubes(8, 500, ROOM)) is None
    assert proof(cubes(27, 333, ROOM)) is None


def test_thirds_are_proved_as_well() -> None:
    # 334 is more than a third of 1000: two along each edge, eight in all, and the ninth has no place.
    assert proof(cubes(8, 334, ROOM)) is None
    assert proof(cubes(9, 334, ROOM)) in {None, "edges"}
    assert proof(cubes(9, 400, ROOM)) == "edges"


def test_only_what_is_on_board_together_counts() -> None:
    unit = Unit(id="u", length_mm=900, width_mm=900, height_mm=900, weight_g=900)
    relay = tuple(Cargo(order=str(stop), unit=unit, from_stop=stop, to_stop=stop + 1) for stop in range(3))
    assert proof(Load(hold=ROOM, cargo=relay)) is None
    both = (*relay, Cargo(order="x", unit=unit, from_stop=1, to_stop=2))
    assert proof(Load(hold=ROOM, cargo=both)) == "weight"


def chassis(max_g: int, min_g: int = 0) -> Chassis:
    return Chassis(axles=(Axle(id="f", at_mm=0, max_g=max_g, min_g=min_g), Axle(id="r", at_mm=1000, max_g=1000)))


@pytest.mark.parametrize(
    ("max_g", "min_g", "expected"),
    [
        (1000, 0, None),
        # The middle of a cube of 400 lies between 200 and 800: from 800 to 200 g of its 1000 rest on the front axle.
        (198, 0, "axles"),
        (201, 0, None),
        (1000, 802, "axles"),
        (1000, 799, None),
    ],
)
def test_an_axle_that_no_place_keeps_within_limits_is_a_proof(max_g: int, min_g: int, expected: str | None) -> None:
    # An empty hold has nothing on its axles: a least weight then is broken after unloading, whatever stands where.
    hold = Hold(length_mm=1000, width_mm=1000, height_mm=1000, chassis=chassis(max_g, min_g))
    unit = Unit(id="u", length_mm=400, width_mm=400, height_mm=400, weight_g=1000)
    load = Load(hold=hold, cargo=(Cargo(order="o", unit=unit),))
    assert proof(load) == ("axles" if min_g else expected)


@given(st.integers(1, 60), st.lists(st.integers(1, 60), min_size=1, max_size=60), st.integers(0, FUNCTIONS - 1))
def test_functions_of_edges_that_fit_side_by_side_sum_to_one_at_most(whole: int, edges: list[int], which: int) -> None:
    taken: list[int] = []
    for edge in edges:
        if sum(taken) + edge <= whole:
            taken.append(edge)
    assert sum(stretched(edge, whole, which) for edge in taken) <= 1 + 1e-12


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 10**6))
def test_nothing_is_rejected_that_construction_finds_places_for(seed: int) -> None:
    load = random_load(seed)
    layout = Layout(load)
    found = np.zeros((len(layout.stays.kind), 5), dtype=np.int64)
    if search(layout.room, layout.goods, layout.stays, 10, False, 1, found) == FITS:
        assert check_load(load, layout.placements(found)) == []
        assert proof(load) is None


def test_every_proof_agrees_with_the_exact_decision() -> None:
    proofs = [load for load in (random_load(seed, units=6) for seed in range(120)) if proof(load) in {"edges", "axles"}]
    assert len(proofs) > 10
    assert {decide(load).verdict for load in proofs} == {Verdict.PROVED_NOT}


def test_units_that_lie_any_way_are_proved_by_their_least_way() -> None:
    # 600 x 600 x 100 in a cube of 1000: stacked flat ten of them fit, though two of 600 x 600 never lie side by side.
    unit = Unit(id="u", length_mm=600, width_mm=600, height_mm=100, quantity=10, rotations=ANY_WAY)
    assert proof(Load(hold=ROOM, cargo=(Cargo(order="o", unit=unit),))) is None
