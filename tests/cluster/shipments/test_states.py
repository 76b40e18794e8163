"""The table of legal moves: its own order, and that the database keeps the same one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from random import Random

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.base import ids
from cluster.base.db import Role, Scope, act_as
from cluster.shipments.states import (
    EDITABLE,
    MOVES,
    REPORTABLE,
    SETTLED,
    Landing,
    ShipmentStatus,
    Standing,
    correctable,
    landing,
    rank,
)
from tests.cluster.api import World

pytestmark = pytest.mark.anyio
S = ShipmentStatus
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_every_state_has_its_moves_and_its_rank() -> None:
    assert MOVES.keys() == set(S)
    assert {rank(status) for status in S} == set(range(12))


def test_no_move_from_the_road_goes_back_and_none_returns_to_the_desk() -> None:
    for status in REPORTABLE | {S.DISPATCHED}:
        for after in MOVES[status] - {S.CANCELLED}:
            assert rank(after) >= rank(status)
            assert after not in EDITABLE


def test_nothing_leaves_an_end_and_nothing_picked_up_is_cancelled() -> None:
    for status in (*SETTLED, S.CANCELLED):
        assert MOVES[status] == frozenset()
    assert {status for status in S if S.CANCELLED in MOVES[status]} == EDITABLE | {S.TENDERED, S.DISPATCHED}


@given(st.lists(st.tuples(st.sampled_from(sorted(REPORTABLE)), st.integers(0, 1000)), max_size=12))
def test_whatever_is_reported_in_whatever_order_the_rank_never_falls(reports: list[tuple[S, int]]) -> None:
    now = Standing(S.DISPATCHED, NOON)
    ranks = [rank(now.status)]
    for status, minutes in reports:
        told = Standing(status, NOON + timedelta(minutes=minutes))
        if landing(now, told) is Landing.APPLIED:
            assert status in MOVES[now.status]
            now = told
        ranks.append(rank(now.status))
    assert all(before <= after for before, after in pairwise(ranks))


@pytest.mark.parametrize(
    ("now", "report", "minutes", "lands"),
    [
        (S.DISPATCHED, S.PICKED_UP, -5, Landing.APPLIED),  # further along, whenever it was
        (S.DELIVERED, S.OUT_FOR_DELIVERY, 5, Landing.LATE),
        (S.IN_TRANSIT, S.AT_HUB, 5, Landing.APPLIED),
        (S.IN_TRANSIT, S.AT_HUB, -5, Landing.LATE),  # of one rank the latest holds
        (S.DELIVERY_FAILED, S.OUT_FOR_DELIVERY, 5, Landing.APPLIED),  # the second attempt
        (S.IN_TRANSIT, S.IN_TRANSIT, 5, Landing.LATE),
        (S.RETURN_TO_SENDER, S.DELIVERED, 5, Landing.ILLEGAL),
        (S.POOLED, S.DELIVERED, 5, Landing.ILLEGAL),
        (S.CANCELLED, S.PICKED_UP, 5, Landing.LATE),
    ],
)
def test_a_report_lands(now: S, report: S, minutes: int, lands: Landing) -> None:
    assert landing(Standing(now, NOON), Standing(report, NOON + timedelta(minutes=minutes))) is lands


@asynccontextmanager
async def booked(world: World) -> AsyncIterator[tuple[asyncpg.Connection, str]]:
    """A pooled shipment and a connection of the application's, which rolls back."""
    made = await world.an.made("/v1/shipments", world.delivery())
    connection = await asyncpg.connect(world.database.url)
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield connection, made["id"]
    finally:
        await transaction.rollback()
        await connection.close()


async def test_the_database_has_the_same_table(world: World) -> None:
    connection = await asyncpg.connect(world.database.url)
    rows = await connection.fetch(
        """
        SELECT old, new, shipment_move_legal(old, new) AS legal, shipment_correctable(old) AS correctable
          FROM unnest($1::text[]) AS old CROSS JOIN unnest($1::text[]) AS new
        """,
        [status.value for status in S],
    )
    await connection.close()
    assert len(rows) == len(S) ** 2
    for row in rows:
        assert row["legal"] is (S(row["new"]) in MOVES[S(row["old"])]), (row["old"], row["new"])
        assert row["correctable"] is (S(row["old"]) in REPORTABLE)


async def test_random_walks_go_in_the_database_exactly_where_the_table_lets_them(world: World) -> None:
    random = Random(5)
    coordinator = Scope(role=Role.COORDINATOR, cluster_id=await cluster_of(world), key_id=ids.new())
    refused = moved = 0
    async with booked(world) as (connection, shown):
        await act_as(connection, coordinator)
        shipment_id = ids.parse("shp", shown)
        for _ in range(8):
            walk = connection.transaction()
            await walk.start()
            now, events = S.POOLED, 1
            for _ in range(15):
                legal = sorted(MOVES[now])
                new = random.choice(legal if legal and random.random() < 0.6 else sorted(S))
                if new is now:
                    continue
                try:
                    async with connection.transaction():
                        await connection.execute(
                            "UPDATE shipments SET status = $2 WHERE shipment_id = $1", shipment_id, new
                        )
                    assert new in MOVES[now], (now, new)
                    now, events, moved = new, events + 1, moved + 1
                except asyncpg.CheckViolationError:
                    assert new not in MOVES[now], (now, new)
                    refused += 1
            told = await connection.fetch(
                "SELECT status FROM shipment_events WHERE shipment_id = $1 ORDER BY event_no", shipment_id
            )
            assert (len(told), told[-1]["status"]) == (events, now)
            await walk.rollback()
    assert moved > 20
    assert refused > 20


async def cluster_of(world: World) -> object:
    return ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])


@pytest.mark.parametrize(("before", "after"), list(product([S.DELIVERED, S.LOST], [S.IN_TRANSIT, S.CANCELLED])))
def test_only_what_was_on_the_road_is_corrected(before: S, after: S) -> None:
    assert correctable(before, after) is (after is S.IN_TRANSIT)


async def test_a_correction_needs_a_reason_and_the_neutral_side(world: World) -> None:
    cluster_id = await cluster_of(world)
    member = Scope(role=Role.MEMBER_ADMIN, cluster_id=cluster_id, member_id=ids.parse("mem", world.an_id))
    coordinator = Scope(role=Role.COORDINATOR, cluster_id=cluster_id)
    move = "UPDATE shipments SET status = $2, status_code = 'correction', status_reason = $3 WHERE shipment_id = $1"
    async with booked(world) as (connection, shown):
        shipment_id = ids.parse("shp", shown)
        await act_as(connection, coordinator)
        for status in (S.PLANNED, S.DISPATCHED, S.DELIVERED):
            await connection.execute("UPDATE shipments SET status = $2 WHERE shipment_id = $1", shipment_id, status)
        for scope, reason in ((coordinator, None), (member, "wrong door")):
            await act_as(connection, scope)
            with pytest.raises(asyncpg.CheckViolationError):
                async with connection.transaction():
                    await connection.execute(move, shipment_id, S.IN_TRANSIT, reason)
        await act_as(connection, coordinator)
        await connection.execute(move, shipment_id, S.IN_TRANSIT, "wrong door")


async def test_nobody_rewrites_the_timeline(world: World) -> None:
    async with booked(world) as (connection, _):
        for statement in ("UPDATE shipment_events SET status = 'lost'", "DELETE FROM shipment_events"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with connection.transaction():
                    await connection.execute(statement)


async def test_words_in_the_timeline_are_taken_out_by_erasures_alone(world: World) -> None:
    cluster_id, member_id = await cluster_of(world), ids.parse("mem", world.an_id)
    blot = "UPDATE shipment_events SET reason = NULL WHERE cluster_id = $1"
    async with booked(world) as (connection, _):
        for role in (Role.MEMBER_USER, Role.MEMBER_ADMIN, Role.COORDINATOR):
            await act_as(connection, Scope(role=role, cluster_id=cluster_id, member_id=member_id))
            assert await connection.execute(blot, cluster_id) == "UPDATE 0"
        await act_as(connection, Scope(role=Role.SYSTEM, cluster_id=cluster_id))
        assert await connection.execute(blot, cluster_id) != "UPDATE 0"
