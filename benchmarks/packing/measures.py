"""What is measured, and how much of it in a smoke test and in full."""

import argparse
from collections.abc import Callable, Iterator, Sequence

from benchmarks.packing import gendreau, measure_bins, measure_fill, measure_loads, space_days
from benchmarks.packing.figures import Figure

FULL = "full"
GENDREAU_PERCENT = 3.0
Measure = Callable[[argparse.Namespace], Iterator[Figure]]


def routes(options: argparse.Namespace) -> Iterator[Figure]:
    """Routes whose boxes fit, against the least distances known."""
    rows = gendreau.run(options.data, 60.0 if options.set == FULL else 5.0)
    for row in rows:
        found = None if row.gap is None else 100 * row.gap
        yield Figure(f"gendreau {row.name}", "% above the least distance known", found, note=row.note)
    known = [row.gap for row in rows if row.gap is not None]
    mean = 100 * sum(known) / len(known) if known and len(known) == len(rows) else None
    note = f"{len(rows)} instances, {len(rows) - len(known)} with customers left out"
    yield Figure("gendreau_gap", "% above the least distances known", mean, GENDREAU_PERCENT, note=note)


def _fillers(options: argparse.Namespace) -> Sequence[str]:
    return [name for name in options.peers if name != "cpsat"]


def _pick(options: argparse.Namespace, full: int, smoke: int) -> int:
    return full if options.set == FULL else smoke


MEASURES: dict[str, Measure] = {
    "check_ms": lambda o: measure_loads.check_ms(_pick(o, 200, 20)),
    "recall": lambda o: measure_loads.recall(o.data, _pick(o, 600, 60)),
    "false_alarms": lambda o: measure_loads.alarms(_pick(o, 100_000, 1_000)),
    "br": lambda o: measure_fill.br(o.data, _pick(o, 3, 1), _pick(o, 10, 1), _fillers(o)),
    "realistic": lambda o: measure_fill.vehicles(_pick(o, 6, 1), _fillers(o), 1.0 if o.set == FULL else 0.2),
    "pallets": lambda o: measure_bins.pallets(_pick(o, 50, 5)),
    "onedim": lambda o: measure_bins.line(o.data, _pick(o, 20, 3)),
    "vector": lambda o: measure_bins.vectors(_pick(o, 5, 1), with_peer="cpsat" in o.peers),
    "space": lambda o: space_days.figures(full=o.set == FULL),
    "gendreau": routes,
}
