"""
What a question is made of: places, travel profiles, vehicle types, orders.

Units: seconds from the plan's start (the solver knows no calendar), metres, grams, cubic centimetres, and
thousandths of the currency's minor unit (``_milli``), so that 0.09 cent a metre is the exact integer 90_000 a
kilometre. Windows are closed intervals: a service may *begin* at ``open_s`` and at ``close_s``, and any second between.
"""

from typing import Annotated

from msgspec import Meta, Struct

from solver.goods import Hold, Identifier, Unit
from solver.matrix import Matrix
from solver.plan import Action

SCHEMA_VERSION = 1
DEFAULT_HORIZON_S = 7 * 86_400


class Window(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """``[open_s, close_s]``: when a service may begin, both ends included."""

    open_s: int
    close_s: int


class Place(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Where a vehicle can be; its index in ``Problem.places`` is its row in every matrix.

    ``windows`` bind every service there (opening hours, dock windows, truck bans) on top of a visit's own.
    Coordinates are degrees WGS 84; they are needed for maps, and for travel profiles without matrices.
    """

    id: Identifier
    lat: float | None = None
    lon: float | None = None
    name: str = ""
    windows: tuple[Window, ...] = ()


class TravelProfile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How one kind of vehicle travels between places.

    With both matrices given (shape ``(len(places), len(places))``, asymmetric allowed, -1 where there is no way) they
    are used as they are. With neither, great-circle metres times ``circuity_percent`` / 100 at ``speed_kmh``.
    """

    id: Identifier
    distance_m: Matrix | None = None
    duration_s: Matrix | None = None
    speed_kmh: int = 25
    circuity_percent: int = 135


class Break(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A pause of ``duration_s`` that begins within ``window``, wherever the vehicle then is (on its way, at a stop).

    It is due on every route that would otherwise be under way at ``window.close_s`` (``start_s <= close_s < end_s``);
    a route that is done by then, or leaves later, has none. Paid like any other time.
    """

    window: Window
    duration_s: int


class VehicleType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Vehicles that are all alike.

    Attributes
    ----------
    start, end
        Place ids. ``end`` None is an open end: the vehicle is paid until its last service is done.
    profile
        Id of a travel profile.
    capacity
        Largest load by dimension, such as ``{"weight_g": 1_500_000, "volume_cm3": 9_000_000, "pallet_places": 4}``.
        A dimension not named is not limited.
    count
        How many there are; None for unlimited hire at this tariff.
    shift
        The vehicle leaves no earlier than ``open_s`` and is done no later than ``close_s``.
    fixed_milli, km_milli, hour_milli, stop_milli
        Price of using one such vehicle, of a kilometre, of an hour between leaving and being done (waiting included),
        and of each stop (arrival at a place that differs from where the vehicle was; to reload too, the end not).
    duration_max_s, distance_max_m
        Limits of one route; None for none.
    skills
        What it offers; an order goes only on vehicles that offer all that it requires.
    stops_max
        Most stops of one route (stays at a place, that at the start apart, in which somebody is served; a stay only to
        reload is none, nor is the end); None for no limit.
    overtime_after_s, overtime_hour_milli
        A route's time beyond ``overtime_after_s`` costs so much more an hour; None: there is no overtime.
    breaks
        Pauses of the driver; their windows lie one after another, apart.
    reloads, reload_s, reloads_max
        Places where the vehicle may end one trip and begin the next within its route: collections of the trip are
        unloaded, deliveries of the next one loaded, transports stay on board. A reload takes ``reload_s``, begins in a
        window of the place, and no earlier than the goods that it loads are released. At most ``reloads_max`` a route
        (None: any number). No plan is searched for with a reload that neither unloads nor loads anything.
    trip_milli
        Price of each trip, the first included: a route with two reloads has three trips.
    use_min, unused_milli
        Each vehicle by which a plan uses fewer than ``use_min`` costs ``unused_milli`` (a guaranteed minimum).
    hold
        Its inside: the units of a route's orders all stand in it as ``solver.goods`` says. None: units take no room.
    """

    id: Identifier
    start: Identifier
    end: Identifier | None = None
    profile: Identifier = "default"
    capacity: dict[str, int] = {}
    count: int | None = None
    shift: Window = Window(0, DEFAULT_HORIZON_S)
    fixed_milli: int = 0
    km_milli: int = 0
    hour_milli: int = 0
    stop_milli: int = 0
    duration_max_s: int | None = None
    distance_max_m: int | None = None
    skills: tuple[str, ...] = ()
    stops_max: int | None = None
    overtime_after_s: int | None = None
    overtime_hour_milli: int = 0
    breaks: tuple[Break, ...] = ()
    reloads: tuple[Identifier, ...] = ()
    reload_s: int = 0
    reloads_max: int | None = None
    trip_milli: int = 0
    use_min: int = 0
    unused_milli: int = 0
    hold: Hold | None = None


class Visit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order's business at one place; the service begins in one of ``windows`` (none given: any time)."""

    place: Identifier
    windows: tuple[Window, ...] = ()
    service_s: int = 0


class Order(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Goods to be moved for one owner.

    Delivery only: the goods are on board when the trip begins. Pickup only: they stay on board until it ends. Both:
    transport from A to B on one vehicle, A before B. A trip begins at the vehicle's start or a reload, and ends at a
    reload or the vehicle's end. ``hub`` names the place where the goods of a one-sided order lie or go; only trips that
    begin (delivery) or end (pickup) there may take it; None: any may.
    ``outside_milli`` None makes the order mandatory; otherwise it may stay unplanned at that price (outside option).
    ``release_s``: the goods are not ready earlier. A trip with a delivery begins (the vehicle leaves its start, or the
    reload begins) no earlier than that; a pickup begins no earlier. ``groups`` are names for ``Problem.apart``.
    ``units``: what stands in a vehicle's hold while the goods are on board; one without units takes no room there.
    ``load`` alone is what ``capacity`` counts, whatever the units weigh.
    """

    id: Identifier
    owner: Identifier
    pickup: Visit | None = None
    delivery: Visit | None = None
    hub: Identifier | None = None
    load: dict[str, int] = {}
    skills: tuple[str, ...] = ()
    outside_milli: int | None = None
    release_s: int = 0
    groups: tuple[Identifier, ...] = ()
    units: tuple[Unit, ...] = ()


class LockedVisit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A visit of ``order`` (with ``action``), or a reload at ``place`` (with neither): exactly one of the two.

    ``start_s`` and ``end_s``, given together, say that it has happened then: windows, releases, travel and service
    times do not bind what has happened (a leg without a way counts 0 m there), nor do breaks whose window closed before
    the last such visit ended. A break that is due later begins after it.
    """

    order: Identifier | None = None
    action: Action | None = None
    place: Identifier | None = None
    start_s: int | None = None
    end_s: int | None = None


class Lock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What is settled about one vehicle.

    Attributes
    ----------
    vehicle_type, vehicle
        Which: the number within its type, from 1. At most one lock a vehicle.
    visits
        Its route begins with these, in this order, nothing between them. Those that have happened come first.
    orders
        These ride on this vehicle or not at all (locked assignment); what ``visits`` name does so anyway and is served.
    closed
        Its route is exactly ``visits``, with nothing after them.
    start_s
        It left its start then (needed where a visit has happened): neither the shift's opening nor releases bind that.
        What is not named in ``visits`` or ``orders`` can no longer be loaded there: a delivery without a pickup joins
        it only after a reload.
    """

    vehicle_type: Identifier
    vehicle: int
    visits: tuple[LockedVisit, ...] = ()
    orders: tuple[Identifier, ...] = ()
    closed: bool = False
    start_s: int | None = None


class Published(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order that a published plan serves with this vehicle."""

    order: Identifier
    vehicle_type: Identifier
    vehicle: int


class Draft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A whole question before anybody has judged it; ``solver.problem.Problem`` is one without faults.

    Attributes
    ----------
    apart
        Pairs of names of groups: orders of one never share a vehicle (a route, all its trips) with orders of the other.
        A group paired with itself has at most one order a vehicle.
    locks
        What is settled already, at most one lock a vehicle.
    published, change_milli
        Who serves what in a plan that people know already: each of these orders that is served by another vehicle, or
        not at all, costs ``change_milli``.
    longest_hour_milli
        Price of each hour of the longest route, beside what the route itself costs: balances the routes' durations.
    """

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "VND"
    places: tuple[Place, ...]
    profiles: tuple[TravelProfile, ...] = (TravelProfile(id="default"),)
    vehicle_types: tuple[VehicleType, ...]
    orders: tuple[Order, ...]
    apart: tuple[tuple[Identifier, Identifier], ...] = ()
    locks: tuple[Lock, ...] = ()
    published: tuple[Published, ...] = ()
    change_milli: int = 0
    longest_hour_milli: int = 0
    version: int = SCHEMA_VERSION
