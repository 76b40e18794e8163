"""HTTP of the dashboard's glances, and of the audit log."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.insights import service
from cluster.insights.models import AuditEntry, AuditVerdict, Overview

SubjectFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only entries about this identifier.")]


class InsightsController(Controller):
    """What stands on the first screen, and who did what."""

    path = "/v1"
    tags = ("Insights",)

    @get("/overview", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_overview")
    async def get_overview(self, request: ApiRequest, database: Db) -> Overview:
        """Pool windows at a glance."""
        async with database.unit(request.auth) as db:
            return await service.overview(db, request.auth, request.app.state.settings.tile_url)

    @get("/audit-log", guards=[For(Role.COORDINATOR, Role.MEMBER_ADMIN)], operation_id="list_audit_log")
    async def list_audit_log(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        subject_id: SubjectFilter = None,
    ) -> Page[AuditEntry]:
        """Who did or looked at what: all for the coordinator, its own people's acts for a firm's admin."""
        subject = None if subject_id is None else ids.parse(subject_id.partition("_")[0], subject_id)
        async with database.unit(request.auth) as db:
            return await service.audit_log(db, request.auth, after("aud", cursor), limit, subject)

    @get("/audit-log/verification", guards=[For(Role.COORDINATOR)], operation_id="verify_audit_log")
    async def verify_audit_log(self, request: ApiRequest, database: Db) -> AuditVerdict:
        """Compute the log's chain of digests again: an entry changed, added or taken out is found."""
        async with database.unit(request.auth) as db:
            return await service.audit_verdict(db, request.auth)
