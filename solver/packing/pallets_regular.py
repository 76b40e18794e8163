"""Units that are all alike in one hold: the same layer again and again, each unit straight above another."""

from collections.abc import Iterator
from typing import NamedTuple

from solver.goods import Hold, OnTop, Rotation, Unit, edges_mm
from solver.packing.cartons_fill import Standing
from solver.packing.floor_bounds import reach_mm
from solver.packing.pallets_layers import Layer, best_layer


class Regular(NamedTuple):
    """
    Places of units of one kind (0), the lowest first.

    ``bound``: a hold takes no more of them, however they are placed.
    """

    places: list[Standing]
    bound: int


class _Face(NamedTuple):
    """A layer of units that stand on the same face."""

    layer: Layer
    rise_mm: int
    rotation: dict[tuple[int, int], Rotation]


def regular(hold: Hold, unit: Unit, quantity: int) -> Regular:
    """
    At most ``quantity`` units in a hold without stops, in as few layers as hold them.

    All layers stand on the same face; that which takes most is chosen, the lower of two that take the same. Nothing is
    placed where not even one fits.
    """
    best: list[Standing] = []
    least_mm = hold.height_mm + 1
    for face in _faces(hold, unit):
        per_layer = len(face.layer.boxes)
        count = min(quantity, most_units(hold, unit), per_layer * _layers(hold, unit, face))
        height_mm = -(-count // per_layer) * face.rise_mm if per_layer else 0
        if count and (count, -height_mm) > (len(best), -least_mm):
            best, least_mm = list(_places(face, count)), height_mm
    return Regular(best, min(quantity, most_units(hold, unit)))


def _faces(hold: Hold, unit: Unit) -> Iterator[_Face]:
    """The layers on each face that it may stand on."""
    by_rise: dict[int, dict[tuple[int, int], Rotation]] = {}
    for rotation in unit.rotations:
        along, across, up = edges_mm(unit, rotation)
        by_rise.setdefault(up, {}).setdefault((along, across), rotation)
    for rise_mm, rotations in sorted(by_rise.items()):
        if rise_mm <= hold.height_mm:
            along, across = next(iter(rotations))
            layer = best_layer(hold.length_mm, hold.width_mm, along, across, (across, along) in rotations)
            yield _Face(layer, rise_mm, rotations)


def _layers(hold: Hold, unit: Unit, face: _Face) -> int:
    """How many layers height and bearing allow."""
    if unit.on_top is OnTop.NOTHING or unit.floor_only:
        return 1
    layers = hold.height_mm // face.rise_mm
    if unit.bearing_max_g is not None and unit.weight_g:
        layers = min(layers, 1 + unit.bearing_max_g // unit.weight_g)
    return layers


def _places(face: _Face, count: int) -> Iterator[Standing]:
    for number in range(count):
        level, at = divmod(number, len(face.layer.boxes))
        x, y, along, across = face.layer.boxes[at]
        yield Standing(0, x, y, level * face.rise_mm, face.rotation[along, across])


def most_units(hold: Hold, unit: Unit) -> int:
    """
    No hold takes more units of one kind than this.

    By weight, and by the volume that normal patterns can use; where all stand on one face, by the layers and the area
    that can be used of each (every unit of height h is cut by exactly one of the planes h, 2 h, ... from below).
    """
    extents = {edges_mm(unit, rotation) for rotation in unit.rotations}
    length_mm, width_mm, height_mm = (
        reach_mm((extent[axis] for extent in extents), limit_mm)
        for axis, limit_mm in enumerate((hold.length_mm, hold.width_mm, hold.height_mm))
    )
    most = length_mm * width_mm * height_mm // (unit.length_mm * unit.width_mm * unit.height_mm)
    rises = {extent[2] for extent in extents}
    if len(rises) == 1:
        rise_mm = rises.pop()
        base_mm2 = unit.length_mm * unit.width_mm * unit.height_mm // rise_mm
        flat = unit.floor_only or (unit.on_top is OnTop.NOTHING and hold.support_percent > 0)
        layers = 1 if flat else hold.height_mm // rise_mm
        most = min(most, layers * (length_mm * width_mm // base_mm2))
    if hold.weight_max_g is not None and unit.weight_g:
        most = min(most, hold.weight_max_g // unit.weight_g)
    return most
