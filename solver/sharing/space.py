"""
The cost of shared space as a game: use at the joint peak, and needs that contain one another.

Days are columns, players are rows, entries are whole places (pallet places, square metres, ...). Space that is not
interchangeable (frozen and dry) makes one game each; costs of several zones add up.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.sharing.game import PLAYERS_MAX, Game
from solver.sharing.rounding import rounded

EXACT_MAX = 2**53
"""Whole numbers beyond this are not all floating point numbers, which games are made of."""
BLOCK_PLAYERS = 8
"""So many players' coalitions are added up at a time: tables of 2**8 times the days stay in the processor's cache."""

Places = NDArray[np.int64]


def peak_game(players: Sequence[str], places: ArrayLike, price_minor: int) -> Game:
    """
    What each coalition pays for space that holds its use on its fullest day: c(S) = price x max over t of d_S(t).

    Monotone and sub-additive: nobody's use is negative, and the peak of a sum is at most the sum of peaks.

    Parameters
    ----------
    players
        Distinct names, at most ``PLAYERS_MAX``.
    places
        Whole numbers of 0 or more, shape ``(players, days)``.
    price_minor
        Of one place for the whole period, minor units.

    Raises
    ------
    ValueError
        When ``places`` are not such a table, the price is negative, or the sum of all peaks' prices exceeds 2**53.
    """
    use = use_of(players, places, price_minor)
    low, high = use[:BLOCK_PLAYERS], use[BLOCK_PLAYERS:]
    table = _sums(low)
    peaks = np.zeros((2 ** len(high), 2 ** len(low)), dtype=np.int64)
    if use.shape[1]:
        for mask, together in enumerate(_sums(high)):
            peaks[mask] = (table + together).max(axis=1)
    return Game(players, peaks.ravel() * price_minor)


def coincident_peak(players: Sequence[str], places: ArrayLike, price_minor: int) -> list[int]:
    """
    Each player pays for what it uses on the day of the joint peak; the mean of them where several days are the fullest.

    With one fullest day t* this is in the core of ``peak_game``: x(S) = p d_S(t*) <= p max over t of d_S(t) = c(S), and
    x(N) = c(N), as t* is where d_N is largest. A mean of core splits is a core split; rounding may then move a
    coalition by less than one unit for each of its players. What a player pays can change much with its use on one day:
    ``peak_game`` under the nucleolus or the Shapley value is steadier.

    Returns
    -------
    list of int
        By player, minor units, summing to the bill; nobody pays more than alone.

    Raises
    ------
    ValueError
        As ``peak_game``.
    """
    use = use_of(players, places, price_minor)
    if not use.size:
        return [0] * len(players)
    together = use.sum(axis=0)
    peak = int(np.max(together))
    fullest = use[:, np.flatnonzero(together == peak)]
    alone = [int(own) * price_minor for own in np.max(use, axis=1)]
    exact = [Fraction(int(row.sum()) * price_minor, fullest.shape[1]) for row in fullest]
    return rounded(players, alone, exact, peak * price_minor)


def airport_game(cost_minor: Mapping[str, int]) -> Game:
    """
    What each coalition pays for the most demanding need in it: c(S) = max over S of c_i.

    For needs that contain one another: clear height, temperature, length of a dock. Monotone and concave.

    Parameters
    ----------
    cost_minor
        By player, what meeting its need alone costs; 0 or more.

    Raises
    ------
    ValueError
        When a cost is out of range, or there are more than ``PLAYERS_MAX`` players.
    """
    costs = _needs(cost_minor)
    if len(costs) > PLAYERS_MAX:
        raise ValueError(f"a table of costs takes at most {PLAYERS_MAX} players; airport_exact takes any number")
    table = np.zeros(1)
    for cost in costs.values():
        table = np.concatenate([table, np.maximum(table, cost)])
    return Game(tuple(costs), table)


def airport_exact(cost_minor: Mapping[str, int]) -> dict[str, Fraction]:
    """
    The Shapley value of ``airport_game`` in closed form, for any number of players.

    With costs in ascending order, each step from one to the next is split equally among those who need at least that
    much. The game is concave, so this is in its core.

    References
    ----------
    S. C. Littlechild, G. Owen, A simple expression for the Shapley value in a special case, Management Science 20(3),
    1973.
    """
    costs = _needs(cost_minor)
    paid: dict[str, Fraction] = {}
    so_far, met = Fraction(0), 0
    for rank, player in enumerate(sorted(costs, key=lambda player: (costs[player], player))):
        so_far += Fraction(costs[player] - met, len(costs) - rank)
        met = costs[player]
        paid[player] = so_far
    return {player: paid[player] for player in costs}


def airport_shares(cost_minor: Mapping[str, int]) -> dict[str, int]:
    """``airport_exact`` in whole minor units that sum to the dearest need's cost; nobody pays more than alone."""
    exact = airport_exact(cost_minor)
    shares = list(exact.values())
    players = list(exact)
    bill = max(cost_minor.values(), default=0)
    whole = rounded(players, [cost_minor[player] for player in players], shares, bill)
    return dict(zip(players, whole, strict=True))


def use_of(players: Sequence[str], places: ArrayLike, price_minor: int) -> Places:
    """Use as a checked table, shape ``(players, days)``."""
    use = np.asarray(places)
    if len(players) > PLAYERS_MAX or use.ndim != 2 or len(use) != len(players):
        raise ValueError(f"use wants one row a player, at most {PLAYERS_MAX} of them, and one column a day")
    if use.size and use.dtype.kind not in "iu":
        raise ValueError("use is counted in whole places")
    if (use < 0).any() or price_minor < 0:
        raise ValueError("neither use nor its price may be negative")
    if sum(int(peak) for peak in np.max(use, axis=1, initial=0)) * max(price_minor, 1) > EXACT_MAX:
        raise ValueError("the price of all peaks passes 2**53: take a coarser unit")
    return use.astype(np.int64)


def _sums(use: Places) -> Places:
    """Use of every coalition of some players, shape ``(2 ** players, days)``, by doubling."""
    table = np.zeros((1, use.shape[1]), dtype=np.int64)
    for row in use:
        table = np.concatenate([table, table + row])
    return table


def _needs(cost_minor: Mapping[str, int]) -> dict[str, int]:
    if any(cost < 0 or cost > EXACT_MAX for cost in cost_minor.values()):
        raise ValueError("a need costs 0 or more, and at most 2**53 minor units")
    return dict(sorted(cost_minor.items()))
