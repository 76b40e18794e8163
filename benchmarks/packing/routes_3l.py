"""
Random routes of the 3L-CVRP instances, as loads.

Gendreau, Iori, Laporte and Martello (2006), A tabu search algorithm for a routing and container loading problem:
fragile boxes bear fragile ones alone, boxes stand upright, three quarters of each base are supported, and boxes are
unloaded stop by stop through the rear door.
"""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from solver.goods import Hold, OnTop, Unit
from solver.loads import Cargo, Load

STOPS_MAX = 10


class Box(msgspec.Struct, rename="pascal"):
    """A customer's boxes of one kind, as in the files."""

    quantity: int
    length: int
    width: int
    height: int
    fragility: str


class Node(msgspec.Struct):
    """A customer with its demand and boxes; number 0 is the depot."""

    number: int = msgspec.field(name="ID")
    demand: int = msgspec.field(name="Demand")
    items: list[Box] = msgspec.field(name="Items")


class Vehicle(msgspec.Struct, rename="pascal"):
    """What a vehicle takes."""

    capacity: int
    length: int
    width: int
    height: int


class Instance(msgspec.Struct, rename="pascal"):
    """A 3L-CVRP instance without its distances."""

    name: str
    vehicles: list[Vehicle]
    nodes: list[Node]


class RouteLoad(NamedTuple):
    """A route's load, and where it comes from: customers in the order of visiting."""

    name: str
    load: Load


def instances(folder: Path) -> list[Instance]:
    """All instances of a folder of JSON files, by name."""
    return [msgspec.json.decode(path.read_bytes(), type=Instance) for path in sorted(folder.glob("*.json"))]


def customer_cargo(node: Node, stop: int, scale: int = 1) -> list[Cargo]:
    """
    A customer's boxes, unloaded at ``stop``; its demand in kg is shared equally among them.

    ``scale``: millimetres for one unit of length of the file (there are 60 in a hold's length).
    """
    boxes = max(1, sum(box.quantity for box in node.items))
    return [
        Cargo(
            order=f"C{node.number}",
            unit=Unit(
                id=f"box{number}",
                length_mm=box.length * scale,
                width_mm=box.width * scale,
                height_mm=box.height * scale,
                weight_g=node.demand * 1000 // boxes,
                quantity=box.quantity,
                on_top=OnTop.FRAGILE if box.fragility == "Fragile" else OnTop.ANYTHING,
            ),
            to_stop=stop,
        )
        for number, box in enumerate(node.items, 1)
    ]


def route_load(instance: Instance, customers: Sequence[int], scale: int = 1) -> Load:
    """The load of a route that visits these customers (their ID) in this order."""
    vehicle = instance.vehicles[0]
    hold = Hold(
        length_mm=vehicle.length * scale,
        width_mm=vehicle.width * scale,
        height_mm=vehicle.height * scale,
        weight_max_g=vehicle.capacity * 1000,
    )
    nodes = {node.number: node for node in instance.nodes}
    cargo = [line for stop, number in enumerate(customers, 1) for line in customer_cargo(nodes[number], stop, scale)]
    return Load(hold=hold, cargo=tuple(cargo))


def random_routes(
    folder: Path, count: int, *, seed: int = 1, boxes_max: int = 18, scale: int = 1
) -> Iterator[RouteLoad]:
    """
    Routes of random customers in random order whose demand and volume fit the vehicle.

    Instances take turns. A route has up to ``STOPS_MAX`` stops, as many as drawn or as many as fit.

    Parameters
    ----------
    folder
        Where the instances' JSON files lie.
    count
        Number of routes.
    seed
        The same seed gives the same routes.
    boxes_max
        Most boxes on a route.
    scale
        Millimetres for one unit of length of the files; 100 is true to nature.
    """
    chance = random.Random(seed)
    known = instances(folder)
    for number in range(count):
        instance = known[number % len(known)]
        route: list[int] = []
        while len(route) < 2:
            route = _route(instance, chance, boxes_max)
        name = f"{instance.name}:{'-'.join(map(str, route))}"
        yield RouteLoad(name, route_load(instance, route, scale))


def _route(instance: Instance, chance: random.Random, boxes_max: int) -> list[int]:
    vehicle = instance.vehicles[0]
    free = vehicle.length * vehicle.width * vehicle.height
    kilograms, boxes, wanted = vehicle.capacity, boxes_max, chance.randint(3, STOPS_MAX)
    nodes = [node for node in instance.nodes if node.items]
    chance.shuffle(nodes)
    route: list[int] = []
    for node in nodes:
        volume = sum(box.quantity * box.length * box.width * box.height for box in node.items)
        number = sum(box.quantity for box in node.items)
        if len(route) < wanted and volume <= free and node.demand <= kilograms and number <= boxes:
            route.append(node.number)
            free, kilograms, boxes = free - volume, kilograms - node.demand, boxes - number
    return route


def summary(routes: Iterable[RouteLoad]) -> str:
    """Boxes and fill of routes, in words."""
    loads = [route.load for route in routes]
    boxes = [sum(line.unit.quantity for line in load.cargo) for load in loads]
    return json.dumps({"routes": len(loads), "boxes_mean": sum(boxes) / len(boxes), "boxes_max": max(boxes)})
