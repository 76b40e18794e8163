"""The question asked of column generation, and its answer."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from solver.colgen.cuts import separate
from solver.colgen.limits import Budget, OutOfBudgetError
from solver.colgen.proof import Proof, RouteKey, route_least
from solver.colgen.whole import Whole
from solver.compiled import Compiled
from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window

VISITS_MAX = 400
"""Above this many visits pricing would not end in any time that a user waits."""


class ColumnBound(NamedTuple):
    """
    What column generation proves.

    Attributes
    ----------
    bound_milli
        No plan that serves every mandatory order but those left out costs less. At least 0.
    proven_optimal
        ``routes`` are a plan of exactly this cost, or (``routes`` empty) the plan whose cost was given as
        ``upper_milli`` is one.
    routes
        The best plan found, (vehicle type, visits); empty where none was found that is cheaper than ``upper_milli``.
    columns
        Routes without repeated visits that were generated; their feasibility is that of the relaxation.
    rounds, labels
        Of the master problem, and labels made in pricing.
    duals
        By visit, in grains (``Whole.grains`` to a thousandth of a minor unit): what the visit is worth by the best
        bound of the linear program without branches or cuts. Empty where pricing never was exact.
    root_grains
        That bound, which these duals alone prove.
    beyond_grains
        Every route costs at least so much more than by these duals its visits are worth; mostly 0 or a little below.
    least_grains
        No route costs less; 0 where that is not known.
    """

    bound_milli: int
    proven_optimal: bool
    routes: tuple[RouteKey, ...]
    columns: tuple[RouteKey, ...]
    rounds: int
    labels: int
    duals: Mapping[int, int] = {}
    root_grains: int = 0
    beyond_grains: int = 0
    least_grains: int = 0


def lower_bound(
    compiled: Compiled | Whole,
    without: frozenset[int],
    *,
    upper_milli: int | None,
    routes: Sequence[RouteKey],
    seconds: float | None,
    labels: int | None,
    stop: Callable[[], bool],
    fewest: int = 0,
    only: frozenset[int] | None = None,
    duals: Mapping[int, int] | None = None,
    columns: Sequence[RouteKey] = (),
    root_only: bool = False,
    beyond: int | None = None,
) -> ColumnBound:
    """
    A lower bound by column generation over ng-routes, closed to the optimum where that is possible.

    Parameters
    ----------
    compiled
        The problem, or what all coalitions of its day have in common.
    without
        Mandatory orders that are left unserved.
    upper_milli
        Cost of a plan that is known, None for none. With it, all routes that a better plan could use may be listed.
    routes
        Feasible routes of a good plan: with every stretch of theirs they are the first columns.
    seconds, labels
        Limits, at least one of them; with labels alone the same question always gets the same answer.
    stop
        Asked often; the search ends within 0.1 s of True.
    fewest
        At least so many vehicles are needed in every plan (proven by whoever asks).
    only
        Just these orders take part (optional ones keep their outside option); None: all.
    duals
        What visits are worth about, in grains, as in an earlier answer; best from a coalition that is much like this.
    columns
        More feasible routes, taken as they are. Of ``routes`` and ``columns`` those with other orders are passed over.
    root_only
        The bound of the linear program alone: no branches, no cuts, no listing of routes.
    beyond
        Labels at most after the linear program; None: as many as ``labels`` leaves.

    Returns
    -------
    ColumnBound
        With bound 0 where the problem is too large or has nothing to serve.
    """
    budget = Budget(seconds, labels, stop)
    empty = ColumnBound(0, proven_optimal=False, routes=(), columns=(), rounds=0, labels=0)
    problem = compiled.problem if isinstance(compiled, Compiled) else compiled.compiled.problem
    mine = frozenset(range(len(problem.orders)) if only is None else only) - without
    if 2 * len(mine) > 4 * VISITS_MAX:
        return empty
    whole = Whole(compiled) if isinstance(compiled, Compiled) else compiled
    model = whole.model(mine)
    if model is None or len(model.visits) > VISITS_MAX or not model.networks:
        return empty
    proof = Proof(model, budget, upper_milli, fewest)
    proof.guess(duals or {})
    proof.learn(routes, stretches=True)
    proof.learn(columns, stretches=False)
    with suppress(OutOfBudgetError):
        proof.run(root_only=root_only, beyond=beyond)
    found = proof.outcome()
    rounds, used = proof.search.rounds, budget.used
    return ColumnBound(
        *found,
        rounds,
        used,
        duals=proof.root_duals,
        root_grains=proof.root_bound,
        beyond_grains=proof.root_beyond,
        least_grains=route_least(model),
    )


def warm() -> None:
    """Compile everything and keep it on disk, at build time: half a minute that no user should wait."""
    places = tuple(Place(id=name) for name in "abcde")
    apart = Matrix([[100 * abs(here - there) for there in range(5)] for here in range(5)])
    profile = TravelProfile(id="default", distance_m=apart, duration_s=apart)
    van = VehicleType(id="van", start="a", end="a", capacity={"boxes": 2}, km_milli=1_000, shift=Window(0, 2_000))
    orders = tuple(
        Order(id=name, owner="anna", delivery=Visit(place=name, windows=(Window(0, 1_500),)), load={"boxes": 1})
        for name in "bcde"
    )
    compiled = Compiled(Problem(places=places, profiles=(profile,), vehicle_types=(van,), orders=orders))
    # 200 + 400 out and as far back is 1_200, the optimum; a plan said to cost more leaves something to look through.
    lower_bound(compiled, frozenset(), upper_milli=1_240, routes=(), seconds=None, labels=100_000, stop=lambda: False)
    triple = [((0, 1), 0.5), ((1, 2), 0.5), ((0, 2), 0.5)]
    separate(triple, 3, 1)
