"""The helper process that drafts are edited in: it keeps their problems compiled."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Concatenate, ParamSpec, TypeVar

from cluster.base.errors import Conflict
from cluster.base.helper import Helper
from cluster.desk import warming
from cluster.desk.hands import Asked, Missing, No

WAITING_MAX = 20
TIMEOUT_S = 60.0

P = ParamSpec("P")
T = TypeVar("T")


class Bench:
    """Asks the helper; what it does not have it gets."""

    def __init__(self) -> None:
        self._helper = Helper("edits", WAITING_MAX, TIMEOUT_S)

    @classmethod
    @asynccontextmanager
    async def open(cls, *, warm: bool = False) -> AsyncIterator["Bench"]:
        """A bench whose helper ends with the block; ``warm`` where it is to be ready before anybody asks."""
        bench = cls()
        if warm:
            bench._helper.keep_warm(warming.hands_ready)
        try:
            yield bench
        finally:
            bench._helper.end()

    async def ask(
        self,
        digest: bytes,
        packed: Callable[[], Awaitable[bytes]],
        question: Callable[Concatenate[Asked, P], T | Missing | No],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """
        The helper's answer about a problem; ``packed`` is awaited for the problem where the helper lacks it.

        Raises
        ------
        Conflict
            When an edit is refused.
        Busy
            When too much waits.
        """
        answer = await self._helper.ask(question, Asked(digest=digest), *args, **kwargs)
        if isinstance(answer, Missing):
            answer = await self._helper.ask(question, Asked(digest=digest, packed=await packed()), *args, **kwargs)
        if isinstance(answer, No):
            raise Conflict(answer.code, answer.detail)
        assert not isinstance(answer, Missing), "it was asked with the problem"
        return answer
