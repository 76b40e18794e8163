"""``warm()``: compile what packs ahead of its first use."""

from solver.goods import ANY_WAY, Hold, Unit
from solver.loads import Cargo, Load
from solver.packing.cartons_fill import warm as warm_cartons
from solver.packing.fill import fill
from solver.packing.fits import Effort, fits
from solver.packing.floor import warm as warm_floor
from solver.packing.pallets_layers import warm as warm_layers
from solver.packing.vector import warm as warm_vector


def warm() -> None:
    """Compile everything; quick where nothing changed since."""
    unit = Unit(id="u", length_mm=400, width_mm=300, height_mm=200, quantity=2, rotations=ANY_WAY)
    fits(Load(hold=Hold(length_mm=800, width_mm=600, height_mm=400), cargo=(Cargo(order="o", unit=unit),)), Effort(1))
    fill(Hold(length_mm=800, width_mm=600, height_mm=400), [("o", unit)], work=1)
    for warm_part in (warm_cartons, warm_floor, warm_layers, warm_vector):
        warm_part()
