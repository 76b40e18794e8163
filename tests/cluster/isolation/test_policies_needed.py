"""Each policy is needed: taken away, somebody loses what is its own; opened, somebody gets what is not."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import asyncpg
import pytest

from cluster.base.db import Scope
from tests.cluster.isolation.fingerprints import POLICIES, Policy, fingerprint, readers, sample
from tests.cluster.neighbours import Neighbours

pytestmark = pytest.mark.anyio
PREPARED = {
    "members": "UPDATE members SET status = 'suspended' WHERE code = 'binh'",
    "quotes": "UPDATE quotes SET created_at = now() - interval '100 days'",
}
"""What policies about a state or an age need to be seen at work."""


class Ground:
    """A connection without policies' restraint, the readers, and what they may do by table and command."""

    def __init__(self, owner: asyncpg.Connection, scopes: dict[str, Scope], policies: list[Policy]) -> None:
        self.owner = owner
        self.scopes = scopes
        self.policies = policies
        self.rows: dict[str, list[str]] = {}
        self.before: dict[tuple[str, str], dict[str, Any]] = {}

    async def changes(self, policy: Policy, sql: str) -> bool:
        """Whether after that statement anybody may do more, or less."""
        if policy.table not in self.rows:
            self.rows[policy.table] = await self.sampled(policy.table)
        look = partial(fingerprint, self.owner, self.scopes, policy.table, rows=self.rows[policy.table])
        for command in policy.commands:
            if (policy.table, command) not in self.before:
                self.before[policy.table, command] = {name: what async for name, what in look(command=command)}
        inner = self.owner.transaction()
        await inner.start()
        try:
            await self.owner.execute(sql)
            for command in policy.commands:
                async for name, what in look(command=command):
                    if what != self.before[policy.table, command][name]:
                        return True
            return False
        finally:
            await inner.rollback()

    async def sampled(self, table: str) -> list[str]:
        """Rows of all owners."""
        inner = self.owner.transaction()
        await inner.start()
        await self.owner.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        found = await sample(self.owner, table)
        await inner.rollback()
        return found


@pytest.fixture(scope="module")
async def ground(neighbours: Neighbours) -> AsyncIterator[Ground]:
    """One transaction for all tests of this file, rolled back in the end."""
    owner = await asyncpg.connect(neighbours.world.database.owner_url)
    transaction = owner.transaction()
    await transaction.start()
    try:
        policies = [Policy(**row) for row in await owner.fetch(POLICIES)]
        inner = owner.transaction()
        await inner.start()
        for table in ("users", "idempotency"):
            await owner.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        scopes = await readers(owner, neighbours)
        await inner.rollback()
        for table, sql in PREPARED.items():
            await owner.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
            assert await owner.execute(sql) != "UPDATE 0"
            await owner.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        yield Ground(owner, scopes, policies)
    finally:
        await transaction.rollback()
        await owner.close()


async def test_every_policy_taken_away_is_missed(ground: Ground) -> None:
    assert len(ground.policies) > 150
    unneeded = [policy.name for policy in ground.policies if not await ground.changes(policy, policy.dropped)]
    assert unneeded == []


async def test_every_policy_opened_lets_somebody_in(ground: Ground) -> None:
    """A restrictive one, too: it then restricts nobody."""
    idle = [policy.name for policy in ground.policies if not await ground.changes(policy, policy.opened)]
    assert idle == []
