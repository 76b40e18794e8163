"""One hold as full as possible: research instances with support, and realistic vehicles."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import mean

import msgspec

from benchmarks.packing.figures import Clock, Figure
from benchmarks.packing.peer_process import ask
from benchmarks.packing.realistic import realistic
from solver.check_stow import boxes_of, stowage
from solver.formats.container_csv import read_br
from solver.goods import Hold, Placement, Unit
from solver.loads import Cargo
from solver.packing.blocks_settle import settle
from solver.packing.fill import fill

BR_SECONDS = 10.0
BR_GROUPS = {"BR1-7": (range(1, 8), 92.0), "BR9-15": (range(9, 16), 89.0)}
REALISTIC = {"van": (3.0, 93.0), "truck": (3.0, 93.0), "container": (10.0, 88.0)}
"""CPU seconds, and per cent wanted."""
WORK_ENDLESS = 10**9
Filling = Callable[[Hold, tuple[Unit, ...], float], Sequence[Placement]]


def volume_percent(hold: Hold, units: Sequence[Unit], placements: Sequence[Placement]) -> float:
    """Of the hold."""
    by_name = {unit.id: unit.length_mm * unit.width_mm * unit.height_mm for unit in units}
    inside = sum(by_name[entry.unit] for entry in placements)
    return 100 * inside / (hold.length_mm * hold.width_mm * hold.height_mm)


def require_right(hold: Hold, units: Sequence[Unit], placements: Sequence[Placement], who: str) -> None:
    """Raise AssertionError where the checker finds anything."""
    cargo = [Cargo(order="o", unit=unit) for unit in units]
    boxes, wrong = boxes_of(cargo, placements, who)
    keys = {(entry.unit, entry.number) for entry in placements}
    if len(keys) < len(placements):
        raise AssertionError(f"{who}: a unit stands twice")
    found = [*wrong, *stowage(hold, boxes, who)]
    if found:
        raise AssertionError(f"{who}: {found[0]}")


def ours(hold: Hold, units: tuple[Unit, ...], seconds: float) -> tuple[float, float]:
    """Volume in per cent, and the CPU seconds that it took."""
    clock = Clock()
    with clock.running():
        placements = fill(hold, [("o", unit) for unit in units], seconds=seconds, work=WORK_ENDLESS)
    require_right(hold, units, placements, "ours")
    return volume_percent(hold, units, placements), clock.seconds


def peers(names: Sequence[str], hold: Hold, units: tuple[Unit, ...], seconds: float) -> dict[str, float | None]:
    """Each peer as it answered, and after what lacks support or breaks another rule has been taken out."""
    found: dict[str, float | None] = {}
    for name in names:
        answer = ask(name, hold, units, seconds)
        if answer.note:
            found[f"{name} settled"] = None
            continue
        settled = settle(hold, [(entry, _unit(units, entry)) for entry in answer.placements])
        require_right(hold, units, settled, f"{name} settled")
        found[f"{name} as given"] = volume_percent(hold, units, answer.placements)
        found[f"{name} settled"] = volume_percent(hold, units, settled)
    return found


def _unit(units: Sequence[Unit], entry: Placement) -> Unit:
    return next(unit for unit in units if unit.id == entry.unit)


def averaged(rows: Sequence[dict[str, float | None]]) -> dict[str, float | None]:
    """By name, of those that answered everywhere."""
    names = {name for row in rows for name in row}
    means: dict[str, float | None] = {}
    for name in sorted(names):
        values = [row.get(name) for row in rows]
        known = [value for value in values if value is not None]
        means[name] = mean(known) if len(known) == len(values) else None
    return means


def br(data: Path, per_class: int, seconds: float, names: Sequence[str]) -> Iterator[Figure]:
    """Bischoff and Ratcliff, three quarters of every base supported."""
    folder = data / "packing" / "br"
    for group, (classes, wanted) in BR_GROUPS.items():
        filled, others, took = [], [], []
        for name in _instances(folder, classes, per_class):
            hold, units = _read(folder, name)
            percent, cpu_s = ours(hold, units, seconds)
            filled.append(percent)
            took.append(cpu_s)
            others.append(peers(names, hold, units, seconds))
        note = f"{len(filled)} instances, {seconds:g} s wanted, {mean(took):.1f} CPU s taken"
        what = "% of the volume, 75 % of every base supported"
        yield Figure(f"br_supported {group}", what, mean(filled), wanted, more=True, beside=averaged(others), note=note)


def _instances(folder: Path, classes: range, per_class: int) -> Iterator[str]:
    for number in classes:
        found = sorted(path.name.removesuffix("_bins.csv") for path in folder.glob(f"BR{number}.txt_*_bins.csv"))
        yield from found[:per_class]


def _read(folder: Path, name: str) -> tuple[Hold, tuple[Unit, ...]]:
    """The container asks for support, and for no door."""
    problem = read_br((folder / f"{name}_items.csv").read_bytes(), (folder / f"{name}_bins.csv").read_bytes())
    hold = msgspec.structs.replace(problem.containers[0].hold, doors=(), support_percent=75, weight_max_g=None)
    return hold, tuple(unit for consignment in problem.consignments for unit in consignment.units)


def vehicles(seeds: int, names: Sequence[str], part: float = 1.0) -> Iterator[Figure]:
    """Parcels, furniture and long goods; ``part`` of the seconds that are wanted."""
    for kind, (seconds, wanted) in REALISTIC.items():
        filled, others, took = [], [], []
        for seed in range(1, seeds + 1):
            hold, units = realistic(kind, (20, 40, 60)[seed % 3], seed)
            percent, cpu_s = ours(hold, units, part * seconds)
            filled.append(percent)
            took.append(cpu_s)
            others.append(peers(names, hold, units, part * seconds))
        note = f"{seeds} loads, {part * seconds:g} s wanted, {mean(took):.1f} CPU s taken"
        what = "% of the volume, supported, through the rear door"
        yield Figure(f"realistic {kind}", what, mean(filled), wanted, more=True, beside=averaged(others), note=note)
