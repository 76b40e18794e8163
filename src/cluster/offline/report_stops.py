"""The tables: stops by route, and what is not planned."""

from cluster.offline.figures import amount, clock, counted, km, money, percent, span
from cluster.offline.markup import escape
from cluster.offline.view import COLOURS, RouteView
from cluster.offline.words import REASONS
from solver.plan import Plan, Stop, minor
from solver.problem import Place, Problem


def section(problem: Problem, plan: Plan, routes: tuple[RouteView, ...]) -> str:
    """One table of stops a route, folded up until asked for."""
    if not routes:
        return "<section><h2>Stops</h2><p class=quiet>No route drives.</p></section>"
    owners = {order.id: order.owner for order in problem.orders}
    folded = "".join(_route(view, owners, plan.currency) for view in routes)
    return f"<section><h2>Stops</h2>{folded}</section>"


def _route(view: RouteView, owners: dict[str, str], currency: str) -> str:
    route = view.route
    facts = [
        f"{clock(route.start_s)} to {clock(route.end_s)}",
        counted(len(route.stops), "stop"),
        counted(len(view.orders), "shipment"),
        km(route.distance_m),
        *([] if view.fill is None else [f"{percent(view.fill)} full"]),
    ]
    rows = "".join(
        _stop(number, stop, place, owners)
        for number, (stop, place) in enumerate(zip(route.stops, view.way[1:], strict=False), start=1)
    )
    return (
        f'<details class="c{view.index % len(COLOURS)}" data-route={view.index}><summary><i class=chip></i>'
        f"<b>{escape(view.label)}</b><span>{escape(', '.join(facts))}</span>"
        f"<em>{escape(money(view.cost_minor, currency))}</em></summary>"
        "<div class=scroll><table><thead><tr><th class=n>#<th>Arrives<th class=wide>Leaves<th>Where<th>Shipments"
        f"<th class=wide>On board after</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _stop(number: int, stop: Stop, place: Place, owners: dict[str, str]) -> str:
    waits = f"<small>waits {escape(span(stop.waiting_s))}</small>" if stop.waiting_s else ""
    visits = "".join(
        f"<li>{escape(visit.order)} <small>{visit.action} for {escape(owners.get(visit.order, 'unknown'))}</small>"
        for visit in stop.visits
    )
    loads = [amount(name, value) for name, value in stop.load_after.items() if value]
    return (
        f"<tr><td class=n>{number}<td class=t>{clock(stop.arrival_s)}{waits}<td class='t wide'>"
        f"{clock(stop.departure_s)}<td>{escape(place.name or place.id)}<td><ul>{visits}</ul>"
        f"<td class=wide>{escape(', '.join(loads) or 'empty')}</tr>"
    )


def unplanned_section(problem: Problem, plan: Plan) -> str:
    """What no route serves, why, and what would help; nothing at all when everything is served."""
    if not plan.unplanned:
        return ""
    owners = {order.id: order.owner for order in problem.orders}
    rows = "".join(
        f"<li><div><b>{escape(entry.order)}</b><small>{escape(owners.get(entry.order, 'unknown'))}</small></div>"
        f"<div>{escape(REASONS[entry.reason])}<small>{escape(entry.detail)}</small></div>"
        f"<div><small>What would help</small>{escape(entry.cure)}</div>"
        f"<div><small>Outside option</small>{_outside(entry.outside_milli, plan.currency)}</div>"
        for entry in sorted(plan.unplanned, key=lambda entry: entry.outside_milli is not None)
    )
    return f"<section><h2>Not planned</h2><ul class=left>{rows}</ul></section>"


def _outside(outside_milli: int | None, currency: str) -> str:
    if outside_milli is None:
        return "<b class=warn>none: not served</b>"
    return escape(money(minor(outside_milli), currency))
