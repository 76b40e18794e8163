"""A driver's tour on a phone, with and without reception, and what its consignee sees, in a real browser."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_member_pages import _offences
from tests.browser.visits import (
    PHONE,
    Platform,
    Visit,
    assert_no_sideways_scrolling,
    assert_quiet,
    visit,
)

LANGUAGES = ["en-GB", "vi-VN", "de-DE", "zh-CN"]


@pytest.fixture
def api(platform: Platform) -> Iterator[httpx.Client]:
    """The coordinator's client."""
    headers = {"Authorization": f"Bearer {platform.keys['Coordinator']}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60, trust_env=False) as client:
        yield client


def tours_of(api: httpx.Client) -> list[dict[str, Any]]:
    """The tours of every day that has a plan, dispatched on first use: tests before may have opened days of their own."""
    windows = api.get("/v1/overview").raise_for_status().json()["windows"]
    plans = [entry["current_plan_id"] for entry in windows if entry["current_plan_id"]]
    answers = [api.post(f"/v1/plans/{plan_id}/dispatch", json={}).raise_for_status().json() for plan_id in plans]
    return [tour for answer in answers for tour in answer["tours"]]


def _fresh(api: httpx.Client) -> dict[str, Any]:
    """The tour that has not left yet with the most to do: another test may need a second one, and finds it here too."""
    tours = tours_of(api)
    fresh = [tour for tour in tours if tour["status"] == "dispatched" and tour["visits_done"] == 0]
    assert fresh, [(tour["code"], tour["status"]) for tour in tours]
    return max(fresh, key=lambda tour: (tour["visits"], tour["code"]))


def _link(api: httpx.Client, tour: dict[str, Any]) -> str:
    issued = api.post(f"/v1/tours/{tour['id']}/driver-link", json={}).raise_for_status().json()
    assert issued["path"] == f"/drive#{issued['token']}"
    return str(issued["path"])


def _on_phone(browser: Browser, platform: Platform, path: str, scheme: str = "light", language: str = "en-GB") -> Visit:
    made = visit(browser, platform, PHONE, scheme, language)
    made.page.goto(platform.url + path)
    return made


def _events(api: httpx.Client, tour: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/v1/tours/{tour['id']}/events?limit=500").raise_for_status().json()["data"]
    return found


def _confirm(page: Page) -> None:
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_is_reported_without_reception_arrives_once(
    browser: Browser, platform: Platform, api: httpx.Client
) -> None:
    tour = _fresh(api)
    made = _on_phone(browser, platform, _link(api, tour))
    page = made.page
    expect(page.get_by_text("All sent")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.get_by_role("button", name="Start the tour").click()
    expect(page.get_by_role("button", name="Start the tour")).to_have_count(0)
    expect(page.get_by_text("All sent")).to_be_visible()  # the page goes on before its report has arrived

    page.context.set_offline(True)
    page.get_by_role("button", name="Arrived").click()
    expect(page.get_by_text("1 not sent yet")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 not sent yet")).to_be_visible()
    page.get_by_role("button", name=re.compile("^(Delivered|Picked up): ")).first.click()
    page.get_by_label("Received by").fill("Lan")
    box = page.get_by_role("img", name=re.compile("^Signature")).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 70, steps=8)
    page.mouse.up()
    expect(page.get_by_text("There is a signature.")).to_be_attached()
    _confirm(page)
    expect(page.get_by_text("3 not sent yet")).to_be_visible()
    assert [event["kind"] for event in _events(api, tour)] == ["started"]

    page.context.set_offline(False)
    expect(page.get_by_text("All sent")).to_be_visible(timeout=30_000)
    page.reload()
    expect(page.get_by_text("All sent")).to_be_visible()
    kinds = [event["kind"] for event in _events(api, tour)]
    assert sorted(kinds) == ["arrived", "done", "started"]
    done = next(event for event in _events(api, tour) if event["kind"] == "done")
    proofs = api.get(f"/v1/shipments/{done['shipment_id']}/proofs").raise_for_status().json()["data"]
    assert [(proof["kind"], proof["signer_name"]) for proof in proofs] == [("signature", "Lan")]
    assert made.strangers == []


def test_a_visit_that_fails_needs_a_reason_and_tells_it(
    browser: Browser, platform: Platform, api: httpx.Client
) -> None:
    tour = _fresh(api)
    made = _on_phone(browser, platform, _link(api, tour))
    page = made.page
    page.get_by_role("button", name=re.compile("^Not possible: ")).first.click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Choose a reason.")).to_be_visible()
    assert _offences(page) == []
    page.get_by_label("Closed", exact=True).check()
    page.get_by_label("Note").fill("Back at two")
    _confirm(page)
    expect(page.get_by_text("All sent")).to_be_visible(timeout=30_000)
    failed = next(event for event in _events(api, tour) if event["kind"] == "failed")
    assert (failed["reason"], failed["note"]) == ("closed", "Back at two")
    assert_quiet(made)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_phones_pages_keep_nobody_out(
    browser: Browser, platform: Platform, api: httpx.Client, language: str, scheme: str
) -> None:
    # a small day may have tours of one stop: the one with the most to do has others beside the consignee
    tour = max(tours_of(api), key=lambda tour: (tour["visits"], tour["code"]))
    stops = api.get(f"/v1/tours/{tour['id']}").raise_for_status().json()["stops"]
    shipment_id = stops[0]["visits"][0]["shipment_id"]
    track = api.post(f"/v1/shipments/{shipment_id}/tracking-link", json={}).raise_for_status().json()["path"]
    for path in (_link(api, tour), track):
        made = _on_phone(browser, platform, path, scheme, language)
        expect(made.page.locator("main ol").first).to_be_visible()
        assert _offences(made.page) == []
        assert_no_sideways_scrolling(made.page)
        assert_quiet(made)


@pytest.mark.parametrize("path", ["/drive#wrong", "/track#wrong", "/drive"])
def test_a_wrong_link_says_so_and_nothing_else(browser: Browser, platform: Platform, path: str) -> None:
    made = _on_phone(browser, platform, path)
    expect(made.page.get_by_role("heading", name=re.compile("^This link leads to no"))).to_be_visible()
    assert _offences(made.page) == []
    assert made.strangers == []


def test_a_consignee_sees_its_own_shipment_and_no_other_stop(
    browser: Browser, platform: Platform, api: httpx.Client
) -> None:
    tour = tours_of(api)[0]
    stops = api.get(f"/v1/tours/{tour['id']}").raise_for_status().json()["stops"]
    own = stops[0]["visits"][0]
    # What is collected at one stop may be delivered at another: neither is a stranger's.
    known = {
        stop["name"] for stop in stops if any(visit["shipment_id"] == own["shipment_id"] for visit in stop["visits"])
    }
    other = next(stop for stop in stops if stop["name"] not in known)
    track = api.post(f"/v1/shipments/{own['shipment_id']}/tracking-link", json={}).raise_for_status().json()["path"]
    made = _on_phone(browser, platform, track)
    expect(made.page.get_by_text(own["client_ref"])).to_be_visible()
    assert other["name"] not in made.page.inner_text("body")
    assert_quiet(made)
