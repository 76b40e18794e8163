"""
What of a problem the bound sees: a relaxation, in whole numbers.

Every feasible route of the problem is a route here at no greater price. Prices are in *grains*, ``grains`` to the
thousandth of a minor unit, each arc's rounded down. What is left out only ever makes plans dearer or rarer: breaks,
overtime, changes, balance, guaranteed use, locks, gaps between windows, waiting where windows hardly bind, the
pairing of a transport's two visits and its load, all but two additive limits.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compiled import DELIVERY, PICKUP, Compiled
from solver.parts import Window

Ints = NDArray[np.int64]

FAR = 2**60
"""Price of what cannot be; far above any real one."""
GRAINS = 1024
PRICE_MAX = 2**50
WITHIN = 0.85
"""Windows that leave at least this share of the shift open hardly bind: load may then be the main resource."""

HALVED = 1.5
"""Load that takes so many times the vehicles that time takes halves the routes."""


class Limit(NamedTuple):
    """Something used up by arc, at most ``most`` a route (a trip where ``resets``); by its sum ``needed`` vehicles.

    ``timed``: waiting uses it up too.
    """

    by_arc: Ints
    most: int
    resets: bool
    needed: float
    timed: bool = False


class Network(NamedTuple):
    """
    A class of vehicle types that are alike for the bound; arrays over (nodes + 1)², the last node being the depot.

    ``price`` in grains, ``FAR`` where there is no arc; ``main`` with ``opens`` and ``closes`` the main resource;
    ``limits`` at most two additive ones. ``counts`` by type and ``vehicles`` in all are None without limit. Nodes from
    ``visits`` on are reloads. A second of waiting costs ``pace`` grains. Half routes meet in the middle of the first
    limit where ``halved``, else of the main resource, which is time where ``by_time``, else load.
    """

    types: tuple[int, ...]
    counts: tuple[int | None, ...]
    vehicles: int | None
    price: Ints
    main: Ints
    opens: Ints
    closes: Ints
    begin: int
    latest: int
    limits: tuple[Limit, ...]
    visits: int
    reloads: tuple[int, ...]
    pace: int
    halved: bool = False
    by_time: bool = True


class Model(NamedTuple):
    """
    The relaxed problem.

    ``visits`` by node; ``choices`` are (price in grains, nodes) of each optional order; ``near`` the nodes that each
    visit remembers.
    """

    compiled: Compiled
    visits: tuple[int, ...]
    networks: tuple[Network, ...]
    choices: tuple[tuple[int, tuple[int, ...]], ...]
    grains: int
    near: Ints


def grains_of(compiled: Compiled, visits: int) -> int:
    """How fine prices may be without leaving 64 bits; 0 where even thousandths are too fine."""
    worst = sum(outside or 0 for outside in compiled.outside_milli)
    for type_, vehicle in enumerate(compiled.vehicle_types):
        furthest = int(np.max(compiled.distance_m[type_], initial=0)) * vehicle.km_milli
        longest = (vehicle.shift.close_s - vehicle.shift.open_s) * vehicle.hour_milli
        route = furthest + longest + vehicle.fixed_milli + vehicle.stop_milli + vehicle.trip_milli
        worst = max(worst, 2 * route)
    worst *= visits + 1
    grains = GRAINS
    while grains > 0 and worst * grains > PRICE_MAX * 3_600:
        grains //= 2
    return grains


def network_of(compiled: Compiled, type_: int, visits: tuple[int, ...], grains: int, count: int | None) -> Network:
    """One vehicle type's arcs, prices and resources: every limit that it has, time as the main resource."""
    vehicle = compiled.vehicle_types[type_]
    reloads = tuple(dict.fromkeys(compiled.reloads_of[type_]))
    metres, seconds, places = travel(compiled, type_, visits, reloads)
    service = np.array([compiled.service_of[visit] for visit in visits] + [vehicle.reload_s] * len(reloads) + [0])
    opens, closes = spans(compiled, type_, visits, reloads, seconds)
    takes = np.where(seconds < 0, 0, service[:, None] + seconds)
    moves = (places[:, None] != places[None, :]) & (np.arange(len(places)) < len(visits))[None, :]
    price = grains * vehicle.km_milli * metres // 1_000 + grains * vehicle.hour_milli * takes // 3_600
    price += grains * vehicle.stop_milli * moves
    price[:, len(visits) : -1] += grains * vehicle.trip_milli
    lost = (vehicle.km_milli % 1_000 > 0) + (vehicle.hour_milli % 3_600 > 0)
    price[-1] += grains * (vehicle.fixed_milli + vehicle.trip_milli) - (lost * grains + 1) // 2
    barred = bars(compiled, type_, visits, reloads, seconds)
    barred |= (opens[:, None] + takes > closes[None, :]) | (opens > closes)[:, None] | (opens > closes)[None, :]
    price[barred] = FAR
    limits = limits_of(compiled, type_, visits, metres, takes, moves)
    shift = vehicle.shift
    pace = grains * vehicle.hour_milli // 3_600
    span = (shift.open_s, shift.close_s)
    return Network((type_,), (count,), count, price, takes, opens, closes, *span, limits, len(visits), reloads, pace)


def travel(
    compiled: Compiled, type_: int, visits: tuple[int, ...], reloads: tuple[int, ...]
) -> tuple[Ints, Ints, Ints]:
    """Metres and seconds between nodes (-1: no way), and their places; the depot's row leaves, its column returns."""
    places = np.array([compiled.place_of[visit] for visit in visits] + [*reloads, compiled.start_of[type_]])
    tables = []
    end = compiled.end_of[type_]
    for table in (compiled.distance_m[type_], compiled.duration_s[type_]):
        rows = np.where(places[:, None] == places[None, :], 0, table[places[:, None], places[None, :]]).astype(np.int64)
        rows[:, -1] = 0 if end is None else np.where(places == end, 0, table[places, end])
        rows[-1, -1] = 0
        tables.append(rows)
    return tables[0], tables[1], places


def spans(
    compiled: Compiled, type_: int, visits: tuple[int, ...], reloads: tuple[int, ...], seconds: Ints
) -> tuple[Ints, Ints]:
    """Earliest and latest begin of service by node; the depot's are the shift's. Gaps between windows are left out."""
    vehicle = compiled.vehicle_types[type_]
    shift = vehicle.shift
    released = any(compiled.release_s[visit >> 1] for visit in visits)
    from_hub_s = shortest(seconds, len(visits)) if released else np.zeros(len(seconds), dtype=np.int64)
    opens, closes = [], []
    for node, visit in enumerate(visits):
        windows = compiled.windows_of[visit] or (Window(1, 0),)
        ready = compiled.release_s[visit >> 1]
        # Goods that lie at a hub are loaded after their release, and then there is still a leg to drive.
        one_sided = visit & 1 == DELIVERY and compiled.place_of[visit - 1] < 0
        ready += int(from_hub_s[node]) if one_sided and ready else 0
        opens.append(max(windows[0].open_s, shift.open_s, ready if one_sided or visit & 1 == PICKUP else 0))
        closes.append(min(windows[-1].close_s, shift.close_s - compiled.service_of[visit]))
    for place in reloads:
        windows = compiled.dock_windows[place] or (Window(1, 0),)
        opens.append(max(min(window.open_s for window in windows), shift.open_s))
        closes.append(min(max(window.close_s for window in windows), shift.close_s))
    return np.array([*opens, shift.open_s]), np.array([*closes, shift.close_s])


def shortest(seconds: Ints, hubs: int) -> Ints:
    """Least travelling time to each node from any of those from ``hubs`` on, by whatever way."""
    ways = np.where(seconds < 0, 2**40, seconds)
    least = ways[hubs:].min(axis=0)
    least[hubs:] = 0
    while True:
        closer: Ints = np.minimum(least, (least[:, None] + ways).min(axis=0))
        if (closer == least).all():
            return least
        least = closer


def bars(
    compiled: Compiled, type_: int, visits: tuple[int, ...], reloads: tuple[int, ...], seconds: Ints
) -> NDArray[np.bool_]:
    """Arcs that no route takes: no way, an order that the type may not carry, and back to where one is."""
    barred: NDArray[np.bool_] = seconds < 0
    np.fill_diagonal(barred, True)
    capacity = compiled.capacities[type_]
    for node, visit in enumerate(visits):
        fits = all(amount <= limit for amount, limit in zip(compiled.loads[visit >> 1], capacity, strict=True))
        if not fits or not compiled.compatible[type_, visit >> 1]:
            barred[node] = barred[:, node] = True
        elif compiled.place_of[visit ^ 1] >= 0:
            # A pickup is not the last visit, a delivery of a transport not the first.
            barred[(node, -1) if visit & 1 == PICKUP else (-1, node)] = True
    return barred


def limits_of(
    compiled: Compiled, type_: int, visits: tuple[int, ...], metres: Ints, takes: Ints, moves: NDArray[np.bool_]
) -> tuple[Limit, ...]:
    """Whatever is limited on a route; how much of it is needed depends on who takes part."""
    vehicle = compiled.vehicle_types[type_]
    found = []
    size = len(metres)
    one_sided = np.array([compiled.place_of[visit ^ 1] < 0 for visit in visits])
    delivers = np.array([visit & 1 == DELIVERY for visit in visits])
    for dimension, most in enumerate(compiled.capacities[type_]):
        amounts = np.array([compiled.loads[visit >> 1][dimension] for visit in visits])
        for mine in (one_sided & delivers, one_sided & ~delivers):
            by_node = np.zeros(size, dtype=np.int64)
            by_node[: len(visits)] = np.where(mine, amounts, 0)
            if by_node.any():
                found.append(Limit(np.broadcast_to(by_node, (size, size)), most, True, 0.0))
    for by_arc, limit, timed in (
        (takes, vehicle.duration_max_s, True),
        (np.maximum(metres, 0), vehicle.distance_max_m, False),
        (moves.astype(np.int64), vehicle.stops_max, False),
    ):
        if limit is not None:
            found.append(Limit(by_arc, limit, False, 0.0, timed))
    return tuple(found)


def restricted(network: Network, nodes: Ints) -> Network:
    """The network with some visits alone (nodes, ascending), the limits that can bind, the most binding first."""
    pick = np.concatenate([nodes, np.arange(network.visits, len(network.opens))])
    square = np.ix_(pick, pick)
    limits = []
    for limit in network.limits:
        by_arc = limit.by_arc[square]
        needed = needed_of(by_arc, len(nodes), limit.most)
        if needed > 1:
            limits.append(limit._replace(by_arc=by_arc, needed=needed))
    limits.sort(key=lambda limit: -limit.needed)
    return by_load(
        network._replace(
            price=network.price[square],
            main=network.main[square],
            opens=network.opens[pick],
            closes=network.closes[pick],
            limits=tuple(limits),
            visits=len(nodes),
        )
    )


def needed_of(by_arc: Ints, visits: int, most: int) -> float:
    """So many vehicles it takes at least to reach every visit, by what the least arc to each uses up."""
    ways = by_arc.copy()
    np.fill_diagonal(ways, 2**40)
    return float(ways.min(axis=0)[:visits].sum() / max(most, 1))


def by_load(network: Network) -> Network:
    """
    The network with load as its main resource where windows hardly bind, and at most two additive limits.

    Working time is then an additive limit: it still holds that a route takes no longer than the shift.
    """
    inside = np.arange(len(network.opens)) < network.visits
    shift = network.latest - network.begin
    wide = (network.closes - network.opens)[inside] >= WITHIN * shift
    limits = network.limits
    if network.reloads or not limits or not limits[0].resets:
        return network._replace(limits=limits[:2])
    needed = needed_of(network.main, network.visits, shift)
    if not wide.all() or needed > 2 * limits[0].needed:
        return network._replace(limits=limits[:2], halved=HALVED * needed < limits[0].needed)
    untimed = [limit._replace(timed=False) for limit in limits[1:]]
    rest = sorted([*untimed, Limit(network.main, shift, False, needed)], key=lambda limit: -limit.needed)
    most = limits[0].most
    return network._replace(
        main=np.array(limits[0].by_arc),
        opens=np.zeros_like(network.opens),
        closes=np.full_like(network.closes, most),
        begin=0,
        latest=most,
        limits=tuple(limit for limit in rest[:2] if limit.needed > 1),
        pace=0,
        by_time=False,
    )


def merged(networks: list[Network]) -> tuple[Network, ...]:
    """Networks that are equal become one with all their vehicles."""
    by_bytes: dict[tuple[object, ...], Network] = {}
    for network in networks:
        key: tuple[object, ...] = (
            *(array.tobytes() for array in (network.price, network.main, network.opens, network.closes)),
            *((limit.by_arc.tobytes(), limit.most) for limit in network.limits),
            (network.begin, network.latest, network.reloads, network.pace),
        )
        known = by_bytes.get(key)
        if known is not None:
            both = None if known.vehicles is None or network.vehicles is None else known.vehicles + network.vehicles
            types, counts = known.types + network.types, known.counts + network.counts
            network = known._replace(types=types, counts=counts, vehicles=both)  # noqa: PLW2901
        by_bytes[key] = network
    return tuple(by_bytes.values())


def nearest(networks: Sequence[Network], visits: int, near: int) -> Ints:
    """Shape (visits, near or fewer): the cheapest neighbours of each visit in either direction, itself first."""
    cheapest = np.full((visits, visits), FAR, dtype=np.int64)
    for network in networks:
        np.minimum(cheapest, network.price[:visits, :visits], out=cheapest)
    cheapest = np.minimum(cheapest, cheapest.T)
    np.fill_diagonal(cheapest, -1)
    order: Ints = np.argsort(cheapest, axis=1, kind="stable")[:, :near]
    return order
