"""A coordinator's pages beside the desk, and a firm on its way into the cluster, in a real browser."""

import re
import time

import pytest
from playwright.sync_api import Browser, expect

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

PAGES = {
    "members": "Members",
    "members/applications": "Members",
    "members/invitations": "Members",
    "members/conditions": "Members",
    "days": "Days",
    "days/schedules": "Days",
    "days/closed": "Days",
    "settings/people": "Settings",
}


def _in(browser: Browser, platform: Platform, size: dict[str, int] = DESKTOP, scheme: str = "light") -> Visit:
    made = visit(browser, platform, size, scheme)
    sign_in(made, platform.keys["Coordinator"])
    return made


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_coordinator_keeps_anybody_out(browser: Browser, platform: Platform, scheme: str) -> None:
    made = _in(browser, platform, DESKTOP, scheme)
    found = {}
    for path, title in PAGES.items():
        made.page.goto(f"{platform.url}/#/{path}")
        expect(made.page.get_by_role("heading", level=1, name=title)).to_be_attached()
        expect(made.page.locator(".skeleton")).to_have_count(0)
        found[path] = _offences(made.page)
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert_quiet(made)


@pytest.mark.parametrize("language", ["English", "Tiếng Việt", "Deutsch", "简体中文"])
def test_every_page_of_the_coordinator_fits_a_narrow_phone(browser: Browser, platform: Platform, language: str) -> None:
    made = _in(browser, platform, {**PHONE, "width": 360})
    made.page.locator("header select").select_option(label=language)
    for path in PAGES:
        made.page.goto(f"{platform.url}/#/{path}")
        expect(made.page.get_by_role("heading", level=1)).to_be_attached()
        expect(made.page.locator(".skeleton")).to_have_count(0)
        assert_no_sideways_scrolling(made.page)
    assert_quiet(made)


def test_an_invited_firm_applies_and_is_admitted_with_its_first_key(browser: Browser, platform: Platform) -> None:
    made = _in(browser, platform)
    page = made.page
    mark = time.monotonic_ns()
    name = f"Hoa Sen {mark}"
    page.get_by_role("link", name="Members").click()
    page.get_by_role("link", name="Invitations").click()
    page.get_by_label("Name of the firm").fill(name)
    page.get_by_role("button", name="Invite", exact=True).click()
    link = page.get_by_label("The link").input_value()
    assert link.startswith(f"{platform.url}/#apply=inv_")

    firm = visit(browser, platform, PHONE)
    firm.page.goto(link)
    expect(firm.page.get_by_role("heading", level=1, name=re.compile("^Join "))).to_be_visible()
    assert _offences(firm.page) == []
    for label, text in {"Name of the firm": name, "Your name": "Lan", "E-mail": f"lan.{mark}@example.com"}.items():
        firm.page.get_by_label(label, exact=True).fill(text)
    firm.page.get_by_role("button", name="Apply").click()
    expect(firm.page.get_by_role("heading", name="Your application has arrived")).to_be_visible()
    assert "inv_" not in firm.page.url
    assert_quiet(firm)

    page.get_by_role("link", name="Applications").click()
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name))
    card.get_by_role("button", name="Look at it").click()
    expect(card.get_by_text(f"lan.{mark}@example.com")).to_be_visible()
    assert _offences(page) == []
    card.get_by_label("Short name").fill(f"hoa-sen-{mark}")
    card.get_by_role("button", name="Admit the firm").click()
    expect(page.get_by_label(f"First key of {name}")).to_have_value(re.compile("^clk_"))
    key = page.get_by_label(f"First key of {name}").input_value()
    page.get_by_role("link", name="Firms").click()
    page.get_by_role("link", name=name).click()
    page.get_by_role("button", name="Suspend").click()
    page.get_by_role("button", name=f"Suspend {name}").click()
    expect(page.get_by_text("Suspended", exact=True)).to_be_visible()
    page.get_by_role("button", name="Reinstate").click()
    expect(page.get_by_text("Active", exact=True)).to_be_visible()
    assert_quiet(made)

    newcomer = visit(browser, platform, DESKTOP)
    sign_in(newcomer, key)
    expect(newcomer.page.get_by_text(name)).to_be_visible()
    assert_quiet(newcomer)


def test_a_schedule_is_kept_by_weekdays_and_shows_what_it_makes(browser: Browser, platform: Platform) -> None:
    made = _in(browser, platform)
    page = made.page
    label = f"round-{time.monotonic_ns()}"
    page.goto(f"{platform.url}/#/days/schedules")
    page.get_by_role("button", name="Add a schedule").click()
    page.get_by_label("Name", exact=True).fill(label)
    page.get_by_label("Public holidays of").fill("XX")
    page.get_by_label("Makes days").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Public holidays of")).to_be_focused()
    assert _offences(page) == []
    page.get_by_label("Public holidays of").fill("")
    page.get_by_role("button", name="Save").click()
    card = page.get_by_role("region", name=label)
    expect(card).to_contain_text("Mon, Tue, Wed, Thu, Fri 16:00")
    card.get_by_role("button", name="Change").click()
    page.get_by_role("group", name="Cut-off on").get_by_label("Mon").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("Tue, Wed, Thu, Fri 16:00")
    card.get_by_role("button", name="What it makes").click()
    expect(card.get_by_text("Cut-off", exact=False).first).to_be_visible()
    assert made.strangers == []
    assert [error for error in made.errors if "422" not in error] == []


def test_a_day_is_entered_into_the_calendar_and_taken_out(browser: Browser, platform: Platform) -> None:
    made = _in(browser, platform)
    page = made.page
    occasion = f"Stocktaking {time.monotonic_ns()}"
    page.goto(f"{platform.url}/#/days/closed")
    page.get_by_label("Day", exact=True).fill("2031-03-05")
    page.get_by_label("Occasion").fill(occasion)
    page.get_by_role("button", name="Add the day").click()
    entry = page.get_by_role("listitem").filter(has_text=occasion)
    expect(entry).to_contain_text("Nobody drives")
    entry.get_by_role("button").click()
    expect(entry).to_have_count(0)
    assert_quiet(made)
