"""
Many small problems, as the split of costs asks them: 5 to 20 stops, each with the construction of its model.

A third are customers of Solomon's and Gehring and Homberger's instances, a third deliveries of a city day, a third
shipments of a rich day. The reference of each is the best that any way finds; one way is there for that alone.
"""

import os
from collections.abc import Callable
from math import inf
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import mean
from time import process_time
from typing import Any

from benchmarks.routing import days
from benchmarks.routing.cases import Case, load
from benchmarks.routing.judge import judge
from benchmarks.routing.ways import Answer, warm
from solver.matrix import Matrix
from solver.plan import Budget
from solver.problem import Order, Problem
from solver.solve import solve
from solver.travel import matrices

COUNT = 120
SOURCES = ("RC105", "R109", "C101", "RC208", "r1_2_5")
LIMIT_S = 1_800.0
REFERENCE = "pyvrp-2000"
Record = dict[str, Any]


def problems(count: int, data: Path) -> list[Problem]:
    """The problems, the same ones every time."""
    draw = Random(120)
    research = [load("vrptw", name, data).problem for name in SOURCES]
    city, rich = days.city(100, 1), days.rich(100, 1)
    drawn = []
    for k in range(count):
        stops = draw.randint(5, 20)
        if k % 3 == 0:
            drawn.append(part(research[k // 3 % len(research)], stops, draw))
        elif k % 3 == 1:
            drawn.append(part(city, stops, draw))
        else:
            drawn.append(part(rich, max(3, stops // 2), draw))
    return drawn


def part(problem: Problem, size: int, draw: Random) -> Problem:
    """Some orders of a problem, and only the places that they need."""
    orders = tuple(draw.sample(problem.orders, size))
    needed = {place for order in orders for place in _places(order)}
    needed |= {name for vehicle in problem.vehicle_types for name in (vehicle.start, vehicle.end or vehicle.start)}
    rows = [row for row, place in enumerate(problem.places) if place.id in needed]
    places = tuple(problem.places[row] for row in rows)
    profiles = []
    for profile in problem.profiles:
        distance_m, duration_s = (table[rows][:, rows] for table in matrices(profile, problem.places))
        given = type(profile)(id=profile.id, distance_m=Matrix(distance_m), duration_s=Matrix(duration_s))
        profiles.append(given)
    return problem.replace(places=places, profiles=tuple(profiles), orders=orders)


def _places(order: Order) -> list[str]:
    return [visit.place for visit in (order.pickup, order.delivery) if visit is not None]


def ours(iterations: int) -> Callable[[Problem], Answer]:
    """``solver.solve`` with a budget in iterations."""

    def run(problem: Problem) -> Answer:
        return Answer(solve(problem, Budget(seconds=None, iterations=iterations)).plan, [])

    return run


def pyvrp(iterations: int) -> Callable[[Problem], Answer]:
    """PyVRP with so many iterations."""
    from benchmarks.routing import peer_pyvrp  # each process loads the engine that it measures, and no other

    return lambda problem: Answer(None, peer_pyvrp.solve(problem, seconds=None, seed=1, iterations=iterations))


def ortools(_: int) -> Callable[[Problem], Answer]:
    """OR-Tools to its first local optimum."""
    from benchmarks.routing import peer_ortools

    return lambda problem: Answer(None, peer_ortools.solve(problem, seconds=None, seed=1))


def vroom(exploration: int) -> Callable[[Problem], Answer]:
    """VROOM to its own end."""
    from benchmarks.routing import peer_vroom

    return lambda problem: Answer(None, peer_vroom.solve(problem, seconds=None, cores=1, exploration=exploration))


WAYS: dict[str, tuple[Callable[[int], Callable[[Problem], Answer]], int]] = {
    "ours-100": (ours, 100),
    "ours-1000": (ours, 1_000),
    "pyvrp-20": (pyvrp, 20),
    "pyvrp-100": (pyvrp, 100),
    "pyvrp-500": (pyvrp, 500),
    "ortools-greedy": (ortools, 0),
    "vroom-5": (vroom, 5),
    REFERENCE: (pyvrp, 2_000),
}


def measure(way: str, count: int, data: Path) -> Record:
    """All problems one way, in a process of its own on one core: costs (None where invalid) and CPU ms of each."""
    context = get_context("spawn")
    ours_, theirs = context.Pipe()
    process = context.Process(target=_main, args=(theirs, way, count, data))
    process.start()
    theirs.close()
    try:
        if not ours_.poll(LIMIT_S):
            raise TimeoutError(f"{way} has not solved {count} small problems in {LIMIT_S:g} s")
        found: Record = ours_.recv()
    finally:
        process.kill()
        process.join()
    head = {"set": "tiny", "name": str(count), "way": way, "seconds": 0.0, "cores": 1, "seed": 1, "clock": "cpu"}
    return head | found


def _main(pipe: Connection, way: str, count: int, data: Path) -> None:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    asked = problems(count, data)
    make, effort = WAYS[way]
    run = make(effort)
    for problem in asked[:3]:
        run(problem)
    if way.startswith("ours"):
        warm(asked[0])
    costs, milliseconds, reasons = [], [], []
    for problem in asked:
        began = process_time()
        answer = run(problem)
        milliseconds.append(1_000 * (process_time() - began))
        verdict = judge(Case("tiny", "", problem, 1), answer)
        costs.append(verdict.cost_milli)
        reasons.append(verdict.reason)
    pipe.send({"costs": costs, "ms": milliseconds, "reasons": sorted(set(reasons) - {""})})


def tiny_table(records: list[Record]) -> list[list[str]]:
    """Milliseconds, share equal to the best known, gaps; an invalid plan counts as not equal."""
    body = []
    by_count: dict[str, list[Record]] = {}
    for record in records:
        by_count.setdefault(record["name"], []).append(record)
    for runs in by_count.values():
        best = [min((run["costs"][k] or inf) for run in runs) for k in range(len(runs[0]["costs"]))]
        for run in runs:
            pairs = zip(run["costs"], best, strict=True)
            gaps = [100 * (cost - least) / least for cost, least in pairs if cost is not None]
            equal = sum(gap <= 0 for gap in gaps)
            body.append(
                [
                    run["way"], f"{mean(run['ms']):.2f}", f"{max(run['ms']):.1f}",
                    f"{100 * equal / len(best):.1f}", f"{mean(gaps):.3f}" if gaps else "nan",
                    f"{max(gaps):.2f}" if gaps else "nan", str(len(best) - len(gaps)),
                ]
            )  # fmt: skip
    return [["way", "mean CPU ms", "worst CPU ms", "equal to best %", "mean gap %", "worst gap %", "invalid"], *body]
