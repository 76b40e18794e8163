"""How people come in: with a link, a password, a second factor, and out again."""

import re
import time
from collections.abc import Iterator

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visits import DESKTOP, Platform, Visit, assert_quiet, sign_in, visit

PASSWORD = "four words of one's own"


def _invited(browser: Browser, platform: Platform, role: str) -> tuple[str, str]:
    """An e-mail address that is invited, and the link, from the coordinator's settings."""
    made = visit(browser, platform, DESKTOP)
    sign_in(made, platform.keys["Coordinator"])
    page = made.page
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="People").click()
    email = f"{role.lower()}-{time.monotonic_ns()}@firm.example"
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Role", exact=True).select_option(label=role)
    if role == "User":
        page.get_by_label("Firm", exact=True).select_option(index=1)
    page.get_by_role("button", name="Invite").click()
    link = page.get_by_label("The link", exact=True)
    expect(link).to_have_value(re.compile("#join="))
    expect(page.get_by_role("heading", name="Invitations that wait")).to_be_visible()
    text = link.input_value()
    assert_quiet(made)
    return email, text


def _joined(browser: Browser, platform: Platform, role: str) -> tuple[Visit, str]:
    """A new person who has just taken an invitation up, and its e-mail address."""
    email, link = _invited(browser, platform, role)
    made = visit(browser, platform, DESKTOP)
    made.page.goto(platform.url + "/" + link[link.index("#") :])
    made.page.get_by_label("Your name").fill("Lan Anh")
    made.page.get_by_label("New password").fill(PASSWORD)
    made.page.get_by_role("button", name="Join").click()
    return made, email


def _code(page: Page) -> str:
    secret = page.locator("code").inner_text()
    return pyotp.TOTP(secret.replace(" ", "")).now()


def test_an_invited_person_joins_and_is_signed_in(browser: Browser, platform: Platform) -> None:
    made, _ = _joined(browser, platform, "User")
    page = made.page
    expect(page.get_by_role("heading", name="Overview")).to_be_attached()
    assert "join" not in page.url
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Settings").click()
    expect(page.get_by_text("Lan Anh")).to_be_visible()
    expect(page.get_by_role("link", name="API keys")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Lan Anh")).to_be_visible()
    assert_quiet(made)


@pytest.fixture
def strict(platform: Platform) -> Iterator[None]:
    """The cluster asks its coordinators for a second factor."""
    headers = {"Authorization": f"Bearer {platform.keys['Coordinator']}"}
    with httpx.Client(base_url=platform.url, headers=headers, trust_env=False) as client:
        before = client.get("/v1/sign-in-rules").json()
        client.put("/v1/sign-in-rules", json={"coordinators_need_factor": True}).raise_for_status()
        yield
        client.put("/v1/sign-in-rules", json=before).raise_for_status()


@pytest.mark.usefixtures("strict")
def test_a_coordinator_sets_up_a_second_factor_first_and_signs_in_with_it(browser: Browser, platform: Platform) -> None:
    made, email = _joined(browser, platform, "Coordinator")
    page = made.page
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.get_by_label("Code").fill(_code(page))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("button", name="Plan this day")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Make new codes").click()
    codes = page.get_by_role("textbox", name="Recovery codes").input_value().split()
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="I have lost it").click()
    page.get_by_label("Recovery code").fill(codes[0])
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Sign out").first).to_be_visible()
    assert_quiet(made)


def test_a_link_that_is_used_up_says_so(browser: Browser, platform: Platform) -> None:
    made = visit(browser, platform, DESKTOP)
    page = made.page
    page.goto(f"{platform.url}/#join={'x' * 43}")
    page.get_by_label("Your name").fill("Nobody")
    page.get_by_label("New password").fill("short")
    page.get_by_label("Your name").focus()
    expect(page.get_by_text("Use 12 to 128 characters.")).to_be_visible()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("alert")).to_contain_text("has been used or has expired")
    assert made.strangers == []


def test_a_wrong_password_tells_nothing(browser: Browser, platform: Platform) -> None:
    email, _ = platform.people["member_admin"]
    for address in (email, "nobody@firm.example"):
        made = visit(browser, platform, DESKTOP)
        made.page.get_by_label("E-mail").fill(address)
        made.page.get_by_label("Password").fill("not the password at all")
        made.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(made.page.get_by_role("alert")).to_have_text("That did not match. Check what you typed, then try again.")
        assert made.strangers == []
