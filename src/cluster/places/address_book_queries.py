"""SQL of the address book. No statement finds another member's rows; the coordinator finds none."""

from datetime import time
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.places.address import Located, OldAddress, Precision
from cluster.places.address_book_models import AddAddress, AddressRef, SavedAddress
from cluster.places.opening import OpeningHours


async def insert(
    db: Connection, scope: Scope, address_id: UUID, body: AddAddress, place: Located, search_text: str
) -> bool:
    """A new address; False when the member has one with this code."""
    try:
        async with db.transaction():
            await db.execute(
                """
                INSERT INTO addresses (cluster_id, address_id, member_id, code, name, company, phone, email,
                                       address_line1, address_line2, locality, postal_code, subdivision, country_code,
                                       province_code, ward_code, legacy, lat, lon, location_precision, opens_at,
                                       closes_at, hours, service_s, instructions, access_notes, search_text)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                        $22, $23, $24, $25, $26, $27)
                """,
                scope.cluster,
                address_id,
                scope.member_id,
                *_values(body, place),
                search_text,
            )
    except asyncpg.UniqueViolationError:
        return False
    return True


async def update(
    db: Connection, scope: Scope, address_id: UUID, version: int, body: AddAddress, place: Located, search_text: str
) -> bool | None:
    """Replaces an address of that version; False when it has another by now, None when its code is taken."""
    try:
        async with db.transaction():
            tag = await db.execute(
                """
                UPDATE addresses
                   SET code = $5, name = $6, company = $7, phone = $8, email = $9, address_line1 = $10,
                       address_line2 = $11, locality = $12, postal_code = $13, subdivision = $14, country_code = $15,
                       province_code = $16, ward_code = $17, legacy = $18, lat = $19, lon = $20,
                       location_precision = $21, opens_at = $22, closes_at = $23, hours = $24, service_s = $25,
                       instructions = $26, access_notes = $27, search_text = $28, version = version + 1,
                       updated_at = now()
                 WHERE cluster_id = $1 AND member_id = $2 AND address_id = $3 AND version = $4
                """,
                scope.cluster,
                scope.member_id,
                address_id,
                version,
                *_values(body, place),
                search_text,
            )
    except asyncpg.UniqueViolationError:
        return None
    return bool(tag == "UPDATE 1")


def _values(body: AddAddress, place: Located) -> tuple[Any, ...]:
    """An address's columns, in the order of both statements."""
    return (
        body.code,
        body.name,
        body.company,
        body.phone,
        body.email,
        body.address_line1,
        body.address_line2,
        body.locality,
        body.postal_code,
        body.subdivision,
        body.country_code,
        place.province_code,
        place.ward_code,
        None if body.legacy is None else msgspec.to_builtins(body.legacy),
        place.lat,
        place.lon,
        place.precision,
        None if body.opens_at is None else time.fromisoformat(body.opens_at),
        None if body.closes_at is None else time.fromisoformat(body.closes_at),
        None if body.hours is None else msgspec.to_builtins(body.hours),
        body.service_s,
        body.instructions,
        body.access_notes,
    )


async def address(db: Connection, scope: Scope, address_id: UUID) -> SavedAddress | None:
    """One address of the calling member."""
    row = await db.fetchrow(
        """
        SELECT address_id, code, name, company, phone, email, address_line1, address_line2, locality, postal_code,
               subdivision, country_code, province_code, ward_code, legacy, lat, lon, location_precision,
               to_char(opens_at, 'HH24:MI') AS opens_at, to_char(closes_at, 'HH24:MI') AS closes_at, hours, service_s,
               instructions, access_notes, version, created_at, updated_at
          FROM addresses WHERE cluster_id = $1 AND member_id = $2 AND address_id = $3
        """,
        scope.cluster,
        scope.member_id,
        address_id,
    )
    return None if row is None else _saved(row)


async def addresses(
    db: Connection, scope: Scope, member_id: UUID | None, after: UUID, limit: int, words: list[str]
) -> list[SavedAddress]:
    """
    Addresses of a member in which all words are found; all of them for no words.

    A member's book is looked through row by row: what looks faster up (full text, trigrams) is not proof against
    telling by its timing what others have, so that PostgreSQL does not use it under row-level security.
    """
    rows = await db.fetch(
        """
        SELECT address_id, code, name, company, phone, email, address_line1, address_line2, locality, postal_code,
               subdivision, country_code, province_code, ward_code, legacy, lat, lon, location_precision,
               to_char(opens_at, 'HH24:MI') AS opens_at, to_char(closes_at, 'HH24:MI') AS closes_at, hours, service_s,
               instructions, access_notes, version, created_at, updated_at
          FROM addresses
         WHERE cluster_id = $1 AND member_id = $2 AND address_id > $3
           AND NOT EXISTS (SELECT FROM unnest($5::text[]) AS word WHERE strpos(search_text, word) = 0)
         ORDER BY address_id LIMIT $4
        """,
        scope.cluster,
        member_id,
        after,
        limit,
        words,
    )
    return [_saved(row) for row in rows]


def _saved(row: asyncpg.Record) -> SavedAddress:
    fields = dict(row)
    return SavedAddress(id=ids.show("adr", fields.pop("address_id")), **_structured(fields))


def _structured(fields: dict[str, Any]) -> dict[str, Any]:
    """Columns that hold structures, as structures."""
    if "legacy" in fields and fields["legacy"] is not None:
        fields["legacy"] = msgspec.convert(fields["legacy"], OldAddress)
    if fields["hours"] is not None:
        fields["hours"] = msgspec.convert(fields["hours"], OpeningHours)
    fields["location_precision"] = Precision(fields["location_precision"])
    return fields


async def address_refs(db: Connection, scope: Scope, address_ids: list[UUID]) -> dict[UUID, AddressRef]:
    """Those of the given addresses that are the calling member's, by identifier."""
    rows = await db.fetch(
        """
        SELECT address_id, member_id, name, company, phone, address_line1, address_line2, locality, postal_code,
               subdivision, country_code, province_code, ward_code, lat, lon, location_precision,
               to_char(opens_at, 'HH24:MI') AS opens_at, to_char(closes_at, 'HH24:MI') AS closes_at, hours, service_s,
               instructions, access_notes
          FROM addresses WHERE cluster_id = $1 AND member_id = $2 AND address_id = ANY($3)
        """,
        scope.cluster,
        scope.member_id,
        address_ids,
    )
    return {row["address_id"]: AddressRef(**_structured(dict(row))) for row in rows}


async def by_codes(db: Connection, scope: Scope, codes: list[str]) -> dict[str, UUID]:
    """Identifiers of the calling member's addresses with these codes."""
    rows = await db.fetch(
        "SELECT code, address_id FROM addresses WHERE cluster_id = $1 AND member_id = $2 AND code = ANY($3)",
        scope.cluster,
        scope.member_id,
        codes,
    )
    return {row["code"]: row["address_id"] for row in rows}


async def delete(db: Connection, scope: Scope, address_id: UUID) -> bool:
    """Erases an address of the calling member; False when there is none."""
    tag = await db.execute(
        "DELETE FROM addresses WHERE cluster_id = $1 AND member_id = $2 AND address_id = $3",
        scope.cluster,
        scope.member_id,
        address_id,
    )
    return bool(tag == "DELETE 1")


async def delete_all(db: Connection, scope: Scope, member_id: UUID) -> None:
    """Erases all addresses of a member."""
    await db.execute("DELETE FROM addresses WHERE cluster_id = $1 AND member_id = $2", scope.cluster, member_id)
