"""Every fault of a space problem is found, all at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from solver.spaces import SpaceProblem, Stay
from solver.validate_spaces import space_faults
from tests.solver.space.small_worlds import PLACES, goods, room

GOOD = SpaceProblem(
    offers=(room(), room("shed", day_milli={PLACES: 5})),
    bookings=(goods("a", 2, 0, 3), goods("b", 2, 0, 3)),
    published=(Stay(booking="a", offer="hall", first_day=0),),
    fixed=(Stay(booking="b", offer="shed", first_day=1),),
)


def offer(**changes: object) -> SpaceProblem:
    return replace(GOOD, offers=(replace(GOOD.offers[0], **changes), GOOD.offers[1]))


def booking(**changes: object) -> SpaceProblem:
    return replace(GOOD, bookings=(replace(GOOD.bookings[0], **changes), GOOD.bookings[1]))


def stay(**changes: object) -> SpaceProblem:
    return replace(GOOD, published=(replace(GOOD.published[0], **changes),))


WRONG: dict[str, tuple[Callable[[], SpaceProblem], str, str]] = {
    "currency": (lambda: replace(GOOD, currency="dong"), "currency_malformed", "currency"),
    "version": (lambda: replace(GOOD, version=2), "version_unknown", "version"),
    "factor": (lambda: replace(GOOD, priority_factor=0), "number_too_small", "priority_factor"),
    "same offer": (lambda: offer(id="shed"), "id_duplicate", "offers[1].id"),
    "same booking": (
        lambda: replace(GOOD, bookings=(*GOOD.bookings, GOOD.bookings[0])),
        "id_duplicate",
        "bookings[2].id",
    ),
    "no name": (lambda: booking(id=""), "id_length", "bookings[0].id"),
    "no site": (lambda: offer(site=""), "id_length", "offers[0].site"),
    "no owner": (lambda: booking(owner=""), "id_length", "bookings[0].owner"),
    "negative capacity": (lambda: offer(capacity={PLACES: -1}), "number_negative", f"offers[0].capacity.{PLACES}"),
    "half a place": (lambda: offer(capacity={PLACES: 0.5}), "number_not_whole", f"offers[0].capacity.{PLACES}"),
    "rent of nothing": (
        lambda: offer(day_milli={"floor_dm2": 1}),
        "dimension_unknown",
        "offers[0].day_milli.floor_dm2",
    ),
    "offer reversed": (lambda: offer(first_day=6), "days_reversed", "offers[0].last_day"),
    "stay reversed": (lambda: offer(days_min=3, days_max=2), "days_reversed", "offers[0].days_max"),
    "centuries": (lambda: offer(last_day=36_500), "number_too_large", "offers[0].last_day"),
    "slack reversed": (lambda: booking(earliest_day=3, latest_day=2), "days_reversed", "bookings[0].latest_day"),
    "no days": (lambda: booking(days=0), "number_too_small", "bookings[0].days"),
    "needs nothing": (lambda: booking(need={PLACES: 0}), "need_missing", "bookings[0].need"),
    "negative worth": (lambda: booking(value_milli=-1), "number_negative", "bookings[0].value_milli"),
    "class ten": (lambda: booking(priority=10), "number_too_large", "bookings[0].priority"),
    "unknown booking": (lambda: stay(booking="c"), "booking_unknown", "published[0].booking"),
    "unknown offer": (lambda: stay(offer="attic"), "offer_unknown", "published[0].offer"),
    "two stays": (lambda: replace(GOOD, published=GOOD.published * 2), "stay_duplicate", "published[0]"),
    "before the plan": (lambda: stay(first_day=-1), "number_negative", "published[0].first_day"),
    "fixed too late": (
        lambda: replace(GOOD, fixed=(Stay(booking="b", offer="shed", first_day=4),)),
        "fixed_impossible",
        "fixed[0]",
    ),
    "fixed too much": (
        lambda: replace(GOOD, fixed=(*GOOD.fixed, Stay(booking="a", offer="shed", first_day=3))),
        "fixed_impossible",
        "fixed[1]",
    ),
    "worth beyond all bounds": (lambda: booking(value_milli=10**15, priority=9), "cost_overflow", "bookings"),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_fault_is_found_where_it_is(name: str) -> None:
    make, code, where = WRONG[name]
    assert (code, where) in {(fault.code, fault.where) for fault in space_faults(make())}


def test_a_right_problem_has_no_faults() -> None:
    assert space_faults(GOOD) == []


def test_all_faults_are_said_at_once() -> None:
    problem = replace(
        GOOD, offers=(replace(GOOD.offers[0], last_day=-1),), bookings=(replace(GOOD.bookings[0], days=0),)
    )
    codes = {fault.code for fault in space_faults(problem)}
    assert {"number_negative", "days_reversed", "number_too_small", "booking_unknown", "offer_unknown"} <= codes


@pytest.mark.parametrize("code", sorted({code for _, code, _ in WRONG.values()}))
def test_every_code_of_space_is_explained(code: str) -> None:
    assert f"`{code}`" in (Path(__file__).parents[3] / "docs" / "faults.md").read_text("utf-8")
