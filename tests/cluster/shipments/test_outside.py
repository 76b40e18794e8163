"""Outside options: a member's own tariffs, by hand and through the API."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.shipments.outside_models import (
    Facts,
    OutsideTariff,
    Surcharge,
    WeightBreak,
    When,
    Zone,
    chargeable_g,
    priced,
    zone_of,
)
from tests.cluster.api import World

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TARIFF: dict[str, Any] = {
    "code": "GHN",
    "name": "Our parcel carrier",
    "valid_from": "2020-01-01",
    "zones": [
        {
            "code": "city",
            "province_codes": ["79"],
            "breaks": [
                {"weight_max_g": 2_000, "base_minor": 20_000},
                {"base_minor": 20_000, "step_g": 500, "step_minor": 2_500},
            ],
        },
        {"code": "rest", "breaks": [{"base_minor": 35_000, "step_g": 1_000, "step_minor": 5_000}]},
    ],
    "minimum_minor": 22_000,
    "volumetric_cm3_per_kg": 5_000,
    "surcharges": [
        {"code": "fuel", "permille": 100},
        {"code": "cash", "when": "cod", "amount_minor": 5_000, "permille": 10},
    ],
}


def zone(code: str, **changes: Any) -> Zone:
    """A zone at one price."""
    return Zone(code=code, breaks=[WeightBreak(base_minor=1)], **changes)


ZONES = [
    zone("far", distance_max_m=50_000),
    zone("near", distance_max_m=5_000),
    zone("province", province_codes=["79"]),
    zone("ward", ward_codes=["26734"]),
    zone("else"),
]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"ward_code": "26734", "province_code": "79", "distance_m": 10}, "ward"),
        ({"ward_code": "1", "province_code": "79", "distance_m": 10}, "province"),
        ({"distance_m": 5_000}, "near"),
        ({"distance_m": 5_001}, "far"),
        ({"distance_m": 50_001}, "else"),
        ({}, "else"),
    ],
)
def test_the_zone_that_says_most_goes_first(facts: dict[str, Any], code: str) -> None:
    found = zone_of(ZONES, Facts(weight_g=1, volume_cm3=1, **facts))
    assert found is not None
    assert found.code == code


def tariff(**changes: Any) -> OutsideTariff:
    """One zone: 100 up to a kilogram, then 10 for each half kilogram begun, up to 10 kg."""
    breaks = [
        WeightBreak(weight_max_g=1_000, base_minor=100),
        WeightBreak(weight_max_g=10_000, base_minor=100, step_g=500, step_minor=10),
    ]
    fields: dict[str, Any] = {"minimum_minor": 0, "volumetric_cm3_per_kg": None, "surcharges": []} | changes
    return OutsideTariff(
        id="otf_1",
        member_id="mem_1",
        code="T",
        name="T",
        valid_from=date(2026, 1, 1),
        zones=[Zone(code="z", breaks=breaks)],
        created_at=NOW,
        **fields,
    )


@pytest.mark.parametrize(
    ("weight_g", "minor"), [(1, 100), (1_000, 100), (1_001, 110), (1_500, 110), (1_501, 120), (10_000, 280)]
)
def test_weight_breaks_and_steps_that_are_begun(weight_g: int, minor: int) -> None:
    found = priced(tariff(), Facts(weight_g=weight_g, volume_cm3=0))
    assert found is not None
    assert found[0] == minor


def test_above_the_last_break_there_is_no_price() -> None:
    assert priced(tariff(), Facts(weight_g=10_001, volume_cm3=0)) is None


def test_light_goods_are_charged_by_their_volume() -> None:
    # 30,000 cm3 at 5,000 cm3 a kilogram are 6 kg; a cubic centimetre more is a fifth of a gram, rounded up
    assert chargeable_g(Facts(weight_g=2_000, volume_cm3=30_000), 5_000) == 6_000
    assert chargeable_g(Facts(weight_g=2_000, volume_cm3=30_001), 5_000) == 6_001
    assert chargeable_g(Facts(weight_g=7_000, volume_cm3=30_000), 5_000) == 7_000


@given(st.integers(1, 10_000), st.integers(0, 10_000), st.integers(0, 5_000), st.booleans())
def test_lines_sum_to_the_price_and_more_weight_never_costs_less(
    weight_g: int, more_g: int, permille: int, cod: bool
) -> None:
    surcharges = [Surcharge(code="fuel", permille=permille), Surcharge(code="cash", when=When.COD, amount_minor=7)]
    entry = tariff(surcharges=surcharges, minimum_minor=130)
    applies = frozenset({When.ALWAYS, When.COD}) if cod else frozenset({When.ALWAYS})
    prices = [
        priced(entry, Facts(weight_g=min(grams, 10_000), volume_cm3=0, applies=applies))
        for grams in (weight_g, weight_g + more_g)
    ]
    assert None not in prices
    totals = [found[0] for found in prices if found]
    assert totals[0] <= totals[1]
    assert [sum(line.amount_minor for line in found[1].lines) for found in prices if found] == totals


@pytest.mark.anyio
async def test_a_booking_is_priced_by_its_members_tariff_and_again_when_it_changes(world: World) -> None:
    await world.an.made("/v1/outside-tariffs", TARIFF)
    booking = world.delivery(outside_tariff="GHN", cod_minor=1_000_000)
    booking["delivery"]["province_code"] = "79"
    booked = await world.an.made("/v1/shipments", booking)
    # 12 kg, but 96,000 cm3 at 5,000 a kilogram are 19.2 kg: 17.2 kg above the first break are 35 steps begun;
    # 20,000 + 35 x 2,500 = 107,500; fuel a tenth: 10,750; cash 5,000 and a hundredth of 1,000,000: 15,000
    assert (booked["outside_minor"], booked["pooling"]) == (133_250, "either")
    assert booked["outside_basis"]["lines"] == [
        {"what": "zone", "amount_minor": 107_500},
        {"what": "fuel", "amount_minor": 10_750},
        {"what": "cash", "amount_minor": 15_000},
    ]
    assert (booked["outside_basis"]["zone"], booked["outside_basis"]["chargeable_g"]) == ("city", 19_200)
    box = {"weight_g": 1_000, "length_mm": 100, "width_mm": 100, "height_mm": 100}
    path = f"/v1/shipments/{booked['id']}"
    lighter = (await world.an.send("PATCH", path, {"handling_units": [box], "cod_minor": None})).json()
    # 20,000 is below the minimum of 22,000; fuel a tenth of that
    assert lighter["outside_minor"] == 24_200
    own = (await world.an.send("PATCH", path, {"outside_minor": 30_000})).json()
    assert (own["outside_minor"], own["outside_basis"]) == (30_000, {"kind": "given"})
    none = (await world.an.send("PATCH", path, {"outside_minor": None})).json()
    assert (none["outside_minor"], none["outside_basis"], none["pooling"]) == (None, None, "pool")


@pytest.mark.anyio
async def test_the_version_of_the_service_day_holds_and_the_default_tariff_needs_no_naming(world: World) -> None:
    first = await world.an.made("/v1/outside-tariffs", TARIFF)
    await world.an.made("/v1/outside-tariffs", TARIFF | {"valid_from": "2098-01-01", "minimum_minor": 10**9})
    twice = await world.an.post("/v1/outside-tariffs", TARIFF)
    assert (twice.status_code, twice.json()["code"]) == (409, "tariff_version_exists")
    await world.an.send("PUT", "/v1/booking-defaults", {"outside_tariff": "GHN"})
    booked = await world.an.made("/v1/shipments", world.delivery())
    assert (booked["outside_basis"]["tariff_id"], booked["outside_basis"]["zone"]) == (first["id"], "rest")
    assert (await world.an.send("DELETE", f"/v1/outside-tariffs/{first['id']}")).status_code == 204
    assert (await world.an.made("/v1/shipments", world.delivery()))["outside_minor"] is None
    assert (await world.an.get(f"/v1/outside-tariffs/{first['id']}")).status_code == 404
    kept = (await world.an.get(f"/v1/shipments/{booked['id']}")).json()
    assert kept["outside_minor"] == booked["outside_minor"]


@pytest.mark.anyio
async def test_a_tariff_without_a_price_is_told_and_a_quote_is_kept_with_its_source(world: World) -> None:
    bands = TARIFF | {"zones": [{"code": "near", "distance_max_m": 5_000, "breaks": [{"base_minor": 9}]}]}
    await world.an.made("/v1/outside-tariffs", bands)
    [fault] = (await world.an.post("/v1/shipments", world.delivery(outside_tariff="GHN"))).json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/outside_tariff", "no_price")
    # the shop is some 1.6 km from the hub
    near = await world.an.made("/v1/shipments", world.delivery(outside_tariff="GHN", hub_site_id=world.hub_id))
    assert near["outside_basis"]["zone"] == "near"
    quote = {"amount_minor": 80_000, "carrier_name": "Fast Freight", "reference": "Q-7"}
    quoted = await world.an.made("/v1/shipments", world.delivery(outside_quote=quote))
    assert quoted["outside_minor"] == 80_000
    assert quoted["outside_basis"] == {"kind": "carrier_quote", "carrier_name": "Fast Freight", "reference": "Q-7"}


@pytest.mark.anyio
async def test_a_tariff_is_its_members_business_alone(world: World) -> None:
    made = await world.an.made("/v1/outside-tariffs", TARIFF)
    path = f"/v1/outside-tariffs/{made['id']}"
    for caller in (world.binh, world.coordinator):
        for method in ("GET", "DELETE"):
            assert (await caller.send(method, path)).status_code in {403, 404}
    [fault] = (await world.binh.post("/v1/shipments", world.delivery(outside_tariff="GHN"))).json()["errors"]
    assert fault["code"] == "no_tariff"
    wrong = TARIFF["zones"][0] | {"breaks": [{"base_minor": 1}, {"weight_max_g": 5, "base_minor": 1}]}
    faults = (await world.an.post("/v1/outside-tariffs", TARIFF | {"zones": [wrong, wrong]})).json()["errors"]
    assert [entry["code"] for entry in faults] == ["zone_twice", "breaks_wrong", "breaks_wrong"]
