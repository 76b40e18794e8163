"""The instances by set and name, with what is known about each."""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from benchmarks.routing import days
from solver.formats.lilim import read_lilim
from solver.formats.reading import Reading
from solver.formats.solomon import read_solomon
from solver.formats.solution import read_solution
from solver.formats.vrplib import read_vrplib
from solver.plan import MILLI
from solver.problem import Problem

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
"""Where the research instances lie; another place is given with ``--data``."""
VEHICLE_DISTANCE = 10_000
"""Price of a vehicle in units of distance where vehicles count first: more than any tour of these instances."""
DAY_MILLI = 1_000
MULTI = ("pyvrp", "ortools", "vroom")


class Family(NamedTuple):
    """How one set of research files is read, and which engines can model it."""

    folder: str
    pattern: str
    read: Callable[[bytes], Reading]
    peers: tuple[str, ...] = MULTI


FAMILIES = {
    "vrptw": Family("vrptw", "*.txt", read_solomon),
    "cvrp": Family("cvrp", "*.vrp", read_vrplib, (*MULTI, "hgs")),
    "pdptw": Family("pdptw", "*.txt", read_lilim),
    "pdptw-fleet": Family("pdptw", "*.txt", read_lilim),
    "mdvrptw": Family("mdvrptw", "*.vrp", read_vrplib),
    "hfvrp": Family("hfvrp", "*.vrp", read_vrplib),
    "pcvrptw": Family("pcvrptw", "*.vrp", read_vrplib, ("pyvrp", "ortools")),
    "mtvrptw": Family("mtvrptw", "*.vrp", read_vrplib, ("pyvrp",)),
    "road": Family("road", "*.txt", read_vrplib),
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
    _, orders, number = name.split("-")
    return Case(set_, name, days.city(int(orders), int(number)), DAY_MILLI)


def _from_file(set_: str, name: str, data: Path) -> Case:
    family = FAMILIES[set_]
    path = data / "routing" / family.folder / family.pattern.replace("*", name)
    reading = family.read(path.read_bytes())
    unit_milli = reading.convention.unit * MILLI
    case = Case(set_, name, reading.problem, unit_milli, path=path)
    if set_ == "vrptw":
        known = json.loads((path.parent / "bks_dimacs.json").read_text("utf-8"))["best_known"]
        return case._replace(best=known[name]["distance"])
    if set_.startswith("pdptw"):
        known = json.loads((path.parent / "BKS.json").read_text("utf-8"))[name]
        case = case._replace(best=known["best_known_cost"])
        return case if set_ == "pdptw" else vehicles_first(case, known["solved_with_vehicles"])
    solution = path.with_suffix(".sol")
    return case._replace(best=read_solution(solution.read_bytes()).cost) if solution.exists() else case


def vehicles_first(case: Case, vehicles: int) -> Case:
    """The same with so dear a vehicle that their number comes first; ``vehicles`` are those of the best known."""
    fixed_milli = VEHICLE_DISTANCE * case.unit_milli
    kinds = tuple(structs.replace(kind, fixed_milli=fixed_milli) for kind in case.problem.vehicle_types)
    best = (case.best or 0.0) + vehicles * VEHICLE_DISTANCE
    return case._replace(problem=case.problem.replace(vehicle_types=kinds), best=best, vehicles=vehicles)


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
