"""Suspended members book nothing, leaving ones take their data along, and persons are erased everywhere."""

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.members import archive, service
from cluster.members.archive import EXPORTED, LEFT_OUT, NOT_EXPORTED, neutral
from cluster.shipments.service import pooled
from tests.cluster.api import Caller, World, riverside
from tests.cluster.imports.files import checked
from tests.cluster.planning.test_plan import working
from tests.databases import Database

pytestmark = pytest.mark.anyio
CANARIES = ("Zorblatt", "zorblatt@example.com", "99887766", "Quixotic Alley", "ring twice for Z")
"""In the person data of one firm and of nothing else."""


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside with a worker at work; firms that go are admitted for it."""
    async with riverside(module_database) as found, working(found):
        yield found


@asynccontextmanager
async def owner(world: World) -> AsyncIterator[asyncpg.Connection]:
    """The tables' owner, with row-level security out of its way for a moment."""
    connection = await asyncpg.connect(world.database.owner_url)
    try:
        await _force(connection, "NO FORCE")
        yield connection
    finally:
        await _force(connection, "FORCE")
        await connection.close()


async def _force(connection: asyncpg.Connection, verb: str) -> None:
    """Table by table, each by itself: locks on several at once would stand against those of the worker."""
    for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        await connection.execute(f'ALTER TABLE "{row["tablename"]}" {verb} ROW LEVEL SECURITY')


async def act(world: World, member_id: str, verb: str, body: Any = None, by: Caller | None = None) -> Any:
    return await (by or world.coordinator).post(f"/v1/members/{member_id}/{verb}", body)


async def over(caller: Caller, path: str) -> Any:
    """What is made in the background, once it is made."""
    for _ in range(200):
        answer = (await caller.get(path)).json()
        if answer["status"] != "queued":
            return answer
        await asyncio.sleep(0.1)
    raise AssertionError(f"{path} never ended")


async def has_left(world: World, member_id: str, firm: Caller) -> None:
    """Gives notice for today, cancels what is open, and goes."""
    today = (world.day - timedelta(days=1)).isoformat()
    assert (await act(world, member_id, "leave", {"effective_on": today}, firm)).is_success
    for entry in (await firm.get("/v1/shipments")).json()["data"]:
        await firm.post(f"/v1/shipments/{entry['id']}/cancel", {})
    answer = await act(world, member_id, "complete-departure")
    assert answer.is_success, answer.text
    assert answer.json()["member"]["status"] == "left"


async def downloaded(firm: Caller, member_id: str) -> zipfile.ZipFile:
    """A fresh archive."""
    path = f"/v1/members/{member_id}/archives"
    asked = await firm.post(path, None)
    assert asked.status_code == 202, asked.text
    assert (await over(firm, asked.headers["Location"]))["status"] == "ready"
    answer = await firm.get(f"{asked.headers['Location']}/download")
    assert answer.headers["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content))


async def test_a_suspended_member_reads_and_books_nothing_until_reinstated(world: World) -> None:
    member_id, firm = await world.admit("chi")
    await firm.made("/v1/shipments", world.delivery())
    answer = (await act(world, member_id, "suspend", {"reason": "unpaid"})).json()
    assert (answer["member"]["status"], answer["member"]["status_reason"]) == ("suspended", "unpaid")
    assert answer["holdings"]["shipments_pooled"] == 1
    refused = await firm.post("/v1/shipments", world.delivery())
    assert (refused.status_code, refused.json()["code"]) == (409, "member_suspended")
    assert len((await firm.get("/v1/shipments")).json()["data"]) == 1
    assert (await act(world, member_id, "suspend", {"reason": "unpaid"})).json()["code"] == "member_not_active"
    assert (await act(world, member_id, "reinstate")).json()["member"]["status"] == "active"
    await firm.made("/v1/shipments", world.delivery())
    assert (await act(world, member_id, "reinstate")).json()["code"] == "member_not_suspended"


async def test_the_database_itself_refuses_a_booking_of_a_suspended_member(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a use case forgets to ask."""
    member_id, firm = await world.admit("dung")
    await act(world, member_id, "suspend", {"reason": "other"})

    async def forgetful(*_: Any, **__: Any) -> None:
        return None

    monkeypatch.setattr(service, "must_be_active", forgetful)
    refused = await firm.post("/v1/shipments", world.delivery())
    assert not refused.is_success
    assert (await firm.get("/v1/shipments")).json()["data"] == []


async def test_a_member_does_not_reinstate_itself(world: World) -> None:
    member_id, firm = await world.admit("giang")
    await act(world, member_id, "suspend", {"reason": "other"})
    assert (await act(world, member_id, "reinstate", by=firm)).status_code == 403


async def test_a_member_that_gave_notice_books_until_its_day(world: World) -> None:
    member_id, firm = await world.admit("hoa")
    body = {"effective_on": (world.day + timedelta(days=30)).isoformat()}
    assert (await act(world, member_id, "leave", body, firm)).json()["member"]["status"] == "leaving"
    await firm.made("/v1/shipments", world.delivery())
    assert (await act(world, member_id, "complete-departure")).json()["code"] == "member_not_leaving"
    assert (await act(world, member_id, "leave", body, firm)).json()["code"] == "member_left"
    assert (await act(world, member_id, "reinstate")).json()["member"]["leaving_on"] is None
    past = await act(world, member_id, "leave", {"effective_on": "2020-01-01"}, firm)
    assert [fault["code"] for fault in past.json()["errors"]] == ["in_the_past"]


async def test_nobody_leaves_while_shipments_are_open_and_whoever_left_only_reads(world: World) -> None:
    member_id, firm = await world.admit("khanh")
    booked = await firm.made("/v1/shipments", world.delivery())
    today = (world.day - timedelta(days=1)).isoformat()
    answer = await act(world, member_id, "leave", {"effective_on": today}, firm)
    assert answer.json()["holdings"] == {"shipments_pooled": 1, "shipments_planned": 0, "plans_unsettled": 0}
    assert (await act(world, member_id, "complete-departure")).json()["code"] == "shipments_open"
    await firm.post(f"/v1/shipments/{booked['id']}/cancel", {})
    assert (await act(world, member_id, "complete-departure")).json()["member"]["status"] == "left"
    assert (await firm.post("/v1/shipments", world.delivery())).json()["code"] == "member_left"
    assert (await firm.get(f"/v1/shipments/{booked['id']}")).is_success


async def test_an_archive_holds_all_own_data_and_nothing_of_a_rival(world: World) -> None:
    await world.binh.made("/v1/shipments", world.delivery(client_ref="BINHS-SECRET"))
    booked = await world.an.made("/v1/shipments", world.delivery(client_ref="=cmd|' /C calc'!A0"))
    whole = await downloaded(world.an, world.an_id)
    assert {name.partition(".")[0] for name in whole.namelist()} == {*EXPORTED, "README"}
    shipments = json.loads(whole.read("shipments.json"))
    rows = list(csv.DictReader(io.StringIO(whole.read("shipments.csv").decode())))
    assert len(shipments) == len(rows) == len((await world.an.get("/v1/shipments?limit=500")).json()["data"])
    mine = next(entry for entry in shipments if ids.show("shp", ids.UUID(entry["shipment_id"])) == booked["id"])
    assert mine["client_ref"] == "=cmd|' /C calc'!A0"
    assert "'=cmd|' /C calc'!A0" in {row["client_ref"] for row in rows}
    text = b"".join(whole.read(name) for name in whole.namelist()).decode()
    assert "BINHS-SECRET" not in text
    assert str(ids.parse("mem", world.binh_id)) not in text
    assert [entry for entry in json.loads(whole.read("api_keys.json")) if LEFT_OUT.search(" ".join(entry))] == []


async def test_an_archive_is_read_in_pages_without_losing_or_doubling_a_row(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(archive, "CHUNK_BYTES", 1000)
    member_id, firm = await world.admit("long")
    made = [(await firm.made("/v1/shipments", world.delivery()))["id"] for _ in range(7)]
    whole = await downloaded(firm, member_id)
    held = [ids.show("shp", ids.UUID(row["shipment_id"])) for row in json.loads(whole.read("shipments.json"))]
    assert held == made
    assert whole.testzip() is None


async def test_an_archive_is_for_its_firm_alone_and_gone_after_its_time(world: World) -> None:
    path = f"/v1/members/{world.an_id}/archives"
    asked = (await world.an.post(path, None)).json()
    await over(world.an, f"{path}/{asked['id']}")
    for other in (world.binh, world.coordinator):
        assert (await other.get(f"{path}/{asked['id']}/download")).status_code in {403, 404}
    async with owner(world) as connection:
        await connection.execute("UPDATE archives SET expires_at = now() - interval '1 second'")
    async with Pool.open(world.database.url, 1) as pool, pool.unit(system_scope()) as db:
        assert await archive.drop_expired(db) >= 1
    assert (await world.an.get(f"{path}/{asked['id']}")).json()["status"] == "expired"
    assert (await world.an.get(f"{path}/{asked['id']}/download")).json()["code"] == "archive_not_ready"
    async with owner(world) as connection:
        assert await connection.fetchval("SELECT count(*) FROM archive_chunks") == 0


async def test_every_table_with_rows_of_members_is_in_archives_or_said_why_not(world: World) -> None:
    async with owner(world) as connection:
        rows = await connection.fetch(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        )
    owned = {row["table_name"] for row in rows if row["column_name"] == "member_id"}
    assert owned - set(EXPORTED) - set(NOT_EXPORTED) == set()
    raw = [row for row in rows if row["table_name"] in EXPORTED and row["data_type"] == "bytea"]
    assert [row["column_name"] for row in raw if not LEFT_OUT.search(row["column_name"])] == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert neutral(text) == f"'{text}"
    assert (neutral(-5), neutral("a=1"), neutral(None)) == (-5, "a=1", None)


async def planted(world: World, firm: Caller) -> None:
    """Persons wherever a firm can put them."""
    person = {"name": "Zorblatt", "email": "zorblatt@example.com", "phone": "+99887766"}
    await firm.made("/v1/contacts", person)
    book = {"code": "Z-1", "address_line1": "1 Quixotic Alley", "country_code": "DE", "lat": 10.812, "lon": 106.65}
    await firm.made("/v1/addresses", book | person)
    firm_id = (await firm.get("/v1/me")).json()["member"]["id"]
    guest = {"email": "zorblatt@example.com", "role": "member_user", "member_id": firm_id}
    await firm.made("/v1/users/invitations", guest)
    await checked(firm, b"client_ref,name,address_line1\nZ-9,Zorblatt,1 Quixotic Alley\n", "filename=orders.csv")
    delivery = world.delivery()["delivery"] | {"name": "Zorblatt", "address_line1": "1 Quixotic Alley"}
    delivery |= {"contact_name": "Zorblatt", "phone": "+99887766", "instructions": "ring twice for Z"}
    await firm.made("/v1/shipments", world.delivery(delivery=delivery, metadata={"note": "for Zorblatt"}))


async def places_of_canaries(world: World) -> set[str]:
    """Every column of the whole database that holds a canary."""
    found = set()
    async with owner(world) as connection:
        for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            holding = await connection.fetch(
                f'SELECT DISTINCT key FROM "{row["tablename"]}" AS entry, jsonb_each_text(to_jsonb(entry)) '
                "WHERE value ILIKE ANY($1)",
                [f"%{canary}%" for canary in CANARIES],
            )
            found |= {f"{row['tablename']}.{entry['key']}" for entry in holding}
    return found


async def test_all_persons_of_a_firm_that_left_are_gone_from_the_whole_database(world: World) -> None:
    member_id, firm = await world.admit("minh")
    await planted(world, firm)
    held = await places_of_canaries(world)
    assert held >= {"contacts.name", "shipment_stops.name", "shipment_stops.address_line1", "addresses.name"}
    assert held >= {"user_invitations.email", "import_lines.cells"}
    body = {"subject": "all_persons"}
    assert (await act(world, member_id, "erasures", body, firm)).json()["code"] == "member_not_left"
    await has_left(world, member_id, firm)
    asked = await act(world, member_id, "erasures", body, firm)
    assert asked.status_code == 202
    done = await over(firm, asked.headers["Location"])
    assert done["status"] == "done"
    assert (done["erased"]["contacts"], done["erased"]["shipment_ends"]) == (1, 1)
    assert {entry["what"] for entry in done["kept"]} >= {"audit log", "shares in settled plans"}
    assert await places_of_canaries(world) == set()
    kept = (await firm.get("/v1/shipments")).json()["data"]
    assert [entry["status"] for entry in kept] == ["cancelled"]


async def test_consignees_of_past_days_become_pseudonyms_and_later_ones_stay(world: World) -> None:
    member_id, firm = await world.admit("nga")
    old = {"service_date": "2089-05-05", "cut_off_at": "2089-05-04T00:00:00Z"}
    window = (await world.coordinator.made("/v1/pool-windows", old))["id"]
    for _ in range(2):
        booking = world.delivery(pool_window_id=window)
        booking["delivery"] = {"name": "Zorblatt", "address_line1": "1 Quixotic Alley", "lat": 10.81234, "lon": 106.65}
        await firm.made("/v1/shipments", booking)
    recent = world.delivery()
    recent["delivery"]["name"] = "Recent customer"
    await firm.made("/v1/shipments", recent)
    async with owner(world) as connection:
        await connection.execute(
            "UPDATE pool_windows SET service_date = '2020-05-05' WHERE pool_window_id = $1", ids.parse("win", window)
        )
    asked = await act(world, member_id, "erasures", {"subject": "consignees", "older_than_days": 30}, firm)
    done = await over(firm, asked.headers["Location"])
    assert done["erased"]["shipment_ends"] == 2
    stops = [entry["delivery"] for entry in (await firm.get("/v1/shipments")).json()["data"]]
    first, second, untouched = sorted(stops, key=lambda stop: stop["name"] == "Recent customer")
    assert first["name"] == second["name"]  # one customer who came twice is one still
    assert first["name"].startswith("erased-")
    assert (first["lat"], untouched["name"]) == (10.81, "Recent customer")


async def test_one_contact_is_erased_and_a_rivals_is_unknown(world: World) -> None:
    person = {"name": "Only One", "email": "one@example.com"}
    mine, theirs = [(await firm.made("/v1/contacts", person))["id"] for firm in (world.an, world.binh)]
    body = {"subject": "contact", "subject_id": theirs}
    assert (await act(world, world.an_id, "erasures", body, world.an)).status_code == 404
    asked = await act(world, world.an_id, "erasures", {"subject": "contact", "subject_id": mine}, world.an)
    assert (await over(world.an, asked.headers["Location"]))["erased"]["contacts"] == 1
    assert mine not in (await world.an.get("/v1/contacts")).text
    assert theirs in (await world.binh.get("/v1/contacts")).text


async def test_every_step_of_joining_and_leaving_is_in_the_audit_log(world: World) -> None:
    async with owner(world) as connection:
        actions = {row[0] for row in await connection.fetch("SELECT DISTINCT action FROM audit_log")}
    assert actions >= {
        *("member.suspended", "member.reinstated", "member.leaving", "member.left"),
        *("archive.requested", "archive.downloaded", "erasure.requested", "erasure.done"),
    }


async def test_shipments_of_a_suspended_firm_stay_out_of_plans_unless_they_are_kept(world: World) -> None:
    member_id, firm = await world.admit("oanh")
    await firm.made("/v1/shipments", world.delivery())
    cluster_id = ids.parse("clu", (await firm.get("/v1/me")).json()["cluster"]["id"])
    scope = system_scope(cluster_id)

    async def planned_firms() -> set[str]:
        async with Pool.open(world.database.url, 1) as pool, pool.unit(scope) as db:
            return {entry.member_id for entry in await pooled(db, scope, ids.parse("win", world.window_id))}

    assert member_id in await planned_firms()
    await act(world, member_id, "suspend", {"reason": "unpaid"})
    assert member_id not in await planned_firms()
    await act(world, member_id, "reinstate")
    assert member_id in await planned_firms()
    await act(world, member_id, "suspend", {"reason": "unpaid", "pooled_shipments": "keep"})
    assert member_id in await planned_firms()
