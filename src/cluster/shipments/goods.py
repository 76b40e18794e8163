"""What is moved: handling units, their hazards, their sum."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.fields import Grams, Millimetres
from cluster.shipments.dangerous_goods import DangerousGoods

MM3_A_CM3 = 1000
UNITS_MAX = 10_000


class UnitKind(StrEnum):
    """What goods are packed in."""

    BOX = "box"
    PALLET = "pallet"
    RACK = "rack"
    TUBE = "tube"
    BAG = "bag"


class Rotations(StrEnum):
    """In which ways a unit may stand: this side up, turned about the vertical as one likes; or on any of its sides."""

    UPRIGHT = "upright"
    ANY_WAY = "any_way"


class OnTop(StrEnum):
    """What may stand directly on a unit: anything, only units that are fragile themselves, or nothing at all."""

    ANYTHING = "anything"
    FRAGILE = "fragile"
    NOTHING = "nothing"


class TemperatureClass(StrEnum):
    """What goods are kept at: any weather, 15 to 25 °C, 2 to 8 °C, -18 °C and below."""

    AMBIENT = "ambient"
    CONTROLLED = "controlled"
    CHILLED = "chilled"
    FROZEN = "frozen"


class HandlingUnit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Like units of a shipment: ``units`` of them, weight and outer dimensions of each.

    What is not ``anything`` in ``on_top`` makes a unit fragile. ``bearing_max_g`` is what each bears, null: any load.
    Pallets stand on the floor of a hold. ``hs_code`` is the customs tariff number.
    """

    kind: UnitKind = UnitKind.BOX
    units: Annotated[int, Meta(ge=1, le=UNITS_MAX)] = 1
    weight_g: Grams
    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres
    sscc: Annotated[str, Meta(pattern="^[0-9]{18}$")] | None = None
    rotations: Rotations = Rotations.UPRIGHT
    on_top: OnTop = OnTop.ANYTHING
    bearing_max_g: Annotated[int, Meta(ge=0, le=100_000_000)] | None = None
    hs_code: Annotated[str, Meta(pattern="^[0-9]{6,10}$")] | None = None
    dangerous_goods: DangerousGoods | None = None


class Totals(Struct, frozen=True, kw_only=True):
    """Load of all handling units of a shipment together."""

    weight_g: int
    volume_cm3: int
    pallet_places: int


def totals(units: list[HandlingUnit]) -> Totals:
    """
    Sums a shipment's handling units; each pallet takes a pallet place.

    The volume is that of all units together, rounded up to whole cubic centimetres.
    """
    volume_mm3 = sum(unit.units * unit.length_mm * unit.width_mm * unit.height_mm for unit in units)
    return Totals(
        weight_g=sum(unit.units * unit.weight_g for unit in units),
        volume_cm3=-(-volume_mm3 // MM3_A_CM3),
        pallet_places=sum(unit.units for unit in units if unit.kind is UnitKind.PALLET),
    )
