"""
Closing the gap: every route that a plan cheaper than the best known could use, and the best plan among them.

A route whose reduced price exceeds the gap is in no better plan; the rest are listed by depth-first search with the
backward labels as completion bounds, after Baldacci, Christofides and Mingozzi (2008).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from ortools.linear_solver import pywraplp

from solver.colgen.exact import is_exact, price_milli, price_of
from solver.colgen.labels import Ints
from solver.colgen.limits import Budget
from solver.colgen.listing import listed, same_set_margin
from solver.colgen.model import Model
from solver.colgen.node import Point, Search
from solver.colgen.pricing import Pricer

COLUMNS_MAX, ENTRIES_MAX = 2_000, 120_000
"""Of the integer program: so many columns, or more as long as they times the visits are no more than that."""
MIP_NODES = "limits/nodes = 500"
"""A limit in nodes, not seconds, so that the same question gets the same answer."""
GAP_MOST, FEW_VISITS = 0.04, 30
"""Above this share of the target listing is hopeless, but for so few visits."""


class Verdict(NamedTuple):
    """
    On the plans of a branch that are cheaper than the target.

    ``bound`` in grains: none is cheaper. ``routes`` (network, nodes) is the best of them for ``milli``, or empty.
    """

    bound: int
    milli: int
    routes: tuple[tuple[int, tuple[int, ...]], ...]


class Candidate(NamedTuple):
    """A route of the last step: thousandths of a minor unit, which compare first, and the visits' nodes in order."""

    network: int
    milli: int
    nodes: tuple[int, ...]


def closed(
    model: Model, search: Search, pricers: Sequence[Pricer], point: Point, target: int, budget: Budget
) -> Verdict | None:
    """
    Look through all plans of the search's branch that cost less than ``target`` (in grains).

    Returns
    -------
    Verdict or None
        None where there are too many routes, or too many plans to look through.
    """
    gap = target - point.bound
    wide = gap > GAP_MOST * target and len(model.visits) > FEW_VISITS
    if wide or any(network.reloads for network in model.networks):
        return None
    best: dict[tuple[int, frozenset[int]], Candidate] = {}
    exact = is_exact(model.compiled)
    for k, pricer in enumerate(pricers):
        margin = same_set_margin(model.compiled, pricer.network, model.visits, model.grains, exact=exact)
        routes = listed(search, pricer, point, k, gap, budget, margin)
        if routes is None:
            return None
        for nodes in routes:
            candidate = _candidate(model, k, nodes, exact)
            key = k, frozenset(nodes)
            if candidate is not None and (key not in best or candidate < best[key]):
                best[key] = candidate
        if len(best) > max(COLUMNS_MAX, ENTRIES_MAX // len(model.visits)):
            return None
    return _chosen(model, search, list(best.values()), point.duals, target, budget, exact)


def _candidate(model: Model, k: int, nodes: tuple[int, ...], exact: bool) -> Candidate | None:
    """A route with its true price where that can be told, else with the relaxation's."""
    network = model.networks[k]
    if exact:
        visits = tuple(model.visits[node] for node in nodes)
        price = price_milli(model.compiled, network.types[0], visits)
        return None if price is None else Candidate(k, price, nodes)
    grains = price_of(network, nodes)
    return Candidate(k, -(-grains // model.grains), nodes)


def _chosen(
    model: Model, search: Search, candidates: list[Candidate], duals: Ints, target: int, budget: Budget, exact: bool
) -> Verdict | None:
    """The best plan among the candidates by integer programming; None where it did not end."""
    master = search.master
    solver: Any = pywraplp.Solver.CreateSolver("SCIP")
    taken = [solver.BoolVar("") for _ in candidates]
    refused = [solver.BoolVar("") for _ in model.choices]
    cover: list[list[Any]] = [[] for _ in range(master.visits)]
    for variable, candidate in zip(taken, candidates, strict=True):
        for node in candidate.nodes:
            cover[node].append(variable)
    for variable, (_, nodes) in zip(refused, model.choices, strict=True):
        for node in nodes:
            cover[node].append(variable)
    if not all(cover):
        return Verdict(target, 0, ())
    for variables in cover:
        solver.Add(solver.Sum(variables) == 1)
    solver.Add(solver.Sum(taken) >= master.fewest)
    solver.Add(solver.Sum(taken) <= master.most)
    for k, network in enumerate(model.networks):
        mine = [variable for variable, candidate in zip(taken, candidates, strict=True) if candidate.network == k]
        if network.vehicles is not None and mine:
            solver.Add(solver.Sum(mine) <= network.vehicles)
    prices = [candidate.milli for candidate in candidates] + [price // model.grains for price, _ in model.choices]
    # Less what the visits are worth, which is the same in every plan: small numbers leave nothing to tolerances.
    worth = [int(dual) // model.grains for dual in duals[: master.visits]]
    served = [candidate.nodes for candidate in candidates] + [nodes for _, nodes in model.choices]
    rest = [price - sum(worth[node] for node in nodes) for price, nodes in zip(prices, served, strict=True)]
    solver.Minimize(solver.Sum([price * variable for price, variable in zip(rest, taken + refused, strict=True)]))
    status = _run(solver, budget)
    if status == pywraplp.Solver.INFEASIBLE:
        return Verdict(target, 0, ())
    if status != pywraplp.Solver.OPTIMAL:
        return None
    chosen = [
        candidate for variable, candidate in zip(taken, candidates, strict=True) if variable.solution_value() > 0.5
    ]
    milli = sum(
        price for price, variable in zip(prices, taken + refused, strict=True) if variable.solution_value() > 0.5
    )
    routes = tuple((candidate.network, candidate.nodes) for candidate in chosen) if exact else ()
    return Verdict(min(target, (milli - 1) * model.grains + 1), milli, routes)


def _run(solver: Any, budget: Budget) -> int:
    """Solve to the very optimum; the solver's status."""
    left_s = budget.left_s()
    if left_s is not None:
        solver.SetTimeLimit(max(1, int(1_000 * left_s)))
    solver.SetSolverSpecificParametersAsString(MIP_NODES)
    exactly = pywraplp.MPSolverParameters()
    # Left to itself it calls optimal what may be a ten-thousandth off.
    exactly.SetDoubleParam(pywraplp.MPSolverParameters.RELATIVE_MIP_GAP, 0.0)
    status: int = solver.Solve(exactly)
    budget.spend()
    return status
