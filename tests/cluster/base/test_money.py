"""Amounts on the wire are decimal digits that mean exactly what is stored."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.base.money import EXPONENTS, money


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [
        (0, "EUR", "0.00"),
        (5, "EUR", "0.05"),
        (-5, "EUR", "-0.05"),
        (1250, "EUR", "12.50"),
        (-1250, "EUR", "-12.50"),
        (-100, "EUR", "-1.00"),
        (0, "VND", "0"),
        (125_000, "VND", "125000"),
        (-1, "VND", "-1"),
        (7, "JPY", "7"),
        (2**63 - 1, "USD", "92233720368547758.07"),
    ],
)
def test_amounts_have_as_many_decimals_as_their_currency(minor: int, currency: str, amount: str) -> None:
    assert (money(minor, currency).amount, money(minor, currency).currency) == (amount, currency)


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from(sorted(EXPONENTS)))
def test_no_amount_is_rounded(minor: int, currency: str) -> None:
    assert Decimal(money(minor, currency).amount).scaleb(EXPONENTS[currency]) == minor


def test_a_currency_nobody_knows_is_an_error_not_a_guess() -> None:
    with pytest.raises(KeyError):
        money(1, "QQQ")
