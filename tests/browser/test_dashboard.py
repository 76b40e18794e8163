"""The dashboard in a real browser, before the running platform: what a coordinator and a member see and do."""

import re
import time
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.visits import (
    DESKTOP,
    PHONE,
    WAITED_MS_MAX,
    Platform,
    assert_no_sideways_scrolling,
    assert_quiet,
    sign_in,
    visit,
)

PLANNED_MS_MAX = 400_000


def _amount(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_a_wrong_key_is_refused_in_words(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    made.page.get_by_role("button", name="Use an API key").click()
    made.page.get_by_label("API key").fill("clk_not_a_key")
    made.page.get_by_role("button", name="Sign in").click()
    expect(made.page.get_by_role("alert")).to_contain_text("opens nothing")
    made.page.reload()
    made.page.get_by_role("button", name="Use an API key").click()
    expect(made.page.get_by_label("API key")).to_have_value("")
    assert made.strangers == []


def _paid(split: Locator) -> tuple[list[int], int]:
    """What each pays, and the sum at the foot, all at one moment."""
    told = split.evaluate(
        """table => [...table.querySelectorAll("tbody tr, tfoot tr")]
            .map(row => row.querySelectorAll("td")[1].firstChild.textContent)"""
    )
    *pays, foot = map(_amount, told)
    return pays, foot


def test_the_coordinator_plans_the_day_and_reads_who_pays_what(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
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
    for _ in range(WAITED_MS_MAX // 200):  # the plan that stood there before gives way to the new one
        pays, foot = _paid(split)
        if sum(pays) == foot:
            break
        page.wait_for_timeout(200)
    assert sum(pays) == foot
    for row in rows.all():
        alone = _amount(row.locator("td").nth(0).inner_text())
        assert alone > 0

    first = page.locator(".timeline button[data-route]").first
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Back to all routes")).to_be_visible()
    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible()
    assert_quiet(made)


def test_an_abort_keeps_the_earlier_plan(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    page.get_by_role("button", name="Plan this day").click()
    page.get_by_label("Seconds to search").fill("300")
    page.get_by_role("button", name="Start planning").click()
    page.get_by_role("button", name="Abort").click()
    expect(page.get_by_text("Planning was aborted. The earlier plan still holds.")).to_be_visible()
    expect(page.get_by_role("table", name="What each member pays")).to_be_visible()
    assert_quiet(made)


def test_a_member_sees_its_own_share_and_nobody_else(browser: Browser, platform: Platform) -> None:
    names = [name for name in platform.keys if name != "Coordinator"]
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys[names[0]])
    expect(page.get_by_text("You pay", exact=True)).to_be_visible()
    expect(page.get_by_text("Planned", exact=True).first).to_be_visible()
    page.locator("summary").click()
    content = page.content()
    assert names[0] in content
    coordinator = visit(browser, platform, DESKTOP)
    sign_in(coordinator, platform.keys["Coordinator"])
    everyone = coordinator.page.get_by_role("table", name="What each member pays").locator("tbody th button")
    expect(everyone).to_have_count(15)
    others = [name for name in everyone.all_inner_texts() if name != names[0]]
    assert [name for name in others if name in content] == []
    assert_quiet(made)


def test_a_member_books_sees_faults_at_their_fields_and_cancels(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys[next(name for name in platform.keys if name != "Coordinator")])
    page.get_by_role("link", name="Book a shipment").click()
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_label("Your reference")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Your reference")).to_be_focused()
    reference = f"TEST-{time.monotonic_ns()}"
    fields = {"Your reference": reference, "Name": "Corner shop", "Address": "1 Main street", "Kilograms each": "2.5"}
    for label, text in {**fields, "Length, cm": "40", "Width, cm": "30", "Height, cm": "20"}.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Choose the place on the map").click()
    page.locator("canvas.maplibregl-canvas").click(position={"x": 120, "y": 120})
    expect(page.get_by_label("Latitude")).not_to_have_value("")
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_role("heading", name=f"{reference} is booked")).to_be_focused()
    page.get_by_role("link", name="Open the shipment").click()
    expect(page.get_by_role("heading", name=reference)).to_be_visible()
    expect(page.get_by_text("In the pool", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Cancel this shipment").click()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_text("Cancelled", exact=True).first).to_be_visible()
    assert_quiet(made)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", ["coordinator", "member"])
def test_every_view_fits_a_phone_in_both_themes(browser: Browser, platform: Platform, who: str, scheme: str) -> None:
    names = ["Coordinator"] if who == "coordinator" else [name for name in platform.keys if name != "Coordinator"]
    made = visit(browser, platform, PHONE, scheme)
    page = made.page
    sign_in(made, platform.keys[names[0]])
    if who == "coordinator":
        views, chosen = page.get_by_role("navigation", name="Views").get_by_role("button"), "aria-current"
    else:
        views, chosen = page.get_by_role("tablist", name="Views").get_by_role("tab"), "aria-selected"
    expect(views).to_have_count(5 if who == "coordinator" else 2)
    for view in views.all():
        view.click()
        expect(view).to_have_attribute(chosen, "page" if who == "coordinator" else "true")
        assert_no_sideways_scrolling(page)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", ground)[:3])) < 150) == (scheme == "dark")
    assert_quiet(made)


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
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    with httpx.Client(base_url=platform.url, headers=_as(platform.keys["Coordinator"]), trust_env=False) as client:
        windows = client.get("/v1/pool-windows").json()["data"]
    page.goto(f"{platform.url}/#{windows[-1]['id']}")
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
    assert_quiet(made)
