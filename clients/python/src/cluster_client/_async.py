"""The client for programs on an event loop; what ``_sync`` does, without blocking."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from os import PathLike
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import httpx

from cluster_client._base import Page
from cluster_client._calls import Call, Content, IfMatch, Operation, call, headers_of, upload
from cluster_client._sync import TIMEOUT_S
from cluster_client.errors import ClientError, refused
from cluster_client.events import Reader, ServerEvent
from cluster_client.retries import Retries, lost

T = TypeVar("T")
R = TypeVar("R")


class AsyncPages(Generic[T]):
    """A list that is fetched page by page while it is gone through; each time from the beginning."""

    def __init__(self, fetch: Callable[[str | None], Awaitable[Page[T]]]) -> None:
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for entry in page.data:
                yield entry

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Page by page."""
        page = await self._fetch(None)
        yield page
        while page.has_more and page.next_cursor is not None:
            page = await self._fetch(page.next_cursor)
            yield page

    async def first(self) -> Page[T]:
        """The first page alone."""
        return await self._fetch(None)


class AsyncDownload:
    """A file that is fetched when it is asked for."""

    def __init__(self, core: "AsyncCore", asked: Call[bytes]) -> None:
        self._core = core
        self._asked = asked

    async def read(self) -> bytes:
        """All of it."""

        async def whole() -> bytes:
            async with self._core.streamed(self._asked) as response:
                return await response.aread()

        return await self._core.retried(self._asked, whole)

    async def save(self, path: str | PathLike[str]) -> Path:
        """Writes it to a file, piece by piece; the file is there whole or as it was before."""
        place = Path(path)
        part = place.with_name(place.name + ".part")

        async def write() -> None:
            with part.open("wb") as file:
                async with self._core.streamed(self._asked) as response:
                    async for piece in response.aiter_bytes():
                        file.write(piece)

        try:
            await self._core.retried(self._asked, write)
            return part.replace(place)
        finally:
            part.unlink(missing_ok=True)


class AsyncCore:
    """Sends calls, again if that is safe, and reads the answers."""

    def __init__(
        self,
        url: str,
        api_key: str | None = None,
        *,
        retries: Retries | None = None,
        timeout_s: float = TIMEOUT_S,
        headers: Mapping[str, str] | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._headers = headers_of(api_key, headers)
        self._retries = retries or Retries()
        self._timeout_s = timeout_s
        self._own = http is None
        # A client is a core and, for operations that stand alone, a group on itself.
        self._core: AsyncCore = self
        self._http = http or httpx.AsyncClient()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections, unless they were given."""
        if self._own:
            await self._http.aclose()

    async def send(self, asked: Call[T]) -> T:
        """Sends a call and reads its answer."""

        async def once() -> T:
            try:
                return asked.decode(await self._http.send(self._request(asked)))
            except httpx.TransportError as error:
                raise lost(error) from error

        return await self.retried(asked, once)

    async def retried(self, asked: Call[Any], once: Callable[[], Awaitable[R]]) -> R:
        """Tries until it works, may not be tried again, or patience ends."""
        tried = 0
        while True:
            try:
                return await once()
            except ClientError as error:
                tried += 1
                wait_s = self._retries.wait_s(asked, tried, error)
                if wait_s is None:
                    raise
            await asyncio.sleep(wait_s)

    @asynccontextmanager
    async def streamed(self, asked: Call[Any], *, endless: bool = False) -> AsyncIterator[httpx.Response]:
        """The answer while it comes."""
        try:
            response = await self._http.send(self._request(asked, endless=endless), stream=True)
            try:
                if not response.is_success:
                    raise refused(response.status_code, await response.aread(), response.headers.get("Retry-After"))
                yield response
            finally:
                await response.aclose()
        except httpx.TransportError as error:
            raise lost(error) from error

    async def followed(self, asked: Call[Any]) -> AsyncIterator[ServerEvent]:
        """Events while they come, until the platform ends the stream."""
        reader = Reader()
        async with self.streamed(asked, endless=True) as response:
            async for line in response.aiter_lines():
                for event in reader.feed(line):
                    yield event

    def _request(self, asked: Call[Any], *, endless: bool = False) -> httpx.Request:
        timeout = httpx.Timeout(self._timeout_s, read=None if endless else self._timeout_s)
        return self._http.build_request(
            asked.operation.method,
            self._url + asked.path,
            params=httpx.QueryParams(asked.query) if asked.query else None,
            headers=self._headers | asked.headers,
            content=asked.content,
            timeout=timeout,
        )


class AsyncGroup:
    """Operations on one kind of thing."""

    _core: AsyncCore

    def __init__(self, core: AsyncCore) -> None:
        self._core = core

    async def _call(
        self,
        operation: Operation[T],
        *,
        path: Mapping[str, object] = {},
        query: Mapping[str, object] = {},
        body: object = None,
        if_match: IfMatch | None = None,
        idempotency_key: str | None = None,
    ) -> T:
        return await self._core.send(call(operation, path, query, body, if_match, idempotency_key))

    async def _upload(
        self,
        operation: Operation[T],
        *,
        path: Mapping[str, object] = {},
        query: Mapping[str, object],
        file: Content,
        if_match: IfMatch | None = None,
        idempotency_key: str | None = None,
    ) -> T:
        return await self._core.send(
            await asyncio.to_thread(upload, operation, path, query, file, if_match, idempotency_key)
        )

    def _pages(
        self,
        operation: Operation[Page[T]],
        *,
        path: Mapping[str, object] = {},
        query: Mapping[str, object] = {},
        cursor: str = "cursor",
    ) -> AsyncPages[T]:
        async def fetch(at: str | None) -> Page[T]:
            asked = dict(query) if at is None else {**query, cursor: at}
            return await self._call(operation, path=path, query=asked)

        return AsyncPages(fetch)

    def _download(
        self, operation: Operation[bytes], *, path: Mapping[str, object] = {}, query: Mapping[str, object] = {}
    ) -> AsyncDownload:
        return AsyncDownload(self._core, call(operation, path, query, None, None, None))

    def _follow(
        self, operation: Operation[bytes], *, path: Mapping[str, object] = {}, query: Mapping[str, object] = {}
    ) -> AsyncIterator[ServerEvent]:
        return self._core.followed(call(operation, path, query, None, None, None))
