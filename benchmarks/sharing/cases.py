"""The days that are split: which customers, how many members, how many stops each, and what is wanted of each."""

from pathlib import Path
from typing import NamedTuple

from benchmarks.sharing.worlds import city, customers
from solver.problem import Problem

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
"""Where customers and road times lie; another place is given with ``--data``."""
SEED = 1
INSTANCES = {"R": ("R101", "r1_2_1", "r1_4_5"), "RC": ("RC101", "rc1_2_5", "rc1_4_5")}
"""By world: instances of 100, 200 and 400 customers; the smallest that has enough is dealt out."""
SIZES = (100, 200, 400)
WORLDS = (*INSTANCES, "city")
STANDARD = ("6x6", "8x8", "10x10", "12x12", "12x25", "16x8")
PREVIEW_S = 15.0
LONG_FROM_S = 120.0
PEAK_MB = 4_096.0


class Target(NamedTuple):
    """
    What is wanted on two cores; None where nothing is.

    ``seconds`` for everything, at least ``proven_percent`` of the coalitions proven, the mean interval and the widest
    guaranteed range of a share at most so many per cent.
    """

    seconds: float
    proven_percent: float | None = None
    interval_percent: float | None = None
    range_percent: float | None = None


class Case(NamedTuple):
    """One day: ``world`` is R, RC or city."""

    world: str
    members: int
    stops: int

    @property
    def name(self) -> str:
        """World, members, stops each: ``R-6x6``."""
        return f"{self.world}-{self.members}x{self.stops}"

    @property
    def target(self) -> Target | None:
        """What is wanted of it, None for a day that is only measured."""
        return (CITY_TARGETS if self.world == "city" else TARGETS).get((self.members, self.stops))

    @property
    def effort(self) -> str:
        """How hard its costs are worked at: ``long`` where minutes are allowed, else ``usual``."""
        return "long" if self.target is not None and self.target.seconds >= LONG_FROM_S else "usual"


LARGE = {(12, 25): Target(1_200, interval_percent=3.0), (16, 8): Target(1_200, interval_percent=3.0)}
TARGETS = {
    (6, 6): Target(5, proven_percent=100.0),
    (8, 8): Target(30, proven_percent=100.0),
    (10, 10): Target(240, proven_percent=95.0, interval_percent=0.1, range_percent=1.0),
    (12, 12): Target(600, range_percent=3.0),
    **LARGE,
}
CITY_TARGETS = {(6, 6): Target(60, proven_percent=95.0), (8, 6): Target(300, range_percent=2.0), **LARGE}
GROWTH_MEMBERS = (3, 4, 5, 6, 7, 8, 9, 10)
GROWTH_STOPS = (3, 4, 6, 8, 12, 16)
GROWTH_FIXED = 6
"""Stops of each member while members grow in number, and members while their stops do."""


def case_of(name: str) -> Case:
    """The case of a name; ValueError where there is no such world or no two positive numbers."""
    world, _, size = name.partition("-")
    members, _, stops = size.partition("x")
    if world not in WORLDS or not members.isdecimal() or not stops.isdecimal() or not int(members) * int(stops):
        raise ValueError(f"no case {name!r}: {', '.join(WORLDS)}, then members x stops, as in R-6x6")
    return Case(world, int(members), int(stops))


def standard() -> list[Case]:
    """The days that the targets are about."""
    drawn = [case_of(f"{world}-{size}") for world in WORLDS for size in STANDARD]
    return sorted(
        [*drawn, Case("city", 8, 6)], key=lambda case: (WORLDS.index(case.world), 2**case.members, case.stops)
    )


def growth() -> list[Case]:
    """Days that differ in members alone, then days that differ in stops alone."""
    worlds = ("R", "city")
    return [
        *(Case(world, members, GROWTH_FIXED) for world in worlds for members in GROWTH_MEMBERS),
        *(Case(world, GROWTH_FIXED, stops) for world in worlds for stops in GROWTH_STOPS if stops != GROWTH_FIXED),
    ]


def chosen(set_: str, only: str | None) -> list[Case]:
    """Cases of ``--set`` (none for games) that ``--only`` names: by size (6x6), by world (RC), or in full (RC-6x6)."""
    if only is not None:
        return [case for word in only.split(",") for case in _named(word)]
    found = standard() if set_ in ("vrp", "full") else []
    found += growth() if set_ in ("growth", "full") else []
    return list(dict.fromkeys(found))


def _named(word: str) -> list[Case]:
    if word in WORLDS:
        return [case for case in standard() if case.world == word]
    if "-" in word:
        return [case_of(word)]
    return [case_of(f"{world}-{word}") for world in WORLDS]


def draw(case: Case, data: Path = DATA) -> Problem:
    """The day itself, the same every time; ValueError where no instance has enough customers."""
    if case.world == "city":
        return city(data, case.members, case.stops, SEED)
    for name, size in zip(INSTANCES[case.world], SIZES, strict=True):
        if case.members * case.stops <= size:
            return customers(data, name, case.members, case.stops, SEED)
    raise ValueError(f"{case.name}: no instance has {case.members * case.stops} customers")
