"""Days of the fuzzed cluster, planned, driven and waiting, and files: a worker must run, and has looked at them."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from benchmarks.fuzzing.goods import file_of_bookings, items
from benchmarks.fuzzing.plans import proof, seen
from benchmarks.fuzzing.world import Json, Refused, World
from benchmarks.wire import shipment

FILES = 6
WAIT_S = 300.0
OVER = {"solved", "published", "failed", "aborted", "superseded"}


def lived(world: World) -> Json:
    """
    Makes days and files; what a worker has to do is done afterwards.

    Raises
    ------
    Refused
        When the platform refuses something, or does not come to an end.
    """
    first = date.fromisoformat(world.things["day"])
    found: Json = {"today": (first - timedelta(days=1)).isoformat()}
    uploads = [upload(world) for _ in range(FILES)]
    found |= driven(world, world.things["win"][0], first)
    spare = planned(world, *opened(world, first + timedelta(days=1)))
    found["tor"].append(tours(world, spare, release=False)[0]["id"])
    to_tender = planned(world, *opened(world, first + timedelta(days=4)))
    found["tendered"] = tours(world, to_tender, release=False)[0]["id"]
    found["amending"] = amending(world, first + timedelta(days=5))
    there, day = opened(world, first + timedelta(days=2))
    candidates = [planned(world, there, day, publish=False, by="colleague", book=number == 0) for number in range(2)]
    found["candidate"] = candidates[0]
    routes = world.coordinator.get(f"/v1/plans/{candidates[0]}/routes")["routes"]
    found["carried"] = routes[0]["stops"][0]["visits"][0]["shipment_id"]
    found["publishable"] = planned(world, *opened(world, first + timedelta(days=3)), publish=False)
    found["plan"] = [found.pop("published"), *reversed(candidates)]
    for each in uploads:
        until(lambda each=each: world.admin.get(f"/v1/imports/{each}"), {"checked"})  # type: ignore[misc]
    world.admin.post("/v1/cartonise", {"items": items(world)})  # a fresh checkout compiles its kernels for this first
    archive = f"/v1/members/{world.member_id}/archives/{world.things['arc'][0]}"
    until(lambda: world.admin.get(archive), {"ready"})
    return found | {"imp": uploads}


def until(look: Callable[[], Json], wanted: set[str]) -> Json:
    """What is looked at, once it stands in such a state."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        found = look()
        if found["status"] in wanted:
            return found
        time.sleep(0.25)
    raise Refused(f"still {found['status']}, and not {wanted}: {found}")


def upload(world: World) -> str:
    """A file of one booking."""
    headers = {"Content-Type": "text/csv"}
    return str(world.admin.post("/v1/imports?filename=bookings.csv", file_of_bookings(), **headers)["id"])


def opened(world: World, day: date) -> tuple[str, date]:
    """A window of a day."""
    body = {"service_date": day.isoformat(), "cut_off_at": f"{day - timedelta(days=1)}T22:00:00Z"}
    return world.coordinator.post("/v1/pool-windows", body)["id"], day


def planned(
    world: World, window_id: str, day: date, *, publish: bool = True, by: str = "coordinator", book: bool = True
) -> str:
    """A plan of the firm's and its rival's shipments on that day."""
    for asker in ("member_admin", "rival") if book else ():
        for _ in range(2):
            world.asker(asker).post("/v1/shipments", shipment(day.isoformat(), window_id))
    body = {"seconds": 1, "publish": publish}
    plan_id = world.asker(by).post(f"/v1/pool-windows/{window_id}/plans", body)["id"]
    found = until(lambda: world.coordinator.get(f"/v1/plans/{plan_id}"), OVER)
    if found["status"] not in {"solved", "published"}:
        raise Refused(f"the plan is {found['status']}: {found['error_detail']}")
    return str(plan_id)


def tours(world: World, plan_id: str, *, release: bool) -> Any:
    """The plan's tours."""
    return world.coordinator.post(f"/v1/plans/{plan_id}/dispatch", {"release": release})["tours"]


def amending(world: World, day: date) -> str:
    """A day whose tours the carrier was awarded, and a replan with a late order, which changes one of them."""
    window_id, _ = opened(world, day)
    plan_id, asked = planned(world, window_id, day), world.asker("carrier_key")
    body = {"mode": "direct", "carriers": [asked.get("/v1/carrier/me")["id"]]}
    for tour in tours(world, plan_id, release=False):
        world.coordinator.post(f"/v1/tours/{tour['id']}/tenders", body)
    for offer in asked.get("/v1/carrier/offers?status=open")["data"]:
        asked.post(f"/v1/carrier/offers/{offer['id']}/accept", {})
    world.asker("member_admin").post("/v1/shipments", shipment(day.isoformat(), window_id))
    replan = world.coordinator.post(f"/v1/plans/{plan_id}/replan", {"seconds": 1})["id"]
    found = until(lambda: world.coordinator.get(f"/v1/plans/{replan}"), OVER)
    if found["status"] != "solved":
        raise Refused(f"the replan is {found['status']}: {found['error_detail']}")
    return str(replan)


def driven(world: World, window_id: str, day: date) -> Json:
    """A carrier's day on the road: a tour with the firm's shipment, a link, a proof and where the vehicle is."""
    for asker, prefix in (("coordinator", "8934567"), ("member_admin", "4012345"), ("rival", "4054321")):
        world.asker(asker).ask("PUT", "/v1/sscc-prefix", {"prefix": prefix})
    carrier = next(entry for entry in world.coordinator.get("/v1/carriers")["data"] if entry["code"] == "fuzzed")
    for kind in world.coordinator.get("/v1/vehicle-types")["data"]:
        world.coordinator.ask("PUT", f"/v1/vehicle-types/{kind['id']}/carrier", {"carrier_id": carrier["id"]})
    found: Json = {"published": planned(world, window_id, day)}
    for tour in tours(world, found["published"], release=True):
        whole = world.coordinator.get(f"/v1/tours/{tour['id']}")
        visits = [visit for stop in whole["stops"] for visit in stop["visits"]]
        own = [visit["shipment_id"] for visit in visits if visit["member_id"] == world.member_id]
        if own:
            found |= {"tor": [tour["id"]], "toured": own[0]}
    link = world.coordinator.post(f"/v1/tours/{found['tor'][0]}/driver-link", {})
    waiting = world.admin.post(f"/v1/shipments/{found['toured']}/tracking-link", {})
    found |= {"driver": link["token"], "token": [link["token"], waiting["token"]], "lnk": [link["id"], waiting["id"]]}
    world.things |= found
    world.nobody.post(f"/v1/driver/{link['token']}/events", seen())
    signed = proof(world)
    query = "&".join(f"{name}={value}" for name, value in signed.query.items()).replace("+", "%2B")
    at = f"/v1/driver/{link['token']}/proofs?{query}"
    found["pod"] = [world.nobody.post(at, signed.body, **{"Content-Type": "text/plain"})["id"]]
    return found
