"""
Edits that do not overwrite each other: an answer says its version as ``ETag``, an edit sends it back as ``If-Match``.

RFC 9110, section 13.1.1. Versions are numbers that go up by one with each change.
"""

import hashlib
import re
from typing import Annotated, TypeVar

import msgspec
from litestar import Response
from litestar.params import HeaderParameter

from cluster.base.errors import ClusterError

IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        max_length=64,
        description="ETag of the version that you saw; `*` changes whatever is there now.",
    ),
]
IfNoneMatch = Annotated[
    str | None, HeaderParameter(name="If-None-Match", max_length=200, description="ETag of what you hold.")
]
T = TypeVar("T")


class Outdated(ClusterError):
    """Somebody changed the thing since the asker saw it."""

    status = 412
    code = "outdated"
    title = "Changed meanwhile"

    def __init__(self) -> None:
        super().__init__("It has changed since you saw it; read it again and repeat your change.")


class VersionMissing(ClusterError):
    """An edit that does not say what it edits."""

    status = 428
    code = "if_match_missing"
    title = "Say which version you change"

    def __init__(self) -> None:
        super().__init__("Send If-Match with the ETag that you got, or * to change whatever is there now.")


def etag(version: int) -> str:
    """A version as an entity tag."""
    return f'"{version}"'


def with_etag(content: T, version: int | None) -> Response[T]:
    """An answer that says its version, where whoever asks may know it."""
    return Response(content, headers={} if version is None else {"ETag": etag(version)})


def with_tag_of_content(content: T, if_none_match: str | None) -> Response[T]:
    """
    An answer whose tag is made of what it says, or nothing to whoever holds just that.

    For what changes with the time of day, and not only with a version.
    """
    tag = f'"{hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if if_none_match is not None and tag in if_none_match:
        return Response(None, status_code=304, headers=headers)  # type: ignore[arg-type]  # nothing to tell
    return Response(content, headers=headers)


def must_match(if_match: str | None, version: int) -> None:
    """
    Refuses an edit of another version than the asker saw.

    Raises
    ------
    VersionMissing
        When the header is missing.
    Outdated
        When none of its tags is that of ``version``.
    """
    if if_match is None:
        raise VersionMissing
    if if_match.strip() != "*" and etag(version) not in re.findall(r'(?:W/)?"[^"]*"', if_match):
        raise Outdated
