"""
API keys: ``clk_<prefix>_<secret>_<check>``.

The prefix finds the row, the hash of the whole key proves it, and the check digits let a typing error be told from a
revoked key without asking anybody. A secret of 190 random bits needs no slow hash (OWASP ASVS 5.0, 6.5.2).
"""

import hashlib
import secrets
import zlib

from msgspec import Struct

SCHEME = "clk"
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
PREFIX_LENGTH = 10
SECRET_LENGTH = 32


class NewKey(Struct, frozen=True):
    """A key just made: ``text`` is shown once, ``prefix`` and ``digest`` are kept."""

    text: str
    prefix: str
    digest: bytes


def make() -> NewKey:
    """A fresh random key."""
    prefix = "".join(secrets.choice(ALPHABET) for _ in range(PREFIX_LENGTH))
    secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    body = f"{SCHEME}_{prefix}_{secret}"
    text = f"{body}_{_check(body)}"
    return NewKey(text, prefix, digest(text))


def prefix_of(text: str) -> str | None:
    """The prefix of a well-formed key, None for anything else."""
    body, _, check = text.rpartition("_")
    parts = body.split("_")
    if len(parts) != 3 or parts[0] != SCHEME or not secrets.compare_digest(check.encode(), _check(body).encode()):
        return None
    return parts[1]


def digest(text: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(text.encode()).digest()


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
