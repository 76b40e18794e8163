"""
Vietnamese names of places: compared as people write them, and the provinces that became others in July 2025.

Sources: Resolution 202/2025/QH15 of 12 June 2025 (which provinces were merged); codes are those of the General
Statistics Office. Read on 22 November 2026.
"""

import re
import unicodedata
from functools import lru_cache

NEW_PROVINCE_OF = {
    "02": "08", "06": "19", "10": "15", "17": "25", "26": "25", "27": "24", "30": "31", "34": "33", "35": "37",
    "36": "37", "45": "44", "49": "48", "54": "66", "58": "56", "60": "68", "62": "51", "64": "52", "67": "68",
    "70": "75", "72": "80", "74": "79", "77": "79", "83": "86", "84": "86", "87": "82", "89": "91", "93": "92",
    "94": "92", "95": "96",
}  # fmt: skip
"""Codes of provinces that exist no more, and of the one that each is part of now. Other codes stayed."""

PROVINCE_ALIASES = {
    "hcm": "ho chi minh", "hcmc": "ho chi minh", "sai gon": "ho chi minh", "saigon": "ho chi minh",
    "tphcm": "ho chi minh", "ho chi minh city": "ho chi minh", "hn": "ha noi", "hanoi": "ha noi",
    "thua thien hue": "hue", "tt hue": "hue", "brvt": "ba ria vung tau", "br vt": "ba ria vung tau",
    "dac lac": "dak lak", "dac nong": "dak nong", "daklak": "dak lak", "daknong": "dak nong",
    "hai phong city": "hai phong", "da nang city": "da nang", "can tho city": "can tho",
}  # fmt: skip

_KINDS = {
    "province": r"(?:tinh|thanh pho|tp\.?|t\.p\.?)",
    "district": r"(?:quan|huyen|thi xa|thanh pho|q\.?|h\.?|tx\.?|tp\.?|t\.x\.?|t\.p\.?)",
    "ward": r"(?:phuong|xa|thi tran|dac khu|p\.?|x\.?|tt\.?|t\.t\.?|f\.?)",
}
_PREFIX = {kind: re.compile(rf"^{words}(?:(?<=\.)\s*|\s+|(?=\d))(?=\S)") for kind, words in _KINDS.items()}
_SPELLED_OUT = {
    "province": re.compile(r"^(?:tinh|thanh pho|tp\b|tp\.)"),
    "district": re.compile(r"^(?:quan|huyen|thi xa|q\.?\s*\d|q\.|h\.|tx\.|tp\.? thu duc|thanh pho thu duc)"),
    "ward": re.compile(r"^(?:phuong|xa|thi tran|dac khu|p\.?\s*\d|p\.|x\.|tt\.|f\.?\s*\d)"),
}


def plain(text: str) -> str:
    """
    A name without accents, in lower case, single spaces.

    >>> plain("Phường  Tân Định")
    'phuong tan dinh'
    >>> plain("Đắk Lắk")
    'dak lak'
    """
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return " ".join(bare.replace("đ", "d").replace("Đ", "D").lower().replace("-", " ").split())


@lru_cache(maxsize=50_000)
def name_of(kind: str, text: str) -> str:
    """
    The bare name of a province, district or ward, as it is compared.

    >>> name_of("ward", "P. 05"), name_of("ward", "Phường 5"), name_of("district", "Q5"), name_of("province", "TP.HCM")
    ('5', '5', '5', 'ho chi minh')
    >>> name_of("ward", "Phú Mỹ"), name_of("district", "Quận Phú Nhuận")
    ('phu my', 'phu nhuan')
    """
    name = _PREFIX[kind].sub("", plain(text).strip(" .,;'’"))
    name = re.sub(r"[.,;'’]+", " ", name)
    name = " ".join(name.split())
    if name.isdecimal():
        name = str(int(name))
    return PROVINCE_ALIASES.get(name, name) if kind == "province" else name


def accented(text: str) -> str:
    """
    A name with its accents, for telling apart what sounds alike; where the tone mark stands does not count.

    >>> accented("Hòa Bình") == accented("Hoà bình"), accented("Tân Phú") == accented("Tân Phụ")
    (True, False)
    """
    bare = unicodedata.normalize("NFD", text.lower())
    # Tones follow the vowel they stand on; taken out of the word and put at its end they stand alike in both spellings.
    tones = "\u0300\u0301\u0303\u0309\u0323"
    words = []
    for word in bare.split():
        marks = "".join(sorted(mark for mark in word if mark in tones))
        words.append("".join(letter for letter in word if letter not in tones) + marks)
    return " ".join(words)


def kind_of(text: str) -> str | None:
    """
    Which tier a part of an address names, where a word in it says so.

    >>> kind_of("Phường 5"), kind_of("Q.1"), kind_of("TP. Hồ Chí Minh"), kind_of("12 Nguyễn Trãi")
    ('ward', 'district', 'province', None)
    """
    bare = plain(text)
    for kind in ("ward", "district", "province"):
        if _SPELLED_OUT[kind].match(bare):
            return kind
    return None
