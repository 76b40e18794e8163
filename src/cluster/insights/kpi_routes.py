"""HTTP of figures over time."""

from datetime import date
from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter

from cluster.base.auth import ANY_IN_CLUSTER, NOTED, For
from cluster.base.http import ApiRequest, Db
from cluster.insights import kpis
from cluster.insights.kpi_models import By, Kpis

From = Annotated[date | None, QueryParameter(name="from", description="The first service day.")]
To = Annotated[date | None, QueryParameter(name="to", description="The last service day.")]
Every = Annotated[By, QueryParameter(name="by", description="How long a period is.")]


class KpisController(Controller):
    """Figures over time."""

    path = "/v1/kpis"
    tags = ("Insights",)

    @get("/", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_kpis", opt={NOTED: False})
    async def get_kpis(
        self, request: ApiRequest, database: Db, start: From = None, end: To = None, by: Every = By.DAY
    ) -> Kpis:
        """Cost, kilometres, fill, punctuality, savings and CO2 by day, week or month; a member's own for a member."""
        async with database.unit(request.auth) as db:
            return await kpis.kpis(db, request.auth, start, end, by)
