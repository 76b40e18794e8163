"""What goes on while programs are killed: booking, editing, importing, planning, and a journal of what was promised."""

import asyncio
import json
import os
import random
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.imports import csv_file
from benchmarks.platform import Known
from benchmarks.wire import Answer, Wire, shipment

TIMEOUT_S = 20.0
PAUSE_S = 0.15
IMPORTS = "/v1/imports"
FILE_LINES = 150
PLANNED = 30
"""Shipments in the window that is planned again and again."""
LOST = (OSError, asyncio.IncompleteReadError, TimeoutError, IndexError, ValueError)


class Journal:
    """
    Answers that promised something, on disk before anything else is asked, outside of the database.

    Attributes
    ----------
    entries
        One dict a promise, as ``invariants.sql`` reads them.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self.entries: list[dict[str, Any]] = []
        self.statuses: Counter[str] = Counter()

    def promised(self, **entry: Any) -> None:
        """Keeps one."""
        self._file.write(json.dumps(entry).encode() + b"\n")
        os.fsync(self._file.fileno())
        self.entries.append(entry)


class Load:
    """Everybody who asks for something, until told to stop."""

    def __init__(self, measured: Known, window: str, day: str, journal: Journal, seed: int) -> None:
        self.measured = measured
        self.planned_window, self.planned_day = window, day
        self.journal = journal
        self.over = asyncio.Event()
        self._draw = random.Random(seed)
        self._booked: list[str] = []
        self._edits = 0

    async def run(self, bookers: int) -> None:
        """All of it; returns some moments after ``over`` is set, with nothing under way."""
        await asyncio.gather(
            *(self._books() for _ in range(bookers)), self._edits_some(), self._imports(), self._plans()
        )

    async def ask(self, wire: Wire, send: Callable[[], Any]) -> Answer:
        """Asks again and again, with the same idempotency key, until there is an answer; a dead server is no answer."""
        while True:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    answer: Answer = await send()
            except LOST:
                self.journal.statuses["no answer"] += 1
                wire.close()
                await asyncio.sleep(PAUSE_S)
                continue
            self.journal.statuses[str(answer.status)] += 1
            if answer.status < 500 and b"idempotency_retry" not in answer.body:
                return answer
            if answer.status != 503:
                self.journal.statuses[f"{answer.status}: {answer.body[:300].decode(errors='replace')}"] += 1
            await asyncio.sleep(PAUSE_S)

    async def book(self, wire: Wire, window_id: str, day: str) -> str | None:
        """Books one shipment; None if it was refused."""
        ref, once = f"crash-{uuid.uuid4()}", str(uuid.uuid4())
        body = json.dumps(shipment(day, window_id, ref)).encode()
        key = self.measured.member_key
        answer = await self.ask(wire, lambda: wire.send("POST", key, "/v1/shipments", body, once=once))
        if answer.status != 201:
            self.journal.statuses[f"refused booking: {answer.body[:200].decode()}"] += 1
            return None
        made: str = answer.json()["id"]
        self.journal.promised(kind="booked", id=made, client_ref=ref, idem_key=once)
        self._booked.append(made)
        return made

    async def _books(self) -> None:
        wire = Wire(self.measured.port)
        while not self.over.is_set():
            await self.book(wire, self.measured.window_id, self.measured.day)
            await asyncio.sleep(0.02)
        wire.close()

    async def _edits_some(self) -> None:
        wire, key = Wire(self.measured.port), self.measured.member_key
        while not self.over.is_set():
            await asyncio.sleep(0.05)
            if self._booked:
                path = f"/v1/shipments/{self._draw.choice(self._booked)}"
                held = await self.ask(wire, lambda path=path: wire.get(key, path))  # type: ignore[misc]
                self._edits += 1
                await self._edit(wire, path, held, self._edits)
        wire.close()

    async def _edit(self, wire: Wire, path: str, held: Answer, number: int) -> None:
        """One edit; where the answer was lost the second try finds another version, and nothing is promised."""
        if held.status != 200:
            return
        body = json.dumps({"metadata": {"edit": str(number)}}).encode()
        more = f'If-Match: "{held.json()["version"]}"\r\n'
        key = self.measured.member_key
        answer = await self.ask(wire, lambda: wire.send("PATCH", key, path, body, more=more))
        if answer.status == 200:
            self.journal.promised(kind="edited", id=held.json()["id"], number=number)

    async def _imports(self) -> None:
        wire, key, number = Wire(self.measured.port), self.measured.member_key, 0
        while not self.over.is_set():
            number += 1
            content, once = csv_file(FILE_LINES, f"file-{number}"), str(uuid.uuid4())
            sent = await self.ask(
                wire,
                lambda c=content, o=once: wire.send("POST", key, IMPORTS, c, once=o, kind="text/csv"),  # type: ignore[misc]
            )
            if sent.status != 202:
                self.journal.statuses[f"refused file: {sent.body[:200].decode()}"] += 1
                await asyncio.sleep(1)
                continue
            one = f"{IMPORTS}/{sent.json()['id']}"
            if not await self._rests(wire, one, ("checked",)):
                continue
            wish = b'{"book": "good_lines"}'
            taken = await self.ask(wire, lambda o=one, w=wish: wire.send("POST", key, f"{o}/commit", w))  # type: ignore[misc]
            if taken.status == 202:
                self.journal.promised(kind="import", id=sent.json()["id"], number=FILE_LINES)
                await self._rests(wire, one, ("booked", "partly_booked"))
        wire.close()

    async def _rests(self, wire: Wire, path: str, wanted: tuple[str, ...]) -> bool:
        """Whether an import comes to a state; False if it fails, or all is over before."""
        while True:
            held = await self.ask(wire, lambda: wire.get(self.measured.member_key, path))
            status = held.json().get("status")
            if status in (*wanted, "failed", "mapping_needed"):
                self.journal.statuses[f"import {status}"] += 1
                return status in wanted
            if self.over.is_set():
                return False
            await asyncio.sleep(0.3)

    async def _plans(self) -> None:
        wire, key = Wire(self.measured.port), self.measured.coordinator_key
        for _ in range(PLANNED):
            await self.book(wire, self.planned_window, self.planned_day)
        path, wish = f"/v1/pool-windows/{self.planned_window}/plans", b'{"seconds": 1, "players_max": 2}'
        while not self.over.is_set():
            once = str(uuid.uuid4())
            answer = await self.ask(wire, lambda o=once: wire.send("POST", key, path, wish, once=o))  # type: ignore[misc]
            if answer.status == 202:
                await self._solved(wire, answer.json()["id"])
            await asyncio.sleep(0.5)
        wire.close()

    async def _solved(self, wire: Wire, plan_id: str) -> None:
        while not self.over.is_set():
            held = await self.ask(wire, lambda: wire.get(self.measured.coordinator_key, f"/v1/plans/{plan_id}"))
            status = held.json().get("status")
            if status not in ("queued", "solving"):
                self.journal.statuses[f"plan {status}"] += 1
                return
            await asyncio.sleep(0.5)
