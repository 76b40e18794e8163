"""How a plan's cost is split, in plain words; and what other rules would make of the same costs."""

from uuid import UUID

from cluster.base.db import Database, Scope
from cluster.desk import rules, verdicts
from cluster.desk.asked import Ask, answered
from cluster.desk.fairness_models import Fairness, LeastContent, OtherRule, RuleShare
from cluster.desk.rules import Outcome
from cluster.desk.why_models import Said
from cluster.members.models import SharingRule
from cluster.planning import service as planning
from cluster.settlement import service as settlement
from cluster.settlement.models import RULES_EXPLAINED, CertificateDocument, Shares, Verdict


async def fairness(
    database: Database, scope: Scope, ask: Ask, plan_id: UUID, rule: SharingRule | None = None
) -> Fairness:
    """
    The split of a plan's cost, and what every rule (or one) would make of the coalition costs that are proven already.

    Raises
    ------
    NotFound
        When there is no such plan, or it has no split.
    Conflict
        ``plan_not_solved``: the plan has no answer.
    Busy
        When too much is being asked.
    """
    async with database.unit(scope) as db:
        result, stored = await answered(db, scope, plan_id)
        shares = await settlement.shares(db, scope, plan_id)
        document = await settlement.certificate(db, scope, plan_id)
        figures = await settlement.paid(db, scope, plan_id)
        terms = (await planning.plan(db, scope, plan_id)).terms
    alone = {entry.member_id: entry.stand_alone_minor for entry in figures}
    paid = {entry.member_id: entry.share_minor for entry in figures}
    names = {share.member_id: share.member_name for share in shares.shares}
    wanted = rules.ALL_RULES if rule is None else [rule.value]
    found: list[Outcome] = await ask(rules.outcomes, document, alone, stored, wanted, terms)
    total = sum(alone.values())
    return Fairness(
        plan_id=shares.plan_id,
        currency=result.currency,
        rule=shares.rule,
        rule_applied=shares.rule_applied,
        rule_explained=shares.rule_explained,
        cost_minor=document.cost_minor,
        alone_minor=total,
        saving_minor=total - document.cost_minor,
        saving_percent=percent(total - document.cost_minor, total),
        verdict=document.verdict,
        least_content=_least(document),
        coalitions=len(document.upper_minor) - 1,
        coalitions_proven=0 if shares.certificate is None else shares.certificate.coalitions_proven,
        unions=[] if shares.certificate is None else shares.certificate.unions,
        said=_said(document, shares, names, alone, result.currency),
        shares=shares.shares,
        rules=[_other(outcome, shares.rule, names, alone, paid) for outcome in found],
    )


def percent(part: int, whole: int) -> float:
    """A part in percent, to a tenth; 0 of nothing."""
    return round(100 * part / whole, 1) if whole else 0.0


def _least(document: CertificateDocument) -> LeastContent:
    return LeastContent(
        member_ids=_members(document.gain_max.players),
        gain_minor=document.gain_max.gain_minor,
        known_member_ids=_members(document.excess_max.players),
        known_minor=document.excess_max.gain_minor,
    )


def _members(players: list[str]) -> list[str]:
    return [member for player in players for member in player.split(", ")]


def _said(
    document: CertificateDocument,
    shares: Shares,
    names: dict[str, str],
    alone: dict[str, int],
    currency: str,
) -> list[Said]:
    """The whole in sentences: what is saved, by which rule, whether anybody would do better, who saves most."""
    total = sum(alone.values())
    saving = total - document.cost_minor
    told = [verdicts.saving(saving, percent(saving, total), total, document.cost_minor, currency)]
    if shares.rule_applied is not shares.rule:
        told.append(verdicts.another_rule(shares.rule, shares.rule_applied))
    told.append(spoken(document, names, currency))
    saved = sorted(shares.shares, key=lambda share: share.saving_percent)
    if len(saved) > 1:
        low, high = saved[0], saved[-1]
        told.append(verdicts.savers(low.member_name, low.saving_percent, high.member_name, high.saving_percent))
    return told


def spoken(document: CertificateDocument, names: dict[str, str], currency: str) -> Said:
    """A certificate's verdict in a sentence; ``names`` of members by identifier."""
    least = _least(document)
    if not least.member_ids:
        return verdicts.nobody_to_leave()
    if document.verdict is Verdict.UNSTABLE:
        return verdicts.unstable([names[member] for member in least.known_member_ids], least.known_minor, currency)
    who = [names[member] for member in least.member_ids]
    if document.verdict is Verdict.STABLE:
        return verdicts.stable(who, max(0, -least.gain_minor), currency)
    return verdicts.undecided(who, least.gain_minor, currency)


def _other(
    outcome: Outcome, in_force: SharingRule, names: dict[str, str], alone: dict[str, int], paid: dict[str, int]
) -> OtherRule:
    """A rule's outcome with names, beside the one in force."""
    rule = SharingRule(outcome.rule)
    shares = [
        RuleShare(
            member_id=member,
            member_name=names[member],
            share_minor=share,
            difference_minor=share - paid[member],
            saving_minor=alone[member] - share,
            saving_percent=percent(alone[member] - share, alone[member]),
        )
        for member, share in outcome.shares_minor.items()
    ]
    return OtherRule(
        rule=rule,
        rule_applied=None if outcome.applied is None else SharingRule(outcome.applied),
        rule_explained=RULES_EXPLAINED[rule],
        in_force=rule is in_force,
        verdict=Verdict(outcome.verdict),
        in_core=outcome.in_core,
        individually_rational=outcome.individually_rational,
        gain_minor=outcome.gain_minor,
        gain_member_ids=outcome.gain_members,
        moved_minor=sum(max(0, share.difference_minor) for share in shares),
        shares=shares,
    )
