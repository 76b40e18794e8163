"""HTTP of places."""

from litestar import Controller, get, post, put
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.places import service, travel
from cluster.places.models import AddSite, PutTravelMatrix, Site, TravelMatrixStored

MATRIX_BODY_MAX = 64 * 1024 * 1024


class PlacesController(Controller):
    """Sites and the ways between them."""

    path = "/v1"
    tags = ("Places",)

    @post("/sites", guards=[For(*ANY_IN_CLUSTER)], operation_id="add_site")
    async def add_site(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddSite]
    ) -> Response[Site]:
        """Add a site: a shared hub (coordinator) or one of your own."""
        return await created(
            request, database, idempotency_key, lambda db: service.add_site(db, request.auth, data), "/v1/sites/{id}"
        )

    @get("/sites", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_sites")
    async def list_sites(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Site]:
        """Your own sites and the shared ones; all for the coordinator."""
        async with database.unit(request.auth) as db:
            return await service.list_sites(db, request.auth, after("sit", cursor), limit)

    @get("/sites/{site_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_site")
    async def get_site(self, request: ApiRequest, database: Db, site_id: FromPath[str]) -> Site:
        """One site."""
        async with database.unit(request.auth) as db:
            return await service.site(db, request.auth, ids.parse("sit", site_id))

    @put(
        "/travel-matrices",
        guards=[For(Role.COORDINATOR)],
        operation_id="put_travel_matrix",
        request_max_body_size=MATRIX_BODY_MAX,
    )
    async def put_travel_matrix(
        self, request: ApiRequest, database: Db, data: JSONBody[PutTravelMatrix]
    ) -> TravelMatrixStored:
        """Store road distances and times between points. Putting the same again changes nothing."""
        async with database.unit(request.auth) as db:
            return await travel.put_travel_matrix(db, request.auth, data)
