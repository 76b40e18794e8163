"""Quantities as people read them: money, clock times, spans, loads."""

from cluster.base.money import EXPONENTS

OTHER_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "KMF", "PYG", "RWF", "UGX", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""Decimals other than two of currencies that a file may name though the platform does not deal in them (ISO 4217)."""

DAY_S = 86_400


def money(minor: int, currency: str) -> str:
    """Minor units as an amount: ``1,250,000 VND``, ``12.50 EUR``."""
    exponent = EXPONENTS.get(currency, OTHER_EXPONENTS.get(currency, 2))
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), 10**exponent)
    decimals = f".{rest:0{exponent}}" if exponent else ""
    return f"{sign}{whole:,}{decimals} {currency}"


def clock(time_s: int) -> str:
    """Time since the plan's start as ``HH:MM``, with the day in front from the second day on: ``day 2 06:30``."""
    day, second = divmod(time_s, DAY_S)
    text = f"{second // 3600:02}:{second % 3600 // 60:02}"
    return f"day {day + 1} {text}" if day else text


def span(duration_s: int) -> str:
    """A duration as hours and minutes, rounded to the nearest minute."""
    hours, minutes = divmod((duration_s + 30) // 60, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"


def hours(duration_s: int) -> str:
    """A duration as decimal hours."""
    return f"{duration_s / 3600:,.1f} h"


def km(distance_m: int) -> str:
    """Metres as kilometres, without decimals from a hundred on."""
    return f"{distance_m / 1000:,.0f} km" if distance_m >= 100_000 else f"{distance_m / 1000:.1f} km"


def percent(part: float) -> str:
    """A fraction of one as a percentage with one decimal."""
    return f"{100 * part:.1f} %"


def amount(dimension: str, value: int) -> str:
    """A load along one dimension, with the unit that its name ends in made readable."""
    if dimension.endswith("_g"):
        return f"{value / 1000:,.0f} kg" if value >= 10_000 else f"{value / 1000:.1f} kg"
    if dimension.endswith("_cm3"):
        return f"{value / 1_000_000:.2f} m³"
    if dimension == "pallet_places":
        return f"{value} pallet place{'' if value == 1 else 's'}"
    return f"{value:,} {dimension}"


def counted(number: int, word: str) -> str:
    """``1 route``, ``2 routes``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def plain(text: str) -> str:
    """Text fit for a terminal: what cannot be printed, such as an escape sequence inside an id, becomes ``?``."""
    return "".join(character if character.isprintable() else "?" for character in text)
