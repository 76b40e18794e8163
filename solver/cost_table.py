"""
The cost table of a day: from a plan and a pool to what every coalition, and every owner alone, would pay.

Searches and proofs for owners and coalitions enrich a copy of the pool; then it is frozen and everything is priced from
it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from itertools import count
from os import getpid
from typing import NamedTuple

import numpy as np

from solver.assemble import assemble
from solver.check import check
from solver.compiled import ACTIONS
from solver.explore import ITERATIONS_MIN, constructed, restricted, search_sets
from solver.intervals import Found, Intervals, Phase
from solver.partition import Partitioner
from solver.plan import MILLI, Plan, minor
from solver.pool import Pool
from solver.shares import Effort
from solver.sharing import closure
from solver.sharing.closure import Ints
from solver.sharing.coalitions import NODES, Routes, price, price_sets, united, whole_minor
from solver.sharing.game import Game
from solver.sharing.held import DayRef

Useful = Callable[[Game], Ints]
_names = count()


class CostTable(NamedTuple):
    """
    All that a rule needs to know; money in whole minor units.

    Attributes
    ----------
    unions
        The players: owners, some of them united, in the order of the game's bits.
    game
        Monotone and sub-additive, with proven lower bounds; its players are the unions' owners joined by ", ". Only the
        bill, the cost of everybody, may be above what unlimited hire would make of it, where the fleet is scarce.
    alone_minor, incremental_minor
        By owner.
    pool_digest
        Of the frozen pool.
    plan
        A better plan than the one given, None if there is none.
    """

    unions: list[tuple[str, ...]]
    game: Game
    alone_minor: dict[str, int]
    incremental_minor: dict[str, int]
    pool_digest: str
    plan: Plan | None


class Day:
    """
    A plan, its pool (which grows), and the orders that take part: all but mandatory ones that the plan does not serve.

    Raises
    ------
    ValueError
        When the plan is not one of the pool's problem.
    """

    def __init__(
        self,
        pool: Pool,
        plan: Plan,
        *,
        seed: int,
        executor: Executor | None,
        effort: Effort,
        keep_plan: bool = False,
        bill_milli: int | None = None,
    ) -> None:
        self._pool = pool
        self._keep_plan = keep_plan
        self._compiled = pool.compiled
        self._seed = seed
        self._executor = executor
        self._effort = effort
        self._ref = DayRef(f"{getpid()} {next(_names)}", self._compiled.problem)
        self._cost_milli = plan.cost_milli if bill_milli is None else bill_milli
        self._routes = _routes_of(pool, plan)
        out = {self._compiled.order_index[entry.order] for entry in plan.unplanned if entry.outside_milli is None}
        self._orders = frozenset(range(len(self._compiled.problem.orders))) - out
        self._owned = {
            owner: frozenset(order for order in self._orders if self._compiled.owner_of[order] == index)
            for index, owner in enumerate(self._compiled.owners)
        }

    @property
    def orders(self) -> frozenset[int]:
        """Those that take part."""
        return self._orders

    def cost_table(self, phase: Callable[[str], Phase], useful: Useful) -> CostTable:
        """
        Price everything.

        Parameters
        ----------
        phase
            Given a name and a number of coalitions, what to call as they get done.
        useful
            Which coalitions' proofs matter most; see ``Intervals.run``.
        """
        unions, alone = self._players()
        groups = [frozenset().union(*(self._owned[owner] for owner in union)) for union in unions]
        if not unions:
            nothing = dict.fromkeys(self._compiled.owners, 0)
            return CostTable([], Game([], [0]), nothing, nothing, self._pool.digest(), None)
        joined = [
            (1 << player, tuple(route for owner in union for route in alone[owner]))
            for player, union in enumerate(unions)
            if all(owner in alone for owner in union)
        ]
        search = Intervals(
            self._pool, groups, self._routes, self._ref, seed=self._seed, executor=self._executor, effort=self._effort
        )
        found = search.run(phase, useful, joined)
        plan = None if self._keep_plan else self._better(found.plans[2 ** len(groups) - 1])
        return self._table(unions, groups, found, plan)

    def _players(self) -> tuple[list[tuple[str, ...]], dict[str, Routes]]:
        """Owners with orders as players, small ones united where there are too many; and the plans this rests on."""
        owners = [owner for owner, orders in self._owned.items() if orders]
        if len(owners) <= self._effort.players_max:
            return [(owner,) for owner in sorted(owners)], {}
        alone = dict(zip(owners, self._search([self._owned[owner] for owner in owners]), strict=True))
        milli = {owner: price(self._compiled, alone[owner], self._owned[owner])[1] for owner in owners}
        unions = united(owners, milli, self._effort.players_max)
        self._search([self._orders - self._owned[owner] for union in unions if len(union) > 1 for owner in union])
        return unions, alone

    def _search(self, sets: Sequence[frozenset[int]]) -> list[Routes]:
        """Good routes for some sets of orders, each started from the plan without the rest."""
        starts = [restricted(self._pool, self._routes, orders) for orders in sets]
        whole = [
            constructed(self._pool, orders) if start is None else start
            for orders, start in zip(sets, starts, strict=True)
        ]
        wanted = list(zip(sets, whole, strict=True))
        return list(
            search_sets(
                self._pool,
                wanted,
                count=len(wanted),
                seed=self._seed,
                iterations=ITERATIONS_MIN,
                ref=self._ref,
                executor=self._executor,
            )
        )

    def _better(self, unlimited: Routes) -> Plan | None:
        """The best choice from the pool within the fleet, if it beats the plan; ``unlimited`` is it where hire is."""
        routes = unlimited
        if any(vehicle.count is not None for vehicle in self._compiled.vehicle_types):
            best = Partitioner(self._compiled, self._pool).best(self._orders, start=self._routes, nodes=NODES)
            routes = best.routes
        left, cost_milli = price(self._compiled, routes, self._orders)
        if cost_milli >= self._cost_milli or left:
            return None
        plan = assemble(self._compiled, [(route.type_, route.visits) for route in routes])
        violations = check(self._compiled.problem, plan)
        if violations:
            raise AssertionError(f"a choice of priced routes is no plan: {violations[0]}")
        self._cost_milli = min(plan.cost_milli, self._cost_milli)
        return plan if plan.cost_milli == self._cost_milli else None

    def _table(
        self, unions: list[tuple[str, ...]], groups: Sequence[frozenset[int]], found: Found, plan: Plan | None
    ) -> CostTable:
        game = _game_of([", ".join(union) for union in unions], found, minor(self._cost_milli))
        alone = dict.fromkeys(self._compiled.owners, 0)
        incremental = dict.fromkeys(self._compiled.owners, 0)
        for player, union in enumerate(unions):
            if len(union) == 1:
                alone[union[0]] = int(game.stand_alone[player])
                incremental[union[0]] = int(game.incremental[player])
                continue
            sets = [orders for owner in union for orders in (self._owned[owner], self._orders - self._owned[owner])]
            priced = price_sets(self._pool, [(orders, ()) for orders in sets], ref=self._ref, executor=self._executor)
            costs = [whole_minor(partition.cost_milli) for partition in priced]
            for owner, own, rest in zip(union, costs[::2], costs[1::2], strict=True):
                alone[owner] = own
                incremental[owner] = int(game.cost[-1]) - min(int(game.cost[-1]), rest)
        return CostTable(unions, game, alone, incremental, self._pool.digest(), plan)


def _game_of(players: Sequence[str], found: Found, bill_minor: int) -> Game:
    """
    The game in whole minor units, with the bill as the cost of everybody.

    Raises
    ------
    AssertionError
        When costs are not what they are made to be: monotone, sub-additive, and nowhere below their bounds.
    """
    upper = closure.closed(-(-found.upper_milli // MILLI))
    scarce = bill_minor > upper[-1]
    upper[-1] = bill_minor
    if not scarce:
        upper = closure.closed(upper)
    lower = np.minimum(-(-found.lower_milli // MILLI), upper)
    if not scarce and not (closure.is_monotone(upper) and closure.is_subadditive(upper)):
        raise AssertionError("coalition costs that were closed are not")
    return Game(players, upper, lower)


def _routes_of(pool: Pool, plan: Plan) -> Routes:
    compiled = pool.compiled
    routes = []
    for route in plan.routes:
        visits = [
            2 * compiled.order_index[visit.order] + ACTIONS.index(visit.action)
            for stop in route.stops
            for visit in stop.visits
        ]
        priced = pool.add(compiled.type_index[route.vehicle_type], visits)
        if priced is None:
            raise ValueError(f"{route.vehicle_type} {route.vehicle} of the plan is no route of the pool's problem")
        routes.append(priced)
    return tuple(routes)
