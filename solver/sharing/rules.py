"""Every rule by its name: from a game to what each player pays, before rounding and in whole minor units."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from solver.faults import Fault, ProblemError
from solver.shares import Rule
from solver.sharing.acam import exact_acam
from solver.sharing.equal_profit import exact_equal_profit
from solver.sharing.game import Exact, Game
from solver.sharing.keys import exact_by_key
from solver.sharing.nucleolus import exact_nucleolus, exact_per_capita, exact_proportional_nucleolus
from solver.sharing.owen import exact_owen
from solver.sharing.proportional import exact_proportional
from solver.sharing.rounding import rounded
from solver.sharing.shapley import exact_shapley, exact_weighted_shapley
from solver.sharing.tau import exact_tau
from solver.validate_values import COST_MAX_MILLI, fault, number

KEYS = frozenset({Rule.WEIGHT, Rule.VOLUME, Rule.PALLET_KM, Rule.TONNE_KM, Rule.ORDERS})
"""Rules that look at a key alone, not at what coalitions would pay."""
BLIND = KEYS | {Rule.PROPORTIONAL}
"""Rules under which a player who adds nothing to any coalition may have to pay."""

PLAIN: dict[Rule, Callable[[Game], Exact]] = {
    Rule.NUCLEOLUS: lambda game: exact_nucleolus(game).shares,
    Rule.PER_CAPITA_NUCLEOLUS: lambda game: exact_per_capita(game).shares,
    Rule.PROPORTIONAL_NUCLEOLUS: lambda game: exact_proportional_nucleolus(game).shares,
    Rule.EQUAL_PROFIT: exact_equal_profit,
    Rule.SHAPLEY: exact_shapley,
    Rule.ACAM: exact_acam,
    Rule.PROPORTIONAL: exact_proportional,
}
"""Rules that want nothing but the game and always have an answer."""


class Shares(NamedTuple):
    """
    Who pays what for a game.

    Attributes
    ----------
    rule
        What was asked for.
    players
        As in the game.
    exact
        By player, minor units before rounding; after the repair where there was one.
    minor
        By player, whole minor units that sum to the rounded cost of everybody exactly.
    individually_rational
        Whether nobody pays more than alone, of ``minor`` against the rounded costs alone.
    repaired
        Whether the rule asked somebody for more than alone, and this was mended.
    applied
        The rule that was truly applied: another one than ``rule`` where that has no answer (see ``split``).
    """

    rule: Rule
    players: tuple[str, ...]
    exact: tuple[float, ...]
    minor: tuple[int, ...]
    individually_rational: bool
    repaired: bool
    applied: Rule


def split(
    game: Game,
    rule: Rule,
    *,
    weights: Mapping[str, int] | None = None,
    unions: Sequence[Sequence[str]] = (),
    keys: Mapping[str, int] | None = None,
    repaired: bool = False,
) -> Shares:
    """
    Split the cost of everybody together by a rule.

    A player who adds nothing to any coalition pays nothing (but where a key or its cost alone asks it for something).
    Where a rule has no answer another one is applied, and ``applied`` says so:

    - where everybody together costs more than all alone, no split leaves nobody worse off: in proportion to stand-alone
      costs, whatever the rule;
    - ``tau`` of a game that is not quasi-balanced (its core is empty then): ``acam``, which starts from the same least
      that each could be asked for;
    - a key that is 0 for everybody: in proportion to stand-alone costs.

    Shares are exact fractions up to here and rounded once: savings down to whole units, those left over one by one to
    the largest remainder, between equals to the first by name. So nobody who is at most at its cost alone before
    rounding is above it after, and players who are alike differ by one unit at most, which cannot be avoided where
    their sum is odd.

    Parameters
    ----------
    game
        Split by its ``cost``.
    rule
        Which one.
    weights
        For ``weighted_shapley``: by player, from 1; costs alone where left out (from 1).
    unions
        For ``owen``: names of players who joined beforehand; who is in none is a union of its own.
    keys
        For the rules by key: by player, from 0.
    repaired
        Whether what a rule asks somebody for beyond its cost alone is handed to all others, in proportion to what they
        save. No more than that is ever needed: they save at least as much. Left out, ``individually_rational`` says
        that it happened.

    Returns
    -------
    Shares
        Sums exactly.

    Raises
    ------
    ProblemError
        When weights, unions or keys do not fit the players; all faults at once.
    """
    faults = list(_faults(game, rule, weights, unions, keys))
    if faults:
        raise ProblemError(faults)
    applied, exact = _unrounded(game, rule, weights, unions, keys)
    alone = [Fraction(float(cost)) for cost in game.stand_alone]
    mended = _mended(exact, alone) if repaired else exact
    alone_minor = [round(cost) for cost in alone]
    minor = rounded(game.players, alone_minor, mended, round(float(game.cost[-1])))
    return Shares(
        rule=rule,
        players=game.players,
        exact=tuple(float(share) for share in mended),
        minor=tuple(minor),
        individually_rational=all(paid <= cost for paid, cost in zip(minor, alone_minor, strict=True)),
        repaired=mended != exact,
        applied=applied,
    )


def _unrounded(
    game: Game,
    rule: Rule,
    weights: Mapping[str, int] | None,
    unions: Sequence[Sequence[str]],
    keys: Mapping[str, int] | None,
) -> tuple[Rule, Exact]:
    """The rule that was applied, and its shares."""
    chosen = keys or {}
    if game.cost[-1] > game.stand_alone.sum() or (rule in KEYS and not any(chosen.values())):
        return Rule.PROPORTIONAL, exact_proportional(game)
    if rule in KEYS:
        return rule, exact_by_key(game, chosen)
    taking_part = list(range(game.n)) if rule in BLIND else _adding(game)
    smaller = _among(game, taking_part)
    shares = [Fraction(0)] * game.n
    applied, paid = _by_game(smaller, rule, weights, unions)
    for player, share in zip(taking_part, paid, strict=True):
        shares[player] = share
    return applied, shares


def _by_game(
    game: Game, rule: Rule, weights: Mapping[str, int] | None, unions: Sequence[Sequence[str]]
) -> tuple[Rule, Exact]:
    if rule is Rule.WEIGHTED_SHAPLEY:
        by_cost = {
            name: max(1, round(cost)) for name, cost in zip(game.players, game.stand_alone.tolist(), strict=True)
        }
        chosen = by_cost if weights is None else weights
        return rule, exact_weighted_shapley(game, [chosen[player] for player in game.players])
    if rule is Rule.OWEN:
        number_of = {player: index for index, player in enumerate(game.players)}
        joined = [[number_of[player] for player in union if player in number_of] for union in unions]
        alone = [[number_of[player]] for player in game.players if not any(player in union for union in unions)]
        return rule, exact_owen(game, [union for union in joined if union] + alone)
    if rule is Rule.TAU:
        shares = exact_tau(game)
        return (Rule.ACAM, exact_acam(game)) if shares is None else (rule, shares)
    return rule, PLAIN[rule](game)


def _mended(exact: Exact, alone: Exact) -> Exact:
    """Nobody above its cost alone; what that leaves over goes to all others in proportion to what they save."""
    over = sum(max(share - cost, Fraction(0)) for share, cost in zip(exact, alone, strict=True))
    room = sum(max(cost - share, Fraction(0)) for share, cost in zip(exact, alone, strict=True))
    if not over or over > room:
        return exact
    return [
        min(share, cost) + max(cost - share, Fraction(0)) * over / room
        for share, cost in zip(exact, alone, strict=True)
    ]


def _adding(game: Game) -> list[int]:
    """Players who add something to some coalition."""
    pairs = [game.cost.reshape(-1, 2, 2**player) for player in range(game.n)]
    return [player for player, pair in enumerate(pairs) if not np.array_equal(pair[:, 0], pair[:, 1])]


def _among(game: Game, players: Sequence[int]) -> Game:
    """The game between some of the players."""
    if len(players) == game.n:
        return game
    masks = np.zeros(1, dtype=np.int64)
    for player in players:
        masks = np.concatenate([masks, masks | 1 << player])
    return Game([game.players[player] for player in players], game.cost[masks])


def _faults(
    game: Game,
    rule: Rule,
    weights: Mapping[str, int] | None,
    unions: Sequence[Sequence[str]],
    keys: Mapping[str, int] | None,
) -> Iterator[Fault]:
    if rule in KEYS:
        yield from _number_faults(game, "keys", keys or {}, 0)
    if rule is Rule.WEIGHTED_SHAPLEY and weights is not None:
        yield from _number_faults(game, "weights", weights, 1)
    if rule is Rule.OWEN:
        yield from _union_faults(game, unions)


def _number_faults(game: Game, where: str, numbers: Mapping[str, int], least: int) -> Iterator[Fault]:
    for player in game.players:
        if player not in numbers:
            yield fault("key_missing", f"{where}[{player!r}]", "this player has none", "give one number a player")
    for player, value in numbers.items():
        if player not in game.players:
            yield fault("player_unknown", f"{where}[{player!r}]", "no player has this name", "name players of the game")
        yield from number(f"{where}[{player!r}]", value, COST_MAX_MILLI, least)


def _union_faults(game: Game, unions: Sequence[Sequence[str]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, union in enumerate(unions):
        for player in union:
            if player not in game.players:
                yield fault("player_unknown", f"unions[{index}]", f"no player is called {player!r}", "name players")
            elif player in seen:
                yield fault("union_overlap", f"unions[{index}]", f"{player!r} joined twice", "one union a player")
            seen.add(player)
