"""What fashion businesses ship, when shops take it, and what the vehicles cost: the example's habits and tariffs."""

from typing import Any, NamedTuple

DAY = ("08:00", "18:00")


class Unit(NamedTuple):
    """A kind of handling unit; ``weight_g`` is typical, the real one varies by a quarter."""

    kind: str
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    count_max: int


UNITS = {
    "small": Unit("box", 500, 300, 200, 100, 5),
    "medium": Unit("box", 2_500, 400, 300, 200, 5),
    "large": Unit("box", 9_000, 600, 400, 400, 5),
    "rack": Unit("rack", 15_000, 600, 500, 400, 5),
    "pallet": Unit("pallet", 165_000, 1_200, 1_000, 1_250, 4),
}
GOODS = {
    "parcels": {"small": 75, "medium": 25},
    "garments": {"small": 35, "medium": 47, "large": 15, "pallet": 3},
    "racks": {"small": 20, "medium": 40, "large": 10, "rack": 30},
    "bulk": {"medium": 30, "large": 42, "pallet": 28},
}
WINDOWS = {
    ("08:00", "10:00"): 8,
    ("09:00", "11:00"): 12,
    ("09:00", "12:00"): 16,
    ("10:00", "13:00"): 10,
    ("13:00", "15:00"): 8,
    ("13:00", "16:00"): 14,
    ("14:00", "17:00"): 8,
    ("13:30", "17:30"): 8,
    DAY: 16,
}
# A 950 kg van counts as a car in the city's truck hours (06-09 and 16-20); the 2.5-tonne truck drives between them.
VEHICLE_TYPES: tuple[dict[str, Any], ...] = (
    {
        "code": "motorbike",
        "name": "Motorbike with box",
        "profile": "motorbike",
        "capacity": {"weight_g": 60_000, "volume_cm3": 250_000, "pallet_places": 0},
        "fixed_minor": 20_000,
        "km_minor": 4_800,
        "hour_minor": 30_000,
        "stop_minor": 3_000,
        "count": None,
        "start": "hub",
        "end": "hub",
        "shift_start": "07:00",
        "shift_end": "19:00",
        "speed_kmh": 26,
        "skills": [],
    },
    {
        "code": "van",
        "name": "Van, 950 kg",
        "profile": "van",
        "capacity": {"weight_g": 950_000, "volume_cm3": 6_000_000, "pallet_places": 2},
        "fixed_minor": 350_000,
        "km_minor": 9_000,
        "hour_minor": 60_000,
        "stop_minor": 5_000,
        "count": None,
        "start": "hub",
        "end": "hub",
        "shift_start": "06:30",
        "shift_end": "19:00",
        "speed_kmh": 22,
        "skills": [],
    },
    {
        "code": "truck",
        "name": "Truck, 2.5 tonnes",
        "profile": "truck",
        "capacity": {"weight_g": 2_500_000, "volume_cm3": 14_000_000, "pallet_places": 6},
        "fixed_minor": 700_000,
        "km_minor": 14_000,
        "hour_minor": 80_000,
        "stop_minor": 8_000,
        "count": None,
        "start": "hub",
        "end": "hub",
        "shift_start": "09:00",
        "shift_end": "16:00",
        "speed_kmh": 20,
        "skills": [],
    },
)
HUB: dict[str, Any] = {
    "name": "Tân Bình shared hub",
    "address": "Trường Chinh, Tân Bình",
    "lat": 10.8012,
    "lon": 106.6378,
}
