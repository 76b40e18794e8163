"""
Small and medium firms in China.

Standards of 18 June 2011 for classifying small and medium enterprises, document MIIT joint enterprises [2011] 300
(工信部联企业〔2011〕300号), article 4, in units of 10,000 yuan. A firm is large where it reaches both floors of that
class, medium or small where it reaches both floors of those, else micro. Of the sixteen sectors the first fifteen agree
with two independent printings of the article and the sixteenth with one; the ministry's own publication was not to be
had. A revision has been under discussion since 2021; none in force is known here.
"""

from datetime import date

from cluster.members.models import SizeClass, SizeStandard
from cluster.members.sme_tables import Rule, Table, Threshold

WAN_MINOR = 1_000_000
"""10,000 yuan in fen."""

# Sector: floors of small, medium, large as (employees, revenue, total assets) in 10,000 yuan; None where the sector
# does not go by that figure.
Floor = tuple[int | None, int | None, int | None]
FLOORS: dict[str, tuple[Floor, Floor, Floor]] = {
    "agriculture": ((None, 50, None), (None, 500, None), (None, 20_000, None)),
    "industry": ((20, 300, None), (300, 2_000, None), (1_000, 40_000, None)),
    "construction": ((None, 300, 300), (None, 6_000, 5_000), (None, 80_000, 80_000)),
    "wholesale": ((5, 1_000, None), (20, 5_000, None), (200, 40_000, None)),
    "retail": ((10, 100, None), (50, 500, None), (300, 20_000, None)),
    "transport": ((20, 200, None), (300, 3_000, None), (1_000, 30_000, None)),
    "warehousing": ((20, 100, None), (100, 1_000, None), (200, 30_000, None)),
    "post": ((20, 100, None), (300, 2_000, None), (1_000, 30_000, None)),
    "accommodation": ((10, 100, None), (100, 2_000, None), (300, 10_000, None)),
    "catering": ((10, 100, None), (100, 2_000, None), (300, 10_000, None)),
    "information_transmission": ((10, 100, None), (100, 1_000, None), (2_000, 100_000, None)),
    "software": ((10, 50, None), (100, 1_000, None), (300, 10_000, None)),
    "real_estate": ((None, 100, 2_000), (None, 1_000, 5_000), (None, 200_000, 10_000)),
    "property_management": ((100, 500, None), (300, 1_000, None), (1_000, 5_000, None)),
    "leasing_and_business_services": ((10, None, 100), (100, None, 8_000), (300, None, 120_000)),
    "other": ((10, None, None), (100, None, None), (300, None, None)),
}


def _minor(wan: int | None) -> int | None:
    return None if wan is None else wan * WAN_MINOR


def _threshold(size_class: SizeClass, floor: Floor) -> Threshold:
    employees, revenue, assets = floor
    return Threshold(
        size_class=size_class,
        employees_min=employees,
        revenue_min_minor=_minor(revenue),
        assets_min_minor=_minor(assets),
    )


TABLES = tuple(
    Table(
        standard=SizeStandard.CN_2011,
        sectors=(sector,),
        rule=Rule.ALL_FLOORS,
        currency="CNY",
        in_force_from=date(2011, 6, 18),
        source="工信部联企业〔2011〕300号, article 4",
        checked_on=date(2026, 11, 22),
        thresholds=(
            Threshold(size_class=SizeClass.MICRO),
            *(_threshold(size_class, floor) for size_class, floor in zip(list(SizeClass)[1:], floors, strict=True)),
        ),
    )
    for sector, floors in FLOORS.items()
)
