"""HTTP of what explains a plan."""

from litestar import Controller, get
from litestar.params import FromPath

from cluster.base import ids
from cluster.base.auth import For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db
from cluster.desk import as_member, explaining, subjects, why
from cluster.desk.why_models import Explanation, MemberView, Why


class WhyController(Controller):
    """Why a plan is as it is, for the coordinator alone."""

    path = "/v1"
    tags = ("Plans",)

    @get("/plans/{plan_id:str}/why/{shipment_id:str}", guards=[For(Role.COORDINATOR)], operation_id="explain_shipment")
    async def explain_shipment(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], shipment_id: FromPath[str]
    ) -> Why:
        """Why a shipment is on its route or on none: what every other way costs, and what would admit it."""
        plan, shipment = ids.parse("plan", plan_id), ids.parse("shp", shipment_id)
        asked = await subjects.subject(database, request.auth, request.app.state.bench, plan)
        return await why.why(database, request.auth, request.app.state.explainer.ask, asked, shipment)

    @get("/plans/{plan_id:str}/explanation", guards=[For(Role.COORDINATOR)], operation_id="explain_plan")
    async def explain_plan(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> Explanation:
        """Why a plan costs what it costs, what is proven about it, and which limits bind."""
        asked = await subjects.subject(database, request.auth, request.app.state.bench, ids.parse("plan", plan_id))
        return await explaining.explanation(database, request.auth, request.app.state.explainer.ask, asked)

    @get(
        "/plans/{plan_id:str}/as-member/{member_id:str}", guards=[For(Role.COORDINATOR)], operation_id="view_as_member"
    )
    async def view_as_member(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], member_id: FromPath[str]
    ) -> MemberView:
        """Exactly what one member sees of a plan's day. That you looked stands in the audit log."""
        plan, member = ids.parse("plan", plan_id), ids.parse("mem", member_id)
        return await as_member.as_member(database, request.auth, plan, member)
