"""Whole minor units that sum exactly to the bill, with nobody above its stand-alone cost."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

TIE_DECIMALS = 3
"""Savings equal to a thousandth of a minor unit are equal: else floating point would decide who gets the cent."""


def rounded(
    players: Sequence[str], stand_alone_minor: Sequence[int], shares: Sequence[float | Fraction], cost_minor: int
) -> list[int]:
    """
    Round savings down, then hand out what is left one unit at a time by largest remainder, ties by name.

    Parameters
    ----------
    players
        Names, distinct.
    stand_alone_minor
        What each would pay alone.
    shares
        What each pays before rounding; sums to ``cost_minor`` up to floating point.
    cost_minor
        The bill.

    Returns
    -------
    list of int
        Sums to ``cost_minor``; at most ``stand_alone_minor`` wherever the share before rounding is.
    """
    savings = [round(alone - share, TIE_DECIMALS) for alone, share in zip(stand_alone_minor, shares, strict=True)]
    whole = [floor(saving) for saving in savings]
    left = sum(stand_alone_minor) - cost_minor - sum(whole)
    order = sorted(range(len(players)), key=lambda i: (whole[i] - savings[i], players[i]))
    each, more = divmod(left, max(len(players), 1))
    for rank, player in enumerate(order):
        whole[player] += each + (rank < more)
    return [alone - saving for alone, saving in zip(stand_alone_minor, whole, strict=True)]
