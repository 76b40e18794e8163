"""Parts of countries by ISO 3166-2, as pycountry has them (from Debian's iso-codes)."""

from functools import cache


@cache
def subdivisions_of(country_code: str) -> frozenset[str]:
    """Codes of a country's parts; empty where the standard divides it no further, or knows no such country."""
    import pycountry

    return frozenset(entry.code for entry in pycountry.subdivisions.get(country_code=country_code) or ())


def is_subdivision(country_code: str, code: str) -> bool:
    """Whether a code is one of a country's parts."""
    return code in subdivisions_of(country_code)


@cache
def country_name(country_code: str) -> str:
    """A country's common name in English, its code where it is unknown."""
    import pycountry

    found = pycountry.countries.get(alpha_2=country_code)
    return country_code if found is None else str(getattr(found, "common_name", found.name))


@cache
def names_of(country_code: str) -> tuple[tuple[str, str], ...]:
    """Codes and names of a country's parts, by code."""
    import pycountry

    found = pycountry.subdivisions.get(country_code=country_code) or ()
    return tuple(sorted((entry.code, entry.name) for entry in found))
