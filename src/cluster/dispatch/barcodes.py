"""Barcodes as GS1 wants them on a logistics label: GS1-128 with application identifiers."""

import re

import zxingcpp

NOT_IN_420 = re.compile(r"[^0-9A-Za-z]")
NUMERIC = {
    "AT": "040", "BE": "056", "BG": "100", "CH": "756", "CN": "156", "CZ": "203", "DE": "276", "DK": "208",
    "EE": "233", "ES": "724", "FI": "246", "FR": "250", "GB": "826", "GR": "300", "HR": "191", "HU": "348",
    "IE": "372", "IT": "380", "KH": "116", "LA": "418", "LT": "440", "LU": "442", "LV": "428", "MY": "458",
    "NL": "528", "NO": "578", "PL": "616", "PT": "620", "RO": "642", "SE": "752", "SG": "702", "SI": "705",
    "SK": "703", "TH": "764", "US": "840", "VN": "704",
}  # fmt: skip
"""ISO 3166-1 numeric codes, for AI 421 (ISO, as of 2026)."""


def sscc_text(sscc: str) -> str:
    """An SSCC with its application identifier."""
    return f"(00){sscc}"


def ship_to_text(postal_code: str | None, country_code: str | None, *, domestic: bool) -> str | None:
    """
    Where goods go: AI 420 (postal code) at home, AI 421 (country and postal code) abroad; None where nobody knows.

    GS1 General Specifications, sections 3.9.3 and 3.9.4: at most 20 letters and digits, or 9 behind a country.
    """
    code = NOT_IN_420.sub("", postal_code or "").upper()
    if not code:
        return None
    if domestic or country_code not in NUMERIC:
        return f"(420){code[:20]}"
    return f"(421){NUMERIC[country_code]}{code[:9]}"


def gs1_128(text: str) -> str:
    """A barcode as SVG, without its text and its quiet zones."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128, gs1=True)
    return str(barcode.to_svg(scale=1, add_hrt=False, add_quiet_zones=False))
