"""
Races about tenders: an acceptance, a withdrawal and the deadline at the same moment, again and again.

``python -m benchmarks.tender_races [--races 10000] [--tours 8] [--seed 1]``

Each race is a fresh direct tender of a planned tour. Its carrier accepts, the coordinator withdraws, and its deadline
passes while two workers look beside the platform's own: two of the three at random, or all, some milliseconds apart.
Afterwards the tender must have one outcome, the answers must agree with it, and the tour must be the carrier's exactly
if the tender was awarded. Server, worker and PostgreSQL are real and durable. Prints how the races ended, and every
disagreement.
"""

import argparse
import asyncio
import random
import time
import uuid
from collections import Counter
from typing import Any, NamedTuple
from uuid import UUID

import httpx

from benchmarks.platform import Measured, running
from benchmarks.wire import shipment
from cluster.base import ids
from cluster.base.db import Database, system_scope
from cluster.demo.client import Client, wait_for_plan
from cluster.tenders import service

APART_S = {"accept": 0.004, "withdraw": 0.012, "deadline": 0.012}
"""An acceptance looks twice before it waits for the lock; so that each comes first in many races."""
FREED = """
UPDATE tours SET carrier_id = NULL, agreed_minor = NULL, tender_offer_id = NULL
 WHERE cluster_id = $1 AND tour_id = $2
"""
PASSED = """
UPDATE tenders SET deadline_at = now() - interval '1 second'
 WHERE cluster_id = $1 AND tender_id = $2 AND status = 'open'
"""


class Arena(NamedTuple):
    """Who races, and about what."""

    desk: httpx.AsyncClient
    carrier: httpx.AsyncClient
    carrier_id: str
    database: Database
    cluster_id: Any


async def race(arena: Arena, tour_id: str, draw: random.Random) -> tuple[str, str | None]:
    """One race: how it ended, and what does not agree, if anything."""
    made = await _posted(
        arena.desk,
        f"/v1/tours/{tour_id}/tenders",
        {"mode": "direct", "carriers": [arena.carrier_id], "price_minor": 1, "dispatches": False},
    )
    tender, offer = made.json()["id"], made.json()["offers"][0]["id"]
    runners = draw.sample(("accept", "withdraw", "deadline"), draw.choice((2, 2, 3)))
    answers = await asyncio.gather(
        *(_run(arena, name, tender, offer, draw.random() * APART_S[name]) for name in runners)
    )
    said = dict(zip(runners, answers, strict=True))
    found = (await arena.desk.get(f"/v1/tenders/{tender}")).json()
    tour = (await arena.desk.get(f"/v1/tours/{tour_id}")).json()["tour"]
    wrong = _disagreement(said, found, tour, arena.carrier_id)
    if found["status"] == "open":
        await _posted(arena.desk, f"/v1/tenders/{tender}/withdraw", {})
    async with arena.database.unit(system_scope(arena.cluster_id)) as db:
        await db.execute(FREED, arena.cluster_id, ids.parse("tor", tour_id))
    return found["status"], None if wrong is None else f"{tender}: {wrong}; {said}; {found['status']}"


async def _run(arena: Arena, name: str, tender: str, offer: str, after_s: float) -> int | None:
    """One of those who race; the status that it was answered with."""
    await asyncio.sleep(after_s)
    if name == "accept":
        return (await _posted(arena.carrier, f"/v1/carrier/offers/{offer}/accept", {}, refused=True)).status_code
    if name == "withdraw":
        return (await _posted(arena.desk, f"/v1/tenders/{tender}/withdraw", {}, refused=True)).status_code
    async with arena.database.unit(system_scope(arena.cluster_id)) as db:
        await db.execute(PASSED, arena.cluster_id, ids.parse("tnd", tender))
    await asyncio.gather(service.tend(arena.database), service.tend(arena.database))
    return None


def _disagreement(said: dict[str, int | None], tender: Any, tour: Any, carrier_id: str) -> str | None:
    awarded = tender["status"] == "awarded"
    if (tour["carrier_id"] == carrier_id) != awarded:
        return "the tour is not whose the tender says"
    if [offer["status"] for offer in tender["offers"]].count("awarded") != awarded:
        return "the offer is not what the tender says"
    if (said.get("accept") == 200) != awarded:
        return "the carrier was told otherwise"
    if (said.get("withdraw") == 200) != (tender["status"] == "withdrawn"):
        return "the coordinator was told otherwise"
    if "deadline" in said and tender["status"] == "open":
        return "the deadline was forgotten"
    return None


async def _posted(client: httpx.AsyncClient, path: str, body: Any, *, refused: bool = False) -> httpx.Response:
    answer = await client.post(path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    if not (answer.is_success or (refused and answer.status_code == 409)):
        raise SystemExit(f"{path}: {answer.status_code} {answer.text}")
    return answer


def planned_tours(measured: Measured, count: int) -> tuple[list[str], UUID]:
    """Tours of a published plan that nobody drives: so many shipments, and vans that carry one each."""
    url = f"http://127.0.0.1:{measured.port}"
    desk, member = Client(url, measured.coordinator_key), Client(url, measured.member_key)
    place = {"address_line1": "1 Hub Road", "country_code": "VN", "lat": 10.8, "lon": 106.64}
    hub = desk.post("/v1/sites", {"code": "HUB", "name": "Hub", "kind": "hub"} | place)["id"]
    booked = [member.post("/v1/shipments", shipment(measured.day, measured.window_id)) for _ in range(count)]
    weight_g = max(entry["weight_g"] for entry in booked)
    van = {"code": "van", "name": "Van", "start_site_id": hub, "tariff": {"fixed_minor": 1, "km_minor": 1}}
    van |= {"capacity": {"weight_g": weight_g, "volume_cm3": 10**7, "pallet_places": 0}}
    desk.post("/v1/vehicle-types", van)
    plan = desk.post(f"/v1/pool-windows/{measured.window_id}/plans", {"seconds": 1, "players_max": 1})
    wait_for_plan(desk, plan["id"], 300, lambda _: None)
    tours = desk.post(f"/v1/plans/{plan['id']}/dispatch", {"release": False})["tours"]
    cluster_id = ids.parse("clu", desk.get("/v1/me")["cluster"]["id"])
    return [tour["id"] for tour in tours], cluster_id


async def measure(measured: Measured, options: argparse.Namespace) -> None:
    """Races on every tour, side by side, until there were enough."""
    url = f"http://127.0.0.1:{measured.port}"
    tours, cluster_id = await asyncio.to_thread(planned_tours, measured, options.tours)
    async with (
        httpx.AsyncClient(base_url=url, headers=_key(measured.coordinator_key), timeout=60, trust_env=False) as desk,
        Database.open(measured.database_url, 4) as database,
    ):
        body = {"code": "racer", "name": "Racer", "country_code": "VN"}
        carrier_id = (await _posted(desk, "/v1/carriers", body)).json()["id"]
        key = (await _posted(desk, f"/v1/carriers/{carrier_id}/keys", {"name": "race"})).json()["api_key"]
        async with httpx.AsyncClient(base_url=url, headers=_key(key), timeout=60, trust_env=False) as carrier:
            arena = Arena(desk, carrier, carrier_id, database, cluster_id)
            left, ended, wrong = iter(range(options.races)), Counter[str](), list[str]()

            async def lane(number: int, tour_id: str) -> None:
                draw = random.Random(f"{options.seed} {number}")
                for _ in left:
                    status, disagreement = await race(arena, tour_id, draw)
                    ended[status] += 1
                    wrong.extend([disagreement] if disagreement else [])

            began = time.monotonic()
            await asyncio.gather(*(lane(number, tour) for number, tour in enumerate(tours)))
            seconds = time.monotonic() - began
    print(
        f"{sum(ended.values()):,} races in {seconds:.0f} s: " + ", ".join(f"{n:,} {s}" for s, n in ended.most_common())
    )
    print(f"{len(wrong)} disagreements", *wrong[:10], sep="\n  ")


def _key(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def main() -> None:
    """Races and prints."""
    parser = argparse.ArgumentParser(description="Accept, withdraw and deadline at once: one outcome each.")
    parser.add_argument("--races", type=int, default=10_000)
    parser.add_argument("--tours", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with running(worker=True) as measured:
        asyncio.run(measure(measured, options))


if __name__ == "__main__":
    main()
