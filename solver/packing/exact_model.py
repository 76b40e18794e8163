"""
A load as a constraint program: exactly the definitions of ``solver.goods``, in whole millimetres.

Each pair of units on board together is before, after, beside, below or above one another (Chen, Lee, Shen 1995, An
analytical model for the container loading problem); the rest hangs on these relations and on which unit rests on which.
Relations are stated one way only (relation holds -> inequality holds): more is never needed, since every rule asks for
some relation among several.
"""

from collections.abc import Sequence
from itertools import combinations

from solver.goods import Door, Hold, Side
from solver.packing.exact_items import Item, Spot, Way, aboard, bears, moments, together
from solver.packing.exact_program import Program, Term

X, Y, Z = 0, 1, 2
UNKNOWN = -1
"""No relation's literal: those are not negative."""


class Model:
    """
    Where items stand in a hold, without overlap; rules of further modules are added to it.

    ``starts[axis][item]`` is a variable; an extent is ``sizes[axis][item]`` plus ``turns[axis][item]``, terms in the
    literals that choose among ways to stand.
    """

    def __init__(self, hold: Hold, items: Sequence[Item]) -> None:
        self.hold = hold
        self.items = items
        self.program = Program()
        self.room = (hold.length_mm, hold.width_mm, hold.height_mm)
        self.starts: tuple[list[int], ...] = ([], [], [])
        self.sizes: tuple[list[int], ...] = ([], [], [])
        self.turns: tuple[list[list[Term]], ...] = ([], [], [])
        self.least = tuple([min(way.edges[axis] for way in item.ways) for item in items] for axis in (X, Y, Z))
        self.most = tuple([max(way.edges[axis] for way in item.ways) for item in items] for axis in (X, Y, Z))
        self.chosen: list[list[int]] = []
        self.rests: dict[tuple[int, int], int] = {}
        self.contact: dict[tuple[int, int], int] = {}
        self.overlaps: list[tuple[int, int, int, int]] = []
        self.loaded_by: list[list[list[int]]] = []
        self._relations: dict[tuple[int, int, int, int], int | None] = {}
        for item in items:
            self._place(item)

    def _place(self, item: Item) -> None:
        program, ways = self.program, item.ways
        if len(ways) == 2:
            second = program.boolean()
            literals = [-1 - second, second]
        else:
            literals = [program.boolean() for _ in ways] if len(ways) > 1 else []
        if len(ways) > 2:
            program.exactly_one(literals)
        self.chosen.append(literals)
        for axis in (X, Y, Z):
            base, terms = self.by_way(literals, [way.edges[axis] for way in ways])
            free = self.room[axis] - min(way.edges[axis] for way in ways)
            low, high = 0, free
            if item.fixed:
                entry = ways[0].placement
                at = (entry.x_mm, entry.y_mm, entry.z_mm)[axis]
                low, high = max(at, 0), min(at, free)
            start = program.variable(low, high)
            if terms:
                program.linear([(1, start), *terms], high=self.room[axis] - base)
            self.starts[axis].append(start)
            self.sizes[axis].append(base)
            self.turns[axis].append(terms)

    @staticmethod
    def by_way(literals: Sequence[int], amounts: Sequence[int]) -> tuple[int, list[Term]]:
        """An amount that depends on the way to stand: a constant and terms."""
        if len(set(amounts)) == 1:
            return amounts[0], []
        if len(amounts) == 2:
            return amounts[0], [(amounts[1] - amounts[0], literals[1])]
        return 0, list(zip(amounts, literals, strict=True))

    def end(self, axis: int, item: int, sign: int = 1) -> list[Term]:
        """Terms of where an item ends along an axis, without the constant ``sizes[axis][item]``."""
        start = (sign, self.starts[axis][item])
        turns = self.turns[axis][item]
        return [start, *((sign * amount, literal) for amount, literal in turns)] if turns else [start]

    def before(self, axis: int, one: int, other: int, gap: int = 0) -> int | None:
        """Literal: ``one`` ends at least ``gap`` before ``other`` begins along an axis; None: it cannot."""
        key = (axis, one, other, gap)
        known = self._relations.get(key, UNKNOWN)
        if known == UNKNOWN:
            known = self._relations[key] = self._relation(axis, one, other, gap)
        return known

    def _relation(self, axis: int, one: int, other: int, gap: int) -> int | None:
        if self.least[axis][one] + self.least[axis][other] + gap > self.room[axis]:
            return None
        literal = self.program.boolean()
        terms = [*self.end(axis, one), (-1, self.starts[axis][other])]
        self.program.linear(terms, high=-gap - self.sizes[axis][one], when=(literal,))
        if gap:
            weaker = self.before(axis, one, other)
            if weaker is not None:
                self.program.clause((-1 - literal, weaker))
        return literal

    def forbid(self, axis: int, one: int, other: int) -> None:
        """``one`` need not be looked for before ``other``: a symmetric answer has them the other way round."""
        self._relations[axis, one, other, 0] = None

    def some(self, *literals: int | None) -> None:
        """At least one holds."""
        self.program.clause([literal for literal in literals if literal is not None])

    def beside(self, axis: int, one: int, other: int) -> tuple[int | None, int | None]:
        """Literals: ``one`` before ``other`` along an axis, and the reverse."""
        return self.before(axis, one, other), self.before(axis, other, one)

    def read(self, values: Sequence[int]) -> tuple[list[Spot], list[Way]]:
        """Where all items stand in a solution, and in which of their ways."""
        spots, ways = [], []
        for number, item in enumerate(self.items):
            index = 0
            for other, literal in enumerate(self.chosen[number]):
                if (values[literal] if literal >= 0 else 1 - values[-1 - literal]) == 1:
                    index = other
            x, y, z = (values[self.starts[axis][number]] for axis in (X, Y, Z))
            spots.append(Spot(x, y, z, *item.ways[index].edges))
            ways.append(item.ways[index])
        return spots, ways


def separate(model: Model) -> None:
    """Nothing overlaps, and nothing stands on what does not bear it."""
    for one, other in combinations(range(len(model.items)), 2):
        first, second = model.items[one], model.items[other]
        if not together(first, second):
            continue
        level = (*model.beside(X, one, other), *model.beside(Y, one, other))
        model.some(*level, *model.beside(Z, one, other))
        for upper, lower in ((one, other), (other, one)):
            if not bears(model.items[lower], model.items[upper]) and model.before(Z, lower, upper) is not None:
                model.some(*level, model.before(Z, upper, lower), model.before(Z, lower, upper, 1))


def clear(model: Model, door: Door, item: int, other: int, unless: Sequence[int] = ()) -> None:
    """``other`` is not in the way of ``item`` to a door, where none of ``unless`` holds."""
    if door.side is Side.REAR:
        free = [model.before(X, other, item), *model.beside(Y, item, other)]
    else:
        ends = (item, other) if door.side is Side.LEFT else (other, item)
        free = [model.before(Y, *ends), *model.beside(X, item, other)]
    model.some(*free, *model.beside(Z, item, other), *unless)


def not_above(model: Model, item: int, other: int, unless: Sequence[int] = ()) -> None:
    """``other`` stands nowhere above ``item``."""
    level = (*model.beside(X, item, other), *model.beside(Y, item, other))
    model.some(*level, model.before(Z, other, item), *unless)


def give_access(model: Model) -> None:
    """Each item's way is free of what other stops have on board, and of fixed units when it is loaded."""
    items = model.items
    if not model.hold.doors:
        return
    for number, item in enumerate(items):
        for load in (True, False):
            stop = item.since if load else item.until
            there = [
                other
                for other, unit in enumerate(items)
                if unit.since < stop < unit.until or (load and unit.since == stop and unit.fixed and not item.fixed)
            ]
            for other in there:
                not_above(model, number, other)
            choices = door_choice(model, number)
            if load:
                model.loaded_by.append(choices)
            for door, unless in zip(model.hold.doors, choices, strict=True):
                for other in there:
                    clear(model, door, number, other, unless)


def door_choice(model: Model, item: int) -> list[list[int]]:
    """One of the doors is taken by an item that lies behind it; a literal against each, none where there is one."""
    choices: list[list[int]] = []
    for door in model.hold.doors:
        literal = model.program.boolean() if len(model.hold.doors) > 1 else None
        when = () if literal is None else (literal,)
        if door.side is not Side.REAR:
            end = model.room[X] if door.to_mm is None else door.to_mm
            model.program.linear([(1, model.starts[X][item])], low=door.from_mm, when=when)
            model.program.linear(model.end(X, item), high=end - model.sizes[X][item], when=when)
        choices.append([] if literal is None else [-1 - literal])
    if len(choices) > 1:
        model.program.clause([-1 - literal for (literal,) in choices])
    return choices


def fill_levels(model: Model) -> None:
    """At no height is more base than floor; follows from the rest, but is seen sooner."""
    crowds = [aboard(model.items, stop) for stop in moments(model.items)]
    program = model.program
    for numbers in {tuple(crowd) for crowd in crowds if not any(set(crowd) < set(other) for other in crowds)}:
        stretches, demands = [], []
        for number in numbers:
            for index, way in enumerate(model.items[number].ways):
                when = model.chosen[number][index : index + 1]
                if when and len({other.edges[Z] for other in model.items[number].ways}) == 1:
                    if index:
                        continue
                    when = []
                stretches.append(program.stretch(model.starts[Z][number], way.edges[Z], when))
                demands.append(way.edges[X] * way.edges[Y])
        if numbers:
            program.busy(stretches, demands, model.room[X] * model.room[Y])


def break_symmetry(model: Model, *, x_free: bool, y_free: bool) -> None:
    """
    One answer of several that differ in nothing that is asked: alike units in the order of x, mirrored halves.

    ``x_free``, ``y_free``: nothing tells the two ends of x, or of y, apart.
    """
    items, program = model.items, model.program
    last: dict[object, int] = {}
    for number, item in enumerate(items):
        if item.fixed:
            continue
        unit = item.unit
        edges = frozenset(way.edges for way in item.ways)
        kind = (edges, unit.on_top, unit.bearing_max_g, unit.weight_g, unit.floor_only, item.since, item.until)
        if kind in last:
            program.linear([(1, model.starts[X][last[kind]]), (-1, model.starts[X][number])], high=0)
            model.forbid(X, number, last[kind])
        last[kind] = number
    if any(item.fixed for item in items):
        return
    largest = max(range(len(items)), key=lambda number: model.most[X][number] * model.most[Y][number])
    for axis, free in ((Y, y_free), (X, x_free and len(last) == len(items))):
        if free:
            terms = [*model.end(axis, largest), (1, model.starts[axis][largest])]
            program.linear(terms, high=model.room[axis] - model.sizes[axis][largest])
