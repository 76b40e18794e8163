"""
Use cases of lines along roads: what is known of them, and what a road engine adds to it in the background.

Whoever looks at routes notes which lines it wants; a job computes those that nobody knows, and those of a network that
was replaced since. An old road is a better picture than none, so it is shown until then.
"""

import asyncio
import time
from itertools import pairwise
from uuid import UUID

from cluster.base import jobs
from cluster.base.db import Connection, Database, Scope
from cluster.places import line_queries as queries
from cluster.places import roads
from cluster.places.roads_engine import TravelEngine, lines_of
from cluster.places.roads_models import Pair, PointE6, SetTravelProfile

LINES_JOB = "road_lines"
WANTED_MAX = 5_000
"""New lines for one who looks; the rest when it looks again."""
AT_ONCE = 500
"""Lines read from the table together; stored chain by chain."""


async def known(db: Connection, scope: Scope, pairs: set[Pair]) -> dict[Pair, str | None]:
    """Those of the lines that are known, as encoded polylines of precision 5; None where no road leads."""
    return await queries.computed(db, scope, list(pairs)) if pairs else {}


async def want(db: Connection, scope: Scope, pairs: set[Pair], missing: set[Pair]) -> bool:
    """
    Asks for lines in the background; whether that was needed.

    ``missing`` are those among ``pairs`` that are not known; of those at most ``WANTED_MAX`` are asked for at once.
    """
    asked = [*(pairs - missing), *sorted(missing)[:WANTED_MAX]]
    if not asked or not (await queries.want(db, scope, asked) or missing):
        return False
    cluster_id: UUID = scope.cluster
    try:
        await jobs.add(db, scope, kind=LINES_JOB, dedupe_key=LINES_JOB, subject_id=cluster_id)
    except jobs.AlreadyQueued:
        return False
    return True


async def compute(database: Database, scope: Scope, engine: TravelEngine, *, seconds: float) -> None:
    """
    Computes the lines that somebody wants, for so long at most.

    No transaction is open while the engine computes. What was computed stays if the worker dies.

    Raises
    ------
    RoadsAway
        When the engine does not answer; what was stored before stays.
    """
    until = time.monotonic() + seconds
    async with database.unit(scope) as db:
        ways = await roads.ways(db, scope, await queries.profiles(db, scope))
    for profile, way in sorted(ways.items()):
        network = roads.network_of(engine, way)
        while time.monotonic() < until:
            async with database.unit(scope) as db:
                lacking = await queries.lacking(db, scope, profile, network, AT_ONCE)
            if not lacking:
                break
            for chain in chains(lacking, engine.chain):
                found = await asyncio.to_thread(_found, engine, way, profile, chain)
                async with database.unit(scope) as db:
                    await queries.store(db, scope, network, found)


def _found(engine: TravelEngine, way: SetTravelProfile, profile: str, chain: list[PointE6]) -> dict[Pair, str | None]:
    lines = lines_of(engine, way, chain)
    return {Pair(profile, *ends): line for ends, line in zip(pairwise(chain), lines, strict=True)}


def chains(pairs: list[Pair], points_max: int) -> list[list[PointE6]]:
    """Points one after the other, at most ``points_max``, whose steps are exactly these pairs, each once."""
    onward: dict[PointE6, list[PointE6]] = {}
    for pair in reversed(pairs):
        onward.setdefault(pair.start, []).append(pair.end)
    found = []
    for pair in pairs:
        while onward.get(pair.start):
            chain = [pair.start]
            while len(chain) < points_max and onward.get(chain[-1]):
                chain.append(onward[chain[-1]].pop())
            found.append(chain)
    return found
