"""
The cost game: what each coalition of players would pay for a plan of its own.

Coalitions are bit masks: bit ``i`` is ``players[i]``; mask 0 is nobody, mask ``2**n - 1`` everybody.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import frexp

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.faults import Fault, ProblemError
from solver.validate_values import fault, identifier, number

PLAYERS_MAX = 20
"""Tables of ``2**n`` numbers beyond this are refused."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Wholes = NDArray[np.int64]
Exact = list[Fraction]
"""One number a player, in minor units, without any rounding."""
WHOLE_MAX = 2**53
"""Whole numbers below this are exact as floating point."""
MISSING_SHOWN = 20
"""So many coalitions without a cost are named one by one."""
FINE_BITS = 50
"""Costs that are not whole are taken as multiples of the largest one over 2 to this power."""


class Game:
    """
    Players and the cost of each coalition.

    Parameters
    ----------
    players
        Distinct names, at most ``PLAYERS_MAX``.
    cost
        Shape ``(2 ** len(players),)``, indexed by mask; ``cost[0]`` is 0, all finite. Copied and made read-only. What
        each coalition could really get by with: rules split by it.
    lower
        Same shape, proven: no coalition gets by with less than this; ``cost`` itself where it is left out.

    Raises
    ------
    ValueError
        When the table does not fit the players.
    """

    def __init__(self, players: Sequence[str], cost: ArrayLike, lower: ArrayLike | None = None) -> None:
        self.players = tuple(players)
        self.cost: Floats = np.array(cost, dtype=np.float64)
        self.lower: Floats = np.array(self.cost if lower is None else lower, dtype=np.float64)
        if len(self.players) > PLAYERS_MAX or len(set(self.players)) != len(self.players):
            raise ValueError(f"players must be distinct and at most {PLAYERS_MAX}")
        if self.cost.shape != (2 ** len(self.players),):
            raise ValueError(f"{len(self.players)} players need {2 ** len(self.players)} coalition costs")
        if not np.isfinite(self.cost).all() or self.cost[0] != 0:
            raise ValueError("coalition costs must be finite, and nobody costs nothing")
        if self.lower.shape != self.cost.shape or not (self.lower <= self.cost).all() or self.lower[0] != 0:
            raise ValueError("lower bounds must be as many as costs, and none above its cost")
        self.cost.setflags(write=False)
        self.lower.setflags(write=False)

    @property
    def n(self) -> int:
        """Number of players."""
        return len(self.players)

    def whole(self) -> tuple[Wholes, Fraction]:
        """Costs as whole multiples of a unit, shape ``(2**n,)``, and that unit; 1 where all costs are whole."""
        most = float(np.abs(self.cost).max())
        if most < WHOLE_MAX and bool((self.cost == np.rint(self.cost)).all()):
            return self.cost.astype(np.int64), Fraction(1)
        fine = FINE_BITS - frexp(most)[1]
        return np.rint(np.ldexp(self.cost, fine)).astype(np.int64), Fraction(2) ** -fine

    @property
    def proven(self) -> Bools:
        """Coalitions whose cost is known for certain, shape ``(2**n,)``."""
        return np.asarray(self.lower == self.cost)

    @property
    def stand_alone(self) -> Floats:
        """Cost of each player alone, shape ``(n,)``."""
        return np.asarray(self.cost[1 << np.arange(self.n)])

    @property
    def incremental(self) -> Floats:
        """What each player adds to all others, c(N) - c(N without i), shape ``(n,)``."""
        return np.asarray(self.cost[-1] - self.cost[(len(self.cost) - 1) ^ (1 << np.arange(self.n))])

    def savings(self) -> Floats:
        """The savings game v(S) = sum of stand-alone costs in S - c(S), shape ``(2**n,)``."""
        return sums(self.stand_alone) - self.cost

    def excess(self, shares: Floats) -> Floats:
        """What each coalition pays beyond its cost, x(S) - c(S), shape ``(2**n,)``; where positive it gains alone."""
        return sums(shares) - self.cost

    def excess_max(self, shares: Floats) -> float:
        """Largest excess of a proper coalition; not positive in the core. 0.0 where there is no proper coalition."""
        return max(self.excess(shares)[1:-1].tolist(), default=0.0)

    def is_monotone(self) -> bool:
        """Nobody's joining makes a coalition cheaper."""
        return bool(np.array_equal(_least_of_supersets(self.cost, self.n), self.cost))

    def is_subadditive(self) -> bool:
        """Two coalitions apart never pay more together."""
        return bool(np.array_equal(_least_of_partitions(self.cost), self.cost))

    def closed(self) -> "Game":
        """
        The same game with each coalition free to do what a larger one does, or to part into smaller ones.

        Returns
        -------
        Game
            Monotone and sub-additive; or, where that would change the cost of everybody together (which has been paid
            for and stands), this game itself.
        """
        cost = self.cost
        while True:
            lower = _least_of_partitions(_least_of_supersets(cost, self.n))
            if lower[-1] < self.cost[-1]:
                return self
            if np.array_equal(lower, cost):
                return Game(self.players, cost)
            cost = lower


def game_of(players: Sequence[str], costs: Mapping[str | tuple[str, ...], int]) -> Game:
    """
    A game from names and amounts, or all that is wrong with them.

    Parameters
    ----------
    players
        Distinct names, at most ``PLAYERS_MAX``.
    costs
        Whole minor units of every coalition but nobody (which may be given, as 0): by the names of its players, as a
        tuple or joined by ", ", in any order.

    Raises
    ------
    ProblemError
        With the faults ``id_duplicate``, ``id_length``, ``too_many_players``, ``player_unknown``,
        ``coalition_duplicate``, ``coalition_missing``, ``empty_coalition_cost``, ``number_negative``,
        ``number_not_whole`` or ``number_too_large``, all at once.
    """
    faults = list(_player_faults(players))
    if faults:
        raise ProblemError(faults)
    table: list[int | None] = [0] + [None] * (2 ** len(players) - 1)
    for key, cost in costs.items():
        names = _names(players, key)
        where = f"costs[{', '.join(names)!r}]"
        unknown = [name for name in names if name not in players]
        faults += [fault("player_unknown", where, f"no player is called {name!r}", "name players") for name in unknown]
        faults += number(where, cost, WHOLE_MAX - 1)
        if unknown:
            continue
        mask = sum(1 << player for player, name in enumerate(players) if name in names)
        if mask == 0 and cost != 0:
            faults.append(fault("empty_coalition_cost", where, f"nobody costs {cost}", "give 0, or leave it out"))
        elif mask and (table[mask] is not None or len(set(names)) < len(names)):
            faults.append(fault("coalition_duplicate", where, "a coalition or name is given twice", "give it once"))
        elif mask:
            table[mask] = cost
    faults += _missing(players, table)
    if faults:
        raise ProblemError(faults)
    return Game(players, [cost or 0 for cost in table])


def _names(players: Sequence[str], key: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(key, str):
        return (key,) if key in players else tuple(name for name in key.split(", ") if name)
    return key


def _player_faults(players: Sequence[str]) -> Iterator[Fault]:
    if len(players) > PLAYERS_MAX:
        cause = f"{len(players)} players have 2**{len(players)} coalitions"
        yield fault("too_many_players", "players", cause, f"at most {PLAYERS_MAX}; unite small ones")
    for index, player in enumerate(players):
        yield from identifier(f"players[{index}]", player)
        if player in players[:index]:
            yield fault("id_duplicate", f"players[{index}]", f"{player!r} is there already", "give each its own name")


def _missing(players: Sequence[str], table: Sequence[int | None]) -> Iterator[Fault]:
    masks = [mask for mask, cost in enumerate(table) if cost is None]
    for mask in masks[:MISSING_SHOWN]:
        names = ", ".join(name for player, name in enumerate(players) if mask >> player & 1)
        yield fault("coalition_missing", f"costs[{names!r}]", "this coalition has no cost", "give every coalition's")
    if len(masks) > MISSING_SHOWN:
        cause = f"{len(masks) - MISSING_SHOWN} more coalitions have no cost"
        yield fault("coalition_missing", "costs", cause, "give every coalition's")


def sums(values: Floats) -> Floats:
    """Sum of ``values``, shape ``(n,)``, over every coalition, shape ``(2**n,)``, by doubling."""
    table = np.zeros(1)
    for value in values:
        table = np.concatenate([table, table + value])
    return table


def whole_sums(values: Wholes) -> Wholes:
    """The same in whole numbers, of whatever size the array's type holds."""
    table = np.zeros(1, dtype=values.dtype)
    for value in values:
        table = np.concatenate([table, table + value])
    return table


def floats(shares: Exact) -> Floats:
    """Exact shares as floating point, shape ``(n,)``."""
    return np.array([float(share) for share in shares], dtype=np.float64)


def members(n: int) -> Bools:
    """Who is in which coalition, shape ``(2**n, n)``."""
    return (np.arange(2**n)[:, None] >> np.arange(n)[None, :] & 1).astype(bool)


def _least_of_supersets(cost: Floats, n: int) -> Floats:
    least = cost.copy()
    for player in range(n):
        pairs = least.reshape(-1, 2, 2**player)
        np.minimum(pairs[:, 0], pairs[:, 1], out=pairs[:, 0])
    least[0] = 0.0
    return least


def _least_of_partitions(cost: Floats) -> Floats:
    """Blocks are tried in ascending order of mask, so every partition is met with its blocks in that order."""
    least = cost.copy()
    masks = np.arange(len(cost))
    for block in range(1, len(cost)):
        apart = masks[masks & block == 0]
        least[apart | block] = np.minimum(least[apart | block], least[apart] + least[block])
    return least
