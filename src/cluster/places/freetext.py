"""Vietnamese addresses on one line, taken apart from the right: province, district (in old ones), ward."""

import re

from msgspec import Struct

from cluster.places.gazetteer import Gazetteer
from cluster.places.units_models import Resolution
from cluster.places.vietnam import kind_of, plain

PARTS_MAX = 30
COUNTRY = {"viet nam", "vietnam", "vn"}
_SEPARATORS = re.compile(r"\s*(?:[,;|\n\r]+|\s[-–—]\s)\s*")
_RUN_ON = re.compile(
    r"\s+(?=(?:phường|phuong|quận|quan|huyện|huyen|thị xã|thị trấn|thành phố|thanh pho|tỉnh|tp\.|tphcm"
    r"|[pqf]\.?\s?\d{1,2}\b|[pqhx]\.))",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"(?:^|\s+)\d{5,6}$")


class Named(Struct, frozen=True):
    """The tiers that an address names."""

    province: str | None = None
    district: str | None = None
    ward: str | None = None


def parts_of(text: str) -> list[str]:
    """
    What stands between commas, or before the words for ward, district and city; without country and postcode.

    >>> parts_of("12 Nguyễn Trãi P.7 Q.5, TP.HCM, Việt Nam")
    ['12 Nguyễn Trãi', 'P.7', 'Q.5', 'TP.HCM']
    """
    pieces = [piece.strip() for part in _SEPARATORS.split(text) for piece in _RUN_ON.split(part)]
    kept = [_POSTCODE.sub("", piece) for piece in pieces if plain(piece) not in COUNTRY]
    return [piece for piece in kept if piece][-PARTS_MAX:]


def take_apart(text: str, gazetteer: Gazetteer) -> Named:
    """Which part names which tier: by the word in front of it, else by what the gazetteer knows."""
    parts = parts_of(text)
    province = None
    if parts and kind_of(parts[-1]) != "ward" and gazetteer.province_named(parts[-1]) is not None:
        province = parts.pop()
    code = None if province is None else gazetteer.province_named(province)
    district = ward = None
    for part in reversed(parts):
        kind = kind_of(part)
        if kind is None and len(parts) == 1 and province is None:
            break
        if district is None and kind != "ward" and gazetteer.districts_named(code, part):
            district = part
            continue
        if ward is None and (kind == "ward" or (kind is None and _is_ward(gazetteer, code, district, part))):
            ward = part
            break
    return Named(province, district, ward)


def _is_ward(gazetteer: Gazetteer, province_code: str | None, district: str | None, part: str) -> bool:
    """Whether a part without a word in front is a ward's name; a number or a street with one is not."""
    if part[:1].isdigit():
        return False
    if district is not None:
        return gazetteer.has_old_ward(province_code, district, part)
    return bool(province_code and gazetteer.wards_named(province_code, part))


def resolve_text(text: str, gazetteer: Gazetteer) -> Resolution:
    """
    Today's province and ward of an address on one line.

    A district that bears the name of a ward of today is taken for the district it was.
    """
    named = take_apart(text, gazetteer)
    return gazetteer.resolve(named.province, named.district, named.ward)
