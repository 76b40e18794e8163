"""Use cases of places."""

from uuid import UUID

from msgspec import UNSET

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Forbidden, Invalid, NotFound
from cluster.base.etags import Outdated
from cluster.base.pages import Page, page
from cluster.members import service as members
from cluster.places import queries, unlocodes
from cluster.places.address import Located
from cluster.places.models import AddSite, EditSite, Site, SiteKind, SiteRef


async def add_site(db: Connection, scope: Scope, body: AddSite, place: Located) -> Site:
    """
    Adds a site: shared or a member's by the coordinator, its own by a member.

    Raises
    ------
    Invalid
        When a member adds a hub, or names a member, or a code of UN/LOCODE does not exist.
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
    await _judge_codes(db, body)
    site_id = ids.new()
    if not await queries.insert_site(db, scope, site_id, member_id, body, place):
        raise _taken(body.code)
    return await site(db, scope, site_id)


async def site_to_edit(db: Connection, scope: Scope, site_id: UUID) -> Site:
    """
    One site that the caller may change.

    Raises
    ------
    Forbidden
        When a member asks for a shared one.
    """
    found = await site(db, scope, site_id)
    if scope.member_id is not None and found.member_id is None:
        raise Forbidden("Shared sites are changed by the coordinator.")
    return found


async def replace_site(
    db: Connection, scope: Scope, current: Site, changes: EditSite, whole: AddSite, place: Located
) -> Site:
    """
    Puts a changed site in place of the version that it was made from.

    Raises
    ------
    Outdated
        When it was changed meanwhile.
    Conflict
        When the owner has another one with this code.
    Invalid
        When a code of UN/LOCODE does not exist.
    """
    if changes.un_locode is not UNSET:
        await _judge_codes(db, whole)
    site_id = ids.parse("sit", current.id)
    active = current.active if changes.active is UNSET else changes.active
    done = await queries.update_site(db, scope, site_id, current.version, whole, place, active)
    if done is None:
        raise _taken(whole.code)
    if not done:
        raise Outdated
    return await site(db, scope, site_id)


async def _judge_codes(db: Connection, body: AddSite) -> None:
    faults = await unlocodes.faults_of(db, body.un_locode)
    if faults:
        raise Invalid(faults)


def _taken(code: str) -> Conflict:
    return Conflict("site_code_taken", f"There is a site with code {code} already.")


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
