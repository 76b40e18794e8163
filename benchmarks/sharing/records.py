"""Measurements on disk, one JSON object a line, and what they come to beside what is wanted."""

import json
from collections.abc import Iterable
from math import exp
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.routing.tables import exponent
from benchmarks.sharing.cases import GROWTH_FIXED, PEAK_MB, PREVIEW_S, Case, case_of
from benchmarks.sharing.child import LONG, NAIVE, PREVIEW, USUAL
from benchmarks.sharing.given import LIMITS_S

GAMES = "games"
REFERENCE, ORACLE, GIVEN = "reference", "oracle", "given"
OURS = (USUAL, LONG)
Record = dict[str, Any]


def key(record: Record) -> tuple[str, str, int]:
    """What was measured."""
    return record["name"], record["way"], record["cores"]


def read(path: Path) -> list[Record]:
    """All records of a file, of each measurement the latest; a line cut off by an interruption is left out."""
    found: dict[tuple[str, str, int], Record] = {}
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


class Wish(NamedTuple):
    """What is wanted of one figure, and whether it was met."""

    what: str
    found: float
    wanted: float
    met: bool


def range_percent(record: Record) -> float:
    """The widest guaranteed range of a share under any rule, in per cent of the share."""
    return max(record["range_percent"].values())


def wishes(record: Record) -> list[Wish]:
    """What is wanted of a measurement of ours; nothing of one that broke off, which ``failed`` counts."""
    if record["reason"] or record["way"] not in (*OURS, PREVIEW):
        return []
    if record["way"] == PREVIEW:
        return [_below("seconds", record["seconds"], PREVIEW_S)]
    found = [_below("peak MB", record["peak_mb"], PEAK_MB)]
    target = case_of(record["name"]).target
    if target is None:
        return found
    found.append(_below("seconds", record["seconds"], target.seconds))
    if target.proven_percent is not None:
        proven = 100 * record["proven"]
        found.append(Wish("proven %", proven, target.proven_percent, proven >= target.proven_percent))
    if target.interval_percent is not None:
        found.append(_below("mean interval %", record["interval_mean"], target.interval_percent))
    if target.range_percent is not None:
        found.append(_below("range of shares %", range_percent(record), target.range_percent))
    return found


def _below(what: str, found: float, wanted: float) -> Wish:
    return Wish(what, found, wanted, found <= wanted)


def summary(set_: str, records: Iterable[Record]) -> Record:
    """Everything that is wanted, in numbers; None for what was not measured."""
    records = list(records)
    by_name = {record["name"]: record for record in records if record["way"] == GAMES}
    reference, oracle, given = (by_name.get(name, {}) for name in (REFERENCE, ORACLE, GIVEN))
    asked = [wish for record in records for wish in wishes(record)]
    asked += [_below(f"{rule.value} s", given[f"{rule.value}_s"], most) for rule, most in LIMITS_S.items() if given]
    asked += [_below("wrong", games["wrong"], 0) for games in (reference, oracle) if games]
    return {
        "set": set_,
        "games_checked": reference.get("checked"),
        "games_wrong": reference.get("wrong"),
        "oracle_checked": oracle.get("checked"),
        "oracle_differences": oracle.get("wrong"),
        "given_game": given or None,
        "cases": [line(record) for record in records if record["way"] in OURS],
        "previews": [line(record) for record in records if record["way"] == PREVIEW],
        "naive": [record for record in records if record["way"] == NAIVE],
        "growth": growth(records),
        "wishes": len(asked),
        "wishes_met": sum(wish.met for wish in asked),
        "failed": sum(bool(record.get("reason")) for record in records),
    }


def line(record: Record) -> Record:
    """One case of ours in the words of the summary; intervals and ranges in per cent."""
    case = case_of(record["name"])
    facts = {"world": case.world, "members": case.members, "stops": case.stops, "way": record["way"]}
    if record["reason"]:
        return facts | {"reason": record["reason"], "peak_mb": record["peak_mb"]}
    return facts | {
        "seconds": record["seconds"],
        "cpu_s": record["cpu_s"],
        "proven_share": round(record["proven"], 6),
        "interval_mean": round(record["interval_mean"], 4),
        "interval_max": round(record["interval_max"], 4),
        "share_range_max": round(range_percent(record), 4),
        "share_range_by_rule": {rule: round(width, 4) for rule, width in record["range_percent"].items()},
        "excess_max_minor": record["excess_max_minor"],
        "verdict": record["verdict"],
        "peak_mb": record["peak_mb"],
        "met": all(wish.met for wish in wishes(record)),
    }


class Series(NamedTuple):
    """Seconds by members (with stops fixed) or by stops (with members fixed), of one world."""

    world: str
    by: str
    points: tuple[tuple[int, float], ...]


def series(records: Iterable[Record]) -> list[Series]:
    """All series of three points or more."""
    found: dict[tuple[str, str], dict[int, float]] = {}
    for record in records:
        if record["way"] in OURS and not record["reason"]:
            case = case_of(record["name"])
            for by, size in _sizes(case):
                found.setdefault((case.world, by), {})[size] = record["seconds"]
    lines = [Series(world, by, tuple(sorted(points.items()))) for (world, by), points in sorted(found.items())]
    return [one for one in lines if len(one.points) >= 3]


def _sizes(case: Case) -> list[tuple[str, int]]:
    sizes = [("members", case.members)] if case.stops == GROWTH_FIXED else []
    return sizes + ([("stops", case.stops)] if case.members == GROWTH_FIXED else [])


def growth(records: Iterable[Record]) -> Record:
    """By world: how many times longer one more member takes, and the power of the stops that the time grows with."""
    found: Record = {}
    for one in series(records):
        points = [(float(size), seconds) for size, seconds in one.points]
        if one.by == "members":
            # A straight line through the logarithms of the times alone: each member multiplies.
            slope = exponent([(exp(size), seconds) for size, seconds in points])
            word, value = "factor_a_member", None if slope is None else exp(slope)
        else:
            word, value = "power_of_stops", exponent(points)
        found.setdefault(one.world, {})[word] = None if value is None else round(value, 2)
    return found
