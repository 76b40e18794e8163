"""Figures over time: published plans are added up once, read by period, and told to members as the guards allow."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.base.errors import FieldFault, Invalid
from cluster.insights import kpi_queries as queries
from cluster.insights.kpi_guards import (
    MemberMonth,
    MonthTotals,
    may_be_told,
    own_emissions_g,
    rounded,
    told_before,
)
from cluster.insights.kpi_models import By, ClusterTotals, Figures, Kpis, OwnFigures, Period

DAYS_DEFAULT = 30
DAYS_MAX = 5 * 366
AT_ONCE = 20
"""Plans that one transaction adds up."""
WHOLE = 10**6
SUMS = ("planned", "unplanned", "weight_g", "volume_cm3", "visits", "on_time", "happened")


async def kpis(db: Connection, scope: Scope, start: date | None, end: date | None, by: By) -> Kpis:
    """
    Figures of service days; without limits, those of thirty days up to the last one that was planned.

    Raises
    ------
    Invalid
        When the days are reversed or too many.
    """
    pending = await measure(db, scope, AT_ONCE) if scope.neutral else None
    frame = await queries.frame(db, scope)
    last = end or max(frame["latest"] or frame["today"], frame["today"])
    first = start or last - timedelta(days=DAYS_DEFAULT - 1)
    _must_be_days(first, last)
    if scope.member_id is None:
        rows = await queries.figures(db, scope, first, last, by)
        space = await queries.space_use(db, scope, first, last, by)
        found = [_period(row, first, last, by, figures=_figures(row, space.get(row["period"]))) for row in rows]
    else:
        rows = await queries.own(db, scope, scope.member_id, first, last, by)
        told = await _told(db, scope, scope.member_id, first, last) if by is By.MONTH else {}
        found = [
            _period(row, first, last, by, own=_own(row), cluster=told.get(row["period"]) if row["period"] else None)
            for row in rows
        ]
    return Kpis(
        start=first,
        end=last,
        by=by,
        currency=frame["currency"],
        time_zone=frame["time_zone"],
        periods=found[:-1],
        total=found[-1],
        pending=pending,
    )


async def measure(db: Connection, scope: Scope, limit: int) -> int:
    """Adds up published plans that were not; returns how many are left."""
    waiting = await queries.unmeasured(db, scope, limit + WHOLE)
    for plan_id in waiting[:limit]:
        await _measure(db, scope, plan_id)
    return max(0, len(waiting) - limit)


async def tend(database: Database) -> int:
    """
    The worker's part, cluster by cluster: adds up what was published, tells members of months that are over.

    Returns how many plans and months there were.
    """
    async with database.unit(system_scope()) as db:
        clusters = await queries.clusters(db)
    done = 0
    for cluster_id in clusters:
        scope = system_scope(cluster_id)
        async with database.unit(scope) as db:
            waiting = await queries.unmeasured(db, scope, AT_ONCE)
            for plan_id in waiting:
                await _measure(db, scope, plan_id)
            done += len(waiting)
            if not waiting:
                done += await tell_months(db, scope, (await queries.frame(db, scope))["today"])
    return done


async def tell_months(db: Connection, scope: Scope, today: date) -> int:
    """Settles what members are told of months that are over, once and for all; every plan must be added up by then."""
    months, told = await queries.untold_months(db, scope, told_before(today)), 0
    others_min = await queries.privacy_min(db, scope)
    for month in months:
        now = await _members_of(db, scope, month)
        before = await _members_of(db, scope, (month - timedelta(days=1)).replace(day=1))
        end = month.replace(day=monthrange(month.year, month.month)[1])
        *_, whole = await queries.figures(db, scope, month, end, By.MONTH)
        totals = MonthTotals(
            shipments=whole["planned"] or 0,
            distance_m=whole["distance_m"] or 0,
            saving_minor=whole["saving_minor"] or 0,
            emissions_g=whole["emissions_g"] if whole["emissions_days"] == whole["days"] else None,
        )
        rows = [
            {"member_id": entry.member_id}
            | (dict(rounded(totals)) if may_be_told(now, before, entry.member_id, others_min) else {})
            for entry in now
        ]
        await queries.tell(db, scope, month, rows)
        told += bool(rows)
    return told


async def _members_of(db: Connection, scope: Scope, month: date) -> list[MemberMonth]:
    return [MemberMonth(**dict(row)) for row in await queries.month_of_members(db, scope, month)]


async def _measure(db: Connection, scope: Scope, plan_id: UUID) -> None:
    whole = await queries.of_plan(db, scope, plan_id)
    if whole is None:
        return
    members = [dict(row) for row in await queries.by_member(db, scope, plan_id)]
    paid = [entry for entry in members if entry["stand_alone_minor"] is not None]
    head = {"service_date": whole["service_date"], "currency": whole["currency"]}
    day: dict[str, Any] = head | {name: sum(entry[name] for entry in members) for name in SUMS}
    for name in ("pool_window_id", "cost_minor", "distance_m", "duration_s", "routes", "emissions_g"):
        day[name] = whole[name]
    day |= _room("weight", "gm", whole["fill_weight"], whole["weight_gm"])
    day |= _room("volume", "cm3m", whole["fill_volume"], whole["volume_cm3m"])
    for name in ("stand_alone_minor", "saving_minor"):
        day[name] = sum(entry[name] for entry in paid) if paid else None
    await queries.put_day(db, scope, plan_id, day)
    told = _emissions(members, whole["emissions_by_member"], await queries.privacy_min(db, scope))
    rows = [head | entry | {"emissions_g": told[entry["member_id"]]} for entry in members]
    await queries.put_members(db, scope, plan_id, rows)


def _emissions(
    members: Sequence[dict[str, Any]], known: dict[str, int] | None, others_min: int
) -> dict[UUID, int | None]:
    """What each member is told of its part of a plan's emissions."""
    day = [
        MemberMonth(
            member_id=entry["member_id"],
            shipments=entry["planned"],
            alone_minor=entry["stand_alone_minor"] or 0,
            share_minor=entry["share_minor"] or 0,
            saving_minor=entry["saving_minor"] or 0,
        )
        for entry in members
    ]
    parts = known or {}
    return {
        entry.member_id: own_emissions_g(day, parts.get(ids.show("mem", entry.member_id)), entry.member_id, others_min)
        for entry in day
    }


def _room(what: str, unit: str, fill: float | None, room: Any) -> dict[str, Any]:
    """Load times way, and room times way; parts of plans may only be joined through both."""
    carried = None if fill is None else round(int(room) * fill)
    name = "weight_gm" if what == "weight" else "volume_cm3m"
    return {name: carried, f"{what}_room_{unit}": int(room)}


def _must_be_days(first: date, last: date) -> None:
    if last < first:
        cause, cure = f"{last} is before {first}", "let to be from or later"
        raise Invalid([FieldFault(pointer="#query/to", code="window_reversed", cause=cause, cure=cure)])
    if (last - first).days >= DAYS_MAX:
        cause, cure = f"{(last - first).days + 1} days", f"at most {DAYS_MAX} days at once"
        raise Invalid([FieldFault(pointer="#query/from", code="out_of_range", cause=cause, cure=cure)])


async def _told(db: Connection, scope: Scope, member_id: UUID, first: date, last: date) -> dict[date, ClusterTotals]:
    rows: Sequence[asyncpg.Record] = await queries.told(db, scope, member_id, first, last)
    return {
        row["month"]: ClusterTotals(
            shipments=row["shipments"],
            distance_m=row["distance_m"],
            saving_minor=row["saving_minor"],
            emissions_g=row["emissions_g"],
        )
        for row in rows
    }


def _period(row: asyncpg.Record, first: date, last: date, by: By, **parts: Any) -> Period:
    """A period cut to what was asked for; the sum over all where the row names none."""
    begins = row["period"]
    if begins is None:
        return Period(start=first, end=last, **parts)
    days = {By.DAY: 1, By.WEEK: 7, By.MONTH: monthrange(begins.year, begins.month)[1]}[by]
    return Period(start=max(begins, first), end=min(begins + timedelta(days=days - 1), last), **parts)


def _figures(row: asyncpg.Record, space_use: float | None) -> Figures:
    cost, saving, alone = row["cost_minor"] or 0, row["saving_minor"], row["stand_alone_minor"]
    return Figures(
        days=row["days"],
        shipments=(row["planned"] or 0) + (row["unplanned"] or 0),
        planned=row["planned"] or 0,
        unplanned=row["unplanned"] or 0,
        cost_minor=cost,
        minor_per_shipment=_rate(cost, row["planned"]),
        minor_per_km=_rate(cost * 1000, row["distance_m"]),
        minor_per_kg=_rate(cost * 1000, row["weight_g"]),
        distance_m=row["distance_m"] or 0,
        duration_s=row["duration_s"] or 0,
        vehicles=row["vehicles"] or 0,
        weight_g=row["weight_g"] or 0,
        volume_cm3=row["volume_cm3"] or 0,
        fill_weight=_part(row["fill_weight"]),
        fill_volume=_part(row["fill_volume"]),
        visits=row["visits"] or 0,
        on_time=row["on_time"] or 0,
        happened=row["happened"] or 0,
        on_time_part=_part(_rate(row["on_time"] or 0, row["visits"], 6)),
        shared_days=row["shared_days"],
        stand_alone_minor=alone,
        saving_minor=saving,
        saving_part=None if saving is None else _part(_rate(saving, alone, 6)),
        emissions_days=row["emissions_days"],
        emissions_g=row["emissions_g"],
        space_use=_part(space_use),
    )


def _own(row: asyncpg.Record) -> OwnFigures:
    share, saving = row["share_minor"], row["saving_minor"]
    return OwnFigures(
        days=row["days"],
        shipments=(row["planned"] or 0) + (row["unplanned"] or 0),
        planned=row["planned"] or 0,
        unplanned=row["unplanned"] or 0,
        share_minor=share,
        minor_per_shipment=None if share is None else _rate(share, row["planned"]),
        minor_per_kg=None if share is None else _rate(share * 1000, row["weight_g"]),
        weight_g=row["weight_g"] or 0,
        volume_cm3=row["volume_cm3"] or 0,
        visits=row["visits"] or 0,
        on_time=row["on_time"] or 0,
        happened=row["happened"] or 0,
        on_time_part=_part(_rate(row["on_time"] or 0, row["visits"], 6)),
        stand_alone_minor=row["stand_alone_minor"],
        saving_minor=saving,
        saving_part=None if saving is None else _part(_rate(saving, row["stand_alone_minor"], 6)),
        emissions_days=row["emissions_days"],
        emissions_g=row["emissions_g"],
    )


def _rate(amount: int, of: int | None, digits: int = 2) -> float | None:
    return round(amount / of, digits) if of else None


def _part(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
