"""HTTP of the planning workflow."""

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.planning import publishing, revising, workflow
from cluster.planning.models import Plan
from cluster.planning.workflow_models import ApprovePlan, LogEntry

COORDINATOR = [For(Role.COORDINATOR)]


class PlanWorkflowController(Controller):
    """Candidates, approval, publishing, and what happened."""

    path = "/v1"
    tags = ("Plans",)

    @post("/plans/{plan_id:str}/stop", guards=COORDINATOR, operation_id="stop_plan", status_code=200)
    async def stop_plan(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> Plan:
        """End a plan's search within about a second and keep the best plan so far; its cost is then split."""
        async with database.unit(request.auth) as db:
            return await workflow.stop(db, request.auth, ids.parse("plan", plan_id))

    @post("/plans/{plan_id:str}/approve", guards=COORDINATOR, operation_id="approve_plan", status_code=200)
    async def approve_plan(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], data: JSONBody[ApprovePlan]
    ) -> Plan:
        """Agree to a plan that somebody else made; needed before it is published where the cluster wants four eyes."""
        async with database.unit(request.auth) as db:
            return await workflow.approve(db, request.auth, ids.parse("plan", plan_id), data)

    @post("/plans/{plan_id:str}/publish", guards=COORDINATOR, operation_id="publish_plan", status_code=200)
    async def publish_plan(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> Plan:
        """
        Make a solved plan the one that its window's shipments follow; members are told. Of a superseded plan: go back
        to it, as long as its shipments have not changed since.
        """
        async with database.unit(request.auth) as db:
            return await publishing.publish(db, request.auth, ids.parse("plan", plan_id), request.app.state.take_over)

    @post("/plans/{plan_id:str}/discard", guards=COORDINATOR, operation_id="discard_plan", status_code=200)
    async def discard_plan(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> Plan:
        """Throw a draft or a candidate away; the history keeps it."""
        async with database.unit(request.auth) as db:
            return await workflow.discard(db, request.auth, ids.parse("plan", plan_id))

    @post("/plans/{plan_id:str}/revise", guards=COORDINATOR, operation_id="revise_plan", status_code=201)
    async def revise_plan(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, plan_id: FromPath[str]
    ) -> Response[Plan]:
        """Make a draft of a plan with the day as it is now: late orders wait to be put in, cancelled ones are out."""
        ready = await revising.readied(database, request.auth, ids.parse("plan", plan_id))
        return await created(
            request,
            database,
            idempotency_key,
            lambda db: revising.revise(db, request.auth, ready),
            "/v1/plans/{id}",
        )

    @get(
        "/pool-windows/{pool_window_id:str}/plan-history",
        guards=COORDINATOR,
        operation_id="list_plan_history",
    )
    async def list_plan_history(
        self,
        request: ApiRequest,
        database: Db,
        pool_window_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Page[LogEntry]:
        """What happened to the plans of a window, and who did it."""
        window = ids.parse("win", pool_window_id)
        async with database.unit(request.auth) as db:
            return await workflow.history(db, request.auth, window, after("plg", cursor), limit)
