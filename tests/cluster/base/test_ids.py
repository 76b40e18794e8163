"""Identifiers sort by making, read back what they showed, and garbage is nobody's name."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cluster.base import ids
from cluster.base.errors import NOUNS, NotFound

LETTERS = st.text(ids.ALPHABET, min_size=ids.LENGTH, max_size=ids.LENGTH)


def test_identifiers_sort_in_order_of_making_also_within_a_millisecond() -> None:
    made = [ids.new() for _ in range(5000)]
    assert all(earlier < later for earlier, later in pairwise(made))
    shown = [ids.show("shp", value) for value in made]
    assert shown == sorted(shown)


def test_threads_never_make_the_same_identifier_and_each_sees_its_own_rise() -> None:
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [ids.new() for _ in range(500)], range(8)))
    assert len({value for batch in batches for value in batch}) == 8 * 500
    assert all(batch == sorted(batch) for batch in batches)


def test_a_clock_set_back_does_not_set_back_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ids.new()
    an_hour_ago_ns = time.time_ns() - 3600 * 10**9
    monkeypatch.setattr("cluster.base.ids.time.time_ns", lambda: an_hour_ago_ns)
    assert ids.new() > before


def test_an_identifier_is_a_uuid_of_version_7_with_the_time_of_its_making() -> None:
    before_ms = time.time_ns() // 1_000_000
    value = ids.new()
    assert (value.version, value.variant) == (7, "specified in RFC 4122")
    assert before_ms <= (value.int >> 80) <= time.time_ns() // 1_000_000


@given(st.sampled_from(sorted(NOUNS)), st.uuids())
@example("shp", UUID(int=0))
@example("shp", UUID(int=2**128 - 1))
def test_reading_what_was_shown_gives_the_same_identifier(prefix: str, value: UUID) -> None:
    assert ids.parse(prefix, ids.show(prefix, value)) == value


@given(st.lists(st.uuids(), min_size=2, max_size=5))
def test_what_is_shown_sorts_as_what_is_meant(values: list[UUID]) -> None:
    assert [ids.show("x", value) for value in sorted(values)] == sorted(ids.show("x", value) for value in values)


@given(st.text(max_size=40))
@example("")
@example("shp")
@example("shp_")
@example("shp_" + "0" * 25)
@example("shp_" + "0" * 27)
@example("mem_" + "0" * 26)
@example("SHP_" + "0" * 26)
@example("shp_" + "I" * 26)
@example("shp_8" + "0" * 25)  # 2 ** 128: one more than fits
@example("shp_" + "٣" * 26)  # a digit to Python, not to us
def test_garbage_names_nothing(text: str) -> None:
    with pytest.raises(NotFound):
        ids.parse("shp", text)


@given(LETTERS)
def test_there_is_one_way_to_write_an_identifier(letters: str) -> None:
    if letters[0] in "01234567":
        assert ids.show("shp", ids.parse("shp", f"shp_{letters}")) == f"shp_{letters}"
    else:
        with pytest.raises(NotFound):
            ids.parse("shp", f"shp_{letters}")
