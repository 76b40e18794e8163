"""
The portfolio against each engine alone: ``python -m benchmarks.engines [--seconds 5] [--seeds 2] [--json]``.

Same problem, same seconds, one core each, one after the other in the same run; every answer is priced by the same code.
The ratio is the portfolio's cost to the best engine's: below 1 it is ahead.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from statistics import mean
from time import monotonic
from typing import Any

from solver.codec import problem_from_json
from solver.compiled import Compiled
from solver.plan import Budget
from solver.pool import Pool
from solver.routing.engine import Engine
from solver.routing.features import RouteKey
from solver.routing.ortools_engine import OrToolsEngine
from solver.routing.pyvrp_engine import PyvrpEngine
from solver.solve import solve

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
DAYS = ("small.json", "day.json")


def alone(engine: Engine, compiled: Compiled, seconds: float, seed: int) -> int | None:
    """Cost of what one engine finds without help, thousandths of a minor unit; None when it serves too little."""
    until = monotonic() + seconds
    routes = engine.search(
        compiled,
        orders=frozenset(range(len(compiled.problem.orders))),
        start=(),
        seed=seed,
        seconds=seconds,
        iterations=None,
        found=lambda type_, visits: None,
        improved=lambda found: None,
        stop=lambda: monotonic() > until,
    )
    return price(compiled, routes)


def price(compiled: Compiled, routes: Iterable[RouteKey]) -> int | None:
    """Routes and outside options together; None when a mandatory order is left out."""
    pool = Pool(compiled)
    priced = [pool.add(type_, visits) for type_, visits in routes]
    served = {order for route in priced if route is not None for order in route.orders}
    left = [order.outside_milli for index, order in enumerate(compiled.problem.orders) if index not in served]
    if None in left:
        return None
    return sum(route.cost_milli for route in priced if route is not None) + sum(cost or 0 for cost in left)


def measure(name: str, seconds: float, seeds: int) -> dict[str, Any]:
    """One day: mean cost of each way over the seeds."""
    problem = problem_from_json((EXAMPLES / name).read_bytes())
    compiled = Compiled(problem)
    costs: dict[str, list[int | None]] = {"portfolio": [], "pyvrp": [], "ortools": []}
    for seed in range(seeds):
        costs["pyvrp"].append(alone(PyvrpEngine(), compiled, seconds, seed))
        costs["ortools"].append(alone(OrToolsEngine(), compiled, seconds, seed))
        costs["portfolio"].append(solve(problem, Budget(seconds=seconds), seed=seed).plan.cost_milli)
    means = {way: None if None in found else mean(found) for way, found in costs.items()}  # type: ignore[type-var]
    engines = [cost for way, cost in means.items() if way != "portfolio" and cost is not None]
    ratio = means["portfolio"] / min(engines) if engines and means["portfolio"] is not None else None
    return {"day": name, "seconds": seconds} | means | {"ratio": None if ratio is None else round(ratio, 4)}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = [measure(name, options.seconds, options.seeds) for name in DAYS]
    if options.json:
        print(json.dumps({"summary": rows}))
        return
    print(f"mean cost over {options.seeds} seeds in {options.seconds:g} s, minor units")
    print(f"{'day':<12} {'portfolio':>14} {'PyVRP alone':>14} {'OR-Tools alone':>15} {'ratio':>7}")
    for row in rows:
        shown = [
            f"{row[way] / 1000:,.0f}" if row[way] is not None else "incomplete"
            for way in ("portfolio", "pyvrp", "ortools")
        ]
        print(f"{row['day']:<12} {shown[0]:>14} {shown[1]:>14} {shown[2]:>15} {row['ratio']!s:>7}")


if __name__ == "__main__":
    main()
