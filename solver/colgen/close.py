"""
Closing the gap: every route that a plan cheaper than the best known could use, and the best plan among them.

A route whose reduced price exceeds the gap is in no better plan; the rest are listed by depth-first search with the
backward labels as completion bounds, after Baldacci, Christofides and Mingozzi (2008).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from ortools.linear_solver import pywraplp

from solver.colgen.exact import is_exact, price_milli, price_of
from solver.colgen.jit import jit
from solver.colgen.labels import CUT_WORDS, FAR, Graph, Homeward, Ints, cell_of, duals_of
from solver.colgen.limits import Budget
from solver.colgen.model import Model
from solver.colgen.node import Point, Search
from solver.colgen.pricing import LabelLimitError, Pricer

ROUTES_MAX = 30_000
STEPS_MAX = 4_000_000
COLUMNS_MAX = 2_500
LABELS_MAX = 150_000
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
    """A route of the last step: thousandths of a minor unit, and the visits' nodes in the cheapest order."""

    network: int
    nodes: tuple[int, ...]
    milli: int


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
        routes = _listed(search, pricer, point, k, gap, budget)
        if routes is None:
            return None
        for nodes in routes:
            candidate = _candidate(model, k, nodes, exact)
            key = k, frozenset(nodes)
            if candidate is not None and (key not in best or candidate < best[key]):
                best[key] = candidate
        if len(best) > COLUMNS_MAX:
            return None
    return _chosen(model, search, list(best.values()), target, budget, exact)


def _candidate(model: Model, k: int, nodes: tuple[int, ...], exact: bool) -> Candidate | None:
    """A route with its true price where that can be told, else with the relaxation's."""
    network = model.networks[k]
    if exact:
        visits = tuple(model.visits[node] for node in nodes)
        price = price_milli(model.compiled, network.types[0], visits)
        return None if price is None else Candidate(k, nodes, price)
    grains = price_of(network, nodes)
    return Candidate(k, nodes, -(-grains // model.grains))


def _listed(
    search: Search, pricer: Pricer, point: Point, k: int, gap: int, budget: Budget
) -> list[tuple[int, ...]] | None:
    """Nodes of all routes of a network that lack less than ``gap``; None where there are too many."""
    duals = search.duals_of(point.duals, k)
    try:
        rest = pricer.whole_way_back(duals, gap, budget, LABELS_MAX)
    except LabelLimitError:
        return None
    fore, back, home = pricer.graphs(duals)
    below = duals.vehicle + gap
    routes: list[tuple[int, ...]] = []
    depot = len(fore.opens) - 1
    steps = 0
    for arc in range(int(fore.first[depot]), int(fore.first[depot + 1])):
        room = np.zeros((ROUTES_MAX, 1), dtype=np.int64), np.empty(40 * ROUTES_MAX, dtype=np.int64)
        found, taken = walk(fore, back, home, rest, arc, pricer.turn, below, STEPS_MAX - steps, room[0], room[1])
        budget.spend()
        steps += taken
        if found < 0 or len(routes) + found > ROUTES_MAX or steps >= STEPS_MAX:
            return None
        ends = np.cumsum(room[0][:found, 0])
        routes += [
            tuple(room[1][end - size : end].tolist()) for end, size in zip(ends, room[0][:found, 0], strict=True)
        ]
    return routes


@jit
def walk(
    fore: Graph,
    back: Graph,
    home: Homeward,
    rest: Ints,
    begin: int,
    turn: int,
    below: int,
    steps_max: int,
    sizes: Ints,
    nodes: Ints,
) -> tuple[int, int]:
    """
    List the routes that begin with an arc and stay below a reduced price.

    Returns
    -------
    found, steps
        How many routes (their lengths in ``sizes``, their nodes one after the other in ``nodes``), -1 where there is no
        room for all; and how many arcs were tried.
    """
    deepest = len(fore.opens) + 1
    state = np.zeros((deepest, 7 + CUT_WORDS), dtype=np.int64)  # node, next arc, price, main, one, two, late, cuts
    inside = np.zeros(len(fore.opens), dtype=np.bool_)
    depot = len(fore.opens) - 1
    state[0, 0], state[0, 1], state[0, 3], state[0, 6] = depot, begin, fore.opens[depot], fore.closes[depot]
    depth, found, steps, written = 0, 0, 0, 0
    while depth >= 0:
        here = state[depth, 0]
        arc = state[depth, 1]
        if arc >= (begin + 1 if depth == 0 else fore.first[here + 1]):
            inside[here] = False
            depth -= 1
            continue
        state[depth, 1] += 1
        steps += 1
        if steps > steps_max:
            return -1, steps
        if inside[fore.head[arc]] or not step(fore, back, rest, state, depth, arc, turn, below):
            continue
        depth += 1
        inside[state[depth, 0]] = True
        if ends(fore, home, state[depth], turn, below):
            if found >= len(sizes) or written + depth > len(nodes):
                return -1, steps
            for k in range(1, depth + 1):
                nodes[written] = state[k, 0]
                written += 1
            sizes[found, 0] = depth
            found += 1
    return found, steps


@jit
def step(fore: Graph, back: Graph, rest: Ints, state: Ints, depth: int, arc: int, turn: int, below: int) -> bool:
    """Write the state after an arc one deeper; False where no route below the price goes on from there."""
    old, new, head = state[depth], state[depth + 1], fore.head[arc]
    main = max(fore.opens[head], old[3] + fore.main[arc])
    late = min(fore.closes[head], old[6] + fore.main[arc])
    wait = max(0, main - late)
    one = old[4] + fore.one[arc] + (wait if fore.waits[1] == 0 else 0)
    two = old[5] + fore.two[arc] + (wait if fore.waits[1] == 1 else 0)
    if main > fore.closes[head] or one > fore.limits[0] or two > fore.limits[1]:
        return False
    price = old[2] + fore.price[arc] + wait * fore.waits[0]
    for k in range(CUT_WORDS):
        before, hit = old[7 + k] & fore.keeps[head, k], fore.hits[head, k]
        new[7 + k] = before ^ hit
        if before & hit:
            price += duals_of(fore.sigma, before & hit, k)
    cell = cell_of(back, head, turn - main)
    if rest[head, cell] >= FAR or price + rest[head, cell] >= below:
        return False
    new[0], new[1], new[2], new[3], new[4], new[5], new[6] = head, fore.first[head], price, main, one, two, late + wait
    return True


@jit
def ends(fore: Graph, home: Homeward, state: Ints, turn: int, below: int) -> bool:
    """Whether a path may end where it stands."""
    node = state[0]
    if home.price[node] >= FAR or state[3] + home.main[node] > turn:
        return False
    if state[4] + home.one[node] > fore.limits[0] or state[5] + home.two[node] > fore.limits[1]:
        return False
    return bool(state[2] + home.price[node] < below)


def _chosen(
    model: Model, search: Search, candidates: list[Candidate], target: int, budget: Budget, exact: bool
) -> Verdict | None:
    """The best plan among the candidates by integer programming; None where it did not end."""
    solver: Any = pywraplp.Solver.CreateSolver("SCIP")
    master = search.master
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
    solver.Minimize(solver.Sum([price * variable for price, variable in zip(prices, taken + refused, strict=True)]))
    left_s = budget.left_s()
    if left_s is not None:
        solver.SetTimeLimit(max(1, int(1_000 * left_s)))
    solver.SetSolverSpecificParametersAsString(MIP_NODES)
    status = solver.Solve()
    budget.spend()
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
