"""Labels: every handling unit gets a code once, and keeps it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict
from cluster.dispatch import barcodes, document_queries, sscc
from cluster.dispatch.document_models import LABELS_MAX, Label, Paper, PaperLanguage
from cluster.members import service as members

DRAWS_MAX = 20
"""So often a unit's code is drawn anew where it is taken; a prefix with that few codes left has none."""
Unit = tuple[UUID, int, int]
"""Shipment, line, number within the line."""


async def of_shipments(
    db: Connection, scope: Scope, shipment_ids: Sequence[UUID], on_tour: Mapping[UUID, Any]
) -> list[Label]:
    """
    A label for every unit, in the order of the shipments; codes are given where there are none yet.

    Raises
    ------
    Conflict
        ``too_many_labels``; ``sscc_prefix_missing`` where neither the member nor the cluster has a company prefix;
        ``sscc_exhausted`` where a prefix has hardly a code left.
    """
    lines = await document_queries.lines(db, scope, list(shipment_ids))
    if sum(line["units"] for line in lines) > LABELS_MAX:
        raise Conflict("too_many_labels", f"At most {LABELS_MAX} labels at once; print them shipment by shipment.")
    codes = await _codes(db, scope, lines)
    country = (await members.cluster_of(db, scope)).country_code
    place = {shipment_id: number for number, shipment_id in enumerate(shipment_ids)}
    units: Counter[UUID] = Counter()
    for line in lines:
        units[line["shipment_id"]] += line["units"]
    before: Counter[UUID] = Counter()
    found = []
    for line in sorted(lines, key=lambda row: (place[row["shipment_id"]], row["line_no"])):
        shipment_id = line["shipment_id"]
        for unit_no in range(1, line["units"] + 1):
            sscc, count = (
                codes[shipment_id, line["line_no"], unit_no],
                (before[shipment_id] + unit_no, units[shipment_id]),
            )
            found.append(_label(line, sscc, count, on_tour.get(shipment_id), country))
        before[shipment_id] += line["units"]
    return found


async def _codes(db: Connection, scope: Scope, lines: Sequence[Any]) -> dict[Unit, str]:
    """Every unit's code: the one it was booked with, the one it has, or a fresh one."""
    shipment_ids = sorted({line["shipment_id"] for line in lines})
    prefixes = await document_queries.prefixes(db, scope)
    owners: dict[Unit, UUID] = {
        (line["shipment_id"], line["line_no"], unit_no): line["member_id"]
        for line in lines
        for unit_no in range(1, line["units"] + 1)
    }
    booked = {
        (line["shipment_id"], line["line_no"], 1): line["sscc"]
        for line in lines
        if line["units"] == 1 and line["sscc"] is not None and sscc.is_valid(line["sscc"])
    }
    for _ in range(DRAWS_MAX):
        codes = await document_queries.codes(db, scope, shipment_ids) | booked
        missing = [unit for unit in owners if unit not in codes]
        if not missing:
            return codes
        drawn = {sscc.draw(_prefix(prefixes, owners[unit])): unit for unit in missing}
        fresh = [(*unit, owners[unit], code) for code, unit in drawn.items()]
        await document_queries.give_codes(db, scope, fresh)
    raise Conflict("sscc_exhausted", "This company prefix has hardly a code left; ask GS1 for another.")


def _prefix(prefixes: Mapping[UUID | None, str], member_id: UUID) -> str:
    found = prefixes.get(member_id) or prefixes.get(None)
    if found is None:
        raise Conflict("sscc_prefix_missing", "Labels need a GS1 company prefix: set yours, or the cluster's.")
    return found


def _label(line: Any, code: str, count: tuple[int, int], tour: Any, country: str) -> Label:
    return Label(
        sscc=code,
        shipment_id=ids.show("shp", line["shipment_id"]),
        reference=line["client_ref"],
        sender=line["sender"],
        name=line["name"],
        address_line1=line["address_line1"],
        address_line2=line["address_line2"],
        locality=line["locality"],
        postal_code=line["postal_code"],
        country_code=line["country_code"],
        domestic=line["country_code"] in (None, country),
        unit_no=count[0],
        units=count[1],
        weight_g=line["weight_g"],
        un_number=line["un_number"],
        tour=None if tour is None else tour["code"],
        stop_no=None if tour is None else tour["stop_no"],
        service_date=line["service_date"],
    )


def paper(labels: Sequence[Label], language: PaperLanguage) -> Paper:
    """Labels as a template has them."""
    data = {"labels": [_filled(entry) for entry in labels]}
    return Paper(template="label", language=language, data=data, at=datetime.now(UTC))


def _filled(entry: Label) -> dict[str, Any]:
    place = " ".join(part for part in (entry.postal_code, entry.locality, entry.country_code) if part)
    ship_to = barcodes.ship_to_text(entry.postal_code, entry.country_code, domestic=entry.domestic)
    return {
        "sender": entry.sender,
        "date": "" if entry.service_date is None else entry.service_date.isoformat(),
        "name": entry.name,
        "lines": [part for part in (entry.address_line1, entry.address_line2, place) if part],
        "reference": entry.reference,
        "count": f"{entry.unit_no} / {entry.units}",
        "weight": f"{entry.weight_g / 1000:.1f} kg",
        "hazard": "" if entry.un_number is None else f"UN {entry.un_number}",
        "tour": "" if entry.tour is None else f"{entry.tour} / {entry.stop_no}",
        "ship_to": None if ship_to is None else {"svg": barcodes.gs1_128(ship_to), "text": ship_to},
        "sscc": {"svg": barcodes.gs1_128(barcodes.sscc_text(entry.sscc)), "text": barcodes.sscc_text(entry.sscc)},
    }
