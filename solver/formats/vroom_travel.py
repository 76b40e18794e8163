"""
VROOM's travel in the solver's terms.

VROOM pays for driving time and kilometres, never for waiting, so its price of a leg becomes the leg's length in the
problem: ``distance_m`` of such a problem counts steps of cost, not metres.
"""

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from solver.formats.text import Faults
from solver.formats.vroom_parts import PER_HOUR, Coordinates, Costs, VroomProblem, VroomVehicle
from solver.matrix import Matrix
from solver.parts import Place, TravelProfile
from solver.plan import MILLI
from solver.travel import derived

NINTHS = 9
"""A price of an hour that is no multiple of 9 is a whole number of minor units only if these are ninths."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Base:
    """Seconds, metres and own costs (or None) between the locations of one profile."""

    duration_s: Ints
    distance_m: Ints
    costs: Ints | None


@dataclass(frozen=True)
class Travel:
    """
    How one vehicle travels.

    ``durations`` and ``lengths`` are between places; a length costs ``km_milli`` a thousand; ``limit`` is the most that
    a route's lengths may add up to, None for no limit.
    """

    profile: str
    km_milli: int
    limit: int | None


class Locations:
    """Places of the problem and where each stands in VROOM's matrices; -1 is everywhere at once."""

    def __init__(self, problem: VroomProblem, faults: Faults) -> None:
        self.places: list[Place] = []
        self.index_of: list[int] = []
        self._problem, self._faults = problem, faults
        self._coordinates: dict[Coordinates, int] = {}
        self._named: dict[str, str] = {}
        self.size = _size(problem, faults)

    def add(self, id_: str, where: str, point: Coordinates | None, index: int | None) -> str:
        """A new place; its id."""
        found = self._index(where, point, index)
        lat, lon = (point[1], point[0]) if point is not None and len(point) == 2 else (None, None)
        self.places.append(Place(id=id_, lat=lat, lon=lon))
        self.index_of.append(found)
        return id_

    def shared(self, where: str, point: Coordinates | None, index: int | None) -> str:
        """The place where vehicles start or end; one for all that name the same."""
        if point is None and index is None:
            key, id_ = "anywhere", "anywhere"
        else:
            key = f"{index}" if self._problem.matrices else f"{point}"
            id_ = f"depot {key}"
        if key not in self._named:
            self._named[key] = id_
            if id_ == "anywhere":
                self.places.append(Place(id=id_))
                self.index_of.append(-1)
            else:
                self.add(id_, where, point, index)
        return self._named[key]

    def _index(self, where: str, point: Coordinates | None, index: int | None) -> int:
        if point is not None and (len(point) != 2 or not (abs(point[0]) <= 180 and abs(point[1]) <= 90)):
            cause = f"{list(point)} is no pair of longitude and latitude"
            self._faults.add("coordinate_out_of_range", where, cause, "give [lon, lat] in degrees")
        if self._problem.matrices:
            if index is None or not 0 <= index < self.size:
                cause = "it names no row of the matrices" if index is None else f"there is no row {index}"
                cure = f"give an index from 0 to {self.size - 1}, or leave the matrices out"
                self._faults.add("location_missing", where, cause, cure)
                return 0
            return index
        if point is None:
            cause = "it has no coordinates, and there are no matrices"
            self._faults.add("location_missing", where, cause, "give [lon, lat], or matrices and an index")
            return 0
        return self._coordinates.setdefault(point, len(self._coordinates))

    def points(self) -> list[Coordinates]:
        """Coordinates in the order of their indices, where there are no matrices."""
        return list(self._coordinates)


def _size(problem: VroomProblem, faults: Faults) -> int:
    """Rows that all matrices have."""
    sizes = {
        f"matrices.{name}.{field}": len(matrix)
        for name, tables in problem.matrices.items()
        for field, matrix in (("durations", tables.durations), ("distances", tables.distances), ("costs", tables.costs))
        if matrix is not None
    }
    size = next(iter(sizes.values()), 0)
    for where, rows in sizes.items():
        if rows != size:
            faults.add("matrix_size", where, f"it has {rows} rows, another {size}", "give all the same rows")
    return size


def bases(problem: VroomProblem, locations: Locations, faults: Faults) -> dict[str, Base]:
    """Travel by profile that a vehicle uses."""
    found: dict[str, Base] = {}
    for number, vehicle in enumerate(problem.vehicles):
        name = vehicle.profile
        if name in found:
            continue
        if not problem.matrices:
            found[name] = _great_circles(locations.points())
        elif name not in problem.matrices or problem.matrices[name].durations is None:
            cause = f"there is no matrix of durations for profile {name!r}"
            faults.add("profile_unknown", f"vehicles[{number}].profile", cause, "give matrices.PROFILE.durations")
        else:
            tables = problem.matrices[name]
            assert tables.durations is not None
            durations = tables.durations.values.astype(np.int64)
            metres = np.zeros_like(durations) if tables.distances is None else tables.distances.values.astype(np.int64)
            own = None if tables.costs is None else tables.costs.values.astype(np.int64)
            found[name] = Base(durations, metres, own)
    return found


def _great_circles(points: list[Coordinates]) -> Base:
    """Great circles with the default detour and speed of a travel profile."""
    default = TravelProfile(id="default")
    places = tuple(Place(id=str(k), lat=point[1], lon=point[0]) for k, point in enumerate(points))
    metres, seconds = derived(places, default.speed_kmh, default.circuity_percent)
    return Base(seconds.astype(np.int64), metres.astype(np.int64), None)


def money_scale(problem: VroomProblem) -> int:
    """Minor units of the problem in one of VROOM's units of cost."""
    return NINTHS if any(vehicle.costs.per_hour % NINTHS for vehicle in problem.vehicles) else 1


class Profiles:
    """Travel profiles as vehicles ask for them, one for each different way to travel and to pay."""

    def __init__(self, found: dict[str, Base], locations: Locations, scale: int) -> None:
        self._bases, self._scale = found, scale
        self._rows = np.array(locations.index_of, dtype=np.int64)
        self._known: dict[tuple[str, float, int, int], str] = {}
        self.profiles: list[TravelProfile] = []
        self.longest = 0

    def travel(self, vehicle: VroomVehicle, where: str, faults: Faults) -> Travel:
        """How a vehicle travels, with its profile entered in ``profiles``."""
        base = self._bases[vehicle.profile]
        seconds = _slowed(base.duration_s, vehicle.speed_factor)
        km_milli, by_second, by_metre = self._prices(vehicle, base, where, faults)
        limit = _limit(vehicle, by_second, by_metre, base.costs is not None, where, faults)
        key = (vehicle.profile, vehicle.speed_factor, by_second, by_metre)
        if key not in self._known:
            own = None if base.costs is None else base.costs
            lengths = own if own is not None else by_second * seconds + by_metre * base.distance_m
            cut_off = (seconds < 0) | (lengths < 0) | (base.distance_m < 0)
            self._known[key] = f"{vehicle.profile} {len(self.profiles) + 1}"
            self.profiles.append(
                TravelProfile(
                    id=self._known[key],
                    distance_m=self._between(np.where(cut_off, -1, lengths)),
                    duration_s=self._between(np.where(cut_off, -1, seconds)),
                )
            )
            self.longest = max(self.longest, int(np.max(lengths, initial=0)) * km_milli)
        return Travel(self._known[key], km_milli, limit)

    def _prices(self, vehicle: VroomVehicle, base: Base, where: str, faults: Faults) -> tuple[int, int, int]:
        """Price of a thousand steps of length, steps in a second, steps in a metre."""
        costs = vehicle.costs
        if base.costs is not None:
            if (costs.per_hour, costs.per_km) != (Costs().per_hour, 0):
                cause = "the profile has costs of its own, and prices of hours or kilometres are given too"
                faults.add("vroom_unsupported", f"{where}.costs", cause, "give one of the two")
            return self._scale * MILLI * MILLI, 0, 0
        hours = self._scale * costs.per_hour * MILLI * MILLI // PER_HOUR
        metres = self._scale * costs.per_km * MILLI
        step = gcd(hours, metres)
        if step == 0:
            return 0, int(vehicle.max_distance is None), int(vehicle.max_distance is not None)
        return step, hours // step, metres // step

    def _between(self, table: Ints) -> Matrix:
        """Values between places; nothing to and from anywhere."""
        rows = self._rows
        if not len(table):
            return Matrix(np.zeros((len(rows), len(rows)), dtype=np.int64))
        inner = table[np.ix_(np.maximum(rows, 0), np.maximum(rows, 0))]
        return Matrix(np.where((rows[:, None] < 0) | (rows[None, :] < 0), 0, inner))


def _slowed(seconds: Ints, factor: float) -> Ints:
    """Durations at another speed, to the nearest second."""
    if factor == 1.0:
        return seconds
    return np.where(seconds < 0, -1, np.floor(seconds / factor + 0.5)).astype(np.int64)


def _limit(vehicle: VroomVehicle, by_second: int, by_metre: int, own: bool, where: str, faults: Faults) -> int | None:
    """The limit on lengths that stands for VROOM's limit of driving time or distance."""
    given = [(name, value) for name, value in (
        ("max_travel_time", vehicle.max_travel_time), ("max_distance", vehicle.max_distance)
    ) if value is not None]  # fmt: skip
    if not given:
        return None
    name, value = given[0]
    by_this, by_other = (by_second, by_metre) if name == "max_travel_time" else (by_metre, by_second)
    if own or len(given) > 1 or by_other or not by_this:
        cure = {
            "max_travel_time": "pay for hours alone (per_km 0)",
            "max_distance": "pay for kilometres alone (per_hour 0)",
        }[name]
        cause = "a limit can only be kept on what is paid for, and on one of driving time and distance"
        faults.add("vroom_unsupported", f"{where}.{name}", cause, cure)
        return None
    return value * by_this
