"""Every fault of a request is found at once, at its place, whatever JSON arrives."""

import re
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cluster.base.errors import Invalid, Malformed
from cluster.base.validation import FAULTS_MAX, explain, judge
from cluster.carriers.models import AddVehicleType
from cluster.members.models import AdmitMember, FoundCluster, IssueKey
from cluster.places.models import AddSite, PutTravelMatrix
from cluster.planning.models import StartPlan
from cluster.shipments.models import BookShipment, BookShipments, OpenPoolWindow

UNIT = {"weight_g": 12_000, "length_mm": 600, "width_mm": 400, "height_mm": 400}
PARTY = {"name": "Shop", "address_line1": "1 Street", "lat": 10.8, "lon": 106.6, "service_s": 300}
TRANSPORT = {
    "client_ref": "R1",
    "service": "transport",
    "pickup": PARTY,
    "delivery": PARTY,
    "handling_units": [UNIT, UNIT, UNIT],
    "outside_minor": 1,
    "skills": ["lift"],
}
SITE = {"code": "A", "name": "A", "kind": "shop", "address_line1": "x", "country_code": "VN", "lat": 1, "lon": 1}
VALID: dict[type[msgspec.Struct], dict[str, Any]] = {
    FoundCluster: {"name": "A", "country_code": "VN", "currency": "VND", "time_zone": "Asia/Ho_Chi_Minh"},
    AdmitMember: {"code": "an", "name": "An"},
    IssueKey: {"name": "k", "role": "coordinator"},
    AddSite: SITE,
    PutTravelMatrix: {
        "profile": "van",
        "points": [{"lat": 1, "lon": 1}],
        "distance_m": [[0]],
        "duration_s": [[0]],
    },
    AddVehicleType: {
        "code": "van",
        "name": "Van",
        "capacity": {"weight_g": 1, "volume_cm3": 1},
        "tariff": {"fixed_minor": 1},
        "start_site_id": "sit_01",
    },
    OpenPoolWindow: {"service_date": "2026-05-01", "cut_off_at": "2026-04-30T00:00:00Z"},
    BookShipment: TRANSPORT,
    BookShipments: {"shipments": [TRANSPORT]},
    StartPlan: {"seconds": 5, "rule": "shapley"},
}
PLANTS: dict[str, Any] = {
    "/client_ref": 7,
    "/outside_minor": -1,
    "/skills/0": "no blanks",
    "/hub_site_id": "nonsense",
    "/pickup/lat": 91,
    "/pickup/lon": "east",
    "/pickup/service_s": -1,
    "/delivery/name": "",
    "/delivery/window_start": "soon",
    "/delivery/colour": "red",
    "/handling_units/0/weight_g": 0,
    "/handling_units/0/kind": "barrel",
    "/handling_units/1/length_mm": 30_001,
    "/handling_units/1/sscc": "123",
    "/handling_units/2/units": 1.5,
    "/handling_units/2/height_mm": None,
    "/note": "hello",
    "/a~1b~0c": "a name that a pointer must escape",
}
"""One wrong value at each of these places of a transport."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=15,
)


def transport() -> Any:
    """A good booking of its own: no two parts are one object."""
    return msgspec.json.decode(msgspec.json.encode(TRANSPORT))


def put(body: Any, pointer: str, value: Any) -> None:
    """Sets what a JSON pointer (RFC 6901) names."""
    *way, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for part in way:
        body = body[int(part)] if isinstance(body, list) else body[part]
    body[int(last) if isinstance(body, list) else last] = value


def get(body: Any, pointer: str) -> Any:
    """Looks up what a JSON pointer names."""
    for part in pointer.split("/")[1:]:
        body = body[int(part)] if isinstance(body, list) else body[part.replace("~1", "/").replace("~0", "~")]
    return body


def problems(raw: bytes, kind: type[msgspec.Struct]) -> list[str]:
    """Pointers of all faults of a body, as the API finds them; none for a good one."""
    try:
        judge(msgspec.json.decode(raw, type=kind))
    except Invalid as error:
        return [fault.pointer for fault in error.errors]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return [fault.pointer for fault in explain(raw, kind).errors]
    return []


@pytest.mark.parametrize("kind", VALID)
def test_a_good_body_has_no_fault(kind: type[msgspec.Struct]) -> None:
    assert problems(msgspec.json.encode(VALID[kind]), kind) == []


@given(st.sets(st.sampled_from(sorted(PLANTS)), min_size=1))
def test_as_many_faults_come_back_as_were_planted_each_at_its_place(pointers: set[str]) -> None:
    body = transport()
    for pointer in pointers:
        put(body, pointer, PLANTS[pointer])
    assert sorted(problems(msgspec.json.encode(body), BookShipment)) == sorted(pointers)


@given(st.lists(st.sets(st.sampled_from(sorted(PLANTS))), min_size=1, max_size=6))
def test_faults_of_many_shipments_are_told_apart_by_their_number(planted: list[set[str]]) -> None:
    bodies = []
    for pointers in planted:
        bodies.append(transport())
        for pointer in pointers:
            put(bodies[-1], pointer, PLANTS[pointer])
    expected = [f"/shipments/{number}{pointer}" for number, pointers in enumerate(planted) for pointer in pointers]
    assert sorted(problems(msgspec.json.encode({"shipments": bodies}), BookShipments)) == sorted(expected)


@given(st.data())
def test_every_required_field_left_out_is_missing(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(VALID)))
    required = [field.encode_name for field in msgspec.structs.fields(kind) if field.required]
    left_out = data.draw(st.sets(st.sampled_from(required), min_size=1)) if required else set()
    body = {name: value for name, value in VALID[kind].items() if name not in left_out}
    assert sorted(problems(msgspec.json.encode(body), kind)) == sorted(f"/{name}" for name in left_out)


@pytest.mark.parametrize("kind", VALID)
@given(body=JSON)
@example(body=[])
@example(body={"": {"": None}})
@example(body={"handling_units": [[]], "shipments": {}, "points": [None], "distance_m": [[[]]], "capacity": []})
def test_no_json_at_all_makes_the_explanation_fail(kind: type[msgspec.Struct], body: Any) -> None:
    raw = msgspec.json.encode(body)
    error = explain(raw, kind)
    assert isinstance(error, Invalid)
    assert error.errors
    for fault in error.errors:
        assert fault.code
        assert fault.cause
        assert fault.cure


@pytest.mark.parametrize("kind", VALID)
@given(data=st.data())
def test_garbage_in_one_field_is_told_at_that_field_and_nowhere_else(
    kind: type[msgspec.Struct], data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from([field.encode_name for field in msgspec.structs.fields(kind)]))
    found = problems(msgspec.json.encode(VALID[kind] | {field: data.draw(JSON)}), kind)
    rules_between_fields = {"/member_id", "/opens_at", "/closes_at", "/shift_end", "/cut_off_at", "/hub_site_id"}
    rules_between_fields |= {"/pickup", "/delivery", "/distance_m", "/duration_s"}
    rules_between_fields |= {"/lat"} if field == "lon" else set()  # both or neither, told at the first
    assert all(re.match(rf"/{field}(/|$)", pointer) or pointer in rules_between_fields for pointer in found)


@given(st.binary(max_size=60))
@example(b"")
@example(b"\xff\xfe")
@example(b'"\\ud800"')
@example(b"[" * 100_000)
def test_bytes_that_are_no_json_are_malformed(raw: bytes) -> None:
    assert isinstance(explain(raw, BookShipment), Malformed | Invalid)
    if raw[:1] not in b'{["-0123456789tfn \t\r\n' or not raw:
        assert isinstance(explain(raw, BookShipment), Malformed)


def test_a_fault_points_to_a_value_that_is_there() -> None:
    body = transport()
    for pointer, value in PLANTS.items():
        put(body, pointer, value)
    for pointer in problems(msgspec.json.encode(body), BookShipment):
        assert get(body, pointer) == PLANTS[pointer]


def test_a_rule_of_a_good_part_is_judged_although_another_part_is_bad() -> None:
    windows = {"window_start": "2026-05-01T12:00:00Z", "window_end": "2026-05-01T11:00:00Z"}
    body = TRANSPORT | {"pickup": PARTY | windows, "client_ref": ""}
    assert sorted(problems(msgspec.json.encode(body), BookShipment)) == ["/client_ref", "/pickup/window_end"]


def test_a_thousand_faults_are_enough() -> None:
    body = {"shipments": [TRANSPORT | {"handling_units": [UNIT | {"weight_g": -1}] * 20}] * 100}
    assert len(problems(msgspec.json.encode(body), BookShipments)) == FAULTS_MAX
