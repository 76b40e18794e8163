"""``cluster check``: is a plan true to its problem?"""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from cluster.offline.figures import counted, money, plain
from cluster.offline.reading import read

if TYPE_CHECKING:
    from solver.formats.reading import Reading
    from solver.plan import Violation

INVALID = 1


@click.command("check")
@click.argument("problem_file", metavar="PROBLEM", type=click.Path(path_type=Path))
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["auto", "native", "vrplib", "solomon", "lilim", "vroom", "3l"]),
    default="auto",
    show_default=True,
    help="What the problem is; auto sees it from its content.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def check_command(problem_file: Path, plan_file: Path, format_: str, as_json: bool) -> None:
    """
    Check a plan against its problem, by other code than the search.

    PROBLEM and PLAN are the solver's JSON; or an instance of another planner's format and a solution of it (.sol, or
    VROOM's answer), or a plan.json for it.

    Exit status: 0 valid, 1 violations (listed), 2 a file that cannot be used.
    """
    from solver.check import check
    from solver.codec import plan_from_json
    from solver.formats.detect import read_problem
    from solver.formats.reading import Reading
    from solver.plan import minor

    problem = read(problem_file, lambda raw: read_problem(raw, format_), as_json=as_json)
    if isinstance(problem, Reading):
        _check_foreign(problem, plan_file, as_json=as_json)
        return
    plan = read(plan_file, plan_from_json, as_json=as_json)
    violations = check(problem, plan)
    if as_json:
        answer = {
            "valid": not violations,
            "cost_minor": minor(plan.cost_milli),
            "currency": plan.currency,
            "violations": violations,
        }
        click.echo(msgspec.json.encode(answer))
    else:
        _say(violations, money(minor(plan.cost_milli), plan.currency))
    if violations:
        raise SystemExit(INVALID)


def _check_foreign(reading: "Reading", plan_file: Path, *, as_json: bool) -> None:
    """Check a solution of an instance in another format; its objective is said in its own unit."""
    from cluster.offline.foreign import judged

    plan, violations = read(plan_file, lambda raw: judged(reading, raw), as_json=as_json)
    objective = None if plan is None else reading.objective_of(plan)
    if as_json:
        answer = {"valid": not violations, "objective": objective, "violations": violations}
        click.echo(msgspec.json.encode(answer))
    else:
        _say(violations, f"objective {objective:,}" if objective is not None else "")
    if violations:
        raise SystemExit(INVALID)


def _say(violations: "list[Violation]", worth: str) -> None:
    """Valid and what it costs, or all violations."""
    if not violations:
        click.echo(f"valid, {worth}")
        return
    click.echo(counted(len(violations), "violation"))
    for violation in violations:
        click.echo(f"  {plain(violation.where)}: {plain(violation.detail)} [{violation.code}]")
