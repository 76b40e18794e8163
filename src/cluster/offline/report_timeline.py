"""The timeline: one row a vehicle, from its leaving to its being done."""

import math

from cluster.offline.figures import clock, span
from cluster.offline.markup import escape
from cluster.offline.view import COLOURS, Bar, RouteView

HOUR_S = 3600
TICKS_MAX = 12
SHAPES = {"drive": (12, 4), "serve": (4, 20), "wait": (9, 10)}
"""Top and height of each kind of bar in a row 28 units high."""
WORDS = {"drive": "driving", "serve": "service", "wait": "waiting"}


class _Axis:
    """Maps time to percent of the row's width."""

    def __init__(self, routes: tuple[RouteView, ...]) -> None:
        first = min(view.route.start_s for view in routes) // HOUR_S
        last = max(math.ceil(max(view.route.end_s for view in routes) / HOUR_S), first + 1)
        self.start_s, self.span_s = first * HOUR_S, (last - first) * HOUR_S
        step = math.ceil((last - first) / TICKS_MAX)
        self.ticks_s = [hour * HOUR_S for hour in range(first, last + 1, step)]

    def percent(self, time_s: int) -> str:
        return f"{100 * (time_s - self.start_s) / self.span_s:.2f}%"

    def width(self, bar: Bar) -> str:
        return f"{100 * (bar.end_s - bar.start_s) / self.span_s:.2f}%"


def section(routes: tuple[RouteView, ...]) -> str:
    """Every vehicle's day, on one axis."""
    if not routes:
        return ""
    axis = _Axis(routes)
    rows = "".join(_row(view, axis) for view in routes)
    return (
        "<section><h2>Timeline</h2>"
        "<p class=key>"
        "<span><svg width=26 height=14><rect class=serve width=26 height=14 rx=2 /></svg>at the door</span>"
        "<span><svg width=26 height=14><rect class=drive y=5 width=26 height=4 /></svg>driving</span>"
        "<span><svg width=26 height=14><rect class=wait y=2 width=26 height=10 rx=2 /></svg>waiting</span></p>"
        f"<div class=timeline><div class=lane><span></span>{_head(axis)}</div>{rows}</div></section>"
    )


def _head(axis: _Axis) -> str:
    labels = "".join(
        f'<text x="{axis.percent(tick)}" y=14 class="{_anchor(k, len(axis.ticks_s))}">{clock(tick)}</text>'
        for k, tick in enumerate(axis.ticks_s)
    )
    return f"<svg height=20 aria-hidden=true>{labels}</svg>"


def _anchor(position: int, count: int) -> str:
    """The first label starts at its tick, the last ends there; odd ones give way on a narrow screen."""
    if position in (0, count - 1):
        return "tick last" if position else "tick first"
    return "tick even" if position % 3 == 0 and count - position > 3 else "tick odd"


def _row(view: RouteView, axis: _Axis) -> str:
    lines = "".join(f'<line x1="{axis.percent(tick)}" x2="{axis.percent(tick)}" y1=0 y2=28 />' for tick in axis.ticks_s)
    bars = "".join(_bar(view, bar, axis) for bar in view.bars)
    return (
        f'<div class="lane c{view.index % len(COLOURS)}" data-route={view.index}>'
        f"<span><i class=chip></i><b>{escape(view.route.vehicle_type)}</b>&nbsp;{view.route.vehicle}</span>"
        f"<svg height=28>{lines}{bars}</svg></div>"
    )


def _bar(view: RouteView, bar: Bar, axis: _Axis) -> str:
    top, height = SHAPES[bar.kind]
    title = f"{clock(bar.start_s)} to {clock(bar.end_s)}: {WORDS[bar.kind]}, {span(bar.end_s - bar.start_s)}"
    if bar.stop is not None:
        place = view.way[bar.stop + 1]
        title += f", stop {bar.stop + 1}, {place.name or place.id}"
    return (
        f'<rect class={bar.kind} x="{axis.percent(bar.start_s)}" width="{axis.width(bar)}" y={top} height={height}>'
        f"<title>{escape(title)}</title></rect>"
    )
