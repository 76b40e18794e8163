"""SQL of a firm's own records."""

from datetime import date
from typing import TypeVar
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.members.firm_models import AddContact, Consent, Contact, Document, Evidence, GiveConsent, SubmitEvidence
from cluster.members.models import Member, SizeClass, SizeStandard
from cluster.members.sme import SizeFigures

T = TypeVar("T")


async def change(db: Connection, scope: Scope, member_id: UUID, seen: int, to: Member) -> bool:
    """Puts new master data in place of version ``seen``; False when that is no longer there."""
    done = await db.fetchval(
        """
        UPDATE members SET name = $4, legal_form = $5, country_code = $6, tax_id = $7, tax_id_check = $8, gln = $9,
                           lei = $10, version = version + 1
         WHERE cluster_id = $1 AND member_id = $2 AND version = $3 RETURNING true
        """,
        scope.cluster,
        member_id,
        seen,
        to.name,
        to.legal_form,
        to.country_code,
        to.tax_id,
        to.tax_id_check,
        to.gln,
        to.lei,
    )
    return bool(done)


async def insert_contact(
    db: Connection,
    scope: Scope,
    contact_id: UUID,
    body: AddContact,
    member_id: UUID | None,
    application_id: UUID | None,
) -> None:
    """A new person, of a member or of an application."""
    await db.execute(
        """
        INSERT INTO contacts (cluster_id, contact_id, member_id, application_id, purpose, name, email, phone)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        scope.cluster,
        contact_id,
        member_id,
        application_id,
        body.purpose,
        body.name,
        body.email,
        body.phone,
    )


async def contacts(
    db: Connection,
    scope: Scope,
    after: UUID,
    limit: int,
    *,
    application_id: UUID | None = None,
    only: UUID | None = None,
) -> list[Contact]:
    """Persons that the caller may see, of members or of one application; or the one with identifier ``only``."""
    rows = await db.fetch(
        """
        SELECT contact_id, member_id, purpose, name, email, phone, created_at FROM contacts
         WHERE cluster_id = $1 AND contact_id > $2 AND ($3::uuid IS NULL OR member_id = $3)
           AND ($5::uuid IS NULL OR application_id = $5) AND ($6::uuid IS NULL OR contact_id = $6)
         ORDER BY contact_id LIMIT $4
        """,
        scope.cluster,
        after,
        scope.member_id,
        limit,
        application_id,
        only,
    )
    return [_shown(row, Contact, {"contact_id": "ctc", "member_id": "mem"}) for row in rows]


async def delete_contact(db: Connection, scope: Scope, contact_id: UUID) -> bool:
    """Takes a person out; False when the caller has no such contact."""
    done = await db.fetchval(
        """
        DELETE FROM contacts WHERE cluster_id = $1 AND contact_id = $2 AND ($3::uuid IS NULL OR member_id = $3)
        RETURNING true
        """,
        scope.cluster,
        contact_id,
        scope.member_id,
    )
    return bool(done)


async def insert_evidence(
    db: Connection,
    scope: Scope,
    evidence_id: UUID,
    member_id: UUID,
    body: SubmitEvidence,
    standard: SizeStandard,
    size_class: SizeClass,
) -> None:
    """New evidence, to be reviewed."""
    figures, document = body.figures, body.document
    await db.execute(
        """
        INSERT INTO size_evidence (cluster_id, evidence_id, member_id, standard, sector, employees, revenue_minor,
                                   assets_minor, currency, fiscal_year, size_class, document_kind, document_ref,
                                   document_date, file_sha256)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """,
        scope.cluster,
        evidence_id,
        member_id,
        standard,
        figures.sector,
        figures.employees,
        figures.revenue_minor,
        figures.assets_minor,
        figures.currency,
        figures.fiscal_year,
        size_class,
        document.kind,
        document.reference,
        document.dated,
        document.file_sha256,
    )


async def evidence(
    db: Connection, scope: Scope, member_id: UUID, after: UUID, limit: int, only: UUID | None = None
) -> list[Evidence]:
    """A member's evidence, oldest first; or the one with identifier ``only``."""
    rows = await db.fetch(
        """
        SELECT evidence_id, member_id, standard, sector, employees, revenue_minor, assets_minor, currency, fiscal_year,
               size_class, document_kind, document_ref, document_date, file_sha256, status, reason, created_at,
               reviewed_at, valid_until
          FROM size_evidence
         WHERE cluster_id = $1 AND member_id = $2 AND evidence_id > $3 AND ($5::uuid IS NULL OR evidence_id = $5)
         ORDER BY evidence_id LIMIT $4
        """,
        scope.cluster,
        member_id,
        after,
        limit,
        only,
    )
    return [_evidence(row) for row in rows]


def _evidence(row: asyncpg.Record) -> Evidence:
    figures = {name: row[name] for name in SizeFigures.__struct_fields__}
    names = {"kind": "document_kind", "reference": "document_ref", "dated": "document_date"}
    document = {name: row[column] for name, column in names.items()} | {"file_sha256": row["file_sha256"]}
    shown = {
        "id": ids.show("evd", row["evidence_id"]),
        "member_id": ids.show("mem", row["member_id"]),
        "figures": msgspec.convert(figures, SizeFigures),
        "document": msgspec.convert(document, Document),
    }
    return msgspec.convert(dict(row) | shown, Evidence)


async def review(db: Connection, scope: Scope, evidence_id: UUID, *, accepted: bool, reason: str | None) -> date | None:
    """Judges submitted evidence; returns until when it holds, None for what is rejected or was judged before."""
    held: date | None = await db.fetchval(
        """
        UPDATE size_evidence
           SET status = CASE WHEN $3 THEN 'accepted' ELSE 'rejected' END, reason = $4, reviewed_at = now(),
               valid_until = CASE WHEN $3 THEN (now() + interval '1 year')::date END
         WHERE cluster_id = $1 AND evidence_id = $2 AND status = 'submitted' RETURNING valid_until
        """,
        scope.cluster,
        evidence_id,
        accepted,
        reason,
    )
    return held


async def set_size(db: Connection, scope: Scope, member_id: UUID, size_class: SizeClass, valid_until: date) -> None:
    """What a member's size is taken to be."""
    await db.execute(
        """
        UPDATE members SET size_class = $3, size_valid_until = $4, version = version + 1
         WHERE cluster_id = $1 AND member_id = $2
        """,
        scope.cluster,
        member_id,
        size_class,
        valid_until,
    )


async def insert_consent(db: Connection, scope: Scope, consent_id: UUID, body: GiveConsent) -> bool:
    """A new consent of the caller's firm; False when it is given already."""
    partner_id = None if body.partner_id is None else ids.parse("mem", body.partner_id)
    done = await db.fetchval(
        """
        INSERT INTO consents (cluster_id, consent_id, member_id, purpose, partner_id) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING RETURNING true
        """,
        scope.cluster,
        consent_id,
        scope.member_id,
        body.purpose,
        partner_id,
    )
    return bool(done)


async def consents(db: Connection, scope: Scope, after: UUID, limit: int, only: UUID | None = None) -> list[Consent]:
    """Consents, those revoked among them, oldest first; or the one with identifier ``only``."""
    rows = await db.fetch(
        """
        SELECT consent_id, member_id, purpose, partner_id, granted_at, revoked_at FROM consents
         WHERE cluster_id = $1 AND consent_id > $2 AND ($3::uuid IS NULL OR member_id = $3)
           AND ($5::uuid IS NULL OR consent_id = $5)
         ORDER BY consent_id LIMIT $4
        """,
        scope.cluster,
        after,
        scope.member_id,
        limit,
        only,
    )
    return [_shown(row, Consent, {"consent_id": "cns", "member_id": "mem", "partner_id": "mem"}) for row in rows]


async def revoke_consent(db: Connection, scope: Scope, consent_id: UUID) -> bool:
    """Ends a consent; False when the caller has no such consent."""
    done = await db.fetchval(
        """
        UPDATE consents SET revoked_at = coalesce(revoked_at, now())
         WHERE cluster_id = $1 AND consent_id = $2 AND member_id = $3 RETURNING true
        """,
        scope.cluster,
        consent_id,
        scope.member_id,
    )
    return bool(done)


def _shown(row: asyncpg.Record, kind: type[T], prefixes: dict[str, str]) -> T:
    """A row with its identifiers as they are shown; the first of ``prefixes`` is the row's own."""
    fields = dict(row)
    for name, prefix in prefixes.items():
        fields[name] = None if fields[name] is None else ids.show(prefix, fields[name])
    return msgspec.convert({"id": fields.pop(next(iter(prefixes)))} | fields, kind)
