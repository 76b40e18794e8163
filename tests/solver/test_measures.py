import pytest
from msgspec import structs

from solver.assemble import assemble
from solver.compiled import Compiled
from solver.faults import ProblemError
from solver.measures import direct_m, key_of_owners
from solver.pool import Pool
from solver.problem import Order, Problem, Visit
from solver.shares import Rule
from solver.split import Terms, joined_players, split_cost
from tests.solver.sharing.worlds import parcel, road


def weighed() -> Problem:
    """Anna: 2 kg at 10 km; Binh: 1 kg at 30 km and 3 kg from 10 to 30 km; a van of 40 for all."""
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 30), fixed=40)
    move = Order(id="c", owner="binh", pickup=Visit(place="km10"), delivery=Visit(place="km30"))
    orders = [
        structs.replace(order, load={**order.load, "weight_g": grams})
        for order, grams in zip((*day.orders, move), (2_000, 1_000, 3_000), strict=True)
    ]
    van = structs.replace(day.vehicle_types[0], capacity={"boxes": 10, "weight_g": 20_000})
    return structs.replace(day, orders=tuple(orders), vehicle_types=(van,))


def key(rule: Rule) -> dict[str, int] | None:
    return key_of_owners(Compiled(weighed()), rule, range(3))


def test_keys_add_up_what_each_owner_sends() -> None:
    assert key(Rule.WEIGHT) == {"anna": 2_000, "binh": 4_000}
    assert key(Rule.ORDERS) == {"anna": 1, "binh": 2}
    # 2,000 g x 10,000 m; 1,000 x 30,000 + 3,000 x 20,000.
    assert key(Rule.TONNE_KM) == {"anna": 20_000_000, "binh": 90_000_000}
    assert key(Rule.SHAPLEY) is None


def test_an_orders_own_way_is_the_direct_one() -> None:
    compiled = Compiled(weighed())
    assert [direct_m(compiled, order) for order in range(3)] == [10_000, 30_000, 20_000]


def test_a_key_that_nobody_gave_is_a_fault() -> None:
    with pytest.raises(ProblemError) as caught:
        key(Rule.VOLUME)
    assert [fault.code for fault in caught.value.faults] == ["key_missing"]


def split(rule: Rule, terms: Terms) -> dict[str, int]:
    day = weighed()
    compiled = Compiled(day)
    plan = assemble(compiled, [(0, (1, 4, 3, 5))])
    result = split_cost(day, plan, Pool(compiled), rule, terms=terms)
    assert result.cost_minor == 100
    return {share.owner: share.share_minor for share in result.shares}


def test_by_weight_one_may_pay_more_than_alone_until_it_is_repaired() -> None:
    # Together 40 + 60 = 100, alone anna 60 and binh 100. By tonne-km 2 : 9, by weight 1 : 2.
    assert split(Rule.WEIGHT, Terms()) == {"anna": 33, "binh": 67}
    assert split(Rule.TONNE_KM, Terms()) == {"anna": 18, "binh": 82}


def test_weights_and_unions_are_named_by_owner() -> None:
    # The saving of 60 split 1 : 3 by weighted Shapley with two players: costs alone 60 - 15, 100 - 45.
    assert split(Rule.WEIGHTED_SHAPLEY, Terms(weights={"anna": 1, "binh": 3})) != split(Rule.SHAPLEY, Terms())
    assert split(Rule.OWEN, Terms(unions=[["anna", "binh"]])) == split(Rule.SHAPLEY, Terms())


def test_unions_name_owners_whoever_has_orders_and_however_players_are_counted() -> None:
    """Carl has no orders. Anna and Dung are counted as one: they stand where the dearer one, Dung, does."""
    assert split(Rule.OWEN, Terms(unions=[["anna", "carl"]])) == split(Rule.SHAPLEY, Terms())
    alone = {"anna": 5, "binh": 7, "dung": 9, "em": 1}
    players, owners = ["anna, dung", "binh", "em"], [("anna", "dung"), ("binh",), ("em",)]
    assert joined_players([["anna", "em"], ["binh", "dung"]], players, owners, alone) == [
        ["em"],
        ["anna, dung", "binh"],
    ]
