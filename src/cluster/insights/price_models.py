"""Words of what routes cost by their tariffs."""

from msgspec import Struct

from cluster.carriers.models import NotSearched
from cluster.carriers.tariff_prices import PriceLine


class RoutePrice(Struct, frozen=True, kw_only=True):
    """
    What one route costs, line by line.

    ``searched_minor`` is what the plan counts for it, ``billed_minor`` that and what only the bill holds; lines say
    which they are. ``not_searched`` names the parts of the tariff that no plan is searched with.
    """

    route_no: int
    vehicle_type_id: str
    vehicle: str
    carrier_name: str | None
    rates_version: int
    lines: list[PriceLine]
    searched_minor: int
    billed_minor: int
    not_searched: list[NotSearched]


class PlanPrices(Struct, frozen=True, kw_only=True):
    """What all routes of a plan cost by the tariffs of its service day."""

    plan_id: str
    currency: str
    routes: list[RoutePrice]
    searched_minor: int
    billed_minor: int
