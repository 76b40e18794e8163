"""Random loads with everything that a load may ask for, from a seed."""

from random import Random

from solver.goods import ANY_WAY, UPRIGHT, Axle, Chassis, Door, Hold, OnTop, Rotation, Side, Unit
from solver.loads import Cargo, Load

TOPS = (OnTop.ANYTHING, OnTop.ANYTHING, OnTop.ANYTHING, OnTop.FRAGILE, OnTop.NOTHING)
WAYS = (UPRIGHT, UPRIGHT, ANY_WAY, (Rotation.LWH,))
DOORS = (
    (Door(),),
    (Door(),),
    (),
    (Door(side=Side.LEFT),),
    (Door(), Door(side=Side.RIGHT, from_mm=300, to_mm=1400)),
    (Door(side=Side.LEFT, from_mm=0, to_mm=1000), Door(side=Side.RIGHT, from_mm=800)),
)
RIGID = Chassis(
    axles=(
        Axle(id="front", at_mm=-500, tare_g=300_000, max_g=420_000),
        Axle(id="rear", at_mm=1200, tare_g=250_000, max_g=420_000, min_g=255_000),
    )
)
ARTICULATED = Chassis(
    axles=(
        Axle(id="steer", at_mm=-900, tare_g=300_000, max_g=360_000, min_g=200_000),
        Axle(id="drive", at_mm=200, tare_g=200_000, max_g=330_000),
        Axle(id="trailer", at_mm=1500, tare_g=200_000, max_g=330_000),
    ),
    kingpin_mm=100,
)


def stay(random: Random, kind: str) -> tuple[int, int]:
    """When a unit is on board: deliveries from 0, collections until the end, transports anywhere."""
    if kind == "deliveries":
        return 0, random.randint(1, 4)
    if kind == "collections":
        return random.randint(0, 3), 4
    since = random.randint(0, 3)
    return since, random.randint(since + 1, 4)


def random_load(seed: int, units: int = 14) -> Load:
    """A load of up to so many units; about half of those with this seed fit."""
    random = Random(seed)
    kind = random.choice(("deliveries", "deliveries", "collections", "transports"))
    scale = random.choice((1, 1, 1, 2))
    cargo = []
    for number in range(random.randint(2, max(2, units // scale))):
        length_mm, width_mm, height_mm = (random.randrange(150, 620, 10) * scale for _ in range(3))
        unit = Unit(
            id="u",
            length_mm=length_mm,
            width_mm=width_mm,
            height_mm=height_mm,
            weight_g=random.randint(0, 30_000),
            quantity=random.choice((1, 1, 1, 2)),
            rotations=random.choice(WAYS),
            on_top=random.choice(TOPS),
            bearing_max_g=random.choice((None, None, None, 0, 10_000, 40_000)),
            floor_only=random.random() < 0.1,
        )
        since, until = stay(random, kind)
        cargo.append(Cargo(order=f"o{number}", unit=unit, from_stop=since, to_stop=until))
    hold = Hold(
        length_mm=1800,
        width_mm=1000,
        height_mm=1000,
        weight_max_g=random.choice((None, None, 250_000)),
        doors=random.choice(DOORS),
        chassis=random.choice((None, None, RIGID, ARTICULATED)),
        support_percent=random.choice((75, 75, 100, 60, 0)),
    )
    return Load(hold=hold, cargo=tuple(cargo))
