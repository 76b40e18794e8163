"""
What a question is made of: places, travel profiles, vehicle types, orders.

Units: seconds from the plan's start (the solver knows no calendar), metres, grams, cubic centimetres, and
thousandths of the currency's minor unit (``_milli``), so that 0.09 cent a metre is the exact integer 90_000 a
kilometre. Windows are closed intervals: a service may *begin* at ``open_s`` and at ``close_s``, and any second between.
"""

from typing import Annotated

from msgspec import Meta, Struct

from solver.matrix import Matrix

SCHEMA_VERSION = 1
DEFAULT_HORIZON_S = 7 * 86_400

Identifier = Annotated[str, Meta(min_length=1, max_length=200)]


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
        and of each stop (arrival at a place that differs from where the vehicle was).
    duration_max_s, distance_max_m
        Limits of one route; None for none.
    skills
        What it offers; an order goes only on vehicles that offer all that it requires.
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


class Visit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order's business at one place; the service begins in one of ``windows`` (none given: any time)."""

    place: Identifier
    windows: tuple[Window, ...] = ()
    service_s: int = 0


class Order(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Goods to be moved for one owner.

    Delivery only: the goods are on board when the vehicle leaves its start. Pickup only: they stay on board until its
    end. Both: transport from A to B on one vehicle, A before B. ``hub`` names the place where the goods of a one-sided
    order lie or go; only vehicles that start (delivery) or end (pickup) there may take it; None: any vehicle may.
    ``outside_milli`` None makes the order mandatory; otherwise it may stay unplanned at that price (outside option).
    """

    id: Identifier
    owner: Identifier
    pickup: Visit | None = None
    delivery: Visit | None = None
    hub: Identifier | None = None
    load: dict[str, int] = {}
    skills: tuple[str, ...] = ()
    outside_milli: int | None = None


class Draft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole question before anybody has judged it; ``solver.problem.Problem`` is one without faults."""

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "VND"
    places: tuple[Place, ...]
    profiles: tuple[TravelProfile, ...] = (TravelProfile(id="default"),)
    vehicle_types: tuple[VehicleType, ...]
    orders: tuple[Order, ...]
    version: int = SCHEMA_VERSION
