"""Files of bookings, and imports of them from upload to the end."""

import asyncio
import csv
import io
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import xlsxwriter

from cluster.base.db import Database as Pool
from cluster.base.queue import WakeUp
from cluster.base.settings import Settings
from cluster.worker import Runner
from tests.cluster.api import Caller, World


class Shop(NamedTuple):
    """A firm of its own in a world that several tests share."""

    world: World
    caller: Caller
    member_id: str


RESTING = {"mapping_needed", "checked", "booked", "partly_booked", "failed", "discarded"}
HEADER = ["Order", "Recipient", "Recipient address", "Delivery lat", "Delivery lon", "Delivery from", "Delivery until",
          "Weight (kg)", "Length (cm)", "Width (cm)", "Height (cm)", "Qty"]  # fmt: skip


def line(ref: str, **changes: str) -> list[str]:
    """A delivery of one box of 12.5 kg to a shop near the hub."""
    row = dict(zip(HEADER, [ref, "Corner shop", "12 River Street", "10.81", "106.65", "08:00", "17:00", "12.5", "60",
                            "40", "40", "1"], strict=True))  # fmt: skip
    return list((row | {HEADER[int(name[1:])]: value for name, value in changes.items()}).values())


def csv_file(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, delimiter: str = ",") -> bytes:
    """As text in UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode()


def xlsx_file(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    """As a workbook, numbers as numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for number, row in enumerate([header, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


async def send(caller: Caller, content: bytes, query: str = "", **headers: str) -> httpx.Response:
    """Uploads a file as the body of a request."""
    given = {"Authorization": f"Bearer {caller.key}", "Idempotency-Key": str(uuid.uuid4()), "Content-Type": "text/csv"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await caller._client.post(f"/v1/imports?{query}", content=content, headers=given)


async def sent(caller: Caller, content: bytes, query: str = "") -> str:
    """The import that an upload makes."""
    answer = await send(caller, content, query)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def rested(caller: Caller, import_id: str) -> Any:
    """An import once nothing is being done with it."""
    for _ in range(600):
        found = (await caller.get(f"/v1/imports/{import_id}")).json()
        if found["status"] in RESTING:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"still {found['status']} after half a minute")


async def checked(caller: Caller, content: bytes, query: str = "") -> Any:
    """A file uploaded, and where that ends."""
    return await rested(caller, await sent(caller, content, query))


async def booked(caller: Caller, import_id: str, book: str = "all_or_nothing") -> Any:
    """A checked import committed, and where that ends."""
    answer = await caller.post(f"/v1/imports/{import_id}/commit", {"book": book})
    assert answer.status_code == 202, answer.text
    return await rested(caller, import_id)


async def faults_of(caller: Caller, import_id: str) -> dict[int, set[str]]:
    """Codes of faults by line."""
    found = (await caller.get(f"/v1/imports/{import_id}/lines?state=faulty&limit=500")).json()["data"]
    return {int(entry["id"]): {fault["code"] for fault in entry["faults"]} for entry in found}


async def shipments_of(caller: Caller) -> list[Any]:
    """All bookings of a member."""
    found: list[Any] = (await caller.get("/v1/shipments?limit=500")).json()["data"]
    return found


@asynccontextmanager
async def working(world: World) -> AsyncIterator[None]:
    """A worker at work while the block runs."""
    settings = Settings(data_dir=Path("/nonexistent"), database_url=world.database.url)
    async with Pool.open(world.database.url, 6) as pool, WakeUp.open(None) as wake_up:
        runner = Runner(settings, pool, wake_up)
        ringing = asyncio.create_task(_ring(runner))
        task = asyncio.create_task(runner.run())
        try:
            yield
        finally:
            for each in (ringing, task):
                each.cancel()
                with suppress(asyncio.CancelledError):
                    await each


async def _ring(runner: Runner) -> None:
    """What the queue does when there is one: has the worker look at once."""
    while True:
        await runner.ring({})
        await asyncio.sleep(0.05)
