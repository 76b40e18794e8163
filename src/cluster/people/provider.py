"""
Signing in at a provider of OpenID Connect: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0).

A provider vouches for an e-mail address that it has verified; it opens accounts that exist, and makes none. From the
first sign-in on the account is tied to the provider's own name for the person, so that an address given to somebody
else later opens nothing.
"""

import asyncio
import base64
import hashlib
import secrets
import time
from typing import Annotated, Any
from urllib.parse import urlencode

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from msgspec import Meta, Struct

from cluster.base.db import system_scope
from cluster.base.errors import NotFound, Unauthenticated
from cluster.base.settings import Settings
from cluster.people import queries, session_queries, sessions, sign_in, steps
from cluster.people.queries import Known
from cluster.people.sign_in import Desk, Outcome

KEPT_S = 3600.0
"""How long the provider's addresses and keys are remembered."""
AGAIN_S = 30.0
"""Keys are not asked for more often than this, whatever names tokens give."""
TIMEOUT_S = 10.0
ANSWER_MAX = 1 << 20
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
LEEWAY_S = 60
PATH = "/v1/session/provider/answer"
REFUSED = "The provider's answer opens no account here."


class Step(Struct, frozen=True):
    """What is known between leaving for the provider and coming back."""

    nonce: str
    verifier: str
    redirect: str


class Discovered(Struct, frozen=True):
    """What the provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Tokens(Struct, frozen=True):
    """The one token that matters here."""

    id_token: Annotated[str, Meta(max_length=20_000)]


class ProviderAway(Unauthenticated):
    """The provider does not answer, or not as it should."""

    status = 503
    code = "provider_away"
    title = "The sign-in provider does not answer"


class Provider:
    """One provider, as the settings name it; ``None`` of them when it is not set."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._issuer = (settings.oidc_issuer or "").rstrip("/")
        self._client_id = settings.oidc_client_id or ""
        self._client_secret = settings.oidc_client_secret
        self._http = http
        self._lock = asyncio.Lock()
        self._known: tuple[float, Discovered] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def __repr__(self) -> str:
        return f"Provider({self._issuer})"

    @property
    def there(self) -> bool:
        """Whether the settings name one."""
        return bool(self._issuer)

    async def address(self, desk: Desk, base_url: str) -> tuple[str, str]:
        """
        Where to send the browser, and the secret that it must bring back.

        Raises
        ------
        NotFound
            Without a provider.
        ProviderAway
        """
        found = await self._discovered()
        step = Step(steps.new_token(), secrets.token_urlsafe(48), base_url + PATH)
        async with desk.database.unit(steps.AUTHENTICATOR) as db:
            state = await steps.put(db, desk.vault, "oidc", step)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(step.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": step.redirect,
            "scope": "openid email profile",
            "state": state,
            "nonce": step.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in found.authorization_endpoint else "?"
        return f"{found.authorization_endpoint}{joint}{urlencode(query)}", state

    async def answered(self, desk: Desk, code: str, state: str) -> Outcome:
        """
        Goes on with the provider's answer.

        Raises
        ------
        Unauthenticated
            When it is not an answer to our question, or opens no account.
        ProviderAway
        """
        found = await self._discovered()
        async with desk.database.unit(steps.AUTHENTICATOR) as db:
            step = await steps.take(db, desk.vault, "oidc", state, Step)
        claims = await self._claims(found, await self._id_token(found, code, step), step.nonce)
        accounts = await self._accounts(desk, found.issuer, claims)
        if not accounts:
            raise Unauthenticated(REFUSED)
        methods = claims.get("amr")
        second = "provider" if isinstance(methods, list) and "mfa" in methods else None
        return await sign_in.first_done(desk, accounts, "oidc", second=second)

    async def _accounts(self, desk: Desk, issuer: str, claims: dict[str, Any]) -> list[Known]:
        """Accounts tied to the person, and those of its verified address that are tied to nobody else there."""
        subject, email = claims["sub"], claims.get("email")
        vouched = claims.get("email_verified") is True and isinstance(email, str)
        async with desk.database.unit(steps.AUTHENTICATOR) as db:
            tied = await session_queries.identity_owners(db, issuer, subject)
            by_email = await queries.known_by_email(db, str(email).lower()) if vouched else []
        owners = [*tied, *((known.cluster_id, known.user_id) for known in by_email)]
        found = []
        for cluster_id, user_id in dict.fromkeys(owners):
            async with desk.database.unit(system_scope(cluster_id)) as db:
                known = await sessions.known_at(db, cluster_id, user_id)
                scope = system_scope(cluster_id)
                if known and await session_queries.link_identity(db, scope, user_id, issuer, subject):
                    found.append(known)
        return found

    async def _id_token(self, found: Discovered, code: str, step: Step) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": step.redirect,
            "code_verifier": step.verifier,
            "client_id": self._client_id,
        }
        if self._client_secret is not None:
            form["client_secret"] = self._client_secret
        try:
            answer = await self._http.post(found.token_endpoint, data=form, timeout=TIMEOUT_S)
        except httpx.HTTPError:
            raise ProviderAway("The provider does not answer; try again later.") from None
        if answer.status_code in (400, 401, 403):
            raise Unauthenticated(REFUSED)
        try:
            return msgspec.json.decode(_body(answer), type=Tokens).id_token
        except msgspec.DecodeError:
            raise ProviderAway("The provider's answer cannot be read.") from None

    async def _claims(self, found: Discovered, token: str, nonce: str) -> dict[str, Any]:
        """What a token says, once its signature, issuer, audience, nonce and times are right."""
        rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": found.issuer},
            aud={"essential": True, "value": self._client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            try:
                claims = jwt.decode(token, await self._key_set(found), algorithms=ALGORITHMS).claims
            except (InvalidKeyIdError, ValueError):
                claims = jwt.decode(token, await self._key_set(found, fresh=True), algorithms=ALGORITHMS).claims
            rules.validate(claims)
        except (JoseError, ValueError, TypeError):
            raise Unauthenticated(REFUSED) from None
        if not isinstance(claims["sub"], str):
            raise Unauthenticated(REFUSED)
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if several and claims.get("azp") != self._client_id:
            raise Unauthenticated(REFUSED)
        return claims

    async def _discovered(self) -> Discovered:
        if not self.there:
            raise NotFound("provider")
        async with self._lock:
            if self._known is None or self._known[0] < time.monotonic():
                raw = await self._fetched(f"{self._issuer}/.well-known/openid-configuration")
                try:
                    found = msgspec.json.decode(raw, type=Discovered)
                except msgspec.DecodeError:
                    raise ProviderAway("The provider's description of itself cannot be read.") from None
                if found.issuer.rstrip("/") != self._issuer:
                    raise ProviderAway("The provider says that it is another one.")
                self._known = (time.monotonic() + KEPT_S, found)
            return self._known[1]

    async def _key_set(self, found: Discovered, *, fresh: bool = False) -> KeySet:
        async with self._lock:
            now = time.monotonic()
            old = self._keys is None or self._keys[0] < now
            if old or (fresh and self._keys is not None and self._keys[0] - KEPT_S + AGAIN_S < now):
                raw = await self._fetched(found.jwks_uri)
                try:
                    self._keys = (now + KEPT_S, KeySet.import_key_set(msgspec.json.decode(raw)))
                except (msgspec.DecodeError, JoseError, ValueError, TypeError, KeyError):
                    raise ProviderAway("The provider's keys cannot be read.") from None
            assert self._keys is not None
            return self._keys[1]

    async def _fetched(self, url: str) -> bytes:
        try:
            return _body(await self._http.get(url, timeout=TIMEOUT_S))
        except httpx.HTTPError:
            raise ProviderAway("The provider does not answer; try again later.") from None


def _body(answer: httpx.Response) -> bytes:
    if not answer.is_success or len(answer.content) > ANSWER_MAX:
        raise ProviderAway("The provider does not answer as it should.")
    return answer.content
