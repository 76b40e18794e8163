"""
How many requests one caller may make: one limit a key or person, held across all processes.

The generic cell rate algorithm (ITU-T I.371, annex A) in a script that Valkey runs as one step. For a busy caller a
process takes several requests at once, at most what the limit allows in a twentieth of a second, and brings back with
the next question what it did not use in that time; so a busy caller does not cost a question a request. Over any time
``t`` no caller gets more than ``burst + rate * (t + 0.05 s)`` through.

Without Valkey each process keeps the limit by itself, in the same way; several processes then let through that many
times more.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import redis.asyncio
from msgspec import Struct
from redis.exceptions import RedisError

from cluster.base.errors import TooMany

log = logging.getLogger("cluster.limits")

HELD_S = 0.05
"""How long a process may use what it took."""
AWAY_S = 5.0
"""How long Valkey is left alone after it did not answer."""
CALLERS_MAX = 20_000
TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local period, credit, wish = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local due = tonumber(redis.call('GET', KEYS[1]) or now) - ARGV[4] * period
if due < now then due = now end
local granted = math.min(wish, math.floor((now + credit - due) / period))
if granted < 1 then return {0, math.ceil(due + period - now - credit)} end
due = due + granted * period
redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000) + 1)
return {granted, 0}
"""


class Grant(Struct):
    """What a process took for one caller: how many, how many are left, and until when (monotonic seconds)."""

    size: int
    left: int
    until: float


class Limiter:
    """
    The limit of every caller.

    Parameters
    ----------
    rate_per_s
        Requests a second that go through in the long run.
    burst
        Requests that go through at once after a pause.
    """

    def __init__(self, rate_per_s: int, burst: int, valkey: redis.asyncio.Redis | None) -> None:
        self._period_us = 1_000_000 / rate_per_s
        self._credit_us = burst * self._period_us
        self._wish_max = max(1, int(rate_per_s * HELD_S))
        self._valkey = valkey
        self._take = None if valkey is None else valkey.register_script(TAKE)
        self._grants: OrderedDict[str, Grant] = OrderedDict()
        self._due_us: OrderedDict[str, float] = OrderedDict()
        self._away_until = 0.0

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str | None, rate_per_s: int, burst: int) -> AsyncIterator["Limiter"]:
        """A limiter that closes its connections with the block."""
        valkey = None if url is None else redis.asyncio.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        try:
            yield cls(rate_per_s, burst, valkey)
        finally:
            if valkey is not None:
                await valkey.aclose()

    async def take(self, caller: str) -> None:
        """
        Lets one request of ``caller`` through.

        Raises
        ------
        TooMany
            When the limit is reached, with the seconds after which the next one goes through.
        """
        grant = self._grants.get(caller)
        if grant is not None and grant.left > 0 and grant.until >= time.monotonic():
            grant.left -= 1
            return
        # Taken out before the question: who comes while it is under way asks for itself and brings nothing back twice.
        self._grants.pop(caller, None)
        grant = await self._granted(caller, grant)
        grant.left -= 1
        other = self._grants.get(caller)
        if other is None or other.left < grant.left:
            self._grants[caller] = grant
        if len(self._grants) > CALLERS_MAX:
            self._grants.popitem(last=False)

    async def _granted(self, caller: str, before: Grant | None) -> Grant:
        asked = time.monotonic()
        busy = before is not None and before.left == 0 and before.until >= asked
        wish = min(self._wish_max, 2 * before.size) if before is not None and busy else 1
        unused = 0 if before is None else before.left
        granted, wait_us = await self._ask(caller, wish, unused)
        if granted < 1:
            raise TooMany("This caller has reached its limit of requests.", max(1, -(-wait_us // 1_000_000)))
        return Grant(size=granted, left=granted, until=asked + HELD_S)

    async def _ask(self, caller: str, wish: int, unused: int) -> tuple[int, int]:
        if self._take is None or time.monotonic() < self._away_until:
            return self._by_itself(caller, wish, unused)
        try:
            granted, wait_us = await self._take(
                keys=[f"cluster:limit:{caller}"], args=[self._period_us, self._credit_us, wish, unused]
            )
        except (RedisError, OSError) as error:
            log.warning("limits are kept by each process alone: the queue does not answer (%s)", error)
            self._away_until = time.monotonic() + AWAY_S
            return self._by_itself(caller, wish, unused)
        return int(granted), int(wait_us)

    def _by_itself(self, caller: str, wish: int, unused: int) -> tuple[int, int]:
        """The script's steps, with this process's clock and memory."""
        now = time.monotonic() * 1_000_000
        due = max(self._due_us.get(caller, now) - unused * self._period_us, now)
        granted = min(wish, int((now + self._credit_us - due) // self._period_us))
        if granted < 1:
            return 0, int(due + self._period_us - now - self._credit_us) + 1
        self._due_us[caller] = due + granted * self._period_us
        self._due_us.move_to_end(caller)
        if len(self._due_us) > CALLERS_MAX:
            self._due_us.popitem(last=False)
        return granted, 0
