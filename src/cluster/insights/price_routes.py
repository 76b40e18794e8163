"""HTTP of what routes cost by their tariffs."""

from litestar import Controller, get
from litestar.params import FromPath

from cluster.base import ids
from cluster.base.auth import For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db
from cluster.insights import prices
from cluster.insights.price_models import PlanPrices


class PricesController(Controller):
    """What routes cost, and why."""

    path = "/v1/plans/{plan_id:str}/prices"
    tags = ("Carriers",)
    guards = (For(Role.COORDINATOR),)

    @get("/", operation_id="get_plan_prices")
    async def get_plan_prices(self, request: ApiRequest, database: Db, plan_id: FromPath[str]) -> PlanPrices:
        """Each route's price line by line: what the plan counts, and what only the bill adds."""
        async with database.unit(request.auth) as db:
            return await prices.prices(db, request.auth, ids.parse("plan", plan_id))
