"""Rates of value added tax on what members share, as dated data with their sources; nothing of it is advice."""

from datetime import date
from enum import StrEnum

from msgspec import Struct


class TaxCategory(StrEnum):
    """What is taxed: carriage of goods, storage, other services; ``outside``: payments and what passes through."""

    TRANSPORT = "transport"
    STORAGE = "storage"
    SERVICES = "services"
    OUTSIDE = "outside"


class Rate(Struct, frozen=True):
    """A rate in thousandths, from a day on, for categories of a country, and where that is written."""

    country: str
    since: date
    categories: tuple[TaxCategory, ...]
    permille: int
    source: str


_ALL = (TaxCategory.TRANSPORT, TaxCategory.STORAGE, TaxCategory.SERVICES)
_OTHER = (TaxCategory.STORAGE, TaxCategory.SERVICES)
RATES = (
    Rate("VN", date(2009, 1, 1), _ALL, 100, "Law 13/2008/QH12, art. 8(3)"),
    Rate("VN", date(2022, 2, 1), _ALL, 80, "Resolution 43/2022/QH15, Decree 15/2022/ND-CP"),
    Rate("VN", date(2023, 1, 1), _ALL, 100, "Law 13/2008/QH12, art. 8(3)"),
    Rate("VN", date(2023, 7, 1), _ALL, 80, "Resolution 101/2023/QH15, Decree 44/2023/ND-CP, and those that prolong it"),
    Rate("VN", date(2025, 7, 1), _ALL, 80, "Law 48/2024/QH15; Resolution 204/2025/QH15, Decree 174/2025/ND-CP"),
    Rate("VN", date(2027, 1, 1), _ALL, 100, "Law 48/2024/QH15, art. 9(3)"),
    Rate("DE", date(2007, 1, 1), _ALL, 190, "UStG § 12 (1)"),
    Rate("DE", date(2020, 7, 1), _ALL, 160, "UStG § 28 (1), as of 2020"),
    Rate("DE", date(2021, 1, 1), _ALL, 190, "UStG § 12 (1)"),
    Rate("CN", date(2019, 4, 1), (TaxCategory.TRANSPORT,), 90, "MOF, STA and GAC announcement 39 of 2019, art. 1"),
    Rate("CN", date(2016, 5, 1), _OTHER, 60, "Caishui [2016] 36, annex 1, art. 15"),
    Rate("CN", date(2026, 1, 1), (TaxCategory.TRANSPORT,), 90, "Value-Added Tax Law of 2024, art. 10(2)"),
    Rate("CN", date(2026, 1, 1), _OTHER, 60, "Value-Added Tax Law of 2024, art. 10(3)"),
)  # fmt: skip
COUNTRIES = frozenset(rate.country for rate in RATES)
OF_KIND = {
    "estimate": TaxCategory.TRANSPORT,
    "true_up": TaxCategory.TRANSPORT,
    "space_share": TaxCategory.STORAGE,
    "undertaking": TaxCategory.SERVICES,
}
"""What entries of a kind are for; all others pass through."""


def rate_on(country: str, category: TaxCategory, day: date) -> Rate | None:
    """The rate that holds on a day; None where there is none, or none is known."""
    held = [rate for rate in RATES if rate.country == country and category in rate.categories and rate.since <= day]
    return max(held, key=lambda rate: rate.since, default=None)


def tax_of(net_minor: int, permille: int) -> int:
    """Tax on a net amount, to the nearest unit, halves away from zero; a credit's is that of the charge."""
    whole = (2 * abs(net_minor) * permille + 1000) // 2000
    return whole if net_minor >= 0 else -whole
