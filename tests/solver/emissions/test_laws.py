"""Laws that every account obeys, on random days of the straight road."""

from collections import Counter
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from solver.emissions import emissions_of
from solver.emissions.rounding import apportioned
from tests.solver.emissions.worlds import (
    LORRY,
    carriage,
    day,
    driving,
    factors,
    goods,
    in_turn,
    lorry,
    method,
    rate,
    returns,
)

OWNERS = st.sampled_from(["anna", "binh", "chi"])
WEIGHTS_G = st.integers(0, 900_000)


@st.composite
def deliveries(draw, most=6):
    number = draw(st.integers(1, most))
    return tuple(goods(f"o{k}", draw(st.integers(1, 5)), draw(WEIGHTS_G), draw(OWNERS)) for k in range(number))


@st.composite
def planned(draw):
    """Deliveries, collections and transports, each kind on a vehicle of its own, one with an open end."""
    out = draw(deliveries())
    back = tuple(
        returns(f"r{k}", draw(st.integers(0, 5)), draw(WEIGHTS_G), draw(OWNERS)) for k in range(draw(st.integers(1, 3)))
    )
    across = carriage("x", draw(st.integers(0, 5)), draw(st.integers(0, 5)), draw(WEIGHTS_G), draw(OWNERS))
    problem = day(*out, *back, across, vehicles=(lorry(), lorry(id="open", end=None)))
    first = tuple(2 * k + 1 for k in range(len(out)))
    second = tuple(2 * (len(out) + k) for k in range(len(back)))
    last = 2 * (len(out) + len(back))
    return problem, driving(problem, (0, first), (0, second), (1, (last, last + 1)))


BOTH = {"classes": {"lorry": "lorry", "open": "lorry"}}


@given(planned(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_milligram_is_borne_by_exactly_one_shipment(day_and_plan, open_return):
    account = emissions_of(*day_and_plan, method(**BOTH, open_return=open_return))
    ttw, wtt = Counter(), Counter()
    for entry in account.shipments:
        ttw[entry.route] += entry.ttw_mg
        wtt[entry.route] += entry.wtt_mg
    for number, route in enumerate(account.routes):
        assert (ttw[number], wtt[number]) == (route.ttw_mg, route.wtt_mg)
    for parts in (account.routes, account.shipments, account.owners):
        assert sum(entry.ttw_mg for entry in parts) == account.ttw_mg
        assert sum(entry.wtt_mg for entry in parts) == account.wtt_mg
    assert sum(owner.activity for owner in account.owners) == account.activity
    assert all(entry.ttw_mg >= 0 <= entry.wtt_mg for entry in account.shipments)


@given(deliveries())
@settings(max_examples=60, deadline=None)
def test_a_part_is_its_exact_proportion_to_within_a_milligram(orders):
    problem = day(*orders)
    account = emissions_of(problem, in_turn(problem), method())
    for entry in account.shipments:
        if account.activity:
            exact = Fraction(account.ttw_mg * entry.activity, account.activity)
            assert abs(entry.ttw_mg - exact) < 1
            assert entry.activity or not entry.wtw_mg, "nothing carried, nothing borne"


@given(deliveries(), st.integers(1, 5), WEIGHTS_G, WEIGHTS_G)
@settings(max_examples=60, deadline=None)
def test_two_shipments_of_one_stop_bear_as_much_as_one_of_both_weights(others, km, first_g, second_g):
    apart = day(*others, goods("p", km, first_g), goods("q", km, second_g))
    merged = day(*others, goods("p", km, first_g + second_g))
    two, one = (emissions_of(problem, in_turn(problem), method()) for problem in (apart, merged))
    assert (two.ttw_mg, two.wtt_mg, two.activity) == (one.ttw_mg, one.wtt_mg, one.activity)
    if one.activity:
        both = sum(entry.ttw_mg for entry in two.shipments if entry.order in ("p", "q"))
        (whole,) = (entry.ttw_mg for entry in one.shipments if entry.order == "p")
        # Each of the three is less than a milligram from its exact proportion, and those add up.
        assert abs(both - whole) <= 2


@given(deliveries(), st.integers(1, 5), WEIGHTS_G)
@settings(max_examples=60, deadline=None)
def test_shipments_alike_bear_alike_to_within_a_milligram_wherever_they_ride(others, km, weight_g):
    problem = day(goods("p", km, weight_g, "anna"), *others, goods("q", km, weight_g, "binh"))
    account = emissions_of(problem, in_turn(problem), method())
    first, second = (entry for entry in account.shipments if entry.order in ("p", "q"))
    assert abs(first.ttw_mg - second.ttw_mg) <= 1
    assert abs(first.wtt_mg - second.wtt_mg) <= 1


@given(deliveries(), st.integers(2, 50))
@settings(max_examples=60, deadline=None)
def test_twice_the_factors_are_twice_the_emissions(orders, times):
    problem = day(*orders)
    plan = in_turn(problem)

    def scaled(by):
        kinds = {
            name: rate(getattr(LORRY, name).ttw_mg_km * by, getattr(LORRY, name).wtt_mg_km * by)
            for name in ("average", "empty", "full")
        }
        return emissions_of(problem, plan, method(factors=factors(replace(LORRY, **kinds))))

    once, more = scaled(1), scaled(times)
    # The round factors make whole milligrams of every gram-kilometre: nothing is rounded but the parts.
    assert abs(more.ttw_mg - times * once.ttw_mg) <= times
    for few, many in zip(once.shipments, more.shipments, strict=True):
        assert abs(many.ttw_mg - times * few.ttw_mg) <= 2 * times


@given(deliveries(), st.integers(2, 10))
@settings(max_examples=60, deadline=None)
def test_parts_do_not_depend_on_the_unit_of_weight(orders, times):
    light = day(*orders)
    heavy = day(
        *(replace(order, load={"weight_g": order.load["weight_g"] * times}) for order in orders),
        vehicles=(lorry(capacity={"weight_g": 10_000_000 * times}),),
    )
    ours, theirs = (emissions_of(problem, in_turn(problem), method()) for problem in (light, heavy))
    assert [entry.wtw_mg for entry in ours.shipments] == [entry.wtw_mg for entry in theirs.shipments]


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**12), min_size=1, max_size=12).filter(any))
def test_a_total_is_apportioned_whole_and_nothing_to_nobody(total, weights):
    parts = apportioned(total, weights, [str(k) for k in range(len(weights))])
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert weight or not part


def test_what_is_left_over_goes_to_the_first_by_name_of_equal_remainders():
    assert apportioned(10, [1, 1, 1], ["c", "b", "a"]) == [3, 3, 4]
