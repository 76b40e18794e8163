"""Rows of reports: figures as numbers a spreadsheet computes with, amounts in whole units of the currency."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from cluster.base.money import EXPONENTS
from cluster.insights.kpi_models import Kpis, Period
from cluster.insights.report_words import Words

QUARTER = timedelta(minutes=15)
Cell = str | int | float | None


def kpi_columns(found: Kpis) -> list[tuple[str, int, Callable[[Period], Cell]]]:
    """Name, decimals and value of each column of figures: the coordinator's, or a member's."""
    digits = EXPONENTS[found.currency]
    own = found.total.own is not None

    def value(name: str, scale: float = 1.0) -> Callable[[Period], Cell]:
        return lambda period: _scaled(getattr(period.own or period.figures, name), scale)

    unit = 10.0**-digits
    columns = [("planned", 0, value("planned")), ("unplanned", 0, value("unplanned"))]
    columns.append(
        ("share", digits, value("share_minor", unit)) if own else ("cost", digits, value("cost_minor", unit))
    )
    columns.append(("per_shipment", max(digits, 2), value("minor_per_shipment", unit)))
    if not own:
        columns.append(("per_km", max(digits, 2), value("minor_per_km", unit)))
    columns.append(("per_kg", max(digits, 2), value("minor_per_kg", unit)))
    if not own:
        columns += [("km", 1, value("distance_m", 0.001)), ("hours", 1, value("duration_s", 1 / 3600))]
        columns.append(("vehicles", 0, value("vehicles")))
    columns += [("kg", 1, value("weight_g", 0.001)), ("m3", 2, value("volume_cm3", 0.000_001))]
    if not own:
        columns += [("fill_weight", 1, value("fill_weight", 100)), ("fill_volume", 1, value("fill_volume", 100))]
    columns += [("on_time", 1, value("on_time_part", 100)), ("alone", digits, value("stand_alone_minor", unit))]
    columns += [("saving", digits, value("saving_minor", unit)), ("saving_percent", 1, value("saving_part", 100))]
    columns.append(("co2", 1, value("emissions_g", 0.001)))
    return columns if own else [*columns, ("space", 1, value("space_use", 100))]


def kpi_rows(found: Kpis, words: Words) -> tuple[list[str], list[list[Cell]]]:
    """Header and lines of figures, the total last."""
    columns = kpi_columns(found)
    header = [words("period"), words("until"), *(words(name) for name, *_ in columns)]
    lines = [
        [period.start.isoformat(), period.end.isoformat(), *(_cut(of(period), digits) for _, digits, of in columns)]
        for period in found.periods
    ]
    total = [words("total"), "", *(_cut(of(found.total), digits) for _, digits, of in columns)]
    return header, [*lines, total]


SHIPMENTS = ("day", "reference", "status", "member", "place", "address", "kg", "m3", "begins", "reason")
ROUTES = ("day", "route", "vehicle", "leaves", "back", "stops", "km", "cost", "kg", "m3")


def shipment_rows(rows: Iterable[asyncpg.Record], zone: ZoneInfo, *, exact: bool) -> list[list[Any]]:
    """Lines of shipments; a member's times are to the quarter of an hour."""
    return [
        [
            row["service_date"].isoformat(),
            row["client_ref"],
            row["status"],
            row["member_code"],
            row["name"],
            row["address_line1"],
            row["weight_g"] / 1000,
            row["volume_cm3"] / 1_000_000,
            None if row["begins_at"] is None else _clock(row["begins_at"], zone, exact=exact),
            row["reason"],
        ]
        for row in rows
    ]


def route_rows(rows: Iterable[asyncpg.Record], zone: ZoneInfo, currency: str) -> list[list[Any]]:
    """Lines of routes."""
    return [
        [
            row["service_date"].isoformat(),
            row["route_no"],
            f"{row['vehicle_name']} {row['vehicle_no']}",
            _clock(row["starts_at"], zone, exact=True),
            _clock(row["ends_at"], zone, exact=True),
            row["stops"],
            row["distance_m"] / 1000,
            _cut(row["cost_minor"] / 10 ** EXPONENTS[currency], EXPONENTS[currency]),
            row["weight_g"] / 1000,
            row["volume_cm3"] / 1_000_000,
        ]
        for row in rows
    ]


def _clock(instant: datetime, zone: ZoneInfo, *, exact: bool) -> str:
    if not exact:
        past = timedelta(seconds=instant.timestamp() % QUARTER.total_seconds())
        instant = instant - past + (QUARTER if past * 2 >= QUARTER else timedelta())
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _scaled(amount: float | None, scale: float) -> float | None:
    return None if amount is None else amount * scale


def _cut(value: Cell, digits: int) -> Cell:
    if value is None or isinstance(value, str):
        return value
    return round(value) if digits == 0 else round(value, digits)
