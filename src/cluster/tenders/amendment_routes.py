"""HTTP of amendments: for the coordinator, and for carriers."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from cluster.base import ids
from cluster.base.auth import For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.tenders import amending
from cluster.tenders.amendment_models import (
    AcceptAmendment,
    Amendment,
    Amendments,
    AmendmentStatus,
    AskAmendments,
    CarrierAmendment,
    DeclineAmendment,
    ImposeAmendments,
)
from cluster.tenders.amendment_queries import Wanted

TourFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those of this tour.")]
PlanFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those that this plan needs.")]
StatusFilter = Annotated[AmendmentStatus | None, QueryParameter(name="status", description="Only those in this state.")]


class AmendmentsController(Controller):
    """Changes of awarded tours, for the coordinator."""

    path = "/v1"
    tags = ("Tenders",)
    guards = (For(Role.COORDINATOR),)

    @post("/plans/{plan_id:str}/amendments", operation_id="ask_amendments", status_code=200)
    async def ask_amendments(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], data: JSONBody[AskAmendments]
    ) -> Amendments:
        """
        Ask carriers to agree to a plan that changes tours that they were awarded. What is asked or agreed already
        stays; what was declined or has expired is asked anew. Twice is the same as once.
        """
        async with database.unit(request.auth) as db:
            return await amending.ask(db, request.auth, ids.parse("plan", plan_id), data)

    @post("/plans/{plan_id:str}/amendments/impose", operation_id="impose_amendments", status_code=200)
    async def impose_amendments(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], data: JSONBody[ImposeAmendments]
    ) -> Amendments:
        """Let a plan change awarded tours before their carriers agree: urgent. Why is kept, and each carrier told."""
        async with database.unit(request.auth) as db:
            return await amending.impose(db, request.auth, ids.parse("plan", plan_id), data)

    @get("/amendments", operation_id="list_amendments")
    async def list_amendments(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        tour_id: TourFilter = None,
        plan_id: PlanFilter = None,
        in_status: StatusFilter = None,
    ) -> Page[Amendment]:
        """Changes that carriers were asked to agree to, with what they said, oldest first."""
        wanted = Wanted(
            tour_id=None if tour_id is None else ids.parse("tor", tour_id),
            plan_id=None if plan_id is None else ids.parse("plan", plan_id),
            status=in_status,
        )
        async with database.unit(request.auth) as db:
            return await amending.list_amendments(db, request.auth, after("amd", cursor), limit, wanted)

    @get("/amendments/{amendment_id:str}", operation_id="get_amendment")
    async def get_amendment(self, request: ApiRequest, database: Db, amendment_id: FromPath[str]) -> Amendment:
        """An amendment: the tour before and after, and what its carrier says."""
        async with database.unit(request.auth) as db:
            return await amending.amendment(db, request.auth, ids.parse("amd", amendment_id))

    @post("/amendments/{amendment_id:str}/withdraw", operation_id="withdraw_amendment", status_code=200)
    async def withdraw_amendment(self, request: ApiRequest, database: Db, amendment_id: FromPath[str]) -> Amendment:
        """Take an amendment back before it is in force. Twice is the same as once."""
        async with database.unit(request.auth) as db:
            return await amending.withdraw(db, request.auth, ids.parse("amd", amendment_id))


class CarrierAmendmentsController(Controller):
    """Changes of a carrier's tours, with a key of its own."""

    path = "/v1/carrier/amendments"
    tags = ("Carrier API",)
    guards = (For(Role.CARRIER_KEY),)

    @get("/", operation_id="list_my_amendments")
    async def list_my_amendments(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        in_status: StatusFilter = None,
    ) -> Page[CarrierAmendment]:
        """Changes of your tours, oldest first; `status=open` are those to answer."""
        async with database.unit(request.auth) as db:
            return await amending.own_page(db, request.auth, after("amd", cursor), limit, in_status)

    @get("/{amendment_id:str}", operation_id="get_my_amendment")
    async def get_my_amendment(
        self, request: ApiRequest, database: Db, amendment_id: FromPath[str]
    ) -> CarrierAmendment:
        """Your tour as it is and as it would be: stops, times, distance, price, and until when to answer."""
        async with database.unit(request.auth) as db:
            return await amending.own(db, request.auth, ids.parse("amd", amendment_id))

    @post("/{amendment_id:str}/accept", operation_id="accept_amendment", status_code=200)
    async def accept_amendment(
        self, request: ApiRequest, database: Db, amendment_id: FromPath[str], data: JSONBody[AcceptAmendment]
    ) -> CarrierAmendment:
        """Agree to the change at its price. Twice is the same as once."""
        return await amending.answer(database, request.auth, ids.parse("amd", amendment_id), data)

    @post("/{amendment_id:str}/decline", operation_id="decline_amendment", status_code=200)
    async def decline_amendment(
        self, request: ApiRequest, database: Db, amendment_id: FromPath[str], data: JSONBody[DeclineAmendment]
    ) -> CarrierAmendment:
        """Do not agree, and say why; the tour stays as it is. Twice is the same as once."""
        return await amending.answer(database, request.auth, ids.parse("amd", amendment_id), data)
