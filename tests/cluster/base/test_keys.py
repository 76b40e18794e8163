"""The text of an API key: unguessable, and a slip of the pen is seen without asking anybody."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.base import keys

KEY = keys.make()
SECRET_BITS_MIN = 128


def test_a_key_shows_its_prefix_and_keeps_its_digest() -> None:
    scheme, prefix, secret, _ = KEY.text.split("_")
    assert (scheme, prefix, len(secret)) == ("clk", KEY.prefix, 32)
    assert keys.prefix_of(KEY.text) == KEY.prefix
    assert KEY.digest == keys.digest(KEY.text) == hashlib.sha256(KEY.text.encode()).digest()


def test_a_secret_is_far_too_long_to_be_guessed() -> None:
    assert len(keys.ALPHABET) ** keys.SECRET_LENGTH > 2**SECRET_BITS_MIN


def test_no_two_keys_are_alike() -> None:
    made = [keys.make() for _ in range(500)]
    assert len({key.text for key in made}) == len({key.prefix for key in made}) == 500


def test_a_sandboxes_key_says_so_and_is_read_like_any_other() -> None:
    found = keys.make(sandbox=True)
    scheme, test, prefix, secret, _ = found.text.split("_")
    assert (scheme, test, prefix, len(secret)) == ("clk", "test", found.prefix, 32)
    assert keys.prefix_of(found.text) == found.prefix
    assert keys.prefix_of(found.text.replace("_test_", "_")) is None  # its check digits know


@given(st.integers(0, len(KEY.text) - 1), st.sampled_from(keys.ALPHABET))
def test_one_wrong_letter_is_seen_by_the_check_digits(position: int, letter: str) -> None:
    typed = KEY.text[:position] + letter + KEY.text[position + 1 :]
    assert (keys.prefix_of(typed) is None) == (typed != KEY.text)


@given(st.integers(0, len(KEY.text) - 2))
def test_two_letters_the_wrong_way_round_are_seen(position: int) -> None:
    first, second = KEY.text[position : position + 2]
    typed = KEY.text[:position] + second + first + KEY.text[position + 2 :]
    assert (keys.prefix_of(typed) is None) == (typed != KEY.text)


@given(st.integers(0, len(KEY.text) - 1))
def test_a_letter_left_out_is_seen(position: int) -> None:
    assert keys.prefix_of(KEY.text[:position] + KEY.text[position + 1 :]) is None


@given(st.text())
def test_other_text_is_no_key(text: str) -> None:
    assert keys.prefix_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "_",
        "___",
        "clk",
        "clk___",
        "clk_a_b_",
        "clk_a_b_c_00000000",
        "CLK_a_b_00000000",
        "clk_test_",
        "clk_test_a_00000000",
    ],
)
def test_what_looks_a_little_like_a_key_is_none(text: str) -> None:
    assert keys.prefix_of(text) is None
