"""
What pages look like, compared with what was agreed on: where their parts stand, whether all text is there to read.

Boxes of parts instead of pictures: fonts of another machine move them by a few pixels, a broken layout by many. Where a
page is changed on purpose, ``WRITE_SHOTS=1`` writes the boxes anew; look at the page before that.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_member_pages import _offences
from tests.browser.visits import (
    DESKTOP,
    PHONE,
    Platform,
    Visit,
    assert_no_sideways_scrolling,
    assert_quiet,
    sign_in,
    visit,
)

pytestmark = pytest.mark.rehearsal

FOLDER = Path(__file__).parent / "shots"
AGREED = FOLDER / "landmarks.json"
LANDMARKS, OVERFLOW = ((FOLDER / name).read_text() for name in ("landmarks.js", "overflow.js"))
TOLERANCE_PX = 24
WRITES = "WRITE_SHOTS" in os.environ
LANGUAGES = {"English": "en-GB", "Tiếng Việt": "vi-VN", "Deutsch": "de-DE", "简体中文": "zh-CN"}
Boxes: TypeAlias = dict[str, list[int]]
Ready: TypeAlias = Callable[[Page], None]


def _nothing_more(page: Page) -> None:
    """The page as it comes."""


def _plans_shown(page: Page) -> None:
    if page.viewport_size == PHONE:
        page.locator("[data-pane]").get_by_role("navigation").get_by_role("button").nth(3).click()
    page.locator("#tab-plans").click()
    expect(page.locator(".plans details")).to_be_visible()


def _shipments_shown(page: Page) -> None:
    if page.viewport_size == PHONE:
        page.locator("[data-pane]").get_by_role("navigation").get_by_role("button").nth(2).click()
    else:
        page.get_by_role("tab", name="Shipments").click()
    expect(page.get_by_role("grid")).to_be_visible()


DESK: dict[str, tuple[str, Ready]] = {
    "desk": ("", _nothing_more),
    "plans": ("", _plans_shown),
    "shipments": ("", _shipments_shown),
    "tours": ("tours", _nothing_more),
    "figures": ("figures", _nothing_more),
    "rules": ("rules/planning", _nothing_more),
    "tariffs": ("rules/tariffs", _nothing_more),
    "settings": ("settings/account", _nothing_more),
}
EVERYWHERE = ["", "tours", "figures", "settings/account", "settings/people", "settings/keys", "settings/webhooks"]
EVERYWHERE += [f"rules/{part}" for part in ("sharing", "planning", "map", "languages", "tariffs")]
EVERYWHERE += ["members", "members/applications", "members/invitations", "members/conditions"]
EVERYWHERE += ["days", "days/schedules", "days/closed"]


@pytest.fixture
def api(platform: Platform) -> Iterator[httpx.Client]:
    """The coordinator's client."""
    headers = {"Authorization": f"Bearer {platform.keys['Coordinator']}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60, trust_env=False) as client:
        yield client


def _settled(page: Page) -> None:
    expect(page.locator("main").first).to_be_attached()
    expect(page.locator(".skeleton:visible")).to_have_count(0)
    page.evaluate("document.fonts.ready.then(() => true)")


def _on_the_desk(browser: Browser, platform: Platform, size: dict[str, int], scheme: str = "light") -> Visit:
    made = visit(browser, platform, size, scheme)
    sign_in(made, platform.keys["Coordinator"])
    return made


def _shown(made: Visit, platform: Platform, path: str, ready: Ready) -> None:
    """A page as if come to anew, so that one page's state says nothing about the next."""
    made.page.goto(f"{platform.url}/#/{path}")
    made.page.reload()
    _settled(made.page)
    ready(made.page)


def _compared(found: dict[str, Boxes]) -> None:
    """Against what was agreed on, or in place of it."""
    agreed: dict[str, Any] = json.loads(AGREED.read_text()) if AGREED.is_file() else {}
    if WRITES:
        AGREED.write_text(json.dumps(agreed | found, indent=1, sort_keys=True) + "\n")
        return
    faults = [f"{page}: nothing was agreed on yet" for page in found.keys() - agreed.keys()]
    for page in found.keys() & agreed.keys():
        boxes, known = found[page], agreed[page]
        faults += [f"{page}: {part} is gone" for part in known.keys() - boxes.keys()]
        faults += [f"{page}: {part} is new" for part in boxes.keys() - known.keys()]
        for part in known.keys() & boxes.keys():
            if max(abs(one - other) for one, other in zip(known[part], boxes[part], strict=True)) > TOLERANCE_PX:
                faults.append(f"{page}: {part} was at {known[part]}, is at {boxes[part]}")
    assert faults == [], "\n".join([*faults, "on purpose? look at it, then WRITE_SHOTS=1"])


def _dark(page: Page) -> bool:
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    return sum(ground) < 150


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_coordinators_pages_look_as_agreed(browser: Browser, platform: Platform, size: str, scheme: str) -> None:
    made = _on_the_desk(browser, platform, DESKTOP if size == "desktop" else PHONE, scheme)
    found = {}
    for name, (path, ready) in DESK.items():
        _shown(made, platform, path, ready)
        assert _dark(made.page) == (scheme == "dark")
        assert_no_sideways_scrolling(made.page)
        found[f"{name}, {size}"] = made.page.evaluate(LANDMARKS)
    _compared(found)
    assert_quiet(made)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_drivers_page_looks_as_agreed(
    browser: Browser, platform: Platform, api: httpx.Client, size: str, scheme: str
) -> None:
    made = visit(browser, platform, DESKTOP if size == "desktop" else PHONE, scheme)
    made.page.goto(platform.url + _driver_path(api))
    expect(made.page.locator("main ol").first).to_be_visible()
    assert _dark(made.page) == (scheme == "dark")
    _compared({f"driver, {size}": made.page.evaluate(LANDMARKS)})
    assert_quiet(made)


def _driver_path(api: httpx.Client) -> str:
    tours = api.get("/v1/tours").raise_for_status().json()["data"]
    issued = api.post(f"/v1/tours/{tours[0]['id']}/driver-link", json={}).raise_for_status().json()
    return str(issued["path"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_text_is_there_to_read_on_a_phone(
    browser: Browser, platform: Platform, api: httpx.Client, language: str
) -> None:
    made = visit(browser, platform, PHONE, "light", LANGUAGES[language])
    made.page.goto(platform.url + _driver_path(api))
    expect(made.page.locator("main ol").first).to_be_visible()
    faults = {"driver": made.page.evaluate(OVERFLOW)}
    desk = _on_the_desk(browser, platform, PHONE)
    desk.page.locator("header select").select_option(label=language)
    for path in EVERYWHERE:
        desk.page.goto(f"{platform.url}/#/{path}")
        _settled(desk.page)
        assert_no_sideways_scrolling(desk.page)
        faults[path or "desk"] = desk.page.evaluate(OVERFLOW)
    assert {path: texts for path, texts in faults.items() if texts} == {}
    assert_quiet(desk)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_coordinator_is_within_everybodys_reach(
    browser: Browser, platform: Platform, api: httpx.Client, scheme: str
) -> None:
    made = _on_the_desk(browser, platform, DESKTOP, scheme)
    tour = api.get("/v1/tours").raise_for_status().json()["data"][0]
    pages: dict[str, Ready] = dict.fromkeys([*EVERYWHERE, f"tours/{tour['id']}"], _nothing_more)
    found = {}
    for path, ready in pages.items():
        _shown(made, platform, path, ready)
        found[path or "desk"] = _offences(made.page)
    for name in ("plans", "shipments"):
        _shown(made, platform, *DESK[name])
        found[name] = _offences(made.page)
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert_quiet(made)
