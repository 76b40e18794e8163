"""
Dangerous goods on the road, and which of them never share a vehicle.

The rules are those of ADR 2025 (Agreement concerning the International Carriage of Dangerous Goods by Road, UNECE),
which the laws of Vietnam, China and the European Union follow for road transport:

- 7.5.2.1: packages with different danger labels share a vehicle unless one has a label of class 1, or the additional
  label 1 of a self-reactive substance (4.1) or an organic peroxide (5.2); 1.4S shares with all but those.
- 7.5.2.2: which compatibility groups of explosives share a vehicle.
- 7.5.2.4: limited quantities share a vehicle with explosives of division 1.4 alone.
- 7.5.4: toxic (6.1) and infectious (6.2) goods are kept apart from food; the rule asks for distance or a wall, the
  platform for another vehicle.

Exceptions that ADR makes for single UN numbers (life-saving appliances, blasting explosives with ammonium nitrate) are
not used: what is apart here although ADR would allow it together is safe, only dearer. As of 2025-01-01.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import combinations, combinations_with_replacement
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault

SKILL = "dangerous_goods"
"""What a vehicle type offers that may carry more than limited quantities: equipment on board, a trained driver."""
FOOD = "food"

_TOGETHER = {
    "A": "A",
    "B": "BS",
    "C": "CDEGNS",
    "D": "CDEGNS",
    "E": "CDEGNS",
    "F": "FS",
    "G": "CDEGS",
    "H": "HS",
    "J": "JS",
    "L": "",
    "N": "CDENS",
    "S": "BCDEFGHJNS",
}
"""ADR 7.5.2.2 without its footnotes: groups that share a vehicle. Group L travels with the very same goods alone, so
with no other shipment; group K is not accepted for carriage at all."""


class PackingGroup(StrEnum):
    """How dangerous: I great, II medium, III minor danger."""

    I = "I"  # noqa: E741  (its name)
    II = "II"
    III = "III"


HazardClass = Annotated[str, Meta(pattern=r"^(1\.[1-6][A-HJLNS]|2\.[1-3]|3|4\.[1-3]|5\.[12]|6\.[12]|7|8|9)$")]
Label = Annotated[str, Meta(pattern=r"^(1|2\.[1-3]|3|4\.[1-3]|5\.1|6\.1|7|8)$")]


class DangerousGoods(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What makes goods dangerous.

    Attributes
    ----------
    un_number
        Four digits, without the letters UN.
    hazard_class
        Class or division such as ``3`` or ``5.1``; explosives with their compatibility group: ``1.4S``.
    labels
        Additional danger labels, such as ``6.1`` of a flammable liquid that is toxic too.
    limited_quantity
        Packed in limited quantities (ADR 3.4): any vehicle may carry them.
    """

    un_number: Annotated[str, Meta(pattern="^[0-9]{4}$")]
    hazard_class: HazardClass
    labels: Annotated[list[Label], Meta(max_length=4)] = []
    packing_group: PackingGroup | None = None
    limited_quantity: bool = False

    def faults(self) -> Iterator[FieldFault]:
        """Explosives come in no limited quantities."""
        if self.limited_quantity and self.hazard_class.startswith("1."):
            cause = "explosives do not travel in limited quantities"
            cure = "leave limited_quantity out"
            yield FieldFault(pointer="/limited_quantity", code="not_limited", cause=cause, cure=cure)


def kind(goods: DangerousGoods) -> str | None:
    """
    The name that like goods share: what decides whom they travel with; None where all may.

    ``1.1D`` an explosive, ``1`` anything with the additional label 1, ``lq`` a limited quantity, ``toxic`` for 6.1 and
    6.2, ``other``: dangerous, and to be kept from explosives alone.
    """
    if goods.limited_quantity:
        return "lq"
    if goods.hazard_class.startswith("1."):
        return goods.hazard_class
    if "1" in goods.labels:
        return f"{goods.hazard_class}+1"
    if goods.hazard_class.startswith("6.") or "6.1" in goods.labels:
        return "toxic"
    return "other"


def apart(one: str, other: str) -> bool:
    """Whether two kinds (of ``kind``, or ``food``) never share a vehicle."""
    explosive = [name for name in (one, other) if name.startswith("1.")]
    rest = [name for name in (one, other) if not name.startswith("1.")]
    if len(explosive) == 2:
        return explosive[1][-1] not in _TOGETHER[explosive[0][-1]]
    if FOOD in rest:
        return "toxic" in rest
    if any(name.endswith("+1") for name in rest):
        return one != other
    if explosive:
        return not explosive[0].startswith("1.4" if rest[0] == "lq" else "1.4S")
    return False


def pairs_apart(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of these kinds that never share a vehicle, sorted."""
    return [pair for pair in combinations_with_replacement(sorted(set(kinds)), 2) if apart(*pair)]


def at_odds(kinds: Iterable[str]) -> tuple[str, str] | None:
    """Two kinds within one shipment that may not share the vehicle it needs; None where all may."""
    return next((pair for pair in combinations(sorted(set(kinds)), 2) if apart(*pair)), None)
