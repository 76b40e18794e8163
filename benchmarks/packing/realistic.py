"""Loads as a cluster of small firms has them: parcels, furniture and long goods, more offered than fits."""

import random

from solver.goods import ANY_WAY, UPRIGHT, Axle, Chassis, Hold, OnTop, Rotation, Unit

LYING = (Rotation.LWH, Rotation.WLH, Rotation.LHW, Rotation.HLW)
"""Long goods lie, on whichever side."""
OFFERED = 3.5
"""Volume offered, in volumes of the hold."""

HOLDS = {
    "van": Hold(length_mm=4200, width_mm=2000, height_mm=2000, weight_max_g=1_200_000),
    "truck": Hold(
        length_mm=7200,
        width_mm=2450,
        height_mm=2400,
        weight_max_g=5_500_000,
        chassis=Chassis(
            axles=(
                Axle(id="front", at_mm=-1300, tare_g=2_900_000, max_g=5_000_000, min_g=2_000_000),
                Axle(id="rear", at_mm=4100, tare_g=3_300_000, max_g=8_000_000),
            )
        ),
    ),
    "container": Hold(length_mm=12030, width_mm=2350, height_mm=2690, weight_max_g=26_500_000),
}
"""A 3.5 t van, a 12 t truck with its axles, a 40' high cube."""


def realistic(
    kind: str, types: int, seed: int, *, limits: bool = False, fragile: bool = False
) -> tuple[Hold, tuple[Unit, ...]]:
    """
    A hold and what is offered for it, about three and a half times its volume; the same seed gives the same load.

    Parameters
    ----------
    kind
        ``van``, ``truck`` or ``container``: a key of ``HOLDS``.
    types
        How many kinds of units, 20 to 60 in practice.
    limits
        With the vehicle's payload and axles; otherwise volume alone binds.
    fragile
        One kind in six bears nothing or only fragile goods, one in six bears a bounded weight.

    Raises
    ------
    KeyError
        No such kind.
    """
    hold = HOLDS[kind]
    if not limits:
        hold = Hold(length_mm=hold.length_mm, width_mm=hold.width_mm, height_mm=hold.height_mm)
    draw = random.Random(f"{kind}/{types}/{seed}")
    shapes = [_shape(draw, hold) for _ in range(types)]
    share = [draw.uniform(0.3, 1.7) for _ in shapes]
    volume = OFFERED * hold.length_mm * hold.width_mm * hold.height_mm / sum(share)
    units = []
    for number, (edges, rotations, density) in enumerate(shapes):
        mm3 = edges[0] * edges[1] * edges[2]
        kilograms = max(1, round(mm3 / 1e9 * density))
        rules = _rules(draw, kilograms * 1000) if fragile else {}
        units.append(
            Unit(
                id=f"k{number + 1}",
                length_mm=edges[0],
                width_mm=edges[1],
                height_mm=edges[2],
                weight_g=kilograms * 1000,
                quantity=max(1, round(volume * share[number] / mm3)),
                rotations=rotations,
                **rules,
            )
        )
    return hold, tuple(units)


def _shape(draw: random.Random, hold: Hold) -> tuple[tuple[int, int, int], tuple[Rotation, ...], float]:
    """Edges in mm, whole centimetres; the ways it may stand; kg a cubic metre."""
    fate = draw.random()
    if fate < 0.6:
        edges = (draw.randint(40, 80) * 10, draw.randint(30, 60) * 10, draw.randint(25, 60) * 10)
        return edges, ANY_WAY if draw.random() < 0.5 else UPRIGHT, draw.uniform(60, 250)
    if fate < 0.85:
        tall = min(200, hold.height_mm // 10)
        edges = (draw.randint(60, 160) * 10, draw.randint(45, 90) * 10, draw.randint(50, tall) * 10)
        return edges, UPRIGHT, draw.uniform(50, 150)
    edges = (draw.randint(180, 300) * 10, draw.randint(15, 40) * 10, draw.randint(12, 35) * 10)
    return edges, LYING, draw.uniform(150, 450)


def _rules(draw: random.Random, weight_g: int) -> dict[str, OnTop | int]:
    fate = draw.randrange(6)
    if fate == 0:
        return {"on_top": draw.choice((OnTop.NOTHING, OnTop.FRAGILE))}
    if fate == 1:
        return {"bearing_max_g": draw.randint(1, 6) * weight_g}
    return {}
