"""
Identifiers: UUID version 7 inside, a prefixed word outside (``shp_01JC...``).

Version 7 sorts by time of creation, which keeps indexes compact; its 74 random bits tell nobody how many there are.
"""

import os
import threading
import time
from uuid import UUID

from cluster.base.errors import NotFound

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, lower case: no letter that reads like a digit."""
LENGTH = 26
PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)
SHIFTS = range(120, -1, -10)
"""Two letters at a time: identifiers are most of what an answer is made of."""
STEP_BYTES = 5
_RANDOM_BITS = 74
_RANDOM_MASK = 2**_RANDOM_BITS - 1
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


_lock = threading.Lock()
_last = 0


def new() -> UUID:
    """
    A fresh UUID version 7 (RFC 9562, section 5.7), above every one made before in this process.

    Within a millisecond the random part grows by a random step (section 6.2, method 2), so that things made one after
    the other sort one after the other.
    """
    global _last  # noqa: PLW0603  (one sequence a process)
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10)) & _RANDOM_MASK
    with _lock:
        payload = milliseconds << _RANDOM_BITS | random
        if payload <= _last:
            payload = _last + 1 + int.from_bytes(os.urandom(STEP_BYTES))
        _last = payload
    milliseconds, random = payload >> _RANDOM_BITS, payload & _RANDOM_MASK
    high, low = random >> 62, random & (2**62 - 1)
    return UUID(int=(milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | high << 64 | 0x2 << 62 | low)


def show(prefix: str, value: UUID) -> str:
    """``prefix_`` and the value in 26 letters."""
    number = value.int
    return f"{prefix}_" + "".join([PAIRS[number >> shift & 1023] for shift in SHIFTS])


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
