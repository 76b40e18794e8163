"""HTTP of tariffs."""

from litestar import Controller, get, post, put
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import NOTED, For
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db
from cluster.carriers import tariffs
from cluster.carriers.tariff_models import SettleTariff, VehicleTariffs
from cluster.carriers.tariff_prices import PricedExample, PriceExample


class TariffsController(Controller):
    """What vehicle types cost from which day on: the coordinator's."""

    path = "/v1/vehicle-types/{vehicle_type_id:str}/tariffs"
    tags = ("Carriers",)
    guards = (For(Role.COORDINATOR),)

    @get("/", operation_id="list_tariffs", opt={NOTED: False})
    async def list_tariffs(
        self, request: ApiRequest, database: Db, vehicle_type_id: FromPath[str]
    ) -> Response[VehicleTariffs]:
        """All versions of a vehicle type's tariff, the newest first, with the ETag."""
        async with database.unit(request.auth) as db:
            found = await tariffs.tariffs(db, request.auth, ids.parse("vht", vehicle_type_id))
        return with_etag(found, found.latest_version)

    @put("/", operation_id="settle_tariff")
    async def settle_tariff(
        self,
        request: ApiRequest,
        database: Db,
        vehicle_type_id: FromPath[str],
        data: JSONBody[SettleTariff],
        if_match: IfMatch = None,
    ) -> Response[VehicleTariffs]:
        """Settle the next version of a tariff from a day on. Plans of that day and later are made with it."""
        async with database.unit(request.auth) as db:
            found = await tariffs.settle(db, request.auth, ids.parse("vht", vehicle_type_id), if_match, data)
        return with_etag(found, found.latest_version)

    @post("/example", operation_id="price_example", status_code=200)
    async def price_example(
        self, request: ApiRequest, database: Db, vehicle_type_id: FromPath[str], data: JSONBody[PriceExample]
    ) -> PricedExample:
        """Price an invented route by a tariff before it is settled, line by line. Nothing is stored."""
        async with database.unit(request.auth) as db:
            return await tariffs.example(db, request.auth, ids.parse("vht", vehicle_type_id), data)
