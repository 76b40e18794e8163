"""Use cases of tariffs: each change is a version from a day on, none is ever changed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import audit, ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import FieldFault, Invalid, NotFound
from cluster.base.etags import Outdated, must_match
from cluster.carriers import tariff_prices
from cluster.carriers import tariff_queries as queries
from cluster.carriers.models import NotSearched, Tariff
from cluster.carriers.tariff_models import (
    FuelStep,
    SettleTariff,
    ShipmentBreak,
    TariffVersion,
    TariffZone,
    VehicleTariffs,
)
from cluster.carriers.tariff_prices import PricedExample, PriceExample

YEARS_AHEAD_MAX = 5


async def tariffs(db: Connection, scope: Scope, vehicle_type_id: UUID) -> VehicleTariffs:
    """
    All versions of a vehicle type's tariff.

    Raises
    ------
    NotFound
        When there is no such vehicle type.
    """
    rows = await queries.versions(db, scope, [vehicle_type_id])
    if not rows:
        raise NotFound("vht")
    standing = _effective(rows, await queries.today(db, scope))
    return VehicleTariffs(
        vehicle_type_id=ids.show("vht", vehicle_type_id),
        latest_version=rows[0]["version"],
        data=[_shown(row, in_force=row is standing) for row in rows],
    )


async def settle(
    db: Connection, scope: Scope, vehicle_type_id: UUID, if_match: str | None, body: SettleTariff
) -> VehicleTariffs:
    """
    Settles the next version of a vehicle type's tariff.

    Raises
    ------
    NotFound
        When there is no such vehicle type.
    VersionMissing, Outdated
        When the caller does not say which version it follows, or another one came after it.
    Invalid
        When the day is past or years ahead.
    """
    now = await tariffs(db, scope, vehicle_type_id)
    must_match(if_match, now.latest_version)
    today = await queries.today(db, scope)
    starts = body.effective_from or today
    if faults := _day_faults(starts, today):
        raise Invalid(faults)
    setting_id, version = ids.new(), now.latest_version + 1
    if not await queries.insert(db, scope, setting_id, vehicle_type_id, version, starts, body):
        raise Outdated
    facts = {"version": version, "effective_from": starts.isoformat()}
    await audit.record(db, scope, "tariff.settled", "vht", vehicle_type_id, facts)
    return await tariffs(db, scope, vehicle_type_id)


async def example(db: Connection, scope: Scope, vehicle_type_id: UUID, asked: PriceExample) -> PricedExample:
    """
    What a route would cost by a tariff that need not be settled, in the cluster's currency.

    Raises
    ------
    NotFound
        When there is no such vehicle type.
    """
    await tariffs(db, scope, vehicle_type_id)
    day = asked.on or await queries.today(db, scope)
    lines = tariff_prices.example(day, asked)
    return PricedExample(
        on=day,
        currency=await queries.currency(db, scope),
        lines=lines,
        searched_minor=sum(line.amount_minor for line in lines if line.searched),
        billed_minor=sum(line.amount_minor for line in lines),
    )


async def on(db: Connection, scope: Scope, vehicle_type_ids: Collection[UUID], day: date) -> dict[UUID, TariffVersion]:
    """The tariffs of vehicle types that apply on a service day."""
    found = defaultdict(list)
    for row in await queries.versions(db, scope, sorted(vehicle_type_ids)):
        found[row["vehicle_type_id"]].append(row)
    return {key: _shown(_effective(rows, day), in_force=True) for key, rows in found.items()}


def _effective(rows: Sequence[asyncpg.Record], day: date) -> asyncpg.Record:
    """The version that began last; version 0 began before all days."""
    begun = [row for row in rows if row["effective_from"] is None or row["effective_from"] <= day]
    return max(begun, key=lambda row: (row["effective_from"] or date.min, row["version"]))


def _day_faults(starts: date, today: date) -> list[FieldFault]:
    if starts < today:
        cause, cure = f"{starts} is past", f"{today} or later"
        return [FieldFault(pointer="/effective_from", code="in_the_past", cause=cause, cure=cure)]
    if starts.year > today.year + YEARS_AHEAD_MAX:
        cause, cure = f"in the year {starts.year}", f"at most {YEARS_AHEAD_MAX} years ahead"
        return [FieldFault(pointer="/effective_from", code="out_of_range", cause=cause, cure=cure)]
    return []


def _shown(row: asyncpg.Record, *, in_force: bool) -> TariffVersion:
    parts = {
        NotSearched.ZONES: row["zones"],
        NotSearched.WEIGHT_BREAKS: row["weight_breaks"],
        NotSearched.MINIMUM: row["minimum_minor"],
    }
    return TariffVersion(
        id=ids.show("set", row["setting_id"]),
        version=row["version"],
        effective_from=row["effective_from"],
        in_force=in_force,
        note=row["note"],
        key_id=None if row["key_id"] is None else ids.show("key", row["key_id"]),
        user_id=None if row["user_id"] is None else ids.show("usr", row["user_id"]),
        created_at=row["created_at"],
        tariff=Tariff(
            fixed_minor=row["fixed_minor"],
            km_minor=row["km_minor"],
            hour_minor=row["hour_minor"],
            stop_minor=row["stop_minor"],
        ),
        carrier_name=row["carrier_name"],
        trip_minor=row["trip_minor"],
        minimum_minor=row["minimum_minor"],
        fuel=msgspec.convert(row["fuel"], list[FuelStep]),
        zones=msgspec.convert(row["zones"], list[TariffZone]),
        weight_breaks=msgspec.convert(row["weight_breaks"], list[ShipmentBreak]),
        not_searched=[part for part, there in parts.items() if there],
    )
