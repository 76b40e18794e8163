"""
The cost split, proven and measured: ``python -m benchmarks.sharing``.

``[--set games|vrp|growth|full] [--only 6x6,RC-8x8,city,...] [--ways proven,preview,naive] [--cores 2] [--json]
[--write] [--results FILE] [--again PATTERN] [--table FILE] [--patience SECONDS] [--data FOLDER]``

Given games against published values and an independent code; days of several members, with every coalition's cost as
a proven interval, the preview, and the naive way (PyVRP for each coalition, as much time in all). One measurement after
the other, each in a process of its own. An interrupted run goes on where it stopped.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.routing.tables import as_text
from benchmarks.sharing import child, games, given
from benchmarks.sharing.cases import DATA, chosen
from benchmarks.sharing.records import GAMES, GIVEN, ORACLE, REFERENCE, Record, append, key, read, summary
from benchmarks.sharing.tables import growth_words, titled, write

SETS = ("games", "vrp", "growth", "full")
ORACLE_GAMES, ORACLE_SEED = 200, 1
Known = dict[tuple[str, str, int], Record]
Measurement = tuple[str, str, Callable[[Known], Record]]
"""Name, way, and what measures it, given what is known so far."""


def wanted(options: argparse.Namespace) -> Iterator[Measurement]:
    """Every measurement that is asked for, in an order in which each finds what it needs."""
    if options.set in ("games", "full") and options.only is None:
        yield REFERENCE, GAMES, lambda known: _checked(games.reference(options.data / "reference_games.json"))
        yield ORACLE, GAMES, lambda known: _checked(games.oracle(ORACLE_GAMES, ORACLE_SEED))
        yield GIVEN, GAMES, lambda known: given.measure()
    for case in chosen(options.set, options.only):
        for asked in options.ways:
            way = case.effort if asked == child.PROVEN else asked
            yield case.name, way, _measuring(options, case.name, way)


def _checked(counts: tuple[int, int]) -> Record:
    return {"checked": counts[0], "wrong": counts[1]}


def _measuring(options: argparse.Namespace, name: str, way: str) -> Callable[[Known], Record]:
    """The naive way gets as many processor seconds as all cores together had for the proven costs."""

    def measure(known: Known) -> Record:
        budget_s = 0.0
        if way == child.NAIVE:
            found = [known.get((name, effort, options.cores)) for effort in (child.LONG, child.USUAL)]
            ours = next((record for record in found if record is not None and not record["reason"]), None)
            if ours is None:
                return {"reason": "needs the proven costs"}
            budget_s = ours["seconds"] * options.cores
        task = child.Task(name, way, options.cores, budget_s)
        return child.measure(task, options.data, kept_games(options.results), options.patience)

    return measure


def kept_games(results: Path) -> Path:
    """The folder beside a results file that keeps proven games."""
    return results.with_name(f"{results.stem}-games")


def run(options: argparse.Namespace) -> list[Record]:
    """Measure what the results file does not hold yet; returns the records that were asked for, old and new."""
    known: Known = {key(record): record for record in read(options.results)}
    again = options.again and re.compile(options.again)
    records = []
    for name, way, measure in wanted(options):
        record = known.get((name, way, options.cores))
        if record is None or record.get("reason") or (again and again.search(f"{way} {name}")):
            if not options.json:
                print(f"{name} {way}", end=" ", file=sys.stderr, flush=True)
            record = {"name": name, "way": way, "cores": options.cores, "reason": ""} | measure(known)
            append(options.results, record)
            if not options.json:
                print(record["reason"] or f"{record.get('seconds', '')}", file=sys.stderr, flush=True)
        known[key(record)] = record
        records.append(record)
    return records


def arguments(asked: list[str] | None = None) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description="Coalition costs and shares: exactness, proof, speed.")
    parser.add_argument("--set", default="vrp", choices=SETS)
    parser.add_argument("--only", help="some cases: 6x6 (in every world), RC (all of a world), city-8x6")
    parser.add_argument(
        "--ways",
        type=lambda text: text.split(","),
        default=list(child.WAYS),
        help="proven (usual or long), preview, naive",
    )
    parser.add_argument("--cores", type=int, choices=(1, 2), default=2)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="put tables and picture into docs/")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the research instances")
    results = Path(tempfile.gettempdir()) / "sharing-benchmark" / "results.jsonl"
    parser.add_argument("--results", type=Path, default=results, help="where measurements are kept, and looked for")
    parser.add_argument("--again", help="regular expression on 'way case': measured anew")
    parser.add_argument("--table", type=Path, help="no measurement: tables of a results file")
    parser.add_argument("--patience", type=float, default=3_600.0, help="seconds after which one is ended")
    options = parser.parse_args(asked)
    ways = (*child.WAYS, child.USUAL, child.LONG)
    unknown = set(options.ways) - set(ways)
    if unknown:
        parser.error(f"no way {', '.join(sorted(unknown))}; there are {', '.join(ways)}")
    try:
        chosen(options.set, options.only)
    except ValueError as error:
        parser.error(str(error))
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
        print(json.dumps({"records": records, "summary": summary(options.set, records)}))
        return
    for title, table in titled(records):
        print(f"\n{title}\n{as_text(table)}")
    for words in growth_words(records):
        print(words)
    found = summary(options.set, records)
    print(f"\n{found['wishes_met']} of {found['wishes']} targets met, {found['failed']} measurements broke off")


if __name__ == "__main__":
    main()
