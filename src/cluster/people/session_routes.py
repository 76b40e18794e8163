"""HTTP of signing in and out. What begins a session is open to everybody, and asks where the browser stands."""

from typing import Annotated, Any

from litestar import Controller, Request, delete, get, post
from litestar.datastructures import State
from litestar.params import JSONBody, QueryParameter
from litestar.response import Redirect, Response

from cluster.base.auth import NO_SECURITY, OPEN_DOOR, PERSON_SECURITY, ForPeople
from cluster.base.browser import SESSION_COOKIE, SignedIn, cookie, public_url, refuse_foreign
from cluster.base.errors import ClusterError, Unauthenticated
from cluster.base.http import ApiRequest, Db
from cluster.people import devices, links, sessions, sign_in
from cluster.people.models import (
    Accept,
    ChangePassword,
    PasskeyOptions,
    Reset,
    Session,
    SignIn,
    SignInOptions,
    StepUp,
    WithAccount,
    WithFactor,
    WithPasskey,
    WithPassword,
)
from cluster.people.provider import Provider
from cluster.people.sign_in import Desk, Outcome

DEVICE_COOKIE = "__Host-device"
DEVICE_S = 180 * 86_400
PROVIDER_COOKIE = "__Host-provider"
PROVIDER_S = 300


def desk_of(state: State) -> Desk:
    """What signing in needs."""
    desk: Desk = state.desk
    return desk


def provider_of(state: State) -> Provider:
    """The provider of OpenID Connect, which may be none."""
    provider: Provider = state.provider
    return provider


def signed_in(request: ApiRequest) -> SignedIn:
    """The caller's session; the guard ``ForPeople`` has seen to it that there is one."""
    found = request.user
    assert isinstance(found, SignedIn)
    return found


async def answered(request: Request[Any, Any, Any], outcome: Outcome) -> Response[SignIn]:
    """How far a sign-in is, with the cookies that go with it; with a new session, the one that was held before ends."""
    response = Response(content=outcome.sign_in, status_code=200)
    await _set_cookies(request, response, outcome)
    return response


async def _set_cookies(request: Request[Any, Any, Any], response: Response[Any], outcome: Outcome) -> None:
    if outcome.begun is not None:
        await sessions.end_held(desk_of(request.app.state).database, request.cookies.get(SESSION_COOKIE))
        response.set_cookie(cookie(SESSION_COOKIE, outcome.begun.token))
        agent = request.headers.get("User-Agent", "")
        await devices.note_agent(desk_of(request.app.state).database, outcome.begun.token, agent)
    if outcome.device is not None:
        response.set_cookie(cookie(DEVICE_COOKIE, outcome.device, DEVICE_S))


def renewed(begun: sessions.Begun) -> Response[Session]:
    """The session under its new secret."""
    response = Response(content=begun.session, status_code=200)
    response.set_cookie(cookie(SESSION_COOKIE, begun.token))
    return response


def from_here(connection: Any, _: Any) -> None:
    """Guard of what is open to everybody: not for other sites' pages."""
    refuse_foreign(connection)


class SignInController(Controller):
    """Ways in, open to everybody."""

    path = "/v1"
    tags = ("Session",)
    security = NO_SECURITY
    opt = {OPEN_DOOR: True}  # noqa: RUF012  (the framework's own kind of attribute)
    guards = (from_here,)

    @get("/session/options", operation_id="sign_in_options")
    async def options(self, state: State) -> SignInOptions:
        """What the sign-in page may offer."""
        return SignInOptions(provider=provider_of(state).there)

    @post("/session", operation_id="sign_in", status_code=200)
    async def sign_in(
        self, request: Request[Any, Any, Any], state: State, data: JSONBody[WithPassword]
    ) -> Response[SignIn]:
        """Sign in with e-mail address and password: answers the session, or which step comes next."""
        device = request.cookies.get(DEVICE_COOKIE)
        return await answered(request, await sign_in.with_password(desk_of(state), data, device))

    @post("/session/account", operation_id="choose_account", status_code=200)
    async def account(
        self, request: Request[Any, Any, Any], state: State, data: JSONBody[WithAccount]
    ) -> Response[SignIn]:
        """Go on with one of several accounts."""
        return await answered(request, await sign_in.with_account(desk_of(state), data))

    @post("/session/second-factor", operation_id="give_second_factor", status_code=200)
    async def second_factor(
        self, request: Request[Any, Any, Any], state: State, data: JSONBody[WithFactor]
    ) -> Response[SignIn]:
        """Go on with the second factor."""
        return await answered(request, await sign_in.with_factor(desk_of(state), data))

    @post("/session/passkey-options", operation_id="ask_passkey", status_code=200)
    async def passkey_options(self, request: Request[Any, Any, Any], state: State) -> PasskeyOptions:
        """What to ask a passkey: for signing in, as a second factor, or to step up."""
        return await sign_in.passkey_options(desk_of(state), public_url(request))

    @post("/session/passkey", operation_id="sign_in_with_passkey", status_code=200)
    async def passkey(
        self, request: Request[Any, Any, Any], state: State, data: JSONBody[WithPasskey]
    ) -> Response[SignIn]:
        """Sign in with a passkey, which is both factors at once."""
        return await answered(request, await sign_in.with_passkey(desk_of(state), data))

    @post("/session/reset", operation_id="reset_password", status_code=204)
    async def reset(self, state: State, data: JSONBody[Reset]) -> None:
        """Set a new password with the token of a reset link. All sessions of the person end."""
        await links.reset(desk_of(state), data)

    @post("/users/accept", operation_id="accept_invitation", status_code=200)
    async def accept(self, request: Request[Any, Any, Any], state: State, data: JSONBody[Accept]) -> Response[SignIn]:
        """Take an invitation up: makes the user and signs in."""
        return await answered(request, await links.accept(desk_of(state), data))

    @get("/session/provider", operation_id="go_to_provider", status_code=302, guards=[])
    async def go_to_provider(self, request: Request[Any, Any, Any], state: State) -> Redirect:
        """To the provider of OpenID Connect, which sends the browser back here."""
        address, secret = await provider_of(state).address(desk_of(state), public_url(request))
        response = Redirect(address, status_code=302)
        response.set_cookie(cookie(PROVIDER_COOKIE, secret, PROVIDER_S))
        return response


class ProviderController(Controller):
    """Where the provider sends the browser back to; from another site, by its nature."""

    path = "/v1/session/provider"
    tags = ("Session",)
    security = NO_SECURITY
    opt = {OPEN_DOOR: True}  # noqa: RUF012  (the framework's own kind of attribute)

    @get("/answer", operation_id="provider_answer", status_code=302)
    async def answer(
        self,
        request: Request[Any, Any, Any],
        state: State,
        code: Annotated[str | None, QueryParameter(max_length=4000)] = None,
        answered_state: Annotated[str | None, QueryParameter(name="state", max_length=200)] = None,
    ) -> Redirect:
        """Back from the provider: to the dashboard, signed in, or with the next step or the refusal behind the #."""
        held = request.cookies.get(PROVIDER_COOKIE)
        try:
            if not code or not answered_state or held != answered_state:
                raise Unauthenticated("Signing in at the provider was given up.")
            outcome = await provider_of(state).answered(desk_of(state), code, answered_state)
        except ClusterError as refusal:
            return _home(f"refused={refusal.code}")
        pending = outcome.sign_in.pending_token
        response = _home("" if pending is None else f"{outcome.sign_in.status.value}={pending}")
        await _set_cookies(request, response, outcome)
        return response


def _home(fragment: str) -> Redirect:
    response = Redirect(f"/#{fragment}" if fragment else "/", status_code=302)
    response.set_cookie(cookie(PROVIDER_COOKIE, "", 0))
    return response


class SessionController(Controller):
    """One's own session."""

    path = "/v1/session"
    tags = ("Session",)
    security = PERSON_SECURITY
    guards = (ForPeople(),)

    @get("/", operation_id="session")
    async def session(self, request: ApiRequest, database: Db) -> Session:
        """Who has signed in, the token to send along with changes, and until when."""
        async with database.unit(request.auth) as db:
            return await sessions.shown(db, signed_in(request))

    @delete("/", operation_id="sign_out")
    async def sign_out(self, request: ApiRequest, database: Db) -> Response[None]:
        """Sign out."""
        async with database.unit(request.auth) as db:
            await sessions.end(db, signed_in(request))
        response = Response(content=None, status_code=204)
        response.set_cookie(cookie(SESSION_COOKIE, "", 0))
        return response

    @post("/step-up", operation_id="step_up", status_code=200)
    async def step_up(self, request: ApiRequest, state: State, data: JSONBody[StepUp]) -> Response[Session]:
        """Prove again who you are, with password or passkey, before something of weight; holds for five minutes."""
        return renewed(await sign_in.step_up(desk_of(state), signed_in(request), data))

    @post("/password", operation_id="change_password", status_code=200)
    async def change_password(
        self, request: ApiRequest, state: State, data: JSONBody[ChangePassword]
    ) -> Response[Session]:
        """Change the password. All other sessions of yours end."""
        return renewed(await links.change_password(desk_of(state), signed_in(request), data))
