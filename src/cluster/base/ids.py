"""
Identifiers: UUID version 7 inside, a prefixed word outside (``shp_01JC...``).

Version 7 sorts by time of creation, which keeps indexes compact; its 74 random bits tell nobody how many there are.
"""

import os
import time
from uuid import UUID

from cluster.base.errors import NotFound

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, lower case: no letter that reads like a digit."""
LENGTH = 26
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def new() -> UUID:
    """A fresh UUID version 7 (RFC 9562, section 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def show(prefix: str, value: UUID) -> str:
    """``prefix_`` and the value in 26 letters."""
    number = value.int
    letters = []
    for _ in range(LENGTH):
        letters.append(ALPHABET[number & 31])
        number >>= 5
    return f"{prefix}_{''.join(reversed(letters))}"


def parse(prefix: str, text: str) -> UUID:
    """
    The UUID behind an identifier.

    Raises
    ------
    NotFound
        When the text is no identifier of this kind: nothing can have that name.
    """
    head, _, letters = text.partition("_")
    if head != prefix or len(letters) != LENGTH or not set(letters) <= VALUES.keys():
        raise NotFound(prefix)
    number = 0
    for letter in letters:
        number = number << 5 | VALUES[letter]
    if number >= 1 << 128:
        raise NotFound(prefix)
    return UUID(int=number)
