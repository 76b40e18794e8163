"""Words of the fairness of a plan's split."""

from msgspec import Struct

from cluster.desk.why_models import Said
from cluster.members.models import SharingRule
from cluster.settlement.models import Share, Verdict


class RuleShare(Struct, frozen=True, kw_only=True):
    """What a member would pay under a rule; ``difference_minor`` is that less its share by the rule in force."""

    member_id: str
    member_name: str
    share_minor: int
    difference_minor: int
    saving_minor: int
    saving_percent: float


class OtherRule(Struct, frozen=True, kw_only=True):
    """
    What a rule would make of the same plan and the same proven costs of groups; nothing is planned or priced again.

    Attributes
    ----------
    rule_applied
        Another one than ``rule`` where that has no answer; null where the day has nothing that it measures: then
        there are no shares.
    verdict
        Whether a group would do better by leaving (``stable``: proven that none would).
    in_core
        Whether none gains by the best plans known.
    individually_rational
        Whether nobody pays more than alone.
    gain_minor, gain_member_ids
        No group can gain more by leaving, and which it is; negative where every group would lose.
    moved_minor
        How much money would change hands against the rule in force.
    """

    rule: SharingRule
    rule_applied: SharingRule | None
    rule_explained: str
    in_force: bool
    verdict: Verdict
    in_core: bool
    individually_rational: bool
    gain_minor: int
    gain_member_ids: list[str]
    moved_minor: int
    shares: list[RuleShare]


class LeastContent(Struct, frozen=True, kw_only=True):
    """
    The group with the least reason to stay, and what it would gain by leaving at most: negative where it would lose.

    ``gain_minor`` counts what is proven, ``known_minor`` the cheapest plan known for it.
    """

    member_ids: list[str]
    gain_minor: int
    known_member_ids: list[str]
    known_minor: int


class Fairness(Struct, frozen=True, kw_only=True):
    """
    How a plan's cost is split, whether that is fair, and what other rules would say; the coordinator's eyes only.

    ``alone_minor`` is what all members would pay alone, taken together. ``unions`` are members counted as one.
    """

    plan_id: str
    currency: str
    rule: SharingRule
    rule_applied: SharingRule
    rule_explained: str
    cost_minor: int
    alone_minor: int
    saving_minor: int
    saving_percent: float
    verdict: Verdict
    least_content: LeastContent
    coalitions: int
    coalitions_proven: int
    unions: list[list[str]]
    said: list[Said]
    shares: list[Share]
    rules: list[OtherRule]
