"""Compile what packs ahead of its first use; each function is quick where nothing changed since."""

from solver.goods import ANY_WAY, Hold, Unit
from solver.loads import Cargo, Load
from solver.packing.cartons_fill import warm as warm_cartons
from solver.packing.fill import fill
from solver.packing.fits import Effort, fits
from solver.packing.floor import warm as warm_floor
from solver.packing.pallets_layers import warm as warm_layers
from solver.packing.vector import warm as warm_vector

HOLD = Hold(length_mm=800, width_mm=600, height_mm=400)
UNIT = Unit(id="u", length_mm=400, width_mm=300, height_mm=200, quantity=2, rotations=ANY_WAY)


def warm_fits() -> None:
    """The test whether a load fits."""
    fits(Load(hold=HOLD, cargo=(Cargo(order="o", unit=UNIT),)), Effort(1))


def warm_fill() -> None:
    """One hold as full as possible."""
    fill(HOLD, [("o", UNIT)], work=1)


def warm_rest() -> None:
    """Cartons, layers and bins of vectors."""
    for warm in (warm_cartons, warm_layers, warm_vector):
        warm()


def warm() -> None:
    """Everything."""
    for warm_part in (warm_fits, warm_floor, warm_fill, warm_rest):
        warm_part()
