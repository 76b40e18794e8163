"""HTTP of settlement."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath, QueryParameter

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db
from cluster.settlement import service
from cluster.settlement.models import CertificateDocument, Comparison, Shares

PlanIds = Annotated[
    str, QueryParameter(max_length=200, description="Two to four plans of one pool window, separated by commas.")
]


class SettlementController(Controller):
    """Who pays what, and why."""

    path = "/v1"
    tags = ("Settlement",)

    @get("/plans/{plan_id:str}/shares", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_shares")
    async def get_shares(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> Shares:
        """The split of a plan's cost: all shares for the coordinator, your own for a member."""
        async with database.unit(request.auth) as db:
            return await service.shares(db, request.auth, ids.parse("plan", plan_id))

    @get("/plans/compare", guards=[For(Role.COORDINATOR)], operation_id="compare_plans")
    async def compare_plans(self, request: ApiRequest, database: Db, plan_ids: PlanIds) -> Comparison:
        """Plans of one window side by side: figures, what changes for shipments, and every member's share in each."""
        async with database.unit(request.auth) as db:
            return await service.compare(db, request.auth, plan_ids)

    @get("/plans/{plan_id:str}/certificate", guards=[For(Role.COORDINATOR)], operation_id="get_certificate")
    async def get_certificate(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> CertificateDocument:
        """What is proven about the split, over all coalitions: whoever you hand it to can check it again."""
        async with database.unit(request.auth) as db:
            return await service.certificate(db, request.auth, ids.parse("plan", plan_id))
