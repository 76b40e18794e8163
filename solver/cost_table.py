"""
The cost table of a day: from a plan and a pool to what every coalition, and every owner alone, would pay.

Searches for owners and coalitions enrich a copy of the pool; then it is frozen and everything is priced from it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

from solver.assemble import assemble
from solver.check import check
from solver.compiled import ACTIONS, Compiled
from solver.explore import ITERATIONS_MIN, constructed, explore, restricted, search_sets
from solver.partition import Partition, Partitioner
from solver.plan import Plan, minor
from solver.pool import Pool
from solver.sharing.coalitions import NODES, Routes, coalition_costs, price, united, whole_minor
from solver.sharing.game import Game

Step = Callable[[int], None]


class CostTable(NamedTuple):
    """
    All that a rule needs to know; money in whole minor units.

    Attributes
    ----------
    unions
        The players: owners, some of them united, in the order of the game's bits.
    game
        Closed; its players are the unions' owners joined by ", ".
    alone_minor, incremental_minor
        By owner.
    proven
        Coalitions whose cost is proven for the pool.
    pool_digest
        Of the frozen pool.
    plan
        A better plan than the one given, None if there is none.
    """

    unions: list[tuple[str, ...]]
    game: Game
    alone_minor: dict[str, int]
    incremental_minor: dict[str, int]
    proven: int
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
        self, pool: Pool, plan: Plan, *, seed: int, executor: Executor | None, effort_percent: int = 100
    ) -> None:
        self._pool = pool
        self._compiled = pool.compiled
        self._seed = seed
        self._executor = executor
        self._effort_percent = effort_percent
        self._cost_milli = plan.cost_milli
        self._routes = _routes_of(pool, plan)
        out = {self._compiled.order_index[entry.order] for entry in plan.unplanned if entry.outside_milli is None}
        self._orders = frozenset(range(len(self._compiled.problem.orders))) - out
        self._owned = {
            owner: frozenset(order for order in self._orders if self._compiled.owner_of[order] == index)
            for index, owner in enumerate(self._compiled.owners)
        }

    def cost_table(
        self, players_max: int, exploring: Callable[[int], Step], pricing: Callable[[int], Step]
    ) -> CostTable:
        """
        Price everything.

        Parameters
        ----------
        players_max
            Owners beyond that are united.
        exploring, pricing
            Given the number of coalitions, what to call after each.
        """
        owners = [owner for owner, orders in self._owned.items() if orders]
        alone = dict(zip(owners, self._search([self._owned[owner] for owner in owners]), strict=True))
        milli = {owner: price(self._compiled, alone[owner], self._owned[owner])[1] for owner in owners}
        unions = united(owners, milli, players_max) if owners else []
        united_owners = [owner for union in unions if len(union) > 1 for owner in union]
        self._search([self._orders - self._owned[owner] for owner in united_owners])
        groups = [frozenset().union(*(self._owned[owner] for owner in union)) for union in unions]
        known = explore(
            self._pool,
            groups,
            self._routes,
            seed=self._seed,
            executor=self._executor,
            effort_percent=self._effort_percent,
            step=exploring(2 ** len(groups) - 1),
        )
        for player, union in enumerate(unions):
            joined = tuple(route for owner in union for route in alone[owner])
            options = (known[1 << player], joined)
            known[1 << player] = min(options, key=lambda routes: price(self._compiled, routes, groups[player]))
        partitions = coalition_costs(self._pool, groups, known, pricing(2 ** len(groups) - 1), executor=self._executor)
        plan = self._better(partitions[-1])
        return self._table(unions, partitions, plan)

    def _search(self, sets: Sequence[frozenset[int]]) -> list[Routes]:
        """Good routes for some sets of orders, each started from the plan without the rest."""
        starts = [restricted(self._pool, self._routes, orders) for orders in sets]
        whole = [
            constructed(self._pool, orders) if start is None else start
            for orders, start in zip(sets, starts, strict=True)
        ]
        wanted = list(zip(sets, whole, strict=True))
        return list(
            search_sets(self._pool, wanted, seed=self._seed, iterations=ITERATIONS_MIN, executor=self._executor)
        )

    def _better(self, unlimited: Partition) -> Plan | None:
        """The best choice from the pool within the fleet, if it beats the plan; ``unlimited`` is it where hire is."""
        scarce = any(vehicle.count is not None for vehicle in self._compiled.vehicle_types)
        best = unlimited
        if scarce:
            best = Partitioner(self._compiled, self._pool).best(self._orders, start=self._routes, nodes=NODES)
        if best.cost_milli >= self._cost_milli or not _serves_as_much(self._compiled, best):
            return None
        plan = assemble(self._compiled, [(route.type_, route.visits) for route in best.routes])
        violations = check(self._compiled.problem, plan)
        if violations:
            raise AssertionError(f"a partition of priced routes is no plan: {violations[0]}")
        self._cost_milli = plan.cost_milli
        return plan

    def _table(self, unions: list[tuple[str, ...]], partitions: list[Partition], plan: Plan | None) -> CostTable:
        cost = [whole_minor(partition.cost_milli) for partition in partitions]
        cost[-1] = minor(self._cost_milli)
        game = Game([", ".join(union) for union in unions], cost).closed() if unions else Game([], [0])
        alone = dict.fromkeys(self._compiled.owners, 0)
        incremental = dict.fromkeys(self._compiled.owners, 0)
        partitioner = Partitioner(self._compiled, self._pool, limited=False)
        for player, union in enumerate(unions):
            for owner in union:
                if len(union) == 1:
                    alone[owner] = int(game.stand_alone[player])
                    incremental[owner] = int(game.incremental[player])
                else:
                    own = partitioner.best(self._owned[owner], nodes=NODES)
                    rest = partitioner.best(self._orders - self._owned[owner], nodes=NODES)
                    alone[owner] = whole_minor(own.cost_milli)
                    incremental[owner] = cost[-1] - min(cost[-1], whole_minor(rest.cost_milli))
        proven = sum(partition.proven for partition in partitions[1:])
        return CostTable(unions, game, alone, incremental, proven, self._pool.digest(), plan)


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


def _serves_as_much(compiled: Compiled, partition: Partition) -> bool:
    return all(compiled.problem.orders[order].outside_milli is not None for order in partition.unplanned)
