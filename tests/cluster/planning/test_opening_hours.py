"""A plan keeps to the hours of its sites: noon breaks, closed days, zones of their own, clocks that change."""

from datetime import date
from typing import Any

import msgspec

from cluster.base import ids
from cluster.places.opening import Interval, OpeningHours, OtherHours, Week
from cluster.planning.translate import CLOSED, problem_of
from solver.plan import Budget
from solver.problem import Window
from solver.solve import solve
from tests.cluster.planning.test_translate import HUB, HUB_AT, SHOP, SHOP_AT, H, day, shipment, site, stop

MONDAY = date(2026, 5, 4)
TO_SHOP = {"shipments": [shipment(delivery=stop(site_id=ids.show("sit", SHOP)))]}
NOON_BREAK = Week(monday=[Interval(opens_at="08:00", closes_at="12:00"), Interval(opens_at="14:00", closes_at="18:00")])


def with_shop(on: date = MONDAY, hours: OpeningHours | None = None, **changes: Any) -> Any:
    """The day, with a delivery to a shop that has these hours."""
    shop = msgspec.structs.replace(site(SHOP, SHOP_AT), hours=hours, **changes)
    return day(on, sites={HUB: site(HUB, HUB_AT), SHOP: shop}, **TO_SHOP)


def shop_windows(question: Any) -> tuple[Window, ...]:
    """When services may begin at the shop."""
    problem = problem_of(question)
    delivery = problem.orders[0].delivery
    assert delivery is not None
    return next(place.windows for place in problem.places if place.id == delivery.place)


def test_a_noon_break_makes_two_windows() -> None:
    found = shop_windows(with_shop(hours=OpeningHours(week=NOON_BREAK)))
    assert found == (Window(8 * H, 12 * H), Window(14 * H, 18 * H))


def test_a_day_without_hours_of_its_own_has_the_default_ones() -> None:
    tuesday = date(2026, 5, 5)
    hours = OpeningHours(week=NOON_BREAK)
    assert shop_windows(with_shop(tuesday, hours, opens_at="09:00", closes_at="17:00")) == (Window(9 * H, 17 * H),)
    assert shop_windows(with_shop(tuesday, hours)) == ()


def test_what_is_open_until_midnight_is_open_to_the_end_of_a_day_of_25_hours() -> None:
    # on 25 October 2026, a Sunday, 18:00 in Berlin is 19 hours after midnight
    hours = OpeningHours(week=Week(sunday=[Interval(opens_at="18:00", closes_at="24:00")]))
    assert shop_windows(with_shop(date(2026, 10, 25), hours)) == (Window(19 * H, 25 * H),)


def test_hours_are_those_of_the_sites_own_zone() -> None:
    # 09:00 in London is 10:00 in Berlin
    found = shop_windows(with_shop(opens_at="09:00", closes_at="17:00", time_zone="Europe/London"))
    assert found == (Window(10 * H, 18 * H),)


def test_a_closed_site_is_not_delivered_to_and_the_rest_of_the_day_is_planned() -> None:
    hours = OpeningHours(exceptions=[OtherHours(on=MONDAY, intervals=[])])
    question = with_shop(hours=hours)
    assert shop_windows(question) == (CLOSED,)
    elsewhere = shipment(delivery=stop((52.49, 13.40)))
    question = msgspec.structs.replace(question, shipments=[*question.shipments, elsewhere])
    plan = solve(problem_of(question), Budget(seconds=None, iterations=200, bound=False)).plan
    assert [entry.order for entry in plan.unplanned] == [question.shipments[0].id]
    assert {visit.order for route in plan.routes for stop_ in route.stops for visit in stop_.visits} == {elsewhere.id}
