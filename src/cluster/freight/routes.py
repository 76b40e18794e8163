"""HTTP of freight audit."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import NOTED, For
from cluster.base.db import Role, Scope
from cluster.base.etags import with_etag
from cluster.base.http import ApiRequest, Db
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.freight import deciding, intake, service
from cluster.freight.intake import Taken
from cluster.freight.models import (
    AcceptInvoice,
    AnswerDispute,
    AskAudit,
    CarrierInvoice,
    DisputeInvoice,
    InvoiceStatus,
    PlanFreight,
    RejectInvoice,
    SendInvoice,
    WholeInvoice,
)
from cluster.freight.queries import Wanted

CarrierFilter = Annotated[
    str | None, QueryParameter(name="carrier_id", max_length=40, description="Only invoices of this carrier.")
]
TourFilter = Annotated[
    str | None, QueryParameter(name="tour_id", max_length=40, description="Only invoices that bill this tour.")
]
StatusFilter = Annotated[
    InvoiceStatus | None, QueryParameter(name="status", description="Only invoices in this state.")
]


def _taken(found: Taken) -> Response[WholeInvoice]:
    headers = {"Idempotent-Replayed": "true" if found.replayed else "false"}
    return Response(found.invoice, headers=headers)


def _wanted(carrier_id: str | None, tour_id: str | None, in_status: InvoiceStatus | None) -> Wanted:
    return Wanted(
        carrier_id=None if carrier_id is None else ids.parse("car", carrier_id),
        tour_id=None if tour_id is None else ids.parse("tor", tour_id),
        status=in_status,
    )


class FreightController(Controller):
    """Carriers' invoices, audited and decided about: the coordinator's."""

    path = "/v1"
    tags = ("Carriers",)
    guards = (For(Role.COORDINATOR),)

    @post("/carriers/{carrier_id:str}/invoices", operation_id="enter_carrier_invoice")
    async def enter_carrier_invoice(
        self, request: ApiRequest, database: Db, carrier_id: FromPath[str], data: JSONBody[SendInvoice]
    ) -> Response[WholeInvoice]:
        """
        Enter an invoice that a carrier sent on paper, or a credit note. It is audited at once. The number again with
        the same content is the same invoice.
        """
        async with database.unit(request.auth) as db:
            return _taken(await intake.receive(db, request.auth, ids.parse("car", carrier_id), data))

    @get("/carrier-invoices", operation_id="list_carrier_invoices", opt={NOTED: False})
    async def list_carrier_invoices(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        carrier_id: CarrierFilter = None,
        tour_id: TourFilter = None,
        in_status: StatusFilter = None,
    ) -> Page[CarrierInvoice]:
        """Invoices and credit notes of carriers, oldest first."""
        wanted = _wanted(carrier_id, tour_id, in_status)
        async with database.unit(request.auth) as db:
            return await service.list_invoices(db, request.auth, after("civ", cursor), limit, wanted)

    @get("/carrier-invoices/{invoice_id:str}", operation_id="get_carrier_invoice", opt={NOTED: False})
    async def get_carrier_invoice(
        self, request: ApiRequest, database: Db, invoice_id: FromPath[str]
    ) -> Response[WholeInvoice]:
        """An invoice with its lines, its history, and what the last audit found in it."""
        async with database.unit(request.auth) as db:
            found = await service.whole(db, request.auth, ids.parse("civ", invoice_id))
        return with_etag(found, found.version)

    @post("/carrier-invoices/{invoice_id:str}/audit", operation_id="audit_carrier_invoice", status_code=200)
    async def audit_carrier_invoice(
        self, request: ApiRequest, database: Db, invoice_id: FromPath[str], data: JSONBody[AskAudit]
    ) -> WholeInvoice:
        """Audit an invoice as things are by now, with the cluster's tolerance or another."""
        async with database.unit(request.auth) as db:
            return await deciding.audit_again(db, request.auth, ids.parse("civ", invoice_id), data)

    @post("/carrier-invoices/{invoice_id:str}/accept", operation_id="accept_carrier_invoice", status_code=200)
    async def accept_carrier_invoice(
        self, request: ApiRequest, database: Db, invoice_id: FromPath[str], data: JSONBody[AcceptInvoice]
    ) -> WholeInvoice:
        """Accept an invoice: whole, or less for some of its tours. Its cost is booked by tour."""
        async with database.unit(request.auth) as db:
            return await deciding.accept(db, request.auth, ids.parse("civ", invoice_id), data)

    @post("/carrier-invoices/{invoice_id:str}/dispute", operation_id="dispute_carrier_invoice", status_code=200)
    async def dispute_carrier_invoice(
        self, request: ApiRequest, database: Db, invoice_id: FromPath[str], data: JSONBody[DisputeInvoice]
    ) -> WholeInvoice:
        """Dispute an invoice: the carrier reads why, what is not agreed, and what would be accepted."""
        async with database.unit(request.auth) as db:
            return await deciding.dispute(db, request.auth, ids.parse("civ", invoice_id), data)

    @post("/carrier-invoices/{invoice_id:str}/reject", operation_id="reject_carrier_invoice", status_code=200)
    async def reject_carrier_invoice(
        self, request: ApiRequest, database: Db, invoice_id: FromPath[str], data: JSONBody[RejectInvoice]
    ) -> WholeInvoice:
        """Send an invoice back: nothing of it is accepted, and its tours may be billed again."""
        async with database.unit(request.auth) as db:
            return await deciding.reject(db, request.auth, ids.parse("civ", invoice_id), data)

    @get("/plans/{plan_id:str}/freight", operation_id="get_plan_freight", opt={NOTED: False})
    async def get_plan_freight(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> PlanFreight:
        """What a plan's tours were planned to cost, and what is accepted of their carriers' invoices."""
        async with database.unit(request.auth) as db:
            return await service.plan_freight(db, request.auth, ids.parse("plan", plan_id))


class CarrierInvoicesController(Controller):
    """A carrier's own invoices."""

    path = "/v1/carrier/invoices"
    tags = ("Carrier API",)
    guards = (For(Role.CARRIER_KEY),)

    @post("/", operation_id="send_invoice")
    async def send_invoice(
        self, request: ApiRequest, database: Db, data: JSONBody[SendInvoice]
    ) -> Response[WholeInvoice]:
        """
        Send an invoice for tours that you drove, or a credit note to an earlier one. The number again with the same
        content is the same invoice, so that a request may be repeated.
        """
        async with database.unit(request.auth) as db:
            return _taken(await intake.receive(db, request.auth, _firm(request.auth), data))

    @get("/", operation_id="list_own_invoices")
    async def list_own_invoices(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        tour_id: TourFilter = None,
        in_status: StatusFilter = None,
    ) -> Page[CarrierInvoice]:
        """My invoices and credit notes, oldest first."""
        wanted = _wanted(ids.show("car", _firm(request.auth)), tour_id, in_status)
        async with database.unit(request.auth) as db:
            return await service.list_invoices(db, request.auth, after("civ", cursor), limit, wanted)

    @get("/{invoice_id:str}", operation_id="get_own_invoice")
    async def get_own_invoice(
        self, request: ApiRequest, database: Db, invoice_id: FromPath[str]
    ) -> Response[WholeInvoice]:
        """An invoice of mine with its lines and what became of it; a dispute says what is not agreed."""
        async with database.unit(request.auth) as db:
            found = await service.whole(db, request.auth, ids.parse("civ", invoice_id))
        return with_etag(found, found.version)

    @post("/{invoice_id:str}/answer", operation_id="answer_dispute", status_code=200)
    async def answer_dispute(
        self, request: ApiRequest, database: Db, invoice_id: FromPath[str], data: JSONBody[AnswerDispute]
    ) -> WholeInvoice:
        """Answer a dispute: accept what it proposes, or insist and say why. A credit note answers too."""
        async with database.unit(request.auth) as db:
            return await deciding.answer(db, request.auth, ids.parse("civ", invoice_id), data)


def _firm(scope: Scope) -> UUID:
    """The carrier that asks."""
    if scope.carrier_id is None:
        raise LookupError("this key is of no carrier")
    return scope.carrier_id
