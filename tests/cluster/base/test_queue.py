"""The queue only wakes workers up: heard when it is there, not missed when it is away."""

import asyncio
import contextlib
import logging
import pickle
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from arq import create_pool

from cluster.base import ids, jobs
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.base.queue import QUEUE, WakeUp, deserialize, redis_settings, serialize
from cluster.base.settings import Settings
from cluster.worker import Runner
from tests.databases import Database

pytestmark = pytest.mark.anyio
NOWHERE = "redis://127.0.0.1:1/0"


class Bell(Runner):
    """A worker that notes every ring it hears."""

    def __init__(self, settings: Settings, database: Pool, wake_up: WakeUp) -> None:
        super().__init__(settings, database, wake_up)
        self.heard = asyncio.Event()

    async def ring(self, context: dict[object, object]) -> None:
        """As the worker does, and a note of it."""
        await super().ring(context)
        self.heard.set()


@asynccontextmanager
async def at_work(database: Database, pool: Pool, redis_url: str | None) -> AsyncIterator[Bell]:
    """A worker at work while the block runs."""
    settings = Settings(data_dir=Path("/nonexistent"), database_url=database.url, redis_url=redis_url)
    async with WakeUp.open(redis_url) as wake_up:
        bell = Bell(settings, pool, wake_up)
        task = asyncio.create_task(bell.run())
        try:
            yield bell
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def test_a_nudge_without_redis_is_logged_and_nobody_waits(caplog: pytest.LogCaptureFixture) -> None:
    async with WakeUp.open(NOWHERE) as wake_up:
        with caplog.at_level(logging.WARNING, "cluster.queue"):
            await asyncio.wait_for(wake_up.nudge(), 10)
            await asyncio.wait_for(wake_up.nudge(), 10)
    assert len([record for record in caplog.records if "look for themselves" in record.message]) == 2


async def test_a_nudge_without_an_address_does_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async with WakeUp.open(None) as wake_up:
        await wake_up.nudge()
    assert not [record for record in caplog.records if record.name == "cluster.queue"]


async def test_a_worker_hears_a_nudge(database: Database) -> None:
    async with (
        Pool.open(database.url, 6) as pool,
        at_work(database, pool, database.redis_url) as bell,
        WakeUp.open(database.redis_url) as wake_up,
    ):
        await wake_up.nudge()
        await asyncio.wait_for(bell.heard.wait(), 90)


@pytest.mark.parametrize("redis_url", [None, NOWHERE])
async def test_without_redis_jobs_are_done_all_the_same(database: Database, redis_url: str | None) -> None:
    scope = system_scope(ids.new())
    async with Pool.open(database.url, 6) as pool, at_work(database, pool, redis_url):
        async with pool.unit(scope) as db:
            job_id = await jobs.add(db, scope, kind="unheard of", dedupe_key="x", subject_id=ids.new())
        for _ in range(200):
            async with pool.unit(scope) as db:
                row = await db.fetchrow("SELECT state, error FROM jobs WHERE job_id = $1", job_id)
            if row["state"] not in {"queued", "running"}:
                break
            await asyncio.sleep(0.05)
    assert row["state"] == "failed"
    assert "unheard of" in row["error"]


async def test_what_lies_in_redis_is_data_and_never_code(database: Database) -> None:
    redis = await create_pool(
        redis_settings(database.redis_url), job_serializer=serialize, job_deserializer=deserialize
    )
    name = f"{QUEUE}:{ids.new()}"
    job = await redis.enqueue_job("wake", _queue_name=name)
    assert job is not None
    raw = await redis.get(f"arq:job:{job.job_id}")
    assert deserialize(raw)["f"] == "wake"
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(raw)
    await redis.delete(name, f"arq:job:{job.job_id}")
    await redis.aclose()
