"""What rests on what, as part of a load's constraint program: support, weight borne, axles, the order of loading."""

from collections.abc import Sequence
from itertools import combinations

from solver.goods import Hold
from solver.packing.exact_items import Balance, Item, aboard, bears, together
from solver.packing.exact_model import Model, X, Y, Z, clear, not_above

MASS_SCALE = 1_000_000
"""Parts of a gram in which weights borne are counted, where the numbers leave room for it."""
PRODUCT_MAX = 1 << 59
"""What all products of weights and areas may come to together."""


def may_rest(hold: Hold, upper: Item, lower: Item) -> bool:
    """
    Whether one item may stand directly on another.

    With doors what is below comes first and leaves last: it would be blocked by what is above it otherwise.
    """
    if not together(upper, lower) or upper.unit.floor_only or not bears(lower, upper):
        return False
    return not hold.doors or (lower.since <= upper.since and upper.until <= lower.until)


def add_rests(model: Model) -> None:
    """Literals ``rests[upper, lower]`` with the area of contact: at most the true one where a literal holds, else 0."""
    program = model.program
    for pair in combinations(range(len(model.items)), 2):
        for upper, lower in (pair, pair[::-1]):
            if not may_rest(model.hold, model.items[upper], model.items[lower]):
                continue
            above = model.before(Z, lower, upper)
            if above is None:
                continue
            rests = program.boolean()
            program.clause((-1 - rests, above))
            terms = [(1, model.starts[Z][upper]), *model.end(Z, lower, -1)]
            size = model.sizes[Z][lower]
            program.linear(terms, size, size, (rests,))
            along, across = (_overlap(model, axis, upper, lower, rests) for axis in (X, Y))
            area = program.product(0, _widest(model, X, *pair) * _widest(model, Y, *pair), (along, across))
            model.rests[upper, lower] = rests
            model.contact[upper, lower] = area
            model.overlaps.append((upper, lower, along, across))


def _widest(model: Model, axis: int, one: int, other: int) -> int:
    return min(model.most[axis][one], model.most[axis][other])


def _overlap(model: Model, axis: int, one: int, other: int, rests: int) -> int:
    """How far two items overlap along an axis, at most; 0 where neither rests on the other."""
    program = model.program
    shared = program.variable(0, _widest(model, axis, one, other))
    for begin, end in ((one, other), (other, one)):
        terms = [(1, shared), (1, model.starts[axis][begin]), *model.end(axis, end, -1)]
        program.linear(terms, high=model.sizes[axis][end], when=(rests,))
        if model.turns[axis][begin]:
            turns = [(-amount, literal) for amount, literal in model.turns[axis][begin]]
            program.linear([(1, shared), *turns], high=model.sizes[axis][begin])
    program.linear([(1, shared)], low=1, when=(rests,))
    program.linear([(1, shared)], high=0, when=(-1 - rests,))
    return shared


def support(model: Model) -> None:
    """Enough of each base rests on the floor or on tops, as long as the item is on board."""
    for upper, item in enumerate(model.items):
        start = model.starts[Z][upper]
        if item.unit.floor_only:
            model.program.linear([(1, start)], high=0)
            continue
        if model.hold.support_percent <= 0:
            continue
        lower = [other for other in range(len(model.items)) if (upper, other) in model.rests]
        floor = model.program.boolean()
        model.program.linear([(1, start)], high=0, when=(floor,))
        literals = [way.edges[X] * way.edges[Y] for way in item.ways]
        base, turns = model.by_way(model.chosen[upper], literals)
        percent = model.hold.support_percent
        for group in _at_all_times(model.items, upper, lower):
            model.program.clause([floor, *(model.rests[upper, other] for other in group)])
            terms = [*((100, model.contact[upper, other]) for other in group)]
            terms += [(-percent * amount, literal) for amount, literal in turns]
            if terms:
                model.program.linear(terms, low=percent * base, when=(-1 - floor,))


def _at_all_times(items: Sequence[Item], upper: int, lower: Sequence[int]) -> set[tuple[int, ...]]:
    """Which of ``lower`` are on board together, at each time; times with more on board than another are left out."""
    item = items[upper]
    stops = {item.since, *(stop for other in lower for stop in (items[other].since, items[other].until))}
    groups = {
        tuple(other for other in lower if items[other].since <= stop < items[other].until)
        for stop in stops
        if item.since <= stop < item.until
    }
    return {group for group in groups if not any(set(other) < set(group) for other in groups)}


def balance(model: Model, balances: Sequence[Balance]) -> None:
    """Every axle's load is within its limits."""
    for numbers, low, high in balances:
        terms, constant = [], 0
        for number in numbers:
            weight_g = model.items[number].unit.weight_g
            constant += weight_g * model.sizes[X][number]
            terms.append((2 * weight_g, model.starts[X][number]))
            terms += [(weight_g * amount, literal) for amount, literal in model.turns[X][number]]
        if low is not None and terms:
            model.program.linear(terms, low=low - constant)
        if high is not None and terms:
            model.program.linear(terms, high=high - constant)


def order_loading(model: Model) -> None:
    """Some order in which the items of each stop come in, every one past those before it."""
    items, doors = model.items, model.hold.doors
    if not doors:
        return
    ranks = [model.program.variable(0, len(items) - 1) for _ in items]
    for one, other in combinations(range(len(items)), 2):
        if items[one].since != items[other].since or items[one].fixed != items[other].fixed:
            continue
        first = model.program.boolean()
        for early, late, when in ((one, other, first), (other, one, -1 - first)):
            model.program.linear([(1, ranks[early]), (-1, ranks[late])], high=-1, when=(when,))
            not_above(model, late, early, (-1 - when,))
            for door, unless in zip(doors, model.loaded_by[late], strict=True):
                clear(model, door, late, early, (*unless, -1 - when))


def limit_borne(model: Model, *, strict: bool) -> None:
    """
    No item bears more than it may, within rounding.

    Weights are counted in parts of a gram. Each part that goes from one item to another is rounded once: without
    ``strict`` nothing is lost that keeps the limits (what is found may break them by the rounding), with it whatever is
    found keeps them.
    """
    items = model.items
    if all(item.unit.bearing_max_g is None for item in items):
        return
    _true_contact(model)
    stops = {item.since for item in items}
    for stop in stops:
        _flows(model, aboard(items, stop), PRODUCT_MAX // len(stops), strict=strict)


def _true_contact(model: Model) -> None:
    """Contact is what it is: never less, and known wherever it is."""
    program = model.program
    for upper, lower, along, across in model.overlaps:
        rests = model.rests[upper, lower]
        level = (*model.beside(X, upper, lower), *model.beside(Y, upper, lower))
        model.some(rests, *level, model.before(Z, upper, lower), model.before(Z, lower, upper, 1))
        for axis, shared in ((X, along), (Y, across)):
            reasons = []
            for begin in (upper, lower):
                for end in (upper, lower):
                    reason = program.boolean()
                    terms = [(1, shared), (1, model.starts[axis][begin]), *model.end(axis, end, -1)]
                    if begin == end:
                        turns = [(-amount, literal) for amount, literal in model.turns[axis][end]]
                        terms = [(1, shared), *turns]
                    program.linear(terms, low=model.sizes[axis][end], when=(reason,))
                    reasons.append(reason)
            program.clause([-1 - rests, *reasons])


def _flows(model: Model, numbers: Sequence[int], product_max: int, *, strict: bool) -> None:
    """Weight goes from each item to those that it rests on, in proportion to the areas of contact."""
    program, items, many = model.program, model.items, len(numbers)
    weight_g = sum(items[number].unit.weight_g for number in numbers)
    base = max((model.most[X][number] * model.most[Y][number] for number in numbers), default=1)
    pairs = [pair for pair in model.rests if pair[0] in numbers and pair[1] in numbers]
    scale = max(1, min(MASS_SCALE, product_max // (2 * max(1, len(pairs)) * base * max(1, weight_g))))
    most = scale * weight_g + many**3
    flows = {pair: program.variable(0, most) for pair in pairs}
    for upper in numbers:
        under = [pair for pair in pairs if pair[0] == upper]
        if not under:
            continue
        total, contact = program.variable(0, most), program.variable(0, base)
        terms = [(1, flows[pair]) for pair in pairs if pair[1] == upper]
        own = scale * items[upper].unit.weight_g
        program.linear([(-1, total), *terms], -own, -own)
        program.linear([(-1, contact), *((1, model.contact[pair]) for pair in under)], 0, 0)
        for pair in under:
            given = program.product(0, most * base, [flows[pair], contact])
            due = program.product(0, most * base, [total, model.contact[pair]])
            program.linear([(1, given), (-1, due), (-many, contact)], high=0)
            program.linear([(1, due), (-1, given), (-many, contact)], high=0)
            program.linear([(1, flows[pair])], high=0, when=(-1 - model.rests[pair],))
    slack = -(many**3) if strict else many
    for lower in numbers:
        limit_g = items[lower].unit.bearing_max_g
        above = [flows[pair] for pair in pairs if pair[1] == lower]
        if limit_g is not None and above:
            program.linear([(1, flow) for flow in above], high=scale * limit_g + slack)
