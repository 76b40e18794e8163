"""
Small and medium firms in Viet Nam.

Decree 80/2021/ND-CP of 26 August 2021, article 5, in force since 15 October 2021: employees in the social insurance on
average of the year, and the year's total revenue or total capital. Agrees with a law firm's rendering of the article;
the official gazette itself was not to be had.
"""

from datetime import date

from cluster.members.models import SizeClass, SizeStandard
from cluster.members.sme_tables import Rule, Table, ceiling

BILLION = 1_000_000_000
"""A billion dong; the dong has no minor unit."""
SOURCE = "Decree 80/2021/ND-CP, article 5"
IN_FORCE_FROM = date(2021, 10, 15)
CHECKED_ON = date(2026, 11, 22)

TABLES = (
    Table(
        standard=SizeStandard.VN_80_2021,
        sectors=("agriculture", "industry", "construction"),
        rule=Rule.HEADCOUNT_AND_EITHER,
        currency="VND",
        in_force_from=IN_FORCE_FROM,
        source=SOURCE,
        checked_on=CHECKED_ON,
        thresholds=(
            ceiling(SizeClass.MICRO, 10, 3 * BILLION, 3 * BILLION),
            ceiling(SizeClass.SMALL, 100, 50 * BILLION, 20 * BILLION),
            ceiling(SizeClass.MEDIUM, 200, 200 * BILLION, 100 * BILLION),
        ),
    ),
    Table(
        standard=SizeStandard.VN_80_2021,
        sectors=("trade", "services"),
        rule=Rule.HEADCOUNT_AND_EITHER,
        currency="VND",
        in_force_from=IN_FORCE_FROM,
        source=SOURCE,
        checked_on=CHECKED_ON,
        thresholds=(
            ceiling(SizeClass.MICRO, 10, 10 * BILLION, 3 * BILLION),
            ceiling(SizeClass.SMALL, 50, 100 * BILLION, 50 * BILLION),
            ceiling(SizeClass.MEDIUM, 100, 300 * BILLION, 100 * BILLION),
        ),
    ),
)
