"""From lines to what can be booked, and what is wrong with the rest. Nothing is booked here."""

import asyncio
from collections.abc import Mapping as Table
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec import structs

from cluster.base.db import Connection, Database
from cluster.base.jobs import Job
from cluster.base.money import EXPONENTS
from cluster.imports import entries, mapping, queries
from cluster.imports.columns import bookings, lines, things
from cluster.imports.columns.bookings import Booking, Surroundings
from cluster.imports.columns.fields import Says
from cluster.imports.columns.headers import Source
from cluster.imports.columns.lines import LineFault, Plan, Read
from cluster.imports.columns.values import Marks, day_order, decimal_mark, degree_mark, text
from cluster.imports.marketplaces import recognise
from cluster.imports.models import FAULTS_KEPT, Fault, ImportStatus
from cluster.imports.reading.found import Cell
from cluster.imports.work import CHUNK_LINES, Task, chunk
from cluster.members import service as members

NUMBERS = {Says.WEIGHT, Says.LENGTH, Says.DURATION, Says.WHOLE, Says.MONEY}
DAYS = {Says.DAY, Says.MOMENT}
MONTH_FIRST = {"US", "PH", "FM", "MH", "PW"}
"""Countries where 3/4 is the fourth of March."""
Line = tuple[int, list[Cell]]
Stored = tuple[int, str, int | None, str | None, str | None]


class Overview(NamedTuple):
    """
    What a look through all lines tells.

    ``together`` are further lines by the first line of their shipment, wherever they stand; ``later`` all of those.
    """

    marks: Marks
    together: dict[int, list[int]]
    later: set[int]


class Check(NamedTuple):
    """All that one chunk after the other is checked with."""

    task: Task
    plan: Plan
    titles: dict[str, str]
    around: Surroundings
    overview: Overview


async def check(database: Database, job: Job, task: Task) -> None:
    """Checks all lines, chunk by chunk; after a crash it goes on where it was."""
    assert task.mapping is not None
    assert task.reading is not None
    sources = mapping.sources_of(task.mapping)
    async with chunk(database, job, task.scope) as db:
        cluster = await members.cluster_of(db, task.scope)
        around = await entries.surroundings(db, task.scope, task.digest.hex()[:12])
    decimals = EXPONENTS[cluster.currency]
    skips = _skips(task)
    overview = await _look_through(
        database, task, sources, skips, "mdy" if cluster.country_code in MONTH_FIRST else "dmy"
    )
    plan = lines.plan_of(task.kind, sources, task.reading.header, overview.marks, decimals)._replace(skips=skips)
    state = Check(task, plan, bookings.titles_of(plan.columns), around, overview)
    done = task.checked_to
    while True:
        async with chunk(database, job, task.scope) as db:
            done, is_over = await _check_chunk(db, state, done)
            if is_over:
                await queries.set_status(db, task.scope, task.import_id, ImportStatus.CHECKED)
                return
            await queries.set_checked_to(db, task.scope, task.import_id, done)


def _skips(task: Task) -> lines.Skips:
    """Lines that a marketplace's file holds beside orders."""
    assert task.reading is not None
    recognised = recognise(task.reading.header) if task.kind == "shipments" and task.reading.marketplace else None
    return recognised.skips if recognised else ()


async def _look_through(
    database: Database, task: Task, sources: Sequence[Source], skips: lines.Skips, usual_days: str
) -> Overview:
    """Which lines belong together, and how numbers and days are written."""
    asked = task.mapping
    decimal = asked.decimal_mark.value if asked and asked.decimal_mark else None
    days = asked.day_order.value if asked and asked.day_order else None
    place = next(
        (source.column_no - 1 for source in sources if source.field == "client_ref" and source.column_no), None
    )
    bare = Plan(task.kind, (), skips)
    firsts: dict[str, int] = {}
    together: dict[int, list[int]] = {}
    after = 0
    while True:
        async with database.unit(task.scope) as db:
            found = await queries.cells(db, task.scope, task.import_id, after, CHUNK_LINES)
        if not found:
            break
        after = found[-1][0]
        rows = [(number, _cells(raw)) for number, raw in found]
        kept = [(number, cells) for number, cells in rows if not lines.is_skipped(bare, cells)]
        cells_only = [cells for _, cells in kept]
        decimal = decimal or degree_mark(lines.samples(sources, task.kind, {Says.DEGREES}, cells_only))
        decimal = decimal or decimal_mark(lines.samples(sources, task.kind, NUMBERS, cells_only))
        days = days or day_order(lines.samples(sources, task.kind, DAYS, cells_only), "") or None
        for number, cells in kept if task.kind == "shipments" else ():
            name = text(cells[place]) if place is not None and place < len(cells) else ""
            if name and firsts.setdefault(name, number) != number:
                together.setdefault(firsts[name], []).append(number)
    later = {number for numbers in together.values() for number in numbers}
    return Overview(Marks(decimal=decimal, days=days or usual_days), together, later)


async def _check_chunk(db: Connection, check: Check, after: int) -> tuple[int, bool]:
    """The next lines with all lines that belong to them: how far that is, and whether there are no more."""
    task = check.task
    found = await queries.cells(db, task.scope, task.import_id, after, CHUNK_LINES)
    if not found:
        return after, True
    begun = {number for number, _ in found} - check.overview.later
    wanted = [other for number in begun for other in check.overview.together.get(number, ())]
    raws = dict(found)
    missing = [number for number in wanted if number not in raws]
    if missing:
        raws |= dict(await queries.cells_of(db, task.scope, task.import_id, missing))
    skipped, reads = await asyncio.to_thread(_read, check.plan, {number: raws[number] for number in (*begun, *wanted)})
    around = await _with_products(db, check, reads)
    made = await asyncio.to_thread(_make, check, around, begun, reads)
    good = [(entry.line_no, entry.entry) for entry in made if entry.entry is not None]
    tried = await entries.would(db, task.scope, task.kind, good)
    refused = {entry.line_no: entry.faults for entry in tried.refused}
    stored: list[Stored] = [(number, "skipped", None, None, None) for number in skipped]
    for entry in made:
        faults = entry.faults
        if entry.line_no in refused:
            faults = bookings.located(refused[entry.line_no], _group(check, entry, reads), check.titles)
        stored += _stored(entry, faults, _numbers(check, entry))
    await queries.set_lines(db, task.scope, task.import_id, stored)
    return found[-1][0], len(found) < CHUNK_LINES


def _read(plan: Plan, raws: Table[int, str]) -> tuple[list[int], dict[int, Read]]:
    """Lines that are skipped, and the others read."""
    skipped, reads = [], {}
    for number, raw in sorted(raws.items()):
        cells = _cells(raw)
        if lines.is_skipped(plan, cells):
            skipped.append(number)
        else:
            reads[number] = lines.read_line(plan, number, cells)
    return skipped, reads


async def _with_products(db: Connection, check: Check, reads: Table[int, Read]) -> Surroundings:
    skus = {str(read.values["sku"]) for read in reads.values() if "sku" in read.values}
    if not skus or check.task.kind != "shipments":
        return check.around
    return structs.replace(check.around, products=await entries.product_units(db, check.task.scope, skus))


def _make(check: Check, around: Surroundings, begun: set[int], reads: Table[int, Read]) -> list[Booking]:
    """What the lines that begin something become with the lines that belong to them."""
    if check.task.kind != "shipments":
        return [things.thing(check.task.kind, reads[number], check.titles) for number in sorted(begun & reads.keys())]
    return [
        bookings.booking(
            [reads[one] for one in (number, *check.overview.together.get(number, ()))], check.titles, around
        )
        for number in sorted(begun & reads.keys())
    ]


def _numbers(check: Check, entry: Booking) -> list[int]:
    return [entry.line_no, *check.overview.together.get(entry.line_no, ())]


def _group(check: Check, entry: Booking, reads: Table[int, Read]) -> list[Read]:
    return [reads[number] for number in _numbers(check, entry)]


def _stored(entry: Booking, faults: Sequence[LineFault], numbers: Sequence[int]) -> list[Stored]:
    """The lines of one entry as they are kept: good with the entry in the first, or all faulty."""
    if not faults:
        assert entry.entry is not None
        return [
            (number, "good", entry.line_no, entry.entry.decode() if number == entry.line_no else None, None)
            for number in numbers
        ]
    rows: list[Stored] = []
    for number in numbers:
        own = [Fault(column=f.column, code=f.code, cause=f.cause, cure=f.cure) for f in faults if f.line_no == number]
        if not own:
            where = min(fault.line_no for fault in faults)
            cause = f"belongs to the shipment of line {where}, which has faults"
            own = [Fault(column=None, code="belongs_to_faulty", cause=cause, cure=f"mend line {where}")]
        rows.append((number, "faulty", entry.line_no, None, msgspec.json.encode(own[:FAULTS_KEPT]).decode()))
    return rows


def _cells(raw: str) -> list[Cell]:
    return msgspec.json.decode(raw, type=list[str | int | float])
