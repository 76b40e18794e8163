"""HTTP of settlement."""

from litestar import Controller, get
from litestar.params import FromPath

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db
from cluster.settlement import service
from cluster.settlement.models import CertificateDocument, Shares


class SettlementController(Controller):
    """Who pays what, and why."""

    path = "/v1"
    tags = ("Settlement",)

    @get("/plans/{plan_id:str}/shares", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_shares")
    async def get_shares(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> Shares:
        """The split of a plan's cost: all shares for the coordinator, your own for a member."""
        async with database.unit(request.auth) as db:
            return await service.shares(db, request.auth, ids.parse("plan", plan_id))

    @get("/plans/{plan_id:str}/certificate", guards=[For(Role.COORDINATOR)], operation_id="get_certificate")
    async def get_certificate(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> CertificateDocument:
        """What is proven about the split, over all coalitions: whoever you hand it to can check it again."""
        async with database.unit(request.auth) as db:
            return await service.certificate(db, request.auth, ids.parse("plan", plan_id))
