"""HTTP of roads."""

from litestar import Controller, get, put
from litestar.params import FromPath, JSONBody

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db
from cluster.places import roads
from cluster.places.roads_models import Access, PutTravelProfile, TravelProfile, TravelProfiles


class RoadsController(Controller):
    """How vehicles use the roads, and where they get to."""

    path = "/v1"
    tags = ("Places",)

    @get("/travel-profiles", guards=[For(Role.COORDINATOR)], operation_id="list_travel_profiles")
    async def list_travel_profiles(self, request: ApiRequest, database: Db) -> TravelProfiles:
        """How vehicles of each travel profile use the roads."""
        async with database.unit(request.auth) as db:
            return TravelProfiles(data=await roads.list_profiles(db, request.auth))

    @put("/travel-profiles", guards=[For(Role.COORDINATOR)], operation_id="put_travel_profile")
    async def put_travel_profile(
        self, request: ApiRequest, database: Db, data: JSONBody[PutTravelProfile]
    ) -> TravelProfile:
        """Say how vehicles of a travel profile use the roads. Putting the same again changes nothing."""
        async with database.unit(request.auth) as db:
            return await roads.put_profile(db, request.auth, data)

    @get("/sites/{site_id:str}/access", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_site_access")
    async def get_site_access(self, request: ApiRequest, database: Db, site_id: FromPath[str]) -> Access:
        """Whether vehicles get to a site: where it meets the road network, and whether a hub can be reached."""
        async with database.unit(request.auth) as db:
            return await roads.site_access(db, request.auth, ids.parse("sit", site_id))
