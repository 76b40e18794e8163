"""
PackingSolver (fontanf/packingsolver, MIT) as a second opinion on how full a hold can be; optional, for comparisons.

It knows nothing of support, fragility, bearing or access, so its units float: they are settled, and what may not stand
is taken away. Run it in a process of its own: should it fail, it takes the interpreter with it.
"""

import importlib
from collections.abc import Sequence
from typing import Any

from solver.goods import Hold, Placement, Rotation, Unit
from solver.packing.blocks_settle import settle

NAMES = {
    Rotation.LWH: "XYZ",
    Rotation.WLH: "YXZ",
    Rotation.LHW: "XZY",
    Rotation.HLW: "ZXY",
    Rotation.WHL: "YZX",
    Rotation.HWL: "ZYX",
}
"""Both name the edge along x first, along z last."""


def challenge(
    hold: Hold, units: Sequence[tuple[str, Unit]], seconds: float
) -> tuple[tuple[Placement, ...], tuple[Placement, ...]]:
    """
    Loads a hold by PackingSolver.

    Parameters
    ----------
    seconds
        Wall time it may take; it has no first answer for a mixed load before one or two.

    Returns
    -------
    What it placed, and what of that stays after settling (the checker's rules). Both empty when it found nothing.

    Raises
    ------
    ModuleNotFoundError
        It is not installed; it needs Python 3.12.
    """
    box: Any = importlib.import_module("packingsolver.box")
    builder = box.InstanceBuilder()
    builder.set_objective(importlib.import_module("packingsolver").Objective.Knapsack)
    heaviest = {} if hold.weight_max_g is None else {"maximum_weight": float(hold.weight_max_g)}
    builder.add_bin_type(hold.length_mm, hold.width_mm, hold.height_mm, **heaviest)
    for _, unit in units:
        builder.add_item_type(
            unit.length_mm,
            unit.width_mm,
            unit.height_mm,
            rotations=[getattr(box.Rotation, NAMES[rotation]) for rotation in unit.rotations],
            weight=float(unit.weight_g),
            copies=unit.quantity,
        )
    parameters = box.OptimizeParameters()
    parameters.time_limit = seconds
    parameters.verbosity_level = 0
    placed = _placements(box.optimize(builder.build(), parameters).solution, units)
    stays = settle(hold, [(placement, unit) for placement, unit in placed])
    return tuple(placement for placement, _ in placed), stays


def _placements(solution: Any, units: Sequence[tuple[str, Unit]]) -> list[tuple[Placement, Unit]]:
    own = {name: rotation for rotation, name in NAMES.items()}
    count = [0] * len(units)
    found = []
    for number in range(solution.number_of_different_bins()):
        for item in solution.bin(number).items:
            order, unit = units[item.item_type_id]
            count[item.item_type_id] += 1
            placement = Placement(
                order=order,
                unit=unit.id,
                number=count[item.item_type_id],
                x_mm=int(item.x),
                y_mm=int(item.y),
                z_mm=int(item.z),
                rotation=own[str(item.rotation).rsplit(".", maxsplit=1)[-1]],
            )
            found.append((placement, unit))
    return found
