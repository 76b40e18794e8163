"""HTTP of joint undertakings."""

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.books import undertakings
from cluster.books.undertaking_models import AnswerUndertaking, ProposeUndertaking, Undertaking


class UndertakingsController(Controller):
    """Costs that members agree to carry together."""

    path = "/v1/undertakings"
    tags = ("Ledger",)

    @post("/", guards=[For(Role.COORDINATOR)], operation_id="propose_undertaking")
    async def propose_undertaking(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[ProposeUndertaking]
    ) -> Response[Undertaking]:
        """Propose a cost to the members that are to carry it: in equal parts, by a key, or by their shares of plans."""
        return await created(
            request,
            database,
            idempotency_key,
            lambda db: undertakings.propose(db, request.auth, data),
            "/v1/undertakings/{id}",
        )

    @get("/", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_undertakings")
    async def list_undertakings(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Undertaking]:
        """Joint costs, oldest first; for a member those that it has a part in, with its own part."""
        async with database.unit(request.auth) as db:
            return await undertakings.list_undertakings(db, request.auth, after("udt", cursor), limit)

    @get("/{undertaking_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_undertaking")
    async def get_undertaking(self, request: ApiRequest, database: Db, undertaking_id: FromPath[str]) -> Undertaking:
        """A joint cost."""
        async with database.unit(request.auth) as db:
            return await undertakings.undertaking(db, request.auth, ids.parse("udt", undertaking_id))

    @post(
        "/{undertaking_id:str}/answer",
        guards=[For(Role.MEMBER_ADMIN)],
        operation_id="answer_undertaking",
        status_code=200,
    )
    async def answer_undertaking(
        self, request: ApiRequest, database: Db, undertaking_id: FromPath[str], data: JSONBody[AnswerUndertaking]
    ) -> Undertaking:
        """Agree to carry your part, or refuse. The last to agree has it posted; one that refuses ends it."""
        async with database.unit(request.auth) as db:
            return await undertakings.answer(db, request.auth, ids.parse("udt", undertaking_id), data)

    @post(
        "/{undertaking_id:str}/withdraw",
        guards=[For(Role.COORDINATOR)],
        operation_id="withdraw_undertaking",
        status_code=200,
    )
    async def withdraw_undertaking(
        self, request: ApiRequest, database: Db, undertaking_id: FromPath[str]
    ) -> Undertaking:
        """Take a proposal back."""
        async with database.unit(request.auth) as db:
            return await undertakings.withdraw(db, request.auth, ids.parse("udt", undertaking_id))
