"""
Small and medium firms in the European Union.

Commission Recommendation 2003/361/EC of 6 May 2003 (OJ L 124, 20.5.2003, p. 36), annex, article 2, in force since 1
January 2005: below 250, 50 or 10 annual work units, and a turnover or a balance sheet total of at most so much. The
figures agree with several published texts (EUR-Lex' own page among them, as far as it was to be read).
"""

from datetime import date

from cluster.members.models import SizeClass, SizeStandard
from cluster.members.sme_tables import Rule, Table, ceiling

MILLION_MINOR = 100_000_000
"""A million euros in cents."""

TABLES = (
    Table(
        standard=SizeStandard.EU_2003_361,
        sectors=("any",),
        rule=Rule.HEADCOUNT_AND_EITHER,
        currency="EUR",
        in_force_from=date(2005, 1, 1),
        source="Commission Recommendation 2003/361/EC, annex, article 2",
        checked_on=date(2026, 11, 22),
        thresholds=(
            ceiling(SizeClass.MICRO, 9, 2 * MILLION_MINOR, 2 * MILLION_MINOR),
            ceiling(SizeClass.SMALL, 49, 10 * MILLION_MINOR, 10 * MILLION_MINOR),
            ceiling(SizeClass.MEDIUM, 249, 50 * MILLION_MINOR, 43 * MILLION_MINOR),
        ),
    ),
)
