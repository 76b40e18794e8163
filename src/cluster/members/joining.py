"""Use cases of joining: invite, apply, examine, approve, reject."""

import hashlib
from uuid import UUID

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Role, Scope, system_scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound, TooMany
from cluster.base.pages import Page, page
from cluster.members import firm_queries, joining_queries, rules_queries, service, tokens
from cluster.members.firm_models import SubmitEvidence
from cluster.members.joining_models import (
    Application,
    Applied,
    Apply,
    ApproveApplication,
    Approved,
    Condition,
    ExaminedApplication,
    Finding,
    Invitation,
    InviteFirm,
    IssuedInvitation,
    RejectApplication,
    Terms,
    conditions,
)
from cluster.members.models import AdmitMember, IssueKey, KeyRole, TaxIdCheck
from cluster.members.sme import size_class
from cluster.members.tax_ids import CheckedTaxId, tax_id_check

INVITATION_DAYS = 14
PER_HOUR_MAX = 20
WAITING_MAX = 200
"""Applications without invitation that a cluster takes within an hour, and that may wait for a decision."""
FIRST = UUID(int=0)


def applicant(code: str) -> tuple[Scope, tokens.Named]:
    """
    The scope in which whoever holds this text may ask: the platform's, in the cluster that it names.

    Its answers to repeated requests belong to whoever holds the same text.

    Raises
    ------
    Invalid
        When the text is none of ours.
    """
    named = tokens.read(code)
    if named is None:
        raise _closed()
    holder = UUID(bytes=hashlib.sha256(named.digest).digest()[:16])
    return Scope(role=Role.SYSTEM, cluster_id=named.cluster_id, key_id=holder), named


def _closed() -> Invalid:
    """One answer for a wrong, used, revoked or expired code and for a cluster that is closed."""
    cure = "ask the cluster's coordinator for a fresh one"
    return Invalid([FieldFault(pointer="/code", code="code_opens_nothing", cause="opens nothing", cure=cure)])


async def invite(db: Connection, scope: Scope, body: InviteFirm) -> IssuedInvitation:
    """Invites a firm; the secret is shown once."""
    invitation_id = ids.new()
    token = tokens.make(tokens.INVITATION, scope.cluster, invitation_id)
    expires_at = await joining_queries.insert_invitation(
        db, scope, invitation_id, token, body.firm_name, INVITATION_DAYS
    )
    await audit.record(db, scope, "invitation.issued", "inv", invitation_id)
    return IssuedInvitation(
        id=ids.show("inv", invitation_id),
        firm_name=body.firm_name,
        token=token.text,
        link=f"/#apply={token.text}",
        expires_at=expires_at,
    )


async def list_invitations(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Invitation]:
    """Invitations, without their secrets."""
    return page(await joining_queries.invitations(db, scope, after, limit + 1), limit)


async def revoke_invitation(db: Connection, scope: Scope, invitation_id: UUID) -> None:
    """Ends an invitation that was not used."""
    if not await joining_queries.revoke_invitation(db, scope, invitation_id):
        raise NotFound("inv")
    await audit.record(db, scope, "invitation.revoked", "inv", invitation_id)


async def _must_open(db: Connection, named: tokens.Named) -> None:
    opens = joining_queries.invitation_opens if named.kind == tokens.INVITATION else joining_queries.code_opens
    if not await opens(db, named):
        raise _closed()


async def terms(db: Connection, scope: Scope, named: tokens.Named) -> Terms:
    """
    What a cluster asks of whoever holds one of its codes.

    Raises
    ------
    Invalid
        When the code opens nothing (any more).
    """
    await _must_open(db, named)
    cluster = await service.cluster_of(db, scope)
    return Terms(
        cluster_name=cluster.name,
        country_code=cluster.country_code,
        currency=cluster.currency,
        size_standard=cluster.size_standard,
        admit_countries=cluster.admit_countries,
        admit_size_classes=cluster.admit_size_classes,
        evidence_required=cluster.evidence_required,
        agreement_required=cluster.agreement_required,
        agreement=await rules_queries.newest_agreement(db, scope),
    )


async def apply(db: Connection, scope: Scope, named: tokens.Named, body: Apply) -> Applied:
    """
    Takes a firm's application.

    Raises
    ------
    Invalid
        When the code opens nothing, the cluster's standard makes no class of the figures, the tax number's check digit
        is wrong, or the accepted text is not that of the newest agreement.
    TooMany
        When the cluster has got too many applications without invitation.
    """
    await _must_open(db, named)
    invited = named.kind == tokens.INVITATION
    if not invited:
        await _throttle(db, scope)
    tax_id = None if body.tax_id is None else tax_id_check(body.country_code, body.tax_id)
    faults = await _faults(db, scope, body, tax_id)
    if faults:
        raise Invalid(faults)
    if invited and not await joining_queries.use_invitation(db, named):
        raise _closed()
    application_id = ids.new()
    invitation_id = named.thing_id if invited else None
    await joining_queries.insert_application(db, scope, application_id, invitation_id, body, tax_id)
    await firm_queries.insert_contact(db, scope, ids.new(), body.contact, None, application_id)
    platform = system_scope(scope.cluster)
    await audit.record(db, platform, "application.received", "apl", application_id, {"invited": invited})
    await outbox.emit(db, scope, application_id, "application.received", {})
    made = await _application(db, scope, application_id)
    return Applied(id=made.id, status=made.status, created_at=made.created_at)


async def _throttle(db: Connection, scope: Scope) -> None:
    lately, waiting = await joining_queries.recent(db, scope)
    if lately >= PER_HOUR_MAX or waiting >= WAITING_MAX:
        raise TooMany("This cluster has got many applications; try later, or ask for an invitation.", 3600)


async def _faults(db: Connection, scope: Scope, body: Apply, tax_id: CheckedTaxId | None) -> list[FieldFault]:
    faults = []
    if tax_id is not None and tax_id.check is TaxIdCheck.WRONG_CHECK_DIGIT:
        cause = "its check digit is wrong"
        faults.append(FieldFault(pointer="/tax_id", code="check_digit", cause=cause, cure="look for a typo"))
    if body.size is not None:
        try:
            size_class((await service.cluster_of(db, scope)).size_standard, body.size.figures)
        except Invalid as error:
            faults += [
                FieldFault(pointer=f"/size/figures{f.pointer}", code=f.code, cause=f.cause, cure=f.cure)
                for f in error.errors
            ]
    if body.accepted is not None:
        newest, said = await rules_queries.newest_agreement(db, scope), body.accepted
        if newest is None or (newest.id, newest.text_sha256) != (said.agreement_id, said.text_sha256):
            cause = "not the cluster's newest agreement, or not the digest of its text"
            cure = "read the text that the terms name"
            faults.append(FieldFault(pointer="/accepted", code="other_text", cause=cause, cure=cure))
    return faults


async def _application(db: Connection, scope: Scope, application_id: UUID) -> Application:
    found = await joining_queries.applications(db, scope, FIRST, 1, only=application_id)
    if not found:
        raise NotFound("apl")
    return found[0]


async def list_applications(
    db: Connection, scope: Scope, after: UUID, limit: int, status: str | None
) -> Page[Application]:
    """Applications, oldest first."""
    return page(await joining_queries.applications(db, scope, after, limit + 1, status=status), limit)


async def examine(db: Connection, scope: Scope, application_id: UUID) -> ExaminedApplication:
    """An application with its persons, and the cluster's conditions held against it."""
    found = await _application(db, scope, application_id)
    persons = await firm_queries.contacts(db, scope, FIRST, 10, application_id=application_id)
    held = await _held(db, scope, found)
    return ExaminedApplication(application=found, contacts=persons, conditions=held)


async def _held(db: Connection, scope: Scope, of: Application) -> list[Condition]:
    cluster = await service.cluster_of(db, scope)
    known = of.tax_id is not None and await joining_queries.tax_id_known(db, scope, of.country_code, of.tax_id)
    return conditions(cluster, of, await rules_queries.newest_agreement(db, scope), tax_id_known=known)


async def approve(db: Connection, scope: Scope, application_id: UUID, body: ApproveApplication) -> Approved:
    """
    Admits a firm: it becomes an active member, with what it said of itself and its first admin's key.

    Raises
    ------
    Conflict
        ``application_decided``; ``conditions_not_met`` where a condition is not met that ``despite`` does not name;
        ``member_code_taken``.
    """
    of = await _application(db, scope, application_id)
    unmet = [entry.name for entry in await _held(db, scope, of) if entry.finding is Finding.NOT_MET]
    open_ones = sorted(set(unmet) - set(body.despite))
    if of.status == "applied" and open_ones:
        raise Conflict("conditions_not_met", f"Not met: {', '.join(open_ones)}. Name them in despite, or reject.")
    member = await service.admit(db, scope, AdmitMember(code=body.code, name=of.firm_name))
    member_id = ids.parse("mem", member.id)
    if not await joining_queries.decide(db, scope, application_id, "approved", None, member_id):
        raise _decided()
    await _take_over(db, scope, of, application_id, member_id)
    facts = {"member_id": member.id, "despite": sorted(set(unmet) & set(body.despite))}
    await audit.record(db, scope, "application.approved", "apl", application_id, facts)
    await outbox.emit(db, scope, member_id, "member.approved", {}, member_id=member_id)
    key = IssueKey(name="first admin", role=KeyRole.MEMBER_ADMIN, member_id=member.id)
    issued = await service.issue_key(db, scope, key)
    return Approved(member=await service.member(db, scope, member_id), admin_key=issued)


async def _take_over(db: Connection, scope: Scope, of: Application, application_id: UUID, member_id: UUID) -> None:
    """What the applicant said becomes the member's."""
    await joining_queries.describe(db, scope, member_id, of)
    await joining_queries.hand_over_contacts(db, scope, application_id, member_id)
    if of.agreement_id is not None and of.text_sha256 is not None:
        await rules_queries.accept(db, scope, member_id, ids.parse("agr", of.agreement_id), of.text_sha256)
    if of.size is not None and of.size.document is not None:
        standard = (await service.cluster_of(db, scope)).size_standard
        found = size_class(standard, of.size.figures).size_class
        evidence = SubmitEvidence(figures=of.size.figures, document=of.size.document)
        await firm_queries.insert_evidence(db, scope, ids.new(), member_id, evidence, standard, found)


async def reject(db: Connection, scope: Scope, application_id: UUID, body: RejectApplication) -> Application:
    """
    Turns a firm down; the persons in its application are erased.

    Raises
    ------
    Conflict
        ``application_decided``.
    """
    await _application(db, scope, application_id)
    if not await joining_queries.decide(db, scope, application_id, "rejected", body.reason, None):
        raise _decided()
    await joining_queries.forget_contacts(db, scope, application_id)
    await audit.record(db, scope, "application.rejected", "apl", application_id, {"reason": body.reason})
    await outbox.emit(db, scope, application_id, "application.rejected", {"reason": body.reason})
    return await _application(db, scope, application_id)


def _decided() -> Conflict:
    return Conflict("application_decided", "This application was approved or rejected before.")
