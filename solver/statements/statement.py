"""One member's statement about one split."""

from solver.plan import Plan
from solver.problem import Problem
from solver.shares import Share, Split
from solver.statements import guards
from solver.statements.alone import drivers, shown, stand_alone_plan
from solver.statements.digests import digests
from solver.statements.figures import Emitted, Guarantee, Payment, Statement
from solver.statements.own import own_orders, own_problem

PERMILLE = 1000


class NoSuchMember(Exception):
    """Nobody of that name owns an order of the day."""


def statement(
    problem: Problem,
    plan: Plan,
    split: Split,
    member: str,
    *,
    reference: str = "",
    emitted: Emitted | None = None,
    seal: bytes | None = None,
    seed: int = 0,
) -> Statement:
    """
    What one member is told about a split.

    Parameters
    ----------
    problem
        The day.
    plan
        The plan that was given to the split (where the split came across a better one, that is taken).
    split
        Who pays what.
    member
        An owner of orders.
    reference
        What the day, the plan or the bill is called; printed as it is.
    emitted
        Emissions, where they were counted.
    seal
        The coordinator's secret for this split (``solver.statements.digests``).
    seed
        Of the search for the stand-alone plan, which sees nothing but the member's own part of the day.

    Raises
    ------
    NoSuchMember
        When the split has no share of that name.
    """
    plan = split.plan or plan
    share = share_of(split, member)
    own = own_problem(problem, own_orders(problem, plan, member))
    alone = stand_alone_plan(own, seed)
    alone_shown = shown(alone)
    enough = guards.enough(split.shares, member)
    return Statement(
        member=member,
        reference=reference,
        currency=split.currency,
        rule=split.rule,
        rule_applied=split.rule_applied,
        payment=_payment(share, enough=enough),
        alone=alone_shown,
        drivers=drivers(own, alone),
        co2_g=None if emitted is None else emitted.own_g,
        co2_alone_g=None if emitted is None else emitted.alone_g,
        united=any(member in union for union in split.unions),
        guarantee=Guarantee(
            you=share.share_minor <= min(share.stand_alone_minor, alone_shown.cost_minor),
            everybody=split.individually_rational,
            verdict=split.certificate.verdict,
        ),
        totals=guards.totals(split.shares, member, plan, None if emitted is None else emitted.total_g),
        digests=digests(split.pool_digest, plan, split.certificate, seal=seal, enough=enough),
    )


def share_of(split: Split, member: str) -> Share:
    """One member's share. Raises NoSuchMember."""
    for share in split.shares:
        if share.owner == member:
            return share
    raise NoSuchMember("nobody of that name owns an order of this day")


def _payment(share: Share, *, enough: bool) -> Payment:
    alone = share.stand_alone_minor
    width = share.high_minor - share.low_minor
    telling = 0 < width <= alone
    return Payment(
        stand_alone_minor=alone,
        share_minor=share.share_minor,
        saving_minor=share.saving_minor,
        saving_permille=share.saving_minor * PERMILLE // alone if alone else None,
        incremental_minor=share.incremental_minor if enough else None,
        low_minor=share.low_minor if telling else None,
        high_minor=share.high_minor if telling else None,
        proven=width == 0,
    )
