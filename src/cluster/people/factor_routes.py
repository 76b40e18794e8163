"""HTTP of one's own second factors."""

from litestar import Controller, delete, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import PERSON_SECURITY, ForPeople, proven
from cluster.base.browser import public_url
from cluster.base.http import ApiRequest, Db
from cluster.people import factors, passkeys, service, sessions
from cluster.people.models import (
    ConfirmTotp,
    NewTotp,
    Passkey,
    PasskeyOptions,
    RecoveryCodes,
    RegisterPasskey,
    Session,
)
from cluster.people.session_routes import desk_of, renewed, signed_in


class FactorController(Controller):
    """What one signs in with beside the password; each change wants a fresh proof who one is."""

    path = "/v1/session"
    tags = ("Session",)
    security = PERSON_SECURITY
    guards = (ForPeople(), proven)

    @post("/totp", operation_id="begin_totp", status_code=200)
    async def begin_totp(self, request: ApiRequest, database: Db, state: State) -> NewTotp:
        """A new secret for an authenticator app, shown once; it counts once a code has confirmed it."""
        own = signed_in(request)
        assert own.scope.user_id is not None
        async with database.unit(request.auth) as db:
            user = await service.user(db, own.scope, own.scope.user_id)
            return await factors.begin_totp(db, own.scope, desk_of(state).vault, user.email)

    @post("/totp/confirm", operation_id="confirm_totp", status_code=200)
    async def confirm_totp(
        self, request: ApiRequest, database: Db, state: State, data: JSONBody[ConfirmTotp]
    ) -> Response[Session]:
        """Confirm the app with a code of it."""
        own, vault = signed_in(request), desk_of(state).vault
        async with database.unit(request.auth) as db:
            await factors.confirm_totp(db, own.scope, vault, data.code)
            return renewed(await sessions.prove(db, vault, own, "totp"))

    @delete("/totp", operation_id="remove_totp")
    async def remove_totp(self, request: ApiRequest, database: Db) -> None:
        """Take the authenticator app away."""
        async with database.unit(request.auth) as db:
            await factors.remove_totp(db, request.auth)

    @post("/recovery-codes", operation_id="make_recovery_codes", status_code=200)
    async def make_recovery_codes(self, request: ApiRequest, database: Db) -> RecoveryCodes:
        """Ten fresh recovery codes, shown once; those before open nothing any more."""
        async with database.unit(request.auth) as db:
            return await factors.new_recovery_codes(db, request.auth)

    @post("/passkeys/options", operation_id="ask_new_passkey", status_code=200)
    async def ask_new_passkey(self, request: ApiRequest, database: Db, state: State) -> PasskeyOptions:
        """What to ask an authenticator for a new passkey."""
        own = signed_in(request)
        assert own.scope.user_id is not None
        async with database.unit(request.auth) as db:
            user = await service.user(db, own.scope, own.scope.user_id)
            return await passkeys.ask_new(db, own.scope, desk_of(state).vault, public_url(request), user)

    @post("/passkeys", operation_id="register_passkey", status_code=200)
    async def register_passkey(
        self, request: ApiRequest, database: Db, state: State, data: JSONBody[RegisterPasskey]
    ) -> Response[Session]:
        """Register a passkey with the authenticator's answer; it counts as a second factor at once."""
        own, vault = signed_in(request), desk_of(state).vault
        async with database.unit(request.auth) as db:
            await passkeys.register(db, own.scope, vault, data)
            return renewed(await sessions.prove(db, vault, own, "passkey"))

    @delete("/passkeys/{passkey_id:str}", operation_id="remove_passkey")
    async def remove_passkey(self, request: ApiRequest, database: Db, passkey_id: FromPath[str]) -> None:
        """Take one of your passkeys away."""
        async with database.unit(request.auth) as db:
            await passkeys.remove(db, request.auth, ids.parse("pky", passkey_id))


class PasskeyListController(Controller):
    """What one has, which may be looked at without a fresh proof."""

    path = "/v1/session/passkeys"
    tags = ("Session",)
    security = PERSON_SECURITY
    guards = (ForPeople(),)

    @get("/", operation_id="list_passkeys")
    async def list_passkeys(self, request: ApiRequest, database: Db) -> list[Passkey]:
        """Your passkeys."""
        async with database.unit(request.auth) as db:
            return await passkeys.list_passkeys(db, request.auth)
