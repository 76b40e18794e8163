"""The plain search: optima worked out by hand, its own sums against the tariff, the same answer for the same seed."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from solver.compiled import Compiled
from solver.problem import Problem, Published, Window
from solver.routing.alone import Alone, price_milli
from solver.routing.features import RouteKey
from solver.routing.plain.layout import BEST
from solver.routing.plain.mix import _entry, best_mix, seen_nothing
from solver.routing.plain.prepare import Prepared
from solver.routing.plain.question import question_of
from solver.routing.plain.run import Run
from solver.routing.plain.small import solve_small
from solver.routing.plain_engine import PlainEngine

from .worlds import HOUR, city_day, collection, delivery, line, transport, van


def road(positions_km: dict[str, int], types: list[Any], orders: list[Any], **more: Any) -> Problem:
    return Problem(**line(positions_km, vehicle_types=tuple(types), orders=tuple(orders), **more))


@dataclass
class Answer:
    routes: list[RouteKey]
    cost_milli: int
    found: list[RouteKey] = field(default_factory=list)
    improved: list[list[RouteKey]] = field(default_factory=list)


def cost_of(compiled: Compiled, routes: list[RouteKey]) -> int:
    """Routes and outside options; what is mandatory and left out costs 10**15."""
    prices = [price_milli(compiled, route) for route in routes]
    assert None not in prices
    served = {visit >> 1 for _, visits in routes for visit in visits}
    assert sum(len(visits) for _, visits in routes) == len(served)
    left = [compiled.outside_milli[order] for order in range(len(compiled.problem.orders)) if order not in served]
    return sum(p or 0 for p in prices) + sum(10**15 if price is None else price for price in left)


def search(problem: Problem, iterations: int = 3_000, seed: int = 1, start: tuple[RouteKey, ...] = ()) -> Answer:
    compiled = Compiled(problem)
    found: list[RouteKey] = []
    improved: list[list[RouteKey]] = []
    routes = PlainEngine().search(
        compiled,
        orders=Alone.of(compiled).servable,
        start=start,
        seed=seed,
        seconds=None,
        iterations=iterations,
        found=lambda type_, visits: found.append((type_, visits)),
        improved=improved.append,
        stop=lambda: False,
    )
    return Answer(routes, cost_of(compiled, routes), found, improved)


World = tuple[Problem, int]


def two_near_one_far() -> World:
    # 100 a van and 1 a kilometre: one van to 3, 5 and 9 and back, 18 km
    return road({"depot": 0, "a": 3, "b": 5, "c": 9}, [van()], [delivery(x, x) for x in "abc"]), 118


def collections_alone() -> World:
    return road({"depot": 0, "a": 3, "b": 9}, [van()], [collection(x, x, 5) for x in "ab"]), 118


def load_asks_for_two_vans() -> World:
    # 6 + 6 boxes do not fit 10: 2 * (100 + 10)
    return road({"depot": 0, "a": 5}, [van()], [delivery("x", "a", 6), delivery("y", "a", 6)]), 220


def windows_ask_for_two_vans() -> World:
    # 5 km at 60 s each: at a by 300 s, back at the depot 600 s, b at 300 s is 5 km the other way: 2 * (100 + 10)
    orders = [delivery("x", "a", windows=(Window(0, 300),)), delivery("y", "b", windows=(Window(0, 300),))]
    return road({"depot": 0, "a": 5, "b": -5}, [van()], orders), 220


def waiting_costs_as_driving() -> World:
    # at 3_600_000 an hour a second costs 1_000; a opens at 600 s, b (1 km on) at 1_200 s, each 60 s a km.
    # One van leaves at 540 s (1 km to a), is at a 600, at b 1_200, home 1_320 s: 780 s. Two vans: 120 s and 240 s: 360 s,
    # and twice the fixed 100, and 2 + 4 km against 4 km.
    orders = [delivery("x", "a", windows=(Window(600, 600),)), delivery("y", "b", windows=(Window(1_200, 1_200),))]
    return road({"depot": 0, "a": 1, "b": 2}, [van(hour_milli=3_600_000)], orders), 2 * 100 + 6 + 360_000


def hours_without_windows() -> World:
    # 18 km at 60 s: 1_080 s at 1_000 each
    orders = [delivery(x, x) for x in "abc"]
    return road({"depot": 0, "a": 3, "b": 5, "c": 9}, [van(hour_milli=3_600_000)], orders), 118 + 1_080_000


def a_short_day() -> World:
    # 18 km take 1_080 s; a day of 1_000 s does for neither both, so 100 + 18 (which takes 1_080)... 9 km is out of reach
    # there and back in 1_000 s, 8 km is not (960 s): each van one place, the nearer one is not on the way in time
    orders = [delivery("x", "a"), delivery("y", "b")]
    return road({"depot": 0, "a": 8, "b": -8}, [van(duration_max_s=1_000)], orders), 232


def dearer_vans_carry_more() -> World:
    # one lorry of 20 for 150 and 10 km, or two vans for 220
    orders = [delivery("x", "a", 6), delivery("y", "a", 6)]
    lorry = van("lorry", capacity={"boxes": 20}, fixed_milli=150)
    return road({"depot": 0, "a": 5}, [van(), lorry], orders), 160


def one_lorry_only() -> World:
    # 24 boxes: the one lorry (20 boxes, 150) takes three of 6, a van (100) the fourth; each 10 km
    orders = [delivery(name, "a", 6) for name in "wxyz"]
    lorry = van("lorry", capacity={"boxes": 20}, fixed_milli=150, count=1)
    return road({"depot": 0, "a": 5}, [van(), lorry], orders), 270


def two_depots() -> World:
    # 5 km from the depot, 2 km from the yard: 100 + 4
    yard = van("yard", start="yard", end="yard")
    return road({"depot": 0, "a": 5, "yard": 7}, [van(), yard], [delivery("x", "a")]), 104


def open_end() -> World:
    # out to 9 and no way home
    return road({"depot": 0, "a": 3, "b": 9}, [van(end=None)], [delivery("x", "a"), delivery("y", "b")]), 109


def outside_option() -> World:
    # y costs 12 km more at 5 outside: it stays out
    orders = [delivery("x", "a"), delivery("y", "b", outside_milli=5)]
    return road({"depot": 0, "a": 3, "b": 9}, [van()], orders), 106 + 5


def skills() -> World:
    # only the cooled van (300) may take y; x rides along: 300 + 18
    cooled = van("cooled", fixed_milli=300, skills=("cold",))
    orders = [delivery("x", "a"), delivery("y", "b", skills=("cold",))]
    return road({"depot": 0, "a": 3, "b": 9}, [van(), cooled], orders), 318


def a_price_a_stop() -> World:
    # two orders at one place are one stop: 100 + 10 + 7
    return road({"depot": 0, "a": 5}, [van(stop_milli=7)], [delivery("x", "a"), delivery("y", "a")]), 117


WORLDS = [
    two_near_one_far,
    collections_alone,
    load_asks_for_two_vans,
    windows_ask_for_two_vans,
    waiting_costs_as_driving,
    hours_without_windows,
    a_short_day,
    dearer_vans_carry_more,
    one_lorry_only,
    two_depots,
    open_end,
    outside_option,
    skills,
    a_price_a_stop,
]


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.__name__)
def test_finds_the_optimum_of_a_world_worked_out_by_hand(world: Any) -> None:
    problem, optimum = world()
    assert PlainEngine().supports(problem) == []
    assert search(problem).cost_milli == optimum


@pytest.mark.parametrize("windows", [True, False])
def test_its_own_sum_is_the_price_of_its_routes(windows: bool) -> None:
    problem = city_day(deliveries=40, collections=0, transports=0)
    if not windows:
        bare = [
            o.__class__(
                **{f: getattr(o, f) for f in ("id", "owner", "hub", "load", "skills", "outside_milli")},
                delivery=o.delivery.__class__(place=o.delivery.place),
            )
            for o in problem.orders
            if o.delivery
        ]
        problem = problem.replace(orders=tuple(bare))
    compiled = Compiled(problem)
    run = Run(compiled, sorted(Alone.of(compiled).servable), (), seed=3)
    for k in range(20):
        run.batch(200, k / 20)
    own = run.best_cost * run.unit_milli
    left = set(range(len(problem.orders))) - Alone.of(compiled).servable
    true = cost_of(compiled, run.best()) - sum(compiled.outside_milli[order] or 10**15 for order in left)
    assert own == pytest.approx(true, abs=5 * len(run.best()) + 5, rel=1e-6)


def test_its_own_sum_holds_when_routes_move_between_depots_and_days_are_limited() -> None:
    problem = city_day(deliveries=40, collections=0, transports=0)
    base = problem.vehicle_types[0]
    moved = msgspec.structs.replace
    types = [
        moved(
            base,
            id=f"v{k}",
            start=place.id,
            end=place.id,
            skills=base.skills,
            duration_max_s=4 * HOUR,
            hour_milli=9_000,
        )
        for k, place in enumerate(problem.places[:4])
    ]
    orders = tuple(moved(order, hub=None, skills=(), outside_milli=None) for order in problem.orders)
    problem = problem.replace(vehicle_types=tuple(types), orders=orders)
    compiled = Compiled(problem)
    servable = sorted(Alone.of(compiled).servable)
    run = Run(compiled, servable, (), seed=3)
    for k in range(20):
        run.batch(200, k / 20)
    true = sum(price_milli(compiled, route) or 0 for route in run.best())
    assert {visit >> 1 for _, visits in run.best() for visit in visits} == set(servable)
    assert run.best_cost * run.unit_milli == pytest.approx(true, abs=5 * len(run.best()) + 5, rel=1e-6)


def test_the_same_seed_and_iterations_give_the_same_routes_in_the_same_order() -> None:
    problem = city_day(deliveries=60, collections=0, transports=0)
    one, other = search(problem, 6_000, seed=7), search(problem, 6_000, seed=7)
    assert (one.routes, one.found, one.improved) == (other.routes, other.found, other.improved)
    assert search(problem, 6_000, seed=8).found != one.found


def test_is_never_worse_than_the_routes_it_begins_with() -> None:
    problem = city_day(deliveries=60, collections=0, transports=0)
    good = search(problem, 20_000)
    again = search(problem, 500, seed=2, start=tuple(good.routes))
    assert again.cost_milli <= good.cost_milli


def test_tiny_problems_are_solved_without_an_engine() -> None:
    # two_near_one_far: one van past all three
    compiled = Compiled(two_near_one_far()[0])
    routes, lost = solve_small(question_of(compiled, [0, 1, 2]))
    assert [type_ for type_, _ in routes] == [0]
    assert sorted(routes[0][1]) == [0, 1, 2]
    assert lost == 0
    # with one van of 10 boxes for 12, one order is left out
    two = Compiled(road({"depot": 0, "a": 5}, [van(count=1)], [delivery("x", "a", 6), delivery("y", "a", 6)]))
    assert solve_small(question_of(two, [0, 1]))[1] == 1


@given(
    prices=st.dictionaries(st.integers(1, 63), st.integers(1, 50), max_size=30),
    alone=st.lists(st.integers(1, 30), min_size=6, max_size=6),
)
@example(prices={0b000111: 5, 0b111000: 5, 0b111111: 11}, alone=[30] * 6)
@settings(max_examples=100, deadline=None)
def test_the_best_mix_of_seen_routes_is_the_cheapest_partition(prices: dict[int, int], alone: list[int]) -> None:
    names = "abcdef"
    world = road({"depot": 0} | {x: k + 1 for k, x in enumerate(names)}, [van()], [delivery(x, x) for x in names])
    prepared = Prepared(question_of(Compiled(world), range(6)), 1)
    seen = seen_nothing(prepared.tables, prepared.state)
    for mask, price in [*prices.items(), *((1 << k, price) for k, price in enumerate(alone))]:
        k = _entry(seen, mask)
        if seen.mask[k] == 0:
            seen.used[seen.entries[0]] = k
            seen.entries[0] += 1
            seen.mask[k], seen.price[k], seen.type_[k] = mask, price, 0
    known = {int(seen.mask[k]): int(seen.price[k]) for k in seen.used[: seen.entries[0]]}
    # cheapest[m]: the best way to serve the orders of m, by the route that serves the lowest of them
    cheapest = [0] * 64
    for m in range(1, 64):
        cheapest[m] = min(price + cheapest[m & ~r] for r, price in known.items() if r & m == r and r & m & -m)
    prepared.state.number[BEST] = cheapest[63] + 1
    chosen = seen.best[: best_mix(prepared.tables, prepared.state, seen)]
    assert sum(int(seen.price[k]) for k in chosen) == cheapest[63]
    assert sum(int(seen.mask[k]) for k in chosen) == 63
    prepared.state.number[BEST] = cheapest[63]
    again = seen_nothing(prepared.tables, prepared.state)._replace(
        mask=seen.mask, price=seen.price, type_=seen.type_, used=seen.used, entries=seen.entries
    )
    assert best_mix(prepared.tables, prepared.state, again) == 0


def test_a_small_search_takes_few_orders_only() -> None:
    world = road({"depot": 0, "a": 3}, [van()], [delivery(f"x{k}", "a") for k in range(61)])
    with pytest.raises(ValueError, match="60 orders"):
        solve_small(question_of(Compiled(world), range(61)))


def test_a_published_order_stays_with_its_vehicle_while_a_change_costs_more() -> None:
    # x was published for the second van: any vehicle drives it for 110, but all others pay 50 for the change
    orders = [delivery("x", "a")]
    published = (Published(order="x", vehicle_type="van", vehicle=2),)
    problem = road({"depot": 0, "a": 5}, [van(count=2)], orders, published=published, change_milli=50)
    answer = search(problem)
    assert answer.cost_milli == 110
    assert Compiled(problem).identity[answer.routes[0][0]] == ("van", 2)


def test_says_what_it_does_not_model() -> None:
    at = {"depot": 0, "a": 3, "b": 9}
    both = road(at, [van()], [delivery("x", "a"), collection("y", "b")])
    assert PlainEngine().supports(both)
    assert PlainEngine().supports(road(at, [van()], [transport("x", "a", "b")]))
    hours = (Window(0, HOUR), Window(2 * HOUR, 3 * HOUR))
    assert PlainEngine().supports(road(at, [van()], [delivery("x", "a", windows=hours)]))
