"""Lists of shipments: filters that mean what they say, and an index behind each way of asking."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import Role, Scope
from cluster.shipments import read_queries
from cluster.shipments.models import Pooling, ShipmentStatus
from cluster.shipments.read_queries import Filters, made_at
from tests.cluster.api import World

pytestmark = pytest.mark.anyio
MANY = 4000
"""Enough rows for PostgreSQL to prefer an index to reading them all."""


async def refs(world: World, query: str, caller: Any = None) -> list[str]:
    """References of the shipments that a filter lets through."""
    answer = await (caller or world.an).get(f"/v1/shipments?{query}")
    assert answer.status_code == 200, answer.text
    return [entry["client_ref"] for entry in answer.json()["data"]]


async def test_filters_let_through_what_they_say(world: World) -> None:
    named = world.delivery(client_ref="A-1", po_numbers=["PO_77"])
    named["delivery"]["name"] = "Bánh Mì Hoà"
    await world.an.made("/v1/shipments", named)
    await world.an.made("/v1/shipments", world.delivery(client_ref="A-2", pooling="alone"))
    await world.an.made("/v1/shipments", world.delivery(client_ref="A-3", draft=True))
    await world.binh.made("/v1/shipments", world.delivery(client_ref="A-1"))
    now = datetime.now(UTC)
    hour, later = ((now + timedelta(hours=h)).strftime("%Y-%m-%dT%H:%M:%SZ") for h in (-1, 1))
    expected = {
        "status=pooled": ["A-1"],
        "status=booked&status=draft": ["A-2", "A-3"],
        "pooling=alone": ["A-2"],
        "client_ref=A-1": ["A-1"],
        "client_ref=A-9": [],
        "q=bánh mì": ["A-1"],
        "q=po_7": ["A-1"],
        "q=a_1": [],  # no wildcard
        "q=a-": ["A-1", "A-2", "A-3"],
        f"created_at[gte]={hour}": ["A-1", "A-2", "A-3"],
        f"created_at[gte]={later}": [],
        f"created_at[lt]={hour}": [],
        f"pool_window_id={world.window_id}&status=booked": ["A-2"],
        f"client_ref=A-1&pool_window_id={world.window_id}": ["A-1"],
    }
    assert {query: await refs(world, query) for query in expected} == expected
    assert await refs(world, "client_ref=A-1", world.coordinator) == ["A-1", "A-1"]


async def test_several_states_come_in_the_order_of_booking_page_by_page(world: World) -> None:
    for number in range(6):
        # Booked, draft, booked, draft, ...: no state alone has two that follow each other.
        kind: dict[str, Any] = {"draft": True} if number % 2 else {"pooling": "alone"}
        await world.an.made("/v1/shipments", world.delivery(client_ref=f"A-{number}", **kind))
    for caller in (world.an, world.coordinator):
        found, query = [], "status=booked&status=draft&status=booked&limit=4"
        while query:
            page = (await caller.get(f"/v1/shipments?{query}")).json()
            found.append([entry["client_ref"] for entry in page["data"]])
            query = page["has_more"] and f"status=booked&status=draft&limit=4&cursor={page['next_cursor']}"
        assert found == [["A-0", "A-1", "A-2", "A-3"], ["A-4", "A-5"]]


@pytest.mark.parametrize(
    "query", ["status=lost_and_found", "q=x", "created_at[gte]=2026-01-01T00:00:00", "created_at[lt]=soon", "q=a%00b"]
)
async def test_filters_that_mean_nothing_are_refused(world: World, query: str) -> None:
    assert (await world.an.get(f"/v1/shipments?{query}")).status_code == 422


async def test_identifiers_are_searched_from_the_moment_that_they_hold() -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    made = ids.new()
    assert made_at(before) < made < made_at(before + timedelta(seconds=60))
    for year in (1, 9999):
        assert isinstance(made_at(datetime(year, 1, 1, tzinfo=UTC)), UUID)


@pytest.fixture
async def crowded(world: World) -> tuple[World, Scope]:
    """Thousands of shipments of Binh's, and one of An's."""
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    for caller in (world.an, world.binh):
        await caller.made("/v1/shipments", world.delivery(client_ref="first"))
    connection = await asyncpg.connect(world.database.owner_url)
    await connection.execute(
        "ALTER TABLE shipments NO FORCE ROW LEVEL SECURITY; ALTER TABLE shipments DISABLE TRIGGER USER"
    )
    columns = await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'shipments' ORDER BY ordinal_position"
    )
    taken = {"shipment_id": "gen_random_uuid()", "client_ref": "'R' || no", "search_text": "'r' || no"}
    taken["status"] = "CASE WHEN no % 100 = 0 THEN 'lost' ELSE 'delivered' END"
    names = ", ".join(row[0] for row in columns)
    values = ", ".join(taken.get(row[0], f"one.{row[0]}") for row in columns)
    await connection.execute(
        f"INSERT INTO shipments ({names}) SELECT {values} FROM shipments AS one, generate_series(1, {MANY}) AS no "
        "WHERE one.member_id = $1",
        ids.parse("mem", world.binh_id),
    )
    await connection.execute(
        "ALTER TABLE shipments FORCE ROW LEVEL SECURITY; ALTER TABLE shipments ENABLE TRIGGER USER"
    )
    await connection.execute("ANALYZE shipments; ANALYZE members")
    await connection.close()
    an = Scope(role=Role.MEMBER_USER, cluster_id=cluster_id, member_id=ids.parse("mem", world.an_id))
    return world, an


class Spy:
    """A connection that explains what it is asked instead of doing it."""

    def __init__(self, db: Any) -> None:
        self._db = db
        self.plans: list[str] = []

    async def fetch(self, sql: str, *given: Any) -> list[Any]:
        """Notes the plan; there are no rows."""
        rows = await self._db.fetch(f"EXPLAIN {sql}", *given)
        self.plans.append("\n".join(row[0] for row in rows))
        return []


async def test_no_way_of_asking_reads_the_whole_table(crowded: tuple[World, Scope]) -> None:
    world, an = crowded
    coordinator = Scope(role=Role.COORDINATOR, cluster_id=an.cluster_id)
    window = ids.parse("win", world.window_id)
    now = datetime.now(UTC)
    own = [Filters(statuses=[ShipmentStatus.DRAFT]), Filters(pooling=Pooling.ALONE, words="nowhere")]
    ways = [
        Filters(),
        Filters(client_ref="R77"),
        Filters(pool_window_id=window),
        Filters(pool_window_id=window, statuses=[ShipmentStatus.POOLED]),
        Filters(created_from=now - timedelta(days=1), created_before=now),
    ]
    async with Pool.open(world.database.url, 1) as pool:
        for scope in (an, coordinator):
            for wanted in [*ways, *(own if scope is an else [])]:
                async with pool.unit(scope) as db:
                    spy = Spy(db)
                    await read_queries.shipments(spy, scope, read_queries.FIRST, 50, wanted)  # type: ignore[arg-type]
                [plan] = spy.plans
                assert not re.search(r"Seq Scan on shipments", plan), (scope.role, wanted, plan)


async def test_states_that_few_shipments_are_in_are_found_by_state(crowded: tuple[World, Scope]) -> None:
    world, an = crowded
    binh = Scope(role=Role.MEMBER_USER, cluster_id=an.cluster_id, member_id=ids.parse("mem", world.binh_id))
    coordinator = Scope(role=Role.COORDINATOR, cluster_id=an.cluster_id)
    wanted = Filters(statuses=[ShipmentStatus.LOST, ShipmentStatus.DRAFT])
    async with Pool.open(world.database.url, 1) as pool:
        for scope in (binh, coordinator):
            async with pool.unit(scope) as db:
                spy = Spy(db)
                await read_queries.shipments(spy, scope, read_queries.FIRST, 50, wanted)  # type: ignore[arg-type]
            [plan] = spy.plans
            assert re.search(r"Index Scan using shipments_state", plan), (scope.role, plan)
