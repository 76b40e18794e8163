"""What a carrier reports: of one tour, of many at once, or in the codes of another system."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope, act_as, system_scope
from cluster.base.errors import NotFound
from cluster.dispatch import carrier_queries, carrier_tours, events, foreign_codes, taking, taking_queries
from cluster.dispatch.carrier_models import (
    CarrierEvent,
    CarrierEvents,
    CarrierTakenEvent,
    CarrierTakenEvents,
    ForeignEvent,
    ForeignEvents,
    ForeignFormat,
    TourStanding,
)
from cluster.dispatch.event_models import (
    OF_STOPS,
    OF_VISITS,
    WITH_REASON,
    Action,
    EventKind,
    EventResult,
    EventSource,
    ReportEvent,
    ReportEvents,
    TakenEvent,
    TakenEvents,
)
from cluster.dispatch.foreign_codes import Meaning
from cluster.dispatch.models import Outcome
from cluster.dispatch.taking import Report, Reporter, Taken

EARLY = timedelta(hours=6)
"""A tour may leave this much earlier than planned: what happened before was on the one before."""


class _Refused(Struct, frozen=True):
    """An event that is told of no tour of the carrier's, or cannot be understood."""

    code: str


_Sorted = list[Report | _Refused]


def _reporter(scope: Scope, sent_at: datetime | None = None) -> Reporter:
    return Reporter(source=EventSource.CARRIER, sent_at=sent_at, carrier_id=scope.carrier_id)


async def take_one(db: Connection, scope: Scope, tour_id: UUID, body: ReportEvents) -> TakenEvents:
    """
    Takes events of one of the calling carrier's tours down.

    Raises
    ------
    NotFound
        When it is none of the carrier's, or only planned, or there is none.
    """
    work = await carrier_tours.prove(db, scope, tour_id)
    told = [Report(tour_id, event) for event in body.events]
    return events.of_one(tour_id, await taking.take(db, work, _reporter(scope, body.sent_at), told))


async def take_many(db: Connection, scope: Scope, body: CarrierEvents) -> CarrierTakenEvents:
    """Takes events of any of the calling carrier's tours down; each that is refused is refused by itself."""
    named = {event.tour_id: _parsed(event.tour_id) for event in body.events if event.tour_id is not None}
    wanted = [tour_id for tour_id in named.values() if tour_id is not None]
    codes = sorted({event.tour_code for event in body.events if event.tour_code is not None})
    own = await carrier_queries.prove(db, scope, wanted, codes)
    by_code: dict[str, list[UUID]] = defaultdict(list)
    for tour_id, code in own.items():
        by_code[code].append(tour_id)
    told = [_report_of(event, named, own, by_code) for event in body.events]
    return await _take(db, scope, told, [event.event_key for event in body.events], body.sent_at)


def _parsed(text: str) -> UUID | None:
    try:
        return ids.parse("tor", text)
    except NotFound:
        return None


def _report_of(
    event: CarrierEvent, named: dict[str, UUID | None], own: dict[UUID, str], by_code: dict[str, list[UUID]]
) -> Report | _Refused:
    if event.tour_id is not None:
        tour_id = named[event.tour_id]
        return Report(tour_id, event) if tour_id in own and tour_id is not None else _Refused("not_your_tour")
    found = by_code.get(event.tour_code or "", [])
    if len(found) > 1:
        return _Refused("ambiguous_tour_code")
    return Report(found[0], event) if found else _Refused("not_your_tour")


async def _take(
    db: Connection, scope: Scope, told: _Sorted, keys: Sequence[str], sent_at: datetime | None
) -> CarrierTakenEvents:
    """Takes what is of the carrier's tours, and puts it back in order with what is refused."""
    good = [entry for entry in told if isinstance(entry, Report)]
    work = system_scope(scope.cluster)
    taken = await taking.take(db, work, _reporter(scope, sent_at), good) if good else Taken([], {})
    results = iter(taken.events)
    answered = [
        _refused(key, entry.code) if isinstance(entry, _Refused) else _result(key, entry, next(results))
        for key, entry in zip(keys, told, strict=True)
    ]
    standing = [
        TourStanding(id=ids.show("tor", tour_id), status=now.status, version=now.version)
        for tour_id, now in sorted(taken.tours.items())
    ]
    return CarrierTakenEvents(events=answered, tours=standing)


def _refused(key: str, code: str) -> CarrierTakenEvent:
    return CarrierTakenEvent(event_key=key, tour_id=None, result=EventResult.REFUSED, code=code)


def _result(key: str, entry: Report, taken: TakenEvent | None) -> CarrierTakenEvent:
    if taken is None:  # somebody else was given the tour between the look and the hold
        return _refused(key, "not_your_tour")
    tour_id = ids.show("tor", entry.tour_id)
    return CarrierTakenEvent(event_key=key, tour_id=tour_id, result=taken.result, code=taken.code)


async def take_foreign(db: Connection, scope: Scope, body: ForeignEvents) -> CarrierTakenEvents:
    """Takes events in another system's codes down; what is not understood is refused, and never guessed at."""
    keys = [event.event_key or _key_of(body.format, event) for event in body.events]
    visits = await _visits_of(db, scope, body.events)
    tour_ids = {row["tour_id"] for rows in visits.values() for row in rows}
    pairs = [
        (row["tour_id"], key)
        for event, key in zip(body.events, keys, strict=True)
        for row in visits.get(event.reference, ())
    ]
    own = await carrier_queries.prove(db, scope, sorted(tour_ids))
    known = await taking_queries.known_keys(db, system_scope(scope.cluster), pairs) if own and pairs else set()
    told: _Sorted = []
    for event, key in zip(body.events, keys, strict=True):
        rows = [row for row in visits.get(event.reference, ()) if row["tour_id"] in own]
        told.append(_translated(body.format, event, key, rows, known))
    return await _take(db, scope, told, keys, None)


async def _visits_of(db: Connection, scope: Scope, told: Sequence[ForeignEvent]) -> dict[str, list[Any]]:
    """Visits by the reference that names them; afterwards the carrier asks again."""
    if scope.carrier_id is None:
        raise NotFound("car")
    by_id: dict[UUID, str] = {}
    for event in told:
        if event.reference.startswith("shp_"):
            try:
                by_id[ids.parse("shp", event.reference)] = event.reference
            except NotFound:
                continue
    work = system_scope(scope.cluster)
    await act_as(db, work)
    references = sorted({event.reference for event in told})
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await carrier_queries.visits_named(db, work, scope.carrier_id, references, list(by_id)):
        found[row["reference"] or by_id[row["shipment_id"]]].append(row)
    await act_as(db, scope)
    return found


def _key_of(format_: ForeignFormat, event: ForeignEvent) -> str:
    """A key for an event that brings none: trackers send their whole history each time."""
    said = (event.reference, event.code, event.reason or "", event.at.isoformat())
    return f"{format_.value}:{hashlib.sha256(chr(0).join(said).encode()).hexdigest()[:40]}"


def _translated(
    format_: ForeignFormat, event: ForeignEvent, key: str, rows: list[Any], known: set[tuple[UUID, str]]
) -> Report | _Refused:
    """An event in our words, of the visit that it means."""
    meaning = foreign_codes.meaning_of(format_, event.code, event.reason)
    if meaning is None:
        return _Refused("unknown_foreign_code")
    if not rows:
        return _Refused("unknown_reference")
    if len({row["shipment_id"] for row in rows}) > 1:
        return _Refused("ambiguous_reference")
    for row in rows:
        if (row["tour_id"], key) in known:  # taken before, whichever tour the goods are on by now
            return Report(row["tour_id"], ReportEvent(event_key=key, kind=EventKind.POSITION, at=event.at))
    kind = meaning.kind
    if kind is EventKind.POSITION and event.lat is None:
        kind = None
    if kind is None:
        return _Refused("says_nothing_to_keep")
    return _of_visit(event, key, meaning, kind, rows)


def _of_visit(event: ForeignEvent, key: str, meaning: Meaning, kind: EventKind, rows: list[Any]) -> Report | _Refused:
    wanted = [row for row in rows if meaning.action is None or row["action"] == meaning.action]
    if not wanted and kind is EventKind.DONE and meaning.action is Action.PICKUP:
        # Goods that the tour brings from its start were taken on board there.
        kind, wanted = EventKind.LOADED, rows
    if not wanted:
        return _Refused("not_on_tour")
    visit = _meant(wanted, event.at)
    of_visit = kind in OF_VISITS or kind is EventKind.EXCEPTION
    told = ReportEvent(
        event_key=key,
        kind=kind,
        at=event.at,
        stop_no=visit["stop_no"] if kind in OF_STOPS else None,
        shipment_id=ids.show("shp", visit["shipment_id"]) if of_visit else None,
        action=Action(visit["action"]) if of_visit else None,
        reason=meaning.reason if kind in WITH_REASON else None,
        units_done=event.units_done,
        note=event.note,
        lat=event.lat,
        lon=event.lon,
    )
    return Report(visit["tour_id"], told)


def _meant(rows: list[Any], at: datetime) -> Any:
    """Of a shipment's visits, that of the tour which drove at the time; what was moved away is not meant."""
    there = [row for row in rows if row["outcome"] != Outcome.MOVED] or rows
    before = [row for row in there if row["starts_at"] - EARLY <= at]
    return before[-1] if before else there[0]
