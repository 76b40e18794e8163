"""What a carrier reports: of one tour, of many at once, and in other systems' codes."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.base import ids
from cluster.dispatch import foreign_codes
from cluster.dispatch.carrier_models import ForeignFormat
from cluster.dispatch.event_models import WITH_REASON, Action, EventKind, ReportEvent
from cluster.dispatch.folding import fold
from cluster.dispatch.reasons import Reason, fits
from tests.cluster.dispatch.carried import Carried, award, carried, carrier_of
from tests.cluster.dispatch.road import Day, happened, visit

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
async def driven(day: Day) -> Carried:
    """Two deliveries on one tour of a carrier."""
    return await carried(day)


def said(events: list[Any]) -> list[tuple[str, str | None]]:
    return [(event["result"], event["code"]) for event in events]


async def test_what_a_carrier_reports_moves_tour_and_shipments(driven: Carried) -> None:
    day = driven.day
    taken = await driven.send(
        happened("started", 30), visit("done", day.an_shipment, 20), happened("arrived", 10, stop_no=2)
    )
    assert ([event["result"] for event in taken["events"]], taken["status"]) == (["applied"] * 3, "under_way")
    assert [await day.status(day.an_shipment), await day.status(day.binh_shipment)] == ["delivered", "out_for_delivery"]
    told = (await day.world.coordinator.get(f"/v1/tours/{driven.tour}/events")).json()["data"]
    assert {event["source"] for event in told} == {"carrier"}


async def test_events_keep_when_they_happened_and_when_they_were_heard_of(driven: Carried) -> None:
    await driven.bulk(driven.of(happened("started", 90)))
    [event] = (await driven.day.world.coordinator.get(f"/v1/tours/{driven.tour}/events")).json()["data"]
    assert event["at"] < event["received_at"]
    assert event["offline"]


async def test_each_event_of_the_bulk_is_refused_by_itself_and_answered_in_order(driven: Carried) -> None:
    day = driven.day
    code = (await driven.whole())["tour"]["code"]
    unknown = "tor_" + "0" * 26
    stranger, _ = await carrier_of(day.world, "stranger")
    started = happened("started", 5)
    sent = [
        visit("done", day.an_shipment) | {"tour_code": code},
        driven.of(happened("arrived", stop_no=99)),
        driven.of(started),
        happened("started") | {"tour_id": unknown},
        happened("started") | {"tour_id": "shp_" + "0" * 26},
        happened("started") | {"tour_code": "nobodys"},
        driven.of(started),
        driven.of(visit("done", "shp_" + "0" * 26)),
        driven.of(visit("failed", day.binh_shipment, reason="traffic")),
    ]
    assert said(await driven.bulk(*sent)) == [
        ("applied", None),
        ("refused", "not_on_tour"),
        ("applied", None),
        ("refused", "not_your_tour"),
        ("refused", "not_your_tour"),
        ("refused", "not_your_tour"),
        ("duplicate", None),
        ("refused", "not_on_tour"),
        ("refused", "reason_not_for_this"),
    ]
    assert [result for result, _ in said(await driven.bulk(*sent))] == [
        *("duplicate", "refused", "duplicate", "refused", "refused", "refused", "duplicate", "refused", "refused")
    ]
    await award(day.world, driven.tour, stranger)
    assert said(await driven.bulk(sent[0])) == [("refused", "not_your_tour")]


async def test_the_bulk_means_what_the_same_events_one_by_one_mean(driven: Carried) -> None:
    day = driven.day
    await driven.bulk(
        driven.of(happened("completed", 1)),
        driven.of(visit("failed", day.binh_shipment, 10, reason="consignee_absent")),
        driven.of(visit("done", day.binh_shipment, 5)),
        driven.of(visit("done", day.an_shipment, 20)),
        driven.of(happened("started", 30)),
    )
    assert [await day.status(day.an_shipment), await day.status(day.binh_shipment)] == ["delivered", "delivered"]
    found = await driven.whole()
    assert found["tour"]["status"] == "completed"
    assert [one["outcome"] for stop in found["stops"] for one in stop["visits"]] == ["done", "done"]


async def test_an_event_names_its_tour_once(driven: Carried) -> None:
    body = {"events": [happened("started"), driven.of(happened("started")) | {"tour_code": "x"}, {"kind": "started"}]}
    answer = await driven.swift.post("/v1/carrier/events", body)
    assert answer.status_code == 422
    faults = {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}
    assert faults >= {("/events/0/tour_id", "name_one"), ("/events/1/tour_id", "name_one"), ("/events/2/at", "missing")}
    many = {"events": [driven.of(happened("started")) for _ in range(1001)]}
    assert (await driven.swift.post("/v1/carrier/events", many)).status_code == 422


async def test_two_carriers_and_a_driver_at_once_wait_in_no_ring(driven: Carried) -> None:
    day = driven.day
    events = [driven.of(happened("position", n, lat=10.8, lon=106.6)) for n in range(20)]
    events += [driven.of(visit("done", shipment)) for shipment in (day.binh_shipment, day.an_shipment)]
    answers = await asyncio.gather(
        *(driven.bulk(*(events[n:] + events[:n])) for n in range(6)),
        *(day.send(visit("done", day.an_shipment)) for _ in range(3)),
    )
    applied = sum(1 for answer in answers[:6] for event in answer if event["result"] != "duplicate")
    assert applied == len(events)  # each counted once, whoever came first


async def test_carriers_hear_nothing_of_what_is_not_theirs(driven: Carried) -> None:
    answer = await driven.other.made("/v1/carrier/events", {"events": [driven.of(happened("started"))]})
    assert (answer["events"][0]["code"], answer["events"][0]["tour_id"], answer["tours"]) == ("not_your_tour", None, [])
    told = {"format": "karrio", "events": [{"reference": "AN-1", "code": "delivered", "at": NOON.isoformat()}]}
    answer = await driven.other.made("/v1/carrier/foreign-events", told)
    assert said(answer["events"]) == [("refused", "unknown_reference")]


def foreign(reference: str, code: str, minutes_ago: int = 0, **fields: Any) -> dict[str, Any]:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return {"reference": reference, "code": code, "at": at.isoformat()} | fields


async def test_a_trackers_history_is_understood_and_counts_once(driven: Carried) -> None:
    day = driven.day
    history = [
        foreign("AN-1", "pending", 90),
        foreign("AN-1", "picked_up", 60),
        foreign("AN-1", "in_transit", 50),
        foreign("AN-1", "in_transit", 45, lat=10.8, lon=106.6),
        foreign("AN-1", "out_for_delivery", 40),
        foreign("AN-1", "delivered", 10),
        foreign("AN-1", "teleported", 5),
    ]
    assert said(await driven.foreign("karrio", *history)) == [
        ("refused", "says_nothing_to_keep"),
        ("applied", None),
        ("refused", "says_nothing_to_keep"),
        ("applied", None),
        ("applied", None),
        ("applied", None),
        ("refused", "unknown_foreign_code"),
    ]
    assert (await day.status(day.an_shipment), (await day.look())["tour"]["status"]) == ("delivered", "under_way")
    again = [event["result"] for event in await driven.foreign("karrio", *history)]
    assert again == ["refused", "duplicate", "refused", "duplicate", "duplicate", "duplicate", "refused"]


async def test_a_214_arrives_fails_for_a_reason_and_leaves(driven: Carried) -> None:
    day = driven.day
    sent = [
        foreign("BINH-1", "X1", 12),
        foreign("BINH-1", "AH", 10, reason="B1"),
        foreign(day.binh_shipment, "CD", 8),
        foreign("BINH-1", "SD", 7, reason="AI"),
        foreign("BINH-1", "SD", 6, reason="ZZ"),
    ]
    assert said(await driven.foreign("x12_214", *sent)) == [
        *[("applied", None)] * 4,
        ("refused", "unknown_foreign_code"),
    ]
    stop = next(
        stop for stop in (await driven.whole())["stops"] for one in stop["visits"] if one["reference"] == "BINH-1"
    )
    assert (stop["visits"][0]["outcome"], stop["visits"][0]["reason"]) == ("failed", "closed")
    assert None not in (stop["arrived_at"], stop["left_at"])
    assert (await day.look())["tour"]["exception"] is None  # one shipment's delay does not hold the tour up


async def test_every_code_of_every_table_is_taken_on_a_tour_that_has_such_a_visit(driven: Carried) -> None:
    for system in ForeignFormat:
        table = foreign_codes.codes_of(system)
        sent = [foreign("AN-1", entry.code, lat=10.8, lon=106.6) for entry in table.codes]
        for entry, told in zip(table.codes, await driven.foreign(system, *sent), strict=True):
            if entry.kind is None:
                assert told["code"] == "says_nothing_to_keep", entry
            elif entry.action is Action.PICKUP and entry.kind is not EventKind.DONE:
                assert told["code"] == "not_on_tour", entry  # these goods came from the hub
            else:
                assert told["result"] in {"applied", "late"}, (entry, told)
        listed = (await driven.swift.get(f"/v1/carrier/foreign-codes?format={system.value}")).json()
        assert [code["code"] for code in listed["codes"]] == [entry.code for entry in table.codes]


@pytest.mark.parametrize("system", ForeignFormat)
def test_reasons_of_other_systems_always_fit_what_they_are_given_for(system: ForeignFormat) -> None:
    for code, meaning in foreign_codes.CODES[system].items():
        for reason in (None, *foreign_codes.REASONS[system]):
            found = foreign_codes.meaning_of(system, code, reason)
            assert found is not None
            assert (found.reason is not None) == (meaning.kind in WITH_REASON)
            if found.reason is not None and found.kind is not None:
                action = None if found.kind is EventKind.EXCEPTION or found.action is None else found.action.value
                assert fits(found.reason, action, partly=found.kind is EventKind.PARTLY)


def test_a_reason_that_a_code_has_itself_is_not_overruled() -> None:
    found = foreign_codes.meaning_of(ForeignFormat.X12_214, "A7", "B1")
    assert found is not None
    assert found.reason is Reason.REFUSED
    assert foreign_codes.meaning_of(ForeignFormat.X12_214, "A7", "??") is None


SHIPMENTS = [UUID(int=number) for number in (1, 2)]


def _told(number: int, kind: EventKind, shipment: int | None = None, **fields: Any) -> tuple[datetime, ReportEvent]:
    at = NOON + timedelta(minutes=number)
    named = {} if shipment is None else {"shipment_id": ids.show("shp", SHIPMENTS[shipment]), "action": Action.DELIVERY}
    return at, ReportEvent(event_key=str(number), kind=kind, at=at, **named, **fields)


DRIVEN = [
    _told(0, EventKind.LOADED, 0),
    _told(1, EventKind.STARTED),
    _told(2, EventKind.POSITION, lat=10.8, lon=106.6),
    _told(3, EventKind.ARRIVED, stop_no=1),
    _told(4, EventKind.FAILED, 0, reason=Reason.CONSIGNEE_ABSENT),
    _told(5, EventKind.LEFT, stop_no=1),
    _told(6, EventKind.EXCEPTION, reason=Reason.TRAFFIC),
    _told(7, EventKind.RESOLVED),
    _told(8, EventKind.DONE, 1),
    _told(9, EventKind.DONE, 0),
    _told(10, EventKind.COMPLETED),
]


@given(st.permutations(DRIVEN))
def test_events_out_of_order_mean_what_they_mean_in_order(shuffled: list[tuple[datetime, ReportEvent]]) -> None:
    """Taken in one go, in any order: they are put in order by when they happened, and folded once."""

    def outcome(events: list[tuple[datetime, ReportEvent]]) -> Any:
        visits: Any = {
            (shipment, "delivery"): {
                "stop_no": 1 + number,
                "outcome": None,
                "service": "delivery",
                "status": "dispatched",
            }
            for number, shipment in enumerate(SHIPMENTS)
        }
        ordered = sorted(events, key=lambda entry: entry[0])
        folded = fold({"status": "dispatched", "exception": None}, visits, ordered)
        return folded.outcomes, folded.arrived, folded.left, folded.change, folded.reports

    assert outcome(shuffled) == outcome(DRIVEN)


@given(st.permutations(DRIVEN), st.integers(1, len(DRIVEN) - 1))
def test_two_messages_in_any_order_end_where_one_would(shuffled: list[Any], cut: int) -> None:
    """What is final of visits does not depend on which of two messages came first: done beats failed."""
    world = SimpleNamespace(outcomes=dict.fromkeys(SHIPMENTS), status="dispatched", exception=None)
    for part in (shuffled[:cut], shuffled[cut:]):
        visits: Any = {
            (shipment, "delivery"): {"stop_no": 1 + number, "outcome": world.outcomes[shipment], "service": "delivery",
                                     "status": "out_for_delivery"}
            for number, shipment in enumerate(SHIPMENTS)
        }  # fmt: skip
        folded = fold({"status": world.status, "exception": world.exception}, visits, sorted(part, key=lambda e: e[0]))
        world.outcomes |= {key[0]: outcome.outcome for key, outcome in folded.outcomes.items()}
        world.status = folded.change.status or world.status
        world.exception = None if folded.change.resolved else folded.change.exception or world.exception
    assert (world.outcomes, world.status) == (dict.fromkeys(SHIPMENTS, "done"), "completed")
