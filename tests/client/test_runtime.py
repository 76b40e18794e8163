"""What the client does beside sending: retries that do nothing twice, errors with every fault, pages, files, streams."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from cluster_client import AsyncClient, Client, ConnectionLost, Retries, ServerEvent, errors, models
from tests.client.scripted import CUT, Answer, Scripted, problem, scripted

QUICK = Retries(tries=4, first_wait_s=0.001, wait_max_s=1.5)
KEY = "clk_of_the_tests"
SHIPMENT: dict[str, Any] = json.loads("""{
    "id": "shp_1", "member_id": "mem_1", "pool_window_id": "win_1", "client_ref": "a", "service": "delivery",
    "service_level": "standard", "status": "pooled", "pooling": "pooled", "pickup": null, "delivery": null,
    "hub_site_id": null, "weight_g": 1, "volume_cm3": 1, "pallet_places": 0, "outside_minor": null, "skills": [],
    "temperature_class": "ambient", "handling_units": [], "version": 3,
    "created_at": "2026-11-22T01:30:00Z", "updated_at": "2026-11-22T01:30:00Z"
}""")
MADE = Answer(201, SHIPMENT)
BOX = models.HandlingUnit(weight_g=12_000, length_mm=600, width_mm=400, height_mm=400)
BOOKING = models.BookShipment(client_ref="a", service=models.Service.DELIVERY, handling_units=[BOX])


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as found:
        yield found


@pytest.fixture
def client(server: Scripted) -> Iterator[Client]:
    with httpx.Client(trust_env=False) as http, Client(server.url, KEY, retries=QUICK, http=http) as made:
        yield made


def keys(server: Scripted) -> list[str | None]:
    return [asked.headers.get("idempotency-key") for asked in server.asked]


def test_a_booking_says_who_asks_and_sends_only_what_was_given(server: Scripted, client: Client) -> None:
    server.then(MADE)
    assert client.shipments.book(BOOKING).id == "shp_1"
    [asked] = server.asked
    assert (asked.method, asked.path) == ("POST", "/v1/shipments")
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    box = {"weight_g": 12_000, "length_mm": 600, "width_mm": 400, "height_mm": 400}
    assert json.loads(asked.body) == {"client_ref": "a", "service": "delivery", "handling_units": [box]}


@pytest.mark.parametrize(
    "trouble",
    [
        CUT,
        Answer(503, problem(503, "busy")),
        Answer(429, problem(429, "too_many_requests")),
        Answer(502, b"<html>bad gateway</html>"),
        Answer(409, problem(409, "idempotency_retry")),
    ],
)
def test_a_booking_is_tried_again_with_the_same_key_and_bytes(
    server: Scripted, client: Client, trouble: Answer | str
) -> None:
    server.then(trouble, trouble, MADE)
    assert client.shipments.book(BOOKING).id == "shp_1"
    assert len(server.asked) == 3
    assert len(set(keys(server))) == 1
    assert len({asked.body for asked in server.asked}) == 1


def test_two_bookings_have_two_keys_and_a_key_that_is_given_is_used(server: Scripted, client: Client) -> None:
    server.then(MADE)
    client.shipments.book(BOOKING)
    client.shipments.book(BOOKING)
    client.shipments.book(BOOKING, idempotency_key="order-1")
    first, second, third = keys(server)
    assert first
    assert second
    assert first != second
    assert third == "order-1"


def test_what_could_happen_twice_is_not_sent_again_after_a_lost_connection(server: Scripted, client: Client) -> None:
    server.then(CUT)
    issue = models.IssueKey(name="till", role=models.KeyRole.MEMBER_USER)
    for risky in (
        lambda: client.keys.issue(issue),
        lambda: client.shipments.edit("shp_1", {"outside_minor": 5}, if_match=3),
    ):
        server.asked.clear()
        with pytest.raises(ConnectionLost):
            risky()
        assert len(server.asked) == 1


def test_an_edit_is_sent_again_when_the_platform_was_busy(server: Scripted, client: Client) -> None:
    server.then(Answer(503, problem(503, "busy")), Answer(200, SHIPMENT))
    shipment = msgspec.convert(SHIPMENT, models.Shipment)
    assert client.shipments.edit("shp_1", models.EditShipment(outside_minor=None), if_match=shipment).version == 3
    assert [asked.headers["if-match"] for asked in server.asked] == ['"3"', '"3"']
    # null empties a field, what was not named is not sent.
    assert server.asked[1].body == b'{"outside_minor":null}'


def test_reads_outlive_lost_connections_until_patience_ends(server: Scripted, client: Client) -> None:
    server.then(CUT, CUT, CUT, Answer(200, SHIPMENT))
    assert client.shipments.get("shp_1").client_ref == "a"
    server.asked.clear()
    server.then(CUT)
    with pytest.raises(ConnectionLost):
        client.shipments.get("shp_1")
    assert len(server.asked) == QUICK.tries


def test_nobody_there_is_tried_again_whatever_was_asked() -> None:
    waits: list[int] = []

    def draw() -> float:
        waits.append(1)
        return 0.0

    with httpx.Client(trust_env=False) as http:
        client = Client("http://127.0.0.1:9", KEY, retries=Retries(tries=3, first_wait_s=0.001, draw=draw), http=http)
        with pytest.raises(ConnectionLost, match="nothing was sent"):
            client.keys.issue({"name": "till", "role": "member_user"})
    assert len(waits) == 2


def test_a_longer_retry_after_holds_and_one_beyond_patience_is_raised_at_once() -> None:
    call: Any = None
    busy = errors.refused(429, b"{}", "7")
    assert Retries(wait_max_s=10, draw=lambda: 1.0).wait_s(call, 1, busy) == 7
    assert Retries(wait_max_s=5).wait_s(call, 1, busy) is None
    # Without it: 0.25 s doubled twice is 1 s, of which the upper half is drawn from.
    plain = errors.refused(429, b"{}")
    assert Retries(draw=lambda: 0.0).wait_s(call, 3, plain) == 0.5
    assert Retries(draw=lambda: 1.0).wait_s(call, 3, plain) == 1.0


def test_a_refusal_carries_its_code_and_every_fault(server: Scripted, client: Client) -> None:
    faults = [
        {"pointer": "/delivery/window_end", "code": "window_reversed", "cause": "closes first", "cure": "later"},
        {"pointer": "/handling_units/0/weight_g", "code": "missing", "cause": "missing", "cure": "add it"},
    ]
    server.then(Answer(422, problem(422, "invalid_request", errors=faults)))
    with pytest.raises(errors.Invalid) as caught:
        client.shipments.book(BOOKING)
    assert len(server.asked) == 1
    assert caught.value.code == "invalid_request"
    assert [fault.code for fault in caught.value.errors] == ["window_reversed", "missing"]
    assert caught.value.at("/handling_units/0/weight_g")[0].cure == "add it"
    assert "closes first" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, errors.Unauthenticated), (404, errors.NotFound), (409, errors.Conflict), (412, errors.Outdated),
     (413, errors.TooLarge), (428, errors.ApiError), (500, errors.ServerFault)],
)  # fmt: skip
def test_each_status_has_its_exception_and_is_not_tried_again(
    server: Scripted, client: Client, status: int, kind: type[errors.ApiError]
) -> None:
    server.then(Answer(status, problem(status, "some_code")))
    with pytest.raises(kind) as caught:
        client.shipments.get("shp_1")
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (status, "some_code", "req_1")
    assert len(server.asked) == 1


def test_an_answer_that_is_no_shipment_is_said_to_be_unreadable(server: Scripted, client: Client) -> None:
    server.then(Answer(200, b"<html>a login page</html>"))
    with pytest.raises(errors.UnreadableAnswer):
        client.shipments.get("shp_1")


def test_states_and_fields_of_a_newer_platform_are_no_trouble(server: Scripted, client: Client) -> None:
    server.then(Answer(200, SHIPMENT | {"status": "beamed_up", "flux": 1}))
    assert client.shipments.get("shp_1").status == "beamed_up"


def test_lists_go_on_page_by_page_with_their_filters(server: Scripted, client: Client) -> None:
    first, second = SHIPMENT | {"id": "shp_1"}, SHIPMENT | {"id": "shp_2"}
    server.then(
        Answer(200, {"data": [first], "next_cursor": "shp_1", "has_more": True}),
        Answer(200, {"data": [second], "next_cursor": None, "has_more": False}),
    )
    both = [models.ShipmentStatus.POOLED, models.ShipmentStatus.PLANNED]
    assert [entry.id for entry in client.shipments.list(status=both, limit=1)] == ["shp_1", "shp_2"]
    assert [asked.path.partition("?")[2] for asked in server.asked] == [
        "limit=1&status=pooled&status=planned",
        "limit=1&status=pooled&status=planned&cursor=shp_1",
    ]


def test_an_identifier_cannot_leave_its_place_in_the_path(server: Scripted, client: Client) -> None:
    server.then(Answer(404, problem(404, "not_found")))
    with pytest.raises(errors.NotFound):
        client.shipments.get("../keys?x=#y")
    assert server.asked[0].path == "/v1/shipments/..%2Fkeys%3Fx%3D%23y"


def test_a_file_is_saved_whole_or_not_at_all(server: Scripted, client: Client, tmp_path: Path) -> None:
    place = tmp_path / "shipments.csv"
    server.then(CUT, Answer(200, b"Reference\na\n"))
    assert client.shipments.export(format="csv").save(place).read_bytes() == b"Reference\na\n"
    server.then(Answer(404, problem(404, "not_found")))
    with pytest.raises(errors.NotFound):
        client.shipments.export(format="csv").save(place)
    assert [path.name for path in tmp_path.iterdir()] == ["shipments.csv"]


def test_an_upload_says_its_name_and_kind(server: Scripted, client: Client, tmp_path: Path) -> None:
    server.then(Answer(409, problem(409, "made_up")))
    (tmp_path / "orders.csv").write_bytes(b"Reference\n")
    with pytest.raises(errors.Conflict):
        client.imports.upload(tmp_path / "orders.csv", kind=models.ImportKind.SHIPMENTS)
    [asked] = server.asked
    assert asked.path == "/v1/imports?kind=shipments&filename=orders.csv"
    assert (asked.headers["content-type"], asked.body) == ("text/csv", b"Reference\n")
    assert asked.headers["idempotency-key"]


STREAM = (
    b': hello\n\nevent: plan\ndata: {"status":\ndata: "queued"}\n\nevent: progress\r\ndata: text\r\n\r\nevent: half\n'
)


def test_streams_are_read_event_by_event(server: Scripted, client: Client) -> None:
    server.then(Answer(200, STREAM, {"Content-Type": "text/event-stream"}))
    assert list(client.plans.follow("plan_1")) == [
        ServerEvent(event="plan", data={"status": "queued"}),
        ServerEvent(event="progress", data="text"),
    ]


def test_nothing_shows_a_key_or_a_secret(client: Client) -> None:
    assert KEY not in repr(client)
    issued = models.WebhookWithSecret(id="whk_1", secret="whsec_hush", webhook=None)  # type: ignore[arg-type]
    assert "hush" not in repr(issued)
    assert "whk_1" in repr(issued)


@pytest.mark.anyio
async def test_the_asynchronous_client_does_the_same(server: Scripted, tmp_path: Path) -> None:
    async with (
        httpx.AsyncClient(trust_env=False) as http,
        AsyncClient(server.url, KEY, retries=QUICK, http=http) as client,
    ):
        server.then(CUT, Answer(503, problem(503, "busy")), MADE)
        assert (await client.shipments.book(BOOKING)).id == "shp_1"
        assert len(set(keys(server))) == 1
        page = {"data": [SHIPMENT], "next_cursor": "shp_1", "has_more": True}
        server.then(Answer(200, page), Answer(200, page | {"next_cursor": None, "has_more": False}))
        assert [entry.id async for entry in client.shipments.list()] == ["shp_1", "shp_1"]
        server.then(CUT, Answer(200, b"all"))
        assert await client.shipments.export().read() == b"all"
        assert (await client.shipments.export().save(tmp_path / "x.csv")).read_bytes() == b"all"
        server.then(Answer(200, STREAM))
        assert [entry.event async for entry in client.plans.follow("plan_1")] == ["plan", "progress"]
        server.then(Answer(412, problem(412, "outdated")))
        with pytest.raises(errors.Outdated):
            await client.shipments.edit("shp_1", {"outside_minor": 5}, if_match=3)
        server.then(CUT)
        with pytest.raises(ConnectionLost):
            await client.keys.issue({"name": "till", "role": "member_user"})
