import math
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import asdict

from solver.faults import Fault, ProblemError
from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, Published, TravelProfile, Visit, Window
from tests.solver.worlds import at, four_in_the_city, mixed_freight, one_parcel, parcel, road, straight_road, van


def faults(build: Callable[[], Problem]) -> list[Fault]:
    with pytest.raises(ProblemError) as caught:
        build()
    return caught.value.faults


def found(build: Callable[[], Problem]) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in faults(build)]


def with_profile(**changes: Any) -> Problem:
    return road(profiles=(TravelProfile(**{**asdict(straight_road()), **changes}),))


def with_places(*places: Place, **changes: Any) -> Problem:
    truck = van(start=places[0].id, end=None, profile="default")
    return Problem(places=places, vehicle_types=(truck,), orders=(), **changes)


def rows(size: int, entry: int = 1) -> Matrix:
    return Matrix([[entry] * size for _ in range(size)])


PUBLISHED = Published(order="0", vehicle_type="van", vehicle=1)
FREE_PRICES = ("change_milli", "longest_hour_milli")

WRONG: dict[str, tuple[Callable[[], Problem], str, str]] = {
    "currency in small letters": (lambda: road(currency="vnd"), "currency_malformed", "currency"),
    "a currency with more after it": (lambda: road(currency="VND\n"), "currency_malformed", "currency"),
    "a version of tomorrow": (lambda: road(version=2), "version_unknown", "version"),
    "two orders of one name": (lambda: road(parcel("a", 1), parcel("a", 2)), "id_duplicate", "orders[1].id"),
    "two vehicle types of one name": (lambda: road(vehicles=(van(), van())), "id_duplicate", "vehicle_types[1].id"),
    "an order without a name": (lambda: road(parcel("", 1)), "id_length", "orders[0].id"),
    "an owner without a name": (lambda: road(parcel("a", 1, owner="")), "id_length", "orders[0].owner"),
    "a name too long": (lambda: road(parcel("a" * 201, 1)), "id_length", "orders[0].id"),
    "delivery to nowhere": (lambda: road(parcel("a", 77)), "place_unknown", "orders[0].delivery.place"),
    "a start nowhere": (lambda: road(vehicles=(van(start="x"),)), "place_unknown", "vehicle_types[0].start"),
    "an end nowhere": (lambda: road(vehicles=(van(end="x"),)), "place_unknown", "vehicle_types[0].end"),
    "a hub nowhere": (lambda: road(parcel("a", 1, hub="x")), "place_unknown", "orders[0].hub"),
    "a profile unheard of": (lambda: road(vehicles=(van(profile="x"),)), "profile_unknown", "vehicle_types[0].profile"),
    "beyond the pole": (
        lambda: with_places(Place(id="p", lat=90.1, lon=0)),
        "coordinate_out_of_range",
        "places[0].lat",
    ),
    "once round the earth": (
        lambda: with_places(Place(id="p", lat=0, lon=-180.5)),
        "coordinate_out_of_range",
        "places[0].lon",
    ),
    "not a number": (
        lambda: with_places(Place(id="p", lat=math.nan, lon=0)),
        "coordinate_out_of_range",
        "places[0].lat",
    ),
    "infinitely far": (
        lambda: with_places(Place(id="p", lat=0, lon=math.inf)),
        "coordinate_out_of_range",
        "places[0].lon",
    ),
    "half a coordinate": (lambda: with_places(Place(id="p", lat=1)), "coordinate_half", "places[0]"),
    "no coordinates and no matrix": (lambda: with_places(Place(id="p")), "coordinate_missing", "places[0]"),
    "one matrix of two": (lambda: with_profile(duration_s=None), "matrix_half", "profiles[0]"),
    "a matrix too small": (lambda: with_profile(distance_m=rows(5)), "matrix_size", "profiles[0].distance_m"),
    "a matrix too large": (lambda: with_profile(duration_s=rows(7)), "matrix_size", "profiles[0].duration_s"),
    "a negative distance": (
        lambda: with_profile(distance_m=rows(6, -2)),
        "matrix_entry",
        "profiles[0].distance_m[0][0]",
    ),
    "a duration of ages": (
        lambda: with_profile(duration_s=rows(6, 10**9 + 1)),
        "matrix_entry",
        "profiles[0].duration_s[0][0]",
    ),
    "standing still": (lambda: with_profile(speed_kmh=0), "number_too_small", "profiles[0].speed_kmh"),
    "shorter than the crow flies": (
        lambda: with_profile(circuity_percent=99),
        "number_too_small",
        "profiles[0].circuity_percent",
    ),
    "a window back to front": (
        lambda: road(parcel("a", 1, (0, 9), (5, 4))),
        "window_reversed",
        "orders[0].delivery.windows[1]",
    ),
    "a window before the plan": (
        lambda: road(parcel("a", 1, (-1, 4))),
        "number_negative",
        "orders[0].delivery.windows[0].open_s",
    ),
    "a shift back to front": (
        lambda: road(vehicles=(van(shift=Window(10, 9)),)),
        "window_reversed",
        "vehicle_types[0].shift",
    ),
    "opening hours back to front": (
        lambda: with_places(Place(id="p", lat=1, lon=1, windows=(Window(2, 1),))),
        "window_reversed",
        "places[0].windows[0]",
    ),
    "negative load": (lambda: road(parcel("a", 1, boxes=-1)), "number_negative", "orders[0].load.boxes"),
    "half a box": (lambda: road(parcel("a", 1, boxes=0.5)), "number_not_whole", "orders[0].load.boxes"),  # type: ignore[arg-type]
    "yes instead of a number": (lambda: road(parcel("a", 1, boxes=True)), "number_not_whole", "orders[0].load.boxes"),
    "a load beyond limits": (
        lambda: road(parcel("a", 1, boxes=10**12 + 1)),
        "number_too_large",
        "orders[0].load.boxes",
    ),
    "negative service": (
        lambda: road(parcel("a", 1, service_s=-1)),
        "number_negative",
        "orders[0].delivery.service_s",
    ),
    "a negative outside option": (
        lambda: road(parcel("a", 1, outside_milli=-1)),
        "number_negative",
        "orders[0].outside_milli",
    ),
    "an order without business": (lambda: road(Order(id="a", owner="anna")), "order_without_visit", "orders[0]"),
    "a transport through a hub": (
        lambda: road(Order(id="a", owner="anna", pickup=at(1), delivery=at(2), hub="km0")),
        "order_hub_contradiction",
        "orders[0].hub",
    ),
    **{
        f"negative {field}": (
            lambda field=field: road(vehicles=(van(**{field: -1}),)),
            "number_negative",
            f"vehicle_types[0].{field}",
        )
        for field in (
            "count",
            "fixed_milli",
            "km_milli",
            "hour_milli",
            "stop_milli",
            "duration_max_s",
            "distance_max_m",
            "stops_max",
            "overtime_after_s",
            "reload_s",
            "reloads_max",
            "trip_milli",
            "use_min",
            "unused_milli",
        )
    },
    **{
        f"negative {field}": (lambda field=field: road(**{field: -1}), "number_negative", field)
        for field in FREE_PRICES
    },
    "a release before the plan": (
        lambda: road(parcel("a", 1, release_s=-1)),
        "number_negative",
        "orders[0].release_s",
    ),
    "a group without a name": (lambda: road(parcel("a", 1, groups=("",))), "id_length", "orders[0].groups[0]"),
    "groups apart that nobody is in": (
        lambda: road(parcel("a", 1, groups=("food",)), apart=(("food", "poison"),)),
        "group_unknown",
        "apart[0][1]",
    ),
    "a reload nowhere": (lambda: road(vehicles=(van(reloads=("x",)),)), "place_unknown", "vehicle_types[0].reloads[0]"),
    "overtime from nothing": (
        lambda: road(vehicles=(van(overtime_hour_milli=1),)),
        "overtime_without_start",
        "vehicle_types[0].overtime_hour_milli",
    ),
    "negative capacity": (
        lambda: road(vehicles=(van(capacity={"boxes": -1}),)),
        "number_negative",
        "vehicle_types[0].capacity.boxes",
    ),
    "a cost beyond limits": (
        lambda: road(vehicles=(van(fixed_milli=10**15 + 1),)),
        "number_too_large",
        "vehicle_types[0].fixed_milli",
    ),
    "kilometres that pass 64 bits together": (
        lambda: road(*(parcel(str(k), 1) for k in range(1_000)), vehicles=(van(km_milli=10**15),)),
        "cost_overflow",
        "vehicle_types[0]",
    ),
    "outside options that pass 64 bits together": (
        lambda: road(*(parcel(str(k), 1, outside_milli=10**15) for k in range(9_300))),
        "cost_overflow",
        "orders",
    ),
    "changes that pass 64 bits together": (
        lambda: road(*(parcel(str(k), 1) for k in range(9_300)), published=(PUBLISHED,), change_milli=10**15),
        "cost_overflow",
        "change_milli",
    ),
    "vehicles not used that pass 64 bits together": (
        lambda: road(vehicles=(van(use_min=10**9, unused_milli=10**12),)),
        "cost_overflow",
        "vehicle_types",
    ),
    "a balance that passes 64 bits": (
        lambda: road(vehicles=(van(shift=Window(0, 10**5)),), longest_hour_milli=10**15),
        "cost_overflow",
        "vehicle_types[0]",
    ),
    **{
        f"{field} that passes 64 bits": (
            lambda field=field, few=few: road(
                *(parcel(str(k), 1) for k in range(few)),
                vehicles=(van(**{field: 10**15}, overtime_after_s=0, reloads=("km0",)),),
            ),
            "cost_overflow",
            "vehicle_types[0]",
        )
        for field, few in (("overtime_hour_milli", 1), ("trip_milli", 4_000), ("fixed_milli", 9_300))
    },
    "no places": (lambda: road(places=(), profiles=(TravelProfile(id="road"),)), "no_places", "places"),
    "no vehicles": (
        lambda: Problem(places=(Place(id="p", lat=1, lon=1),), vehicle_types=(), orders=()),
        "no_vehicle_types",
        "vehicle_types",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_found_where_it_is(wrong: str) -> None:
    build, code, where = WRONG[wrong]
    assert (code, where) in found(build)


@pytest.mark.parametrize("wrong", WRONG)
def test_every_fault_says_cause_and_cure(wrong: str) -> None:
    for fault in faults(WRONG[wrong][0]):
        assert fault.cause
        assert fault.cure


def test_one_thing_wrong_is_one_fault() -> None:
    repeated = {"no places", *(wrong for wrong, (_, code, _) in WRONG.items() if code == "cost_overflow")}
    for wrong in WRONG.keys() - repeated:
        build, code, where = WRONG[wrong]
        assert found(build) == [(code, where)], wrong


def test_all_faults_come_at_once() -> None:
    orders = [parcel(str(k), 77, (5, 4), boxes=-1) for k in range(100)]
    codes = [code for code, _ in found(lambda: road(*orders))]
    assert sorted(set(codes)) == ["number_negative", "place_unknown", "window_reversed"]
    assert len(codes) == 300


def test_limits_themselves_are_allowed() -> None:
    places = (Place(id="pole", lat=90, lon=180), Place(id="other pole", lat=-90, lon=-180))
    assert with_places(*places).places == places
    road(parcel("a", 1, (0, 10**9), boxes=10**12, outside_milli=10**15, service_s=10**9))
    road(parcel("a", 1, (7, 7)), vehicles=(van(count=0, shift=Window(0, 0)),))


def test_an_order_that_nobody_can_serve_is_no_fault() -> None:
    road(parcel("too big", 1, boxes=1_000), parcel("too late", 5, (0, 1)), parcel("too cold", 1, skills=("cold",)))


def test_a_problem_without_orders_is_no_fault() -> None:
    assert road().orders == ()


def test_a_large_day_at_high_prices_is_no_fault() -> None:
    # 10_000 orders over a city at 20_000 VND a kilometre and 300_000 an hour are far from 64 bits.
    problem = four_in_the_city()
    orders = tuple(Order(id=str(k), owner="anna", delivery=Visit(place="d7")) for k in range(10_000))
    truck = van(start="hub", end="hub", profile="default", km_milli=20_000_000, hour_milli=300_000_000)
    assert len(problem.replace(orders=orders, vehicle_types=(truck,)).orders) == 10_000


def test_a_changed_copy_is_validated_again() -> None:
    with pytest.raises(ProblemError):
        one_parcel().replace(currency="?")


def test_the_message_names_the_first_faults_and_counts_the_rest() -> None:
    with pytest.raises(ProblemError, match=r"5 fault\(s\): orders\[0\].delivery.place.* \(and 2 more\)"):
        road(*(parcel(str(k), 77) for k in range(5)))


def test_one_owners_problem_keeps_vehicles_and_drops_the_others_orders() -> None:
    alone = mixed_freight().restricted_to(frozenset({"binh"}))
    assert [order.id for order in alone.orders] == ["back"]
    assert mixed_freight().owners == ("anna", "binh")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([[0, 1]], "as many columns as rows"),
        ([[0], [1, 2]], "same length"),
        ([[0.5]], "whole numbers"),
        ([["1"]], "whole numbers"),
        ([[True]], "whole numbers"),
        ([[2**63]], "63 bits"),
        ([[10**30]], "whole numbers"),
        ([[[1]]], "as many columns as rows"),
    ],
)
def test_a_matrix_is_a_square_table_of_whole_numbers(table: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Matrix(table)


def test_a_matrix_cannot_be_changed_from_outside() -> None:
    table = [[0, 1], [2, 0]]
    matrix = Matrix(table)
    table[0][1] = 9
    assert matrix.to_rows() == [[0, 1], [2, 0]]
    with pytest.raises(ValueError, match="read-only"):
        matrix.values[0, 1] = 9
