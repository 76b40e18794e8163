from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from solver.sharing.rounding import rounded


def test_the_odd_unit_goes_to_the_largest_remainder() -> None:
    # Savings 2.25, 3.5 and 4.25 of 10 each: 2, 3, 4 and the one left to the second.
    assert rounded(["a", "b", "c"], [10, 10, 10], [7.75, 6.5, 5.75], 20) == [8, 6, 6]


def test_between_equals_the_first_by_name_gets_the_odd_unit() -> None:
    assert rounded(["b", "a"], [10, 10], [7.5, 7.5], 15) == [8, 7]


def test_noise_of_floating_point_does_not_decide_between_equals() -> None:
    assert rounded(["a", "b"], [10, 10], [7.5 + 1e-9, 7.5 - 1e-9], 15) == [7, 8]


def test_nobody_shares_nothing() -> None:
    assert rounded([], [], [], 0) == []


@given(st.lists(st.tuples(st.integers(0, 10**9), st.floats(0, 1)), min_size=1, max_size=8), st.integers(0, 7))
def test_the_sum_is_exact_and_nobody_pays_more_than_alone(parts: list[tuple[int, float]], odd: int) -> None:
    alone = [a for a, _ in parts]
    shares = [a * part for a, part in parts]
    bill = round(sum(shares))
    # Shares that sum to the bill: the difference goes onto one of them that stays below its cost alone.
    k = odd % len(parts)
    shares[k] += bill - sum(shares)
    if shares[k] > alone[k]:
        return
    paid = rounded([f"m{i}" for i in range(len(parts))], alone, shares, bill)
    assert sum(paid) == bill
    assert all(p <= a for p, a in zip(paid, alone, strict=True))
    assert all(abs(p - s) < 1.01 for p, s in zip(paid, shares, strict=True))


def test_fractions_are_rounded_without_a_detour() -> None:
    # Savings of a third each: the one whole unit goes to the first by name.
    third = Fraction(1, 3)
    assert rounded(["b", "c", "a"], [1, 1, 1], [1 - third] * 3, 2) == [1, 1, 0]
