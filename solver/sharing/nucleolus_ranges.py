"""
How far nucleolus shares can be off while coalition costs are intervals, and whose proof would tell.

Where the formula of ``solver.sharing.binding`` holds for all costs within the intervals, ranges are those of a linear
function: nothing at all where the binding coalitions are proven. Else they are bounds from outside.
"""

import numpy as np

from solver.shares import Rule
from solver.sharing.binding import Binding, Ints, binding, reach, tolerance_of
from solver.sharing.extremes import extremes
from solver.sharing.game import Bools, Floats, Game, floats, sums
from solver.sharing.lp import LpError
from solver.sharing.nucleolus import exact_nucleolus, exact_per_capita, exact_proportional_nucleolus
from solver.sharing.regions import TooManyError, region_ranges

Range = tuple[float, float]
SETTLED = {
    Rule.NUCLEOLUS: exact_nucleolus,
    Rule.PER_CAPITA_NUCLEOLUS: exact_per_capita,
    Rule.PROPORTIONAL_NUCLEOLUS: exact_proportional_nucleolus,
}


def sizes(rule: Rule, cost: Floats) -> Floats:
    """What a rule divides excesses by, shape ``(2**n,)``, positive: 1, the number of players, or the cost."""
    if rule is Rule.PROPORTIONAL_NUCLEOLUS:
        return np.asarray(np.maximum(cost, 1.0))
    if rule is Rule.PER_CAPITA_NUCLEOLUS:
        return np.asarray(np.maximum(np.bitwise_count(np.arange(len(cost))), 1), dtype=np.float64)
    return np.ones(len(cost))


def nucleolus_ranges(game: Game, rule: Rule, shares: Floats) -> list[Range]:
    """
    Ranges that hold every nucleolus of the games whose costs lie within the intervals, the bill as it is.

    Games in which everybody together costs more than all alone have no nucleolus and are left out.

    *Where the formula holds.* Costs c' within the intervals give shares x' by the formula, and levels of excess. If no
    coalition gets ahead of the level at which it is settled, no level ahead of the one before and nobody above its cost
    alone, then all coalitions with an excess of at least some number are settled by the levels of at least that number,
    and the weights that balanced each level still do. This is Kohlberg's criterion: x' is the nucleolus of c'.

    *Where other formulas hold for other costs,* the intervals are cut into regions with one each (``regions``), unless
    there are too many of them. Then a bound from outside is left:

    *Where it holds for the first p levels only.* Those are settled as the formula says, since x' attains what their
    weights prove to be the least. The next level is the least that the largest excess of the other coalitions can be;
    by the formula that is at most some e, so in the nucleolus of c' each of them pays at most its cost and e. With
    p = 0 any split that leaves nobody worse off under c' gives such an e. So does the nucleolus of the lower bounds,
    with its largest excess there: nobody pays more than its lower bound alone, and under c' no excess is larger.

    Parameters
    ----------
    rule
        One of ``SETTLED``.
    shares
        By that rule on the uppers, shape ``(n,)``.
    """
    width = game.cost - game.lower
    width[-1] = 0.0
    if game.n < 2 or not width.any():
        return [(float(share), float(share)) for share in shares]
    size = sizes(rule, game.cost)
    bound = binding(game, shares, size)
    sure = 0 if bound is None else _sure(game, rule, bound, width)
    if bound is not None and sure == len(bound.levels):
        reached = reach(game, bound, width)
        singles = 1 << np.arange(game.n)
        ranges = list(zip(reached.low[singles].tolist(), reached.high[singles].tolist(), strict=True))
    else:
        ranges = _by_region(game, rule, shares, width) or extremes(
            float(game.cost[-1]), _most(game, rule, bound, width, sure)
        )
    return [(min(low, float(x)), max(high, float(x))) for (low, high), x in zip(ranges, shares, strict=True)]


def _by_region(game: Game, rule: Rule, shares: Floats, width: Floats) -> list[Range] | None:
    """Exact ranges where sizes do not move with costs and every game within the intervals has a nucleolus."""
    if rule is Rule.PROPORTIONAL_NUCLEOLUS or game.lower[1 << np.arange(game.n)].sum() < game.cost[-1]:
        return None
    try:
        return region_ranges(game, shares, sizes(rule, game.cost), lambda one: floats(SETTLED[rule](one).shares), width)
    except (LpError, TooManyError):  # a bound from outside does without
        return None


def _sure(game: Game, rule: Rule, bound: Binding, width: Floats) -> int:
    """How many levels, from the first, are as the formula says for all costs within the intervals."""
    by_cost = rule is Rule.PROPORTIONAL_NUCLEOLUS
    if by_cost and width[bound.masks].any():
        return 0
    for sure in range(len(bound.levels), 0, -1):
        reached = reach(game, bound, width, sure - 1)
        ahead = reached.ahead + _shrunk(game, rule, bound, sure - 1)
        worst = np.max(np.concatenate([ahead, reached.above, reached.crossing[: sure - 1]]))
        if worst <= tolerance_of(game):
            return sure
    return 0


def _shrunk(game: Game, rule: Rule, bound: Binding, level_max: int | None = None) -> Floats:
    """What coalitions gain on a positive level when their size falls with their cost; 0 for sizes that stay."""
    if rule is not Rule.PROPORTIONAL_NUCLEOLUS:
        return np.zeros(len(game.cost))
    level = bound.levels[np.clip(bound.entry, 0, level_max)]
    return np.where(bound.entry < 0, 0.0, np.maximum(level, 0.0) * (bound.size - sizes(rule, game.lower)))


def _most(game: Game, rule: Rule, bound: Binding | None, width: Floats, sure: int) -> Floats:
    """The most that each coalition can pay in the nucleolus of any game within the intervals."""
    level = level_of_lower(game, rule)
    most = np.full(len(game.cost), np.inf)
    later = np.ones(len(game.cost), dtype=np.bool_)
    if bound is not None:
        later = bound.entry >= sure
        level = min(level, _level_by_formula(game, rule, bound, width, later))
        most[~later] = reach(game, bound, width).high[~later]
    if level < np.inf:
        level = max(level, -1.0) if rule is Rule.PROPORTIONAL_NUCLEOLUS else level
        most[later] = (game.cost + level * sizes(rule, game.cost))[later]
    singles = 1 << np.arange(game.n)
    most[singles] = np.minimum(most[singles], game.stand_alone)
    return most


def _level_by_formula(game: Game, rule: Rule, bound: Binding, width: Floats, later: Bools) -> float:
    """The most that the largest excess per size among later coalitions can be, as the formula attains it."""
    paid = sums(bound.shares)
    if rule is Rule.PROPORTIONAL_NUCLEOLUS:
        if width[bound.masks].any() or (paid < 0).any() or (bound.shares > game.lower[1 << np.arange(game.n)]).any():
            return np.inf
        return float(np.max(((paid - game.lower) / sizes(rule, game.lower))[later]))
    flat = bound._replace(levels=0.0 * bound.levels, levels_by_cost=0.0 * bound.levels_by_cost)
    reached = reach(game, flat, width)
    if (reached.above > tolerance_of(game)).any():
        return np.inf
    return float(np.max((reached.ahead / bound.size)[later]))


def level_of_lower(game: Game, rule: Rule) -> float:
    """The largest excess per size that the rule leaves under the lower bounds; ``inf`` where it says nothing there."""
    lower = np.array(game.lower)
    lower[-1] = game.cost[-1]
    if lower[1 << np.arange(game.n)].sum() < lower[-1]:
        return np.inf
    paid = sums(floats(SETTLED[rule](Game(game.players, lower)).shares))
    if rule is Rule.PROPORTIONAL_NUCLEOLUS and (paid < 0).any():
        return np.inf
    return float(np.max(((paid - lower) / sizes(rule, lower))[1:-1]))


def nucleolus_effort(game: Game, rule: Rule, shares: Floats) -> Ints:
    """
    Open coalitions whose proof can narrow the ranges, the most useful first, int64.

    First those that stand in the way by themselves: binding ones, and those whose lower bound would put them ahead of
    the level at which they are settled (or a player above its cost alone), by how much. Then those that do so only
    together with what binding coalitions may do. All open ones, widest first, where shares are not the nucleolus.
    """
    width = game.cost - game.lower
    width[-1] = 0.0
    bound = binding(game, shares, sizes(rule, game.cost)) if game.n > 1 else None
    if bound is None:
        return falling(width, width > 0)
    still = width.copy()
    still[bound.masks] = 0.0
    alone = _in_the_way(game, rule, bound, still)
    alone[bound.masks] = width[bound.masks]
    together = np.minimum(_in_the_way(game, rule, bound, width), width)
    tolerance = tolerance_of(game)
    first = (width > 0) & (alone > tolerance)
    second = (width > 0) & ~first & (together > tolerance)
    return np.concatenate([falling(alone, first), falling(together, second)])


def _in_the_way(game: Game, rule: Rule, bound: Binding, width: Floats) -> Floats:
    reached = reach(game, bound, width)
    ahead = reached.ahead + _shrunk(game, rule, bound)
    singles = 1 << np.arange(game.n)
    ahead[singles] = np.maximum(ahead[singles], reached.above)
    return ahead


def falling(usefulness: Floats, wanted: Bools) -> Ints:
    """The wanted masks by falling usefulness, ties by mask."""
    masks = np.flatnonzero(wanted)
    return np.asarray(masks[np.argsort(-usefulness[masks], kind="stable")], dtype=np.int64)
