"""Words of lines along roads."""

from msgspec import Struct


class RouteLines(Struct, frozen=True, kw_only=True):
    """
    Along which roads a route leads: from its start to the first stop, between stops, from the last to its end if any.

    Each line is an encoded polyline of precision 5 (1 m), from where one point meets the roads to where the next does;
    empty where both are the same. It is null where no road is known: there the way is drawn straight.
    """

    route_no: int
    lines: list[str | None]
    straight: int
    """How many of them are null."""


class PlanLines(Struct, frozen=True, kw_only=True):
    """Lines of all routes of a plan. ``missing`` are looked for in the background: ask again in a few seconds."""

    plan_id: str
    precision: int
    straight: int
    missing: int
    routes: list[RouteLines]
