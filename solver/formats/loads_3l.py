"""Vehicle routing with three-dimensional loads (Gendreau, Iori, Laporte and Martello 2006), in JSON."""

import msgspec
from msgspec import Struct

from solver.faults import Fault, ProblemError
from solver.formats.text import refuse
from solver.goods import UPRIGHT, Hold, OnTop, Rotation, Unit
from solver.loads import Cargo, Load

MM_A_UNIT = 100
"""The vehicle of 60 x 25 x 30 is one of 6 m x 2.5 m x 3 m."""
G_A_UNIT = 1_000


class _Item(Struct, rename="pascal"):
    length: int
    width: int
    height: int
    quantity: int = 1
    fragility: str = "None"
    enable_horizontal_rotation: bool = True


class _Node(Struct):
    id: int = msgspec.field(name="ID")
    x: float = msgspec.field(name="X")
    y: float = msgspec.field(name="Y")
    demand: int = msgspec.field(name="Demand", default=0)
    items: list[_Item] = msgspec.field(name="Items", default_factory=list)


class _Vehicle(Struct, rename="pascal"):
    capacity: int
    length: int
    width: int
    height: int


class _File(Struct, rename="pascal"):
    name: str
    vehicles: list[_Vehicle]
    nodes: list[_Node]


class Loads3L(Struct, frozen=True, kw_only=True):
    """
    An instance: what the vehicles are, and what each customer receives.

    ``places`` holds x and y by node, the depot first; ``units`` a customer's handling units by node (none for the
    depot). A customer's demand is the weight of its units together, 1 kg a unit of demand.
    """

    name: str
    vehicles: int
    hold: Hold
    places: dict[int, tuple[float, float]]
    demand_g: dict[int, int]
    units: dict[int, tuple[Unit, ...]]

    def load_of(self, route: tuple[int, ...]) -> Load:
        """
        The load of a route: customers in the order of their stops, the first unloaded first.

        Raises
        ------
        ProblemError
            For a customer that there is not, or that comes twice.
        """
        faults = []
        for number, node in enumerate(route):
            if not self.units.get(node):
                cause, cure = f"{node} is no customer", f"give numbers from 1 to {len(self.places) - 1}"
                faults.append(Fault(code="node_unknown", where=f"route[{number}]", cause=cause, cure=cure))
            elif node in route[:number]:
                cause = f"{node} is visited twice"
                faults.append(Fault(code="given_twice", where=f"route[{number}]", cause=cause, cure="visit it once"))
        if faults:
            raise ProblemError(faults)
        cargo = tuple(
            Cargo(order=str(node), unit=unit, to_stop=stop)
            for stop, node in enumerate(route, start=1)
            for unit in self.units[node]
        )
        return Load(hold=self.hold, cargo=cargo)


def read_3l(raw: bytes) -> Loads3L:
    """
    An instance from JSON.

    Fragile items bear fragile ones alone, the rear door is the only one, 75 % of a base are supported: all constraints
    of the paper.

    Raises
    ------
    ProblemError
        For a file that holds something else.
    """
    try:
        found = msgspec.json.decode(raw, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        refuse("format_unknown", "$", str(error), "give an instance with Name, Vehicles and Nodes")
    if not found.vehicles or any(vehicle != found.vehicles[0] for vehicle in found.vehicles):
        refuse("vehicles_unlike", "Vehicles", "not one kind of vehicle", "give vehicles that are all alike")
    if len({node.id for node in found.nodes}) < len(found.nodes):
        refuse("given_twice", "Nodes", "two nodes have the same ID", "number the nodes from 0")
    vehicle = found.vehicles[0]
    return Loads3L(
        name=found.name,
        vehicles=len(found.vehicles),
        hold=Hold(
            length_mm=vehicle.length * MM_A_UNIT,
            width_mm=vehicle.width * MM_A_UNIT,
            height_mm=vehicle.height * MM_A_UNIT,
            weight_max_g=vehicle.capacity * G_A_UNIT,
        ),
        places={node.id: (node.x, node.y) for node in found.nodes},
        demand_g={node.id: node.demand * G_A_UNIT for node in found.nodes},
        units={node.id: _units(node) for node in found.nodes},
    )


def _units(node: _Node) -> tuple[Unit, ...]:
    """One unit for each piece, since the demand is shared out among them to the gram."""
    pieces = [item for item in node.items for _ in range(item.quantity)]
    weight_g = node.demand * G_A_UNIT
    made = []
    for number, item in enumerate(pieces):
        share_g = weight_g // len(pieces) + (number < weight_g % len(pieces))
        made.append(
            Unit(
                id=f"{node.id}-{number + 1}",
                length_mm=item.length * MM_A_UNIT,
                width_mm=item.width * MM_A_UNIT,
                height_mm=item.height * MM_A_UNIT,
                weight_g=share_g,
                on_top=OnTop.FRAGILE if item.fragility == "Fragile" else OnTop.ANYTHING,
                rotations=UPRIGHT if item.enable_horizontal_rotation else (Rotation.LWH,),
            )
        )
    return tuple(made)
