"""The oracle against the checker, and solve against the oracle: two answers that share no code must agree."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from solver.check import check
from solver.plan import Budget
from solver.problem import Problem, Window
from solver.solve import solve
from tests.solver import rich
from tests.solver.oracle import optimum
from tests.solver.worlds import cheap_tariff_outside, mixed_freight, one_parcel, one_van_too_few, road, van

ENOUGH = Budget(seconds=None, iterations=300)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize(
    ("world", "mandatory_left", "cost_milli"),
    [
        # 10 + 4 km + 410 s + one stop
        (one_parcel, 0, 18_600),
        # wait for nothing: leave at 200 s for km1 at 300 s, then km3, km4 and home: 8 km, 805 s, three stops
        (mixed_freight, 0, 27_550),
        (cheap_tariff_outside, 0, 5_000),
        # km2 and back with the one van: 10 + 4 + 4 + 0.5
        (one_van_too_few, 1, 18_500),
    ],
)
def test_the_oracle_agrees_with_worlds_worked_out_by_hand(
    world: Callable[[], Problem], mandatory_left: int, cost_milli: int
) -> None:
    problem = world()
    day = tuple(van(shift=Window(0, 1_200), count=kind.count) for kind in problem.vehicle_types)
    best = optimum(problem.replace(vehicle_types=day))
    assert best is not None
    assert best[:2] == (mandatory_left, cost_milli)


def test_the_oracle_of_nothing_is_nothing() -> None:
    best = optimum(road())
    assert best is not None
    assert best.cost_milli == 0


@few
@given(st.one_of(rich.days(), rich.living_days()))
def test_the_oracles_plan_passes_the_checker(problem: Problem) -> None:
    best = optimum(problem)
    assume(best is not None)
    assert best is not None
    assert check(problem, best.plan) == []


@few
@given(st.one_of(rich.days(), rich.living_days()))
def test_solve_never_beats_the_oracle_and_meets_it_with_enough_iterations(problem: Problem) -> None:
    best = optimum(problem)
    assume(best is not None)
    assert best is not None
    # which mandatory order of several is left out, the price of its change does not decide
    assume(not (best.mandatory_left and problem.published))
    result = solve(problem, ENOUGH)
    assert check(problem, result.plan) == []
    assert (result.plan.mandatory_unplanned, result.plan.cost_milli) == best[:2]
    assert result.bound_milli <= best.cost_milli


def found(problem: Problem) -> tuple[int, int]:
    """Mandatory orders left out and cost of what solve finds."""
    plan = solve(problem, ENOUGH).plan
    return plan.mandatory_unplanned, plan.cost_milli


PRICES = ("fixed", "km", "hour", "stop", "overtime_hour", "trip", "unused")


def scaled(problem: Problem, factor: int) -> Problem:
    """All prices times a factor."""
    return problem.replace(
        vehicle_types=tuple(
            replace(kind, **{f"{name}_milli": factor * getattr(kind, f"{name}_milli") for name in PRICES})
            for kind in problem.vehicle_types
        ),
        orders=tuple(
            replace(order, outside_milli=None if order.outside_milli is None else factor * order.outside_milli)
            for order in problem.orders
        ),
        change_milli=factor * problem.change_milli,
        longest_hour_milli=factor * problem.longest_hour_milli,
    )


@few
@given(rich.days(most_orders=3), st.sampled_from([2, 7, 1_000_000]))
def test_all_prices_times_a_factor_cost_that_factor(problem: Problem, factor: int) -> None:
    left, cost_milli = found(problem)
    assert found(scaled(problem, factor)) == (left, factor * cost_milli)


@few
@given(rich.days(most_orders=3), rich.orders(9, 2), st.integers(0, 60_000))
def test_one_more_optional_order_never_costs_more_than_its_outside_option(
    problem: Problem, more: object, outside_milli: int
) -> None:
    optional = replace(more, outside_milli=outside_milli, groups=())
    left, cost_milli = found(problem)
    left_after, cost_after_milli = found(problem.replace(orders=(*problem.orders, optional)))
    assert left_after == left
    assert cost_after_milli <= cost_milli + outside_milli


@few
@given(rich.days(most_orders=3), st.integers(0, 5), st.integers(0, 5))
def test_wider_windows_never_cost_more(problem: Problem, earlier_s: int, later_s: int) -> None:
    def wider(windows: tuple[Window, ...]) -> tuple[Window, ...]:
        return tuple(Window(max(0, w.open_s - earlier_s), w.close_s + later_s) for w in windows)

    orders = tuple(
        replace(
            order,
            pickup=order.pickup and replace(order.pickup, windows=wider(order.pickup.windows)),
            delivery=order.delivery and replace(order.delivery, windows=wider(order.delivery.windows)),
        )
        for order in problem.orders
    )
    assert found(problem.replace(orders=orders)) <= found(problem)


@settings(few, suppress_health_check=list(HealthCheck))
@given(rich.living_days())
def test_a_lock_removed_never_costs_more(problem: Problem) -> None:
    # what has happened binds nothing but itself: without the lock it would have to be possible too
    assume(problem.locks and optimum(problem) is not None)
    assume(all(lock.start_s is None for lock in problem.locks))
    assert found(problem.replace(locks=problem.locks[1:])) <= found(problem)


@few
@given(rich.days(most_orders=3), st.randoms(use_true_random=False))
def test_names_and_sequence_of_orders_change_nothing(problem: Problem, random: object) -> None:
    orders = [replace(order, id=f"renamed {k}") for k, order in enumerate(problem.orders)]
    random.shuffle(orders)
    assert found(problem.replace(orders=tuple(orders))) == found(problem)
