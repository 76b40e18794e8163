from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.compiled import Compiled
from solver.parts import Lock
from solver.pool import Pool
from solver.problem import Problem
from solver.shares import Rule
from solver.statements.estimate import Changed, share_then
from solver.statements.questions import Answer, DayLater, NotYours, OtherDay, Question, Settled, StayOut, WiderWindow
from solver.statements.statement import NoSuchMember
from solver.statements.what_if import what_if
from tests.solver.sharing.worlds import parcel, road
from tests.solver.statements.days import at, four_on_the_road, planned, share, split_of, two_on_the_road


def same_time_elsewhere() -> Problem:
    """Anna at km 10 and binh at km 20 both want their parcel at second 5000 sharp: two vans of 40, 60 and 80."""
    return road(at(parcel("a", "anna", 10), (5_000, 5_000)), at(parcel("b", "binh", 20), (5_000, 5_000)), fixed=40)


def asked_of_two(question: Question, rule: Rule = Rule.NUCLEOLUS) -> Answer:
    day = same_time_elsewhere()
    split = split_of(share("anna", 60, 60, 60), share("binh", 80, 80, 80), rule=rule, rule_applied=rule)
    return what_if(day, planned(day, ["a"], ["b"]), None, split, "anna", question)


def test_staying_out_costs_what_standing_alone_costs() -> None:
    answer = what_if(*_with_pool(four_on_the_road()), "anna", StayOut())
    assert (answer.share_minor, answer.share_then_minor, answer.change_minor, answer.grain_minor) == (20, 60, 40, 0)


def _with_pool(day: tuple) -> tuple:
    problem, plan, split = day
    return problem, plan, Pool(Compiled(problem)), split


def test_a_wider_window_lets_two_ride_together_and_halves_what_they_save() -> None:
    # Ten minutes earlier anna's parcel is on binh's way: one van, 40 + 40 = 80 instead of 140. Of the 60 saved half is
    # anna's: 60 - 30.
    answer = asked_of_two(WiderWindow(earlier_s=600))
    assert (answer.stand_alone_then_minor, answer.share_then_minor, answer.change_minor) == (60, 30, -30)
    assert answer.grain_minor == 3


def test_a_window_that_is_not_wide_enough_changes_nothing() -> None:
    assert asked_of_two(WiderWindow(earlier_s=599)).change_minor == 0


def test_in_proportion_to_costs_alone_the_new_bill_is_shared_in_that_proportion() -> None:
    # 60 of 140 of a bill of 80 are 34.3: down by 25.7, of which 24 is told (steps of 3).
    assert asked_of_two(WiderWindow(orders=("a",), earlier_s=600), Rule.PROPORTIONAL).change_minor == -24


def test_by_number_of_shipments_the_part_of_the_bill_stays_the_same() -> None:
    # 60 of 140 by the key, of a bill of 80: 34.3 again.
    assert asked_of_two(WiderWindow(earlier_s=600), Rule.ORDERS).share_then_minor == 36


def test_the_same_question_gets_the_same_answer() -> None:
    question = WiderWindow(earlier_s=3_600, later_s=3_600)
    assert asked_of_two(question) == asked_of_two(question)


def far_and_near() -> tuple:
    """
    A van is 40. Anna has parcels at km 10 and km 30, alone 100; binh one at km 30, alone 100. One van for all: 100.

    Without anna it is 100 all the same, so anna adds nothing; each pays half.
    """
    day = road(parcel("near", "anna", 10), parcel("far", "anna", 30), parcel("b", "binh", 30), fixed=40)
    split = split_of(share("anna", 100, 50), share("binh", 100, 50))
    return _with_pool((day, planned(day, ["near", "far", "b"]), split))


def test_what_leaves_today_takes_its_part_of_the_cost_alone_with_it() -> None:
    # Without the far parcel anna alone would be 60, the bill stays 100, anna adds nothing: half of 60.
    answer = what_if(*far_and_near(), "anna", DayLater(orders=("far",)))
    assert (answer.stand_alone_then_minor, answer.share_then_minor, answer.change_minor) == (60, 30, -20)
    assert (answer.there_minor, answer.there_impossible) == (None, False)


def test_who_moves_everything_pays_nothing_today() -> None:
    answer = what_if(*far_and_near(), "anna", DayLater())
    assert (answer.stand_alone_then_minor, answer.share_then_minor, answer.change_minor) == (0, 0, -50)


@pytest.mark.parametrize(("km", "added"), [(30, 0), (10, 40), (29, 5)])
def test_the_other_day_asks_for_the_detour_rounded_up(km: int, added: int) -> None:
    # Binh goes to km 30, 10 or 29 there: 0, 40 or 2 more for km 30; with only one other there in steps of 5.
    there = road(parcel("x", "binh", km), parcel("y", "binh", 30, outside=0), fixed=40)
    day = OtherDay(problem=there, plan=planned(there, ["x"]))
    assert what_if(*far_and_near(), "anna", DayLater(orders=("far",)), other_day=day).there_minor == added


def test_a_day_that_knows_no_way_to_the_place_cannot_take_the_order() -> None:
    there = road(parcel("x", "binh", 20), fixed=40)
    day = OtherDay(problem=there, plan=planned(there, ["x"]))
    answer = what_if(*far_and_near(), "anna", DayLater(orders=("far",)), other_day=day)
    assert (answer.there_minor, answer.there_impossible) == (None, True)


def test_a_day_whose_only_van_is_full_cannot_take_the_order() -> None:
    there = road(parcel("x", "binh", 30, load=10), fixed=40, count=1)
    day = OtherDay(problem=there, plan=planned(there, ["x"]))
    answer = what_if(*far_and_near(), "anna", DayLater(orders=("far",)), other_day=day)
    assert (answer.there_minor, answer.there_impossible) == (None, True)


def test_orders_of_others_and_orders_of_nobody_are_refused_alike() -> None:
    said = []
    for order in ("b", "no such order"):
        with pytest.raises(NotYours) as refused:
            what_if(*far_and_near(), "anna", DayLater(orders=(order,)))
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_an_order_that_is_on_its_way_does_not_leave() -> None:
    problem, plan, _, split = far_and_near()
    locked = problem.replace(locks=(Lock(vehicle_type="van", vehicle=1, orders=("far",)),))
    with pytest.raises(Settled):
        what_if(locked, plan, None, split, "anna", DayLater(orders=("far",)))


def test_who_owns_nothing_asks_nothing() -> None:
    with pytest.raises(NoSuchMember):
        what_if(*far_and_near(), "emil", StayOut())


@pytest.mark.parametrize("moved", [{}, {"earlier_s": -1, "later_s": 5}, {"later_s": 86_401}])
def test_a_window_that_is_not_wider_is_no_question(moved: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at most a day"):
        WiderWindow(**moved)


def test_limits_are_told_only_where_three_others_took_part() -> None:
    few = what_if(*_with_pool(two_on_the_road()), "anna", WiderWindow(later_s=60))
    many = what_if(*_with_pool(four_on_the_road()), "dung", WiderWindow(later_s=60))
    assert (few.low_then_minor, few.high_then_minor) == (None, None)
    assert (many.low_then_minor, many.high_then_minor) == (20, 120)


def test_what_the_member_alone_would_pay_does_not_depend_on_others() -> None:
    alone = set()
    for km in (5, 17, 30, 44):
        day = road(
            at(parcel("a1", "anna", 10), (5_000, 5_000)),
            at(parcel("a2", "anna", 30), (5_000, 5_000)),
            at(parcel("b", "binh", km), (km * 100, 9_000)),
            fixed=40,
        )
        split = split_of(share("anna", 160, 100, 90), share("binh", 40 + 2 * km, 20))
        answer = what_if(day, planned(day, ["a1"], ["a2"], ["b"]), None, split, "anna", WiderWindow(later_s=3_600))
        alone.add(answer.stand_alone_then_minor)
    assert alone == {100}, "both on one van: 40 + 60"


@st.composite
def changes(draw: st.DrawFn) -> Changed:
    alone = draw(st.integers(0, 10_000))
    incremental = draw(st.integers(0, alone))
    one = share("anna", alone, draw(st.integers(incremental, alone)), incremental)
    return Changed(
        share=one,
        cost_minor=draw(st.integers(alone, 50_000)),
        alone_minor=draw(st.integers(alone, 90_000)),
        saved_milli=draw(st.integers(0, 12_000_000)),
        saved_alone_milli=draw(st.integers(0, 12_000_000)),
        keys_left=Fraction(1),
    )


@given(changed=changes())
def test_an_estimate_stays_between_what_the_member_adds_and_what_it_pays_alone(changed: Changed) -> None:
    then = share_then(Rule.SHAPLEY, changed)
    assert int(changed.incremental_then) <= then <= changed.alone_then_minor


@given(changed=changes(), saved_minor=st.integers(0, 10_000))
def test_what_every_group_saves_with_a_member_is_the_members(changed: Changed, saved_minor: int) -> None:
    one = changed.share
    if not one.incremental_minor < one.stand_alone_minor or saved_minor > one.incremental_minor:
        return
    milli = 1_000 * saved_minor
    same = changed._replace(saved_milli=milli, saved_alone_milli=milli)
    assert share_then(Rule.NUCLEOLUS, same) == one.share_minor - saved_minor


def test_an_answer_can_be_read_back_from_its_json() -> None:
    answer = asked_of_two(WiderWindow(earlier_s=600))
    assert msgspec.json.decode(msgspec.json.encode(answer), type=Answer) == answer
