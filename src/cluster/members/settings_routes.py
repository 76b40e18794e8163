"""HTTP of what a cluster settles from a day on."""

from datetime import date
from typing import Annotated

from litestar import Controller, get, put
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base.auth import ANY_IN_CLUSTER, NOTED, For
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db
from cluster.base.pages import LIMIT_DEFAULT, Limit, Page
from cluster.members import settings
from cluster.members.driver_breaks import LAWS, Laws
from cluster.members.settings_models import ClusterSettings, Section, SectionSettings, SettledVersion, SettleSection

On = Annotated[date | None, QueryParameter(name="on", description="The day asked for; today when left out.")]
Before = Annotated[
    int | None, QueryParameter(name="cursor", ge=0, le=2**31 - 1, description="next_cursor of the page before.")
]
OPEN = {NOTED: False}


class SettingsController(Controller):
    """How the cluster shares and plans, its map and its languages: versions, each from a day on."""

    path = "/v1/cluster-settings"
    tags = ("Settings",)

    @get("/", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_cluster_settings", opt=OPEN)
    async def get_cluster_settings(self, request: ApiRequest, database: Db, on: On = None) -> ClusterSettings:
        """All that the caller may see of what is settled for a day."""
        async with database.unit(request.auth) as db:
            return await settings.every(db, request.auth, on)

    @get("/{section:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_settings_section", opt=OPEN)
    async def get_settings_section(
        self, request: ApiRequest, database: Db, section: FromPath[Section], on: On = None
    ) -> Response[SectionSettings]:
        """One section on a day and what is to follow, with its ETag."""
        async with database.unit(request.auth) as db:
            found = await settings.section_of(db, request.auth, section, on)
        return with_etag(found, found.latest_version)

    @get("/{section:str}/versions", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_settings_versions", opt=OPEN)
    async def list_settings_versions(
        self,
        request: ApiRequest,
        database: Db,
        section: FromPath[Section],
        limit: Limit = LIMIT_DEFAULT,
        before: Before = None,
    ) -> Page[SettledVersion]:
        """Every version of a section, the newest first."""
        async with database.unit(request.auth) as db:
            return await settings.versions(db, request.auth, section, before, limit)

    @put("/{section:str}", guards=[For(Role.COORDINATOR)], operation_id="settle_section")
    async def settle_section(
        self,
        request: ApiRequest,
        database: Db,
        section: FromPath[Section],
        data: JSONBody[SettleSection],
        if_match: IfMatch = None,
    ) -> Response[SectionSettings]:
        """Settle the next version of a section from a day on. What has begun stays as it was."""
        hosts = request.app.state.settings.tile_sources
        async with database.unit(request.auth) as db:
            found = await settings.settle(db, request.auth, section, if_match, data, hosts)
        return with_etag(found, found.latest_version)


class BreakLawsController(Controller):
    """What laws ask of drivers."""

    path = "/v1/driver-break-laws"
    tags = ("Settings",)
    guards = (For(Role.COORDINATOR),)

    @get("/", operation_id="list_driver_break_laws", opt=OPEN)
    async def list_driver_break_laws(self) -> Laws:
        """The laws that breaks can follow: where they hold, what they ask for, and where that stands."""
        return Laws(data=list(LAWS))
