"""Leases and fences: many workers, dead workers, slow workers, and yet one effect."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from cluster.base import ids, jobs
from cluster.base.db import Connection, Role, Scope, system_scope
from cluster.base.db import Database as Pool
from tests.databases import Database

pytestmark = pytest.mark.anyio
CLUSTER = ids.new()
SCOPE = Scope(role=Role.COORDINATOR, cluster_id=CLUSTER, key_id=ids.new())


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    """The connection pool on an empty database."""
    async with Pool.open(database.url, 8) as found:
        yield found


async def add(pool: Pool, dedupe_key: str, subject_id: UUID | None = None) -> UUID:
    """One job on the table."""
    async with pool.unit(SCOPE) as db:
        return await jobs.add(db, SCOPE, kind="test", dedupe_key=dedupe_key, subject_id=subject_id or ids.new())


async def claim(pool: Pool) -> jobs.Job | None:
    """What a worker would take now."""
    async with pool.unit(system_scope()) as db:
        return await jobs.claim(db)


async def taken(pool: Pool) -> jobs.Job:
    """A job that must be there to be taken."""
    job = await claim(pool)
    assert job is not None
    return job


async def finish(pool: Pool, job: jobs.Job, state: str, error: str | None = None, did: str | None = None) -> None:
    """A worker ends a job, in one transaction with what it did."""
    async with pool.unit(system_scope(CLUSTER)) as db:
        if did is not None:
            await effect(db, did)
        await jobs.finish(db, job, state, error)


async def renew(pool: Pool, job: jobs.Job) -> None:
    """A heartbeat."""
    async with pool.unit(system_scope(CLUSTER)) as db:
        await jobs.renew(db, job)


async def look(pool: Pool, job_id: UUID) -> asyncpg.Record:
    """A job's row."""
    async with pool.unit(system_scope()) as db:
        return await db.fetchrow("SELECT * FROM jobs WHERE job_id = $1", job_id)


async def let_lease_run_out(pool: Pool) -> None:
    """Time passes."""
    async with pool.unit(system_scope()) as db:
        await db.execute("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'running'")


async def effect(db: Connection, name: str) -> None:
    """Something that a job does in the transaction that finishes it."""
    await db.execute(
        "INSERT INTO clusters (cluster_id, name, country_code, currency, time_zone) VALUES ($1, $2, 'VN', 'VND', 'UTC')",
        CLUSTER,
        name,
    )


async def effects(pool: Pool) -> list[str]:
    """What jobs have done."""
    async with pool.unit(system_scope(CLUSTER)) as db:
        return [row["name"] for row in await db.fetch("SELECT name FROM clusters")]


async def test_workers_claiming_at_once_never_get_the_same_job(pool: Pool) -> None:
    added = {await add(pool, f"job-{number}") for number in range(12)}

    async def worker() -> list[UUID]:
        mine = []
        while job := await claim(pool):
            mine.append(job.job_id)
        return mine

    shares = await asyncio.gather(*(worker() for _ in range(8)))
    claimed = [job_id for share in shares for job_id in share]
    assert len(claimed) == len(added)
    assert set(claimed) == added


async def test_a_job_being_claimed_is_passed_over_not_waited_for(pool: Pool) -> None:
    await add(pool, "only")
    async with pool.unit(system_scope()) as db:
        first = await jobs.claim(db)
        assert first is not None
        assert await asyncio.wait_for(claim(pool), 2) is None  # the first claim has not committed yet


async def test_the_longest_waiting_job_comes_first(pool: Pool) -> None:
    added = [await add(pool, f"job-{number}") for number in range(3)]
    assert [(await taken(pool)).job_id for _ in added] == added
    assert await claim(pool) is None


async def test_a_job_whose_worker_died_is_taken_again_with_a_higher_fence(pool: Pool) -> None:
    await add(pool, "a")
    first = await taken(pool)
    assert await claim(pool) is None  # the lease holds
    await let_lease_run_out(pool)
    second = await taken(pool)
    assert second.job_id == first.job_id
    assert (first.attempts, second.attempts) == (1, 1)  # its worker died; the job has not failed
    assert second.fence > first.fence


async def test_a_job_outlives_many_workers_but_not_any_number_of_them(pool: Pool) -> None:
    await add(pool, "a")
    for _ in range(jobs.CLAIMS_MAX):
        assert not (await taken(pool)).worn_out
        await let_lease_run_out(pool)
    assert (await taken(pool)).worn_out


async def test_a_job_that_fails_is_worn_out_after_its_attempts_and_interruptions_do_not_count(pool: Pool) -> None:
    await add(pool, "a")
    for attempt in range(1, 6):  # five is what the table gives
        for delay_s in (0, 0, 60):  # interrupted twice, then failed
            job = await taken(pool)
            assert (job.attempts, job.worn_out) == (attempt, False)
            async with pool.unit(system_scope(CLUSTER)) as db:
                await jobs.give_back(db, job, delay_s)
            async with pool.unit(system_scope()) as db:
                await db.execute("UPDATE jobs SET run_at = now()")
    assert (await taken(pool)).worn_out


async def test_the_slow_workers_effect_never_counts(pool: Pool) -> None:
    await add(pool, "a")
    slow = await taken(pool)
    await let_lease_run_out(pool)
    quick = await taken(pool)
    with pytest.raises(jobs.LeaseLost):
        await finish(pool, slow, "done", did="slow")
    assert await effects(pool) == []
    with pytest.raises(jobs.LeaseLost):
        await renew(pool, slow)
    await finish(pool, quick, "done", did="quick")
    assert await effects(pool) == ["quick"]
    assert (await look(pool, quick.job_id))["state"] == "done"


async def test_the_slow_worker_is_refused_also_after_the_quick_one_has_finished(pool: Pool) -> None:
    await add(pool, "a")
    slow = await taken(pool)
    await let_lease_run_out(pool)
    quick = await taken(pool)
    await finish(pool, quick, "done")
    for again in (slow, quick):
        with pytest.raises(jobs.LeaseLost):
            await finish(pool, again, "failed", "too late")
    row = await look(pool, quick.job_id)
    assert (row["state"], row["error"]) == ("done", None)


async def test_a_late_worker_whose_job_nobody_took_may_still_finish(pool: Pool) -> None:
    await add(pool, "a")
    late = await taken(pool)
    await let_lease_run_out(pool)
    await finish(pool, late, "done")
    assert await claim(pool) is None


async def test_a_heartbeat_keeps_the_lease(pool: Pool) -> None:
    await add(pool, "a")
    job = await taken(pool)
    await let_lease_run_out(pool)
    await renew(pool, job)
    assert await claim(pool) is None


async def test_a_job_given_back_is_taken_again_after_its_delay(pool: Pool) -> None:
    await add(pool, "a")
    async with pool.unit(system_scope(CLUSTER)) as db:
        await jobs.give_back(db, await taken(pool), 3600, "the solver crashed")
    assert await claim(pool) is None
    async with pool.unit(system_scope()) as db:
        await db.execute("UPDATE jobs SET run_at = run_at - interval '3601 seconds'")
    again = await taken(pool)
    assert again.attempts == 2
    assert (await look(pool, again.job_id))["error"] == "the solver crashed"


async def test_giving_back_what_somebody_else_has_changes_nothing(pool: Pool) -> None:
    await add(pool, "a")
    slow = await taken(pool)
    await let_lease_run_out(pool)
    quick = await taken(pool)
    async with pool.unit(system_scope(CLUSTER)) as db:
        await jobs.give_back(db, slow, 0, "late")
    row = await look(pool, quick.job_id)
    assert (row["state"], row["fence"], row["error"]) == ("running", quick.fence, None)


async def test_there_is_one_active_job_for_a_purpose(pool: Pool) -> None:
    await add(pool, "plan")
    with pytest.raises(jobs.AlreadyQueued):
        await add(pool, "plan")
    job = await taken(pool)
    with pytest.raises(jobs.AlreadyQueued):  # running is active too
        await add(pool, "plan")
    await finish(pool, job, "failed", "x")
    await add(pool, "plan")


async def test_of_many_askers_at_once_one_gets_the_job(pool: Pool) -> None:
    found = await asyncio.gather(*(add(pool, "plan") for _ in range(8)), return_exceptions=True)
    assert sorted(type(entry).__name__ for entry in found) == ["AlreadyQueued"] * 7 + ["UUID"]


async def test_another_cluster_may_have_a_job_with_the_same_key(pool: Pool) -> None:
    await add(pool, "plan")
    other = system_scope(ids.new())
    async with pool.unit(other) as db:
        await jobs.add(db, other, kind="test", dedupe_key="plan", subject_id=ids.new())


async def test_a_refused_job_leaves_its_transaction_usable(pool: Pool) -> None:
    await add(pool, "plan")
    async with pool.unit(SCOPE) as db:
        with pytest.raises(jobs.AlreadyQueued):
            await jobs.add(db, SCOPE, kind="test", dedupe_key="plan", subject_id=ids.new())
        assert await db.fetchval("SELECT count(*) FROM jobs") == 1


async def test_a_waiting_job_is_cancelled_and_a_running_one_is_not(pool: Pool) -> None:
    waiting, running = ids.new(), ids.new()
    await add(pool, "running", running)
    await taken(pool)
    await add(pool, "waiting", waiting)
    async with pool.unit(SCOPE) as db:
        assert await jobs.cancel_waiting(db, SCOPE, waiting)
        assert not await jobs.cancel_waiting(db, SCOPE, running)
    assert await claim(pool) is None


async def test_a_job_that_is_rolled_back_was_never_there(pool: Pool) -> None:

    async def fails() -> None:
        async with pool.unit(SCOPE) as db:
            await jobs.add(db, SCOPE, kind="test", dedupe_key="x", subject_id=ids.new())
            raise LookupError

    with pytest.raises(LookupError):
        await fails()
    assert await claim(pool) is None
    async with pool.unit(system_scope()) as db:
        assert await db.fetchval("SELECT count(*) FROM outbox") == 0
