"""
A file of 100,000 bookings from upload to booked: ``python -m benchmarks.imports [--lines 100000] [--json]``.

As CSV and as XLSX, through server and worker as they run in production (durable PostgreSQL), all on one machine. Told
are the seconds of each step, lines a second, and by how much the resident memory of the worker with its children, and
of the server, grew at most; and how often ``csv.reader`` alone would read the text meanwhile. Targets: 60 s and 300 MB.
"""

import argparse
import csv
import io
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import xlsxwriter

from benchmarks.memory import resident_mb
from benchmarks.platform import Measured, running

HEADER = ["Order", "Recipient", "Recipient address", "Delivery lat", "Delivery lon", "Delivery from", "Delivery until",
          "Weight (kg)", "Length (cm)", "Width (cm)", "Height (cm)", "Qty"]  # fmt: skip
RESTING = {"checked", "mapping_needed", "booked", "partly_booked", "failed"}


def rows(lines: int, prefix: str) -> Iterator[list[Any]]:
    """Deliveries all over a town, each with a reference of its own."""
    for number in range(lines):
        lat, lon = 10.7 + number % 997 / 5000, 106.6 + number % 991 / 5000
        yield [f"{prefix}-{number}", f"Shop {number}", f"{number} River Street", lat, lon, "08:00", "17:00",
               1 + number % 40 / 2, 60, 40, 40, 1 + number % 3]  # fmt: skip


def csv_file(lines: int, prefix: str) -> bytes:
    """As text."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADER, *rows(lines, prefix)])
    return out.getvalue().encode()


def xlsx_file(lines: int, prefix: str) -> bytes:
    """As a workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([HEADER, *rows(lines, prefix)]):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


@contextmanager
def watching(measured: Measured) -> Iterator[dict[str, float]]:
    """By how much the memory of server and worker grows at most within the block, MB."""
    assert measured.worker is not None
    pids = {"server": measured.server.pid, "worker": measured.worker.pid}
    before = {name: resident_mb(pid) for name, pid in pids.items()}
    grown = dict.fromkeys(pids, 0.0)
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            for name, pid in pids.items():
                grown[name] = max(grown[name], resident_mb(pid) - before[name])

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield grown
    finally:
        over.set()
        thread.join()


def imported(measured: Measured, content: bytes, media_type: str) -> dict[str, Any]:
    """Seconds of each step of one import, and how memory grew."""
    headers = {"Authorization": f"Bearer {measured.member_key}", "Content-Type": media_type}
    url = f"http://127.0.0.1:{measured.port}/v1/imports"
    with httpx.Client(headers=headers, timeout=120, trust_env=False) as client, watching(measured) as grown:
        began = time.perf_counter()
        sent = client.post(url, content=content, headers={"Idempotency-Key": str(uuid.uuid4())})
        assert sent.status_code == 202, sent.text
        uploaded = time.perf_counter()
        path = f"{url}/{sent.json()['id']}"
        found = rested(client, path)
        assert found["status"] == "checked", found
        assert found["counts"]["faulty"] == 0, found
        checked = time.perf_counter()
        client.post(
            f"{path}/commit", json={"book": "good_lines"}, headers={"Content-Type": "application/json"}
        ).raise_for_status()
        done = rested(client, path)
        assert done["status"] == "booked", done
        booked = time.perf_counter()
    return {
        "lines": done["counts"]["booked"],
        "upload_s": round(uploaded - began, 1),
        "read_and_check_s": round(checked - uploaded, 1),
        "book_s": round(booked - checked, 1),
        "total_s": round(booked - began, 1),
        "lines_per_s": round(done["counts"]["booked"] / (booked - began)),
        "worker_grew_mb": round(grown["worker"]),
        "server_grew_mb": round(grown["server"]),
    }


def rested(client: httpx.Client, path: str) -> Any:
    """The import once nothing is being done with it."""
    while True:
        found = client.get(path).json()
        if found["status"] in RESTING:
            return found
        time.sleep(0.5)


def plain_s(content: bytes) -> float:
    """Seconds that reading the same text takes when nothing else is done."""
    began = time.perf_counter()
    count = sum(1 for _ in csv.reader(io.StringIO(content.decode(), newline="")))
    assert count > 1
    return time.perf_counter() - began


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    text, book = csv_file(options.lines, "C"), xlsx_file(options.lines, "X")
    with running(worker=True) as measured:
        found = {
            "csv": imported(measured, text, "text/csv"),
            "xlsx": imported(measured, book, "application/octet-stream"),
        }
    found["csv"]["times_plain_reading"] = round(found["csv"]["total_s"] / plain_s(text))
    if options.json:
        print(json.dumps({"summary": found}))
        return
    for name, figures in found.items():
        print(f"{name}: " + ", ".join(f"{what} {value}" for what, value in figures.items()))


if __name__ == "__main__":
    main()
