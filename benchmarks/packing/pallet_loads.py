"""Pallet loads for the benchmark: a semi-trailer or a rigid truck, up to 33 pallets, stops, axles; fixed seeds."""

import random

from solver.goods import Axle, Chassis, Door, Hold, OnTop, Side, Unit
from solver.loads import Cargo, Load

SEMI_TRAILER = Hold(
    length_mm=13_600,
    width_mm=2_480,
    height_mm=2_700,
    weight_max_g=24_500_000,
    chassis=Chassis(
        axles=(
            Axle(id="steer", at_mm=-1_700, tare_g=5_200_000, max_g=8_000_000, min_g=4_500_000),
            Axle(id="drive", at_mm=2_000, tare_g=4_600_000, max_g=11_500_000, min_g=2_500_000),
            Axle(id="tridem", at_mm=9_100, tare_g=4_800_000, max_g=24_000_000),
        ),
        kingpin_mm=1_400,
    ),
)
"""Tractor with two axles, trailer with three as one group: limits of Directive 96/53/EC, tare of usual vehicles."""
RIGID_TRUCK = Hold(
    length_mm=7_200,
    width_mm=2_480,
    height_mm=2_500,
    weight_max_g=9_000_000,
    chassis=Chassis(
        axles=(
            Axle(id="front", at_mm=-1_000, tare_g=4_600_000, max_g=7_100_000, min_g=3_600_000),
            Axle(id="rear", at_mm=4_600, tare_g=4_200_000, max_g=11_500_000),
        )
    ),
)
CURTAIN_SIDED = Hold(
    length_mm=13_600,
    width_mm=2_480,
    height_mm=2_700,
    weight_max_g=24_500_000,
    doors=(Door(), Door(side=Side.LEFT), Door(side=Side.RIGHT)),
    chassis=SEMI_TRAILER.chassis,
)
SHAPES_MM = ((1_200, 800), (1_200, 1_000), (800, 600), (1_200, 1_200))


def pallet_load(
    seed: int, *, pallets: int = 26, stops: int = 4, hold: Hold = SEMI_TRAILER, mixed: bool = False, heavy: bool = False
) -> Load:
    """
    A load of EUR pallets (``mixed``: of four footprints, some of them stackable).

    Each of 150 to 900 kg (``heavy``: 600 to 1,200).

    Lines of one to six pallets of the same goods, each for one stop.
    """
    rng = random.Random(seed)
    least_g, most_g = (600_000, 1_200_000) if heavy else (150_000, 900_000)
    cargo: list[Cargo] = []
    left = pallets
    while left:
        number = len(cargo)
        quantity = min(left, rng.randint(1, 6))
        left -= quantity
        shape = rng.choice(SHAPES_MM) if mixed else SHAPES_MM[0]
        stackable = mixed and rng.random() < 0.3
        unit = Unit(
            id=f"pallet{number}",
            length_mm=shape[0],
            width_mm=shape[1],
            height_mm=rng.randrange(600, 1_250 if stackable else 2_200, 10),
            weight_g=rng.randrange(least_g, most_g, 1_000),
            quantity=quantity,
            on_top=OnTop.ANYTHING if stackable else OnTop.NOTHING,
            bearing_max_g=rng.choice((500_000, 1_000_000)) if stackable else None,
            floor_only=not stackable,
        )
        cargo.append(Cargo(order=f"order{number}", unit=unit, to_stop=rng.randint(1, stops)))
    return Load(hold=hold, cargo=tuple(cargo))
