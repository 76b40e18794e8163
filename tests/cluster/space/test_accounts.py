"""Reserved, given back and used, day by day; and splits of drawn periods: exact, and true to their certificates."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster.base import ids
from cluster.space.accounts import accounts_of
from cluster.space.certificates import violations
from cluster.space.split_models import SpaceAccount, SpaceRule
from cluster.space.splitting import NothingReserved, Terms, split

START = date(2030, 1, 1)
AN, BINH = UUID(int=1), UUID(int=2)


def day(number: int) -> date:
    return START + timedelta(days=number)


def stay(member: UUID, units: int, first: int, last: int, owed: int | None = None) -> dict[str, Any]:
    owed_on = day(last if owed is None else owed)
    return {"member_id": member, "units": units, "first_on": day(first), "last_on": day(last), "owed_on": owed_on}


def accounts(stays: list[Any], counts: list[Any] = [], **committed: int) -> dict[str, SpaceAccount]:  # noqa: B006
    """Accounts of four days of a hall with ten places, by name."""
    bound = {{"an": AN, "binh": BINH}[name]: units for name, units in committed.items()}
    found, _ = accounts_of(START, day(3), {"units": 10}, stays, counts, bound)
    names = {ids.show("mem", AN): "an", ids.show("mem", BINH): "binh"}
    return {names[account.member_id]: account for account in found}


def test_what_is_booked_is_reserved_and_used_where_nothing_was_counted() -> None:
    found = accounts([stay(AN, 3, -5, 1), stay(AN, 1, 1, 9)])
    assert (found["an"].reserved, found["an"].used, found["an"].released) == ([3, 4, 1, 1], [3, 4, 1, 1], [0] * 4)


def test_a_count_of_a_day_takes_the_place_of_what_was_booked() -> None:
    found = accounts([stay(AN, 3, 0, 3)], [{"day": day(1), "member_id": BINH, "units": 2}])
    assert (found["an"].used, found["binh"].used) == ([3, 0, 3, 3], [0, 2, 0, 0])
    assert found["binh"].reserved == [0] * 4


def test_whoever_is_committed_has_reserved_at_least_that() -> None:
    found = accounts([stay(AN, 5, 1, 1)], an=2)
    assert found["an"].reserved == [2, 5, 2, 2]


def test_what_was_given_back_late_stays_reserved_until_the_notice_is_over() -> None:
    found = accounts([stay(AN, 4, 0, 0, owed=2)])
    assert (found["an"].reserved, found["an"].released, found["an"].used) == ([4, 4, 4, 0], [0, 4, 4, 0], [4, 0, 0, 0])


def test_places_that_others_booked_again_are_owed_by_these_alone() -> None:
    """An gave 6 of 10 back, Binh has booked 8: at least 4 of these are An's, so An owes 2."""
    found = accounts([stay(AN, 6, 0, 0, owed=3), stay(BINH, 8, 1, 2)])
    assert found["an"].reserved == [6, 2, 2, 6]
    assert found["binh"].reserved == [0, 8, 8, 0]


DAYS = 3
ROWS = st.lists(st.integers(0, 9), min_size=DAYS, max_size=DAYS)


@st.composite
def periods(draw: st.DrawFn) -> tuple[Terms, list[SpaceAccount]]:
    """One to five members, three days, any costs."""
    found = []
    for number in range(draw(st.integers(1, 5))):
        reserved = draw(ROWS)
        released = [draw(st.integers(0, units)) for units in reserved]
        member = ids.show("mem", UUID(int=number + 1))
        found.append(SpaceAccount(member_id=member, reserved=reserved, released=released, used=draw(ROWS)))
    money = st.integers(0, 10_000)
    terms = Terms(
        offer_id=ids.show("spo", UUID(int=9)),
        first_on=START,
        last_on=day(DAYS - 1),
        rule=draw(st.sampled_from(SpaceRule)),
        rent_minor=draw(money),
        running_minor=draw(money),
        overflow_milli=draw(money),
        relet_milli=draw(money),
        counted=[],
    )
    return terms, found


@given(periods())
@settings(deadline=None, max_examples=100)
def test_every_split_covers_all_costs_to_the_last_unit_and_passes_the_plain_check(
    period: tuple[Terms, list[SpaceAccount]],
) -> None:
    terms, drawn = period
    try:
        found = split(terms, drawn)
    except NothingReserved:
        assert not any(map(sum, (account.reserved for account in drawn)))
        return
    assert violations(found) == []
    overflow = sum(share.overflow_minor for share in found.shares)
    assert sum(share.share_minor for share in found.shares) == terms.rent_minor + terms.running_minor + overflow


@given(periods())
@settings(deadline=None, max_examples=50)
def test_under_the_nucleolus_no_group_gains_by_leaving_beyond_rounding(
    period: tuple[Terms, list[SpaceAccount]],
) -> None:
    terms, drawn = period
    by_nucleolus = msgspec.structs.replace(terms, rule=SpaceRule.NUCLEOLUS)
    if any(map(sum, (account.reserved for account in drawn))):
        assert split(by_nucleolus, drawn).gain_max_minor <= len(drawn)
