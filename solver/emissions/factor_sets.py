"""Emission factors as data: those shipped with the solver, or somebody's own, chosen for a region and a year."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from solver.codec import value_from_json
from solver.emissions.words import Assumed, Assumption, FactorSet, Method, Source
from solver.faults import Fault

FOLDER = "factors"


def factor_set_from_json(raw: bytes) -> FactorSet:
    """Factors from JSON of the form of those in ``solver/emissions/factors``. Raises ProblemError."""
    return value_from_json(raw, FactorSet)


@cache
def shipped_factor_sets() -> tuple[FactorSet, ...]:
    """All factors that come with the solver, by id."""
    folder = files("solver.emissions").joinpath(FOLDER)
    found = [factor_set_from_json(entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".json")]
    return tuple(sorted(found, key=lambda factors: factors.source.id))


class Choice(NamedTuple):
    """Factors (None with a fault), and an assumption for a region and for a year other than asked for."""

    factors: FactorSet | None
    assumptions: tuple[Assumption, ...]
    faults: tuple[Fault, ...]


def chosen(method: Method) -> Choice:
    """
    The factors that a method asks for.

    Fault ``factors_unknown``: there are none of that region and year, and ``fallback`` was not given.
    """
    offered = shipped_factor_sets() if method.factors is None else (method.factors,)
    found = nearest(offered, method)
    source = found.source
    if (source.region, source.year) == (method.region, method.year):
        return Choice(found, (), ())
    if not method.fallback:
        known = ", ".join(sorted(f"{factors.source.region} {factors.source.year}" for factors in offered))
        cause = f"no factors of {method.region!r} for {method.year}"
        cure = f"one of {known}; factors of your own; or fallback, to use those that come nearest and say so"
        return Choice(None, (), (Fault(code="factors_unknown", where="region", cause=cause, cure=cure),))
    return Choice(found, tuple(_assumed(source, method)), ())


def nearest(offered: Sequence[FactorSet], method: Method) -> FactorSet:
    """Of one or more sets that of the region asked for and the nearest year; of equals the older, then by id."""

    def far(factors: FactorSet) -> tuple[bool, int, int, str]:
        source = factors.source
        return source.region != method.region, abs(source.year - method.year), source.year, source.id

    return min(offered, key=far)


def _assumed(source: Source, method: Method) -> list[Assumption]:
    found = []
    if source.region != method.region:
        detail = f"no factors of {method.region!r}: those of {source.region} ({source.publisher}) are used"
        found.append(Assumption(what=Assumed.REGION, where="region", detail=detail))
    if source.year != method.year:
        detail = f"no factors for {method.year}: those of {source.year} are used"
        found.append(Assumption(what=Assumed.YEAR, where="year", detail=detail))
    return found
