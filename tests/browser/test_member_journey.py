"""A day of a person at a member firm, from signing in to mending a file."""

import gzip
import time
from pathlib import Path

from playwright.sync_api import Browser, Response, expect

from tests.browser.visits import DESKTOP, Platform, assert_quiet, visit

FIRST_LOAD_BYTES_MAX = 600_000
HEAD = (
    "Your reference,Service,Delivery name,Delivery address,Delivery latitude,Delivery longitude,Quantity,"
    "Weight (kg),Length (cm),Width (cm),Height (cm)"
)


def test_a_person_books_with_a_price_cancels_and_mends_a_file(
    browser: Browser, platform: Platform, tmp_path: Path
) -> None:
    email, password = platform.people["member_admin"]
    made = visit(browser, platform, DESKTOP)
    page = made.page
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()

    mark = time.monotonic_ns()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Book", exact=True).click()
    fields = {"Your reference": f"J-{mark}", "Name": "Kiosk", "Address": "2 Main street", "Kilograms each": "1"}
    fields |= {"Length, cm": "10", "Width, cm": "10", "Height, cm": "10", "Latitude": "10.78", "Longitude": "106.69"}
    for label, text in fields.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Ask for the price").click()
    quote = page.get_by_role("region", name="What it may cost")
    expect(quote.get_by_text("A bracket, no promise.", exact=False)).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="Book it").click()
    page.get_by_role("link", name="Open the shipment").click()
    page.get_by_role("button", name="Cancel this shipment").click()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_role("region", name="Timeline").get_by_text("Cancelled")).to_be_visible()

    for name, north in (("faulty.csv", "north"), ("mended.csv", "10.78")):
        file = tmp_path / name
        lines = (f"M-{mark}-1,delivery,Shop,1 Street,{north},106.7,2,4,30,30,30",)
        file.write_text("\n".join([HEAD, *lines]))
        page.goto(f"{platform.url}/#/import")
        page.get_by_label("Choose a file").set_input_files(file)
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        if north == "north":
            expect(page.get_by_role("heading", name="Faulty lines")).to_be_visible()
    page.get_by_role("button", name="Book all").click()
    expect(page.get_by_text("1 shipment is booked.")).to_be_visible()

    page.goto(f"{platform.url}/#/products/new")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Article number")).to_be_focused()
    for label, text in {"Article number": f"SKU-{mark}", "Name": "Shirt", "Kilograms": "0,25"}.items():
        page.get_by_label(label, exact=True).fill(text)
    for side in ("Length, cm", "Width, cm", "Height, cm"):
        page.get_by_label(side, exact=True).fill("20")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=f"SKU-{mark}")).to_be_visible()
    assert_quiet(made)


def test_the_first_load_is_small(browser: Browser, platform: Platform) -> None:
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    came: list[Response] = []

    def keep(response: Response) -> None:
        came.append(response)

    page.on("response", keep)
    page.goto(platform.url, wait_until="networkidle")
    assert sum(len(gzip.compress(response.body())) for response in came if response.ok) < FIRST_LOAD_BYTES_MAX
