"""
Listing the routes of a network whose reduced price lacks little.

Depth first, with the backward labels as completion bounds (Baldacci, Christofides and Mingozzi, An exact algorithm for
the vehicle routing problem based on the set partitioning formulation with additional cuts, Mathematical Programming
115, 2008); of paths with the same visits and the same last one only those that none of the others is as good as.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from solver.colgen.jit import jit
from solver.colgen.labels import CUT_WORDS, FAR, Graph, Homeward, Ints, cell_of, duals_of
from solver.colgen.limits import Budget
from solver.colgen.model import Network
from solver.colgen.node import Point, Search
from solver.colgen.pricing import LabelLimitError, Pricer
from solver.compiled import Compiled

ROUTES_MAX = 30_000
STEPS_MAX = 4_000_000
LABELS_MAX = 150_000
SEEN, SEEN_COLUMNS, SEEN_VISITS_MAX, PROBES = 2**18, 7, 63, 8


class Seen(NamedTuple):
    """
    Paths by their visits and the last of these, in a table with open addresses.

    Columns: visits as a bit set, last node, price without cuts, main, one, two, late. ``margin`` in grains.
    """

    table: Ints
    margin: int


def listed(
    search: Search, pricer: Pricer, point: Point, k: int, gap: int, budget: Budget, margin: int | None
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
    seen = Seen(np.zeros((SEEN if margin is not None else 1, SEEN_COLUMNS), dtype=np.int64), margin or 0)
    depot = len(fore.opens) - 1
    steps = 0
    for arc in range(int(fore.first[depot]), int(fore.first[depot + 1])):
        room = np.zeros((ROUTES_MAX, 1), dtype=np.int64), np.empty(40 * ROUTES_MAX, dtype=np.int64)
        found, taken = walk(fore, back, home, rest, arc, pricer.turn, below, STEPS_MAX - steps, *room, seen)
        budget.spend()
        steps += taken
        if found < 0 or len(routes) + found > ROUTES_MAX or steps >= STEPS_MAX:
            return None
        ends = np.cumsum(room[0][:found, 0])
        routes += [
            tuple(room[1][end - size : end].tolist()) for end, size in zip(ends, room[0][:found, 0], strict=True)
        ]
    return routes


def same_set_margin(
    compiled: Compiled, network: Network, visits: Sequence[int], grains: int, *, exact: bool
) -> int | None:
    """
    By how many grains one order of the same visits must be cheaper so that the dearer one is in no better plan.

    None where the relaxation does not tell which orders of visits are feasible, or there are too many visits.
    """
    if len(visits) > SEEN_VISITS_MAX:
        return None
    if not exact:
        return 0
    vehicles = [compiled.vehicle_types[type_] for type_ in network.types]
    one_way = len({visit & 1 for visit in visits}) == 1
    limited = any(v.duration_max_s is not None or v.distance_max_m is not None for v in vehicles)
    if limited or not one_way or not network.by_time:
        return None
    lost = any(v.km_milli % 1_000 or v.hour_milli for v in vehicles)
    # Each arc's price is rounded down, each second of waiting's too, and the route's to the nearest thousandth.
    return 2 * (grains + len(visits)) + network.latest - network.begin + 4 if lost else 0


@jit
def worth_going_on(fore: Graph, new: Ints, seen: Seen) -> bool:
    """Whether no path with the same visits up to the same one is as good; it is then remembered in its place."""
    key = new[8 + CUT_WORDS]
    size = len(seen.table)
    mixed = (np.uint64(key) + np.uint64(new[0]) * np.uint64(0xD1B54A32D192ED03)) * np.uint64(0x9E3779B97F4A7C15)
    slot = int(np.int64(mixed >> np.uint64(40))) % size
    timed = fore.waits[1]
    for probe in range(PROBES):
        old = seen.table[(slot + probe) % size]
        if old[0] == 0:
            slot = (slot + probe) % size
            break
        if old[0] != key or old[1] != new[0]:
            continue
        later = new[6] - old[6]
        cheaper = old[2] + max(0, later * fore.waits[0]) + seen.margin <= new[7 + CUT_WORDS]
        sooner = old[3] <= new[3] and old[4] <= new[4] and old[5] <= new[5]
        if cheaper and sooner and (timed < 0 or old[4 + timed] + later <= new[4 + timed]):
            return False
    entry = seen.table[slot]
    entry[0], entry[1], entry[2], entry[3] = key, new[0], new[7 + CUT_WORDS], new[3]
    entry[4], entry[5], entry[6] = new[4], new[5], new[6]
    return True


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
    seen: Seen,
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
    # node, next arc, price, main, one, two, late, cuts, price without cuts, visits so far
    state = np.zeros((deepest, 9 + CUT_WORDS), dtype=np.int64)
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
        if len(seen.table) > 1 and not worth_going_on(fore, state[depth + 1], seen):
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
    cell = cell_of(back.opens[head], back.closes[head], turn - main)
    if rest[head, cell] >= FAR or price + rest[head, cell] >= below:
        return False
    new[7 + CUT_WORDS] = old[7 + CUT_WORDS] + fore.price[arc] + wait * fore.waits[0]
    new[8 + CUT_WORDS] = old[8 + CUT_WORDS] | (1 << (head & 63))
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
