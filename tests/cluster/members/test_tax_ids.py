"""Tax numbers: what their check digits say, and how they are stored."""

import pytest

from cluster.members.tax_ids import gln_is_good, lei_is_good, tax_id_check


@pytest.mark.parametrize(
    ("country", "text", "check", "stored"),
    [
        ("VN", "0100112437", "valid", "0100112437"),
        ("VN", " 0100112437-001 ", "valid", "0100112437001"),
        ("VN", "0100112438", "wrong_check_digit", "0100112438"),
        ("VN", "not one", "unknown_format", "NOT ONE"),
        ("DE", "de 136 695 976", "valid", "136695976"),
        ("DE", "DE136695978", "wrong_check_digit", "DE136695978"),
        ("DE", "181/815/08155", "no_public_check", "18181508155"),
        ("CN", "91110000600037341l", "valid", "91110000600037341L"),
        ("CN", "91110000600037342L", "wrong_check_digit", "91110000600037342L"),
        ("FR", "40303265045", "valid", "40303265045"),
        ("US", "12-3456789", "no_public_check", "12-3456789"),
        ("AQ", "1", "no_public_check", "1"),
    ],
)
def test_a_tax_number_is_looked_at_by_the_rules_of_its_country(
    country: str, text: str, check: str, stored: str
) -> None:
    found = tax_id_check(country, text)
    assert (found.check, found.tax_id) == (check, stored)


def test_a_vietnamese_number_that_names_its_country_is_of_unknown_form_there() -> None:
    assert tax_id_check("VN", "DE136695976").check == "unknown_format"


@pytest.mark.parametrize(("text", "good"), [("4006381333931", True), ("4006381333932", False), ("12345670", False)])
def test_a_location_number_has_thirteen_digits_and_the_right_last_one(text: str, good: bool) -> None:
    assert gln_is_good(text) is good


@pytest.mark.parametrize(("text", "good"), [("213800KUD8LAJWSQ9D15", True), ("213800KUD8LAJWSQ9D16", False)])
def test_a_legal_entity_identifier_has_its_check_digits(text: str, good: bool) -> None:
    assert lei_is_good(text) is good
