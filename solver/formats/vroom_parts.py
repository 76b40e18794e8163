"""The fields of VROOM's JSON, as its API has them in release 1.14 and 1.15; anything else is a fault."""

from typing import Annotated

from msgspec import Meta, Struct

from solver.matrix import Matrix

PER_HOUR = 3600
"""VROOM's price of an hour of driving where none is given: a second costs 1."""

Amount = Annotated[int, Meta(ge=0, le=10**12)]
Seconds = Annotated[int, Meta(ge=0, le=2**32)]
Price = Annotated[int, Meta(ge=0, le=10**9)]
Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Coordinates = tuple[float, ...]
"""Longitude, latitude."""
TimeWindow = tuple[Seconds, ...]


class Task(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One side of a shipment."""

    id: Number
    description: str = ""
    location: Coordinates | None = None
    location_index: Number | None = None
    setup: Seconds = 0
    service: Seconds = 0
    setup_per_type: dict[str, Seconds] = {}
    service_per_type: dict[str, Seconds] = {}
    time_windows: tuple[TimeWindow, ...] = ()


class Job(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A delivery from the vehicle's start, a collection to its end, or a visit with neither."""

    id: Number
    description: str = ""
    location: Coordinates | None = None
    location_index: Number | None = None
    setup: Seconds = 0
    service: Seconds = 0
    setup_per_type: dict[str, Seconds] = {}
    service_per_type: dict[str, Seconds] = {}
    delivery: tuple[Amount, ...] = ()
    pickup: tuple[Amount, ...] = ()
    skills: tuple[Number, ...] = ()
    priority: Annotated[int, Meta(ge=0, le=100)] = 0
    time_windows: tuple[TimeWindow, ...] = ()


class Shipment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Goods from one place to another on one vehicle."""

    pickup: Task
    delivery: Task
    amount: tuple[Amount, ...] = ()
    skills: tuple[Number, ...] = ()
    priority: Annotated[int, Meta(ge=0, le=100)] = 0


class VroomBreak(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pause of the driver."""

    id: Number
    time_windows: tuple[TimeWindow, ...] = ()
    service: Seconds = 0
    description: str = ""
    max_load: tuple[Amount, ...] | None = None


class Costs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prices of a vehicle: of its use, of an hour of driving, of an hour of service, of a kilometre."""

    fixed: Price = 0
    per_hour: Price = PER_HOUR
    per_task_hour: Price = 0
    per_km: Price = 0


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a route to start from."""

    type: str
    id: Number | None = None
    description: str = ""
    service_at: Seconds | None = None
    service_after: Seconds | None = None
    service_before: Seconds | None = None


class VroomVehicle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One vehicle."""

    id: Number
    profile: str = "car"
    description: str = ""
    start: Coordinates | None = None
    start_index: Number | None = None
    end: Coordinates | None = None
    end_index: Number | None = None
    capacity: tuple[Amount, ...] = ()
    costs: Costs = Costs()
    skills: tuple[Number, ...] = ()
    type: str = ""
    time_window: TimeWindow | None = None
    breaks: tuple[VroomBreak, ...] = ()
    speed_factor: Annotated[float, Meta(gt=0, le=5)] = 1.0
    max_tasks: Number | None = None
    max_travel_time: Seconds | None = None
    max_distance: Seconds | None = None
    steps: tuple[Step, ...] = ()


class Tables(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Matrices of one profile: seconds, metres, or costs that stand for themselves."""

    durations: Matrix | None = None
    distances: Matrix | None = None
    costs: Matrix | None = None


class VroomProblem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole question in VROOM's words."""

    vehicles: tuple[VroomVehicle, ...]
    jobs: tuple[Job, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    matrices: dict[str, Tables] = {}
