"""Words of settlement."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.money import Money
from cluster.members.models import SharingRule
from cluster.planning.compare_models import PlanComparison


class Verdict(StrEnum):
    """Whether a group of members would do better by leaving: proven so, proven not so, or not known."""

    STABLE = "stable"
    UNSTABLE = "unstable"
    OPEN = "open"


class Share(Struct, frozen=True, kw_only=True):
    """
    One member's part of a plan's cost.

    ``stand_alone`` is what its shipments would cost alone under the same vehicles, tariffs and day; ``saving`` is the
    difference to its ``share``. Whatever the true costs of groups within their proven intervals, the rule's share is at
    least ``low`` and at most ``high``; null for plans made before this was told. ``incremental`` is what it adds to the
    others' cost, null for a member's own eyes, because it tells of the others.
    """

    member_id: str
    member_name: str
    stand_alone: Money
    share: Money
    low: Money | None
    high: Money | None
    saving: Money
    saving_percent: float
    incremental: Money | None


class Certificate(Struct, frozen=True, kw_only=True):
    """
    What is proven about a split over all coalitions of the cost game; the coordinator's eyes only.

    No coalition can gain more than ``gain_max`` by leaving, and one of ``excess_members`` surely gains ``excess_max``
    (negative when every coalition would lose). ``verdict``: ``stable``, nobody can gain anything; ``unstable``, those
    members surely gain; ``open``, in between. What rounding alone may do, a unit for four players, counts
    as nothing. Of ``coalitions``, the cost of ``coalitions_proven`` is exact; of the others an interval is proven.
    ``in_core`` says that none gains by the best plans known. ``unions`` lists members that were counted as one player.
    The whole, for anybody to check again, is the certificate's document; plans made before there was one have null in
    ``gain_max``.
    """

    cost: Money
    verdict: Verdict
    gain_max: Money | None
    gain_members: list[str]
    excess_max: Money
    excess_members: list[str]
    in_core: bool
    individually_rational: bool
    coalitions: int
    coalitions_proven: int
    pool_digest: str
    unions: list[list[str]]
    seconds: float


class Gain(Struct, frozen=True, kw_only=True):
    """A coalition and what it pays beyond its cost alone; negative where it pays less."""

    players: list[str]
    gain_minor: int


class CertificateDocument(Struct, frozen=True, kw_only=True):
    """
    All that anybody needs to check a split again: give it to ``cluster check-split``.

    Coalitions are numbers whose bit ``i`` stands for ``players[i]``: a member, or several joined by ``, `` where they
    were counted as one. No plan of coalition ``m`` costs less than ``lower_minor[m]``, which is proven, and a plan that
    costs ``upper_minor[m]`` is known. ``excess_max`` and ``gain_max`` are the coalitions that pay most beyond their
    upper and their lower bound; ``slack_minor`` is what rounding alone may do. ``weights`` are coalitions with weights
    that cover every player alike: they show that no split whatever has a largest excess below ``excess_least_minor``.
    ``digest`` is the SHA-256 of players, cost, shares and both tables as one JSON array without spaces.
    """

    players: Annotated[list[str], Meta(examples=[["anna", "binh"]])]
    cost_minor: Annotated[int, Meta(examples=[100])]
    shares_minor: Annotated[list[int], Meta(examples=[[30, 70]])]
    lower_minor: Annotated[list[int], Meta(examples=[[0, 60, 100, 100]])]
    upper_minor: Annotated[list[int], Meta(examples=[[0, 60, 100, 100]])]
    verdict: Verdict
    excess_max: Gain
    gain_max: Gain
    slack_minor: Annotated[int, Meta(examples=[0])]
    weights: Annotated[list[tuple[int, int]], Meta(examples=[[[1, 1], [2, 1]]])]
    excess_least_minor: Annotated[int | None, Meta(examples=[-30])]
    digest: str


class Shares(Struct, frozen=True, kw_only=True):
    """
    A plan's split: all members' shares with the certificate for the coordinator, its own share for a member.

    ``rule`` was asked for, ``rule_applied`` is what shares follow and what is explained: another one where the rule has
    no answer, as when a scarce fleet makes everybody together dearer than all alone.
    """

    plan_id: str
    rule: SharingRule
    rule_applied: SharingRule
    rule_explained: str
    shares: list[Share]
    certificate: Certificate | None


class Paid(Struct, frozen=True, kw_only=True):
    """What a member pays by a split, and what it would pay alone, for computing with."""

    member_id: str
    stand_alone_minor: int
    share_minor: int


class ShareInPlan(Struct, frozen=True, kw_only=True):
    """What a member would pay by one plan, and what its shipments would cost alone on that day."""

    share_minor: int
    stand_alone_minor: int
    saving_minor: int


class MemberShares(Struct, frozen=True, kw_only=True):
    """A member's share in each of several plans, in their order; null where it has none."""

    member_id: str
    member_name: str
    in_plans: list[ShareInPlan | None]


class Comparison(PlanComparison, frozen=True, kw_only=True):
    """Plans side by side with every member's share in each; the coordinator's eyes only."""

    members: list[MemberShares]


class NewShare(Struct, frozen=True, kw_only=True):
    """A member's share about to be stored; ``member`` is its public identifier."""

    member: str
    stand_alone_minor: int
    share_minor: int
    saving_minor: int
    incremental_minor: int
    low_minor: int
    high_minor: int


class NewSplit(Struct, frozen=True, kw_only=True):
    """A split about to be stored, its certificate checked."""

    rule: str
    rule_applied: str
    currency: str
    cost_minor: int
    verdict: str
    gain_max_minor: int
    excess_max_minor: int
    in_core: bool
    individually_rational: bool
    coalitions: int
    coalitions_proven: int
    pool_digest: str
    unions: list[list[str]]
    certificate: CertificateDocument
    seconds: float
    shares: list[NewShare]


RULES_EXPLAINED = {
    SharingRule.NUCLEOLUS: (
        "The saving is split so that the group of members with the least reason to stay is made as content as "
        "possible, then the next, and so on. If there is any split under which no group would gain by leaving, this "
        "is one."
    ),
    SharingRule.PER_CAPITA_NUCLEOLUS: (
        "The least content group of members is made as content as possible, then the next, a group's advantage being "
        "counted per head. If there is any split under which no group would gain by leaving, this is one."
    ),
    SharingRule.PROPORTIONAL_NUCLEOLUS: (
        "The least content group of members is made as content as possible, then the next, a group's advantage being "
        "counted as a percentage of what it would pay by itself. If there is any split under which no group would gain "
        "by leaving, this is one."
    ),
    SharingRule.EQUAL_PROFIT: (
        "The percentages that members save are made as alike as they can be. The limit is that no group pays more than "
        "it would by itself or, where that cannot be, as little more as possible."
    ),
    SharingRule.SHAPLEY: (
        "Each member pays its average extra cost over all orders in which the members could have joined. Members that "
        "cause the same extra cost pay the same."
    ),
    SharingRule.WEIGHTED_SHAPLEY: (
        "Each member pays an average extra cost over the orders in which the members could have joined, orders being "
        "drawn by agreed weights. Of what a group saves by being together, a larger weight gets a larger part."
    ),
    SharingRule.OWEN: (
        "Each member pays its average extra cost over all orders of joining in which members that have united "
        "beforehand come one after another. A union as a whole pays as one member would."
    ),
    SharingRule.TAU: (
        "For each member two marks are set: what it adds to the cost when all others are there, and the most that the "
        "others could fairly ask of it. Everybody's share lies the same part of the way between its two marks."
    ),
    SharingRule.ACAM: (
        "Each member first pays what its shipments add to the cost when all others' are there. What then remains of "
        "the cost is split in proportion to how much less that is than going alone."
    ),
    SharingRule.PROPORTIONAL: (
        "Each member pays in proportion to what its shipments would cost alone. So all save the same percentage."
    ),
    SharingRule.WEIGHT: (
        "Each member pays in proportion to the weight of its shipments. Nothing else counts, neither distances nor "
        "time windows."
    ),
    SharingRule.VOLUME: (
        "Each member pays in proportion to the volume of its shipments. Nothing else counts, neither distances nor "
        "time windows."
    ),
    SharingRule.TONNE_KM: (
        "Each member pays in proportion to weight times direct distance, summed over its shipments. Nothing else "
        "counts, not even time windows."
    ),
    SharingRule.PALLET_KM: (
        "Each member pays in proportion to pallet places times direct distance, summed over its shipments. Nothing "
        "else counts, not even time windows."
    ),
    SharingRule.ORDERS: (
        "Each member pays in proportion to how many shipments it has. Nothing else counts, neither weight nor "
        "distances nor time windows."
    ),
}
"""Each rule in two plain sentences."""
