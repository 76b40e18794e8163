"""Where addresses are: asked of a geocoder, remembered for each asker apart, else the centre of what encloses them."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.base.settings import Settings
from cluster.places import geocoding_queries
from cluster.places.address import Precision
from cluster.places.geocoding import Geocoder, precision_of
from tests.cluster.api import Caller, World, riverside
from tests.cluster.places.nominatim import Service, nominatim
from tests.cluster.places.reference import AN_DONG, CHO_QUAN, THU_DUC, imported
from tests.cluster.side_by_side import side_by_side
from tests.databases import Database

pytestmark = pytest.mark.anyio
STREET = {"address_line1": "12 Nguyễn Trãi", "country_code": "VN", "province_code": "79"}
IN_AN_DONG, IN_CHO_QUAN, IN_HANOI = (10.755, 106.675), (10.755, 106.685), (21.03, 105.85)


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside with reference data."""
    async with riverside(module_database) as found:
        await imported(module_database.url)
        yield found


@pytest.fixture(scope="module")
def running() -> Iterator[Service]:
    """The geocoder."""
    with nominatim() as found:
        yield found


@pytest.fixture
def service(running: Service) -> Service:
    """The geocoder, well and with nothing asked yet."""
    running.reset()
    return running


@pytest.fixture(scope="module")
async def asking(world: World, running: Service) -> AsyncIterator[World]:
    """Riverside with the geocoder configured, without a pause between questions, and with little patience."""
    settings = {"geocoder_url": running.url, "geocoder_interval_ms": 0, "geocoder_timeout_ms": 700}
    async with side_by_side(world.database, geocoder="nominatim", **settings) as client:
        yield with_client(world, client)


def with_client(world: World, client: Any) -> World:
    """The same people before another application."""
    other = World()
    other.__dict__ |= world.__dict__
    for name in ("coordinator", "an", "binh"):
        setattr(other, name, Caller(client, getattr(world, name).key))
    return other


async def geocoded(caller: Caller, **changes: Any) -> Any:
    """Where an address is."""
    answer = await caller.post("/v1/geocode", STREET | changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_address_is_asked_for_from_house_to_country(asking: World, service: Service) -> None:
    service.knows("1 An Đông", (*IN_AN_DONG, 30))
    found = await geocoded(asking.an, address_line1="1 An Đông", ward_code=AN_DONG)
    assert (found["lat"], found["lon"], found["precision"]) == (*IN_AN_DONG, "address")
    [asked] = service.asked
    assert asked["q"] == "1 An Đông, Phường An Đông, Hồ Chí Minh, Vietnam"
    assert asked["countrycodes"] == "vn"
    assert service.agents == {"cluster-logistics"}


async def test_an_asker_is_answered_from_memory_and_its_rival_is_not(asking: World, service: Service) -> None:
    service.knows("2 Memory", (*IN_AN_DONG, 26))
    first = await geocoded(asking.an, address_line1="2 Memory")
    assert await geocoded(asking.an, address_line1="2 Memory") == first
    assert len(service.asked) == 1
    await geocoded(asking.binh, address_line1="2 Memory")
    await geocoded(asking.coordinator, address_line1="2 Memory")
    assert len(service.asked) == 3
    await geocoded(asking.coordinator, address_line1="2 Memory")
    assert len(service.asked) == 3


async def test_an_address_that_was_not_found_is_not_asked_for_again_at_once(asking: World, service: Service) -> None:
    for _ in range(2):
        found = await geocoded(asking.an, address_line1="3 Nowhere", ward_code=AN_DONG)
        assert found["precision"] == "ward_centroid"
    assert len(service.asked) == 1


async def test_of_several_candidates_the_one_in_the_ward_is_taken(asking: World, service: Service) -> None:
    service.knows("4 Lê Lợi", (*IN_HANOI, 30), (*IN_CHO_QUAN, 30))
    found = await geocoded(asking.an, address_line1="4 Lê Lợi", ward_code=CHO_QUAN)
    assert (found["lat"], found["lon"]) == IN_CHO_QUAN
    assert len(found["candidates"]) == 2


async def test_a_street_of_that_name_far_from_the_ward_is_not_believed(asking: World, service: Service) -> None:
    service.knows("5 Lê Lợi", (*IN_HANOI, 30))
    found = await geocoded(asking.an, address_line1="5 Lê Lợi", ward_code=CHO_QUAN)
    assert found["precision"] == "ward_centroid"


async def test_a_point_tells_the_ward_where_the_address_does_not(asking: World, service: Service) -> None:
    service.knows("6 Trần Phú", (*IN_CHO_QUAN, 30))
    assert (await geocoded(asking.an, address_line1="6 Trần Phú"))["ward_code"] == CHO_QUAN


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 500},
        {"status": 429},
        {"raw": b"<html>"},
        {"raw": b"[{}]"},
        {"raw": b"\xff"},
        {"raw": b"[1, null]"},
        {"raw": b"{}"},
        {"delay_s": 1.5},
    ],
    ids=str,
)
async def test_without_a_good_answer_the_centre_of_the_ward_serves(
    asking: World, service: Service, trouble: dict[str, Any]
) -> None:
    for name, value in trouble.items():
        setattr(service, name, value)
    found = await geocoded(asking.an, address_line1=f"7 {trouble}"[:50], ward_code=AN_DONG)
    assert found["precision"] == "ward_centroid"
    assert len(service.asked) == 1


async def test_an_unreachable_geocoder_is_no_reason_to_fail(world: World) -> None:
    settings = {"geocoder": "nominatim", "geocoder_url": "http://127.0.0.1:9", "geocoder_interval_ms": 0}
    async with side_by_side(world.database, **settings) as client:
        found = await geocoded(Caller(client, world.an.key), address_line1="8 Gone", ward_code=AN_DONG)
    assert found["precision"] == "ward_centroid"


async def test_nobody_is_asked_where_no_geocoder_is_set(world: World) -> None:
    found = await geocoded(world.an, ward_code=AN_DONG)
    assert (found["precision"], found["candidates"]) == ("ward_centroid", [])


async def test_the_centre_of_a_province_serves_where_nothing_smaller_is_known(world: World) -> None:
    found = await geocoded(world.an, ward_code=THU_DUC)  # its boundary is not known
    # the mean of three squares' middles: latitudes 10.755, longitudes 106.665, 106.675, 106.685
    assert found["precision"] == "province_centroid"
    assert (round(found["lat"], 3), round(found["lon"], 3)) == (10.755, 106.675)


async def test_the_middle_of_a_postcode_serves_in_other_countries(world: World) -> None:
    address = {"address_line1": "1 Invalidenstraße", "country_code": "DE", "postal_code": "10115"}
    found = (await world.an.post("/v1/geocode", address)).json()
    # the mean of 52.53, 13.38 and 52.55, 13.40
    assert (round(found["lat"], 2), round(found["lon"], 2), found["precision"]) == (52.54, 13.39, "postcode_centroid")


async def test_an_address_that_nobody_knows_has_no_point(world: World) -> None:
    found = (await world.an.post("/v1/geocode", {"address_line1": "x", "country_code": "FR"})).json()
    assert (found["lat"], found["lon"], found["precision"]) == (None, None, None)


async def test_an_old_address_is_looked_for_in_the_ward_of_today(asking: World, service: Service) -> None:
    service.knows("9 Trần Phú", (*IN_AN_DONG, 30))
    old = {"province": "TP.HCM", "district": "Q5", "ward": "P7"}
    address = {"address_line1": "9 Trần Phú", "country_code": "VN", "legacy": old}
    found = (await asking.an.post("/v1/geocode", address)).json()
    assert (found["province_code"], found["ward_code"]) == ("79", AN_DONG)
    assert service.asked[0]["q"] == "9 Trần Phú, Phường An Đông, Hồ Chí Minh, Vietnam"


async def test_turns_are_shared_by_all_processes_and_none_is_taken_that_would_come_too_late(world: World) -> None:
    """A second between questions: the third of three at once would wait two, longer than the 1.5 allowed."""
    async with Pool.open(world.database.url, 3) as pool:

        async def turn() -> int | None:
            async with pool.unit(system_scope()) as db:
                return await geocoding_queries.take_turn(db, "test", 1000, 1500)

        waits = await asyncio.gather(turn(), turn(), turn())
        late = await turn()
    given = sorted(wait for wait in waits if wait is not None)
    assert len(given) == 2
    assert given[0] == 0
    assert 0 < given[1] <= 1000
    assert late is None


@pytest.mark.parametrize(
    ("provider", "raw", "precision"),
    [
        ("nominatim", {"place_rank": 30}, Precision.ADDRESS),
        ("nominatim", {"place_rank": 26}, Precision.STREET),
        ("nominatim", {"place_rank": 16}, Precision.PLACE),
        ("photon", {"properties": {"type": "house"}}, Precision.ADDRESS),
        ("photon", {"properties": {"type": "city"}}, Precision.PLACE),
        ("pelias", {"properties": {"layer": "address"}}, Precision.ADDRESS),
        ("pelias", {"properties": {"layer": "street"}}, Precision.STREET),
        ("pelias", {}, Precision.PLACE),
        ("nominatim", [], Precision.PLACE),
    ],
)
async def test_each_service_says_in_its_own_terms_how_exact_it_is(
    provider: str, raw: Any, precision: Precision
) -> None:
    assert precision_of(provider, raw) is precision


@pytest.mark.parametrize("kind", ["photon", "pelias"])
async def test_photon_and_pelias_are_asked_in_their_own_form(service: Service, kind: str, tmp_path: Any) -> None:
    layer = {"type": "house", "layer": "address", "name": "1 Street"}
    point = {"type": "Point", "coordinates": [106.7, 10.8]}
    feature = {"type": "Feature", "geometry": point, "properties": layer | {"label": "1 Street"}}
    service.raw = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    settings = Settings(data_dir=tmp_path, geocoder=kind, geocoder_url=f"{service.url}/v1", geocoder_key="open sesame")
    [found] = await Geocoder(settings).ask("1 Street, Vietnam", "VN")
    assert (found.lat, found.lon, found.precision) == (10.8, 106.7, Precision.ADDRESS)
    assert "sesame" not in repr(settings)
