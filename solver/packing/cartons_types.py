"""Words of cartonisation: cartons of a catalogue, and items in packages."""

from collections.abc import Sequence

from msgspec import Struct

from solver.goods import Hold, Identifier, Placement, Unit, edges_mm


class Carton(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A carton of a catalogue.

    Attributes
    ----------
    inner_length_mm, inner_width_mm, inner_height_mm
        What it holds; positive.
    wall_mm
        What each wall, the floor and the lid add to the outside.
    tare_g
        The weight of the carton itself.
    weight_max_g
        Most that its items may weigh; None: no limit.
    bearing_max_g
        How much may stand on it; None: any load.
    support_percent
        At least this part of an item's base rests on the floor or on other items.
    """

    id: Identifier
    inner_length_mm: int
    inner_width_mm: int
    inner_height_mm: int
    wall_mm: int = 0
    tare_g: int = 0
    weight_max_g: int | None = None
    bearing_max_g: int | None = None
    cost_milli: int = 0
    support_percent: int = 75

    @property
    def hold(self) -> Hold:
        """The inside, filled from above."""
        return Hold(
            length_mm=self.inner_length_mm,
            width_mm=self.inner_width_mm,
            height_mm=self.inner_height_mm,
            weight_max_g=self.weight_max_g,
            doors=(),
            support_percent=self.support_percent,
        )

    @property
    def volume_mm3(self) -> int:
        """Outer volume."""
        edges = (self.inner_length_mm, self.inner_width_mm, self.inner_height_mm)
        length_mm, width_mm, height_mm = (edge + 2 * self.wall_mm for edge in edges)
        return length_mm * width_mm * height_mm


class Package(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A carton or pallet with what is in or on it.

    ``kind`` is its id in the catalogue, ``unit`` the whole from outside (one of it), ``placements`` stand in the
    coordinates of the inside (of a pallet: from the deck upwards), in the order of packing.
    """

    kind: str
    unit: Unit
    placements: tuple[Placement, ...]


class Packages(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Items in packages.

    Attributes
    ----------
    left
        Units that no package of the catalogue takes, with the quantity left.
    cost_milli
        Of the packages used.
    bound
        No fewer packages hold what these hold (proven).
    proved
        No cartons cost less, or no fewer pallets do.
    """

    packages: tuple[Package, ...]
    left: tuple[Unit, ...]
    cost_milli: int
    bound: int
    proved: bool


def takes(carton: Carton, item: Unit) -> bool:
    """Whether one item alone goes into a carton."""
    if carton.weight_max_g is not None and item.weight_g > carton.weight_max_g:
        return False
    return any(
        along <= carton.inner_length_mm and across <= carton.inner_width_mm and up <= carton.inner_height_mm
        for along, across, up in (edges_mm(item, rotation) for rotation in item.rotations)
    )


def may_hold(carton: Carton, units: Sequence[Unit], counts: Sequence[int]) -> bool:
    """Whether volume, weight and each item alone leave it possible that a carton holds everything."""
    amounts = list(zip(units, counts, strict=True))
    if sum(unit_mm3(unit) * count for unit, count in amounts) > inner_mm3(carton):
        return False
    weight_g = sum(unit.weight_g * count for unit, count in amounts)
    if carton.weight_max_g is not None and weight_g > carton.weight_max_g:
        return False
    return all(takes(carton, unit) for unit, count in amounts if count)


def unit_mm3(unit: Unit) -> int:
    """Outer volume of one unit."""
    return unit.length_mm * unit.width_mm * unit.height_mm


def inner_mm3(carton: Carton) -> int:
    """Inner volume of a carton."""
    return carton.inner_length_mm * carton.inner_width_mm * carton.inner_height_mm
