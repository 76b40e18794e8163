"""
The application's statements without their conditions on who asks: what is left is row-level security alone.

``cluster_id = $1`` is true as well where ``$1`` is the asker's own cluster, ``member_id = $2`` where ``$2`` is the asker's
own firm. A condition on somebody else's identifier stays: it names a thing, and not who asks. So a statement finds what
its other conditions let through in all clusters and of all members, if no policy stands in its way.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest

CONDITION = re.compile(r"((?:\w+\.)?(cluster_id|member_id)\s*(?:=|IS NOT DISTINCT FROM)\s*(\$\d+))(?:::uuid)?")
ASKER = {"cluster_id": "app_cluster()", "member_id": "app_member()"}
METHODS = ("fetch", "fetchrow", "fetchval", "execute", "executemany", "cursor", "prepare")
ASSIGNS = re.compile(r"\bSET\b(?:(?!\bWHERE\b).)*$", re.DOTALL)


def relaxed(sql: str) -> str:
    """The statement without its conditions on who asks; parameters keep their number and type."""

    def without(found: re.Match[str]) -> str:
        if ASSIGNS.search(sql[: found.start()]):
            return found.group(0)  # no condition: what a column is set to
        condition, column, parameter = found.groups()
        return f"({condition} OR {parameter}::uuid IS NOT DISTINCT FROM (SELECT {ASKER[column]}))"

    return CONDITION.sub(without, sql)


@contextmanager
def conditions_removed() -> Iterator[list[str]]:
    """Every connection of this process forgets who asks; what was changed so far stands in the list."""
    changed: list[str] = []

    def forgetful(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: asyncpg.Connection, sql: str, *values: Any, **options: Any) -> Any:
            other = relaxed(sql)
            if other != sql:
                changed.append(sql)
            return method(self, other, *values, **options)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in METHODS:
            patch.setattr(asyncpg.Connection, name, forgetful(getattr(asyncpg.Connection, name)))
        yield changed
