"""``cluster split``: who pays what for a plan, by any rule, with a certificate that anybody can check again."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from cluster.offline.figures import counted, plain
from cluster.offline.reading import read, refuse, unreadable
from solver.shares import Rule

if TYPE_CHECKING:
    from cluster.offline.split_answer import SplitAnswer
    from solver.plan import Plan, Violation
    from solver.problem import Problem
    from solver.shares import SplitProgress

INVALID = 1


@click.command("split")
@click.argument("problem_file", metavar="PROBLEM", type=click.Path(path_type=Path))
@click.argument("plan_file", metavar="[PLAN]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--rule",
    type=click.Choice([rule.value for rule in Rule]),
    default=Rule.NUCLEOLUS.value,
    show_default=True,
    help="How the cost is split.",
)
@click.option("--certificate", is_flag=True, help="Say all that anybody needs to check the split again, as JSON.")
@click.option(
    "--effort",
    type=click.Choice(["preview", "usual", "long"]),
    default="usual",
    show_default=True,
    help="How much work goes into plans and proofs for the coalitions.",
)
@click.option(
    "--players-max",
    type=click.IntRange(1, 16),
    help="With more members, small ones enter as one player; 6 for a preview, 8 as usual, 16 for long.",
)
@click.option(
    "--terms",
    "terms_file",
    type=click.Path(path_type=Path),
    help="JSON with `weights` (member to number) for weighted_shapley, `unions` (lists of members) for owen.",
)
@click.option("--repair", is_flag=True, help="Nobody pays more than alone, also where the rule says so.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--cores", type=click.IntRange(1, 256), default=1, show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for split.json, certificate.json, plan.json.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def split_command(
    *,
    problem_file: Path,
    plan_file: Path | None,
    rule: str,
    certificate: bool,
    effort: str,
    players_max: int | None,
    terms_file: Path | None,
    repair: bool,
    seed: int,
    cores: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """
    Split what a plan costs among the members, fairly and with proof.

    PROBLEM and PLAN are the solver's JSON; without PLAN one is searched for first. PROBLEM may also be a game: a JSON
    object with `players` and the `costs` of all their coalitions.

    The same seed and effort give the same answer, on any number of cores. What each coalition would pay is for the
    coordinator only.

    Exit status: 0 split, 1 the plan (or what came out) fails its independent check, 2 a file that cannot be used.
    """
    from cluster.offline.split_game import is_game, split_game
    from cluster.offline.split_terms import TermsFile, terms_from_json

    asked_terms = TermsFile() if terms_file is None else read(terms_file, terms_from_json, as_json=as_json)
    raw = read(problem_file, lambda found: found, as_json=as_json)
    if is_game(raw):
        if plan_file is not None or out is not None:
            raise click.UsageError("A game has no plan: its costs are given, and there is nothing for --out.")
        shown = split_game(problem_file, Rule(rule), asked_terms, repair=repair, as_json=as_json)
        shown.say(certificate=certificate, as_json=as_json)
        return
    problem = read(problem_file, _own_problem, as_json=as_json)
    plan = None if plan_file is None else _checked_plan(problem, plan_file, as_json=as_json)
    from cluster.offline.split_answer import Asked, split_answer
    from solver.faults import ProblemError

    terms = asked_terms.terms(repaired=repair)
    asked = Asked(rule=Rule(rule), terms=terms, effort=effort, players_max=players_max, seed=seed, cores=cores)
    try:
        with _progress() as progress:
            answer = split_answer(problem, plan, asked, progress)
    except ProblemError as error:
        refuse(error.faults, problem_file, as_json=as_json)
    _say(answer, out=out, certificate=certificate, as_json=as_json)


def _own_problem(raw: bytes) -> "Problem":
    """A problem of the solver's own; other formats know one owner only, so there is nothing to split."""
    from solver.faults import Fault, ProblemError
    from solver.formats.detect import read_problem
    from solver.formats.reading import Reading

    problem = read_problem(raw)
    if isinstance(problem, Reading):
        cause = "a file of this format has one owner, and nothing to split"
        cure = "give the day in the solver's own JSON, where each order has its owner"
        raise ProblemError([Fault(code="owners_missing", where="$", cause=cause, cure=cure)])
    return problem


def _checked_plan(problem: "Problem", path: Path, *, as_json: bool) -> "Plan":
    """The plan in a file; one that is not true to the problem ends the command with status 1, all violations said."""
    from solver.check import check
    from solver.codec import plan_from_json

    plan = read(path, plan_from_json, as_json=as_json)
    violations = check(problem, plan)
    if violations:
        _say_violations(violations, as_json=as_json)
        raise SystemExit(INVALID)
    return plan


def _say_violations(violations: "list[Violation]", *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode({"valid": False, "violations": violations}))
        return
    click.echo(f"The plan is not one of this problem: {counted(len(violations), 'violation')}.", err=True)
    for violation in violations:
        click.echo(f"  {plain(violation.where)}: {plain(violation.detail)} [{violation.code}]", err=True)


def _say(answer: "SplitAnswer", *, out: Path | None, certificate: bool, as_json: bool) -> None:
    """Write what is to be written, say the rest, and end with status 1 where a check found something."""
    from cluster.offline.split_answer import as_document

    if out is not None:
        documents = {
            "split.json": as_document(answer, certificate=False),
            "certificate.json": answer.split.certificate,
            "plan.json": answer.plan,
        }
        try:
            _write(out, documents)
        except OSError as error:
            refuse([unreadable(out, error, "name a folder that you may write to")], out, as_json=as_json)
    if as_json:
        click.echo(msgspec.json.encode(as_document(answer, certificate=certificate)))
    else:
        from cluster.offline.split_tables import show

        show(answer)
        if certificate:
            click.echo(msgspec.json.encode(answer.split.certificate))
    if answer.violations:
        raise SystemExit(INVALID)


def _write(folder: Path, documents: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        (folder / name).write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")


@contextmanager
def _progress() -> "Iterator[Callable[[SplitProgress], None] | None]":
    """A bar on standard error where that is a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("plan", total=None)

        def follow(state: "SplitProgress") -> None:
            bar.update(task, completed=state.done, total=state.total, description=state.phase)

        yield follow
