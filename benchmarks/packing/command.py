"""What ``python -m benchmarks.packing`` asks for, keeps and prints."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.packing.measures import MEASURES
from benchmarks.routing.tables import as_markdown, as_text
from benchmarks.sharing.cases import DATA

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- packing: begin -->", "<!-- packing: end -->"
FULL, SMOKE = "full", "smoke"
PEERS = ("packingsolver", "packvium", "cpsat")
SUMMARY = {
    "check_ms": "check_ms",
    "recall": "recall",
    "false_accepts": "false_accepts",
    "exact_ms": "exact_ms",
    "br_supported": "br_supported",
    "realistic": "realistic",
    "pallets_ms": "pallets_ms",
    "gendreau_gap": "gendreau_gap",
    "onedim_optimal": "onedim_optimal",
    "vector": "vector",
    "space": "space",
}
"""Key of the summary, and the figures that it holds: those with this name, or whose name begins so."""


def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure what is asked for and not known from the results file."""
    known = read(options.results)
    records = []
    for name in options.only or MEASURES:
        mine = [record for record in known if record["measure"] == name and record["set"] == options.set]
        if not mine:
            for figure in MEASURES[name](options):
                record = {"measure": name, "set": options.set, **figure.record()}
                mine.append(record)
                if not options.json:
                    print(f"{figure.name}: {figure.found}", file=sys.stderr, flush=True)
            append(options.results, mine)
        records += mine
    return records


def read(path: Path) -> list[dict[str, Any]]:
    """Records of a results file, none where there is none."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def append(path: Path, records: Iterable[dict[str, Any]]) -> None:
    """Keep a measurement once it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)


def table(records: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Ours, what is wanted, what peers reach."""
    rows = [["figure", "unit", "ours", "wanted", "met", "peers", "note"]]
    for record in records:
        beside = ", ".join(f"{name} {_shown(value)}" for name, value in record["beside"].items())
        wanted = "" if record["wanted"] is None else f"{'≥' if record['more'] else '≤'} {record['wanted']:g}"
        met = {None: "", True: "yes", False: "no"}[record["met"]]
        rows.append(
            [record["name"], record["what"], _shown(record["found"]), wanted, met, beside or "–", record["note"]]
        )
    return rows


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def summary(records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The figures by their keys; a key with several cases holds them by case."""
    found: dict[str, Any] = {}
    for key, start in SUMMARY.items():
        mine = {record["name"]: record["found"] for record in records if record["name"].split(" ")[0] == start}
        if list(mine) == [start]:
            found[key] = mine[start]
        elif mine:
            found[key] = {name.removeprefix(f"{start} "): value for name, value in mine.items()}
    return found


def write(records: Sequence[dict[str, Any]]) -> None:
    """Put the table into docs/benchmarks.md."""
    text = DOCUMENT.read_text("utf-8")
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    DOCUMENT.write_text(f"{head}{BEGIN}\n\n{as_markdown(table(records))}\n\n{END}{tail}", "utf-8")


def arguments(asked: list[str] | None = None) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description="Loads, containers and space: speed, quality, truth.")
    parser.add_argument("--set", default=SMOKE, choices=(SMOKE, FULL))
    parser.add_argument("--only", type=lambda text: text.split(","), help=f"some of {', '.join(MEASURES)}")
    parser.add_argument("--peers", type=lambda text: [name for name in text.split(",") if name], default=list(PEERS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="put the table into docs/")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the research instances")
    parser.add_argument("--results", type=Path, help="where measurements are kept, and looked for")
    parser.add_argument("--table", type=Path, help="no measurement: the table of a results file")
    options = parser.parse_args(asked)
    if options.results is None:
        options.results = Path(tempfile.mkdtemp(prefix="packing-benchmark-")) / "results.jsonl"
    for word, given, allowed in (("measurement", options.only or (), MEASURES), ("peer", options.peers, PEERS)):
        unknown = set(given) - set(allowed)
        if unknown:
            parser.error(f"no {word} {', '.join(sorted(unknown))}; there are {', '.join(allowed)}")
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
        print(json.dumps({"records": records, "summary": summary(records)}))
        return
    print(as_text(table(records)))
    wanted = [record for record in records if record["met"] is not None]
    print(f"\n{sum(record['met'] for record in wanted)} of {len(wanted)} targets met")


if __name__ == "__main__":
    main()
