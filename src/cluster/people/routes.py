"""HTTP of users: who is in the cluster or the firm."""

from litestar import Controller, delete, get, patch, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import NOTED, For, proven
from cluster.base.browser import public_url
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.base.secrets import Vault
from cluster.people import service
from cluster.people.models import ChangeUser, Invitation, Invite, IssuedInvitation, IssuedReset, SignInRules, User

MANAGERS = (Role.COORDINATOR, Role.MEMBER_ADMIN)


class PeopleController(Controller):
    """Who may sign in."""

    path = "/v1"
    tags = ("People",)

    @post("/users/invitations", guards=[For(*MANAGERS), proven], operation_id="invite_user")
    async def invite(self, request: ApiRequest, database: Db, data: JSONBody[Invite]) -> IssuedInvitation:
        """Invite a person. The link is shown once and kept nowhere, so a repeated request makes another invitation."""
        async with database.unit(request.auth) as db:
            return await service.invite(db, request.auth, data, public_url(request))

    @get("/users/invitations", guards=[For(*MANAGERS)], operation_id="list_user_invitations")
    async def list_invitations(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Invitation]:
        """Invitations that wait, without their links."""
        async with database.unit(request.auth) as db:
            return await service.invitations(db, request.auth, after("uin", cursor), limit)

    @delete("/users/invitations/{invitation_id:str}", guards=[For(*MANAGERS)], operation_id="withdraw_user_invitation")
    async def withdraw(self, request: ApiRequest, database: Db, invitation_id: FromPath[str]) -> None:
        """Withdraw an invitation."""
        async with database.unit(request.auth) as db:
            await service.withdraw(db, request.auth, ids.parse("uin", invitation_id))

    @get("/users", guards=[For(*MANAGERS)], operation_id="list_users")
    async def list_users(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[User]:
        """All users for the coordinator; a member's admin sees its own firm's."""
        async with database.unit(request.auth) as db:
            return await service.list_users(db, request.auth, after("usr", cursor), limit)

    @get("/users/{user_id:str}", guards=[For(*MANAGERS)], operation_id="get_user")
    async def get_user(self, request: ApiRequest, database: Db, user_id: FromPath[str]) -> Response[User]:
        """One user."""
        async with database.unit(request.auth) as db:
            found = await service.user(db, request.auth, ids.parse("usr", user_id))
        return with_etag(found, found.version)

    @patch("/users/{user_id:str}", guards=[For(*MANAGERS), proven], operation_id="change_user")
    async def change_user(
        self,
        request: ApiRequest,
        database: Db,
        user_id: FromPath[str],
        data: JSONBody[ChangeUser],
        if_match: IfMatch = None,
    ) -> Response[User]:
        """Change name, role or status. Another role, or deactivation, ends the person's sessions at once."""
        async with database.unit(request.auth) as db:
            changed = await service.change(db, request.auth, ids.parse("usr", user_id), data, if_match)
        return with_etag(changed, changed.version)

    @post("/users/{user_id:str}/password-reset", guards=[For(*MANAGERS), proven], operation_id="issue_password_reset")
    async def issue_reset(self, request: ApiRequest, database: Db, state: State, user_id: FromPath[str]) -> IssuedReset:
        """A link that sets a new password, shown once: pass it on to the person. It works once, within a day."""
        vault: Vault = state.vault
        async with database.unit(request.auth) as db:
            return await service.issue_reset(db, request.auth, vault, ids.parse("usr", user_id), public_url(request))

    @delete("/users/{user_id:str}/factors", guards=[For(*MANAGERS), proven], operation_id="remove_user_factors")
    async def remove_factors(self, request: ApiRequest, database: Db, user_id: FromPath[str]) -> None:
        """Take all second factors and passkeys of a person away who lost them. Its sessions end at once."""
        async with database.unit(request.auth) as db:
            await service.take_factors_away(db, request.auth, ids.parse("usr", user_id))

    @delete("/users/{user_id:str}", guards=[For(*MANAGERS), proven], operation_id="erase_user")
    async def erase_user(self, request: ApiRequest, database: Db, user_id: FromPath[str]) -> None:
        """Erase a person: account, password, factors, sessions. What it did stays, under an identifier of nobody."""
        async with database.unit(request.auth) as db:
            await service.erase_user(db, request.auth, ids.parse("usr", user_id))

    @get("/sign-in-rules", guards=[For(Role.COORDINATOR)], operation_id="sign_in_rules", opt={NOTED: False})
    async def rules(self, request: ApiRequest, database: Db) -> SignInRules:
        """What signing in asks of the cluster's people."""
        async with database.unit(request.auth) as db:
            return await service.rules(db, request.auth)

    @put("/sign-in-rules", guards=[For(Role.COORDINATOR), proven], operation_id="set_sign_in_rules")
    async def set_rules(self, request: ApiRequest, database: Db, data: JSONBody[SignInRules]) -> SignInRules:
        """Say what signing in asks of the cluster's people."""
        async with database.unit(request.auth) as db:
            return await service.set_rules(db, request.auth, data)
