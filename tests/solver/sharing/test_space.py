from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.check_split import check_certificate
from solver.shares import Rule, Verdict
from solver.sharing.certify import certificate
from solver.sharing.game import sums
from solver.sharing.rules import split
from solver.sharing.shapley import shapley
from solver.sharing.space import airport_exact, airport_game, airport_shares, coincident_peak, peak_game


@st.composite
def uses(draw: st.DrawFn) -> tuple[list[str], list[list[int]]]:
    """One to ten players (more than one block of coalitions), one to six days."""
    n, days = draw(st.integers(1, 10)), draw(st.integers(1, 6))
    row = st.lists(st.integers(0, 60), min_size=days, max_size=days)
    return [f"m{i}" for i in range(n)], draw(st.lists(row, min_size=n, max_size=n))


NEEDS = st.dictionaries(st.sampled_from([f"m{i}" for i in range(7)]), st.integers(0, 1_000), min_size=1)


def test_members_whose_peaks_fall_on_different_days_need_less_together() -> None:
    # At 10 a place: Anna's peak is 5 (50), Binh's 6 (60), together 7 on the second day (70) instead of 110.
    game = peak_game(["anna", "binh"], [[5, 1], [0, 6]], 10)
    assert game.cost.tolist() == [0, 50, 60, 70]


def test_at_the_joint_peak_each_pays_for_what_it_uses() -> None:
    # The fullest day is the second: Anna has 1 place there, Binh 6.
    assert coincident_peak(["anna", "binh"], [[5, 1], [0, 6]], 10) == [10, 60]


def test_several_fullest_days_count_alike() -> None:
    # Together 6 on both days; Anna has 5 and 1, Binh 1 and 5: 3 each on the mean.
    assert coincident_peak(["anna", "binh"], [[5, 1], [1, 5]], 10) == [30, 30]


@given(uses(), st.integers(0, 100))
def test_a_peak_game_is_the_dearest_day_of_every_coalition(case: tuple[list[str], list[list[int]]], price: int) -> None:
    players, use = case
    game = peak_game(players, use, price)
    for mask in range(2 ** len(players)):
        days = [sum(row[t] for i, row in enumerate(use) if mask >> i & 1) for t in range(len(use[0]))]
        assert game.cost[mask] == price * max(days)


@given(uses())
def test_a_peak_game_is_monotone_and_sub_additive(case: tuple[list[str], list[list[int]]]) -> None:
    players, use = case
    game = peak_game(players[:5], use[:5], 7)
    assert game.is_monotone()
    assert game.is_subadditive()


@given(uses(), st.integers(0, 100))
def test_paying_at_the_joint_peak_is_in_the_core(case: tuple[list[str], list[list[int]]], price: int) -> None:
    players, use = case
    paid = coincident_peak(players, use, price)
    game = peak_game(players, use, price)
    assert sum(paid) == game.cost[-1]
    assert all(share <= alone for share, alone in zip(paid, game.stand_alone, strict=True))
    together = np.array(use).sum(axis=0)
    slack = 0 if (together == together.max()).sum() == 1 else len(players) - 1
    assert (game.excess(np.array(paid, dtype=float)) <= slack).all()


@given(uses())
def test_nobody_there_on_the_fullest_day_pays_nothing(case: tuple[list[str], list[list[int]]]) -> None:
    players, use = case
    fullest = [*(sum(day) for day in zip(*use, strict=True)), 0]
    spare = [60 if total < max(fullest) - 60 else 0 for total in fullest[:-1]]
    assert coincident_peak([*players, "z"], [*use, spare], 9)[-1] == 0


@pytest.mark.parametrize(
    ("players", "use", "price"),
    [
        (["a"], [[1.5]], 1),
        (["a"], [[-1]], 1),
        (["a"], [[1]], -1),
        (["a", "b"], [[1]], 1),
        (["a"], [1], 1),
        (["a"], [[2**50]], 10),
        ([str(i) for i in range(21)], [[1]] * 21, 1),
    ],
    ids=["half a place", "negative use", "negative price", "a row too few", "no days", "too much", "too many"],
)
def test_use_that_is_no_table_of_places_is_refused(players: list[str], use: list[list[float]], price: int) -> None:
    with pytest.raises(ValueError, match=r"use|peaks"):
        peak_game(players, use, price)


def test_each_step_of_a_need_is_paid_by_those_who_need_it() -> None:
    # 3 m high costs 300, 5 m 500, 9 m 1100: 300/3 each, then 200/2 each of two, then 600 for the highest.
    assert airport_shares({"low": 300, "mid": 500, "high": 1_100}) == {"low": 100, "mid": 200, "high": 800}


def test_a_runway_of_littlechild_and_owen() -> None:
    # Four aircraft that need runways at 1, 2, 3 and 6: 1/4; 1/4 + 1/3; 7/12 + 1/2; 13/12 + 3.
    exact = airport_exact({"a": 1, "b": 2, "c": 3, "d": 6})
    assert exact == {"a": Fraction(1, 4), "b": Fraction(7, 12), "c": Fraction(13, 12), "d": Fraction(49, 12)}


@given(NEEDS)
def test_the_closed_form_is_the_shapley_value_of_the_game(needs: dict[str, int]) -> None:
    game = airport_game(needs)
    exact = airport_exact(needs)
    assert list(game.players) == list(exact)
    assert shapley(game) == pytest.approx([float(part) for part in exact.values()])


@given(NEEDS)
def test_airport_shares_sum_to_the_dearest_need_and_no_group_pays_more_than_alone(needs: dict[str, int]) -> None:
    shares = airport_shares(needs)
    assert sum(shares.values()) == max(needs.values())
    assert all(0 <= shares[player] <= needs[player] for player in needs)
    game = airport_game(needs)
    paid = sums(np.array([shares[player] for player in game.players], dtype=float))
    assert (paid <= game.cost + len(needs) - 1).all()


@given(NEEDS)
def test_equal_needs_pay_the_same_to_the_unit(needs: dict[str, int]) -> None:
    shares = airport_shares({**needs, "twin": next(iter(needs.values()))})
    assert abs(shares["twin"] - shares[next(iter(needs))]) <= 1


def test_a_need_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        airport_exact({"a": -1})
    with pytest.raises(ValueError, match="at most 20"):
        airport_game({str(i): i for i in range(21)})


@given(uses(), st.integers(0, 100))
@settings(deadline=None, max_examples=25)
def test_the_joint_peak_gives_every_peak_game_a_core_that_the_nucleolus_finds(
    case: tuple[list[str], list[list[int]]], price: int
) -> None:
    players, use = case
    game = peak_game(players[:6], use[:6], price)
    proof = certificate(game, split(game, Rule.NUCLEOLUS).minor)
    assert proof.verdict is Verdict.STABLE
    assert check_certificate(proof) == ()
