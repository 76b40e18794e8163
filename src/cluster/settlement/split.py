"""The second door to the solver: its split becomes rows of ours, once its certificate has been checked again."""

import msgspec

from cluster.planning.models import Rejected
from cluster.settlement.models import CertificateDocument, NewShare, NewSplit
from solver.check_split import check_certificate
from solver.shares import Certificate, Split

VIOLATIONS_TOLD = 5


class Unbalanced(Rejected):
    """The shares do not add up to the cost, or the certificate speaks of another split: nothing may be stored."""


class Unproven(Rejected):
    """The certificate says what is not so: nothing may be stored."""


def split_of(raw: bytes) -> NewSplit:
    """
    The solver's split as it is stored, checked by code that shares nothing with what made it.

    Raises
    ------
    Unbalanced
        When the shares do not sum to the cost to the last unit, a saving is not what it should be, or split and
        certificate differ.
    Unproven
        When the certificate fails its check; the text names the first violations.
    """
    split = msgspec.json.decode(raw, type=Split)
    if split.shares and sum(share.share_minor for share in split.shares) != split.cost_minor:
        raise Unbalanced("the shares do not sum to the cost")
    if any(share.saving_minor != share.stand_alone_minor - share.share_minor for share in split.shares):
        raise Unbalanced("a saving is not the difference of stand-alone cost and share")
    if any(not share.low_minor <= share.share_minor <= share.high_minor for share in split.shares):
        raise Unbalanced("a share is not within its range")
    violations = check_certificate(split.certificate)
    if violations:
        told = "; ".join(f"{entry.code} at {entry.where}: {entry.detail}" for entry in violations[:VIOLATIONS_TOLD])
        raise Unproven(f"the certificate of the split: {told}")
    if not _is_of(split, split.certificate):
        raise Unbalanced("the certificate is not that of the split")
    return _new(split)


def _is_of(split: Split, certificate: Certificate) -> bool:
    """Whether split and certificate say the same of the same players."""
    paid = {share.owner: share.share_minor for share in split.shares}
    unions = {", ".join(union): union for union in split.unions}
    owners = [unions.get(player, (player,)) for player in certificate.players]
    if not {owner for union in owners for owner in union} <= paid.keys():
        return False
    proven = sum(
        low == high for low, high in zip(certificate.lower_minor[1:], certificate.upper_minor[1:], strict=True)
    )
    return (
        certificate.cost_minor == split.cost_minor
        and certificate.shares_minor == tuple(sum(paid[owner] for owner in union) for union in owners)
        and certificate.excess_max.gain_minor == split.excess_max_minor
        and len(certificate.upper_minor) - 1 == split.coalitions
        and proven == split.coalitions_proven
    )


def _new(split: Split) -> NewSplit:
    return NewSplit(
        rule=split.rule.value,
        rule_applied=split.rule_applied.value,
        currency=split.currency,
        cost_minor=split.cost_minor,
        verdict=split.certificate.verdict.value,
        gain_max_minor=split.certificate.gain_max.gain_minor,
        excess_max_minor=split.excess_max_minor,
        in_core=split.in_core,
        individually_rational=split.individually_rational,
        coalitions=split.coalitions,
        coalitions_proven=split.coalitions_proven,
        pool_digest=split.pool_digest,
        unions=[list(union) for union in split.unions],
        certificate=msgspec.convert(msgspec.to_builtins(split.certificate), CertificateDocument),
        seconds=split.seconds,
        shares=[
            NewShare(
                member=share.owner,
                stand_alone_minor=share.stand_alone_minor,
                share_minor=share.share_minor,
                saving_minor=share.saving_minor,
                incremental_minor=share.incremental_minor,
                low_minor=share.low_minor,
                high_minor=share.high_minor,
            )
            for share in split.shares
        ],
    )
