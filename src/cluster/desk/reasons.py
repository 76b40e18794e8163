"""
The door to the solver for explanations: runs in a helper process, which keeps what it has compiled.

Everything that goes in and comes out is plain data; identifiers are those of the API.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from itertools import accumulate, pairwise

import msgspec
from msgspec import Struct

from cluster.desk.compiled import compiled_of
from cluster.desk.why_models import BoundBy, Stored
from cluster.planning.translate import Plan, Problem, minor
from solver.anatomy import Added, RouteFigures, Tight, added, components_milli, figures, tight
from solver.because import Because, Shut, Way, because
from solver.bounds import lower_bound_milli
from solver.compiled import Compiled
from solver.why_not import Blocker

ANATOMIES_MAX = 50
DEAREST_MAX = 20
"""Shipments of which it is told what they add."""
BOUND_ORDERS_MAX = 1_000
"""Above, finding out again where a bound comes from would take seconds."""


class _Result(Struct, frozen=True):
    """What is read of an answer's result."""

    plan: Plan
    bound_milli: int


class _Answer(Struct, frozen=True):
    result: _Result


class Anatomy(Struct, frozen=True, kw_only=True):
    """
    A plan taken apart; ``parts`` are its components in minor units, which sum to its cost.

    ``added`` are the ``DEAREST_MAX`` shipments that add most.
    """

    cost_minor: int
    parts: dict[str, int]
    routes: tuple[RouteFigures, ...]
    added: tuple[Added, ...]
    limits: tuple[Tight, ...]
    bound_by: BoundBy | None


_anatomies: OrderedDict[tuple[bytes, bytes], Anatomy] = OrderedDict()


def _opened(stored: Stored) -> tuple[Problem, Compiled, _Result]:
    """A stored plan, its problem compiled once for all questions about it."""
    problem, compiled = compiled_of(stored)
    return problem, compiled, msgspec.json.decode(stored.answer, type=_Answer).result


def why(stored: Stored, shipment_id: str) -> Because | None:
    """Why a shipment is where it is; None where the plan's question does not hold it."""
    problem, compiled, result = _opened(stored)
    if shipment_id not in compiled.order_index:
        return None
    return because(problem, compiled, result.plan, shipment_id)


def anatomy(stored: Stored) -> Anatomy:
    """What a plan is made of; found out once, for question and answer are never changed."""
    key = stored.digest, hashlib.sha256(stored.answer).digest()
    if key not in _anatomies:
        _anatomies[key] = _taken_apart(stored)
    _anatomies.move_to_end(key)
    while len(_anatomies) > ANATOMIES_MAX:
        _anatomies.popitem(last=False)
    return _anatomies[key]


def _taken_apart(stored: Stored) -> Anatomy:
    problem, compiled, result = _opened(stored)
    plan = result.plan
    routes = figures(problem, compiled, plan)
    parts = components_milli(plan)
    return Anatomy(
        cost_minor=minor(plan.cost_milli),
        parts=dict(zip(parts, _in_minor(parts.values()), strict=True)),
        routes=routes,
        added=added(problem, compiled, plan, DEAREST_MAX),
        limits=tight(problem, plan, routes),
        bound_by=_bound_by(compiled, result),
    )


def _in_minor(amounts_milli: Iterable[int]) -> list[int]:
    """Amounts in minor units that sum to their sum in minor units: what rounding leaves goes to the next one."""
    return [minor(after) - minor(before) for before, after in pairwise(accumulate(amounts_milli, initial=0))]


def _bound_by(compiled: Compiled, result: _Result) -> BoundBy | None:
    """Which bound is the stored one: the cheap one made again, or else that of column generation."""
    if result.bound_milli <= 0 or len(compiled.problem.orders) > BOUND_ORDERS_MAX:
        return None
    left = frozenset(
        compiled.order_index[entry.order] for entry in result.plan.unplanned if entry.outside_milli is None
    )
    return BoundBy.WAYS if lower_bound_milli(compiled, left) >= result.bound_milli else BoundBy.ROUTES


__all__ = ["Added", "Anatomy", "Because", "Blocker", "RouteFigures", "Shut", "Way", "anatomy", "why"]
