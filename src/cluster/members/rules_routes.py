"""HTTP of a cluster's rules and agreements."""

from typing import Annotated

from litestar import Controller, get, patch, post
from litestar.params import JSONBody, QueryParameter
from litestar.response import Response

from cluster.base.auth import ANY_IN_CLUSTER, NOTED, For
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.members import rules, service
from cluster.members.models import Cluster
from cluster.members.rules_models import (
    AcceptAgreement,
    Acceptance,
    Agreement,
    ApplicationCode,
    ChangeCluster,
    ClusterChange,
    PublishAgreement,
)

AfterVersion = Annotated[
    int,
    QueryParameter(name="cursor", ge=0, le=2**31 - 1, description="Where to go on: next_cursor of the page before."),
]


class RulesController(Controller):
    """What a cluster's members agreed on."""

    path = "/v1"
    tags = ("Members",)

    @get("/cluster", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_cluster", opt={NOTED: False})
    async def get_cluster(self, request: ApiRequest, database: Db) -> Response[Cluster]:
        """My cluster and its rules; `ETag` is what a change sends back."""
        async with database.unit(request.auth) as db:
            found = await service.cluster_of(db, request.auth)
        return with_etag(found, found.version)

    @patch("/cluster", guards=[For(Role.COORDINATOR)], operation_id="change_cluster")
    async def change_cluster(
        self, request: ApiRequest, database: Db, data: JSONBody[ChangeCluster], if_match: IfMatch = None
    ) -> Response[Cluster]:
        """Change rules of my cluster, at once; every version is kept."""
        async with database.unit(request.auth) as db:
            found = await rules.change(db, request.auth, if_match, data)
        return with_etag(found, found.version)

    @get("/cluster/changes", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_cluster_changes", opt={NOTED: False})
    async def list_changes(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, after_version: AfterVersion = 0
    ) -> Page[ClusterChange]:
        """Every version of my cluster's rules, oldest first."""
        async with database.unit(request.auth) as db:
            return await rules.list_changes(db, request.auth, after_version, limit)

    @post("/cluster/application-code", guards=[For(Role.COORDINATOR)], operation_id="renew_application_code")
    async def renew_code(self, request: ApiRequest, database: Db) -> ApplicationCode:
        """A fresh code with which firms may apply. Shown once; the code before it opens nothing any more."""
        async with database.unit(request.auth) as db:
            return await rules.renew_code(db, request.auth)

    @post("/agreements", guards=[For(Role.COORDINATOR)], operation_id="publish_agreement")
    async def publish(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[PublishAgreement]
    ) -> Response[Agreement]:
        """Publish a version of the agreement between members."""
        return await created(request, database, idempotency_key, lambda db: rules.publish(db, request.auth, data))

    @get("/agreements", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_agreements", opt={NOTED: False})
    async def list_agreements(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Agreement]:
        """Versions of the agreement, oldest first."""
        async with database.unit(request.auth) as db:
            return await rules.list_agreements(db, request.auth, after("agr", cursor), limit)

    @post("/agreement-acceptances", guards=[For(Role.MEMBER_ADMIN)], operation_id="accept_agreement")
    async def accept(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AcceptAgreement]
    ) -> Response[Acceptance]:
        """Accept a version of the agreement for my firm."""
        return await created(request, database, idempotency_key, lambda db: rules.accept(db, request.auth, data))

    @get("/agreement-acceptances", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_acceptances")
    async def list_acceptances(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Acceptance]:
        """Who accepted which version: all for the coordinator, my firm's for a member."""
        async with database.unit(request.auth) as db:
            return await rules.list_acceptances(db, request.auth, after("acc", cursor), limit)
