"""The instances by set and name, with what is known about each."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from benchmarks.routing import days, reading
from solver.problem import Problem

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
"""Where the research instances lie; another place is given with ``--data``."""
VEHICLE_DISTANCE = 10_000
"""Price of a vehicle in units of distance where vehicles count first: more than any tour of these instances."""
DAY_MILLI = 1_000
MULTI = ("pyvrp", "ortools", "vroom")


class Family(NamedTuple):
    """
    How one set of research files is read.

    ``unit_milli`` is what one unit of the objective, as the owners state it, costs in the problem.
    """

    folder: str
    pattern: str
    unit_milli: int
    peers: tuple[str, ...]
    convention: reading.Convention = reading.TENTHS


FAMILIES = {
    "vrptw": Family("vrptw", "*.txt", 10_000, MULTI),
    "cvrp": Family("cvrp", "*.vrp", 1_000, (*MULTI, "hgs"), reading.WHOLE),
    "pdptw": Family("pdptw", "*.txt", 100_000, MULTI, reading.HUNDREDTHS),
    "pdptw-fleet": Family("pdptw", "*.txt", 100_000, MULTI, reading.HUNDREDTHS),
    "mdvrptw": Family("mdvrptw", "*.vrp", 1_000, MULTI, reading.THOUSANDTHS),
    "hfvrp": Family("hfvrp", "*.vrp", 1_000_000, MULTI, reading.THOUSANDTHS),
    "pcvrptw": Family("pcvrptw", "*.vrp", 1_000, ("pyvrp", "ortools")),
    "mtvrptw": Family("mtvrptw", "*.vrp", 1_000, ("pyvrp",)),
    "road": Family("road", "*.txt", 1_000, MULTI, reading.WHOLE),
}
DRAWN = {
    "rich": ("40-1", "40-2", "100-1", "100-2", "250-1"),
    "city": ("2018-deliveries", "2018-shipments", "2025-deliveries", "2025-shipments"),
    "growth": ("250", "500", "1000", "2000", "5000", "10000"),
}
BOUND_DAYS = ("day-100-1", "day-100-2", "day-100-3")
SETS = (*FAMILIES, "city", "rich", "tiny", "growth", "bound")
SMOKE = ("vrptw/RC105", "cvrp/X-n101-k25", "pdptw/lrc101", "rich/40-1", "tiny/30")
ALONE = ("growth", "bound")
"""Sets without peers: what grows and what is proven is our own."""


class Case(NamedTuple):
    """
    One instance.

    ``best`` is the best known objective in its own unit, None where nobody has published one; ``vehicles`` are those of
    the best known where they count first; ``path`` is the file that it was read from.
    """

    set: str
    name: str
    problem: Problem
    unit_milli: int
    best: float | None = None
    vehicles: int | None = None
    path: Path | None = None


def names(set_: str, data: Path = DATA) -> list[str]:
    """Names of a set's instances, small ones first."""
    if set_ == "tiny":
        return ["120"]
    if set_ in DRAWN:
        return list(DRAWN[set_])
    if set_ == "bound":
        return [name for name in names("vrptw", data) if re.fullmatch(r"(C|R|RC)1\d\d", name)] + list(BOUND_DAYS)
    family = FAMILIES[set_]
    return [path.stem for path in sorted((data / "routing" / family.folder).glob(family.pattern), key=_by_size)]


def _by_size(path: Path) -> tuple[int, str]:
    return path.stat().st_size, path.name


def peers_of(set_: str) -> tuple[str, ...]:
    """Engines that can model a set."""
    return () if set_ in ALONE else FAMILIES[set_].peers if set_ in FAMILIES else MULTI


def load(set_: str, name: str, data: Path = DATA) -> Case:
    """Read or draw one instance."""
    if set_ == "bound" and name not in BOUND_DAYS:
        return load("vrptw", name, data)._replace(set="bound")
    if set_ in FAMILIES:
        return _from_file(set_, name, data)
    if set_ == "city":
        year, kind = name.split("-")
        return Case(set_, name, days.real_city(data / "hcmc", int(year), kind, seed=1), DAY_MILLI)
    if set_ == "rich":
        size, seed = map(int, name.split("-"))
        return Case(set_, name, days.rich(size, seed), DAY_MILLI)
    if set_ == "growth":
        return Case(set_, name, days.city(int(name), seed=1), DAY_MILLI)
    _, size, seed = name.split("-")
    return Case(set_, name, days.city(int(size), int(seed)), DAY_MILLI)


def _from_file(set_: str, name: str, data: Path) -> Case:
    family = FAMILIES[set_]
    path = data / "routing" / family.folder / family.pattern.replace("*", name)
    if set_ == "vrptw":
        known = json.loads((path.parent / "bks_dimacs.json").read_text("utf-8"))["best_known"]
        return Case(set_, name, reading.solomon(path), family.unit_milli, known[name]["distance"], path=path)
    if set_.startswith("pdptw"):
        return _pickup_delivery(set_, path, family.unit_milli)
    best = best_of(path.with_suffix(".sol"))
    return Case(set_, name, reading.vrplib(path, family.convention), family.unit_milli, best, path=path)


def _pickup_delivery(set_: str, path: Path, unit_milli: int) -> Case:
    entry = json.loads((path.parent / "BKS.json").read_text("utf-8"))[path.stem]
    distance, vehicles = entry["best_known_cost"], entry["solved_with_vehicles"]
    if set_ == "pdptw":
        return Case(set_, path.stem, reading.li_lim(path, 0), unit_milli, distance)
    best = distance + vehicles * VEHICLE_DISTANCE
    return Case(set_, path.stem, reading.li_lim(path, VEHICLE_DISTANCE), unit_milli, best, vehicles)


def best_of(path: Path) -> float | None:
    """Cost of a solution file; None where there is none."""
    if not path.exists():
        return None
    found = re.search(r"^Cost:?\s+([\d.]+)", path.read_text("utf-8"), re.MULTILINE)
    return float(found[1]) if found else None


def routes_of(path: Path) -> list[list[int]]:
    """Routes of a solution file as rows of the instance, 0 for a visit of the depot in between."""
    lines = path.read_text("utf-8").splitlines()
    return [[int(word) for word in line.partition(":")[2].split()] for line in lines if line.startswith("Route")]


def chosen(asked: str, only: str | None, data: Path = DATA) -> list[tuple[str, str]]:
    """Sets and names for ``--set`` and ``--only``; ValueError when a set is not known."""
    if asked == "smoke":
        pairs: Iterable[tuple[str, str]] = [(entry.split("/")[0], entry.split("/")[1]) for entry in SMOKE]
    else:
        wanted = SETS if asked == "full" else tuple(asked.split(","))
        unknown = [set_ for set_ in wanted if set_ not in SETS]
        if unknown:
            raise ValueError(f"no set {', '.join(unknown)}; there are smoke, full, {', '.join(SETS)}")
        pairs = [(set_, name) for set_ in wanted for name in names(set_, data)]
    return [pair for pair in pairs if only is None or re.search(only, "/".join(pair))]
