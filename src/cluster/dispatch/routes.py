"""HTTP of tours, for the coordinator."""

from typing import Annotated

from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import For
from cluster.base.browser import public_url
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.dispatch import events, links, replans, tours
from cluster.dispatch.event_models import CorrectVisit, EventSource, ReportEvents, TakenEvents, TrackingEvent
from cluster.dispatch.models import (
    CancelTour,
    DispatchedPlan,
    DispatchPlan,
    EditTour,
    IssuedLink,
    Links,
    NewLink,
    Replan,
    Tour,
    TourStatus,
    WholeTour,
)
from cluster.dispatch.queries import Wanted
from cluster.planning.models import Plan

WindowFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those of this pool window.")]
PlanFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those that follow this plan.")]
CarrierFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those that this carrier drives.")]
StatusFilter = Annotated[TourStatus | None, QueryParameter(name="status", description="Only those in this state.")]


class ToursController(Controller):
    """Tours: routes that are driven."""

    path = "/v1"
    tags = ("Tours",)

    @post(
        "/plans/{plan_id:str}/dispatch", guards=[For(Role.COORDINATOR)], operation_id="dispatch_plan", status_code=200
    )
    async def dispatch_plan(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], data: JSONBody[DispatchPlan]
    ) -> DispatchedPlan:
        """Make tours of the published plan's routes, and give them to their drivers. Twice is the same as once."""
        async with database.unit(request.auth) as db:
            return await tours.dispatch(db, request.auth, ids.parse("plan", plan_id), data)

    @post("/plans/{plan_id:str}/replan", guards=[For(Role.COORDINATOR)], operation_id="replan", status_code=202)
    async def replan(
        self,
        request: ApiRequest,
        database: Db,
        idempotency_key: IdempotencyKey,
        plan_id: FromPath[str],
        data: JSONBody[Replan],
    ) -> Response[Plan]:
        """
        Ask for a plan of the day from where it stands: what has happened on its tours stays, what waits and late orders
        are planned around it. A candidate; tours follow it as soon as it is published.
        """
        answer = await created(
            request,
            database,
            idempotency_key,
            lambda db: replans.replan(db, request.auth, ids.parse("plan", plan_id), data),
            "/v1/plans/{id}",
            status=202,
        )
        await request.app.state.nudge()
        return answer

    @get("/tours", guards=[For(Role.COORDINATOR)], operation_id="list_tours")
    async def list_tours(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        pool_window_id: WindowFilter = None,
        plan_id: PlanFilter = None,
        in_status: StatusFilter = None,
        carrier_id: CarrierFilter = None,
    ) -> Page[Tour]:
        """Tours with how far they are, how late, and where the vehicle was seen last."""
        wanted = Wanted(
            pool_window_id=None if pool_window_id is None else ids.parse("win", pool_window_id),
            plan_id=None if plan_id is None else ids.parse("plan", plan_id),
            status=in_status,
            carrier_id=None if carrier_id is None else ids.parse("car", carrier_id),
        )
        async with database.unit(request.auth) as db:
            return await tours.list_tours(db, request.auth, after("tor", cursor), limit, wanted)

    @get("/tours/{tour_id:str}", guards=[For(Role.COORDINATOR)], operation_id="get_tour")
    async def get_tour(self, request: ApiRequest, database: Db, tour_id: FromPath[str]) -> Response[WholeTour]:
        """A tour with its stops: planned, reported, expected."""
        async with database.unit(request.auth) as db:
            found = await tours.whole(db, request.auth, ids.parse("tor", tour_id))
        return with_etag(found, found.version)

    @patch("/tours/{tour_id:str}", guards=[For(Role.COORDINATOR)], operation_id="edit_tour")
    async def edit_tour(
        self,
        request: ApiRequest,
        database: Db,
        tour_id: FromPath[str],
        data: JSONBody[EditTour],
        if_match: IfMatch = None,
    ) -> Response[WholeTour]:
        """Name another driver or vehicle."""
        async with database.unit(request.auth) as db:
            found = await tours.edit(db, request.auth, ids.parse("tor", tour_id), data, if_match)
        return with_etag(found, found.version)

    @post("/tours/{tour_id:str}/release", guards=[For(Role.COORDINATOR)], operation_id="release_tour", status_code=200)
    async def release_tour(self, request: ApiRequest, database: Db, tour_id: FromPath[str]) -> WholeTour:
        """Give a planned tour to its driver; its shipments are dispatched. Twice is the same as once."""
        async with database.unit(request.auth) as db:
            return await tours.release(db, request.auth, ids.parse("tor", tour_id))

    @post("/tours/{tour_id:str}/cancel", guards=[For(Role.COORDINATOR)], operation_id="cancel_tour", status_code=200)
    async def cancel_tour(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], data: JSONBody[CancelTour]
    ) -> WholeTour:
        """Call a tour off that has not left; what was dispatched on it waits. Twice is the same as once."""
        async with database.unit(request.auth) as db:
            return await tours.cancel(db, request.auth, ids.parse("tor", tour_id), data)

    @post("/tours/{tour_id:str}/events", guards=[For(Role.COORDINATOR)], operation_id="report_tour", status_code=200)
    async def report_tour(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], data: JSONBody[ReportEvents]
    ) -> TakenEvents:
        """Report events of a tour, as its driver would. Each counts once, by its `event_key`."""
        async with database.unit(request.auth) as db:
            return await events.take(db, request.auth, ids.parse("tor", tour_id), EventSource.COORDINATOR, data)

    @get("/tours/{tour_id:str}/events", guards=[For(Role.COORDINATOR)], operation_id="list_tour_events")
    async def list_tour_events(
        self,
        request: ApiRequest,
        database: Db,
        tour_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Page[TrackingEvent]:
        """Events of a tour, in the order in which they came in."""
        async with database.unit(request.auth) as db:
            return await events.of_tour(db, request.auth, ids.parse("tor", tour_id), after("tev", cursor), limit)

    @post(
        "/tours/{tour_id:str}/corrections",
        guards=[For(Role.COORDINATOR)],
        operation_id="correct_visit",
        status_code=200,
    )
    async def correct_visit(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], data: JSONBody[CorrectVisit]
    ) -> TrackingEvent:
        """Put right what was reported of a visit, and the shipment's state with it; the record keeps both."""
        async with database.unit(request.auth) as db:
            return await events.correct(db, request.auth, ids.parse("tor", tour_id), data)

    @post("/tours/{tour_id:str}/driver-link", guards=[For(Role.COORDINATOR)], operation_id="issue_driver_link")
    async def issue_driver_link(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], data: JSONBody[NewLink]
    ) -> IssuedLink:
        """Make a link for the driver. The token is shown once and kept nowhere: a repeated request makes another."""
        asked = links.Asked(hours=data.hours, origin=public_url(request))
        async with database.unit(request.auth) as db:
            return await tours.issue_driver_link(db, request.auth, ids.parse("tor", tour_id), asked)

    @get("/tours/{tour_id:str}/driver-links", guards=[For(Role.COORDINATOR)], operation_id="list_driver_links")
    async def list_driver_links(self, request: ApiRequest, database: Db, tour_id: FromPath[str]) -> Links:
        """Links of a tour, without their tokens."""
        async with database.unit(request.auth) as db:
            return Links(data=await tours.driver_links(db, request.auth, ids.parse("tor", tour_id)))

    @delete(
        "/tours/{tour_id:str}/driver-links/{link_id:str}",
        guards=[For(Role.COORDINATOR)],
        operation_id="revoke_driver_link",
    )
    async def revoke_driver_link(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], link_id: FromPath[str]
    ) -> None:
        """Close a driver's link."""
        async with database.unit(request.auth) as db:
            await tours.revoke_driver_link(db, request.auth, ids.parse("tor", tour_id), ids.parse("lnk", link_id))
