"""SQL of recurring pool windows and of the cluster's own calendar."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.shipments.window_models import (
    AddSchedule,
    CloseDay,
    ClosedDay,
    DueSchedule,
    LatePolicy,
    Occurrence,
    OnHoliday,
    Schedule,
)


async def zone_and_country(db: Connection, scope: Scope) -> tuple[str, str]:
    """The cluster's IANA zone and country."""
    row = await db.fetchrow("SELECT time_zone, country_code FROM clusters WHERE cluster_id = $1", scope.cluster)
    if row is None:
        raise LookupError("the cluster is gone")
    return row["time_zone"], row["country_code"]


async def insert(db: Connection, scope: Scope, schedule_id: UUID, body: AddSchedule, holidays: str) -> bool:
    """A new schedule; False when its label is taken."""
    done = await db.fetchval(
        """
        INSERT INTO window_schedules (cluster_id, schedule_id, label, cut_off_cron, offset_days,
                                      service_weekdays, holidays, on_holiday, opens_days_before, opens_clock,
                                      late_policy, late_s, horizon_days, valid_from, valid_until, active)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::time, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (cluster_id, label) DO NOTHING RETURNING true
        """,
        scope.cluster,
        schedule_id,
        body.label,
        *_fields(body, holidays),
    )
    return bool(done)


def _fields(body: AddSchedule, holidays: str) -> tuple[Any, ...]:
    """What may change of a schedule, in the order of both statements."""
    return (
        " ".join(body.cut_off_cron.split()),
        body.offset_days,
        sorted(body.service_weekdays),
        holidays,
        body.on_holiday,
        body.opens_days_before,
        body.opens_clock,
        body.late_policy,
        body.late_s,
        body.horizon_days,
        body.valid_from,
        body.valid_until,
        body.active,
    )


async def update(db: Connection, scope: Scope, schedule_id: UUID, body: AddSchedule, holidays: str) -> None:
    """Everything of a schedule but its label, as the next version."""
    await db.execute(
        """
        UPDATE window_schedules
           SET cut_off_cron = $3, offset_days = $4, service_weekdays = $5, holidays = $6, on_holiday = $7,
               opens_days_before = $8, opens_clock = $9::text::time, late_policy = $10, late_s = $11,
               horizon_days = $12, valid_from = $13, valid_until = $14, active = $15, version = version + 1,
               looked_at = NULL
         WHERE cluster_id = $1 AND schedule_id = $2
        """,
        scope.cluster,
        schedule_id,
        *_fields(body, holidays),
    )


async def schedules(
    db: Connection, scope: Scope, after: UUID, limit: int, schedule_id: UUID | None, *, lock: bool = False
) -> list[Schedule]:
    """Schedules of the cluster, oldest first; or the one asked for, locked against other changes if wished."""
    if lock:
        await db.execute(
            "SELECT 1 FROM window_schedules WHERE cluster_id = $1 AND schedule_id = $2 FOR NO KEY UPDATE",
            scope.cluster,
            schedule_id,
        )
    rows = await db.fetch(
        """
        SELECT schedule_id, label, cut_off_cron, offset_days, service_weekdays, holidays, on_holiday,
               opens_days_before, to_char(opens_clock, 'HH24:MI') AS opens_clock, late_policy, late_s, horizon_days,
               valid_from, valid_until, active, version, created_at
          FROM window_schedules
         WHERE cluster_id = $1 AND schedule_id > $2 AND ($3::uuid IS NULL OR schedule_id = $3)
         ORDER BY schedule_id LIMIT $4
        """,
        scope.cluster,
        after,
        schedule_id,
        limit,
    )
    return [_schedule(row) for row in rows]


def _schedule(row: asyncpg.Record) -> Schedule:
    fields = dict(row)
    return Schedule(
        id=ids.show("sch", fields.pop("schedule_id")),
        on_holiday=OnHoliday(fields.pop("on_holiday")),
        late_policy=LatePolicy(fields.pop("late_policy")),
        **fields,
    )


async def due(db: Connection, limit: int) -> list[DueSchedule]:
    """Active schedules that nobody looked at for an hour."""
    # any-cluster: the worker serves all clusters
    rows = await db.fetch(
        """
        SELECT cluster_id, schedule_id FROM window_schedules
         WHERE active AND (looked_at IS NULL OR looked_at < now() - interval '1 hour')
         ORDER BY cluster_id, schedule_id LIMIT $1
        """,
        limit,
    )
    return [DueSchedule(**dict(row)) for row in rows]


async def looked(db: Connection, scope: Scope, schedule_id: UUID) -> None:
    """Notes that a schedule's windows are made for now."""
    await db.execute(
        "UPDATE window_schedules SET looked_at = now() WHERE cluster_id = $1 AND schedule_id = $2",
        scope.cluster,
        schedule_id,
    )


async def add_windows(
    db: Connection, scope: Scope, schedule: Schedule, schedule_id: UUID, made: Sequence[Occurrence]
) -> int:
    """Windows of a schedule, but for those there are already; returns how many."""
    done = await db.execute(
        """
        INSERT INTO pool_windows (cluster_id, pool_window_id, service_date, opens_at, cut_off_at, label, schedule_id,
                                  late_policy, late_until_at)
        SELECT $1, new.id, new.day, new.opens, new.cut_off, $2, $3, $4, new.late
          FROM unnest($5::uuid[], $6::date[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
               AS new (id, day, opens, cut_off, late)
            ON CONFLICT (cluster_id, service_date, label) DO NOTHING
        """,
        scope.cluster,
        schedule.label,
        schedule_id,
        schedule.late_policy,
        [ids.new() for _ in made],
        [entry.service_date for entry in made],
        [entry.opens_at for entry in made],
        [entry.cut_off_at for entry in made],
        [entry.late_until_at for entry in made],
    )
    return int(done.rpartition(" ")[2])


async def drop_unused_windows(db: Connection, scope: Scope, schedule_id: UUID) -> int:
    """Takes back coming windows of a schedule that nobody booked into, planned or changed by hand."""
    done = await db.execute(
        """
        DELETE FROM pool_windows AS held
         WHERE cluster_id = $1 AND schedule_id = $2 AND cut_off_at > now() AND version = 0 AND NOT by_hand
           AND NOT EXISTS (SELECT FROM shipments
                            WHERE shipments.cluster_id = $1 AND shipments.pool_window_id = held.pool_window_id)
           AND NOT EXISTS (SELECT FROM plans
                            WHERE plans.cluster_id = $1 AND plans.pool_window_id = held.pool_window_id)
        """,
        scope.cluster,
        schedule_id,
    )
    return int(done.rpartition(" ")[2])


async def put_day(db: Connection, scope: Scope, day: date, body: CloseDay) -> None:
    """What the cluster's own calendar says of a day."""
    await db.execute(
        """
        INSERT INTO closed_days (cluster_id, day, name, closed) VALUES ($1, $2, $3, $4)
        ON CONFLICT (cluster_id, day) DO UPDATE SET name = excluded.name, closed = excluded.closed
        """,
        scope.cluster,
        day,
        body.name,
        body.closed,
    )


async def drop_day(db: Connection, scope: Scope, day: date) -> None:
    """The cluster's own calendar says nothing of a day any more."""
    await db.execute("DELETE FROM closed_days WHERE cluster_id = $1 AND day = $2", scope.cluster, day)


async def days(db: Connection, scope: Scope) -> list[ClosedDay]:
    """The cluster's own calendar, the earliest day first."""
    rows = await db.fetch("SELECT day, name, closed FROM closed_days WHERE cluster_id = $1 ORDER BY day", scope.cluster)
    return [ClosedDay(**dict(row)) for row in rows]


async def now(db: Connection) -> datetime:
    """The database's clock."""
    found: datetime = await db.fetchval("SELECT now()")
    return found


async def untold(db: Connection, limit: int) -> list[asyncpg.Record]:
    """Windows of which something is to be told now: the next of opened (1), closing soon (2), closed (3)."""
    # any-cluster: the worker serves all clusters
    rows: list[asyncpg.Record] = await db.fetch(
        """
        SELECT cluster_id, pool_window_id, service_date, label, opens_at, cut_off_at, told,
               CASE WHEN now() >= cut_off_at THEN 3
                    WHEN now() >= cut_off_at - interval '1 hour' THEN 2 ELSE 1 END AS stage
          FROM pool_windows
         WHERE (told < 1 AND now() >= opens_at) OR (told < 2 AND now() >= cut_off_at - interval '1 hour')
            OR (told < 3 AND now() >= cut_off_at)
         ORDER BY cluster_id, pool_window_id LIMIT $1
        """,
        limit,
    )
    return rows


async def tell(db: Connection, scope: Scope, pool_window_id: UUID, told: int, stage: int) -> bool:
    """Notes how far a window's life has been told; False when somebody else did."""
    done = await db.fetchval(
        """
        UPDATE pool_windows SET told = $4 WHERE cluster_id = $1 AND pool_window_id = $2 AND told = $3 RETURNING true
        """,
        scope.cluster,
        pool_window_id,
        told,
        stage,
    )
    return bool(done)
