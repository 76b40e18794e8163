"""
What a sign-in waits for, and how often anybody may try.

A step is found by a secret that only its browser holds, holds what is known so far, sealed, and is used once.
"""

import hashlib
import secrets
from typing import TypeVar

import msgspec

from cluster.base.db import Connection, Role, Scope
from cluster.base.errors import TooMany, Unauthenticated
from cluster.base.secrets import Vault
from cluster.people import session_queries

AUTHENTICATOR = Scope(role=Role.AUTHENTICATOR)
STEP_S = 300
TOO_LATE = "This step of signing in is over; begin again."
T = TypeVar("T")


def new_token() -> str:
    """A secret of 256 random bits, in 43 characters."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode()).digest()


async def put(db: Connection, vault: Vault, kind: str, held: object, seconds: int = STEP_S) -> str:
    """Keeps what is known so far; returns the secret that finds it. ``db`` is the authenticator's."""
    token = new_token()
    await session_queries.put_step(db, digest(token), kind, vault.seal(msgspec.json.encode(held), kind), seconds)
    return token


async def take(db: Connection, vault: Vault, kind: str, token: str, shape: type[T]) -> T:
    """
    What was kept, this once.

    Raises
    ------
    Unauthenticated
        When it was taken before, is too old, or never was: one answer for all.
    """
    sealed = await session_queries.take_step(db, digest(token), kind)
    return _opened(vault, kind, sealed, shape)


async def look(db: Connection, vault: Vault, kind: str, token: str, shape: type[T]) -> T:
    """What was kept, which stays; refused as by ``take``."""
    sealed = await session_queries.look_at_step(db, digest(token), kind)
    return _opened(vault, kind, sealed, shape)


def _opened(vault: Vault, kind: str, sealed: bytes | None, shape: type[T]) -> T:
    if sealed is None:
        raise Unauthenticated(TOO_LATE)
    return msgspec.json.decode(vault.open(sealed, kind), type=shape)


class Allowance(msgspec.Struct, frozen=True):
    """So many tries in so many seconds, for whatever ``what`` and ``of`` name together."""

    what: str
    of: str
    tries: int
    seconds: int

    @property
    def bucket(self) -> bytes:
        """Where they are counted; names nobody."""
        return hashlib.sha256(f"{self.what}\0{self.of}".encode()).digest()


async def count(db: Connection, *allowances: Allowance) -> TooMany | None:
    """
    Counts one more try, before it is known whether it is right. ``db`` is the authenticator's.

    Returns
    -------
    TooMany or None
        What to refuse with, once the count is committed; None when there is nothing against it.
    """
    refusal = None
    for allowance in allowances:
        tries, left_s = await session_queries.count_try(db, allowance.bucket, allowance.seconds)
        if tries > allowance.tries and refusal is None:
            refusal = TooMany("Too many tries; wait a little.", retry_after_s=left_s)
    return refusal


async def forget(db: Connection, *allowances: Allowance) -> None:
    """Begins the counts anew, after a try that was right."""
    await session_queries.forget_tries(db, [allowance.bucket for allowance in allowances])
