"""A plan as text for a terminal."""

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cluster.offline.answer import Answer
from cluster.offline.figures import clock, counted, hours, km, money, percent, plain
from cluster.offline.view import RouteView, views
from cluster.offline.words import REASONS, certificate
from solver.plan import MILLI, Plan, minor
from solver.problem import Problem
from solver.shares import Split

PLAIN_WIDTH = 120
"""Columns where the output is no terminal and has no width of its own."""


def show(problem: Problem, answer: Answer) -> None:
    """Print routes, what is left behind, the split, and what is proven."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    parts: list[RenderableType] = [_routes(problem, answer.plan)]
    if answer.plan.unplanned:
        parts.append(_unplanned(answer.plan))
    if answer.split is not None:
        parts += [_shares(answer.split), Text(certificate(answer.split))]
    elif problem.orders:
        parts.append(Text("\nNot split: the time was too short. Give more with --seconds.", style="yellow"))
    console.print(Group(*parts, *_summary(answer)))


def table(title: str, left: tuple[str, ...], right: tuple[str, ...]) -> Table:
    """An empty table with columns of text on the left and figures on the right."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in left:
        made.add_column(name, header_style="dim")
    for name in right:
        made.add_column(name, header_style="dim", justify="right", no_wrap=True)
    return made


def _routes(problem: Problem, plan: Plan) -> Table:
    rows = table("Routes", ("vehicle", "leaves", "done"), ("stops", "shipments", "km", "full", "cost"))
    for view in views(problem, plan):
        rows.add_row(*(Text(cell) for cell in _route_cells(view, plan.currency)))
    return rows


def _route_cells(view: RouteView, currency: str) -> tuple[str, ...]:
    route = view.route
    return (
        plain(view.label),
        clock(route.start_s),
        clock(route.end_s),
        str(len(route.stops)),
        str(len(view.orders)),
        km(route.distance_m),
        "" if view.fill is None else percent(view.fill),
        money(view.cost_minor, currency),
    )


def _unplanned(plan: Plan) -> Table:
    rows = table("\nNot planned", ("shipment", "why", "what would help"), ("outside option",))
    for entry in plan.unplanned:
        outside = "none" if entry.outside_milli is None else money(minor(entry.outside_milli), plan.currency)
        why = f"{REASONS[entry.reason]}: {plain(entry.detail)}"
        rows.add_row(*(Text(cell) for cell in (plain(entry.order), why, plain(entry.cure), outside)))
    return rows


def _shares(split: Split) -> Table:
    rows = table(f"\nWho pays what ({split.rule})", ("member",), ("alone", "pays", "saves", "saved"))
    for share in split.shares:
        alone = share.stand_alone_minor
        cells = (
            plain(share.owner),
            money(alone, split.currency),
            money(share.share_minor, split.currency),
            money(share.saving_minor, split.currency),
            percent(share.saving_minor / alone) if alone else "",
        )
        rows.add_row(*(Text(cell) for cell in cells))
    return rows


def _summary(answer: Answer) -> list[Text]:
    plan, currency = answer.plan, answer.plan.currency
    road_s = sum(route.end_s - route.start_s for route in plan.routes)
    lines = [
        Text(f"\n{money(minor(plan.cost_milli), currency)}", style="bold"),
        Text(
            f"{counted(len(plan.routes), 'route')}, {km(sum(route.distance_m for route in plan.routes))}, "
            f"{hours(road_s)} out, {counted(len(plan.unplanned), 'shipment')} not planned"
        ),
        Text(_proof(answer)),
        Text(f"searched, split and checked in {answer.seconds:.1f} s, seed {answer.result.seed}", style="dim"),
    ]
    for violation in answer.violations:
        text = f"VIOLATION {plain(violation.where)}: {plain(violation.detail)} [{violation.code}]"
        lines.append(Text(text, style="bold red"))
    return lines


def _proof(answer: Answer) -> str:
    bound_minor = answer.result.bound_milli // MILLI
    if not bound_minor and answer.plan.cost_milli:
        return "no lower bound was found in the time"
    least = money(bound_minor, answer.plan.currency)
    return f"proven: no plan that serves these shipments costs less than {least} (gap {percent(answer.gap)})"
