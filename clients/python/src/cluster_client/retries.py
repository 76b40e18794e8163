"""When a request is sent again, and after how long."""

import random
from collections.abc import Callable

import httpx
from msgspec import Struct

from cluster_client._calls import Call
from cluster_client.errors import FROM_BETWEEN, ApiError, ClientError, ConnectionLost, TooManyRequests, Unavailable

FIRST_REQUEST_UNFINISHED = "idempotency_retry"


class Retries(Struct, frozen=True, kw_only=True):
    """
    How patient a client is.

    After a refusal that asks for patience (429, 503) every request is sent again: nothing was done. After a lost
    connection only what may be done twice: reads, ``PUT``, ``DELETE``, and what carries an idempotency key.

    Attributes
    ----------
    tries
        How often a request is sent at most; 1 means never again.
    first_wait_s, wait_max_s
        The wait before the second try, doubled each time up to the most, drawn from its upper half so that clients do
        not come back all at once. ``Retry-After`` holds if it is longer; beyond the most the error is raised at once.
    """

    tries: int = 6
    first_wait_s: float = 0.25
    wait_max_s: float = 30.0
    draw: Callable[[], float] = random.random

    def wait_s(self, call: Call[object], tried: int, error: ClientError) -> float | None:
        """Seconds until the next try after ``tried`` of them, or nothing when the error stands."""
        if tried >= self.tries or not _may_go_better(call, error):
            return None
        asked = error.retry_after_s if isinstance(error, ApiError) and error.retry_after_s is not None else 0.0
        if asked > self.wait_max_s:
            return None
        most = min(self.first_wait_s * 2.0 ** (tried - 1), self.wait_max_s)
        return max(asked, most * (1 + self.draw()) / 2)


def _may_go_better(call: Call[object], error: ClientError) -> bool:
    if isinstance(error, NothingSent):
        return True
    if isinstance(error, ConnectionLost):
        return call.repeatable
    if isinstance(error, Unavailable):
        # What stands in between says 502 or 504 when it does not know what became of the request.
        said_by_platform = error.status == 503 and error.code != FROM_BETWEEN
        return said_by_platform or call.repeatable
    if isinstance(error, ApiError) and error.code == FIRST_REQUEST_UNFINISHED:
        return True
    return isinstance(error, TooManyRequests)


class NothingSent(ConnectionLost):
    """There was no connection to send the request on."""


def lost(error: httpx.TransportError) -> ConnectionLost:
    """A failure of the network as this package says it."""
    unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    kind = NothingSent if unsent else ConnectionLost
    return kind(f"{type(error).__name__}: {error}" + ("; nothing was sent" if unsent else ""))
