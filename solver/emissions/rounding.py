"""Whole numbers from exact quotients."""

from collections.abc import Sequence


def half_up(amount: int, divisor: int) -> int:
    """``amount / divisor`` to the nearest whole number, halves up; ``divisor`` above 0."""
    return (2 * amount + divisor) // (2 * divisor)


def apportioned(total: int, weights: Sequence[int], names: Sequence[str]) -> list[int]:
    """
    A total divided in proportion to weights, in whole numbers that sum to it exactly.

    Every part is rounded down, and what is left over goes one by one to the largest remainders (Hamilton's method); of
    equal remainders to the first by name.

    Parameters
    ----------
    total
        0 or more.
    weights
        0 or more each, their sum above 0.
    names
        As many as weights.
    """
    whole = sum(weights)
    parts = [divmod(total * weight, whole) for weight in weights]
    left = total - sum(part for part, _ in parts)
    ranked = sorted(range(len(weights)), key=lambda index: (-parts[index][1], names[index]))
    extra = set(ranked[:left])
    return [part + (index in extra) for index, (part, _) in enumerate(parts)]
