"""HTTP of API keys."""

from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody

from cluster.base import ids
from cluster.base.auth import NOTED, For, proven
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.members import keys
from cluster.members.models import IssuedKey, IssueKey, Key, RotateKey

KEY_MANAGERS = (Role.COORDINATOR, Role.MEMBER_ADMIN)


class KeysController(Controller):
    """What programs sign in with."""

    path = "/v1/keys"
    tags = ("Keys",)

    @post("/", guards=[For(*KEY_MANAGERS), proven], operation_id="issue_key")
    async def issue_key(self, request: ApiRequest, database: Db, data: JSONBody[IssueKey]) -> IssuedKey:
        """Issue an API key. The secret is shown once and kept nowhere, so a repeated request issues another key."""
        async with database.unit(request.auth) as db:
            return await keys.issue_key(db, request.auth, data)

    @get("/", guards=[For(*KEY_MANAGERS)], operation_id="list_keys", opt={NOTED: False})
    async def list_keys(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Key]:
        """Keys that I may manage, without their secrets."""
        async with database.unit(request.auth) as db:
            return await keys.list_keys(db, request.auth, after("key", cursor), limit)

    @post("/{key_id:str}/rotate", guards=[For(*KEY_MANAGERS), proven], operation_id="rotate_key", status_code=200)
    async def rotate_key(
        self, request: ApiRequest, database: Db, key_id: FromPath[str], data: JSONBody[RotateKey]
    ) -> IssuedKey:
        """Give a key a new secret, shown once; the old one opens for as long as you say. Each request makes another."""
        async with database.unit(request.auth) as db:
            return await keys.rotate_key(db, request.auth, ids.parse("key", key_id), data)

    @delete("/{key_id:str}", guards=[For(*KEY_MANAGERS)], operation_id="revoke_key")
    async def revoke_key(self, request: ApiRequest, database: Db, key_id: FromPath[str]) -> None:
        """Revoke a key."""
        async with database.unit(request.auth) as db:
            await keys.revoke_key(db, request.auth, ids.parse("key", key_id))
