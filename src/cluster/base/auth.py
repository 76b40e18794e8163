"""Who asks: a bearer key becomes a scope, and a guard says which roles an operation is for."""

import contextlib
import time
from collections import OrderedDict
from hmac import compare_digest
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from msgspec import structs

from cluster.base import ids, keys
from cluster.base.audit import ReadNote
from cluster.base.db import Connection, Database, Role, Scope
from cluster.base.errors import Forbidden, NotFound, Unauthenticated

NOTED = "noted"
"""Handler option: False where an operation tells nothing of any member, so that a coordinator's look needs no entry."""
CACHE_S = 5.0
"""A revoked key may still open for this long."""
CACHE_SIZE_MAX = 10_000
REFUSED = "Send a valid API key as 'Authorization: Bearer clk_...'."


class KeyRing:
    """Looks keys up and remembers the good ones for ``CACHE_S`` seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[bytes, tuple[float, Scope]] = OrderedDict()

    async def scope_of(self, text: str) -> Scope:
        """
        The scope that a key opens.

        Raises
        ------
        Unauthenticated
            For a key that is malformed, unknown, expired or revoked: one answer for all.
        """
        digest = keys.digest(text)
        known = self._known.get(digest)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        prefix = keys.prefix_of(text)
        if prefix is None:
            raise Unauthenticated(REFUSED)
        async with self._database.unit(Scope(role=Role.AUTHENTICATOR)) as db:
            scope = await _find(db, prefix, digest)
        if scope is None:
            raise Unauthenticated(REFUSED)
        self._known[digest] = (time.monotonic() + CACHE_S, scope)
        if len(self._known) > CACHE_SIZE_MAX:
            self._known.popitem(last=False)
        return scope


async def _find(db: Connection, prefix: str, digest: bytes) -> Scope | None:
    """The scope of the live key with this prefix and digest."""
    # any-cluster: which cluster a key belongs to is what is being asked
    row = await db.fetchrow(
        """
        SELECT cluster_id, member_id, key_id, role, hash FROM api_keys
         WHERE prefix = $1 AND revoked_at IS NULL AND expires_at > now()
        UNION ALL
        SELECT NULL, NULL, key_id, 'operator', hash FROM operator_keys
         WHERE prefix = $1 AND revoked_at IS NULL AND expires_at > now()
        """,
        prefix,
    )
    if row is None or not compare_digest(row["hash"], digest):
        return None
    return Scope(
        role=Role(row["role"]),
        cluster_id=row["cluster_id"],
        member_id=row["member_id"],
        key_id=UUID(bytes=row["key_id"].bytes),
    )


class KeyAuthentication(AbstractAuthenticationMiddleware):
    """Puts the caller's scope on every request."""

    async def authenticate_request(self, connection: ASGIConnection) -> AuthenticationResult:  # type: ignore[type-arg]
        """The scope of the bearer key."""
        scheme, _, text = connection.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not text or len(text) > 200:
            raise Unauthenticated(REFUSED)
        ring: KeyRing = connection.app.state.key_ring
        scope = await ring.scope_of(text.strip())
        return AuthenticationResult(user=scope, auth=scope)


class For:
    """
    Guard: only these roles may call the operation.

    The roles are also what the API reference and the tests read.
    """

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    def __call__(self, connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        """Refuses other roles, and has it noted when the neutral side looks at what may be a member's."""
        scope: Scope = connection.auth
        if scope.role not in self.roles:
            raise Forbidden(f"This needs another role than {scope.role.value}.")
        looks = connection.scope.get("method") == "GET" and handler.opt.get(NOTED, True)
        if scope.role is Role.COORDINATOR and looks:
            connection.scope["auth"] = structs.replace(scope, note=_note(connection, handler))


def _note(connection: ASGIConnection, handler: BaseRouteHandler) -> ReadNote:  # type: ignore[type-arg]
    """Which operation looks, and at what: the first identifier in its path."""
    for value in connection.path_params.values():
        kind = str(value).partition("_")[0]
        with contextlib.suppress(NotFound):  # no identifier: the operation will say so itself
            return ReadNote(_operation(handler), kind, ids.parse(kind, str(value)))
    return ReadNote(_operation(handler), "clu", None)


def _operation(handler: BaseRouteHandler) -> str:
    return str(handler.operation_id) if isinstance(handler, HTTPRouteHandler) else "stream"


MEMBERS = (Role.MEMBER_USER, Role.MEMBER_ADMIN)
ANY_IN_CLUSTER = (*MEMBERS, Role.COORDINATOR)
