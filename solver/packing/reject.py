"""Proofs that a load cannot fit; true for any placement whatever."""

from typing import NamedTuple

import numpy as np

from solver.packing.layout import HEIGHT, LENGTH, VOLUME, WAYS, WEIGHT, WEIGHT_MAX, WIDTH, Goods, Room, Stays


class Reason(NamedTuple):
    """Which proof (``weight``, ``volume``, ``size``), and what it says in words."""

    tier: str
    detail: str


def rejected(room: Room, goods: Goods, stays: Stays) -> Reason | None:
    """A proof that no placement of these units is right, or None when none was found."""
    size = room.size
    space_mm3 = int(size[LENGTH]) * int(size[WIDTH]) * int(size[HEIGHT])
    for stop in np.unique(stays.since):
        aboard = stays.kind[(stays.since <= stop) & (stop < stays.until)]
        weight_g, volume_mm3 = int(goods.traits[aboard, WEIGHT].sum()), int(goods.traits[aboard, VOLUME].sum())
        if 0 <= size[WEIGHT_MAX] < weight_g:
            return Reason("weight", f"{weight_g} g on board from stop {stop}, at most {size[WEIGHT_MAX]} g")
        if volume_mm3 > space_mm3:
            return Reason("volume", f"{volume_mm3} mm3 on board from stop {stop}, the hold has {space_mm3} mm3")
    for kind in np.unique(stays.kind):
        ways = goods.ways[kind, : goods.traits[kind, WAYS], :3]
        if not (ways <= size[:3]).all(axis=1).any():
            return Reason("size", f"a unit of {ways[0].tolist()} mm does not go into the hold")
    return None
