"""HTTP of the dashboard's glances."""

from litestar import Controller, get

from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.http import ApiRequest, Db
from cluster.insights import service
from cluster.insights.models import Overview


class InsightsController(Controller):
    """What stands on the first screen."""

    path = "/v1"
    tags = ("Insights",)

    @get("/overview", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_overview")
    async def get_overview(self, request: ApiRequest, database: Db) -> Overview:
        """Pool windows at a glance."""
        async with database.unit(request.auth) as db:
            return await service.overview(db, request.auth, request.app.state.settings.tile_url)
