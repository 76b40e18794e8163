"""Legs computed once: only what nobody knows is asked for, what the coordinator gave stays, owners learn of their own."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import Role, Scope, system_scope
from cluster.places import roads, travel
from cluster.places.models import Leg
from cluster.places.roads_engine import RoadsAway
from cluster.places.roads_models import Mode, Owned, PointE6, SetTravelProfile, Verdict
from cluster.places.travel import Wanted
from tests.cluster.api import World, riverside
from tests.cluster.places.towns import Town, grid_m
from tests.databases import Database

pytestmark = pytest.mark.anyio
VAN = SetTravelProfile(mode=Mode.VAN)
ISLAND = (20_800_000, 106_600_000)
SEA = (10_800_000, 121_000_000)
OFF_ROAD = (10_801_900, 106_600_000)
"""The town has it 900 m from its road."""
numbers = count()


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside for all tests of this file; each uses a profile of its own."""
    async with riverside(module_database) as found:
        yield found


@pytest.fixture
async def pool(world: World) -> AsyncIterator[Pool]:
    """Connections of a worker."""
    async with Pool.open(world.database.url, 2) as found:
        yield found


@pytest.fixture
async def scope(world: World) -> Scope:
    """The platform's own work in Riverside."""
    me = (await world.coordinator.get("/v1/me")).json()
    return system_scope(ids.parse("clu", me["cluster"]["id"]))


@pytest.fixture
def profile() -> str:
    """A travel profile that no other test uses."""
    return f"p{next(numbers)}"


def points(size: int, first: int = 0) -> list[PointE6]:
    """A street of points, 100 m from one to the next."""
    return [(10_800_000 + 1000 * number, 106_600_000) for number in range(first, first + size)]


def wanted(
    profile: str, among: list[PointE6], hubs: list[PointE6] | None = None, way: SetTravelProfile = VAN
) -> Wanted:
    """All legs among points that nobody owns."""
    shared = [Owned(point, None) for point in among]
    return Wanted(among=shared, hubs=[Owned(hub, None) for hub in hubs or []], only_checked=[], ways={profile: way})


async def legs(pool: Pool, scope: Scope, profile: str, among: list[PointE6]) -> dict[tuple[PointE6, PointE6], Leg]:
    """What is stored of a profile."""
    async with pool.unit(scope) as db:
        found = await travel.legs_among(db, scope, among)
    return {(leg.start, leg.end): leg for leg in found if leg.profile == profile}


async def verdicts(pool: Pool, scope: Scope, profile: str, asked: list[PointE6]) -> list[Verdict]:
    """What one profile's vehicles find at points."""
    async with pool.unit(scope) as db:
        access = await roads.access(db, scope, asked)
    found = [[entry.verdict for entry in access[point].profiles if entry.profile == profile] for point in asked]
    return [entry[0] if entry else Verdict.NOT_CHECKED for entry in found]


async def test_legs_are_stored_in_blocks_of_the_size_that_the_engine_takes(
    pool: Pool, scope: Scope, profile: str
) -> None:
    town = Town(block=4)
    done = await travel.complete(pool, scope, town, wanted(profile, points(9)), seconds=60)
    assert (done.computed, done.missing, town.asked, town.largest) == (81, 0, 81, 4)
    stored = await legs(pool, scope, profile, points(9))
    assert len(stored) == 81
    for (start, end), leg in stored.items():
        assert (leg.distance_m, leg.duration_s) == (grid_m(start, end), grid_m(start, end) // 10)


async def test_only_rows_and_columns_of_new_points_are_asked_for(pool: Pool, scope: Scope, profile: str) -> None:
    town = Town(block=50)
    await travel.complete(pool, scope, town, wanted(profile, points(7)), seconds=60)
    town.asked = town.snapped = 0
    await travel.complete(pool, scope, town, wanted(profile, points(7)), seconds=60)
    assert (town.asked, town.snapped) == (0, 0)
    await travel.complete(pool, scope, town, wanted(profile, points(9)), seconds=60)
    # two new rows of nine, two new columns of the seven old rows
    assert (town.asked, town.snapped) == (2 * 9 + 7 * 2, 2)


async def test_a_point_without_a_road_has_legs_without_a_way(pool: Pool, scope: Scope, profile: str) -> None:
    town, day = Town(block=50), [*points(2), ISLAND, SEA]
    await travel.complete(pool, scope, town, wanted(profile, day), seconds=60)
    stored = await legs(pool, scope, profile, day)
    assert town.asked == 9  # the sea is not asked about
    assert stored[points(1)[0], ISLAND].distance_m == stored[ISLAND, points(1)[0]].duration_s == -1
    assert stored[SEA, ISLAND].distance_m == -1
    assert stored[SEA, SEA].distance_m == stored[ISLAND, ISLAND].distance_m == 0
    assert len(stored) == 16


async def test_what_the_coordinator_gave_stays_whatever_is_computed(
    world: World, pool: Pool, scope: Scope, profile: str
) -> None:
    near, far = points(2)
    given = [{"lat": lat / 1e6, "lon": lon / 1e6} for lat, lon in (near, far)]
    body = {"profile": profile, "points": given, "distance_m": [[0, 777], [888, 0]], "duration_s": [[0, 7], [8, 0]]}
    town = Town(block=50)
    await travel.complete(pool, scope, town, wanted(profile, points(3)), seconds=60)
    assert (await world.coordinator.send("PUT", "/v1/travel-matrices", body)).is_success
    await travel.complete(pool, scope, Town("town-2", block=50), wanted(profile, points(3)), seconds=60)
    stored = await legs(pool, scope, profile, points(3))
    assert (stored[near, far].distance_m, stored[far, near].distance_m) == (777, 888)
    assert stored[near, points(3)[2]].distance_m == 200


async def test_legs_of_another_network_or_way_are_computed_anew_when_they_are_needed(
    pool: Pool, scope: Scope, profile: str
) -> None:
    await travel.complete(pool, scope, Town("town-1", block=50), wanted(profile, points(5)), seconds=60)
    newer = Town("town-2", block=50)
    await travel.complete(pool, scope, newer, wanted(profile, points(3)), seconds=60)
    assert newer.asked == 9  # the other sixteen legs stay as they are until somebody needs them
    assert len(await legs(pool, scope, profile, points(5))) == 25
    slower = SetTravelProfile(mode=Mode.VAN, speed_max_kmh=30)
    await travel.complete(pool, scope, newer, wanted(profile, points(3), way=slower), seconds=60)
    assert newer.asked == 18


async def test_an_engine_that_goes_away_leaves_what_it_has_computed(pool: Pool, scope: Scope, profile: str) -> None:
    town = Town(block=3)
    town.away_after = 18
    with pytest.raises(RoadsAway):
        await travel.complete(pool, scope, town, wanted(profile, points(6)), seconds=60)
    assert len(await legs(pool, scope, profile, points(6))) == 18
    town.away_after = None
    await travel.complete(pool, scope, town, wanted(profile, points(6)), seconds=60)
    assert town.asked == 36


async def test_when_the_time_is_over_the_rest_is_said_to_be_missing(pool: Pool, scope: Scope, profile: str) -> None:
    done = await travel.complete(pool, scope, Town(block=3), wanted(profile, points(6)), seconds=-1)
    assert (done.computed, done.missing) == (0, 36)


async def test_a_point_is_reachable_far_from_a_road_or_cut_off(pool: Pool, scope: Scope, profile: str) -> None:
    hub = points(1)
    checked = [*points(1, first=3), OFF_ROAD, ISLAND, SEA]
    town = Town(block=50)
    asked = Wanted(
        among=[], hubs=[Owned(hub[0], None)], only_checked=[Owned(p, None) for p in checked], ways={profile: VAN}
    )
    await travel.complete(pool, scope, town, asked, seconds=60)
    assert town.asked == 4 + 3  # the hub's row and column; nobody asks for ways between what is only looked at
    assert await verdicts(pool, scope, profile, [*checked, points(1, first=99)[0]]) == [
        Verdict.REACHABLE,
        Verdict.FAR_FROM_ROAD,
        Verdict.NO_WAY,
        Verdict.FAR_FROM_ROAD,
        Verdict.NOT_CHECKED,
    ]


async def test_without_hubs_a_point_near_a_road_counts_as_reachable(pool: Pool, scope: Scope, profile: str) -> None:
    await travel.complete(pool, scope, Town(block=50), wanted(profile, [ISLAND]), seconds=60)
    assert await verdicts(pool, scope, profile, [ISLAND]) == [Verdict.REACHABLE]


async def test_a_member_learns_of_its_own_and_shared_points_alone(
    world: World, pool: Pool, scope: Scope, profile: str
) -> None:
    an, binh = ids.parse("mem", world.an_id), ids.parse("mem", world.binh_id)
    ans, binhs, shared = points(3, first=500)
    asked = Wanted(
        among=[Owned(ans, an), Owned(binhs, binh), Owned(shared, None)], hubs=[], only_checked=[], ways={profile: VAN}
    )
    town = Town(block=50)
    await travel.complete(pool, scope, town, asked, seconds=60)
    member = Scope(role=Role.MEMBER_USER, cluster_id=scope.cluster_id, member_id=an, key_id=ids.new())
    expected = [Verdict.REACHABLE, Verdict.NOT_CHECKED, Verdict.REACHABLE]
    assert await verdicts(pool, member, profile, [ans, binhs, shared]) == expected
    # Binh's customer becomes An's too: An hears of it only once it was checked for An
    again = Wanted(among=[Owned(binhs, an)], hubs=[], only_checked=[], ways={profile: VAN})
    await travel.complete(pool, scope, town, again, seconds=60)
    assert await verdicts(pool, member, profile, [binhs]) == [Verdict.REACHABLE]


async def test_a_hub_that_is_opened_later_is_found_without_snapping_again(
    pool: Pool, scope: Scope, profile: str
) -> None:
    town = Town(block=50)
    await travel.complete(pool, scope, town, wanted(profile, [ISLAND]), seconds=60)
    town.snapped = 0
    await travel.complete(pool, scope, town, wanted(profile, [ISLAND], hubs=points(1)), seconds=60)
    assert town.snapped == 1
    assert await verdicts(pool, scope, profile, [ISLAND]) == [Verdict.NO_WAY]


async def test_profiles_are_known_by_their_name_until_the_coordinator_says_otherwise(world: World) -> None:
    async def profiles() -> dict[str, object]:
        found = (await world.coordinator.get("/v1/travel-profiles")).json()["data"]
        return {entry["profile"]: (entry["mode"], entry["height_mm"], entry["set_at"] is not None) for entry in found}

    assert (await profiles())["truck"] == ("truck", None, False)
    body = {"profile": "cold-12t", "mode": "truck", "gross_weight_g": 12_000_000, "height_mm": 3900}
    for _ in range(2):
        answer = await world.coordinator.send("PUT", "/v1/travel-profiles", body)
        assert answer.status_code == 200, answer.text
    assert (await profiles())["cold-12t"] == ("truck", 3900, True)
    assert (await world.an.get("/v1/travel-profiles")).status_code == 403
    assert (await world.an.send("PUT", "/v1/travel-profiles", body)).status_code == 403


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"mode": "van", "length_mm": 5000}, "/length_mm", "not_for_mode"),
        ({"mode": "motorbike", "height_mm": 1500}, "/height_mm", "not_for_mode"),
        ({"mode": "tram"}, "/mode", "out_of_range"),
        ({"speed_max_kmh": 9}, "/speed_max_kmh", "out_of_range"),
        ({"profile": "no spaces"}, "/profile", "out_of_range"),
    ],
)
async def test_a_profile_that_cannot_be_is_refused(
    world: World, change: dict[str, object], pointer: str, code: str
) -> None:
    body = {"profile": "odd", "mode": "truck"} | change
    [fault] = (await world.coordinator.send("PUT", "/v1/travel-profiles", body)).json()["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)
