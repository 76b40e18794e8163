"""Words of settlement."""

from msgspec import Struct

from cluster.base.money import Money
from cluster.members.models import SharingRule


class Share(Struct, frozen=True, kw_only=True):
    """
    One member's part of a plan's cost.

    ``stand_alone`` is what its shipments would cost alone under the same vehicles, tariffs and day; ``saving`` is the
    difference to its ``share``; ``incremental`` is what it adds to the others' cost, null for a member's
    own eyes, because it tells of the others.
    """

    member_id: str
    member_name: str
    stand_alone: Money
    share: Money
    saving: Money
    saving_percent: float
    incremental: Money | None


class Certificate(Struct, frozen=True, kw_only=True):
    """
    What is proven about a split over all coalitions of the cost game; the coordinator's eyes only.

    ``excess_max`` is the most that any coalition could gain by leaving, negative when every coalition would lose;
    ``in_core`` says that none gains. ``unions`` lists members that were counted as one player.
    """

    cost: Money
    excess_max: Money
    in_core: bool
    individually_rational: bool
    pool_digest: str
    unions: list[list[str]]
    seconds: float


class Shares(Struct, frozen=True, kw_only=True):
    """A plan's split: all members' shares with the certificate for the coordinator, its own share for a member."""

    plan_id: str
    rule: SharingRule
    rule_explained: str
    shares: list[Share]
    certificate: Certificate | None


class NewShare(Struct, frozen=True, kw_only=True):
    """A member's share about to be stored; ``member`` is its public identifier."""

    member: str
    stand_alone_minor: int
    share_minor: int
    saving_minor: int
    incremental_minor: int


class NewSplit(Struct, frozen=True, kw_only=True):
    """A split about to be stored."""

    rule: str
    currency: str
    cost_minor: int
    excess_max_minor: int
    in_core: bool
    individually_rational: bool
    pool_digest: str
    unions: list[list[str]]
    seconds: float
    shares: list[NewShare]


RULES_EXPLAINED = {
    SharingRule.NUCLEOLUS: (
        "The split makes the group of members that gains least from taking part gain as much as possible, then the "
        "next such group, and so on. If any split keeps every group better off inside than outside, this one does."
    ),
    SharingRule.SHAPLEY: (
        "Each member pays its average extra cost over all orders in which the members could have joined. Members that "
        "cause the same extra cost pay the same."
    ),
    SharingRule.PROPORTIONAL: (
        "Each member pays in proportion to what its shipments would cost alone, so that all save the same percentage."
    ),
}
