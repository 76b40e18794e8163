"""Files in, faults out: what every offline command does with input that cannot be used."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import click
import msgspec

from cluster.offline.figures import counted, plain
from solver.faults import Fault, ProblemError

UNREADABLE = 2
"""Exit status for input that cannot be used; click uses the same for wrong options."""

T = TypeVar("T")


def read(path: Path, decode: Callable[[bytes], T], *, as_json: bool) -> T:
    """
    The decoded file.

    A file that cannot be read or does not hold what it should ends the command with status 2 and every fault said: as a
    list on standard error, or with ``as_json`` as ``{"faults": [...]}`` on standard output.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        refuse([unreadable(path, error, "name a file that exists and that you may read")], path, as_json=as_json)
    try:
        return decode(raw)
    except ProblemError as error:
        refuse(error.faults, path, as_json=as_json)


def unreadable(path: Path, error: OSError, cure: str) -> Fault:
    """The fault of a file or folder that the system does not let us use."""
    return Fault(code="unreadable_file", where=str(path), cause=str(error.strerror), cure=cure)


def refuse(faults: list[Fault], path: Path, *, as_json: bool) -> NoReturn:
    """Say all faults and end with status 2."""
    if as_json:
        click.echo(msgspec.json.encode({"faults": faults}))
    else:
        click.echo(f"{plain(str(path))}: {counted(len(faults), 'fault')}", err=True)
        for fault in faults:
            click.echo(f"  {plain(fault.where)}: {plain(fault.cause)} [{fault.code}]", err=True)
            click.echo(f"      {plain(fault.cure)}", err=True)
    raise SystemExit(UNREADABLE)
