"""The one compiled function that Python calls, cached by the text of this package."""

from collections.abc import Callable
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import Any

import numba

from solver.routing.rich import layout as c
from solver.routing.rich.chain import (
    begin_round,
    cut,
    drop_slot,
    empty,
    fill,
    link,
    miss,
    take_reload,
    take_slot,
    unmiss,
)
from solver.routing.rich.chance import next_blink
from solver.routing.rich.memory import State, jit
from solver.routing.rich.recreate import put_alone
from solver.routing.rich.refresh import refresh
from solver.routing.rich.ruin import remove_order
from solver.routing.rich.search import iterate, keep_best, left_out, plan_terms
from solver.routing.rich.times import start_of

SEARCH, LOAD, ALONE, FEWER, HOLD = range(5)
"""What to do: iterate; make the solution in ``best`` the current one; price each order alone; give up a route; take up
the settled begins of routes written in ``best``."""


@jit
def load(s: State) -> None:
    """Make the solution in ``best`` the current one and the best; what is no route there is left out."""
    for order in range(s.flag[c.ORDERS]):
        if s.order[order, c.STATE] == c.SERVED:
            miss(s, order)
    for index in range(s.flag[c.ACTIVE] - 1, -1, -1):
        route = s.active[index]
        empty(s, route)
        if s.route[route, c.HELD] and not refresh(s, route):
            s.flag[c.WRONG] += 1
    at = 0
    while at < s.flag[c.BEST_LENGTH]:
        route = s.best[at]
        if fill(s, s.best, at):
            count_served(s, route)
        else:
            empty(s, route)
            if s.route[route, c.HELD] and not refresh(s, route):
                s.flag[c.WRONG] += 1
        at += 3 + s.best[at + 2]
    reckon(s)
    keep_best(s, s.money[c.TOTAL])


@jit
def count_served(s: State, route: int) -> None:
    """Take the orders of a rebuilt route off the absent ones."""
    node = s.node[s.route[route, c.LAST_FIXED], c.NEXT]
    while s.node[node, c.KIND] != c.END:
        order = s.node[node, c.ORDER]
        if order >= 0 and s.order[order, c.STATE] == c.ABSENT:
            unmiss(s, order)
        node = s.node[node, c.NEXT]


@jit
def reckon(s: State) -> None:
    """Add up the current solution."""
    begin_round(s)
    s.money[c.ROUTES_TOTAL] = 0.0
    for index in range(s.flag[c.ACTIVE]):
        s.money[c.ROUTES_TOTAL] += s.cost[s.active[index]]
    s.money[c.TOTAL] = s.money[c.ROUTES_TOTAL] + left_out(s)
    if s.flag[c.PLAN_TERMS]:
        s.money[c.TOTAL] += plan_terms(s)


@jit
def price_alone(s: State) -> None:
    """By order: each type's price of a route for it alone, cheapest first; infinite where there is none."""
    for type_ in range(s.flag[c.TYPES]):
        if s.kind[type_, c.HELD_SLOT] >= 0:
            continue
        route = take_slot(s, type_, s.flag[c.FREE_SLOTS] - 1)
        for order in range(s.flag[c.ORDERS]):
            if not s.suits[type_, order] or s.node[s.order[order, c.FIRST], c.FIXED]:
                continue
            if put_alone(s, route, order):
                enter(s, order, type_, s.cost[route])
                cut(s, route)
        drop_slot(s, route)


@jit
def enter(s: State, order: int, type_: int, price: float) -> None:
    """Enter a price among an order's, kept in order; the dearest falls off the end."""
    rank = s.alone.shape[1] - 1
    if s.alone[order, rank] <= price:
        return
    while rank > 0 and s.alone[order, rank - 1] > price:
        s.alone[order, rank], s.alone_type[order, rank] = s.alone[order, rank - 1], s.alone_type[order, rank - 1]
        rank -= 1
    s.alone[order, rank], s.alone_type[order, rank] = price, type_


@jit
def fewer(s: State) -> None:
    """Give up the route whose orders were least often absent (Christiaens and Vanden Berghe's fleet minimisation)."""
    chosen, least = -1, 0
    for index in range(s.flag[c.ACTIVE]):
        route = s.active[index]
        if s.route[route, c.HELD]:
            continue
        missed = 0
        node = s.node[s.route[route, c.LAST_FIXED], c.NEXT]
        while s.node[node, c.KIND] != c.END:
            if s.node[node, c.ORDER] >= 0:
                missed += s.order[s.node[node, c.ORDER], c.MISSED]
            node = s.node[node, c.NEXT]
        if chosen < 0 or missed < least:
            chosen, least = route, missed
    if chosen < 0:
        return
    for order in range(s.flag[c.ORDERS]):
        if s.order[order, c.STATE] == c.SERVED and s.node[s.order[order, c.FIRST], c.ROUTE] == chosen:
            remove_order(s, order)
    empty(s, chosen)
    s.flag[c.ROUTES_MAX] = s.flag[c.ACTIVE]
    reckon(s)
    s.flag[c.BEST_MISSING], s.money[c.BEST_TOTAL] = s.flag[c.MISSING], inf


@jit
def hold(s: State) -> None:
    """Open a slot for each vehicle whose route has a settled begin, and link that."""
    at = 0
    while at < s.flag[c.BEST_LENGTH]:
        type_, length = s.best[at], s.best[at + 1]
        at += 2
        route = take_slot(s, type_, s.flag[c.FREE_SLOTS] - 1)
        before = s.route[route, c.LAST_FIXED]
        for _ in range(length):
            node = s.best[at]
            if node < 0:
                node = take_reload(s, type_, ~node)
            link(s, node, before)
            s.node[node, c.FIXED] = 1
            s.node[node, c.DONE_START], s.node[node, c.DONE_END] = s.best[at + 1], s.best[at + 2]
            before = node
            at += 3
        s.route[route, c.LAST_FIXED], s.route[route, c.HELD] = before, 1
        s.kind[type_, c.HELD_SLOT] = route
        hold_orders(s, route)
    s.flag[c.BEST_LENGTH] = 0


@jit
def hold_orders(s: State, route: int) -> None:
    """Orders begun in a settled begin must be served; those wholly in it are."""
    node = s.node[start_of(s, route), c.NEXT]
    while s.node[node, c.KIND] != c.END:
        order = s.node[node, c.ORDER]
        if order >= 0:
            s.order[order, c.MANDATORY] = 1
            second = s.order[order, c.SECOND]
            if second < 0 or s.node[second, c.FIXED]:
                if s.order[order, c.STATE] == c.ABSENT:
                    unmiss(s, order)
                s.order[order, c.STATE] = c.SETTLED
        node = s.node[node, c.NEXT]


def _entry(version: str) -> Callable[[State, int, int], None]:
    """Compile anew whenever the text of any file here changes: the cache knows only the file of the entry itself."""

    def run(s: State, what: int, count: int) -> None:
        if len(version) == 0:
            return
        if what == LOAD:
            load(s)
        elif what == ALONE:
            price_alone(s)
        elif what == FEWER:
            fewer(s)
        elif what == HOLD:
            hold(s)
        else:
            next_blink(s)
            for _ in range(count):
                if s.flag[c.HALT]:
                    break
                iterate(s)
                s.money[c.HEAT] *= s.money[c.COOLING]

    compiled: Any = numba.njit(nogil=True, cache=True, _nrt=False, error_model="numpy")(run)
    entry: Callable[[State, int, int], None] = compiled
    return entry


def _version() -> str:
    """Digest of this package's source."""
    digest = sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


run = _entry(_version())
