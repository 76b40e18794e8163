"""``cluster emissions``: what the routes of a plan emit, and who bears which part of it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from cluster.offline.figures import counted, plain
from cluster.offline.reading import read, refuse

if TYPE_CHECKING:
    from solver.emissions import Comparison, Emissions, Method
    from solver.plan import Plan
    from solver.problem import Problem

INVALID = 1
ALONE_ITERATIONS = 2_000
"""Search steps for each member's plan alone: the same answer on any machine, in seconds for some dozens of stops."""

Command = TypeVar("Command", bound=Callable[..., None])


def _method_options(command: Command) -> Command:
    """How emissions are accounted for."""
    options = (
        click.option("--region", required=True, help="Region of the factors, such as GB."),
        click.option("--year", required=True, type=click.IntRange(1990, 2100), help="Year of the factors."),
        click.option("--fallback", is_flag=True, help="Where there are none, use those that come nearest, and say so."),
        click.option("--factors", "factors_file", type=click.Path(path_type=Path), help="Factors of one's own (JSON)."),
        click.option(
            "--class", "classes", multiple=True, metavar="TYPE=CLASS", help="Class of a vehicle type; else guessed."
        ),
        click.option(
            "--payload", "payloads", multiple=True, metavar="TYPE=GRAMS", help="What a type may carry; else capacity."
        ),
        click.option(
            "--distance",
            type=click.Choice(["shortest_feasible", "great_circle"]),
            default="shortest_feasible",
            show_default=True,
            help="Distance of a shipment's transport activity.",
        ),
        click.option("--quantity", help="Dimension of loads to go by; weight_g, else volume_cm3, if not given."),
        click.option("--open-return", is_flag=True, help="Routes with an open end drive home empty."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("emissions")
@click.argument("problem_file", metavar="PROBLEM", type=click.Path(path_type=Path))
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@_method_options
@click.option("--alone", is_flag=True, help="Plan every member alone as well, and compare.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def emissions_command(
    *, problem_file: Path, plan_file: Path, alone: bool, as_json: bool, factors_file: Path | None, **chosen: Any
) -> None:
    """
    Account for the emissions of a plan, as ISO 14083 and the GLEC Framework say, by route and member.

    PROBLEM and PLAN are the solver's JSON. What nobody says (such as a vehicle's class) is guessed, and said to be.

    Exit status: 0 accounted for, 1 the plan is not true to its problem, 2 input that cannot be used, all faults listed.
    """
    from solver.check import check
    from solver.codec import plan_from_json, problem_from_json
    from solver.emissions import emissions_of, factor_set_from_json
    from solver.faults import ProblemError

    problem = read(problem_file, problem_from_json, as_json=as_json)
    plan = read(plan_file, plan_from_json, as_json=as_json)
    factors = None if factors_file is None else read(factors_file, factor_set_from_json, as_json=as_json)
    violations = check(problem, plan)
    if violations:
        _refuse_wrong(violations, as_json=as_json)
    method = _method(factors, **chosen)
    try:
        account = emissions_of(problem, plan, method)
        comparison = _beside_alone(problem, plan, method) if alone else None
    except ProblemError as error:
        refuse(error.faults, plan_file, as_json=as_json)
    if as_json:
        click.echo(msgspec.json.encode(as_document(account, comparison)))
    else:
        from cluster.offline.emissions_tables import show

        show(account, comparison)


def _refuse_wrong(violations: list[Any], *, as_json: bool) -> None:
    """A plan that is not true to its problem has no emissions that would mean anything."""
    if as_json:
        click.echo(msgspec.json.encode({"violations": violations}))
    else:
        click.echo(f"{counted(len(violations), 'violation')}: cluster check lists them", err=True)
        for violation in violations[:5]:
            click.echo(f"  {plain(violation.where)}: {plain(violation.detail)} [{violation.code}]", err=True)
    raise SystemExit(INVALID)


def _method(
    factors: Any, *, classes: tuple[str, ...], payloads: tuple[str, ...], distance: str, **plainly: Any
) -> "Method":
    from solver.emissions import DistanceType, Method

    grams = {}
    for vehicle, text in _pairs("--payload", payloads).items():
        if not (text.isascii() and text.isdigit()):
            raise click.BadParameter(f"{plain(text)} is no whole number of grams", param_hint="--payload")
        grams[vehicle] = int(text)
    return Method(
        factors=factors,
        classes=_pairs("--class", classes),
        payloads_g=grams,
        distance=DistanceType(distance),
        **plainly,
    )


def _pairs(option: str, texts: tuple[str, ...]) -> dict[str, str]:
    """``TYPE=VALUE`` of a repeated option; a type's id may hold an equals sign, a value may not."""
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.rpartition("=")
        if not (name and equals and value):
            raise click.BadParameter(f"{plain(text)} is not of the form TYPE=VALUE", param_hint=option)
        if name in pairs:
            raise click.BadParameter(f"{plain(name)} is given twice", param_hint=option)
        pairs[name] = value
    return pairs


def _beside_alone(problem: "Problem", plan: "Plan", method: "Method") -> "Comparison":
    """Compare with a plan for every member's orders alone: the same vehicles, on hire without limit."""
    from solver.emissions import compared
    from solver.plan import Budget
    from solver.solve import solve

    hire = tuple(msgspec.structs.replace(vehicle, count=None) for vehicle in problem.vehicle_types)
    unlimited = problem.replace(vehicle_types=hire)
    budget = Budget(seconds=None, iterations=ALONE_ITERATIONS, bound=False)
    plans = {owner: solve(unlimited.restricted_to(frozenset({owner})), budget).plan for owner in problem.owners}
    return compared(problem, plan, plans, method)


def as_document(account: "Emissions", comparison: "Comparison | None") -> dict[str, Any]:
    """What ``--json`` prints: the account with both parts' sum everywhere, and ``alone`` where it was asked for."""
    document: dict[str, Any] = _with_sums(msgspec.to_builtins(account))
    if comparison is not None:
        document["alone"] = msgspec.to_builtins(comparison.owners)
        document["saved_mg"] = comparison.saved_mg
    return document


def _with_sums(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_with_sums(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    found = {name: _with_sums(entry) for name, entry in value.items()}
    return {"wtw_mg": found["ttw_mg"] + found["wtt_mg"], **found} if "ttw_mg" in found else found
