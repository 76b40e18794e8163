"""
A day rehearsed: simulated carriers are asked, answer, drive and report, through the API that real ones use.

Whoever builds a carrier's program sees here what comes when, and a coordinator sees a day unfold before anybody drives.
"""

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cluster.demo.client import Client, DemoFailed

Say = Callable[[str], None]
RESPOND_S = 3600
TAKEN_UP_TO_PERCENT = 105
"""Counters of at most so much of what was offered are taken."""
FAILS_OF, HELD_UP_OF = 20, 15
ROUNDS_MAX = 40
DECLINED_FOR = ("no_capacity", "no_driver", "times_not_possible", "price_too_low")


class Temper(NamedTuple):
    """How a carrier answers: of ten offers so many are accepted and countered, the rest declined."""

    name: str
    accepts: int
    counters: int


TEMPERS = (
    Temper("Rehearsal: eager", 10, 0),
    Temper("Rehearsal: bargaining", 3, 6),
    Temper("Rehearsal: choosy", 3, 1),
    Temper("Rehearsal: dear", 1, 8),
)


class Extent(NamedTuple):
    """
    How much is rehearsed: ``speed`` times as fast as the plan has it, 0 for without waiting.

    ``pause_s`` is between two rounds of answers, for whoever watches.
    """

    carriers: int = len(TEMPERS)
    speed: float = 60.0
    seed: int = 1
    pause_s: float = 0.0


class Outcome(NamedTuple):
    """What came of it."""

    awarded: int
    untaken: int
    done: int
    failed: int


class Carrier(NamedTuple):
    """A simulated carrier, and its key."""

    id: str
    temper: Temper
    client: Client


def rehearse(url: str, coordinator_key: str, extent: Extent, say: Say, tours: list[Any] | None = None) -> Outcome:
    """
    Has tours tendered, answered, awarded, driven and reported.

    Parameters
    ----------
    coordinator_key
        A key of the coordinator: it makes the carriers, tenders, and takes counters.
    tours
        Which; None: those that nobody drives yet, or else the published plan's.

    Raises
    ------
    DemoFailed
        When there is nothing to be driven, or the platform refuses a step.
    """
    chance = random.Random(extent.seed)  # noqa: S311  (no secret)
    coordinator = Client(url, coordinator_key)
    carriers = _carriers(url, coordinator, extent.carriers)
    tours = _tours(coordinator) if tours is None else tours
    say(f"{len(tours)} tours are tendered to {len(carriers)} simulated carriers")
    tenders = [_tendered(coordinator, tour, carriers, chance) for tour in tours]
    awarded = _answered(coordinator, carriers, tenders, chance, extent.pause_s, say)
    done, failed = _driven(carriers, awarded, extent.speed, chance, say)
    return Outcome(awarded=len(awarded), untaken=len(tours) - len(awarded), done=done, failed=failed)


def _carriers(url: str, coordinator: Client, count: int) -> list[Carrier]:
    """Simulated carriers, made once; each rehearsal has fresh keys for them."""
    country = coordinator.get("/v1/me")["cluster"]["country_code"]
    known = {entry["code"]: entry for entry in coordinator.every("/v1/carriers")}
    found = []
    for number, temper in enumerate(TEMPERS[:count], start=1):
        code = f"rehearsal-{number}"
        firm = known.get(code)
        if firm is None:
            firm = coordinator.post("/v1/carriers", {"code": code, "name": temper.name, "country_code": country})
        key = coordinator.post(f"/v1/carriers/{firm['id']}/keys", {"name": "rehearsal", "days": 1})["api_key"]
        found.append(Carrier(id=firm["id"], temper=temper, client=Client(url, key)))
    return found


def _tours(coordinator: Client) -> list[Any]:
    """Tours that nobody drives or is asked for; those of the newest published plan, if there are none yet."""
    planned = coordinator.every("/v1/tours", status="planned")
    asked = {entry["tour_id"] for status in ("open", "deciding") for entry in _tenders(coordinator, status)}
    free = [tour for tour in planned if tour["id"] not in asked]
    if free:
        return free
    for plan in reversed(coordinator.every("/v1/plans")):
        if plan["status"] == "published" and not coordinator.every("/v1/tours", plan_id=plan["id"]):
            made: list[Any] = coordinator.post(f"/v1/plans/{plan['id']}/dispatch", {"release": False})["tours"]
            return made
    raise DemoFailed("nothing to rehearse: publish a plan first, and do not dispatch it")


def _tenders(coordinator: Client, status: str) -> list[Any]:
    return coordinator.every("/v1/tenders", status=status)


def _tendered(coordinator: Client, tour: Any, carriers: list[Carrier], chance: random.Random) -> Any:
    """A waterfall over the carriers in an order of its own."""
    order = chance.sample([carrier.id for carrier in carriers], len(carriers))
    body = {"mode": "waterfall", "carriers": order, "respond_s": RESPOND_S}
    return coordinator.post(f"/v1/tours/{tour['id']}/tenders", body)


def _answered(
    coordinator: Client, carriers: list[Carrier], tenders: list[Any], chance: random.Random, pause_s: float, say: Say
) -> list[tuple[str, Carrier]]:
    """Rounds of answers until every tender is decided; tours with who drives them."""
    by_id = {carrier.id: carrier for carrier in carriers}
    ours = {tender["id"] for tender in tenders}
    for _ in range(ROUNDS_MAX):
        if not ours & {tender["id"] for tender in _tenders(coordinator, "open")}:
            break
        time.sleep(pause_s)
        for carrier in carriers:
            for offer in carrier.client.every("/v1/carrier/offers", status="open"):
                _say_to(carrier, offer, chance)
        _take_counters(coordinator, carriers, ours)
    found = []
    for tender_id in ours:
        tender = coordinator.get(f"/v1/tenders/{tender_id}")
        taken = next((offer for offer in tender["offers"] if offer["status"] == "awarded"), None)
        who = "nobody" if taken is None else taken["carrier_name"]
        say(
            f"tour {tender['tour_code']}: {who}{'' if taken is None else ' for ' + str(taken['answer']['price_minor'])}"
        )
        if taken is not None:
            found.append((tender["tour_id"], by_id[taken["carrier_id"]]))
    return found


def _say_to(carrier: Carrier, offer: Any, chance: random.Random) -> None:
    """An answer after the carrier's temper."""
    path, drawn = f"/v1/carrier/offers/{offer['id']}", chance.randrange(10)
    if drawn < carrier.temper.accepts:
        carrier.client.post(f"{path}/accept")
    elif drawn < carrier.temper.accepts + carrier.temper.counters:
        price_minor = offer["price_minor"] * chance.randrange(101, 112) // 100
        carrier.client.post(f"{path}/counter", {"price_minor": price_minor})
    else:
        carrier.client.post(f"{path}/decline", {"reason": chance.choice(DECLINED_FOR)})


def _take_counters(coordinator: Client, carriers: list[Carrier], ours: set[str]) -> None:
    """The coordinator takes counters that are little dearer; who asked for more declines, and the next is asked."""
    dear = set()
    for tender in _tenders(coordinator, "open"):
        for offer in tender["offers"] if tender["id"] in ours else ():
            if offer["status"] != "countered":
                continue
            if offer["answer"]["price_minor"] * 100 <= tender["price_minor"] * TAKEN_UP_TO_PERCENT:
                coordinator.post(f"/v1/tenders/{tender['id']}/award", {"offer_id": offer["id"]})
            else:
                dear.add(offer["id"])
    for carrier in carriers:
        for offer in carrier.client.every("/v1/carrier/offers", status="countered"):
            if offer["id"] in dear:
                carrier.client.post(f"/v1/carrier/offers/{offer['id']}/decline", {"reason": "price_too_low"})


class Step(NamedTuple):
    """Something that happens so many seconds after the first vehicle leaves, and its place among what else does."""

    after_s: float
    place: tuple[str, int]
    carrier: Carrier
    event: dict[str, Any]


def _driven(
    carriers: list[Carrier], awarded: list[tuple[str, Carrier]], speed: float, chance: random.Random, say: Say
) -> tuple[int, int]:
    """Every tour from its start to its end, as its carrier reports it; how many visits were done, and failed."""
    wholes = [(carrier, carrier.client.get(f"/v1/carrier/tours/{tour_id}")) for tour_id, carrier in awarded]
    if not wholes:
        return 0, 0
    begin = min(_moment(whole["tour"]["starts_at"]) for _, whole in wholes)
    steps = [step for carrier, whole in wholes for step in _steps(carrier, whole, begin, chance)]
    steps.sort(key=lambda step: (step.after_s, step.place))
    began = time.monotonic()
    for step in steps:
        if speed > 0:
            time.sleep(max(0.0, began + step.after_s / speed - time.monotonic()))
        event = step.event | {"at": datetime.now(UTC).isoformat()}
        step.carrier.client.post("/v1/carrier/events", {"events": [event]})
        if step.event["kind"] in ("started", "completed", "failed", "exception"):
            say(f"{step.carrier.temper.name}: {step.event['kind']} {step.event.get('reason', '')}".rstrip())
    after = [carrier.client.get(f"/v1/carrier/tours/{whole['id']}")["tour"] for carrier, whole in wholes]
    return sum(tour["visits_done"] for tour in after), sum(tour["visits_failed"] for tour in after)


def _steps(carrier: Carrier, whole: Any, begin: datetime, chance: random.Random) -> Iterator[Step]:
    """What a tour's carrier will report, and when."""
    for number, (moment, event) in enumerate(_events(whole, chance)):
        named = {"event_key": f"rehearsal-{number}", "tour_id": whole["id"]}
        yield Step((_moment(moment) - begin).total_seconds(), (whole["id"], number), carrier, named | event)


def _events(whole: Any, chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    yield whole["tour"]["starts_at"], {"kind": "started"}
    for stop in whole["stops"]:
        where = {"lat": stop["lat"], "lon": stop["lon"], "accuracy_m": 15}
        if chance.randrange(HELD_UP_OF) == 0:
            yield stop["arrives_at"], {"kind": "exception", "reason": "traffic"}
            yield stop["arrives_at"], {"kind": "resolved"}
        yield stop["arrives_at"], {"kind": "arrived", "stop_no": stop["stop_no"], **where}
        for visit in stop["visits"]:
            about = {"shipment_id": visit["shipment_id"], "action": visit["action"]}
            if visit["action"] == "delivery" and chance.randrange(FAILS_OF) == 0:
                yield stop["departs_at"], {"kind": "failed", "reason": "consignee_absent", **about}
            else:
                yield stop["departs_at"], {"kind": "done", **about}
        yield stop["departs_at"], {"kind": "left", "stop_no": stop["stop_no"], **where}
    yield whole["tour"]["ends_at"], {"kind": "completed"}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
