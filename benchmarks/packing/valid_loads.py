"""
Loads that fit by construction, drawn at random: nothing that searches or checks has a part in them.

The hold is cut into slabs along its length, one for each stop, the last stop's at the front. A slab is cut into cells;
in each cell stands a column: on the floor a box, on it boxes that lie wholly on the one below, or overhang it by no
more than a quarter of their base and stay inside the cell. Whatever limits are drawn are met by adding up.
"""

from fractions import Fraction
from random import Random
from typing import NamedTuple

from solver.goods import ANY_WAY, Axle, Chassis, Door, Hold, OnTop, Placement, Rotation, Side, Unit
from solver.loads import Cargo, Load

EDGE_MM = 60


class Stood(NamedTuple):
    """One box of a column: where it stands and how large it is there."""

    stop: int
    x: int
    y: int
    z: int
    along: int
    across: int
    up: int
    weight_g: int
    level: int  # 0 on the floor
    above_g: int  # all that stands on it
    top: bool


def valid_load(seed: int) -> tuple[Load, tuple[Placement, ...]]:
    """A load with placements that keep every rule."""
    draw = Random(seed)
    length, width, height = (draw.randint(EDGE_MM // 2, 2 * EDGE_MM) for _ in range(3))
    stops = draw.randint(1, 4)
    boxes: list[Stood] = []
    borders = sorted(draw.sample(range(1, length), stops - 1))
    for front, rear, stop in zip([0, *borders], [*borders, length], range(stops, 0, -1), strict=True):
        boxes += _slab(draw, (front, rear), width, height, stop)
    cargo, placements = _as_cargo(draw, boxes)
    hold = Hold(
        length_mm=length,
        width_mm=width,
        height_mm=height,
        weight_max_g=sum(box.weight_g for box in boxes) + draw.choice([0, 1, 1_000]),
        doors=_doors(draw, stops),
        chassis=_chassis(draw, boxes, length, stops),
    )
    fixed = placements[: draw.choice([0, 0, 1, len(placements)])]
    return Load(hold=hold, cargo=cargo, fixed=fixed), placements


def _slab(draw: Random, span: tuple[int, int], width: int, height: int, stop: int) -> list[Stood]:
    """Cells across and along, front to rear."""
    boxes: list[Stood] = []
    front, rear = span
    while rear - front >= 1 and len(boxes) < 12:
        deep = draw.randint(1, rear - front)
        left = 0
        while width - left >= 1 and len(boxes) < 12:
            wide = draw.randint(1, width - left)
            boxes += _column(draw, (front, left, deep, wide), height, stop)
            left += wide
        front += deep
    return boxes


def _column(draw: Random, cell: tuple[int, int, int, int], height: int, stop: int) -> list[Stood]:
    """Boxes on one another within a cell."""
    x, y, deep, wide = cell
    at = (x, y, draw.randint(1, deep), draw.randint(1, wide))
    parts: list[tuple[tuple[int, int, int, int], int, int]] = []
    z = 0
    for _ in range(draw.randint(1, 4)):
        if height - z < 1:
            break
        up = draw.randint(1, height - z)
        parts.append((at, z, up))
        z += up
        at = _next_base(draw, at, cell)
    weights = [draw.randint(0, 5_000) for _ in parts]
    return [
        Stood(
            stop,
            *base[:2],
            low,
            *base[2:],
            up,
            weights[level],
            level,
            sum(weights[level + 1 :]),
            level == len(parts) - 1,
        )
        for level, (base, low, up) in enumerate(parts)
    ]


def _next_base(
    draw: Random, below: tuple[int, int, int, int], cell: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    """The base of the next box: inside the one below, or a quarter of it over its edge, inside the cell."""
    x, y, along, across = below
    if draw.random() < 0.5:
        wider = min(along * 4 // 3, cell[0] + cell[2] - x)
        return x, y, wider, draw.randint(1, across)
    inner, narrow = draw.randint(1, along), draw.randint(1, across)
    return x + draw.randint(0, along - inner), y + draw.randint(0, across - narrow), inner, narrow


def _as_cargo(draw: Random, boxes: list[Stood]) -> tuple[tuple[Cargo, ...], tuple[Placement, ...]]:
    """A unit for each box, its edges named so that the rotation drawn makes it stand as it does."""
    cargo, placements = [], []
    for number, box in enumerate(boxes):
        rotation = draw.choice(ANY_WAY)
        edge = dict(zip(rotation.value, (box.along, box.across, box.up), strict=True))
        others = [way for way in ANY_WAY if draw.random() < 0.5 and way is not rotation]
        unit = Unit(
            id=f"unit-{number}",
            length_mm=edge["l"],
            width_mm=edge["w"],
            height_mm=edge["h"],
            weight_g=box.weight_g,
            rotations=(rotation, *others),
            on_top=draw.choice(list(OnTop)) if box.top else OnTop.ANYTHING,
            bearing_max_g=draw.choice([None, box.above_g, box.above_g + 10]),
            floor_only=box.level == 0 and draw.random() < 0.3,
        )
        order = f"stop-{box.stop}"
        cargo.append(Cargo(order=order, unit=unit, to_stop=box.stop))
        placements.append(
            Placement(order=order, unit=unit.id, number=1, x_mm=box.x, y_mm=box.y, z_mm=box.z, rotation=rotation)
        )
    return tuple(cargo), tuple(placements)


def _doors(draw: Random, stops: int) -> tuple[Door, ...]:
    """With several stops at least the rear door, as slabs are emptied from there."""
    if draw.random() < 0.2:
        return ()
    rear = (Door(),)
    return (*rear, Door(side=draw.choice([Side.LEFT, Side.RIGHT]))) if draw.random() < 0.3 else rear


def _chassis(draw: Random, boxes: list[Stood], length: int, stops: int) -> Chassis | None:
    """Axles that just bear what rests on them after each stop, added up one lever at a time."""
    kind = draw.choice(["none", "rigid", "articulated"])
    if kind == "none":
        return None
    front_mm, rear_mm = -draw.randint(0, 50), draw.randint(max(1, length // 2), length + 20)
    kingpin_mm = draw.randint(1, 9) if kind == "articulated" else front_mm
    before_mm, behind_mm = kingpin_mm - 30, kingpin_mm + draw.randint(0, 5)
    loads: list[list[Fraction]] = []
    for stop in range(stops + 1):
        aboard = [box for box in boxes if box.stop > stop]
        back = sum(
            (box.weight_g * Fraction(2 * box.x + box.along - 2 * kingpin_mm, 2 * (rear_mm - kingpin_mm)))
            for box in aboard
        )
        ahead = sum(box.weight_g for box in aboard) - back
        if kind == "rigid":
            loads.append([Fraction(ahead), Fraction(back)])
        else:
            driven = ahead * Fraction(kingpin_mm - before_mm, behind_mm - before_mm)
            loads.append([ahead - driven, driven, Fraction(back)])
    tare = draw.randint(100_000, 200_000)
    places = [front_mm, rear_mm] if kind == "rigid" else [before_mm, behind_mm, rear_mm]
    axles = []
    for name, at_mm, column in zip("abc", places, zip(*loads, strict=True), strict=False):
        low, high = tare + min(column), tare + max(column)
        slack = draw.choice([0, 5])
        axles.append(
            Axle(id=name, at_mm=at_mm, tare_g=tare, max_g=-(-high // 1) + slack, min_g=max(0, low // 1 - slack))
        )
    return Chassis(axles=tuple(axles), kingpin_mm=kingpin_mm if kind == "articulated" else None)


def upright(*edges_mm: int, **more: object) -> Unit:
    """A box that stands as it is given: length, width, height."""
    length, width, height = edges_mm
    return Unit(length_mm=length, width_mm=width, height_mm=height, rotations=(Rotation.LWH,), **{"id": "box", **more})  # type: ignore[arg-type]
