"""Words of joining: invitations, applications, and the conditions that a cluster sets."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import Code, CountryCode, PublicId, Text
from cluster.members.firm_models import AddContact, Contact, Gln, Lei, SizeClaim, TaxId, number_faults
from cluster.members.models import Cluster, IssuedKey, Member, SizeClass, SizeStandard, TaxIdCheck
from cluster.members.rules_models import Agreement, Sha256
from cluster.members.sme import size_class
from cluster.members.tokens import TEXT_MAX

Token = Annotated[str, Meta(min_length=10, max_length=TEXT_MAX, pattern="^[0-9A-Za-z_]+$")]


class InviteFirm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A firm to be invited."""

    firm_name: Text


class Invitation(Struct, frozen=True, kw_only=True):
    """An invitation without its secret."""

    id: str
    firm_name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class IssuedInvitation(Struct, frozen=True, kw_only=True):
    """A fresh invitation with its secret, shown this once; ``link`` is relative to the dashboard's address."""

    id: str
    firm_name: str
    token: str
    link: str
    expires_at: datetime


class AskTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invitation's token or a cluster's application code."""

    code: Token


class Terms(Struct, frozen=True, kw_only=True):
    """What a cluster asks of whoever joins it."""

    cluster_name: str
    country_code: str
    currency: str
    size_standard: SizeStandard
    admit_countries: list[str]
    admit_size_classes: list[SizeClass]
    evidence_required: bool
    agreement_required: bool
    agreement: Agreement | None


class AcceptedText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The version of the agreement that an applicant accepts."""

    agreement_id: PublicId
    text_sha256: Sha256


class Apply(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A firm asks to join."""

    code: Token
    firm_name: Text
    legal_form: Text | None = None
    country_code: CountryCode
    tax_id: TaxId | None = None
    gln: Gln | None = None
    lei: Lei | None = None
    contact: AddContact
    size: SizeClaim | None = None
    accepted: AcceptedText | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Check digits."""
        yield from number_faults(self.gln, self.lei)


class ApplicationStatus(StrEnum):
    """How far an application is."""

    APPLIED = "applied"
    APPROVED = "approved"
    REJECTED = "rejected"


class Applied(Struct, frozen=True, kw_only=True):
    """What the applicant hears."""

    id: str
    status: ApplicationStatus
    created_at: datetime


class Finding(StrEnum):
    """What can be said of a condition."""

    MET = "met"
    NOT_MET = "not_met"
    TO_BE_LOOKED_AT = "to_be_looked_at"


class Condition(Struct, frozen=True, kw_only=True):
    """One condition of a cluster, held against an application."""

    name: str
    finding: Finding
    reason: str


class Application(Struct, frozen=True, kw_only=True):
    """A firm that asks to join, as the coordinator sees it."""

    id: str
    status: ApplicationStatus
    invited: bool
    firm_name: str
    legal_form: str | None
    country_code: str
    tax_id: str | None
    tax_id_check: TaxIdCheck | None
    gln: str | None
    lei: str | None
    size: SizeClaim | None
    agreement_id: str | None
    text_sha256: str | None
    created_at: datetime
    decided_at: datetime | None
    reason: str | None
    member_id: str | None


class ExaminedApplication(Struct, frozen=True, kw_only=True):
    """An application with the persons in it and the conditions held against it."""

    application: Application
    contacts: list[Contact]
    conditions: list[Condition]


class ApproveApplication(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A firm is admitted under ``code``; ``despite`` names conditions that it does not meet."""

    code: Code
    despite: Annotated[list[Code], Meta(max_length=20)] = []


class Approved(Struct, frozen=True, kw_only=True):
    """The new member, and its first admin's key, shown this once."""

    member: Member
    admin_key: IssuedKey


class RejectionReason(StrEnum):
    """Why a firm is not admitted."""

    CONDITIONS_NOT_MET = "conditions_not_met"
    EVIDENCE_INSUFFICIENT = "evidence_insufficient"
    DUPLICATE = "duplicate"
    NOT_A_FIRM = "not_a_firm"
    CLUSTER_FULL = "cluster_full"
    OTHER = "other"


class RejectApplication(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A firm is not admitted."""

    reason: RejectionReason


def conditions(
    cluster: Cluster, application: Application, agreement: Agreement | None, *, tax_id_known: bool
) -> list[Condition]:
    """
    Every condition of a cluster held against an application.

    Parameters
    ----------
    agreement
        The newest version of the cluster's agreement, None where there is none.
    tax_id_known
        Whether a member of the cluster has the same tax number.
    """
    return [
        _country(cluster, application),
        _tax_id(application),
        Condition(name="duplicate", finding=Finding.TO_BE_LOOKED_AT, reason="a member has this tax number")
        if tax_id_known
        else Condition(name="duplicate", finding=Finding.MET, reason="no member has this tax number"),
        _size(cluster, application),
        _evidence(cluster, application),
        _agreement(cluster, application, agreement),
    ]


def _country(cluster: Cluster, application: Application) -> Condition:
    fits = not cluster.admit_countries or application.country_code in cluster.admit_countries
    asked = f"registered in {', '.join(cluster.admit_countries)}" if cluster.admit_countries else "any country"
    return Condition(name="country", finding=Finding.MET if fits else Finding.NOT_MET, reason=asked)


def _tax_id(application: Application) -> Condition:
    findings = {
        None: (Finding.TO_BE_LOOKED_AT, "no tax number given"),
        TaxIdCheck.VALID: (Finding.MET, "form and check digits are right; whose it is must be looked up"),
        TaxIdCheck.WRONG_CHECK_DIGIT: (Finding.NOT_MET, "its check digit is wrong"),
        TaxIdCheck.UNKNOWN_FORMAT: (Finding.TO_BE_LOOKED_AT, "not of the country's usual form"),
        TaxIdCheck.NO_PUBLIC_CHECK: (Finding.TO_BE_LOOKED_AT, "no check digits are public for it"),
    }
    finding, reason = findings[application.tax_id_check]
    return Condition(name="tax_id", finding=finding, reason=reason)


def _size(cluster: Cluster, application: Application) -> Condition:
    if application.size is None:
        return Condition(name="size_class", finding=Finding.TO_BE_LOOKED_AT, reason="no figures given")
    found = size_class(cluster.size_standard, application.size.figures).size_class
    fits = found in cluster.admit_size_classes
    reason = f"{found.value} under {cluster.size_standard.value}, by its own figures"
    return Condition(name="size_class", finding=Finding.MET if fits else Finding.NOT_MET, reason=reason)


def _evidence(cluster: Cluster, application: Application) -> Condition:
    if application.size is not None and application.size.document is not None:
        kind = application.size.document.kind
        return Condition(name="evidence", finding=Finding.TO_BE_LOOKED_AT, reason=f"{kind.value} named")
    if cluster.evidence_required:
        return Condition(name="evidence", finding=Finding.NOT_MET, reason="no document named")
    return Condition(name="evidence", finding=Finding.MET, reason="not asked for")


def _agreement(cluster: Cluster, application: Application, agreement: Agreement | None) -> Condition:
    if agreement is not None and application.agreement_id == agreement.id:
        return Condition(name="agreement", finding=Finding.MET, reason=f"version {agreement.version} accepted")
    if not cluster.agreement_required or agreement is None:
        return Condition(name="agreement", finding=Finding.MET, reason="not asked for")
    reason = f"version {agreement.version} not accepted"
    return Condition(name="agreement", finding=Finding.NOT_MET, reason=reason)
