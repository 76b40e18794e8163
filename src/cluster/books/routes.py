"""HTTP of settling: periods, statements, payments, disputes."""

import asyncio
from typing import Annotated

from litestar import Controller, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, MEMBERS, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.books import papers, periods, settling
from cluster.books.models import (
    DecideDispute,
    Dispute,
    OpenDispute,
    OpenPeriod,
    Payment,
    PayPayment,
    SettlementPeriod,
    Statement,
    WholeStatement,
)
from cluster.imports.writing.streams import CSV, attachment

PDF = "application/pdf"
PeriodFilter = Annotated[
    str | None, QueryParameter(name="period_id", max_length=40, description="Only those of this period.")
]
Language = Annotated[str, QueryParameter(pattern="^(en|vi|de|zh)$", description="Of a paper.")]


class PeriodsController(Controller):
    """Periods to be settled, for the coordinator."""

    path = "/v1/settlement-periods"
    tags = ("Ledger",)
    guards = (For(Role.COORDINATOR),)

    @post("/", operation_id="open_settlement_period")
    async def open_settlement_period(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[OpenPeriod]
    ) -> Response[SettlementPeriod]:
        """Name days that are to be settled together; they begin where the period before ends."""
        return await created(
            request,
            database,
            idempotency_key,
            lambda db: periods.open_period(db, request.auth, data),
            "/v1/settlement-periods/{id}",
        )

    @get("/", operation_id="list_settlement_periods")
    async def list_settlement_periods(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[SettlementPeriod]:
        """All periods, oldest first."""
        async with database.unit(request.auth) as db:
            return await periods.list_periods(db, request.auth, after("per", cursor), limit)

    @get("/{period_id:str}", operation_id="get_settlement_period")
    async def get_settlement_period(
        self, request: ApiRequest, database: Db, period_id: FromPath[str]
    ) -> SettlementPeriod:
        """A period."""
        async with database.unit(request.auth) as db:
            return await periods.period(db, request.auth, ids.parse("per", period_id))

    @post("/{period_id:str}/propose", operation_id="propose_settlement_period", status_code=200)
    async def propose_settlement_period(
        self, request: ApiRequest, database: Db, period_id: FromPath[str]
    ) -> SettlementPeriod:
        """Post what is to be posted, and propose the period as it then is; somebody else closes it."""
        async with database.unit(request.auth) as db:
            return await periods.propose(db, request.auth, ids.parse("per", period_id))

    @post("/{period_id:str}/close", operation_id="close_settlement_period", status_code=200)
    async def close_settlement_period(
        self, request: ApiRequest, database: Db, period_id: FromPath[str]
    ) -> SettlementPeriod:
        """Close a period that somebody else proposed: statements are issued and payments asked for. For good."""
        async with database.unit(request.auth) as db:
            return await periods.close(db, request.auth, ids.parse("per", period_id))


class StatementsController(Controller):
    """Statements, payments and disputes: all for the coordinator, its own for a member."""

    path = "/v1"
    tags = ("Ledger",)

    @get("/statements", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_statements")
    async def list_statements(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        period_id: PeriodFilter = None,
    ) -> Page[Statement]:
        """Statements of closed periods; a member's own for a member."""
        named = None if period_id is None else ids.parse("per", period_id)
        async with database.unit(request.auth) as db:
            return await settling.list_statements(db, request.auth, after("stm", cursor), limit, named)

    @get("/statements/{statement_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_statement")
    async def get_statement(self, request: ApiRequest, database: Db, statement_id: FromPath[str]) -> WholeStatement:
        """A statement with every line, what each plan would have cost alone, tax, and balances."""
        async with database.unit(request.auth) as db:
            return await settling.statement(db, request.auth, ids.parse("stm", statement_id))

    @get(
        "/statements/{statement_id:str}/csv",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="get_statement_lines",
        media_type=CSV,
        responses={200: ResponseSpec(bytes, generate_examples=False, description="The lines.", media_type=CSV)},
    )
    async def get_statement_lines(
        self, request: ApiRequest, database: Db, statement_id: FromPath[str]
    ) -> Response[bytes]:
        """A statement's lines as CSV, with the balance after each."""
        async with database.unit(request.auth) as db:
            found = await settling.statement(db, request.auth, ids.parse("stm", statement_id))
        headers = attachment(f"statement-{found.statement.ends_on}", "csv")
        return Response(papers.as_csv(found), media_type=CSV, headers=headers)

    @get(
        "/statements/{statement_id:str}/pdf",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="get_statement_paper",
        media_type=PDF,
        responses={200: ResponseSpec(bytes, generate_examples=False, description="The paper.", media_type=PDF)},
    )
    async def get_statement_paper(
        self, request: ApiRequest, database: Db, statement_id: FromPath[str], language: Language = "en"
    ) -> Response[bytes]:
        """A statement as a paper."""
        async with database.unit(request.auth) as db:
            found = await settling.statement(db, request.auth, ids.parse("stm", statement_id))
        made = await asyncio.to_thread(papers.as_pdf, found, language)
        headers = attachment(f"statement-{found.statement.ends_on}", "pdf")
        return Response(made, media_type=PDF, headers=headers)

    @get("/settlement-payments", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_settlement_payments")
    async def list_settlement_payments(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        period_id: PeriodFilter = None,
    ) -> Page[Payment]:
        """Who pays whom; for a member what it pays and is paid."""
        named = None if period_id is None else ids.parse("per", period_id)
        async with database.unit(request.auth) as db:
            return await settling.list_payments(db, request.auth, after("pay", cursor), limit, named)

    @post(
        "/settlement-payments/{payment_id:str}/pay",
        guards=[For(Role.COORDINATOR)],
        operation_id="pay_settlement_payment",
        status_code=200,
    )
    async def pay_settlement_payment(
        self, request: ApiRequest, database: Db, payment_id: FromPath[str], data: JSONBody[PayPayment]
    ) -> Payment:
        """Note that a payment was made; it is posted."""
        async with database.unit(request.auth) as db:
            return await settling.pay(db, request.auth, ids.parse("pay", payment_id), data.paid_on)

    @post("/statements/{statement_id:str}/disputes", guards=[For(*MEMBERS)], operation_id="dispute_statement")
    async def dispute_statement(
        self,
        request: ApiRequest,
        database: Db,
        idempotency_key: IdempotencyKey,
        statement_id: FromPath[str],
        data: JSONBody[OpenDispute],
    ) -> Response[Dispute]:
        """Object to a statement, as long as its time runs."""
        return await created(
            request,
            database,
            idempotency_key,
            lambda db: settling.dispute(db, request.auth, ids.parse("stm", statement_id), data),
            "/v1/disputes/{id}",
        )

    @get("/disputes", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_disputes")
    async def list_disputes(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Dispute]:
        """Disputes about statements; a member's own for a member."""
        async with database.unit(request.auth) as db:
            return await settling.list_disputes(db, request.auth, after("dsp", cursor), limit)

    @get("/disputes/{dispute_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_dispute")
    async def get_dispute(self, request: ApiRequest, database: Db, dispute_id: FromPath[str]) -> Dispute:
        """A dispute, and what was decided."""
        async with database.unit(request.auth) as db:
            return await settling.one_dispute(db, request.auth, ids.parse("dsp", dispute_id))

    @post(
        "/disputes/{dispute_id:str}/decide",
        guards=[For(Role.COORDINATOR)],
        operation_id="decide_dispute",
        status_code=200,
    )
    async def decide_dispute(
        self, request: ApiRequest, database: Db, dispute_id: FromPath[str], data: JSONBody[DecideDispute]
    ) -> Dispute:
        """Decide a dispute; a credit is posted as a new entry."""
        async with database.unit(request.auth) as db:
            return await settling.decide(db, request.auth, ids.parse("dsp", dispute_id), data)

    @post(
        "/disputes/{dispute_id:str}/withdraw", guards=[For(*MEMBERS)], operation_id="withdraw_dispute", status_code=200
    )
    async def withdraw_dispute(self, request: ApiRequest, database: Db, dispute_id: FromPath[str]) -> Dispute:
        """Take a dispute back."""
        async with database.unit(request.auth) as db:
            return await settling.withdraw(db, request.auth, ids.parse("dsp", dispute_id))


class CarrierPaymentsController(Controller):
    """What a carrier is paid."""

    path = "/v1/carrier/payments"
    tags = ("Carrier API",)
    guards = (For(Role.CARRIER_KEY),)

    @get("/", operation_id="list_own_payments")
    async def list_own_payments(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Payment]:
        """Payments that settle my account, and who makes them."""
        async with database.unit(request.auth) as db:
            return await settling.list_payments(db, request.auth, after("pay", cursor), limit, None)
