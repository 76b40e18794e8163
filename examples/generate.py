"""
Writes the example cluster: one day of fifteen invented fashion businesses in Ho Chi Minh City.

    python examples/generate.py [FOLDER]

``hcmc_fashion.json`` describes the cluster in the platform's words (money in minor units, clock times in the cluster's
zone); ``day.json`` is the same day as the solver's question; ``small.json`` is a smaller day of five of the members.
The same seed gives the same bytes.
"""

import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from city import DISTRICTS, MEMBERS, SHOP_KINDS, SHOP_WORDS, District, Member
from trade import DAY, GOODS, HUB, UNITS, VEHICLE_TYPES, WINDOWS

SEED = 20
SMALL_MEMBERS = ("lotus-thread", "monsoon-knit", "paper-kite-kids", "silk-ferry", "lime-and-loom")
SMALL_SHIPMENTS = 10
CONSIGNEES = 118
METRES_A_DEGREE = 111_195
MILLI = 1000

Json = dict[str, Any]


@dataclass(frozen=True)
class Spot:
    """A place with an address and the hours in which it takes goods."""

    id: str
    name: str
    address: str
    lat: float
    lon: float
    window: tuple[str, str]

    def stop(self, window: tuple[str, str], service_s: int) -> Json:
        """The pickup or delivery part of a shipment."""
        return {
            "name": self.name,
            "address_line1": self.address,
            "lat": self.lat,
            "lon": self.lon,
            "window_start": window[0],
            "window_end": window[1],
            "service_s": service_s,
        }


def pick(random: Random, weights: dict[Any, int]) -> Any:
    """One key, as often as its weight says."""
    return random.choices(list(weights), weights=list(weights.values()))[0]


def spot(random: Random, district: District, id_: str, name: str, window: tuple[str, str]) -> Spot:
    """A place spread evenly over a district's circle; five digits of a degree are about a metre."""
    radius_m = district.radius_m * math.sqrt(random.random())
    angle = 2 * math.pi * random.random()
    lat = district.lat + radius_m * math.sin(angle) / METRES_A_DEGREE
    lon = district.lon + radius_m * math.cos(angle) / (METRES_A_DEGREE * math.cos(math.radians(district.lat)))
    address = f"{random.randint(3, 480)} {random.choice(district.streets)}, {district.name}"
    return Spot(id_, name, address, round(lat, 5), round(lon, 5), window)


def consignees(random: Random) -> list[Spot]:
    """Shops all over the city; popular ones receive from several members, which is what makes pooling worth while."""
    weights = {district: district.weight for district in DISTRICTS}
    names = [f"{kind} {words}" for words in SHOP_WORDS for kind in SHOP_KINDS]
    random.shuffle(names)
    return [
        spot(random, pick(random, weights), f"shop-{number + 1:03}", names[number], pick(random, WINDOWS))
        for number in range(CONSIGNEES)
    ]


def workshops(random: Random) -> dict[str, Spot]:
    """Each member's own site, by member code."""
    by_code = {district.code: district for district in DISTRICTS}
    return {
        member.code: spot(random, by_code[member.district], member.code, f"{member.name} workshop", DAY)
        for member in MEMBERS
    }


def handling_units(random: Random, goods: str) -> list[Json]:
    """One or two lines of equal units."""
    shares = dict(GOODS[goods])
    lines = []
    for _ in range(1 if random.random() < 0.75 else 2):
        unit = UNITS[pick(random, shares)]
        shares = {name: share for name, share in shares.items() if name != "pallet"}
        lines.append(
            {
                "kind": unit.kind,
                "count": random.randint(1, unit.count_max),
                "weight_g": round(unit.weight_g * random.uniform(0.75, 1.25) / 50) * 50,
                "length_mm": unit.length_mm,
                "width_mm": unit.width_mm,
                "height_mm": unit.height_mm,
            }
        )
    return lines


def load_of(units: list[Json]) -> dict[str, int]:
    """Load vector of handling units; a pallet takes a pallet place."""
    return {
        "weight_g": sum(unit["count"] * unit["weight_g"] for unit in units),
        "volume_cm3": sum(
            unit["count"] * unit["length_mm"] * unit["width_mm"] * unit["height_mm"] // 1000 for unit in units
        ),
        "pallet_places": sum(unit["count"] for unit in units if unit["kind"] == "pallet"),
    }


def service_s_of(load: dict[str, int]) -> int:
    """Four minutes at the door, more for bulk, twelve at most."""
    return 60 * min(12, 4 + load["volume_cm3"] // 250_000)


def parcel_price_minor(load: dict[str, int]) -> int:
    """A parcel carrier's list price: a base and a rate a kilogram, actual or dimensional (5,000 cm3 a kilogram)."""
    billed_kg = math.ceil(max(load["weight_g"] / 1000, load["volume_cm3"] / 5_000))
    return 12_500 + 3_000 * billed_kg


def shipment(random: Random, member: Member, number: int, own: Spot, shops: list[Spot]) -> tuple[Json, Json]:
    """One booking in the platform's words, and the ids of its places (``from``, ``to``; None for the hub)."""
    service = pick(random, {"delivery": 82, "collection": 9, "transport": 9})
    units = handling_units(random, member.goods)
    load = load_of(units)
    service_s = service_s_of(load)
    # Squaring favours the first shops of the list: the popular ones.
    shop = shops[int(len(shops) * random.random() ** 1.4)]
    ready = pick(random, {("08:00", "12:00"): 2, DAY: 3, ("13:00", "17:00"): 1})
    optional = not load["pallet_places"] and load["weight_g"] <= 20_000 and random.random() < 0.21
    booking = {
        "member": member.code,
        "client_ref": f"{member.prefix}-{number:03}",
        "service": service,
        "pickup": None if service == "delivery" else own.stop(DAY if service == "transport" else ready, service_s),
        "delivery": None if service == "collection" else shop.stop(shop.window, service_s),
        "handling_units": units,
        "outside_minor": parcel_price_minor(load) if optional else None,
    }
    ends = {"from": None if service == "delivery" else own.id, "to": None if service == "collection" else shop.id}
    return booking, ends


def seconds(clock: str) -> int:
    """``HH:MM`` as seconds since midnight."""
    hours, minutes = clock.split(":")
    return 3600 * int(hours) + 60 * int(minutes)


def visit(stop: Json | None, place: str | None) -> Json | None:
    """A solver's visit; windows count from midnight of the service day."""
    if stop is None:
        return None
    window = [seconds(stop["window_start"]), seconds(stop["window_end"])]
    return {"place": place, "windows": [window], "service_s": stop["service_s"]}


def problem(spots: list[Spot], bookings: list[tuple[Json, Json]]) -> Json:
    """The day as the solver's question: money in thousandths of a dong, times in seconds from midnight."""
    used = {place for _, ends in bookings for place in ends.values()}
    places: list[Json] = [{"id": "hub", "name": HUB["name"], "lat": HUB["lat"], "lon": HUB["lon"]}]
    places += [{"id": s.id, "name": s.name, "lat": s.lat, "lon": s.lon} for s in spots if s.id in used]
    orders = [
        {
            "id": booking["client_ref"],
            "owner": booking["member"],
            "pickup": visit(booking["pickup"], ends["from"]),
            "delivery": visit(booking["delivery"], ends["to"]),
            "hub": None if booking["service"] == "transport" else "hub",
            "load": load_of(booking["handling_units"]),
            "outside_milli": None if booking["outside_minor"] is None else booking["outside_minor"] * MILLI,
        }
        for booking, ends in bookings
    ]
    return {
        "currency": "VND",
        "places": places,
        "profiles": [{"id": v["profile"], "speed_kmh": v["speed_kmh"]} for v in VEHICLE_TYPES],
        "vehicle_types": [vehicle_type(v) for v in VEHICLE_TYPES],
        "orders": orders,
        "version": 1,
    }


def vehicle_type(v: Json) -> Json:
    """A tariff in the solver's words."""
    prices = {f"{name}_milli": v[f"{name}_minor"] * MILLI for name in ("fixed", "km", "hour", "stop")}
    shift = [seconds(v["shift_start"]), seconds(v["shift_end"])]
    same = {key: v[key] for key in ("start", "end", "profile", "capacity", "count", "skills")}
    return {"id": v["code"], **same, "shift": shift, **prices}


def cluster(own: dict[str, Spot], bookings: list[tuple[Json, Json]]) -> Json:
    """The cluster in the platform's words."""
    members = [
        {
            "code": member.code,
            "name": member.name,
            "site": {
                "name": own[member.code].name,
                "address_line1": own[member.code].address,
                "lat": own[member.code].lat,
                "lon": own[member.code].lon,
            },
        }
        for member in MEMBERS
    ]
    return {
        "cluster": {
            "name": "Saigon Fashion Cluster",
            "country": "VN",
            "currency": "VND",
            "time_zone": "Asia/Ho_Chi_Minh",
        },
        "pool_window": {"name": "Next day", "service_day_offset": 1, "opens": "06:00", "cut_off": "20:00"},
        "hub": HUB,
        "members": members,
        "vehicle_types": list(VEHICLE_TYPES),
        "shipments": [booking for booking, _ in bookings],
    }


def documents() -> dict[str, Json]:
    """Every generated file by name."""
    random = Random(SEED)  # noqa: S311  # an example needs repeatable numbers, not secrets
    shops, own = consignees(random), workshops(random)
    bookings = [
        shipment(random, member, number + 1, own[member.code], shops)
        for member in MEMBERS
        for number in range(member.shipments)
    ]
    small = [
        shipment(random, member, number + 1, own[member.code], shops)
        for member in MEMBERS
        if member.code in SMALL_MEMBERS
        for number in range(SMALL_SHIPMENTS)
    ]
    spots = [*own.values(), *shops]
    return {
        "hcmc_fashion.json": cluster(own, bookings),
        "day.json": problem(spots, bookings),
        "small.json": problem(spots, small),
    }


def text_of(document: Json) -> str:
    """JSON with one list entry a line: a change of one shipment is a change of one line."""
    parts = []
    for key, value in document.items():
        if isinstance(value, list):
            lines = ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in value)
            parts.append(f'"{key}": [\n{lines}\n ]')
        else:
            parts.append(f'"{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n " + ",\n ".join(parts) + "\n}\n"


def main() -> None:
    """Write the files beside this script, or into the folder named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for name, document in documents().items():
        (folder / name).write_text(text_of(document), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
