"""A carrier sends an invoice as a file, the coordinator disputes what it finds, and the carrier gives in."""

import uuid
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_carriers import made, planned_tour
from tests.browser.test_member_pages import _offences
from tests.browser.visits import DESKTOP, PHONE, Platform, assert_no_sideways_scrolling, assert_quiet, sign_in, visit


@pytest.fixture
def api(platform: Platform) -> Iterator[httpx.Client]:
    """The coordinator's client."""
    headers = {"Authorization": f"Bearer {platform.keys['Coordinator']}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60, trust_env=False) as client:
        yield client


def taken_tour(api: httpx.Client, platform: Platform) -> tuple[str, str]:
    """A tour that a fresh carrier took and has not driven: its code, and the carrier's key."""
    firm = made(api, "/v1/carriers", {"code": f"c{uuid.uuid4().hex[:8]}", "name": "Billing Vans", "country_code": "VN"})
    key = str(made(api, f"/v1/carriers/{firm['id']}/keys", {"name": "desk"})["api_key"])
    tour = planned_tour(api)
    made(api, f"/v1/tours/{tour}/tenders", {"mode": "direct", "carriers": [firm["id"]]})
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60, trust_env=False) as theirs:
        [offer] = theirs.get("/v1/carrier/offers?status=open").raise_for_status().json()["data"]
        theirs.post(f"/v1/carrier/offers/{offer['id']}/accept", json={}).raise_for_status()
        [own] = theirs.get("/v1/carrier/tours").raise_for_status().json()["data"]
    return own["code"], key


def send(page: Page, number: str, lines: str) -> None:
    """A file of lines, on the carrier's page."""
    page.get_by_role("button", name="Send an invoice").click()
    page.get_by_label("Invoice number").fill(number)
    page.get_by_label("File with its lines").set_input_files(
        {"name": "lines.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    )
    page.get_by_role("button", name="Take it in").click()


def test_an_invoice_is_sent_disputed_and_settled(browser: Browser, platform: Platform, api: httpx.Client) -> None:
    code, key = taken_tour(api, platform)
    theirs = visit(browser, platform, PHONE, "dark")
    sign_in(theirs, key)
    send(theirs.page, "B-1", f"tour,kind,amount_minor,text\n{code},toll,35000,Ferry\n")
    expect(theirs.page.get_by_role("heading", name="B-1")).to_be_visible()
    expect(theirs.page.get_by_text("Received").first).to_be_visible()
    assert _offences(theirs.page) == []
    assert_no_sideways_scrolling(theirs.page)

    desk = visit(browser, platform, DESKTOP)
    sign_in(desk, platform.keys["Coordinator"])
    desk.page.goto(f"{platform.url}/#/invoices")
    expect(desk.page.get_by_text("Billing Vans")).to_be_visible()
    assert _offences(desk.page) == []
    desk.page.get_by_role("link", name="B-1").click()
    # The tour is taken and not driven: nothing is owed of it.
    findings = desk.page.get_by_role("region", name="What the audit found")
    expect(findings.get_by_text("tour not driven").first).to_be_visible()
    desk.page.get_by_role("button", name="Dispute").click()
    desk.page.get_by_label("Say why").fill("The tour has not been driven yet.")
    desk.page.get_by_role("button", name="Dispute").last.click()
    expect(desk.page.get_by_text("Disputed").first).to_be_visible()
    assert _offences(desk.page) == []
    assert_no_sideways_scrolling(desk.page)

    theirs.page.reload()
    expect(theirs.page.get_by_text("The tour has not been driven yet.")).to_be_visible()
    theirs.page.get_by_role("button", name="Accept what is proposed").click()
    expect(theirs.page.get_by_role("button", name="Accept what is proposed")).to_be_hidden()
    expect(theirs.page.get_by_text("Accepted").first).to_be_visible()
    desk.page.reload()
    expect(desk.page.get_by_role("button", name="Dispute")).to_be_hidden()
    assert_quiet(desk)
    assert_quiet(theirs)


def test_faults_of_a_file_are_told_by_line_in_the_readers_language(
    browser: Browser, platform: Platform, api: httpx.Client
) -> None:
    code, key = taken_tour(api, platform)
    seen = visit(browser, platform, PHONE)
    sign_in(seen, key)
    seen.page.locator("header select").select_option(label="Deutsch")
    seen.page.get_by_role("button", name="Rechnung senden").click()
    seen.page.get_by_label("Rechnungsnummer").fill("B-2")
    lines = f"tour,kind,amount_minor\n{code},toll,viel\nno-such-tour,toll,1\n"
    seen.page.get_by_label("Datei mit den Zeilen").set_input_files(
        {"name": "lines.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    )
    seen.page.get_by_role("button", name="Aufnehmen").click()
    expect(seen.page.get_by_text("Zeile 2, amount_minor")).to_be_visible()
    expect(seen.page.get_by_text("Zeile 3, tour")).to_be_visible()
    assert_no_sideways_scrolling(seen.page)
