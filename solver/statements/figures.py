"""
The words of a statement: frozen, integers in whole minor units of the currency unless a name says otherwise.

Every figure in ``Statement`` is the member's own, or a fact about the whole cluster that ``solver.statements.guards``
has let through.
"""

from msgspec import Struct

from solver.shares import Rule, Verdict


class OwnStop(Struct, frozen=True, kw_only=True):
    """A stop of the stand-alone plan: the place, when its first service begins, and the orders served."""

    place: str
    start_s: int
    orders: tuple[str, ...]


class OwnRoute(Struct, frozen=True, kw_only=True):
    """A route of the stand-alone plan; ``cost_milli`` is its whole price in thousandths of a minor unit."""

    vehicle_type: str
    vehicle: int
    start_s: int
    end_s: int
    distance_m: int
    cost_milli: int
    stops: tuple[OwnStop, ...]


class OwnPlan(Struct, frozen=True, kw_only=True):
    """
    What the member would do alone: routes of its own orders on the cluster's vehicles, hired without limit.

    Attributes
    ----------
    cost_minor
        Routes, outside options and what else a plan costs, rounded up to whole minor units as stand-alone costs are.
    routes
        In the order of the plan.
    outside
        Own orders left to their outside options, sorted.
    unserved
        Own orders without an outside option that no vehicle can serve, sorted; they cost nothing here.
    """

    cost_minor: int
    routes: tuple[OwnRoute, ...]
    outside: tuple[str, ...]
    unserved: tuple[str, ...]


class OrderCost(Struct, frozen=True, kw_only=True):
    """An own order, and what the stand-alone plan would cost less without it, its other routes as they are."""

    order: str
    cost_minor: int


class Drivers(Struct, frozen=True, kw_only=True):
    """
    What drives the member's cost, from its own orders and its stand-alone plan.

    Attributes
    ----------
    orders, stops, vehicles
        Own orders that took part; stops and vehicles of the stand-alone plan.
    load
        Sum of the own orders' loads by dimension, in the unit that its name ends in.
    hub_mean_m, hub_max_m
        Way from the hub to where an order's business is, one way, mean (rounded down) and longest over orders; for a
        transport the way from its pickup to its delivery. None where there is no way, or no order.
    window_mean_s
        Mean width of the time windows of visits that have any (rounded down), within the longest shift; None where no
        visit has one.
    windows
        How many visits have a time window.
    fixed_milli, distance_milli, time_milli, stop_milli, outside_milli, other_milli
        The stand-alone plan's cost by component, in thousandths of a minor unit; they sum to it. ``other_milli`` is
        trips, overtime, changes and terms of the whole plan.
    dearest
        Up to three own orders that the stand-alone plan pays most for, the dearest first.
    """

    orders: int
    stops: int
    vehicles: int
    load: dict[str, int]
    hub_mean_m: int | None
    hub_max_m: int | None
    window_mean_s: int | None
    windows: int
    fixed_milli: int
    distance_milli: int
    time_milli: int
    stop_milli: int
    outside_milli: int
    other_milli: int
    dearest: tuple[OrderCost, ...]


class Payment(Struct, frozen=True, kw_only=True):
    """
    What the member pays.

    Attributes
    ----------
    stand_alone_minor, share_minor, saving_minor
        Alone, in the cluster, and the difference.
    saving_permille
        The saving in thousandths of the stand-alone cost, rounded down; None where that is 0.
    incremental_minor
        What everybody together would pay less without this member; None where fewer than three others took part, as a
        rival's cost could then be computed from it.
    low_minor, high_minor
        Between these the rule's share lies whatever the costs that are not proven turn out to be; None where the share
        is proven, or where these are further apart than the stand-alone cost and so say nothing.
    proven
        Whether the rule's share is the same whatever those costs turn out to be.
    """

    stand_alone_minor: int
    share_minor: int
    saving_minor: int
    saving_permille: int | None
    incremental_minor: int | None
    low_minor: int | None
    high_minor: int | None
    proven: bool


class Guarantee(Struct, frozen=True, kw_only=True):
    """
    What holds of the split: whether this member, and whether everybody, pays no more than alone; the verdict on groups.
    """

    you: bool
    everybody: bool
    verdict: Verdict


class Emitted(Struct, frozen=True, kw_only=True):
    """
    Greenhouse gases in grams of CO2 equivalents.

    ``own_g`` is what is put down to the member's orders in the shared plan, ``alone_g`` what they would cause alone,
    ``total_g`` the whole plan's.
    """

    own_g: int
    alone_g: int
    total_g: int


class Totals(Struct, frozen=True, kw_only=True):
    """Figures of everybody together, but for ``members`` rounded to two digits; ``co2_g`` None where unknown."""

    members: int
    saving_minor: int
    distance_m: int
    co2_g: int | None


class Digests(Struct, frozen=True, kw_only=True):
    """
    What pins the statement to what it was made from.

    Attributes
    ----------
    version
        Of the software.
    pool, plan, certificate
        SHA-256 in hex: the digests that the frozen pool and the certificate carry, and that of the plan's canonical
        JSON. With a seal they are HMAC-SHA256 under it instead. None where they must be withheld.
    sealed
        Whether a seal was used.
    """

    version: str
    pool: str | None
    plan: str | None
    certificate: str | None
    sealed: bool


class Statement(Struct, frozen=True, kw_only=True):
    """
    Everything that one member is told about one split.

    Attributes
    ----------
    member, reference, currency
        Whose statement; what the caller names the day or the plan; ISO 4217.
    rule, rule_applied
        The rule agreed, and the one that the shares follow where that one has no answer.
    payment, alone, drivers
        Own figures.
    co2_g, co2_alone_g
        Own emissions in grams, None where unknown.
    united
        Whether the member entered the game united with others, as one player.
    guarantee, totals
        About the whole cluster; ``totals`` None where they are withheld.
    digests
        Version and hashes.
    """

    member: str
    reference: str
    currency: str
    rule: Rule
    rule_applied: Rule
    payment: Payment
    alone: OwnPlan
    drivers: Drivers
    co2_g: int | None
    co2_alone_g: int | None
    united: bool
    guarantee: Guarantee
    totals: Totals | None
    digests: Digests
