"""
Numbers as each language writes them (Unicode CLDR 46, "decimal", "percent" and "currency by code" patterns).

Money carries its ISO 4217 code, never a sign that several currencies share, and as many decimals as ISO 4217 gives it.
"""

from enum import StrEnum
from typing import NamedTuple

from solver.plan import MILLI, minor

DAY_S = 86_400
NBSP = "\u00a0"
"""Keeps a number and its unit on one line."""


class Language(StrEnum):
    """Languages of statements, by ISO 639 code."""

    ENGLISH = "en"
    VIETNAMESE = "vi"
    GERMAN = "de"
    CHINESE = "zh"


class _Style(NamedTuple):
    group: str
    point: str
    code_first: bool
    percent: str


STYLES = {
    Language.ENGLISH: _Style(",", ".", True, "%"),
    Language.VIETNAMESE: _Style(".", ",", False, "%"),
    Language.GERMAN: _Style(".", ",", False, NBSP + "%"),
    Language.CHINESE: _Style(",", ".", True, "%"),
}

EXPONENTS = {
    **dict.fromkeys(
        (
            *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"),
            *("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""Decimals of currencies that have other than two (ISO 4217, list one)."""


def decimal(value: int, digits: int, language: Language) -> str:
    """
    ``value`` with its last ``digits`` digits behind the decimal point.

    >>> decimal(-123456, 2, Language.GERMAN)
    '-1.234,56'
    """
    style = STYLES[language]
    whole, rest = divmod(abs(value), 10**digits)
    point = f"{style.point}{rest:0{digits}}" if digits else ""
    return f"{'-' if value < 0 else ''}{f'{whole:,}'.replace(',', style.group)}{point}"


def money(amount_minor: int, currency: str, language: Language) -> str:
    """
    Minor units as an amount with its currency's code.

    >>> money(125000, "VND", Language.VIETNAMESE), money(-1250, "EUR", Language.ENGLISH)
    ('125.000\\xa0VND', '-EUR\\xa012.50')
    """
    amount = decimal(abs(amount_minor), EXPONENTS.get(currency, 2), language)
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{currency}{NBSP}{amount}" if STYLES[language].code_first else f"{sign}{amount}{NBSP}{currency}"


def money_milli(amount_milli: int, currency: str, language: Language) -> str:
    """Thousandths of minor units as an amount, rounded half up."""
    return money(minor(amount_milli), currency, language)


def percent(permille: int, language: Language) -> str:
    """
    Thousandths as a percentage with one decimal.

    >>> percent(125, Language.GERMAN)
    '12,5\\xa0%'
    """
    return decimal(permille, 1, language) + STYLES[language].percent


def tenths(value: int, unit: int, language: Language) -> str:
    """``value`` in units of ``unit``, with one decimal, rounded half up; below zero away from it."""
    scaled = (abs(value) * 10 + unit // 2) // unit
    return decimal(-scaled if value < 0 else scaled, 1, language)


def km(distance_m: int, language: Language) -> str:
    """Metres as kilometres with one decimal."""
    return f"{tenths(distance_m, 1_000, language)}{NBSP}km"


def hours(duration_s: int, language: Language) -> str:
    """Seconds as hours with one decimal, without a unit."""
    return tenths(duration_s, 3_600, language)


def kg(weight_g: int, language: Language) -> str:
    """Grams as kilograms with one decimal."""
    return f"{tenths(weight_g, MILLI, language)}{NBSP}kg"


def clock(time_s: int) -> tuple[int, str]:
    """The day since the plan's start, from 1, and the time of that day as ``HH:MM``."""
    day, second = divmod(time_s, DAY_S)
    return day + 1, f"{second // 3_600:02}:{second % 3_600 // 60:02}"
