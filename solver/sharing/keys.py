"""Shares in proportion to a physical key: weight, volume, pallet-km, tonne-km, or the number of orders."""

from collections.abc import Mapping

from solver.sharing.game import Exact, Game
from solver.sharing.proportional import divided


def exact_by_key(game: Game, keys: Mapping[str, int]) -> Exact:
    """
    c(N) in proportion to each player's key, in fractions.

    Sums to c(N); who has the same key pays the same, who has none pays nothing. Looks at nothing that a coalition could
    do: not individually rational, not in the core, a null player with a key pays. Keys are the most common agreement
    between firms, for anybody can check them.

    Parameters
    ----------
    game
        Any.
    keys
        By player, not negative, not all 0: grams, cubic centimetres, pallet-metres, gram-metres, orders.

    References
    ----------
    M. Guajardo, M. Rönnqvist, A review on cost allocation methods in collaborative transportation, ITOR 23, 2016.
    """
    return divided(game, [keys[player] for player in game.players])
