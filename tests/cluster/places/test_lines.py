"""Lines along roads computed once: what somebody wants and nobody knows, and anew where the network was replaced."""

from collections.abc import AsyncIterator
from itertools import count, pairwise

import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import Scope, system_scope
from cluster.places import lines
from cluster.places.polylines import decoded
from cluster.places.roads_engine import RoadsAway
from cluster.places.roads_models import Pair, PointE6
from tests.cluster.api import World, riverside
from tests.cluster.places.towns import Town, streets
from tests.databases import Database

pytestmark = pytest.mark.anyio
ISLAND = (20_800_000, 106_600_000)
numbers = count()


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside for all tests of this file; each has places of its own."""
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


def tour(size: int, *more: PointE6) -> list[Pair]:
    """A van's way along points that no other test has, and on to ``more``."""
    first = 10_800_000 + 100_000 * next(numbers)
    points = [*((first + 1000 * number, 106_600_000 + 700 * number) for number in range(size)), *more]
    return [Pair("van", start, end) for start, end in pairwise(points)]


async def looked(pool: Pool, scope: Scope, pairs: list[Pair]) -> dict[Pair, str | None]:
    """What somebody finds who looks at a tour, and asks for the rest."""
    async with pool.unit(scope) as db:
        found = await lines.known(db, scope, set(pairs))
        await lines.want(db, scope, set(pairs), set(pairs) - found.keys())
    return found


async def test_wanted_lines_are_computed_once_in_chains_that_the_engine_takes(pool: Pool, scope: Scope) -> None:
    town, pairs = Town(block=4), tour(9)
    assert await looked(pool, scope, pairs) == {}
    await lines.compute(pool, scope, town, seconds=60)
    assert (town.asked, town.largest) == (8, 4)
    found = await looked(pool, scope, pairs)
    assert {pair: decoded(line or "") for pair, line in found.items()} == {
        pair: streets(pair.start, pair.end) for pair in pairs
    }
    await lines.compute(pool, scope, town, seconds=60)
    assert town.asked == 8


async def test_a_leg_without_a_way_is_known_to_have_none(pool: Pool, scope: Scope) -> None:
    town, pairs = Town(block=9), tour(2, ISLAND)
    await looked(pool, scope, pairs)
    await lines.compute(pool, scope, town, seconds=60)
    found = await looked(pool, scope, pairs)
    assert [found[pair] is None for pair in pairs] == [False, True]
    asked = town.asked
    await lines.compute(pool, scope, town, seconds=60)
    assert town.asked == asked


async def test_after_a_new_network_the_old_line_is_shown_until_it_is_computed_anew(pool: Pool, scope: Scope) -> None:
    pairs = tour(3)
    await looked(pool, scope, pairs)
    await lines.compute(pool, scope, Town("town-1"), seconds=60)
    newer = Town("town-2")
    assert len(await looked(pool, scope, pairs)) == 2
    await lines.compute(pool, scope, newer, seconds=60)
    assert newer.asked >= 2
    assert len(await looked(pool, scope, pairs)) == 2


async def test_an_engine_that_goes_away_leaves_what_it_has_computed(pool: Pool, scope: Scope) -> None:
    town, pairs = Town("town-3", block=3), tour(7)
    await lines.compute(pool, scope, town, seconds=60)  # what other tests wanted
    await looked(pool, scope, pairs)
    town.away_after = town.asked + 4
    with pytest.raises(RoadsAway):
        await lines.compute(pool, scope, town, seconds=60)
    assert len(await looked(pool, scope, pairs)) == 4
    town.away_after = None
    await lines.compute(pool, scope, town, seconds=60)
    assert len(await looked(pool, scope, pairs)) == 6


async def test_vehicles_whose_mode_nobody_knows_have_no_lines(pool: Pool, scope: Scope) -> None:
    town, pairs = Town("town-4"), [pair._replace(profile="zeppelin") for pair in tour(3)]
    await looked(pool, scope, pairs)
    await lines.compute(pool, scope, town, seconds=60)
    assert await looked(pool, scope, pairs) == {}


def test_chains_hold_every_leg_once_and_go_on_where_they_can() -> None:
    a, b, c, d = ((10_000_000 + number, 106_000_000) for number in range(4))
    legs = [Pair("van", *ends) for ends in ((a, b), (c, a), (b, c), (a, d), (d, a))]
    assert lines.chains(legs, 10) == [[a, b, c, a, d, a]]
    assert lines.chains(legs, 2) == [[pair.start, pair.end] for pair in ((legs[0], legs[3], *legs[1:3], legs[4]))]
