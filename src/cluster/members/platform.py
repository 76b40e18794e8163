"""What the platform itself does in a caller's transaction, where the caller's own rights do not reach."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cluster.base.db import Connection, Scope, act_as, system_scope


@asynccontextmanager
async def platform(db: Connection, scope: Scope) -> AsyncIterator[Scope]:
    """Within the block the platform acts in the caller's cluster; afterwards the caller again."""
    acting = system_scope(scope.cluster)
    await act_as(db, acting)
    yield acting
    await act_as(db, scope)
