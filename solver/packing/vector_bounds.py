"""
Lower bounds of bin packing with vectors: what any choice of bins must offer together.

A row gives every item a value and every type the most value that one bin of it can hold; a choice of bins whose
values do not sum to that of all items cannot hold them. Values come from the sizes themselves, from dual feasible
functions of them (Fekete and Schepers 2001; Martello and Toth 1990), from the types that an item fits at all, and from
prices of column generation. The cheapest choice of whole bins that satisfies all rows is the bound.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from solver.packing.vector_kernel import Ints

PARTS_MAX = 6
"""Items are counted that are larger than a second, a third, ... of a bin."""
THRESHOLDS_MAX = 40
"""Thresholds tried for what is small beside what fills a bin nearly alone."""
CHOICE_WORK = 0.3
"""Deterministic seconds of CP-SAT for one choice of bins."""
VALUE_MAX = 2**40
"""Sums of all values stay below this, and so products with counts within 64 bits."""


class Row(NamedTuple):
    """``need`` is the value of all items, ``holds`` by type the most that one bin can hold."""

    need: int
    holds: tuple[int, ...]


class Choice(NamedTuple):
    """Bins by type, and what they cost."""

    counts: tuple[int, ...]
    cost: int


def rows_of(sizes: Ints, capacities: Ints) -> tuple[Row, ...]:
    """
    Rows that every packing satisfies.

    Parameters
    ----------
    sizes
        Shape ``(items, dims)``, not negative; every item fits some type.
    capacities
        Shape ``(types, dims)``.
    """
    rows = {row for dim in range(sizes.shape[1]) for row in _rows_of_dim(sizes[:, dim], capacities[:, dim])}
    rows |= {*_compatible(sizes, capacities), Row(1, (1,) * len(capacities))}
    return tuple(sorted(row for row in rows if row.need > 0))


def _rows_of_dim(sizes: Ints, capacities: Ints) -> Iterator[Row]:
    """Superadditive functions of one dimension: a bin holds no more than the function of its capacity."""
    scale = max(1, -(-int(sizes.sum()) // VALUE_MAX))
    yield Row(int((sizes // scale).sum()), tuple((capacities // scale).tolist()))
    for capacity in sorted(set(capacities.tolist())):
        for part in range(2, PARTS_MAX + 1):
            unit = capacity // part + 1
            yield Row(int((sizes // unit).sum()), tuple((capacities // unit).tolist()))
    widest = int(np.max(capacities))
    small = np.unique(sizes[(sizes > 0) & (2 * sizes <= widest)])
    for threshold in small[:: max(1, len(small) // THRESHOLDS_MAX)].tolist():
        yield Row(
            int(_without_small(sizes, threshold, widest, scale).sum()),
            tuple(_without_small(capacities, threshold, widest, scale).tolist()),
        )


def _without_small(sizes: Ints, threshold: int, widest: int, scale: int) -> Ints:
    """Nothing for what is below the threshold, the widest bin for what leaves less than it (function u of L2)."""
    cut = np.where(sizes < threshold, 0, np.where(sizes > widest - threshold, widest, sizes))
    return np.asarray(cut // scale, dtype=np.int64)


def _compatible(sizes: Ints, capacities: Ints) -> Iterator[Row]:
    """What fits only some types needs room of those."""
    able = (sizes[:, None, :] <= capacities[None, :, :]).all(axis=2)
    for pattern in np.unique(able, axis=0):
        if pattern.all():
            continue
        within = (able <= pattern).all(axis=1)
        yield Row(1, tuple(pattern.astype(int).tolist()))
        for dim in range(sizes.shape[1]):
            scale = max(1, -(-int(sizes[:, dim].sum()) // VALUE_MAX))
            holds = np.where(pattern, capacities[:, dim] // scale, 0)
            yield Row(int((sizes[within, dim] // scale).sum()), tuple(holds.tolist()))


def row_of_prices(prices: Ints, holds: Sequence[int]) -> Row:
    """A row of any prices of items, where no bin of a type holds items of more than ``holds`` together."""
    return Row(int(prices.sum()), tuple(int(value) for value in holds))


class Choices:
    """Choices of bins that satisfy rows: the cheapest, and good ones within a cost."""

    def __init__(self, rows: Sequence[Row], costs: Sequence[int], counts: Sequence[int], seed: int) -> None:
        self.rows, self.costs, self.counts, self.seed = rows, costs, counts, seed

    def _model(self) -> tuple[Any, list[Any]]:
        model: Any = cp_model.CpModel()
        taken = [model.new_int_var(0, int(count), "") for count in self.counts]
        for row in self.rows:
            model.add(sum(hold * bins for hold, bins in zip(row.holds, taken, strict=True)) >= row.need)
        return model, taken

    def _solved(self, model: Any, work: float) -> tuple[Any, int]:
        solver: Any = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.seed
        solver.parameters.max_deterministic_time = work
        return solver, solver.solve(model)

    def bound(self) -> int | None:
        """
        What every choice costs at least; None where none is enough.

        With one type it is a division; otherwise an integer program, or its bound where that takes too long.
        """
        if len(self.costs) == 1:
            bins = max((-(-row.need // row.holds[0]) if row.holds[0] else self.counts[0] + 1) for row in self.rows)
            return bins * self.costs[0] if bins <= self.counts[0] else None
        model, taken = self._model()
        model.minimize(sum(cost * bins for cost, bins in zip(self.costs, taken, strict=True)))
        solver, status = self._solved(model, CHOICE_WORK)
        if status == cp_model.INFEASIBLE:
            return None
        return int(np.ceil(solver.best_objective_bound - 1e-6))

    def within(self, cost_max: int, share: Sequence[int], barred: Sequence[Choice] = ()) -> Choice | None:
        """
        The choice of at most this cost with the most room beyond need, in the dimension where that is least.

        Parameters
        ----------
        share
            Numbers of the rows whose room counts.
        barred
            Choices not wanted again.
        """
        model, taken = self._model()
        spent = sum(cost * bins for cost, bins in zip(self.costs, taken, strict=True))
        model.add(spent <= cost_max)
        spare = model.new_int_var(-(10**6), 10**6, "")
        for number in share:
            row = self.rows[number]
            held = sum(int(10**5 * hold / row.need) * bins for hold, bins in zip(row.holds, taken, strict=True))
            model.add(spare <= held - 10**5)
        for choice in barred:
            other = [model.new_bool_var("") for _ in taken]
            for differs, bins, count in zip(other, taken, choice.counts, strict=True):
                model.add(bins != count).only_enforce_if(differs)
            model.add_bool_or(other)
        model.maximize(spare)
        solver, status = self._solved(model, CHOICE_WORK)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        counts = tuple(solver.value(bins) for bins in taken)
        return Choice(counts, sum(cost * bins for cost, bins in zip(self.costs, counts, strict=True)))
