"""
Links that open one thing without an account: a tour to its driver, a shipment to its consignee.

A token is 190 random bits, shown once and kept as a digest alone. One that is wrong, past its time or revoked opens
nothing, and nobody is told which of the three it is.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

import segno
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Database, Role, Scope, system_scope
from cluster.base.errors import NotFound
from cluster.base.keys import ALPHABET
from cluster.dispatch import link_queries
from cluster.dispatch.models import IssuedLink, Link

TOKEN_LENGTH = 32
NOTED_EVERY = timedelta(minutes=1)
DRIVER_PATH = "/drive#{token}"
TRACK_PATH = "/track#{token}"
"""Where the pages for drivers and consignees stand."""


class Opened(Struct, frozen=True, kw_only=True):
    """What a token opened: one thing of one cluster, with the rights of the platform's own work."""

    scope: Scope
    link_id: UUID
    thing_id: UUID
    expires_at: datetime


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Asked(Struct, frozen=True, kw_only=True):
    """A link to be made: for so many hours, at the address (``https://...``) where people reach the platform."""

    hours: int
    origin: str


async def issue(
    db: Connection, scope: Scope, kind: link_queries.LinkKind, thing_id: UUID, member_id: UUID | None, asked: Asked
) -> IssuedLink:
    """A fresh link to a tour, or to a shipment of ``member_id``."""
    token = "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))
    link_id, expires_at = ids.new(), datetime.now(UTC) + timedelta(hours=asked.hours)
    await link_queries.insert(db, scope, kind, link_id, thing_id, member_id, _digest(token), expires_at)
    page = DRIVER_PATH if kind is link_queries.LinkKind.DRIVER else TRACK_PATH
    path = page.format(token=token)
    # A printed code gets creased and dirty: with this correction a quarter of it may be unreadable.
    picture = segno.make(asked.origin + path, micro=False, error="q").svg_data_uri(scale=4, light="white")
    return IssuedLink(id=ids.show("lnk", link_id), token=token, path=path, qr_data_uri=picture, expires_at=expires_at)


async def of(db: Connection, scope: Scope, kind: link_queries.LinkKind, thing_id: UUID) -> list[Link]:
    """All links of a thing, the newest last."""
    return await link_queries.links(db, scope, kind, thing_id)


async def revoke(db: Connection, scope: Scope, kind: link_queries.LinkKind, thing_id: UUID, link_id: UUID) -> None:
    """Closes a link. Closing it twice is the same as once."""
    if not await link_queries.revoke(db, scope, kind, thing_id, link_id):
        raise NotFound("lnk")


async def open_link(database: Database, kind: link_queries.LinkKind, token: str) -> Opened:
    """
    What a token opens.

    Raises
    ------
    NotFound
        For a token that opens nothing, whatever the cause.
    """
    if len(token) != TOKEN_LENGTH or not token.isascii() or not token.isalnum():
        raise NotFound("lnk")
    async with database.unit(Scope(role=Role.AUTHENTICATOR)) as db:
        row = await link_queries.find(db, kind, _digest(token))
    if row is None:
        raise NotFound("lnk")
    return Opened(
        scope=system_scope(row["cluster_id"]),
        link_id=row["link_id"],
        thing_id=row["thing_id"],
        expires_at=row["expires_at"],
    )


async def note_use(db: Connection, opened: Opened, kind: link_queries.LinkKind) -> None:
    """Writes down that a link was used, at most once a minute."""
    await link_queries.note_use(db, opened.scope, kind, opened.link_id, NOTED_EVERY)
