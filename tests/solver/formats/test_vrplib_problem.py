"""Problems written as VRPLIB files pose the same problem when they are read back."""

import pytest
from msgspec import structs

from solver.compiled import Compiled
from solver.cost import route_cost
from solver.faults import ProblemError
from solver.formats.detect import read_problem
from solver.formats.reading import Reading
from solver.formats.vrplib import read_vrplib
from solver.formats.vrplib_problem import write_vrplib
from solver.problem import Problem, Window
from solver.schedule import Blocked, timetable
from tests.solver.formats import samples
from tests.solver.tiny import feasible_routes


def posed(name: str) -> Problem:
    reading = read_problem(samples.ALL[name])
    assert isinstance(reading, Reading)
    return reading.problem


def routes(problem: Problem) -> dict[tuple[int, tuple[int, ...]], int]:
    """Every feasible route without reloads, with its price."""
    compiled, found = Compiled(problem), {}
    for type_, visits in feasible_routes(compiled):
        times = timetable(compiled, type_, visits)
        assert not isinstance(times, Blocked)
        found[type_, visits] = route_cost(compiled, type_, visits, times).total_milli
    return found


@pytest.mark.parametrize("name", ["cvrp", "depots", "fleet", "prizes", "trips", "road", "solomon"])
def test_what_is_written_is_the_same_problem_when_it_is_read(name: str) -> None:
    problem = posed(name)
    again = read_vrplib(write_vrplib(problem)).problem
    assert routes(again) == routes(problem)
    assert [order.outside_milli for order in again.orders] == [order.outside_milli for order in problem.orders]
    assert [order.release_s for order in again.orders] == [order.release_s for order in problem.orders]
    assert [len(v.reloads) for v in again.vehicle_types] == [len(v.reloads) for v in problem.vehicle_types]
    assert [v.count or 4 for v in problem.vehicle_types] == [v.count for v in again.vehicle_types]


def test_what_vrplib_cannot_pose_is_said_and_nothing_written() -> None:
    problem = posed("cvrp")
    types = tuple(structs.replace(type_, hour_milli=1, stops_max=3, end=None) for type_ in problem.vehicle_types)
    delivery = problem.orders[0].delivery
    assert delivery is not None
    windows = (Window(0, 1), Window(5, 6))
    order = structs.replace(problem.orders[0], delivery=structs.replace(delivery, windows=windows), outside_milli=1)
    with pytest.raises(ProblemError) as caught:
        write_vrplib(problem.replace(vehicle_types=types, orders=(order, *problem.orders[1:])))
    assert {fault.where for fault in caught.value.faults} >= {
        "vehicle_types[0].end", "vehicle_types[0].hour_milli", "vehicle_types[0].stops_max",
        "orders[0].delivery.windows", "orders[0].outside_milli",
    }  # fmt: skip
    assert {fault.code for fault in caught.value.faults} == {"vrplib_unsupported"}
