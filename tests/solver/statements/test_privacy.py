"""A statement is made of own figures: whatever others do, it stays the same, and nothing of theirs is in it."""

from hashlib import sha256

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.plan import Plan
from solver.problem import Problem
from solver.shares import Split
from solver.statements import guards
from solver.statements.digests import canonical_json, digest
from solver.statements.figures import Statement
from solver.statements.numbers import Language
from solver.statements.statement import statement
from solver.statements.text import statement_text
from tests.solver.sharing.worlds import parcel, road
from tests.solver.statements.days import (
    at,
    four_on_the_road,
    planned,
    share,
    some_on_the_road,
    split_of,
    two_on_the_road,
)

SEAL = b"sixteen bytes it is"


def own_part(made: Statement) -> bytes:
    """Everything but the lines about the whole cluster: totals, and digests of what all share."""
    return canonical_json(msgspec.structs.replace(made, totals=None, digests=None))


@st.composite
def other_days(draw: st.DrawFn) -> tuple[Problem, Plan, Split]:
    """Anna's two parcels, always the same, among others' that may be anything; what anna pays and adds is the same."""
    mine = [parcel("a1", "anna", 10, load=2), at(parcel("a2", "anna", 35), (0, 9_000))]
    names = draw(
        st.lists(st.sampled_from(["aaa-rival", "binh-rival", "chi-rival", "dung-rival", "zoe-rival"]), max_size=8)
    )
    others = [
        at(
            parcel(f"o{k}", name, draw(st.integers(1, 60)), load=draw(st.integers(1, 3))),
            *draw(st.sampled_from([(), ((0, 20_000),), ((500, 30_000),)])),
        )
        for k, name in enumerate(names)
    ]
    orders = draw(st.permutations([*mine, *others]))
    day = road(*sorted(orders, key=lambda order: order.id), fixed=40, boxes=30)
    shares = [share("anna", 110, 55, 5)]
    for name in sorted(set(names)):
        alone = draw(st.integers(1, 500))
        shares.append(share(name, alone, draw(st.integers(0, alone)), draw(st.integers(0, alone))))
    plan = planned(day, *([order.id] for order in day.orders))
    return day, plan, split_of(*shares, pool_digest=sha256(str(names).encode()).hexdigest())


@settings(max_examples=40, deadline=None)
@given(one=other_days(), other=other_days())
def test_the_own_part_of_a_statement_is_the_same_whatever_others_do(
    one: tuple[Problem, Plan, Split], other: tuple[Problem, Plan, Split]
) -> None:
    parts = []
    for day in (one, other):
        made = statement(*day, "anna", seal=SEAL)
        if made.payment.incremental_minor is None:
            # Whether the incremental cost is shown depends on how many others there are, its value on nothing else.
            made = msgspec.structs.replace(made, payment=msgspec.structs.replace(made.payment, incremental_minor=5))
        parts.append(own_part(made))
    assert parts[0] == parts[1]


@settings(max_examples=40, deadline=None)
@given(day=other_days())
def test_no_name_order_or_place_of_others_is_in_a_statement(day: tuple[Problem, Plan, Split]) -> None:
    made = statement(*day, "anna", seal=SEAL)
    own = {"km0", "km10", "km35"}
    foreign = {order.owner for order in day[0].orders if order.owner != "anna"}
    foreign |= {f'"{order.id}"' for order in day[0].orders if order.owner != "anna"}
    foreign |= {f'"{place.id}"' for place in day[0].places} - {f'"{place}"' for place in own}
    raw = msgspec.json.encode(made).decode()
    assert [word for word in foreign if word in raw] == []
    texts = [statement_text(made, language) for language in Language]
    assert [word for word in foreign for text in texts if word.strip('"') in text.split()] == []


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4])
def test_totals_need_three_others(number: int) -> None:
    others = dict(zip(["binh", "chi", "dung", "emil"], (20, 22, 24, 26), strict=True))
    few = {name: others[name] for name in list(others)[:number]}
    made = statement(*some_on_the_road(few), "anna")
    shown = number >= guards.OTHERS_MIN == 3
    assert (made.totals is not None) == shown
    assert (made.payment.incremental_minor is not None) == shown
    assert ({made.digests.pool, made.digests.plan, made.digests.certificate} == {None}) != shown
    assert (made.totals is None) or made.totals.members == number + 1


def test_members_without_a_cost_of_their_own_do_not_count_as_others() -> None:
    day, plan, split = four_on_the_road()
    idle = split_of(*split.shares[:3], share("dung", 0, 0))
    assert statement(day, plan, idle, "anna").totals is None


def test_totals_are_withheld_where_they_would_be_about_one_large_member() -> None:
    # Of the others' 1,000 one has 610 or 600; more than 60 per cent is too much.
    for largest, is_shown in ((610, False), (600, True)):
        day, plan, _ = four_on_the_road()
        rest = 1_000 - largest
        shares = (
            share("anna", 60, 20),
            share("binh", largest, 1),
            share("chi", rest // 2, 1),
            share("dung", rest // 2, 1),
        )
        assert (statement(day, plan, split_of(*shares), "anna").totals is not None) == is_shown


def test_totals_are_rounded_to_two_digits() -> None:
    # All save 40 + 53 + 67 + 80 = 240 and drive 80 km; with 1,234 more for one of them 1,474 is told as 1,500.
    day, plan, split = four_on_the_road()
    more = split_of(*split.shares[:3], msgspec.structs.replace(split.shares[3], saving_minor=80 + 1_234))
    totals = statement(day, plan, more, "anna").totals
    assert totals is not None
    assert (totals.members, totals.saving_minor, totals.distance_m, totals.co2_g) == (4, 1_500, 80_000, None)


def test_between_two_neither_the_bill_nor_the_other_ones_figures_can_be_read() -> None:
    # Anna pays 30 of 100; binh 70, alone 100. None of these may be in anna's statement.
    made = statement(*two_on_the_road(), "anna")
    figures = {value for value in numbers_in(msgspec.to_builtins(made)) if value in (100, 70, 40)}
    assert figures == {40}, "40 is the price of a van"
    text = statement_text(made, Language.ENGLISH).replace("\u00a0", " ")
    assert "VND 100" not in text
    assert "VND 70" not in text
    assert "Digests are withheld" in text


def numbers_in(value: object) -> list[int]:
    """Every whole number anywhere inside, thousandths as minor units too."""
    if isinstance(value, dict):
        return [number for inner in value.values() for number in numbers_in(inner)]
    if isinstance(value, (list, tuple)):
        return [number for inner in value for number in numbers_in(inner)]
    return [value, value // 1000] if isinstance(value, int) and not isinstance(value, bool) else []


def test_digests_under_a_seal_are_shown_to_anyone_and_can_be_compared_by_who_holds_it() -> None:
    day, plan, split = two_on_the_road()
    sealed = statement(day, plan, split, "anna", seal=SEAL).digests
    assert sealed.sealed
    assert sealed.certificate == digest(split.certificate, SEAL)
    assert sealed.certificate != digest(split.certificate)
    assert sealed.certificate != statement(day, plan, split, "anna", seal=SEAL[::-1]).digests.certificate
    assert sealed.pool not in (None, split.pool_digest)


def test_plain_digests_are_sha256_of_canonical_json() -> None:
    day, plan, split = four_on_the_road()
    shown = statement(day, plan, split, "anna").digests
    raw = canonical_json(plan)
    assert (shown.plan, shown.pool, shown.sealed) == (sha256(raw).hexdigest(), split.pool_digest, False)
    assert shown.certificate == split.certificate.digest
    assert raw.startswith(b'{"cost_milli":120000,"currency":"VND",')


def test_a_seal_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        digest({}, b"short")


@given(value=st.integers(-(10**9), 10**9), grain=st.integers(1, 10**6))
def test_rounding_to_the_grain_hides_what_is_smaller_and_never_promises_more(value: int, grain: int) -> None:
    assert guards.towards_zero(value, grain) % grain == 0
    assert abs(value) - grain < abs(guards.towards_zero(value, grain)) <= abs(value)
    assert guards.down(value, grain) <= value <= guards.up(value, grain)
    assert guards.up(value, grain) - guards.down(value, grain) in (0, grain)


def test_the_grain_is_one_per_cent_of_the_cost_alone_and_five_among_few() -> None:
    many, few = four_on_the_road()[2].shares, two_on_the_road()[2].shares
    assert guards.grain_minor(many, "anna", 10_000) == 100
    assert guards.grain_minor(few, "anna", 10_000) == 500
    assert guards.grain_minor(many, "anna", 0) == 1
