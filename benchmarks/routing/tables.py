"""What was measured, as text and as the section of docs/benchmarks.md."""

from collections.abc import Iterable
from math import log
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.routing.records import Cell, Record, Sheet, cost_ratio, sheets, summary, within_s
from benchmarks.routing.tiny import tiny_table
from benchmarks.routing.ways import OURS, WAYS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- routing: begin -->", "<!-- routing: end -->"
NEAR = 0.05
Table = list[list[str]]


def shown(cell: Cell | None) -> str:
    """A gap in per cent, or why there is none."""
    if cell is None:
        return "–"
    if cell.objective is None:
        return cell.reason[:40]
    gap = "–" if cell.gap is None else f"{cell.gap:.2f}"
    return f"{gap} ({cell.vehicles:g})"


def figure(value: float) -> str:
    """A number with as many decimals as it deserves."""
    return f"{value:,.0f}" if value >= 10_000 else f"{value:,.1f}"


def sheet_table(sheet: Sheet) -> Table:
    """Gap in per cent and vehicles of each way by instance, our cost to the best peer's."""
    ways = [way for way in (*WAYS, *_others(sheet)) if any(way in row for row in sheet.rows.values())]
    head = ["instance", "best known" if sheet.published else "best found", *ways, "our CPU s", "cost to best peer"]
    body = []
    for name, row in sheet.rows.items():
        ratio = cost_ratio(row)
        reference = sheet.reference.get(name)
        body.append(
            [name, "–" if reference is None else figure(reference)]
            + [shown(row.get(way)) for way in ways]
            + [f"{row[OURS].cpu_s:.1f}" if OURS in row else "–", "–" if ratio is None else f"{ratio:.4f}"]
        )
    return [head, *body]


def _others(sheet: Sheet) -> list[str]:
    """Variants of ours that were compared."""
    return sorted({way for row in sheet.rows.values() for way in row} - set(WAYS))


def growth_table(records: Iterable[Record]) -> Table:
    """Time to come near the last answer, and memory, by number of orders."""
    rows = sorted((r for r in records if r["set"] == "growth"), key=lambda r: (r["seconds"], r["cores"], r["orders"]))
    head = ["orders", "seconds", "cores", "cost", f"within {NEAR:.0%} after s", "took s", "peak MB", "answer"]
    body = [
        [
            str(r["orders"]), f"{r['seconds']:g}", str(r["cores"]),
            "–" if r["objective"] is None else figure(r["objective"]), _near(r), f"{r['wall_s'] or 0:.1f}",
            f"{r['peak_mb']:,}", r["reason"][:50] or "valid",
        ]
        for r in rows
    ]  # fmt: skip
    return [head, *body]


def _near(record: Record) -> str:
    near_s = within_s(record["trace"], NEAR)
    return "–" if near_s is None else f"{near_s:.2f}"


def exponent(points: list[tuple[float, float]]) -> float | None:
    """Slope of a straight line through logarithms: how fast a time grows with a size; None for fewer than three."""
    if len(points) < 3:
        return None
    x, y = [log(size) for size, _ in points], [log(max(time, 1e-3)) for _, time in points]
    middle_x, middle_y = mean(x), mean(y)
    return sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / sum((a - middle_x) ** 2 for a in x)


def growth_summary(records: Iterable[Record]) -> dict[str, Any]:
    """By budget: exponent of the time, the most memory, how many sizes have no valid plan."""
    found: dict[str, Any] = {}
    for budget, rows in _by_budget(records, "growth").items():
        points = [(r["orders"], near_s) for r in rows if (near_s := within_s(r["trace"], NEAR)) is not None]
        slope = exponent(points)
        found[budget] = {
            "exponent": None if slope is None else round(slope, 3),
            "peak_mb": max(r["peak_mb"] for r in rows),
            "failed": sum(r["objective"] is None for r in rows),
        }
    return found


def _by_budget(records: Iterable[Record], set_: str) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        if record["set"] == set_:
            found.setdefault(budget_of(record["seconds"], record["cores"], record["clock"]), []).append(record)
    return found


def budget_of(seconds: float, cores: int, clock: str) -> str:
    """A budget in words."""
    return f"{seconds:g} {'CPU ' * (clock == 'cpu')}s, {cores} core{'s' * (cores > 1)}"


def bound_table(records: Iterable[Record]) -> Table:
    """Cost and bound of each plan."""
    head = ["instance", "seconds", "best known", "cost", "bound", "gap %", "proven"]
    rows = sorted((r for r in records if r["set"] == "bound"), key=lambda r: (r["seconds"], r["name"]))
    return [head, *(_bound_row(r) for r in rows)]


def _bound_row(record: Record) -> list[str]:
    best = "–" if record["best"] is None else figure(record["best"])
    if record["objective"] is None:
        return [record["name"], f"{record['seconds']:g}", best, record["reason"][:40], "–", "–", "–"]
    gap = bound_gap(record)
    return [
        record["name"], f"{record['seconds']:g}", best, figure(record["objective"]), figure(record["bound"]),
        f"{gap:.2f}", "optimal" if record["bound_milli"] >= record["cost_milli"] else "",
    ]  # fmt: skip


def bound_gap(record: Record) -> float:
    """Per cent of the cost that the bound leaves open."""
    cost_milli, bound_milli = int(record["cost_milli"]), int(record["bound_milli"])
    return 100 * (cost_milli - bound_milli) / cost_milli


def bound_summary(records: Iterable[Record]) -> dict[str, Any]:
    """By budget: mean and worst gap of Solomon's instances and of the city days, and how many are proven."""
    found: dict[str, Any] = {}
    for budget, rows in _by_budget(records, "bound").items():
        for kind, days in (("solomon", False), ("city", True)):
            chosen = [r for r in rows if r["objective"] is not None and r["name"].startswith("day") == days]
            if chosen:
                gaps = [bound_gap(r) for r in chosen]
                found.setdefault(budget, {})[kind] = {
                    "instances": len(gaps),
                    "mean_gap": round(mean(gaps), 3),
                    "max_gap": round(max(gaps), 3),
                    "proven": sum(gap <= 0 for gap in gaps),
                }
    return found


def titled(records: list[Record]) -> list[tuple[str, Table]]:
    """All tables with their titles."""
    tables = []
    for sheet in sheets(r for r in records if r["set"] not in ("growth", "bound")):
        budget = budget_of(sheet.seconds, sheet.cores, sheet.clock)
        tables.append((f"{sheet.set}, {budget}: gap in % (vehicles)", sheet_table(sheet)))
    if any(r["set"] == "growth" for r in records):
        tables.append(("growth", growth_table(records)))
    if any(r["set"] == "bound" for r in records):
        tables.append(("bound", bound_table(records)))
    small = [r for r in records if "costs" in r]
    if small:
        tables.append(("tiny: problems of 5 to 20 stops, each with its construction", tiny_table(small)))
    return tables


def summaries(records: list[Record]) -> dict[str, Any]:
    """By set, and by seconds and cores within it."""
    found: dict[str, Any] = {}
    for sheet in sheets(r for r in records if r["set"] not in ("growth", "bound")):
        found.setdefault(sheet.set, {})[budget_of(sheet.seconds, sheet.cores, sheet.clock)] = summary(sheet)
    if any(r["set"] == "growth" for r in records):
        found["growth"] = growth_summary(records)
    if any(r["set"] == "bound" for r in records):
        found["bound"] = bound_summary(records)
    head, *body = tiny_table([r for r in records if "costs" in r])
    if body:
        found["tiny"] = {row[0]: dict(zip(head[1:], map(float, row[1:]), strict=True)) for row in body}
    return found


def as_text(table: Table) -> str:
    """Columns under one another."""
    widths = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    return "\n".join("  ".join(word.rjust(w) for word, w in zip(row, widths, strict=True)) for row in table)


def as_markdown(table: Table) -> str:
    """A table for the documents."""
    lines = ["| " + " | ".join(row) + " |" for row in table]
    return "\n".join([lines[0], "|" + "---|" * len(table[0]), *lines[1:]])


def section(records: list[Record]) -> str:
    """What stands between the markers: the summary, then every table."""
    parts = ["| set | budget | our mean gap % | best peer | its mean gap % | ratio | cost ratio | ahead or equal |"]
    parts[0] += "\n" + "|---|---|---|---|---|---|---|---|"
    for sheet in sheets(r for r in records if r["set"] not in ("growth", "bound")):
        s = summary(sheet)
        cells = [s[k] for k in ("mean_gap", "best_peer", "best_peer_mean_gap", "ratio", "cost_ratio")]
        words = ["–" if cell is None else f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells]
        budget = budget_of(sheet.seconds, sheet.cores, sheet.clock)
        parts[0] += f"\n| {sheet.set} | {budget} | {' | '.join(words)} | {s['ahead_or_equal']} of {s['instances']} |"
    parts += [f"**{title[:1].upper()}{title[1:]}**\n\n{as_markdown(table)}" for title, table in titled(records)]
    return "\n\n".join(parts)


def write(records: list[Record], document: Path = DOCUMENT) -> None:
    """Put the section between its markers; ValueError where they are missing."""
    text = document.read_text("utf-8")
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not found or not ended:
        raise ValueError(f"{document} lacks {BEGIN} or {END}")
    document.write_text(f"{before}{BEGIN}\n\n{section(records)}\n\n{END}{after}", "utf-8")
