"""Secrets and persons planted on purpose, and every place where they might turn up searched for them."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator

import pytest

from cluster.base import ids
from tests.cluster.api import Caller, World, riverside
from tests.cluster.members.test_leaving import has_left, over, owner
from tests.cluster.people.browser import Browser, invited, joined
from tests.cluster.planning.test_plan import working
from tests.databases import Database

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside with a worker at work."""
    async with riverside(module_database) as found, working(found):
        yield found


async def places_of(world: World, *canaries: str) -> set[str]:
    """Every column of the database that holds one of the texts, bytes among them."""
    sought = [f"%{text}%" for canary in canaries for text in (canary, canary.encode().hex())]
    found = set()
    async with owner(world) as connection:
        for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            holding = await connection.fetch(
                f'SELECT DISTINCT key FROM "{row["tablename"]}" AS entry, jsonb_each_text(to_jsonb(entry)) '
                "WHERE value ILIKE ANY($1)",
                sought,
            )
            found |= {f"{row['tablename']}.{entry['key']}" for entry in holding}
    return found


async def test_no_secret_lies_in_the_database_in_a_log_or_in_a_refusal(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = f"canary{uuid.uuid4().hex}"
    secrets, answers = [canary], []
    email = f"keeper-{uuid.uuid4().hex[:6]}@an.example"
    issued = await invited(world.an, email, "member_admin", world.an_id)
    browser = Browser(world.client)
    await browser.post("/v1/users/accept", {"token": issued["token"], "name": "Keeper", "password": canary})
    secrets += [issued["token"], browser.cookies["__Host-session"]]
    app = await browser.post("/v1/session/totp")
    secrets.append(app.json()["secret"])
    key = await browser.post("/v1/keys", {"name": "k", "role": "member_user", "member_id": world.an_id})
    secrets.append(key.json()["api_key"].split("_")[2])
    rotated = await browser.post(f"/v1/keys/{key.json()['id']}/rotate", {"overlap_s": 60})
    secrets.append(rotated.json()["api_key"].split("_")[2])
    firm = await world.coordinator.made("/v1/members/invitations", {"firm_name": "New"})
    secrets.append(firm["token"].split("_")[3])
    hook = await world.an.made("/v1/webhooks", {"url": "https://example.com/h", "event_types": ["*"]})
    secrets.append(hook["secret"].removeprefix("whsec_"))
    changed = f"changed{uuid.uuid4().hex}"
    body = {"old_password": canary, "new_password": changed}
    assert (await browser.post("/v1/session/password", body)).status_code == 200
    secrets += [changed, browser.cookies["__Host-session"]]
    codes = (await browser.post("/v1/session/recovery-codes")).json()["recovery_codes"]
    secrets += [codes[0], codes[0].replace("-", "")]
    # Each of them in a request that is refused.
    wrong = Browser(world.client)
    for secret in secrets:
        answers.append(await wrong.post("/v1/session", {"email": "x@y.example", "password": secret, "more": secret}))
        answers.append(await wrong.post("/v1/session", {"email": 7, "password": secret + "\x00"}))
        answers.append(await wrong.post("/v1/users/accept", {"token": secret + "!", "name": "N", "password": [secret]}))
        answers.append(await wrong.post("/v1/users/accept", {"token": secret, "name": "N", "password": secret}))
        answers.append(await Caller(world.client, f"clk_{secret}").get("/v1/me"))
        answers.append(await world.an.post("/v1/keys", b'{"name": "' + secret.encode()))
        answers.append(await world.an.post("/v1/applications", {"code": secret.replace("-", "")}))
    assert {answer.status_code for answer in answers} <= {400, 401, 422, 429}
    for answer in answers:
        told = f"{answer.text} {answer.headers}"
        assert not [secret for secret in secrets if secret in told], told
    logged = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    assert not [secret for secret in secrets if secret in logged]
    assert await places_of(world, *secrets) == set()


async def test_what_is_shown_once_is_shown_by_no_other_operation(world: World) -> None:
    hook = await world.an.made("/v1/webhooks", {"url": "https://example.com/once", "event_types": ["*"]})
    key = await world.an.made("/v1/keys", {"name": "once", "role": "member_user", "member_id": world.an_id})
    seen = ""
    for path in (f"/v1/webhooks/{hook['id']}", "/v1/webhooks", "/v1/keys", "/v1/events", "/v1/me", "/v1/audit-log"):
        seen += (await world.an.get(path)).text + (await world.coordinator.get(path)).text
    changed = await world.an.send("PATCH", f"/v1/webhooks/{hook['id']}", {"description": "x"})
    seen += changed.text
    assert hook["id"] in seen
    assert hook["secret"].removeprefix("whsec_") not in seen
    assert key["api_key"].split("_")[2] not in seen


async def planted(world: World, firm: Caller, name: str, window_id: str) -> None:
    """A consignee wherever its firm can put it."""
    end = world.delivery()["delivery"] | {"name": name, "address_line1": f"1 {name} Alley", "contact_name": name}
    if window_id != world.window_id:
        end |= {"window_start": None, "window_end": None}
    booking = world.delivery(pool_window_id=window_id, delivery=end, metadata={"for": name})
    made = await firm.made("/v1/shipments", booking)
    await firm.made("/v1/shipments/bulk", {"shipments": [booking | {"client_ref": f"B-{uuid.uuid4().hex}"}]})
    await firm.send("PATCH", f"/v1/shipments/{made['id']}", {"metadata": {"again": name}})
    content = f"client_ref,name,address_line1\nZ,{name},1 {name} Alley\n".encode()
    headers = {"Authorization": f"Bearer {firm.key}", "Idempotency-Key": uuid.uuid4().hex, "Content-Type": "text/csv"}
    sent = await world.client.post("/v1/imports", content=content, headers=headers)
    for _ in range(200):
        if (await firm.get(f"/v1/imports/{sent.json()['id']}")).json()["status"] in {"checked", "mapping_needed"}:
            break
        await asyncio.sleep(0.05)
    assert (await firm.post(f"/v1/imports/{sent.json()['id']}/discard", None)).is_success


async def test_no_copy_of_an_erased_consignee_is_left_in_answers_files_or_events(world: World) -> None:
    member_id, firm = await world.admit(f"era{uuid.uuid4().hex[:6]}")
    day = {"service_date": "2089-06-06", "cut_off_at": "2089-06-05T00:00:00Z"}
    window = (await world.coordinator.made("/v1/pool-windows", day))["id"]
    await planted(world, firm, "Grumblewick", window)
    held = await places_of(world, "Grumblewick")
    assert held >= {"shipment_stops.name", "idempotency.body", "import_lines.cells"}
    async with owner(world) as connection:  # three days pass
        await connection.execute(
            "UPDATE pool_windows SET service_date = current_date - 3 WHERE pool_window_id = $1",
            ids.parse("win", window),
        )
        await connection.execute("UPDATE idempotency SET created_at = created_at - interval '3 days'")
        await connection.execute("ALTER TABLE imports DISABLE TRIGGER USER")
        await connection.execute("UPDATE imports SET updated_at = updated_at - interval '3 days'")
        await connection.execute("ALTER TABLE imports ENABLE TRIGGER USER")
    await planted(world, firm, "Snodgrass", world.window_id)
    body = {"subject": "consignees", "older_than_days": 1}
    asked = await firm.post(f"/v1/members/{member_id}/erasures", body)
    assert (await over(firm, asked.headers["Location"]))["status"] == "done"
    assert await places_of(world, "Grumblewick") == set()
    assert await places_of(world, "Snodgrass") >= {"shipment_stops.name", "idempotency.body"}  # of a day to come


async def test_a_firm_that_left_leaves_no_person_behind_even_in_bytes(world: World) -> None:
    member_id, firm = await world.admit(f"gone{uuid.uuid4().hex[:6]}")
    clerk = await joined(world, f"clerk@{member_id}.example".replace("_", "-"), "member_user", member_id, by=firm)
    end = world.delivery()["delivery"] | {"name": "Pennyfeather", "contact_name": "Pennyfeather"}
    assert (await clerk.post("/v1/shipments", world.delivery(delivery=end))).status_code == 201
    await planted(world, firm, "Pennyfeather", world.window_id)
    await firm.made(
        "/v1/addresses",
        {"name": "Pennyfeather", "address_line1": "1 Road", "country_code": "DE", "lat": 10.8, "lon": 106.6},
    )
    assert await places_of(world, "Pennyfeather") >= {"idempotency.body", "addresses.name"}
    await has_left(world, member_id, firm)
    asked = await firm.post(f"/v1/members/{member_id}/erasures", {"subject": "all_persons"})
    assert (await over(firm, asked.headers["Location"]))["status"] == "done"
    assert await places_of(world, "Pennyfeather") == set()
    assert (await clerk.get("/v1/session")).status_code == 401
