"""
The example day, planned and split: ``python -m benchmarks.day [--seconds 15] [--cores 2] [--players 4 6 8] [--json]``.

Fifteen firms, 160 orders. Says how long plan and split take together (target: 60 s with 8 players), how the split grows
with the number of players, how many coalitions are proven, and what the coarser games do to the members' shares.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from solver.codec import problem_from_json
from solver.compiled import Compiled
from solver.plan import Budget, minor
from solver.pool import Pool
from solver.processes import Processes
from solver.shares import Rule
from solver.solve import solve
from solver.split import split_cost

DAY = Path(__file__).resolve().parents[1] / "examples" / "day.json"


def measure(seconds: float, cores: int, players: list[int]) -> dict[str, Any]:
    """Plans once, then splits that plan with each number of players."""
    problem = problem_from_json(DAY.read_bytes())
    pool = Pool(Compiled(problem))
    began = time.perf_counter()
    result = solve(problem, Budget(seconds=seconds, cores=cores), seed=1, pool=pool)
    planned_s = time.perf_counter() - began
    found: dict[str, Any] = {
        "plan_s": round(planned_s, 1),
        "cost_minor": minor(result.plan.cost_milli),
        "bound_minor": minor(result.bound_milli),
        "routes": len(result.plan.routes),
        "splits": [],
    }
    processes = Processes(cores)
    try:
        for count in players:
            began = time.perf_counter()
            split = split_cost(
                problem, result.plan, pool, Rule.NUCLEOLUS, seed=1, players_max=count, executor=processes.executor
            )
            found["splits"].append(
                {
                    "players": count,
                    "coalitions": split.coalitions,
                    "proven": split.coalitions_proven,
                    "seconds": round(time.perf_counter() - began, 1),
                    "in_core": split.in_core,
                    "excess_max_minor": split.excess_max_minor,
                    "cost_minor": split.cost_minor,
                    "saved_percent": round(
                        100 * (1 - split.cost_minor / sum(s.stand_alone_minor for s in split.shares))
                    ),
                }
            )
    finally:
        processes.close()
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--players", type=int, nargs="+", default=[4, 6, 8])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.seconds, options.cores, options.players)
    if options.json:
        print(json.dumps({"summary": found}))
        return
    print(f"planned in {found['plan_s']} s: {found['cost_minor']:,} VND, {found['routes']} routes, at least "
          f"{found['bound_minor']:,}")  # fmt: skip
    print("players coalitions proven seconds in core   closest group loses   saved together")
    for split in found["splits"]:
        print(
            f"{split['players']:>7} {split['coalitions']:>10} {split['proven']:>6} {split['seconds']:>7} "
            f"{split['in_core']!s:>7} {-split['excess_max_minor']:>21,} {split['saved_percent']:>14} %"
        )


if __name__ == "__main__":
    main()
