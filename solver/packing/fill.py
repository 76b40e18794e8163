"""
One hold loaded as full as possible: block building on maximal spaces, beam search, support throughout.

``fill`` begins with an empty hold, ``repack`` with one that is partly full.
"""

from collections.abc import Sequence

import numpy as np

from solver.goods import Hold, Placement, Unit
from solver.packing.blocks_axles import keep_axles
from solver.packing.blocks_read import Standing, loading_order, read_units
from solver.packing.blocks_root import new_root, prepare
from solver.packing.blocks_search import Budget, Search
from solver.packing.blocks_stock import Goods, Size, build_stock, sort_goods
from solver.packing.blocks_types import Real

WORK = 25_000
"""Blocks looked at, in thousands, when nothing else is said: about a second of one core."""
QUICK, QUICK_S = 4_000, 0.3
"""Below so much work, or so many seconds, fewer blocks are made."""
FULL = 0.9
"""A hold that volume binds becomes about this full."""


def fill(
    hold: Hold,
    units: Sequence[tuple[str, Unit]],
    *,
    seconds: float | None = None,
    work: int = WORK,
    seed: int = 0,
    values: Sequence[float] | None = None,
) -> tuple[Placement, ...]:
    """
    Loads a hold with as much of some units as possible.

    All rules of ``solver.goods`` are kept (support, rotation, weight, fragility, bearing, floor, doors, axles); all is
    loaded and unloaded at one stop. Bearing is judged by the square millimetre, which may refuse what could be borne.

    Parameters
    ----------
    units
        An order's id and a unit; as many as its ``quantity``. The pairs of order and unit's id differ.
    seconds
        CPU time of the calling thread, at most (and a little more); None: ``work`` alone decides.
    work
        Blocks looked at, in thousands. The same work and seed give the same answer everywhere where no ``seconds`` cut
        it short; 2,000 is for a quick look, ten million for the last tenth of a percent.
    seed
        Another one may find another answer.
    values
        By entry of ``units``, of one unit, positive; None: its volume in mm3.

    Returns
    -------
    Placements in the order of loading; whoever is missing found no room. Empty when nothing fits.
    """
    return _filled(hold, [], 0, units, Budget(work, seconds), seed, values)


def repack(
    hold: Hold,
    standing: Sequence[tuple[Placement, Unit]],
    units: Sequence[tuple[str, Unit]],
    *,
    loaded: bool = False,
    seconds: float | None = None,
    work: int = WORK,
    seed: int = 0,
    values: Sequence[float] | None = None,
) -> tuple[Placement, ...]:
    """
    Adds units to a hold in which some stand already, and keep their places.

    ``loaded``: they are on board and come first, in the order given; otherwise they are only planned, and the order of
    loading is made anew. The other parameters are those of ``fill``.

    Returns
    -------
    Placements of all, in the order of loading. Those given alone when nothing can be added, or when they break a rule
    (weight, axles, access) themselves.

    Raises
    ------
    ValueError
        A unit stands outside the hold.
    """
    kept = [Standing(placement, unit, 0.0) for placement, unit in standing]
    answer = _filled(hold, kept, len(kept) if loaded else 0, units, Budget(work, seconds), seed, values)
    own = {(at.order, at.unit, at.number) for at, _ in standing}
    if len({(at.order, at.unit, at.number) for at in answer} & own) < len(own):
        return tuple(placement for placement, _ in standing)
    return answer


def _filled(
    hold: Hold,
    standing: list[Standing],
    loaded: int,
    units: Sequence[tuple[str, Unit]],
    budget: Budget,
    seed: int,
    values: Sequence[float] | None,
) -> tuple[Placement, ...]:
    goods = sort_goods(hold, units, values, [entry.alone for entry in standing])
    best = standing
    if len(goods.way) > 0 and any(goods.names):
        best = _searched(hold, standing, loaded, goods, budget, seed)
    return tuple(entry.placement for entry in best)


def _searched(
    hold: Hold, standing: list[Standing], loaded: int, goods: Goods, budget: Budget, seed: int
) -> list[Standing]:
    """The best filling found; where weight binds, for several prices of weight."""
    best: list[Standing] = list(standing)
    worth = 0.0
    size = _size(budget)
    for price, share in _prices(hold, goods, standing):
        stock = build_stock(hold, goods, size, price)
        root = new_root(hold, goods, standing, loaded)
        search = Search.of(stock, root, budget.part(share))
        since = prepare(hold, goods, stock, standing, loaded, root, search.desk)
        search.run(seed)
        budget.looked += search.budget.looked
        found = _kept(hold, [*standing, *read_units(search.best, goods, since)], len(standing), loaded)
        value = sum(entry.value for entry in found)
        if value > worth:
            best, worth = found, value
    return best


def _prices(hold: Hold, goods: Goods, standing: list[Standing]) -> tuple[tuple[float, float], ...]:
    """
    Prices of a gram to search with, and which share of what is left of the budget each may use.

    Where an average load as full as holds become is too heavy, the price at which it is not comes first.
    """
    if hold.weight_max_g is None:
        return ((0.0, 1.0),)
    most_g = hold.weight_max_g - sum(entry.unit.weight_g for entry in standing)
    most_mm3 = FULL * hold.length_mm * hold.width_mm * hold.height_mm - sum(entry.mm3 for entry in standing)
    some = goods.left > 0
    count = goods.left[some].astype(float)
    weigh = count * np.array([unit.weight_g for unit in goods.kinds], float)[some]
    mm3 = count * np.array([unit.length_mm * unit.width_mm * unit.height_mm for unit in goods.kinds], float)[some]
    value = count * np.array(goods.values)[some]
    price = _price(value, weigh, mm3, max(0.0, most_g), max(1.0, most_mm3))
    return ((0.0, 1.0),) if price == 0 else ((price, 0.5), (price / 2, 0.6), (0.0, 1.0))


def _price(value: Real, weigh: Real, mm3: Real, most_g: float, most_mm3: float) -> float:
    """The least price of a gram at which the best goods that volume takes are not too heavy, by halving."""

    def too_heavy(price: float) -> bool:
        net = value - price * weigh
        order = np.argsort(-net / mm3)
        take = order[net[order] > 0]
        room = np.clip(most_mm3 - (np.cumsum(mm3[take]) - mm3[take]), 0, mm3[take])
        return float((weigh[take] * room / mm3[take]).sum()) > most_g

    ample = min(1.0, most_mm3 / mm3.sum()) * weigh.sum() <= most_g
    if ample or weigh.sum() <= most_g:
        return 0.0
    low, high = 0.0, float(np.max(value[weigh > 0] / weigh[weigh > 0]))
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if too_heavy(middle) else (low, middle)
    return high


def _kept(hold: Hold, units: list[Standing], fixed: int, loaded: int) -> list[Standing]:
    """Units in the order of loading, without those that break the limits of axles or cannot be brought in."""
    while True:
        standing = keep_axles(hold, units, fixed)
        ordered = loading_order(hold, standing, loaded)
        if len(ordered) == len(standing):
            return ordered
        named = {entry.placement for entry in ordered}
        units = [entry for entry in standing if entry.placement in named]
        fixed = min(fixed, len(units))


def _size(budget: Budget) -> Size:
    """How large a stock is worth its making for so much work."""
    if budget.work < QUICK or (budget.seconds is not None and budget.seconds < QUICK_S):
        return Size(simple=1500, blocks=2000, tries=200_000)
    return Size(simple=6000, blocks=10_000, tries=5_000_000)
