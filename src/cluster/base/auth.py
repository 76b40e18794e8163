"""Who asks: a bearer key or a person's session becomes a scope, and a guard says which roles an operation is for."""

import contextlib
import time
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from msgspec import structs

from cluster.base import ids, keys
from cluster.base.audit import ReadNote
from cluster.base.browser import SESSION_COOKIE, TOKEN_LENGTH_MAX, Doorkeeper, SignedIn, refuse_forged
from cluster.base.db import Connection, Database, Role, Scope
from cluster.base.errors import Forbidden, NotFound, SecondFactorNeeded, StepUpNeeded, Unauthenticated
from cluster.base.scopes import allows, whole

NOTED = "noted"
"""Handler option: False where an operation tells nothing of any member, so that a coordinator's look needs no entry."""
OPEN_DOOR = "exclude_from_auth"
"""Handler option: True where no key or session is asked for (the framework's own word)."""
NO_SECURITY: tuple[dict[str, list[str]], ...] = ({},)
PERSON_SECURITY: tuple[dict[str, list[str]], ...] = ({"session": []},)
"""For the API reference: what opens an operation, where it is not a key or a session."""
CACHE_S = 5.0
"""A revoked key may still open for this long."""
CACHE_SIZE_MAX = 10_000
PROVEN_FOR = timedelta(minutes=5)
"""After proving who one is, this long what is of weight may be done."""
REFUSED = "Send a valid API key as 'Authorization: Bearer clk_...'."


class KeyRing:
    """Looks keys up and remembers the good ones for ``CACHE_S`` seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[bytes, tuple[float, Scope]] = OrderedDict()
        self.used: dict[UUID, datetime] = {}
        """When keys were used since somebody last took this down and emptied it."""

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
            self._note_use(known[1])
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
        self._note_use(scope)
        return scope

    def _note_use(self, scope: Scope) -> None:
        if scope.key_id is not None and scope.cluster_id is not None:
            self.used[scope.key_id] = datetime.now(UTC)


async def _find(db: Connection, prefix: str, digest: bytes) -> Scope | None:
    """The scope of the live key with this prefix and digest."""
    # any-cluster: which cluster a key belongs to is what is being asked
    row = await db.fetchrow(
        """
        SELECT cluster_id, member_id, carrier_id, key_id, role, hash, scopes FROM api_keys
         WHERE prefix = $1 AND revoked_at IS NULL AND expires_at > now()
        UNION ALL
        SELECT cluster_id, member_id, carrier_id, key_id, role, prior_hash, scopes FROM api_keys
         WHERE prior_prefix = $1 AND prior_until > now() AND revoked_at IS NULL AND expires_at > now()
        UNION ALL
        SELECT NULL, NULL, NULL, key_id, 'operator', hash, NULL FROM operator_keys
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
        carrier_id=row["carrier_id"],
        key_id=UUID(bytes=row["key_id"].bytes),
        scopes=None if row["scopes"] is None else whole(row["scopes"]),
    )


class Authentication(AbstractAuthenticationMiddleware):
    """Puts the caller's scope on every request: of its key, or else of its session."""

    async def authenticate_request(self, connection: ASGIConnection) -> AuthenticationResult:  # type: ignore[type-arg]
        """The scope; beside it the session, for a person. A request with a key takes no cookie into account."""
        header = connection.headers.get("Authorization")
        if header is not None:
            scope = await self._scope_of(connection, header)
            await connection.app.state.limiter.take(str(scope.key_id))
            return AuthenticationResult(user=None, auth=scope)
        token = connection.cookies.get(SESSION_COOKIE, "")
        if not token or len(token) > TOKEN_LENGTH_MAX:
            raise Unauthenticated(REFUSED)
        doorkeeper: Doorkeeper = connection.app.state.doorkeeper
        signed_in = await doorkeeper.session_of(token)
        if signed_in is None:
            raise Unauthenticated("The session is over; sign in.")
        refuse_forged(connection, signed_in)
        await connection.app.state.limiter.take(str(signed_in.scope.user_id))
        return AuthenticationResult(user=signed_in, auth=signed_in.scope)

    async def _scope_of(self, connection: ASGIConnection, header: str) -> Scope:  # type: ignore[type-arg]
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "bearer" or not text or len(text) > 200:
            raise Unauthenticated(REFUSED)
        ring: KeyRing = connection.app.state.key_ring
        return await ring.scope_of(text.strip())


class For:
    """
    Guard: only these roles may call the operation.

    The roles are also what the API reference and the tests read. Guards are coroutines: the framework runs any other in
    a thread, which would cost more than what they do.
    """

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        """Refuses other roles, and has it noted when the neutral side looks at what may be a member's."""
        scope: Scope = connection.auth
        if scope.role not in self.roles:
            raise Forbidden(f"This needs another role than {scope.role.value}.")
        method = str(connection.scope.get("method"))
        if not allows(scope.scopes, str(getattr(handler, "operation_id", "")), _tags(handler), method):
            raise Forbidden("This key is limited to other scopes.")
        signed_in: SignedIn | None = connection.user
        if signed_in is not None and signed_in.limited:
            raise SecondFactorNeeded("Your cluster asks its coordinators for a second factor: set one up.")
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


def _tags(handler: BaseRouteHandler) -> list[str]:
    return handler.resolve_tags() if isinstance(handler, HTTPRouteHandler) else []


class ForPeople(For):
    """Guard: only people signed in, also before they have a second factor; what they do to their own account."""

    def __init__(self) -> None:
        super().__init__(Role.MEMBER_USER, Role.MEMBER_ADMIN, Role.COORDINATOR, Role.WAREHOUSE_OPERATOR)

    async def __call__(self, connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        """Refuses keys."""
        if connection.user is None:
            raise Forbidden("This is for people who have signed in, not for keys.")


async def proven(connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Guard: a person must have proved who it is within the last minutes. Keys are not asked."""
    signed_in: SignedIn | None = connection.user
    if signed_in is not None and signed_in.proven_at < datetime.now(UTC) - PROVEN_FOR:
        raise StepUpNeeded("Prove again who you are, at POST /v1/session/step-up.")


MEMBERS = (Role.MEMBER_USER, Role.MEMBER_ADMIN)
ANY_IN_CLUSTER = (*MEMBERS, Role.COORDINATOR)
