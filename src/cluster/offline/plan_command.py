"""``cluster plan``: plan one day from a file, split its cost, and write what people and programs read."""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec

from cluster.offline.figures import money
from cluster.offline.reading import read, refuse, unreadable
from solver.shares import Rule

if TYPE_CHECKING:
    from cluster.offline.answer import Answer
    from solver.formats.reading import Reading
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
@click.argument("problem_file", metavar="PROBLEM", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["auto", "native", "vrplib", "solomon", "lilim", "vroom", "3l"]),
    default="auto",
    show_default=True,
    help="What the file is; auto sees it from its content.",
)
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
    type=click.Choice([rule.value for rule in Rule]),
    default="nucleolus",
    show_default=True,
    help="How the cost is split among the members.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for plan.json, plan.geojson, report.html."
)
@click.option(
    "--solution",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for the answer in the problem's own format: .sol, or VROOM's JSON.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def plan_command(
    *,
    problem_file: Path,
    format_: str,
    seconds: float | None,
    iterations: int | None,
    seed: int,
    cores: int,
    rule: str,
    out: Path | None,
    solution: Path | None,
    as_json: bool,
) -> None:
    """
    Plan the day in PROBLEM and split its cost among the members.

    PROBLEM is the solver's JSON, or a file of another planner (VRPLIB, Solomon, Li & Lim, VROOM), which has one owner
    and nothing to split; its objective is said in its own unit.

    Exit status: 0 planned (shipments left behind are part of the answer), 1 the plan failed its independent check, 2 a
    problem with faults, all listed.
    """
    from solver.formats.detect import read_problem
    from solver.formats.reading import Reading

    problem = read(problem_file, lambda raw: read_problem(raw, format_), as_json=as_json)
    _refuse_pointless(isinstance(problem, Reading), solution)
    # The search is loaded only now: faults are said at once.
    from cluster.offline.answer import answered, as_document
    from solver.faults import ProblemError
    from solver.plan import Budget, minor

    if seconds is None and iterations is None:
        seconds = DEFAULT_SECONDS
    budget = Budget(seconds=seconds, iterations=iterations, cores=cores)
    if isinstance(problem, Reading):
        _plan_foreign(problem, budget, seed, Output(out=out, solution=solution, as_json=as_json))
        return
    try:
        with _progress(budget, lambda cost_milli: money(minor(cost_milli), problem.currency)) as progress:
            answer = answered(problem, budget, seed, Rule(rule), progress)
    except ProblemError as error:
        refuse(error.faults, problem_file, as_json=as_json)
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


class Output(NamedTuple):
    """Where the answer goes."""

    out: Path | None
    solution: Path | None
    as_json: bool


def _refuse_pointless(foreign: bool, solution: Path | None) -> None:
    """Options that could have no effect."""
    given = click.get_current_context().get_parameter_source("rule")
    if foreign and given is click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError("--rule splits the cost among owners, and a file of this format has only one.")
    if not foreign and solution is not None:
        raise click.UsageError("--solution is for files of other planners' formats; write this plan with --out FOLDER.")


def _plan_foreign(reading: "Reading", budget: "Budget", seed: int, output: Output) -> None:
    """Plan an instance of another format, and write and say the answer in its own words."""
    from cluster.offline import foreign

    with _progress(budget, lambda cost_milli: f"{reading.objective(cost_milli):,}") as progress:
        answer = foreign.answered(reading, budget, seed, progress)
    for path, write in (
        (output.out, lambda path: foreign.write(path, answer)),
        (output.solution, lambda path: path.write_bytes(foreign.solution_of(answer))),
    ):
        if path is not None:
            try:
                write(path)
            except OSError as error:
                cure = "name a place that you may write to"
                refuse([unreadable(path, error, cure)], path, as_json=output.as_json)
    if output.as_json:
        click.echo(msgspec.json.encode(foreign.as_document(answer)))
    else:
        foreign.show(answer)
    if answer.violations:
        raise SystemExit(INVALID)


@contextmanager
def _progress(budget: "Budget", say: Callable[[int], str]) -> "Iterator[Callable[[State], None] | None]":
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
            cost = "" if state.cost_milli is None else f" {say(state.cost_milli)}"
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
