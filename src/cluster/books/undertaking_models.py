"""Words of joint undertakings: costs that members agree to carry together."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.fields import PRINTABLE, PublicId, Text

Note = Annotated[str, Meta(max_length=1000, pattern=PRINTABLE)]
Cost = Annotated[int, Meta(gt=0, le=10**15)]
KeyParts = Annotated[int, Meta(ge=0, le=10**9)]


class UndertakingRule(StrEnum):
    """
    How a joint cost is split: in equal parts, by a key that is told, or by what members' shares of plans came to.
    """

    EQUAL = "equal"
    BY_KEY = "by_key"
    BY_SHARE = "by_share"


class UndertakingStatus(StrEnum):
    """Life of an undertaking: posted once everybody concerned has agreed."""

    PROPOSED = "proposed"
    POSTED = "posted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What a member says to it."""

    OPEN = "open"
    AGREED = "agreed"
    REFUSED = "refused"


class ProposedPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member that is to pay a part; ``key_parts`` is its weight where the rule is ``by_key``."""

    member_id: PublicId
    key_parts: KeyParts | None = None


class ProposeUndertaking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A cost to be carried together.

    ``paid_by_member_id`` or ``carrier_id`` is whom it is owed to; the cluster's own account where neither is told.
    ``since`` and ``until`` are the service days of plans that ``by_share`` looks at.
    """

    title: Text
    amount_minor: Cost
    rule: UndertakingRule
    parts: Annotated[list[ProposedPart], Meta(min_length=2, max_length=500)]
    occurred_on: date
    note: Note = ""
    paid_by_member_id: PublicId | None = None
    carrier_id: PublicId | None = None
    since: date | None = None
    until: date | None = None


class AnswerUndertaking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a member carries its part."""

    agree: bool
    note: Note = ""


class UndertakingPart(Struct, frozen=True, kw_only=True):
    """A member's part of a joint cost, and what it says to it."""

    member_id: str
    member_name: str
    key_parts: int
    share_minor: int
    answer: Answer
    note: str
    answered_at: datetime | None


class Undertaking(Struct, frozen=True, kw_only=True):
    """A joint cost; a member sees its own part alone."""

    id: str
    version: int
    title: str
    note: str
    rule: UndertakingRule
    amount_minor: int
    currency: str
    occurred_on: date
    paid_by_member_id: str | None
    carrier_id: str | None
    status: UndertakingStatus
    created_at: datetime
    parts: list[UndertakingPart]
