"""The desk's views in a real browser: what is chosen in one is chosen in all, by pointer and by keys, and in the address."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.visits import (
    DESKTOP,
    PHONE,
    Platform,
    assert_no_sideways_scrolling,
    assert_quiet,
    sign_in,
    until,
    visit,
)

PLANNED_MS_MAX = 400_000


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
    until(page, "performance.getEntriesByName('desk map drawn').length > 0")
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
    expect(page.get_by_role("heading", name="Planning the day")).to_be_hidden(timeout=PLANNED_MS_MAX)
    page.get_by_role("tab", name="Plans").click()
    expect(page.get_by_role("heading", name="Second try Candidate")).to_be_visible()
    boxes = page.get_by_role("checkbox", name=re.compile("^Compare"))
    expect(boxes.nth(1)).to_be_visible()
    for box in boxes.all()[:2]:
        box.check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("table", name="Side by side")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Yes, publish it").click()
    expect(page.get_by_role("heading", name="Second try Published")).to_be_visible()
    page.get_by_text("History of the day").click()
    expect(page.get_by_text("Published", exact=True).first).to_be_visible()
    assert_quiet(made)


def edit(page: Page) -> Locator:
    """A working copy of the plan that is shown; its bar."""
    page.get_by_role("button", name="Edit", exact=True).click()
    bar = page.get_by_role("region", name="Editing by hand")
    expect(bar).to_be_visible()
    return bar


def choose_in_table(page: Page, row: int) -> None:
    page.get_by_role("tab", name="Shipments").first.click()
    page.get_by_role("grid", name="Shipments of the day").get_by_role("row").nth(row).click()


def ways_of_one_among_others(page: Page) -> Locator:
    """The ways of a shipment that is not alone on its route: a route of its own is none for one that has it."""
    dialog = page.get_by_role("dialog")
    for row in range(3, 12):
        choose_in_table(page, row)
        page.keyboard.press("m")
        # Every way has its price before it is taken; the one that is driven now is among them.
        expect(dialog.get_by_text("where it is now")).to_be_visible()
        if dialog.get_by_role("listitem").filter(has_text="A new route").count() > 0:
            return dialog
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    raise AssertionError("nine shipments alone on their routes")


def merge_until_broken(page: Page, bar: Locator) -> None:
    """Two routes on one vehicle: too much sooner or later, or too late."""
    for _ in range(7):
        merge = page.get_by_label("Merge with…").first
        expect(merge).to_be_enabled()
        merge.select_option(index=1)
        expect(merge).to_be_enabled()  # it is not while the edit is being looked at
        if bar.get_by_text("Nothing is broken").count() == 0:
            return


def test_a_plan_is_edited_by_menu_and_keys_told_what_breaks_undone_and_finished(
    browser: Browser, platform: Platform
) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    bar = edit(page)
    expect(bar.get_by_text("the same")).to_be_visible()
    expect(bar.get_by_text("Nothing is broken")).to_be_visible()
    dialog = ways_of_one_among_others(page)
    way = dialog.get_by_role("listitem").filter(has_text="A new route").first
    # Differences of rounded amounts may be one unit beside the rounded difference.
    price = way.locator("strong").inner_text()[:-1]
    assert price.startswith("+")
    way.get_by_role("button").click()
    expect(dialog).to_be_hidden()
    expect(bar.locator("dd").nth(1)).to_contain_text(price)
    expect(page.get_by_text(re.compile(r"Moved")).first).to_be_visible()
    page.keyboard.press("Control+z")
    expect(bar.get_by_text("the same")).to_be_visible()
    page.keyboard.press("Control+Shift+z")
    expect(bar.locator("dd").nth(1)).to_contain_text(price)
    merge_until_broken(page, bar)
    broken = bar.get_by_role("button", name=re.compile(r"\d+ things? (is|are) broken"))
    expect(broken).to_be_visible()
    expect(bar.get_by_role("button", name="Finish")).to_be_disabled()
    expect(page.locator(".timeline .mark.bad, #hands-broken").first).to_be_visible()
    undo = bar.get_by_role("button", name="Undo")
    while broken.count() > 0:
        undo.click()
        expect(undo).to_be_enabled()
    bar.get_by_role("button", name="Finish").click()
    # Its cost is being split: that takes its time, and is tested where splits are.
    expect(page.get_by_role("heading", name="Planning the day")).to_be_visible()
    page.get_by_role("button", name="Abort").click()
    expect(page.get_by_role("heading", name="Planning the day")).to_be_hidden()
    expect(page.get_by_role("button", name="Plan this day")).to_be_visible()
    assert_quiet(made)


def find_a_stop(page: Page) -> tuple[int, float, float]:
    """Moves the pointer along the timeline's first row until it is on a stop: where that is, and the heights of two rows."""
    rows, tip = page.locator(".timeline button[data-route]"), page.locator(".timeline .tip")
    for _ in range(20):  # rows may just be coming to rest, and what lies under the pointer is told a frame later
        lanes = page.locator(".timeline .lanes").bounding_box()
        rows_at = [rows.nth(index).bounding_box() for index in range(2)]
        assert lanes is not None
        first, second = (at["y"] + at["height"] / 2 for at in rows_at if at is not None)
        for x in range(int(lanes["x"]) + 30, int(lanes["x"] + lanes["width"]) - 30, 4):
            page.mouse.move(x, first)
            if tip.count() > 0:
                return x, first, second
    raise AssertionError("no stop in the first row of the timeline")


def test_a_stop_is_dragged_in_the_timeline_to_another_route(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    bar = edit(page)
    choose_in_table(page, 3)
    page.get_by_role("tab", name="Timeline").click()
    pressed = page.locator(".timeline button[aria-pressed=true]")
    expect(pressed).to_have_count(1)
    page.keyboard.press("Escape")
    x, first, second = find_a_stop(page)
    page.mouse.down()
    page.mouse.move(x + 12, first + 8)
    page.mouse.move(x + 12, second, steps=4)
    expect(page.get_by_text("A new route").last).to_be_visible()
    page.mouse.up()
    expect(page.locator(".panel ol li")).to_have_count(1)
    expect(bar.get_by_role("button", name="Undo")).to_be_enabled()
    bar.get_by_role("button", name="Undo").click()
    expect(bar.get_by_text("the same")).to_be_visible()
    page.get_by_role("button", name="Throw away").click()
    expect(page.get_by_role("button", name="Plan this day")).to_be_visible()
    assert_quiet(made)


class Finger:
    """A finger on the screen, as the browser itself gets it from one."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def down(self, x: float, y: float) -> None:
        """Rests on a point."""
        self._told("touchStart", [{"x": x, "y": y}])

    def move(self, x: float, y: float) -> None:
        """On to another point."""
        self._told("touchMove", [{"x": x, "y": y}])

    def up(self) -> None:
        """Away from the screen."""
        self._told("touchEnd", [])

    def _told(self, kind: str, points: list[dict[str, float]]) -> None:
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def middle(of: Locator) -> tuple[float, float]:
    """Where a finger would be put on it."""
    box = of.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 3, box["y"] + box["height"] / 2


def test_a_finger_that_rests_lifts_a_shipment_in_the_table_and_a_stop_in_the_timeline(
    browser: Browser, platform: Platform
) -> None:
    made = visit(browser, platform, DESKTOP, touch=True)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    bar = edit(page)
    edits = page.locator(".panel ol li")
    finger = Finger(page)
    page.get_by_role("tab", name="Shipments").first.click()
    rows = page.get_by_role("grid", name="Shipments of the day").get_by_role("row")
    # Where it rests first, a finger that moves carries instead of scrolling.
    x, y = middle(rows.nth(2))
    finger.down(x, y)
    expect(page.locator(".row.lifted")).to_have_count(1)
    finger.move(x, middle(rows.nth(4))[1])
    expect(page.locator(".row.onto")).to_have_count(1)
    finger.move(*middle(page.locator("[data-drop=off]")))
    expect(page.locator("[data-drop=off].over")).to_be_visible()
    finger.up()
    expect(edits).to_have_count(1)
    expect(bar.get_by_text(re.compile(r"\d+ not planned"))).to_be_visible()

    page.get_by_role("tab", name="Timeline").click()
    stop_x, first, second = find_a_stop(page)
    finger.down(stop_x, first)
    expect(page.locator(".timeline .carried")).to_be_visible()
    finger.move(stop_x, second)
    expect(page.locator(".timeline .landing")).to_be_visible()
    finger.up()
    expect(edits).to_have_count(2)
    expect(page.locator(".timeline .carried")).to_have_count(0)
    page.get_by_role("button", name="Throw away").click()
    expect(page.get_by_role("button", name="Plan this day")).to_be_visible()
    assert_quiet(made)


def test_what_is_locked_stays_and_the_lock_says_so(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    bar = edit(page)
    choose_in_table(page, 3)
    page.get_by_role("button", name="Lock the route").click()
    expect(page.get_by_role("button", name="Unlock the route")).to_be_visible()
    page.get_by_role("button", name="Take off the plan").click()
    expect(page.get_by_text("This is locked. Unlock it first.")).to_be_visible()
    page.get_by_role("button", name="Unlock the route").click()
    expect(page.get_by_role("button", name="Lock the route")).to_be_visible()
    page.get_by_role("button", name="Take off the plan").click()
    left = bar.get_by_text(re.compile(r"\d+ not planned"))
    expect(left).to_be_visible()
    before = left.inner_text()
    page.get_by_role("tab", name="Unplanned").click()
    expect(page.get_by_text("Taken off by hand")).to_be_visible()
    page.get_by_role("listitem").filter(has_text="Taken off by hand").get_by_role("button", name="Find a place").click()
    # the cheapest way of one that need not be carried may be outside of the plan, where it is now
    ways = page.get_by_role("dialog").get_by_role("listitem").filter(has_not_text="Leave it to its outside option")
    ways.first.get_by_role("button").click()
    expect(bar.get_by_text(before, exact=True)).to_be_hidden()  # one fewer, or none
    # Refusals that were asked for are told on the console by the browser itself.
    assert [line for line in made.errors if "409" not in line] == []
    bar.get_by_role("button", name="Leave").click()
    page.get_by_role("tab", name="Plans").click()
    expect(page.get_by_role("region", name="Unfinished copies").get_by_role("listitem").first).to_be_visible()


def test_a_plan_is_explained_and_seen_with_a_members_eyes(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    sign_in(made, platform.keys["Coordinator"])
    choose_in_table(page, 3)
    expect(page.get_by_role("region", name="Why it is here").first).to_contain_text(re.compile("serves it"))
    page.get_by_role("tab", name="Why").click()
    parts = page.get_by_role("table", name="What the cost is made of")
    expect(parts.get_by_role("row", name=re.compile("kilometres"))).to_be_visible()
    page.get_by_role("tab", name="Split").click()
    page.get_by_text("What if another rule split the cost?").click()
    page.get_by_role("radiogroup", name="Split the cost by").get_by_text("Weight", exact=True).click()
    expect(page.get_by_text("Everyone pays by the weight of its shipments.")).to_be_visible()
    page.get_by_label("Whose eyes?").select_option(label="Lotus Thread")
    page.get_by_role("button", name="See as a member").click()
    expect(page.get_by_role("heading", name="You see what Lotus Thread sees")).to_be_visible()
    expect(page.get_by_text("You pay", exact=True)).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Bamboo Stitch")).to_have_count(0)
    page.get_by_role("button", name="Back to your desk").click()
    expect(page.get_by_role("button", name="Plan this day")).to_be_visible()
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
