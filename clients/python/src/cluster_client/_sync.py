"""The client that waits: one request after the other in the thread that asks."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import httpx

from cluster_client._base import Page
from cluster_client._calls import Call, Content, IfMatch, Operation, call, headers_of, upload
from cluster_client.errors import ClientError, refused
from cluster_client.events import Reader, ServerEvent
from cluster_client.retries import Retries, lost

T = TypeVar("T")
R = TypeVar("R")
TIMEOUT_S = 30.0


class Pages(Generic[T]):
    """A list that is fetched page by page while it is gone through; each time from the beginning."""

    def __init__(self, fetch: Callable[[str | None], Page[T]]) -> None:
        self._fetch = fetch

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.data

    def pages(self) -> Iterator[Page[T]]:
        """Page by page."""
        page = self._fetch(None)
        yield page
        while page.has_more and page.next_cursor is not None:
            page = self._fetch(page.next_cursor)
            yield page

    def first(self) -> Page[T]:
        """The first page alone."""
        return self._fetch(None)


class Download:
    """A file that is fetched when it is asked for."""

    def __init__(self, core: "Core", asked: Call[bytes]) -> None:
        self._core = core
        self._asked = asked

    def read(self) -> bytes:
        """All of it."""
        return self._core.retried(self._asked, self._whole)

    def save(self, path: str | PathLike[str]) -> Path:
        """Writes it to a file, piece by piece; the file is there whole or as it was before."""
        place = Path(path)
        part = place.with_name(place.name + ".part")

        def write() -> None:
            with self._core.streamed(self._asked) as response, part.open("wb") as file:
                file.writelines(response.iter_bytes())

        try:
            self._core.retried(self._asked, write)
            return part.replace(place)
        finally:
            part.unlink(missing_ok=True)

    def _whole(self) -> bytes:
        with self._core.streamed(self._asked) as response:
            return response.read()


class Core:
    """Sends calls, again if that is safe, and reads the answers."""

    def __init__(
        self,
        url: str,
        api_key: str | None = None,
        *,
        retries: Retries | None = None,
        timeout_s: float = TIMEOUT_S,
        headers: Mapping[str, str] | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._headers = headers_of(api_key, headers)
        self._retries = retries or Retries()
        self._timeout_s = timeout_s
        self._own = http is None
        # A client is a core and, for operations that stand alone, a group on itself.
        self._core: Core = self
        self._http = http or httpx.Client()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections, unless they were given."""
        if self._own:
            self._http.close()

    def send(self, asked: Call[T]) -> T:
        """Sends a call and reads its answer."""

        def once() -> T:
            try:
                return asked.decode(self._http.send(self._request(asked)))
            except httpx.TransportError as error:
                raise lost(error) from error

        return self.retried(asked, once)

    def retried(self, asked: Call[Any], once: Callable[[], R]) -> R:
        """Tries until it works, may not be tried again, or patience ends."""
        tried = 0
        while True:
            try:
                return once()
            except ClientError as error:
                tried += 1
                wait_s = self._retries.wait_s(asked, tried, error)
                if wait_s is None:
                    raise
            time.sleep(wait_s)

    @contextmanager
    def streamed(self, asked: Call[Any], *, endless: bool = False) -> Iterator[httpx.Response]:
        """The answer while it comes."""
        try:
            response = self._http.send(self._request(asked, endless=endless), stream=True)
            try:
                if not response.is_success:
                    raise refused(response.status_code, response.read(), response.headers.get("Retry-After"))
                yield response
            finally:
                response.close()
        except httpx.TransportError as error:
            raise lost(error) from error

    def followed(self, asked: Call[Any]) -> Iterator[ServerEvent]:
        """Events while they come, until the platform ends the stream."""
        reader = Reader()
        with self.streamed(asked, endless=True) as response:
            for line in response.iter_lines():
                yield from reader.feed(line)

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


class Group:
    """Operations on one kind of thing."""

    _core: Core

    def __init__(self, core: Core) -> None:
        self._core = core

    def _call(
        self,
        operation: Operation[T],
        *,
        path: Mapping[str, object] = {},
        query: Mapping[str, object] = {},
        body: object = None,
        if_match: IfMatch | None = None,
        idempotency_key: str | None = None,
    ) -> T:
        return self._core.send(call(operation, path, query, body, if_match, idempotency_key))

    def _upload(
        self,
        operation: Operation[T],
        *,
        path: Mapping[str, object] = {},
        query: Mapping[str, object],
        file: Content,
        if_match: IfMatch | None = None,
        idempotency_key: str | None = None,
    ) -> T:
        return self._core.send(upload(operation, path, query, file, if_match, idempotency_key))

    def _pages(
        self,
        operation: Operation[Page[T]],
        *,
        path: Mapping[str, object] = {},
        query: Mapping[str, object] = {},
        cursor: str = "cursor",
    ) -> Pages[T]:
        def fetch(at: str | None) -> Page[T]:
            asked = dict(query) if at is None else {**query, cursor: at}
            return self._call(operation, path=path, query=asked)

        return Pages(fetch)

    def _download(
        self, operation: Operation[bytes], *, path: Mapping[str, object] = {}, query: Mapping[str, object] = {}
    ) -> Download:
        return Download(self._core, call(operation, path, query, None, None, None))

    def _follow(
        self, operation: Operation[bytes], *, path: Mapping[str, object] = {}, query: Mapping[str, object] = {}
    ) -> Iterator[ServerEvent]:
        return self._core.followed(call(operation, path, query, None, None, None))
