"""
Writes ``space.json``: warehouse space that a fashion cluster shares for sixty days, and who would like some of it.

    python examples/spaces.py [FOLDER]

The same seed gives the same bytes.
"""

import sys
from pathlib import Path
from random import Random
from typing import Any

from city import MEMBERS
from generate import text_of

SEED = 22
MILLI = 1000
DAYS = 60
BOOKINGS = 60
Json = dict[str, Any]

OFFERS = (
    ("hub hall", "hub", "", "ambient", {"pallet_places": 60, "floor_dm2": 20_000}, (0, 59), 9_000),
    ("hub climate room", "hub", "", "dehumidified", {"pallet_places": 16, "floor_dm2": 4_000}, (0, 59), 16_000),
    ("workshop yard", "binh-tan", "silk-ferry", "ambient", {"pallet_places": 24, "floor_dm2": 9_000}, (10, 45), 6_000),
)
"""Id, site, owner, class, capacity, days, dong a pallet place and day."""
FABRICS = {"cotton": ("ambient", "dehumidified"), "garments": ("ambient",), "silk": ("dehumidified",)}
FLOOR_DM2 = {"cotton": 150, "garments": 120, "silk": 130}
"""Floor of one pallet place with its gangway."""


def offer(id_: str, site: str, owner: str, kind: str, capacity: Json, days: tuple[int, int], price: int) -> Json:
    """One offer; the yard takes nobody for less than three days."""
    return {
        "id": id_,
        "site": site,
        "owner": owner,
        "temperature": kind,
        "capacity": capacity,
        "first_day": days[0],
        "last_day": days[1],
        "day_milli": {"pallet_places": price * MILLI},
        "days_min": 3 if owner else 1,
    }


def booking(random: Random, number: int) -> Json:
    """Goods of one member that wait for a season, some anywhere, some with no choice of the day."""
    fabric = random.choices(list(FABRICS), [3, 5, 2])[0]
    places, days = random.randrange(1, 9), random.choice([5, 7, 10, 14, 21, 28])
    earliest = random.randrange(0, DAYS - days - 7)
    return {
        "id": f"{fabric} {number}",
        "owner": random.choice(MEMBERS).code,
        "need": {"pallet_places": places, "floor_dm2": places * FLOOR_DM2[fabric]},
        "temperatures": list(FABRICS[fabric]),
        "sites": random.choice([[], ["hub"]]),
        "earliest_day": earliest,
        "latest_day": earliest + random.choice([0, 0, 3, 7]),
        "days": days,
        "value_milli": places * days * random.randrange(14, 40) * 1000 * MILLI,
        "outside_milli": places * days * 5_000 * MILLI,
        "mandatory": number == 0,
        "priority": int(fabric == "silk"),
        "move_milli": 200_000 * MILLI,
    }


def document() -> Json:
    """The question, as ``cluster schema space`` describes it."""
    random = Random(SEED)  # noqa: S311  # an example needs repeatable numbers, not secrets
    bookings = [booking(random, number) for number in range(BOOKINGS)]
    offers = [offer(*entry) for entry in OFFERS]
    return {"currency": "VND", "offers": offers, "bookings": bookings, "priority_factor": 2, "version": 1}


def main() -> None:
    """Write the file beside this script, or into the folder named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    (folder / "space.json").write_text(text_of(document()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
