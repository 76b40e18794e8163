"""
From items to handling units: the door to the solver's packing.

Whatever the search says is derived again by the checker of loads, which shares no code with it, before it counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from cluster.imports.product_models import Carton, Cartonised, Content, PackedUnit, PalletKind, Product
from cluster.shipments.goods import HandlingUnit, OnTop, Rotations, UnitKind
from solver.check_stow import check_load
from solver.goods import UPRIGHT, Hold, Placement, Rotation, Unit
from solver.goods import OnTop as SolverOnTop
from solver.loads import Cargo, Load
from solver.packing.cartons import Carton as SolverCarton
from solver.packing.cartons import Package
from solver.packing.catalogue import HOLDS, PALLETS
from solver.packing.pallets import Pallet
from solver.packing.pallets_prepare import Handled, Prepared, prepare

USUAL = {"carton_small": (3, 120), "carton_medium": (4, 350), "carton_large": (5, 800)}
"""Of the catalogue's cartons: wall in mm and empty weight in g of single- and double-wall corrugated board."""
PALLET_WEIGHT_MAX_G = 1_000_000
Contents = tuple[tuple[str, int], ...]


class WrongPacking(Exception):
    """A packing that the checker refuses: a bug of the search."""


class Piece(NamedTuple):
    """So many pieces of one thing; ``product`` has its weight and size."""

    product: Product
    quantity: int


def pack(
    pieces: Sequence[Piece], cartons: Sequence[Carton], pallet: PalletKind | None, pallet_height_max_mm: int
) -> Cartonised:
    """
    Pieces into cartons (the usual sizes if there are none) and onto pallets.

    The same question has the same answer.

    Raises
    ------
    WrongPacking
        When the checker refuses the packing.
    """
    units = [_unit(number, piece) for number, piece in enumerate(pieces)]
    boxes = [_carton(carton) for carton in cartons] or _usual()
    pallets = [] if pallet is None else [_pallet(pallet, pallet_height_max_mm)]
    found = prepare(units, cartons=boxes, pallets=pallets)
    holds = {box.id: box.hold for box in boxes} | {each.id: each.hold for each in pallets}
    _check(found, units, holds)
    named = {unit.id: piece.product for unit, piece in zip(units, pieces, strict=True)}
    grouped: Counter[tuple[str | None, Unit, Contents]] = Counter()
    inside = {entry.unit.id: entry for entry in found.cartons}
    for entry in found.handled:
        if not entry.packages:
            grouped[None, entry.unit, ((entry.unit.id, 1),)] += entry.unit.quantity
        for package in entry.packages:
            grouped[package.kind, entry.unit, _contents(package, inside)] += 1
    on_pallets = set() if pallet is None else {pallet.value}
    return Cartonised(
        units=[
            PackedUnit(
                handling_unit=_handling_unit(unit, count, is_pallet=kind in on_pallets),
                packing=kind,
                contents=[_content(named[name], times) for name, times in contents],
            )
            for (kind, unit, contents), count in grouped.items()
        ],
        cost_minor=found.cost_milli // 1000,
        proved=found.proved,
    )


def _unit(number: int, piece: Piece) -> Unit:
    product = piece.product
    return Unit(
        id=f"item-{number}",
        length_mm=product.length_mm,
        width_mm=product.width_mm,
        height_mm=product.height_mm,
        weight_g=product.weight_g,
        quantity=piece.quantity,
        rotations=tuple(Rotation) if product.rotations is Rotations.ANY_WAY else UPRIGHT,
        on_top=SolverOnTop(product.on_top.value),
        bearing_max_g=product.bearing_max_g,
    )


def _carton(carton: Carton) -> SolverCarton:
    return SolverCarton(
        id=carton.code,
        inner_length_mm=carton.inner_length_mm,
        inner_width_mm=carton.inner_width_mm,
        inner_height_mm=carton.inner_height_mm,
        wall_mm=carton.wall_mm,
        tare_g=carton.tare_g,
        weight_max_g=carton.weight_max_g,
        bearing_max_g=carton.bearing_max_g,
        cost_milli=carton.cost_minor * 1000,
    )


def _usual() -> list[SolverCarton]:
    return [
        SolverCarton(
            id=name,
            inner_length_mm=HOLDS[name].length_mm,
            inner_width_mm=HOLDS[name].width_mm,
            inner_height_mm=HOLDS[name].height_mm,
            wall_mm=wall_mm,
            tare_g=tare_g,
            weight_max_g=HOLDS[name].weight_max_g,
        )
        for name, (wall_mm, tare_g) in USUAL.items()
    ]


def _pallet(kind: PalletKind, height_max_mm: int) -> Pallet:
    usual = PALLETS[kind.value]
    return Pallet(
        id=kind.value,
        length_mm=usual.length_mm,
        width_mm=usual.width_mm,
        height_max_mm=height_max_mm,
        weight_max_g=PALLET_WEIGHT_MAX_G,
    )


def _check(found: Prepared, asked: Sequence[Unit], holds: Mapping[str, Hold]) -> None:
    """Every package stands as the checker has it, and every piece is in one of them."""
    known = {unit.id: unit for unit in asked} | {entry.unit.id: entry.unit for entry in found.cartons}
    inside = {entry.unit.id: entry for entry in found.cartons}
    for entry in (*found.handled, *found.cartons):
        for package in entry.packages:
            wrong = check_load(_load(package, known, holds[package.kind]), _renumbered(package.placements))
            if wrong:
                raise WrongPacking(f"{package.kind}: {wrong[0].code} {wrong[0].detail}")
    counted: Counter[str] = Counter()
    for entry in found.handled:
        for name, times in _all_in(entry, inside):
            counted[name] += times
    if counted != Counter({unit.id: unit.quantity for unit in asked}):
        raise WrongPacking("not every piece is in one place")


def _all_in(entry: Handled, inside: Mapping[str, Handled]) -> list[tuple[str, int]]:
    if not entry.packages:
        return [(entry.unit.id, entry.unit.quantity)]
    return [part for package in entry.packages for part in _contents(package, inside)]


def _load(package: Package, known: Mapping[str, Unit], hold: Hold) -> Load:
    counts = Counter((entry.order, entry.unit) for entry in package.placements)
    cargo = tuple(Cargo(order=order, unit=_times(known[name], count)) for (order, name), count in counts.items())
    return Load(hold=hold, cargo=cargo)


def _times(unit: Unit, count: int) -> Unit:
    return replace(unit, quantity=count)


def _renumbered(placements: Sequence[Placement]) -> list[Placement]:
    """Numbers within the package: what was numbered through all packages."""
    seen: Counter[str] = Counter()
    renumbered = []
    for entry in placements:
        seen[entry.unit] += 1
        renumbered.append(replace(entry, number=seen[entry.unit]))
    return renumbered


def _contents(package: Package, inside: Mapping[str, Handled]) -> Contents:
    """Pieces in a package, those in cartons on a pallet too."""
    counted: Counter[str] = Counter()
    for entry in package.placements:
        carton = inside.get(entry.unit)
        if carton is None:
            counted[entry.unit] += 1
        else:
            for name, times in _contents(carton.packages[entry.number - 1], {}):
                counted[name] += times
    return tuple(sorted(counted.items()))


def _handling_unit(unit: Unit, count: int, *, is_pallet: bool) -> HandlingUnit:
    any_way = not is_pallet and len(unit.rotations) == len(Rotation)
    return HandlingUnit(
        kind=UnitKind.PALLET if is_pallet else UnitKind.BOX,
        units=count,
        weight_g=unit.weight_g,
        length_mm=unit.length_mm,
        width_mm=unit.width_mm,
        height_mm=unit.height_mm,
        rotations=Rotations.ANY_WAY if any_way else Rotations.UPRIGHT,
        on_top=OnTop(unit.on_top.value),
        bearing_max_g=unit.bearing_max_g,
    )


def _content(product: Product, quantity: int) -> Content:
    return Content(sku=product.sku or None, name=product.name, quantity=quantity)
