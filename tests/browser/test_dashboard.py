"""The dashboard in a real browser, before the running platform: what a coordinator and a member see and do."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY_S_MAX = 420
PLANNED_MS_MAX = 400_000
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome on this machine"),
    pytest.mark.skipif(
        not (ROOT / "web" / "dist" / "index.html").is_file(), reason="the dashboard is not built: make web"
    ),
]


class Platform(NamedTuple):
    """A running platform with the example day: its address, and keys by the name of who they are for."""

    url: str
    keys: dict[str, str]


class Visit(NamedTuple):
    """A page with what went wrong on it: errors told on the console, and requests to anywhere but the platform."""

    page: Page
    errors: list[str]
    strangers: list[str]


def _free_port() -> int:
    """A port below those that the kernel hands out to others."""
    for port in range(18_000, 32_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no free port")


def _read_until_ready(process: subprocess.Popen[str], lines: list[str], ready: threading.Event) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("dashboard:"):
            ready.set()
    ready.set()


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """``cluster demo`` with a short first plan, ended afterwards."""
    port = _free_port()
    folder = tmp_path_factory.mktemp("demo")
    environment = {
        **os.environ,
        "CLUSTER_DATA_DIR": str(folder),
        "CLUSTER_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "cluster.cli", "demo", "--seconds", "3"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    ready = threading.Event()
    threading.Thread(target=_read_until_ready, args=(process, lines, ready), daemon=True).start()
    try:
        ready.wait(READY_S_MAX)
        url = next((line.split()[1] for line in lines if line.startswith("dashboard:")), None)
        assert url is not None, "the demonstration did not come up:\n" + "\n".join(lines[-30:])
        logins = [re.fullmatch(r"  (coordinator|member) +(.+?) +(clk_\S+)", line) for line in lines]
        yield Platform(url=url, keys={login[2]: login[3] for login in logins if login is not None})
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's own Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


def _visit(browser: Browser, platform: Platform, size: dict[str, int], scheme: str = "light") -> Visit:
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-GB")  # type: ignore[arg-type]
    page = context.new_page()
    visit = Visit(page=page, errors=[], strangers=[])
    page.on("console", lambda message: visit.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    home = (platform.url, "data:", "blob:" + platform.url)
    page.on("request", lambda asked: None if asked.url.startswith(home) else visit.strangers.append(asked.url))
    page.goto(platform.url)
    return visit


def _sign_in(visit: Visit, key: str) -> None:
    visit.page.get_by_label("API key").fill(key)
    visit.page.get_by_role("button", name="Sign in").click()
    expect(visit.page.get_by_role("button", name="Sign out")).to_be_visible()


def _amount(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _assert_quiet(visit: Visit) -> None:
    """Nothing failed, and nobody else was asked."""
    assert visit.errors == []
    assert visit.strangers == []


def _assert_no_sideways_scrolling(page: Page) -> None:
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]


def test_a_wrong_key_is_refused_in_words(browser: Browser, platform: Platform) -> None:
    visit = _visit(browser, platform, DESKTOP)
    visit.page.get_by_label("API key").fill("clk_not_a_key")
    visit.page.get_by_role("button", name="Sign in").click()
    expect(visit.page.get_by_role("alert")).to_contain_text("opens nothing")
    visit.page.reload()
    expect(visit.page.get_by_label("API key")).to_have_value("")
    assert visit.strangers == []


def test_the_coordinator_plans_the_day_and_reads_who_pays_what(browser: Browser, platform: Platform) -> None:
    visit = _visit(browser, platform, DESKTOP)
    page = visit.page
    _sign_in(visit, platform.keys["Coordinator"])
    page.get_by_role("button", name="Plan this day").click()
    page.get_by_label("Seconds to search").fill("3")
    page.get_by_role("button", name="Start planning").click()
    expect(page.get_by_role("heading", name="Planning the day")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Planning the day")).to_be_visible()
    expect(page.get_by_role("heading", name="Planning the day")).to_be_hidden(timeout=PLANNED_MS_MAX)

    split = page.get_by_role("table", name="What each member pays")
    rows = split.locator("tbody tr")
    expect(rows).to_have_count(15)
    pays = [_amount(row.locator("td").nth(1).evaluate("cell => cell.firstChild.textContent")) for row in rows.all()]
    foot = split.locator("tfoot td").nth(1).evaluate("cell => cell.firstChild.textContent")
    assert sum(pays) == _amount(foot)
    for row in rows.all():
        alone = _amount(row.locator("td").nth(0).inner_text())
        assert alone > 0

    first = page.locator(".timeline button").first
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Back to all routes")).to_be_visible()
    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible()
    _assert_quiet(visit)


def test_an_abort_keeps_the_earlier_plan(browser: Browser, platform: Platform) -> None:
    visit = _visit(browser, platform, DESKTOP)
    page = visit.page
    _sign_in(visit, platform.keys["Coordinator"])
    page.get_by_role("button", name="Plan this day").click()
    page.get_by_label("Seconds to search").fill("300")
    page.get_by_role("button", name="Start planning").click()
    page.get_by_role("button", name="Abort").click()
    expect(page.get_by_text("Planning was aborted. The earlier plan still holds.")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("table", name="What each member pays")).to_be_visible()
    _assert_quiet(visit)


def test_a_member_sees_its_own_share_and_nobody_else(browser: Browser, platform: Platform) -> None:
    names = [name for name in platform.keys if name != "Coordinator"]
    visit = _visit(browser, platform, DESKTOP)
    page = visit.page
    _sign_in(visit, platform.keys[names[0]])
    expect(page.get_by_text("You pay", exact=True)).to_be_visible()
    expect(page.get_by_text("Planned", exact=True).first).to_be_visible()
    page.locator("summary").click()
    content = page.content()
    assert names[0] in content
    coordinator = _visit(browser, platform, DESKTOP)
    _sign_in(coordinator, platform.keys["Coordinator"])
    everyone = coordinator.page.get_by_role("table", name="What each member pays").locator("tbody th button")
    expect(everyone).to_have_count(15)
    others = [name for name in everyone.all_inner_texts() if name != names[0]]
    assert [name for name in others if name in content] == []
    _assert_quiet(visit)


def test_a_member_books_sees_faults_at_their_fields_and_cancels(browser: Browser, platform: Platform) -> None:
    visit = _visit(browser, platform, DESKTOP)
    page = visit.page
    _sign_in(visit, platform.keys[next(name for name in platform.keys if name != "Coordinator")])
    page.get_by_role("button", name="Book a shipment").click()
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_label("Your reference")).to_have_attribute("aria-invalid", "true")
    visit.errors.clear()  # the browser itself reports the refusal that was asked for
    reference = f"TEST-{time.monotonic_ns()}"
    fields = {"Your reference": reference, "Name": "Corner shop", "Address": "1 Main street", "Kilograms each": "2.5"}
    for label, text in {**fields, "Length, cm": "40", "Width, cm": "30", "Height, cm": "20"}.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Choose the place on the map").click()
    page.locator("canvas.maplibregl-canvas").click(position={"x": 300, "y": 300})
    expect(page.get_by_label("Latitude")).not_to_have_value("")
    page.get_by_role("button", name="Book it").click()
    entry = page.locator("li", has_text=reference)
    expect(entry).to_contain_text("In the pool")
    entry.get_by_role("button", name="Cancel this shipment").click()
    entry.get_by_role("button", name="Yes, cancel it").click()
    expect(entry).to_contain_text("Cancelled")
    _assert_quiet(visit)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", ["coordinator", "member"])
def test_every_view_fits_a_phone_in_both_themes(browser: Browser, platform: Platform, who: str, scheme: str) -> None:
    names = ["Coordinator"] if who == "coordinator" else [name for name in platform.keys if name != "Coordinator"]
    visit = _visit(browser, platform, PHONE, scheme)
    page = visit.page
    _sign_in(visit, platform.keys[names[0]])
    views = page.get_by_role("navigation", name="Views").get_by_role("button")
    expect(views).to_have_count(4 if who == "coordinator" else 2)
    for view in views.all():
        view.click()
        expect(view).to_have_attribute("aria-current", "page")
        _assert_no_sideways_scrolling(page)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", ground)[:3])) < 150) == (scheme == "dark")
    _assert_quiet(visit)


def _book_a_lorry(platform: Platform) -> None:
    """
    The day after next, with two shipments that only a lorry carries, planned.

    It comes last in this file: the lorry, dear as it is, may be used for the example day too from then on.
    """
    member = next(name for name in platform.keys if name != "Coordinator")
    with (
        httpx.Client(base_url=platform.url, headers=_as(platform.keys["Coordinator"]), trust_env=False) as coordinator,
        httpx.Client(base_url=platform.url, headers=_as(platform.keys[member]), trust_env=False) as firm,
    ):
        hub = next(site["id"] for site in coordinator.get("/v1/sites").json()["data"] if site["kind"] == "hub")
        day = datetime.now(UTC).date() + timedelta(days=3)
        lorry: dict[str, object] = {"code": "lorry", "name": "Lorry", "start_site_id": hub, "end_site_id": hub}
        lorry["tariff"] = {"fixed_minor": 5_000_000, "km_minor": 20_000}
        lorry["capacity"] = {"weight_g": 9_000_000, "volume_cm3": 30_000_000}
        lorry["hold"] = {"length_mm": 6_000, "width_mm": 2_300, "height_mm": 2_200}
        _made(coordinator, "/v1/vehicle-types", lorry)
        window = {"service_date": day.isoformat(), "cut_off_at": f"{day}T00:00:00Z"}
        window_id = _made(coordinator, "/v1/pool-windows", window)["id"]
        for number in (1, 2):
            unit = {"units": 2, "weight_g": 1_400_000, "length_mm": 1_200, "width_mm": 1_000, "height_mm": 1_000}
            party = {"name": f"Mill {number}", "address_line1": "x", "lat": 10.8 + number / 100, "lon": 106.66}
            goods = {"client_ref": f"MILL-{number}", "service": "delivery", "delivery": party, "handling_units": [unit]}
            _made(firm, "/v1/shipments", goods | {"pool_window_id": window_id})
        plan = _made(coordinator, f"/v1/pool-windows/{window_id}/plans", {"seconds": 2})
        while coordinator.get(f"/v1/plans/{plan['id']}").json()["status"] in ("queued", "solving"):
            time.sleep(0.5)


def _as(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _made(client: httpx.Client, path: str, body: dict[str, object]) -> dict[str, str]:
    answer = client.post(path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert answer.is_success, answer.text
    made: dict[str, str] = answer.json()
    return made


def test_the_coordinator_steps_through_the_load_of_a_lorry(browser: Browser, platform: Platform) -> None:
    _book_a_lorry(platform)
    visit = _visit(browser, platform, DESKTOP)
    page = visit.page
    _sign_in(visit, platform.keys["Coordinator"])
    with httpx.Client(base_url=platform.url, headers=_as(platform.keys["Coordinator"]), trust_env=False) as client:
        windows = client.get("/v1/pool-windows").json()["data"]
    page.goto(f"{platform.url}/#{windows[-1]['id']}")
    page.reload()
    page.locator(".timeline button", has_text="Lorry").first.click()
    page.locator("summary", has_text="Load").click()
    said = page.locator(".said")
    expect(said).to_contain_text("Loaded 4 of 4: MILL-")
    page.get_by_role("button", name="Flat drawings").click()
    tiles = page.get_by_role("img", name="From above, front at the left").locator("g")
    expect(tiles).to_have_count(4)  # nothing has been unloaded before the departure
    page.get_by_role("slider", name="Step of loading and unloading").press("End")
    expect(said).to_contain_text("0 on board")
    expect(tiles).to_have_count(0)
    _assert_quiet(visit)
