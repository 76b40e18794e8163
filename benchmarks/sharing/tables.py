"""What was measured, as text and as the section of docs/benchmarks.md."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.routing.tables import DOCUMENT, Table, as_markdown
from benchmarks.sharing.cases import PREVIEW_S, WORLDS, case_of
from benchmarks.sharing.child import NAIVE, PREVIEW
from benchmarks.sharing.compare import COMPARED
from benchmarks.sharing.given import LIMITS_S
from benchmarks.sharing.plot import PICTURE, picture
from benchmarks.sharing.records import (
    GIVEN,
    ORACLE,
    OURS,
    REFERENCE,
    Record,
    growth,
    range_percent,
    series,
    wishes,
)

BEGIN, END = "<!-- sharing: begin -->", "<!-- sharing: end -->"
NONE = "–"


def _ordered(records: Iterable[Record], ways: Sequence[str]) -> list[Record]:
    found = [record for record in records if record["way"] in ways]
    return sorted(found, key=lambda r: (_place(r["name"]), ways.index(r["way"])))


def _place(name: str) -> tuple[int, int, int]:
    case = case_of(name)
    return WORLDS.index(case.world), 2**case.members, case.stops


def proven_table(records: Iterable[Record]) -> Table:
    """Every case of ours: time, what is proven, how far shares are certain, and what was wanted."""
    head = ["case", "effort", "seconds", "CPU s", "coalitions", "proven %", "interval % mean / worst"]
    head += [f"range % {rule.value}" for rule in COMPARED]
    head += ["largest excess, % of the bill", "verdict", "peak MB", "wanted"]
    body = []
    for record in _ordered(records, OURS):
        if record["reason"]:
            body.append([record["name"], *[NONE] * (len(head) - 3), f"{record['peak_mb']:,}", record["reason"]])
            continue
        body.append(
            [
                record["name"],
                record["way"],
                f"{record['seconds']:.1f}",
                f"{record['cpu_s']:.1f}",
                f"{record['coalitions']:,}",
                f"{100 * record['proven']:.1f}",
                f"{record['interval_mean']:.3f} / {record['interval_max']:.2f}",
                *(f"{record['range_percent'][rule.value]:.3f}" for rule in COMPARED),
                f"{record['excess_max_percent']:.2f}",
                record["verdict"],
                f"{record['peak_mb']:,}",
                _wanted(record),
            ]
        )
    return [head, *body]


def _wanted(record: Record) -> str:
    """What is wanted of a case beyond its memory, each with its answer."""
    words = []
    for wish in wishes(record):
        if wish.what != "peak MB":
            words.append(f"{wish.what} {wish.wanted:g}: {'met' if wish.met else 'not met'}")
        elif not wish.met:
            words.append(f"peak MB {wish.wanted:,.0f}: not met")
    return ", ".join(words) or NONE


def naive_table(records: Iterable[Record]) -> Table:
    """The naive way at equal time."""
    head = ["case", "seconds a coalition", "cost error % mean / worst", "no plan found"]
    head += [f"{rule.value} share error % mean / worst" for rule in COMPARED]
    head += [f"{rule.value}: says, in truth" for rule in COMPARED]
    body = []
    for record in _ordered(records, (NAIVE,)):
        if record["reason"]:
            body.append([record["name"], record["reason"], *[NONE] * (len(head) - 2)])
            continue
        each_s = record["budget_s"] / (2 ** case_of(record["name"]).members - 1)
        body.append(
            [
                record["name"],
                f"{each_s:.3f}",
                f"{record['cost_error_mean']:.2f} / {record['cost_error_max']:.2f}",
                str(record["failed"]),
                *(f"{record[r.value]['error_mean']:.2f} / {record[r.value]['error_max']:.2f}" for r in COMPARED),
                *(_said(record[rule.value]) for rule in COMPARED),
            ]
        )
    return [head, *body]


def _said(verdict: Record) -> str:
    """What the naive way says of its own split, and what is so."""
    return f"{verdict['claims']}, {verdict['truth']}{': false' if verdict['false'] else ''}"


def preview_table(records: Iterable[Record]) -> Table:
    """The quick way."""
    head = [
        "case",
        "players",
        "seconds",
        "CPU s",
        "interval % mean / worst",
        "range % of shares",
        f"wanted: {PREVIEW_S:g} s",
    ]
    body = []
    for record in _ordered(records, (PREVIEW,)):
        if record["reason"]:
            body.append([record["name"], *[NONE] * (len(head) - 2), record["reason"]])
            continue
        interval = f"{record['interval_mean']:.2f} / {record['interval_max']:.2f}"
        figures = [
            str(record["players"]),
            f"{record['seconds']:.1f}",
            f"{record['cpu_s']:.1f}",
            interval,
            f"{range_percent(record):.2f}",
        ]
        body.append([record["name"], *figures, "met" if record["seconds"] <= PREVIEW_S else "not met"])
    return [head, *body]


def games_table(records: Iterable[Record]) -> Table:
    """Games that are given: right or wrong, and how fast."""
    by_name = {record["name"]: record for record in records}
    rows: Table = []
    for name, what in ((REFERENCE, "published games"), (ORACLE, "random games, against coopgame-py")):
        if name in by_name:
            checked, wrong = by_name[name]["checked"], by_name[name]["wrong"]
            rows.append([what, f"{checked} values checked, {wrong} wrong", "0", "met" if not wrong else "not met"])
    for rule, most_s in LIMITS_S.items():
        if GIVEN in by_name:
            seconds = by_name[GIVEN][f"{rule.value}_s"]
            met = "met" if seconds <= most_s else "not met"
            rows.append([f"{rule.value} of 16 players", f"{seconds:g} CPU s", f"{most_s:g} s", met])
    return [["what", "found", "wanted", ""], *rows]


def titled(records: Sequence[Record]) -> list[tuple[str, Table]]:
    """All tables that hold something, with their titles."""
    tables = [
        ("Given games", games_table(records)),
        ("Proven costs", proven_table(records)),
        ("One search for each coalition, at equal time", naive_table(records)),
        ("Preview", preview_table(records)),
    ]
    return [(title, table) for title, table in tables if len(table) > 1]


def growth_words(records: Iterable[Record]) -> list[str]:
    """One sentence a world."""
    found = []
    for world, facts in growth(records).items():
        parts = []
        if facts.get("factor_a_member") is not None:
            parts.append(f"each further member multiplies the time by {facts['factor_a_member']:.2f}")
        if facts.get("power_of_stops") is not None:
            parts.append(f"with the stops of each it grows like their power {facts['power_of_stops']:.2f}")
        if parts:
            found.append(f"{world}: {'; '.join(parts)}.")
    return found


def section(records: Sequence[Record]) -> str:
    """What stands between the markers: every table, and how the time grows."""
    parts = [f"**{title}**\n\n{as_markdown(table)}" for title, table in titled(records)]
    grown = growth_words(records)
    if grown:
        parts.append("**Growth**\n\n" + "\n".join(f"- {words}" for words in grown))
        parts.append(f"![Seconds by members and by stops]({PICTURE.name})")
    return "\n\n".join(parts)


def write(records: Sequence[Record], document: Path = DOCUMENT) -> None:
    """Put the section between its markers and the picture beside it; ValueError where the markers are missing."""
    text = document.read_text("utf-8")
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        raise ValueError(f"{document} lacks {BEGIN} or {END}")
    lines = series(records)
    if lines:
        (document.parent / PICTURE.name).write_text(picture(lines), "utf-8")
    document.write_text(f"{before}{BEGIN}\n\n{section(records)}\n\n{END}{after}", "utf-8")
