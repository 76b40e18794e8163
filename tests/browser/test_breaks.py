"""Drivers' breaks in a real browser: settled by a law or by the clock, planned, and seen where the day is looked at."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_member_pages import _offences
from tests.browser.visits import DESKTOP, PHONE, Platform, assert_no_sideways_scrolling, assert_quiet, sign_in, visit

PLANNED_MS_MAX = 400_000


@pytest.fixture
def api(platform: Platform) -> Iterator[httpx.Client]:
    """The coordinator's client."""
    headers = {"Authorization": f"Bearer {platform.keys['Coordinator']}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60, trust_env=False) as client:
        yield client


def amidst_a_route(page: Page, api: httpx.Client) -> tuple[str, str]:
    """A quarter of an hour amidst the longest route of the plan that the page shows, as the cluster's clocks have it."""
    with page.expect_response(lambda answer: answer.url.endswith("/routes")) as read:
        page.reload()
    routes = read.value.json()["routes"]
    spans = [tuple(datetime.fromisoformat(route[end]) for end in ("starts_at", "ends_at")) for route in routes]
    begins, ends = max(spans, key=lambda span: span[1] - span[0])
    zone = ZoneInfo(api.get("/v1/me").json()["cluster"]["time_zone"])
    middle = (begins + (ends - begins) / 2).astimezone(zone)
    return (middle - timedelta(minutes=15)).strftime("%H:%M"), middle.strftime("%H:%M")


def test_breaks_by_the_clock_are_settled_planned_and_drawn(
    browser: Browser, platform: Platform, api: httpx.Client
) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    expect(page.locator(".timeline button[data-route]").first).to_be_visible()
    opens, closes = amidst_a_route(page, api)
    page.goto(f"{platform.url}/#/rules/planning")
    page.get_by_role("button", name="Change").click()
    form = page.get_by_role("group", name="Drivers' breaks")
    expect(form.get_by_text("The law of your cluster's country: Vietnam")).to_be_visible()
    form.get_by_label("Rule", exact=True).select_option(label="At times of our own")
    form.get_by_label("Begins at the earliest").fill(closes)
    form.get_by_label("At the latest").fill(opens)
    page.get_by_role("button", name="Save").click()
    expect(form.get_by_text("This must be later than the start.")).to_be_visible()
    form.get_by_label("Begins at the earliest").fill(opens)
    form.get_by_label("At the latest").fill(closes)
    form.get_by_label("Minutes").fill("20")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"20 mins between {opens} and {closes}").first).to_be_visible()
    assert _offences(page) == []

    page.goto(f"{platform.url}/#/")
    page.get_by_role("button", name="Plan this day").click()
    page.get_by_label("Seconds to search").fill("2")
    page.get_by_label("Publish when it is solved").uncheck()
    page.get_by_role("button", name="Start planning").click()
    expect(page.get_by_role("heading", name="Planning the day")).to_be_visible()
    expect(page.get_by_role("heading", name="Planning the day")).to_be_hidden(timeout=PLANNED_MS_MAX)
    resting = page.locator('.timeline button[data-route][aria-label*="rests"]').first
    expect(resting).to_be_visible()
    expect(page.locator(".timeline .legend").get_by_text("Break")).to_be_visible()
    resting.click()
    expect(page.locator("aside li.rest").first).to_contain_text("Break")
    # A refusal that was asked for is told on the console by the browser itself.
    assert [line for line in made.errors if "422" not in line] == []


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_a_vehicle_type_takes_the_law_or_has_breaks_of_its_own(
    browser: Browser, platform: Platform, size: dict[str, int], scheme: str
) -> None:
    made = visit(browser, platform, size, scheme)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    page.goto(f"{platform.url}/#/rules/breaks")
    card = page.locator("section.card").first
    card.get_by_role("button", name="Change").click()
    card.get_by_label("Rule", exact=True).select_option(label="Vietnam: 15 min after 4 h")
    expect(card.get_by_text("Law 36/2024/QH15")).to_be_visible()
    card.get_by_label("Rule", exact=True).select_option(label="At times of our own")
    card.get_by_role("button", name="One more break").click()
    expect(card.get_by_label("Minutes")).to_have_count(2)
    assert _offences(page) == []
    assert_no_sideways_scrolling(page)
    card.get_by_role("button", name="Take out break 2").click()
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_text("30 mins between 11:30 and 13:00")).to_be_visible()
    page.reload()
    expect(card.get_by_text("30 mins between 11:30 and 13:00")).to_be_visible()
    assert_quiet(made)


def test_four_eyes_are_wanted_and_no_longer(browser: Browser, platform: Platform, api: httpx.Client) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    page.goto(f"{platform.url}/#/rules/planning")
    page.get_by_role("button", name="Want four eyes from now on").click()
    expect(page.get_by_text("only after somebody has agreed to it")).to_be_visible()
    assert api.get("/v1/cluster").json()["four_eyes"]
    page.get_by_role("button", name="Publish without four eyes from now on").click()
    expect(page.get_by_text("without anybody else's consent")).to_be_visible()
    assert not api.get("/v1/cluster").json()["four_eyes"]
    assert_quiet(made)


def test_how_many_shipments_are_chosen_is_told_while_a_plan_is_edited_on_a_phone(
    browser: Browser, platform: Platform
) -> None:
    made = visit(browser, platform, PHONE)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    page.get_by_role("button", name="Edit", exact=True).click()
    expect(page.get_by_role("region", name="Editing by hand")).to_be_visible()
    page.get_by_role("navigation", name="Views").get_by_role("button", name="Shipments").click()
    page.get_by_role("grid", name="Shipments of the day").get_by_role("row").nth(2).click()
    expect(page.get_by_text("1 shipment chosen")).to_be_visible()
    assert_no_sideways_scrolling(page)
    assert_quiet(made)
