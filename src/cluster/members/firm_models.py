"""Words of a firm's own records: master data, persons to talk to, evidence of size, consents."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import CountryCode, PublicId, Reference, Text
from cluster.members.models import SizeClass, SizeStandard
from cluster.members.rules_models import Sha256
from cluster.members.sme import SizeFigures
from cluster.members.tax_ids import gln_is_good, lei_is_good

TaxId = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z .,/+&*-]+$")]
Email = Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$")]
Phone = Annotated[str, Meta(min_length=3, max_length=40, pattern=r"^[0-9+][0-9 ()./-]*$")]
Gln = Annotated[str, Meta(pattern="^[0-9]{13}$")]
Lei = Annotated[str, Meta(pattern="^[0-9A-Z]{18}[0-9]{2}$")]


def number_faults(gln: str | None, lei: str | None) -> Iterator[FieldFault]:
    """Wrong check digits of the numbers that are the same everywhere."""
    if gln is not None and not gln_is_good(gln):
        yield FieldFault(pointer="/gln", code="check_digit", cause="its last digit is wrong", cure="look for a typo")
    if lei is not None and not lei_is_good(lei):
        yield FieldFault(pointer="/lei", code="check_digit", cause="its check digits are wrong", cure="look for a typo")


class ChangeMember(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Master data of a firm; what is left out, or null, stays as it is."""

    name: Text | None = None
    legal_form: Text | None = None
    country_code: CountryCode | None = None
    tax_id: TaxId | None = None
    """Of ``country_code``, which must be known by then."""
    gln: Gln | None = None
    lei: Lei | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Check digits."""
        yield from number_faults(self.gln, self.lei)


class CheckTaxId(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tax number to be looked at."""

    country_code: CountryCode
    tax_id: TaxId


class ContactPurpose(StrEnum):
    """What a person is to be talked to about."""

    GENERAL = "general"
    DISPATCH = "dispatch"
    BILLING = "billing"
    DATA_PROTECTION = "data_protection"


class AddContact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person to talk to."""

    name: Text
    purpose: ContactPurpose = ContactPurpose.GENERAL
    email: Email | None = None
    phone: Phone | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Somebody must be reachable somehow."""
        if self.email is None and self.phone is None:
            cure = "give an email address or a phone number"
            yield FieldFault(pointer="/email", code="unreachable", cause="neither email nor phone", cure=cure)


class AddedContact(Struct, frozen=True, kw_only=True):
    """A contact just added; its person is not repeated, because answers are kept for repeated requests."""

    id: str
    purpose: ContactPurpose
    created_at: datetime


class Contact(Struct, frozen=True, kw_only=True):
    """A person to talk to."""

    id: str
    member_id: str | None
    purpose: ContactPurpose
    name: str
    email: str | None
    phone: str | None
    created_at: datetime


class DocumentKind(StrEnum):
    """What shows a firm's size."""

    ANNUAL_ACCOUNTS = "annual_accounts"
    TAX_RETURN = "tax_return"
    SOCIAL_INSURANCE_RECORD = "social_insurance_record"
    REGISTER_EXTRACT = "register_extract"
    SELF_DECLARATION = "self_declaration"
    OTHER = "other"


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document that shows a firm's size; the file itself stays with the firm."""

    kind: DocumentKind
    reference: Reference
    dated: date
    file_sha256: Sha256 | None = None


class SizeClaim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How large a firm says it is, and what shows it."""

    figures: SizeFigures
    document: Document | None = None


class SubmitEvidence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Evidence of a firm's size, to be reviewed by the coordinator."""

    figures: SizeFigures
    document: Document


class EvidenceStatus(StrEnum):
    """How far evidence is."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ReviewEvidence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The coordinator's judgement; accepted evidence holds for a year."""

    accept: bool
    reason: Text | None = None


class Evidence(Struct, frozen=True, kw_only=True):
    """Evidence of a firm's size, with the class that it makes under ``standard``."""

    id: str
    member_id: str
    standard: SizeStandard
    figures: SizeFigures
    size_class: SizeClass
    document: Document
    status: EvidenceStatus
    reason: str | None
    created_at: datetime
    reviewed_at: datetime | None
    valid_until: date | None


class Purpose(StrEnum):
    """What a consent is for, and nothing else."""

    REVEAL_NAME = "reveal_name"
    REVEAL_CONTACT = "reveal_contact"
    REVEAL_SHARED_ROUTE_TOTALS = "reveal_shared_route_totals"


class GiveConsent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leave to tell a partner something; without ``partner_id``, every firm that shares a route with the caller's."""

    purpose: Purpose
    partner_id: PublicId | None = None


class Consent(Struct, frozen=True, kw_only=True):
    """A consent in force until it is revoked."""

    id: str
    member_id: str
    purpose: Purpose
    partner_id: str | None
    granted_at: datetime
    revoked_at: datetime | None


class SizeQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Figures to be classed; without ``standard``, by that of the caller's cluster."""

    figures: SizeFigures
    standard: SizeStandard | None = None
