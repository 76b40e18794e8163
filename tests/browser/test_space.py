"""Space is looked at by the day, booked and given back on a member's page, and seen whole on the coordinator's."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_member_pages import _member, _offences
from tests.browser.visits import DESKTOP, PHONE, Platform, assert_no_sideways_scrolling, assert_quiet, sign_in, visit


@pytest.fixture
def desk(platform: Platform) -> Iterator[httpx.Client]:
    """The coordinator's client."""
    headers = {"Authorization": f"Bearer {platform.keys['Coordinator']}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60, trust_env=False) as client:
        yield client


def offered(desk: httpx.Client, zone: str, units: int) -> str:
    """Space at the cluster's hub, from tomorrow on."""
    sites = desk.get("/v1/sites?limit=200").raise_for_status().json()["data"]
    hub = next(site["id"] for site in sites if site["kind"] == "hub")
    first = datetime.now(UTC).date() + timedelta(days=1)
    body: dict[str, Any] = {"site_id": hub, "zone": zone, "units": units, "row_units": 20, "day_milli": 2_000_000}
    body |= {"first_on": first.isoformat(), "last_on": (first + timedelta(days=99)).isoformat()}
    answer = desk.post("/v1/space-offers", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    return str(answer.raise_for_status().json()["id"])


def test_a_stay_is_found_booked_seen_on_the_map_and_given_back(
    browser: Browser, platform: Platform, desk: httpx.Client
) -> None:
    offer = offered(desk, "Hall A", 120)
    first = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()
    seen = visit(browser, platform, PHONE, "dark", touch=True)
    sign_in(seen, _member(platform))
    page = seen.page
    page.goto(f"{platform.url}/#/space?offer={offer}")
    expect(page.get_by_role("heading", level=1, name="Warehouse space")).to_be_attached()
    page.get_by_label("How many", exact=True).fill("7")
    page.get_by_label("From", exact=True).fill(first)
    page.get_by_label("For how many days").fill("10")
    page.get_by_label("What comes").fill("Spring tiles")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Book here").click()
    expect(page.get_by_text("Booked.", exact=True)).to_be_visible()
    card = page.get_by_role("listitem").filter(has_text="Spring tiles")
    expect(card.get_by_text("Booked")).to_be_visible()
    assert_no_sideways_scrolling(page)
    assert _offences(page) == []

    whole = visit(browser, platform, DESKTOP)
    sign_in(whole, platform.keys["Coordinator"])
    whole.page.goto(f"{platform.url}/#/space?offer={offer}")
    whole.page.get_by_label("Day", exact=True).fill("4")
    expect(whole.page.get_by_text("113 of 120 free")).to_be_visible()
    expect(whole.page.get_by_role("listitem").filter(has_text="Spring tiles")).to_be_visible()
    assert _offences(whole.page) == []

    card.get_by_role("button", name="Give back").click()
    expect(card.get_by_text("Given back")).to_be_visible()
    assert_quiet(seen)
    assert_quiet(whole)


def test_whoever_finds_no_room_is_told_why_and_may_wait(
    browser: Browser, platform: Platform, desk: httpx.Client
) -> None:
    offer = offered(desk, "Cold room", 3)
    seen = visit(browser, platform, DESKTOP)
    sign_in(seen, _member(platform))
    page = seen.page
    page.goto(f"{platform.url}/#/space?offer={offer}")
    page.get_by_label("How many", exact=True).fill("100000")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("No zone is that large.")).to_be_visible()
    page.get_by_role("button", name="Wait for it").click()
    expect(page.get_by_text("There is no room yet.")).to_be_visible()
    waiting = page.get_by_role("listitem").filter(has_text="Waiting")
    waiting.get_by_role("button", name="Stop waiting").click()
    expect(page.get_by_text("Given back").first).to_be_visible()
    assert_quiet(seen)
