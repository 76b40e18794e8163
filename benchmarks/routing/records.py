"""Measurements on disk, one JSON object a line, and what they come to for each set."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

from benchmarks.routing.judge import gap_percent
from benchmarks.routing.ways import OURS, is_ours

Record = dict[str, Any]
KEY = ("set", "name", "way", "seconds", "cores", "seed", "clock")
EXACT = 1e-7
"""A gap in per cent that is none: the last bits of a division."""


def key(record: Mapping[str, Any]) -> tuple[Any, ...]:
    """What was measured."""
    return tuple(record[field] for field in KEY)


def read(path: Path) -> list[Record]:
    """All records of a file, of each measurement the latest; a line cut off by an interruption is left out."""
    found: dict[tuple[Any, ...], Record] = {}
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue
            found[key(record)] = record
    return list(found.values())


def append(path: Path, record: Record) -> None:
    """Add one record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


class Cell(NamedTuple):
    """
    One way on one instance, the mean over the seeds.

    ``objective`` and ``gap`` (per cent above the reference) are None where a seed gave no valid plan; ``reason`` says
    why.
    """

    objective: float | None
    gap: float | None
    vehicles: float
    cpu_s: float
    reason: str


Row = dict[str, Cell]
"""Cells by way."""


class Sheet(NamedTuple):
    """All instances of a set under one budget; ``published`` says whether all references are others' best known."""

    set: str
    seconds: float
    cores: int
    clock: str
    rows: dict[str, Row]
    reference: dict[str, float]
    published: bool


def sheets(records: Iterable[Record]) -> list[Sheet]:
    """Records by set and budget. The reference is the best known, or what any record has below it."""
    kept = [record for record in records if "costs" not in record]
    reference = _references(kept)
    best = {(r["set"], r["name"]): r["best"] for r in kept if r.get("best") is not None}
    published = {case for case, value in best.items() if value == reference[case]}
    grouped: dict[tuple[str, float, int, str], dict[str, dict[str, list[Record]]]] = {}
    for record in kept:
        sheet = grouped.setdefault((record["set"], record["seconds"], record["cores"], record["clock"]), {})
        sheet.setdefault(record["name"], defaultdict(list))[record["way"]].append(record)
    return [
        Sheet(
            set_,
            seconds,
            cores,
            clock,
            {
                name: {way: _cell(runs, reference.get((set_, name))) for way, runs in ways.items()}
                for name, ways in rows.items()
            },
            {name: reference[set_, name] for name in rows if (set_, name) in reference},
            all((set_, name) in published for name in rows),
        )
        for (set_, seconds, cores, clock), rows in grouped.items()
    ]


def _references(records: list[Record]) -> dict[tuple[str, str], float]:
    best: dict[tuple[str, str], float] = {}
    for record in records:
        case = record["set"], record["name"]
        values = [value for value in (record.get("best"), record["objective"]) if value is not None]
        if values:
            best[case] = min(best.get(case, values[0]), *values)
    return best


def _cell(runs: list[Record], reference: float | None) -> Cell:
    failed = [run["reason"] for run in runs if run["objective"] is None]
    objective = None if failed else mean(run["objective"] for run in runs)
    gap = None if objective is None or reference is None else gap_percent(objective, reference)
    vehicles, cpu_s = mean(run["vehicles"] for run in runs), mean(run["cpu_s"] for run in runs)
    return Cell(objective, gap, vehicles, cpu_s, failed[0] if failed else "")


def peers(row: Row) -> Row:
    """The cells of the others."""
    return {way: cell for way, cell in row.items() if not is_ours(way)}


def cost_ratio(row: Row) -> float | None:
    """Our objective by that of the best peer with a valid plan: below 1 we are ahead."""
    rivals = [cell.objective for cell in peers(row).values() if cell.objective is not None]
    mine = row[OURS].objective if OURS in row else None
    return mine / min(rivals) if mine is not None and rivals and min(rivals) > 0 else None


def summary(sheet: Sheet) -> dict[str, Any]:
    """
    What a sheet comes to.

    The best peer has the smallest mean gap among those with the most valid plans. ``ratio`` compares the two
    where both have a valid plan: 0.5 is half its gap, 1.0 also where neither has a gap, None where only the peer has
    none.
    """
    rows = sheet.rows
    mine = {name: row[OURS].gap for name, row in rows.items() if OURS in row}
    valid = {name: gap for name, gap in mine.items() if gap is not None}
    gaps: dict[str, dict[str, float]] = defaultdict(dict)
    for name, row in rows.items():
        for way, cell in peers(row).items():
            if cell.gap is not None:
                gaps[way][name] = cell.gap
    ratios = [ratio for row in rows.values() if (ratio := cost_ratio(row)) is not None]
    found: dict[str, Any] = {
        "instances": len(rows),
        "failed": len(mine) - len(valid),
        "mean_gap": round(mean(valid.values()), 4) if valid else None,
        "best_peer": None,
        "best_peer_mean_gap": None,
        "ratio": None,
        "cost_ratio": round(mean(ratios), 5) if ratios else None,
        "cpu_s": round(mean(row[OURS].cpu_s for row in rows.values() if OURS in row), 2) if mine else None,
        "best_peer_cpu_s": None,
        "ahead_or_equal": sum(ratio <= 1 + EXACT for ratio in ratios),
    }
    if gaps:
        best = min(gaps, key=lambda way: (-len(gaps[way]), mean(gaps[way].values())))
        found |= {"best_peer": best, "best_peer_mean_gap": round(mean(gaps[best].values()), 4)}
        found["best_peer_cpu_s"] = round(mean(rows[name][best].cpu_s for name in gaps[best]), 2)
        both = sorted(valid.keys() & gaps[best].keys())
        if both:
            found["ratio"] = gap_ratio(mean(valid[n] for n in both), mean(gaps[best][n] for n in both))
    return found


def gap_ratio(mine: float, theirs: float) -> float | None:
    """How our mean gap compares; 1.0 where neither has one, None where only the other has none."""
    if theirs > EXACT:
        return round(mine / theirs, 4)
    return 1.0 if mine <= EXACT else None


def within_s(trace: list[tuple[float, int, int]], part: float) -> float | None:
    """Seconds until a trace first had a cost of at most ``1 + part`` times its last, with as little left out."""
    if not trace:
        return None
    _, last, left = trace[-1]
    return next((at for at, cost, out in trace if out <= left and cost <= (1 + part) * last), None)
