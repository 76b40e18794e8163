"""Lists come in pages: ``{data, next_cursor, has_more}``, ordered by identifier, oldest first."""

from collections.abc import Sequence
from typing import Annotated, Generic, Protocol, TypeVar
from uuid import UUID

from litestar.params import QueryParameter
from msgspec import Struct

from cluster.base import ids
from cluster.base.errors import FieldFault, Invalid, NotFound

LIMIT_MAX = 500
LIMIT_DEFAULT = 50
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX, description="How many at most.")]
Cursor = Annotated[
    str | None, QueryParameter(max_length=64, description="Where to go on: next_cursor of the page before.")
]


class Identified(Protocol):
    """Anything shown with an identifier."""

    @property
    def id(self) -> str:
        """Prefixed identifier."""
        ...


T = TypeVar("T", bound=Identified)


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list."""

    data: list[T]
    next_cursor: str | None
    has_more: bool


def page(rows: Sequence[T], limit: int) -> Page[T]:
    """A page from up to ``limit + 1`` rows; the one too many only tells that there is more."""
    kept = list(rows[:limit])
    more = len(rows) > limit
    return Page(data=kept, next_cursor=kept[-1].id if more else None, has_more=more)


def encoded_page_of(entries: Sequence[bytes], next_cursor: str | None) -> bytes:
    """A page as JSON, of entries that are JSON already; ``next_cursor`` is None where there is no more."""
    cursor = b"null" if next_cursor is None else b'"' + next_cursor.encode() + b'"'
    more = b"false" if next_cursor is None else b"true"
    return b'{"data":[' + b",".join(entries) + b'],"next_cursor":' + cursor + b',"has_more":' + more + b"}"


def after(prefix: str, cursor: str | None) -> UUID:
    """
    The identifier that a page starts behind; the smallest for the first page.

    Raises
    ------
    Invalid
        For a cursor that was not given out here.
    """
    if cursor is None:
        return UUID(int=0)
    try:
        return ids.parse(prefix, cursor)
    except NotFound:
        cure = "use next_cursor of the page before"
        fault = FieldFault(pointer="#query/cursor", code="invalid_cursor", cause="not a cursor", cure=cure)
        raise Invalid([fault]) from None
