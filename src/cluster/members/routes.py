"""HTTP of clusters and members."""

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, NOTED, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.members import service
from cluster.members.models import AdmitMember, FoundCluster, FoundedCluster, Me, Member


class MembersController(Controller):
    """Who is who."""

    path = "/v1"
    tags = ("Members",)

    @get("/me", guards=[For(*ANY_IN_CLUSTER, Role.CARRIER_KEY, Role.OPERATOR)], operation_id="me", opt={NOTED: False})
    async def me(self, request: ApiRequest, database: Db) -> Me:
        """Who I am: role, cluster, member."""
        async with database.unit(request.auth) as db:
            return await service.me(db, request.auth)

    @post("/clusters", guards=[For(Role.OPERATOR)], operation_id="found_cluster")
    async def found_cluster(self, request: ApiRequest, database: Db, data: JSONBody[FoundCluster]) -> FoundedCluster:
        """Found a cluster. Answers its first coordinator's key, once: a repeated request founds another cluster."""
        async with database.unit(request.auth) as db:
            return await service.found(db, data)

    @post("/members", guards=[For(Role.COORDINATOR)], operation_id="admit_member")
    async def admit_member(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AdmitMember]
    ) -> Response[Member]:
        """Admit a member."""
        return await created(
            request, database, idempotency_key, lambda db: service.admit(db, request.auth, data), "/v1/members/{id}"
        )

    @get("/members", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_members")
    async def list_members(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Member]:
        """All members for the coordinator; a member sees itself."""
        async with database.unit(request.auth) as db:
            return await service.list_members(db, request.auth, after("mem", cursor), limit)

    @get("/members/{member_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_member")
    async def get_member(self, request: ApiRequest, database: Db, member_id: FromPath[str]) -> Member:
        """One member."""
        async with database.unit(request.auth) as db:
            return await service.member(db, request.auth, ids.parse("mem", member_id))
