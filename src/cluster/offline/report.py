"""The report on a plan: tiles, map, timeline, split, stops and loads on one page (``page``)."""

from msgspec import Struct

from cluster.offline import report_loads, report_map, report_split, report_stops, report_timeline
from cluster.offline.figures import clock, counted, hours, km, money, percent
from cluster.offline.load_view import LoadView, view_of_route
from cluster.offline.markup import escape, tile
from cluster.offline.page import Page, page_html
from cluster.offline.view import RouteView, views
from solver.plan import Plan, Result, minor
from solver.problem import Problem
from solver.shares import Split


class Report(Struct, frozen=True, kw_only=True):
    """
    What a report shows.

    ``plan`` is the plan shown; ``result`` is what the search said (its bound holds for ``plan`` as well), ``split`` how
    the cost is shared; either may be missing.
    """

    title: str
    problem: Problem
    plan: Plan
    result: Result | None = None
    split: Split | None = None


def report_html(report: Report) -> str:
    """The whole file as text."""
    routes = views(report.problem, report.plan)
    loads = _loads(report, routes)
    sections = (
        report_map.section(report.problem, routes),
        report_timeline.section(routes),
        report_split.section(report.split) if report.split else "",
        report_stops.unplanned_section(report.problem, report.plan),
        report_loads.section(loads),
        report_stops.section(report.problem, report.plan, routes),
    )
    return page_html(
        Page(
            title=report.title,
            lead=_lead(report, routes),
            tiles=_tiles(report, routes),
            proof=_proof(report),
            sections="\n".join(sections),
            foot=_foot(report),
            assets=("report.js", *(report_loads.ASSETS if loads else ())),
        )
    )


def _loads(report: Report, routes: tuple[RouteView, ...]) -> tuple[LoadView, ...]:
    """The holds of routes whose units have places."""
    found = (view_of_route(report.problem, view.route) for view in routes)
    return tuple(load for load in found if load is not None)


def _lead(report: Report, routes: tuple[RouteView, ...]) -> str:
    problem = report.problem
    text = f"{counted(len(problem.orders), 'shipment')} of {counted(len(problem.owners), 'member')}"
    if routes:
        first, last = min(view.route.start_s for view in routes), max(view.route.end_s for view in routes)
        text += f", on {counted(len(routes), 'route')} between {clock(first)} and {clock(last)}"
    return escape(text + ".")


def _tiles(report: Report, routes: tuple[RouteView, ...]) -> str:
    plan, currency = report.plan, report.plan.currency
    kinds: dict[str, int] = {}
    for view in routes:
        kinds[view.route.vehicle_type] = kinds.get(view.route.vehicle_type, 0) + 1
    outside = minor(sum(entry.outside_milli or 0 for entry in plan.unplanned))
    spent = {kind: sum(view.seconds_of(kind) for view in routes) for kind in ("drive", "serve", "wait")}
    fills = [view.fill for view in routes if view.fill is not None]
    served = len(report.problem.orders) - len(plan.unplanned)
    tiles = [
        tile("Cost of the day", money(minor(plan.cost_milli), currency), _outside_note(outside, currency)),
        _saving_tile(report),
        tile("Vehicles", f"{len(routes)}", ", ".join(f"{count} x {kind}" for kind, count in kinds.items())),
        tile("Distance", km(sum(view.route.distance_m for view in routes)), _per_shipment(routes, served)),
        tile(
            "Time out",
            hours(sum(spent.values())),
            f"{hours(spent['drive'])} driving, {hours(spent['serve'])} at the door, {hours(spent['wait'])} waiting",
        ),
        tile(
            "Fill",
            percent(sum(fills) / len(fills)) if fills else "no limits",
            "of capacity at each route's fullest moment, on average",
        ),
        tile("Shipments planned", f"{served} of {len(report.problem.orders)}", _unplanned_note(plan)),
        _gap_tile(report),
    ]
    return "".join(tiles)


def _outside_note(outside_minor: int, currency: str) -> str:
    return f"of which {money(outside_minor, currency)} for outside options" if outside_minor else "all routes together"


def _saving_tile(report: Report) -> str:
    if report.split is None:
        return ""
    alone = sum(share.stand_alone_minor for share in report.split.shares)
    saving = alone - report.split.cost_minor
    return tile(
        "Saved by sharing",
        percent(saving / alone) if alone else "0 %",
        f"{money(saving, report.plan.currency)} less than every member alone",
    )


def _gap_tile(report: Report) -> str:
    if report.result is None or (report.plan.cost_milli and not report.result.bound_milli):
        return ""
    gap = gap_of(report.plan.cost_milli, report.result.bound_milli)
    return tile("Could be cheaper by at most", percent(gap), "proven by a lower bound")


def gap_of(cost_milli: int, bound_milli: int) -> float:
    """The part of a cost that no better plan could save more than."""
    return max(0.0, (cost_milli - bound_milli) / cost_milli) if cost_milli else 0.0


def _per_shipment(routes: tuple[RouteView, ...], served: int) -> str:
    return f"{km(sum(view.route.distance_m for view in routes) // served)} a shipment" if served else "nothing served"


def _unplanned_note(plan: Plan) -> str:
    if not plan.unplanned:
        return "nothing left behind"
    outside = len(plan.unplanned) - plan.mandatory_unplanned
    parts = [f"{outside} by their outside option"] if outside else []
    if plan.mandatory_unplanned:
        parts.append(f"{plan.mandatory_unplanned} not served at all")
    return ", ".join(parts)


def _proof(report: Report) -> str:
    if report.result is None:
        return ""
    currency, cost, bound = report.plan.currency, report.plan.cost_milli, report.result.bound_milli
    if not bound and cost:
        return "<p class=proof>No lower bound was found in the time: how much cheaper a plan could be is unknown.</p>"
    if cost <= bound:
        return "<p class=proof>Proven: no plan for these shipments costs less than this one.</p>"
    gap = gap_of(cost, bound)
    return (
        f"<p class=proof>Proven: no plan that serves these shipments costs less than "
        f"<b>{escape(money(minor(bound), currency))}</b>. So no better plan, however long anyone searched, could save "
        f"more than <b>{escape(percent(gap))}</b> of this one's cost. "
        "The real distance is usually much smaller: the bound is cautious.</p>"
    )


def _foot(report: Report) -> str:
    text = (
        "Clock times count from the plan's start, taken as midnight. Lines on the map join stops; they are not roads."
    )
    if report.result is None:
        return f"<p>{text}</p>"
    spent: dict[str, float] = {}
    for leg in report.result.trace:
        spent[leg.engine] = spent.get(leg.engine, 0.0) + leg.seconds
    legs = ", ".join(f"{engine} {seconds:.1f} s" for engine, seconds in spent.items())
    return (
        f"<p>{text}</p><p>Searched for {report.result.seconds:.1f} s with seed {report.result.seed}"
        f"{escape(f' ({legs})') if legs else ''}. Every plan is checked again by code that shares nothing with the "
        "search.</p>"
    )
