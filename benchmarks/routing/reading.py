"""
Research instances as problems, under the conventions of their owners.

One unit of distance is a metre and one of time a second; a unit of the objective is ``unit_milli`` thousandths. Scales:
Solomon and Gehring-Homberger in tenths, truncated (DIMACS); Li and Lim in hundredths, rounded; multi-depot and
heterogeneous fleets in thousandths, rounded; X rounded to whole units; road instances as they are.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window

HORIZON_S = 10**8
UNIT_MILLI = 1_000
"""Price of one unit of distance."""
Ints = NDArray[np.int64]


class Convention(NamedTuple):
    """Scale of distances and times, and how distances become whole numbers."""

    scale: int
    whole: Callable[[NDArray[np.float64]], NDArray[np.float64]]


TENTHS = Convention(10, np.trunc)
HUNDREDTHS = Convention(100, np.rint)
THOUSANDTHS = Convention(1_000, np.rint)
WHOLE = Convention(1, np.rint)


class Node(NamedTuple):
    """One customer or depot, quantities as in the file."""

    x: float
    y: float
    demand: int = 0
    open_at: float = 0.0
    close_at: float | None = None
    service: float = 0.0
    pickup: int = 0
    delivery: int = 0


def distances(nodes: list[Node], convention: Convention) -> Ints:
    """Euclidean distances, shape ``(n, n)``."""
    x, y = np.array([node.x for node in nodes]), np.array([node.y for node in nodes])
    exact = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    return convention.whole(exact * convention.scale).astype(np.int64)


def scaled(value: float, convention: Convention) -> int:
    """A time of the file in the problem's seconds."""
    return round(value * convention.scale)


def window(node: Node, convention: Convention) -> tuple[Window, ...]:
    """When a service may begin."""
    if node.close_at is None:
        return ()
    return (Window(scaled(node.open_at, convention), scaled(node.close_at, convention)),)


def problem(
    nodes: list[Node], vehicles: tuple[VehicleType, ...], orders: tuple[Order, ...], table: Ints, duration: Ints | None
) -> Problem:
    """Everything together; places are named by the row of the node."""
    profile = TravelProfile(
        id="default", distance_m=Matrix(table), duration_s=Matrix(table if duration is None else duration)
    )
    places = tuple(Place(id=str(row)) for row in range(len(nodes)))
    return Problem(places=places, profiles=(profile,), vehicle_types=vehicles, orders=orders)


def solomon(path: Path) -> Problem:
    """Solomon, Gehring and Homberger: distance is the objective."""
    lines = [line.split() for line in path.read_text("utf-8").splitlines()]
    rows = [[float(word) for word in line] for line in lines if line and all(map(_number, line))]
    (count, capacity), customers = rows[0], rows[1:]
    nodes = [Node(x, y, int(demand), ready, due, service) for _, x, y, demand, ready, due, service in customers]
    depot = window(nodes[0], TENTHS)[0]
    vehicle = VehicleType(
        id="truck", start="0", end="0", capacity={"load": int(capacity)}, count=int(count), shift=depot,
        km_milli=1_000 * UNIT_MILLI,
    )  # fmt: skip
    return problem(nodes, (vehicle,), deliveries(nodes, 1, TENTHS), distances(nodes, TENTHS), None)


def _number(word: str) -> bool:
    return word.replace(".", "", 1).replace("-", "", 1).isdigit()


def deliveries(nodes: list[Node], first: int, convention: Convention) -> tuple[Order, ...]:
    """One mandatory delivery for each customer."""
    return tuple(
        Order(
            id=str(row),
            owner="all",
            delivery=Visit(
                place=str(row), windows=window(node, convention), service_s=scaled(node.service, convention)
            ),
            load={"load": node.demand},
        )
        for row, node in enumerate(nodes)
        if row >= first
    )


def li_lim(path: Path, fixed: int) -> Problem:
    """
    Li and Lim's pickups and deliveries.

    ``fixed`` is the price of a vehicle in units of distance: 0 leaves distance alone, a large one makes vehicles count
    first.
    """
    head, *rows = [line.split() for line in path.read_text("utf-8").splitlines() if line.strip()]
    nodes = [
        Node(float(r[1]), float(r[2]), int(r[3]), float(r[4]), float(r[5]), float(r[6]), int(r[7]), int(r[8]))
        for r in rows
    ]
    table = distances(nodes, HUNDREDTHS)
    vehicle = VehicleType(
        id="truck", start="0", end="0", capacity={"load": int(head[1])}, count=int(head[0]),
        shift=window(nodes[0], HUNDREDTHS)[0], km_milli=1_000 * UNIT_MILLI,
        fixed_milli=fixed * HUNDREDTHS.scale * UNIT_MILLI,
    )  # fmt: skip
    orders = tuple(
        Order(
            id=str(row),
            owner="all",
            pickup=_visit(nodes, row),
            delivery=_visit(nodes, node.delivery),
            load={"load": node.demand},
        )
        for row, node in enumerate(nodes)
        if node.delivery
    )
    return problem(nodes, (vehicle,), orders, table, None)


def _visit(nodes: list[Node], row: int) -> Visit:
    node = nodes[row]
    return Visit(place=str(row), windows=window(node, HUNDREDTHS), service_s=scaled(node.service, HUNDREDTHS))


def vrplib(path: Path, convention: Convention) -> Problem:
    """A VRPLIB file: X, heterogeneous, multi-depot, prize-collecting, multi-trip, explicit road durations."""
    head, sections = sections_of(path)
    size = int(head["DIMENSION"])
    if "EDGE_WEIGHT_SECTION" in sections:
        table = np.array([int(word) for row in sections["EDGE_WEIGHT_SECTION"] for word in row], dtype=np.int64)
        table = table.reshape(size, size)
        points = [(0.0, 0.0)] * size
    else:
        points = [(float(row[1]), float(row[2])) for row in sections["NODE_COORD_SECTION"]]
        table = distances([Node(*point) for point in points], convention)
    demands = {int(row[0]): int(row[1]) for row in sections["DEMAND_SECTION"]}
    windows = {int(row[0]): (float(row[1]), float(row[2])) for row in sections.get("TIME_WINDOW_SECTION", ())}
    services = {int(row[0]): float(row[1]) for row in sections.get("SERVICE_TIME_SECTION", ())}
    service = float(head.get("SERVICE_TIME", 0))
    nodes = [
        Node(x, y, demands[k], *windows.get(k, (0.0, None)), services.get(k, service))
        for k, (x, y) in enumerate(points, start=1)
    ]
    depots = sum(int(row[0]) > 0 for row in sections["DEPOT_SECTION"])
    return problem(nodes, fleet(head, sections, nodes, convention), orders(sections, nodes, depots, convention), table,
                   None)  # fmt: skip


def sections_of(path: Path) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
    """Header and sections of a VRPLIB file, each row split into words."""
    head: dict[str, str] = {}
    sections: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in path.read_text("utf-8").splitlines():
        words = line.split()
        if not words or words[0] == "EOF":
            continue
        if words[0].endswith("_SECTION"):
            rows = sections.setdefault(words[0], [])
        elif ":" in line and not sections:
            key, _, value = line.partition(":")
            head[key.strip()] = value.strip()
        else:
            rows.append(words)
    return head, sections


def orders(
    sections: dict[str, list[list[str]]], nodes: list[Node], depots: int, convention: Convention
) -> tuple[Order, ...]:
    """Deliveries with their release times and, where there are prizes, what it costs to leave them out."""
    released = {int(row[0]) - 1: float(row[1]) for row in sections.get("RELEASE_TIME_SECTION", ())}
    prizes = {int(row[0]) - 1: int(row[1]) for row in sections.get("PRIZE_SECTION", ())}
    changed = []
    for order in deliveries(nodes, depots, convention):
        row = int(order.id)
        extra: dict[str, Any] = {"release_s": scaled(released.get(row, 0.0), convention)}
        if prizes:
            extra["outside_milli"] = prizes[row] * convention.scale * UNIT_MILLI
        changed.append(Order(id=order.id, owner="all", delivery=order.delivery, load=order.load, **extra))
    return tuple(changed)


def fleet(
    head: dict[str, str], sections: dict[str, list[list[str]]], nodes: list[Node], convention: Convention
) -> tuple[VehicleType, ...]:
    """Vehicles that are alike become one type; files without a number of vehicles have as many as one wants."""
    count = int(head["VEHICLES"]) if "VEHICLES" in head else None
    # Fixed and unit prices of the heterogeneous sets were multiplied by 100 by their owners.
    names = ("CAPACITY_SECTION", "VEHICLES_FIXED_COST_SECTION", "VEHICLES_UNIT_DISTANCE_COST_SECTION",
             "VEHICLES_DEPOT_SECTION", "VEHICLES_RELOAD_DEPOT_SECTION")  # fmt: skip
    defaults = (int(head.get("CAPACITY", 0)), 0, 100, 1, 0)
    columns = {name: [int(row[1]) for row in sections[name]] for name in names if name in sections}
    alike = Counter(
        tuple(columns[name][k] if name in columns else default for name, default in zip(names, defaults, strict=True))
        for k in range(count or 1)
    )
    longest = head.get("VEHICLES_MAX_DURATION")
    return tuple(
        VehicleType(
            id=f"type {number}",
            start=str(depot - 1),
            end=str(depot - 1),
            capacity={"load": capacity},
            count=vehicles if count else None,
            shift=next(iter(window(nodes[depot - 1], convention)), Window(0, HORIZON_S)),
            fixed_milli=fixed * convention.scale * UNIT_MILLI // 100,
            km_milli=price * 1_000 * UNIT_MILLI // 100,
            duration_max_s=None if longest is None else scaled(float(longest), convention),
            reloads=(str(reload_ - 1),) if reload_ else (),
        )
        for number, ((capacity, fixed, price, depot, reload_), vehicles) in enumerate(alike.items(), start=1)
    )
