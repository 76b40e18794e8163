"""Events leave after the commit: numbered without gaps, in order, each to one relay."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from cluster.base import ids, outbox
from cluster.base.db import Database as Pool
from cluster.base.db import Role, Scope, system_scope
from tests.databases import Database

pytestmark = pytest.mark.anyio
SCOPE = system_scope(ids.new())


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    """The connection pool on an empty database."""
    async with Pool.open(database.url, 8) as found:
        yield found


async def emit(pool: Pool, resource_id: UUID, topic: str = "t", *, fails: bool = False) -> None:
    """One event in a transaction of its own."""
    async with pool.unit(SCOPE) as db:
        await outbox.emit(db, SCOPE, resource_id, topic, {"resource": str(resource_id)})
        await asyncio.sleep(0.005)
        if fails:
            raise LookupError


async def numbers(pool: Pool, resource_id: UUID) -> list[int]:
    """Numbers of a resource's events."""
    async with pool.unit(system_scope()) as db:
        rows = await db.fetch("SELECT seq FROM outbox WHERE resource_id = $1 ORDER BY seq", resource_id)
    return [row["seq"] for row in rows]


async def dispatch(pool: Pool, limit: int = 100) -> list[outbox.Event]:
    """What a relay sends in one go."""
    async with pool.unit(system_scope()) as db:
        events = await outbox.claim(db, limit)
        await outbox.mark_dispatched(db, events)
    return events


async def positions(pool: Pool) -> list[tuple[str, int]]:
    """Topics and numbers in the order in which a reader goes through the events."""
    async with pool.unit(system_scope()) as db:
        rows = await db.fetch("SELECT topic, seq FROM outbox WHERE position IS NOT NULL ORDER BY position")
    return [(row["topic"], row["seq"]) for row in rows]


async def test_events_emitted_at_once_are_numbered_without_gaps_though_some_fail(pool: Pool) -> None:
    resources = [ids.new(), ids.new()]
    await asyncio.gather(
        *(emit(pool, resource, fails=number % 3 == 0) for number in range(24) for resource in resources),
        return_exceptions=True,
    )
    # of 24 for each resource every third fails: 16 are left
    assert [await numbers(pool, resource) for resource in resources] == [list(range(1, 17))] * 2


async def test_nothing_of_a_rolled_back_transaction_goes_out(pool: Pool) -> None:
    resource = ids.new()
    with pytest.raises(LookupError):
        await emit(pool, resource, fails=True)
    assert await dispatch(pool) == []
    assert await numbers(pool, resource) == []


async def test_an_event_arrives_as_it_was_meant_and_once(pool: Pool) -> None:
    resource = ids.new()
    await emit(pool, resource, "plan.solved")
    [event] = await dispatch(pool)
    assert (event.resource_id, event.topic, event.seq) == (resource, "plan.solved", 1)
    assert event.payload == {"resource": str(resource)}
    assert await dispatch(pool) == []


async def test_events_of_one_resource_keep_their_order(pool: Pool) -> None:
    resource, other = ids.new(), ids.new()
    for topic in "abc":
        await emit(pool, resource, topic)
        await emit(pool, other, topic)
    await dispatch(pool)
    found = await positions(pool)
    assert sorted(found) == [(topic, number) for number, topic in enumerate("abc", start=1) for _ in range(2)]
    assert [seq for _, seq in found] == [1, 2, 3, 1, 2, 3]


async def test_a_resource_is_taken_whole_however_few_are_asked_for(pool: Pool) -> None:
    """An event that began before and committed after must not be overtaken by its successor."""
    resource = ids.new()
    for topic in "abc":
        await emit(pool, resource, topic)
    assert [event.topic for event in await dispatch(pool, 1)] == ["a", "b", "c"]


async def test_while_one_relay_is_at_work_others_find_nothing(pool: Pool) -> None:
    resource, other = ids.new(), ids.new()
    await emit(pool, resource, "first")
    async with pool.unit(system_scope()) as db:
        [held] = await outbox.claim(db)
        await emit(pool, other, "elsewhere")
        assert await asyncio.wait_for(dispatch(pool), 2) == []
    # the first relay gave up without marking: its event is the next again
    assert next(event.event_id for event in await dispatch(pool)) == held.event_id
    assert await positions(pool) == [("first", 1), ("elsewhere", 1)]


async def test_relays_at_once_send_every_event_once(pool: Pool) -> None:
    for _ in range(20):
        await emit(pool, ids.new())
    batches = await asyncio.gather(*(dispatch(pool, 5) for _ in range(6)))
    sent = [event.event_id for batch in batches for event in batch]
    while more := await dispatch(pool):
        sent += [event.event_id for event in more]
    assert len(sent) == len(set(sent)) == 20


async def test_many_events_at_once_are_numbered_after_those_before(pool: Pool) -> None:
    known, fresh = ids.new(), ids.new()
    await emit(pool, known, "booked")
    async with pool.unit(SCOPE) as db:
        new = [outbox.NewEvent(resource_id=one, payload={"n": 1}) for one in (known, fresh)]
        await outbox.emit_many(db, SCOPE, "planned", new)
    assert {(event.resource_id, event.topic, event.seq) for event in await dispatch(pool)} == {
        (known, "booked", 1),
        (known, "planned", 2),
        (fresh, "planned", 1),
    }


async def test_old_events_are_forgotten_but_for_the_last_of_each_resource(pool: Pool, database: Database) -> None:
    resource, young = ids.new(), ids.new()
    for topic in "abc":
        await emit(pool, resource, topic)
    await emit(pool, young, "young")
    await dispatch(pool)
    async with pool.unit(system_scope()) as db:
        await db.execute(
            "UPDATE outbox SET dispatched_at = now() - interval '31 days' WHERE resource_id = $1", resource
        )
        assert await outbox.forget_old(db) == 2
    assert (await numbers(pool, resource), await numbers(pool, young)) == ([3], [1])
    await emit(pool, resource, "d")
    assert await numbers(pool, resource) == [3, 4]


async def test_what_everybody_may_hear_is_said_by_the_neutral_side_alone(pool: Pool) -> None:
    an, elsewhere = (
        Scope(role=Role.MEMBER_USER, cluster_id=cluster, member_id=ids.new()) for cluster in (SCOPE.cluster, ids.new())
    )
    async with pool.unit(SCOPE) as db:
        await outbox.emit(db, SCOPE, ids.new(), "opened", {}, audience=outbox.Audience.EVERYBODY)
    for scope, seen in ((an, 1), (elsewhere, 0)):
        async with pool.unit(scope) as db:
            assert await db.fetchval("SELECT count(*) FROM outbox") == seen
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with pool.unit(an) as db:
            await outbox.emit(db, an, ids.new(), "t", {}, member_id=an.member_id, audience=outbox.Audience.EVERYBODY)


async def test_a_member_neither_speaks_for_its_rival_nor_hears_it(pool: Pool) -> None:
    an, binh = (Scope(role=Role.MEMBER_USER, cluster_id=SCOPE.cluster_id, member_id=ids.new()) for _ in range(2))
    resource = ids.new()
    async with pool.unit(an) as db:
        await outbox.emit(db, an, resource, "t", {}, member_id=an.member_id)
        assert await db.fetchval("SELECT count(*) FROM outbox") == 1
    async with pool.unit(binh) as db:
        assert await db.fetchval("SELECT count(*) FROM outbox") == 0
    for scope, member_id in ((binh, an.member_id), (binh, None)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with pool.unit(scope) as db:
                await outbox.emit(db, scope, ids.new(), "t", {}, member_id=member_id)
