"""Where one is signed in: one's own sessions, what they were begun with, and ending them."""

import re
from uuid import UUID

from cluster.base import audit
from cluster.base.browser import SignedIn
from cluster.base.db import Connection, Database
from cluster.base.errors import NotFound
from cluster.base.pages import Page, page
from cluster.people import session_queries, steps
from cluster.people.models import OwnSession
from cluster.people.sessions import IDLE_S

AGENT_LENGTH_READ = 500
BROWSERS = (
    *(("Edge", r"Edg(A|iOS)?/"), ("Opera", r"OPR/|OPT/"), ("Samsung Internet", r"SamsungBrowser/")),
    *(
        ("Firefox", r"Firefox/|FxiOS/"),
        ("Chrome", r"Chrome/|Chromium/|CriOS/"),
        ("Safari", r"Version/[\d.]+ .*Safari/"),
    ),
)
"""First match counts: most browsers also say that they are the ones below."""
SYSTEMS = (
    *(("iPadOS", r"iPad"), ("iOS", r"iPhone"), ("Android", r"Android"), ("Windows", r"Windows")),
    *(("macOS", r"Macintosh|Mac OS X"), ("ChromeOS", r"CrOS"), ("Linux", r"Linux|X11")),
)


def agent_of(header: str) -> str:
    """
    Browser and system by the ``User-Agent`` header, such as ``Firefox, Windows``; empty where neither is known.

    Coarse on purpose: versions and models would tell persons apart who only want to recognise their own devices.
    """
    known = (
        next((name for name, form in words if re.search(form, header[:AGENT_LENGTH_READ])), None)
        for words in (BROWSERS, SYSTEMS)
    )
    return ", ".join(name for name in known if name)


async def note_agent(database: Database, token: str, header: str) -> None:
    """Takes down what a session was begun with."""
    async with database.unit(steps.AUTHENTICATOR) as db:
        await session_queries.note_agent(db, steps.digest(token), agent_of(header))


async def own_sessions(db: Connection, signed_in: SignedIn, after: UUID, limit: int) -> Page[OwnSession]:
    """Where the caller is signed in, this session among them; oldest first."""
    return page(await session_queries.live_sessions(db, signed_in, after, limit + 1, IDLE_S), limit)


async def end_one(db: Connection, signed_in: SignedIn, session_id: UUID) -> None:
    """
    Ends a session of the caller's, at once.

    Raises
    ------
    NotFound
        When the caller has no such session.
    """
    if not await session_queries.delete_own_session(db, signed_in, session_id):
        raise NotFound("ses")
    await audit.record(db, signed_in.scope, "session.ended", "ses", session_id)


async def end_others(db: Connection, signed_in: SignedIn) -> None:
    """Ends all sessions of the caller's but this one."""
    scope = signed_in.scope
    assert scope.user_id is not None
    await session_queries.delete_other_sessions(db, scope, scope.user_id, signed_in.session_id)
    await audit.record(db, scope, "session.others_ended", "ses", signed_in.session_id)
