"""What firms leave behind when they join, talk and go: for the tests of isolation."""

from datetime import timedelta
from typing import Any

from tests.cluster.api import Caller, World

TEXT = "ab" * 32
FIGURES = {"sector": "any", "employees": 12, "revenue_minor": 300_000_000, "currency": "EUR", "fiscal_year": 2025}
EVIDENCE = {
    "figures": FIGURES,
    "document": {"kind": "annual_accounts", "reference": "2025", "dated": "2026-03-31"},
}


async def membership(world: World) -> dict[str, str]:
    """Agreement, code, invitation, applications, and firms that stand elsewhere; identifiers by kind."""
    body = {"url": "https://example.com/a", "text_sha256": TEXT, "effective_from": "2026-01-01T00:00:00Z"}
    agreement = await world.coordinator.made("/v1/agreements", body)
    await world.coordinator.made("/v1/cluster/application-code", None)
    invitation = await world.coordinator.made("/v1/members/invitations", {"firm_name": "Guest"})
    things = {"agreement": agreement["id"], "invitation": invitation["id"]}
    for kind in ("application", "application_to_approve", "application_to_reject"):
        things[kind] = await applied(world)
    for kind in ("suspendable", "suspended", "staying", "leaving"):
        things[kind] = (await world.admit(kind))[0]
    path = "/v1/members/{}"
    await world.coordinator.made(f"{path.format(things['suspended'])}/suspend", {"reason": "other"})
    today = {"effective_on": (world.day - timedelta(days=1)).isoformat()}
    await world.coordinator.made(f"{path.format(things['leaving'])}/leave", today)
    for member, member_id, name in ((world.an, world.an_id, "An"), (world.binh, world.binh_id, "Binh")):
        things |= await records(member, member_id, name, agreement["id"])
    return things


async def applied(world: World) -> str:
    """A firm's application."""
    invited = await world.coordinator.made("/v1/members/invitations", {"firm_name": "Applicant"})
    body: dict[str, Any] = {"code": invited["token"], "firm_name": "Applicant", "country_code": "VN"}
    body["contact"] = {"name": "Somebody", "email": "somebody@example.com"}
    answer = await world.client.post("/v1/applications", json=body, headers={"Idempotency-Key": invited["id"]})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def records(member: Caller, member_id: str, name: str, agreement_id: str) -> dict[str, str]:
    """A firm's person, evidence, consent, acceptance, archive and erasure."""
    path = f"/v1/members/{member_id}"
    contact = {"name": f"{name}'s clerk", "email": f"{name}@example.com"}
    accepted = {"agreement_id": agreement_id, "text_sha256": TEXT}
    made = {
        "contact": await member.made("/v1/contacts", contact),
        "evidence": await member.made(f"{path}/size-evidence", EVIDENCE),
        "consent": await member.made("/v1/consents", {"purpose": "reveal_name"}),
        "acceptance": await member.made("/v1/agreement-acceptances", accepted),
        "archive": await member.made(f"{path}/archives", None),
        "erasure": await member.made(f"{path}/erasures", {"subject": "consignees", "older_than_days": 3000}),
    }
    return {kind: thing["id"] for kind, thing in made.items()}
