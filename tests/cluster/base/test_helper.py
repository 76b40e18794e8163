"""A helper process: what it answers, how it dies, and that it is warm before anybody asks."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cluster.base.errors import Busy
from cluster.base.helper import Helper

pytestmark = pytest.mark.anyio

WARM: list[int] = []


def warm_up() -> None:
    WARM.append(os.getpid())


def warmed_in() -> tuple[int, list[int]]:
    """Who answers, and in which processes of this memory it was warmed up."""
    return os.getpid(), WARM


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise ValueError("nothing to load")


@pytest.fixture
async def helper() -> AsyncIterator[Helper]:
    made = Helper("sums", waiting_max=2, timeout_s=120.0)
    yield made
    made.end()


async def answered(helper: Helper, other_than: int) -> tuple[int, list[int]]:
    """The answer of a process that took the place of one that died; being told to ask again is part of it."""
    while True:
        try:
            found = await helper.ask(warmed_in)
        except Busy:
            continue
        if found[0] != other_than:
            return found
        await asyncio.sleep(0.02)


async def test_a_first_question_finds_a_warm_process(helper: Helper) -> None:
    helper.keep_warm(warm_up)
    await helper.warmed()
    pid, warm = await helper.ask(warmed_in)
    assert warm == [pid] != [os.getpid()]


async def test_a_question_asked_while_it_warms_up_is_answered_after_that(helper: Helper) -> None:
    helper.keep_warm(warm_up)
    pid, warm = await helper.ask(warmed_in)
    assert warm == [pid]


async def test_without_anything_to_warm_up_it_starts_with_the_first_question(helper: Helper) -> None:
    await helper.warmed()
    pid, warm = await helper.ask(warmed_in)
    assert (warm, await helper.ask(os.getpid)) == ([], pid)


async def test_one_that_died_on_a_question_is_warm_again_for_the_next(helper: Helper) -> None:
    helper.keep_warm(warm_up)
    first, _ = await helper.ask(warmed_in)
    with pytest.raises(Busy):
        await helper.ask(die)
    pid, warm = await answered(helper, first)
    assert warm == [pid]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell of a process that ends")
async def test_one_that_was_killed_while_idle_is_started_again_before_anybody_asks(helper: Helper) -> None:
    helper.keep_warm(warm_up)
    first, _ = await helper.ask(warmed_in)
    os.kill(first, signal.SIGKILL)
    pid, warm = await answered(helper, first)
    assert warm == [pid]


async def test_what_cannot_be_warmed_up_answers_all_the_same(helper: Helper) -> None:
    helper.keep_warm(fail)
    await helper.warmed()
    assert await helper.ask(abs, -3) == 3


async def test_a_helper_that_is_ended_leaves_no_process(helper: Helper) -> None:
    helper.keep_warm(warm_up)
    pid = await helper.ask(os.getpid)
    helper.end()
    await helper.warmed()
    while alive(pid):
        await asyncio.sleep(0.02)


async def test_too_many_questions_at_once_are_refused(helper: Helper) -> None:
    under_way = [asyncio.create_task(helper.ask(time.sleep, 0.2)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await helper.ask(os.getpid)
    await asyncio.gather(*under_way)


def alive(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
