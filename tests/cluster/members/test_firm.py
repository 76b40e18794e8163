"""What a firm says of itself: master data, evidence of size, persons, consents."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cluster.base import ids
from tests.cluster.api import Caller, World, riverside
from tests.databases import Database

pytestmark = pytest.mark.anyio
FIGURES = {"sector": "any", "employees": 12, "revenue_minor": 300_000_000, "currency": "EUR", "fiscal_year": 2025}
DOCUMENT = {"kind": "annual_accounts", "reference": "2025", "dated": "2026-03-31", "file_sha256": "ab" * 32}


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside, which goes by the European size classes."""
    async with riverside(module_database) as found:
        yield found


async def change(world: World, if_match: str = "*", **data: Any) -> Any:
    return await world.an.send("PATCH", f"/v1/members/{world.an_id}", data, If_Match=if_match)


async def test_master_data_is_kept_normalised_with_what_its_check_digits_say(world: World) -> None:
    changed = (await change(world, country_code="VN", tax_id=" 0100112437-001 ", gln="4006381333931")).json()
    assert (changed["tax_id"], changed["tax_id_check"]) == ("0100112437001", "valid")
    other = (await change(world, country_code="US", tax_id="12-3456789")).json()
    assert (other["tax_id"], other["tax_id_check"]) == ("12-3456789", "no_public_check")


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"country_code": "VN", "tax_id": "0100112438"}, "/tax_id"),
        ({"gln": "4006381333932"}, "/gln"),
        ({"lei": "213800KUD8LAJWSQ9D16"}, "/lei"),
    ],
)
async def test_a_number_with_a_wrong_check_digit_is_refused(world: World, data: Any, pointer: str) -> None:
    answer = await change(world, **data)
    assert answer.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, "check_digit")]


async def test_a_tax_number_needs_its_country(world: World) -> None:
    answer = await world.binh.send("PATCH", f"/v1/members/{world.binh_id}", {"tax_id": "1"}, If_Match="*")
    assert [fault["code"] for fault in answer.json()["errors"]] == ["country_missing"]


async def test_of_two_edits_of_one_version_the_second_is_refused(world: World) -> None:
    tag = f'"{(await world.an.get(f"/v1/members/{world.an_id}")).json()["version"]}"'
    assert (await change(world, tag, legal_form="TNHH")).is_success
    assert (await change(world, tag, legal_form="CP")).status_code == 412


async def test_a_tax_number_can_be_tried(world: World) -> None:
    answer = await world.an.post("/v1/tax-ids/check", {"country_code": "DE", "tax_id": "DE136695978"})
    assert answer.json() == {"tax_id": "DE136695978", "check": "wrong_check_digit"}


async def test_a_size_class_comes_with_the_table_that_says_so(world: World) -> None:
    answer = (await world.an.post("/v1/size-class", {"figures": FIGURES})).json()
    # 12 annual work units are not fewer than 10; 3 million euros are at most 10 million
    assert answer["size_class"] == "small"
    assert answer["table"]["source"].startswith("Commission Recommendation 2003/361/EC")
    vietnamese = await world.an.post("/v1/size-class", {"figures": FIGURES, "standard": "vn_80_2021"})
    assert {fault["code"] for fault in vietnamese.json()["errors"]} == {"currency_of_standard", "unknown_sector"}


async def test_accepted_evidence_makes_the_class_for_a_year(world: World) -> None:
    path = f"/v1/members/{world.an_id}/size-evidence"
    submitted = await world.an.made(path, {"figures": FIGURES, "document": DOCUMENT})
    assert (submitted["status"], submitted["size_class"]) == ("submitted", "small")
    assert (await world.an.get(f"/v1/members/{world.an_id}")).json()["size_class"] is None
    review = f"{path}/{submitted['id']}/review"
    assert (await world.an.post(review, {"accept": True})).status_code == 403
    accepted = (await world.coordinator.post(review, {"accept": True})).json()
    member = (await world.an.get(f"/v1/members/{world.an_id}")).json()
    assert (member["size_class"], member["size_valid_until"]) == ("small", accepted["valid_until"])
    assert (await world.coordinator.post(review, {"accept": False})).json()["code"] == "evidence_reviewed"


async def test_rejected_evidence_changes_nothing(world: World) -> None:
    path = f"/v1/members/{world.binh_id}/size-evidence"
    submitted = await world.binh.made(path, {"figures": FIGURES, "document": DOCUMENT})
    body = {"accept": False, "reason": "of another firm"}
    answer = await world.coordinator.post(f"{path}/{submitted['id']}/review", body)
    assert (answer.json()["status"], answer.json()["reason"]) == ("rejected", "of another firm")
    assert (await world.binh.get(f"/v1/members/{world.binh_id}")).json()["size_class"] is None


async def test_a_person_is_added_seen_by_its_firm_and_taken_out(world: World) -> None:
    body = {"name": "Lan Tran", "email": "lan@example.com", "purpose": "billing"}
    added = await world.an.post("/v1/contacts", body)
    assert "Lan" not in added.text  # answers are kept for repeated requests, persons are not
    contact_id = added.json()["id"]
    assert contact_id in (await world.an.get("/v1/contacts")).text
    assert contact_id in (await world.coordinator.get("/v1/contacts")).text
    assert contact_id not in (await world.binh.get("/v1/contacts")).text
    assert (await world.binh.send("DELETE", f"/v1/contacts/{contact_id}")).status_code == 404
    assert (await world.an.send("DELETE", f"/v1/contacts/{contact_id}")).status_code == 204
    assert contact_id not in (await world.coordinator.get("/v1/contacts")).text
    unreachable = await world.an.post("/v1/contacts", {"name": "Lan Tran"})
    assert [fault["code"] for fault in unreachable.json()["errors"]] == ["unreachable"]


async def test_nothing_is_told_without_consent_and_consent_can_be_revoked(world: World) -> None:
    assert (await world.an.get("/v1/consents")).json()["data"] == []
    given = await world.an.made("/v1/consents", {"purpose": "reveal_name"})
    assert (given["partner_id"], given["revoked_at"]) == (None, None)
    assert (await world.an.post("/v1/consents", {"purpose": "reveal_name"})).json()["code"] == "consent_given"
    assert (await world.an.send("DELETE", f"/v1/consents/{given['id']}")).status_code == 204
    again = await world.an.made("/v1/consents", {"purpose": "reveal_name"})
    history = (await world.an.get("/v1/consents")).json()["data"]
    assert [entry["id"] for entry in history if entry["revoked_at"] is None] == [again["id"]]


async def test_a_consent_names_a_partner_of_the_cluster_and_no_stranger_or_nobody(world: World) -> None:
    founding = {"name": "Elsewhere", "country_code": "DE", "currency": "EUR", "time_zone": "Europe/Berlin"}
    founded = await world.operator.made("/v1/clusters", founding)
    elsewhere = Caller(world.client, founded["coordinator_key"]["api_key"])
    stranger_id = (await elsewhere.made("/v1/members", {"code": "far", "name": "Far"}))["id"]
    stranger, nobody = [
        await world.an.post("/v1/consents", {"purpose": "reveal_contact", "partner_id": partner})
        for partner in (stranger_id, ids.show("mem", ids.new()))
    ]
    assert (stranger.status_code, nobody.status_code) == (404, 404)
    assert stranger.json() | {"request_id": ""} == nobody.json() | {"request_id": ""}
    before = (await world.an.get("/v1/consents")).json()["data"]
    assert stranger_id not in [entry["partner_id"] for entry in before]
    given = await world.an.made("/v1/consents", {"purpose": "reveal_contact", "partner_id": world.binh_id})
    assert given["partner_id"] == world.binh_id
    assert world.an_id not in (await world.binh.get("/v1/consents")).text


async def test_not_even_the_coordinator_consents_for_a_firm(world: World) -> None:
    assert (await world.coordinator.post("/v1/consents", {"purpose": "reveal_name"})).status_code == 403
