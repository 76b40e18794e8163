"""
The desk's views with a plan of 2,000 stops, in Chromium.

``python -m benchmarks.views [--stops N] [--built FOLDER] [--shots FOLDER]``

A little server gives the built pages and answers of the API's shapes, generated: 2,000 shipments of 40 members on 100
routes around one hub. Told are milliseconds from the plan's last answer to the frame that shows it, from a choice to
the second frame after it (by then all views are painted), and frames a second while the map is moved, next to those of
a map with nothing on it. Where WebGL is software its processor time is told too: other work beside the browser
changes that less than it changes frames.
"""

import argparse
import json
import math
import os
import random
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PER_ROUTE = 20
MEMBERS = 40
HUB = (10.82, 106.65)
CHOICES = 12
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

# Two frames after a choice everything that it changed has been painted.
CHOOSE = """async (act) => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    const before = performance.now();
    new Function(act)();
    await Promise.resolve();
    const script = performance.now() - before;
    await frame();
    await frame();
    return [performance.now() - before, script];
}"""
# What the machine gives at best: frames of the page while nothing on it moves.
REST = """async () => {
    const frames = [];
    let last = await new Promise(requestAnimationFrame);
    for (let step = 0; step < 60; step += 1) {
        const now = await new Promise(requestAnimationFrame);
        frames.push(now - last);
        last = now;
    }
    return frames;
}"""

LISTED = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    const asked = performance.getEntriesByType("resource").filter((one) => one.name.includes("/v1/"));
    return performance.now() - Math.max(...asked.map((one) => one.responseEnd));
}"""
DRAWN = """() => {
    const asked = performance.getEntriesByType("resource").filter((one) => one.name.includes("/v1/"));
    const answered = Math.max(...asked.map((one) => one.responseEnd));
    const drawn = performance.getEntriesByName("desk map drawn").find((one) => one.startTime > answered);
    return drawn === undefined ? null : drawn.startTime - answered;
}"""

PAN = """async () => {
    const canvas = document.querySelector("canvas.maplibregl-canvas");
    const box = canvas.getBoundingClientRect();
    const at = (type, x, y, on) => on.dispatchEvent(new MouseEvent(type, {
        bubbles: true, cancelable: true, clientX: x, clientY: y, button: 0, buttons: type === "mouseup" ? 0 : 1,
    }));
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    at("mousedown", x, y, canvas);
    const frames = [];
    let last = await new Promise(requestAnimationFrame);
    for (let step = 1; step <= 120; step += 1) {
        at("mousemove", x + 90 * Math.sin(step / 12), y + 60 * Math.cos(step / 9), document);
        const now = await new Promise(requestAnimationFrame);
        frames.push(now - last);
        last = now;
    }
    at("mouseup", x, y, document);
    return frames;
}"""


class Day:
    """A generated day: what the API would answer, by path."""

    def __init__(self, stops: int) -> None:
        draw = random.Random(7)
        self.date = (datetime.now(UTC) + timedelta(days=1)).date()
        self.begin = datetime.combine(self.date, datetime.min.time(), UTC) + timedelta(hours=1)
        self.members = [{"id": f"mem_{n:026d}", "code": f"m{n}", "name": f"Member {n + 1}"} for n in range(MEMBERS)]
        self.shipments: list[dict[str, Any]] = []
        self.routes = [self._route(draw, number, PER_ROUTE) for number in range(1, stops // PER_ROUTE + 1)]

    def _route(self, draw: random.Random, number: int, count: int) -> dict[str, Any]:
        angle, reach = draw.random() * math.tau, 0.05 + 0.25 * draw.random()
        now = self.begin + timedelta(minutes=draw.randint(0, 60))
        starts_at, stops = now, []
        for stop_no in range(1, count + 1):
            now += timedelta(minutes=draw.randint(4, 14))
            arrives = now
            now += timedelta(minutes=draw.choice((0, 0, 0, 6)))
            begins, ends = now, now + timedelta(minutes=draw.randint(3, 9))
            now = ends
            lat = HUB[0] + reach * math.sin(angle) + draw.gauss(0, 0.02)
            lon = HUB[1] + reach * math.cos(angle) + draw.gauss(0, 0.02)
            shipment = self._shipment(draw, lat, lon, begins)
            visit = {key: shipment[key] for key in ("client_ref", "member_id")} | {"shipment_id": shipment["id"]}
            visit |= {"action": "delivery", "begins_at": _instant(begins), "ends_at": _instant(ends)}
            place = {"name": shipment["delivery"]["name"], "address_line1": "1 Street", "lat": lat, "lon": lon}
            times = {"arrives_at": _instant(arrives), "departs_at": _instant(ends)}
            stops.append({"stop_no": stop_no, **place, **times, "visits": [visit]})
        ends_at = now + timedelta(minutes=20)
        ends_of = {"start_lat": HUB[0], "start_lon": HUB[1], "end_lat": HUB[0], "end_lon": HUB[1]}
        load = {"weight_g": 640_000, "weight_capacity_g": 1_000_000, "volume_cm3": 4_100_000}
        return {
            "route_no": number,
            "vehicle_type_id": "vht_1",
            "vehicle": f"Van {number}",
            "starts_at": _instant(starts_at),
            "ends_at": _instant(ends_at),
            **ends_of,
            "distance_m": draw.randint(30_000, 90_000),
            "cost_minor": draw.randint(400_000, 900_000),
            **load,
            "volume_capacity_cm3": 6_000_000,
            "hold": None,
            "placements": [],
            "stops": stops,
        }

    def _shipment(self, draw: random.Random, lat: float, lon: float, begins: datetime) -> dict[str, Any]:
        number = len(self.shipments) + 1
        opens = begins - timedelta(minutes=draw.randint(0, 120))
        closes = begins + timedelta(minutes=draw.randint(-3, 150))
        window = {"start": _instant(opens), "end": _instant(closes)}
        at = {"lat": lat, "lon": lon, "service_s": 300, "windows": [window], "site_id": None}
        told = {"name": f"Shop {number}", "address_line1": f"{number} Street"}
        shipment: dict[str, Any] = {
            "id": f"shp_{number:026d}",
            "member_id": self.members[draw.randrange(MEMBERS)]["id"],
            "pool_window_id": "win_1",
            "client_ref": f"ORDER-{number}",
            "service": "delivery",
            "service_level": "standard",
            "status": "planned",
            "pickup": None,
            "delivery": at | told | {"window_start": window["start"], "window_end": window["end"]},
            "weight_g": draw.randint(2_000, 80_000),
            "volume_cm3": draw.randint(10_000, 400_000),
            "handling_units": [],
        }
        self.shipments.append(shipment)
        return shipment

    def answer(self, path: str, query: dict[str, list[str]]) -> Any:
        """What a path answers; an empty list where the day has nothing of it."""
        cluster = {"id": "clu_1", "name": "Measured", "currency": "VND", "time_zone": "Asia/Ho_Chi_Minh"}
        plan = self._plan()
        fixed: dict[str, Any] = {
            "/v1/me": {"role": "coordinator", "cluster": cluster | {"sharing_rule": "nucleolus"}, "member": None},
            "/v1/overview": {"windows": [self._window(plan)], "tile_url": None},
            "/v1/members": _page(self.members),
            "/v1/sites": _page([{"id": "sit_1", "kind": "hub", "name": "Hub", "lat": HUB[0], "lon": HUB[1]}]),
            "/v1/vehicle-types": _page([{"id": "vht_1", "name": "Van"}]),
            "/v1/plans/plan_1": plan,
            "/v1/plans/plan_1/routes": {"plan_id": "plan_1", "routes": self.routes},
            "/v1/plans/plan_1/unplanned": {"plan_id": "plan_1", "unplanned": []},
        }
        if path == "/v1/shipments":
            begin = int(query.get("cursor", ["0"])[0])
            end = begin + int(query["limit"][0])
            return _page(self.shipments[begin:end], str(end) if end < len(self.shipments) else None)
        return fixed.get(path, _page([]))

    def _plan(self) -> dict[str, Any]:
        result: dict[str, Any] = {
            "currency": "VND",
            "cost_minor": 62_000_000,
            "bound_minor": 41_000_000,
            "gap": 0.3,
            "seconds": 60,
        }
        result |= {"distance_m": 6_100_000, "duration_s": 1_900_000, "routes": len(self.routes), "unplanned": 0}
        result |= {"planned": len(self.shipments), "emissions_g": 1_600_000, "fill_weight": 0.6, "fill_volume": 0.7}
        result |= {"services_windowed": len(self.shipments), "services_early": 1500, "slack_median_s": 3600}
        plan: dict[str, Any] = {
            "id": "plan_1",
            "pool_window_id": "win_1",
            "version": 1,
            "status": "published",
            "result": result,
        }
        plan |= {"created_at": _instant(self.begin), "started_at": None, "finished_at": _instant(self.begin)}
        plan |= {"label": "", "origin": "solve", "approvals": [], "scenario": None, "base_plan_id": None}
        return plan | {"seconds": 60, "seed": 1, "rule": "nucleolus", "progress": [], "error_code": None}

    def _window(self, plan: dict[str, Any]) -> dict[str, Any]:
        opens = _instant(self.begin - timedelta(days=2))
        cut_off = _instant(self.begin - timedelta(hours=3))
        window: dict[str, Any] = {
            "id": "win_1",
            "service_date": self.date.isoformat(),
            "opens_at": opens,
            "cut_off_at": cut_off,
        }
        window |= {"accepts_bookings": False, "version": 1, "label": "", "late_policy": "refuse"}
        sums = {"shipments": len(self.shipments), "optional_shipments": 0, "weight_g": 1, "volume_cm3": 1}
        return {"window": window, **sums, "members": MEMBERS, "latest_plan": plan, "current_plan_id": plan["id"]}


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _page(data: list[Any], cursor: str | None = None) -> dict[str, Any]:
    return {"data": data, "next_cursor": cursor, "has_more": cursor is not None}


@contextmanager
def served(day: Day, built: Path) -> Iterator[str]:
    """The built pages and the day, on a port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path.startswith("/v1/"):
                missing = asked.path.endswith(("/shares", "/why"))
                told: Any = {"code": "not_found", "status": 404, "title": "", "detail": ""}
                body = json.dumps(told if missing else day.answer(asked.path, parse_qs(asked.query))).encode()
                self._send(404 if missing else 200, "application/json", body)
                return
            file = built / (asked.path.strip("/") or "index.html")
            found = file.is_file() and built in file.resolve().parents
            self._send(200 if found else 404, TYPES.get(file.suffix, "text/plain"), file.read_bytes() if found else b"")

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the figures are what is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def _opened(browser: Browser, url: str, scheme: str, size: tuple[int, int]) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("pageerror", lambda error: print("error on the page:", error))
    page.on("console", lambda told: print("console:", told.text) if told.type == "error" else None)
    page.add_init_script("sessionStorage.setItem('cluster.key', 'clk_measured')")
    page.goto(url)
    return page


def _first_paint_ms(page: Page) -> tuple[float, float]:
    """From the plan's last answer to the frame with lists and timeline, and to the map that rests with all of it."""
    page.wait_for_function("document.querySelectorAll('.timeline button[data-route]').length > 0", timeout=60_000)
    listed: float = page.evaluate(LISTED)
    page.wait_for_function(f"({DRAWN})() !== null", timeout=60_000)  # a map drawn before the answers is another one
    drawn: float = page.evaluate(DRAWN)
    return listed, drawn


def _choose(page: Page, view: str) -> list[tuple[float, float]]:
    page.get_by_role("tab", name=view).click()
    page.wait_for_timeout(500)
    times = []
    for step in range(CHOICES):
        if view == "Timeline":
            act = f"document.querySelectorAll('.timeline button[data-route]')[{step % 8}].click()"
        else:
            act = f"document.querySelectorAll('.grid .row')[{2 + step % 8}].click()"
        painted, script = page.evaluate(CHOOSE, act)
        times.append((float(painted), float(script)))
        page.wait_for_timeout(120)
    page.keyboard.press("Escape")
    return times


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stops", type=int, default=2_000)
    parser.add_argument("--built", type=Path, default=ROOT / "web" / "dist")
    parser.add_argument("--shots", type=Path)
    asked = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    day = Day(asked.stops)
    with served(day, asked.built.resolve()) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = _opened(browser, url, "light", (1440, 900))
        print(f"{len(day.shipments)} stops on {len(day.routes)} routes")
        listed, drawn = _first_paint_ms(page)
        print(f"from the last answer to lists and timeline {listed:.0f} ms, to the map at rest {drawn:.0f} ms")
        page.wait_for_timeout(1_000)
        _shot(page, asked.shots, "open")
        for view in ("Timeline", "Shipments"):
            times, scripts = zip(*_choose(page, view), strict=True)
            told = f"median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms"
            print(f"a choice in {view}: {told}, of which script {statistics.median(scripts):.0f} ms")
        print(f"at rest: {1000 / statistics.median(page.evaluate(REST)):.0f} frames a second")
        moved = [_moved(page, "all of the day")]
        page.get_by_role("tab", name="Timeline").click()
        page.locator(".timeline button[data-route]").nth(2).click()
        page.wait_for_timeout(800)
        moved.append(_moved(page, "with a route chosen"))
        _shot(page, asked.shots, "chosen")
        if asked.shots is not None:
            _shots(browser, url, asked.shots)
        with served(Day(0), asked.built.resolve()) as empty:
            bare = _opened(browser, empty, "light", (1440, 900))
            bare.wait_for_function("performance.getEntriesByName('desk map drawn').length > 0", timeout=60_000)
            bare.wait_for_timeout(1_000)
            least = _moved(bare, "nothing on it")
        shares = ", ".join(f"{100 * least / one:.0f} %" for one in moved)
        print(f"frames a second as a share of the empty map's: {shares}; load {os.getloadavg()[0]:.1f}")
        browser.close()


def _moved(page: Page, name: str) -> float:
    """Moves the map; the median milliseconds of a frame."""
    before = _drawing_ms()
    frames = sorted(page.evaluate(PAN))
    each = (_drawing_ms() - before) / len(frames)
    median, late = statistics.median(frames), frames[int(len(frames) * 0.95)]
    drawing = f", {each:.0f} ms of processor time a frame to draw it" if each else ""
    print(f"moving the map, {name}: {1000 / median:.0f} frames a second, 95th {late:.0f} ms{drawing}")
    return float(median)


def _drawing_ms() -> float:
    """Processor time of the browser's drawing process so far; 0 where the system does not tell."""
    tick_ms = 1_000 / os.sysconf("SC_CLK_TCK")
    own = {os.getpid()}
    found = 0.0
    for stat in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda path: int(path.parent.name)):
        with suppress(OSError):
            fields = stat.read_text("utf-8").rpartition(")")[2].split()
            if int(fields[1]) in own:
                own.add(int(stat.parent.name))
                if "--type=gpu-process" in (stat.parent / "cmdline").read_text("utf-8"):
                    found += (int(fields[11]) + int(fields[12])) * tick_ms
    return found


def _shot(page: Page, folder: Path | None, name: str) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png")


def _shots(browser: Browser, url: str, folder: Path) -> None:
    """Every view in both themes and on a phone, for people to look at."""
    for scheme in ("light", "dark"):
        page = _opened(browser, url, scheme, (1440, 900))
        page.get_by_role("tab", name="Shipments").click()
        page.wait_for_timeout(1_500)
        page.locator(".grid .row").nth(3).click()
        page.wait_for_timeout(800)
        _shot(page, folder, f"shipments-{scheme}")
        page.context.close()
        phone = _opened(browser, url, scheme, (390, 844))
        for view in phone.get_by_role("navigation", name="Views").get_by_role("button").all():
            view.click()
            phone.wait_for_timeout(700)
            _shot(phone, folder, f"phone-{view.inner_text().strip().lower()}-{scheme}")
        phone.context.close()


if __name__ == "__main__":
    main()
