"""Figures over time, for the coordinator and for a member, in a real browser."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_member_pages import _member, _offences
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


def _figures(browser: Browser, platform: Platform, key: str, size: dict[str, int], scheme: str = "light") -> Visit:
    made = visit(browser, platform, size, scheme)
    sign_in(made, key)
    made.page.goto(f"{platform.url}/#/figures")
    expect(made.page.get_by_role("table")).to_be_visible()
    return made


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_figures_keep_nobody_out(browser: Browser, platform: Platform, size: dict[str, int], scheme: str) -> None:
    for key in (platform.keys["Coordinator"], _member(platform)):
        made = _figures(browser, platform, key, size, scheme)
        assert _offences(made.page) == []
        assert_no_sideways_scrolling(made.page)
        assert_quiet(made)


def test_a_member_sees_its_own_figures_and_why_totals_are_withheld(browser: Browser, platform: Platform) -> None:
    made = _figures(browser, platform, _member(platform), DESKTOP)
    expect(made.page.get_by_role("button", name="Your share")).to_be_visible()
    expect(made.page.get_by_role("button", name="Fill by volume")).to_have_count(0)
    expect(made.page.get_by_text("Totals of the cluster are withheld here")).to_be_visible()


def test_another_figure_and_period_are_one_click_away_and_stay_in_the_address(
    browser: Browser, platform: Platform
) -> None:
    made = _figures(browser, platform, platform.keys["Coordinator"], DESKTOP)
    page = made.page
    page.get_by_role("button", name="Fill by volume").click()
    page.get_by_role("button", name="Month").click()
    expect(page.get_by_role("img", name="Course of Fill by volume")).to_be_visible()
    assert "figure=fill_volume" in page.url
    assert "by=month" in page.url
    with page.expect_download() as kept:
        page.get_by_role("button", name="Download: CSV").click()
    assert kept.value.suggested_filename.endswith(".csv")
    assert_quiet(made)
