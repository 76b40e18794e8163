"""
Lines on a map as short text: Google's encoded polyline algorithm format, which OSRM and Valhalla speak too.

https://developers.google.com/maps/documentation/utilities/polylinealgorithm; engines differ in the number of decimals.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from cluster.places.roads_models import PointE6

PRECISION = 5
"""Decimals of a degree in what we store and answer: 1 m."""
TOLERANCE_M = 4.0
"""A line on a screen is two pixels wide; bends smaller than this are not seen on it."""
POINTS_MAX = 5_000
METRES_A_DEGREE = 111_195.0


def encoded(points: Sequence[PointE6]) -> str:
    """A line in ``PRECISION`` decimals; empty without points."""
    unit = 10 ** (6 - PRECISION)
    letters: list[str] = []
    before = (0, 0)
    for point in points:
        now = (round(point[0] / unit), round(point[1] / unit))
        letters += [_number(now[0] - before[0]), _number(now[1] - before[1])]
        before = now
    return "".join(letters)


def _number(value: int) -> str:
    rest = ~(value << 1) if value < 0 else value << 1
    letters = []
    while rest >= 0x20:
        letters.append(chr((0x20 | (rest & 0x1F)) + 63))
        rest >>= 5
    return "".join([*letters, chr(rest + 63)])


def decoded(line: str, precision: int = PRECISION) -> list[PointE6]:
    """
    The points of a line with ``precision`` decimals, 5 or 6.

    Raises
    ------
    ValueError
        When it is no line, or leaves the globe.
    """
    unit = 10 ** (6 - precision)
    lat = lon = 0
    points: list[PointE6] = []
    numbers = _numbers(line)
    for step in numbers:
        lat += step * unit
        across = next(numbers, None)
        if across is None:
            raise ValueError("an encoded line that breaks off")
        lon += across * unit
        if abs(lat) > 90_000_000 or abs(lon) > 180_000_000:
            raise ValueError("a line that leaves the globe")
        points.append((lat, lon))
    return points


def _numbers(line: str) -> Iterator[int]:
    shift = value = 0
    for letter in line:
        part = ord(letter) - 63
        if not 0 <= part < 0x40 or shift > 30:
            raise ValueError("no encoded line")
        value |= (part & 0x1F) << shift
        shift += 5
        if part < 0x20:
            yield ~(value >> 1) if value & 1 else value >> 1
            shift = value = 0
    if shift:
        raise ValueError("an encoded line that breaks off")


def drawn(points: Sequence[PointE6]) -> str:
    """A line for a map: without what nobody sees on it, and of at most ``POINTS_MAX`` points."""
    at = np.array(points, dtype=float).reshape(-1, 2) / 1e6
    if len(at) == 0:
        return ""
    flat = at * METRES_A_DEGREE * np.array([1.0, np.cos(np.radians(at[:, 0].mean()))])
    tolerance_m = TOLERANCE_M
    while (kept := _kept(flat, tolerance_m)).sum() > POINTS_MAX:
        tolerance_m *= 2
    return encoded([points[int(index)] for index in np.flatnonzero(kept)])


def _kept(at: NDArray[np.float64], tolerance_m: float) -> NDArray[np.bool_]:
    """Which points Douglas and Peucker's algorithm (1973) keeps; the ends always."""
    kept = np.zeros(len(at), dtype=bool)
    kept[[0, -1]] = True
    parts = [(0, len(at) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        off = _off_m(at[first + 1 : last], at[first], at[last])
        farthest = int(np.argmax(off))
        if off[farthest] > tolerance_m:
            middle = first + 1 + farthest
            kept[middle] = True
            parts += [(first, middle), (middle, last)]
    return kept


def _off_m(at: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far points are from a straight piece, its ends included: a road may lead back on itself."""
    along = end - start
    size = float(along @ along)
    share = np.clip((at - start) @ along / size, 0.0, 1.0) if size > 0 else np.zeros(len(at))
    found: NDArray[np.float64] = np.hypot(*(at - start - share[:, None] * along).T)
    return found
