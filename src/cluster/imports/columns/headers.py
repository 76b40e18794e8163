"""Which column is which: names of columns in any of four languages against the table of fields."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from msgspec import Struct

from cluster.imports.columns.fields import FIELDS, SMALLEST, Field, Says
from cluster.imports.columns.values import unit_of

_IN_BRACKETS = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")
_APART = re.compile(r"[\W_]+")
_TRAILING = re.compile(r"^(.+) (mg|g|kg|t|lb|oz|mm|cm|dm|m|in|ft|s|min|h)$")


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Where a field's values come from: a column (numbered from 1), or one value for all lines.

    ``unit`` is that of the numbers in it, where it is not said in every cell. What ``joined`` columns say is added to
    it, after commas.
    """

    field: str
    column_no: int | None = None
    value: str | None = None
    unit: str | None = None
    joined: list[int] = []


class Matched(Struct, frozen=True, kw_only=True):
    """
    What was found out about the columns of a file.

    ``unknown`` are columns that mean nothing here, ``repeated`` those that mean what another one does already; both by
    number.
    """

    sources: list[Source]
    unknown: list[int]
    repeated: list[int]


def plain(name: str) -> str:
    """A name without case, accents, punctuation and what stands in brackets, words divided by one blank."""
    bare = _IN_BRACKETS.sub(" ", unicodedata.normalize("NFKC", name).casefold())
    letters = unicodedata.normalize("NFD", bare.replace("đ", "d").replace("ß", "ss"))
    return _APART.sub(" ", "".join(sign for sign in letters if not unicodedata.combining(sign))).strip()


def unit_in(name: str) -> str | None:
    """The unit that a column's name tells, in brackets or at its end."""
    said = unicodedata.normalize("NFKC", name)
    for inside in _IN_BRACKETS.findall(said):
        if found := unit_of(inside):
            return found
    trailing = _TRAILING.match(plain(name))
    return trailing[2] if trailing else None


def match(kind: str, header: Sequence[str]) -> Matched:
    """The fields that the columns of a file mean, each at most once, the first column first."""
    names = _names(kind)
    sources: list[Source] = []
    unknown, repeated = [], []
    taken: set[str] = set()
    for number, title in enumerate(header, start=1):
        bare = plain(title)
        found = names.get(bare) or names.get(_without_unit(bare))
        if found is None:
            if bare:
                unknown.append(number)
        elif found.name in taken:
            repeated.append(number)
        else:
            taken.add(found.name)
            unit = unit_in(title) if found.says in SMALLEST else None
            sources.append(Source(field=found.name, column_no=number, unit=unit))
    return Matched(sources=sources, unknown=unknown, repeated=repeated)


def _without_unit(bare: str) -> str:
    found = _TRAILING.match(bare)
    return found[1] if found else bare


def _names(kind: str) -> dict[str, Field]:
    """Every name of every field; one that two fields would have goes to the first."""
    found: dict[str, Field] = {}
    for entry in FIELDS[kind]:
        own = [entry.name, *(entry.titles), *entry.also]
        if entry.says in SMALLEST:
            own.append(f"{entry.name}_{SMALLEST[entry.says]}")
        for name in own:
            found.setdefault(plain(name), entry)
    return found


def digest(header: Sequence[str]) -> bytes:
    """What a header is recognised by, so that its mapping can be used again."""
    return hashlib.sha256("\0".join(plain(name) for name in header).encode()).digest()


def missing(kind: str, sources: Sequence[Source]) -> list[str]:
    """Fields without which no line of this kind can be good."""
    there = {source.field for source in sources}
    size = {"weight", "length", "width", "height"}
    if kind == "cartons":
        return sorted({"code", "inner_length", "inner_width", "inner_height"} - there)
    if kind == "products":
        return sorted(({"sku", "name"} | size) - there)
    lacking = set() if "sku" in there else size - there
    has_place = any(f"{end}_site_code" in there or f"{end}_address_line1" in there for end in ("delivery", "pickup"))
    return sorted(lacking | (set() if has_place else {"delivery_address_line1"}))


def without_unit(kind: str, sources: Sequence[Source]) -> list[str]:
    """Fields of weight, length or duration whose column does not say its unit."""
    says = {entry.name: entry.says for entry in FIELDS[kind]}
    return [
        source.field
        for source in sources
        if says.get(source.field, Says.TEXT) in SMALLEST and source.unit is None and source.column_no is not None
    ]
