"""
Who is told of a tour: the coordinator, and the carrier that drives it, each in an event of its own.

A carrier hears of what it can see (given out, or called off), numbered by itself: what else happens to a tour, and how
often, is not its to know.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from cluster.base import ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.outbox import NewEvent
from cluster.dispatch import queries

Told = list[tuple[str, NewEvent]]


def events_of(topic: str, tour_id: UUID, carrier_id: UUID | None, payload: Mapping[str, object]) -> Told:
    """Events of one thing that happened to a tour; its row must be held where they are emitted."""
    told = [(topic, NewEvent(resource_id=tour_id, payload=payload))]
    if carrier_id is not None:
        own = outbox.part_of(tour_id, carrier_id)
        shown = {"id": ids.show("tor", tour_id)} | dict(payload)
        told.append((topic, NewEvent(resource_id=own, payload=shown, carrier_id=carrier_id)))
    return told


async def tell(db: Connection, scope: Scope, topic: str, tour_ids: Sequence[UUID]) -> None:
    """Tells what has just happened to tours; their rows must be held."""
    if not tour_ids:
        return
    carriers = await queries.carriers_told(db, scope, tour_ids)
    told = [event for tour_id in tour_ids for event in events_of(topic, tour_id, carriers.get(tour_id), {})]
    await outbox.emit_each(db, scope, told)
