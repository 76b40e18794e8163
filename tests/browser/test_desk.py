"""The desk's views in a real browser: what is chosen in one is chosen in all, by pointer and by keys, and in the address."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.visits import DESKTOP, PHONE, Platform, assert_no_sideways_scrolling, assert_quiet, sign_in, visit


def test_a_shipment_chosen_in_the_table_is_chosen_in_every_view_and_in_the_address(
    browser: Browser, platform: Platform
) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    page.get_by_role("tab", name="Shipments").click()
    row = page.get_by_role("grid", name="Shipments of the day").get_by_role("row").nth(3)
    row.click()
    expect(row).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("1 shipment chosen")).to_be_visible()
    expect(page.locator("aside li.chosen")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"route=\d+&shipments=shp_"))
    page.get_by_role("tab", name="Timeline").click()
    expect(page.locator(".timeline button[aria-pressed=true]")).to_have_count(1)
    page.reload()
    expect(page.get_by_text("1 shipment chosen")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("1 shipment chosen")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("shipments="))
    assert_quiet(made)


def test_keys_search_choose_and_walk_along_a_route(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    expect(page.locator(".timeline button[data-route]").first).to_be_visible()
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Search the day")
    expect(search).to_be_focused()
    search.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=row][aria-selected=true]")
    expect(chosen).to_have_count(1)
    first = chosen.get_attribute("id")
    page.keyboard.press("ArrowDown")
    expect(chosen).not_to_have_attribute("id", first or "")
    search.fill("no shipment is called like that")
    expect(page.get_by_text("No shipment is like that.")).to_be_visible()
    assert_quiet(made)


def test_a_line_around_the_map_chooses_all_within(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    expect(page.locator(".timeline button[data-route]").first).to_be_visible()
    page.wait_for_function("performance.getEntriesByName('desk map drawn').length > 0")
    page.get_by_role("button", name="Draw around shipments").click()
    box = page.locator("svg.lasso").bounding_box()
    assert box is not None
    right, bottom = box["x"] + box["width"] - 60, box["y"] + box["height"] - 4
    corners = [(box["x"] + 4, box["y"] + 4), (right, box["y"] + 4), (right, bottom), (box["x"] + 4, bottom)]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner)
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"\d\d+ shipments chosen"))).to_be_visible()
    assert_quiet(made)


def test_two_plans_are_compared_and_the_candidate_is_published(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    page.get_by_role("button", name="Plan this day").click()
    page.get_by_label("Seconds to search").fill("2")
    page.get_by_label("Publish when it is solved").uncheck()
    page.get_by_text("What if", exact=True).click()
    page.get_by_label("Name of this try").fill("Second try")
    page.get_by_role("button", name="Start planning").click()
    expect(page.get_by_role("heading", name="Planning the day")).to_be_visible()
    expect(page.get_by_role("heading", name="Planning the day")).to_be_hidden(timeout=200_000)
    page.get_by_role("tab", name="Plans").click()
    expect(page.get_by_role("heading", name="Second try Candidate")).to_be_visible()
    for box in page.get_by_role("checkbox", name=re.compile("^Compare")).all()[:2]:
        box.check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("table", name="Side by side")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Yes, publish it").click()
    expect(page.get_by_role("heading", name="Second try Published")).to_be_visible()
    page.get_by_text("History of the day").click()
    expect(page.get_by_text("Published", exact=True).first).to_be_visible()
    assert_quiet(made)


def test_every_view_of_the_desk_fits_a_phone(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, PHONE)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    page.get_by_role("navigation", name="Views").get_by_role("button", name="Shipments").click()
    row = page.get_by_role("grid", name="Shipments of the day").get_by_role("row").nth(2)
    row.click()
    expect(row).to_have_attribute("aria-selected", "true")
    assert_no_sideways_scrolling(page)
    assert_quiet(made)
