"""Firms are invited or apply, are held against the cluster's conditions, and become members or not."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from cluster.members import joining
from tests.cluster.api import Caller, World, riverside
from tests.databases import Database

pytestmark = pytest.mark.anyio
TEXT = "ab" * 32
BILLION = 10**9


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside, which goes by Viet Nam's size classes and takes applications."""
    async with riverside(module_database) as found:
        await changed(found, size_standard="vn_80_2021", applications_open=True)
        yield found


async def changed(world: World, **rules: Any) -> Any:
    """The cluster with other rules."""
    answer = await world.coordinator.send("PATCH", "/v1/cluster", rules, If_Match="*")
    assert answer.is_success, answer.text
    return answer.json()


async def code(world: World) -> str:
    """A fresh application code."""
    return (await world.coordinator.made("/v1/cluster/application-code", None))["application_code"]


async def invitation(world: World) -> Any:
    return await world.coordinator.made("/v1/members/invitations", {"firm_name": "Chi Textiles"})


def application(token: str, **changes: Any) -> dict[str, Any]:
    """A small trading firm with 12 employees and a revenue of 9 billion dong."""
    return {
        "code": token,
        "firm_name": "Chi Textiles",
        "legal_form": "TNHH",
        "country_code": "VN",
        "tax_id": "0100112437",
        "contact": {"name": "Chi Nguyen", "email": "chi@example.com"},
        "size": {
            "figures": {
                "sector": "trade",
                "employees": 12,
                "revenue_minor": 9 * BILLION,
                "currency": "VND",
                "fiscal_year": 2025,
            },
            "document": {"kind": "annual_accounts", "reference": "2025", "dated": "2026-03-31"},
        },
    } | changes


async def send(world: World, body: Any, key: str | None = None, path: str = "/v1/applications") -> httpx.Response:
    """A request of somebody without any key."""
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return await world.client.post(path, json=body, headers=headers)


async def applied(world: World, **changes: Any) -> str:
    answer = await send(world, application(await code(world), **changes))
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def findings(world: World, application_id: str) -> dict[str, str]:
    answer = await world.coordinator.get(f"/v1/applications/{application_id}")
    return {entry["name"]: entry["finding"] for entry in answer.json()["conditions"]}


async def approve(world: World, application_id: str, **body: Any) -> httpx.Response:
    body = {"code": f"firm-{uuid.uuid4()}"} | body
    return await world.coordinator.post(f"/v1/applications/{application_id}/approve", body)


async def test_an_invited_firm_applies_is_approved_and_books_with_its_first_key(world: World) -> None:
    invited = await invitation(world)
    assert invited["link"] == f"/#apply={invited['token']}"
    sent = await send(world, application(invited["token"]))
    assert sent.json()["status"] == "applied"
    answer = (await approve(world, sent.json()["id"])).json()
    assert (answer["member"]["status"], answer["member"]["legal_form"]) == ("active", "TNHH")
    chi = Caller(world.client, answer["admin_key"]["api_key"])
    assert (await chi.get("/v1/me")).json()["member"]["name"] == "Chi Textiles"
    await chi.made("/v1/shipments", world.delivery())
    assert [person["name"] for person in (await chi.get("/v1/contacts")).json()["data"]] == ["Chi Nguyen"]
    evidence = (await chi.get(f"/v1/members/{answer['member']['id']}/size-evidence")).json()["data"]
    # 12 employees are more than 10, and at most 50 with 9 of at most 100 billion: small
    assert [(entry["size_class"], entry["status"]) for entry in evidence] == [("small", "submitted")]


async def test_an_invitation_is_for_one_application_even_of_two_at_the_same_time(world: World) -> None:
    token = (await invitation(world))["token"]
    answers = await asyncio.gather(*(send(world, application(token)) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422, 422]


async def test_an_application_sent_again_gets_the_same_answer(world: World) -> None:
    token, key = (await invitation(world))["token"], str(uuid.uuid4())
    first, second = [await send(world, application(token), key) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers["Idempotent-Replayed"] == "true"


async def test_every_code_that_opens_nothing_gets_one_answer(world: World) -> None:
    revoked = await invitation(world)
    assert (await world.coordinator.send("DELETE", f"/v1/members/invitations/{revoked['id']}")).status_code == 204
    old = await code(world)
    good = await code(world)
    forged = good[:-4] + "AAAA"
    elsewhere = "_".join(("apl", "0" * 26, *good.split("_")[2:]))
    for token in (revoked["token"], old, forged, elsewhere, "inv_x_y_zz", "nonsense_of_some_length"):
        answer = await send(world, application(token))
        told = await send(world, {"code": token}, path="/v1/application-terms")
        for refusal in (answer, told):
            assert refusal.status_code == 422
            assert [fault["code"] for fault in refusal.json()["errors"]] == ["code_opens_nothing"], token
    assert (await send(world, {"code": good}, path="/v1/application-terms")).json()["cluster_name"] == "Riverside"


async def test_a_closed_cluster_takes_invited_firms_alone(world: World) -> None:
    token = await code(world)
    await changed(world, applications_open=False)
    assert (await send(world, application(token))).status_code == 422
    assert (await send(world, application((await invitation(world))["token"]))).status_code == 201
    await changed(world, applications_open=True)
    assert (await send(world, application(token))).status_code == 201


async def test_each_condition_is_held_against_an_application(world: World) -> None:
    await changed(world, admit_countries=["VN"], admit_size_classes=["micro"], evidence_required=True)
    good = await findings(world, await applied(world, tax_id="0300588569"))
    assert good == {
        "country": "met",
        "tax_id": "met",
        "duplicate": "met",
        "size_class": "not_met",  # small, and only micro firms are admitted
        "evidence": "to_be_looked_at",
        "agreement": "met",
    }
    other = await findings(world, await applied(world, country_code="LA", tax_id=None, size=None))
    assert (other["country"], other["tax_id"], other["evidence"]) == ("not_met", "to_be_looked_at", "not_met")
    assert other["size_class"] == "to_be_looked_at"
    await changed(world, admit_countries=[], admit_size_classes=["micro", "small", "medium"], evidence_required=False)


async def test_what_is_not_met_must_be_named_to_admit_despite_it(world: World) -> None:
    await changed(world, admit_countries=["DE"])
    application_id = await applied(world)
    refused = await approve(world, application_id)
    assert (refused.status_code, refused.json()["code"]) == (409, "conditions_not_met")
    assert "country" in refused.json()["detail"]
    assert (await approve(world, application_id, despite=["country"])).is_success
    await changed(world, admit_countries=[])


async def test_a_tax_number_of_a_member_is_looked_at(world: World) -> None:
    first = await applied(world, tax_id="0101243150")
    assert (await findings(world, first))["duplicate"] == "met"
    assert (await approve(world, first)).is_success
    assert (await findings(world, await applied(world, tax_id="0101243150")))["duplicate"] == "to_be_looked_at"


async def test_an_application_is_decided_once(world: World) -> None:
    application_id = await applied(world)
    rejected = await world.coordinator.post(f"/v1/applications/{application_id}/reject", {"reason": "duplicate"})
    assert (rejected.json()["status"], rejected.json()["reason"]) == ("rejected", "duplicate")
    assert (await approve(world, application_id)).json()["code"] == "application_decided"
    again = await world.coordinator.post(f"/v1/applications/{application_id}/reject", {"reason": "other"})
    assert again.json()["code"] == "application_decided"
    assert (await world.coordinator.get(f"/v1/applications/{application_id}")).json()["contacts"] == []


async def test_two_approvals_at_the_same_time_make_one_member(world: World) -> None:
    application_id = await applied(world)
    answers = await asyncio.gather(*(approve(world, application_id) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_all_faults_of_an_application_are_told_at_once(world: World) -> None:
    bad = application(await code(world), tax_id="0100112438", accepted={"agreement_id": "agr_x", "text_sha256": TEXT})
    bad["size"]["figures"] |= {"currency": "EUR", "sector": "piracy"}
    answer = await send(world, bad)
    assert answer.status_code == 422
    assert {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]} == {
        ("/tax_id", "check_digit"),
        ("/size/figures/currency", "currency_of_standard"),
        ("/size/figures/sector", "unknown_sector"),
        ("/accepted", "other_text"),
    }


async def test_a_refused_application_does_not_use_its_invitation_up(world: World) -> None:
    token = (await invitation(world))["token"]
    assert (await send(world, application(token, tax_id="0100112438"))).status_code == 422
    assert (await send(world, application(token))).status_code == 201


async def test_the_accepted_agreement_is_the_members_from_its_first_day(world: World) -> None:
    body = {"url": "https://example.com/a1", "text_sha256": TEXT, "effective_from": "2026-01-01T00:00:00Z"}
    agreement = await world.coordinator.made("/v1/agreements", body)
    await changed(world, agreement_required=True)
    without = await applied(world)
    assert (await findings(world, without))["agreement"] == "not_met"
    accepted = {"agreement_id": agreement["id"], "text_sha256": TEXT}
    application_id = await applied(world, accepted=accepted)
    assert (await findings(world, application_id))["agreement"] == "met"
    member_id = (await approve(world, application_id)).json()["member"]["id"]
    kept = (await world.coordinator.get("/v1/agreement-acceptances")).json()["data"]
    assert (member_id, agreement["id"]) in {(entry["member_id"], entry["agreement_id"]) for entry in kept}
    await changed(world, agreement_required=False)


async def test_applications_without_invitation_are_throttled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    token = await code(world)
    monkeypatch.setattr(joining, "PER_HOUR_MAX", 0)
    refused = await send(world, application(token))
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert (await send(world, application((await invitation(world))["token"]))).status_code == 201


async def test_members_see_neither_applications_nor_invitations(world: World) -> None:
    application_id = await applied(world)
    for path in ("/v1/applications", f"/v1/applications/{application_id}", "/v1/members/invitations"):
        assert (await world.an.get(path)).status_code == 403


async def test_whoever_has_no_code_learns_nothing_and_no_text_breaks_anything(world: World) -> None:
    for hostile in ("\x00" * 20, "inv_" + "z" * 26 + "_" + "z" * 26 + "_x", "apl" + "_" * 60, "é" * 30):
        assert (await send(world, application(hostile))).status_code in {400, 422}
    answer = await world.client.post("/v1/applications", json=application("inv_x_y_zzzz"))
    assert answer.status_code in {400, 422}
