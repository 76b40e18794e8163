"""Recurring pool windows: kept, looked ahead, and made in time; and what is told of a window's life."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.etags import must_match
from cluster.base.pages import Page, page
from cluster.shipments import schedule_queries as queries
from cluster.shipments.calendar import SEARCH_DAYS, Calendar, occurrences
from cluster.shipments.window_models import AddSchedule, CloseDay, ClosedDays, Occurrence, Occurrences, Schedule

PREVIEW_DAYS_MAX = 366
AT_ONCE = 200
STAGES = {1: "pool_window.opened", 2: "pool_window.closing_soon", 3: "pool_window.closed"}


async def add(db: Connection, scope: Scope, body: AddSchedule) -> Schedule:
    """
    Keeps a schedule and makes its next windows.

    Raises
    ------
    Conflict
        When its label is taken.
    """
    schedule_id = ids.new()
    if not await queries.insert(db, scope, schedule_id, body, await _holidays(db, scope, body)):
        raise Conflict("label_taken", f"There is a schedule with the label {body.label} already.")
    await make(db, scope, schedule_id)
    await audit.record(db, scope, "window_schedule.added", "sch", schedule_id)
    return await schedule(db, scope, schedule_id)


async def _holidays(db: Connection, scope: Scope, body: AddSchedule) -> str:
    """The calendar that a schedule keeps to: its own, else that of the cluster's country where one is known."""
    if body.holidays is not None:
        return body.holidays
    _, country = await queries.zone_and_country(db, scope)
    fitting = msgspec.structs.replace(body, holidays=country)
    return "" if any(fault.pointer == "/holidays" for fault in fitting.faults()) else country


async def schedule(db: Connection, scope: Scope, schedule_id: UUID) -> Schedule:
    """One schedule of the cluster."""
    found = await queries.schedules(db, scope, UUID(int=0), 1, schedule_id)
    if not found:
        raise NotFound("sch")
    return found[0]


async def list_schedules(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Schedule]:
    """Schedules of the cluster, oldest first."""
    return page(await queries.schedules(db, scope, after, limit + 1, None), limit)


async def change(db: Connection, scope: Scope, schedule_id: UUID, body: AddSchedule, if_match: str | None) -> Schedule:
    """
    Puts another schedule in a schedule's place, under the same label.

    Coming windows that nobody booked into, planned or changed by hand are made anew; the others stay as they are.

    Raises
    ------
    Conflict
        For another label: windows are told apart by it.
    """
    found = await queries.schedules(db, scope, UUID(int=0), 1, schedule_id, lock=True)
    if not found:
        raise NotFound("sch")
    must_match(if_match, found[0].version)
    if body.label != found[0].label:
        raise Conflict("label_stays", "A schedule keeps its label; end this one and add another.")
    await queries.update(db, scope, schedule_id, body, await _holidays(db, scope, body))
    await queries.drop_unused_windows(db, scope, schedule_id)
    await make(db, scope, schedule_id)
    await audit.record(db, scope, "window_schedule.changed", "sch", schedule_id)
    return await schedule(db, scope, schedule_id)


async def preview(db: Connection, scope: Scope, schedule_id: UUID, days: int) -> Occurrences:
    """The windows of the coming ``days`` days, and those that holidays moved or took away."""
    found = await schedule(db, scope, schedule_id)
    return Occurrences(data=await _coming(db, scope, found, days))


async def _coming(db: Connection, scope: Scope, found: Schedule, days: int) -> list[Occurrence]:
    zone = ZoneInfo((await queries.zone_and_country(db, scope))[0])
    own = {entry.day: (entry.name, entry.closed) for entry in await queries.days(db, scope)}
    calendar = Calendar(found.service_weekdays, found.holidays, own)
    start = await queries.now(db)
    until = start.astimezone(zone).date() + timedelta(days=days)
    return list(occurrences(found, zone, calendar, start, until))


async def make(db: Connection, scope: Scope, schedule_id: UUID) -> int:
    """
    Makes the windows of a schedule's horizon that there are not yet; returns how many.

    Where holidays bring several cut-offs to one service day they make one window, with the last of the cut-offs; so the
    look goes further than the horizon.
    """
    found = await queries.schedules(db, scope, UUID(int=0), 1, schedule_id, lock=True)
    if not found:
        raise NotFound("sch")
    coming = await _coming(db, scope, found[0], found[0].horizon_days + SEARCH_DAYS) if found[0].active else []
    last = await queries.now(db) + timedelta(days=found[0].horizon_days)
    made = [entry for entry in joined(coming) if entry.cut_off_at <= last]
    await queries.looked(db, scope, schedule_id)
    return await queries.add_windows(db, scope, found[0], schedule_id, made) if made else 0


def joined(coming: Iterable[Occurrence]) -> list[Occurrence]:
    """One window for a service day: opened with the first of its cut-offs' windows, closed with the last."""
    by_day: dict[date, Occurrence] = {}
    for entry in coming:
        if entry.service_date is not None:
            first = by_day.get(entry.service_date, entry)
            by_day[entry.service_date] = msgspec.structs.replace(entry, opens_at=min(first.opens_at, entry.opens_at))
    return list(by_day.values())


async def close_day(db: Connection, scope: Scope, day: date, body: CloseDay | None) -> ClosedDays:
    """Says something of a day in the cluster's own calendar, or (None) nothing any more; unused windows follow."""
    if body is None:
        await queries.drop_day(db, scope, day)
    else:
        await queries.put_day(db, scope, day, body)
    await audit.record(db, scope, "calendar.changed", "clu", scope.cluster, {"day": day.isoformat()})
    for entry in await queries.schedules(db, scope, UUID(int=0), 10_000, None):
        schedule_id = ids.parse("sch", entry.id)
        await queries.drop_unused_windows(db, scope, schedule_id)
        await make(db, scope, schedule_id)
    return await closed_days(db, scope)


async def closed_days(db: Connection, scope: Scope) -> ClosedDays:
    """The cluster's own calendar."""
    return ClosedDays(data=await queries.days(db, scope))


async def tend(database: Database) -> int:
    """
    Makes what windows are due and tells what has come to pass; returns how much there was to do.

    Each schedule and each window is a transaction of its own, so that one that fails holds up no other.
    """
    async with database.unit(system_scope()) as db:
        due = await queries.due(db, AT_ONCE)
        untold = await queries.untold(db, AT_ONCE)
    for entry in due:
        scope = system_scope(entry.cluster_id)
        async with database.unit(scope) as db:
            await make(db, scope, entry.schedule_id)
    for row in untold:
        scope = system_scope(row["cluster_id"])
        async with database.unit(scope) as db:
            if await queries.tell(db, scope, row["pool_window_id"], row["told"], row["stage"]):
                await _tell(db, scope, row["pool_window_id"], row["stage"], row["service_date"], row["cut_off_at"])
    return len(due) + len(untold)


async def _tell(
    db: Connection, scope: Scope, pool_window_id: UUID, stage: int, service_date: date, cut_off_at: datetime
) -> None:
    """Only the newest of what came to pass: a window opened and closed while nobody looked is told as closed."""
    payload = {
        "id": ids.show("win", pool_window_id),
        "service_date": service_date.isoformat(),
        "cut_off_at": cut_off_at.isoformat(),
    }
    await outbox.emit(db, scope, pool_window_id, STAGES[stage], payload, audience=outbox.Audience.EVERYBODY)
