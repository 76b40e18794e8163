"""
Edits that do not overwrite each other: an answer says its version as ``ETag``, an edit sends it back as ``If-Match``.

RFC 9110, section 13.1.1. Versions are numbers that go up by one with each change.
"""

import re
from typing import Annotated, TypeVar

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
