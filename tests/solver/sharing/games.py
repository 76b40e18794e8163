"""Random games for the laws of the rules."""

from hypothesis import strategies as st

from solver.sharing.game import Game


@st.composite
def games(draw: st.DrawFn, players_min: int = 1, players_max: int = 5, cost_max: int = 30) -> Game:
    """Games with small whole costs: full of ties."""
    n = draw(st.integers(players_min, players_max))
    cost = draw(st.lists(st.integers(0, cost_max), min_size=2**n - 1, max_size=2**n - 1))
    return Game([f"p{k}" for k in range(n)], [0, *cost])


@st.composite
def sub_additive_games(draw: st.DrawFn, players_min: int = 1, players_max: int = 4) -> Game:
    """Games in which two coalitions apart never pay more together."""
    game = draw(games(players_min, players_max))
    return Game(game.players, parted(game.cost.tolist()))


@st.composite
def games_with_a_core(draw: st.DrawFn, players_max: int = 5) -> Game:
    """Any costs at or above what some split makes each coalition pay have that split in their core."""
    split = draw(st.lists(st.integers(0, 20), min_size=2, max_size=players_max))
    every = 2 ** len(split) - 1
    slack = [0, *draw(st.lists(st.integers(0, 10), min_size=every - 1, max_size=every - 1)), 0]
    paid = [sum(share for i, share in enumerate(split) if mask >> i & 1) for mask in range(every + 1)]
    return Game([f"p{k}" for k in range(len(split))], [a + b for a, b in zip(paid, slack, strict=True)])


def parted(cost: list[float]) -> list[float]:
    """Each coalition may part into two, tried naively: sub-additive."""
    for mask in range(1, len(cost)):
        parts = [part for part in range(1, mask) if part & mask == part]
        cost[mask] = min([cost[mask], *(cost[part] + cost[mask ^ part] for part in parts)])
    return cost


def renamed(game: Game, order: list[int]) -> Game:
    """The same game, its players listed in another order."""
    masks = [sum(1 << order[i] for i in range(game.n) if mask >> i & 1) for mask in range(2**game.n)]
    return Game([game.players[i] for i in order], game.cost[masks])


def with_loner(game: Game, own: int) -> Game:
    """The same game and a player who adds ``own`` to everybody."""
    cost = game.cost.tolist()
    return Game([*game.players, "loner"], [*cost, *(each + own for each in cost)])
