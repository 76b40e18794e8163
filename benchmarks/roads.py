"""
``python -m benchmarks.roads``: road networks of real extracts: built, asked, and how well the straight line tells them.

Reads extracts from a folder of shared data (``--data``). The seed is fixed, so that the pairs and the errors are the
same on every machine; times are of the processor, in seconds.
"""

import argparse
import csv
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from cluster.places import roads_measure, roads_network, roads_process, roads_valhalla
from cluster.places.roads_engine import straight_m, table_of
from cluster.places.roads_models import Mode, PointE6, SetTravelProfile

EXTRACTS = ("osm/liechtenstein.osm.pbf", "osm/andorra.osm.pbf", "hcmc/hcm_2018.osm.pbf")
CITY = (10.72, 106.60, 10.85, 106.75)
"""Central Ho Chi Minh City."""
VAN = SetTravelProfile(mode=Mode.VAN)
SIZES = (50, 250)
SEED = 1
KMH_BEFORE, CIRCUITY_BEFORE = 25, 1.35
"""What a vehicle type has where its coordinator says nothing."""


def children_s() -> float:
    """Processor seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def built(folder: Path, extract: Path) -> roads_network.Network:
    """A network, with what it cost."""
    before, began = children_s(), time.monotonic()
    network = roads_network.build(folder, [extract])
    print(
        f"{extract.name}: {extract.stat().st_size / 1e6:.1f} MB, built in {time.monotonic() - began:.1f} s "
        f"({children_s() - before:.1f} s cpu), {network.bytes / 1e6:.1f} MB of tiles, {network.edges:,} edges"
    )
    return network


def library(folder: Path, network: roads_network.Network) -> roads_valhalla.Valhalla:
    """The engine on a network."""
    return roads_valhalla.as_library(roads_network.tiles_of(folder, network), network.name)


def rates(folder: Path, network: roads_network.Network, box: roads_measure.Box) -> None:
    """Processor time of square tables, the engine's start in it, and for whole days in blocks."""
    for mode, sizes in ((Mode.VAN, SIZES), (Mode.TRUCK, SIZES[-1:]), (Mode.MOTORBIKE, SIZES[-1:])):
        way = SetTravelProfile(mode=mode)
        for size in sizes:
            engine = library(folder, network)
            points = roads_measure.sample(engine, way, box, size, SEED)
            before = children_s()
            engine.close()
            snapping = children_s() - before
            engine, before = library(folder, network), children_s()
            roads_measure.connectivity(engine, way, points)
            engine.close()
            cpu = children_s() - before
            print(
                f"  {mode.value:<10} {size:>4} x {size:<4} {cpu:>6.1f} s cpu, {1e6 * cpu / size**2:>6.0f} us a pair"
                f"   (drawing and snapping the points {snapping:.1f} s)"
            )


def algorithms(folder: Path, network: roads_network.Network) -> None:
    """One search for each row, as the platform has it, beside Valhalla's default, on the same points."""
    tiles = roads_network.tiles_of(folder, network)
    usual = roads_process.config_of(tiles)
    usual["thor"]["source_to_target_algorithm"] = "costmatrix"
    ours = library(folder, network)
    points = roads_measure.sample(ours, VAN, CITY, 150, SEED)
    tables = []
    for name, engine in (
        ("one search a row", ours),
        (
            "default",
            roads_valhalla.Valhalla(
                roads_process.InChild(usual), name="valhalla", network="usual", block=250, snap_block=500
            ),
        ),
    ):
        began = time.monotonic()
        before = children_s()
        tables.append(table_of(engine, VAN, points, points))
        engine.close()
        print(f"  {name:<18} 150 x 150 in {time.monotonic() - began:.1f} s ({children_s() - before:.1f} s cpu)")
    row, default = (table.duration_s.astype(float) for table in tables)
    both = (row > 0) & (default > 0)
    off = np.abs(row - default)[both] / default[both]
    print(
        f"  both know {both.sum()} ways; {100 * (off < 0.01).mean():.1f} % within 1 %, "
        f"p99 {100 * np.percentile(off, 99):.1f} %; ways known to one alone {int(((row < 0) != (default < 0)).sum())}"
    )


def accuracy(folder: Path, network: roads_network.Network, box: roads_measure.Box, points: int) -> None:
    """Errors of the straight line on points held out, before and after."""
    engine = library(folder, network)
    drawn = roads_measure.sample(engine, VAN, box, points, SEED)
    held_out = [point for number, point in enumerate(drawn) if number % 4 == 3]
    truth = table_of(engine, VAN, held_out, held_out)
    straight = straight_m(held_out, held_out)
    keep = (truth.distance_m > 0) & (straight >= roads_measure.STRAIGHT_LEAST_M)
    road, seconds = truth.distance_m[keep], np.maximum(truth.duration_s[keep], 1)
    guess = CIRCUITY_BEFORE * straight[keep]
    errors("default", np.abs(guess - road) / road, np.abs(guess * 3.6 / KMH_BEFORE - seconds) / seconds)
    found = roads_measure.calibrate(engine, {Mode.VAN: VAN}, box, points=points, seed=SEED).modes[Mode.VAN]
    engine.close()
    for name, error in (("one factor", found.error_one_factor), ("cell and band", found.error)):
        print(
            f"  {name:<14} distance {error.distance_median:>5} % median {error.distance_p90:>6} % p90"
            f"   time {error.duration_median:>5} % median {error.duration_p90:>6} % p90   ({error.pairs} pairs)"
        )
    before, after = found.error_one_factor, found.error
    print(
        f"  ratio          distance {after.distance_median / before.distance_median:.2f} median"
        f"   time {after.duration_median / before.duration_median:.2f} median"
    )


def errors(name: str, far: np.ndarray, long: np.ndarray) -> None:
    """One row of the table of errors."""
    (far_50, far_90), (long_50, long_90) = (np.percentile(100 * values, (50, 90)).round(1) for values in (far, long))
    print(
        f"  {name:<14} distance {far_50:>5} % median {far_90:>6} % p90   time {long_50:>5} % median {long_90:>6} % p90"
        f"   ({len(far)} pairs)"
    )


def published(folder: Path, network: roads_network.Network, data: Path) -> None:
    """Our times beside a matrix that somebody else computed with Valhalla on the same extract."""
    with (data / "points.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    points: list[PointE6] = [(round(float(row["lat"]) * 1e6), round(float(row["lon"]) * 1e6)) for row in rows]
    at = {row["id"]: number for number, row in enumerate(rows)}
    theirs = np.zeros((len(points), len(points)))
    with (data / "matrix_2018.csv").open() as stream:
        for row in csv.DictReader(stream):
            theirs[at[row["src"]], at[row["dst"]]] = float(row["distance_km"]) * 1000
    engine = library(folder, network)
    way = SetTravelProfile(mode=Mode.VAN, speed_max_kmh=140)
    ours = table_of(engine, way, points, points).distance_m
    engine.close()
    keep = (theirs > 0) & (ours > 0)
    off = np.abs(ours[keep] - theirs[keep]) / theirs[keep]
    print(
        f"  published 50 x 50 of 2018: distances off by {100 * np.median(off):.1f} % median, "
        f"{100 * np.percentile(off, 90):.1f} % p90, mean {ours[keep].mean() / theirs[keep].mean():.3f} of theirs"
    )


def main() -> None:
    """All measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the extracts")
    parser.add_argument("--points", type=int, default=320)
    parser.add_argument("--extract", choices=EXTRACTS, action="append", help="only this one")
    arguments = parser.parse_args()
    data, points = arguments.data, arguments.points
    for name in arguments.extract or EXTRACTS:
        with tempfile.TemporaryDirectory() as where:
            folder = Path(where)
            network = built(folder, data / name)
            city = name.startswith("hcmc")
            rates(folder, network, CITY if city else network.box)
            accuracy(folder, network, network.box, points)
            if city:
                print("  within the city:")
                accuracy(folder, network, CITY, points)
                algorithms(folder, network)
                published(folder, network, data / "hcmc")


if __name__ == "__main__":
    main()
