"""
Points where a further unit might stand: extreme points, from both side walls.

T. G. Crainic, G. Perboli and R. Tadei (2008), "Extreme point-based heuristics for three-dimensional bin packing",
INFORMS Journal on Computing 20(3): the corners of a new box are pushed along the axes until they meet something. Each
point here is also made in the mirror: the unit that stands there then has its right side at the point.
"""

from solver.packing.construct_places import level_of
from solver.packing.construct_rules import BOXES, LEVELS, POINTS, SIDES, X2, Y2, Z2, Work, X, Y, Z
from solver.packing.jit import leaf
from solver.packing.layout import HEIGHT, LENGTH, WIDTH, Whole

RIGHT, ALONG, ACROSS, UP, LEVEL, HINT = range(3, 9)
"""
Columns of ``Work.point`` after x, y, z: 1 for a point in the mirror; a unit that exceeds all three of these extents
meets a box that was found in the way there; the number of its height; the box found in the way last (-1: none yet).
"""
_SHIFT = 17


@leaf
def start(size: Whole, work: Work, sides: int) -> None:
    """An empty hold: its front lower corners; ``sides``: 1 left, 2 right, 3 both."""
    work.filled[BOXES] = 0
    work.filled[POINTS] = 0
    work.filled[LEVELS] = 0
    work.filled[SIDES] = sides
    if sides & 1:
        add_point(size, work.point, work.code, work.level, work.filled, (0, 0, 0, 0))
    if sides & 2:
        add_point(size, work.point, work.code, work.level, work.filled, (0, size[WIDTH], 0, 1))


@leaf
def add_point(
    size: Whole, point: Whole, code: Whole, level: Whole, count: Whole, place: tuple[int, int, int, int]
) -> None:
    """A point more, unless it is known or nothing can stand there."""
    x, y, z, right = place
    beyond = y <= 0 if right else y >= size[WIDTH]
    if beyond or x >= size[LENGTH] or z >= size[HEIGHT]:
        return
    own = (((x << _SHIFT) | y) << _SHIFT | z) << 1 | right
    known = count[POINTS]
    again = False
    for number in range(known):
        again |= code[number] == own
    if again or known == len(code):
        return
    code[known] = own
    point[known, X], point[known, Y], point[known, Z], point[known, RIGHT] = x, y, z, right
    point[known, ALONG], point[known, ACROSS], point[known, UP] = size[LENGTH], size[WIDTH], size[HEIGHT]
    point[known, LEVEL], point[known, HINT] = level_of(level, count, z), -1
    count[POINTS] = known + 1


@leaf
def drop_covered(box: Whole, own: int, point: Whole, code: Whole, count: Whole) -> None:
    """Forget the points inside a new box, which shares its stay with everything."""
    x, y, z, x2, y2, z2 = box[own, X], box[own, Y], box[own, Z], box[own, X2], box[own, Y2], box[own, Z2]
    number = 0
    while number < count[POINTS]:
        at = point[number, Y] - point[number, RIGHT]
        if y <= at < y2 and x <= point[number, X] < x2 and z <= point[number, Z] < z2:
            last = count[POINTS] - 1
            for column in range(HINT + 1):
                point[number, column] = point[last, column]
            code[number] = code[last]
            count[POINTS] = last
        else:
            number += 1


@leaf
def add_points(size: Whole, work: Work, number: int) -> None:
    """The points that a new box brings, pushed to the front, aside and down."""
    box, point, code, level, count, sides = work.box, work.point, work.code, work.level, work.filled, work.filled[SIDES]
    x, z, x2, z2 = box[number, X], box[number, Z], box[number, X2], box[number, Z2]
    for right in range(2):
        if sides >> right & 1 == 0:
            continue
        near, far = (box[number, Y], box[number, Y2]) if right == 0 else (box[number, Y2], box[number, Y])
        left, down, front, down_beside, left_above, front_above = push(box, number, right, size[WIDTH])
        add_point(size, point, code, level, count, (x2, left, z, right))
        add_point(size, point, code, level, count, (x2, near, down, right))
        add_point(size, point, code, level, count, (front, far, z, right))
        add_point(size, point, code, level, count, (x, far, down_beside, right))
        add_point(size, point, code, level, count, (x, left_above, z2, right))
        add_point(size, point, code, level, count, (front_above, near, z2, right))
        add_point(size, point, code, level, count, (x, near, z2, right))
        add_point(size, point, code, level, count, (x, far, z, right))


@leaf
def push(box: Whole, own: int, right: int, width: int) -> tuple[int, int, int, int, int, int]:
    """How far the corners behind, beside and above a box go: sideways and down, front and down, sideways and front."""
    near, far = (box[own, Y], box[own, Y2] - right) if right == 0 else (box[own, Y2] - 1, box[own, Y] - 1)
    x, z, x2, z2 = box[own, X], box[own, Z], box[own, X2], box[own, Z2]
    left = left_above = width if right else 0
    down = down_beside = front = front_above = 0
    for j in range(own):
        across_near = box[j, Y] <= near < box[j, Y2]
        across_far = box[j, Y] <= far < box[j, Y2]
        level = box[j, Z] <= z < box[j, Z2]
        above = box[j, Z] <= z2 < box[j, Z2]
        side = box[j, Y] if right else box[j, Y2]
        if (side > near) if right else (side <= near):
            if level and box[j, X] <= x2 < box[j, X2]:
                left = min(left, side) if right else max(left, side)
            if above and box[j, X] <= x < box[j, X2]:
                left_above = min(left_above, side) if right else max(left_above, side)
        if box[j, Z2] <= z:
            if across_near and box[j, X] <= x2 < box[j, X2]:
                down = max(down, box[j, Z2])
            if across_far and box[j, X] <= x < box[j, X2]:
                down_beside = max(down_beside, box[j, Z2])
        if box[j, X2] <= x:
            if across_far and level:
                front = max(front, box[j, X2])
            if across_near and above:
                front_above = max(front_above, box[j, X2])
    return left, down, front, down_beside, left_above, front_above
