"""
What pages look like, compared with what was agreed on: where their parts stand, whether all text is there to read.

Boxes of parts instead of pictures: fonts of another machine move them by a few pixels, a broken layout by many. Where a
page is changed on purpose, `make shots` writes the boxes anew, and pictures of the pages to look at into `.shots`.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_member_pages import _member, _offences
from tests.browser.visits import (
    DESKTOP,
    PHONE,
    POLLED_MS,
    ROOT,
    Platform,
    Visit,
    assert_no_sideways_scrolling,
    assert_quiet,
    sign_in,
    visit,
)

FOLDER = Path(__file__).parent / "shots"
AGREED = FOLDER / "landmarks.json"
LANDMARKS, OVERFLOW = ((FOLDER / name).read_text() for name in ("landmarks.js", "overflow.js"))
TOLERANCE_PX = 24
WRITES = "WRITE_SHOTS" in os.environ
PICTURES = ROOT / ".shots"
REST_MS_MAX = 20_000
"""What a page that is there gets to come to rest; one that is not as agreed costs this time."""
CONTENT = {"h1": 2, "main": 3}
STILL = 15
"""A page that stood still this often is taken for what is to be agreed on."""
LANGUAGES = {"English": "en-GB", "Tiếng Việt": "vi-VN", "Deutsch": "de-DE", "简体中文": "zh-CN"}
ON_PURPOSE = "on purpose? make shots, look at the pictures in .shots, commit tests/browser/shots"
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
    "carriers": ("carriers", _nothing_more),
    "space": ("space", _nothing_more),
    "invoices": ("invoices", _nothing_more),
    "figures": ("figures", _nothing_more),
    "rules": ("rules/planning", _nothing_more),
    "tariffs": ("rules/tariffs", _nothing_more),
    "settings": ("settings/account", _nothing_more),
    "members": ("members", _nothing_more),
    "invitations": ("members/invitations", _nothing_more),
    "days": ("days", _nothing_more),
    "schedules": ("days/schedules", _nothing_more),
}
FIRM = {
    "overview": "",
    "book": "book",
    "bookings": "shipments",
    "import": "import",
    "products": "products",
    "addresses": "addresses",
    "savings": "savings",
    "own figures": "figures",
    "own space": "space",
    "firm": "settings/firm",
}
EVERYWHERE = [
    "",
    "tours",
    "carriers",
    "invoices",
    "figures",
    "space",
    "settings/account",
    "settings/people",
    "settings/keys",
    "settings/webhooks",
]
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


def _agreed() -> dict[str, Boxes]:
    found: dict[str, Boxes] = json.loads(AGREED.read_text()) if AGREED.is_file() else {}
    return found


def _faults(known: Boxes, boxes: Boxes) -> list[str]:
    """What of a page stands elsewhere than agreed."""
    faults = [f"{part} is gone" for part in known.keys() - boxes.keys()]
    faults += [f"{part} is new" for part in boxes.keys() - known.keys()]
    for part in known.keys() & boxes.keys():
        apart = [abs(one - other) for one, other in zip(known[part], boxes[part], strict=True)]
        # A heading is as wide as the name that it tells, a page's middle as high as what there is to tell.
        if part in CONTENT:
            apart[CONTENT[part]] = 0
        if max(apart) > TOLERANCE_PX:
            faults.append(f"{part} was at {known[part]}, is at {boxes[part]}")
    return faults


def _compared(page: Page, name: str) -> list[str]:
    """What is not as agreed on, once the page has had time to come to rest; nothing where it is agreed on now."""
    if WRITES:
        _write(page, name)
        return []
    known = _agreed().get(name)
    if known is None:
        return [f"{name}: nothing was agreed on yet"]
    faults: list[str] = []
    for _ in range(REST_MS_MAX // POLLED_MS):
        faults = _faults(known, page.evaluate(LANDMARKS))
        if faults == []:
            return []
        page.wait_for_timeout(POLLED_MS)
    return [f"{name}: {fault}" for fault in faults]


def _write(page: Page, name: str) -> None:
    boxes, still = page.evaluate(LANDMARKS), 0
    while still < STILL:
        page.wait_for_timeout(POLLED_MS)
        seen = page.evaluate(LANDMARKS)
        boxes, still = seen, still + 1 if seen == boxes else 0
    AGREED.write_text(json.dumps(_agreed() | {name: boxes}, indent=1, sort_keys=True) + "\n")
    PICTURES.mkdir(exist_ok=True)
    scheme = "dark" if _dark(page) else "light"
    page.screenshot(path=PICTURES / f"{name.replace(', ', '-')}-{scheme}.png")


def _dark(page: Page) -> bool:
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    return sum(ground) < 150


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_coordinators_pages_look_as_agreed(browser: Browser, platform: Platform, size: str, scheme: str) -> None:
    made = _on_the_desk(browser, platform, DESKTOP if size == "desktop" else PHONE, scheme)
    faults = []
    for name, (path, ready) in DESK.items():
        _shown(made, platform, path, ready)
        assert _dark(made.page) == (scheme == "dark")
        faults += _compared(made.page, f"{name}, {size}")
        assert_no_sideways_scrolling(made.page)
    assert faults == [], "\n".join([*faults, ON_PURPOSE])
    assert_quiet(made)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_members_pages_look_as_agreed(browser: Browser, platform: Platform, size: str, scheme: str) -> None:
    made = visit(browser, platform, DESKTOP if size == "desktop" else PHONE, scheme)
    faults = _compared(made.page, f"sign-in, {size}")
    sign_in(made, _member(platform))
    for name, path in FIRM.items():
        _shown(made, platform, path, _nothing_more)
        assert _dark(made.page) == (scheme == "dark")
        faults += _compared(made.page, f"{name}, {size}")
        assert_no_sideways_scrolling(made.page)
    assert faults == [], "\n".join([*faults, ON_PURPOSE])
    assert_quiet(made)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_pages_behind_links_look_as_agreed(
    browser: Browser, platform: Platform, api: httpx.Client, size: str, scheme: str
) -> None:
    made = visit(browser, platform, DESKTOP if size == "desktop" else PHONE, scheme)
    faults = []
    for name, path in {"driver": _driver_path(api), "consignee": _tracking_path(api)}.items():
        made.page.goto(platform.url + path)
        expect(made.page.locator("main ol").first).to_be_visible()
        assert _dark(made.page) == (scheme == "dark")
        faults += _compared(made.page, f"{name}, {size}")
    assert faults == [], "\n".join([*faults, ON_PURPOSE])
    assert_quiet(made)


def _first_tour(api: httpx.Client) -> str:
    """The same one, however often tours are read."""
    tours = api.get("/v1/tours").raise_for_status().json()["data"]
    return str(min(tours, key=lambda tour: tour["code"])["id"])


def _driver_path(api: httpx.Client) -> str:
    return str(api.post(f"/v1/tours/{_first_tour(api)}/driver-link", json={}).raise_for_status().json()["path"])


def _tracking_path(api: httpx.Client) -> str:
    stops = api.get(f"/v1/tours/{_first_tour(api)}").raise_for_status().json()["stops"]
    shipment_id = stops[0]["visits"][0]["shipment_id"]
    return str(api.post(f"/v1/shipments/{shipment_id}/tracking-link", json={}).raise_for_status().json()["path"])


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
    pages: dict[str, Ready] = dict.fromkeys([*EVERYWHERE, f"tours/{_first_tour(api)}"], _nothing_more)
    found = {}
    for path, ready in pages.items():
        _shown(made, platform, path, ready)
        found[path or "desk"] = _offences(made.page)
    for name in ("plans", "shipments"):
        _shown(made, platform, *DESK[name])
        found[name] = _offences(made.page)
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert_quiet(made)
