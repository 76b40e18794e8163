"""
Reading the books again: every digest, the chain, every sum. The worker does it for what is new and raises an alarm.

It trusts no constraint: whoever went behind PostgreSQL's back is found here.
"""

import logging
from collections.abc import Iterator
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base import outbox
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.ledger import check_queries as queries
from cluster.ledger import digests
from cluster.ledger.models import BookCheck, BookFault

log = logging.getLogger("cluster.ledger")

AT_ONCE = 2000
FAULTS_TOLD = 50


class Reading(Struct, kw_only=True):
    """How far the books were read, and what was found."""

    to_no: int = 0
    chain: bytes = digests.FIRST
    faults: list[BookFault]


async def read_books(db: Connection, scope: Scope, after_no: int = 0, chain: bytes = digests.FIRST) -> Reading:
    """Reads the entries behind a number, whose chain is known, and sums the books as a whole; for the neutral side."""
    found = Reading(to_no=after_no, chain=chain, faults=[])
    while rows := await queries.entries(db, scope, found.to_no, AT_ONCE):
        for row in rows:
            found.faults += _faults(row, found.to_no, found.chain)
            found.to_no, found.chain = row["entry_no"], row["chain"]
        if len(found.faults) >= FAULTS_TOLD:
            break
    found.faults += [
        BookFault(code=row["code"], entry_no=0, detail=row["detail"]) for row in await queries.totals(db, scope)
    ]
    del found.faults[FAULTS_TOLD:]
    return found


def _faults(row: asyncpg.Record, before_no: int, before: bytes) -> Iterator[BookFault]:
    """What is wrong with one entry."""
    number = row["entry_no"]

    def fault(code: str, detail: str) -> BookFault:
        return BookFault(code=code, entry_no=number, detail=detail)

    if number != before_no + 1:
        yield fault("gap", f"entries {before_no + 1} to {number - 1} are gone")
    elif row["before"] != before:
        yield fault("chain_broken", "it does not follow the entry before it")
    if row["chain"] != digests.link(row["before"], row["digest"], number, row["booked_on"]):
        yield fault("chain_wrong", "its number, day or digest is not what was sealed")
    if row["line_nos"] is None or row["line_nos"] != list(range(1, row["lines"] + 1)):
        yield fault("lines_missing", f"it has not its {row['lines']} lines")
        return
    if sum(row["amounts"]) != 0:
        yield fault("not_balanced", f"its lines sum to {sum(row['amounts'])}")
    if not row["said"]:
        yield fault("line_differs", "a line says something else than its entry")
    head = [row[name] for name in ("kind", "source_kind", "source_id", "part", "reverses_id")]
    head += [row["occurred_on"], row["currency"], row["memo"]]
    lines = zip(row["accounts"], row["amounts"], row["reasons"], row["abouts"], strict=True)
    if digests.content(head, lines) != row["digest"]:
        yield fault("content_changed", "it says something else than what was posted")


async def check_all(database: Database) -> dict[UUID, Reading]:
    """Reads all books of all clusters from their first entry on."""
    async with database.unit(system_scope()) as db:
        clusters = await queries.clusters(db)
    found = {}
    for cluster_id in clusters:
        scope = system_scope(cluster_id)
        async with database.unit(scope) as db:
            found[cluster_id] = await read_books(db, scope)
    return found


async def tend(database: Database) -> int:
    """
    The worker's part: reads what was posted since it last looked, and once a day everything; returns how many entries.

    What is wrong is kept, told to the coordinator's webhooks (``ledger.alarm``) and logged.
    """
    async with database.unit(system_scope()) as db:
        clusters = await queries.clusters(db)
    done = 0
    for cluster_id in clusters:
        scope = system_scope(cluster_id)
        async with database.unit(scope) as db:
            done += await look(db, scope)
    return done


async def look(db: Connection, scope: Scope) -> int:
    """Reads one cluster's books where there is something new, or the last look at all of them is a day old."""
    last = await queries.last(db, scope)
    if last is None and await queries.head_no(db, scope) == 0:
        return 0
    if last is not None and last["head_no"] == last["to_no"] and not last["old"]:
        return 0
    whole = last is None or last["old"] or bool(last["faults"])
    after_no, chain = (0, digests.FIRST) if whole or last is None else (last["to_no"], last["chain"])
    found = await read_books(db, scope, after_no, chain)
    await queries.keep(db, scope, after_no + 1, found.to_no, found.chain, found.faults)
    if found.faults and (last is None or [*_kept(last)] != found.faults):
        log.error("the books of cluster %s are not whole: %s", scope.cluster, found.faults[0])
        payload = {"faults": msgspec.to_builtins(found.faults[:10]), "count": len(found.faults)}
        await outbox.emit(db, scope, scope.cluster, "ledger.alarm", payload)
    return found.to_no - after_no


def _kept(row: asyncpg.Record) -> list[BookFault]:
    return msgspec.convert(row["faults"], list[BookFault])


async def last_check(db: Connection, scope: Scope) -> BookCheck:
    """What the last check found, for the neutral side."""
    row = await queries.last(db, scope)
    if row is None:
        unread = await queries.head_no(db, scope)
        return BookCheck(checked_at=None, to_number=0, chain=digests.FIRST.hex(), unread=unread, faults=[])
    return BookCheck(
        checked_at=row["checked_at"],
        to_number=row["to_no"],
        chain=row["chain"].hex(),
        unread=row["head_no"] - row["to_no"],
        faults=_kept(row),
    )
