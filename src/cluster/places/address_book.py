"""Use cases of the address book: a member's consignees, for that member alone."""

from uuid import UUID

import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.etags import Outdated
from cluster.base.pages import Page, page
from cluster.places import address_book_queries as queries
from cluster.places import geocoding_queries
from cluster.places.address import Located
from cluster.places.address_book_models import AddAddress, AddressRef, SavedAddress
from cluster.places.vietnam import plain

WORDS_MAX = 10


async def add(db: Connection, scope: Scope, body: AddAddress, place: Located) -> SavedAddress:
    """
    Adds an address to the calling member's book.

    Raises
    ------
    Conflict
        When the member has one with this code.
    """
    address_id = ids.new()
    if not await queries.insert(db, scope, address_id, body, place, _search_text(body)):
        raise _taken(body.code)
    return await address(db, scope, address_id)


async def address(db: Connection, scope: Scope, address_id: UUID) -> SavedAddress:
    """One address of the calling member."""
    found = await queries.address(db, scope, address_id)
    if found is None:
        raise NotFound("adr")
    return found


async def list_addresses(
    db: Connection, scope: Scope, after: UUID, limit: int, words: str | None
) -> Page[SavedAddress]:
    """Addresses of the calling member; those that hold all the words given, accents or none."""
    sought = plain(words or "").split()[:WORDS_MAX]
    return page(await queries.addresses(db, scope, scope.member_id, after, limit + 1, sought), limit)


async def replace(
    db: Connection, scope: Scope, address_id: UUID, version: int, body: AddAddress, place: Located
) -> SavedAddress:
    """
    Puts a changed address in place of the version that it was made from.

    Raises
    ------
    Outdated
        When it was changed meanwhile.
    Conflict
        When the member has another one with this code.
    """
    done = await queries.update(db, scope, address_id, version, body, place, _search_text(body))
    if done is None:
        raise _taken(body.code)
    if not done:
        raise Outdated
    return await address(db, scope, address_id)


async def delete(db: Connection, scope: Scope, address_id: UUID) -> None:
    """Erases an address for good; what was booked with it keeps its copy."""
    if not await queries.delete(db, scope, address_id):
        raise NotFound("adr")


async def address_refs(db: Connection, scope: Scope, address_ids: list[UUID]) -> dict[UUID, AddressRef]:
    """Those of the given addresses that are the calling member's."""
    return await queries.address_refs(db, scope, address_ids) if address_ids else {}


async def ids_by_code(db: Connection, scope: Scope, codes: list[str]) -> dict[str, UUID]:
    """Identifiers of the calling member's addresses with these codes."""
    return await queries.by_codes(db, scope, codes) if codes else {}


async def book_of(db: Connection, scope: Scope, member_id: UUID, after: UUID, limit: int) -> list[SavedAddress]:
    """A member's address book for the platform's own work, such as handing a leaving member its data."""
    return await queries.addresses(db, scope, member_id, after, limit, [])


async def erase_book(db: Connection, scope: Scope, member_id: UUID) -> None:
    """Erases a member's address book, and what geocoders answered about it: the platform's own work."""
    await queries.delete_all(db, scope, member_id)
    await geocoding_queries.forget_all(db, scope, member_id)


def _search_text(body: AddAddress) -> str:
    """What a search looks at, without accents; digits of a phone number together as well."""
    phone = "".join(letter for letter in body.phone or "" if letter.isdigit())
    old = msgspec.to_builtins(body.legacy).values() if body.legacy is not None else ()
    parts = [body.name, body.company, body.code, body.address_line1, body.address_line2, body.locality]
    parts += [body.postal_code, body.phone, phone, body.email, *old]
    return plain(" ".join(part for part in parts if part))


def _taken(code: str | None) -> Conflict:
    return Conflict("address_code_taken", f"There is an address with code {code} already.")
