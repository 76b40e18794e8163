"""Where places lie on a plane, also when nobody gave coordinates; and how a plane is divided into parts."""

from math import cos, pi, radians, sin

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from solver.compiled import Compiled
from solver.matrix import Ints

LANDMARKS = 24
BORDER_SHIFT = 0.5
"""By how much of a part's size a border between two parts may move, from one division to the next."""

Floats = NDArray[np.float64]


def chart(compiled: Compiled) -> Floats:
    """
    A plane position for each place.

    Returns
    -------
    array of float64, shape (places, 2)
        From degrees, lengths to scale (equirectangular); in arbitrary units where a place has no coordinates: such
        days are charted from the first vehicle type's distances by landmark multidimensional scaling.
    """
    places = compiled.problem.places
    if all(place.lat is not None and place.lon is not None for place in places):
        degrees = np.array([(place.lon, place.lat) for place in places], dtype=float).reshape(-1, 2)
        middle = float(degrees[:, 1].mean()) if len(places) else 0.0
        flat: Floats = degrees * np.array([cos(radians(middle)), 1.0])
        return flat
    return _scaled(compiled.distance_m[0])


def _scaled(table: Ints) -> Floats:
    """
    Landmark multidimensional scaling (de Silva, Tenenbaum: Sparse multidimensional scaling using landmark points,
    2004).

    Landmarks are picked one by one, each farthest from those before.
    """
    longest = float(np.max(table, initial=0))
    landmarks, nearest = [0], np.full(len(table), np.inf)
    for _ in range(min(LANDMARKS, len(table)) - 1):
        nearest = np.minimum(nearest, _both_ways(table, landmarks[-1], longest))
        landmarks.append(int(nearest.argmax()))
    squares = np.array([_both_ways(table, place, longest) for place in landmarks]) ** 2
    between = squares[:, landmarks]
    means = between.mean(axis=1)
    inner = -(between - means[:, None] - means[None, :] + between.mean()) / 2
    lengths, axes = np.linalg.eigh((inner + inner.T) / 2)
    widest = axes[:, -2:] / np.sqrt(np.maximum(lengths[-2:], 1e-9))
    flat: Floats = -(squares - means[:, None]).T @ widest / 2
    return flat if flat.shape[1] == 2 else np.zeros((len(table), 2))


def _both_ways(table: Ints, place: int, longest: float) -> Floats:
    """Mean of the ways to and from a place; where there is none, twice the longest."""
    there, back = (np.where(row < 0, 2 * longest, row.astype(float)) for row in (table[place], table[:, place]))
    mean: Floats = (there + back) / 2
    return mean


def turned(points: Floats, random: Generator) -> Floats:
    """Points rotated by a random angle, so that divisions along the axes come out differently."""
    angle = 2 * pi * random.random()
    turned_points: Floats = points @ np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    return turned_points


def around(points: Floats, centre: Floats, random: Generator) -> Floats:
    """Directions of points from a centre as positions on a line that begins at a random direction."""
    angles = np.arctan2(points[:, 1] - centre[1], points[:, 0] - centre[0]) + 2 * pi * random.random()
    return np.stack([np.mod(angles, 2 * pi), np.zeros(len(points))], axis=1)


def divided(points: Floats, weights: Floats, parts: int, random: Generator) -> list[list[int]]:
    """
    Indices of points in parts of about the same weight, each compact: halved again and again across the longer side.

    Parameters
    ----------
    points, weights
        Shapes ``(k, 2)`` and ``(k,)``; weights positive.
    parts
        How many are wanted; never more than points.
    random
        Moves each border by up to a quarter of a part.
    """
    return [sorted(part.tolist()) for part in _halved(points, weights, np.arange(len(points)), parts, random)]


def _halved(
    points: Floats, weights: Floats, mine: NDArray[np.intp], parts: int, random: Generator
) -> list[NDArray[np.intp]]:
    parts = min(parts, len(mine))
    if parts <= 1:
        return [mine] if len(mine) else []
    axis = int(np.argmax(np.ptp(points[mine], axis=0)))
    mine = mine[np.argsort(points[mine, axis], kind="stable")]
    share = (parts // 2 + BORDER_SHIFT * (random.random() - 0.5)) / parts
    reached = np.cumsum(weights[mine])
    at = int(np.searchsorted(reached, share * reached[-1]))
    at = min(max(at, parts // 2), len(mine) - (parts - parts // 2))
    left = _halved(points, weights, mine[:at], parts // 2, random)
    return left + _halved(points, weights, mine[at:], parts - parts // 2, random)
