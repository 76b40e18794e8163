"""The fuzz knows how to ask every operation, and tells right what was reached."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fuzz import LIMITED, ROLES, STREAMS
from benchmarks.fuzzing.asking import GOOD
from benchmarks.fuzzing.told import finder, open_to, operations, told
from benchmarks.fuzzing.world import PERSON
from benchmarks.seeding import PARAMETERS
from cluster.app import build
from cluster.base.reference.document import document
from cluster.base.settings import Settings


@pytest.fixture(scope="module")
def reference() -> Any:
    """The API's document."""
    settings = Settings(data_dir=Path("/nonexistent"), database_url="postgresql://nobody@localhost/none")
    return json.loads(json.dumps(document(build(settings))))


def test_what_is_asked_by_name_is_an_operation(reference: Any) -> None:
    there = {described["operationId"] for _, _, described in operations(reference)}
    assert GOOD.keys() <= there
    assert STREAMS.keys() <= there


def test_an_operation_without_a_word_of_its_own_needs_none(reference: Any) -> None:
    """Its path names what is sown, its body has an example, and no query must be given."""
    for _, path, described in operations(reference):
        if described["operationId"] in GOOD:
            continue
        for parameter in described.get("parameters", []):
            if parameter["in"] == "path":
                assert parameter["name"] in PARAMETERS, path
            assert parameter["in"] != "query" or not parameter.get("required"), path
        contents = described.get("requestBody", {}).get("content", {}).values()
        assert not contents or any(content.get("examples") for content in contents), path


def test_every_operation_is_open_to_somebody_who_asks(reference: Any) -> None:
    roles = (*ROLES, PERSON)
    everything = {described["operationId"] for _, _, described in operations(reference)}
    assert set().union(*(open_to(reference, role) for role in roles)) == everything


def test_a_key_has_no_part_in_sessions_and_a_limited_one_only_in_its_scope(reference: Any) -> None:
    assert "sign_out" in open_to(reference, PERSON)
    assert "sign_out" not in open_to(reference, "member_admin")
    assert open_to(reference, "member_admin/webhooks:read") < open_to(reference, "member_admin")
    for role in LIMITED:
        assert open_to(reference, role) < open_to(reference, role.partition("/")[0])
    assert open_to(reference, "operator") == {"found_cluster", "me"}


def test_a_success_counts_for_the_operation_with_the_more_literal_path(reference: Any) -> None:
    find = finder(reference)
    assert find("GET", "/v1/shipments/export") == "export_shipments"
    assert find("GET", "/v1/shipments/shp_1") == "get_shipment"
    assert find("PATCH", "/v1/me") is None


def test_a_log_is_told_by_its_statuses_and_503_is_no_surprise(reference: Any) -> None:
    def entry(method: str, path: str, status: int) -> Any:
        return {"request": {"method": method, "url": f"http://127.0.0.1:1{path}"}, "response": {"status": status}}

    entries = [entry("GET", "/v1/me", 200), entry("GET", "/v1/keys", 503), entry("POST", "/v1/keys", 500)]
    one = told("member_admin", {"log": {"entries": entries}}, reference)
    assert (one.sent, one.successes, len(one.surprises)) == (3, {"me"}, 1)
    assert one.surprises[0].startswith("500 POST http://127.0.0.1:1/v1/keys")
