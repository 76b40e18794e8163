"""
Shared space: a crowd that books the same places at the same moment, and the page of a large zone.

``python -m benchmarks.space [--bookings 2000] [--places 100] [--positions 5000] [--days 90] [--stays 4000]``

First so many bookings of one place each are asked for at once, over HTTP, of a zone with fewer places: exactly as many
may succeed as there are places, the rest must be refused as full, and the count of each day must be what bookings say.
Whoever is told that the platform is busy asks again with the same idempotency key. Then a zone of so many positions is
filled with stays, and its calendar is read: bytes, and milliseconds until the last one; and its page is opened in
Chromium: milliseconds from the click to the map drawn, on a desk and on a phone. ``--shots FOLDER`` keeps pictures of
it. Server and PostgreSQL are real and durable.
"""

import argparse
import asyncio
import random
import shutil
import statistics
import time
import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import async_playwright

from benchmarks.platform import Measured, running
from cluster.base import ids
from cluster.base.db import Database, system_scope
from cluster.space import queries

AT_ONCE = 200
READS = 9
OPENINGS = 6
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
PLACE = {"address_line1": "1 Hub Road", "country_code": "VN", "lat": 10.8, "lon": 106.64}


def on(number: int) -> str:
    """The day that many days from tomorrow."""
    return (datetime.now(UTC).date() + timedelta(days=number + 1)).isoformat()


async def posted(client: httpx.AsyncClient, path: str, body: Any) -> httpx.Response:
    """A request that is sent again, the same, as long as the platform is busy."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    while True:
        answer = await client.post(path, json=body, headers=headers)
        if answer.status_code not in {429, 503}:
            return answer
        await asyncio.sleep(float(answer.headers.get("Retry-After", 1)) * random.random())


async def offered(desk: httpx.AsyncClient, site_id: str, units: int, days: int) -> str:
    """A zone."""
    body = {"site_id": site_id, "zone": str(units), "units": units, "row_units": 100, "day_milli": 1000}
    answer = await posted(desk, "/v1/space-offers", body | {"first_on": on(0), "last_on": on(days - 1)})
    return str(answer.raise_for_status().json()["id"])


async def crowd(member: httpx.AsyncClient, offer: str, bookings: int) -> tuple[Counter[int], float, list[float]]:
    """Everybody books one place for the same five days; what they were answered, in how long, and each one's wait."""
    body = {"units": 1, "earliest_on": on(2), "days": 5, "offer_id": offer}
    waits: list[float] = []

    async def one() -> int:
        began = time.monotonic()
        answer = await posted(member, "/v1/space-bookings", body)
        waits.append(time.monotonic() - began)
        return answer.status_code

    began = time.monotonic()
    answers = await asyncio.gather(*(one() for _ in range(bookings)))
    return Counter(answers), time.monotonic() - began, waits


FILLED = """
WITH stays AS (
    SELECT * FROM unnest($4::uuid[], $5::date[], $6::date[], $7::integer[]) AS stay (id, first_on, last_on, units)
), taken AS (
    UPDATE space_days AS days
       SET used = (SELECT coalesce(sum(units), 0) FROM stays WHERE days.day BETWEEN first_on AND last_on)
     WHERE cluster_id = $1 AND offer_id = $2
)
INSERT INTO space_bookings (cluster_id, booking_id, member_id, status, unit, units, temperatures, site_ids, earliest_on,
                            latest_on, days, offer_id, first_on, last_on, owed_on, rent_minor, booked_at, content)
SELECT $1, id, $3, 'booked', 'pallet_place', units, '{}', '{}', first_on, first_on, last_on - first_on + 1, $2,
       first_on, last_on, last_on, 0, now(), 'Goods in boxes'
  FROM stays
"""


def drawn(positions: int, days: int, stays: int) -> list[tuple[date, date, int]]:
    """Stays of some days and places each, as many as fit."""
    draw = random.Random(1)
    free = [positions] * days
    first = date.fromisoformat(on(0))
    found = []
    for _ in range(stays):
        begin, length, units = draw.randrange(days), draw.randint(3, 30), draw.randint(1, 40)
        span = range(begin, min(begin + length, days))
        if min(free[day] for day in span) >= units:
            for day in span:
                free[day] -= units
            found.append((first + timedelta(days=span[0]), first + timedelta(days=span[-1]), units))
    return found


async def filled(measured: Measured, cluster_id: Any, offer: str, member_id: str, options: argparse.Namespace) -> int:
    """Puts stays into a zone, all at once; returns how many."""
    stays = drawn(options.positions, options.days, options.stays)
    columns = [[entry[at] for entry in stays] for at in range(3)]
    async with (
        Database.open(measured.database_url, 1) as database,
        database.unit(system_scope(cluster_id)) as db,
    ):
        names = [ids.new() for _ in stays]
        await db.execute(FILLED, cluster_id, ids.parse("spo", offer), ids.parse("mem", member_id), names, *columns)
    return len(stays)


async def measure(measured: Measured, options: argparse.Namespace) -> None:
    """Both, one after the other."""
    url = f"http://127.0.0.1:{measured.port}"
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with (
        httpx.AsyncClient(base_url=url, headers=_key(measured.coordinator_key), timeout=300, trust_env=False) as desk,
        httpx.AsyncClient(
            base_url=url, headers=_key(measured.member_key), timeout=300, trust_env=False, limits=limits
        ) as member,
    ):
        me = (await desk.get("/v1/me")).json()
        cluster_id = ids.parse("clu", me["cluster"]["id"])
        member_id = (await member.get("/v1/me")).json()["member"]["id"]
        site = await posted(desk, "/v1/sites", {"code": "HALL", "name": "Hall", "kind": "hub"} | PLACE)
        hall = await offered(desk, site.json()["id"], options.places, 30)
        answers, seconds, waits = await crowd(member, hall, options.bookings)
        async with Database.open(measured.database_url, 1) as database, database.unit(system_scope(cluster_id)) as db:
            wrong = await queries.miscounted(db, system_scope(cluster_id))
        waits.sort()
        print(
            f"{options.bookings:,} bookings of {options.places} places in {seconds:.1f} s: {answers[201]} booked, "
            f"{answers[409]:,} refused, {len(wrong)} days miscounted; half waited less than "
            f"{statistics.median(waits):.1f} s, 99 % less than {waits[int(len(waits) * 0.99)]:.1f} s"
        )
        if (answers[201], len(wrong)) != (min(options.places, options.bookings), 0) or set(answers) - {201, 409}:
            raise SystemExit(f"not exactly {options.places}: {dict(answers)}")
        zone = await offered(desk, site.json()["id"], options.positions, options.days)
        stays = await filled(measured, cluster_id, zone, member_id, options)
        path = f"/v1/space-offers/{zone}/calendar?first_on={on(0)}&last_on={on(options.days - 1)}"
        took, size = await _read(desk, path)
        print(
            f"{options.positions:,} positions, {options.days} days, {stays:,} stays: {size / 1000:,.0f} kB in "
            f"{statistics.median(took):.0f} ms (worst {max(took):.0f})"
        )
        await opened(url, measured.coordinator_key, zone, options)


async def _read(desk: httpx.AsyncClient, path: str) -> tuple[list[float], int]:
    took, size = [], 0
    for _ in range(READS):
        began = time.monotonic()
        answer = (await desk.get(path)).raise_for_status()
        took.append((time.monotonic() - began) * 1000)
        size = len(answer.content)
    return took, size


OPENED = """(offer) => {
    performance.clearMarks();
    window.began = performance.now();
    location.hash = `#/space?offer=${offer}`;
}"""
DRAWN = """() => {
    const drawn = performance.getEntriesByName("space map drawn")[0];
    return drawn === undefined ? null : drawn.startTime - window.began;
}"""


async def opened(url: str, key: str, offer: str, options: argparse.Namespace) -> None:
    """Opens the zone's page again and again and tells how long it took."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, size in SIZES.items():
            page = await browser.new_page(viewport=size, color_scheme="light" if name == "desk" else "dark")  # type: ignore[arg-type]
            await page.goto(url)
            await page.get_by_role("button", name="Use an API key").click()
            await page.get_by_label("API key").fill(key)
            await page.get_by_role("button", name="Sign in").click()
            await page.get_by_role("button", name="Sign out").wait_for()
            took = [await _until_drawn(page, offer) for _ in range(OPENINGS)]
            first, rest = took[0], took[1:]
            print(f"its page on a {name}: {first:.0f} ms the first time, then {statistics.median(rest):.0f} ms")
            if options.shots is not None:
                options.shots.mkdir(parents=True, exist_ok=True)
                await page.screenshot(path=options.shots / f"space-{name}.png", full_page=True)
        await browser.close()


async def _until_drawn(page: Any, offer: str) -> float:
    await page.evaluate("location.hash = '#/tours'")
    await page.wait_for_timeout(500)
    await page.evaluate(OPENED, offer)
    while True:
        found = await page.evaluate(DRAWN)
        if found is not None:
            return float(found)
        await page.wait_for_timeout(20)


def _key(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Many book the same places at once; the calendar of a large zone.")
    for name, usual in (("bookings", 2000), ("places", 100), ("positions", 5000), ("days", 90), ("stays", 4000)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--shots", type=Path)
    options = parser.parse_args()
    with running() as measured:
        asyncio.run(measure(measured, options))


if __name__ == "__main__":
    main()
