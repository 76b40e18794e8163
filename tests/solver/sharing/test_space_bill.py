import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.faults import ProblemError
from solver.shares import Rule
from solver.sharing.space_bill import SpaceBill, SpaceTariff, SpaceUse, space_bill

TARIFF = SpaceTariff(peak_minor=100, day_milli=2_000, overflow_milli=30_000, relet_milli=10_000)


def use(member: str, reserved: list[int], used: list[int], released: list[int] | None = None) -> SpaceUse:
    return SpaceUse(
        member=member,
        reserved_places=tuple(reserved),
        used_places=tuple(used),
        released_places=tuple(released or ()),
    )


def parts(bill: SpaceBill) -> list[tuple[int, int, int, int, int]]:
    return [(s.reserved_minor, s.days_minor, s.overflow_minor, s.relet_minor, s.credit_minor) for s in bill.shares]


def test_reserved_space_is_owed_whether_used_or_not_and_days_by_use() -> None:
    # Peaks 5 and 6, joint peak 7 at 100: 700, of 1100 alone; Shapley halves the saving of 400: 300 and 400. Days at 2.
    bill = space_bill([use("anna", [5, 1], [5, 0]), use("binh", [0, 6], [0, 0])], TARIFF, Rule.SHAPLEY)
    assert parts(bill) == [(300, 10, 0, 0, 0), (400, 0, 0, 0, 0)]
    assert (bill.rented_places, bill.cost_minor) == (7, 710)


def test_overflow_is_paid_by_who_overshot_in_proportion() -> None:
    # Rented 10. Anna uses 8 of 5, Binh 6 of 5: 4 beyond at 30 = 120, 3 to 1. Chi stays within and pays nothing of it.
    day = [use("anna", [5], [8]), use("binh", [5], [6]), use("chi", [0], [0])]
    assert [entry[2] for entry in parts(space_bill(day, TARIFF, Rule.NUCLEOLUS))] == [90, 30, 0]


def test_rented_space_that_stands_empty_costs_the_overshooting_nothing() -> None:
    # Anna overshoots by 3, Binh leaves 3 of its 5 empty: nothing had to be rented.
    bill = space_bill([use("anna", [5], [8]), use("binh", [5], [2])], TARIFF, Rule.NUCLEOLUS)
    assert [entry[2:] for entry in parts(bill)] == [(0, 0, 0), (0, 0, 0)]


def test_released_space_that_is_let_again_is_credited_to_who_released_it() -> None:
    # Binh released 4: Anna's overshoot of 3 goes there at 10 a place. The fourth is let to others: 10 more for Binh.
    day = [use("anna", [5], [8]), use("binh", [5], [1], [4])]
    bill = space_bill(day, TARIFF, Rule.NUCLEOLUS, let_places=[1])
    assert [entry[2:] for entry in parts(bill)] == [(0, 30, 0), (0, 0, -40)]
    assert bill.let_minor == 10
    assert sum(share.share_minor for share in bill.shares) == bill.cost_minor - 10


def test_who_released_space_and_used_it_all_the_same_has_overshot() -> None:
    bill = space_bill([use("anna", [5], [5], [2])], TARIFF, Rule.NUCLEOLUS)
    assert parts(bill) == [(500, 10, 0, 20, -20)]


@pytest.mark.parametrize(
    ("uses", "tariff", "let", "code"),
    [
        ([use("a", [1], [1, 1])], TARIFF, [], "days_differ"),
        ([use("a", [1], [1]), use("a", [1], [1])], TARIFF, [], "id_duplicate"),
        ([use("a", [1], [-1])], TARIFF, [], "number_negative"),
        ([use("a", [1], [1], [2])], TARIFF, [], "released_beyond_reserved"),
        ([use("a", [1], [1], [1])], TARIFF, [2], "let_beyond_released"),
        ([use("a", [1], [1])], SpaceTariff(peak_minor=-1), [], "number_negative"),
        ([use("a", [10**6], [1])], SpaceTariff(peak_minor=10**12), [], "cost_overflow"),
        ([use(str(i), [1], [1]) for i in range(21)], TARIFF, [], "players_too_many"),
    ],
    ids=["a day too many", "twice", "less than none", "gave too much", "let too much", "price", "overflow", "too many"],
)
def test_space_that_cannot_be_billed_is_refused(
    uses: list[SpaceUse], tariff: SpaceTariff, let: list[int], code: str
) -> None:
    with pytest.raises(ProblemError) as refused:
        space_bill(uses, tariff, Rule.SHAPLEY, let_places=let)
    assert {fault.code for fault in refused.value.faults} == {code}


def test_nobody_with_space_owes_nothing() -> None:
    assert space_bill([], TARIFF, Rule.SHAPLEY).cost_minor == 0


@st.composite
def periods(draw: st.DrawFn) -> tuple[list[SpaceUse], list[int]]:
    """One to four members, one to five days, some release, some of it let to others."""
    n, days = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    uses, given_back = [], [0] * days
    for at in range(n):
        reserved = draw(st.lists(st.integers(0, 9), min_size=days, max_size=days))
        used = draw(st.lists(st.integers(0, 12), min_size=days, max_size=days))
        released = [draw(st.integers(0, had)) for had in reserved] if draw(st.booleans()) else []
        given_back = [a + b for a, b in zip(given_back, released or [0] * days, strict=True)]
        uses.append(use(f"m{at}", reserved, used, released))
    let = [draw(st.integers(0, given)) for given in given_back] if draw(st.booleans()) else []
    return uses, let


TARIFFS = st.builds(
    SpaceTariff,
    peak_minor=st.integers(0, 99),
    day_milli=st.integers(0, 9_999),
    overflow_milli=st.integers(0, 9_999),
    relet_milli=st.integers(0, 9_999),
)


@given(periods(), TARIFFS, st.sampled_from([Rule.NUCLEOLUS, Rule.SHAPLEY, Rule.PROPORTIONAL]))
@settings(deadline=None)
def test_every_part_of_a_bill_sums_exactly(
    period: tuple[list[SpaceUse], list[int]], tariff: SpaceTariff, rule: Rule
) -> None:
    uses, let = period
    bill = space_bill(uses, tariff, rule, let_places=let)
    assert sum(share.share_minor for share in bill.shares) == bill.cost_minor - bill.let_minor
    totals = [sum(column) for column in zip(*parts(bill), strict=True)]
    assert totals[0] == bill.rented_places * tariff.peak_minor
    assert sum(totals[:3]) == bill.cost_minor
    assert totals[3] + totals[4] == -bill.let_minor


@given(periods(), TARIFFS)
@settings(deadline=None)
def test_who_never_overshoots_pays_neither_for_overflow_nor_for_released_space(
    period: tuple[list[SpaceUse], list[int]], tariff: SpaceTariff
) -> None:
    uses, let = period
    bill = space_bill(uses, tariff, Rule.PROPORTIONAL, let_places=let)
    for entry, share in zip(uses, bill.shares, strict=True):
        released = entry.released_places or (0,) * len(entry.reserved_places)
        rows = zip(entry.used_places, entry.reserved_places, released, strict=True)
        if all(used <= reserved - gave for used, reserved, gave in rows):
            assert (share.overflow_minor, share.relet_minor) == (0, 0)
        if not any(released):
            assert share.credit_minor == 0


@given(periods(), TARIFFS)
@settings(deadline=None)
def test_nobody_owes_more_for_reserved_space_than_for_its_own_peak(
    period: tuple[list[SpaceUse], list[int]], tariff: SpaceTariff
) -> None:
    uses, let = period
    for entry, share in zip(uses, space_bill(uses, tariff, Rule.NUCLEOLUS, let_places=let).shares, strict=True):
        assert share.reserved_minor <= max(entry.reserved_places) * tariff.peak_minor


@given(periods(), TARIFFS)
@settings(deadline=None)
def test_overflow_is_what_no_rented_place_can_hold(
    period: tuple[list[SpaceUse], list[int]], tariff: SpaceTariff
) -> None:
    uses, let = period
    bill = space_bill(uses, tariff, Rule.PROPORTIONAL, let_places=let)
    rented = max(sum(day) for day in zip(*(entry.reserved_places for entry in uses), strict=True))
    used = [sum(day) for day in zip(*(entry.used_places for entry in uses), strict=True)]
    beyond = sum(max(0, total + (let[day] if let else 0) - rented) for day, total in enumerate(used))
    assert sum(share.overflow_minor for share in bill.shares) == (beyond * tariff.overflow_milli + 500) // 1_000
