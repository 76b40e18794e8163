"""The relaxation of a whole day, built once, and cut down to the orders of each coalition."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from solver.colgen.model import Model, Network, grains_of, merged, nearest, network_of, restricted
from solver.compiled import Compiled

NEAR = 8
"""How many neighbours a visit remembers; 6 to 10 make no difference that could be measured."""


class _Node(NamedTuple):
    """Where an order's visits stand in the networks of the whole day."""

    nodes: tuple[int, ...]
    outside_milli: int | None


class Whole:
    """
    All that the bounds of a day's coalitions have in common.

    Parameters
    ----------
    compiled
        The day.
    unlimited
        Vehicle types may be hired without limit at their tariff; a vehicle singled out by a lock stays one.

    Attributes
    ----------
    grains
        The unit of prices and duals, so many to a thousandth of a minor unit: the same for all coalitions. 0 where
        there is no relaxation (numbers beyond 64 bits, vehicles under way, nothing to serve).
    """

    def __init__(self, compiled: Compiled, *, unlimited: bool = False) -> None:
        self.compiled = compiled
        self.unlimited = unlimited
        counts: dict[int, int | None] = {}
        for type_, vehicle in enumerate(compiled.vehicle_types):
            singled_out = compiled.identity[type_][1] is not None
            count = None if unlimited and not singled_out else vehicle.count
            if count != 0:
                counts[type_] = count
        exists = list(counts)
        orders = [
            order
            for order in range(len(compiled.problem.orders))
            if compiled.outside_milli[order] is not None or compiled.compatible[exists, order].any()
        ]
        self.visits = tuple(visit for order in orders for visit in compiled.visits_of(order))
        under_way = any(left is not None for left in compiled.left_s) or any(compiled.happened)
        self.grains = grains_of(compiled, len(self.visits)) if self.visits and exists and not under_way else 0
        node_of = {visit: node for node, visit in enumerate(self.visits)}
        self._nodes = {
            order: _Node(tuple(node_of[visit] for visit in compiled.visits_of(order)), compiled.outside_milli[order])
            for order in orders
        }
        self._networks: list[Network] = [
            network_of(compiled, type_, self.visits, self.grains, count)
            for type_, count in (counts.items() if self.grains else ())
        ]

    def model(self, orders: Iterable[int] | None = None) -> Model | None:
        """
        The relaxation with these orders alone (None: all); None where there is nothing to serve, or no relaxation.

        Orders that no vehicle may take and that are not optional are passed over, as if they were left unserved.
        """
        mine = [order for order in sorted(self._nodes if orders is None else set(orders)) if order in self._nodes]
        nodes = np.array([node for order in mine for node in self._nodes[order].nodes], dtype=np.int64)
        if not len(nodes) or not self.grains:
            return None
        position = {int(node): k for k, node in enumerate(nodes)}
        choices = tuple(
            (entry.outside_milli * self.grains, tuple(position[node] for node in entry.nodes))
            for entry in (self._nodes[order] for order in mine)
            if entry.outside_milli is not None
        )
        networks = merged([restricted(network, nodes) for network in self._networks])
        visits = tuple(self.visits[node] for node in nodes)
        return Model(self.compiled, visits, networks, choices, self.grains, nearest(networks, len(visits), NEAR))
