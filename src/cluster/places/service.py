"""Use cases of places."""

from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.members import service as members
from cluster.places import queries
from cluster.places.models import AddSite, Site, SiteKind, SiteRef


async def add_site(db: Connection, scope: Scope, body: AddSite) -> Site:
    """
    Adds a site: shared or a member's by the coordinator, its own by a member.

    Raises
    ------
    Invalid
        When a member adds a hub, or names a member.
    NotFound
        When the coordinator names a member that does not exist.
    Conflict
        When the owner has a site with this code.
    """
    member_id = scope.member_id
    if scope.neutral:
        member_id = None if body.member_id is None else ids.parse("mem", body.member_id)
        if member_id is not None:
            await members.member(db, scope, member_id)
    elif body.member_id is not None or body.kind is SiteKind.HUB:
        pointer = "/kind" if body.member_id is None else "/member_id"
        cure = "leave member_id out and choose another kind than hub"
        raise Invalid([FieldFault(pointer=pointer, code="not_yours", cause="for the coordinator alone", cure=cure)])
    site_id = ids.new()
    if not await queries.insert_site(db, scope, site_id, member_id, body):
        raise Conflict("site_code_taken", f"There is a site with code {body.code} already.")
    return await site(db, scope, site_id)


async def site(db: Connection, scope: Scope, site_id: UUID) -> Site:
    """One site that the caller may see."""
    found = await queries.site(db, scope, site_id)
    if found is None:
        raise NotFound("sit")
    return found


async def list_sites(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Site]:
    """Sites that the caller may see."""
    return page(await queries.sites(db, scope, after, limit + 1), limit)


async def site_refs(db: Connection, scope: Scope, site_ids: list[UUID]) -> dict[UUID, SiteRef]:
    """Those of the given sites that the caller may see."""
    return await queries.site_refs(db, scope, site_ids) if site_ids else {}
