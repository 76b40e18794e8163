"""
All of a member's data in one file: a ZIP with every table as JSON and as CSV.

Rows are read as that member, through row-level security, some at a time; the file grows on disk and is then kept in the
database in pieces, so that any web process can hand it out.
"""

import asyncio
import csv
import hashlib
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO, Any
from uuid import UUID

from cluster.base import ids, jobs, outbox
from cluster.base.db import Connection, Database, Role, Scope, system_scope
from cluster.base.jobs import Job
from cluster.members import leaving_queries
from cluster.members.leaving_models import Archive

ROWS_AT_ONCE = 1000
CHUNK_BYTES = 1 << 20
IN_MEMORY_BYTES = 1 << 20
KEPT_DAYS = 7
EXPORTED = (
    *("clusters", "cluster_changes", "cluster_settings", "agreements", "pool_windows", "plans"),
    *("members", "contacts", "users", "user_invitations", "api_keys"),
    *("agreement_acceptances", "size_evidence", "consents", "archives", "erasures"),
    *("sites", "addresses", "products", "cartons", "outside_tariffs", "booking_defaults"),
    *("shipments", "shipment_stops", "shipment_contacts", "handling_units", "unit_contents"),
    *("shipment_events", "shipment_cancellations", "quotes", "imports", "import_lines", "import_mappings"),
    *("plan_visits", "plan_unplanned", "shares", "member_figures", "month_totals"),
    *("ledger_accounts", "ledger_lines", "statements", "statement_disputes", "undertaking_parts"),
    *("tracking_events", "proofs", "tracking_links", "sscc_prefixes", "sscc_units"),
    *("space_bookings", "space_commitments", "space_counts", "space_shares"),
    *("webhook_endpoints", "webhook_deliveries", "outbox", "channels", "channel_orders"),
    *("gateways", "gateway_orders"),
)
"""Tables in an archive: a member's own rows, and of the first line what all members of its cluster may read."""
NOT_EXPORTED = {
    "archive_chunks": "archives themselves",
    "geocodes": "answers of other people's services about addresses, which are exported",
    "snapped_points": "computed from addresses and the road network",
    "proof_contents": "pictures, which the API hands out one by one; what is known of each is exported",
    "import_pieces": "the firm's own files; what was read of them is exported",
}
"""Tables with rows of members that are in no archive, and why."""
LEFT_OUT = re.compile(r"(^|_)(hash|digest|sealed|secret|prefix|search_text|held_by)$")
"""Columns that stay out: secrets and their digests, what only serves a search, and who else has held a key."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute (OWASP, CSV injection)."""


async def build(database: Database, job: Job) -> None:
    """
    Makes an archive and stores it.

    Raises
    ------
    LeaseLost
        When the job is no longer this worker's.
    """
    scope = system_scope(job.cluster_id)
    async with database.unit(scope) as db:
        found = await leaving_queries.archives(db, scope, None, UUID(int=0), 1, job.subject_id)
    if not found:
        async with database.unit(scope) as db:
            await jobs.finish(db, job, "failed", "there is no such archive")
        return
    with tempfile.TemporaryFile() as file:
        held = await _fill(database, job, found[0], file)
        await _store(database, job, found[0], file, held)


async def fail(database: Database, job: Job) -> None:
    """Gives an archive up; another may be asked for."""
    scope = system_scope(job.cluster_id)
    async with database.unit(scope) as db:
        await leaving_queries.archive_failed(db, scope, job.subject_id)
        await jobs.finish(db, job, "failed", f"gave up after {job.attempts_max} attempts")


async def _fill(database: Database, job: Job, archive: Archive, file: IO[bytes]) -> dict[str, int]:
    """Writes the ZIP; returns rows by table."""
    member_id = ids.parse("mem", archive.member_id)
    reader = Scope(role=Role.MEMBER_ADMIN, cluster_id=job.cluster_id, member_id=member_id)
    held = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        for table in EXPORTED:
            held[table] = await _table(database, reader, member_id, table, whole)
        whole.writestr("README.json", json.dumps(_manifest(archive, held), indent=2))
    return held


def _manifest(archive: Archive, held: Mapping[str, int]) -> dict[str, Any]:
    return {
        "member_id": archive.member_id,
        "made_at": datetime.now(UTC).isoformat(),
        "tables": held,
        "not_in_it": NOT_EXPORTED | {"columns": "keys, secrets, their digests, and what only serves a search"},
        "formats": {
            "json": "one list of objects a table, as stored; times in UTC, units at the end of names",
            "csv": "the same in UTF-8; a cell that a spreadsheet would compute begins with an apostrophe",
        },
    }


async def _table(database: Database, reader: Scope, member_id: UUID, table: str, whole: zipfile.ZipFile) -> int:
    """Adds one table in both formats; returns how many rows."""
    count = 0
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as lines:
        text = io.TextIOWrapper(lines, "utf-8", newline="", write_through=True)
        with whole.open(f"{table}.json", "w", force_zip64=True) as objects:
            objects.write(b"[")
            async with database.unit(reader) as db:
                async for rows in leaving_queries.rows_of(db, reader, member_id, table, ROWS_AT_ONCE):
                    kept = [{name: value for name, value in row.items() if not LEFT_OUT.search(name)} for row in rows]
                    await asyncio.to_thread(_write, kept, objects, text, first=count == 0)
                    count += len(kept)
            objects.write(b"\n]\n")
        text.flush()
        lines.seek(0)
        with whole.open(f"{table}.csv", "w", force_zip64=True) as cells:
            while piece := lines.read(CHUNK_BYTES):
                await asyncio.to_thread(cells.write, piece)
        text.detach()
    return count


def _write(rows: list[dict[str, Any]], objects: IO[bytes], text: io.TextIOWrapper, *, first: bool) -> None:
    for number, row in enumerate(rows):
        objects.write((b"\n" if first and number == 0 else b",\n") + json.dumps(row, ensure_ascii=False).encode())
    cells = csv.writer(text)
    if first:
        cells.writerow(rows[0])
    cells.writerows([neutral(value) for value in row.values()] for row in rows)


def neutral(value: object) -> object:
    """A value as a cell that no spreadsheet takes for a formula."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


async def _store(database: Database, job: Job, archive: Archive, file: IO[bytes], held: dict[str, int]) -> None:
    """Keeps the file in pieces, and finishes the job in the same transaction."""
    scope, size = system_scope(job.cluster_id), file.seek(0, io.SEEK_END)
    file.seek(0)
    digest, member_id = hashlib.sha256(), ids.parse("mem", archive.member_id)
    async with database.unit(scope) as db:
        number = 0
        while piece := file.read(CHUNK_BYTES):
            digest.update(piece)
            await leaving_queries.insert_chunk(db, scope, job.subject_id, number, member_id, piece)
            number += 1
        await leaving_queries.archive_ready(db, scope, job.subject_id, size, digest.hexdigest(), held, KEPT_DAYS)
        await jobs.finish(db, job, "done")
        await outbox.emit(db, scope, job.subject_id, "archive.ready", {}, member_id=member_id)


async def drop_expired(db: Connection) -> int:
    """Housekeeping of the whole platform: drops the contents of archives past their time; returns how many."""
    return await leaving_queries.expire_archives(db)
