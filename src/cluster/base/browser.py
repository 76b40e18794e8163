"""
What a browser brings: a session in a cookie, and where the request comes from.

A cookie goes along with requests that other sites cause. So whatever changes something must carry a token that only our
own pages can know (a signature over the session), and must not come from elsewhere by the browser's own word.
"""

from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from msgspec import Struct

from cluster.base.db import Scope
from cluster.base.errors import Forbidden
from cluster.base.settings import Settings

SESSION_COOKIE = "__Host-session"
CSRF_HEADER = "X-CSRF-Token"
CSRF = "csrf"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FROM_HERE = frozenset({"same-origin", "none"})
TOKEN_LENGTH_MAX = 200


class SignedIn(Struct, frozen=True, kw_only=True):
    """
    A person's session.

    ``proven_at`` says when the person last proved who it is; ``limited`` that a second factor must be set up first.
    """

    session_id: UUID
    scope: Scope
    csrf_token: str
    begun_at: datetime
    proven_at: datetime
    idle_at: datetime
    expires_at: datetime
    limited: bool

    def __repr__(self) -> str:
        return f"SignedIn({self.session_id})"


class Doorkeeper(Protocol):
    """Knows sessions."""

    async def session_of(self, token: str) -> SignedIn | None:
        """The session of a cookie's value; None when there is none, or none any more."""
        ...


def cookie(name: str, value: str, max_age_s: int | None = None) -> Cookie:
    """A cookie for this host alone, out of reach of scripts, not sent along by other sites' forms."""
    return Cookie(key=name, value=value, max_age=max_age_s, path="/", secure=True, httponly=True, samesite="lax")


def refuse_forged(connection: ASGIConnection[Any, Any, Any, Any], signed_in: SignedIn) -> None:
    """
    Refuses a change that the person's own page did not ask for.

    Raises
    ------
    Forbidden
        From elsewhere, or without the session's token.
    """
    if connection.scope.get("method") in SAFE_METHODS:
        return
    refuse_foreign(connection)
    token = connection.headers.get(CSRF_HEADER, "")
    if len(token) > TOKEN_LENGTH_MAX or not connection.app.state.vault.signed(str(signed_in.session_id), CSRF, token):
        raise Forbidden(f"Send the session's csrf_token as '{CSRF_HEADER}'.")


def refuse_foreign(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """
    Refuses what another site's page asks for, by the browser's own word.

    Raises
    ------
    Forbidden
        For Sec-Fetch-Site or Origin of elsewhere. Programs send neither.
    """
    site = connection.headers.get("Sec-Fetch-Site")
    foreign = site is not None and site.lower() not in FROM_HERE
    if foreign or not _is_ours(connection, connection.headers.get("Origin")):
        raise Forbidden("This request comes from another site.")


def _is_ours(connection: ASGIConnection[Any, Any, Any, Any], origin: str | None) -> bool:
    if origin is None:
        return True
    settings: Settings = connection.app.state.settings
    if settings.public_url is not None:
        return origin.lower() == settings.public_url
    return urlsplit(origin).netloc.lower() == connection.headers.get("Host", "").lower()


def public_url(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Where the person reaches the platform: as set, else as the browser says."""
    settings: Settings = connection.app.state.settings
    if settings.public_url is not None:
        return settings.public_url
    origin = connection.headers.get("Origin", "")
    if origin not in {"", "null"} and _is_ours(connection, origin):
        return origin.lower()
    return f"{connection.scope['scheme']}://{connection.headers.get('Host', 'localhost').lower()}"
