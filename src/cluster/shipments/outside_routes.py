"""HTTP of a member's own tariffs, and of what bookings say where they say nothing."""

from litestar import Controller, delete, get, post, put
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, MEMBERS, NOTED, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.shipments import outside
from cluster.shipments.changes import BookingDefaults, BookingRules
from cluster.shipments.outside_models import AddOutsideTariff, OutsideTariff


class OutsideController(Controller):
    """Tariffs of members' own carriers, defaults of bookings, and the cluster's rules for them."""

    path = "/v1"
    tags = ("Shipments",)

    @post("/outside-tariffs", guards=[For(*MEMBERS)], operation_id="add_outside_tariff")
    async def add_outside_tariff(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddOutsideTariff]
    ) -> Response[OutsideTariff]:
        """Add a tariff of your own carrier, or a version of one from a day on."""
        location = "/v1/outside-tariffs/{id}"
        return await created(
            request, database, idempotency_key, lambda db: outside.add(db, request.auth, data), location
        )

    @get("/outside-tariffs", guards=[For(*MEMBERS)], operation_id="list_outside_tariffs")
    async def list_outside_tariffs(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[OutsideTariff]:
        """Your tariffs, all versions in use."""
        async with database.unit(request.auth) as db:
            return await outside.list_tariffs(db, request.auth, after("otf", cursor), limit)

    @get("/outside-tariffs/{outside_tariff_id:str}", guards=[For(*MEMBERS)], operation_id="get_outside_tariff")
    async def get_outside_tariff(
        self, request: ApiRequest, database: Db, outside_tariff_id: FromPath[str]
    ) -> OutsideTariff:
        """One version of a tariff."""
        async with database.unit(request.auth) as db:
            return await outside.tariff(db, request.auth, ids.parse("otf", outside_tariff_id))

    @delete("/outside-tariffs/{outside_tariff_id:str}", guards=[For(*MEMBERS)], operation_id="withdraw_outside_tariff")
    async def withdraw_outside_tariff(
        self, request: ApiRequest, database: Db, outside_tariff_id: FromPath[str]
    ) -> None:
        """Take a version of a tariff out of use. What was priced with it stays."""
        async with database.unit(request.auth) as db:
            await outside.withdraw(db, request.auth, ids.parse("otf", outside_tariff_id))

    @get("/booking-defaults", guards=[For(*MEMBERS)], operation_id="get_booking_defaults")
    async def get_booking_defaults(self, request: ApiRequest, database: Db) -> BookingDefaults:
        """What your bookings say where they say nothing."""
        async with database.unit(request.auth) as db:
            return await outside.defaults(db, request.auth)

    @put("/booking-defaults", guards=[For(Role.MEMBER_ADMIN)], operation_id="set_booking_defaults")
    async def set_booking_defaults(
        self, request: ApiRequest, database: Db, data: JSONBody[BookingDefaults]
    ) -> BookingDefaults:
        """Say what your bookings say where they say nothing."""
        async with database.unit(request.auth) as db:
            return await outside.set_defaults(db, request.auth, data)

    @get("/booking-rules", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_booking_rules", opt={NOTED: False})
    async def get_booking_rules(self, request: ApiRequest, database: Db) -> BookingRules:
        """What your cluster allows."""
        async with database.unit(request.auth) as db:
            return await outside.rules(db, request.auth)

    @put("/booking-rules", guards=[For(Role.COORDINATOR)], operation_id="set_booking_rules")
    async def set_booking_rules(self, request: ApiRequest, database: Db, data: JSONBody[BookingRules]) -> BookingRules:
        """Say what your cluster allows."""
        async with database.unit(request.auth) as db:
            return await outside.set_rules(db, request.auth, data)
