"""
The process that reads a file: ``python -m cluster.imports.reading.child FILE FORMAT``, options as JSON on its input.

Writes JSON lines: the head, then parts with lines, then the end or the fault. It has no credentials, and bounds on
memory and time that the kernel keeps.
"""

import resource
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from cluster.imports.reading import csv_lines, xlsx_lines
from cluster.imports.reading.found import Cell, FileFault, Head, ReadOptions

MEMORY_MAX_BYTES = 1536 * 1024 * 1024
CPU_MAX_S = 120
PART_LINES = 1000
PART_CHARACTERS = 1_000_000


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of what the process says."""

    head: Head | None = None
    lines: list[tuple[int, list[Cell]]] = []
    fault: tuple[str, str, str] | None = None
    is_end: bool = False


def main() -> None:
    """Reads the file named on the command line."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MAX_S, CPU_MAX_S))
    options = msgspec.json.decode(sys.stdin.buffer.read(), type=ReadOptions)
    read = xlsx_lines.lines if sys.argv[2] == "xlsx" else csv_lines.lines
    try:
        for part in _parts(read(Path(sys.argv[1]), options)):
            _say(sys.stdout.buffer, part)
        _say(sys.stdout.buffer, Part(is_end=True))
    except FileFault as fault:
        _say(sys.stdout.buffer, Part(fault=(fault.code, fault.cause, fault.cure)))
    except MemoryError:
        cure = "divide the file"
        _say(sys.stdout.buffer, Part(fault=("file_too_large", "more than memory holds", cure)))


def _parts(found: Iterable[Head | tuple[int, list[Cell]]]) -> Iterator[Part]:
    lines: list[tuple[int, list[Cell]]] = []
    characters = 0
    for entry in found:
        if isinstance(entry, Head):
            yield Part(head=entry)
            continue
        lines.append(entry)
        characters += sum(len(cell) for cell in entry[1] if isinstance(cell, str))
        if len(lines) == PART_LINES or characters > PART_CHARACTERS:
            yield Part(lines=lines)
            lines, characters = [], 0
    if lines:
        yield Part(lines=lines)


def _say(out: BinaryIO, part: Part) -> None:
    out.write(msgspec.json.encode(part) + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
