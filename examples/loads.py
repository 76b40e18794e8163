"""
Writes ``pack.json``: cartons and furniture of a fashion cluster for three shops, and vans and trucks to choose from.

    python examples/loads.py [FOLDER]

The same seed gives the same bytes.
"""

import sys
from pathlib import Path
from random import Random
from typing import Any

from generate import text_of

SEED = 21
MILLI = 1000
Json = dict[str, Any]

CARTONS = {
    "carton 60x40x40": (600, 400, 400, 11_000, 45_000),
    "carton 40x30x30": (400, 300, 300, 5_500, 30_000),
    "shoe carton": (350, 250, 130, 1_400, 14_000),
}
"""Length, width, height in mm, weight and what it bears in g."""
FURNITURE: dict[str, Json] = {
    "garment rack": {"edges": (1_200, 600, 1_600), "weight_g": 38_000, "on_top": "nothing"},
    "mirror crate": {"edges": (900, 250, 1_700), "weight_g": 52_000, "on_top": "nothing"},
    "shop counter": {"edges": (1_500, 700, 1_000), "weight_g": 85_000, "bearing_max_g": 60_000},
    "mannequin": {"edges": (600, 450, 1_750), "weight_g": 16_000, "on_top": "fragile"},
    "sofa": {"edges": (1_850, 850, 800), "weight_g": 60_000, "on_top": "fragile"},
}
SHOPS = {
    1: ("lotus-thread", "monsoon-knit"),
    2: ("paper-kite-kids", "silk-ferry"),
    3: ("lime-and-loom", "copper-needle"),
}
"""Who sends to the shop at each stop; the first stop is unloaded first."""


def axle(name: str, at_mm: int, tare_kg: int, max_kg: int) -> Json:
    """An axle, and what rests on it when the hold is empty."""
    return {"id": name, "at_mm": at_mm, "tare_g": tare_kg * 1000, "max_g": max_kg * 1000}


def vehicle(name: str, edges: tuple[int, int, int], payload_kg: int, cost: int, axles: tuple[Json, ...]) -> Json:
    """A kind of vehicle at a price in dong; any number can be hired."""
    length_mm, width_mm, height_mm = edges
    hold = {
        "length_mm": length_mm,
        "width_mm": width_mm,
        "height_mm": height_mm,
        "weight_max_g": payload_kg * 1000,
        "doors": [{"side": "rear"}],
        "chassis": {"axles": list(axles)},
    }
    return {"id": name, "hold": hold, "cost_milli": cost * MILLI}


VEHICLES = (
    vehicle(
        "van 950 kg",
        (2_600, 1_500, 1_350),
        950,
        380_000,
        (axle("front", -900, 780, 1_250), axle("rear", 1_900, 520, 1_300)),
    ),
    vehicle(
        "truck 1.5 t",
        (3_400, 1_750, 1_850),
        1_500,
        560_000,
        (axle("front", -800, 1_150, 1_700), axle("rear", 2_000, 950, 2_600)),
    ),
    vehicle(
        "truck 2.5 t",
        (4_350, 1_900, 2_000),
        2_500,
        790_000,
        (axle("front", -750, 1_500, 2_300), axle("rear", 2_700, 1_300, 4_200)),
    ),
)


def carton(name: str, quantity: int) -> Json:
    """Cartons stand upright and bear what their board bears."""
    length_mm, width_mm, height_mm, weight_g, bearing_max_g = CARTONS[name]
    return {
        "id": name,
        "length_mm": length_mm,
        "width_mm": width_mm,
        "height_mm": height_mm,
        "weight_g": weight_g,
        "quantity": quantity,
        "bearing_max_g": bearing_max_g,
    }


def piece(name: str, quantity: int) -> Json:
    """Furniture keeps its feet down."""
    kind = FURNITURE[name]
    length_mm, width_mm, height_mm = kind["edges"]
    rules = {key: kind[key] for key in ("on_top", "bearing_max_g") if key in kind}
    facts = {"length_mm": length_mm, "width_mm": width_mm, "height_mm": height_mm, "weight_g": kind["weight_g"]}
    return {"id": name, **facts, "quantity": quantity, **rules}


def consignments(random: Random) -> list[Json]:
    """What every member sends: cartons of two kinds, and one or two kinds of furniture."""
    made = []
    for stop, members in SHOPS.items():
        for member in members:
            units = [carton(name, random.randrange(6, 15)) for name in sorted(random.sample(sorted(CARTONS), 2))]
            pieces = random.sample(sorted(FURNITURE), random.randrange(1, 3))
            units += [piece(name, random.randrange(1, 3)) for name in sorted(pieces)]
            made.append({"id": member, "units": units, "to_stop": stop})
    # A small order may also go as groupage when that is cheaper than a larger vehicle.
    made.append(
        {"id": "tiny-lantern", "units": [carton("shoe carton", 12)], "to_stop": 2, "groupage_milli": 95_000_000}
    )
    return made


def document() -> Json:
    """The question, as ``cluster schema pack`` describes it."""
    random = Random(SEED)  # noqa: S311  # an example needs repeatable numbers, not secrets
    return {"currency": "VND", "containers": list(VEHICLES), "consignments": consignments(random), "version": 1}


def main() -> None:
    """Write the file beside this script, or into the folder named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    (folder / "pack.json").write_text(text_of(document()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
