import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.faults import ProblemError
from solver.shares import Rule, Verdict
from solver.sharing.game import Game
from solver.sharing.months import ChargedDay, MonthEnd, month_end, month_game
from solver.sharing.rules import split

# Two days of Anna and Binh, one of Anna and Chi. Each day two share one van of 60 where each alone needs one of 40.
PAIR = [0, 40, 40, 60]
FIRST, SECOND = Game(["anna", "binh"], PAIR), Game(["anna", "chi"], PAIR)


def corrected(outcome: MonthEnd) -> dict[str, int]:
    return {entry.player: entry.correction_minor for entry in outcome.corrections}


def test_a_month_costs_each_coalition_the_sum_of_its_days() -> None:
    game = month_game([FIRST, FIRST, SECOND])
    assert game.players == ("anna", "binh", "chi")
    # anna 3 x 40; binh 2 x 40; both 2 x 60 + 40; chi 40; anna and chi 2 x 40 + 60; binh and chi 80 + 40; all 180.
    assert game.cost.tolist() == [0, 120, 80, 160, 40, 140, 120, 180]


def test_intervals_of_days_add_up_to_the_months() -> None:
    day = Game(["a", "b"], [0, 10, 10, 15], [0, 10, 9, 13])
    month = month_game([day, day])
    assert month.lower.tolist() == [0, 20, 18, 26]
    assert month.cost.tolist() == [0, 20, 20, 30]


def test_who_was_charged_too_much_gets_it_back_at_the_end_of_the_month() -> None:
    # By Shapley's value each pays 30 a day; Anna was charged 40 on the first of two days, Binh 20.
    days = [
        ChargedDay(FIRST, {"anna": 40, "binh": 20}),
        ChargedDay(FIRST, {"anna": 30, "binh": 30}),
    ]
    outcome = month_end(days, Rule.SHAPLEY)
    assert corrected(outcome) == {"anna": -10, "binh": 10}
    assert outcome.certificate.verdict is Verdict.STABLE


def test_charges_that_miss_the_bill_are_made_up_for() -> None:
    # Charged 50 of 60: the corrections sum to the 10 that are missing.
    outcome = month_end([ChargedDay(FIRST, {"anna": 30, "binh": 20})], Rule.SHAPLEY)
    assert corrected(outcome) == {"anna": 0, "binh": 10}
    assert outcome.bill_minor == 60


def test_cents_of_rounding_are_left_where_they_fell() -> None:
    # 61 a day: one pays 30, the other 31, every day the same one by name; half a cent a day is no reason to correct.
    day = Game(["a", "b"], [0, 40, 40, 61])
    paid = dict(zip(day.players, split(day, Rule.SHAPLEY).minor, strict=True))
    assert set(corrected(month_end([ChargedDay(day, paid)] * 20, Rule.SHAPLEY)).values()) == {0}


def test_nobody_pays_more_in_a_month_than_alone_even_where_it_was_charged_so() -> None:
    outcome = month_end([ChargedDay(FIRST, {"anna": 55, "binh": 5})], Rule.NUCLEOLUS)
    assert all(entry.share_minor <= entry.alone_minor for entry in outcome.corrections)
    assert outcome.individually_rational


def test_a_key_that_breaks_the_promise_is_repaired_unless_told_not_to_be() -> None:
    # By weight 9 to 1 Anna would pay 54 of 60, 14 more than alone.
    day = [ChargedDay(FIRST, {})]
    keys = {"anna": 9, "binh": 1}
    assert {e.player: e.share_minor for e in month_end(day, Rule.WEIGHT, keys=keys).corrections} == {
        "anna": 40,
        "binh": 20,
    }
    assert not month_end(day, Rule.WEIGHT, keys=keys, repaired=False).individually_rational


def test_a_charge_of_somebody_who_was_not_there_is_refused() -> None:
    with pytest.raises(ProblemError) as refused:
        month_end([ChargedDay(FIRST, {"chi": 5, "anna": 10**16})], Rule.SHAPLEY)
    assert {fault.code for fault in refused.value.faults} == {"player_unknown", "number_too_large"}


def test_more_players_than_a_table_holds_are_refused() -> None:
    with pytest.raises(ProblemError) as refused:
        month_game([Game([str(k)], [0, 1]) for k in range(21)])
    assert {fault.code for fault in refused.value.faults} == {"players_too_many"}


@st.composite
def months(draw: st.DrawFn) -> list[Game]:
    """Up to four days of up to three of four players; every day's game closed, so that it is sub-additive."""
    days = []
    for _ in range(draw(st.integers(1, 4))):
        players = sorted(draw(st.sets(st.sampled_from("abcd"), min_size=1, max_size=3)))
        alone = draw(st.lists(st.integers(0, 99), min_size=len(players), max_size=len(players)))
        cost = [0]
        for mask in range(1, 2 ** len(players)):
            own = [alone[i] for i in range(len(players)) if mask >> i & 1]
            cost.append(draw(st.integers(max(own), sum(own))))
        days.append(cheapest(players, cost))
    return days


def cheapest(players: list[str], cost: list[int]) -> Game:
    """Each coalition free to part: sub-additive."""
    table = list(cost)
    for mask in range(1, len(table)):
        part = (mask - 1) & mask
        while part:
            table[mask] = min(table[mask], table[part] + table[mask ^ part])
            part = (part - 1) & mask
    return Game(players, table)


def charged(day: Game, rule: Rule) -> ChargedDay:
    return ChargedDay(day, dict(zip(day.players, split(day, rule).minor, strict=True)))


@given(months())
@settings(deadline=None)
def test_an_additive_rule_leaves_nothing_to_correct(days: list[Game]) -> None:
    outcome = month_end([charged(day, Rule.SHAPLEY) for day in days], Rule.SHAPLEY)
    assert {entry.correction_minor for entry in outcome.corrections} == {0}


@given(months())
@settings(deadline=None)
def test_shapleys_value_of_the_month_is_the_sum_of_its_days_values(days: list[Game]) -> None:
    game = month_game(days)
    summed = dict.fromkeys(game.players, 0.0)
    for day in days:
        for player, share in zip(day.players, split(day, Rule.SHAPLEY).exact, strict=True):
            summed[player] += share
    assert split(game, Rule.SHAPLEY).exact == pytest.approx(tuple(summed.values()))


@given(
    months(),
    st.sampled_from([Rule.NUCLEOLUS, Rule.SHAPLEY, Rule.PROPORTIONAL, Rule.ACAM]),
    st.sampled_from(list(Rule)[:8]),
)
@settings(deadline=None)
def test_corrections_of_days_charged_in_full_sum_to_nothing_and_nobody_pays_more_than_alone(
    days: list[Game], rule: Rule, before: Rule
) -> None:
    daily = before if before not in (Rule.OWEN, Rule.WEIGHTED_SHAPLEY) else Rule.SHAPLEY
    outcome = month_end([charged(day, daily) for day in days], rule)
    assert sum(entry.correction_minor for entry in outcome.corrections) == 0
    assert sum(entry.share_minor for entry in outcome.corrections) == outcome.bill_minor
    assert all(entry.share_minor <= entry.alone_minor for entry in outcome.corrections)
    assert outcome.individually_rational


@given(months())
@settings(deadline=None)
def test_a_month_of_sub_additive_days_is_sub_additive(days: list[Game]) -> None:
    game = month_game(days)
    assert game.is_subadditive()
    everyone = {player for day in days for player in day.players}
    assert set(game.players) == everyone
    assert game.cost[-1] == sum(day.cost[-1] for day in days)


@given(months(), st.permutations(range(4)))
@settings(deadline=None)
def test_the_order_of_days_does_not_matter(days: list[Game], order: list[int]) -> None:
    shuffled = [days[at] for at in order if at < len(days)]
    assert np.array_equal(month_game(shuffled).cost, month_game(days).cost)
