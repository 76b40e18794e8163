"""Sessions: begun, recognised, proved again, ended. The browser holds a secret of which a digest is kept."""

from datetime import timedelta
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.auth import PROVEN_FOR
from cluster.base.browser import CSRF, TOKEN_LENGTH_MAX, SignedIn
from cluster.base.db import Connection, Database, Role, Scope, act_as, system_scope
from cluster.base.errors import Unauthenticated
from cluster.base.secrets import Vault
from cluster.members import service as members
from cluster.people import factor_queries, queries, session_queries, steps
from cluster.people.models import Account, Named, Session
from cluster.people.queries import Known

IDLE_S = 30 * 60
LONGEST_S = 12 * 3600


class Begun(Struct, frozen=True, kw_only=True):
    """A session just begun, or under a new secret: what the browser is to hold, and what it is told."""

    token: str
    session: Session

    def __repr__(self) -> str:
        return f"Begun({self.session.user.id})"


class Doors:
    """Recognises sessions; each request asks, so that what is over is over at once."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def session_of(self, token: str) -> SignedIn | None:
        """The live session of a cookie's value."""
        async with self._database.unit(steps.AUTHENTICATOR) as db:
            found = await session_queries.find_session(db, steps.digest(token), IDLE_S)
        if found is None:
            return None
        return _signed_in(found, self._vault)


def _signed_in(found: session_queries.Found, vault: Vault) -> SignedIn:
    return SignedIn(
        session_id=found.session_id,
        scope=Scope(role=found.role, cluster_id=found.cluster_id, member_id=found.member_id, user_id=found.user_id),
        csrf_token=vault.sign(str(found.session_id), CSRF),
        begun_at=found.begun_at,
        proven_at=found.proven_at,
        idle_at=found.seen_at + timedelta(seconds=IDLE_S),
        expires_at=found.expires_at,
        limited=found.limited,
    )


def scope_of(known: Known) -> Scope:
    """What somebody may see once signed in."""
    return Scope(role=Role(known.role), cluster_id=known.cluster_id, member_id=known.member_id, user_id=known.user_id)


async def begin(db: Connection, vault: Vault, known: Known, method: str, second: str | None) -> Begun:
    """
    Begins a session for somebody who has proved who it is.

    ``db`` is the platform's own in that cluster, and speaks for the person afterwards.
    """
    token, session_id = steps.new_token(), ids.new()
    await session_queries.insert_session(
        db, system_scope(known.cluster_id), session_id, known.user_id, steps.digest(token), method, second, LONGEST_S
    )
    return Begun(token=token, session=await _recognised(db, vault, token))


async def prove(db: Connection, vault: Vault, signed_in: SignedIn, second: str | None = None) -> Begun:
    """The person has proved again who it is: the session gets a new secret, the old one opens nothing any more."""
    token = steps.new_token()
    await session_queries.prove_session(db, signed_in.scope, signed_in.session_id, steps.digest(token), second)
    return Begun(token=token, session=await _recognised(db, vault, token))


async def end(db: Connection, signed_in: SignedIn) -> None:
    """Signs out."""
    await session_queries.delete_session(db, signed_in.scope, signed_in.session_id)


async def end_held(database: Database, token: str | None) -> None:
    """Ends the session of a cookie's value, for a browser that has just begun another."""
    if token and len(token) <= TOKEN_LENGTH_MAX:
        async with database.unit(system_scope()) as db:
            await session_queries.delete_session_of(db, steps.digest(token))


async def _recognised(db: Connection, vault: Vault, token: str) -> Session:
    await act_as(db, steps.AUTHENTICATOR)
    found = await session_queries.find_session(db, steps.digest(token), IDLE_S)
    if found is None:  # the person was deactivated in this very moment
        raise Unauthenticated("The session is over; sign in.")
    signed_in = _signed_in(found, vault)
    await act_as(db, signed_in.scope)
    return await shown(db, signed_in)


async def shown(db: Connection, signed_in: SignedIn) -> Session:
    """A session as its person sees it. ``db`` speaks for the person."""
    scope = signed_in.scope
    assert scope.user_id is not None
    user = await queries.user(db, scope, scope.user_id)
    if user is None:
        raise Unauthenticated("The session is over; sign in.")
    cluster, member = await _where(db, scope)
    await act_as(db, system_scope(scope.cluster))
    factors = await factor_queries.factors(db, scope, scope.user_id)
    await act_as(db, scope)
    return Session(
        user=user,
        role=scope.role,
        cluster=cluster,
        member=member,
        csrf_token=signed_in.csrf_token,
        factors=factors,
        factor_needed=signed_in.limited,
        proven_until=signed_in.proven_at + PROVEN_FOR,
        idle_at=signed_in.idle_at,
        expires_at=signed_in.expires_at,
    )


async def _where(db: Connection, scope: Scope) -> tuple[Named, Named | None]:
    """Cluster and firm, by name."""
    cluster = await members.cluster_of(db, scope)
    member = None if scope.member_id is None else await members.member(db, scope, scope.member_id)
    return (
        Named(id=cluster.id, name=cluster.name),
        None if member is None else Named(id=member.id, name=member.name),
    )


async def account(db: Connection, known: Known) -> Account:
    """One of somebody's accounts. ``db`` may be anybody's, and speaks for the person afterwards."""
    scope = scope_of(known)
    await act_as(db, scope)
    cluster, member = await _where(db, scope)
    return Account(user_id=ids.show("usr", known.user_id), role=known.role, cluster=cluster, member=member)


async def known_at(db: Connection, cluster_id: UUID, user_id: UUID) -> Known | None:
    """An account that may sign in; ``db`` is the platform's own in that cluster afterwards."""
    scope = system_scope(cluster_id)
    await act_as(db, scope)
    return await queries.known(db, scope, user_id)
