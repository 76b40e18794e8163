"""HTTP of suspension, leaving, archives and erasure."""

from collections.abc import AsyncIterator

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Response, Stream

from cluster.base import ids
from cluster.base.auth import For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.members import leaving
from cluster.members.leaving_models import Archive, EraseData, Erasure, LeaveCluster, Standing, SuspendMember

KEEPERS = (Role.COORDINATOR, Role.MEMBER_ADMIN)


class LeavingController(Controller):
    """How firms go, and what becomes of their data."""

    path = "/v1/members/{member_id:str}"
    tags = ("Members",)

    @post("/suspend", guards=[For(Role.COORDINATOR)], operation_id="suspend_member", status_code=200)
    async def suspend(
        self, request: ApiRequest, database: Db, member_id: FromPath[str], data: JSONBody[SuspendMember]
    ) -> Standing:
        """Suspend a member: it reads and exports, and books nothing. Answers what of it is still open."""
        async with database.unit(request.auth) as db:
            return await leaving.suspend(db, request.auth, ids.parse("mem", member_id), data)

    @post("/reinstate", guards=[For(Role.COORDINATOR)], operation_id="reinstate_member", status_code=200)
    async def reinstate(self, request: ApiRequest, database: Db, member_id: FromPath[str]) -> Standing:
        """Let a suspended member book again, or one that is leaving stay."""
        async with database.unit(request.auth) as db:
            return await leaving.reinstate(db, request.auth, ids.parse("mem", member_id))

    @post("/leave", guards=[For(*KEEPERS)], operation_id="leave_cluster", status_code=200)
    async def leave(
        self, request: ApiRequest, database: Db, member_id: FromPath[str], data: JSONBody[LeaveCluster]
    ) -> Standing:
        """Give notice: the firm books until that day. Answers what of it is still open."""
        async with database.unit(request.auth) as db:
            return await leaving.leave(db, request.auth, ids.parse("mem", member_id), data)

    @post("/complete-departure", guards=[For(Role.COORDINATOR)], operation_id="complete_departure", status_code=200)
    async def complete(self, request: ApiRequest, database: Db, member_id: FromPath[str]) -> Standing:
        """A firm that gave notice has left. Refused before its day, and while shipments are open."""
        async with database.unit(request.auth) as db:
            return await leaving.complete(db, request.auth, ids.parse("mem", member_id))

    @post("/archives", guards=[For(Role.MEMBER_ADMIN)], operation_id="request_archive", status_code=202)
    async def ask_archive(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, member_id: FromPath[str]
    ) -> Response[Archive]:
        """Ask for all data of my firm in one file. It is made in the background and kept for seven days."""
        of = ids.parse("mem", member_id)
        where = f"/v1/members/{member_id}/archives/{{id}}"
        return await created(
            request, database, idempotency_key, lambda db: leaving.ask_archive(db, request.auth, of), where, 202
        )

    @get("/archives", guards=[For(*KEEPERS)], operation_id="list_archives")
    async def list_archives(
        self,
        request: ApiRequest,
        database: Db,
        member_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Page[Archive]:
        """Archives of a firm, oldest first."""
        of = ids.parse("mem", member_id)
        async with database.unit(request.auth) as db:
            return await leaving.list_archives(db, request.auth, of, after("arc", cursor), limit)

    @get("/archives/{archive_id:str}", guards=[For(*KEEPERS)], operation_id="get_archive")
    async def get_archive(
        self, request: ApiRequest, database: Db, member_id: FromPath[str], archive_id: FromPath[str]
    ) -> Archive:
        """How far an archive is."""
        of, about = ids.parse("mem", member_id), ids.parse("arc", archive_id)
        async with database.unit(request.auth) as db:
            return await leaving.archive(db, request.auth, of, about)

    @get(
        "/archives/{archive_id:str}/download",
        guards=[For(Role.MEMBER_ADMIN)],
        operation_id="download_archive",
        media_type="application/zip",
    )
    async def download(
        self, request: ApiRequest, database: Db, member_id: FromPath[str], archive_id: FromPath[str]
    ) -> Stream:
        """The file: a ZIP with every table of my firm's data as JSON and as CSV."""
        of, about = ids.parse("mem", member_id), ids.parse("arc", archive_id)
        async with database.unit(request.auth) as db:
            found = await leaving.open_archive(db, request.auth, of, about)

        async def pieces() -> AsyncIterator[bytes]:
            number = 0
            while True:
                async with database.unit(request.auth) as db:
                    piece = await leaving.archive_chunk(db, request.auth, about, number)
                if piece is None:
                    return
                yield piece
                number += 1

        headers = {
            "Content-Disposition": f'attachment; filename="{found.id}.zip"',
            "Content-Length": str(found.bytes),
        }
        return Stream(pieces(), media_type="application/zip", headers=headers)

    @post("/erasures", guards=[For(*KEEPERS)], operation_id="request_erasure", status_code=202)
    async def ask_erasure(
        self,
        request: ApiRequest,
        database: Db,
        idempotency_key: IdempotencyKey,
        member_id: FromPath[str],
        data: JSONBody[EraseData],
    ) -> Response[Erasure]:
        """Erase data of persons: a contact, a user, consignees of past shipments, or everybody of a firm that left."""
        of = ids.parse("mem", member_id)
        where = f"/v1/members/{member_id}/erasures/{{id}}"
        return await created(
            request, database, idempotency_key, lambda db: leaving.ask_erasure(db, request.auth, of, data), where, 202
        )

    @get("/erasures", guards=[For(*KEEPERS)], operation_id="list_erasures")
    async def list_erasures(
        self,
        request: ApiRequest,
        database: Db,
        member_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Page[Erasure]:
        """Erasures of a firm, oldest first."""
        of = ids.parse("mem", member_id)
        async with database.unit(request.auth) as db:
            return await leaving.list_erasures(db, request.auth, of, after("ers", cursor), limit)

    @get("/erasures/{erasure_id:str}", guards=[For(*KEEPERS)], operation_id="get_erasure")
    async def get_erasure(
        self, request: ApiRequest, database: Db, member_id: FromPath[str], erasure_id: FromPath[str]
    ) -> Erasure:
        """What an erasure erased, and what is kept and why."""
        of, about = ids.parse("mem", member_id), ids.parse("ers", erasure_id)
        async with database.unit(request.auth) as db:
            return await leaving.erasure(db, request.auth, of, about)
