"""What wrong coalition costs do: to the costs, to the shares, and to the verdict whether a group would leave."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.shares import Rule, Verdict
from solver.sharing.game import Game
from solver.sharing.rules import split as split_game

Floats = NDArray[np.float64]
SLACK = 0.5
"""Minor units of excess that are no reason to leave."""
COMPARED = (Rule.SHAPLEY, Rule.NUCLEOLUS)


def judged(shares: Floats, game: Game) -> Verdict:
    """Whether a group would truly do better by leaving; open where the proven bounds do not tell."""
    if game.excess_max(shares) > SLACK:
        return Verdict.UNSTABLE
    least = Game(game.players, game.lower).excess_max(shares)
    return Verdict.STABLE if least <= SLACK else Verdict.OPEN


def error_percent(values: Floats, right: Floats) -> tuple[float, float]:
    """Mean and worst distance from the right values, in per cent of these."""
    off = 100 * np.abs(values - right) / np.maximum(np.abs(right), 1.0)
    return float(off.mean()), float(off.max())


def errors(naive: Game, proven: Game) -> dict[str, Any]:
    """
    The naive game beside the proven one, in per cent.

    Shares are compared with those by the proven game's uppers, which are the true costs where these are proven. Each
    way bills what its own plan for everybody costs. ``false`` says of each rule whether what the naive way says about
    its own split (some group would gain by leaving, or none) is refuted by the proven bounds.
    """
    cost_mean, cost_max = error_percent(naive.cost[1:], proven.cost[1:])
    found: dict[str, Any] = {
        "cost_error_mean": cost_mean,
        "cost_error_max": cost_max,
        "below_lower": int((naive.cost[1:] < proven.lower[1:] - SLACK).sum()),
        "below_upper": int((naive.cost[1:] < proven.cost[1:] - SLACK).sum()),
        "bill_error": 100 * (float(naive.cost[-1] / proven.cost[-1]) - 1) if proven.cost[-1] else 0.0,
    }
    for rule in COMPARED:
        shares, right = (np.array(split_game(game, rule).exact) for game in (naive, proven))
        claims = Verdict.STABLE if naive.excess_max(shares) <= SLACK else Verdict.UNSTABLE
        truth = judged(shares, proven)
        off_mean, off_max = error_percent(shares, right)
        found[rule.value] = {
            "error_mean": off_mean,
            "error_max": off_max,
            "claims": claims.value,
            "truth": truth.value,
            "false": truth is not Verdict.OPEN and truth is not claims,
        }
    return found
