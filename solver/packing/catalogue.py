"""
Common containers, vehicles and pallets, without prices: inner sizes, payloads, doors.

Sizes differ between makers by some centimetres; these are typical and meant as a start. A payload is what may be
loaded: for ISO containers the maximum gross mass of 30,480 kg (26,000 kg and less on many roads) less the tare, for
road vehicles the permissible mass less a usual kerb mass with driver.

Sources: ISO 668:2020 and ISO 1496-1 (least inner sizes and door openings of freight containers; lengths and heights
here are those usually built, as in carriers' equipment guides), Directive 96/53/EC (largest road vehicles),
EN 13698-1 (pallet 800 x 1200) and ISO 6780 (pallet sizes), makers' data sheets for vans (L2H2 and the like).
"""

from collections.abc import Mapping
from types import MappingProxyType

from solver.goods import Door, Hold, Side, Unit
from solver.loads import Container


def _hold(length_mm: int, width_mm: int, height_mm: int, weight_max_g: int, *more: Door) -> Hold:
    return Hold(
        length_mm=length_mm,
        width_mm=width_mm,
        height_mm=height_mm,
        weight_max_g=weight_max_g,
        doors=(Door(), *more),
    )


HOLDS: Mapping[str, Hold] = MappingProxyType(
    {
        "20ft": _hold(5_898, 2_352, 2_393, 28_200_000),
        "40ft": _hold(12_032, 2_352, 2_393, 26_700_000),
        "40ft_high_cube": _hold(12_032, 2_352, 2_698, 26_500_000),
        "45ft_high_cube": _hold(13_556, 2_352, 2_698, 27_700_000),
        "45ft_pallet_wide": _hold(13_542, 2_444, 2_698, 27_700_000),
        "20ft_reefer": _hold(5_444, 2_268, 2_272, 27_400_000),
        "40ft_high_cube_reefer": _hold(11_583, 2_294, 2_544, 29_500_000),
        "van_small": _hold(1_800, 1_500, 1_200, 700_000, Door(side=Side.RIGHT, from_mm=0, to_mm=700)),
        "van_medium": _hold(2_550, 1_660, 1_390, 1_000_000, Door(side=Side.RIGHT, from_mm=0, to_mm=1_000)),
        "van_large": _hold(3_700, 1_780, 1_950, 1_200_000, Door(side=Side.RIGHT, from_mm=0, to_mm=1_300)),
        "van_box_3_5t": _hold(4_200, 2_050, 2_100, 950_000),
        "truck_light_vn_2t": _hold(4_300, 1_800, 1_800, 1_990_000),
        "truck_7_5t": _hold(6_100, 2_450, 2_350, 2_700_000),
        "truck_12t": _hold(7_200, 2_450, 2_400, 5_500_000),
        "truck_18t": _hold(7_700, 2_480, 2_600, 9_000_000),
        "semitrailer_curtain": _hold(13_620, 2_480, 2_700, 24_000_000),
        "semitrailer_mega": _hold(13_620, 2_480, 3_000, 24_000_000),
        "semitrailer_reefer": _hold(13_310, 2_470, 2_600, 22_500_000),
        "swap_body_7_45": _hold(7_300, 2_440, 2_500, 13_000_000),
        "carton_small": Hold(length_mm=300, width_mm=200, height_mm=150, weight_max_g=10_000, doors=()),
        "carton_medium": Hold(length_mm=400, width_mm=300, height_mm=300, weight_max_g=20_000, doors=()),
        "carton_large": Hold(length_mm=600, width_mm=400, height_mm=400, weight_max_g=30_000, doors=()),
        "pallet_eur": Hold(length_mm=1_200, width_mm=800, height_mm=1_656, weight_max_g=1_500_000, doors=()),
        "pallet_iso": Hold(length_mm=1_200, width_mm=1_000, height_mm=1_656, weight_max_g=1_500_000, doors=()),
    }
)
"""
By name. Cartons are by inner size; pallets are the space on top of one (144 mm high), for 1.80 m in all.

The 45-foot pallet-wide container takes two EUR pallets side by side lengthwise; an ISO container does not.
"""

PALLETS: Mapping[str, Unit] = MappingProxyType(
    {
        name: Unit(
            id=name,
            length_mm=length_mm,
            width_mm=width_mm,
            height_mm=1_800,
            weight_g=weight_g,
            floor_only=True,
        )
        for name, length_mm, width_mm, weight_g in (
            ("pallet_eur", 1_200, 800, 500_000),
            ("pallet_eur_half", 800, 600, 250_000),
            ("pallet_iso", 1_200, 1_000, 600_000),
            ("pallet_1140", 1_140, 1_140, 600_000),
            ("pallet_1100", 1_100, 1_100, 600_000),
        )
    }
)
"""Loaded pallets as units: EN 13698-1, its half, and those of ISO 6780 (1100 x 1100 is usual in Asia)."""


def container(name: str, cost_milli: int, count: int | None = None) -> Container:
    """
    One of ``HOLDS`` at a price.

    Raises
    ------
    KeyError
        When there is none of this name.
    """
    return Container(id=name, hold=HOLDS[name], cost_milli=cost_milli, count=count)
