"""Everything that can be wrong with handling units and with what they are to stand in, each by itself."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from solver.faults import Fault
from solver.goods import Axle, Chassis, Door, Hold, Side, Unit
from solver.validate_values import fault, identifier, number

EDGE_MAX_MM = 100_000
WEIGHT_MAX_G = 10**9
UNITS_MAX = 100_000
"""Units of one question."""
AXLES = {False: 2, True: 3}
"""With a kingpin, three."""


def units_faults(units: Sequence[Unit], where: str) -> Iterator[Fault]:
    """Faults of the units of one order: of each, and ids that stand there twice."""
    first: dict[str, int] = {}
    for index, unit in enumerate(units):
        yield from unit_faults(unit, f"{where}[{index}]")
        if first.setdefault(unit.id, index) != index:
            cause = f"{unit.id!r} is the id of {where}[{first[unit.id]}] too"
            yield fault("id_duplicate", f"{where}[{index}].id", cause, "give every entry of the list an id of its own")


def unit_faults(unit: Unit, where: str) -> Iterator[Fault]:
    """Faults of one unit; that it is larger than every hold is none, but a reason for not loading it."""
    yield from identifier(f"{where}.id", unit.id)
    for edge in ("length_mm", "width_mm", "height_mm"):
        yield from number(f"{where}.{edge}", getattr(unit, edge), EDGE_MAX_MM, least=1)
    yield from number(f"{where}.weight_g", unit.weight_g, WEIGHT_MAX_G)
    yield from number(f"{where}.quantity", unit.quantity, UNITS_MAX, least=1)
    if unit.bearing_max_g is not None:
        yield from number(f"{where}.bearing_max_g", unit.bearing_max_g, WEIGHT_MAX_G)
    if not unit.rotations:
        cure = "give at least one, or leave the field out for upright"
        yield fault("rotations_missing", f"{where}.rotations", "it may stand in no way at all", cure)
    for which, group in enumerate(unit.groups):
        yield from identifier(f"{where}.groups[{which}]", group)


def hold_faults(hold: Hold, where: str) -> Iterator[Fault]:
    """Faults of a hold with its doors and axles."""
    for edge in ("length_mm", "width_mm", "height_mm"):
        yield from number(f"{where}.{edge}", getattr(hold, edge), EDGE_MAX_MM, least=1)
    if hold.weight_max_g is not None:
        yield from number(f"{where}.weight_max_g", hold.weight_max_g, WEIGHT_MAX_G)
    yield from number(f"{where}.support_percent", hold.support_percent, 100)
    for index, door in enumerate(hold.doors):
        yield from _door_faults(hold, door, f"{where}.doors[{index}]")
    if hold.chassis is not None:
        yield from _chassis_faults(hold.chassis, f"{where}.chassis")


def _door_faults(hold: Hold, door: Door, where: str) -> Iterator[Fault]:
    yield from number(f"{where}.from_mm", door.from_mm, EDGE_MAX_MM)
    end = hold.length_mm if door.to_mm is None else door.to_mm
    if door.to_mm is not None:
        yield from number(f"{where}.to_mm", door.to_mm, EDGE_MAX_MM)
    if door.side is Side.REAR and (door.from_mm or door.to_mm is not None):
        cause = "a rear door with an opening along the length"
        yield fault("door_wrong", where, cause, "leave out from_mm and to_mm: a rear door is as wide as the hold")
    elif door.from_mm >= 0 and hold.length_mm > 0 and not door.from_mm < end <= hold.length_mm:
        cause = f"it opens from {door.from_mm} to {end} mm in a hold of {hold.length_mm} mm"
        yield fault("door_wrong", where, cause, "give an opening inside the hold, from_mm below to_mm")


def _chassis_faults(chassis: Chassis, where: str) -> Iterator[Fault]:
    if len(chassis.axles) != AXLES[chassis.kingpin_mm is not None]:
        cause = f"{len(chassis.axles)} axles {'with' if chassis.kingpin_mm is not None else 'without'} a kingpin"
        cure = "give two axles for a rigid vehicle; three and the kingpin for an articulated one"
        yield fault("axles_wrong", f"{where}.axles", cause, cure)
        return
    for index, axle in enumerate(chassis.axles):
        yield from _axle_faults(axle, f"{where}.axles[{index}]")
    positions = [axle.at_mm for axle in chassis.axles]
    if chassis.kingpin_mm is not None:
        yield from number(f"{where}.kingpin_mm", chassis.kingpin_mm, EDGE_MAX_MM, least=-EDGE_MAX_MM)
    if any(not before < after for before, after in pairwise(positions)):
        cure = "list them from front to rear, each behind the one before"
        yield fault("axles_wrong", f"{where}.axles", f"axles at {positions} mm", cure)
    if chassis.kingpin_mm is not None and not positions[0] <= chassis.kingpin_mm < positions[-1]:
        cause = f"a kingpin at {chassis.kingpin_mm} mm with axles at {positions} mm"
        yield fault("axles_wrong", f"{where}.kingpin_mm", cause, "give its place between the first and the last axle")


def _axle_faults(axle: Axle, where: str) -> Iterator[Fault]:
    yield from identifier(f"{where}.id", axle.id)
    yield from number(f"{where}.at_mm", axle.at_mm, EDGE_MAX_MM, least=-EDGE_MAX_MM)
    for field in ("tare_g", "min_g", "max_g"):
        yield from number(f"{where}.{field}", getattr(axle, field), WEIGHT_MAX_G)
    if not axle.min_g <= axle.tare_g <= axle.max_g:
        cause = f"{axle.tare_g} g rest on it when the hold is empty, {axle.min_g} to {axle.max_g} g are allowed"
        yield fault("axle_tare", where, cause, "give limits that the empty vehicle keeps")
