"""
Passwords: what may be one, and argon2id with bounded concurrency.

Parameters are the minimum of the OWASP Password Storage Cheat Sheet (2025): 19 MiB, two passes, one lane. A hash keeps
a core busy for tens of milliseconds, so a few run at a time, some more wait, and the rest are asked to come back.
"""

import asyncio
import functools
import re
import unicodedata
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cluster.base.errors import FieldFault, TooMany

LENGTH_MIN = 12
LENGTH_MAX = 128
AT_ONCE = 2
WAITING_MAX = 20
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_COMMON = """
    password passwort matkhau motdepasse contrasena wachtwoord parola senha mima mimamima qwerty qwertz azerty
    qwertyuiop asdfghjkl zxcvbnm qazwsxedc iloveyou anhyeuem woaini welcome willkommen letmein changeme secret
    administrator admin login master monkey dragon sunshine princess football baseball superman batman trustno
    whatever starwars internet computer samsung michael jordan hello hallo xinchao default guest test testtest
    correcthorsebatterystaple passwordpassword logistics cluster coordinator
"""
COMMON = frozenset(_COMMON.split())
"""What most of the commonest passwords are once digits and signs are taken off."""
RUNS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789", "98765432109876543210")
T = TypeVar("T")


def normal(text: str) -> str:
    """The one form of a password (NFKC), whichever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", text)


def faults(text: str, known: tuple[str, ...] = (), pointer: str = "/password") -> list[FieldFault]:
    """
    Why a text may not be a password; nothing when it may.

    Parameters
    ----------
    known
        Words that anybody would try for this person: name, e-mail address.
    """
    password = normal(text)
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        cause = f"has {len(password)} characters"
        cure = f"{LENGTH_MIN} to {LENGTH_MAX} characters; several words that only you put together are good"
        return [FieldFault(pointer=pointer, code="password_length", cause=cause, cure=cure)]
    if _is_common(password.lower(), known):
        cure = "several words that only you put together"
        return [FieldFault(pointer=pointer, code="password_common", cause="is among the first to be tried", cure=cure)]
    return []


def _is_common(password: str, known: tuple[str, ...]) -> bool:
    letters = re.sub(r"[\W\d_]+", "", password)
    if len(set(password)) <= 3 or letters in COMMON:
        return True
    if any(password in run + run for run in RUNS):
        return True
    words = {part for text in known for part in re.split(r"[\W_]+", normal(text).lower()) if len(part) >= 3}
    return bool(letters) and letters in {*words, "".join(words)} and len(password) - len(letters) < 8


class Passwords:
    """Hashes and verifies, two at a time in threads."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def hash(self, text: str) -> str:
        """What is kept of a password."""
        return await self._run(functools.partial(HASHER.hash, normal(text)))

    async def verify(self, kept: str | None, text: str) -> bool:
        """Whether the password is the one kept; without one, as much work and False."""
        right = await self._run(functools.partial(_verify, kept or _nobodys(), normal(text)))
        return right and kept is not None

    async def _run(self, work: Callable[[], T]) -> T:
        """
        In a thread, when one is free.

        Raises
        ------
        TooMany
            When too many wait already.
        """
        if self._waiting >= WAITING_MAX:
            raise TooMany("Too many people sign in at this moment.", retry_after_s=2)
        self._waiting += 1
        try:
            async with self._free:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


def outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    try:
        return HASHER.check_needs_rehash(kept)
    except InvalidHashError:
        return True


def _verify(kept: str, text: str) -> bool:
    try:
        return HASHER.verify(kept, text)
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _nobodys() -> str:
    """A hash to be compared with when there is nobody, so that it takes as long."""
    return HASHER.hash("a password that nobody has")
