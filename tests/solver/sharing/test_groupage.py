from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.check_split import check_certificate
from solver.faults import ProblemError
from solver.shares import Rule
from solver.sharing.certify import certificate
from solver.sharing.groupage import Consignment, ContainerType, GroupageRate, LoadPlan, Loads, items_of, load_game
from solver.sharing.load_pack import packed, price_of
from solver.sharing.load_plans import intervals, raised
from solver.sharing.load_table import table_of
from solver.sharing.rules import KEYS, split

M3, TONNE = 1_000_000, 1_000_000
SEA = GroupageRate(unit={"volume_cm3": M3, "weight_g": TONNE}, unit_minor=90, least_minor=90)
TWENTY = ContainerType(id="20", capacity={"volume_cm3": 28 * M3, "weight_g": 21 * TONNE}, price_minor=1_500)
FORTY = ContainerType(id="40", capacity={"volume_cm3": 58 * M3, "weight_g": 26 * TONNE}, price_minor=2_200)


def goods(owner: str, cubic_metres: int, tonnes: int = 0, *, number: int = 0) -> Consignment:
    load = {"volume_cm3": cubic_metres * M3, "weight_g": tonnes * TONNE}
    return Consignment(id=f"{owner}{number}", owner=owner, load=load)


def test_two_half_containers_by_groupage_make_one_whole_container_together() -> None:
    # 14 m3 by groupage cost 1260, less than a container; together 28 m3 fill one at 1500 instead of 2520.
    found = load_game(Loads(consignments=(goods("anna", 14), goods("binh", 14)), containers=(TWENTY, FORTY), rate=SEA))
    assert found.game.cost.tolist() == [0, 1_260, 1_260, 1_500]
    assert found.game.proven.all()
    assert [(c.type, c.consignments) for c in found.plans[3].containers] == [("20", ("anna0", "binh0"))]
    assert found.plans[1].groupage == ("anna0",)


def test_what_does_not_fit_the_full_container_goes_by_groupage() -> None:
    # 20 + 8 m3 fill a container (1500), the other 3 m3 cost 270; all in a larger one 2200; all by groupage 2790.
    found = load_game(
        Loads(consignments=(goods("a", 20), goods("b", 8), goods("c", 3)), containers=(TWENTY, FORTY), rate=SEA)
    )
    assert found.game.cost[-1] == 1_770
    assert found.plans[-1].groupage == ("c0",)


def test_a_container_may_be_full_by_weight_with_room_left() -> None:
    # 12 + 12 t are beyond 21 t: the larger container (26 t, 2200) is cheaper than one small and 12 t by groupage (2580).
    found = load_game(Loads(consignments=(goods("a", 5, 12), goods("b", 5, 12)), containers=(TWENTY, FORTY), rate=SEA))
    assert found.game.cost.tolist() == [0, 1_080, 1_080, 2_160]
    dearer = GroupageRate(unit=SEA.unit, unit_minor=200)
    found = load_game(
        Loads(consignments=(goods("a", 5, 12), goods("b", 5, 12)), containers=(TWENTY, FORTY), rate=dearer)
    )
    assert found.game.cost.tolist() == [0, 1_500, 1_500, 2_200]


def test_heavy_and_bulky_goods_share_a_container_that_neither_fills() -> None:
    # Alone: 20 t by groupage 1800 or a container 1500; 26 m3 likewise 1500. Together 27 m3, 21 t: one container.
    found = load_game(Loads(consignments=(goods("a", 1, 20), goods("b", 26, 1)), containers=(TWENTY,), rate=SEA))
    assert found.game.cost.tolist() == [0, 1_500, 1_500, 1_500]


@pytest.mark.parametrize(
    ("cubic_cm", "grams", "charge"),
    [(0, 0, 90), (400_000, 0, 90), (2 * M3, TONNE, 180), (2 * M3, 3 * TONNE, 270), (2_400_001, 0, 217)],
    ids=["nothing pays the minimum", "less than a unit", "by measure", "by weight", "rounded up to a whole minor unit"],
)
def test_groupage_is_charged_by_weight_or_measure_whichever_is_more(cubic_cm: int, grams: int, charge: int) -> None:
    assert SEA.charge_minor({"volume_cm3": cubic_cm, "weight_g": grams}) == charge


def test_without_a_groupage_rate_everything_goes_in_containers() -> None:
    found = load_game(Loads(consignments=(goods("a", 20), goods("b", 20)), containers=(TWENTY, FORTY)))
    assert found.game.cost.tolist() == [0, 1_500, 1_500, 2_200]


def test_nobody_with_nothing_to_send_costs_nothing() -> None:
    assert load_game(Loads(consignments=())).game.cost.tolist() == [0]


WRONG = {
    "a consignment twice": (Loads, {"consignments": (goods("a", 1), goods("a", 1)), "rate": SEA}, "id_duplicate"),
    "fits nowhere": (Loads, {"consignments": (goods("a", 99),), "containers": (FORTY,)}, "consignment_too_big"),
    "less than nothing": (Loads, {"consignments": (goods("a", -1),), "rate": SEA}, "number_negative"),
    "an owner without a name": (Loads, {"consignments": (goods("", 1),), "rate": SEA}, "id_length"),
    "a unit of nothing": (
        Loads,
        {"consignments": (), "rate": GroupageRate(unit={"volume_cm3": 0}, unit_minor=1)},
        "number_too_small",
    ),
    "half a gram": (
        Loads,
        {"consignments": (Consignment(id="a", owner="a", load={"weight_g": 0.5}),), "rate": SEA},  # type: ignore[dict-item]
        "number_not_whole",
    ),
    "too many owners": (
        Loads,
        {"consignments": tuple(goods(str(i), 1) for i in range(21)), "rate": SEA},
        "players_too_many",
    ),
    "dearer than can be added up": (
        Loads,
        {"consignments": (goods("a", 99),), "rate": GroupageRate(unit={"volume_cm3": 1}, unit_minor=10**15)},
        "cost_overflow",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_loads_that_cannot_be_sent_are_refused(case: str) -> None:
    kind, fields, code = WRONG[case]
    with pytest.raises(ProblemError) as refused:
        kind(**fields)
    assert {fault.code for fault in refused.value.faults} == {code}


def partitions(things: list[int]) -> Iterator[list[list[int]]]:
    """Every way to part things into groups."""
    if not things:
        yield []
        return
    first, rest = things[0], things[1:]
    for groups in partitions(rest):
        yield [[first], *groups]
        for at, group in enumerate(groups):
            yield [*groups[:at], [first, *group], *groups[at + 1 :]]


def by_trying(loads: Loads, wanted: list[int]) -> int:
    """The cheapest of all ways: every partition, each group in its cheapest container or, one alone, by groupage."""
    best = 10**18
    for groups in partitions(wanted):
        cost = 0
        for group in groups:
            total = {
                name: sum(loads.consignments[at].load.get(name, 0) for at in group)
                for name in ("volume_cm3", "weight_g")
            }
            ways = [
                c.price_minor for c in loads.containers if all(total[name] <= most for name, most in c.capacity.items())
            ]
            if len(group) == 1 and loads.rate is not None:
                ways.append(loads.rate.charge_minor(total))
            cost += min(ways, default=10**15)
        best = min(best, cost)
    return best


def assert_true(loads: Loads, plan: LoadPlan, mask: int) -> None:
    """A plan carries exactly the coalition's consignments, overloads nothing, and costs what it says."""
    owners = [owner for at, owner in enumerate(loads.owners) if mask >> at & 1]
    by_id = {entry.id: entry for entry in loads.consignments}
    carried = [*plan.groupage, *(id_ for container in plan.containers for id_ in container.consignments)]
    assert sorted(carried) == sorted(entry.id for entry in loads.consignments if entry.owner in owners)
    types = {type_.id: type_ for type_ in loads.containers}
    for container in plan.containers:
        for name, most in types[container.type].capacity.items():
            assert sum(by_id[id_].load.get(name, 0) for id_ in container.consignments) <= most
    cost = sum(types[container.type].price_minor for container in plan.containers)
    cost += sum(loads.rate.charge_minor(by_id[id_].load) for id_ in plan.groupage) if loads.rate else 0
    assert plan.cost_minor == cost


@st.composite
def worlds(draw: st.DrawFn, least: int = 1, most: int = 6, players: int = 4) -> Loads:
    """Some consignments of up to four owners, two containers and mostly a rate; sizes in a few round numbers, so that ties abound."""
    number = draw(st.integers(least, most))
    consignments = tuple(
        goods(
            draw(st.sampled_from("abcd"[:players])), draw(st.integers(0, 14)) * 2, draw(st.integers(0, 7)) * 3, number=i
        )
        for i in range(number)
    )
    rate = draw(st.one_of(st.none(), st.builds(GroupageRate, unit=st.just(SEA.unit), unit_minor=st.integers(20, 200))))
    return Loads(consignments=consignments, containers=(TWENTY, FORTY), rate=rate)


@given(worlds())
@settings(deadline=None)
def test_every_coalition_pays_the_cheapest_of_all_ways(loads: Loads) -> None:
    found = load_game(loads)
    for mask in range(2 ** len(loads.owners)):
        owners = [owner for at, owner in enumerate(loads.owners) if mask >> at & 1]
        wanted = [at for at, entry in enumerate(loads.consignments) if entry.owner in owners]
        assert found.game.cost[mask] == by_trying(loads, wanted)
        assert_true(loads, found.plans[mask], mask)
    assert found.game.is_monotone()
    assert found.game.is_subadditive()


@given(worlds(most=9))
@settings(deadline=None)
def test_branch_and_bound_searched_to_its_end_is_the_table(loads: Loads) -> None:
    items = items_of(loads)
    everything = 2 ** len(loads.consignments) - 1
    best = packed(items, everything, ())
    wanted = table_of(items).cost(everything)
    assert price_of(items, everything, best.loads) == wanted
    assert best.lower_minor == wanted


@given(worlds(least=14, most=16, players=3))
@settings(deadline=None, max_examples=15)
def test_intervals_of_many_consignments_hold_the_true_costs(loads: Loads) -> None:
    items = items_of(loads)
    lower, plans = intervals(items)
    table = table_of(items)
    for mask, plan in enumerate(plans):
        assert lower[mask] <= table.cost(items.of_players(mask)) <= items.cost_of(plan, mask)


def test_twenty_four_consignments_of_six_owners_stay_in_order_within_their_intervals() -> None:
    # Volumes 3 to 11 m3 in a fixed pattern: more than one table holds, so that coalitions are searched one by one.
    consignments = tuple(goods("abcdef"[k % 6], 3 + 5 * k % 9, k % 4, number=k) for k in range(24))
    loads = Loads(consignments=consignments, containers=(TWENTY, FORTY), rate=SEA)
    found = load_game(loads)
    assert found.game.is_monotone()
    assert found.game.is_subadditive()
    assert (found.game.cost - found.game.lower <= 0.08 * found.game.cost).all()
    assert found.game.proven.mean() > 0.5
    for mask, plan in enumerate(found.plans):
        assert_true(loads, plan, mask)
        assert plan.cost_minor == found.game.cost[mask]


def test_owners_with_the_same_goods_cost_the_same_alone() -> None:
    consignments = tuple(goods(owner, 5 + k, k, number=k) for owner in "abcd" for k in range(5))
    cost = load_game(Loads(consignments=consignments, containers=(TWENTY, FORTY), rate=SEA)).game.stand_alone
    assert len(set(cost.tolist())) == 1


def test_bounds_are_drawn_from_one_another() -> None:
    # Together at least 10, Binh alone at most 3: Anna alone at least 7. And a coalition costs what one within it does.
    lower = raised(np.array([0.0, 1.0, 2.0, 10.0]), np.array([0.0, 8.0, 3.0, 11.0]))
    assert lower.tolist() == [0, 7, 2, 10]
    assert raised(np.array([0.0, 5.0, 2.0, 3.0]), np.array([0.0, 6.0, 3.0, 9.0])).tolist() == [0, 5, 2, 5]


@pytest.mark.parametrize("rule", sorted(set(Rule) - KEYS))
def test_loads_are_split_by_every_rule_and_certified(rule: Rule) -> None:
    # By groupage 1260, 720 and 630; a container at 1500 holds any two of them, one at 2200 all three (29 m3): 2130 at best.
    found = load_game(
        Loads(consignments=(goods("a", 14), goods("b", 8), goods("c", 7)), containers=(TWENTY, FORTY), rate=SEA)
    )
    shares = split(found.game, rule)
    assert sum(shares.minor) == found.plans[-1].cost_minor
    assert shares.individually_rational
    assert check_certificate(certificate(found.game, shares.minor)) == ()


def test_renaming_owners_renames_costs_and_nothing_else() -> None:
    sizes = {"anna": 14, "binh": 9, "chi": 6}
    renamed = dict(zip(sizes, ["z", "y", "x"], strict=True))
    one = load_game(
        Loads(consignments=tuple(goods(o, m) for o, m in sizes.items()), containers=(TWENTY,), rate=SEA)
    ).game
    other = load_game(
        Loads(consignments=tuple(goods(renamed[o], m) for o, m in sizes.items()), containers=(TWENTY,), rate=SEA)
    ).game
    by_name = [frozenset(p for i, p in enumerate(one.players) if mask >> i & 1) for mask in range(8)]
    for mask, names in enumerate(by_name):
        there = sum(1 << other.players.index(renamed[name]) for name in names)
        assert one.cost[mask] == other.cost[there]
