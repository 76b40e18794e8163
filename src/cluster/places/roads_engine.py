"""What every source of road times offers, and large tables asked for in blocks that it takes."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from cluster.places.models import UNREACHABLE
from cluster.places.roads_models import PointE6, SetTravelProfile, Snapped

CUTOFF_M = 5_000
"""Points farther than this from any road are not on the network."""

Ints = NDArray[np.int64]


class Table(NamedTuple):
    """
    Distances and durations from sources (rows) to targets (columns), int64, -1 in both where there is no way.

    ``distance_m`` is metres along the roads between the points where source and target meet them, ``duration_s``
    seconds without traffic.
    """

    distance_m: Ints
    duration_s: Ints


class RoadsAway(Exception):
    """The road engine does not answer, or not in its language: try later, and do without it meanwhile."""


class Refused(Exception):
    """The engine cannot answer for these points together, but may for some of them."""


class TravelEngine(Protocol):
    """
    A source of road times. Calls block; call from a thread.

    ``network`` names the road data it answers from: legs of another network are old. ``block`` is how many sources,
    and how many targets, it takes at once, ``chain`` how many points one after the other.
    """

    name: str
    network: str
    block: int
    chain: int

    def table(self, way: SetTravelProfile, sources: Sequence[PointE6], targets: Sequence[PointE6]) -> Table:
        """
        One table.

        Raises
        ------
        Refused
            When some of the points cannot be asked about together.
        RoadsAway
            When the engine does not answer.
        """
        ...

    def snap(self, way: SetTravelProfile, points: Sequence[PointE6]) -> list[Snapped]:
        """
        Where points meet the network, in their order.

        Raises
        ------
        RoadsAway
            When the engine does not answer.
        """
        ...

    def lines(self, way: SetTravelProfile, points: Sequence[PointE6]) -> list[str]:
        """
        Along which roads each point leads to the next, one line fewer than points, at least two of them.

        Lines are encoded polylines of precision 5 (``polylines``), from where one point meets the roads to where the
        next does; empty where that is the same place.

        Raises
        ------
        Refused
            When some of the points cannot be asked about together.
        RoadsAway
            When the engine does not answer.
        """
        ...

    def close(self) -> None:
        """Lets go of what it holds."""
        ...


class Block(NamedTuple):
    """A part of a table: which sources, which targets."""

    rows: Sequence[int]
    columns: Sequence[int]


def blocks(missing: NDArray[np.bool_], size: int) -> Iterator[Block]:
    """
    Rectangles of at most ``size`` by ``size`` that cover exactly what is missing.

    Rows that miss the same columns go together: new points make one wide rectangle of their rows and one tall
    rectangle of everybody else's way to them.
    """
    patterns: dict[bytes, list[int]] = {}
    for row in np.flatnonzero(missing.any(axis=1)):
        patterns.setdefault(missing[row].tobytes(), []).append(int(row))
    for rows in patterns.values():
        columns = [int(column) for column in np.flatnonzero(missing[rows[0]])]
        for top in range(0, len(rows), size):
            for left in range(0, len(columns), size):
                yield Block(rows[top : top + size], columns[left : left + size])


def table_of(
    engine: TravelEngine, way: SetTravelProfile, sources: Sequence[PointE6], targets: Sequence[PointE6]
) -> Table:
    """
    One block's table, halved wherever the engine refuses, down to the pair that it cannot connect.

    Raises
    ------
    RoadsAway
        When the engine does not answer.
    """
    if not sources or not targets:
        return unreachable(len(sources), len(targets))
    try:
        return engine.table(way, sources, targets)
    except Refused:
        if len(sources) == len(targets) == 1:
            return unreachable(1, 1)
    if len(sources) >= len(targets):
        half = len(sources) // 2
        parts = [table_of(engine, way, part, targets) for part in (sources[:half], sources[half:])]
        return Table(*(np.concatenate(pair) for pair in zip(*parts, strict=True)))
    half = len(targets) // 2
    parts = [table_of(engine, way, sources, part) for part in (targets[:half], targets[half:])]
    return Table(*(np.concatenate(pair, axis=1) for pair in zip(*parts, strict=True)))


def lines_of(engine: TravelEngine, way: SetTravelProfile, points: Sequence[PointE6]) -> list[str | None]:
    """
    Lines from each point to the next, halved wherever the engine refuses; None where no road leads.

    Raises
    ------
    RoadsAway
        When the engine does not answer.
    """
    if len(points) < 2:
        return []
    try:
        return [*engine.lines(way, points)]
    except Refused:
        if len(points) == 2:
            return [None]
    half = len(points) // 2
    return [*lines_of(engine, way, points[: half + 1]), *lines_of(engine, way, points[half:])]


def unreachable(rows: int, columns: int) -> Table:
    """A table without any way."""
    return Table(*(np.full((rows, columns), UNREACHABLE, dtype=np.int64) for _ in range(2)))


def whole(rows: Sequence[Sequence[float | None]], scale: float = 1.0) -> Ints:
    """A table as engines write it, in whole numbers, rounded up; what is null has no way."""
    values = np.array(rows, dtype=float).reshape(len(rows), -1) * scale
    return np.nan_to_num(np.ceil(np.round(values, 3)), nan=UNREACHABLE).astype(np.int64)


def agreed(distance_m: Ints, duration_s: Ints) -> Table:
    """No way where either table knows none."""
    cut_off = (distance_m < 0) | (duration_s < 0)
    distance_m[cut_off] = duration_s[cut_off] = UNREACHABLE
    return Table(distance_m, duration_s)


def degrees(points: Sequence[PointE6]) -> NDArray[np.float64]:
    """Points in degrees, one a row: latitude, longitude."""
    return np.array(points, dtype=float).reshape(-1, 2) / 1e6


def straight_m(sources: Sequence[PointE6], targets: Sequence[PointE6]) -> NDArray[np.float64]:
    """Great-circle metres (haversine, mean radius 6,371,009 m) from each source to each target."""
    (lat1, lon1), (lat2, lon2) = np.radians(degrees(sources)).T, np.radians(degrees(targets)).T
    along = np.sin((lat1[:, None] - lat2[None, :]) / 2) ** 2
    across = np.sin((lon1[:, None] - lon2[None, :]) / 2) ** 2 * np.cos(lat1)[:, None] * np.cos(lat2)[None, :]
    found: NDArray[np.float64] = 2 * 6_371_009 * np.arcsin(np.sqrt(np.minimum(along + across, 1.0)))
    return found
