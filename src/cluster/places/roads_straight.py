"""
Road distance and time without a road network: the straight line, with what was measured in the area.

Between two points the straight line times a circuity, and that line at a pace; both depend on how far it is and on the
cells of a grid that the two ends lie in. Circuity falls with distance and differs by a factor of three between a delta
and a mountain valley, so one factor for all is wrong by more than most savings of a shared route.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cluster.places.roads_engine import Ints, Refused, Table, straight_m
from cluster.places.roads_models import Mode, PointE6, SetTravelProfile, Snapped

FILE = "calibration.json"
BANDS_M = (0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000)
"""Bounds of the bands of straight distance; what is longer counts with the last."""
KNOTS_M = np.array([(low + high) / 2 for low, high in pairwise(BANDS_M)])
CELL_E6 = 50_000
"""Edge of a grid cell: 0.05 degrees, some 5 km."""
PRIOR_PAIRS = 50
"""A cell's own measurements weigh half when it has this many in a band: below, the whole area's weigh more."""

Floats = NDArray[np.float64]


class Band(Struct, frozen=True, kw_only=True):
    """What was measured over one band of straight distance."""

    pairs: int
    circuity_percent_p10: int
    circuity_percent_p50: int
    circuity_percent_p90: int
    speed_kmh: float
    pace_s_km: float
    """Seconds for each straight kilometre, median."""


class Area(Struct, frozen=True, kw_only=True):
    """Road metres and seconds at each of ``KNOTS_M``, never falling from one to the next."""

    road_m: list[float]
    duration_s: list[float]


class Error(Struct, frozen=True, kw_only=True):
    """How far estimates are off the roads on pairs that were not used for them, in per cent of the road's figure."""

    pairs: int
    distance_median: float
    distance_p90: float
    duration_median: float
    duration_p90: float


class ModeCalibration(Struct, frozen=True, kw_only=True):
    """One mode's curves: of the whole area, and of the cells that have their own."""

    bands: list[Band]
    whole: Area
    cells: dict[str, Area]
    error_one_factor: Error
    error: Error


class Calibration(Struct, frozen=True, kw_only=True):
    """What is known of an area's roads without the roads; ``box`` is south, west, north, east in degrees."""

    network: str
    measured_at: datetime
    seed: int
    box: tuple[float, float, float, float]
    modes: dict[Mode, ModeCalibration]

    def covers(self, points: Sequence[PointE6]) -> bool:
        """Whether all points lie where it was measured."""
        south, west, north, east = (round(side * 1e6) for side in self.box)
        return all(south <= lat <= north and west <= lon <= east for lat, lon in points)

    def table(self, mode: Mode, sources: Sequence[PointE6], targets: Sequence[PointE6]) -> Table | None:
        """Estimated distances and times; None where this mode or area was not measured."""
        found = self.modes.get(mode)
        if found is None or not self.covers(sources) or not self.covers(targets):
            return None
        return estimate(found, sources, targets)


class Straight:
    """A calibration as an engine: every point is its own place on the road, everything can be reached."""

    name = "straight"
    block = 1_000
    chain = 1_000

    def __init__(self, calibration: Calibration) -> None:
        self._calibration = calibration
        self.network = f"straight-{calibration.network}"

    def table(self, way: SetTravelProfile, sources: Sequence[PointE6], targets: Sequence[PointE6]) -> Table:
        """See ``TravelEngine``; a mode that was not measured, or points outside of the area, are a ``LookupError``."""
        found = self._calibration.table(way.mode, sources, targets)
        if found is None:
            raise LookupError(f"no calibration for a {way.mode} between these points")
        return found

    def snap(self, way: SetTravelProfile, points: Sequence[PointE6]) -> list[Snapped]:
        """See ``TravelEngine``."""
        del way
        return [Snapped(point=point, road=point, distance_m=0) for point in points]

    def lines(self, way: SetTravelProfile, points: Sequence[PointE6]) -> list[str]:
        """See ``TravelEngine``; it knows no road, so it refuses."""
        raise Refused("no road is known here")

    def close(self) -> None:
        """Nothing to let go of."""


def estimate(found: ModeCalibration, sources: Sequence[PointE6], targets: Sequence[PointE6]) -> Table:
    """
    The mean of what the two ends' cells say of a line so long.

    The same in both directions, zero for a point and itself, and never falling with distance between the same cells.
    """
    metres = straight_m(sources, targets)
    from_cells, to_cells = [cell_of(point) for point in sources], [cell_of(point) for point in targets]
    road, seconds = np.zeros_like(metres), np.zeros_like(metres)
    for cell in {*from_cells, *to_cells}:
        area = found.cells.get(cell, found.whole)
        rows = np.flatnonzero([entry == cell for entry in from_cells])
        columns = np.flatnonzero([entry == cell for entry in to_cells])
        for part in (np.ix_(rows, np.arange(len(targets))), np.ix_(np.arange(len(sources)), columns)):
            road[part] += curve(area.road_m, metres[part]) / 2
            seconds[part] += curve(area.duration_s, metres[part]) / 2
    return Table(_up(road), _up(seconds))


def _up(values: Floats) -> Ints:
    return np.ceil(np.round(values, 6)).astype(np.int64)


def curve(at_knots: Sequence[float], metres: Floats) -> Floats:
    """Straight pieces from zero through the knots; beyond the last at its ratio."""
    values = np.array([0.0, *at_knots])
    found: Floats = np.interp(metres, np.array([0.0, *KNOTS_M]), values)
    beyond = metres > KNOTS_M[-1]
    found[beyond] = metres[beyond] * values[-1] / KNOTS_M[-1]
    return found


def cell_of(point: PointE6) -> str:
    """The grid cell of a point."""
    return f"{point[0] // CELL_E6},{point[1] // CELL_E6}"


def band_of(metres: Floats) -> NDArray[np.intp]:
    """The band of each distance."""
    return np.minimum(np.searchsorted(np.array(BANDS_M), metres, side="right") - 1, len(KNOTS_M) - 1)


class Measured(Struct, frozen=True, kw_only=True):
    """Pairs of points with what the roads say, flat; ``cells`` are those of both ends."""

    straight_m: Floats
    road_m: Floats
    duration_s: Floats
    cells: tuple[list[str], list[str]]


def fit(measured: Measured) -> tuple[list[Band], Area, dict[str, Area]]:
    """Curves of the whole area and of its cells, by medians of each band."""
    circuity = measured.road_m / measured.straight_m
    pace = measured.duration_s / measured.straight_m
    band = band_of(measured.straight_m)
    whole = _ratios(circuity, pace, band, None)
    cells = {}
    starts, ends = (np.array(side) for side in measured.cells)
    for cell in sorted({*measured.cells[0], *measured.cells[1]}):
        within = (starts == cell) | (ends == cell)
        cells[cell] = _area(_ratios(circuity[within], pace[within], band[within], whole))
    return _bands(measured, circuity, pace, band), _area(whole), cells


def _ratios(circuity: Floats, pace: Floats, band: NDArray[np.intp], whole: Floats | None) -> Floats:
    """Two rows: circuity and pace by band; a band without pairs takes the whole area's, or its neighbour's."""
    found = np.full((2, len(KNOTS_M)), np.nan) if whole is None else whole.copy()
    for number in range(len(KNOTS_M)):
        within = band == number
        count = int(within.sum())
        if count:
            own = np.array([np.median(circuity[within]), np.median(pace[within])])
            weight = 1.0 if whole is None else count / (count + PRIOR_PAIRS)
            found[:, number] = weight * own + (0.0 if whole is None else (1 - weight) * whole[:, number])
    for row in found:
        known = np.flatnonzero(~np.isnan(row))
        row[:] = np.interp(np.arange(len(row)), known, row[known])
    return found


def _area(ratios: Floats) -> Area:
    road_m, duration_s = (np.maximum.accumulate(row * KNOTS_M).round(1).tolist() for row in ratios)
    return Area(road_m=road_m, duration_s=duration_s)


def _bands(measured: Measured, circuity: Floats, pace: Floats, band: NDArray[np.intp]) -> list[Band]:
    found = []
    for number in range(len(KNOTS_M)):
        within = band == number
        if not within.any():
            found.append(
                Band(
                    pairs=0,
                    circuity_percent_p10=0,
                    circuity_percent_p50=0,
                    circuity_percent_p90=0,
                    speed_kmh=0.0,
                    pace_s_km=0.0,
                )
            )
            continue
        low, middle, high = (round(100 * float(value)) for value in np.percentile(circuity[within], (10, 50, 90)))
        speed = 3.6 * measured.road_m[within].sum() / max(measured.duration_s[within].sum(), 1.0)
        found.append(
            Band(
                pairs=int(within.sum()),
                circuity_percent_p10=low,
                circuity_percent_p50=middle,
                circuity_percent_p90=high,
                speed_kmh=round(float(speed), 1),
                pace_s_km=round(1000 * float(np.median(pace[within])), 1),
            )
        )
    return found


def load(folder: Path) -> Calibration | None:
    """What was measured last; None where nothing was, or what is there cannot be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Calibration)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def store(folder: Path, calibration: Calibration) -> None:
    """Puts a calibration in place of the last."""
    new = folder / f"{FILE}.new"
    new.write_bytes(msgspec.json.format(msgspec.json.encode(calibration)))
    new.replace(folder / FILE)
