"""The report on a packing: what it uses, what is left out, and where every unit stands."""

from cluster.offline import report_loads
from cluster.offline.figures import amount, counted, percent
from cluster.offline.load_view import LoadView
from cluster.offline.markup import escape, tile
from cluster.offline.pack_answer import PackAnswer
from cluster.offline.pack_reading import Question
from cluster.offline.pack_tables import headline, proof, tightest_axle
from cluster.offline.page import Page, page_html
from solver.loads import Load, NotPlaced

FOOT = (
    "<p>Lengths are in millimetres from the front left lower corner of the hold: x to the rear, y to the right, z up. "
    "Where units stand is checked again by code that shares nothing with the search.</p>"
)


def pack_report_html(title: str, question: Question, answer: PackAnswer) -> str:
    """The whole file as text."""
    left = answer.packing.not_placed
    return page_html(
        Page(
            title=title,
            lead=escape(_lead(question)),
            tiles=_tiles(answer),
            proof=f"<p class=proof>{escape(_sentence(proof(answer)))}</p>{_violations(answer)}",
            sections=report_loads.section(answer.views) + (_left(left) if left and not answer.fit else ""),
            foot=f"{FOOT}<p>Packed for {answer.seconds:.1f} s with seed {answer.seed}.</p>",
            assets=report_loads.ASSETS,
        )
    )


def _lead(question: Question) -> str:
    if isinstance(question, Load):
        units = sum(line.unit.quantity for line in question.cargo)
        orders = len({line.order for line in question.cargo})
        return f"{counted(units, 'unit')} of {counted(orders, 'order')} for one hold."
    units = sum(unit.quantity for entry in question.consignments for unit in entry.units)
    kinds = counted(len(question.containers), "kind")
    return f"{counted(units, 'unit')} of {counted(len(question.consignments), 'consignment')}, {kinds} of container."


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _tiles(answer: PackAnswer) -> str:
    views = answer.views
    fullest = max(views, key=lambda view: view.volume_share, default=None)
    tiles = [
        tile("Answer" if answer.fit else "Cost", headline(answer), "containers and groupage together"),
        tile("Containers", str(len(views)), ", ".join(_kinds(answer)) or "none used"),
        tile("Space used", percent(answer.volume_share), _fullest(fullest)),
    ]
    if answer.fit is not None:
        tiles[0] = f"<div class=tile><dt>Answer</dt><dd>{escape(headline(answer))}</dd><p></p></div>"
    weight_g = sum(view.weight_g for view in views)
    share = "no limit" if answer.weight_share is None else f"{percent(answer.weight_share)} of the limits"
    tiles.append(tile("Weight", amount("weight_g", weight_g), share))
    missing, sent = answer.left_behind
    note = (
        f"{counted(sent, 'unit')} by groupage" if sent else "everything has its place" if not missing else "see below"
    )
    tiles.append(tile("Not placed", f"{missing:,}", note))
    nearest = max(filter(None, map(tightest_axle, views)), default=None)
    if nearest is not None:
        tiles.append(tile("Nearest to an axle's limit", percent(nearest[0]), f"axle {nearest[1]}, at any time"))
    return "".join(tiles)


def _kinds(answer: PackAnswer) -> list[str]:
    kinds: dict[str, int] = {}
    for entry in answer.packing.bins:
        kinds[entry.container] = kinds.get(entry.container, 0) + 1
    return [f"{count} x {kind}" for kind, count in kinds.items()]


def _fullest(view: LoadView | None) -> str:
    return "nothing loaded" if view is None else f"{percent(view.volume_share)} in the fullest, {view.name}"


def _violations(answer: PackAnswer) -> str:
    rows = "".join(
        f"<li>{escape(found.where)}: {escape(found.detail)} <small>{escape(found.code)}</small></li>"
        for found in answer.violations
    )
    return f"<p class=warn><b>This failed its check:</b></p><ul class=warn>{rows}</ul>" if rows else ""


def _left(left: tuple[NotPlaced, ...]) -> str:
    rows = "".join(
        f"<li><div><b>{escape(entry.consignment)}</b><small>{escape(entry.unit)}</small></div>"
        f"<div>{escape('goes as groupage' if entry.groupage else entry.detail)}</div>"
        f"<div><small>What would help</small>{escape(entry.cure)}</div>"
        f"<div><small>Units</small>{entry.quantity:,}</div></li>"
        for entry in left
    )
    return f"<section><h2>Not placed</h2><ul class=left>{rows}</ul></section>"
