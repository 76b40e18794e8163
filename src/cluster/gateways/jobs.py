"""The loop that sees to orders and files, and the bell that tours and offers ring."""

import functools
from collections.abc import Callable, Collection
from pathlib import Path
from uuid import UUID

from cluster.base.db import Database, system_scope
from cluster.base.secrets import Vault
from cluster.channels.shop_calls import ShopCalls
from cluster.gateways import exchange, queries, turns
from cluster.gateways.service import Desk

RINGING = ("tour.", "tender.")


class GateKeeper:
    """
    Sees to what is due, one thing after the other; several of them may do so side by side.

    Parameters
    ----------
    vault
        Makes what opens sealed credentials; asked when there is something to be opened.
    folder
        Below which gateways of kind ``folder`` have their files.
    """

    def __init__(
        self, database: Database, vault: Callable[[], Vault], calls: ShopCalls, public_url: str | None, folder: Path
    ) -> None:
        self._database = database
        self._vault = functools.cache(vault)
        self._calls = calls
        self._public_url = public_url
        self._folder = folder

    def _desk(self) -> Desk:
        return Desk(vault=self._vault(), calls=self._calls, public_url=self._public_url, folder=self._folder)

    async def step(self) -> bool:
        """One look at one order, or else at one gateway of files; False when nothing is due."""
        return await turns.step(self._database, self._desk) or await exchange.step(self._database, self._desk)


async def ring(database: Database, heard: Collection[tuple[UUID, str]]) -> None:
    """After events of tours and tenders: files that carriers wait for are written."""
    for cluster_id in {cluster_id for cluster_id, topic in heard if topic.startswith(RINGING)}:
        scope = system_scope(cluster_id)
        async with database.unit(scope) as db:
            await queries.ring(db, scope)
