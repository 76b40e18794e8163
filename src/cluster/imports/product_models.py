"""Words of products and cartons: what members sell, and the boxes they pack into."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

from cluster.base.fields import Code, Grams, Millimetres, Reference, Text
from cluster.shipments.models import HandlingUnit, OnTop, Rotations

HsCode = Annotated[str, Meta(pattern="^[0-9]{6,10}$")]
"""Harmonised System: six digits, up to ten with national ones."""
InnerMillimetres = Annotated[int, Meta(gt=0, le=5_000)]
ITEMS_MAX = 200
QUANTITY_MAX = 1_000


class TemperatureClass(StrEnum):
    """What goods are kept at."""

    AMBIENT = "ambient"
    CONTROLLED = "controlled"
    CHILLED = "chilled"
    FROZEN = "frozen"


class AddProduct(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A product, by the member's own stock-keeping unit: weight and outer size of one piece as it is packed.

    ``rotations`` says how it may lie in a carton, ``on_top`` what may lie on it.
    """

    sku: Reference
    name: Text
    weight_g: Grams
    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres
    rotations: Rotations = Rotations.ANY_WAY
    on_top: OnTop = OnTop.ANYTHING
    bearing_max_g: Annotated[int, Meta(ge=0, le=100_000_000)] | None = None
    hs_code: HsCode | None = None
    temperature_class: TemperatureClass = TemperatureClass.AMBIENT
    dangerous: bool = False


class Product(Struct, frozen=True, kw_only=True):
    """A product of the member."""

    id: str
    sku: str
    name: str
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    rotations: Rotations
    on_top: OnTop
    bearing_max_g: int | None
    hs_code: str | None
    temperature_class: TemperatureClass
    dangerous: bool
    version: int
    created_at: datetime
    updated_at: datetime


class AddCarton(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A carton that the member packs into: what it holds inside, and what its wall adds on every side.

    ``weight_max_g`` is the most that its contents may weigh, ``bearing_max_g`` what may stand on it; null: no limit.
    """

    code: Code
    inner_length_mm: InnerMillimetres
    inner_width_mm: InnerMillimetres
    inner_height_mm: InnerMillimetres
    wall_mm: Annotated[int, Meta(ge=0, le=100)] = 0
    tare_g: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    weight_max_g: Grams | None = None
    bearing_max_g: Annotated[int, Meta(ge=0, le=100_000_000)] | None = None
    cost_minor: Annotated[int, Meta(ge=0, le=10**9)] = 0


class Carton(Struct, frozen=True, kw_only=True):
    """A carton of the member."""

    id: str
    code: str
    inner_length_mm: int
    inner_width_mm: int
    inner_height_mm: int
    wall_mm: int
    tare_g: int
    weight_max_g: int | None
    bearing_max_g: int | None
    cost_minor: int
    version: int
    created_at: datetime
    updated_at: datetime


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    So many pieces of something to be packed: a product by its ``sku``, or anything by weight and size.

    What is given beside a ``sku`` goes before what the product says.
    """

    quantity: Annotated[int, Meta(ge=1, le=QUANTITY_MAX)] = 1
    sku: Reference | None = None
    name: Text | None = None
    weight_g: Grams | None = None
    length_mm: Millimetres | None = None
    width_mm: Millimetres | None = None
    height_mm: Millimetres | None = None
    rotations: Rotations | None = None
    on_top: OnTop | None = None


class PalletKind(StrEnum):
    """Pallets that packed goods may be put on."""

    EUR = "pallet_eur"
    EUR_HALF = "pallet_eur_half"
    ISO = "pallet_iso"
    P1140 = "pallet_1140"
    P1100 = "pallet_1100"


class Cartonise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Items to be packed into the member's cartons (the usual sizes where it has none), and onto pallets if one is named.

    At most 1,000 pieces together.
    """

    items: Annotated[list[Item], Meta(min_length=1, max_length=ITEMS_MAX)]
    pallet: PalletKind | None = None
    pallet_height_max_mm: Annotated[int, Meta(ge=300, le=3_000)] = 1_800


class Content(Struct, frozen=True, kw_only=True):
    """What is in a handling unit, in each of them where they are several."""

    sku: str | None
    name: str
    quantity: int


class PackedUnit(Struct, frozen=True, kw_only=True):
    """Like handling units with what is in each; ``packing`` names the carton or pallet, null for an item itself."""

    handling_unit: HandlingUnit
    packing: str | None
    contents: list[Content]


class Cartonised(Struct, frozen=True, kw_only=True):
    """
    Items as handling units.

    ``cost_minor`` is that of the cartons used. ``proved``: no cheaper cartons, and no fewer pallets, hold the same.
    """

    units: list[PackedUnit]
    cost_minor: int
    proved: bool


class BookItems(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A shipment by what is in it.

    ``shipment`` is a booking as ``POST /v1/shipments`` takes it, without its handling units: those are made
    of the items.
    """

    shipment: dict[str, Any]
    items: Annotated[list[Item], Meta(min_length=1, max_length=ITEMS_MAX)]
    pallet: PalletKind | None = None
    pallet_height_max_mm: Annotated[int, Meta(ge=300, le=3_000)] = 1_800

    @property
    def packing(self) -> Cartonise:
        """The items alone."""
        return Cartonise(items=self.items, pallet=self.pallet, pallet_height_max_mm=self.pallet_height_max_mm)


class UnitContent(Struct, frozen=True, kw_only=True):
    """So many pieces in each of the handling units of one line."""

    unit_no: int
    sku: str | None
    name: str
    quantity: int


class ShipmentContents(Struct, frozen=True, kw_only=True):
    """What is in the handling units of a shipment; empty where it was not booked by items."""

    contents: list[UnitContent]
