"""How large a firm is: the edges of every table, and what is refused."""

from typing import Any

import pytest

from cluster.base.errors import Invalid
from cluster.members.models import SizeClass, SizeStandard
from cluster.members.sme import TABLES, SizeFigures, size_class
from cluster.members.sme_cn import FLOORS
from cluster.members.sme_tables import Rule

EU, VN, CN = SizeStandard.EU_2003_361, SizeStandard.VN_80_2021, SizeStandard.CN_2011
EUROS = 100
BILLION = 10**9
WAN = 10_000 * 100  # 10,000 yuan in fen


def figures(currency: str, sector: str, employees: int, revenue: int | None, assets: int | None, **more: Any) -> Any:
    return SizeFigures(
        sector=sector,
        employees=employees,
        revenue_minor=revenue,
        assets_minor=assets,
        currency=currency,
        fiscal_year=more.get("year", 2025),
    )


@pytest.mark.parametrize(
    ("employees", "turnover", "balance", "expected"),
    [
        (9, 2_000_000, 9_000_000, "micro"),
        (10, 2_000_000, 2_000_000, "small"),  # fewer than 10 make a micro firm
        (9, 2_000_001, 2_000_001, "small"),
        (49, 10_000_000, 99_000_000, "small"),
        (50, 1, 1, "medium"),
        (249, 60_000_000, 43_000_000, "medium"),  # one of the two sums is enough
        (249, 50_000_001, 43_000_001, "large"),
        (250, 1, 1, "large"),
    ],
)
def test_a_european_firm_by_headcount_and_one_of_two_sums(
    employees: int, turnover: int, balance: int, expected: str
) -> None:
    firm = figures("EUR", "transport", employees, turnover * EUROS, balance * EUROS)
    assert size_class(EU, firm).size_class == expected


@pytest.mark.parametrize(
    ("sector", "employees", "revenue", "capital", "expected"),
    [
        ("trade", 10, 10 * BILLION, 99 * BILLION, "micro"),
        ("trade", 10, 10 * BILLION + 1, 3 * BILLION + 1, "small"),
        ("services", 50, 100 * BILLION, 99 * BILLION, "small"),
        ("services", 51, BILLION, BILLION, "medium"),
        ("trade", 100, 301 * BILLION, 100 * BILLION, "medium"),
        ("trade", 101, BILLION, BILLION, "large"),
        ("industry", 10, 3 * BILLION, 4 * BILLION, "micro"),
        ("industry", 100, 51 * BILLION, 20 * BILLION, "small"),
        ("construction", 200, 200 * BILLION, 999 * BILLION, "medium"),
        ("agriculture", 201, BILLION, BILLION, "large"),
    ],
)
def test_a_vietnamese_firm_by_its_sector(
    sector: str, employees: int, revenue: int, capital: int, expected: str
) -> None:
    assert size_class(VN, figures("VND", sector, employees, revenue, capital)).size_class == expected


@pytest.mark.parametrize(
    ("sector", "employees", "revenue_wan", "assets_wan", "expected"),
    [
        ("industry", 1_000, 40_000, None, "large"),
        ("industry", 999, 90_000, None, "medium"),  # one figure below the large floors is enough
        ("industry", 300, 2_000, None, "medium"),
        ("industry", 299, 39_000, None, "small"),
        ("industry", 19, 39_000, None, "micro"),
        ("transport", 300, 2_999, None, "small"),
        ("warehousing", 100, 1_000, None, "medium"),
        ("retail", 10, 99, None, "micro"),
        ("agriculture", 5_000, 499, None, "small"),  # counts nobody
        ("construction", 3, 6_000, 5_000, "medium"),
        ("real_estate", 1, 200_000, 9_999, "medium"),
        ("leasing_and_business_services", 100, None, 8_000, "medium"),
        ("other", 300, None, None, "large"),
        ("other", 9, None, None, "micro"),
    ],
)
def test_a_chinese_firm_must_reach_every_floor_of_its_class(
    sector: str, employees: int, revenue_wan: int | None, assets_wan: int | None, expected: str
) -> None:
    revenue, assets = (None if wan is None else wan * WAN for wan in (revenue_wan, assets_wan))
    assert size_class(CN, figures("CNY", sector, employees, revenue, assets)).size_class == expected


def test_every_chinese_sector_rises_from_class_to_class() -> None:
    assert len(FLOORS) == 16
    for sector, floors in FLOORS.items():
        for column in zip(*floors, strict=True):
            known = [floor for floor in column if floor is not None]
            assert len(known) in {0, 3}, sector
            assert known == sorted(known), sector


def test_every_table_says_where_it_comes_from_and_ends_below_large() -> None:
    assert {table.standard for table in TABLES} == set(SizeStandard)
    for table in TABLES:
        assert table.source
        assert table.checked_on > table.in_force_from
        if table.rule is Rule.HEADCOUNT_AND_EITHER:
            assert [row.size_class for row in table.thresholds] == list(SizeClass)[:3]


def test_all_that_is_wrong_with_figures_is_told_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        size_class(CN, figures("VND", "piracy", 1, None, None, year=2010))
    assert {fault.code for fault in caught.value.errors} == {
        "currency_of_standard",
        "year_before_standard",
        "unknown_sector",
    }


def test_a_figure_that_the_standard_goes_by_must_be_there() -> None:
    with pytest.raises(Invalid) as caught:
        size_class(CN, figures("CNY", "construction", 5, None, None))
    assert [fault.pointer for fault in caught.value.errors] == ["/revenue_minor", "/assets_minor"]
    with pytest.raises(Invalid) as caught:
        size_class(EU, figures("EUR", "trade", 5, None, None))
    assert [fault.code for fault in caught.value.errors] == ["figure_missing"]


def test_one_of_two_sums_is_enough_where_either_counts() -> None:
    assert size_class(EU, figures("EUR", "trade", 5, None, 2_000_000 * EUROS)).size_class is SizeClass.MICRO


def test_growth_never_makes_a_firm_smaller() -> None:
    order = list(SizeClass)
    for table in TABLES:
        sector = table.sectors[0]
        seen = [
            order.index(
                size_class(
                    table.standard, figures(table.currency, sector, employees, employees * 10**9, employees * 10**9)
                ).size_class
            )
            for employees in (0, 1, 5, 10, 11, 49, 50, 51, 100, 101, 200, 249, 250, 1_000, 100_000)
        ]
        assert seen == sorted(seen), table.sectors
