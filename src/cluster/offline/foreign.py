"""What the commands do with instances of other planners' formats: plan, show, write and check in their own words."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct
from rich.console import Console, Group
from rich.text import Text

from cluster.offline.figures import counted, percent, plain
from cluster.offline.report import Report, report_html
from cluster.offline.tables import PLAIN_WIDTH, table
from cluster.offline.words import REASONS
from solver.check import check
from solver.codec import plan_from_json, plan_to_json, problem_to_json
from solver.formats.reading import Reading
from solver.formats.solution import cost_differs, plan_of, read_solution, write_solution
from solver.formats.vroom import VroomReading
from solver.formats.vroom_answer import plan_of_answer
from solver.formats.vroom_solution import write_vroom
from solver.plan import Budget, Plan, Progress, Reason, Result, Violation
from solver.solve import solve

LEFT_SAID_MAX = 20
"""Nodes left out that a terminal is told one by one."""


class ForeignAnswer(Struct, frozen=True, kw_only=True):
    """A plan for an instance of another format, and what is known about it."""

    reading: Reading
    result: Result
    violations: tuple[Violation, ...]
    seconds: float

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.result.plan

    @property
    def bound(self) -> int | float:
        """In the instance's unit: no plan that leaves the same out costs less."""
        bound_milli = self.result.bound_milli - self.reading.aside_milli(self.plan)
        return self.reading.objective_bound(max(0, bound_milli))

    @property
    def gap(self) -> float:
        """The part of the cost that no better plan could save more than."""
        aside_milli = self.reading.aside_milli(self.plan)
        cost_milli = self.plan.cost_milli - aside_milli
        bound_milli = max(0, self.result.bound_milli - aside_milli)
        return max(0.0, (cost_milli - bound_milli) / cost_milli) if cost_milli else 0.0


def answered(
    reading: Reading, budget: Budget, seed: int, progress: Callable[[Progress], None] | None = None
) -> ForeignAnswer:
    """Plan and check an instance; nothing is split, for there is one owner."""
    begun = time.monotonic()
    start = reading.start if isinstance(reading, VroomReading) else None
    result = solve(reading.problem, budget, start=start, seed=seed, progress=progress)
    return ForeignAnswer(
        reading=reading,
        result=result,
        violations=tuple(check(reading.problem, result.plan)),
        seconds=time.monotonic() - begun,
    )


def as_document(answer: ForeignAnswer) -> dict[str, Any]:
    """The answer as ``--json`` prints it; ``objective`` and ``bound`` in the instance's own unit."""
    reading, plan = answer.reading, answer.plan
    return {
        "format": reading.format,
        "instance": reading.name,
        "convention": reading.convention.name,
        "objective": reading.objective_of(plan),
        "bound": answer.bound,
        "gap": round(answer.gap, 6),
        "routes": len(plan.routes),
        "unplanned": len(plan.unplanned),
        "mandatory_unplanned": plan.mandatory_unplanned,
        "seconds": round(answer.seconds, 3),
        "seed": answer.result.seed,
        "violations": answer.violations,
        "left_behind": plan.unplanned,
        "trace": answer.result.trace,
    }


def show(answer: ForeignAnswer) -> None:
    """Print routes, what is left out, the objective and what is proven."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    plan, reading = answer.plan, answer.reading
    rows = table("Routes", ("vehicle",), ("stops", "trips", "orders", "cost"))
    for route in plan.routes:
        orders = {visit.order for stop in route.stops for visit in stop.visits}
        reloads = sum(stop.reload for stop in route.stops)
        cells = (len(route.stops) - reloads, 1 + reloads, len(orders), reading.objective(route.cost.total_milli))
        name = f"{plain(route.vehicle_type)} {route.vehicle}"
        rows.add_row(Text(name), *(Text(f"{cell:,}") for cell in cells))
    console.print(Group(rows, *_left(plan), *_summary(answer)))


def _left(plan: Plan) -> list[Text]:
    """What is not planned, and why."""
    lines = [Text(f"\nNot planned: {counted(len(plan.unplanned), 'order')}", style="bold")] if plan.unplanned else []
    for entry in plan.unplanned[:LEFT_SAID_MAX]:
        lines.append(Text(f"  {plain(entry.order)}: {_reason(entry.reason)}: {plain(entry.detail)}"))
    if len(plan.unplanned) > LEFT_SAID_MAX:
        lines.append(Text(f"  and {len(plan.unplanned) - LEFT_SAID_MAX} more; --json lists them all"))
    return lines


def _reason(reason: Reason) -> str:
    return REASONS.get(reason, str(reason).replace("_", " "))


def _summary(answer: ForeignAnswer) -> list[Text]:
    proof = f"proven: at least {answer.bound:,} (gap {percent(answer.gap)})"
    if not answer.bound and answer.plan.cost_milli:
        proof = "no lower bound was found in the time"
    name = f"{plain(answer.reading.name)}: " if answer.reading.name else ""
    lines = [
        Text(f"\n{name}{answer.reading.objective_of(answer.plan):,}", style="bold"),
        Text(f"{counted(len(answer.plan.routes), 'route')}; {answer.reading.convention.name}"),
        Text(proof),
        Text(f"searched and checked in {answer.seconds:.1f} s, seed {answer.result.seed}", style="dim"),
    ]
    for violation in answer.violations:
        text = f"VIOLATION {plain(violation.where)}: {plain(violation.detail)} [{violation.code}]"
        lines.append(Text(text, style="bold red"))
    return lines


def solution_of(answer: ForeignAnswer) -> bytes:
    """The plan in the format's own form of answers."""
    if isinstance(answer.reading, VroomReading):
        return write_vroom(answer.reading, answer.plan)
    return write_solution(answer.reading, answer.plan)


def write(folder: Path, answer: ForeignAnswer) -> None:
    """Problem and plan in the solver's own JSON; a report where loads have places to show."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "problem.json").write_bytes(problem_to_json(answer.reading.problem) + b"\n")
    (folder / "plan.json").write_bytes(plan_to_json(answer.plan, indent=1) + b"\n")
    if any(route.placements for route in answer.plan.routes):
        title = f"Plan for {answer.reading.name or 'an instance'}"
        report = Report(title=title, problem=answer.reading.problem, plan=answer.plan, result=answer.result)
        (folder / "report.html").write_text(report_html(report), encoding="utf-8")


def judged(reading: Reading, raw: bytes) -> tuple[Plan | None, list[Violation]]:
    """
    A plan in the format's own form, or in the solver's JSON, and everything that is wrong with it.

    Raises
    ------
    ProblemError
        For a file that is no such plan.
    """
    head = raw.lstrip()[:1]
    if head == b"{" and isinstance(reading, VroomReading) and b'"vehicle_type"' not in raw:
        plan, found = plan_of_answer(reading, raw)
    elif head == b"{":
        plan, found = plan_from_json(raw), []
    else:
        solution = read_solution(raw)
        plan, found = plan_of(reading, solution)
        differs = None if plan is None else cost_differs(reading, solution, plan)
        found += [] if differs is None else [differs]
    return plan, [*found, *([] if plan is None else check(reading.problem, plan))]
