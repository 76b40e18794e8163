"""
Requests to a shop whose address a member chose: the rules of webhooks hold, nothing but the public internet is reached.

Redirects are not followed, answers are read up to a bound, and a shop that asks for a short pause gets it.
"""

import asyncio
import ssl
from collections.abc import Container, Mapping
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

import httpcore
import msgspec
from msgspec import Struct

from cluster.channels.models import ShopAway
from cluster.webhooks.addresses import UrlRefused, target_of
from cluster.webhooks.sending import Guarded, NoPublicAddress, Resolve, believed, resolve

AGENT = "cluster-logistics-channels/1"
ANSWER_MAX_BYTES = 16 * 1024 * 1024
TIMEOUT_S = 20.0
PATIENCE_S = 10.0
"""A shop that asks for no longer pause is asked again at once when it is over."""
TRIES = 4


class Answer(Struct, frozen=True):
    """What a shop answers; names of headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def read(self, kind: Any) -> Any:
        """
        The body as ``kind``.

        Raises
        ------
        ShopAway
            When it is none, such as a page of a proxy that says sorry.
        """
        try:
            return msgspec.json.decode(self.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise ShopAway("not_readable", "the shop's answer is not what its API answers") from None


class ShopCalls:
    """
    Asks shops; use it as ``async with ShopCalls(...)``.

    Parameters
    ----------
    allow_private
        For tests and development: http, any port and any address too.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        timeout_s: float = TIMEOUT_S,
        resolver: Resolve = resolve,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.allow_private = allow_private
        self._timeout_s = timeout_s
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context or believed(),
            max_connections=20,
            max_keepalive_connections=0,
            network_backend=Guarded(resolver, allow_private=allow_private),
        )

    async def __aenter__(self) -> "ShopCalls":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        expected: Container[int] = (200, 201),
        tries: int = TRIES,
    ) -> Answer:
        """
        One request, again after a short pause where the shop asks for one; ``tries`` 1: never again.

        Raises
        ------
        ShopAway
            For whatever is no answer with an expected status.
        """
        url = f"{url}?{urlencode(query)}" if query else url
        for _ in range(tries):
            answer = await self._once(method, url, headers, body)
            wait_s = retry_after_s(answer)
            if answer.status not in (429, 503) or wait_s is None or wait_s > PATIENCE_S:
                break
            await asyncio.sleep(wait_s)
        if answer.status not in expected:
            raise _refusal(answer)
        return answer

    async def _once(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        try:
            target = target_of(url, allow_private=self.allow_private)
            async with asyncio.timeout(self._timeout_s):
                place = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
                sent = {"user-agent": AGENT, "accept": "application/json", **headers, "connection": "close"}
                fields = [(name.encode(), value.encode()) for name, value in sent.items()]
                async with self._pool.stream(method, place, headers=fields, content=body) as response:
                    return Answer(
                        response.status,
                        {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers},
                        await _read(response),
                    )
        except (TimeoutError, httpcore.TimeoutException):
            raise ShopAway("timeout", "the shop took too long") from None
        except (UrlRefused, NoPublicAddress):
            raise ShopAway("no_public_address", "the shop's name has no public address") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            raise ShopAway("connection_failed", "no connection to the shop, or it broke") from None


async def _read(response: httpcore.Response) -> bytes:
    pieces, size = [], 0
    async for piece in response.aiter_stream():
        size += len(piece)
        if size > ANSWER_MAX_BYTES:
            raise ShopAway("too_large", "the shop's answer is too large")
        pieces.append(piece)
    return b"".join(pieces)


def retry_after_s(answer: Answer) -> float | None:
    """The pause that a shop asks for, seconds; None where it names none (dates are not read)."""
    try:
        wait_s = float(answer.headers.get("retry-after", ""))
    except ValueError:
        return None
    return wait_s if 0 <= wait_s < 1e6 else None


def _refusal(answer: Answer) -> ShopAway:
    if answer.status in (401, 403):
        return ShopAway("credentials_refused", "the shop does not take the key, or it may not do this")
    if answer.status in (429, 503):
        return ShopAway("rate_limited", "the shop asks for a pause", retry_after_s(answer) or 60)
    if 300 <= answer.status <= 399:
        return ShopAway("redirected", "the shop has another address")
    if answer.status == 404:
        return ShopAway("not_there", "the shop has no such thing, or no API at this address")
    return ShopAway("shop_failed", f"the shop answered {answer.status}")
