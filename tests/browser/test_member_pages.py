"""A member's pages in a real browser: each within reach of everybody, and what firms do on them every day."""

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visits import (
    DESKTOP,
    PHONE,
    ROOT,
    Platform,
    Visit,
    assert_no_sideways_scrolling,
    assert_quiet,
    sign_in,
    visit,
)

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "": "Overview",
    "book": "Book a shipment",
    "shipments": "Shipments",
    "import": "Import",
    "products": "Products",
    "products/new": "Add a product",
    "addresses": "Address book",
    "addresses/new": "Add an address",
    "savings": "Savings",
    "settings/account": "Settings",
    "settings/firm": "Settings",
    "settings/shops": "Settings",
    "settings/outside": "Settings",
    "settings/people": "Settings",
    "settings/keys": "Settings",
    "settings/webhooks": "Settings",
}


def _member(platform: Platform) -> str:
    return platform.keys[next(name for name in platform.keys if name != "Coordinator")]


def _in(browser: Browser, platform: Platform, size: dict[str, int] = DESKTOP, scheme: str = "light") -> Visit:
    made = visit(browser, platform, size, scheme)
    sign_in(made, _member(platform))
    return made


def _offences(page: Page) -> list[str]:
    """What axe finds serious, with where it is."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in web/")
    page.evaluate(AXE.read_text())  # the policy of the page forbids added scripts, not this
    found = page.evaluate(f"axe.run(document, {{runOnly: {json.dumps(TAGS)}}})")
    return [
        f"{entry['id']}: {entry['nodes'][0]['html'][:160]}"
        for entry in found["violations"]
        if entry["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_keeps_anybody_out(browser: Browser, platform: Platform, scheme: str) -> None:
    made = visit(browser, platform, DESKTOP, scheme)
    found = {"sign-in": _offences(made.page)}
    sign_in(made, _member(platform))
    for path, title in PAGES.items():
        made.page.goto(f"{platform.url}/#/{path}")
        expect(made.page.get_by_role("heading", level=1, name=title)).to_be_attached()
        expect(made.page.locator(".skeleton")).to_have_count(0)
        found[path] = _offences(made.page)
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert_quiet(made)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_coordinators_desk_keeps_nobody_out(browser: Browser, platform: Platform, scheme: str) -> None:
    made = visit(browser, platform, DESKTOP, scheme)
    sign_in(made, platform.keys["Coordinator"])
    expect(made.page.get_by_role("table", name="What each member pays")).to_be_visible()
    assert _offences(made.page) == []
    assert_quiet(made)


@pytest.mark.parametrize("language", ["English", "Tiếng Việt", "Deutsch", "简体中文"])
def test_every_page_fits_a_narrow_phone(browser: Browser, platform: Platform, language: str) -> None:
    made = _in(browser, platform, {**PHONE, "width": 360})
    made.page.get_by_label("Language").select_option(label=language)
    for path in PAGES:
        made.page.goto(f"{platform.url}/#/{path}")
        expect(made.page.get_by_role("heading", level=1)).to_be_attached()
        expect(made.page.locator(".skeleton")).to_have_count(0)
        assert_no_sideways_scrolling(made.page)
    assert_quiet(made)


@pytest.mark.parametrize(
    ("tag", "name", "title", "paying"),
    [
        ("vi", "Tiếng Việt", "Ngày vận chuyển", "Bạn phải trả"),
        ("de", "Deutsch", "Liefertag", "Sie zahlen"),
        ("zh-Hans", "简体中文", "配送日", "您应付"),
    ],
)
def test_the_pages_speak_the_chosen_language_and_keep_it(
    browser: Browser, platform: Platform, tag: str, name: str, title: str, paying: str
) -> None:
    made = _in(browser, platform)
    page = made.page
    page.get_by_label("Language").select_option(label=name)
    expect(page.get_by_text(title, exact=True).first).to_be_visible()
    expect(page.get_by_text(paying, exact=True)).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", tag)
    expect(page.get_by_text(title, exact=True).first).to_be_visible()
    assert_quiet(made)


def test_links_lead_to_pages_and_the_way_back_leads_back(browser: Browser, platform: Platform) -> None:
    made = _in(browser, platform)
    page = made.page
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Shipments").click()
    expect(page.get_by_role("heading", name="Shipments", level=1)).to_be_focused()
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Shipments", level=1)).to_be_visible()
    page.goto(f"{platform.url}/#/nowhere")
    expect(page.get_by_role("heading", name="There is no such page", level=1)).to_be_visible()
    assert_quiet(made)


def test_the_address_book_fills_the_booking(browser: Browser, platform: Platform) -> None:
    made = _in(browser, platform)
    page = made.page
    name = f"Quán {time.monotonic_ns()}"
    page.goto(f"{platform.url}/#/addresses/new")
    for label, text in {"Name": name, "Address": "1 Lê Lợi", "Latitude": "10,7731", "Longitude": "106.7031"}.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    page.goto(f"{platform.url}/#/book")
    picker = page.get_by_role("combobox", name="From the address book")
    picker.fill(name)
    expect(page.get_by_role("option", name=name)).to_be_visible()
    picker.press("ArrowDown")
    picker.press("Enter")
    expect(page.get_by_label("Address", exact=True)).to_have_value("1 Lê Lợi")
    expect(page.get_by_label("Latitude")).to_have_value("10.7731")
    page.get_by_label("Your reference").fill(f"ADR-{time.monotonic_ns()}")
    page.reload()
    expect(page.get_by_label("Address", exact=True)).to_have_value("1 Lê Lợi")
    assert_quiet(made)


def test_a_shipment_is_changed_until_the_cut_off(browser: Browser, platform: Platform) -> None:
    made = _in(browser, platform)
    page = made.page
    page.goto(f"{platform.url}/#/book")
    reference = f"EDIT-{time.monotonic_ns()}"
    fields = {"Your reference": reference, "Name": "Kiosk", "Address": "2 Main street", "Kilograms each": "1"}
    fields |= {"Length, cm": "10", "Width, cm": "10", "Height, cm": "10", "Latitude": "10.78", "Longitude": "106.69"}
    for label, text in fields.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Add other units").click()
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_role("status").filter(has_text="4 fields need a look.")).to_be_visible()
    assert _offences(page) == []
    second = page.get_by_role("group", name="Units 2")
    for label, text in {"Kilograms each": "3", "Length, cm": "20", "Width, cm": "20", "Height, cm": "20"}.items():
        second.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Book it").click()
    page.get_by_role("link", name="Open the shipment").click()
    expect(page.get_by_role("region", name="Goods").locator("tbody tr")).to_have_count(2)
    assert _offences(page) == []
    page.get_by_role("link", name="Change").click()
    expect(page.get_by_label("Your reference")).to_have_value(reference)
    page.get_by_label("Name", exact=True).fill("Kiosk at the corner")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=f"{reference} is changed")).to_be_visible()
    page.get_by_role("link", name="Open the shipment").click()
    expect(page.get_by_text("Kiosk at the corner")).to_be_visible()
    assert_quiet(made)


def test_a_file_is_looked_at_line_by_line_and_its_good_lines_booked(
    browser: Browser, platform: Platform, tmp_path: Path
) -> None:
    made = _in(browser, platform)
    page = made.page
    mark = time.monotonic_ns()
    head = "Your reference,Service,Delivery name,Delivery address,Delivery latitude,Delivery longitude,Quantity,"
    head += "Weight (kg),Length (cm),Width (cm),Height (cm)"
    good = f"F-{mark}-1,delivery,Shop,1 Street,10.78,106.7,2,4,30,30,30"
    faulty = f"F-{mark}-2,delivery,Shop,1 Street,north,106.7,2,4,30,30,30"
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([head, good, faulty]))
    page.goto(f"{platform.url}/#/import")
    page.get_by_label("Choose a file").set_input_files(file)
    expect(page.get_by_role("heading", name="Faulty lines")).to_be_visible()
    line = page.get_by_role("region", name="Faulty lines").locator("tbody tr")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("north")
    assert _offences(page) == []
    page.get_by_role("button", name="Change columns").click()
    expect(page.get_by_role("combobox", name="What Delivery name means")).to_have_value("delivery_name")
    assert _offences(page) == []
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Book 1 good line").click()
    expect(page.get_by_text("1 shipment is booked.")).to_be_visible()
    page.goto(f"{platform.url}/#/shipments")
    page.get_by_label("Search").fill(f"F-{mark}")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert_quiet(made)


def test_a_person_signs_in_with_password_and_issues_a_key(browser: Browser, platform: Platform) -> None:
    email, password = platform.people["member_admin"]
    made = visit(browser, platform, DESKTOP)
    page = made.page
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(f"{platform.url}/#/settings/keys")
    page.get_by_role("button", name="Issue a key").click()
    page.get_by_label("Name").fill("Web shop")
    page.get_by_role("button", name="Issue", exact=True).click()
    expect(page.get_by_label("The key", exact=True)).to_have_value(re.compile(r"^clk_"))
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    # What was being asked as the session ended is refused.
    made.errors[:] = [error for error in made.errors if "status of 401" not in error]
    assert_quiet(made)
