"""``cluster check``: is a plan true to its problem?"""

from pathlib import Path

import click
import msgspec

from cluster.offline.figures import counted, money, plain
from cluster.offline.reading import read

INVALID = 1


@click.command("check")
@click.argument("problem_file", metavar="PROBLEM.json", type=click.Path(path_type=Path))
@click.argument("plan_file", metavar="PLAN.json", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def check_command(problem_file: Path, plan_file: Path, as_json: bool) -> None:
    """
    Check a plan against its problem, by other code than the search.

    Exit status: 0 valid, 1 violations (listed), 2 a file that cannot be used.
    """
    from solver.check import check
    from solver.codec import plan_from_json, problem_from_json
    from solver.plan import minor

    problem = read(problem_file, problem_from_json, as_json=as_json)
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
    elif violations:
        click.echo(counted(len(violations), "violation"))
        for violation in violations:
            click.echo(f"  {plain(violation.where)}: {plain(violation.detail)} [{violation.code}]")
    else:
        click.echo(f"valid, {money(minor(plan.cost_milli), plan.currency)}")
    if violations:
        raise SystemExit(INVALID)
