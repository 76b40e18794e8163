"""A tour is put out to tender on the coordinator's page, and answered and driven on a carrier's."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_member_pages import _offences
from tests.browser.visits import DESKTOP, PHONE, Platform, assert_no_sideways_scrolling, assert_quiet, sign_in, visit


@pytest.fixture
def api(platform: Platform) -> Iterator[httpx.Client]:
    """The coordinator's client."""
    headers = {"Authorization": f"Bearer {platform.keys['Coordinator']}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60, trust_env=False) as client:
        yield client


def made(api: httpx.Client, path: str, body: Any) -> Any:
    """Makes something that must succeed."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    return api.post(path, json=body, headers=headers).raise_for_status().json()


def carrier(api: httpx.Client, name: str) -> str:
    """A fresh carrier; the key of its desk."""
    firm = made(api, "/v1/carriers", {"code": f"c{uuid.uuid4().hex[:8]}", "name": name, "country_code": "VN"})
    return str(made(api, f"/v1/carriers/{firm['id']}/keys", {"name": "desk"})["api_key"])


def planned_tour(api: httpx.Client) -> str:
    """A tour that nobody drives, of the example day's plan."""
    for plan in api.get("/v1/plans?limit=200").raise_for_status().json()["data"]:
        if plan["status"] == "published":
            api.post(f"/v1/plans/{plan['id']}/dispatch", json={"release": False})
    tours = api.get("/v1/tours?limit=200&status=planned").raise_for_status().json()["data"]
    tendered = {one["tour_id"] for one in api.get("/v1/tenders?limit=200").raise_for_status().json()["data"]}
    return next(tour["id"] for tour in tours if tour["id"] not in tendered)


def test_a_carrier_is_added_given_a_key_and_suspended(browser: Browser, platform: Platform) -> None:
    seen = visit(browser, platform, DESKTOP)
    sign_in(seen, platform.keys["Coordinator"])
    page = seen.page
    page.goto(f"{platform.url}/#/carriers")
    page.get_by_role("button", name="Add a carrier").click()
    page.get_by_label("Name").fill("Riverside Vans")
    page.get_by_label("Short code").fill("riverside-vans")
    page.get_by_role("button", name="Add a carrier").click()
    card = page.get_by_role("listitem").filter(has_text="Riverside Vans")
    card.get_by_role("button", name="Make a key").click()
    assert re.fullmatch(r"clk_\S+", page.get_by_label("The key").input_value())
    page.get_by_role("button", name="I have kept it").click()
    card.get_by_role("button", name="Suspend").click()
    expect(card.get_by_text("Suspended")).to_be_visible()
    card.get_by_role("button", name="Reinstate").click()
    expect(card.get_by_text("Active")).to_be_visible()
    assert_quiet(seen)


def test_a_tour_is_tendered_countered_taken_and_driven(browser: Browser, platform: Platform, api: httpx.Client) -> None:
    key = carrier(api, "Swift Vans")
    carrier(api, "Steady Vans")
    tour = planned_tour(api)
    desk = visit(browser, platform, DESKTOP)
    sign_in(desk, platform.keys["Coordinator"])
    desk.page.goto(f"{platform.url}/#/tours/{tour}")
    desk.page.get_by_label("Swift Vans").check()
    desk.page.get_by_label("Steady Vans").check()
    desk.page.get_by_role("button", name="Put out to tender").click()
    card = desk.page.get_by_role("region", name="Tender")
    expect(card.get_by_text("Carriers are asked")).to_be_visible()
    expect(card.get_by_text("Not asked yet")).to_be_visible()

    theirs = visit(browser, platform, PHONE, "dark")
    sign_in(theirs, key)
    page = theirs.page
    expect(page.get_by_role("heading", name="Asked of you")).to_be_visible()
    assert _offences(page) == []
    assert_no_sideways_scrolling(page)
    page.get_by_role("button", name="Another price").click()
    page.get_by_label("Your price").fill("9.000.000")
    page.get_by_role("button", name="Send the price").click()
    expect(page.get_by_text("Your price is looked at")).to_be_visible()

    card.get_by_role("button", name="Take this answer").click()
    expect(card.get_by_text("Awarded")).to_be_visible()
    expect(card.get_by_text("Another got it")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="Open the tour").click()
    page.get_by_role("button", name="The tour has left").click()
    page.get_by_role("button", name="Arrived").first.click()
    page.get_by_role("button", name="Done").first.click()
    stop = page.get_by_role("article").first
    expect(stop.get_by_text("Done").first).to_be_visible()
    assert _offences(page) == []
    assert_no_sideways_scrolling(page)
    found = api.get(f"/v1/tours/{tour}").raise_for_status().json()["tour"]
    assert (found["status"], found["visits_done"]) == ("under_way", 1)
    assert_quiet(desk)
    assert_quiet(theirs)


def test_a_carrier_declines_with_a_reason_in_its_own_language(
    browser: Browser, platform: Platform, api: httpx.Client
) -> None:
    key = carrier(api, "Lone Vans")
    [firm] = [one for one in api.get("/v1/carriers?limit=500").json()["data"] if one["name"] == "Lone Vans"]
    tender = made(api, f"/v1/tours/{planned_tour(api)}/tenders", {"mode": "direct", "carriers": [firm["id"]]})
    seen = visit(browser, platform, DESKTOP)
    sign_in(seen, key)
    page = seen.page
    page.locator("header select").select_option(label="Tiếng Việt")
    page.get_by_role("button", name="Từ chối").click()
    page.get_by_label("Lý do").select_option(label="hết xe")
    page.get_by_role("button", name="Từ chối lời mời").click()
    expect(page.get_by_text("Bạn đã từ chối")).to_be_visible()
    found = api.get(f"/v1/tenders/{tender['id']}").raise_for_status().json()
    assert (found["status"], found["offers"][0]["answer"]["reason"]) == ("exhausted", "no_capacity")
    assert_quiet(seen)
