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
from solver.sharing.few_ranges import acam_ranges, always_quasi_balanced, beyond, proportional_ranges, tau_ranges
from solver.sharing.game import Bools, Floats, Game, sums
from solver.sharing.joining import owen_chances, shapley_chances, spread, weight_of, weighted_chances
from solver.sharing.nucleolus_ranges import SETTLED, Range, falling, level_of_lower, nucleolus_effort, nucleolus_ranges

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
    repaired: bool = False,
) -> list[Range]:
    """
    Each share's guaranteed range: what ``solver.sharing.rules.split`` says of any game within the intervals.

    - Shapley, weighted Shapley, Owen: exact, as shares are linear in costs.
    - Nucleoli: exact while the binding coalitions stay the same, of no width where they are proven; else a bound from
      outside (``solver.sharing.nucleolus_ranges``).
    - Proportional: exact. Keys: no width, as no coalition's cost enters.
    - ACAM: exact where what each adds and saves stays sensible throughout; else, like the tau value, a bound from
      outside by interval arithmetic on the few numbers that enter. Where some game within the intervals may have no tau
      value, the range holds both.
    - Equal profit: a bound from outside, all that keeps to the core or comes as close to it as can be proven.

    Where everybody together may cost more than all alone, ranges hold the proportional split too, which takes the place
    of any rule then; where that is certain, nothing else.

    Parameters
    ----------
    game
        With lower bounds.
    rule
        What was asked for.
    exact
        Its split of the uppers before rounding and before any repair, by player, minor units.
    weights, unions, keys
        As the rule was given them: weights by player; unions of players' numbers; keys by name.
    repaired
        Whether what a rule asks somebody for beyond its cost alone is handed to the others.

    Returns
    -------
    list of (low, high)
        By player, minor units, ``low <= exact <= high`` where nothing is repaired.

    Raises
    ------
    LpError
        When a linear program of a bound from outside is not solved.
    """
    shares = [float(share) for share in exact]
    width = _width(game)
    alone = (game.lower[1 << np.arange(game.n)], game.stand_alone)
    if rule in KEYS and keys is not None and not any(keys.values()):
        rule = Rule.PROPORTIONAL
    if game.cost[-1] > alone[1].sum():
        rule, repaired = Rule.PROPORTIONAL, False
    still = rule in KEYS or not width.any()
    found = [(share, share) for share in shares] if still else _within(game, rule, shares, weights, unions)
    if repaired:
        found = _mended(found, *alone)
    if game.cost[-1] > alone[0].sum():
        found = _either(found, proportional_ranges(game))
    return found if repaired else _either(found, list(zip(shares, shares, strict=True)))


def _within(
    game: Game, rule: Rule, shares: Sequence[float], weights: Sequence[float] | None, unions: Sequence[Sequence[int]]
) -> list[Range]:
    """
    Without those who add nothing to any coalition: they pay nothing, and must not weigh in what the others pay.

    Who adds nothing under the uppers but maybe something under other costs is counted both ways.
    """
    idle = _adds_nothing(game.cost) if rule is not Rule.PROPORTIONAL else set()
    surely = idle & _adds_nothing(game.lower)
    found = None
    for out in {frozenset(surely), frozenset(idle)}:
        stay = [player for player in range(game.n) if player not in out]
        place = {player: number for number, player in enumerate(stay)}
        few = _among(game, stay)
        chances = _chances(
            few,
            rule,
            None if weights is None else [weights[player] for player in stay],
            [[place[player] for player in union if player in place] for union in unions],
        )
        paid = [shares[player] for player in stay]
        if not _width(few).any():
            part = [(share, share) for share in paid]
        elif chances is not None:
            falls = spread(chances(), _width(few))
            part = [(x - down, x + up) for x, (down, up) in zip(paid, falls, strict=True)]
        else:
            part = nucleolus_ranges(few, rule, np.array(paid)) if rule in SETTLED else OTHERS[rule](few)
        whole = [part[place[player]] if player in place else (0.0, 0.0) for player in range(game.n)]
        found = whole if found is None else _either(found, whole)
    return found or []


def _mended(found: Sequence[Range], low: Floats, high: Floats) -> list[Range]:
    """
    After nobody pays more than alone, and what that leaves over is with the others.

    Who paid more pays its cost alone; who paid less pays no less, at most its cost alone, and at most all that is left
    over on top.
    """
    over = sum(max(0.0, most - float(alone)) for (_, most), alone in zip(found, low, strict=True))
    if not over:
        return list(found)
    return [
        (min(least, float(one)), min(most + over, float(other)))
        for (least, most), one, other in zip(found, low, high, strict=True)
    ]


def _either(one: Sequence[Range], other: Sequence[Range]) -> list[Range]:
    return [(min(a, c), max(b, d)) for (a, b), (c, d) in zip(one, other, strict=True)]


def _adds_nothing(cost: Floats) -> set[int]:
    """Players with whom every coalition costs what it costs without them."""
    n = (len(cost) - 1).bit_length()
    pairs = [cost.reshape(-1, 2, 2**player) for player in range(n)]
    return {player for player, pair in enumerate(pairs) if np.array_equal(pair[:, 0], pair[:, 1])}


def _among(game: Game, players: Sequence[int]) -> Game:
    """The game between some of the players, the bill as it is."""
    masks = np.zeros(1, dtype=np.int64)
    for player in players:
        masks = np.concatenate([masks, masks | 1 << player])
    return Game([game.players[player] for player in players], game.cost[masks], game.lower[masks])


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
    if game.cost[-1] > game.stand_alone.sum():
        rule = Rule.PROPORTIONAL
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
    unsettled = (width > 0) & (gain > game.n // 4 + tolerance_of(game))
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
        joined = [union for union in unions if union]
        taken = {player for union in joined for player in union}
        return lambda: owen_chances(game.n, [*joined, *([player] for player in range(game.n) if player not in taken)])
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


def _tau_or_acam(game: Game) -> list[Range]:
    """ACAM is what takes the place of a tau value that does not exist."""
    return tau_ranges(game) if always_quasi_balanced(game) else _either(tau_ranges(game), acam_ranges(game))


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
    Rule.TAU: _tau_or_acam,
    Rule.ACAM: acam_ranges,
    Rule.PROPORTIONAL: proportional_ranges,
}
