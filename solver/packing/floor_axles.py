"""What the axles allow, stop by stop, and shifting what stands on the floor lengthwise until they do."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from solver.goods import Chassis

Ints = NDArray[np.int64]
UNBOUNDED = 1 << 60
WORK = 0.1
"""Deterministic seconds for one program."""


def window(chassis: Chassis | None, weight_g: int) -> tuple[int, int]:
    """
    The least and greatest sum of weight times (x + x2), g mm, at which no axle has too much or too little.

    Twice the moment about the front wall: whole numbers. Least above greatest: there is none. The levers are those of
    ``solver.goods.Chassis``: every axle load is linear in the moment.
    """
    low, high = Fraction(-UNBOUNDED), Fraction(UNBOUNDED)
    if chassis is None:
        return -UNBOUNDED, UNBOUNDED
    for axle, (share, slope) in zip(chassis.axles, _levers(chassis, weight_g), strict=True):
        least, most = axle.min_g - axle.tare_g - share, axle.max_g - axle.tare_g - share
        if slope == 0:
            if not least <= 0 <= most:
                return 1, 0
            continue
        ends = sorted((least / slope, most / slope))
        low, high = max(low, ends[0]), min(high, ends[1])
    return ceil(2 * low), floor(2 * high)


def _levers(chassis: Chassis, weight_g: int) -> list[tuple[Fraction, Fraction]]:
    """By axle: its load without tare is the first plus the second times the moment."""
    axles = chassis.axles
    front_mm = axles[0].at_mm if chassis.kingpin_mm is None else chassis.kingpin_mm
    slope = Fraction(1, axles[-1].at_mm - front_mm)
    back = (-weight_g * front_mm * slope, slope)
    front = (weight_g - back[0], -slope)
    if chassis.kingpin_mm is None:
        return [front, back]
    lever = Fraction(front_mm - axles[0].at_mm, axles[1].at_mm - axles[0].at_mm)
    return [(front[0] * (1 - lever), front[1] * (1 - lever)), (front[0] * lever, front[1] * lever), back]


def shifted(
    starts_mm: Ints,
    lengths_mm: Ints,
    length_mm: int,
    behind: Sequence[tuple[int, int]],
    weights_g: Ints,
    windows: Ints,
) -> Ints | None:
    """
    Where things stand lengthwise so that all axles are content at every stop, each behind what it stood behind.

    Parameters
    ----------
    starts_mm, lengths_mm
        Where each begins now (a hint), and its extent along x.
    length_mm
        The floor's.
    behind
        Pairs (one, other): the other stays behind the one.
    weights_g
        What each weighs, by stop.
    windows
        By stop, see ``window``.

    Returns
    -------
    None where there is no such shift, or none was found (CP-SAT within ``WORK``).
    """
    model = cp_model.CpModel()
    places = [
        model.new_int_var(0, length_mm - int(lengths_mm[number]), f"x{number}") for number in range(len(starts_mm))
    ]
    for place, start_mm in zip(places, starts_mm, strict=True):
        model.add_hint(place, int(start_mm))
    for one, other in behind:
        model.add(places[other] >= places[one] + int(lengths_mm[one]))
    for weights, (low, high) in zip(weights_g, windows, strict=True):
        fixed = int((weights * lengths_mm).sum())
        moment = sum(2 * int(weight) * place for weight, place in zip(weights, places, strict=True) if weight)
        if isinstance(moment, int):
            continue
        model.add_linear_constraint(moment, int(low) - fixed, int(high) - fixed)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = WORK
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    return np.array([solver.value(place) for place in places], dtype=np.int64)
