"""HTTP of places."""

from litestar import Controller, get, patch, post, put
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.db import Role
from cluster.base.etags import IfMatch, must_match, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.places import locating, service, travel
from cluster.places.editing import place_kept, whole_after
from cluster.places.models import AddSite, EditSite, PutTravelMatrix, Site, TravelMatrixStored

MATRIX_BODY_MAX = 64 * 1024 * 1024


def _point(body: AddSite) -> tuple[float, float] | None:
    """The point that an asker gave."""
    return None if body.lat is None or body.lon is None else (body.lat, body.lon)


class PlacesController(Controller):
    """Sites and the ways between them."""

    path = "/v1"
    tags = ("Places",)

    @post("/sites", guards=[For(*ANY_IN_CLUSTER)], operation_id="add_site")
    async def add_site(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddSite]
    ) -> Response[Site]:
        """Add a site: a shared hub (coordinator) or one of your own."""
        place = await locating.locate(database, request.auth, request.app.state.geocoder, data, _point(data))
        return await created(
            request,
            database,
            idempotency_key,
            lambda db: service.add_site(db, request.auth, data, locating.found_or_refused(place)),
            "/v1/sites/{id}",
        )

    @get("/sites", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_sites")
    async def list_sites(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Site]:
        """Your own sites and the shared ones; all for the coordinator."""
        async with database.unit(request.auth) as db:
            return await service.list_sites(db, request.auth, after("sit", cursor), limit)

    @get("/sites/{site_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_site")
    async def get_site(self, request: ApiRequest, database: Db, site_id: FromPath[str]) -> Response[Site]:
        """One site."""
        async with database.unit(request.auth) as db:
            found = await service.site(db, request.auth, ids.parse("sit", site_id))
        return with_etag(found, found.version)

    @patch("/sites/{site_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="edit_site")
    async def edit_site(
        self,
        request: ApiRequest,
        database: Db,
        site_id: FromPath[str],
        data: JSONBody[EditSite],
        if_match: IfMatch = None,
    ) -> Response[Site]:
        """Change a site of yours, or a shared one (coordinator); an inactive one takes no new bookings."""
        identifier = ids.parse("sit", site_id)
        async with database.unit(request.auth) as db:
            current = await service.site_to_edit(db, request.auth, identifier)
        must_match(if_match, current.version)
        whole, place = whole_after(current, data, AddSite), place_kept(current, data)
        if place is None:
            place = locating.found_or_refused(
                await locating.locate(database, request.auth, request.app.state.geocoder, whole, _point(whole))
            )
        async with database.unit(request.auth) as db:
            found = await service.replace_site(db, request.auth, current, data, whole, place)
        return with_etag(found, found.version)

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
