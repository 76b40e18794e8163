"""``cluster rehearse``: a day is tendered to simulated carriers, answered, driven and reported, over HTTP."""

import importlib.util
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from cluster.demo.client import Client, DemoFailed
from cluster.demo.day import plan as plan_day
from cluster.demo.day import set_up
from cluster.demo.rehearsal import Extent, rehearse
from cluster_client import Client as CarriersClient
from tests.journeys.live import Platform


def test_a_day_unfolds_from_tenders_to_the_last_delivery(live: Platform, operator_key: str) -> None:
    founded = set_up(live.url, operator_key, lambda line: None)
    key = founded.logins[0].api_key
    with pytest.raises(DemoFailed, match="publish a plan first"):
        rehearse(live.url, key, Extent(speed=0), lambda line: None)
    plan_day(founded, live.url, 2, lambda line: None, players_max=1)
    told: list[str] = []
    outcome = rehearse(live.url, key, Extent(speed=0, seed=2), told.append)
    coordinator = Client(live.url, key)
    tours = coordinator.every("/v1/tours")
    carriers = {tour["carrier_id"] for tour in tours if tour["status"] == "completed"}
    assert outcome.awarded + outcome.untaken == len(tours)
    assert [tour["status"] for tour in tours].count("completed") == outcome.awarded >= 2
    assert None not in carriers
    # Every visit of a tour that was driven ended one way or the other.
    driven = [tour for tour in tours if tour["status"] == "completed"]
    assert outcome.done + outcome.failed == sum(tour["visits"] for tour in driven) > 100
    assert outcome.failed > 0
    assert any(": nobody" in line or " for " in line for line in told)
    tenders = coordinator.every("/v1/tenders")
    assert {tender["status"] for tender in tenders} <= {"awarded", "exhausted"}
    assert sum(tender["status"] == "awarded" for tender in tenders) == outcome.awarded


def desk() -> ModuleType:
    """The example program of a carrier's desk."""
    place = Path(__file__).resolve().parents[2] / "examples" / "carrier.py"
    described = importlib.util.spec_from_file_location("carrier_desk", place)
    assert described is not None
    assert described.loader is not None
    made = importlib.util.module_from_spec(described)
    described.loader.exec_module(made)
    return made


def test_the_example_of_a_carriers_desk_answers_and_drives(live: Platform, operator_key: str) -> None:
    founded = set_up(live.url, operator_key, lambda line: None)
    plan_day(founded, live.url, 2, lambda line: None, players_max=1)
    coordinator = Client(live.url, founded.logins[0].api_key)
    [plan] = [entry for entry in coordinator.every("/v1/plans") if entry["status"] == "published"]
    tours = coordinator.post(f"/v1/plans/{plan['id']}/dispatch", {"release": False})["tours"]
    firm = coordinator.post("/v1/carriers", {"code": "desk", "name": "Desk Vans", "country_code": "VN"})
    key = coordinator.post(f"/v1/carriers/{firm['id']}/keys", {"name": "desk"})["api_key"]
    for tour, price in zip(
        tours, (10**9, 1), strict=False
    ):  # far more than it wants for the first, less for the second
        body = {"mode": "direct", "carriers": [firm["id"]], "price_minor": price}
        coordinator.post(f"/v1/tours/{tour['id']}/tenders", body)
    program = desk()
    with CarriersClient(live.url, key, http=httpx.Client(trust_env=False)) as client:
        assert sorted(line.partition(": ")[2] for line in program.answer(client, 50_000)) == ["awarded", "countered"]
        [told] = program.drive(client)
    assert "refused" not in told
    assert coordinator.get(f"/v1/tours/{tours[0]['id']}")["tour"]["status"] == "completed"
