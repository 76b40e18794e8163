"""Use cases of a firm's own records."""

from uuid import UUID

import asyncpg
from msgspec import structs

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.etags import Outdated, must_match
from cluster.base.pages import Page, page
from cluster.members import firm_queries, service
from cluster.members.firm_models import (
    AddContact,
    AddedContact,
    ChangeMember,
    Consent,
    Contact,
    Evidence,
    GiveConsent,
    ReviewEvidence,
    SizeQuestion,
    SubmitEvidence,
)
from cluster.members.models import Member
from cluster.members.platform import platform
from cluster.members.sme import SizeResult, size_class
from cluster.members.tax_ids import tax_id_check

FIRST = UUID(int=0)


async def change(db: Connection, scope: Scope, member_id: UUID, if_match: str | None, body: ChangeMember) -> Member:
    """
    Changes a firm's master data: the coordinator anybody's, a member's admin its own.

    Raises
    ------
    VersionMissing, Outdated
        When the caller does not say which version it changes, or another one is there.
    Invalid
        For a tax number of no known country, or with a wrong check digit.
    """
    now = await service.member(db, scope, member_id)
    must_match(if_match, now.version)
    then = structs.replace(now, **{name: to for name, to in structs.asdict(body).items() if to is not None})
    if then.tax_id is not None and (body.tax_id is not None or body.country_code is not None):
        then = _with_tax_id(then)
    changed = [name for name in Member.__struct_fields__ if getattr(now, name) != getattr(then, name)]
    if not changed:
        return now
    async with platform(db, scope) as acting:
        if not await firm_queries.change(db, acting, member_id, now.version, then):
            raise Outdated
    await audit.record(db, scope, "member.changed", "mem", member_id, {"changed": changed})
    await outbox.emit(db, scope, member_id, "member.changed", {"changed": changed}, member_id=member_id)
    return await service.member(db, scope, member_id)


def _with_tax_id(member: Member) -> Member:
    if member.country_code is None or member.tax_id is None:
        cure = "give country_code too"
        raise Invalid([FieldFault(pointer="/tax_id", code="country_missing", cause="of no known country", cure=cure)])
    found = tax_id_check(member.country_code, member.tax_id)
    if found.check == "wrong_check_digit":
        raise Invalid(
            [
                FieldFault(
                    pointer="/tax_id", code="check_digit", cause="its check digit is wrong", cure="look for a typo"
                )
            ]
        )
    return structs.replace(member, tax_id=found.tax_id, tax_id_check=found.check)


async def class_of(db: Connection, scope: Scope, body: SizeQuestion) -> SizeResult:
    """How large a firm with these figures is; nothing is stored."""
    standard = body.standard or (await service.cluster_of(db, scope)).size_standard
    return size_class(standard, body.figures)


async def submit(db: Connection, scope: Scope, member_id: UUID, body: SubmitEvidence) -> Evidence:
    """
    Takes evidence of a firm's size for review.

    Raises
    ------
    Invalid
        When the cluster's standard makes no class of these figures.
    """
    await service.member(db, scope, member_id)
    standard = (await service.cluster_of(db, scope)).size_standard
    found, evidence_id = size_class(standard, body.figures), ids.new()
    await firm_queries.insert_evidence(db, scope, evidence_id, member_id, body, standard, found.size_class)
    await audit.record(db, scope, "size_evidence.submitted", "evd", evidence_id, {"size_class": found.size_class})
    await outbox.emit(db, scope, evidence_id, "size_evidence.submitted", {}, member_id=member_id)
    return await one_evidence(db, scope, member_id, evidence_id)


async def one_evidence(db: Connection, scope: Scope, member_id: UUID, evidence_id: UUID) -> Evidence:
    """One piece of evidence of a member."""
    found = await firm_queries.evidence(db, scope, member_id, FIRST, 1, evidence_id)
    if not found:
        raise NotFound("evd")
    return found[0]


async def list_evidence(db: Connection, scope: Scope, member_id: UUID, after: UUID, limit: int) -> Page[Evidence]:
    """A member's evidence, oldest first."""
    await service.member(db, scope, member_id)
    return page(await firm_queries.evidence(db, scope, member_id, after, limit + 1), limit)


async def review(db: Connection, scope: Scope, member_id: UUID, evidence_id: UUID, body: ReviewEvidence) -> Evidence:
    """
    Judges evidence; accepted, it makes the member's class for a year.

    Raises
    ------
    Conflict
        When it was judged before.
    """
    seen = await one_evidence(db, scope, member_id, evidence_id)
    valid_until = await firm_queries.review(db, scope, evidence_id, accepted=body.accept, reason=body.reason)
    judged = await one_evidence(db, scope, member_id, evidence_id)
    if seen.status != "submitted" or (body.accept and valid_until is None):
        raise Conflict("evidence_reviewed", "This evidence was judged before; a firm may submit more.")
    if valid_until is not None:
        await firm_queries.set_size(db, scope, member_id, judged.size_class, valid_until)
    facts = {"status": judged.status, "size_class": judged.size_class}
    await audit.record(db, scope, "size_evidence.reviewed", "evd", evidence_id, facts)
    await outbox.emit(db, scope, evidence_id, "size_evidence.reviewed", facts, member_id=member_id)
    return judged


async def add_contact(db: Connection, scope: Scope, body: AddContact) -> AddedContact:
    """A person of the caller's firm."""
    contact_id = ids.new()
    await firm_queries.insert_contact(db, scope, contact_id, body, scope.member_id, None)
    await audit.record(db, scope, "contact.added", "ctc", contact_id)
    made = (await firm_queries.contacts(db, scope, FIRST, 1, only=contact_id))[0]
    return AddedContact(id=made.id, purpose=made.purpose, created_at=made.created_at)


async def list_contacts(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Contact]:
    """Persons: of all firms for the coordinator, of its own for a member."""
    return page(await firm_queries.contacts(db, scope, after, limit + 1), limit)


async def delete_contact(db: Connection, scope: Scope, contact_id: UUID) -> None:
    """Takes a person out, for good."""
    if not await firm_queries.delete_contact(db, scope, contact_id):
        raise NotFound("ctc")
    await audit.record(db, scope, "contact.erased", "ctc", contact_id)


async def give_consent(db: Connection, scope: Scope, body: GiveConsent) -> Consent:
    """
    Allows one thing to be told; until it is revoked.

    Raises
    ------
    NotFound
        When the cluster has no such partner.
    Conflict
        When this is allowed already.
    """
    consent_id = ids.new()
    try:
        fresh = await firm_queries.insert_consent(db, scope, consent_id, body)
    except asyncpg.ForeignKeyViolationError:  # a firm sees no other's row, only the reference does
        raise NotFound("mem") from None
    if not fresh:
        raise Conflict("consent_given", "This consent is in force already.")
    await audit.record(db, scope, "consent.given", "cns", consent_id, {"purpose": body.purpose})
    return (await firm_queries.consents(db, scope, FIRST, 1, consent_id))[0]


async def list_consents(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Consent]:
    """Consents, past ones among them: of all firms for the coordinator, its own for a member."""
    return page(await firm_queries.consents(db, scope, after, limit + 1), limit)


async def revoke_consent(db: Connection, scope: Scope, consent_id: UUID) -> None:
    """Ends a consent, from now on."""
    if not await firm_queries.revoke_consent(db, scope, consent_id):
        raise NotFound("cns")
    await audit.record(db, scope, "consent.revoked", "cns", consent_id)
