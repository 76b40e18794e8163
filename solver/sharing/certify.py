"""
What is proven about a split: whether any coalition would gain by leaving, and why no rule could do better.

Everything is in whole numbers, so that whoever checks it (``solver.check_split``) needs no tolerance.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from math import gcd, lcm

import numpy as np

from solver.shares import Certificate, Gain, Verdict
from solver.sharing.core import least_core
from solver.sharing.game import Floats, Game, Wholes, whole_sums

WHOLE = 1e-6
"""Costs this close to a whole number are meant to be it."""


def certificate(game: Game, shares_minor: Sequence[int]) -> Certificate:
    """
    Certify a split of the uppers.

    Parameters
    ----------
    game
        Costs and lower bounds; what is not whole is taken as the next whole number up (costs) or down (lower bounds),
        which widens intervals.
    shares_minor
        By player, whole minor units that sum to the bill, c(N) rounded.

    Returns
    -------
    Certificate
        See there. The witness is the exact dual of the least core's linear program (Bondareva 1963, Shapley 1967).

    Raises
    ------
    ValueError
        When there is not one share a player, or they do not sum to the bill.
    """
    bill = round(float(game.cost[-1]))
    shares = [int(share) for share in shares_minor]
    if len(shares) != game.n or sum(shares) != bill:
        raise ValueError(f"{len(shares)} shares of {sum(shares)} for {game.n} players and a bill of {bill}")
    upper = _whole(np.ceil(game.cost - WHOLE))
    upper[-1] = bill
    lower = np.minimum(_whole(np.floor(game.lower + WHOLE)), upper)
    paid = whole_sums(np.array(shares, dtype=np.int64))
    excess_max, gain_max = _largest(game.players, paid - upper), _largest(game.players, paid - lower)
    slack = game.n // 4
    weights = _witness(game.players, upper)
    return Certificate(
        players=game.players,
        cost_minor=bill,
        shares_minor=tuple(shares),
        lower_minor=tuple(lower.tolist()),
        upper_minor=tuple(upper.tolist()),
        verdict=_verdict(excess_max.gain_minor, gain_max.gain_minor, slack),
        excess_max=excess_max,
        gain_max=gain_max,
        slack_minor=slack,
        weights=weights,
        excess_least_minor=_least(weights, upper),
        digest=_digest(game.players, bill, shares, lower, upper),
    )


def _whole(costs: Floats) -> Wholes:
    return np.asarray(costs.astype(np.int64))


def _largest(players: Sequence[str], gains: Wholes) -> Gain:
    """The proper coalition that gains most, the smallest mask of equals."""
    if len(gains) <= 2:
        return Gain(players=(), gain_minor=0)
    mask = 1 + int(np.argmax(gains[1:-1]))
    return Gain(
        players=tuple(player for number, player in enumerate(players) if mask >> number & 1),
        gain_minor=int(gains[mask]),
    )


def _verdict(excess: int, gain: int, slack: int) -> Verdict:
    if excess > slack:
        return Verdict.UNSTABLE
    return Verdict.STABLE if gain <= slack else Verdict.OPEN


def _witness(players: Sequence[str], upper: Wholes) -> tuple[tuple[int, int], ...]:
    """Balanced coalitions that keep the largest excess from being smaller, with whole weights."""
    weights = least_core(Game(players, upper)).weights
    if not weights:
        return ()
    common = lcm(*(weight.denominator for weight in weights.values()))
    whole = {mask: int(weight * common) for mask, weight in weights.items()}
    shared = gcd(*whole.values())
    return tuple((mask, whole[mask] // shared) for mask in sorted(whole))


def _least(weights: Sequence[tuple[int, int]], upper: Wholes) -> int | None:
    if not weights:
        return None
    total = sum(weight for mask, weight in weights if mask & 1)
    gap = total * int(upper[-1]) - sum(weight * int(upper[mask]) for mask, weight in weights)
    return -(-gap // sum(weight for _, weight in weights))


def _digest(players: Sequence[str], bill: int, shares: list[int], lower: Wholes, upper: Wholes) -> str:
    tables = [list(players), bill, shares, lower.tolist(), upper.tolist()]
    return sha256(json.dumps(tables, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
