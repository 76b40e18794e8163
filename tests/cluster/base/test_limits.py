"""One limit for one caller, whatever the number of processes that keep it."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from cluster.base.errors import TooMany
from cluster.base.limits import HELD_S, Limiter
from tests.cluster.api import World, api
from tests.databases import Database

pytestmark = pytest.mark.anyio
RATE, BURST = 200, 20


@pytest.fixture(params=["valkey", "nobody", "away"])
def url(request: pytest.FixtureRequest, database: Database) -> str | None:
    """Where limits are kept together, or nowhere."""
    return {"valkey": database.redis_url, "nobody": None, "away": "unix:///nonexistent/valkey.sock"}[request.param]


@pytest.fixture
async def limiter(url: str | None) -> AsyncIterator[Limiter]:
    """One process's limiter."""
    async with Limiter.open(url, RATE, BURST) as found:
        yield found


async def through(limiters: list[Limiter], caller: str, tries: int) -> int:
    """How many of so many requests at once get through, spread over processes."""
    answers = await asyncio.gather(
        *(limiters[number % len(limiters)].take(caller) for number in range(tries)), return_exceptions=True
    )
    refused = [answer for answer in answers if answer is not None]
    assert all(isinstance(answer, TooMany) and answer.retry_after_s == 1 for answer in refused)
    return tries - len(refused)


async def test_after_a_pause_the_burst_gets_through_and_no_more(limiter: Limiter) -> None:
    begun = time.monotonic()
    passed = await through([limiter], "a", 200)
    assert BURST <= passed <= BURST + RATE * (time.monotonic() - begun + HELD_S)


async def test_callers_do_not_use_up_each_others_limit(limiter: Limiter) -> None:
    await through([limiter], "a", 200)
    assert await through([limiter], "b", 5) == 5


async def test_in_the_long_run_a_caller_gets_its_rate(limiter: Limiter) -> None:
    begun, passed = time.monotonic(), 0
    while time.monotonic() - begun < 0.5:
        passed += await through([limiter], "a", 10)
        await asyncio.sleep(0.005)
    spent = time.monotonic() - begun
    assert passed <= BURST + RATE * (spent + HELD_S)
    assert passed >= 0.7 * RATE * spent  # a busy machine lets less through, never more


async def test_a_caller_within_its_rate_is_never_refused(limiter: Limiter) -> None:
    for _ in range(60):  # every 10 ms where 5 ms are allowed
        await limiter.take("a")
        await asyncio.sleep(0.01)


async def test_processes_share_one_limit(database: Database) -> None:
    async with (
        Limiter.open(database.redis_url, RATE, BURST) as one,
        Limiter.open(database.redis_url, RATE, BURST) as two,
        Limiter.open(database.redis_url, RATE, BURST) as three,
    ):
        begun, passed = time.monotonic(), 0
        for _ in range(20):
            passed += await through([one, two, three], "a", 30)
            await asyncio.sleep(0.01)
        assert passed <= BURST + RATE * (time.monotonic() - begun + HELD_S)


async def test_what_was_taken_and_not_used_is_brought_back(database: Database) -> None:
    async with Limiter.open(database.redis_url, 400, 400) as quick:
        for _ in range(3):
            for _ in range(7):  # takes 1, 2, 4: the last one whole
                await quick.take("a")
            await quick.take("a")  # takes 8, uses 1
            await asyncio.sleep(HELD_S * 1.2)
        # what was used is 24; the rest of the credit is still there
        assert await through([quick], "a", 400) >= 400 - 24


async def test_the_api_says_when_to_come_back(world: World) -> None:
    async with api(world.database, rate_per_s=1, rate_burst=3) as client:
        headers = {"Authorization": f"Bearer {world.an.key}"}
        answers = [await client.get("/v1/me", headers=headers) for _ in range(5)]
    assert [answer.status_code for answer in answers][:3] == [200, 200, 200]
    last = answers[-1]
    assert (last.status_code, last.json()["code"]) == (429, "too_many_requests")
    assert int(last.headers["Retry-After"]) >= 1
