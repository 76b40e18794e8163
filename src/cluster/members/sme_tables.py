"""What a definition of small and medium firms consists of."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from cluster.members.models import SizeClass, SizeStandard


class Rule(StrEnum):
    """How the figures of a table are put together."""

    HEADCOUNT_AND_EITHER = "headcount_and_either"
    """The smallest class whose headcount is kept, and one of its two sums of money."""
    ALL_FLOORS = "all_floors"
    """The largest class all of whose floors are reached."""


class Threshold(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One class of a table; bounds are inclusive, money is in minor units of the table's currency."""

    size_class: SizeClass
    employees_min: int | None = None
    employees_max: int | None = None
    revenue_min_minor: int | None = None
    revenue_max_minor: int | None = None
    assets_min_minor: int | None = None
    assets_max_minor: int | None = None


class Table(Struct, frozen=True, kw_only=True):
    """Thresholds of one standard for some sectors; ``thresholds`` from the smallest class to the largest."""

    standard: SizeStandard
    sectors: tuple[str, ...]
    rule: Rule
    currency: str
    in_force_from: date
    source: str
    checked_on: date
    """When somebody last compared the figures with a published text."""
    thresholds: tuple[Threshold, ...]


def ceiling(size_class: SizeClass, employees: int, revenue_minor: int, assets_minor: int) -> Threshold:
    """A class by its upper bounds."""
    return Threshold(
        size_class=size_class, employees_max=employees, revenue_max_minor=revenue_minor, assets_max_minor=assets_minor
    )
