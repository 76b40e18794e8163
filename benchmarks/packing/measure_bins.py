"""Bins: on a line, of vectors, and pallets on a truck's floor."""

import math
import random
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks.packing.figures import Clock, Figure
from benchmarks.packing.pallet_loads import pallet_load
from benchmarks.packing.peer_cpsat import Ints, pack
from solver.check_stow import check_load
from solver.formats.falkenauer import read_falkenauer
from solver.loads import Verdict
from solver.packing.floor import place_on_floor
from solver.packing.vector import pack_vector

VECTORS: dict[tuple[int, float], tuple[float, float | None]] = {
    (120, 1.0): (0.5, 0.0),
    (250, 1.0): (5.0, 2.0),
    (120, 6.0): (5.0, None),
    (250, 6.0): (5.0, None),
}
"""Items and how large they are: CPU seconds, and per cent above the bound that are allowed."""
LINE_SECONDS = 10.0
PEER_BINS = 1.3
"""Bins that the peer is offered, in those that we use."""
PALLETS_MS = 100.0


def line(data: Path, count: int) -> Iterator[Figure]:
    """Falkenauer's uniform instances, all proven: as many bins as the least number known, or fewer."""
    optimal, proved, total = 0, 0, 0
    clock = Clock()
    for path in sorted((data / "packing" / "onedim").glob("*.txt")):
        for instance in list(read_falkenauer(path.read_bytes()).values())[:count]:
            (container,) = instance.problem.containers
            units = [unit for consignment in instance.problem.consignments for unit in consignment.units]
            sizes = [unit.length_mm for unit in units for _ in range(unit.quantity)]
            with clock.running():
                answer = pack_vector(
                    np.array(sizes, dtype=np.int64)[:, None],
                    np.array([[container.hold.length_mm]], dtype=np.int64),
                    np.ones(1, dtype=np.int64),
                    seconds=LINE_SECONDS,
                )
            total += 1
            optimal += answer.cost <= instance.best
            proved += answer.proved
    note = f"{proved} of {total} proven, {clock.seconds / total:.3f} CPU s on average"
    share = 100 * optimal / total
    yield Figure("onedim_optimal", "% with the least number of bins", share, 100.0, more=True, note=note)


def drawn(items: int, seed: int, size: float = 1.0) -> tuple[Ints, Ints, Ints]:
    """
    Litres, kilograms and centimetres of loading length of parcels and furniture; six vehicles from a small van up.

    Volumes are log-normal. ``size`` 1: some fifteen items a bin, 6: three to five.
    """
    draw = random.Random(f"{items}/{seed}")
    sizes = []
    for _ in range(items):
        litres = min(15_000.0, max(100.0, size * math.exp(draw.gauss(7.3, 0.9)))) / 10
        kilograms = min(300.0, litres * draw.uniform(0.05, 0.5))
        length = min(400.0, litres / 9 * draw.uniform(0.8, 2) + draw.uniform(5, 30))
        sizes.append((max(1, int(kilograms)), int(litres), int(length)))
    capacities = [(800, 4_000, 200), (1_200, 10_000, 350), (3_000, 20_000, 500), (5_500, 40_000, 720)]
    capacities += [(12_000, 55_000, 900), (24_000, 90_000, 1_360)]
    costs = [60, 90, 130, 190, 260, 350]
    return (np.array(sizes, dtype=np.int64), np.array(capacities, dtype=np.int64), np.array(costs, dtype=np.int64))


def vectors(seeds: int, *, with_peer: bool) -> Iterator[Figure]:
    """Three dimensions, six types with their costs."""
    for (items, size), (seconds, wanted) in VECTORS.items():
        gaps: list[float] = []
        peer_gaps: list[float | None] = []
        clock, bins_used = Clock(), 0
        for seed in range(seeds):
            question = drawn(items, seed, size)
            with clock.running():
                answer = pack_vector(*question, seconds=seconds)
            bins_used += len(answer.types)
            gaps.append(100 * (answer.cost - answer.bound) / answer.bound)
            if with_peer:
                bins = int(PEER_BINS * len(answer.types)) + 1
                theirs = pack(*question, bins, seconds)
                peer_gaps.append(None if theirs.cost is None else 100 * (theirs.cost - answer.bound) / answer.bound)
        beside: dict[str, float | None] = {}
        if with_peer:
            known = [gap for gap in peer_gaps if gap is not None]
            beside["CP-SAT alone"] = mean(known) if len(known) == seeds else None
        each = items * seeds / bins_used
        took = f"{clock.seconds / seeds:.2f} CPU s on average"
        note = f"{seeds} sets, {each:.1f} items a bin, {took}, worst {max(gaps):.2f} %"
        what = "% above the proven bound"
        name = f"vector {items}" if size == 1 else f"vector {items} large"
        yield Figure(name, what, mean(gaps), wanted, beside=beside, note=note)


def pallets(count: int) -> Iterator[Figure]:
    """26 pallets, four stops, a semi-trailer with its axles."""
    clock, placed, refused = Clock(), 0, 0
    place_on_floor(pallet_load(0))
    for seed in range(1, count + 1):
        load = pallet_load(seed)
        with clock.running():
            answer = place_on_floor(load)
        placed += answer.verdict is Verdict.FITS
        refused += answer.verdict is Verdict.PROVED_NOT
        if answer.verdict is Verdict.FITS and check_load(load, answer.placements):
            raise AssertionError(f"pallets of seed {seed}: {check_load(load, answer.placements)[0]}")
    note = f"{count} loads: {placed} fit, {refused} proved not to, {count - placed - refused} not found"
    yield Figure("pallets_ms", "CPU ms on average", 1000 * clock.seconds / count, PALLETS_MS, note=note)
