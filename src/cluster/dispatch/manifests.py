"""What a manifest and a loading plan say of a tour."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cluster.base.money import money
from cluster.dispatch.document_models import Paper, PaperLanguage
from cluster.dispatch.models import Tour
from cluster.dispatch.words import WORDS

UNITS_TOLD = 6
"""Lines of goods that a manifest names of one shipment; more are counted."""


def manifest(tour: Tour, rows: Sequence[Any], units: Sequence[Any], cluster: Any, language: PaperLanguage) -> Paper:
    """A tour's manifest; ``cluster`` says the time zone and the currency."""
    zone, words = ZoneInfo(cluster.time_zone), WORDS[language]
    goods: dict[UUID, list[Any]] = {}
    for unit in units:
        goods.setdefault(unit["shipment_id"], []).append(unit)
    stops = []
    for number, group in groupby(rows, key=lambda row: row["stop_no"]):
        visits = list(group)
        first = visits[0]
        parts = (first["address_line1"], first["address_line2"], first["postal_code"], first["locality"])
        stops.append(
            {
                "number": str(number),
                "time": _clock(first["arrives_at"], zone),
                "name": first["name"],
                "address": ", ".join(part for part in parts if part),
                "visits": [_visit(row, goods.get(row["shipment_id"], []), words, zone, cluster) for row in visits],
            }
        )
    return Paper(
        template="manifest", language=language, data={"tour": _head(tour, rows, zone), "stops": stops}, at=_now()
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _clock(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%H:%M}"


def _kilograms(weight_g: int) -> str:
    return f"{weight_g / 1000:.1f} kg"


def _head(tour: Tour, rows: Sequence[Any], zone: ZoneInfo) -> dict[str, str]:
    weights = {row["shipment_id"]: row["weight_g"] for row in rows}
    return {
        "code": tour.code,
        "date": tour.service_date.isoformat(),
        "starts": _clock(tour.starts_at, zone),
        "vehicle": tour.vehicle,
        "driver": tour.driver_name or "",
        "total": _kilograms(sum(weights.values())),
        "distance": f"{tour.distance_m / 1000:.1f} km",
    }


def _visit(row: Any, goods: Sequence[Any], words: Mapping[str, str], zone: ZoneInfo, cluster: Any) -> dict[str, str]:
    window = ""
    if row["window_start"] is not None:
        window = f"{_clock(row['window_start'], zone)}-{_clock(row['window_end'], zone)}"
    told = [f"{unit['units']} {unit['kind']}" for unit in goods[:UNITS_TOLD]]
    more = sum(unit["units"] for unit in goods[UNITS_TOLD:])
    hazards = sorted({f"UN {unit['un_number']}" for unit in goods if unit["un_number"] is not None})
    cash = ""
    if row["cod_minor"] is not None and row["action"] == "delivery":
        amount = money(row["cod_minor"], cluster.currency)
        cash = f"{amount.amount} {amount.currency}"
    return {
        "window": window,
        "action": words[row["action"]],
        "reference": row["client_ref"],
        "goods": ", ".join(told) + (f" + {more}" if more else ""),
        "hazard": ", ".join(hazards),
        "weight": _kilograms(row["weight_g"]),
        "contact": " ".join(part for part in (row["contact_name"], row["phone"]) if part),
        "notes": row["instructions"] or "",
        "cash": cash,
    }


def loading_plan(tour: Tour, rows: Sequence[Any], placed: Any, time_zone: str, language: PaperLanguage) -> Paper:
    """
    A tour's loading plan: the order of loading, and where units stand.

    Without a hold, or where nothing is placed in it, whole shipments by their stops, the last stop first.
    """
    hold = placed["hold"]
    units = _placed(rows, placed["placements"]) if hold is not None else []
    shown = None if hold is None or not units else {"along": hold["length_mm"], "across": hold["width_mm"]}
    data = {"tour": _head(tour, rows, ZoneInfo(time_zone)), "hold": shown, "units": units or _by_stop(rows)}
    return Paper(template="loading", language=language, data=data, at=_now())


def _placed(rows: Sequence[Any], placements: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Units in the order of loading; only those that are on the tour still."""
    refs = {row["client_ref"] for row in rows}
    return [
        {
            "order": str(number),
            "stop": str(entry["to_stop"]),
            "reference": entry["client_ref"],
            "unit": f"{entry['kind']} {entry['unit_no']}",
            "place": f"{entry['x_mm']} / {entry['y_mm']} / {entry['z_mm']} mm",
            "weight": _kilograms(entry["weight_g"]),
            "x": entry["x_mm"],
            "y": entry["y_mm"],
            "along": entry["along_mm"],
            "across": entry["across_mm"],
        }
        for number, entry in enumerate(placements, start=1)
        if entry["client_ref"] in refs
    ]


def _by_stop(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Shipments, the last to be unloaded first."""
    deliveries = [row for row in rows if row["action"] == "delivery"]
    return [
        {
            "order": str(number),
            "stop": str(row["stop_no"]),
            "reference": row["client_ref"],
            "unit": row["name"],
            "place": "",
            "weight": _kilograms(row["weight_g"]),
        }
        for number, row in enumerate(reversed(deliveries), start=1)
    ]
