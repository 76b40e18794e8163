"""Which format a file is in, by its content; and the one door to all readers."""

import re

from solver.codec import problem_from_json
from solver.formats.lilim import read_lilim
from solver.formats.reading import Reading
from solver.formats.routing_3l import read_3l_routing
from solver.formats.solomon import read_solomon
from solver.formats.text import refuse
from solver.formats.vroom import read_vroom
from solver.formats.vrplib import read_vrplib
from solver.problem import Problem

READERS = {
    "vrplib": read_vrplib,
    "solomon": read_solomon,
    "lilim": read_lilim,
    "vroom": read_vroom,
    "3l": read_3l_routing,
}
FORMATS = ("auto", "native", *READERS)
HEAD_BYTES = 4_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_VRPLIB = re.compile(rb"^\s*(NAME|COMMENT|TYPE|DIMENSION|CAPACITY|EDGE_WEIGHT_TYPE)\s*:|^[A-Z_]+_SECTION", re.MULTILINE)
_SOLOMON = re.compile(rb"^\s*VEHICLE\s*$", re.MULTILINE)
_LILIM = re.compile(rb"\s*\d+[ \t]+\d+[ \t]+\d+(\.\d+)?[ \t]*\r?(\n|$)")


def format_of(raw: bytes) -> str:
    """
    ``native``, ``vrplib``, ``solomon``, ``lilim``, ``vroom`` or ``3l``.

    JSON with ``Nodes`` and ``Vehicles`` is 3l; with ``vehicles`` and neither ``vehicle_types`` nor ``places`` it is
    VROOM's; other JSON, and what is no text at all, is the solver's own (whose reader then says what is wrong with it).

    Raises
    ------
    ProblemError
        For text that looks like none of them.
    """
    head = raw[:HEAD_BYTES].removeprefix(BYTE_ORDER_MARK).lstrip()
    if head[:1] in (b"{", b"["):
        if b'"Nodes"' in raw and b'"Vehicles"' in raw:
            return "3l"
        own = b'"vehicle_types"' in raw or b'"places"' in raw
        return "vroom" if b'"vehicles"' in raw and not own else "native"
    if _VRPLIB.search(head):
        return "vrplib"
    if _SOLOMON.search(head):
        return "solomon"
    if _LILIM.match(head):
        return "lilim"
    if head.count(b"\n") and head.isascii() and b"\0" not in head:
        cause = f"it looks like none of {', '.join(FORMATS[1:])}"
        refuse("format_unknown", "line 1", cause, "say which with --format, or check that this is the right file")
    return "native"


def read_problem(raw: bytes, format_: str = "auto") -> Problem | Reading:
    """
    A problem of the solver's own, or a reading of another format.

    Raises
    ------
    ProblemError
        With every fault of the file.
    """
    raw = raw.removeprefix(BYTE_ORDER_MARK)
    format_ = format_of(raw) if format_ == "auto" else format_
    if format_ == "native":
        return problem_from_json(raw)
    return READERS[format_](raw)
