"""Which class of the factors each vehicle type of a plan belongs to: said, or guessed from what it may carry."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from solver.emissions.day import Day
from solver.emissions.factor_sets import chosen
from solver.emissions.words import ELECTRICITY, WEIGHT, Assumed, Assumption, FactorSet, Method, Rate, VehicleFactor
from solver.faults import Fault
from solver.problem import VehicleType


class Emitter(NamedTuple):
    """
    How a vehicle type emits.

    ``average`` alone, or by load between ``empty`` and ``full`` where ``payload_g`` is known too. Electricity's rates
    are all provision already.
    """

    factor: VehicleFactor
    payload_g: int | None
    average: Rate
    empty: Rate | None
    full: Rate | None


class Fleet:
    """
    The emitters of the vehicle types that a plan uses, and what had to be assumed or cannot be known.

    Without factors only what is wrong with the method's names and payloads is found.

    Attributes
    ----------
    emitters
        By vehicle type; one that has a fault is missing.
    assumptions, faults
        Codes ``vehicle_class_unknown``, ``vehicle_type_unknown``, ``number_too_small``, ``factor_not_transferable``.
    """

    def __init__(self, day: Day, factors: FactorSet | None) -> None:
        self.emitters: dict[str, Emitter] = {}
        self.assumptions: list[Assumption] = []
        self.faults = [
            *_unknown(day, "classes", day.method.classes),
            *_unknown(day, "payloads_g", day.method.payloads_g),
        ]
        self.faults += _payload_faults(day)
        if factors is not None:
            self._judge(day, factors)

    def _judge(self, day: Day, factors: FactorSet) -> None:
        classes = {vehicle.id: vehicle for vehicle in factors.vehicles}
        used = {route.vehicle_type for route in day.plan.routes}
        for vehicle in day.problem.vehicle_types:
            if vehicle.id in used:
                payload_g = day.method.payloads_g.get(vehicle.id, vehicle.capacity.get(WEIGHT))
                said = day.method.classes.get(vehicle.id)
                factor = self._guessed(vehicle.id, payload_g, classes) if said is None else classes.get(said)
                if factor is None:
                    self.faults.append(_no_class(vehicle.id, said, payload_g, classes))
                elif factor.energy == ELECTRICITY and factors.source.region != day.method.region:
                    self.faults.append(_other_grid(vehicle.id, factor, factors.source.region))
                else:
                    self._admit(vehicle.id, factor, payload_g)

    def _guessed(
        self, vehicle: str, payload_g: int | None, classes: Mapping[str, VehicleFactor]
    ) -> VehicleFactor | None:
        """The class that a payload speaks for."""
        factor = class_for(payload_g, classes)
        if factor is None:
            return None
        detail = f"{vehicle!r} is taken for {factor.id!r} ({factor.name}), because it may carry {payload_g} g"
        self.assumptions.append(Assumption(what=Assumed.CLASS, where=f"classes.{vehicle}", detail=detail))
        return factor

    def _admit(self, vehicle: str, factor: VehicleFactor, payload_g: int | None) -> None:
        average, empty, full = factor.average, factor.empty, factor.full
        if factor.energy == ELECTRICITY:
            detail = f"all emissions of {factor.id!r} count as provision of its electricity, none as the vehicle's own"
            self.assumptions.append(Assumption(what=Assumed.ELECTRICITY, where=f"classes.{vehicle}", detail=detail))
            average = _provided(average)
            empty, full = (None if rate is None else _provided(rate) for rate in (empty, full))
        self.emitters[vehicle] = Emitter(factor, payload_g, average, empty, full)


def class_for(payload_g: int | None, classes: Mapping[str, VehicleFactor]) -> VehicleFactor | None:
    """The class that a payload speaks for, of several that with the least; None where none does."""
    fitting = [
        (factor.guess_payload_max_g, factor)
        for factor in classes.values()
        if payload_g is not None and factor.guess_payload_max_g is not None
        if factor.guess_payload_min_g <= payload_g <= factor.guess_payload_max_g
    ]
    return min(fitting, key=lambda entry: (entry[0], entry[1].id))[1] if fitting else None


def rate_mg_km(vehicle: VehicleType, method: Method) -> int | None:
    """
    What a vehicle emits on a kilometre at average load, well to wheel, in milligrams; None for one of no known class.

    For steering a search before there is a plan; an account of a plan goes by its loads.
    """
    found = chosen(method).factors
    if found is None:
        return None
    classes = {entry.id: entry for entry in found.vehicles}
    payload_g = method.payloads_g.get(vehicle.id, vehicle.capacity.get(WEIGHT))
    said = method.classes.get(vehicle.id)
    factor = class_for(payload_g, classes) if said is None else classes.get(said)
    return None if factor is None else factor.average.ttw_mg_km + factor.average.wtt_mg_km


def _provided(rate: Rate) -> Rate:
    """The rate of an electric vehicle: its own emissions are zero (ISO 14083), the grid's are provision."""
    return Rate(ttw_mg_km=0, wtt_mg_km=rate.ttw_mg_km + rate.wtt_mg_km)


def _unknown(day: Day, field: str, named: Mapping[str, object]) -> Iterator[Fault]:
    for name in sorted(set(named) - set(day.types)):
        cause = f"there is no vehicle type {name!r}"
        cure = f"one of {', '.join(sorted(day.types))}"
        yield Fault(code="vehicle_type_unknown", where=f"{field}.{name}", cause=cause, cure=cure)


def _payload_faults(day: Day) -> Iterator[Fault]:
    for name, payload_g in sorted(day.method.payloads_g.items()):
        if payload_g < 1:
            cause = f"{payload_g} g"
            yield Fault(code="number_too_small", where=f"payloads_g.{name}", cause=cause, cure="a payload above 0")


def _no_class(vehicle: str, said: str | None, payload_g: int | None, classes: Mapping[str, VehicleFactor]) -> Fault:
    if said is not None:
        cause = f"the factors have no class {said!r}"
    elif payload_g is None:
        cause = "it has no class, and no capacity in weight_g to guess one from"
    else:
        cause = f"it has no class, and none is guessed for a payload of {payload_g} g"
    cure = f"one of {', '.join(sorted(classes))}"
    return Fault(code="vehicle_class_unknown", where=f"classes.{vehicle}", cause=cause, cure=cure)


def _other_grid(vehicle: str, factor: VehicleFactor, region: str) -> Fault:
    cause = f"{factor.id!r} is of the electricity of {region}"
    cure = "factors of your own for the electricity where the vehicle is charged"
    return Fault(code="factor_not_transferable", where=f"classes.{vehicle}", cause=cause, cure=cure)
