"""The coordinator's tours and the cluster's rules, in a real browser."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_driver import tours_of
from tests.browser.test_member_pages import _offences
from tests.browser.visits import DESKTOP, PHONE, Platform, assert_no_sideways_scrolling, assert_quiet, sign_in, visit


@pytest.fixture
def api(platform: Platform) -> Iterator[httpx.Client]:
    """The coordinator's client."""
    headers = {"Authorization": f"Bearer {platform.keys['Coordinator']}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60, trust_env=False) as client:
        yield client


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_tours_and_rules_keep_nobody_out(
    browser: Browser, platform: Platform, api: httpx.Client, size: dict[str, int], scheme: str
) -> None:
    tour = tours_of(api)[0]
    made = visit(browser, platform, size, scheme)
    sign_in(made, platform.keys["Coordinator"])
    parts = [f"rules/{part}" for part in ("sharing", "planning", "map", "languages", "tariffs")]
    found = {}
    for path in ["tours", f"tours/{tour['id']}", *parts]:
        made.page.goto(f"{platform.url}/#/{path}")
        expect(made.page.locator(".card, .board").first).to_be_visible()
        expect(made.page.locator(".skeleton:visible")).to_have_count(0)
        found[path] = _offences(made.page)
        assert_no_sideways_scrolling(made.page)
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert_quiet(made)


def test_a_drivers_link_is_shown_once(browser: Browser, platform: Platform, api: httpx.Client) -> None:
    tour = next(one for one in tours_of(api) if one["status"] in {"dispatched", "under_way"})
    made = visit(browser, platform, DESKTOP)
    sign_in(made, platform.keys["Coordinator"])
    page = made.page
    page.goto(f"{platform.url}/#/tours/{tour['id']}")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("The link").input_value()
    assert re.fullmatch(re.escape(platform.url) + r"/drive#\w{32}", link)
    page.reload()
    expect(page.get_by_role("heading", name="Link for the driver")).to_be_visible()
    expect(page.get_by_text("not opened yet").first).to_be_visible()
    assert link.partition("#")[2] not in page.content()
    assert_quiet(made)


def test_a_rule_of_the_cluster_changes_from_a_day_on(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    sign_in(made, platform.keys["Coordinator"])
    page = made.page
    page.goto(f"{platform.url}/#/rules/planning")
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Seconds to plan").fill("25")
    page.get_by_label("Holds from").fill(f"{datetime.now(UTC).date() + timedelta(days=30)}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="To follow").first).to_be_visible()
    assert _offences(page) == []
    assert_quiet(made)
