"""Loads whose places are worked out by hand."""

from solver.goods import Axle, Chassis, Hold, OnTop, Placement, Rotation, Unit
from solver.loads import Cargo, Consignment, Container, Load, Packed, Packing, PackProblem

VAN = Hold(
    length_mm=3_000,
    width_mm=1_600,
    height_mm=1_500,
    weight_max_g=1_000_000,
    chassis=Chassis(
        axles=(
            Axle(id="front", at_mm=-1_000, tare_g=900_000, max_g=1_500_000),
            Axle(id="rear", at_mm=2_000, tare_g=700_000, max_g=1_800_000),
        )
    ),
)
CARTON = Unit(id="carton", length_mm=600, width_mm=400, height_mm=300, weight_g=10_000, quantity=8)
RACK = Unit(
    id="rack", length_mm=800, width_mm=1_600, height_mm=1_400, weight_g=60_000, on_top=OnTop.NOTHING, quantity=1
)


def two_stops() -> tuple[Load, tuple[Placement, ...]]:
    """
    A rack for stop 2 at the front wall, behind it eight cartons for stop 1: four on the floor, four on top of them.

    On board are 60 + 8 x 10 = 140 kg; the rack's middle is at 400 mm, the cartons' at 1,100: a moment of 24 + 88 = 112
    t mm, 140 t mm more about the front axle at -1,000. So (112 + 140) / 3 = 84 kg rest on the rear axle, 56 on the
    front one.
    """
    load = Load(
        hold=VAN,
        cargo=(Cargo(order="atelier", unit=RACK, to_stop=2), Cargo(order="shop", unit=CARTON, to_stop=1)),
    )
    places = [Placement(order="atelier", unit="rack", number=1, x_mm=0, y_mm=0, z_mm=0, rotation=Rotation.LWH)]
    for number in range(8):
        layer, row = divmod(number, 4)
        places.append(
            Placement(
                order="shop",
                unit="carton",
                number=number + 1,
                x_mm=800,
                y_mm=400 * row,
                z_mm=300 * layer,
                rotation=Rotation.LWH,
            )
        )
    return load, tuple(places)


def one_van() -> tuple[PackProblem, Packing]:
    """The same as a choice of containers at 25 EUR a van; stops follow from the consignments."""
    load, places = two_stops()
    problem = PackProblem(
        currency="EUR",
        containers=(Container(id="van", hold=VAN, cost_milli=2_500_000),),
        consignments=tuple(Consignment(id=line.order, units=(line.unit,), to_stop=line.to_stop) for line in load.cargo),
    )
    packing = Packing(
        currency="EUR",
        bins=(Packed(container="van", number=1, placements=places),),
        not_placed=(),
        cost_milli=2_500_000,
        bound_milli=2_500_000,
        proved=True,
    )
    return problem, packing
