"""HTTP of the fairness of a plan's split."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath, QueryParameter

from cluster.base import ids
from cluster.base.auth import For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db
from cluster.desk import fairness
from cluster.desk.fairness_models import Fairness
from cluster.members.models import SharingRule

RuleFilter = Annotated[SharingRule | None, QueryParameter(description="Only this rule beside the one in force.")]


class FairnessController(Controller):
    """Whether a split is fair, for the coordinator alone."""

    path = "/v1"
    tags = ("Settlement",)

    @get("/plans/{plan_id:str}/fairness", guards=[For(Role.COORDINATOR)], operation_id="explain_split")
    async def explain_split(
        self, request: ApiRequest, database: Db, plan_id: FromPath[str], rule: RuleFilter = None
    ) -> Fairness:
        """How a plan's cost is split, who would do better by leaving, and what other rules would say."""
        ask = request.app.state.explainer.ask
        return await fairness.fairness(database, request.auth, ask, ids.parse("plan", plan_id), rule)
