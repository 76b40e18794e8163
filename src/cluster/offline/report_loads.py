"""Loaded holds in a report: one drawing that turns and steps through the loading, and a list for each hold."""

from typing import Any

import msgspec

from cluster.offline.figures import amount, counted, percent
from cluster.offline.load_view import BoxView, LoadView, Moment, as_drawn
from cluster.offline.markup import escape
from cluster.offline.view import COLOURS

ASSETS = ("load.css", "load.js")
ROWS_MAX = 400
"""Units of one list that are told one by one; the drawing has them all."""
PATTERNS = (
    "",
    '<path d="M-2 2l4-4M0 8l8-8M6 10l4-4"/>',
    '<circle cx="4" cy="4" r="1.3"/>',
    '<path d="M0 4h8"/>',
    '<path d="M0 0l8 8M8 0L0 8"/>',
    '<path d="M4 0v8"/>',
)
"""Hatchings of groups one after another, so that colours are not needed to tell them apart."""


def section(views: tuple[LoadView, ...], title: str = "Loads") -> str:
    """The drawing, its controls and its text alternative; nothing at all without holds."""
    if not views:
        return ""
    folded = "".join(_list(index, view) for index, view in enumerate(views))
    return f"<section id=loads><h2>{escape(title)}</h2>{_drawing(views)}{folded}{_data(views)}</section>"


def _drawing(views: tuple[LoadView, ...]) -> str:
    """Controls are hidden until the script that works them runs."""
    picks = "".join(
        f'<option value="{index}">{escape(view.name)}: {escape(_fill(view))}</option>'
        for index, view in enumerate(views)
    )
    hatches = "".join(
        f'<pattern id="hatch{number}" width="8" height="8" patternUnits="userSpaceOnUse">{drawn}</pattern>'
        for number, drawn in enumerate(PATTERNS)
    )
    return (
        "<div id=load hidden>"
        f"<div class=loadbar><label>Hold <select id=load-pick>{picks}</select></label>"
        "<label>Colours by <select id=load-by><option value=stop>stop<option value=order>order</select></label>"
        "<span class=zoom><button type=button data-turn=left aria-label='Turn left'>&#8634;</button>"
        "<button type=button data-turn=right aria-label='Turn right'>&#8635;</button>"
        "<button type=button data-turn=top>Top</button>"
        "<button type=button data-turn=in aria-label='Larger'>+</button>"
        "<button type=button data-turn=out aria-label='Smaller'>&minus;</button>"
        "<button type=button data-turn=all>All</button></span></div>"
        "<div class=frame><svg id=load-view tabindex=0 role=img aria-describedby=load-step><defs>"
        f"{hatches}</defs><g id=load-scene></g></svg></div>"
        "<div class=loadbar><button type=button id=load-play aria-pressed=false>Play</button>"
        "<button type=button data-step=-1 aria-label='Step back'>&lsaquo;</button>"
        "<input type=range id=load-time min=0 value=0 step=1 aria-label='Step of loading and unloading'>"
        "<button type=button data-step=1 aria-label='Step on'>&rsaquo;</button></div>"
        "<p id=load-step aria-live=polite></p><div id=load-stops class=legend></div>"
        "<dl id=load-figures></dl><p id=load-unit class=quiet>Point at a unit, or choose it, to see what it is.</p>"
        "</div><noscript><p class=quiet>The drawing needs JavaScript. Below is the order of loading of every hold."
        "</noscript>"
    )


def _fill(view: LoadView) -> str:
    return f"{counted(len(view.boxes), 'unit')}, {percent(view.volume_share)} full"


def _list(index: int, view: LoadView) -> str:
    """Everything in the order of loading, folded up until asked for."""
    facts = [_fill(view), amount("weight_g", view.weight_g)]
    if view.weight_share is not None:
        facts[-1] += f" ({percent(view.weight_share)} of the limit)"
    rows = "".join(_row(number, box, view) for number, box in enumerate(view.boxes[:ROWS_MAX], start=1))
    more = len(view.boxes) - ROWS_MAX
    rest = f"<p class=quiet>and {counted(more, 'unit')} more: packing.json has them all</p>" if more > 0 else ""
    return (
        f'<details class="c{index % len(COLOURS)}" data-load={index}><summary><i class=chip></i>'
        f"<b>{escape(view.name)}</b><span>{escape(', '.join(facts))}</span><em>order of loading</em></summary>"
        f"{_moments(view)}<div class=scroll><table><thead><tr><th class=n>#<th>Unit<th class=n>Size, mm"
        "<th class='n wide'>Weight<th class=n>At x, y, z, mm<th class=wide>Stands on<th class=n>Off at</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>{rest}</details>"
    )


def _row(number: int, box: BoxView, view: LoadView) -> str:
    on = ", ".join(f"{position + 1}" for position in box.on) if box.on else "floor"
    return (
        f"<tr><td class=n>{number}<td>{escape(box.order)} <small>{escape(box.unit)} no. {box.number}</small>"
        f"<td class=n>{' &times; '.join(f'{edge:,}' for edge in box.edges_mm)}"
        f"<td class='n wide'>{escape(amount('weight_g', box.weight_g))}"
        f"<td class=n>{', '.join(f'{place:,}' for place in box.at_mm)}<td class=wide>{on}"
        f"<td class=n>{escape(view.stops.get(box.until, f'stop {box.until}'))}</tr>"
    )


def _moments(view: LoadView) -> str:
    """What is on the axles after each stop; nothing for a hold without axles."""
    if view.hold.chassis is None:
        return ""
    names = "".join(f"<th class=n>{escape(axle.id)}, kg" for axle in view.hold.chassis.axles)
    rows = "".join(_moment(moment, view) for moment in view.moments)
    return (
        f"<div class=scroll><table><thead><tr><th>After<th class=n>On board, kg{names}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _moment(moment: Moment, view: LoadView) -> str:
    after = "loading" if moment.stop == 0 else view.stops.get(moment.stop, f"stop {moment.stop}")
    axles = "".join(
        f"<td class=n>{axle.load_g / 1000:,.0f} <small>of {axle.max_g / 1000:,.0f}</small>" for axle in moment.axles
    )
    return f"<tr><td>{escape(after)}<td class=n>{moment.weight_g / 1000:,.0f}{axles}</tr>"


def _data(views: tuple[LoadView, ...]) -> str:
    """What the script draws, as data that no browser runs; no character in it can end the element."""
    drawn: list[dict[str, Any]] = [as_drawn(view) for view in views]
    raw = msgspec.json.encode(drawn).decode().replace("<", "\\u003c").replace("&", "\\u0026")
    return f'<script type="application/json" id="load-data">{raw}</script>'
