"""
Planning quality against PyVRP, OR-Tools, VROOM and HGS-CVRP: ``python -m benchmarks.routing``.

``[--set smoke|full|NAME,...] [--seconds 2,10,60] [--cores 1|2] [--seeds 1] [--only PATTERN] [--no-peers] [--json]
[--clock wall|cpu] [--write] [--results FILE] [--again PATTERN] [--table FILE]``

Same instances, same seconds of wall time, same cores, one measurement after the other, each in a process of its own.
Every answer is written out as a plan of ours, re-checked, and priced by one code. An interrupted run goes on where it
stopped.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.routing import child, tiny
from benchmarks.routing.cases import DATA, SETS, chosen, peers_of
from benchmarks.routing.clock import CLOCKS
from benchmarks.routing.records import append, key, read
from benchmarks.routing.tables import as_text, summaries, titled, write
from benchmarks.routing.ways import OURS

SECONDS = {"smoke": (2.0,), "growth": (60.0,), "bound": (60.0,)}
SECONDS_ELSE = (2.0, 10.0, 60.0)
SETS_ON_TWO_CORES = ("growth",)


def wanted(options: argparse.Namespace) -> Iterator[child.Task]:
    """Every measurement that is asked for."""
    for set_, name in chosen(options.set, options.only, options.data):
        if set_ == "tiny":
            for way in tiny.WAYS:
                if not options.no_peers or way.startswith(OURS):
                    yield child.Task("tiny", name, way, 0.0, 1, 1, "cpu")
            continue
        ways = (OURS,) if options.no_peers else (OURS, *peers_of(set_))
        usual = 2 if set_ in SETS_ON_TWO_CORES and options.clock == "wall" else 1
        cores = options.cores or usual
        for seconds in options.seconds or SECONDS.get(options.set, SECONDS.get(set_, SECONDS_ELSE)):
            for way in ways:
                for seed in range(1, options.seeds + 1):
                    yield child.Task(set_, name, way, seconds, cores, seed, options.clock)


def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure what the results file does not hold yet; returns the records that were asked for, old and new."""
    known = {key(r): r for r in read(options.results) if not r.get("reason", "").startswith(child.DIED)}
    again = options.again and re.compile(options.again)
    tasks = list(wanted(options))
    records = []
    for number, task in enumerate(tasks, start=1):
        record = known.get(tuple(task))
        if record is None or (again and again.search(f"{task.way} {task.set}/{task.name}")):
            told = f"[{number}/{len(tasks)}] {task.set}/{task.name} {task.way} {task.seconds:g} s"
            if not options.json:
                print(told, end=" ", file=sys.stderr, flush=True)
            tiny_one = task.set == "tiny"
            if tiny_one:
                record = tiny.measure(task.way, int(task.name), options.data)
            else:
                record = child.measure(task, options.data)
            append(options.results, record)
            if not options.json:
                print("" if tiny_one else record["reason"] or record["objective"], file=sys.stderr, flush=True)
        records.append(record)
    return records


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description="Planning quality against other engines, same seconds and cores.")
    parser.add_argument("--set", default="smoke", help=f"smoke, full, or some of {', '.join(SETS)}")
    parser.add_argument("--seconds", type=lambda text: [float(word) for word in text.split(",")])
    parser.add_argument("--cores", type=int, choices=(1, 2), help="default 1, for growth 2")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu: on one core of a machine that others use")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", help="regular expression on set/instance")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the research instances")
    results = Path(tempfile.gettempdir()) / "routing-benchmark" / "results.jsonl"
    parser.add_argument("--results", type=Path, default=results, help="where measurements are kept, and looked for")
    parser.add_argument("--again", help="regular expression on 'way set/instance': measured anew")
    parser.add_argument("--table", type=Path, help="no measurement: tables of a results file")
    options = parser.parse_args(given)
    if options.clock == "cpu" and options.cores == 2:
        parser.error("processor time is counted on one core only")
    return options


def main() -> None:
    """Measures and prints."""
    options = arguments()
    if options.table is None and not options.data.exists():
        sys.exit(f"the research instances are not in {options.data}: say where with --data")
    records = read(options.table) if options.table is not None else run(options)
    if options.write:
        write(records)
    if options.json:
        print(json.dumps({"records": records, "summary": summaries(records)}))
        return
    for title, table in titled(records):
        print(f"\n{title}\n{as_text(table)}")
    print("\nsummary")
    for name, found in summaries(records).items():
        print(f"  {name}: {json.dumps(found)}")


if __name__ == "__main__":
    main()
