from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from solver.sharing.core import least_core, subsidies
from solver.sharing.equal_profit import exact_equal_profit
from solver.sharing.game import Game
from solver.sharing.nucleolus import exact_nucleolus
from solver.sharing.proportional import exact_proportional
from tests.solver.sharing.games import games, games_with_a_core


def test_the_pairs_prove_that_three_cannot_stay_together() -> None:
    # 2 alone, 3 for two, 5 for all: half of each pair is everybody, 4.5 in all; the missing half unit, over the pairs'
    # weights of 1.5 in all, is the third of a unit that some pair always pays too much.
    core = least_core(Game(["a", "b", "c"], [0, 2, 2, 3, 2, 3, 3, 5]))
    assert core.excess == Fraction(1, 3)
    assert core.weights == dict.fromkeys((0b011, 0b101, 0b110), Fraction(1, 3))
    assert core.shares == [Fraction(5, 3)] * 3


def test_a_lone_player_has_nobody_to_leave_with() -> None:
    core = least_core(Game(["a"], [0, 7]))
    assert (core.excess, core.shares, core.weights) == (0, [7], {})


def test_a_limit_of_costs_alone_can_make_the_largest_excess_larger() -> None:
    # Gains of 10 for a and b, of 2 for all three: if c may pay 4 for nothing, a and b lack 4 of their 10 and not 8.
    game = Game(["a", "b", "c"], [0, 0, 0, -10, 0, 0, 0, -2])
    assert least_core(game).excess == 4
    assert least_core(game, individually_rational=True).excess == 8


@settings(max_examples=100, deadline=None)
@given(games(2, 5))
def test_the_witness_of_the_least_core_balances_and_proves_it(game: Game) -> None:
    core = least_core(game)
    assert sum(core.weights.values()) == 1
    assert all(weight > 0 and 0 < mask < 2**game.n - 1 for mask, weight in core.weights.items())
    of_each = [sum(weight for mask, weight in core.weights.items() if mask >> player & 1) for player in range(game.n)]
    assert len(set(of_each)) == 1
    cost = sum(weight * int(game.cost[mask]) for mask, weight in core.weights.items())
    assert of_each[0] * int(game.cost[-1]) - cost == core.excess
    assert sum(core.shares) == game.cost[-1]
    paid = {
        mask: sum(share for i, share in enumerate(core.shares) if mask >> i & 1) for mask in range(1, 2**game.n - 1)
    }
    assert max(paid[mask] - int(game.cost[mask]) for mask in paid) == core.excess


def test_who_pays_too_little_is_subsidised_by_all_others() -> None:
    # a alone 10, b 10, both 14: each adds 4. With 3 and 11, b pays 1 too much, and a 1 less than it adds.
    game = Game(["a", "b"], [0, 10, 10, 14])
    assert subsidies(game, [3, 11]) == ((0b10,), (0b01,))
    assert subsidies(game, [4, 10]) == ((), ())
    assert subsidies(game, [Fraction(7, 2), Fraction(21, 2)]) == ((0b10,), (0b01,))


@settings(max_examples=60, deadline=None)
@given(games(1, 4), st.lists(st.integers(0, 20), min_size=3, max_size=3))
def test_both_sides_of_the_check_are_the_same_complaint(game: Game, shares: list[int]) -> None:
    split = [*shares[: game.n - 1], int(game.cost[-1]) - sum(shares[: game.n - 1])]
    found = subsidies(game, split)
    everybody = 2**game.n - 1
    assert sorted(everybody ^ mask for mask in found.above) == sorted(found.below)


def test_equal_profit_gives_all_the_same_percentage_where_nobody_minds() -> None:
    # Alone 10, 20, 30, any two a tenth less, all 48: a fifth off for everybody, and no pair pays more than its tenth.
    game = Game(["a", "b", "c"], [0, 10, 20, 27, 30, 36, 45, 48])
    assert exact_equal_profit(game) == [8, 16, 24]


def test_equal_profit_goes_on_after_the_largest_difference() -> None:
    # d joins nobody: it pays its 10, 100 %. a, b and c alone 10 each, all three (and no two) 15: 50 % on average.
    # The largest difference, between d and the least of them, is smallest where a, b and c are alike.
    alone = [10, 10, 10, 10]
    cost = [
        sum(a for i, a in enumerate(alone) if mask >> i & 1) - (15 if mask & 0b0111 == 0b0111 else 0)
        for mask in range(16)
    ]
    assert exact_equal_profit(Game(list("abcd"), cost)) == [5, 5, 5, 10]
    # If a could have 2 for itself and b (18 for two, 8 off for c with them) c is the only one left out: with a and b
    # held at 8 together, c pays 7; the rest of the freedom makes a and b alike.
    cost = [8 if mask & 0b11 == 0b11 and mask & 0b100 == 0 else each for mask, each in enumerate(cost)]
    cost[0b1011] = 18
    assert exact_equal_profit(Game(list("abcd"), cost)) == [4, 4, 7, 10]


@settings(max_examples=100, deadline=None)
@given(games_with_a_core(players_max=4), st.randoms())
def test_no_split_of_the_core_has_lexicographically_smaller_differences(game: Game, random) -> None:
    shares = exact_equal_profit(game)
    alone = [max(int(cost), 1) for cost in game.stand_alone]

    def differences(paid: list[Fraction]) -> list[Fraction]:
        parts = [share / cost for share, cost in zip(paid, alone, strict=True)]
        return sorted((abs(a - b) for i, a in enumerate(parts) for b in parts[:i]), reverse=True)

    # The core is convex: any mixture with the nucleolus or the split that the game was made from lies in it.
    corner = least_core(game).shares
    for other in (exact_nucleolus(game).shares, corner):
        for step in (1, Fraction(1, 3), Fraction(random.randint(1, 99), 1000)):
            mixed = [a + step * (b - a) for a, b in zip(shares, other, strict=True)]
            assert differences(shares) <= differences(mixed)


@settings(max_examples=60, deadline=None)
@given(games_with_a_core(players_max=4))
def test_a_proportional_split_that_is_in_the_core_is_the_equal_profit_one(game: Game) -> None:
    split = exact_proportional(game)
    found = subsidies(game, split)
    if found.above or not game.stand_alone.all():
        return
    assert exact_equal_profit(game) == split
