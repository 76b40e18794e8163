"""
Tax numbers and registration numbers: what their check digits say.

A good check digit is no proof that a number was issued or belongs to anybody; it catches typing errors. The rules are
those of python-stdnum, which names its sources country by country.
"""

from types import ModuleType

import stdnum
from msgspec import Struct
from stdnum import ean, lei
from stdnum.cn import uscc
from stdnum.de import stnr
from stdnum.de import vat as de_vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.vn import mst

from cluster.members.models import TaxIdCheck

KNOWN: dict[str, tuple[ModuleType, ...]] = {"VN": (mst,), "CN": (uscc,), "DE": (de_vat, stnr)}
"""Where a country's usual number is not what the library calls its VAT number."""
WITHOUT_CHECK_DIGIT = frozenset({"stdnum.de.stnr"})


class CheckedTaxId(Struct, frozen=True, kw_only=True):
    """A tax number as it is stored, and what looking at it says."""

    tax_id: str
    check: TaxIdCheck


def tax_id_check(country_code: str, text: str) -> CheckedTaxId:
    """
    Checks a tax number of a country (ISO 3166-1 alpha-2).

    The number comes back normalised: without spaces and punctuation, or only in capitals and without outer spaces
    where nothing is known of its form.
    """
    plain = text.strip().upper()
    modules = KNOWN.get(country_code) or _library(country_code)
    if not modules:
        return CheckedTaxId(tax_id=plain, check=TaxIdCheck.NO_PUBLIC_CHECK)
    found = TaxIdCheck.UNKNOWN_FORMAT
    for module in modules:
        try:
            number = module.validate(plain)
        except InvalidChecksum:
            found = TaxIdCheck.WRONG_CHECK_DIGIT
        except ValidationError:
            continue
        else:
            bare = module.__name__ in WITHOUT_CHECK_DIGIT
            return CheckedTaxId(tax_id=number, check=TaxIdCheck.NO_PUBLIC_CHECK if bare else TaxIdCheck.VALID)
    return CheckedTaxId(tax_id=plain, check=found)


def _library(country_code: str) -> tuple[ModuleType, ...]:
    module = stdnum.get_cc_module(country_code.lower(), "vat")
    return () if module is None else (module,)


def gln_is_good(text: str) -> bool:
    """Whether a Global Location Number has its 13 digits and the right last one (GS1 General Specifications, 7.9)."""
    return len(text) == 13 and bool(ean.is_valid(text))


def lei_is_good(text: str) -> bool:
    """Whether a Legal Entity Identifier has its form and check digits (ISO 17442)."""
    return bool(lei.is_valid(text))
