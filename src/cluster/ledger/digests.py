"""Digests of entries: what an entry says as bytes, and the chain that seals it and all before it."""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec

FIRST = bytes(32)
"""What stands before a cluster's first entry."""
EPOCH = date(2000, 1, 1)


def content(head: Sequence[object], lines: Iterable[tuple[UUID, int, str, UUID | None]]) -> bytes:
    """
    The digest of what an entry says: SHA-256 of one JSON array without spaces.

    ``head`` is kind, kind and identifier of the source, part, the entry reversed, day, currency and memo; ``lines`` are
    account, amount, reason and what the line is about, in their order. When it was booked is left to the chain, so
    that a source posted again after a period was closed still says the same.
    """
    told = [
        [_text(part) for part in head],
        [[str(a), amount, reason, _text(about)] for a, amount, reason, about in lines],
    ]
    return hashlib.sha256(msgspec.json.encode(told)).digest()


def link(before: bytes, digest: bytes, entry_no: int, booked_on: date) -> bytes:
    """The chain at an entry; the database computes the same in a constraint."""
    return hashlib.sha256(before + digest + struct.pack(">qi", entry_no, (booked_on - EPOCH).days)).digest()


def _text(value: object) -> str | None:
    return None if value is None else str(value)
