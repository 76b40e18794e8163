"""``cluster pack``: load a hold, or choose containers, from a file; and show where everything stands."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from cluster.offline.reading import read, refuse, unreadable

if TYPE_CHECKING:
    from cluster.offline.pack_answer import PackAnswer
    from cluster.offline.pack_reading import Question

DEFAULT_SECONDS = 10.0
INVALID = 1


def _finite(_context: click.Context, _parameter: click.Parameter, value: float | None) -> float | None:
    """NaN passes every comparison that a range check makes."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is no time")
    return value


def _customers(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in value.split(",")) if value else ()
    except ValueError:
        raise click.BadParameter("give numbers of customers with commas between, such as 3,5,1") from None


@click.command("pack")
@click.argument("problem_file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["auto", "json", "br", "3l", "trucks", "onedim"]),
    default="auto",
    show_default=True,
    help="What the file is; auto sees it from its content.",
)
@click.option("--instance", help="Which instance of a file that holds several (onedim).")
@click.option("--route", callback=_customers, help="Customers in the order of their stops, such as 3,5,1 (3l).")
@click.option(
    "--seconds",
    type=click.FloatRange(0, 86_400, min_open=True),
    callback=_finite,
    help=f"Wall time for the search, which ends earlier with a proof; {DEFAULT_SECONDS:g} unless --work is given.",
)
@click.option("--work", type=click.IntRange(1), help="Search steps in thousands: the same answer on any machine.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for packing.json, report.html.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def pack_command(
    *,
    problem_file: Path,
    format_: str,
    instance: str | None,
    route: tuple[int, ...],
    seconds: float | None,
    work: int | None,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """
    Load what FILE asks for, and say where every unit stands.

    FILE is JSON (`cluster schema pack`: which containers hold these consignments at least cost; `cluster schema load`:
    does this fit into one hold), or an instance of a data set: a pair of CSV files (br, trucks), Falkenauer's text
    (onedim), a routing instance with 3-D loads (3l, with --route).

    Exit status: 0 answered (what is not placed is part of the answer), 1 the answer failed its independent check, 2 a
    file with faults, all listed.
    """
    from cluster.offline.pack_reading import Choice, read_question

    choice = Choice(instance, route)
    try:
        question = read(problem_file, lambda raw: read_question(problem_file, raw, format_, choice), as_json=as_json)
    except OSError as error:
        beside = Path(error.filename or problem_file)
        refuse([unreadable(beside, error, "put the two files of the pair side by side")], beside, as_json=as_json)
    # The search is loaded only now: faults are said at once.
    from cluster.offline.pack_answer import Limits, answered, as_document

    if seconds is None and work is None:
        seconds = DEFAULT_SECONDS
    answer = answered(question, Limits(seconds=seconds, work=work, seed=seed))
    if out is not None:
        try:
            _write(out, problem_file.stem, question, answer)
        except OSError as error:
            refuse([unreadable(out, error, "name a folder that you may write to")], out, as_json=as_json)
    if as_json:
        click.echo(msgspec.json.encode(as_document(answer)))
    else:
        from cluster.offline.pack_tables import show

        show(answer)
        if out is not None:
            click.echo(f"report: {out / 'report.html'}")
    if answer.violations:
        raise SystemExit(INVALID)


def _write(folder: Path, name: str, question: "Question", answer: "PackAnswer") -> None:
    """The two files of a packing."""
    from cluster.offline.pack_report import pack_report_html

    folder.mkdir(parents=True, exist_ok=True)
    raw = msgspec.json.format(msgspec.json.encode(answer.packing), indent=1)
    (folder / "packing.json").write_bytes(raw + b"\n")
    html = pack_report_html(f"Loads for {name}", question, answer)
    (folder / "report.html").write_text(html, encoding="utf-8")
