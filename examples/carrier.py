"""
A carrier's desk as a program: answers offers by a price per kilometre, and reports its tours as driven.

``python examples/carrier.py URL KEY MINOR_PER_KM`` looks every ten seconds until Ctrl-C. It needs the Python client
(``clients/python``) alone. Start it beside a platform on which the coordinator has made a key for your firm, and have a
tour put out to tender.
"""

import sys
import time
from datetime import UTC, datetime

from cluster_client import Client, models

EVERY_S = 10


def answer(client: Client, minor_per_km: int) -> list[str]:
    """Takes what pays enough, asks for the rest's price; says what it did."""
    told = []
    for offer in client.carrier.list_offers(status=models.OfferStatus.OPEN):
        wanted = offer.content.distance_m * minor_per_km // 1000
        if offer.price_minor >= wanted:
            said = client.carrier.accept_offer(offer.id)
        else:
            said = client.carrier.counter_offer(offer.id, models.CounterOffer(price_minor=wanted))
        told.append(f"{offer.id}: {said.status}")
    return told


def drive(client: Client) -> list[str]:
    """Reports every dispatched tour to its end, as if each visit succeeded; a real desk asks its drivers."""
    told = []
    for tour in client.carrier.list_my_tours(status=models.TourStatus.DISPATCHED).data:
        whole = client.carrier.get_my_tour(tour.id)
        events = [happened(tour.id, "started", models.EventKind.STARTED)]
        for stop in whole.stops:
            events.append(happened(tour.id, f"at-{stop.stop_no}", models.EventKind.ARRIVED, stop_no=stop.stop_no))
            for visit in stop.visits:
                about = {"shipment_id": visit.shipment_id, "action": models.Action(visit.action)}
                events.append(happened(tour.id, f"{visit.shipment_id}-{visit.action}", models.EventKind.DONE, **about))
        events.append(happened(tour.id, "completed", models.EventKind.COMPLETED))
        taken = client.carrier.report_my_tours(models.CarrierEvents(events=events))
        refused = [event.code for event in taken.events if event.code is not None]
        told.append(f"{tour.code}: {len(events)} events{', refused: ' + ', '.join(refused) if refused else ''}")
    return told


def happened(tour_id: str, key: str, kind: models.EventKind, **about: object) -> models.CarrierEvent:
    """An event that has just happened; sent again with the same key it counts once."""
    return models.CarrierEvent(tour_id=tour_id, event_key=key, kind=kind, at=datetime.now(UTC), **about)  # type: ignore[arg-type]


def main() -> None:
    """Looks again and again."""
    url, key, minor_per_km = sys.argv[1:]
    with Client(url, key) as client:
        while True:
            for line in (*answer(client, int(minor_per_km)), *drive(client)):
                sys.stdout.write(f"{line}\n")
            time.sleep(EVERY_S)


if __name__ == "__main__":
    main()
