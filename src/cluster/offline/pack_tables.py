"""A packing as text for a terminal."""

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cluster.offline.figures import amount, counted, money, percent, plain
from cluster.offline.load_view import LoadView
from cluster.offline.pack_answer import PackAnswer
from cluster.offline.tables import PLAIN_WIDTH, table
from solver.formats.instance import NO_CURRENCY
from solver.loads import NotPlaced, Verdict
from solver.plan import MILLI, minor

ROWS_MAX = 60
"""Containers or units left out that a terminal is told one by one; ``--json`` and the report have them all."""
VERDICTS = {
    Verdict.FITS: "It fits",
    Verdict.PROVED_NOT: "It does not fit, and that is proven",
    Verdict.NOT_FOUND: "No way was found to load it; whether there is one is not known",
}


def show(answer: PackAnswer) -> None:
    """Print containers, what is left out, and what is proven."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    parts: list[RenderableType] = [_bins(answer.views)] if answer.views else []
    if answer.packing.not_placed and answer.fit is None:
        parts.append(_left(answer.packing.not_placed))
    for title, count in (("container", len(answer.views)), ("line", len(answer.packing.not_placed))):
        if count > ROWS_MAX and answer.fit is None:
            parts.append(Text(f"and {counted(count - ROWS_MAX, title)} more; --json lists them all", style="dim"))
    console.print(Group(*parts, *_summary(answer)))


def _bins(views: tuple[LoadView, ...]) -> Table:
    rows = table("Containers", ("container",), ("units", "volume", "full", "weight", "of its limit", "axle nearest"))
    for view in views[:ROWS_MAX]:
        weight = "" if view.weight_share is None else percent(view.weight_share)
        nearest = tightest_axle(view)
        cells = (
            plain(view.name),
            f"{len(view.boxes):,}",
            f"{view.volume_mm3 / 1e9:,.2f} m³",
            percent(view.volume_share),
            amount("weight_g", view.weight_g),
            weight,
            "" if nearest is None else f"{plain(nearest[1])} {percent(nearest[0])}",
        )
        rows.add_row(*(Text(cell) for cell in cells))
    return rows


def tightest_axle(view: LoadView) -> tuple[float, str] | None:
    """The axle that comes nearest to its limit at any time, as a part of the limit; None without axles."""
    shares = ((axle.load_g / axle.max_g, axle.id) for moment in view.moments for axle in moment.axles if axle.max_g)
    return max(shares, default=None)


def _left(left: tuple[NotPlaced, ...]) -> Table:
    rows = table("\nNot placed", ("consignment", "unit", "why", "what would help"), ("units",))
    for entry in left[:ROWS_MAX]:
        why = "goes as groupage" if entry.groupage else plain(entry.detail)
        cells = (plain(entry.consignment), plain(entry.unit), why, plain(entry.cure), f"{entry.quantity:,}")
        rows.add_row(*(Text(cell) for cell in cells))
    return rows


def _summary(answer: PackAnswer) -> list[Text]:
    lines = [Text(f"\n{headline(answer)}", style="bold")]
    if answer.views or answer.fit is None:
        lines.append(Text(_used(answer)))
    lines.append(Text(proof(answer)))
    lines.append(Text(f"packed and checked in {answer.seconds:.1f} s, seed {answer.seed}", style="dim"))
    for violation in answer.violations:
        text = f"VIOLATION {plain(violation.where)}: {plain(violation.detail)} [{violation.code}]"
        lines.append(Text(text, style="bold red"))
    return lines


def _used(answer: PackAnswer) -> str:
    used = f"{counted(len(answer.views), 'container')}, {percent(answer.volume_share)} of the space"
    if answer.weight_share is not None:
        used += f", {percent(answer.weight_share)} of the weight limits"
    left, sent = answer.left_behind
    return f"{used}, {counted(left, 'unit')} not placed" + (f", {sent:,} by groupage" if sent else "")


def headline(answer: PackAnswer) -> str:
    """The answer in a few words: the verdict of a load, the cost of a choice of containers."""
    if answer.fit is not None:
        return VERDICTS[answer.fit.verdict]
    packing = answer.packing
    if packing.currency == NO_CURRENCY:
        return counted(len(packing.bins), "container")
    return money(minor(packing.cost_milli), packing.currency)


def proof(answer: PackAnswer) -> str:
    """What is proven, in words for everybody."""
    packing = answer.packing
    if answer.fit is not None:
        said = f": {plain(answer.fit.detail)}" if answer.fit.detail else ""
        return f"decided by {plain(answer.fit.tier)}{said}" if answer.fit.tier else said.removeprefix(": ")
    if packing.proved:
        return "proven: no choice of containers leaves out less, or costs less"
    if packing.bound_milli <= 0 or packing.currency == NO_CURRENCY:
        return "that this is the best is not proven"
    least = money(packing.bound_milli // MILLI, packing.currency)
    gap = max(0, packing.cost_milli - packing.bound_milli) / packing.cost_milli if packing.cost_milli else 0.0
    return f"proven: nothing that leaves out no more costs less than {least} (gap {percent(gap)})"
