"""A research instance in numbers, and the problem that it poses: VRPLIB, Solomon and Li & Lim files all become this."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.formats.reading import Convention, Reading
from solver.formats.text import Faults
from solver.matrix import Matrix
from solver.parts import Order, Place, TravelProfile, VehicleType, Visit, Window
from solver.plan import MILLI
from solver.problem import Problem

TIME_MAX_S = 10**9
NO_CURRENCY = 3 * "X"
"""ISO 4217: no currency is involved."""
FUZZ = 1e-6
"""What is this close above a whole number is that number: the last bits of a square root."""


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """
    One vehicle of a file, or all of them where they are alike.

    ``allowed`` holds the nodes that it may visit, None for all; durations and distances in the file's units.
    """

    capacity: tuple[int, ...] = ()
    depot: int = 0
    reloads: tuple[int, ...] = ()
    reloads_max: int | None = None
    fixed: float = 0.0
    unit_cost: float = 1.0
    duration_max: float | None = None
    distance_max: float | None = None
    allowed: frozenset[int] | None = None


@dataclass(frozen=True, kw_only=True)
class Instance:
    """
    Arrays by node, in the file's units; node numbers count from 0 as solution files do.

    Attributes
    ----------
    coords, weights
        Shape ``(n, 2)``, and ``(n, n)``: distance is Euclidean unless ``weights`` are given.
    demands
        Shape ``(n, dimensions)``.
    service, windows, releases, prizes
        Shapes ``(n,)``, ``(n, 2)``, ``(n,)``, ``(n,)``; None where the file has none. A prize of 0 makes mandatory.
    pairs
        Nodes of pickup and delivery of each transport; other nodes are deliveries from the depot.
    fleet
        The vehicles, one entry each; or, with ``alike``, one entry for ``count`` of them (None: any number).
    """

    name: str
    format: str
    convention: Convention
    coords: NDArray[np.float64] | None
    weights: NDArray[np.float64] | None = None
    demands: NDArray[np.int64]
    depots: tuple[int, ...] = (0,)
    service: NDArray[np.float64] | None = None
    windows: NDArray[np.float64] | None = None
    releases: NDArray[np.float64] | None = None
    prizes: NDArray[np.float64] | None = None
    pairs: tuple[tuple[int, int], ...] = ()
    fleet: tuple[Vehicle, ...]
    alike: bool = True
    count: int | None = None

    @property
    def timed(self) -> bool:
        """Whether time plays a part at all."""
        given = (self.windows, self.service, self.releases)
        limited = any(vehicle.duration_max is not None for vehicle in self.fleet)
        return limited or any(values is not None for values in given)


def distances(instance: Instance) -> NDArray[np.float64]:
    """Distances in the file's units, shape ``(n, n)``, not rounded."""
    if instance.weights is not None:
        return instance.weights
    assert instance.coords is not None
    x, y = instance.coords[:, 0], instance.coords[:, 1]
    return np.sqrt((x[:, None] - x[None, :]) ** 2 + (y[:, None] - y[None, :]) ** 2)


def scaled(values: NDArray[np.float64], convention: Convention) -> NDArray[np.int64]:
    """Numbers of a file made whole as its family does."""
    product = values * convention.scale
    return np.floor(product if convention.truncate else product + 0.5).astype(np.int64)


def reading_of(instance: Instance) -> Reading:
    """
    The problem of an instance.

    Raises
    ------
    ProblemError
        Where a number passes the solver's bounds once it is scaled.
    """
    _refuse_too_large(instance)
    numbers, orders = _orders(instance)
    groups = _groups(instance)
    problem = Problem(
        currency=NO_CURRENCY,
        places=tuple(Place(id=str(node)) for node in range(len(instance.demands))),
        profiles=(_profile(instance),),
        vehicle_types=tuple(_vehicle_type(instance, number, entry) for number, entry in enumerate(groups.items())),
        orders=orders,
    )
    by_vehicle = {vehicle: problem.vehicle_types[number].id for number, vehicle in enumerate(groups)}
    return Reading(
        problem=problem,
        format=instance.format,
        name=instance.name,
        convention=instance.convention,
        numbers=numbers,
        depots={depot: str(depot) for depot in instance.depots},
        vehicles=tuple(by_vehicle[vehicle] for vehicle in instance.fleet) if len(groups) > 1 else (),
    )


def _refuse_too_large(instance: Instance) -> None:
    faults, limit = Faults(), TIME_MAX_S / instance.convention.scale
    for name, values in (
        ("windows", instance.windows),
        ("service times", instance.service),
        ("release times", instance.releases),
        ("distances", distances(instance)),
    ):
        largest = 0.0 if values is None else float(np.max(values, initial=0.0))
        if largest > limit:
            cause = f"the {name} go up to {largest:g}, and {instance.convention.name} leaves room for {limit:g}"
            faults.add("number_too_large", name, cause, "give them in a coarser unit")
    faults.stop_if_any()


def _profile(instance: Instance) -> TravelProfile:
    real = distances(instance)
    whole = Matrix(scaled(real, instance.convention))
    duration = whole
    if not instance.timed:
        duration = Matrix(np.zeros((len(whole), len(whole)), dtype=np.int64))
    elif instance.convention.ceil_durations:
        duration = Matrix(np.ceil(real * instance.convention.scale - FUZZ).astype(np.int64))
    return TravelProfile(id="default", distance_m=whole, duration_s=duration)


def _groups(instance: Instance) -> dict[Vehicle, int | None]:
    """Vehicles that are alike, with their number."""
    if instance.alike:
        return {instance.fleet[0]: instance.count}
    counts: dict[Vehicle, int | None] = {}
    for vehicle in instance.fleet:
        counts[vehicle] = (counts.get(vehicle) or 0) + 1
    return counts


def _vehicle_type(instance: Instance, number: int, entry: tuple[Vehicle, int | None]) -> VehicleType:
    vehicle, count = entry
    convention, depot = instance.convention, str(vehicle.depot)
    price = convention.minor_scale * MILLI
    return VehicleType(
        id=f"v{number + 1}",
        start=depot,
        end=depot,
        capacity={dimension(d): amount for d, amount in enumerate(vehicle.capacity)},
        count=count,
        shift=_window(instance, vehicle.depot) or Window(0, TIME_MAX_S),
        fixed_milli=round(vehicle.fixed * price),
        km_milli=round(vehicle.unit_cost * price * MILLI / convention.scale),
        duration_max_s=_limit(vehicle.duration_max, convention),
        distance_max_m=_limit(vehicle.distance_max, convention),
        skills=tuple(sorted(_skills(instance, vehicle))),
        reloads=tuple(str(node) for node in vehicle.reloads),
        reloads_max=vehicle.reloads_max,
    )


def dimension(number: int) -> str:
    """Name of a dimension of load in problems that come from instances."""
    return "demand" if number == 0 else f"demand{number + 1}"


def _limit(value: float | None, convention: Convention) -> int | None:
    return None if value is None else int(scaled(np.array([value]), convention)[0])


def _skills(instance: Instance, vehicle: Vehicle) -> set[str]:
    """One skill for each node that not every vehicle may visit."""
    if all(other.allowed is None for other in instance.fleet):
        return set()
    everyone = set(range(len(instance.demands)))
    return {f"node {node}" for node in (everyone if vehicle.allowed is None else vehicle.allowed)}


def _window(instance: Instance, node: int) -> Window | None:
    if instance.windows is None:
        return None
    opens, closes = scaled(instance.windows[node], instance.convention).tolist()
    return Window(opens, closes)


def _visit(instance: Instance, node: int) -> Visit:
    window = _window(instance, node)
    service = 0 if instance.service is None else int(scaled(instance.service[node : node + 1], instance.convention)[0])
    return Visit(place=str(node), windows=() if window is None else (window,), service_s=service)


def _orders(instance: Instance) -> tuple[tuple[int, ...], tuple[Order, ...]]:
    """Node numbers by visit, and the orders: transports first, then deliveries by node."""
    numbers: list[int] = []
    orders: list[Order] = []
    owner = instance.name[:200] or "instance"
    for origin, goal in instance.pairs:
        numbers += (origin, goal)
        pickup, delivery = _visit(instance, origin), _visit(instance, goal)
        load = _load(instance.demands[origin])
        orders.append(Order(id=f"{origin}>{goal}", owner=owner, pickup=pickup, delivery=delivery, load=load))
    done = {*instance.depots, *numbers}
    restricted = any(vehicle.allowed is not None for vehicle in instance.fleet)
    for node in range(len(instance.demands)):
        if node not in done:
            numbers += (-1, node)
            orders.append(
                Order(
                    id=str(node),
                    owner=owner,
                    delivery=_visit(instance, node),
                    load=_load(instance.demands[node]),
                    skills=(f"node {node}",) if restricted else (),
                    outside_milli=_outside(instance, node),
                    release_s=_release(instance, node),
                )
            )
    return tuple(numbers), tuple(orders)


def _load(amounts: Sequence[int] | NDArray[np.int64]) -> dict[str, int]:
    return {dimension(d): int(amount) for d, amount in enumerate(amounts)}


def _outside(instance: Instance, node: int) -> int | None:
    if instance.prizes is None or instance.prizes[node] == 0:
        return None
    convention = instance.convention
    whole = int(scaled(instance.prizes[node : node + 1], convention)[0])
    return whole * convention.minor_scale * MILLI // convention.scale


def _release(instance: Instance, node: int) -> int:
    if instance.releases is None:
        return 0
    return int(scaled(instance.releases[node : node + 1], instance.convention)[0])
