"""The second door to the solver: its split becomes rows of ours."""

import msgspec

from cluster.planning.models import Rejected
from cluster.settlement.models import NewShare, NewSplit
from solver.shares import Split


class Unbalanced(Rejected):
    """The shares do not add up to the cost: nothing may be stored."""


def split_of(raw: bytes) -> NewSplit:
    """
    The solver's split as it is stored.

    Raises
    ------
    Unbalanced
        When the shares do not sum to the cost to the last unit, or a saving is not what it should be.
    """
    split = msgspec.json.decode(raw, type=Split)
    if split.shares and sum(share.share_minor for share in split.shares) != split.cost_minor:
        raise Unbalanced("the shares do not sum to the cost")
    if any(share.saving_minor != share.stand_alone_minor - share.share_minor for share in split.shares):
        raise Unbalanced("a saving is not the difference of stand-alone cost and share")
    return NewSplit(
        rule=split.rule.value,
        currency=split.currency,
        cost_minor=split.cost_minor,
        excess_max_minor=split.excess_max_minor,
        in_core=split.in_core,
        individually_rational=split.individually_rational,
        pool_digest=split.pool_digest,
        unions=[list(union) for union in split.unions],
        seconds=split.seconds,
        shares=[
            NewShare(
                member=share.owner,
                stand_alone_minor=share.stand_alone_minor,
                share_minor=share.share_minor,
                saving_minor=share.saving_minor,
                incremental_minor=share.incremental_minor,
            )
            for share in split.shares
        ],
    )
