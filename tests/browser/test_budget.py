"""What a page weighs when somebody comes to it for the first time: code and styles, workers included."""

import gzip

import pytest
from playwright.sync_api import Browser, BrowserContext, Response, StorageState, expect

from tests.browser.visits import DESKTOP, Platform, visit

BYTES_MAX = 600_000
OFFICE = ["", "members", "days", "tours", "figures", "rules", "settings/account"]
FIRM = ["", "book", "shipments", "import", "products", "addresses", "savings", "figures", "settings/account"]


def _bytes(response: Response) -> int:
    """
    What a response costs on its way, compressed; what came compressed is counted as if it had come so.

    Data of the API are no part of the page.
    """
    if not response.ok or "/v1/" in response.url:
        return 0
    return len(gzip.compress(response.body()))


def _weighed(context: BrowserContext, url: str, door: str | None = None) -> tuple[int, int]:
    """Bytes of a first visit, and milliseconds until the document was ready; ``door`` is a button of who is signed in."""
    came: list[Response] = []

    def keep(response: Response) -> None:
        came.append(response)

    context.on("response", keep)
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    if door is not None:
        expect(page.get_by_role("button", name=door).first).to_be_visible()
    ready = page.evaluate("Math.round(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd)")
    return sum(map(_bytes, came)), ready


def _session(browser: Browser, platform: Platform, role: str) -> StorageState:
    """What a browser keeps of somebody who has signed in."""
    email, password = platform.people[role]
    page = visit(browser, platform, DESKTOP).page
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out").first).to_be_visible()
    kept = page.context.storage_state()
    page.context.close()
    return kept


def _told(capsys: pytest.CaptureFixture[str], rows: dict[str, tuple[int, int]]) -> None:
    """Sizes and times for whoever runs the tests; a time is no verdict on a machine that others use too."""
    with capsys.disabled():
        for path, (size, ready) in rows.items():
            print(f"\n  {path:<32} {size / 1000:6.0f} kB  ready after {ready:5} ms", end="")  # noqa: T201  (told)


def test_the_first_page_is_light(browser: Browser, platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    rows = {"sign-in": _weighed(context, platform.url)}
    context.close()
    _told(capsys, rows)
    assert {path: size for path, (size, _) in rows.items() if size >= BYTES_MAX} == {}


@pytest.mark.parametrize(("role", "paths"), [("coordinator", OFFICE), ("member_admin", FIRM)])
def test_the_first_load_of_every_page_is_light(
    browser: Browser, platform: Platform, capsys: pytest.CaptureFixture[str], role: str, paths: list[str]
) -> None:
    session = _session(browser, platform, role)
    rows = {}
    for path in paths:
        context = browser.new_context(viewport=DESKTOP, storage_state=session)  # type: ignore[arg-type]
        rows[f"{role}: {path or 'first page'}"] = _weighed(context, f"{platform.url}/#/{path}", "Sign out")
        context.close()
    _told(capsys, rows)
    assert {path: size for path, (size, _) in rows.items() if size >= BYTES_MAX} == {}
