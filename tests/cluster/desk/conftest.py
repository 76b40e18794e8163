"""A planned day that all tests of what explains plans look at."""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import pytest

from tests.cluster.api import Caller, World, riverside
from tests.cluster.desk.road import day
from tests.cluster.planning.test_plan import planned, working
from tests.databases import Database


class Explained(NamedTuple):
    """Riverside with the day of ``tests.cluster.desk.road``: published, and a candidate that nobody knows of."""

    world: World
    plan: Any
    candidate: Any
    waiting_id: str
    shipments: dict[str, str]

    def path(self, rest: str = "") -> str:
        """Something of the published plan."""
        return f"/v1/plans/{self.plan['id']}{rest}"

    async def asked(self, rest: str, caller: Caller | None = None) -> Any:
        """What the coordinator (or somebody else) is answered."""
        answer = await (caller or self.world.coordinator).get(self.path(rest))
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
async def explained(module_database: Database) -> AsyncIterator[Explained]:
    """One world for all tests of a file, which only look."""
    async with riverside(module_database) as world:
        shipments = await day(world)
        async with working(world):
            candidate = await planned(world, "solved", publish=False, rule="shapley", label="candidate")
            plan = await planned(world)
        window = {"service_date": "2090-01-02", "cut_off_at": "2090-01-01T00:00:00Z"}
        empty = (await world.coordinator.made("/v1/pool-windows", window))["id"]
        waiting = await world.coordinator.made(f"/v1/pool-windows/{empty}/plans", {"seconds": 1})
        yield Explained(world, plan, candidate, waiting["id"], shipments)
