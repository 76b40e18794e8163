"""Vietnamese units: names as people write them, what became of old wards, and the real lists."""

import json
from collections import Counter
from pathlib import Path

import pytest

from cluster.places.freetext import resolve_text
from cluster.places.gazetteer import Gazetteer
from cluster.places.units_files import UnitsFileError, read_boundaries, read_units
from cluster.places.units_models import AdminUnit, Edition, How, UnitKind
from cluster.places.vietnam import name_of
from tests.cluster.places.reference import AN_DONG, CHO_LON, CHO_QUAN, THU_DUC, three_tiers, two_tiers, written
from tests.shared_data import shared_data


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """District 5 as four old and three new wards, on a grid."""
    files = written(tmp_path_factory.mktemp("reference"))
    units = [unit for name in ("two.json", "three.json") for unit in read_units(files[name].read_bytes())]
    return Gazetteer(units, [(entry.code, entry.area) for entry in read_boundaries(files["wards.geojson"])])


@pytest.fixture(scope="module")
def real_units() -> list[AdminUnit]:
    """Both real lists."""
    names = ("units_two_tier.json", "units_old_three_tier_2025-03.json")
    return [unit for name in names for unit in read_units(shared_data("hcmc", name).read_bytes())]


@pytest.fixture(scope="module")
def real(real_units: list[AdminUnit]) -> Gazetteer:
    """Both real lists with the boundaries of Ho Chi Minh City."""
    areas = read_boundaries(shared_data("hcmc", "hcmc_wards_geojson.tgz"))
    return Gazetteer(real_units, [(entry.code, entry.area) for entry in areas])


@pytest.mark.parametrize(
    ("kind", "written_as", "name"),
    [
        *[("ward", text, "5") for text in ("Phường 5", "P.5", "P5", "p. 05", "phuong 5", "F5")],
        *[("district", text, "5") for text in ("Quận 5", "Q.5", "Q5", "quan 05")],
        *[("province", text, "ho chi minh") for text in ("TP.HCM", "Tp. Hồ Chí Minh", "TPHCM", "Sài Gòn", "HCMC")],
        ("ward", "Xã Phước Vĩnh An", "phuoc vinh an"),
        ("ward", "Thị trấn Nhà Bè", "nha be"),
        ("district", "Quận Phú Nhuận", "phu nhuan"),
        ("district", "Phú Nhuận", "phu nhuan"),
        ("province", "Tỉnh Thừa Thiên-Huế", "hue"),
        ("ward", "Phú Thọ", "phu tho"),
    ],
)
def test_a_name_is_read_as_people_write_it(kind: str, written_as: str, name: str) -> None:
    assert name_of(kind, written_as) == name


def test_a_point_within_a_boundary_decides_whatever_the_names_say(small: Gazetteer) -> None:
    found = small.resolve("TP.HCM", "Q5", "P.5", (10.755, 106.685))
    assert (found.how, found.ward_code, found.province_code) == (How.BY_POLYGON, CHO_QUAN, "79")


def test_a_point_outside_of_all_boundaries_leaves_it_to_the_names(small: Gazetteer) -> None:
    assert small.resolve("TP.HCM", "Q5", "P.7", (21.0, 105.8)).ward_code == AN_DONG


def test_an_old_ward_whose_code_lives_on_is_found_by_it(small: Gazetteer) -> None:
    found = small.resolve("Hồ Chí Minh", "Quận 5", "Phường 13")
    assert (found.how, found.ward_code) == (How.BY_CODE, CHO_LON)


def test_an_old_ward_of_which_neither_code_nor_name_lives_on_lists_what_its_district_became(small: Gazetteer) -> None:
    found = small.resolve("Hồ Chí Minh", "Quận 5", "Phường 5")
    assert (found.how, found.province_code, found.ward_code) == (How.AMBIGUOUS, "79", None)
    assert {entry.ward_code for entry in found.candidates} == {CHO_QUAN, AN_DONG, CHO_LON}


def test_a_ward_of_today_with_the_district_of_yesterday_is_found_by_name(small: Gazetteer) -> None:
    found = small.resolve("TP. Hồ Chí Minh", "Quận 5", "Phường An Đông")
    assert (found.how, found.ward_code) == (How.BY_NAME, AN_DONG)


def test_a_ward_of_today_needs_no_district_and_no_accents(small: Gazetteer) -> None:
    assert small.resolve("TP.HCM", None, "phuong cho quan").ward_code == CHO_QUAN


def test_an_unknown_province_is_unknown_and_a_province_alone_stays_one(small: Gazetteer) -> None:
    assert small.resolve("Atlantis", "Quận 5", "Phường 5").how is How.UNKNOWN
    alone = small.resolve("TP.HCM")
    assert (alone.how, alone.province_code, alone.ward_code) == (How.PROVINCE_ONLY, "79", None)


@pytest.mark.parametrize(
    ("text", "ward_code"),
    [
        ("12 Nguyễn Trãi P.7 Q.5, TP.HCM, Việt Nam", AN_DONG),
        ("12 Nguyễn Trãi, Phường 7, Quận 5, Thành phố Hồ Chí Minh 700000", AN_DONG),
        ("12 nguyen trai, phuong 7, quan 5, tphcm", AN_DONG),
        ("268 An Dương Vương, Phường Chợ Quán, TP. Hồ Chí Minh", CHO_QUAN),
        ("268 An Dương Vương, Chợ Quán, Hồ Chí Minh", CHO_QUAN),
        ("5 Võ Văn Ngân, Bình Thọ, TP. Thủ Đức, TP. Hồ Chí Minh", THU_DUC),
        ("12 Nguyễn Trãi, Phường 5, Quận 5, TP.HCM", None),
        ("12 Nguyễn Trãi", None),
        ("", None),
        (", ,,;", None),
    ],
)
def test_an_address_on_one_line_is_taken_apart(small: Gazetteer, text: str, ward_code: str | None) -> None:
    assert resolve_text(text, small).ward_code == ward_code


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[]", b"[1]", b'[{"Code": "1"}]', json.dumps([*two_tiers(), *three_tiers()]).encode(), b"\xff"],
)
def test_a_file_that_is_no_list_of_units_is_refused(raw: bytes) -> None:
    with pytest.raises(UnitsFileError):
        read_units(raw)


@pytest.mark.parametrize("raw", ["", "{}", '{"features": [{"properties": {}}]}', '{"features": []}', "[]"])
def test_a_file_that_holds_no_boundaries_is_refused(tmp_path: Path, raw: str) -> None:
    (tmp_path / "x.geojson").write_text(raw)
    with pytest.raises(UnitsFileError):
        read_boundaries(tmp_path / "x.geojson")


def test_the_real_lists_have_the_units_of_the_law(real_units: list[AdminUnit]) -> None:
    counts = Counter((unit.edition, unit.kind) for unit in real_units)
    assert counts[Edition.TWO_TIER, UnitKind.PROVINCE] == 34
    assert counts[Edition.TWO_TIER, UnitKind.WARD] == 3321
    assert counts[Edition.THREE_TIER, UnitKind.PROVINCE] == 63


def test_every_code_that_lives_on_is_in_the_province_that_its_old_province_became(
    real: Gazetteer, real_units: list[AdminUnit]
) -> None:
    """The table of merged provinces, against codes that nobody here wrote."""
    old = [unit for unit in real_units if unit.edition is Edition.THREE_TIER]
    province_of = {unit.code: unit.parent_code for unit in old if unit.kind is UnitKind.DISTRICT}
    names = {unit.code: unit.full_name for unit in old if unit.kind is UnitKind.PROVINCE}
    wards = [unit for unit in old if unit.kind is UnitKind.WARD and unit.code in real.wards]
    wrong = [
        ward.code
        for ward in wards
        if real.province_named(names[province_of[ward.parent_code or ""] or ""]) != real.wards[ward.code].parent_code
    ]
    assert (len(wards), wrong) == (3315, [])


def test_of_the_old_wards_of_ho_chi_minh_city_names_alone_tell_less_than_half(
    real: Gazetteer, real_units: list[AdminUnit]
) -> None:
    """What docs/places.md says: 122 of 273 resolve (102 by code, 20 by name), 151 list candidates, none is lost."""
    old = [unit for unit in real_units if unit.edition is Edition.THREE_TIER]
    districts = {unit.code: unit for unit in old if unit.kind is UnitKind.DISTRICT and unit.parent_code == "79"}
    found = [
        real.resolve("TP. Hồ Chí Minh", districts[unit.parent_code].full_name, unit.full_name)
        for unit in old
        if unit.kind is UnitKind.WARD and unit.parent_code in districts
    ]
    assert Counter(entry.how for entry in found) == {How.BY_CODE: 102, How.BY_NAME: 20, How.AMBIGUOUS: 151}
    assert all(entry.candidates for entry in found)


@pytest.mark.parametrize(
    ("lat", "lon", "name"),
    [
        (10.7770, 106.6953, "Bến Thành"),  # Independence Palace
        (10.7797, 106.6990, "Sài Gòn"),  # Notre-Dame Cathedral
    ],
)
def test_landmarks_lie_in_the_wards_that_they_are_known_to_be_in(
    real: Gazetteer, lat: float, lon: float, name: str
) -> None:
    ward = real.at(lat, lon)
    assert ward is not None
    assert ward.name == name
