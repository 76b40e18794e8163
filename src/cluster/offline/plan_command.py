"""``cluster plan``: plan one day from a file, split its cost, and write what people and programs read."""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from cluster.offline.figures import money
from cluster.offline.reading import read, refuse, unreadable

if TYPE_CHECKING:
    from cluster.offline.answer import Answer
    from solver.plan import Budget
    from solver.plan import Progress as State
    from solver.problem import Problem

DEFAULT_SECONDS = 10.0
INVALID = 1


def _refuse_nan(_context: click.Context, _parameter: click.Parameter, value: float | None) -> float | None:
    """NaN passes every comparison that a range check makes."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is no time")
    return value


@click.command("plan")
@click.argument("problem_file", metavar="PROBLEM.json", type=click.Path(path_type=Path))
@click.option(
    "--seconds",
    type=click.FloatRange(0, 86_400, min_open=True),
    callback=_refuse_nan,
    help=f"Wall time: half to search, as much again to split; {DEFAULT_SECONDS:g} unless --iterations is given.",
)
@click.option("--iterations", type=click.IntRange(1), help="Search steps: the same answer on any machine.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--cores", type=click.IntRange(1, 256), default=1, show_default=True)
@click.option(
    "--rule",
    type=click.Choice(["nucleolus", "shapley", "proportional"]),
    default="nucleolus",
    show_default=True,
    help="How the cost is split among the members.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for plan.json, plan.geojson, report.html."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def plan_command(
    *,
    problem_file: Path,
    seconds: float | None,
    iterations: int | None,
    seed: int,
    cores: int,
    rule: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """
    Plan the day in PROBLEM.json and split its cost among the members.

    Exit status: 0 planned (shipments left behind are part of the answer), 1 the plan failed its independent check, 2 a
    problem with faults, all listed.
    """
    from solver.codec import problem_from_json

    problem = read(problem_file, problem_from_json, as_json=as_json)
    # The search is loaded only now: faults are said at once.
    from cluster.offline.answer import answered, as_document
    from solver.plan import Budget
    from solver.shares import Rule

    if seconds is None and iterations is None:
        seconds = DEFAULT_SECONDS
    budget = Budget(seconds=seconds, iterations=iterations, cores=cores)
    with _progress(budget, problem.currency) as progress:
        answer = answered(problem, budget, seed, Rule(rule), progress)
    if out is not None:
        try:
            _write(out, problem_file.stem, problem, answer)
        except OSError as error:
            refuse([unreadable(out, error, "name a folder that you may write to")], out, as_json=as_json)
    if as_json:
        click.echo(msgspec.json.encode(as_document(answer)))
    else:
        from cluster.offline.tables import show

        show(problem, answer)
        if out is not None:
            click.echo(f"report: {out / 'report.html'}")
    if answer.violations:
        raise SystemExit(INVALID)


@contextmanager
def _progress(budget: "Budget", currency: str) -> "Iterator[Callable[[State], None] | None]":
    """A bar on standard error where that is a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=budget.seconds)

        def follow(state: "State") -> None:
            from solver.plan import minor

            cost = "" if state.cost_milli is None else f" {money(minor(state.cost_milli), currency)}"
            bar.update(task, completed=state.seconds, description=f"{state.phase}{cost}")

        yield follow


def _write(folder: Path, name: str, problem: "Problem", answer: "Answer") -> None:
    """The three files of a plan."""
    from cluster.offline.geojson import geojson
    from cluster.offline.report import Report, report_html
    from solver.codec import plan_to_json

    report = Report(
        title=f"Plan for {name}", problem=problem, plan=answer.plan, result=answer.result, split=answer.split
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_bytes(plan_to_json(answer.plan, indent=1) + b"\n")
    (folder / "plan.geojson").write_bytes(geojson(problem, answer.plan) + b"\n")
    (folder / "report.html").write_text(report_html(report), encoding="utf-8")
