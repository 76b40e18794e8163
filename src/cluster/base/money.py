"""
Money: integer minor units of an ISO 4217 currency inside, a decimal string on the wire.

``{"amount": "12.50", "currency": "EUR"}`` is 1250 minor units; VND has no minor unit below one dong.
"""

from msgspec import Struct

EXPONENTS = {
    "AUD": 2, "BDT": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "CZK": 2, "DKK": 2, "EUR": 2, "GBP": 2, "HKD": 2,
    "HUF": 2, "IDR": 2, "INR": 2, "JPY": 0, "KHR": 2, "KRW": 0, "LAK": 2, "MXN": 2, "MYR": 2, "NOK": 2, "NZD": 2,
    "PHP": 2, "PLN": 2, "RON": 2, "SEK": 2, "SGD": 2, "THB": 2, "TRY": 2, "TWD": 2, "USD": 2, "VND": 0, "ZAR": 2,
}  # fmt: skip
"""Digits after the decimal point (ISO 4217, list one)."""


class Money(Struct, frozen=True, kw_only=True):
    """An amount on the wire: decimal digits as a string, never a float."""

    amount: str
    currency: str


def money(amount_minor: int, currency: str) -> Money:
    """
    An amount as it goes out.

    >>> money(-1250, "EUR").amount
    '-12.50'
    >>> money(125000, "VND").amount
    '125000'
    """
    exponent = EXPONENTS[currency]
    sign = "-" if amount_minor < 0 else ""
    whole, rest = divmod(abs(amount_minor), 10**exponent)
    digits = f"{whole}.{rest:0{exponent}d}" if exponent else str(whole)
    return Money(amount=sign + digits, currency=currency)
