"""A browser before a platform, and what the tests of pages have in common."""

import shutil
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.platforms import Platform

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
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # a page that asks another machine gets nothing
]
WAITED_MS_MAX, POLLED_MS = 120_000, 100
"""How long a page may take to show something on a slow machine, and how often it is looked at."""
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


class Visit(NamedTuple):
    """A page with what went wrong on it: errors told on the console, and requests to anywhere but the platform."""

    page: Page
    errors: list[str]
    strangers: list[str]


def visit(
    browser: Browser,
    platform: Platform,
    size: dict[str, int],
    scheme: str = "light",
    language: str = "en-GB",
    *,
    touch: bool = False,
) -> Visit:
    """A visitor who has just come to the first page; with ``touch`` on a screen that fingers are put on."""
    # What moves is still, so that whatever is looked at has come to rest.
    looks: Any = {"viewport": size, "color_scheme": scheme, "locale": language, "reduced_motion": "reduce"}
    context = browser.new_context(**looks, has_touch=touch)
    context.set_default_timeout(WAITED_MS_MAX)
    page = context.new_page()
    made = Visit(page=page, errors=[], strangers=[])
    page.on("console", lambda told: made.errors.append(_in_full(told)) if told.type == "error" else None)
    page.on("pageerror", lambda error: made.errors.append(str(error)))
    home = (platform.url, "data:", "blob:" + platform.url)
    page.on("request", lambda asked: None if asked.url.startswith(home) else made.strangers.append(asked.url))
    page.goto(platform.url)
    return made


def _in_full(told: ConsoleMessage) -> str:
    """What was told, and of which address."""
    return f"{told.text} ({told.location['url']})"


def sign_in(visit: Visit, key: str) -> None:
    """Signs in with an API key."""
    visit.page.get_by_role("button", name="Use an API key").click()
    visit.page.get_by_label("API key").fill(key)
    visit.page.get_by_role("button", name="Sign in").click()
    expect(visit.page.get_by_role("button", name="Sign out")).to_be_visible()


def until(page: Page, script: str) -> None:
    """Waits until a script says so; the page itself may evaluate none, by its policy."""
    for _ in range(WAITED_MS_MAX // POLLED_MS):
        if page.evaluate(script):
            return
        page.wait_for_timeout(POLLED_MS)
    raise AssertionError(f"never true: {script}")


def assert_quiet(visit: Visit) -> None:
    """Nothing failed, and nobody else was asked."""
    assert visit.errors == [], visit.errors
    assert visit.strangers == []


def assert_no_sideways_scrolling(page: Page) -> None:
    """Everything fits the width of the screen."""
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1], widths
