"""Two versions of a day are told apart by what was changed, never by luck."""

from hypothesis import given, settings
from hypothesis import strategies as st

from solver.compiled import Compiled
from solver.problem import Problem
from solver.routing.start import routes_of
from solver.statements.evaluation import Version, compare
from tests.solver.sharing.worlds import parcel, road
from tests.solver.statements.days import at, planned


@st.composite
def days(draw: st.DrawFn) -> Problem:
    number = draw(st.integers(2, 7))
    orders = [
        at(
            parcel(
                f"o{k}", draw(st.sampled_from(["anna", "binh"])), draw(st.integers(1, 40)), load=draw(st.integers(1, 4))
            ),
            *draw(st.sampled_from([(), ((0, 1_500),), ((1_500, 2_500),), ((4_000, 9_000),)])),
        )
        for k in range(number)
    ]
    return road(*orders, fixed=20, boxes=8)


def alone_each(day: Problem) -> Version:
    return Version(Compiled(day), frozenset(range(len(day.orders))))


@settings(max_examples=25, deadline=None)
@given(day=days(), seed=st.integers(0, 5))
def test_a_version_compared_with_itself_costs_the_same(day: Problem, seed: int) -> None:
    version = alone_each(day)
    plan = planned(day, *([order.id] for order in day.orders)) if _feasible(day) else None
    compared = compare(version, version, routes_of(version.compiled, plan), seed=seed)
    assert compared.before.cost_milli == compared.after.cost_milli


@settings(max_examples=25, deadline=None)
@given(day=days(), gone=st.integers(0, 6), seed=st.integers(0, 5))
def test_a_day_with_an_order_less_never_costs_more(day: Problem, gone: int, seed: int) -> None:
    before = alone_each(day)
    after = Version(before.compiled, before.orders - {gone % len(day.orders)})
    compared = compare(before, after, (), seed=seed)
    assert compared.after.cost_milli <= compared.before.cost_milli or compared.before.unplanned


@settings(max_examples=25, deadline=None)
@given(day=days(), wider_s=st.integers(1, 3_000), seed=st.integers(0, 5))
def test_wider_windows_never_cost_more(day: Problem, wider_s: int, seed: int) -> None:
    before = alone_each(day)
    orders = [
        at(order, *((max(0, w.open_s - wider_s), w.close_s + wider_s) for w in order.delivery.windows))
        for order in day.orders
        if order.delivery is not None
    ]
    after = alone_each(day.replace(orders=tuple(orders)))
    compared = compare(before, after, (), seed=seed)
    assert compared.after.cost_milli <= compared.before.cost_milli or compared.before.unplanned


def _feasible(day: Problem) -> bool:
    """Whether each parcel can be there in time from the start: a minute a kilometre."""
    return all(
        not order.delivery.windows or int(order.delivery.place[2:]) * 60 <= order.delivery.windows[-1].close_s
        for order in day.orders
        if order.delivery is not None
    )
