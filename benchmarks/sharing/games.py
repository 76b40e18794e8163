"""Rules against published games and against an independent library, figure by figure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from pathlib import Path
from random import Random
from typing import Any

import coopgame
import msgspec
import numpy as np

from solver.sharing.acam import exact_acam
from solver.sharing.core import least_core
from solver.sharing.equal_profit import exact_equal_profit
from solver.sharing.game import Exact, Game
from solver.sharing.nucleolus import exact_nucleolus, exact_per_capita, exact_proportional_nucleolus
from solver.sharing.owen import exact_owen
from solver.sharing.proportional import divided, exact_proportional
from solver.sharing.shapley import exact_shapley
from solver.sharing.space import airport_exact
from solver.sharing.tau import exact_tau

PLAYERS = (3, 12)
EXACT_PLAYERS_MAX = 7
"""The library's own exact nucleolus takes half a minute for nine players."""
DECIMALS_COMPUTED = 6
RELATIVE = 1e-8
"""The library computes in floating point, with errors of about 1e-14 of the largest cost a player."""

PUBLISHED: dict[str, Callable[[Game], Exact | None]] = {
    "nucleolus": lambda game: exact_nucleolus(game).shares,
    "shapley": exact_shapley,
    "tau": exact_tau,
    "proportional_nucleolus": lambda game: exact_proportional_nucleolus(game).shares,
    "proportional": exact_proportional,
    "scrb": exact_acam,
    "scrb_acam": exact_acam,
    "equal_share": lambda game: divided(game, [1] * game.n),
}


def reference(path: Path) -> tuple[int, int]:
    """Published games of a file, and how many of them come out otherwise than published."""
    entries = msgspec.json.decode(path.read_bytes())
    return len(entries), sum(any(wrong_figures(entry)) for entry in entries)


def wrong_figures(entry: Mapping[str, Any]) -> Iterator[str]:
    """
    Every figure of a published game that comes out otherwise.

    Fractions must be met exactly, decimals to a unit of the last place (papers round, or cut off). Games of gains are
    cost games with the sign turned, all in such a unit that they are whole.
    """
    if "characteristic_function" not in entry:
        yield from _wrong_runway(entry)
        return
    sign = -1 if entry["kind"] == "value" else 1
    worth = {int(mask): Fraction(value) for mask, value in entry["characteristic_function"].items()}
    unit = lcm(*(value.denominator for value in worth.values()))
    cost = [0] * 2 ** entry["n"]
    for mask, value in worth.items():
        cost[mask] = int(sign * value * unit)
    game = Game([str(player) for player in entry["players"]], cost)
    for source in ("expected", "computed"):
        for name, figures in entry[source].items():
            rule, decimals = _decimals(name, source)
            if rule in PUBLISHED and figures is not None:
                shares = PUBLISHED[rule](game)
                ours = None if shares is None else [sign * share / unit for share in shares]
                if ours is None or not _same(ours, figures, decimals):
                    yield f"{entry['id']} {name}: {figures}, not {ours}"
    yield from _wrong_core(entry, game, unit)


def _decimals(name: str, source: str) -> tuple[str, int | None]:
    """The rule that a figure belongs to, and its decimals; None for exact ones."""
    rule, _, places = name.rpartition("_r")
    if rule and places.isdigit():
        return rule, int(places)
    computed = source == "computed" and name not in {"nucleolus", "shapley"}
    return name, DECIMALS_COMPUTED if computed else None


def _same(ours: Sequence[Fraction], figures: Sequence[str | float], decimals: int | None) -> bool:
    if decimals is None:
        return all(share == Fraction(str(figure)) for share, figure in zip(ours, figures, strict=True))
    off = Fraction(1, 10**decimals)
    return all(abs(share - Fraction(str(figure))) <= off for share, figure in zip(ours, figures, strict=True))


def _wrong_core(entry: Mapping[str, Any], game: Game, unit: int) -> Iterator[str]:
    """What the file says about the core, the per-capita nucleolus and the equal profit method."""
    computed, expected = entry["computed"], entry["expected"]
    excess = least_core(game).excess / unit
    alone = [Fraction(int(cost)) / unit for cost in game.stand_alone]
    if computed["core_nonempty"] != (excess <= 0) or not _same([excess], [computed["least_core_eps"]], 6):
        yield f"{entry['id']} core: {computed['least_core_eps']}, not {excess}"
    if "per_capita_nucleolus_savings" in expected:
        shares = exact_per_capita(game).shares
        savings = [cost - share / unit for cost, share in zip(alone, shares, strict=True)]
        if not _same(savings, expected["per_capita_nucleolus_savings"], None):
            yield f"{entry['id']} per_capita_nucleolus: savings {savings}"
    if "epm_max_rel_diff" in computed:
        paid = [share / unit / cost for cost, share in zip(alone, exact_equal_profit(game), strict=True)]
        if not _same([max(paid) - min(paid)], [computed["epm_max_rel_diff"]], DECIMALS_COMPUTED):
            yield f"{entry['id']} equal_profit: {computed['epm_max_rel_diff']}, not {max(paid) - min(paid)}"


def _wrong_runway(entry: Mapping[str, Any]) -> Iterator[str]:
    """A runway for 13,572 movements: the Shapley value in closed form."""
    costs = {f"{kind['type']} {k}": kind["cost"] for kind in entry["types"] for k in range(kind["movements"])}
    shares = airport_exact(costs)
    ours = [shares[f"{kind['type']} 0"] for kind in entry["types"]]
    if not _same(ours, entry["expected"]["shapley_per_movement_r2"], 2):
        yield f"{entry['id']} shapley: {[float(share) for share in ours]}"


def oracle(count: int, seed: int) -> tuple[int, int]:
    """Random games of 3 to 12 players, and in how many of them a rule differs from the library's."""
    draw = Random(seed)
    return count, sum(any(differences(random_game(draw, *PLAYERS))) for _ in range(count))


def random_game(draw: Random, fewest: int, most: int) -> Game:
    """
    A game in which everybody together costs at most as much as all alone.

    Three kinds in turn: small costs full of ties, any costs, and days of one van a coalition (a fixed part, what its
    furthest member needs, a little for each), which are sub-additive.
    """
    n = draw.randint(fewest, most)
    kind = draw.choice(("ties", "any", "van"))
    if kind == "van":
        far, own = ([draw.randrange(1, 100_000) for _ in range(n)] for _ in range(2))
        joined = [[player for player in range(n) if mask >> player & 1] for mask in range(1, 2**n)]
        cost = [0] + [40_000 + max(far[i] for i in group) + sum(own[i] for i in group) // 3 for group in joined]
    else:
        most_cost = 30 if kind == "ties" else 10_000_000
        cost = [0] + [draw.randrange(most_cost) for _ in range(2**n - 1)]
        cost[-1] = min(cost[-1], sum(cost[1 << player] for player in range(n)))
    return Game([f"p{player}" for player in range(n)], cost)


def differences(game: Game) -> Iterator[str]:
    """Every rule that the library answers otherwise."""
    savings = game.savings()[1:]
    theirs = coopgame.Game(savings.tolist())
    alone = game.stand_alone
    settled = exact_nucleolus(game)
    if game.n <= EXACT_PLAYERS_MAX:
        exact = coopgame.nucleolus_exact([int(saving) for saving in savings])["allocation"]
        if [Fraction(int(cost)) - Fraction(part) for cost, part in zip(alone, exact, strict=True)] != settled.shares:
            yield "nucleolus, exact"
    half = game.n // 2
    unions = [list(range(half)), *([player] for player in range(half, game.n))]
    answers: dict[str, tuple[Exact | None, Callable[[], Any]]] = {
        "nucleolus": (settled.shares, lambda: coopgame.nucleolus(theirs)["allocation"]),
        "per_capita_nucleolus": (
            exact_per_capita(game).shares,
            lambda: coopgame.per_capita_nucleolus(theirs)["allocation"],
        ),
        "shapley": (exact_shapley(game), lambda: coopgame.shapley(theirs)),
        "owen": (exact_owen(game, unions), lambda: coopgame.owen(theirs, unions)),
        "tau": (exact_tau(game), lambda: coopgame.tau_value(theirs)),
    }
    for rule, (ours, other) in answers.items():
        if not _agree(ours, other, alone, float(np.abs(game.cost).max())):
            yield rule


def _agree(ours: Exact | None, other: Callable[[], Any], alone: np.ndarray[Any, Any], largest: float) -> bool:
    """Both have no answer, or the same."""
    try:
        saved = other()
    except ValueError:
        return ours is None
    if ours is None:
        return False
    return bool(np.allclose(alone - np.array(saved), [float(x) for x in ours], rtol=0, atol=RELATIVE * (1 + largest)))
