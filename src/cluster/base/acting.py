"""
A connection that tells PostgreSQL who asks in the same exchange that begins the transaction.

One exchange less for every request. It needs a statement without parameters, so this is the one place where a statement
is put together: of identifiers and names of roles, which are looked at letter by letter.
"""

import re
from collections.abc import Sequence

import asyncpg

BEGIN = "BEGIN;"
"""How the driver begins a transaction."""
WHO = ("cluster", "member", "role", "key", "user", "carrier")
"""Settings of a transaction that row-level security reads."""
WORD = re.compile(r"[A-Za-z0-9_-]{0,64}")


class ActingConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg says nothing of types
    """A connection of the pool."""

    _opening = ""

    def begin_as(self, values: Sequence[str]) -> None:
        """
        Has the next transaction begin with who asks, in the order of ``WHO``; empty texts where there is none.

        If that is lost on the way, nobody asks, and row-level security shows nothing.

        Raises
        ------
        ValueError
            For what is neither an identifier nor a role.
        """
        told = (f"set_config('app.{name}', {_quoted(value)}, true)" for name, value in zip(WHO, values, strict=True))
        self._opening = f"SELECT {', '.join(told)};"

    async def execute(self, query: str, *args: object, timeout: float | None = None) -> str:  # noqa: ASYNC109  (the driver's signature)
        """As the driver does it; where a transaction begins, with who asks."""
        if self._opening and query == BEGIN:
            query, self._opening = query + self._opening, ""
        done: str = await super().execute(query, *args, timeout=timeout)
        return done


def _quoted(value: str) -> str:
    """A word or an identifier as a literal; it has no other letters, or something is very wrong."""
    if not WORD.fullmatch(value):
        raise ValueError("not an identifier")
    return f"'{value}'"
