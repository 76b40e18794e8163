"""The report in a real browser: nothing blocked, nothing asked, nothing wider than a phone, and it answers to clicks."""

from pathlib import Path

import pytest

from solver.assemble import assemble
from solver.compiled import Compiled
from tests.cluster.offline.test_report import report_of
from tests.cluster.offline.worlds import hostile, two_members

BROWSER = Path("/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    if not BROWSER.exists():
        pytest.skip("no chromium")
    with playwright.sync_playwright() as engine:
        running = engine.chromium.launch(executable_path=str(BROWSER), args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Opens a report at a width; everything the page complains of or asks for is kept in ``page.noise``."""
    pages = []

    def open_(text, width):
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 800})
        pages.append(page)
        noise = []
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("dialog", lambda dialog: (noise.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: noise.append(request.url) if request.url.startswith("http") else None)
        page.goto(path.as_uri())
        return page, noise

    yield open_
    for page in pages:
        page.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("world", [two_members, hostile])
def test_the_report_is_quiet_and_fits(opened, world, width):
    problem = world()
    plan = assemble(Compiled(problem), [(0, (1, 3, 5))])
    page, noise = opened(report_of(problem, plan), width)
    assert noise == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_choosing_a_route_shows_it_everywhere_and_choosing_it_again_lets_go(opened):
    problem = two_members()
    plan = assemble(Compiled(problem), [(0, (1,)), (0, (3, 5)), (0, (7,))])
    page, noise = opened(report_of(problem, plan), 1280)
    page.click(".legend button[data-route='1']")
    lit = page.evaluate("[...document.querySelectorAll('.on')].map(e => e.tagName + e.dataset.route).sort()")
    assert lit == ["BUTTON1", "DETAILS1", "DIV1", "g1"]
    assert page.locator("details[data-route='1']").get_attribute("open") is not None
    page.click(".legend button[data-route='1']")
    page.mouse.move(1, 1)
    assert page.locator(".on").count() == 0
    assert noise == []


def test_zooming_in_and_back_shows_all_again(opened):
    problem = two_members()
    page, noise = opened(report_of(problem), 1280)
    whole = page.locator("#map").get_attribute("viewBox")
    page.click("[data-zoom=in]")
    assert page.locator("#map").get_attribute("viewBox") != whole
    page.click("[data-zoom=all]")
    assert [float(x) for x in page.locator("#map").get_attribute("viewBox").split()] == [
        float(x) for x in whole.split()
    ]
    assert noise == []
