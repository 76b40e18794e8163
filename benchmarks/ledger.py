"""
The books: entries posted a second, one a transaction and in batches, and a month closed.

``python -m benchmarks.ledger [--entries 2000] [--members 30] [--shipments 50000]``

PostgreSQL is real and durable, with every key and trigger. An entry of the first kind has a line for each of ten
members and one for the cluster. The month has a plan a day with a line for each member, and cash on delivery for every
shipment; it is proposed by one, closed by another, with tax, statements, netting. Afterwards the books are read again.
"""

import argparse
import asyncio
import time
import uuid
from datetime import date, timedelta

from msgspec import structs

from benchmarks.platform import Measured, running
from cluster.base import ids
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.books import periods
from cluster.books.models import OpenPeriod
from cluster.demo.client import Client
from cluster.ledger.checking import read_books
from cluster.ledger.models import NewEntry, NewLine, Purpose, of_cluster, of_member
from cluster.ledger.service import post

STARTS, ENDS = date(2025, 10, 1), date(2025, 10, 31)
BATCH = 1000


def estimate(members: list[uuid.UUID], day: date) -> NewEntry:
    """A plan's shares."""
    lines = [NewLine(of_member(member, "VND"), 1000 + number, "share") for number, member in enumerate(members)]
    total = sum(line.amount_minor for line in lines)
    return NewEntry(
        kind="estimate",
        source_kind="plan",
        source_id=ids.new(),
        occurred_on=day,
        currency="VND",
        lines=(*lines, NewLine(of_cluster(Purpose.FREIGHT, "VND"), -total, "shares")),
    )


def cash(member: uuid.UUID, day: date) -> NewEntry:
    """Cash on delivery of one shipment."""
    return NewEntry(
        kind="cash_on_delivery",
        source_kind="shp",
        source_id=ids.new(),
        part="1",
        occurred_on=day,
        currency="VND",
        lines=(
            NewLine(of_cluster(Purpose.CASH, "VND"), 90_000, "collected"),
            NewLine(of_member(member, "VND"), -90_000, "collected"),
        ),
    )


async def one_by_one(database: Database, scope: Scope, members: list[uuid.UUID], count: int, at_once: int) -> float:
    """Entries a second, each committed by itself, by so many at once."""
    entries = [estimate(members[:10], date(2025, 9, 1)) for _ in range(count)]

    async def work() -> None:
        while entries:
            entry = entries.pop()
            async with database.unit(scope) as db:
                await post(db, scope, [entry])

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return count / (time.perf_counter() - begun)


async def in_batches(database: Database, scope: Scope, entries: list[NewEntry]) -> float:
    """Entries a second, a thousand a transaction."""
    begun = time.perf_counter()
    for first in range(0, len(entries), BATCH):
        async with database.unit(scope) as db:
            await post(db, scope, entries[first : first + BATCH])
    return len(entries) / (time.perf_counter() - begun)


async def closed(db: Connection, scope: Scope) -> tuple[float, float]:
    """Seconds of proposing and of closing the month."""
    period = ids.parse("per", (await periods.open_period(db, scope, OpenPeriod(
        starts_on=STARTS, ends_on=ENDS, taxed=True))).id)  # fmt: skip
    begun = time.perf_counter()
    await periods.propose(db, scope, period)
    proposed = time.perf_counter()
    await periods.close(db, structs.replace(scope, key_id=ids.new()), period)
    return proposed - begun, time.perf_counter() - proposed


async def measure(measured: Measured, args: argparse.Namespace) -> None:
    """All of it, printed line by line."""
    desk = Client(f"http://127.0.0.1:{measured.port}", measured.coordinator_key)
    cluster_id = ids.parse("clu", desk.get("/v1/me")["cluster"]["id"])
    members = [
        ids.parse("mem", desk.post("/v1/members", {"code": f"m{number}", "name": f"Member {number}"})["id"])
        for number in range(args.members)
    ]
    scope = structs.replace(system_scope(cluster_id), key_id=ids.new())
    async with Database.open(measured.database_url, 8) as database:
        for at_once in (1, 4):
            speed = await one_by_one(database, scope, members, args.entries, at_once)
            print(f"entries of 11 lines, one a transaction, {at_once} at once: {speed:,.0f} a second")
        days = [STARTS + timedelta(days=number) for number in range((ENDS - STARTS).days + 1)]
        month = [estimate(members, day) for day in days]
        month += [cash(members[i % len(members)], days[i % len(days)]) for i in range(args.shipments)]
        print(f"{len(month):,} entries in batches: {await in_batches(database, scope, month):,.0f} a second")
        async with database.unit(scope) as db:
            proposed, done = await closed(db, scope)
        print(f"{args.members} members, {args.shipments:,} shipments: proposed {proposed:.1f} s, closed {done:.1f} s")
        begun = time.perf_counter()
        async with database.unit(scope) as db:
            found = await read_books(db, scope)
        print(f"{found.to_no:,} entries read again in {time.perf_counter() - begun:.1f} s, {len(found.faults)} faults")


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--members", type=int, default=30)
    parser.add_argument("--shipments", type=int, default=50_000)
    args = parser.parse_args()
    with running() as measured:
        asyncio.run(measure(measured, args))


if __name__ == "__main__":
    main()
