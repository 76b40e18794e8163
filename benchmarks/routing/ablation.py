"""
Variants of our own search against one another: ``python -m benchmarks.routing.ablation``.

``[--set vrptw,...] [--only PATTERN] [--seconds 5] [--seeds 3] [--variants as_is,...] [--results FILE] [--json]``

A variant is the name of a recipe below, or ``module:NAME=value`` for a constant of the search, such as
``solver.routing.recipe:FINISHED_ORDERS_MAX=400``. One core; what holds for child processes of a search is not changed.
"""

import argparse
import ast
import importlib
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.routing import child
from benchmarks.routing.cases import DATA, chosen
from benchmarks.routing.clock import CLOCKS
from benchmarks.routing.records import Sheet, append, key, read, sheets
from benchmarks.routing.tables import as_text, sheet_table
from benchmarks.routing.ways import OURS, Answer, Way, ours
from solver.routing import stages
from solver.routing.engine import Engine
from solver.routing.recipe import BOUND, PARTITION, Stage, recipe

Recipe = Callable[[Sequence[Engine], int, float | None, int], tuple[Stage, ...]]


def without(what: str) -> Recipe:
    """The usual recipe without one kind of step, unless it is the only one."""

    def changed(engines: Sequence[Engine], orders: int, seconds: float | None, cores: int = 1) -> tuple[Stage, ...]:
        left_out = engines[-1].name if what == "finisher" else what
        usual = recipe(engines, orders, seconds, cores)
        return tuple(stage for stage in usual if stage.what != left_out) or usual

    return changed


def only(position: int) -> Recipe:
    """One engine from beginning to end."""
    return lambda engines, orders, seconds, cores=1: (Stage(engines[position].name, 1.0),)


def mixed(fresh: int, finisher: float) -> Recipe:
    """Searches from nothing, whose routes a partition mixes, then the finisher and the main search from there."""

    def changed(engines: Sequence[Engine], orders: int, seconds: float | None, cores: int = 1) -> tuple[Stage, ...]:
        main, last = engines[0].name, engines[-1].name
        searches = [Stage(main, 0.75 / fresh, fresh=True)] * fresh
        finish = (Stage(last, finisher),) if finisher else ()
        return (*searches, Stage(PARTITION, 0.05), *finish, Stage(main, 0.2 - finisher), Stage(PARTITION, 0.03))

    return changed


def views(fresh: int, finisher: float) -> Recipe:
    """As ``mixed``, with the finisher beginning from nothing too, before the partition."""

    def changed(engines: Sequence[Engine], orders: int, seconds: float | None, cores: int = 1) -> tuple[Stage, ...]:
        main, last = engines[0].name, engines[-1].name
        searches = [Stage(main, (0.75 - finisher) / fresh, fresh=True)] * fresh
        other = (Stage(last, finisher, fresh=True),) if finisher else ()
        return (*searches, *other, Stage(PARTITION, 0.05), Stage(main, 0.15), Stage(PARTITION, 0.05))

    return changed


RECIPES: dict[str, Recipe] = {
    "views_2": views(2, 0.2),
    "views_3": views(3, 0.0),
    "views_1_half": views(1, 0.4),
    "views_2_half": views(2, 0.35),
    "mixed_1": mixed(1, 0.0),
    "mixed_2": mixed(2, 0.0),
    "mixed_2_finished": mixed(2, 0.1),
    "mixed_3": mixed(3, 0.0),
    "as_is": recipe,
    "no_partition": without(PARTITION),
    "no_finisher": without("finisher"),
    "no_bound": without(BOUND),
    "main_only": only(0),
    "finisher_only": only(-1),
}


def apply(variant: str) -> None:
    """
    Change the search in this process.

    Raises
    ------
    ValueError
        When there is no such recipe or constant.
    """
    if variant in RECIPES:
        stages.recipe = RECIPES[variant]  # type: ignore[attr-defined,assignment]
        return
    place, _, value = variant.partition("=")
    module_name, _, name = place.partition(":")
    if not value or not name:
        raise ValueError(f"no variant {variant}; there are {', '.join(RECIPES)}, and module:NAME=value")
    module = importlib.import_module(module_name)
    if not hasattr(module, name):
        raise ValueError(f"{module_name} has no {name}")
    setattr(module, name, ast.literal_eval(value))


def way_of(variant: str) -> Way:
    """The variant as one more way to plan."""

    def run(*asked: Any) -> Answer:
        apply(variant)
        return ours(*asked)

    return run


def means(sheet: Sheet) -> dict[str, float | None]:
    """Mean gap of each variant over the instances; None where one of them failed."""
    names = sorted({way for row in sheet.rows.values() for way in row})
    found: dict[str, float | None] = {}
    for way in names:
        gaps = [row[way].gap for row in sheet.rows.values() if way in row]
        found[way] = None if None in gaps else round(mean(gap for gap in gaps if gap is not None), 4)
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Variants of our own search against one another.")
    parser.add_argument("--set", default="vrptw")
    parser.add_argument("--only")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--clock", choices=CLOCKS, default="cpu", help="wall on a machine of one's own")
    parser.add_argument("--variants", default=",".join(RECIPES))
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--json", action="store_true")
    results = Path(tempfile.gettempdir()) / "routing-benchmark" / "ablation.jsonl"
    parser.add_argument("--results", type=Path, default=results)
    options = parser.parse_args()
    known = {key(r): r for r in read(options.results) if not r["reason"].startswith(child.DIED)}
    records = []
    for set_, name in chosen(options.set, options.only, options.data):
        for variant in options.variants.split(","):
            for seed in range(1, options.seeds + 1):
                task = child.Task(set_, name, f"{OURS}-{variant}", options.seconds, 1, seed, options.clock)
                record = known.get(tuple(task))
                if record is None:
                    record = child.measure(task, options.data)
                    append(options.results, record)
                    print(*task, record["reason"] or record["objective"], file=sys.stderr, flush=True)
                records.append(record)
    found = sheets(records)
    if options.json:
        print(json.dumps({"records": records, "summary": {sheet.set: means(sheet) for sheet in found}}))
        return
    for sheet in found:
        print(f"\n{sheet.set}, {sheet.seconds:g} s, {options.seeds} seeds: gap in % (vehicles)")
        print(as_text(sheet_table(sheet)))
        print("mean gap:", json.dumps(means(sheet)))


if __name__ == "__main__":
    main()
