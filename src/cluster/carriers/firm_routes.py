"""HTTP of carriers."""

from litestar import Controller, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import NOTED, For, proven
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.carriers import firms
from cluster.carriers.firm_models import (
    AddCarrier,
    AddPaper,
    Carrier,
    ChangeCarrier,
    NewCarrierKey,
    Paper,
    WhoseVehicles,
)
from cluster.carriers.models import VehicleType
from cluster.members.models import IssuedKey


class CarrierFirmsController(Controller):
    """Firms that drive for the cluster: the coordinator's."""

    path = "/v1"
    tags = ("Carriers",)
    guards = (For(Role.COORDINATOR),)

    @post("/carriers", operation_id="add_carrier")
    async def add_carrier(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddCarrier]
    ) -> Response[Carrier]:
        """Add a carrier."""
        return await created(
            request, database, idempotency_key, lambda db: firms.add(db, request.auth, data), "/v1/carriers/{id}"
        )

    @get("/carriers", operation_id="list_carriers", opt={NOTED: False})
    async def list_carriers(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Carrier]:
        """Carriers of the cluster, with what of their papers has run out."""
        async with database.unit(request.auth) as db:
            return await firms.list_carriers(db, request.auth, after("car", cursor), limit)

    @get("/carriers/{carrier_id:str}", operation_id="get_carrier", opt={NOTED: False})
    async def get_carrier(self, request: ApiRequest, database: Db, carrier_id: FromPath[str]) -> Response[Carrier]:
        """A carrier; `ETag` is what a change sends back."""
        async with database.unit(request.auth) as db:
            found = await firms.carrier(db, request.auth, ids.parse("car", carrier_id))
        return with_etag(found, found.version)

    @patch("/carriers/{carrier_id:str}", operation_id="change_carrier")
    async def change_carrier(
        self,
        request: ApiRequest,
        database: Db,
        carrier_id: FromPath[str],
        data: JSONBody[ChangeCarrier],
        if_match: IfMatch = None,
    ) -> Response[Carrier]:
        """Change or suspend a carrier. A suspended one's vehicles are in no new plan."""
        async with database.unit(request.auth) as db:
            found = await firms.change(db, request.auth, ids.parse("car", carrier_id), data, if_match)
        return with_etag(found, found.version)

    @post("/carriers/{carrier_id:str}/papers", operation_id="add_carrier_paper")
    async def add_paper(
        self,
        request: ApiRequest,
        database: Db,
        idempotency_key: IdempotencyKey,
        carrier_id: FromPath[str],
        data: JSONBody[AddPaper],
    ) -> Response[Paper]:
        """Add an insurance or permit of a carrier."""
        firm = ids.parse("car", carrier_id)
        return await created(
            request, database, idempotency_key, lambda db: firms.add_paper(db, request.auth, firm, data)
        )

    @get("/carriers/{carrier_id:str}/papers", operation_id="list_carrier_papers", opt={NOTED: False})
    async def list_papers(
        self,
        request: ApiRequest,
        database: Db,
        carrier_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Page[Paper]:
        """A carrier's insurances and permits, the withdrawn ones too."""
        async with database.unit(request.auth) as db:
            return await firms.list_papers(db, request.auth, ids.parse("car", carrier_id), after("cpp", cursor), limit)

    @delete("/carriers/{carrier_id:str}/papers/{paper_id:str}", operation_id="withdraw_carrier_paper")
    async def withdraw_paper(
        self, request: ApiRequest, database: Db, carrier_id: FromPath[str], paper_id: FromPath[str]
    ) -> None:
        """Withdraw a paper: it counts no more. Twice is the same as once."""
        async with database.unit(request.auth) as db:
            await firms.withdraw_paper(db, request.auth, ids.parse("car", carrier_id), ids.parse("cpp", paper_id))

    @post("/carriers/{carrier_id:str}/keys", guards=[proven], operation_id="issue_carrier_key")
    async def issue_key(
        self, request: ApiRequest, database: Db, carrier_id: FromPath[str], data: JSONBody[NewCarrierKey]
    ) -> IssuedKey:
        """Issue a key for a carrier's program. The secret is shown once: a repeated request issues another key."""
        async with database.unit(request.auth) as db:
            return await firms.issue_key(db, request.auth, ids.parse("car", carrier_id), data)

    @put("/vehicle-types/{vehicle_type_id:str}/carrier", operation_id="give_vehicles")
    async def give_vehicles(
        self, request: ApiRequest, database: Db, vehicle_type_id: FromPath[str], data: JSONBody[WhoseVehicles]
    ) -> VehicleType:
        """Say which carrier a type's vehicles belong to; null for the cluster's own."""
        async with database.unit(request.auth) as db:
            return await firms.give_vehicles(db, request.auth, ids.parse("vht", vehicle_type_id), data)


class CarrierController(Controller):
    """What a carrier does itself, with a key of its own."""

    path = "/v1/carrier"
    tags = ("Carrier API",)
    guards = (For(Role.CARRIER_KEY),)

    @get("/me", operation_id="get_myself_as_carrier")
    async def myself(self, request: ApiRequest, database: Db) -> Carrier:
        """My firm as the cluster knows it, with what of its papers has run out."""
        async with database.unit(request.auth) as db:
            return await firms.myself(db, request.auth)
