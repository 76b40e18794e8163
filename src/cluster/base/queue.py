"""
The queue: it wakes workers up, and nothing hangs on it. Jobs are in PostgreSQL; without Redis they start a little
later.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from arq import create_pool
from arq.connections import ArqRedis, RedisSettings
from redis.exceptions import RedisError

log = logging.getLogger("cluster.queue")

QUEUE = "cluster:wake"
WAKE = "wake"
CONNECT_TIMEOUT_S = 2


def serialize(value: dict[str, Any]) -> bytes:
    """Job data as MessagePack: the default would let whoever writes to Redis run code here."""
    return msgspec.msgpack.encode(value)


def deserialize(raw: bytes) -> dict[str, Any]:
    """The opposite of ``serialize``."""
    return msgspec.msgpack.decode(raw, type=dict[str, Any])


def redis_settings(url: str) -> RedisSettings:
    """Where Redis is; few retries, because nothing waits for it."""
    settings = RedisSettings.from_dsn(url)
    settings.conn_timeout = CONNECT_TIMEOUT_S
    settings.conn_retries = 1
    settings.conn_retry_delay = 0
    return settings


class WakeUp:
    """Tells workers that there is something to do."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._redis: ArqRedis | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str | None) -> AsyncIterator["WakeUp"]:
        """A connection made when first needed, closed with the block; without an address nothing is sent."""
        wake_up = cls(url)
        try:
            yield wake_up
        finally:
            await wake_up.close()

    async def nudge(self) -> None:
        """Wakes a worker. If Redis is away this is logged and forgotten: workers look for themselves as well."""
        if self._url is None:
            return
        try:
            if self._redis is None:
                self._redis = await create_pool(
                    redis_settings(self._url),
                    job_serializer=serialize,
                    job_deserializer=deserialize,
                    default_queue_name=QUEUE,
                )
            await self._redis.enqueue_job(WAKE)
        except (RedisError, OSError) as error:
            log.warning("the queue does not answer (%s); workers will look for themselves", error)
            await self.close()

    async def close(self) -> None:
        """Closes the connection, if there is one."""
        redis, self._redis = self._redis, None
        if redis is not None:
            await redis.aclose()
