"""Travel matrices of a profile: given, or derived from coordinates; each kept once, however many ask for it."""

from hashlib import sha256
from math import pi
from typing import NamedTuple
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from solver.matrix import UNREACHABLE, Ints, dtype_for
from solver.problem import Place, Problem, TravelProfile
from solver.shared import empty

EARTH_RADIUS_M = 6_371_009
"""Mean radius (IUGG); a great circle differs from the WGS 84 geodesic by at most about 0.5 %."""
BLOCK_ROWS = 256
"""Rows computed at a time: their floating-point temporaries stay small beside the tables."""

Floats = NDArray[np.float64]


class _Key(NamedTuple):
    """What a derived table depends on; ``speed_kmh`` 0 for distances."""

    places: bytes
    circuity_percent: int
    speed_kmh: int


_derived: "WeakValueDictionary[_Key, Ints]" = WeakValueDictionary()


def matrices(profile: TravelProfile, places: tuple[Place, ...]) -> tuple[Ints, Ints]:
    """
    Distances and durations of one profile.

    Tables that are derived are the same objects for all profiles of the same speed and circuity, and for all problems
    of a process with the same places, while anybody holds them.

    Returns
    -------
    distance_m, duration_s
        Read-only arrays of int32 (int64 where a value needs it), shape ``(len(places), len(places))``;
        ``solver.matrix.UNREACHABLE`` (-1) in both where either says that there is no way.
    """
    if profile.distance_m is None or profile.duration_s is None:
        return derived(places, profile.speed_kmh, profile.circuity_percent)
    distance_m, duration_s = profile.distance_m.values, profile.duration_s.values
    if np.array_equal(distance_m < 0, duration_s < 0):
        return distance_m, duration_s
    return _cut_off(distance_m, duration_s), _cut_off(duration_s, distance_m)


def _cut_off(table: Ints, other: Ints) -> Ints:
    """A copy without the ways that the other table does not know."""
    copy: Ints = empty(table.shape, table.dtype)
    copy[:] = table
    copy[other < 0] = UNREACHABLE
    copy.setflags(write=False)
    return copy


def derived(places: tuple[Place, ...], speed_kmh: int, circuity_percent: int) -> tuple[Ints, Ints]:
    """
    Great-circle distance (haversine) times circuity, and that distance at constant speed, rounded up.

    Rounding up keeps the triangle inequality to within one unit and never promises too short a time.
    """
    lat, lon = _radians(places)
    content = _content(places)
    metres_key, seconds_key = _Key(content, circuity_percent, 0), _Key(content, circuity_percent, speed_kmh)
    distance_m, duration_s = _derived.get(metres_key), _derived.get(seconds_key)
    if distance_m is None:
        distance_m = _filled(lat, lon, circuity_percent, 0)
    if duration_s is None:
        duration_s = _filled(lat, lon, circuity_percent, speed_kmh)
    _derived[metres_key], _derived[seconds_key] = distance_m, duration_s
    return distance_m, duration_s


def _radians(places: tuple[Place, ...]) -> tuple[Floats, Floats]:
    """Latitudes and longitudes."""
    degrees = np.array([(place.lat, place.lon) for place in places], dtype=float).reshape(-1, 2)
    return np.radians(degrees[:, 0]), np.radians(degrees[:, 1])


def _content(places: tuple[Place, ...]) -> bytes:
    """Hash of all coordinates."""
    lat, lon = _radians(places)
    return sha256(lat.tobytes() + lon.tobytes()).digest()


def _filled(lat: Floats, lon: Floats, circuity_percent: int, speed_kmh: int) -> Ints:
    """A table in blocks of rows; only what lies right of the diagonal's block is computed, the rest mirrored."""
    longest_m = pi * EARTH_RADIUS_M * circuity_percent / 100
    dtype = dtype_for(1 + (longest_m * 3.6 / speed_kmh if speed_kmh else longest_m))
    size = len(lat)
    table: Ints = empty((size, size), dtype)
    cos_lat = np.cos(lat)
    for row in range(0, size, BLOCK_ROWS):
        end = min(row + BLOCK_ROWS, size)
        road_m = _road_m(lat, lon, cos_lat, row, end, circuity_percent)
        if speed_kmh:
            road_m *= 3.6
            road_m /= speed_kmh
        np.ceil(road_m, out=road_m)
        table[row:end, row:] = road_m
        table[end:, row:end] = table[row:end, end:].T
    table.setflags(write=False)
    return table


def _road_m(lat: Floats, lon: Floats, cos_lat: Floats, row: int, end: int, circuity_percent: int) -> Floats:
    """Metres from the places ``row`` to ``end`` to all from ``row`` on."""
    half_chord: Floats = np.subtract(lat[row:end, None], lat[None, row:])
    half_chord /= 2
    np.square(np.sin(half_chord, out=half_chord), out=half_chord)
    across: Floats = np.subtract(lon[row:end, None], lon[None, row:])
    across /= 2
    np.square(np.sin(across, out=across), out=across)
    across *= cos_lat[row:end, None] * cos_lat[None, row:]
    half_chord += across
    np.clip(half_chord, 0.0, 1.0, out=half_chord)
    np.arcsin(np.sqrt(half_chord, out=half_chord), out=half_chord)
    half_chord *= 2 * EARTH_RADIUS_M
    half_chord *= circuity_percent
    half_chord /= 100
    return half_chord


def known_tables(problem: Problem) -> dict[_Key, Ints]:
    """Tables derived for a problem so far, to be handed to a child process together with it."""
    wanted = {
        (profile.circuity_percent, speed_kmh)
        for profile in problem.profiles
        if profile.distance_m is None
        for speed_kmh in (0, profile.speed_kmh)
    }
    content = _content(problem.places) if wanted else b""
    keys = [_Key(content, circuity_percent, speed_kmh) for circuity_percent, speed_kmh in sorted(wanted)]
    tables = {key: _derived.get(key) for key in keys}
    return {key: table for key, table in tables.items() if table is not None}


def adopt_tables(tables: dict[_Key, Ints]) -> None:
    """Know tables that another process derived, for as long as the caller holds them."""
    _derived.update(tables)
