"""``cluster space``: who gets which warehouse space on which days, from a file."""

import math
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click
import msgspec

from cluster.offline.reading import read, refuse, unreadable

if TYPE_CHECKING:
    from solver.spaces import SpaceProblem

DEFAULT_SECONDS = 3.0
INVALID = 1


def _finite(_context: click.Context, _parameter: click.Parameter, value: float) -> float:
    """NaN passes every comparison that a range check makes."""
    if math.isnan(value):
        raise click.BadParameter("nan is no time")
    return value


@click.command("space")
@click.argument("problem_file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--seconds",
    type=click.FloatRange(0, 86_400, min_open=True),
    callback=_finite,
    default=DEFAULT_SECONDS,
    show_default=True,
    help="Wall time for the search; it ends earlier with a proof.",
)
@click.option("--work", type=click.IntRange(0), help="Steps of the search instead: the same answer on any machine.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for allocation.json.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def space_command(
    *, problem_file: Path, seconds: float, work: int | None, seed: int, out: Path | None, as_json: bool
) -> None:
    """
    Allocate shared warehouse space: offers and bookings over days, so that it is worth most.

    FILE is JSON (`cluster schema space`). Bookings that are rejected are told why, and what would be accepted.

    Exit status: 0 answered (rejections are part of the answer), 1 the answer failed its independent check, 2 a file
    with faults, all listed.
    """
    problem = read(problem_file, _problem, as_json=as_json)
    from solver.check_space import check_space
    from solver.space.allocate import allocate

    since = perf_counter()
    allocation = allocate(problem, seconds=seconds if work is None else None, work=work, seed=seed)
    took = perf_counter() - since
    violations = check_space(problem, allocation)
    if out is not None:
        try:
            _write(out, allocation)
        except OSError as error:
            refuse([unreadable(out, error, "name a folder that you may write to")], out, as_json=as_json)
    if as_json:
        figures = {"gap_percent": allocation.gap_percent, "violations": violations, "seconds": took}
        click.echo(msgspec.json.encode(msgspec.to_builtins(allocation) | msgspec.to_builtins(figures)))
    else:
        from cluster.offline.space_tables import show

        show(problem, allocation, violations)
    if violations:
        raise SystemExit(INVALID)


def _problem(raw: bytes) -> "SpaceProblem":
    from solver.codec import value_from_json
    from solver.faults import ProblemError
    from solver.spaces import SpaceProblem
    from solver.validate_spaces import space_faults

    problem = value_from_json(raw, SpaceProblem)
    faults = space_faults(problem)
    if faults:
        raise ProblemError(faults)
    return problem


def _write(folder: Path, allocation: Any) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    raw = msgspec.json.format(msgspec.json.encode(allocation), indent=1)
    (folder / "allocation.json").write_bytes(raw + b"\n")
