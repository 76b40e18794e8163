"""
The independent checker of certificates: is what one says true of the tables that it holds?

Nothing here is shared with the rules nor with what writes certificates: each statement of ``solver.shares.Certificate``
is derived a second time, in whole numbers without any tolerance. What takes plans and not tables is not checked: that a
plan of each upper exists, and that none undercuts a lower.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from solver.plan import Violation
from solver.shares import Certificate, Gain, Verdict

Ints = NDArray[np.int64]

AMOUNT_MAX = 2**53
"""Larger amounts are no money; sums of those up to this stay within 64 bits."""
PLAYERS_MAX = 20
BLOCK_PLAYERS = 10
"""Pairs of coalitions are compared in blocks of 3 to this power."""


def check_certificate(certificate: Certificate) -> tuple[Violation, ...]:
    """
    Everything wrong with a certificate; empty when all that it says is true. Codes are listed in docs/faults.md.

    Uppers must be monotone, and sub-additive for all pairs of coalitions but those of everybody: the bill stands as it
    was paid, also where parting would have been cheaper (then no split is stable, and the verdict must say so). All
    3**n pairs are compared, a second at 16 players, three times as long for each further one.

    Where tables do not fit the players, or hold no amounts, nothing else can be said of them.
    """
    found = tuple(_shapes(certificate))
    if found:
        return found
    return tuple(chain(_tables(certificate), _excesses(certificate), _weights(certificate), _digest(certificate)))


def _wrong(code: str, where: str, detail: str) -> Violation:
    return Violation(code=code, where=where, detail=detail)


def _shapes(certificate: Certificate) -> Iterator[Violation]:
    n = len(certificate.players)
    if len(set(certificate.players)) != n or n > PLAYERS_MAX:
        yield _wrong("players_wrong", "players", f"{n} names, {len(set(certificate.players))} of them distinct")
        return
    entries = {"shares_minor": n, "lower_minor": 2**n, "upper_minor": 2**n}
    for where, wanted in entries.items():
        table = getattr(certificate, where)
        if len(table) != wanted:
            yield _wrong("table_wrong", where, f"{len(table)} entries, not {wanted}")
        if any(type(amount) is not int or abs(amount) > AMOUNT_MAX for amount in table):
            yield _wrong("amount_wrong", where, "an entry is no whole amount of money")


def _tables(certificate: Certificate) -> Iterator[Violation]:
    """The bill, the shares and the intervals."""
    bill = certificate.cost_minor
    lower, upper = np.array(certificate.lower_minor), np.array(certificate.upper_minor)
    if bill != int(upper[-1]):
        yield _wrong("bill_wrong", "cost_minor", f"{bill}, everybody together costs {upper[-1]}")
    if sum(certificate.shares_minor) != bill:
        yield _wrong("sum_wrong", "shares_minor", f"sum to {sum(certificate.shares_minor)}, not {bill}")
    if lower[0] != 0 or upper[0] != 0:
        yield _wrong("nobody_costs", "upper_minor[0]", f"nobody costs from {lower[0]} to {upper[0]}")
    crossed = np.flatnonzero(lower > upper)
    if len(crossed):
        yield _wrong("bounds_crossed", f"lower_minor[{crossed[0]}]", f"{len(crossed)} lower bounds above their uppers")
    for player in range(len(certificate.players)):
        without, joined = upper.reshape(-1, 2, 2**player).swapaxes(0, 1)
        if (without > joined).any():
            yield _wrong("not_monotone", "upper_minor", f"{certificate.players[player]} makes a coalition cheaper")
    pair = _cheaper_apart(upper)
    if pair is not None:
        yield _wrong(
            "not_sub_additive", f"upper_minor[{pair[0] | pair[1]}]", f"{pair[0]} and {pair[1]} cost less apart"
        )


def _cheaper_apart(upper: Ints) -> tuple[int, int] | None:
    """Two coalitions apart, not everybody together, that cost less than as one; None if there are none."""
    n = (len(upper) - 1).bit_length()
    few = min(n, BLOCK_PLAYERS)
    ones, others = _pairs(0, few)
    for one, other in zip(*(side.tolist() for side in _pairs(few, n)), strict=True):
        if one < other:
            continue
        first, second = ones | one, others | other
        together = first | second
        cheaper = upper[first] + upper[second] < upper[together]
        worst = np.flatnonzero(cheaper & (together != len(upper) - 1))
        if len(worst):
            return int(first[worst[0]]), int(second[worst[0]])
    return None


def _pairs(start: int, end: int) -> tuple[Ints, Ints]:
    """All pairs of coalitions apart among some players: each player is in one, in the other, or in none."""
    ones = others = np.zeros(1, dtype=np.int64)
    for player in range(start, end):
        bit = 1 << player
        ones, others = np.concatenate([ones, ones | bit, ones]), np.concatenate([others, others, others | bit])
    return ones, others


def _excesses(certificate: Certificate) -> Iterator[Violation]:
    """The two coalitions named, what they gain, the slack and the verdict."""
    n = len(certificate.players)
    paid = np.zeros(2**n, dtype=np.int64)
    for player, share in enumerate(certificate.shares_minor):
        paid.reshape(-1, 2, 2**player)[:, 1] += share
    gains = {}
    for where, table in (("excess_max", certificate.upper_minor), ("gain_max", certificate.lower_minor)):
        said: Gain = getattr(certificate, where)
        gain = _first_largest(certificate.players, paid - np.array(table))
        gains[where] = gain.gain_minor
        if said != gain:
            found = f"{', '.join(gain.players)} with {gain.gain_minor}"
            yield _wrong("excess_wrong", where, f"{', '.join(said.players)} with {said.gain_minor}, not {found}")
    slack = n // 4
    if certificate.slack_minor != slack:
        yield _wrong("slack_wrong", "slack_minor", f"{certificate.slack_minor}, not {slack}")
    verdict = Verdict.OPEN
    if gains["excess_max"] > slack:
        verdict = Verdict.UNSTABLE
    elif gains["gain_max"] <= slack:
        verdict = Verdict.STABLE
    if certificate.verdict != verdict:
        yield _wrong("verdict_wrong", "verdict", f"{certificate.verdict}, not {verdict}")


def _first_largest(players: tuple[str, ...], gains: Ints) -> Gain:
    proper = gains[1:-1]
    if not len(proper):
        return Gain(players=(), gain_minor=0)
    mask = 1 + int(np.flatnonzero(proper == np.max(proper))[0])
    named = tuple(player for number, player in enumerate(players) if mask >> number & 1)
    return Gain(players=named, gain_minor=int(gains[mask]))


def _weights(certificate: Certificate) -> Iterator[Violation]:
    """The balance of the witness, and what follows from it."""
    n, weights = len(certificate.players), certificate.weights
    masks = [mask for mask, _ in weights]
    proper = all(0 < mask < 2**n - 1 for mask in masks)
    if masks != sorted(set(masks)) or not proper or any(weight <= 0 for _, weight in weights):
        yield _wrong("weight_wrong", "weights", "not proper coalitions in order, each once with a positive weight")
        return
    totals = [sum(weight for mask, weight in weights if mask >> player & 1) for player in range(n)]
    if len(set(totals)) > 1 or (n > 1 and not weights):
        yield _wrong("weights_unbalanced", "weights", f"they sum to {totals} by player")
    least = None
    if weights:
        priced = sum(weight * certificate.upper_minor[mask] for mask, weight in weights)
        whole = sum(weight for _, weight in weights)
        least = -((priced - totals[0] * certificate.cost_minor) // whole)
    if certificate.excess_least_minor != least:
        yield _wrong("least_wrong", "excess_least_minor", f"{certificate.excess_least_minor}, not {least}")


def _digest(certificate: Certificate) -> Iterator[Violation]:
    tables = [
        certificate.players,
        certificate.cost_minor,
        certificate.shares_minor,
        certificate.lower_minor,
        certificate.upper_minor,
    ]
    text = json.dumps(tables, ensure_ascii=False, separators=(",", ":"))
    if certificate.digest != sha256(text.encode()).hexdigest():
        yield _wrong("digest_wrong", "digest", "not that of the players, cost, shares, lowers and uppers")
