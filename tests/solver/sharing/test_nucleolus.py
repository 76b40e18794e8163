from fractions import Fraction

import coopgame
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solver.sharing.game import Game
from solver.sharing.nucleolus import (
    exact_nucleolus,
    exact_per_capita,
    exact_proportional_nucleolus,
    nucleolus,
    nucleolus_levels,
)
from tests.solver.sharing.games import games, games_with_a_core

WEIGHTED = {
    exact_nucleolus: lambda game, mask: 1,
    exact_per_capita: lambda game, mask: mask.bit_count(),
    exact_proportional_nucleolus: lambda game, mask: max(int(game.cost[mask]), 1),
}


def test_the_nucleolus_fixes_only_what_is_tight_in_every_optimum() -> None:
    # Hasan 2011 and the Talmud's estate of 200 are where fixing every tight row of one optimum goes wrong:
    # claims 100, 200, 300 on 200 settle at 50, 75, 75 and not at 50, 50, 100.
    estate = 200
    claims = [100, 200, 300]
    worth = [max(0, estate - sum(c for i, c in enumerate(claims) if not mask >> i & 1)) for mask in range(8)]
    assert exact_nucleolus(Game(["a", "b", "c"], [-v for v in worth])).shares == [-50, -75, -75]


def test_the_nucleolus_of_an_empty_core_spreads_the_discontent() -> None:
    # 2 alone, 3 for two, 5 for all three: any two would gain 1/3 by leaving.
    settled = exact_nucleolus(Game(["a", "b", "c"], [0, 2, 2, 3, 2, 3, 3, 5]))
    assert settled.shares == [Fraction(5, 3)] * 3
    assert settled.levels == ((Fraction(1, 3), (0b011, 0b101, 0b110)),)


def test_a_day_that_is_dearer_together_has_no_nucleolus() -> None:
    with pytest.raises(ValueError, match="worse off"):
        nucleolus(Game(["a", "b"], [0, 1, 1, 3]))


def test_levels_name_the_coalitions_that_decide() -> None:
    # Alone 10, 40, 80; only b and c can share, saving 30. a against the other two: neither can do better than 0.
    # Then b and c halve 30: each is 15 better off than alone (and than with a).
    shares, levels = nucleolus_levels(Game(["a", "b", "c"], [0, 10, 40, 50, 80, 90, 90, 100]))
    assert shares.tolist() == [10, 25, 65]
    assert [level.excess for level in levels] == [0, -15]
    assert levels[0].masks == (0b001, 0b110)
    assert set(levels[1].masks) <= {0b010, 0b011, 0b100, 0b101}


def test_nobody_is_held_above_its_cost_alone_for_a_smaller_excess() -> None:
    # Gains of 4 for a and b, of 2 for all three (the published game imputation_bind): without the limit c would pay 4
    # for nothing; with it a and b get 1 each.
    worth = [0, 0, 0, 10, 0, 0, 0, 2]
    settled = exact_nucleolus(Game(["a", "b", "c"], [-gain for gain in worth]))
    assert settled.shares == [-1, -1, 0]
    assert settled.levels[0] == (Fraction(8), (0b011,))
    assert 0b100 in dict(settled.levels)[Fraction(0)]


def test_costs_in_fractions_of_a_unit_are_split_as_well() -> None:
    # Alone a tenth and two, together 1.6: the saving of half a unit is halved.
    assert nucleolus(Game(["a", "b"], [0, 0.1, 2.0, 1.6])) == pytest.approx([-0.15, 1.75], abs=1e-12)


@settings(max_examples=150, deadline=None)
@given(games())
def test_the_nucleolus_equals_the_exact_one_of_another_library(game: Game) -> None:
    assume(game.n > 1 and game.stand_alone.sum() >= game.cost[-1])
    other = coopgame.nucleolus_exact([int(worth) for worth in game.savings()[1:]])
    saved = [Fraction(share) for share in other["allocation"]]
    assert exact_nucleolus(game).shares == [int(a) - s for a, s in zip(game.stand_alone, saved, strict=True)]


@settings(max_examples=100, deadline=None)
@given(games(2, 4), st.sampled_from(list(WEIGHTED)), st.randoms())
def test_no_other_split_has_lexicographically_smaller_weighted_excesses(game: Game, rule, random) -> None:
    assume(game.stand_alone.sum() >= game.cost[-1])
    shares = rule(game).shares
    alone = [int(cost) for cost in game.stand_alone]

    def excesses(paid: list[Fraction]) -> list[Fraction]:
        masks = range(1, 2**game.n - 1)
        sums = {mask: sum(share for i, share in enumerate(paid) if mask >> i & 1) for mask in masks}
        weighted = (Fraction(sums[mask] - int(game.cost[mask])) / WEIGHTED[rule](game, mask) for mask in masks)
        return sorted(weighted, reverse=True)

    best = excesses(shares)
    for _ in range(10):
        # Any other split with nobody above its cost alone, and the way there from this one in small steps.
        parts = [random.randint(0, 4) for _ in alone]
        saving = Fraction(sum(alone) - int(game.cost[-1]), sum(parts) or 1)
        other = [cost - saving * part for cost, part in zip(alone, parts, strict=True)]
        for step in (1, Fraction(1, 7), Fraction(1, 100)):
            mixed = [a + step * (b - a) for a, b in zip(shares, other, strict=True)]
            assert sum(parts) == 0 or best <= excesses(mixed)


@settings(max_examples=60, deadline=None)
@given(games_with_a_core(), st.data())
def test_costs_that_are_not_on_the_levels_may_rise_without_changing_the_split(game: Game, data: st.DataObject) -> None:
    settled = exact_nucleolus(game)
    deciding = {mask for _, masks in settled.levels for mask in masks}
    cost = game.cost.copy()
    for mask in range(1, len(cost) - 1):
        # The costs alone are limits as well.
        if mask not in deciding and mask.bit_count() > 1:
            cost[mask] += data.draw(st.integers(0, 5))
    assert exact_nucleolus(Game(game.players, cost)).shares == settled.shares


def test_large_bills_are_exact_to_the_unit() -> None:
    # Three alike: each alone 4 * 10**12 + 1, two 5 * 10**12, all 6 * 10**12 + 1: a third each.
    one, two, three = 4 * 10**12 + 1, 5 * 10**12, 6 * 10**12 + 1
    for rule in WEIGHTED:
        settled = rule(Game(["a", "b", "c"], [0, one, one, two, one, two, two, three]))
        assert settled.shares == [Fraction(three, 3)] * 3


def test_a_game_of_ten_costs_of_a_thousand_million_agrees_in_all_weights_with_floating_point() -> None:
    draw = np.random.default_rng(3)
    cost = [0, *draw.integers(1, 10**9, 2**8 - 2).tolist(), 10**6]
    game = Game([str(k) for k in range(8)], cost)
    other = coopgame.per_capita_nucleolus(coopgame.Game(game.savings()[1:].tolist()))["allocation"]
    shares = [float(share) for share in exact_per_capita(game).shares]
    assert shares == pytest.approx(list(game.stand_alone - np.array(other)), abs=1)
