"""
Writes ``loads.json``: a morning's rounds with furniture and cartons that must stand in the vehicles.

    python examples/rounds.py [FOLDER]

The vehicles are those of ``loads.py``, with what a kilometre and an hour cost. The same seed gives the same bytes.
"""

import sys
from pathlib import Path
from random import Random
from typing import Any

from city import DISTRICTS
from generate import text_of
from loads import CARTONS, FURNITURE, MILLI, VEHICLES, carton, piece
from trade import HUB

SEED = 22
SHOPS = 18
KM = {"van 950 kg": 9_000, "truck 1.5 t": 11_000, "truck 2.5 t": 14_000}
"""Dong a kilometre."""
HOUR = 60_000
OPEN_S, NOON_S, CLOSE_S = 8 * 3600, 12 * 3600, 17 * 3600
MEMBERS = ("lotus-thread", "monsoon-knit", "paper-kite-kids", "silk-ferry")
Json = dict[str, Any]


def vehicle_types() -> list[Json]:
    """Any number can be hired; the larger truck has a door in its right wall too."""
    kinds = []
    for kind in VEHICLES:
        hold = kind["hold"]
        if kind["id"] == "truck 2.5 t":
            hold = {**hold, "doors": [{"side": "rear"}, {"side": "right", "from_mm": 2_000}]}
        kinds.append(
            {
                "id": kind["id"],
                "start": "hub",
                "end": "hub",
                "capacity": {"weight_g": hold["weight_max_g"]},
                "fixed_milli": kind["cost_milli"],
                "km_milli": KM[kind["id"]] * MILLI,
                "hour_milli": HOUR * MILLI,
                "profile": "truck",
                "shift": [OPEN_S - 1800, CLOSE_S + 1800],
                "hold": hold,
            }
        )
    return kinds


def place(number: int, random: Random) -> Json:
    """A shop in one of the districts, some 200 m around its centre."""
    district = random.choice(DISTRICTS)
    lat, lon = (round(value + random.uniform(-0.002, 0.002), 5) for value in (district.lat, district.lon))
    return {"id": f"shop-{number:02}", "name": f"Shop {number}, {district.name}", "lat": lat, "lon": lon}


def order(number: int, random: Random) -> Json:
    """Cartons of one kind and a piece of furniture or two; every ninth shop sends something back to the hub."""
    units = [carton(random.choice(sorted(CARTONS)), random.randrange(2, 8))]
    units += [piece(name, 1) for name in sorted(random.sample(sorted(FURNITURE), random.randrange(1, 3)))]
    opens, closes = random.choice([(OPEN_S, NOON_S), (OPEN_S, CLOSE_S), (NOON_S, CLOSE_S)])
    visit = {
        "place": f"shop-{number:02}",
        "windows": [[opens, closes]],
        "service_s": 300 + 30 * sum(unit["quantity"] for unit in units),
    }
    return {
        "id": f"S-{number:02}",
        "owner": random.choice(MEMBERS),
        "pickup" if number % 9 == 0 else "delivery": visit,
        "load": {"weight_g": sum(unit["quantity"] * unit["weight_g"] for unit in units)},
        "units": units,
    }


def document() -> Json:
    """The question, as ``cluster schema problem`` describes it."""
    random = Random(SEED)  # noqa: S311  # an example needs repeatable numbers, not secrets
    hub = {"id": "hub", **{key: HUB[key] for key in ("name", "lat", "lon")}}
    numbers = range(1, SHOPS + 1)
    return {
        "currency": "VND",
        "places": [hub, *(place(number, random) for number in numbers)],
        "profiles": [{"id": "truck", "speed_kmh": 21}],
        "vehicle_types": vehicle_types(),
        "orders": [order(number, random) for number in numbers],
        "version": 1,
    }


def main() -> None:
    """Write the file beside this script, or into the folder named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    (folder / "loads.json").write_text(text_of(document()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
