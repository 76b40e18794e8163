"""Which containers: every packing passes the checker, small worlds cost what brute force says, nothing is lost."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from solver.check_pack import check_packing
from solver.check_stow import check_load
from solver.faults import ProblemError
from solver.goods import ANY_WAY, Hold, Unit
from solver.loads import Cargo, Consignment, Container, Load, Packing, PackProblem, Verdict
from solver.packing.choose import divide, pack
from solver.packing.exact import decide
from solver.packing.fits import fits

WORK = 4_000


def hold(length_mm: int, width_mm: int = 1_000, height_mm: int = 1_000, weight_max_g: int | None = None) -> Hold:
    return Hold(length_mm=length_mm, width_mm=width_mm, height_mm=height_mm, weight_max_g=weight_max_g)


SMALL = Container(id="small", hold=hold(1_000), cost_milli=100)
LARGE = Container(id="large", hold=hold(2_000), cost_milli=150)


def cubes(name: str, quantity: int, edge_mm: int = 1_000, **more: object) -> Unit:
    unit = Unit(id=name, length_mm=edge_mm, width_mm=edge_mm, height_mm=edge_mm, quantity=quantity)
    return replace(unit, **more)


def consignment(name: str, *units: Unit, **more: object) -> Consignment:
    return replace(Consignment(id=name, units=units), **more)


def right(problem: PackProblem, **more: int) -> Packing:
    """An answer that the checker has nothing against."""
    packing = pack(problem, work=WORK, **more)
    assert check_packing(problem, packing) == []
    return packing


def test_two_cubes_go_into_one_large_container_rather_than_two_small_ones() -> None:
    packing = right(PackProblem(containers=(SMALL, LARGE), consignments=(consignment("a", cubes("u", 2)),)))
    assert [entry.container for entry in packing.bins] == ["large"]
    assert (packing.cost_milli, packing.bound_milli, packing.proved) == (150, 150, True)


def test_three_cubes_need_a_large_and_a_small_one() -> None:
    packing = right(PackProblem(containers=(SMALL, LARGE), consignments=(consignment("a", cubes("u", 3)),)))
    assert sorted(entry.container for entry in packing.bins) == ["large", "small"]
    assert packing.proved


def test_groupage_is_taken_where_it_is_cheaper_and_for_all_of_a_consignment() -> None:
    cheap = consignment("cheap", cubes("u", 2, 500), groupage_milli=30)
    packing = right(PackProblem(containers=(SMALL, LARGE), consignments=(cheap, consignment("b", cubes("v", 2)))))
    assert packing.cost_milli == 180
    assert [(entry.consignment, entry.quantity, entry.reason) for entry in packing.not_placed] == [
        ("cheap", 2, "groupage_cheaper")
    ]


def test_groupage_is_not_taken_where_there_is_room_anyway() -> None:
    beside = consignment("beside", cubes("u", 2, 500), groupage_milli=30)
    packing = right(PackProblem(containers=(LARGE,), consignments=(beside, consignment("b", cubes("v", 1)))))
    assert packing.not_placed == ()
    assert packing.cost_milli == 150


def test_what_is_larger_than_every_hold_is_named_and_the_rest_is_packed() -> None:
    mixed = consignment("a", cubes("giant", 1, 2_500), cubes("u", 1))
    packing = right(PackProblem(containers=(SMALL,), consignments=(mixed,)))
    assert [(entry.unit, entry.reason) for entry in packing.not_placed] == [("giant", "unit_too_large")]
    assert len(packing.bins) == 1


def test_what_is_too_heavy_is_named() -> None:
    strong = Container(id="weak", hold=hold(1_000, weight_max_g=10), cost_milli=1)
    packing = right(PackProblem(containers=(strong,), consignments=(consignment("a", cubes("u", 1, weight_g=11)),)))
    assert [entry.reason for entry in packing.not_placed] == ["unit_too_heavy"]


def test_a_consignment_with_a_rate_of_which_something_fits_nowhere_goes_as_groupage() -> None:
    mixed = consignment("a", cubes("giant", 1, 2_500), cubes("u", 1), groupage_milli=999)
    packing = right(PackProblem(containers=(SMALL,), consignments=(mixed,)))
    assert packing.cost_milli == 999
    assert {entry.reason for entry in packing.not_placed} == {"groupage_needed"}


def test_counts_are_kept_and_the_rest_is_left() -> None:
    one = replace(SMALL, count=1)
    packing = right(PackProblem(containers=(one,), consignments=(consignment("a", cubes("u", 3)),)))
    assert [(entry.quantity, entry.reason) for entry in packing.not_placed] == [(2, "containers_exhausted")]
    assert not packing.proved


def test_whole_consignments_are_not_divided() -> None:
    # 3 + 1 half-high slabs in containers of two: divided two containers are enough, whole it is too much for any.
    slab = Unit(id="u", length_mm=1_000, width_mm=1_000, height_mm=500, quantity=3)
    divided = right(PackProblem(containers=(SMALL,), consignments=(consignment("a", slab),)))
    assert len(divided.bins) == 2
    whole = right(PackProblem(containers=(SMALL,), consignments=(consignment("a", slab, whole=True),)))
    assert [(entry.quantity, entry.reason) for entry in whole.not_placed] == [(3, "bundle_too_large")]


def test_groups_that_are_apart_get_a_container_each() -> None:
    food, paint = cubes("f", 1, 400, groups=("food",)), cubes("p", 1, 400, groups=("paint",))
    consignments = (consignment("a", food), consignment("b", paint))
    assert len(right(PackProblem(containers=(SMALL,), consignments=consignments)).bins) == 1
    apart = right(PackProblem(containers=(SMALL,), consignments=consignments, apart=(("food", "paint"),)))
    assert len(apart.bins) == 2


def test_a_group_apart_from_itself_is_once_in_a_container() -> None:
    units = cubes("f", 3, 400, groups=("fierce",))
    packing = right(
        PackProblem(containers=(SMALL,), consignments=(consignment("a", units),), apart=(("fierce", "fierce"),))
    )
    assert len(packing.bins) == 3
    assert packing.proved


def test_groups_that_are_together_share_one_container() -> None:
    # Slabs of 600 beside each other do not stand in one small container; together they need the large one.
    slabs = tuple(
        consignment(name, Unit(id="u", length_mm=600, width_mm=1_000, height_mm=1_000, groups=("set",)))
        for name in ("a", "b")
    )
    cheap = replace(SMALL, cost_milli=10)
    assert right(PackProblem(containers=(cheap, LARGE), consignments=slabs)).cost_milli == 20
    packing = right(PackProblem(containers=(cheap, LARGE), consignments=slabs, together=("set",)))
    assert [entry.container for entry in packing.bins] == ["large"]


def test_stops_are_unloaded_in_order() -> None:
    first, last = consignment("first", cubes("u", 1)), consignment("last", cubes("v", 1), to_stop=2)
    packing = right(PackProblem(containers=(LARGE,), consignments=(first, last)))
    assert {entry.order: entry.x_mm for entry in packing.bins[0].placements} == {"first": 1_000, "last": 0}


def test_nothing_to_pack_needs_nothing() -> None:
    packing = right(PackProblem(containers=(SMALL,), consignments=()))
    assert (packing.bins, packing.cost_milli, packing.proved) == ((), 0, True)


def test_a_wrong_question_is_refused_with_its_faults() -> None:
    with pytest.raises(ProblemError):
        pack(PackProblem(containers=(), consignments=()))


def test_an_order_larger_than_a_vehicle_is_divided_into_parts_that_fit() -> None:
    units = (cubes("u", 5), cubes("v", 3, 500))
    parts = divide(units, LARGE.hold, work=WORK)
    assert len(parts) == 3
    counts = [sum(unit.quantity for part in parts for unit in part if unit.id == name) for name in ("u", "v")]
    assert counts == [5, 3]
    for part in parts:
        load = Load(hold=LARGE.hold, cargo=tuple(Cargo(order="o", unit=unit) for unit in part))
        fit = fits(load)
        assert fit.verdict is Verdict.FITS
        assert check_load(load, fit.placements) == []


def test_an_order_with_a_unit_that_fits_no_vehicle_is_not_divided() -> None:
    assert divide((cubes("giant", 1, 2_500), cubes("u", 1)), LARGE.hold, work=WORK) == ()


def brute_force(problem: PackProblem) -> int:
    """Cheapest over all divisions of single units, each container decided exactly."""
    units = [
        (entry.id, replace(unit, quantity=1, id=f"{unit.id}{number}"))
        for entry in problem.consignments
        for unit in entry.units
        for number in range(unit.quantity)
    ]
    costs: dict[frozenset[int], int | None] = {}

    def cost_of(chosen: frozenset[int]) -> int | None:
        if chosen not in costs:
            cargo = tuple(Cargo(order=units[at][0], unit=units[at][1]) for at in sorted(chosen))
            able = [
                container.cost_milli
                for container in problem.containers
                if decide(Load(hold=container.hold, cargo=cargo)).verdict is Verdict.FITS
            ]
            costs[chosen] = min(able, default=None)
        return costs[chosen]

    best = 10**9
    for places in product(range(len(units)), repeat=len(units)):
        if any(place > max(places[:at], default=-1) + 1 for at, place in enumerate(places)):
            continue
        parts = [cost_of(frozenset(at for at, place in enumerate(places) if place == bin_)) for bin_ in set(places)]
        if all(part is not None for part in parts):
            best = min(best, sum(part or 0 for part in parts))
    return best


edges = st.integers(3, 10).map(lambda tenths: tenths * 100)
boxes = st.builds(Unit, id=st.just("u"), length_mm=edges, width_mm=edges, height_mm=edges, rotations=st.just(ANY_WAY))


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.lists(boxes, min_size=1, max_size=4))
def test_small_worlds_cost_what_brute_force_finds(units: list[Unit]) -> None:
    consignments = tuple(consignment(f"c{number}", unit) for number, unit in enumerate(units))
    problem = PackProblem(containers=(SMALL, LARGE), consignments=consignments)
    packing, best = right(problem), brute_force(problem)
    assert packing.bound_milli <= best
    assert packing.cost_milli == best
    assert not packing.not_placed


@st.composite
def worlds(draw: st.DrawFn) -> PackProblem:
    """Several consignments with groups, stops, rates and counts."""
    groups = st.sampled_from([(), (), ("red",), ("blue",)])
    consignments = []
    for number in range(draw(st.integers(1, 5))):
        units = tuple(
            replace(
                draw(boxes),
                id=f"u{at}",
                weight_g=draw(st.integers(0, 400)),
                quantity=draw(st.integers(1, 4)),
                groups=draw(groups),
            )
            for at in range(draw(st.integers(1, 2)))
        )
        rate = draw(st.sampled_from([None, 20, 90]))
        stop, whole = draw(st.integers(1, 2)), draw(st.booleans())
        consignments.append(Consignment(id=f"c{number}", units=units, to_stop=stop, groupage_milli=rate, whole=whole))
    counts = draw(st.sampled_from([None, 1, 2]))
    containers = (replace(SMALL, hold=hold(1_000, weight_max_g=900)), replace(LARGE, count=counts))
    named = {group for entry in consignments for unit in entry.units for group in unit.groups}
    apart = (("red", "blue"),) if draw(st.booleans()) and named == {"red", "blue"} else ()
    together = ("red",) if draw(st.booleans()) and "red" in named else ()
    return PackProblem(containers=containers, consignments=tuple(consignments), apart=apart, together=together)


@settings(max_examples=15, deadline=None)
@given(worlds())
def test_every_answer_is_true_to_its_question(problem: PackProblem) -> None:
    packing = right(problem)
    asked = sum(unit.quantity for entry in problem.consignments for unit in entry.units)
    stood = sum(len(entry.placements) for entry in packing.bins)
    assert stood + sum(entry.quantity for entry in packing.not_placed) == asked


def test_the_same_seed_and_work_give_the_same_packing() -> None:
    consignments = tuple(consignment(f"c{number}", cubes("u", 2, 300 + 50 * number)) for number in range(6))
    problem = PackProblem(containers=(SMALL, LARGE), consignments=consignments)
    assert right(problem, seed=4) == right(problem, seed=4)
