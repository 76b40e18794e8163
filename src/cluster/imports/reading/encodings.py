"""Which encoding a text file is in: said by its first bytes, or the one in which all of it makes sense."""

import codecs
import re
from itertools import pairwise
from pathlib import Path

from cluster.imports.reading.found import FileFault

SAMPLE_BYTES = 1 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
KNOWN = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "windows-1252": "cp1252",
    "windows-1258": "cp1258",
    "iso-8859-1": "latin-1",
    "gb18030": "gb18030",
}
"""Names that a caller may give, and Python's for each."""
_COMBINING = {0xCC, 0xD2, 0xDE, 0xEC, 0xF2}
"""Bytes of Windows-1258 that put a tone on the vowel before them; in Western European text they are rare capitals."""
_HAN_PAIR = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")


def detect(path: Path) -> str:
    """
    The name in ``KNOWN`` of the encoding of a file.

    A mark at the beginning decides; then UTF-16 without one by its zeros, UTF-8 if all of it is; then GB 18030 where
    bytes above 127 come in pairs that are common Chinese characters, Windows-1258 where tones follow vowels,
    Windows-1252, and Latin-1, which takes anything.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    for mark, name in MARKS:
        if sample.startswith(mark):
            return {"utf-8-sig": "utf-8"}.get(name, name)
    if wide := _wide(sample):
        return wide
    if _is_all(path, "utf-8"):
        return "utf-8"
    if _looks_chinese(sample) and _is_all(path, "gb18030"):
        return "gb18030"
    if _looks_vietnamese(sample) and _is_all(path, "cp1258"):
        return "windows-1258"
    return "windows-1252" if _is_all(path, "cp1252") else "iso-8859-1"


def codec(name: str) -> str:
    """
    Python's name of an encoding.

    Raises
    ------
    FileFault
        When it is none that is read here.
    """
    if name.lower() == "utf-32":
        raise FileFault("encoding_unknown", "the file is UTF-32", "save it as UTF-8")
    found = KNOWN.get(name.lower())
    if found is None:
        raise FileFault("encoding_unknown", f"no encoding {name!r} is known", f"choose one of {', '.join(KNOWN)}")
    return found


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: in most scripts every other byte is zero."""
    if len(sample) < 4:
        return None
    even, odd = sample[0:4096:2].count(0), sample[1:4096:2].count(0)
    half = min(len(sample), 4096) // 2
    if odd > half * 0.6 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _is_all(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(SAMPLE_BYTES):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(sample: bytes) -> bool:
    """Runs of high bytes are of even length and made of common characters; single ones are letters with accents."""
    runs = _HIGH_RUN.findall(sample)
    paired = sum(len(run) for run in runs if len(run) >= 2 and len(_HAN_PAIR.findall(run)) * 2 >= len(run) - 1)
    return bool(runs) and paired > 0.8 * sum(len(run) for run in runs)


def _looks_vietnamese(sample: bytes) -> bool:
    """Tones that follow a letter, as Windows-1258 writes them, or its own letters đ, ơ and ư within words."""
    high = sum(byte >= 0x80 for byte in sample)
    pairs = pairwise(sample)
    tones = sum(after in _COMBINING and (chr(before).isalpha() or before >= 0x80) for before, after in pairs)
    return high > 0 and tones > 0.15 * high
