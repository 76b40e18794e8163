"""The door to the solver for fairness: what every rule would make of coalition costs that are known, in a helper."""

from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from cluster.desk.compiled import compiled_of
from cluster.desk.why_models import Stored
from cluster.members.models import RuleTerms, SharingRule
from cluster.settlement.models import CertificateDocument
from solver.faults import ProblemError
from solver.measures import key_of_owners
from solver.shares import Rule, Verdict
from solver.sharing.game import Game, whole_sums
from solver.sharing.rounding import rounded
from solver.sharing.rules import KEYS, Shares, split
from solver.split import CORE_TOLERANCE_MINOR, joined_players


class Outcome(Struct, frozen=True, kw_only=True):
    """
    What a rule makes of a plan's coalition costs; ``applied`` None where the day has nothing that the rule measures.

    ``shares_minor`` by member. No coalition can gain more than ``gain_minor`` by leaving; that is ``gain_members``.
    """

    rule: str
    applied: str | None
    shares_minor: dict[str, int]
    verdict: str
    in_core: bool
    individually_rational: bool
    gain_minor: int
    gain_members: list[str]


class _Unplanned(Struct, frozen=True):
    order: str
    outside_milli: int | None


class _Plan(Struct, frozen=True):
    unplanned: list[_Unplanned]


class _Result(Struct, frozen=True):
    plan: _Plan


class _Answer(Struct, frozen=True):
    result: _Result


def outcomes(
    document: CertificateDocument,
    alone_minor: dict[str, int],
    stored: Stored | None,
    rules: list[str],
    terms: RuleTerms | None = None,
) -> list[Outcome]:
    """
    What each of some rules says of the coalition costs of a certificate. Nothing is searched.

    Parameters
    ----------
    document
        Coalition costs as proven intervals.
    alone_minor
        What each member would pay alone: inside a union its share is divided by that.
    stored
        Question and answer, for rules that measure shipments; those have no outcome without.
    terms
        Those of the plan, for the rules that have any.
    """
    game = Game(document.players, document.upper_minor, document.lower_minor)
    unions = [tuple(player.split(", ")) for player in document.players]
    measured = any(Rule(rule) in KEYS for rule in rules)
    day = _Day(stored) if stored is not None and measured else None
    found = []
    for rule in rules:
        keys = None if day is None else day.keys(Rule(rule))
        if Rule(rule) in KEYS and keys is None:
            found.append(_nothing(rule))
            continue
        by_player = None
        if keys is not None:
            by_player = {
                player: sum(keys[owner] for owner in union)
                for player, union in zip(document.players, unions, strict=True)
            }
        shares = split(game, Rule(rule), keys=by_player, **_beside(terms, rule, document.players, unions, alone_minor))
        found.append(_outcome(document, game, unions, alone_minor, shares))
    return found


def _beside(
    terms: RuleTerms | None,
    rule: str,
    players: list[str],
    unions: list[tuple[str, ...]],
    alone_minor: dict[str, int],
) -> dict[str, Any]:
    """What a rule needs beside the game, by player: as the split itself has it."""
    if terms is not None and terms.weights and rule == SharingRule.WEIGHTED_SHAPLEY:
        weights = {entry.member_id: entry.parts for entry in terms.weights}
        both = zip(players, unions, strict=True)
        return {"weights": {player: sum(weights.get(owner, 1) for owner in union) for player, union in both}}
    if terms is not None and rule == SharingRule.OWEN:
        return {"unions": joined_players(terms.unions, players, unions, alone_minor)}
    return {}


class _Day:
    """What a plan's shipments measure, those that take part in its split."""

    def __init__(self, stored: Stored) -> None:
        _, self._compiled = compiled_of(stored)
        unplanned = msgspec.json.decode(stored.answer, type=_Answer).result.plan.unplanned
        out = {self._compiled.order_index[entry.order] for entry in unplanned if entry.outside_milli is None}
        self._orders = [order for order in range(len(self._compiled.problem.orders)) if order not in out]

    def keys(self, rule: Rule) -> dict[str, int] | None:
        """By member; None where the rule measures nothing, or nothing is there to measure."""
        try:
            return key_of_owners(self._compiled, rule, self._orders)
        except ProblemError:
            return None


def _nothing(rule: str) -> Outcome:
    return Outcome(
        rule=rule,
        applied=None,
        shares_minor={},
        verdict=Verdict.OPEN.value,
        in_core=False,
        individually_rational=False,
        gain_minor=0,
        gain_members=[],
    )


def _outcome(
    document: CertificateDocument,
    game: Game,
    unions: list[tuple[str, ...]],
    alone_minor: dict[str, int],
    shares: Shares,
) -> Outcome:
    paid = dict.fromkeys(alone_minor, 0)
    for union, by_player in zip(unions, shares.minor, strict=True):
        paid |= _within(union, by_player, alone_minor)
    taken = whole_sums(np.array(shares.minor, dtype=np.int64))
    excess = (taken - np.array(document.upper_minor))[1:-1]
    gain = (taken - np.array(document.lower_minor))[1:-1]
    worst = 1 + int(np.argmax(gain)) if len(gain) else 0
    unstable = bool((excess > document.slack_minor).any())
    stable = bool((gain <= document.slack_minor).all())
    return Outcome(
        rule=shares.rule.value,
        applied=shares.applied.value,
        shares_minor=paid,
        verdict=(Verdict.UNSTABLE if unstable else Verdict.STABLE if stable else Verdict.OPEN).value,
        in_core=bool(game.excess_max(np.array(shares.exact)) <= CORE_TOLERANCE_MINOR),
        individually_rational=all(paid[owner] <= alone_minor[owner] for owner in paid),
        gain_minor=int(gain.max()) if len(gain) else 0,
        gain_members=[owner for bit, union in enumerate(unions) if worst >> bit & 1 for owner in union],
    )


def _within(union: tuple[str, ...], share_minor: int, alone_minor: dict[str, int]) -> dict[str, int]:
    """A player's share among the members that were counted as one, in proportion to their costs alone."""
    alone = [alone_minor[owner] for owner in union]
    total = sum(alone)
    before = [share_minor * own / total if total else share_minor / len(union) for own in alone]
    return dict(zip(union, rounded(union, alone, before, share_minor), strict=True))


ALL_RULES = [rule.value for rule in SharingRule]
"""Those that a cluster may choose."""
