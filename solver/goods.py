"""
Goods and what they stand in: handling units, holds, doors, axles, placements.

Millimetres and grams throughout. A hold's origin is its front left lower corner (front: the driver's end): x runs along
its length to the rear door, y across its width, z upwards. A unit stands with its edges along the axes.

Time is counted in stops: 0 is where loading begins, and a unit is on board from the stop where it is loaded until the
stop where it is unloaded. At each stop unloading comes first, then loading.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

Identifier = Annotated[str, Meta(min_length=1, max_length=200)]


class Rotation(StrEnum):
    """Which of a unit's own edges (length, width, height) lies along x, y and z, in this order."""

    LWH = "lwh"
    WLH = "wlh"
    LHW = "lhw"
    HLW = "hlw"
    WHL = "whl"
    HWL = "hwl"


UPRIGHT = (Rotation.LWH, Rotation.WLH)
"""This side up, turned about the vertical as one likes."""
ANY_WAY = tuple(Rotation)


class OnTop(StrEnum):
    """What may stand directly on a unit: anything, only units that are fragile themselves, or nothing at all."""

    ANYTHING = "anything"
    FRAGILE = "fragile"
    NOTHING = "nothing"


class Unit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    ``quantity`` handling units that are all alike.

    Attributes
    ----------
    length_mm, width_mm, height_mm
        Outer edges, positive.
    rotations
        The ways in which it may stand.
    on_top
        What may stand directly on it; whatever is not ``anything`` makes it fragile.
    bearing_max_g
        How much it bears; None: any load. The weight of a unit and of all that it bears goes to what it stands on in
        proportion to the areas of contact.
    floor_only
        Stands on the floor of the hold, never on another unit (a pallet).
    groups
        Names for ``PackProblem.apart`` and ``PackProblem.together``.
    """

    id: Identifier
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int = 0
    quantity: int = 1
    rotations: tuple[Rotation, ...] = UPRIGHT
    on_top: OnTop = OnTop.ANYTHING
    bearing_max_g: int | None = None
    floor_only: bool = False
    groups: tuple[Identifier, ...] = ()


class Side(StrEnum):
    """The wall that a door is in."""

    REAR = "rear"
    LEFT = "left"
    RIGHT = "right"


class Door(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A door, as high as the hold. Left is the wall y = 0.

    A side door opens from ``from_mm`` to ``to_mm`` along x (None: the rear end), and a unit goes through it that lies
    within. A rear door is as wide as the hold.
    """

    side: Side = Side.REAR
    from_mm: int = 0
    to_mm: int | None = None


class Axle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    An axle or a group of axles: where it is along x (before the front wall: negative), what rests on it when the hold
    is empty, and the least and most that may rest on it.
    """

    id: Identifier
    at_mm: int
    tare_g: int = 0
    max_g: int
    min_g: int = 0


class Chassis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What carries the hold.

    A rigid vehicle has two axles and no kingpin. An articulated one has three, the tractor's two and the trailer's, and
    a kingpin between trailer and tractor: the load of the hold rests on kingpin and trailer axle, that of the kingpin
    on the tractor's two. ``at_mm`` is told for the coupled vehicle. Each load goes by the lever (rigid body, two
    supports); a unit's weight is in its middle.
    """

    axles: tuple[Axle, ...]
    kingpin_mm: int | None = None


class Hold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The inside of a vehicle or container.

    Attributes
    ----------
    weight_max_g
        Most that may be on board at any time; None: no limit.
    doors
        Every unit is loaded and unloaded straight through one of them: no other unit on board may then stand between
        it and the door, or anywhere above it. Units unloaded at the same stop never stand in each other's way. Empty:
        access is not asked for.
    chassis
        None: axles are not asked for.
    support_percent
        At least this part of a unit's base rests on the floor or on tops of other units, for as long as it is on board.
    """

    length_mm: int
    width_mm: int
    height_mm: int
    weight_max_g: int | None = None
    doors: tuple[Door, ...] = (Door(),)
    chassis: Chassis | None = None
    support_percent: int = 75


class Placement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Where one unit stands: number ``number`` (from 1) of ``unit`` of ``order``, its lowest corner at x, y, z.

    Placements are listed in the order of loading: by the stop where they are loaded, and at each stop in an order in
    which every unit can be brought to its place through a door.
    """

    order: str
    unit: str
    number: int
    x_mm: int
    y_mm: int
    z_mm: int
    rotation: Rotation


def edges_mm(unit: Unit, rotation: Rotation) -> tuple[int, int, int]:
    """A unit's extent along x, y and z."""
    edge = {"l": unit.length_mm, "w": unit.width_mm, "h": unit.height_mm}
    first, second, third = rotation.value
    return edge[first], edge[second], edge[third]
