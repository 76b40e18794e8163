"""A stranger's thing that is named in a body or a query is as unknown as one that does not exist, and nothing is written."""

import re
from typing import Any

import asyncpg
import httpx
import pytest

from tests.cluster.isolation.naming import (
    ELSEWHERE_TESTED,
    PLACES,
    REPORTS,
    Named,
    Place,
    body_of,
    documented,
    path_of,
    prepared,
)
from tests.cluster.neighbours import Neighbours
from tests.cluster.test_isolation import nobodys, without_request_id

pytestmark = pytest.mark.anyio
EACH_TIME = re.compile(r"[a-z]+_[0-9a-z]{26}|\d{4}-\d\d-\d\dT[0-9:.]+Z")
TABLES = """
SELECT string_agg(format('SELECT %L, count(*), max(xmin::text::bigint) FROM %I', tablename, tablename), ' UNION ALL ')
  FROM pg_tables WHERE schemaname = 'public'
"""


@pytest.fixture(scope="module")
async def world(neighbours: Neighbours) -> Named:
    """An's things, and others'."""
    return await prepared(neighbours)


async def everything(neighbours: Neighbours) -> set[Any]:
    """How many rows every table has, and which transaction wrote last to it."""
    owner = await asyncpg.connect(neighbours.world.database.owner_url)
    try:
        return {tuple(row) for row in await owner.fetch(await owner.fetchval(TABLES))}
    finally:
        await owner.close()


async def asked(world: Named, place: Place, thing: str) -> httpx.Response:
    """The request that names a thing."""
    method = place.operation.partition(" ")[0]
    path, asker = path_of(world, place, thing), world.askers[place.asker]
    if place.operation.endswith("/proofs"):
        given = {"Content-Type": "text/plain"} | ({"Authorization": f"Bearer {asker.key}"} if asker.key else {})
        return await world.neighbours.world.client.post(path, content=b"M1 2L3 4", headers=given)
    return await asker.send(method, path, None if place.query else body_of(world, place, thing), If_Match="*")


def said(answer: httpx.Response, thing: str) -> Any:
    """A body without what differs every time, and without the name that the asker gave."""
    if "json" not in answer.headers.get("content-type", ""):
        return answer.text.replace(thing, "it")
    body = answer.json()
    if answer.status_code == 201:  # what is made has an identifier and a moment of its own
        return EACH_TIME.sub("", answer.text.replace(thing, "it"))
    return str(without_request_id(body) if isinstance(body, dict) else body).replace(thing, "it")


def test_every_place_of_the_document_that_names_a_thing_is_tried() -> None:
    assert {(place.operation, place.where) for place in PLACES} | ELSEWHERE_TESTED.keys() == documented()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.operation} {place.where}")
async def test_a_strangers_thing_is_as_unknown_as_one_that_does_not_exist(world: Named, place: Place) -> None:
    own = world.own[place.kind]
    before = await everything(world.neighbours)
    missing_thing = nobodys(own)
    missing = await asked(world, place, missing_thing)
    answered = place.operation.startswith("GET") or place.operation in REPORTS
    if not answered:  # a filter by what is unknown finds nothing
        assert missing.status_code in {404, 409, 422}, missing.text
    for thing in world.others[place.kind]:
        theirs = await asked(world, place, thing)
        assert theirs.status_code == missing.status_code, theirs.text
        assert said(theirs, thing) == said(missing, missing_thing)
        assert theirs.headers.keys() == missing.headers.keys()
    if not place.query:
        assert await everything(world.neighbours) == before
    found = await asked(world, place, own)
    assert found.is_success or said(found, own) != said(missing, missing_thing), found.text
