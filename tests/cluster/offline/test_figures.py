import pytest

from cluster.offline.figures import amount, clock, km, money, plain, span


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1_250_000, "VND", "1,250,000 VND"),  # the dong has no smaller unit
        (1_250, "EUR", "12.50 EUR"),
        (-5, "EUR", "-0.05 EUR"),  # the sign stands before the whole, not inside the decimals
        (1_005, "KWD", "1.005 KWD"),  # three decimals
        (0, "USD", "0.00 USD"),
    ],
)
def test_money_has_the_decimals_of_its_currency(minor, currency, text):
    assert money(minor, currency) == text


def test_clock_names_the_day_from_the_second_on():
    assert clock(6 * 3600 + 30 * 60 + 59) == "06:30"
    assert clock(86_400 + 3600) == "day 2 01:00"


@pytest.mark.parametrize(("seconds", "text"), [(29, "0 min"), (3_599, "1 h"), (3_660, "1 h 01 min"), (7_200, "2 h")])
def test_spans_are_rounded_to_minutes(seconds, text):
    assert span(seconds) == text


def test_units_in_names_become_readable_units():
    assert amount("weight_g", 12_000) == "12 kg"
    assert amount("volume_cm3", 2_500_000) == "2.50 m³"
    assert amount("pallet_places", 1) == "1 pallet place"
    assert amount("bottles", 1_200) == "1,200 bottles"
    assert km(99_949) == "99.9 km"
    assert km(100_000) == "100 km"


def test_escape_sequences_do_not_reach_the_terminal():
    assert plain("red \x1b[31m\x07 end") == "red ?[31m? end"
