"""
Goods on the straight road (``tests.solver.worlds``), and factors of round numbers.

Places ``km0`` to ``km5`` lie a kilometre apart; the lorry starts and ends at km0 and carries 10 t. A kilometre of a
``lorry`` emits 500 g empty and 1,000 g full (700 g on average) from its tank, a fifth of that for providing the fuel
(150 g on average); a ``van`` 200 + 50 g whatever it carries; an ``electric`` van 60 + 20 g, all of it in the power station.
"""

from typing import Any

from solver.assemble import assemble
from solver.compiled import Compiled
from solver.emissions.words import FactorSet, Method, Rate, Source, VehicleFactor
from solver.plan import Plan
from solver.problem import Order, Problem, VehicleType, Visit
from tests.solver.worlds import road, van

TONNE_G = 1_000_000


def rate(ttw_mg_km: int, wtt_mg_km: int) -> Rate:
    return Rate(ttw_mg_km=ttw_mg_km, wtt_mg_km=wtt_mg_km)


LORRY = VehicleFactor(
    id="lorry",
    name="Lorry",
    energy="diesel",
    average=rate(700_000, 150_000),
    empty=rate(500_000, 100_000),
    full=rate(1_000_000, 200_000),
    guess_payload_max_g=20 * TONNE_G,
)
VAN = VehicleFactor(
    id="van", name="Van", energy="diesel", average=rate(200_000, 50_000), guess_payload_max_g=2 * TONNE_G
)
ELECTRIC = VehicleFactor(id="electric", name="Electric van", energy="electricity", average=rate(60_000, 20_000))


def factors(*vehicles: VehicleFactor, region: str = "XX", year: int = 2025) -> FactorSet:
    source = Source(
        id="round", publisher="Us", title="Round numbers", year=year, region=region, basis="km driven", licence="none"
    )
    return FactorSet(source=source, vehicles=vehicles or (LORRY, VAN, ELECTRIC))


def method(**changes: Any) -> Method:
    """The round factors, and the lorry's class for the lorry."""
    plain: dict[str, Any] = {"region": "XX", "year": 2025, "factors": factors(), "classes": {"lorry": "lorry"}}
    return Method(**{**plain, **changes})


def lorry(**changes: Any) -> VehicleType:
    return van(**{"id": "lorry", "capacity": {"weight_g": 10 * TONNE_G}, **changes})


def goods(name: str, km: int, weight_g: int = TONNE_G, owner: str = "anna", **changes: Any) -> Order:
    """To be delivered from km0."""
    return Order(**{**_plain(name, weight_g, owner), "delivery": Visit(place=f"km{km}"), **changes})


def returns(name: str, km: int, weight_g: int = TONNE_G, owner: str = "anna", **changes: Any) -> Order:
    """To be collected and brought to the vehicle's end."""
    return Order(**{**_plain(name, weight_g, owner), "pickup": Visit(place=f"km{km}"), **changes})


def carriage(name: str, km: int, to_km: int, weight_g: int = TONNE_G, owner: str = "anna") -> Order:
    """To be carried from one kilometre to another."""
    sides = {"pickup": Visit(place=f"km{km}"), "delivery": Visit(place=f"km{to_km}")}
    return Order(**{**_plain(name, weight_g, owner), **sides})


def _plain(name: str, weight_g: int, owner: str) -> dict[str, Any]:
    return {"id": name, "owner": owner, "load": {"weight_g": weight_g}}


def day(*orders: Order, vehicles: tuple[VehicleType, ...] = (), **changes: Any) -> Problem:
    return road(*orders, vehicles=vehicles or (lorry(),), **changes)


def driving(problem: Problem, *routes: tuple[int, tuple[int, ...]]) -> Plan:
    """A plan of these routes: index of the vehicle type; visits (2 * order, one more for deliveries), ``~place`` reloads."""
    return assemble(Compiled(problem), routes)


def in_turn(problem: Problem) -> Plan:
    """All deliveries on one vehicle of the first type, in the problem's order."""
    return driving(problem, (0, tuple(2 * index + 1 for index in range(len(problem.orders)))))
