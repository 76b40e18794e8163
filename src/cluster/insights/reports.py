"""Reports: the same figures as files, in the reader's language."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import Forbidden
from cluster.insights import kpis, report_pdf, report_queries, report_sheets
from cluster.insights.kpi_models import By, Kpis
from cluster.insights.report_words import Report, Words, language_of
from cluster.members import settings

LINES_AT_ONCE = 2000
NOTHING = UUID(int=0)


async def language(db: Connection, scope: Scope, asked: str | None, accepted: str | None) -> str:
    """The language of a report, as the reader and the cluster want it."""
    chosen = await settings.languages(db, scope)
    return language_of(asked, accepted, [entry.value for entry in chosen.offered], chosen.default.value)


async def figures_pdf(found: Kpis, asked: str) -> bytes:
    """Figures as a paper; in English where this machine has no font for the language."""
    language = report_pdf.printable(asked)
    return await asyncio.to_thread(report_pdf.pdf, _paper(found, Words(language)), language)


def _paper(found: Kpis, words: Words) -> dict[str, Any]:
    own = found.total.own is not None
    columns = report_sheets.kpi_columns(found)
    header, lines = report_sheets.kpi_rows(found, words)
    digits = [column[1] for column in columns]

    def shown(line: list[Any]) -> list[str]:
        return [
            " – ".join(dict.fromkeys(text for text in line[:2] if text)),
            *(words.number(value, place) for value, place in zip(line[2:], digits, strict=True)),
        ]

    cost, saving = header[2 + 2], header[2 + [name for name, *_ in columns].index("saving_percent")]
    labels = [period.start.isoformat()[: 7 if found.by is By.MONTH else 10] for period in found.periods]
    bars = [float(line[4] or 0) for line in lines[:-1]]
    savings = [period.own or period.figures for period in found.periods]
    line = [None if entry is None or entry.saving_part is None else entry.saving_part * 100 for entry in savings]
    return {
        "title": words("title_own" if own else "title"),
        "span": words("from_to", start=found.start.isoformat(), end=found.end.isoformat()),
        "made": words("made", currency=found.currency, zone=found.time_zone),
        "nothing": words("nothing"),
        "alt": f"{cost}; {saving}",
        "chart": report_pdf.chart(labels, bars, line, (cost, saving)),
        "header": [words("period"), *header[2:]],
        "rows": [shown(line) for line in lines[:-1]],
        "total": shown(lines[-1]),
    }


async def lines(
    database: Database, scope: Scope, report: Report, start: date | None, end: date | None, by: By, words: Words
) -> tuple[list[str], AsyncIterator[list[list[Any]]]]:
    """
    Header and lines of a report, some at a time; no transaction is open between them.

    Raises
    ------
    Forbidden
        When a member asks for routes: they tell of others.
    """
    if report is Report.ROUTES and not scope.neutral:
        raise Forbidden("Routes carry goods of several members; they are the coordinator's to see.")
    async with database.unit(scope) as db:
        found = await kpis.kpis(db, scope, start, end, by)
    zone = ZoneInfo(found.time_zone)
    if report is Report.KPIS:
        header, rows = report_sheets.kpi_rows(found, words)
        return header, _at_once(rows)
    if report is Report.ROUTES:
        async with database.unit(scope) as db:
            routes = await report_queries.routes(db, scope, found.start, found.end)
        header = [words(name) for name in report_sheets.ROUTES]
        return header, _at_once(report_sheets.route_rows(routes, zone, found.currency))
    return [words(name) for name in report_sheets.SHIPMENTS], _shipments(database, scope, found, zone)


async def _at_once(rows: list[list[Any]]) -> AsyncIterator[list[list[Any]]]:
    yield rows


async def _shipments(database: Database, scope: Scope, found: Kpis, zone: ZoneInfo) -> AsyncIterator[list[list[Any]]]:
    after = (found.start, NOTHING)
    while True:
        async with database.unit(scope) as db:
            rows = await report_queries.shipments(db, scope, found.start, found.end, after, LINES_AT_ONCE)
        if not rows:
            return
        yield report_sheets.shipment_rows(rows, zone, exact=scope.neutral)
        after = (rows[-1]["service_date"], rows[-1]["shipment_id"])
