"""
Several days as one game: what a month costs every coalition, and what corrects the charges of its days.

Days are planned, split and charged one by one. A rule that is not additive (any but Shapley's value, also with fixed
weights or unions) says something else of the month than of its days together: a member that gives a little every day
and takes a lot once is seen whole. Which period counts is the consortium's choice, made beforehand.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from solver.faults import Fault, ProblemError
from solver.shares import Certificate, Rule
from solver.sharing.certify import certificate
from solver.sharing.game import PLAYERS_MAX, Game
from solver.sharing.rules import Shares, split
from solver.validate_values import COST_MAX_MILLI, fault, number


class ChargedDay(NamedTuple):
    """A day's game, and what its players were charged, minor units; who is not named was charged nothing."""

    game: Game
    charged_minor: Mapping[str, int]


class Correction(Struct, frozen=True, kw_only=True):
    """
    One player's month.

    ``alone_minor`` is the sum of its stand-alone costs of the days on which it took part; ``correction_minor`` is
    ``share_minor`` less ``charged_minor``: to be paid where positive, credited where negative.
    """

    player: str
    alone_minor: int
    charged_minor: int
    share_minor: int
    correction_minor: int


class MonthEnd(Struct, frozen=True, kw_only=True):
    """
    What a month's end brings.

    Attributes
    ----------
    rule, applied
        The rule asked for, and the one applied (``solver.sharing.rules.split``).
    bill_minor
        What everybody together pays for the month: the sum of the days' bills.
    corrections
        By player, sorted; they sum to the bill less what was charged, 0 where days were charged in full.
    individually_rational
        Whether nobody pays more than the sum of its stand-alone costs; not so only where the month as a whole was
        dearer than everybody alone, or was not to be repaired.
    certificate
        Of the month's shares.
    """

    rule: Rule
    applied: Rule
    bill_minor: int
    corrections: tuple[Correction, ...]
    individually_rational: bool
    certificate: Certificate


def month_game(days: Sequence[Game]) -> Game:
    """
    The days as one game: c(S) is the sum over days of what those of S who took part that day would have paid.

    Sums keep what holds every day: monotone, sub-additive, and bounds from below. A core split of every day is, added
    up, a core split of the month; the month may have a core where single days have none.

    Parameters
    ----------
    days
        Players are the same where their names are; a union of small members is a player of its own, so unite alike on
        all days.

    Returns
    -------
    Game
        Its players are all days' players, sorted.

    Raises
    ------
    ProblemError
        When the days have more than ``PLAYERS_MAX`` players together.
    """
    players = sorted({player for day in days for player in day.players})
    if len(players) > PLAYERS_MAX:
        cause = f"{len(players)} players on all days together"
        raise ProblemError([fault("players_too_many", "days", cause, f"at most {PLAYERS_MAX}: unite small ones")])
    cost, lower = np.zeros(2 ** len(players)), np.zeros(2 ** len(players))
    for day in days:
        masks = _within(players, day)
        cost += day.cost[masks]
        lower += day.lower[masks]
    return Game(players, cost, lower)


def month_end(
    days: Sequence[ChargedDay],
    rule: Rule,
    *,
    weights: Mapping[str, int] | None = None,
    unions: Sequence[Sequence[str]] = (),
    keys: Mapping[str, int] | None = None,
    repaired: bool = True,
) -> MonthEnd:
    """
    Split a month by a rule and say what corrects the charges of its days.

    Where days were charged in full, nobody above its costs alone, and every player's charges are within one minor unit
    a day of what the rule says of the month, only rounding differs: then charges stand and nothing is corrected. So an
    additive rule never corrects what it charged.

    Parameters
    ----------
    days
        Games and charges.
    rule, weights, unions, keys, repaired
        As ``solver.sharing.rules.split``; nobody pays more than alone unless ``repaired`` is turned off.

    Raises
    ------
    ProblemError
        When players are too many, a charge is of a player who took no part that day, or out of range.
    """
    faults = list(_faults(days))
    if faults:
        raise ProblemError(faults)
    game = month_game([day.game for day in days])
    shares = split(game, rule, weights=weights, unions=unions, keys=keys, repaired=repaired)
    charged = [sum(day.charged_minor.get(player, 0) for day in days) for player in game.players]
    minor = charged if _settled(game, shares, charged, days) else list(shares.minor)
    alone = [round(cost) for cost in game.stand_alone.tolist()]
    return MonthEnd(
        rule=rule,
        applied=shares.applied,
        bill_minor=sum(shares.minor),
        corrections=tuple(
            Correction(
                player=player,
                alone_minor=alone_minor,
                charged_minor=before,
                share_minor=after,
                correction_minor=after - before,
            )
            for player, alone_minor, before, after in zip(game.players, alone, charged, minor, strict=True)
        ),
        individually_rational=all(paid <= cost for paid, cost in zip(minor, alone, strict=True)),
        certificate=certificate(game, minor),
    )


def _settled(game: Game, shares: Shares, charged: Sequence[int], days: Sequence[ChargedDay]) -> bool:
    """Whether charges differ from shares by rounding alone."""
    if sum(charged) != sum(shares.minor):
        return False
    for player, exact, alone, paid in zip(game.players, shares.exact, game.stand_alone, charged, strict=True):
        taken_part = sum(player in day.game.players for day in days)
        if abs(exact - paid) > taken_part or paid > alone:
            return False
    return True


def _within(players: Sequence[str], day: Game) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """By mask of all players, the mask of those among the day's."""
    number_of = {player: at for at, player in enumerate(day.players)}
    masks = np.zeros(1, dtype=np.int64)
    for player in players:
        bit = 1 << number_of[player] if player in number_of else 0
        masks = np.concatenate([masks, masks | bit])
    return masks


def _faults(days: Sequence[ChargedDay]) -> Iterator[Fault]:
    for at, day in enumerate(days):
        for player, charged in day.charged_minor.items():
            where = f"days[{at}].charged_minor[{player!r}]"
            if player not in day.game.players:
                cause = "it took no part that day"
                yield fault("player_unknown", where, cause, "charge those who took part")
            yield from number(where, charged, COST_MAX_MILLI, -COST_MAX_MILLI)
