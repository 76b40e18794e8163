"""HTTP of the ledger."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.ledger import checking, correcting, service
from cluster.ledger.models import BookCheck, Holder, LedgerAccount, LedgerEntry, LedgerLine, PostCorrection

HolderFilter = Annotated[Holder | None, QueryParameter(name="holder", description="Only accounts of such holders.")]
AccountFilter = Annotated[
    str | None, QueryParameter(name="account_id", max_length=40, description="Only lines of this account.")
]


class LedgerController(Controller):
    """The cluster's books: everything for the coordinator, its own account for a member."""

    path = "/v1/ledger"
    tags = ("Ledger",)

    @get("/accounts", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_ledger_accounts")
    async def list_ledger_accounts(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        of_holder: HolderFilter = None,
    ) -> Page[LedgerAccount]:
        """Accounts with their balances: what is positive is owed by the holder, what is negative is owed to it."""
        async with database.unit(request.auth) as db:
            named = request.auth.member_id
            return await service.list_accounts(db, request.auth, after("lac", cursor), limit, of_holder, named)

    @get("/lines", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_ledger_lines")
    async def list_ledger_lines(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        account_id: AccountFilter = None,
    ) -> Page[LedgerLine]:
        """Lines of accounts in the order of posting; a member's own for a member."""
        named = None if account_id is None else ids.parse("lac", account_id)
        async with database.unit(request.auth) as db:
            return await service.list_lines(db, request.auth, after("lln", cursor), limit, named)

    @get("/entries/{entry_id:str}", guards=[For(Role.COORDINATOR)], operation_id="get_ledger_entry")
    async def get_ledger_entry(self, request: ApiRequest, database: Db, entry_id: FromPath[str]) -> LedgerEntry:
        """An entry with all its lines."""
        async with database.unit(request.auth) as db:
            return await service.entry_of(db, request.auth, ids.parse("len", entry_id))

    @post("/corrections", guards=[For(Role.COORDINATOR)], operation_id="post_correction")
    async def post_correction(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[PostCorrection]
    ) -> Response[LedgerEntry]:
        """Post a correction, such as a credit note to a member: lines that sum to zero, and the reason."""
        return await created(
            request,
            database,
            idempotency_key,
            lambda db: correcting.correct(db, request.auth, data),
            "/v1/ledger/entries/{id}",
        )

    @get("/check", guards=[For(Role.COORDINATOR)], operation_id="get_ledger_check")
    async def get_ledger_check(self, request: ApiRequest, database: Db) -> BookCheck:
        """What reading the books again found last: whether every sum is zero and nothing was changed."""
        async with database.unit(request.auth) as db:
            return await checking.last_check(db, request.auth)


class CarrierLedgerController(Controller):
    """A carrier's own account."""

    path = "/v1/carrier/ledger"
    tags = ("Carrier API",)
    guards = (For(Role.CARRIER_KEY),)

    @get("/accounts", operation_id="list_own_accounts")
    async def list_own_accounts(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[LedgerAccount]:
        """My account in each currency; what is negative is owed to me."""
        async with database.unit(request.auth) as db:
            return await service.list_accounts(
                db, request.auth, after("lac", cursor), limit, Holder.CARRIER, request.auth.carrier_id
            )

    @get("/lines", operation_id="list_own_lines")
    async def list_own_lines(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[LedgerLine]:
        """Lines of my account in the order of posting."""
        async with database.unit(request.auth) as db:
            return await service.list_lines(db, request.auth, after("lln", cursor), limit)
