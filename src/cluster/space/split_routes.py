"""HTTP of what jointly rented space costs and who pays it."""

from litestar import Controller, get, post, put
from litestar.params import FromPath, JSONBody

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.space import leases, splits
from cluster.space.split_models import (
    CountSpace,
    SettleLease,
    SpaceCertificate,
    SpaceCounted,
    SpaceLease,
    SpaceSplit,
    SplitSpace,
)


class SpaceLeasesController(Controller):
    """What jointly rented space costs, who is committed to it, what stood there."""

    path = "/v1/space-offers"
    tags = ("Space",)

    @put("/{offer_id:str}/lease", guards=[For(Role.COORDINATOR)], operation_id="settle_space_lease")
    async def settle_space_lease(
        self, request: ApiRequest, database: Db, offer_id: FromPath[str], data: JSONBody[SettleLease]
    ) -> SpaceLease:
        """What space costs that the cluster rents together, and who is committed to how much of it."""
        async with database.unit(request.auth) as db:
            return await leases.settle_lease(db, request.auth, ids.parse("spo", offer_id), data)

    @get("/{offer_id:str}/lease", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_space_lease")
    async def get_space_lease(self, request: ApiRequest, database: Db, offer_id: FromPath[str]) -> SpaceLease:
        """What it costs and who is committed; to a member, what it is committed to itself."""
        async with database.unit(request.auth) as db:
            return await leases.lease(db, request.auth, ids.parse("spo", offer_id))

    @put("/{offer_id:str}/counts", guards=[For(*ANY_IN_CLUSTER)], operation_id="count_space")
    async def count_space(
        self, request: ApiRequest, database: Db, offer_id: FromPath[str], data: JSONBody[CountSpace]
    ) -> SpaceCounted:
        """Say what stood in your space on a day, by member (whose space it is, or coordinator)."""
        async with database.unit(request.auth) as db:
            return await leases.count(db, request.auth, ids.parse("spo", offer_id), data)


class SpaceSplitsController(Controller):
    """Periods of jointly rented space, split."""

    path = "/v1/space-splits"
    tags = ("Space",)

    @post("/", guards=[For(Role.COORDINATOR)], operation_id="split_space")
    async def split_space(self, request: ApiRequest, database: Db, data: JSONBody[SplitSpace]) -> SpaceSplit:
        """Split what a period of jointly rented space cost. The same period a second time is refused."""
        return await splits.make(database, request.auth, request.app.state.space_planner, data)

    @get("/", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_space_splits")
    async def list_space_splits(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[SpaceSplit]:
        """Splits of space, oldest first: all shares for the coordinator, your own alone for you."""
        async with database.unit(request.auth) as db:
            return await splits.list_splits(db, request.auth, after("sps", cursor), limit)

    @get("/{split_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_space_split")
    async def get_space_split(self, request: ApiRequest, database: Db, split_id: FromPath[str]) -> SpaceSplit:
        """One split of space."""
        async with database.unit(request.auth) as db:
            return await splits.one(db, request.auth, ids.parse("sps", split_id))

    @get("/{split_id:str}/certificate", guards=[For(Role.COORDINATOR)], operation_id="get_space_certificate")
    async def get_space_certificate(
        self, request: ApiRequest, database: Db, split_id: FromPath[str]
    ) -> SpaceCertificate:
        """All that a split follows from, for anybody to work out again."""
        async with database.unit(request.auth) as db:
            return await splits.certificate(db, request.auth, ids.parse("sps", split_id))

    @post(
        "/{split_id:str}/withdraw", guards=[For(Role.COORDINATOR)], operation_id="withdraw_space_split", status_code=200
    )
    async def withdraw_space_split(self, request: ApiRequest, database: Db, split_id: FromPath[str]) -> SpaceSplit:
        """Take a split back, so that the period can be split anew. Twice is the same as once."""
        async with database.unit(request.auth) as db:
            return await splits.withdraw(db, request.auth, ids.parse("sps", split_id))
