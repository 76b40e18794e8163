"""HTTP of plans."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter
from litestar.response import Response, ServerSentEvent, ServerSentEventMessage

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.db import Database, Role, Scope
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.planning import reach, road_lines, service, views
from cluster.planning.line_models import PlanLines
from cluster.planning.models import OVER, Plan, PlanStatus, Routes, StartPlan, UnplannedShipments, UnreachableStops

POLL_S = 0.4
KEEP_ALIVE_POLLS = 25
WindowFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those of this pool window.")]

IfNoneMatch = Annotated[
    str | None, HeaderParameter(name="If-None-Match", max_length=200, description="ETag of what you hold.")
]


class PlanningController(Controller):
    """Plans of pool windows."""

    path = "/v1"
    tags = ("Plans",)

    @post(
        "/pool-windows/{pool_window_id:str}/plans",
        guards=[For(Role.COORDINATOR)],
        operation_id="start_plan",
        status_code=202,
    )
    async def start_plan(
        self,
        request: ApiRequest,
        database: Db,
        idempotency_key: IdempotencyKey,
        pool_window_id: FromPath[str],
        data: JSONBody[StartPlan],
    ) -> Response[Plan]:
        """Ask for a plan. Answers at once; follow it at its events, or look it up until it is over."""
        window = ids.parse("win", pool_window_id)
        answer = await created(
            request,
            database,
            idempotency_key,
            lambda db: service.start(db, request.auth, window, data),
            "/v1/plans/{id}",
            status=202,
        )
        await request.app.state.nudge()
        return answer

    @get(
        "/pool-windows/{pool_window_id:str}/unreachable",
        guards=[For(Role.COORDINATOR)],
        operation_id="list_unreachable_stops",
    )
    async def list_unreachable_stops(
        self, request: ApiRequest, database: Db, pool_window_id: FromPath[str]
    ) -> UnreachableStops:
        """Stops of a pool window that no vehicle gets to by road, before anything is planned."""
        async with database.unit(request.auth) as db:
            return await reach.unreachable(db, request.auth, ids.parse("win", pool_window_id))

    @get("/plans", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_plans")
    async def list_plans(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        pool_window_id: WindowFilter = None,
    ) -> Page[Plan]:
        """Plans of the cluster; a member sees those that apply or applied."""
        window = None if pool_window_id is None else ids.parse("win", pool_window_id)
        async with database.unit(request.auth) as db:
            return await service.list_plans(db, request.auth, after("plan", cursor), limit, window)

    @get("/plans/{plan_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_plan")
    async def get_plan(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> Plan:
        """One plan."""
        async with database.unit(request.auth) as db:
            return await service.plan(db, request.auth, ids.parse("plan", plan_id))

    @get("/plans/{plan_id:str}/routes", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_routes")
    async def get_routes(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> Routes:
        """Routes with stops and times; a member sees its own visits alone."""
        return await _routes(request, database, ids.parse("plan", plan_id))

    @get("/plans/{plan_id:str}/lines", guards=[For(Role.COORDINATOR)], operation_id="get_route_lines")
    async def get_route_lines(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], if_none_match: IfNoneMatch = None
    ) -> Response[PlanLines]:
        """
        Along which roads the routes lead, to be drawn on a map.

        Answers at once with what is known; the rest is looked for in the background where there is a road network.
        """
        routes = await _routes(request, database, ids.parse("plan", plan_id))
        engine = request.app.state.settings.roads_engine != "none"
        async with database.unit(request.auth) as db:
            found = await road_lines.of_routes(db, request.auth, routes, engine=engine)
        if found.asked:
            await request.app.state.nudge()
        tag = f'"{road_lines.version(found.lines)}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if if_none_match is not None and tag in if_none_match:
            return Response(None, status_code=304, headers=headers)  # type: ignore[arg-type]  # nothing to tell
        return Response(found.lines, headers=headers)

    @get("/plans/{plan_id:str}/unplanned", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_unplanned")
    async def get_unplanned(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> UnplannedShipments:
        """Shipments that no route carries, with the reason."""
        async with database.unit(request.auth) as db:
            return await views.unplanned(db, request.auth, ids.parse("plan", plan_id))

    @post("/plans/{plan_id:str}/abort", guards=[For(Role.COORDINATOR)], operation_id="abort_plan", status_code=200)
    async def abort_plan(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> Plan:
        """Abort a plan that is being made; it ends within about a second."""
        async with database.unit(request.auth) as db:
            return await service.abort(db, request.auth, ids.parse("plan", plan_id))

    @get("/plans/{plan_id:str}/events", guards=[For(Role.COORDINATOR)], operation_id="follow_plan")
    async def follow_plan(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> ServerSentEvent:
        """
        Follow a plan live: ``progress`` events with points of the cost curve, ``plan`` whenever its status changes.

        The stream ends when the plan is over.
        """
        found = ids.parse("plan", plan_id)
        async with database.unit(request.auth) as db:
            await service.plan(db, request.auth, found)
        return ServerSentEvent(_events(database, request.auth, found))


async def _routes(request: ApiRequest, database: Database, plan_id: UUID) -> Routes:
    """Routes as the caller may see them; those of a draft are as its edits have left them."""
    async with database.unit(request.auth) as db:
        plan = await service.plan(db, request.auth, plan_id)
        if plan.status is not PlanStatus.DRAFT:
            return await views.routes(db, request.auth, plan_id)
    routes: Routes = await request.app.state.draft_routes(request.auth, plan_id)
    return routes


async def _events(database: Database, scope: Scope, plan_id: UUID) -> AsyncIterator[ServerSentEventMessage]:
    """Looks every 0.4 s: short transactions, and nothing is lost with the queue."""
    seen, status, quiet = 0, None, 0
    while True:
        async with database.unit(scope) as db:
            plan = await service.plan(db, scope, plan_id)
        seen = min(seen, len(plan.progress))  # a solve that begins again starts its curve anew
        points = plan.progress[seen:]
        seen += len(points)
        for point in points:
            yield _event("progress", point)
        if plan.status != status:
            status = plan.status
            yield _event("plan", msgspec.structs.replace(plan, progress=[]))
        if plan.status in OVER:
            return
        quiet = 0 if points else quiet + 1
        if quiet % KEEP_ALIVE_POLLS == KEEP_ALIVE_POLLS - 1:
            yield ServerSentEventMessage(comment="still here")
        await asyncio.sleep(POLL_S)


def _event(name: str, value: object) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=name, data=msgspec.json.encode(value).decode())
