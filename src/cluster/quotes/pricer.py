"""The helper process that prices, and the pools' snapshots that prices are told from."""

import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar
from uuid import UUID

from cluster.base.helper import Helper
from cluster.planning.insertion import Snapshot

FRESH_S = 900.0
"""A snapshot serves so long, whatever is booked meanwhile: the difference of two prices must not tell of a booking."""
SNAPSHOTS_MAX = 64
WAITING_MAX = 20
TIMEOUT_S = 60.0

P = ParamSpec("P")
T = TypeVar("T")


class Pricer:
    """Asks one helper process, made when first needed, one question after the other."""

    def __init__(self) -> None:
        self._helper = Helper("prices", WAITING_MAX, TIMEOUT_S)
        self._snapshots: OrderedDict[tuple[UUID, UUID], tuple[float, Snapshot]] = OrderedDict()

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator["Pricer"]:
        """A pricer whose helper ends with the block."""
        pricer = cls()
        try:
            yield pricer
        finally:
            pricer._helper.end()

    def kept(self, cluster_id: UUID, pool_window_id: UUID) -> Snapshot | None:
        """The snapshot of a window's pool, while it is fresh."""
        found = self._snapshots.get((cluster_id, pool_window_id))
        return found[1] if found is not None and time.monotonic() - found[0] < FRESH_S else None

    def keep(self, cluster_id: UUID, pool_window_id: UUID, snapshot: Snapshot) -> None:
        """Keeps a snapshot for a while."""
        self._snapshots[cluster_id, pool_window_id] = time.monotonic(), snapshot
        self._snapshots.move_to_end((cluster_id, pool_window_id))
        if len(self._snapshots) > SNAPSHOTS_MAX:
            self._snapshots.popitem(last=False)

    async def ask(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """
        The helper's answer.

        Raises
        ------
        Busy
            When too many questions wait, or the helper died or took too long.
        """
        return await self._helper.ask(question, *args, **kwargs)
