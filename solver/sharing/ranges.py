"""
How far each share can be off while coalition costs are intervals, and whose proof would tell.

A split is made on the uppers. The true costs lie anywhere between lowers and uppers, the bill is what it is: a range
holds what the rule says of every such game, before rounding. No range says more than that.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from solver.shares import Rule
from solver.sharing.binding import Ints, tolerance_of
from solver.sharing.extremes import extremes
from solver.sharing.few_ranges import acam_ranges, beyond, proportional_ranges, tau_ranges
from solver.sharing.game import Bools, Floats, Game, sums
from solver.sharing.joining import owen_chances, shapley_chances, spread, weight_of, weighted_chances
from solver.sharing.nucleolus_ranges import SETTLED, Range, falling, level_of_lower, nucleolus_effort, nucleolus_ranges

RATIONAL = frozenset({*SETTLED, Rule.EQUAL_PROFIT})
"""Rules that have an answer only where everybody together costs no more than all alone."""

KEYS = frozenset({Rule.WEIGHT, Rule.VOLUME, Rule.PALLET_KM, Rule.TONNE_KM, Rule.ORDERS})
"""Rules that look at no coalition's cost but the bill."""


def share_ranges(
    game: Game,
    rule: Rule,
    exact: Sequence[float],
    *,
    weights: Sequence[float] | None = None,
    unions: Sequence[Sequence[int]] = (),
    keys: Mapping[str, int] | None = None,
) -> list[Range]:
    """
    Each share's guaranteed range.

    - Shapley, weighted Shapley, Owen: exact, as shares are linear in costs.
    - Nucleoli: exact while the binding coalitions stay the same, of no width where they are proven; else a bound from
      outside (``solver.sharing.nucleolus_ranges``).
    - Proportional: exact. Keys: no width, as no coalition's cost enters.
    - ACAM: exact where what each adds and saves stays sensible throughout; else, like the tau value, a bound from
      outside by interval arithmetic on the few numbers that enter.
    - Equal profit: a bound from outside, all that keeps to the core or comes as close to it as can be proven.

    Games for which a rule has no answer are left out. Where everybody together costs more than all alone for certain,
    rules that keep everybody at or below its cost alone have none at all: the range is then that of the proportional
    split, which takes their place.

    Parameters
    ----------
    game
        With lower bounds.
    rule
        Which.
    exact
        The rule's split of the uppers before rounding, by player, minor units.
    weights, unions, keys
        As the rule was given them: weights by player; unions of players' numbers; keys, which make no difference here.

    Returns
    -------
    list of (low, high)
        By player, minor units, ``low <= exact <= high``.

    Raises
    ------
    LpError
        When a linear program of a bound from outside is not solved.
    """
    shares = [float(share) for share in exact]
    width = _width(game)
    if not width.any() or rule in KEYS:
        return [(share, share) for share in shares]
    if rule in RATIONAL and game.cost[-1] > game.stand_alone.sum():
        rule = Rule.PROPORTIONAL
    chances = _chances(game, rule, weights, unions)
    if chances is not None:
        found = [(x - down, x + up) for x, (down, up) in zip(shares, spread(chances(), width), strict=True)]
    elif rule in SETTLED:
        found = nucleolus_ranges(game, rule, np.array(shares))
    else:
        found = OTHERS[rule](game)
    return [(min(low, x), max(high, x)) for (low, high), x in zip(found, shares, strict=True)]


def effort(
    game: Game,
    rule: Rule,
    exact: Sequence[float] | None = None,
    *,
    weights: Sequence[float] | None = None,
    unions: Sequence[Sequence[int]] = (),
) -> Ints:
    """
    Open coalitions whose proof can matter, the most useful first, int64.

    First what narrows ranges: for Shapley and its kin by weight times interval, for nucleoli those that bind or stand
    in the way, for others those whose costs enter. Then, where shares are known, those that keep the verdict open, by
    what they might gain.

    Parameters
    ----------
    exact
        The split of the uppers, by player; computed for nucleoli where it is left out.
    game, rule, weights, unions
        As in ``share_ranges``.
    """
    width = _width(game)
    if rule in RATIONAL and game.cost[-1] > game.stand_alone.sum():
        rule, exact = Rule.PROPORTIONAL, None
    if exact is None and rule in SETTLED:
        exact = [float(share) for share in SETTLED[rule](game).shares]
    shares = None if exact is None else np.array([float(share) for share in exact])
    chances = _chances(game, rule, weights, unions)
    if chances is not None:
        first = falling(weight_of(chances(), game.n) * width, width > 0)
    elif rule in SETTLED and shares is not None:
        first = nucleolus_effort(game, rule, shares)
    else:
        first = falling(width, (width > 0) & _entering(game, rule, shares))
    if shares is None:
        return first
    gain = sums(shares) - game.lower
    unsettled = (width > 0) & (gain > max(game.n - 1, tolerance_of(game)))
    unsettled[first] = False
    return np.concatenate([first, falling(gain, unsettled)])


def _width(game: Game) -> Floats:
    """How far each coalition's cost may fall; the bill stands."""
    width = game.cost - game.lower
    width[-1] = 0.0
    return np.asarray(width)


def _chances(
    game: Game, rule: Rule, weights: Sequence[float] | None, unions: Sequence[Sequence[int]]
) -> Callable[[], Iterator[Floats]] | None:
    """The chances of orders of joining, for rules that average over them (ACAM is one with two players)."""
    if rule is Rule.SHAPLEY or (rule is Rule.ACAM and game.n == 2):
        return lambda: shapley_chances(game.n)
    if rule is Rule.WEIGHTED_SHAPLEY:
        return lambda: weighted_chances([1.0] * game.n if weights is None else weights)
    if rule is Rule.OWEN:
        return lambda: owen_chances(game.n, unions or [[player] for player in range(game.n)])
    return None


def _entering(game: Game, rule: Rule, shares: Floats | None) -> Bools:
    """Coalitions whose cost may enter a rule that takes only some of them."""
    masks = np.arange(len(game.cost))
    sizes = np.bitwise_count(masks)
    single = sizes == 1
    if rule is Rule.PROPORTIONAL:
        return np.asarray(single)
    if rule is Rule.ACAM:
        return np.asarray(single | (sizes == game.n - 1))
    if rule is Rule.TAU:
        low, high = beyond(game)
        nearest = np.array([high[masks >> player & 1 == 1].min() for player in range(game.n)])
        might = [(masks >> player & 1 == 1) & (low < nearest[player]) for player in range(game.n)]
        return np.asarray(np.any(might, axis=0) | (sizes == game.n - 1)) if might else single
    if rule is Rule.EQUAL_PROFIT and shares is not None:
        return np.asarray(single | (sums(shares) - game.lower > max(0.0, game.excess_max(shares))))
    return np.zeros(len(masks), dtype=np.bool_)


def _equal_profit(game: Game) -> list[Range]:
    """
    All splits within the core, or as far beyond it as the lower bounds could make the least core be.

    How far the least core lies beyond it can only grow when costs fall: every excess does, and fewer splits leave
    nobody worse off. What the nucleolus of the lower bounds leaves is therefore enough.
    """
    level = max(0.0, level_of_lower(game, Rule.NUCLEOLUS))
    singles = 1 << np.arange(game.n)
    most = game.cost + level
    most[singles] = game.stand_alone
    return extremes(float(game.cost[-1]), most)


OTHERS: dict[Rule, Callable[[Game], list[Range]]] = {
    Rule.EQUAL_PROFIT: _equal_profit,
    Rule.TAU: tau_ranges,
    Rule.ACAM: acam_ranges,
    Rule.PROPORTIONAL: proportional_ranges,
}
