"""HTTP of recurring pool windows and of the cluster's own calendar."""

from datetime import date
from typing import Annotated

from litestar import Controller, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, NOTED, For
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.shipments import pools, schedules
from cluster.shipments.window_models import (
    AddSchedule,
    ChangePoolWindow,
    CloseDay,
    ClosedDays,
    Occurrences,
    PoolWindow,
    Schedule,
)

Days = Annotated[int, QueryParameter(ge=1, le=schedules.PREVIEW_DAYS_MAX, description="How many days ahead.")]
COORDINATOR = For(Role.COORDINATOR)
OPEN = {NOTED: False}


class WindowsController(Controller):
    """When windows open and close, and which days they serve."""

    path = "/v1"
    tags = ("Shipments",)

    @post("/window-schedules", guards=[COORDINATOR], operation_id="add_window_schedule")
    async def add_window_schedule(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddSchedule]
    ) -> Response[Schedule]:
        """Let pool windows recur. The next ones are made at once, the others in time."""
        location = "/v1/window-schedules/{id}"
        return await created(
            request, database, idempotency_key, lambda db: schedules.add(db, request.auth, data), location
        )

    @get("/window-schedules", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_window_schedules", opt=OPEN)
    async def list_window_schedules(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Schedule]:
        """How pool windows recur in this cluster."""
        async with database.unit(request.auth) as db:
            return await schedules.list_schedules(db, request.auth, after("sch", cursor), limit)

    @get(
        "/window-schedules/{schedule_id:str}",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="get_window_schedule",
        opt=OPEN,
    )
    async def get_window_schedule(
        self, request: ApiRequest, database: Db, schedule_id: FromPath[str]
    ) -> Response[Schedule]:
        """One schedule, with its ETag."""
        async with database.unit(request.auth) as db:
            found = await schedules.schedule(db, request.auth, ids.parse("sch", schedule_id))
        return with_etag(found, found.version)

    @put("/window-schedules/{schedule_id:str}", guards=[COORDINATOR], operation_id="change_window_schedule")
    async def change_window_schedule(
        self,
        request: ApiRequest,
        database: Db,
        schedule_id: FromPath[str],
        data: JSONBody[AddSchedule],
        if_match: IfMatch = None,
    ) -> Response[Schedule]:
        """Change a schedule. Coming windows that nobody booked into are made anew, the others stay."""
        async with database.unit(request.auth) as db:
            found = await schedules.change(db, request.auth, ids.parse("sch", schedule_id), data, if_match)
        return with_etag(found, found.version)

    @get(
        "/window-schedules/{schedule_id:str}/preview",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="preview_window_schedule",
        opt=OPEN,
    )
    async def preview_window_schedule(
        self, request: ApiRequest, database: Db, schedule_id: FromPath[str], days: Days = 60
    ) -> Occurrences:
        """The windows of the coming days, and which of them holidays move or take away."""
        async with database.unit(request.auth) as db:
            return await schedules.preview(db, request.auth, ids.parse("sch", schedule_id), days)

    @get("/closed-days", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_closed_days", opt=OPEN)
    async def list_closed_days(self, request: ApiRequest, database: Db) -> ClosedDays:
        """The cluster's own calendar, beside public holidays."""
        async with database.unit(request.auth) as db:
            return await schedules.closed_days(db, request.auth)

    @put("/closed-days/{day:date}", guards=[COORDINATOR], operation_id="close_day")
    async def close_day(
        self, request: ApiRequest, database: Db, day: FromPath[date], data: JSONBody[CloseDay]
    ) -> ClosedDays:
        """Close a day, or serve on a holiday. Windows that nobody booked into follow."""
        async with database.unit(request.auth) as db:
            return await schedules.close_day(db, request.auth, day, data)

    @delete("/closed-days/{day:date}", guards=[COORDINATOR], operation_id="forget_closed_day", status_code=200)
    async def forget_closed_day(self, request: ApiRequest, database: Db, day: FromPath[date]) -> ClosedDays:
        """Leave a day to weekdays and public holidays again."""
        async with database.unit(request.auth) as db:
            return await schedules.close_day(db, request.auth, day, None)

    @patch("/pool-windows/{pool_window_id:str}", guards=[COORDINATOR], operation_id="change_pool_window")
    async def change_pool_window(
        self,
        request: ApiRequest,
        database: Db,
        pool_window_id: FromPath[str],
        data: JSONBody[ChangePoolWindow],
        if_match: IfMatch = None,
    ) -> Response[PoolWindow]:
        """Move a window's opening or cut-off, or say what becomes of late orders. Its version is the ETag."""
        async with database.unit(request.auth) as db:
            found = await pools.change_window(db, request.auth, ids.parse("win", pool_window_id), data, if_match)
        return with_etag(found, found.version)

    @post(
        "/pool-windows/{pool_window_id:str}/close",
        guards=[COORDINATOR],
        operation_id="close_pool_window",
        status_code=200,
    )
    async def close_pool_window(self, request: ApiRequest, database: Db, pool_window_id: FromPath[str]) -> PoolWindow:
        """Close a window now. Closing twice is the same as once."""
        async with database.unit(request.auth) as db:
            return await pools.close_window(db, request.auth, ids.parse("win", pool_window_id))
