"""Does a load fit: how fast the test is, how much of what fits it finds, and what the exact decision takes."""

import random
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from time import process_time

from benchmarks.packing.figures import Clock, Figure
from benchmarks.packing.routes_3l import random_routes
from benchmarks.packing.valid_loads import valid_load
from solver.check_stow import check_load
from solver.goods import ANY_WAY, UPRIGHT, Hold, OnTop, Unit
from solver.loads import Load, Verdict
from solver.packing.exact import decide
from solver.packing.fits import QUICK, THOROUGH, USUAL, Effort, LoadTest, fits

CHECK_MS = {20: 0.05, 50: 0.25, 100: 1.0}
"""Boxes, and the CPU milliseconds wanted of one test."""
FILL = 0.4
RECALL = {"quick": (QUICK, 85.0, 0.5), "usual": (USUAL, 95.0, 10.0)}
"""Effort, per cent of the feasible wanted, at so many CPU milliseconds on average."""
EXACT_MS = 60.0
WIDTH_MM, HEIGHT_MM = 1_700, 1_800


def parcels(boxes: int, seed: int, stops: int) -> tuple[Hold, list[list[Unit]]]:
    """Parcels by stop, and a van as long as makes it full to ``FILL``: some fragile, some to be kept upright."""
    draw = random.Random(f"{boxes}/{seed}")
    units: list[list[Unit]] = [[] for _ in range(stops)]
    volume = 0
    for number in range(boxes):
        edges = [draw.randint(20, 70) * 10, draw.randint(15, 50) * 10, draw.randint(10, 50) * 10]
        volume += edges[0] * edges[1] * edges[2]
        unit = Unit(
            id=f"p{number}",
            length_mm=edges[0],
            width_mm=edges[1],
            height_mm=edges[2],
            weight_g=draw.randint(500, 25_000),
            rotations=UPRIGHT if draw.random() < 0.7 else ANY_WAY,
            on_top=OnTop.NOTHING if draw.random() < 0.1 else OnTop.ANYTHING,
        )
        units[draw.randrange(stops)].append(unit)
    length = max(1_200, int(volume / FILL / WIDTH_MM / HEIGHT_MM))
    return Hold(length_mm=length, width_mm=WIDTH_MM, height_mm=HEIGHT_MM), units


def check_ms(count: int) -> Iterator[Figure]:
    """Loads never asked before: nothing comes from memory."""
    for boxes, wanted in CHECK_MS.items():
        one, quick, accepted = Clock(), Clock(), 0
        for seed in range(count + 1):
            hold, units = parcels(boxes, seed, stops=5)
            stays = [(order, 0, order + 1) for order in range(5)]
            first, second = LoadTest([hold], units), LoadTest([hold], units)
            if seed == 0:  # what a first call loads from disk is not the test
                first.test(0, stays, Effort(1))
                second.test(0, stays, QUICK)
                continue
            with one.running():
                first.test(0, stays, Effort(1))
            with quick.running():
                accepted += second.test(0, stays, QUICK) is Verdict.FITS
        whole = f"a quick test {1000 * quick.seconds / count:.2f} ms, {accepted / count:.0%} fit"
        note = f"full to {FILL:.0%}, 5 stops; {whole}"
        found = 1000 * one.seconds / count
        yield Figure(f"check_ms {boxes}", f"ms, one pass over {boxes} boxes", found, wanted, note=note)


def recall(data: Path, count: int) -> Iterator[Figure]:
    """Random routes of the 3L-CVRP instances against the exact decision: what is feasible, and how much is found."""
    routes = [route.load for route in random_routes(data / "packing" / "loads_3l", count)]
    decided, times_ms = [], []
    for load in routes:
        began = process_time()
        decided.append(decide(load))
        times_ms.append(1000 * (process_time() - began))
    wrong = sum(_false(load, answer.verdict, answer.placements) for load, answer in zip(routes, decided, strict=True))
    truth = [answer.verdict for answer in decided]
    feasible = [load for load, verdict in zip(routes, truth, strict=True) if verdict is Verdict.FITS]
    for name, (effort, wanted, within_ms) in RECALL.items():
        clock, found = Clock(), 0
        fits(routes[0], effort)
        for load, verdict in zip(routes, truth, strict=True):
            with clock.running():
                answer = fits(load, effort)
            found += answer.verdict is Verdict.FITS and verdict is Verdict.FITS
            contradicted = {answer.verdict, verdict} == {Verdict.FITS, Verdict.PROVED_NOT}
            wrong += contradicted or _false(load, answer.verdict, answer.placements)
        share = 100 * found / max(1, len(feasible))
        note = f"{len(routes)} routes, {len(feasible)} of them feasible"
        yield Figure(f"recall {name}", "% of the feasible found", share, wanted, more=True, note=note)
        yield Figure(f"recall {name} ms", "CPU ms on average", 1000 * clock.seconds / count, within_ms)
    yield Figure("false_accepts", "loads said to fit that do not, or the other way round", wrong, 0)
    undecided = truth.count(Verdict.NOT_FOUND)
    yield Figure("exact undecided", f"of {count} loads of up to 18 boxes", undecided, 0)
    yield Figure("exact_ms", "CPU ms on average to decide exactly", mean(times_ms), EXACT_MS)
    clock = Clock()
    open_ = 0
    for load in routes:
        with clock.running():
            open_ += fits(load, THOROUGH).verdict is Verdict.NOT_FOUND
    yield Figure("thorough_ms", "CPU ms on average, construction first", 1000 * clock.seconds / count, EXACT_MS)
    yield Figure("thorough undecided", f"of {count}", open_, 0)


def _false(load: Load, verdict: Verdict, placements: tuple) -> bool:
    """Whether a load is said to fit with placements that break a rule."""
    return verdict is Verdict.FITS and bool(check_load(load, placements))


def alarms(count: int) -> Iterator[Figure]:
    """The checker on loads that are right by construction."""
    clock, found = Clock(), 0
    for seed in range(count):
        load, placements = valid_load(seed)
        with clock.running():
            found += bool(check_load(load, placements))
    note = f"{1000 * clock.seconds / count:.2f} CPU ms a load"
    yield Figure("false_alarms", f"of {count} right loads said to be wrong", found, 0, note=note)
