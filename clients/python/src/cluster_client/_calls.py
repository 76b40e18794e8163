"""One request, before it is sent and after it was answered; the same for both clients."""

import platform
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any, Generic, Protocol, TypeAlias, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from cluster_client.errors import UnreadableAnswer, refused

T = TypeVar("T")
VERSION = "0.1.0"
USER_AGENT = f"cluster-client/{VERSION} python/{platform.python_version()}"
OCTETS = "application/octet-stream"
TYPES_OF_FILES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Versioned(Protocol):
    """Anything read from the platform that says its version."""

    @property
    def version(self) -> int:
        """Goes up by one with each change."""
        ...


IfMatch: TypeAlias = Versioned | int | str
"""What an edit is of: the thing as it was read, its version, an ``ETag``, or ``"*"`` for whatever is there now."""
Content: TypeAlias = bytes | str | PathLike[str]
"""A file to upload: its bytes, or where it is."""


class Operation(msgspec.Struct, Generic[T], frozen=True):
    """
    One operation of the API.

    Attributes
    ----------
    answer
        What the answer's body is decoded to; ``bytes`` for files.
    keyed
        Whether it takes an ``Idempotency-Key``, which makes a repeated request harmless.
    """

    name: str
    method: str
    path: str
    answer: type[T]
    keyed: bool = False


class Call(msgspec.Struct, Generic[T], frozen=True):
    """A request ready to be sent, as often as need be: the same bytes and the same key each time."""

    operation: Operation[T]
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    content: bytes | None

    @property
    def repeatable(self) -> bool:
        """
        Whether it may be sent again when nobody knows if it arrived.

        Not an edit of a version, although it would do no harm: the second answer would be 412 where the first was a
        success.
        """
        if self.operation.keyed:
            return True
        return self.operation.method in {"GET", "PUT", "DELETE"} and self.headers.get("If-Match", "*") == "*"

    def decode(self, response: httpx.Response) -> T:
        """
        What the answer says.

        Raises
        ------
        ApiError
            When it is a refusal.
        UnreadableAnswer
            When it is not what the operation answers.
        """
        if not response.is_success:
            raise refused(response.status_code, response.content, response.headers.get("Retry-After"))
        try:
            if self.operation.answer is type(None):
                return msgspec.convert(None, type=self.operation.answer)
            return msgspec.json.decode(response.content, type=self.operation.answer)
        except msgspec.DecodeError as error:
            raise UnreadableAnswer(f"{self.operation.name}: {error}") from error


def call(
    operation: Operation[T],
    path: Mapping[str, object],
    query: Mapping[str, object],
    body: object,
    if_match: IfMatch | None,
    idempotency_key: str | None,
) -> Call[T]:
    """A request of an operation; a key is made for whatever creates, unless one is given."""
    headers = {}
    content = None
    if body is not None:
        content = msgspec.json.encode(body)
        headers["Content-Type"] = "application/json"
    if if_match is not None:
        headers["If-Match"] = entity_tag(if_match)
    if operation.keyed:
        headers["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())
    filled = operation.path.format_map({name: quote(_text(value), safe="") for name, value in path.items()})
    return Call(operation, filled, tuple(_pairs(query)), headers, content)


def upload(
    operation: Operation[T],
    path: Mapping[str, object],
    query: Mapping[str, object],
    file: Content,
    if_match: IfMatch | None,
    idempotency_key: str | None,
) -> Call[T]:
    """A request whose body is a file; its name goes along unless another is given."""
    content, kind, name = file, OCTETS, None
    if not isinstance(content, bytes):
        place = Path(content)
        content, name = place.read_bytes(), place.name
        kind = TYPES_OF_FILES.get(place.suffix.lower(), OCTETS)
    if "filename" in query and query["filename"] is None:
        query = {**query, "filename": name}
    made = call(operation, path, query, None, if_match, idempotency_key)
    return msgspec.structs.replace(made, content=content, headers={**made.headers, "Content-Type": kind})


def entity_tag(version: IfMatch) -> str:
    """``If-Match`` for a version."""
    if isinstance(version, str):
        return version
    return f'"{version if isinstance(version, int) else version.version}"'


def _pairs(query: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    for name, value in query.items():
        if value is None:
            continue
        if isinstance(value, list | tuple | set | frozenset):
            yield from ((name, _text(entry)) for entry in value)
        else:
            yield name, _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def headers_of(api_key: str | None, given: Mapping[str, str] | None) -> dict[str, str]:
    """What every request carries."""
    own = {"User-Agent": USER_AGENT, "Accept": "application/json"}
    if api_key is not None:
        own["Authorization"] = f"Bearer {api_key}"
    return own | dict(given or {})


Body: TypeAlias = dict[str, Any]
"""A body as plain data, where no struct is at hand."""
