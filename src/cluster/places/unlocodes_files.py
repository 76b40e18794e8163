"""Files of UN/LOCODE as https://github.com/ophpl/unlocode publishes them, one YAML file a country."""

import re

import msgspec
from msgspec import Struct

from cluster.places.unlocodes_models import UnLocode

_CODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
_SUBDIVISION = re.compile(r"[A-Z0-9]{1,3}")
_PLACE = re.compile(r"(\d{2})(\d{2})([NS])\s+(\d{3})(\d{2})([EW])")


class UnLocodeFileError(ValueError):
    """A file that is no list of UN/LOCODE."""


class _Entry(Struct, frozen=True):
    """An entry of the file; ``ch`` says what changed in this edition, X that it goes."""

    locode: str
    name: str
    namewodiacritics: str = ""
    ch: str = ""
    subdiv: str | int = ""
    function: str = ""
    status: str = ""
    coordinates: str = ""


def read_unlocodes(raw: bytes) -> list[UnLocode]:
    """
    All codes of a file, but for those marked as to be removed and headings without a code.

    Raises
    ------
    UnLocodeFileError
        When the file is no such list.
    """
    try:
        entries = msgspec.yaml.decode(raw, type=list[_Entry], strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnLocodeFileError(f"not a list of UN/LOCODE: {error}") from None
    found = {}
    for entry in entries:
        code = entry.locode.replace(" ", "")
        if _CODE.fullmatch(code) and entry.ch != "X":
            found[code] = _unlocode(code, entry)
    if not found:
        raise UnLocodeFileError("no code in it")
    return list(found.values())


def _unlocode(code: str, entry: _Entry) -> UnLocode:
    part = str(entry.subdiv)
    lat, lon = place_of(entry.coordinates) or (None, None)
    return UnLocode(
        code=code,
        name=entry.name,
        name_ascii=entry.namewodiacritics or entry.name,
        subdivision=f"{code[:2]}-{part}" if _SUBDIVISION.fullmatch(part) else None,
        functions=(entry.function or "").ljust(8, "-")[:8],
        status=entry.status,
        lat=lat,
        lon=lon,
    )


def place_of(text: str) -> tuple[float, float] | None:
    """
    Degrees from degrees and minutes; None for what is not of that form.

    >>> place_of("1045N 10640E")
    (10.75, 106.666667)
    """
    match = _PLACE.fullmatch(text.strip())
    if match is None:
        return None
    lat = (int(match[1]) + int(match[2]) / 60) * (1 if match[3] == "N" else -1)
    lon = (int(match[4]) + int(match[5]) / 60) * (1 if match[6] == "E" else -1)
    return (round(lat, 6), round(lon, 6)) if abs(lat) <= 90 and abs(lon) <= 180 else None
