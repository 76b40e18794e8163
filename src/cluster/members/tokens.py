"""
Secrets that open a cluster's door to firms outside: ``inv_...`` invites one firm, ``apl_...`` lets anybody apply.

``<kind>_<cluster>_<thing>_<secret>``: cluster and thing are identifiers without their prefixes, so that the row is
found without a search over all clusters; the digest of the whole proves it.
"""

import hashlib
import secrets
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.errors import NotFound
from cluster.base.keys import ALPHABET, SECRET_LENGTH

INVITATION = "inv"
APPLICATION = "apl"
TEXT_MAX = 120


class NewToken(Struct, frozen=True):
    """A token just made: ``text`` is shown once, ``digest`` is kept."""

    text: str
    digest: bytes

    def __repr__(self) -> str:
        return "NewToken(...)"


class Named(Struct, frozen=True):
    """What a token says it opens, not yet proved."""

    kind: str
    cluster_id: UUID
    thing_id: UUID
    digest: bytes


def make(kind: str, cluster_id: UUID, thing_id: UUID) -> NewToken:
    """A fresh token."""
    parts = (ids.show("x", value).partition("_")[2] for value in (cluster_id, thing_id))
    secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    text = "_".join((kind, *parts, secret))
    return NewToken(text, digest(text))


def read(text: str) -> Named | None:
    """What a token names; None for what is none."""
    parts = text.split("_")
    if len(parts) != 4 or parts[0] not in (INVITATION, APPLICATION):
        return None
    try:
        cluster_id, thing_id = (ids.parse("x", f"x_{part}") for part in parts[1:3])
    except NotFound:
        return None
    return Named(parts[0], cluster_id, thing_id, digest(text))


def digest(text: str) -> bytes:
    """What is kept of a token; 190 random bits need no slow hash."""
    return hashlib.sha256(text.encode()).digest()
