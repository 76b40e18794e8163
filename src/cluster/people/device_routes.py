"""HTTP of where one is signed in."""

from litestar import Controller, delete, get
from litestar.params import FromPath
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import PERSON_SECURITY, ForPeople
from cluster.base.browser import SESSION_COOKIE, cookie
from cluster.base.http import ApiRequest, Db
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.people import devices
from cluster.people.models import OwnSession
from cluster.people.session_routes import signed_in


class DevicesController(Controller):
    """One's own sessions, on whatever device."""

    path = "/v1/me/sessions"
    tags = ("Session",)
    security = PERSON_SECURITY
    guards = (ForPeople(),)

    @get("/", operation_id="list_own_sessions")
    async def list_own(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[OwnSession]:
        """Where I am signed in: since when, last seen (to the minute), with which browser; this session among them."""
        async with database.unit(request.auth) as db:
            return await devices.own_sessions(db, signed_in(request), after("ses", cursor), limit)

    @delete("/", operation_id="end_other_sessions")
    async def end_others(self, request: ApiRequest, database: Db) -> None:
        """Sign out everywhere else, at once."""
        async with database.unit(request.auth) as db:
            await devices.end_others(db, signed_in(request))

    @delete("/{session_id:str}", operation_id="end_own_session")
    async def end_own(self, request: ApiRequest, database: Db, session_id: FromPath[str]) -> Response[None]:
        """Sign out in one place, at once. To end this very session is to sign out."""
        own, asked = signed_in(request), ids.parse("ses", session_id)
        async with database.unit(request.auth) as db:
            await devices.end_one(db, own, asked)
        response = Response(content=None, status_code=204)
        if asked == own.session_id:
            response.set_cookie(cookie(SESSION_COOKIE, "", 0))
        return response
