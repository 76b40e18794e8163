"""HTTP of drafts."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import For
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.desk import drafts, finishing
from cluster.desk.draft_models import DraftAlternatives, DraftState, EditPlan, Reoptimise
from cluster.planning.models import Plan

COORDINATOR = [For(Role.COORDINATOR)]
ShipmentId = Annotated[str, QueryParameter(max_length=40, description="Which shipment.")]


class DraftsController(Controller):
    """Working copies of plans, edited by hand."""

    path = "/v1"
    tags = ("Plans",)

    @post("/plans/{plan_id:str}/draft", guards=COORDINATOR, operation_id="draft_plan", status_code=201)
    async def draft_plan(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, plan_id: FromPath[str]
    ) -> Response[Plan]:
        """Make a working copy of a plan that has an answer."""
        bench = request.app.state.bench
        ready = await drafts.readied(database, request.auth, bench, ids.parse("plan", plan_id))
        return await created(
            request, database, idempotency_key, lambda db: drafts.open_draft(db, request.auth, ready), "/v1/plans/{id}"
        )

    @get("/plans/{plan_id:str}/draft", guards=COORDINATOR, operation_id="get_draft")
    async def get_draft(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> Response[DraftState]:
        """A draft as it stands, with the routes that differ from its base plan."""
        found = await drafts.look(database, request.auth, request.app.state.bench, ids.parse("plan", plan_id))
        return with_etag(found, found.version)

    @post("/plans/{plan_id:str}/edits", guards=COORDINATOR, operation_id="edit_plan", status_code=200)
    async def edit_plan(
        self,
        request: ApiRequest,
        database: Db,
        plan_id: FromPath[str],
        data: JSONBody[EditPlan],
        if_match: IfMatch = None,
    ) -> Response[DraftState]:
        """Edit a draft. What it breaks then is told, not refused; what a lock forbids is refused."""
        bench = request.app.state.bench
        found = await drafts.edit(database, request.auth, bench, ids.parse("plan", plan_id), if_match, data)
        return with_etag(found, found.version)

    @post("/plans/{plan_id:str}/undo", guards=COORDINATOR, operation_id="undo_edit", status_code=200)
    async def undo_edit(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], if_match: IfMatch = None
    ) -> Response[DraftState]:
        """Take the last edit of a draft back; the history keeps it."""
        bench = request.app.state.bench
        found = await drafts.undo(database, request.auth, bench, ids.parse("plan", plan_id), if_match)
        return with_etag(found, found.version)

    @post("/plans/{plan_id:str}/redo", guards=COORDINATOR, operation_id="redo_edit", status_code=200)
    async def redo_edit(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], if_match: IfMatch = None
    ) -> Response[DraftState]:
        """Do again what was undone last."""
        bench = request.app.state.bench
        found = await drafts.redo(database, request.auth, bench, ids.parse("plan", plan_id), if_match)
        return with_etag(found, found.version)

    @get("/plans/{plan_id:str}/alternatives", guards=COORDINATOR, operation_id="list_alternatives")
    async def list_alternatives(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], shipment_id: ShipmentId
    ) -> DraftAlternatives:
        """Every way to serve a shipment of a draft that breaks nothing, with what it costs, the cheapest first."""
        bench = request.app.state.bench
        return await drafts.alternatives(database, request.auth, bench, ids.parse("plan", plan_id), shipment_id)

    @post("/plans/{plan_id:str}/finish", guards=COORDINATOR, operation_id="finish_draft", status_code=202)
    async def finish_draft(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], if_match: IfMatch = None
    ) -> Plan:
        """Split the cost of a draft as it is; it is solved when that is done. One that breaks something is refused."""
        found = await drafts.look(database, request.auth, request.app.state.bench, ids.parse("plan", plan_id))
        plan = await finishing.finish(database, request.auth, found, if_match)
        await request.app.state.nudge()
        return plan

    @post("/plans/{plan_id:str}/reoptimise", guards=COORDINATOR, operation_id="reoptimise_draft", status_code=202)
    async def reoptimise_draft(
        self,
        request: ApiRequest,
        database: Db,
        idempotency_key: IdempotencyKey,
        plan_id: FromPath[str],
        data: JSONBody[Reoptimise],
    ) -> Response[Plan]:
        """Search on from a draft around what it locks: a new plan; the draft stays as it is."""
        draft = ids.parse("plan", plan_id)
        await drafts.look(database, request.auth, request.app.state.bench, draft)
        answer = await created(
            request,
            database,
            idempotency_key,
            lambda db: finishing.reoptimise(db, request.auth, draft, data),
            "/v1/plans/{id}",
            status=202,
        )
        await request.app.state.nudge()
        return answer
