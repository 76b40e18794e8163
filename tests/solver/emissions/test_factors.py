"""Factors: what is shipped is what was published, and which are used is chosen, not guessed."""

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from solver.emissions import Method, emissions_of, factor_set_from_json, shipped_factor_sets
from solver.emissions.factor_sets import nearest
from solver.emissions.words import Assumed
from solver.faults import ProblemError
from tests.shared_data import shared_data
from tests.solver.emissions.worlds import LORRY, TONNE_G, day, factors, goods, in_turn, lorry, method, rate

DOCUMENT = Path(__file__).parents[3] / "docs" / "emissions.md"


def desnz():
    (found,) = (shipped for shipped in shipped_factor_sets() if shipped.source.id == "desnz-2025")
    return found


def published():
    """Milligrams a kilometre, by the publisher's name of the vehicle and of its load or fuel."""
    rows = json.loads(shared_data("emissions", "desnz2025_road.json").read_text(), parse_float=Decimal)
    return {
        (row["level3"], row["load"]): (row["ttw_kgco2e"] * 1_000_000, row["wtt_kgco2e"] * 1_000_000)
        for row in rows
        if row["uom"] == "km"
    }


def test_every_shipped_figure_is_the_published_one():
    figures, compared = published(), 0
    for vehicle in desnz().vehicles:
        kind, _, name = vehicle.name.partition(", ")
        if kind == "Vans":
            name, _, fuel = name.rpartition(", ")
            rows = {"average": fuel}
        else:
            rows = {"average": "Average laden", "empty": "0% Laden", "full": "100% Laden"}
        for attribute, row in rows.items():
            found = getattr(vehicle, attribute)
            assert (found.ttw_mg_km, found.wtt_mg_km) == figures[name, row], (vehicle.id, attribute)
            compared += 1
    assert compared == len(figures) - 10, "all but the 50 % rows of eight lorries and the plug-in hybrids"


def test_the_published_half_load_lies_on_the_line_between_empty_and_full():
    figures = published()
    for vehicle in desnz().vehicles:
        if vehicle.empty is not None and vehicle.full is not None:
            ttw, wtt = figures[vehicle.name.partition(", ")[2], "50% Laden"]
            # Published with five decimals of a kilogram: at most half of the last one off on either side
            assert abs(2 * ttw - vehicle.empty.ttw_mg_km - vehicle.full.ttw_mg_km) <= 20
            assert abs(2 * wtt - vehicle.empty.wtt_mg_km - vehicle.full.wtt_mg_km) <= 20


def test_what_is_shipped_says_where_it_comes_from():
    source = desnz().source
    assert (source.year, source.region) == (2025, "GB")
    assert "DESNZ" in source.publisher
    assert "Open Government Licence v3.0" in source.licence


def test_every_payload_up_to_thirty_tonnes_has_a_class_and_more_payload_never_a_cleaner_one():
    per_km = []
    for payload_t in range(1, 31):
        problem = day(goods("a", 1, 0), vehicles=(lorry(capacity={"weight_g": payload_t * TONNE_G}),))
        account = emissions_of(problem, in_turn(problem), Method(region="GB", year=2025))
        assert Assumed.CLASS in {entry.what for entry in account.assumptions}
        per_km.append((account.routes[0].vehicle_class, account.wtw_mg))
    assert [name for name, _ in dict.fromkeys(per_km)][:3] == ["van-diesel", "rigid-7.5t", "rigid-17t"]
    assert len({name for name, _ in per_km}) == 5
    assert per_km[0][1] < per_km[1][1] < per_km[5][1] < per_km[10][1]


def test_factors_survive_json():
    assert factor_set_from_json(msgspec.json.encode(desnz())) == desnz()


def test_another_region_or_year_is_taken_only_when_asked_and_said():
    problem = day(goods("a", 1))
    plan = in_turn(problem)
    with pytest.raises(ProblemError) as refused:
        emissions_of(problem, plan, Method(region="VN", year=2026))
    assert [fault.code for fault in refused.value.faults] == ["factors_unknown"]
    assert "GB 2025" in refused.value.faults[0].cure
    account = emissions_of(problem, plan, Method(region="VN", year=2026, fallback=True))
    assert {Assumed.REGION, Assumed.YEAR} <= {entry.what for entry in account.assumptions}
    assert account.source.region == "GB"


@pytest.mark.parametrize(
    ("region", "year", "taken"),
    [("VN", 2025, ("VN", 2020)), ("GB", 2023, ("GB", 2022)), ("GB", 2024, ("GB", 2024)), ("FR", 2021, ("VN", 2020))],
)
def test_the_nearest_factors_are_those_of_the_region_then_of_the_year_then_the_older(region, year, taken):
    known = (("GB", 2024), ("GB", 2022), ("VN", 2018), ("VN", 2020), ("US", 2016))
    found = nearest([factors(region=place, year=when) for place, when in known], method(region=region, year=year))
    assert (found.source.region, found.source.year) == taken


def test_factors_of_ones_own_must_be_of_the_region_asked_for_too():
    problem = day(goods("a", 1))
    with pytest.raises(ProblemError, match="no factors of 'VN'"):
        emissions_of(problem, in_turn(problem), method(region="VN"))


def test_an_electric_vehicle_emits_in_the_power_station_alone():
    problem = day(goods("a", 2))
    account = emissions_of(problem, in_turn(problem), method(classes={"lorry": "electric"}))
    # 4 km at 60 + 20 g, all of it provision
    assert (account.ttw_mg, account.wtt_mg) == (0, 320_000)
    assert [entry.what for entry in account.assumptions] == [Assumed.ELECTRICITY]


def test_electricity_of_another_region_is_refused_even_with_fallback():
    problem = day(goods("a", 2))
    asked = method(region="VN", fallback=True, classes={"lorry": "electric"})
    with pytest.raises(ProblemError) as refused:
        emissions_of(problem, in_turn(problem), asked)
    assert [fault.code for fault in refused.value.faults] == ["factor_not_transferable"]


def test_factors_that_cannot_be_are_refused_all_at_once():
    half = msgspec.structs.replace(LORRY, full=None)
    below = msgspec.structs.replace(LORRY, id="below", average=rate(-1, 0))
    with pytest.raises(ProblemError) as refused:
        factors(half, below, below)
    codes = defaultdict(list)
    for fault in refused.value.faults:
        codes[fault.code].append(fault.where)
    assert codes == {
        "factor_half": ["vehicles[0]"],
        "number_negative": ["vehicles[1]", "vehicles[2]"],
        "id_duplicate": ["vehicles[2].id"],
    }


def test_factors_from_json_say_what_is_wrong_with_them():
    raw = msgspec.json.encode(desnz()).replace(b'"year":2025', b'"year":"last"')
    with pytest.raises(ProblemError) as refused:
        factor_set_from_json(raw)
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [("type_wrong", "source.year")]


def test_the_document_names_every_class_shipped_and_everything_that_may_be_assumed():
    text = DOCUMENT.read_text("utf-8")
    words = [*Assumed, *(vehicle.id for shipped in shipped_factor_sets() for vehicle in shipped.vehicles)]
    assert [word for word in words if f"`{word}`" not in text] == []
