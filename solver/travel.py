"""Travel matrices of a profile: given, or derived from coordinates."""

import numpy as np
from numpy.typing import NDArray

from solver.problem import Place, TravelProfile

EARTH_RADIUS_M = 6_371_009
"""Mean radius (IUGG); a great circle differs from the WGS 84 geodesic by at most about 0.5 %."""


def matrices(profile: TravelProfile, places: tuple[Place, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Distances and durations of one profile.

    Returns
    -------
    distance_m, duration_s
        int64 arrays, shape ``(len(places), len(places))``; ``solver.matrix.UNREACHABLE`` (-1) in both where either says
        that there is no way.
    """
    if profile.distance_m is None or profile.duration_s is None:
        return derived(places, profile.speed_kmh, profile.circuity_percent)
    distance_m, duration_s = profile.distance_m.values, profile.duration_s.values
    cut_off = (distance_m < 0) | (duration_s < 0)
    return np.where(cut_off, -1, distance_m), np.where(cut_off, -1, duration_s)


def derived(
    places: tuple[Place, ...], speed_kmh: int, circuity_percent: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Great-circle distance (haversine) times circuity, and that distance at constant speed, rounded up.

    Rounding up keeps the triangle inequality to within one unit and never promises too short a time.
    """
    lat = np.radians(np.array([place.lat for place in places], dtype=float))
    lon = np.radians(np.array([place.lon for place in places], dtype=float))
    half_chord = (
        np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat[None, :]) * np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
    )
    great_circle_m = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half_chord, 0.0, 1.0)))
    road_m = great_circle_m * circuity_percent / 100
    distance_m = np.ceil(road_m).astype(np.int64)
    duration_s = np.ceil(road_m * 3.6 / speed_kmh).astype(np.int64)
    return distance_m, duration_s
