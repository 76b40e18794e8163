"""An amount in whole minor units, parted by weight so that the parts sum to it exactly."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor


def apportioned(names: Sequence[str], weights: Sequence[int | Fraction], amount_minor: int) -> list[int]:
    """
    Part an amount in proportion to weights, by largest remainder, ties by name (Hamilton's method).

    Parameters
    ----------
    names
        Whose parts they are, distinct.
    weights
        Not negative; one a name, not all 0 unless there is nothing to part.
    amount_minor
        What is parted, minor units; a credit where negative, parted like the charge of the same size.

    Returns
    -------
    list of int
        Sums to ``amount_minor``; each part is within one unit of its exact value, and none has the other sign.

    Raises
    ------
    ValueError
        When a weight is negative, or all are 0 and the amount is not.
    """
    total = sum(weights)
    if any(weight < 0 for weight in weights) or (total == 0 and amount_minor != 0):
        raise ValueError("weights must not be negative, and somebody must bear an amount")
    if amount_minor == 0:
        return [0] * len(names)
    exact = [Fraction(weight) * abs(amount_minor) / total for weight in weights]
    whole = [floor(part) for part in exact]
    order = sorted(range(len(names)), key=lambda i: (whole[i] - exact[i], names[i]))
    for i in order[: abs(amount_minor) - sum(whole)]:
        whole[i] += 1
    return whole if amount_minor > 0 else [-part for part in whole]
