"""Loaded holds of a report in a real browser: drawn, stepped through, turned, and told in words."""

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from cluster.offline.load_view import view_of_load, views_of_bins
from cluster.offline.pack_answer import PackAnswer
from cluster.offline.pack_report import pack_report_html
from solver.loads import Packing
from tests.cluster.offline.loaded import one_van, two_stops
from tests.cluster.offline.test_report_in_browser import browser, opened

__all__ = ["browser", "opened"]

EVIL = '<img src=x onerror="alert(1)">&amp;</script>'


def report(load=None):
    problem, packing = one_van()
    views = views_of_bins(problem, packing.bins)
    if load is not None:
        packing = replace(packing, not_placed=())
        views = (view_of_load(load, tuple(replace(entry, order=EVIL + entry.order) for entry in two_stops()[1])),)
    return pack_report_html("Loads", problem, PackAnswer(packing=packing, views=views, violations=(), seed=0))


def hostile():
    load, _ = two_stops()
    return report(replace(load, cargo=tuple(replace(line, order=EVIL + line.order) for line in load.cargo)))


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("page_of", [report, hostile])
def test_a_report_on_loads_is_quiet_and_fits(opened, page_of, width):
    page, noise = opened(page_of(), width)
    page.locator("#load-scene .box").first.wait_for()
    assert noise == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#load-scene .box").count() == 9


def test_the_steps_go_from_the_first_unit_loaded_to_the_last_one_unloaded(opened):
    page, noise = opened(report(), 1280)
    time = page.locator("#load-time")
    # Empty, nine units one by one, two stops.
    assert time.get_attribute("max") == "11"
    page.locator("#load-view").focus()
    page.keyboard.press("Home")
    expect(page.locator("#load-scene .box")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#load-scene .box")).to_have_count(1)
    assert page.inner_text("#load-step") == "Loaded 1 of 9: atelier / rack no. 1"
    page.click("#load-stops [data-stop='1']")
    expect(page.locator("#load-scene .ghost")).to_have_count(24)
    assert page.inner_text("#load-step") == "At stop 1: 8 unloaded, 1 on board"
    # As worked out in the world's description: 28 kg of the rack on the rear axle, which weighs 700 kg empty.
    assert "728 kg of 1,800 kg" in page.inner_text("#load-figures")
    page.keyboard.press("End")
    assert noise == []


def test_a_unit_tells_what_it_is_and_what_it_stands_on(opened):
    page, noise = opened(report(), 1280)
    page.click(".loadbar [data-turn=top]")
    page.locator("#load-scene [data-box='5'] .top").click()
    page.locator("#load-scene .under").wait_for()
    assert "shop / carton no. 5" in page.inner_text("#load-unit")
    assert "Stands on shop / carton no. 1" in page.inner_text("#load-unit")
    assert page.locator("#load-scene .under").get_attribute("data-box") == "1"
    assert noise == []


def test_near_units_hide_far_ones_from_every_side(opened):
    # Whatever the side, the drawing order must put the rack and each pile so that what is nearer comes later.
    page, noise = opened(report(), 1280)
    for turns in range(16):
        page.click(".loadbar [data-turn=left]")
        page.wait_for_timeout(30)
        order = page.eval_on_selector_all("#load-scene .box", "all => all.map(one => Number(one.dataset.box))")
        assert sorted(order) == list(range(9))
        # A carton on top hides the one under it, from every side above the floor.
        assert all(order.index(top) > order.index(top - 4) for top in range(5, 9)), turns
    assert noise == []


def test_without_scripts_there_is_the_order_of_loading():
    html = report()
    assert "<noscript>" in html
    assert html.index("rack no. 1") < html.index("carton no. 1") < html.index("carton no. 8")


def test_a_packing_without_containers_has_no_drawing():
    problem, _ = one_van()
    empty = Packing(currency="EUR", bins=(), not_placed=(), cost_milli=0)
    html = pack_report_html("Loads", problem, PackAnswer(packing=empty, views=(), violations=(), seed=0))
    assert "id=load-view" not in html
