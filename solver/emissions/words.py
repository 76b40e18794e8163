"""
What goes into an account of emissions and what comes out: frozen, integers.

Emissions are whole milligrams of CO2 equivalents, in two parts that ISO 14083 keeps apart: ``ttw_mg`` (tank to wheel:
what the vehicle itself emits) and ``wtt_mg`` (well to tank: providing its fuel or electricity); ``wtw_mg`` (well to
wheel) is their sum. A transport activity is a quantity times metres, so gram-metres where the quantity is mass: 10**9
of them are one tonne-kilometre.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from solver.faults import Fault, ProblemError

Name = Annotated[str, Meta(min_length=1, max_length=200)]

ELECTRICITY = "electricity"
"""The ``energy`` whose emissions are all provision, and differ from grid to grid."""
WEIGHT = "weight_g"
VOLUME = "volume_cm3"


class DistanceType(StrEnum):
    """The distance of a shipment's transport activity; ISO 14083 knows these two, and one report uses one of them."""

    SHORTEST_FEASIBLE = "shortest_feasible"
    GREAT_CIRCLE = "great_circle"


class Rate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a vehicle emits on a kilometre, in milligrams of CO2 equivalents."""

    ttw_mg_km: int
    wtt_mg_km: int


class VehicleFactor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What vehicles of one class emit.

    Attributes
    ----------
    id, name
        Ours, and how the publisher calls the row.
    energy
        ``diesel``, ``petrol``, ``electricity`` or any other word.
    average
        A kilometre with the publisher's average load.
    empty, full
        A kilometre with nothing on board, and with the whole payload; both or neither.
    guess_payload_min_g, guess_payload_max_g
        Vehicle types that nobody has given a class belong here if their payload is within, both ends included; within
        several, to that of the least maximum. No maximum: never guessed.
    """

    id: Name
    name: str
    energy: Name
    average: Rate
    empty: Rate | None = None
    full: Rate | None = None
    guess_payload_min_g: int = 0
    guess_payload_max_g: int | None = None


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where factors come from, and for which year and region (ISO 3166-1, two letters, or a name) they hold."""

    id: Name
    publisher: Name
    title: Name
    year: Annotated[int, Meta(ge=1990, le=2100)]
    region: Name
    basis: str
    licence: str
    remarks: tuple[str, ...] = ()


class FactorSet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Emission factors of one publisher, year and region.

    Raises
    ------
    ProblemError
        On construction: ``id_duplicate``, ``number_negative``, ``factor_half``.
    """

    source: Source
    vehicles: tuple[VehicleFactor, ...]

    def __post_init__(self) -> None:
        faults = [fault for index, vehicle in enumerate(self.vehicles) for fault in self._faults(index, vehicle)]
        if faults:
            raise ProblemError(faults)

    def _faults(self, index: int, vehicle: VehicleFactor) -> list[Fault]:
        where, faults = f"vehicles[{index}]", []
        if vehicle.id in {other.id for other in self.vehicles[:index]}:
            cause = f"{vehicle.id!r} is there before"
            faults.append(Fault(code="id_duplicate", where=f"{where}.id", cause=cause, cure="give each its own"))
        if (vehicle.empty is None) != (vehicle.full is None):
            cause = "only one of empty and full"
            faults.append(Fault(code="factor_half", where=where, cause=cause, cure="give both or neither"))
        rates = [rate for rate in (vehicle.average, vehicle.empty, vehicle.full) if rate is not None]
        numbers = [number for rate in rates for number in (rate.ttw_mg_km, rate.wtt_mg_km)]
        if min([*numbers, vehicle.guess_payload_min_g, vehicle.guess_payload_max_g or 0]) < 0:
            faults.append(Fault(code="number_negative", where=where, cause="a number below 0", cure="0 or more"))
        return faults


class Method(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How emissions are accounted for.

    Attributes
    ----------
    region, year
        Where and when the vehicles drive: factors of that region and year are used.
    fallback
        Where there are none, take those that come nearest (same region and nearest year first), and say so. Factors of
        electricity are never taken from another region.
    factors
        The factors to use instead of those shipped, such as a carrier's own; their region and year must be those
        asked for, or ``fallback`` be given.
    classes
        Vehicle type to class of the factors; for types that are not named the class is guessed from the payload, and
        the account says so.
    payloads_g
        Vehicle type to what it may carry, above 0; where not named its capacity in ``weight_g``. Load-dependent factors
        need it.
    distance
        The distance of transport activities.
    quantity
        Dimension of loads that transport activities are counted in; every order on a route must name it. None:
        ``weight_g``, or ``volume_cm3`` where not every order on a route has a weight (and the account says so).
    open_return
        Routes with an open end drive back empty to where they began: those kilometres count too.
    """

    region: Name
    year: int
    fallback: bool = False
    factors: FactorSet | None = None
    classes: dict[str, str] = {}
    payloads_g: dict[str, int] = {}
    distance: DistanceType = DistanceType.SHORTEST_FEASIBLE
    quantity: Name | None = None
    open_return: bool = False


class Assumed(StrEnum):
    """What an account had to assume because nobody said it."""

    REGION = "region_fallback"
    YEAR = "year_fallback"
    CLASS = "class_guessed"
    VOLUME = "volume_for_weight"
    AVERAGE_LOAD = "average_load"
    ELECTRICITY = "electricity_is_provision"
    OPEN_END = "open_end_not_driven"
    DERIVED = "distance_derived"
    NO_ACTIVITY = "no_activity"


class Assumption(Struct, frozen=True, kw_only=True):
    """One thing assumed: ``where`` in plan, problem or method, ``detail`` in words."""

    what: Assumed
    where: str
    detail: str


class _Emitted(Struct, frozen=True, kw_only=True):
    """Emissions in their two parts."""

    ttw_mg: int
    wtt_mg: int

    @property
    def wtw_mg(self) -> int:
        """Well to wheel: both parts."""
        return self.ttw_mg + self.wtt_mg


class ShipmentEmissions(_Emitted, frozen=True, kw_only=True):
    """
    One order's part of its route's emissions.

    ``route`` is the index in ``Plan.routes``; ``quantity`` in the unit of ``Emissions.quantity``; ``direct_m`` the
    distance from where the goods are loaded to where they are unloaded, without the stops between.
    """

    order: str
    owner: str
    route: int
    quantity: int
    direct_m: int

    @property
    def activity(self) -> int:
        """Transport activity: quantity times metres."""
        return self.quantity * self.direct_m


class RouteEmissions(_Emitted, frozen=True, kw_only=True):
    """
    What one route emits; its shipments' parts sum to it exactly.

    ``driven_m`` are all metres of the route, ``empty_m`` those with nothing on board; ``by_load`` whether the factor
    depends on the load. ``intensity_mg_tkm`` is well to wheel per tonne-kilometre of transport activity, None where the
    quantity is not mass or there is no activity.
    """

    vehicle_type: str
    vehicle: int
    vehicle_class: str
    by_load: bool
    driven_m: int
    empty_m: int
    shipments: int
    activity: int
    intensity_mg_tkm: int | None


class OwnerEmissions(_Emitted, frozen=True, kw_only=True):
    """What an owner's shipments bear; nothing for shipments that are not on a route."""

    owner: str
    shipments: int
    activity: int
    intensity_mg_tkm: int | None


class Emissions(_Emitted, frozen=True, kw_only=True):
    """
    Emissions of a plan.

    Attributes
    ----------
    source
        Of the factors.
    distance, quantity
        What transport activities were counted in.
    routes
        One for each of ``Plan.routes``, in their order.
    shipments
        One for each order on a route, by route and id.
    owners
        One for each owner with an order in the problem, sorted.
    left_out
        Orders that are on no route: whatever their outside options emit is not part of the account.
    assumptions
        What nobody said and had to be assumed.
    """

    source: Source
    distance: DistanceType
    quantity: str
    driven_m: int
    empty_m: int
    activity: int
    intensity_mg_tkm: int | None
    routes: tuple[RouteEmissions, ...]
    shipments: tuple[ShipmentEmissions, ...]
    owners: tuple[OwnerEmissions, ...]
    left_out: tuple[str, ...]
    assumptions: tuple[Assumption, ...]
