"""Figures as a paper: a chart of ours, and a table, set by typst."""

import functools
import itertools
import threading
from collections.abc import Sequence
from importlib import resources
from typing import Any

import msgspec
import typst

from cluster.dispatch.typesetting import families, folders, sets_han

WIDTH, HEIGHT, FOOT, HEAD = 1000, 240, 26, 22
BAR, LINE = "#2f6f9f", "#c2571a"
_one_at_a_time = threading.Lock()


def printable(language: str) -> str:
    """The language itself, or English where no font on this machine has its letters."""
    return language if language != "zh" or sets_han() else "en"


def pdf(data: dict[str, Any], language: str) -> bytes:
    """The paper; ``data`` fills the template ``papers/kpis.typ``."""
    told = data | {"fonts": families(), "lang": language}
    with _one_at_a_time:
        made = typst.compile(
            _template(), font_paths=_fonts(), sys_inputs={"data": msgspec.json.encode(told).decode()}, timestamp=0
        )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no document")
    return made


def chart(labels: Sequence[str], bars: Sequence[float], line: Sequence[float | None], legend: tuple[str, str]) -> str:
    """
    Bars from zero, with a line on a scale of its own; an SVG whose text holds nothing but numbers, days and our words.

    A line is broken where there is no value.
    """
    step = WIDTH / max(1, len(bars))
    top = max([*bars, 0.0]) or 1.0
    highest = max([value for value in line if value is not None], default=0.0) or 1.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        f'<line x1="0" y1="{HEIGHT - FOOT}" x2="{WIDTH}" y2="{HEIGHT - FOOT}" stroke="#999"/>',
        _label(0, 12, legend[0], BAR, "start"),
        _label(WIDTH, 12, legend[1], LINE, "end"),
    ]
    room = HEIGHT - FOOT - HEAD
    for index, value in enumerate(bars):
        tall = room * max(0.0, value) / top
        left = index * step + step * 0.15
        parts.append(
            f'<rect x="{left:.1f}" y="{HEIGHT - FOOT - tall:.1f}" width="{step * 0.7:.1f}" height="{tall:.1f}" '
            f'fill="{BAR}"/>'
        )
    every = max(1, -(-len(labels) // 14))
    parts += [
        _label((index + 0.5) * step, HEIGHT - 8, label, "#444", "middle")
        for index, label in enumerate(labels)
        if index % every == 0
    ]
    parts += _lines([(i, v) for i, v in enumerate(line) if v is not None], step, room, highest)
    return "".join([*parts, "</svg>"])


def _lines(points: list[tuple[int, float]], step: float, room: float, highest: float) -> list[str]:
    at = [(index, (index + 0.5) * step, HEIGHT - FOOT - room * max(0.0, value) / highest) for index, value in points]
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{LINE}"/>' for _, x, y in at]
    return dots + [
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{LINE}" stroke-width="2"/>'
        for (i, x, y), (i2, x2, y2) in itertools.pairwise(at)
        if i2 == i + 1
    ]


def _label(x: float, y: float, text: str, colour: str, anchor: str) -> str:
    kept = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y}" font-size="12" fill="{colour}" text-anchor="{anchor}">{kept}</text>'


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=folders())


@functools.cache
def _template() -> bytes:
    return resources.files("cluster.insights").joinpath("papers", "kpis.typ").read_bytes()
