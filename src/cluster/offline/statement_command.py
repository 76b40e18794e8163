"""``cluster statement``: what one member is told about a split, in its language; and answers to its "what if"."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from cluster.offline.figures import counted, plain
from cluster.offline.reading import read, refuse
from solver.shares import Rule
from solver.statements.numbers import Language

if TYPE_CHECKING:
    from cluster.offline.split_answer import SplitAnswer
    from solver.plan import Plan
    from solver.problem import Problem
    from solver.statements.questions import Answer, Question

INVALID = 1
MINUTE_S = 60


@click.command("statement")
@click.argument("problem_file", metavar="PROBLEM", type=click.Path(path_type=Path))
@click.argument("plan_file", metavar="[PLAN]", type=click.Path(path_type=Path), required=False)
@click.option("--member", required=True, help="Whose statement: an owner of orders.")
@click.option(
    "--language",
    type=click.Choice([language.value for language in Language]),
    default=Language.ENGLISH.value,
    show_default=True,
)
@click.option(
    "--rule", type=click.Choice([rule.value for rule in Rule]), default=Rule.NUCLEOLUS.value, show_default=True
)
@click.option("--effort", type=click.Choice(["preview", "usual", "long"]), default="usual", show_default=True)
@click.option("--reference", default="", help="What the day or the bill is called.")
@click.option(
    "--seal-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="At least 16 secret bytes of the coordinator's; digests are then shown to every member.",
)
@click.option(
    "--what-if",
    type=click.Choice(["stay-out", "wider-window", "day-later"]),
    help="Answer this instead of printing the statement.",
)
@click.option("--order", "orders", multiple=True, help="What --what-if is about; all of the member's where left out.")
@click.option("--earlier", type=click.IntRange(0, 1440), default=0, help="Minutes, for a wider window.")
@click.option("--later", type=click.IntRange(0, 1440), default=0, help="Minutes, for a wider window.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def statement_command(
    *,
    problem_file: Path,
    plan_file: Path | None,
    member: str,
    language: str,
    rule: str,
    effort: str,
    reference: str,
    seal_file: Path | None,
    what_if: str | None,
    orders: tuple[str, ...],
    earlier: int,
    later: int,
    seed: int,
    as_json: bool,
) -> None:
    """
    Print the statement of one member: what it pays and why, from its own figures alone.

    PROBLEM and PLAN are the solver's JSON; without PLAN one is searched for first. The split is that of `cluster split`
    with the same rule, effort and seed.

    Exit status: 0 printed, 1 the plan (or what came out) fails its independent check, 2 a file or option that cannot be
    used.
    """
    from solver.codec import problem_from_json
    from solver.faults import ProblemError

    question = None if what_if is None else _question(what_if, orders, earlier * MINUTE_S, later * MINUTE_S)
    problem = read(problem_file, problem_from_json, as_json=as_json)
    if member not in problem.owners:
        raise click.BadParameter("nobody of that name owns an order of this day", param_hint="--member")
    seal = None if seal_file is None else read(seal_file, _seal, as_json=as_json)
    plan = None if plan_file is None else _checked_plan(problem, plan_file, as_json=as_json)
    try:
        answer = _split(problem, plan, Rule(rule), effort, seed)
    except ProblemError as error:
        refuse(error.faults, problem_file, as_json=as_json)
    spoken = Language(language)
    if question is not None:
        _say_answer(_answered(problem, answer, member, question, seed), spoken, as_json=as_json)
    else:
        from solver.statements.statement import statement
        from solver.statements.text import statement_text

        made = statement(problem, answer.plan, answer.split, member, reference=reference, seal=seal, seed=seed)
        click.echo(msgspec.json.encode(made) if as_json else statement_text(made, spoken), nl=as_json)


def _seal(raw: bytes) -> bytes:
    from solver.statements.digests import SEAL_BYTES_MIN

    if len(raw) < SEAL_BYTES_MIN:
        raise click.BadParameter(f"a seal needs at least {SEAL_BYTES_MIN} bytes", param_hint="--seal-file")
    return raw


def _question(kind: str, orders: tuple[str, ...], earlier_s: int, later_s: int) -> "Question":
    from solver.statements.questions import DayLater, StayOut, WiderWindow

    if kind == "stay-out":
        return StayOut()
    if kind == "day-later":
        return DayLater(orders=orders)
    if not earlier_s + later_s:
        raise click.UsageError("A wider window needs --earlier or --later, in minutes.")
    return WiderWindow(orders=orders, earlier_s=earlier_s, later_s=later_s)


def _checked_plan(problem: "Problem", path: Path, *, as_json: bool) -> "Plan":
    """The plan in a file; one that is not true to the problem ends the command with status 1."""
    from solver.check import check
    from solver.codec import plan_from_json

    plan = read(path, plan_from_json, as_json=as_json)
    violations = check(problem, plan)
    if violations:
        if as_json:
            click.echo(msgspec.json.encode({"valid": False, "violations": violations}))
        else:
            first = violations[0]
            click.echo(f"The plan is not one of this problem: {counted(len(violations), 'violation')}.", err=True)
            click.echo(f"  {plain(first.where)}: {plain(first.detail)} [{first.code}]", err=True)
        raise SystemExit(INVALID)
    return plan


def _split(problem: "Problem", plan: "Plan | None", rule: Rule, effort: str, seed: int) -> "SplitAnswer":
    """As ``cluster split`` does it; nothing is said of one that fails its check. Raises ProblemError."""
    from cluster.offline.split_answer import Asked, split_answer
    from solver.split import PLAIN

    asked = Asked(rule=rule, terms=PLAIN, effort=effort, players_max=None, seed=seed, cores=1)
    answer = split_answer(problem, plan, asked)
    if answer.violations:
        click.echo("The split fails its independent check; no statement is made of it.", err=True)
        raise SystemExit(INVALID)
    return answer


def _answered(problem: "Problem", answer: "SplitAnswer", member: str, question: "Question", seed: int) -> "Answer":
    from solver.statements.questions import NotYours, Settled
    from solver.statements.what_if import what_if

    try:
        return what_if(problem, answer.plan, None, answer.split, member, question, seed=seed)
    except (NotYours, Settled) as error:
        raise click.BadParameter(str(error), param_hint="--order") from error


def _say_answer(answer: "Answer", language: Language, *, as_json: bool) -> None:
    from solver.statements.answer_text import answer_text

    click.echo(msgspec.json.encode(answer) if as_json else answer_text(answer, language), nl=as_json)
