"""``cluster rehearse``: a day is tendered to simulated carriers, answered, driven and reported, over HTTP."""

import pytest

from cluster.demo.client import Client, DemoFailed
from cluster.demo.day import plan as plan_day
from cluster.demo.day import set_up
from cluster.demo.rehearsal import Extent, rehearse
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
