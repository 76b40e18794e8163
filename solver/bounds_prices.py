"""What each leg, start and way home costs at least: the ground that lower bounds stand on."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compiled import DELIVERY, Compiled

Floats = NDArray[np.float64]


class Nodes(NamedTuple):
    """The visits that a plan must serve or pay for; every array has shape (nodes,)."""

    visits: NDArray[np.int64]
    orders: NDArray[np.int64]
    places: NDArray[np.int64]
    service_s: Floats
    opens_s: Floats
    closes_s: Floats
    one_sided: NDArray[np.bool_]
    delivers: NDArray[np.bool_]
    outside: Floats  # share of the outside option that falls on one edge or mark; infinite where mandatory


class Prices(NamedTuple):
    """Thousandths of a minor unit: ``edge`` of shape (nodes, nodes), ``start`` and ``home`` of shape (nodes,)."""

    edge: Floats
    start: Floats
    home: Floats


def nodes_of(compiled: Compiled, without: frozenset[int]) -> Nodes:
    """Visits of all orders but ``without``, and but those mandatory ones that no vehicle type may take at all."""
    exists = [vehicle.count != 0 for vehicle in compiled.vehicle_types]
    visits = [
        visit
        for order in range(len(compiled.problem.orders))
        if order not in without
        and (compiled.outside_milli[order] is not None or compiled.compatible[exists, order].any())
        for visit in compiled.visits_of(order)
    ]
    windows = [compiled.windows_of[visit] for visit in visits]
    sides = [len(compiled.visits_of(visit >> 1)) for visit in visits]
    outside = [compiled.outside_milli[visit >> 1] for visit in visits]
    return Nodes(
        visits=np.array(visits, dtype=np.int64),
        orders=np.array([visit >> 1 for visit in visits], dtype=np.int64),
        places=np.array([compiled.place_of[visit] for visit in visits], dtype=np.int64),
        service_s=np.array([compiled.service_of[visit] for visit in visits], dtype=float),
        opens_s=np.array([window[0].open_s if window else np.inf for window in windows], dtype=float),
        closes_s=np.array([window[-1].close_s if window else -np.inf for window in windows], dtype=float),
        one_sided=np.array(sides) == 1,
        delivers=np.array([visit & 1 == DELIVERY for visit in visits], dtype=bool),
        outside=np.array(
            [np.inf if price is None else price / (2 * side) for price, side in zip(outside, sides, strict=True)],
            dtype=float,
        ),
    )


def cheapest_prices(by_type: Iterable[Prices], nodes: Nodes) -> Prices:
    """Least prices over all vehicle types, in the cheaper direction of each edge; outside options by halves."""
    number = len(nodes.visits)
    edge = np.full((number, number), np.inf)
    start, home = nodes.outside.copy(), nodes.outside.copy()
    for prices in by_type:
        np.minimum(edge, prices.edge, out=edge)
        np.minimum(start, prices.start, out=start)
        np.minimum(home, prices.home, out=home)
    return Prices(np.minimum(edge, edge.T), start, home)


def prices_on(compiled: Compiled, nodes: Nodes, type_: int) -> Prices:
    """Prices on one vehicle type; infinite what it cannot do."""
    vehicle = compiled.vehicle_types[type_]
    metre, second = vehicle.km_milli / 1_000, vehicle.hour_milli / 3_600
    half_s = nodes.service_s / 2
    opens_s = np.maximum(nodes.opens_s, vehicle.shift.open_s)
    closes_s = np.minimum(nodes.closes_s, vehicle.shift.close_s - nodes.service_s)
    barred = ~_carries(compiled, nodes, type_) | (opens_s > closes_s)

    metres, seconds = _table(compiled, type_, nodes.places[:, None], nodes.places[None, :])
    moves = nodes.places[:, None] != nodes.places[None, :]
    apart_s = opens_s[None, :] - closes_s[:, None] - nodes.service_s[:, None]
    late = opens_s[:, None] + nodes.service_s[:, None] + seconds > closes_s[None, :]
    waits_s = np.maximum(seconds, np.where(np.isfinite(apart_s), apart_s, 0.0))
    edge = metre * metres + second * (waits_s + half_s[:, None] + half_s[None, :]) + vehicle.stop_milli * moves
    edge[late | (metres < 0) | (seconds < 0) | barred[:, None] | barred[None, :]] = np.inf
    edge[_never_in_a_row(compiled, nodes, type_)] = np.inf
    refuel = _Reloads(compiled, type_)
    if refuel.places:
        seconds = refuel.least(nodes.places, nodes.places, second=1.0)
        late = opens_s[:, None] + nodes.service_s[:, None] + seconds > closes_s[None, :]
        around = refuel.least(nodes.places, nodes.places, metre, second, vehicle.trip_milli, vehicle.stop_milli)
        around += second * (half_s[:, None] + half_s[None, :])
        around[late | barred[:, None] | barred[None, :] | _never_later(nodes)] = np.inf
        edge = np.minimum(edge, around)

    metres, seconds = _table(compiled, type_, np.int64(compiled.start_of[type_]), nodes.places)
    start = (
        metre * metres + second * (seconds + half_s) + vehicle.stop_milli * (nodes.places != compiled.start_of[type_])
    )
    start[barred | (metres < 0) | (seconds < 0) | (~nodes.one_sided & nodes.delivers)] = np.inf
    start[vehicle.shift.open_s + seconds > closes_s] = np.inf
    here = np.array([compiled.start_of[type_]])
    around = refuel.least(here, nodes.places, metre, second, vehicle.trip_milli, vehicle.stop_milli)[0]
    around[barred | (~nodes.one_sided & nodes.delivers)] = np.inf
    start = np.minimum(start, around + second * half_s)

    end = compiled.end_of[type_]
    metres, seconds = (
        (np.zeros_like(half_s),) * 2 if end is None else _table(compiled, type_, nodes.places, np.int64(end))
    )
    lost = (vehicle.km_milli % 1_000 > 0) / 2 + (vehicle.hour_milli % 3_600 > 0) / 2
    home = vehicle.fixed_milli - lost + metre * metres + second * (seconds + half_s)
    home[barred | (metres < 0) | (seconds < 0) | (~nodes.one_sided & ~nodes.delivers)] = np.inf
    home[opens_s + nodes.service_s + seconds > vehicle.shift.close_s] = np.inf
    if end is not None:
        around = refuel.least(nodes.places, np.array([end]), metre, second, vehicle.trip_milli)[:, 0]
        around[barred | (~nodes.one_sided & ~nodes.delivers)] = np.inf
        home = np.minimum(home, vehicle.fixed_milli - lost + around + second * half_s)
    return Prices(edge, start, home)


class _Reloads:
    """Ways between places by one reload or several of a vehicle type."""

    def __init__(self, compiled: Compiled, type_: int) -> None:
        self.compiled, self.type_ = compiled, type_
        self.places = np.array(list(dict.fromkeys(compiled.reloads_of[type_])), dtype=np.int64).tolist()

    def least(
        self,
        here: NDArray[np.int64],
        there: NDArray[np.int64],
        metre: float = 0.0,
        second: float = 0.0,
        trip: float = 0.0,
        stop: float = 0.0,
    ) -> Floats:
        """Shape (here, there): least price by metre, second, trip and stop; infinite where there is no such way."""
        best = np.full((len(here), len(there)), np.inf)
        if not self.places:
            return best
        places = np.array(self.places)
        fee = trip + second * self.compiled.vehicle_types[self.type_].reload_s
        into = self._priced(here, places, metre, second) + fee
        between = self._priced(places, places, metre, second) + fee
        for _ in places:
            into = np.minimum(into, (into[:, :, None] + between[None, :, :]).min(axis=1))
        out = self._priced(places, there, metre, second) + stop * (places[:, None] != there[None, :])
        for k in range(len(places)):
            np.minimum(best, into[:, k, None] + out[None, k, :], out=best)
        return best

    def _priced(self, here: NDArray[np.int64], there: NDArray[np.int64], metre: float, second: float) -> Floats:
        metres, seconds = _table(self.compiled, self.type_, here[:, None], there[None, :])
        priced: Floats = np.where((metres < 0) | (seconds < 0), np.inf, metre * metres + second * seconds)
        return priced


def _table(
    compiled: Compiled, type_: int, here: NDArray[np.int64] | np.int64, there: NDArray[np.int64] | np.int64
) -> tuple[Floats, Floats]:
    """Metres and seconds between places, 0 where the two are one, below 0 where there is no way."""
    same = here == there
    metres = np.where(same, 0, compiled.distance_m[type_][here, there]).astype(float)
    seconds = np.where(same, 0, compiled.duration_s[type_][here, there]).astype(float)
    return metres, seconds


def _carries(compiled: Compiled, nodes: Nodes, type_: int) -> NDArray[np.bool_]:
    """By node: skills and hub allow its order, and it fits in by itself."""
    loads, capacity = loads_of(compiled, nodes), np.array(compiled.capacities[type_], dtype=float)
    fits: NDArray[np.bool_] = compiled.compatible[type_][nodes.orders] & (loads <= capacity).all(axis=1)
    return fits


def loads_of(compiled: Compiled, nodes: Nodes) -> Floats:
    """Shape (nodes, dimensions)."""
    table = np.array(compiled.loads, dtype=float).reshape(len(compiled.loads), len(compiled.dimensions))
    rows: Floats = table[nodes.orders]
    return rows


def _never_later(nodes: Nodes) -> NDArray[np.bool_]:
    """Shape (nodes, nodes): nothing follows itself, no pickup its own delivery, whatever lies between."""
    never: NDArray[np.bool_] = np.eye(len(nodes.visits), dtype=bool)
    same_order = nodes.orders[:, None] == nodes.orders[None, :]
    never |= same_order & (nodes.visits[:, None] > nodes.visits[None, :])
    return never


def _never_in_a_row(compiled: Compiled, nodes: Nodes, type_: int) -> NDArray[np.bool_]:
    """
    Shape (nodes, nodes): the second can never follow the first.

    Beside what can never come later: two one-sided orders that do not fit in together meet on board
    unless the first is a delivery and the second a collection.
    """
    never = _never_later(nodes)
    meet = nodes.one_sided[:, None] & nodes.one_sided[None, :] & ~(nodes.delivers[:, None] & ~nodes.delivers[None, :])
    for amounts, limit in zip(loads_of(compiled, nodes).T, compiled.capacities[type_], strict=True):
        never |= meet & (amounts[:, None] + amounts[None, :] > limit)
    return never


def working_time(compiled: Compiled, nodes: Nodes, types: list[int]) -> tuple[Floats, dict[int, int]]:
    """
    By node the seconds that it takes at least, by vehicle type the seconds that one route has.

    A visit takes its service and the shortest way there is to it; each visit of a route is reached once.
    """
    shortest_s = np.full(len(nodes.visits), np.inf)
    limits: dict[int, int] = {}
    for type_ in types:
        vehicle = compiled.vehicle_types[type_]
        shift_s = vehicle.shift.close_s - vehicle.shift.open_s
        limits[type_] = shift_s if vehicle.duration_max_s is None else min(shift_s, vehicle.duration_max_s)
        _, between_s = _table(compiled, type_, nodes.places[:, None], nodes.places[None, :])
        _, from_start_s = _table(compiled, type_, np.int64(compiled.start_of[type_]), nodes.places)
        for place in compiled.reloads_of[type_]:
            _, reloaded_s = _table(compiled, type_, np.int64(place), nodes.places)
            shortest_s = np.minimum(shortest_s, np.where(reloaded_s < 0, np.inf, reloaded_s))
        between_s[between_s < 0] = np.inf
        np.fill_diagonal(between_s, np.inf)
        from_start_s[from_start_s < 0] = np.inf
        shortest_s = np.minimum(shortest_s, np.minimum(between_s.min(axis=0), from_start_s))
    return nodes.service_s + np.where(np.isfinite(shortest_s), shortest_s, 0.0), limits
