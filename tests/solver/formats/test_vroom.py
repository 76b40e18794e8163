"""VROOM's JSON: what becomes of each field, and its answers."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from msgspec import structs

from solver.check import check
from solver.compiled import Compiled
from solver.cost import route_cost
from solver.faults import Fault, ProblemError
from solver.formats.vroom import VroomReading, read_vroom
from solver.formats.vroom_answer import plan_of_answer
from solver.formats.vroom_problem import write_vroom_problem
from solver.formats.vroom_solution import write_vroom
from solver.matrix import Matrix
from solver.parts import Break, Window
from solver.plan import Budget, Plan
from solver.problem import Problem
from solver.schedule import Blocked, timetable
from solver.solve import solve
from tests.solver.formats import samples
from tests.solver.tiny import feasible_routes, problems


def document(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(samples.VROOM)
    return found | changes


def read(document: dict[str, Any]) -> VroomReading:
    return read_vroom(json.dumps(document).encode())


def planned(reading: VroomReading) -> Plan:
    return solve(reading.problem, Budget(seconds=None, iterations=50), start=reading.start).plan


def answer(reading: VroomReading) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(write_vroom(reading, planned(reading)))
    return found


def test_driving_is_paid_by_the_second_and_waiting_is_not() -> None:
    # 0-1-2-0 drives 100 + 50 + 160 s. The collection at 2 opens at 500, so the van waits, which costs nothing.
    found = answer(read(document()))
    assert found["code"] == 0
    assert found["summary"]["cost"] == 310
    assert found["summary"]["duration"] == 310
    assert found["summary"]["distance"] == 1000 + 500 + 1600
    assert found["summary"]["unassigned"] == 0
    (route,) = found["routes"]
    assert route["vehicle"] == 7
    assert [route["steps"][0]["type"], route["steps"][-1]["type"]] == ["start", "end"]
    assert {(step["type"], step.get("id")) for step in route["steps"][1:-1]} == {
        ("job", 1), ("job", 2), ("pickup", 4), ("delivery", 4),
    }  # fmt: skip
    assert route["steps"][-1]["arrival"] - route["steps"][0]["arrival"] == 310 + 60 + route["waiting_time"]


def test_loads_and_totals_follow_the_steps() -> None:
    (route,) = answer(read(document()))["routes"]
    assert (route["delivery"], route["pickup"]) == ([1 + 1], [1 + 1])
    assert route["steps"][0]["load"] == [1]
    assert route["steps"][-1]["load"] == [1]
    assert max(step["load"][0] for step in route["steps"]) <= 2


@pytest.mark.parametrize(
    ("costs", "cost"),
    [
        ({"fixed": 50}, 360),
        ({"per_hour": 7200}, 620),
        ({"per_hour": 0, "per_km": 10}, 31),
        ({"per_hour": 3600, "per_km": 1000}, 310 + 3100),
        ({"per_hour": 1, "fixed": 1}, 1.09),
    ],
    ids=["fixed", "hour", "kilometre", "both", "a thousandth of a second"],
)
def test_prices_are_those_of_hours_and_kilometres(costs: dict[str, int], cost: float) -> None:
    vehicle = document()["vehicles"][0] | {"costs": costs}
    reading = read(document(vehicles=[vehicle]))
    assert reading.objective_of(planned(reading)) == cost


def test_a_costs_matrix_stands_for_itself() -> None:
    matrices = document()["matrices"]
    matrices["car"]["costs"] = [[0, 1, 9], [9, 0, 2], [3, 9, 0]]
    vehicle = document()["vehicles"][0]
    reading = read(document(vehicles=[vehicle], matrices=matrices))
    assert reading.objective_of(planned(reading)) == 1 + 2 + 3


def test_without_a_start_or_an_end_the_way_there_is_free() -> None:
    vehicle = {key: value for key, value in document()["vehicles"][0].items() if not key.endswith("_index")}
    found = answer(read(document(vehicles=[vehicle])))
    assert found["summary"]["cost"] == 50
    assert {step["type"] for step in found["routes"][0]["steps"]} == {"job", "pickup", "delivery"}


def test_a_speed_factor_shortens_travel_to_the_nearest_second() -> None:
    vehicle = document()["vehicles"][0] | {"speed_factor": 1.5}
    # 100, 50 and 160 s become 67, 33 and 107.
    assert answer(read(document(vehicles=[vehicle])))["summary"]["cost"] == 67 + 33 + 107


@pytest.mark.parametrize(
    ("limit", "left"), [({"max_tasks": 4}, 0), ({"max_tasks": 3}, 1), ({"max_travel_time": 310}, 0), ({"max_travel_time": 309}, 4)]
)  # fmt: skip
def test_limits_of_tasks_and_driving_are_kept(limit: dict[str, int], left: int) -> None:
    # Every way through both places and back drives 310 s at least, so 309 s leave room for one place alone:
    # 0-1-0 takes 210 s and serves job 1.
    vehicle = document()["vehicles"][0] | limit
    found = answer(read(document(vehicles=[vehicle])))
    assert (found["summary"]["unassigned"] > 0) == (left > 0)


def test_alike_vehicles_are_one_type_and_keep_their_ids() -> None:
    first = document()["vehicles"][0]
    reading = read(
        document(vehicles=[first, first | {"id": 9, "description": "twin"}, first | {"id": 3, "capacity": [5]}])
    )
    assert reading.vehicle_ids == {"vehicle 7": (7, 9), "vehicle 3": (3,)}
    assert [t.count for t in reading.problem.vehicle_types] == [2, 1]


def test_breaks_lie_in_their_windows() -> None:
    pause = {"id": 5, "time_windows": [[300, 400]], "service": 100}
    reading = read(document(vehicles=[document()["vehicles"][0] | {"breaks": [pause], "time_window": [0, 5000]}]))
    assert reading.problem.vehicle_types[0].breaks == (Break(window=Window(300, 400), duration_s=100),)


def test_calendar_seconds_are_counted_from_the_first_opening() -> None:
    now = 1_700_000_000
    jobs = [document()["jobs"][1] | {"time_windows": [[now + 500, now + 600]]}]
    vehicle = document()["vehicles"][0] | {"time_window": [now, now + 9000]}
    reading = read(document(vehicles=[vehicle], jobs=jobs, shipments=[]))
    assert reading.offset_s == now
    (route,) = answer(reading)["routes"]
    assert now + 500 <= route["steps"][1]["arrival"] + route["steps"][1]["waiting_time"] <= now + 600


def test_priorities_decide_who_is_left_behind() -> None:
    # One parcel fits; the dearer one to reach has the higher priority.
    jobs = [
        {"id": 1, "location_index": 1, "delivery": [1], "priority": 1},
        {"id": 2, "location_index": 2, "delivery": [1], "priority": 9},
    ]
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "capacity": [1]}
    found = answer(read(document(vehicles=[vehicle], jobs=jobs, shipments=[])))
    assert [task["id"] for task in found["unassigned"]] == [1]
    assert found["summary"]["cost"] == 200 + 160
    assert found["summary"]["priority"] == 9


def test_steps_are_where_the_search_begins() -> None:
    steps = [
        {"type": "start"},
        {"type": "job", "id": 1},
        {"type": "pickup", "id": 4},
        {"type": "delivery", "id": 4},
        {"type": "end"},
    ]
    vehicles = [document()["vehicles"][0] | {"steps": steps}, document()["vehicles"][1]]
    reading = read(document(vehicles=vehicles))
    assert reading.start is not None
    assert [visit.order for stop in reading.start.routes[0].stops for visit in stop.visits] == [
        "job 1", "shipment 4>4", "shipment 4>4",
    ]  # fmt: skip


def test_an_answer_is_read_back_as_the_same_plan() -> None:
    reading = read(document())
    plan = planned(reading)
    again, violations = plan_of_answer(reading, write_vroom(reading, plan))
    assert violations == []
    assert again is not None
    assert again.cost_milli == plan.cost_milli
    assert check(reading.problem, again) == []


def test_an_answer_with_a_wrong_cost_or_a_task_left_out_is_found() -> None:
    reading = read(document())
    found = json.loads(write_vroom(reading, planned(reading)))
    found["summary"]["cost"] += 100
    _, violations = plan_of_answer(reading, json.dumps(found).encode())
    assert [violation.code for violation in violations] == ["plan_cost_wrong"]
    steps = found["routes"][0]["steps"]
    found["routes"][0]["steps"] = [step for step in steps if (step["type"], step.get("id")) != ("job", 1)]
    plan, violations = plan_of_answer(reading, json.dumps(found).encode())
    assert plan is None
    assert "order_missing" in [violation.code for violation in violations]


def test_coordinates_alone_are_enough() -> None:
    vehicle = {"id": 1, "start": [106.6, 10.8], "end": [106.6, 10.8]}
    reading = read({"vehicles": [vehicle], "jobs": [{"id": 1, "location": [106.6, 10.9]}]})
    # 0.1 degrees of a meridian are 11.12 km; with a detour of 35 % at 25 km/h 2,162 s each way.
    found = answer(reading)
    assert found["summary"]["cost"] == pytest.approx(2 * 2162, abs=4)
    assert "distance" not in found["summary"]
    assert found["routes"][0]["steps"][1]["location"] == [106.6, 10.9]


def posable(problem: Problem) -> Problem:
    """A problem without what VROOM does not have."""
    profiles = []
    for profile in problem.profiles:
        assert profile.distance_m is not None
        assert profile.duration_s is not None
        tables = [Matrix(np.maximum(table.values, 0)) for table in (profile.distance_m, profile.duration_s)]
        profiles.append(structs.replace(profile, distance_m=tables[0], duration_s=tables[1]))
    plain = {"hour_milli": 0, "stop_milli": 0, "duration_max_s": None}
    return problem.replace(
        profiles=tuple(profiles),
        vehicle_types=tuple(structs.replace(type_, **plain) for type_ in problem.vehicle_types),
        orders=tuple(structs.replace(order, outside_milli=None) for order in problem.orders),
    )


def never_open(faults: list[Fault]) -> bool:
    return all(fault.where.endswith(".windows") for fault in faults)


@settings(max_examples=60, deadline=None)
@given(problems().map(posable))
def test_a_problem_costs_the_same_after_vroom_json(problem: Problem) -> None:
    try:
        reading = read_vroom(write_vroom_problem(problem))
    except ProblemError as error:
        assume(not never_open(error.faults))
        raise
    ours, theirs = Compiled(problem), Compiled(reading.problem)
    # Jobs come before shipments there, each with the number of its order here, from 1.
    order_of = [int(order.id.rpartition(">")[2].rpartition(" ")[2]) - 1 for order in reading.problem.orders]
    type_of = {entry.id: entry.description for entry in reading.source.vehicles}
    names = [type_of[reading.vehicle_ids[type_.id][0]] for type_ in reading.problem.vehicle_types]
    there = {
        (names[type_], tuple(2 * order_of[visit >> 1] + (visit & 1) for visit in visits)): price(theirs, type_, visits)
        for type_, visits in feasible_routes(theirs)
    }
    prices = [amount for type_ in problem.vehicle_types for amount in (type_.fixed_milli, type_.km_milli)]
    unit_milli = 1 if any(amount % 1000 for amount in prices) else 1000
    for type_, visits in feasible_routes(ours):
        vehicle = problem.vehicle_types[type_]
        if vehicle.id in names:
            # Kilometres are rounded once to the thousandth in each problem.
            cost = there.pop((vehicle.id, visits))
            assert abs(price(ours, type_, visits) / unit_milli - cost / 1000) <= 1
    assert there == {}


def price(compiled: Compiled, type_: int, visits: tuple[int, ...]) -> int:
    times = timetable(compiled, type_, visits)
    assert not isinstance(times, Blocked)
    return route_cost(compiled, type_, visits, times).total_milli


def test_what_vroom_cannot_pose_is_said_and_nothing_written() -> None:
    problem = read_vroom(samples.VROOM).problem
    types = tuple(structs.replace(type_, hour_milli=1, duration_max_s=9) for type_ in problem.vehicle_types)
    orders = (structs.replace(problem.orders[0], outside_milli=5), *problem.orders[1:])
    with pytest.raises(ProblemError) as caught:
        write_vroom_problem(problem.replace(vehicle_types=types, orders=orders))
    assert [fault.where for fault in caught.value.faults] == [
        "vehicle_types[0].hour_milli", "vehicle_types[0].duration_max_s",
        "vehicle_types[1].hour_milli", "vehicle_types[1].duration_max_s",
        "orders[0].outside_milli",
    ]  # fmt: skip
