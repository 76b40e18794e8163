"""Lines and numbers of text files: what is malformed is said with its line, and never guessed."""

import re
from collections.abc import Iterable, Sequence
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from solver.faults import Fault, ProblemError

NUMBER_MAX = 10**9
"""Greatest number of a file before scaling."""
PLACES_MAX = 15_000
"""Most places of one file: a full matrix of that many takes 1.8 GB."""
SAID_MAX = 20
"""Faults of one kind in one section that are told one by one."""
QUOTED_MAX = 40
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")

Line = tuple[int, str]
"""Number of a line in its file, from 1, and its text without blanks around it."""


class Faults:
    """Collects what is wrong with a file, so that all of it is said at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, code: str, where: str, cause: str, cure: str) -> None:
        """One more fault."""
        self.found.append(Fault(code=code, where=where, cause=cause, cure=cure))

    def stop_if_any(self) -> None:
        """ProblemError with everything found so far, if there is anything."""
        if self.found:
            raise ProblemError(self.found)


def refuse(code: str, where: str, cause: str, cure: str) -> NoReturn:
    """ProblemError with one fault."""
    raise ProblemError([Fault(code=code, where=where, cause=cause, cure=cure)])


def text_of(raw: bytes) -> str:
    """
    The text of a file, UTF-8 or else Latin-1.

    Raises
    ------
    ProblemError
        For a file that is empty or no text.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if not text.strip():
        refuse("file_empty", "line 1", "the file holds nothing", "name the file of an instance")
    found = _CONTROL.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        cause = f"character {ord(found.group()):#04x} does not occur in text"
        refuse("file_binary", f"line {line}", cause, "give a plain text file; unpack it if it is compressed")
    return text


def lines_of(text: str) -> list[Line]:
    """All lines that are not blank."""
    return [(number, line) for number, raw in enumerate(text.split("\n"), start=1) if (line := raw.strip())]


def quoted(text: str) -> str:
    """A piece of a file as it may stand in a message."""
    return repr(text if len(text) <= QUOTED_MAX else text[:QUOTED_MAX] + "...")


def number_of(token: str) -> float | None:
    """A plain decimal number within bounds; None for anything else."""
    if _NUMBER.fullmatch(token) is None:
        return None
    value = float(token)
    return value if abs(value) <= NUMBER_MAX else None


def table(lines: Sequence[Line], width: int | None, where: str, faults: Faults) -> NDArray[np.float64]:
    """
    Rows of numbers.

    Parameters
    ----------
    lines
        One row each.
    width
        Numbers in a row; None for as many as the first has.
    where
        Name of the section, for messages.
    faults
        Takes every line that is no such row.

    Returns
    -------
    numpy.ndarray
        Shape ``(rows, width)``; empty where there was a fault.
    """
    split = [line.split() for _, line in lines]
    width = width if width is not None else max(len(split[0]) if split else 0, 1)
    if all(len(row) == width for row in split):
        try:
            values = np.array([token for row in split for token in row], dtype=np.float64)
        except ValueError:
            values = np.array([np.nan])
        if not any("_" in line for _, line in lines) and np.all(np.abs(values) <= NUMBER_MAX):
            return values.reshape(len(lines), width)
    _say_wrong_rows(lines, split, width, where, faults)
    return np.zeros((0, width))


def _say_wrong_rows(
    lines: Sequence[Line], split: Sequence[Sequence[str]], width: int, where: str, faults: Faults
) -> None:
    wrong = 0
    for (number, line), row in zip(lines, split, strict=True):
        bad = next((token for token in row if number_of(token) is None), None)
        if len(row) == width and bad is None:
            continue
        wrong += 1
        if wrong > SAID_MAX:
            continue
        at = f"{where}, line {number}"
        if bad is not None:
            cause = f"{quoted(bad)} is no number of at most {NUMBER_MAX:,}"
            faults.add("number_malformed", at, cause, "give plain decimal numbers")
        else:
            plural = "" if width == 1 else "s"
            cause = f"{quoted(line)} has {len(row)} numbers"
            faults.add("row_length", at, cause, f"give {width} number{plural} a line")
    if wrong > SAID_MAX:
        cause = f"{wrong - SAID_MAX} more lines are wrong in the same way"
        faults.add("row_length", where, cause, f"give {width} numbers a line")


def by_number(
    rows: NDArray[np.float64], lines: Sequence[Line], count: int, first: int, where: str, faults: Faults
) -> NDArray[np.float64] | None:
    """
    Rows sorted by the number in their first column, without it.

    None where these numbers are not ``count`` in all, from ``first`` on, each once.
    """
    if len(rows) != count:
        cause = f"it has {len(rows)} lines for {count}"
        at = f"{where}, line {lines[-1][0]}" if lines else where
        faults.add("row_count", at, cause, f"give {count} lines, numbered from {first}; is the file cut off?")
        return None
    ids = rows[:, 0]
    order = np.argsort(ids, kind="stable")
    wrong = np.flatnonzero(ids[order] != np.arange(first, first + count))
    if len(wrong):
        line = lines[int(order[wrong[0]])]
        cause = f"{quoted(line[1])} is not the one line for number {first + int(wrong[0])}"
        cure = f"number the lines from {first} to {first + count - 1}, each once"
        faults.add("row_number", f"{where}, line {line[0]}", cause, cure)
        return None
    return rows[order, 1:]


def bounded(
    values: NDArray[np.float64], lines: Sequence[Line], where: str, faults: Faults, *, whole: bool = False
) -> None:
    """Faults of numbers below 0, and of such as are not whole where they must be; one row of values a line."""
    flat = values.reshape(len(values), -1)
    _say_numbers("number_negative", flat < 0, (flat, lines, where, faults))
    if whole:
        _say_numbers("number_not_whole", flat != np.floor(flat), (flat, lines, where, faults))


def _say_numbers(
    code: str, bad: NDArray[np.bool_], values: tuple[NDArray[np.float64], Sequence[Line], str, Faults]
) -> None:
    flat, lines, where, faults = values
    cause, cure = {
        "number_negative": ("is below 0", "give 0 or more"),
        "number_not_whole": ("is not a whole number", "give a whole number"),
    }[code]
    rows = np.flatnonzero(bad.any(axis=1))
    for row in rows[:SAID_MAX]:
        value = flat[row][np.flatnonzero(bad[row])[0]]
        faults.add(code, f"{where}, line {lines[int(row)][0]}", f"{value:g} {cause}", cure)
    if len(rows) > SAID_MAX:
        faults.add(code, where, f"{len(rows) - SAID_MAX} more numbers like that", cure)


def join(items: Iterable[str]) -> str:
    """Names for a message."""
    return ", ".join(sorted(items))
