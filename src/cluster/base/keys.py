"""
API keys: ``clk_<prefix>_<secret>_<check>``, and ``clk_test_<prefix>_<secret>_<check>`` in a sandbox.

The prefix finds the row, the hash of the whole key proves it, and the check digits let a typing error be told from a
revoked key without asking anybody. A secret of 190 random bits needs no slow hash (OWASP ASVS 5.0, 6.5.2).
"""

import hashlib
import secrets
import zlib

from msgspec import Struct

SCHEME = "clk"
TEST = "test"
"""After the scheme, in keys that open a sandbox and nothing else: whoever holds one sees that nothing real is meant."""
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
PREFIX_LENGTH = 10
SECRET_LENGTH = 32


class NewKey(Struct, frozen=True):
    """A key just made: ``text`` is shown once, ``prefix`` and ``digest`` are kept."""

    text: str
    prefix: str
    digest: bytes


def make(*, sandbox: bool = False) -> NewKey:
    """A fresh random key, of a sandbox or of a cluster in earnest."""
    prefix = "".join(secrets.choice(ALPHABET) for _ in range(PREFIX_LENGTH))
    secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    scheme = f"{SCHEME}_{TEST}" if sandbox else SCHEME
    body = f"{scheme}_{prefix}_{secret}"
    text = f"{body}_{_check(body)}"
    return NewKey(text, prefix, digest(text))


def prefix_of(text: str) -> str | None:
    """The prefix of a well-formed key, None for anything else."""
    body, _, check = text.rpartition("_")
    scheme, *rest = body.split("_")
    parts = rest[1:] if rest[:1] == [TEST] else rest
    if scheme != SCHEME or len(parts) != 2 or not secrets.compare_digest(check.encode(), _check(body).encode()):
        return None
    return parts[0]


def digest(text: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(text.encode()).digest()


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
