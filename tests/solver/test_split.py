from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from solver.assemble import assemble
from solver.check import check
from solver.check_split import check_certificate
from solver.compiled import Compiled
from solver.pool import Pool
from solver.problem import Order, Problem, Visit
from solver.shares import Rule, Split, SplitProgress, SplitStopped, Verdict
from solver.split import PREVIEW, USUAL, split_cost
from tests.solver.sharing.worlds import parcel, road

RATIONAL = [
    Rule.NUCLEOLUS,
    Rule.PER_CAPITA_NUCLEOLUS,
    Rule.PROPORTIONAL_NUCLEOLUS,
    Rule.EQUAL_PROFIT,
    Rule.SHAPLEY,
    Rule.PROPORTIONAL,
    Rule.ACAM,
    Rule.OWEN,
]
"""Under them nobody ever pays more than alone."""
EVERY_RULE = pytest.mark.parametrize("rule", RATIONAL)


def split(problem: Problem, *routes: list[str], rule: Rule = Rule.NUCLEOLUS, **options) -> Split:
    """The split of a plan with these routes of order ids (deliveries all)."""
    compiled = Compiled(problem)
    keys = [(0, tuple(2 * compiled.order_index[order] + 1 for order in route)) for route in routes]
    return split_cost(problem, assemble(compiled, keys), Pool(compiled), rule, **options)


def paid(result: Split) -> dict[str, int]:
    return {share.owner: share.share_minor for share in result.shares}


def alone(result: Split) -> dict[str, int]:
    return {share.owner: share.stand_alone_minor for share in result.shares}


@EVERY_RULE
def test_two_neighbours_who_share_a_van_pay_half_each(rule: Rule) -> None:
    # A van is 80, and 10 km out and back 20: alone 100 each. Together one van, 10 km out and back: 100.
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 10), fixed=80)
    result = split(day, ["a", "b"], rule=rule)
    assert paid(result) == {"anna": 50, "binh": 50}
    assert alone(result) == {"anna": 100, "binh": 100}
    assert [share.incremental_minor for share in result.shares] == [0, 0]
    assert result.excess_max_minor == -50
    assert result.in_core
    assert result.individually_rational
    assert result.certificate.players == ("anna", "binh")
    assert result.certificate.lower_minor == result.certificate.upper_minor == (0, 100, 100, 100)
    assert result.certificate.verdict is Verdict.STABLE
    assert (result.coalitions, result.coalitions_proven) == (3, 3)
    assert result.plan is None


def test_the_one_further_out_pays_the_further_way() -> None:
    # Van 40: anna alone 40 + 20 = 60, binh 40 + 60 = 100, together 40 + 60 = 100. Saving 60, half each: 30 and 70.
    result = split(road(parcel("a", "anna", 10), parcel("b", "binh", 30), fixed=40), ["a", "b"])
    assert paid(result) == {"anna": 30, "binh": 70}
    assert [share.incremental_minor for share in result.shares] == [0, 40]


def test_three_rules_three_splits_of_the_same_van() -> None:
    # Van 60. Alone a 10 km: 80, b 20 km: 100, c 60 km: 180; ab 100, ac 180, bc 180, abc 180. Savings v: ab 80, ac 80,
    # bc 100, abc 180. Shapley savings: a 80/6 + 80/6 + 80/3 = 160/3, b 80/6 + 100/6 + 100/3 = 190/3, c the same as b.
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 20), parcel("c", "chi", 60), fixed=60)
    van = ["a", "b", "c"]
    # Savings of 53.33, 63.33, 63.33 rounded down leave one unit, which goes to the first by name of equal remainders.
    assert paid(split(day, van, rule=Rule.SHAPLEY)) == {"anna": 26, "binh": 37, "chi": 117}
    # The same half of what each had alone.
    assert paid(split(day, van, rule=Rule.PROPORTIONAL)) == {"anna": 40, "binh": 50, "chi": 90}
    # What two save beyond their own v is 100 less what the third saves (80 for binh and chi): a third of 80 + 100 +
    # 100 - 180 for each pair, so savings 80 - 33.33, 100 - 33.33 twice; no single one is worse than that. Two odd units.
    assert paid(split(day, van, rule=Rule.NUCLEOLUS)) == {"anna": 33, "binh": 33, "chi": 114}


@EVERY_RULE
def test_who_has_nothing_to_share_pays_what_it_pays_alone(rule: Rule) -> None:
    # dung fills a van alone: 80 + 20 = 100 with the others or without.
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 10), parcel("d", "dung", 10, load=10), fixed=80, boxes=10)
    result = split(day, ["a", "b"], ["d"], rule=rule)
    if rule is Rule.PROPORTIONAL:
        # The same third off for everybody, whether there is anything to share or not.
        assert paid(result) == {"anna": 66, "binh": 67, "dung": 67}
    else:
        assert paid(result) == {"anna": 50, "binh": 50, "dung": 100}


@EVERY_RULE
def test_a_member_by_itself_pays_the_plan(rule: Rule) -> None:
    result = split(road(parcel("a", "anna", 10), parcel("b", "anna", 20), fixed=5), ["a", "b"], rule=rule)
    assert paid(result) == alone(result) == {"anna": 45}
    assert result.excess_max_minor == 0
    assert result.shares[0].incremental_minor == 45


@EVERY_RULE
def test_a_member_whose_orders_all_stay_outside_pays_its_outside_options(rule: Rule) -> None:
    # binh is 500 km out; its outside option of 30 is cheaper. anna pays 80 + 20.
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 500, outside=30), fixed=80)
    result = split(day, ["a"], rule=rule)
    assert result.cost_minor == 130
    assert paid(result) == {"anna": 100, "binh": 30}


def test_a_mandatory_order_that_nobody_can_serve_takes_no_part() -> None:
    # binh's load fits no van, so that the plan leaves it; anna pays as if it were not there, binh nothing.
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 10, load=11), boxes=10, fixed=80)
    result = split(day, ["a"])
    assert paid(result) == {"anna": 100, "binh": 0}
    assert alone(result) == {"anna": 100, "binh": 0}


def test_where_no_order_can_be_served_everybody_pays_nothing() -> None:
    result = split(road(parcel("b", "binh", 10, load=11), boxes=10, fixed=80), [])
    assert paid(result) == alone(result) == {"binh": 0}
    assert result.shares[0].incremental_minor == 0


@EVERY_RULE
def test_an_empty_day_costs_nobody_anything(rule: Rule) -> None:
    result = split(road(), rule=rule)
    assert (result.cost_minor, result.shares, result.plan) == (0, (), None)


@pytest.mark.parametrize("rule", [Rule.NUCLEOLUS, Rule.SHAPLEY])
def test_members_who_are_alike_pay_the_same_to_the_unit(rule: Rule) -> None:
    # Four at the same place share one van: 80 + 20 = 100, 25 each.
    day = road(*(parcel(f"o{k}", f"m{k}", 10) for k in range(4)), fixed=80)
    assert set(paid(split(day, ["o0", "o1", "o2", "o3"], rule=rule)).values()) == {25}


def test_a_better_plan_found_on_the_way_becomes_the_plan() -> None:
    # Two vans cost 200 where one does at 100.
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 10), fixed=80)
    result = split(day, ["a"], ["b"])
    assert result.plan is not None
    assert check(day, result.plan) == []
    assert result.plan.cost_milli == 100_000
    assert result.cost_minor == 100
    assert paid(result) == {"anna": 50, "binh": 50}


def test_small_members_are_united_and_share_by_their_cost_alone() -> None:
    # One van of 60 for all, stops at 10, 20, 30 and 60 km: alone 80, 100, 120, 180. For three players the two
    # smallest are united; their part is split 80 : 100.
    day = road(*(parcel(id_, id_, km) for id_, km in zip("abcd", (10, 20, 30, 60), strict=True)), fixed=60)
    result = split(day, list("abcd"), players_max=3)
    assert result.unions == (("a", "b"),)
    assert result.coalitions == 7
    assert alone(result) == {"a": 80, "b": 100, "c": 120, "d": 180}
    shares = paid(result)
    assert sum(shares.values()) == 180
    assert shares["a"] * 100 == pytest.approx(shares["b"] * 80, abs=180)
    assert [share.incremental_minor for share in result.shares] == [0, 0, 0, 60]


def test_with_one_player_all_share_by_their_cost_alone() -> None:
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 30), fixed=40)
    result = split(day, ["a", "b"], players_max=1)
    # Alone 60 and 100, together 100: 37.5 and 62.5, the odd half to the first of equal remainders.
    assert paid(result) == {"anna": 37, "binh": 63}
    assert result.unions == (("anna", "binh"),)


def test_a_scarce_fleet_may_make_sharing_dearer_and_the_split_says_so() -> None:
    # One van of one box: anna at 10 km is served (20), binh's outside option is 90 though with a van of its own it
    # would pay 40. Together 110, alone 20 + 40 = 60.
    day = road(parcel("a", "anna", 10, outside=95), parcel("b", "binh", 20, outside=90), boxes=1, count=1)
    result = split(day, ["a"])
    assert alone(result) == {"anna": 20, "binh": 40}
    assert result.cost_minor == sum(paid(result).values()) == 110
    assert not result.individually_rational


def test_an_empty_core_is_said_to_be_one() -> None:
    # Vans of two boxes at 100, all at the depot's door: one or two pay 100, three pay 200. Any two of three would
    # leave; the best split, 66.67 each, leaves two paying 133.33 for what costs them 100.
    day = road(*(parcel(f"o{k}", f"m{k}", 0) for k in range(3)), boxes=2, fixed=100)
    result = split(day, ["o0", "o1"], ["o2"])
    assert not result.in_core
    assert sorted(paid(result).values()) == [66, 67, 67]
    assert result.excess_max_minor == 34
    assert result.individually_rational


def test_transport_orders_split_too() -> None:
    # Both from 10 km to 20 km, one van of 80: 40 km and back 40, together the same: half each.
    def move(id_: str, owner: str) -> Order:
        return Order(id=id_, owner=owner, pickup=Visit(place="km10"), delivery=Visit(place="km20"), load={"boxes": 1})

    day = road(parcel("x", "xuan", 10), parcel("y", "yen", 20), move("a", "anna"), move("b", "binh"), fixed=80)
    day = day.replace(orders=day.orders[2:])
    compiled = Compiled(day)
    plan = assemble(compiled, [(0, (0, 2, 1, 3))])
    assert paid(split_cost(day, plan, Pool(compiled))) == {"anna": 60, "binh": 60}


def test_the_given_pool_is_left_as_it_is_and_the_answer_repeats() -> None:
    day = road(*(parcel(f"o{k}", f"m{k % 3}", 7 * k % 31 + 1) for k in range(9)), fixed=50, boxes=4)
    compiled = Compiled(day)
    plan = assemble(compiled, [(0, tuple(2 * o + 1 for o in part)) for part in ((0, 1, 2), (3, 4, 5), (6, 7, 8))])
    pool = Pool(compiled)
    one = split_cost(day, plan, pool, seed=3)
    assert len(pool) == 0
    with ThreadPoolExecutor(2) as executor:
        other = split_cost(day, plan, pool, seed=3, executor=executor)
    assert (one.shares, one.pool_digest) == (other.shares, other.pool_digest)


def test_progress_counts_coalitions_and_stopping_stops() -> None:
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 10), fixed=80)
    told: list[SplitProgress] = []
    split(day, ["a", "b"], progress=told.append)
    assert [entry.done for entry in told if entry.phase == "prove"] == [0, 1, 2, 3]
    assert [entry.phase for entry in told if not entry.done] == ["explore", "prove", "price", "close"]
    with pytest.raises(SplitStopped):
        split(day, ["a", "b"], stop=lambda: True)


@EVERY_RULE
def test_with_nothing_proven_a_share_lies_between_nothing_and_the_cost_alone(rule: Rule) -> None:
    # Stops at 10, 20 and 60 km, a van of 60 for all: alone 80, 100 and 180, together 180.
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 20), parcel("c", "chi", 60), fixed=60)
    result = split(day, ["a", "b", "c"], rule=rule, effort=PREVIEW)
    assert result.coalitions_proven == 0
    assert result.certificate.verdict is Verdict.OPEN
    for share in result.shares:
        assert 0 <= share.low_minor <= share.share_minor <= share.high_minor <= share.stand_alone_minor


def test_proofs_of_days_beyond_the_size_are_not_tried() -> None:
    # Four stops on one route: 4 x 4 / 1 = 16.
    day = road(*(parcel(id_, id_, km) for id_, km in zip("abcd", (10, 20, 30, 60), strict=True)), fixed=60)
    at_most = structs.replace(USUAL, size_max=16)
    assert split(day, list("abcd"), effort=at_most).coalitions_proven == 15
    assert split(day, list("abcd"), effort=structs.replace(at_most, size_max=15)).coalitions_proven == 0


def test_a_pool_of_another_problem_is_refused() -> None:
    day, other = road(parcel("a", "anna", 10)), road(parcel("a", "anna", 20))
    plan = assemble(Compiled(day), [(0, (1,))])
    with pytest.raises(ValueError, match="own problem"):
        split_cost(day, plan, Pool(Compiled(other)))


@settings(max_examples=15, deadline=None)
@given(
    stops=st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 40), st.integers(1, 4), st.none() | st.integers(10, 150)),
        min_size=1,
        max_size=8,
    ),
    fixed=st.integers(0, 90),
    rule=st.sampled_from(RATIONAL),
)
def test_any_day_is_split_exactly_with_nobody_worse_off_than_alone(
    stops: list[tuple[int, int, int, int | None]], fixed: int, rule: Rule
) -> None:
    orders = [parcel(f"o{k}", f"m{o}", km, load=load, outside=out) for k, (o, km, load, out) in enumerate(stops)]
    day = road(*orders, fixed=fixed, boxes=5)
    result = split(day, *([order.id] for order in orders), rule=rule)
    assert sum(paid(result).values()) == result.cost_minor
    assert result.individually_rational
    assert all(share.saving_minor == share.stand_alone_minor - share.share_minor >= 0 for share in result.shares)
    assert all(0 <= share.incremental_minor <= share.stand_alone_minor for share in result.shares)
    assert check_certificate(result.certificate) == ()
    assert all(share.low_minor <= share.share_minor <= share.high_minor for share in result.shares)
