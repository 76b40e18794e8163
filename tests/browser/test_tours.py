"""The coordinator's tours and the cluster's rules, in a real browser."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.test_driver import tours_of
from tests.browser.test_member_pages import _offences
from tests.browser.visits import DESKTOP, PHONE, Platform, assert_no_sideways_scrolling, assert_quiet, sign_in, visit

PLANNED_MS_MAX = 400_000


@pytest.fixture
def api(platform: Platform) -> Iterator[httpx.Client]:
    """The coordinator's client."""
    headers = {"Authorization": f"Bearer {platform.keys['Coordinator']}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60, trust_env=False) as client:
        yield client


def _days_on(days: int) -> str:
    return f"{datetime.now(UTC).date() + timedelta(days=days)}"


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
    # Without a road network the lines between its stops are straight, and its map says so.
    expect(page.get_by_role("region", name="Map").get_by_text("they are not roads")).to_be_visible()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("The link").input_value()
    assert re.fullmatch(re.escape(platform.url) + r"/drive#\w{32}", link)
    code = page.get_by_role("img", name="The link as a QR code").screenshot()
    assert [read.text for read in zxingcpp.read_barcodes(Image.open(io.BytesIO(code)))] == [link]
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
    page.get_by_label("Holds from").fill(_days_on(30))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="To follow").first).to_be_visible()
    assert _offences(page) == []
    assert_quiet(made)


def test_weights_of_a_rule_are_set_and_stand_there_the_next_time(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    sign_in(made, platform.keys["Coordinator"])
    page = made.page
    page.goto(f"{platform.url}/#/rules/sharing")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("group", name="Weights")).to_have_count(0)
    page.get_by_label("Rule", exact=True).select_option(label="Weighted Shapley")
    weights = page.get_by_role("group", name="Weights")
    weights.get_by_label("Lotus Thread").fill("3")
    page.get_by_label("Holds from").fill(_days_on(31))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="To follow").first).to_be_visible()
    expect(page.get_by_text("Lotus Thread 3").first).to_be_visible()
    page.get_by_role("button", name="Change").click()
    expect(weights.get_by_label("Lotus Thread")).to_have_value("3")
    expect(weights.get_by_label("Bamboo Stitch")).to_have_value("")
    assert_quiet(made)


def test_a_tariff_is_written_priced_by_an_example_and_kept_as_a_version(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    sign_in(made, platform.keys["Coordinator"])
    page = made.page
    page.goto(f"{platform.url}/#/rules/tariffs")
    page.get_by_role("button", name="Change: Motorbike with box").click()
    form = page.get_by_role("form", name="Tariffs of Motorbike with box")
    prices = {"Per vehicle": "10000", "Per kilometre": "1000", "Per hour": "0", "Per stop": "0"}
    for label, text in prices.items():
        form.get_by_label(label, exact=True).fill(text)
    form.get_by_role("button", name="Add a day").click()
    form.get_by_role("button", name="Add a zone").click()
    form.get_by_role("button", name="Add a weight break").click()
    form.get_by_text("What would a route cost?").click()
    form.get_by_role("button", name="Work it out").click()
    # Of what was added: per cent, code, name and supplement of the zone, supplement of the break.
    expect(form.get_by_text("5 fields need a look.")).to_be_visible()
    expect(form.locator("[aria-invalid=true]")).to_have_count(5)
    for label, text in {"Per cent": "10", "Code": "c", "Name": "Centre", "Postcodes": "700", "Up to kg": "10"}.items():
        form.get_by_label(label, exact=True).fill(text)
    zone, weight = form.get_by_label("Supplement").all()
    zone.fill("5000")
    weight.fill("2000")
    for label, text in {"Postcodes of stops": "70000, 71000", "Weights of shipments in kg": "5, 30"}.items():
        form.get_by_label(label).fill(text)
    form.get_by_role("button", name="Work it out").click()
    # 10,000 + 80 km at 1,000 + 10 % of those 80,000 + one stop in the zone + one shipment within the break
    expect(form.get_by_role("row", name="Together")).to_contain_text("105,000")
    form.get_by_label("Holds from", exact=True).last.fill(_days_on(32))
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    card = page.get_by_role("region", name="Motorbike with box")
    expect(card.get_by_text("Per kilometre ₫1,000")).to_be_visible()
    card.get_by_text("Versions").click()
    expect(card.get_by_role("row", name="Zones")).to_contain_text("Centre: ₫5,000 for each stop")
    # A refusal that was asked for is told on the console by the browser itself.
    assert [line for line in made.errors if "422" not in line] == []


def test_what_is_left_of_a_day_is_planned_anew_compared_and_driven(
    browser: Browser, platform: Platform, api: httpx.Client
) -> None:
    tours = tours_of(api)
    open_ = {tour["pool_window_id"] for tour in tours if tour["status"] in {"dispatched", "under_way"}}
    # The day with the least to do is split in no time.
    day = min(open_, key=lambda day: sum(tour["visits"] for tour in tours if tour["pool_window_id"] == day))
    made = visit(browser, platform, DESKTOP)
    sign_in(made, platform.keys["Coordinator"])
    page = made.page
    page.goto(f"{platform.url}/#/tours?day={day}")
    replan = page.get_by_role("region", name="Plan the rest anew")
    replan.get_by_role("button", name="Propose a change").click()
    replan.get_by_label("Seconds to plan").fill("1")
    replan.get_by_role("button", name="Propose", exact=True).click()
    sides = replan.get_by_role("table", name="Side by side")
    expect(sides).to_be_visible(timeout=PLANNED_MS_MAX)
    expect(sides.get_by_role("columnheader")).to_have_count(2)
    expect(replan.get_by_text("Nothing has changed yet.")).to_be_visible()
    assert _offences(page) == []
    replan.get_by_role("button", name="Accept: tours follow it").click()
    expect(page.get_by_text(re.compile(r"^[1-9]\d* tours? follows? the new plan\."))).to_be_visible()
    expect(page.get_by_text("Side by side")).to_have_count(0)
    assert_quiet(made)
