"""Measuring a road network: how crooked and how fast roads are, and how well the straight line tells it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cluster.places.roads_engine import TravelEngine, blocks, straight_m, table_of
from cluster.places.roads_models import Mode, PointE6, SetTravelProfile
from cluster.places.roads_straight import (
    Calibration,
    Error,
    Floats,
    Measured,
    ModeCalibration,
    cell_of,
    estimate,
    fit,
)

SNAP_NEAR_M = 150
"""Points farther from a road than this are fields and water, where nobody books."""
STRAIGHT_LEAST_M = 50
NEIGHBOUR_E6 = 20_000
"""Half of the points lie within some 2 km of another, as stops do."""
TRIES = 40

Box = tuple[float, float, float, float]


class NotEnough(Exception):
    """The box holds too few points near a road."""


class Connectivity(Struct, frozen=True, kw_only=True):
    """Of a sample of points near a road, how many pairs have a way."""

    points: int
    connected_percent: float


def sample(engine: TravelEngine, way: SetTravelProfile, box: Box, count: int, seed: int) -> list[PointE6]:
    """
    Points near a road, half of them drawn over the box, half near another.

    Raises
    ------
    NotEnough
        When fewer than 20 are found.
    RoadsAway
        When the engine does not answer.
    """
    random = Random(seed)  # noqa: S311  # a sample that can be drawn again
    found: list[PointE6] = []
    for _ in range(TRIES):
        drawn = [_drawn(random, box, found) for _ in range(count)]
        near = [entry.distance_m for entry in engine.snap(way, drawn)]
        found += [p for p, metres in zip(drawn, near, strict=True) if metres is not None and metres <= SNAP_NEAR_M]
        if len(found) >= count:
            return found[:count]
    if len(found) < 20:
        raise NotEnough(f"only {len(found)} points near a road were found in {box}")
    return found


def _drawn(random: Random, box: Box, found: list[PointE6]) -> PointE6:
    south, west, north, east = (round(side * 1e6) for side in box)
    if not found or random.random() < 0.5:
        return random.randint(south, north), random.randint(west, east)
    lat, lon = random.choice(found)
    lat += random.randint(-NEIGHBOUR_E6, NEIGHBOUR_E6)
    lon += random.randint(-NEIGHBOUR_E6, NEIGHBOUR_E6)
    return min(max(lat, south), north), min(max(lon, west), east)


def connectivity(engine: TravelEngine, way: SetTravelProfile, points: Sequence[PointE6]) -> Connectivity:
    """
    How much of the network hangs together.

    Raises
    ------
    RoadsAway
        When the engine does not answer.
    """
    road_m, _ = _roads(engine, way, points)
    between = ~np.eye(len(points), dtype=bool)
    share = float((road_m[between] >= 0).mean()) if between.any() else 0.0
    return Connectivity(points=len(points), connected_percent=round(100 * share, 1))


def _roads(engine: TravelEngine, way: SetTravelProfile, points: Sequence[PointE6]) -> tuple[Floats, Floats]:
    road_m, duration_s = np.zeros((2, len(points), len(points)))
    for rows, columns in blocks(np.ones((len(points), len(points)), dtype=bool), engine.block):
        part = table_of(engine, way, [points[row] for row in rows], [points[column] for column in columns])
        road_m[np.ix_(rows, columns)], duration_s[np.ix_(rows, columns)] = part
    return road_m, duration_s


def calibrate(
    engine: TravelEngine, ways: dict[Mode, SetTravelProfile], box: Box, *, points: int, seed: int
) -> Calibration:
    """
    Measures a network's roads between drawn points.

    A quarter of the points is held out: errors are those between points that no curve has seen.

    Raises
    ------
    NotEnough
        When the box holds too few points near a road.
    RoadsAway
        When the engine does not answer.
    """
    modes = {}
    for mode, way in ways.items():
        drawn = sample(engine, way, box, points, seed)
        modes[mode] = _calibrated(drawn, *_roads(engine, way, drawn))
    now = datetime.now(UTC).replace(microsecond=0)
    return Calibration(network=engine.network, measured_at=now, seed=seed, box=box, modes=modes)


def _calibrated(points: list[PointE6], road_m: Floats, duration_s: Floats) -> ModeCalibration:
    held_out = np.arange(len(points)) % 4 == 3
    learned = _measured(points, road_m, duration_s, ~held_out)
    tested = _measured(points, road_m, duration_s, held_out)
    if not len(learned.road_m) or not len(tested.road_m):
        raise NotEnough("hardly any of the points are connected")
    bands, whole, cells = fit(learned)
    factor = float(np.median(learned.road_m / learned.straight_m))
    speed = float(learned.road_m.sum() / learned.duration_s.sum())
    one_m = tested.straight_m * factor
    unknown = Error(pairs=0, distance_median=0.0, distance_p90=0.0, duration_median=0.0, duration_p90=0.0)
    found = ModeCalibration(bands=bands, whole=whole, cells=cells, error_one_factor=unknown, error=unknown)
    rest = [point for point, out in zip(points, held_out, strict=True) if out]
    ours = estimate(found, rest, rest)
    keep = _usable(rest, road_m[np.ix_(held_out, held_out)])
    return ModeCalibration(
        bands=bands,
        whole=whole,
        cells=cells,
        error_one_factor=_error(tested, one_m, one_m / speed),
        error=_error(tested, ours.distance_m[keep].astype(float), ours.duration_s[keep].astype(float)),
    )


def _usable(points: Sequence[PointE6], road_m: Floats) -> NDArray[np.bool_]:
    """Pairs with a way, not so near that where they meet the road decides."""
    usable: NDArray[np.bool_] = (road_m > 0) & (straight_m(points, points) >= STRAIGHT_LEAST_M)
    return usable


def _measured(points: list[PointE6], road_m: Floats, duration_s: Floats, chosen: NDArray[np.bool_]) -> Measured:
    part = [point for point, taken in zip(points, chosen, strict=True) if taken]
    within = np.ix_(chosen, chosen)
    keep = _usable(part, road_m[within])
    starts, ends = np.nonzero(keep)
    cells = [cell_of(point) for point in part]
    return Measured(
        straight_m=straight_m(part, part)[keep],
        road_m=road_m[within][keep],
        duration_s=duration_s[within][keep],
        cells=([cells[start] for start in starts], [cells[end] for end in ends]),
    )


def _error(truth: Measured, road_m: Floats, duration_s: Floats) -> Error:
    far = 100 * np.abs(road_m - truth.road_m) / truth.road_m
    long = 100 * np.abs(duration_s - truth.duration_s) / np.maximum(truth.duration_s, 1.0)
    (far_50, far_90), (long_50, long_90) = (np.percentile(values, (50, 90)).round(1).tolist() for values in (far, long))
    return Error(
        pairs=len(far), distance_median=far_50, distance_p90=far_90, duration_median=long_50, duration_p90=long_90
    )
