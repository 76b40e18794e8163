"""
One POST to an endpoint that somebody else chose: nothing but the public internet is ever connected to.

The name is resolved here, every address it has is judged, and the connection goes to an address that was judged; what
the name resolves to a moment later does not matter. Redirects are answers like others, proxies of the environment are
not asked, and what the endpoint answers in its body is thrown away. A connection serves once: each try is judged, and
what an endpoint leaves over on a connection spoils no other event.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from types import TracebackType

import httpcore

from cluster.webhooks.addresses import Target, UrlRefused, is_public, target_of
from cluster.webhooks.models import Outcome
from cluster.webhooks.policy import succeeded

READ_MAX_BYTES = 64 * 1024
DRAIN_S = 1.0
ADDRESSES_MAX = 4
Resolve = Callable[[str, int], Awaitable[list[str]]]


class NoPublicAddress(Exception):
    """The name has no address, or one that is not public; which of both is nobody's business."""


async def resolve(host: str, port: int) -> list[str]:
    """All addresses that a name has for this machine; empty when it has none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@cache
def believed() -> ssl.SSLContext:
    """The certificates this machine believes; read once, which takes long."""
    return httpcore.default_ssl_context()


class Guarded(httpcore.AsyncNetworkBackend):
    """Connects to judged addresses alone."""

    def __init__(self, resolve: Resolve, *, allow_private: bool) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (the interface has it)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """
        A connection to the first of the name's addresses that answers.

        Raises
        ------
        NoPublicAddress
            When there is none, or any of them is not public.
        """
        addresses = await self._resolve(host, port)
        if not addresses or not all(self._good(address) for address in addresses):
            raise NoPublicAddress
        refused: Exception = NoPublicAddress()
        for address in addresses[:ADDRESSES_MAX]:
            try:
                stream = await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refused = error
                continue
            if self._good(str((stream.get_extra_info("server_addr") or ("",))[0])):
                return stream
            await stream.aclose()
            raise NoPublicAddress
        raise refused

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  (the interface has it)
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise NoPublicAddress

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await self._inner.sleep(seconds)

    def _good(self, address: str) -> bool:
        return self._allow_private or is_public(address)


class Sender:
    """
    Sends to endpoints; use it as ``async with Sender(...)``.

    Parameters
    ----------
    allow_private
        For tests and development: http, any port and any address too.
    connections
        Most connections at once.
    resolver, context
        How names are resolved, and whose certificates are believed; of this machine if left out.
    """

    def __init__(
        self,
        *,
        timeout_s: float,
        connections: int,
        allow_private: bool = False,
        resolver: Resolve = resolve,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout_s = timeout_s
        self._allow_private = allow_private
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context or believed(),
            max_connections=connections,
            max_keepalive_connections=0,
            network_backend=Guarded(resolver, allow_private=allow_private),
        )

    async def __aenter__(self) -> "Sender":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Sends once. Whatever the endpoint does ends in an outcome, within the time allowed."""
        began = time.perf_counter()
        status, error = None, None
        try:
            target = target_of(url, allow_private=self._allow_private)
            async with asyncio.timeout(self._timeout_s):
                status = await self._exchange(target, headers, body)
        except (TimeoutError, httpcore.TimeoutException):
            error = "timeout"
        except (UrlRefused, NoPublicAddress):
            error = "no_public_address"
        except httpcore.ConnectError as failure:
            error = "tls_failed" if _is_tls(failure) else "connection_failed"
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            error = "connection_lost"
        if status is not None and not succeeded(status):
            error = "redirect" if 300 <= status <= 399 else "refused"
        return Outcome(status=status, error=error, duration_ms=round((time.perf_counter() - began) * 1000))

    async def _exchange(self, target: Target, headers: Mapping[str, str], body: bytes) -> int:
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        limits = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout_s)
        sent = [(name.encode(), value.encode()) for name, value in {**headers, "connection": "close"}.items()]
        async with self._pool.stream(
            "POST", url, headers=sent, content=body, extensions={"timeout": limits}
        ) as response:
            # A short answer is read to its end, as polite clients do; the rest is not waited for.
            with suppress(TimeoutError, httpcore.ReadTimeout, httpcore.NetworkError, httpcore.ProtocolError):
                async with asyncio.timeout(DRAIN_S):
                    await _drain(response)
            return int(response.status)


async def _drain(response: httpcore.Response) -> None:
    size = 0
    async for chunk in response.aiter_stream():
        size += len(chunk)
        if size > READ_MAX_BYTES:
            return


def _is_tls(error: BaseException) -> bool:
    """Whether a certificate or a handshake is what failed."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
        if isinstance(error, ssl.SSLError):
            return True
    return False
