"""
What block building works on, as plain arrays: the stock of blocks, and a hold that is partly full.

A **cuboid** is a number of equal units in equal rotation, set in a grid without gaps. A **block** is one cuboid, or a
few that stand on and beside one another. A **space** is an empty cuboid that cannot be made larger on any side. A
**seat** is a place for the next block: a space, and the rectangle on its floor that bears.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

PARTS_MOST = 6
"""Cuboids in a block, at most."""
SPACES_MOST = 1500
SEATS_MOST = 4000

ANYTHING, FRAGILE, NOTHING, SHADOW = range(4)
"""What a top bears; the top of a shadow (space out of reach) is no top at all."""
X1, Y1, Z1, X2, Y2, Z2, TOP, WAY, NX, NY, NZ = range(11)
"""Columns of ``State.cuboid``: corners in mm, what its top bears, the way its units stand, how many along x, y, z."""
CUBOID_COLUMNS = 11
SPACE, RX1, RY1, RX2, RY2, CORNER, DIST, DEAD = range(8)
"""Columns of ``State.seat``: space; rectangle in mm; corner (1: far in x, 2: far in y); rank; nothing fits there."""
SEAT_COLUMNS = 8
CUBOIDS, SPACES, SEATS, WEIGHT_LEFT = range(4)
"""Entries of ``State.tally``: how many of each; weight that may still be loaded, g."""
TALLY = 4
SUPPORT, BEARING_ASKED, TOPS_ASKED = 3, 4, 5
"""Entries of ``Stock.hold`` after length, width and height in mm: percent; 0 or 1."""


class Stock(NamedTuple):
    """
    What does not change during a search.

    Attributes
    ----------
    hold
        Length, width, height in mm, support in percent, whether any unit's bearing is limited, whether that or what
        may stand on it.
    way
        By way (a kind of unit in a rotation): kind, extent along x, y, z in mm.
    top
        By kind: what its top bears.
    pressure
        By way: what a unit's base exerts and what its top bears, g per mm2 (inf: any).
    edge
        By block: extent along x, y, z in mm.
    worth, key
        By block: value; value as it is rated, most first.
    weight
        By block, g.
    need
        By block and part: kind (-1: none) and how many of it.
    part
        By block and part: way (-1: none), how many along x, y, z, offset along x, y, z in mm. Lower parts come first.
    flag
        By block: 1 stands on the floor only, 2 is fragile.
    base
        By block: pressure under its base, g per mm2.
    reach
        By axis and length in steps: the longest row of units' edges that is no longer, in steps.
    step
        Length of a step, mm.
    """

    hold: Whole
    way: Whole
    top: Whole
    pressure: Real
    edge: Whole
    worth: Real
    key: Real
    weight: Whole
    need: Whole
    part: Whole
    flag: Whole
    base: Real
    reach: Whole
    step: int


BY_BLOCK = ("edge", "worth", "key", "weight", "need", "part", "flag", "base")
"""Fields of ``Stock`` that have an entry for each block."""


class State(NamedTuple):
    """
    A hold that is partly full.

    Attributes
    ----------
    cuboid
        What stands there: see ``X1`` and what follows it.
    bears
        By cuboid: pressure that its top still bears, g per mm2.
    space
        Empty cuboids as large as can be: corners in mm.
    seat
        See ``SPACE`` and what follows it.
    left
        By kind: units not placed yet.
    tally
        See ``CUBOIDS`` and what follows it.
    gain
        Value placed.
    """

    cuboid: Whole
    bears: Real
    space: Whole
    seat: Whole
    left: Whole
    tally: Whole
    gain: Real


class Desk(NamedTuple):
    """
    Room to work in, for one thread.

    Attributes
    ----------
    fresh
        Spaces being made.
    moved
        By space: where it went.
    sight
        The seat being looked at: see ``AT_X`` and what follows it.
    under, near
        Cuboids that the seat's space stands on, and those beside it.
    least
        Least extent along x, y, z of what is left, mm.
    list
        Blocks of which there are enough units left, best key first.
    best, score
        Blocks chosen for a seat, and how they were rated.
    taste
        Weights of distance along x, y, z from the nearest corner when the next seat is picked; exponent of contact.
    """

    fresh: Whole
    moved: Whole
    sight: Whole
    under: Whole
    near: Whole
    least: Whole
    list: Whole
    best: Whole
    score: Real
    taste: Real


AT_X, AT_Y, AT_Z, FAR_X, FAR_Y, LONG, WIDE, HIGH, BASE_L, BASE_W, CARE, UNDER, NEAR, LISTED, LOOKED = range(15)
"""Entries of ``Desk.sight``: anchor; its corner; extents that fit; extents of the base; whether support must be
computed; numbers of cuboids under and near; number of blocks listed,
and looked at since the beginning."""
SIGHT = 15


def new_state(cuboids: int, kinds: int) -> State:
    """An empty state with room for so many cuboids; its hold has no space yet."""
    return State(
        cuboid=np.zeros((cuboids, CUBOID_COLUMNS), np.int64),
        bears=np.zeros(cuboids),
        space=np.zeros((SPACES_MOST, 6), np.int64),
        seat=np.zeros((SEATS_MOST, SEAT_COLUMNS), np.int64),
        left=np.zeros(kinds, np.int64),
        tally=np.zeros(TALLY, np.int64),
        gain=np.zeros(1),
    )


def new_desk(cuboids: int, blocks: int, width: int) -> Desk:
    """Room to choose up to ``width`` blocks at a time."""
    return Desk(
        fresh=np.zeros((6 * SPACES_MOST, 6), np.int64),
        moved=np.zeros(SPACES_MOST, np.int64),
        sight=np.zeros(SIGHT, np.int64),
        under=np.zeros(cuboids, np.int64),
        near=np.zeros(cuboids, np.int64),
        least=np.zeros(3, np.int64),
        list=np.zeros(blocks, np.int64),
        best=np.zeros(width, np.int64),
        score=np.zeros(width),
        taste=np.array([1.0, 1.0, 1.0, 4.0]),
    )
