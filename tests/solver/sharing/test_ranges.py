import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solver.shares import Rule
from solver.sharing.binding import binding
from solver.sharing.game import Game
from solver.sharing.joining import owen_chances, shapley_chances, weighted_chances
from solver.sharing.nucleolus import nucleolus
from solver.sharing.ranges import effort, share_ranges
from solver.sharing.rules import split
from tests.solver.sharing.intervals import NAMES, intervals, truths

WEIGHTS = dict(zip(NAMES, (3, 1, 2, 1, 5), strict=True))
UNIONS = (("anna", "chi"), ("duc",))
KEYS = dict(zip(NAMES, (0, 4, 1, 1, 2), strict=True))
NUCLEOLI = [Rule.NUCLEOLUS, Rule.PER_CAPITA_NUCLEOLUS, Rule.PROPORTIONAL_NUCLEOLUS]
RULES = [rule for rule in Rule if rule not in {Rule.VOLUME, Rule.PALLET_KM, Rule.TONNE_KM, Rule.ORDERS}]


def answer(rule: Rule, game: Game, *, repaired: bool = False) -> tuple[float, ...]:
    """What a rule says before rounding."""
    named = set(game.players)
    return split(
        game,
        rule,
        weights={name: WEIGHTS[name] for name in game.players},
        unions=[[name for name in union if name in named] for union in UNIONS],
        keys={name: KEYS[name] for name in game.players},
        repaired=repaired,
    ).exact


def ranges(rule: Rule, game: Game, *, repaired: bool = False) -> list[tuple[float, float]]:
    """Of the same question."""
    number = {name: index for index, name in enumerate(game.players)}
    return share_ranges(
        game,
        rule,
        answer(rule, game),
        weights=[WEIGHTS[name] for name in game.players],
        unions=[[number[name] for name in union if name in number] for union in UNIONS],
        keys={name: KEYS[name] for name in game.players},
        repaired=repaired,
    )


def three(lower: dict[int, int]) -> Game:
    """Alone 60 each, two 80, all 90; some lower bounds."""
    cost = [0, 60, 60, 80, 60, 80, 80, 90]
    return Game(["anna", "binh", "chi"], cost, [lower.get(mask, cost[mask]) for mask in range(8)])


@pytest.mark.parametrize("rule", RULES)
def test_proven_costs_leave_no_doubt(rule: Rule) -> None:
    game = three({})
    assert [high - low for low, high in ranges(rule, game)] == [0, 0, 0]
    assert not len(effort(game, rule, answer(rule, game)))


@pytest.mark.parametrize("rule", RULES)
def test_a_bill_whose_bound_is_open_is_still_what_is_paid(rule: Rule) -> None:
    game = three({7: 70})
    assert [high - low for low, high in ranges(rule, game)] == [0, 0, 0]
    assert not len(effort(game, rule, answer(rule, game)))


def test_a_pairs_doubt_moves_shapley_shares_by_a_sixth_and_a_third() -> None:
    # Each pays 30. Anna and binh are before chi in one order of three, each of them last of the two in one of six.
    game = three({3: 68})
    assert ranges(Rule.SHAPLEY, game) == [
        (pytest.approx(28), pytest.approx(30)),
        (pytest.approx(28), pytest.approx(30)),
        (pytest.approx(30), pytest.approx(34)),
    ]


def test_shapley_effort_goes_to_weight_times_interval() -> None:
    # One's own cost and a pair's weigh alike (2 of 6 orders each way); 12 beats 6 beats 3.
    assert effort(three({1: 57, 3: 68, 6: 74}), Rule.SHAPLEY).tolist() == [3, 6, 1]


def test_a_nucleolus_that_rests_on_pairs_does_not_care_what_one_costs_alone() -> None:
    # Pairs pay 60 of 80: excess -20. Anna alone pays 30 of at least 51: -21, still behind.
    game = three({1: 51})
    assert ranges(Rule.NUCLEOLUS, game) == [(30, 30)] * 3
    assert effort(game, Rule.NUCLEOLUS).tolist() == []


def test_a_nucleolus_moves_with_the_pair_it_rests_on() -> None:
    # Pairs of 77, 80, 80 at one excess e: x1 + x2 = 77 + e, 2 * 90 = 237 + 3 e, e = -19; 58, 61 and 61; 29, 29, 32.
    game = three({3: 77})
    assert ranges(Rule.NUCLEOLUS, game) == [
        (pytest.approx(29), pytest.approx(30)),
        (pytest.approx(29), pytest.approx(30)),
        (pytest.approx(30), pytest.approx(32)),
    ]
    assert effort(game, Rule.NUCLEOLUS).tolist() == [3]


def test_who_may_overtake_is_to_be_proven_after_what_binds() -> None:
    # Anna alone might cost 40: excess -10 where pairs stand at -20, so 10 in the way; the pair's doubt is 15.
    assert effort(three({1: 40, 3: 65}), Rule.NUCLEOLUS).tolist() == [3, 1]


def test_where_a_coalition_may_overtake_the_formulas_of_both_sides_make_the_range() -> None:
    # At 50 alone anna draws level with the pairs. Below that she and the other two bind, x1 - c1 = 10 - x1: 25 at 40,
    # and binh and chi share the rest.
    assert ranges(Rule.NUCLEOLUS, three({1: 40})) == [
        (pytest.approx(25), pytest.approx(30)),
        (pytest.approx(30), pytest.approx(32.5)),
        (pytest.approx(30), pytest.approx(32.5)),
    ]


def test_proportional_shares_follow_costs_alone() -> None:
    # Anna alone may cost 30: 30 of 150 of the bill are 18, and the others then pay 36.
    assert ranges(Rule.PROPORTIONAL, three({1: 30, 3: 50})) == [(18, 30), (30, 36), (30, 36)]
    assert effort(three({1: 30, 3: 50}), Rule.PROPORTIONAL).tolist() == [1]


def test_keys_look_at_no_coalition() -> None:
    game = three({1: 30, 3: 50})
    assert share_ranges(game, Rule.WEIGHT, [45, 30, 15], keys={"anna": 3, "binh": 2, "chi": 1}) == [
        (45, 45),
        (30, 30),
        (15, 15),
    ]
    assert effort(game, Rule.WEIGHT).tolist() == []


def test_with_known_shares_effort_also_goes_to_what_keeps_the_verdict_open() -> None:
    # Anna and binh pay 75 and might get by with 50.
    assert effort(three({3: 50}), Rule.WEIGHT, [45, 30, 15]).tolist() == [3]


def test_a_day_dearer_together_is_split_by_costs_alone_and_so_are_its_ranges() -> None:
    game = Game(["anna", "binh"], [0, 10, 10, 30], [0, 8, 10, 30])
    assert share_ranges(game, Rule.NUCLEOLUS, [15, 15]) == [(pytest.approx(30 * 8 / 18), 15), (15, 30 * 10 / 18)]


@pytest.mark.parametrize("rule", RULES)
def test_without_players_there_are_no_ranges(rule: Rule) -> None:
    assert share_ranges(Game([], [0]), rule, []) == []
    assert effort(Game([], [0]), rule).tolist() == []


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=40, deadline=None)
@given(st.data(), st.booleans())
def test_whatever_the_true_costs_the_rules_answer_is_within_the_range(
    rule: Rule, data: st.DataObject, repaired: bool
) -> None:
    game = data.draw(intervals())
    found = ranges(rule, game, repaired=repaired)
    for _ in range(4):
        truth = answer(rule, data.draw(truths(game)), repaired=repaired)
        for share, (low, high) in zip(truth, found, strict=True):
            assert low - 1e-6 <= share <= high + 1e-6


@pytest.mark.parametrize("rule", NUCLEOLI)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_once_all_that_effort_names_is_proven_nothing_is_in_doubt(rule: Rule, data: st.DataObject) -> None:
    game = data.draw(intervals(players_min=2))
    shares = answer(rule, game)
    assume(game.cost[-1] <= game.lower[1 << np.arange(game.n)].sum())
    lower = game.lower.copy()
    lower[effort(game, rule, shares)] = game.cost[effort(game, rule, shares)]
    proven = Game(game.players, game.cost, lower)
    assert all(high - low <= 1e-6 for low, high in share_ranges(proven, rule, shares))
    assert answer(rule, data.draw(truths(proven))) == pytest.approx(shares)


@given(intervals(players_min=2))
def test_every_nucleolus_is_recognised_as_one_and_its_binding_coalitions_give_it_back(game: Game) -> None:
    assume(game.cost[-1] <= game.stand_alone.sum())
    shares = nucleolus(game)
    bound = binding(game, shares)
    assert bound is not None
    # Costs doubled are shares doubled: the formula is homogeneous in the binding costs and the bill.
    half = np.array(game.cost)
    half[-1] = 0
    moved = bound.shares_by_cost @ half[bound.masks]
    assert moved.sum() == pytest.approx(0, abs=1e-6)


@given(intervals(players_min=3), st.integers(0, 2))
def test_a_split_that_is_no_nucleolus_is_not_taken_for_one(game: Game, giver: int) -> None:
    assume(game.cost[-1] <= game.stand_alone.sum())
    shares = nucleolus(game)
    shares[giver] += 0.5
    shares[(giver + 1) % game.n] -= 0.5
    assert binding(game, shares) is None


@given(st.integers(1, 6))
def test_chances_of_who_joined_before_sum_to_one(n: int) -> None:
    unions = [[*range(0, n, 2)], *([[*range(1, n, 2)]] if n > 1 else [])]
    for chances in (shapley_chances(n), weighted_chances(range(1, n + 1)), owen_chances(n, unions)):
        for player, chance in enumerate(chances):
            assert chance.sum() == pytest.approx(1)
            assert not chance[np.arange(2**n) >> player & 1 == 1].any()


def test_where_shares_are_not_the_nucleolus_all_open_coalitions_are_wanted() -> None:
    assert sorted(effort(three({3: 70, 1: 55}), Rule.NUCLEOLUS, [31.0, 30.0, 29.0]).tolist()) == [1, 3]


def test_what_a_repair_hands_over_widens_ranges_by_no_more_than_that() -> None:
    # By weight anna pays nothing, binh 72 of 60 alone: 12 go to the others by what they save (60 and 42).
    # If binh alone costs 50, it is 22: binh is between 50 and 60, the others get at most 22 more.
    game = three({2: 50})
    assert answer(Rule.WEIGHT, game, repaired=True) == pytest.approx((12 * 60 / 102, 60, 18 + 12 * 42 / 102))
    assert ranges(Rule.WEIGHT, game, repaired=True) == [(0, 22), (50, 60), (18, 40)]


def test_who_adds_nothing_pays_nothing_whatever_the_costs() -> None:
    # Chi adds nothing to anybody; anna and binh share 90 as if alone, 45 each, or down to 40 if anna alone costs 50.
    cost = [0, 60, 60, 90] * 2
    lower = [0, 50, 60, 90] * 2
    assert ranges(Rule.NUCLEOLUS, Game(["anna", "binh", "chi"], cost, lower)) == [(40, 45), (45, 50), (0, 0)]


def test_coalitions_that_block_one_another_twice_over_are_told_once() -> None:
    """All the same, the nucleolus stands: three collinear coalitions of a level are one too many."""
    cost = [0, 1, 2, 2, 1, 2, 3, 3, 2, 2, 3, 3, 3, 3, 4, 4, 1, 2, 3, 3, 2, 3, 4, 4, 2, 3, 4, 4, 3, 4, 5, 5]
    game = Game(("anna", "binh", "chi", "duc", "em"), np.array(cost, dtype=float))
    assert nucleolus(game).tolist() == pytest.approx([0.5, 1.5, 1.0, 1.0, 1.0])
    bound = binding(game, nucleolus(game))
    assert bound is not None
    assert bound.shares_by_cost.sum(axis=0)[bound.masks != 31] == pytest.approx(0)  # what one pays more others pay less
