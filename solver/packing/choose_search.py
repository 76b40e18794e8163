"""
The search for a packing: containers opened as the program of sums advises, then some emptied and packed anew.

Compared are first the volume left out, then cost, then how unevenly containers are filled (an almost empty one is soon
saved): ruin and recreate with whole containers.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from solver.goods import Placement
from solver.packing.choose_load import Loaded, Loader
from solver.packing.choose_mix import Mixer
from solver.packing.choose_stock import Stock
from solver.packing.vector_kernel import Floats, Ints

FILLED = 0.85
"""Part of a container's volume that is filled, before anything was loaded."""
LEARNED = 0.5
"""How much the last full container says about the next."""
BINS_EMPTIED_MAX = 4
FILL_LEAST, FILL_MOST = 400, 60_000
"""Work for one loading."""
ROUNDS_MAX = 400
ROUND_WORK = 400
"""What the programs of sums of one round count for."""


class Bin(NamedTuple):
    """One container."""

    type_: int
    content: Ints
    placements: tuple[Placement, ...]


class Plan(NamedTuple):
    """Containers, parties that go as groupage, and what is left out (groupage not counted)."""

    bins: tuple[Bin, ...]
    sent: frozenset[int]
    left: Ints


class Search:
    """Packs a stock. ``work`` is in thousands of blocks looked at by ``fill``."""

    def __init__(self, stock: Stock, work: int, seed: int, over: Callable[[], bool]) -> None:
        self.stock, self.work, self.over = stock, work, over
        self.random = np.random.default_rng(seed)
        self.loader, self.mixer = Loader(stock), Mixer(stock, seed)
        containers = stock.problem.containers
        units = int(stock.quantities.sum())
        self.limits = [units if entry.count is None else min(entry.count, units) for entry in containers]
        self.costs = [entry.cost_milli for entry in containers]
        self.share: Floats = np.full(len(containers), FILLED)
        self.forced: set[int] = set()
        """Consignments that cannot be packed and have a rate."""

    def value(self, plan: Plan) -> tuple[int, int, float]:
        """What is compared, least first."""
        stock = self.stock
        cost = sum(self.costs[entry.type_] for entry in plan.bins) + sum(stock.fares[number] for number in plan.sent)
        cost += sum(stock.problem.consignments[number].groupage_milli or 0 for number in self.forced)
        fill = sum((stock.volume_mm3(entry.content) / stock.room_mm3(entry.type_)) ** 2 for entry in plan.bins)
        return stock.volume_mm3(plan.left), cost, -fill

    def _effort(self, content: Ints) -> int:
        """Work for one loading, so that a packing of the content takes a third of all work."""
        if self.over() or self.loader.spent > self.work:
            return FILL_LEAST
        rooms = max(self.stock.room_mm3(type_) for type_ in range(len(self.stock.holds)))
        bins = max(1.0, self.stock.volume_mm3(content) / rooms)
        return int(np.clip(self.work / 3 / bins, FILL_LEAST, FILL_MOST))

    def build(self, content: Ints, counts: Sequence[int], parties: Sequence[int], share: Floats) -> Plan:
        """Pack a content into containers of which ``counts`` are free; ``parties`` of it may go as groupage."""
        free, left = list(counts), content.copy()
        mix = self.mixer.best(content, free, parties, share) or self.mixer.best(content, free, parties)
        sent = frozenset(mix.sent if mix else parties)
        for number in sent:
            left -= self.stock.of_party(number)
        bins: list[Bin] = []
        barred: set[int] = set()
        while left.any():
            type_, alone = self._next(left, free, share, barred)
            if type_ < 0:
                break
            type_, loaded = self._loaded(type_, left, free, alone=alone)
            if not loaded.content.any():
                barred.add(type_)
                continue
            for _ in range(self._repeats(loaded.content, left, free[type_])):
                bins.append(Bin(type_, loaded.content, loaded.placements))
                left = left - loaded.content
                free[type_] -= 1
            if left.any() and not barred:
                self._learn(type_, loaded.content)
        return Plan(tuple(bins), sent, left)

    def _next(self, left: Ints, free: Sequence[int], share: Floats, barred: set[int]) -> tuple[int, bool]:
        """The container to load next (-1: none), and whether it should take all that is left."""
        open_ = [0 if type_ in barred else count for type_, count in enumerate(free)]
        rooms = [self.stock.room_mm3(type_) for type_ in range(len(free))]
        mix = self.mixer.best(left, open_, (), share) or self.mixer.best(left, open_)
        if mix is not None and any(mix.counts):
            chosen = [type_ for type_, count in enumerate(mix.counts) if count]
            return max(chosen, key=lambda type_: (rooms[type_], -type_)), sum(mix.counts) == 1
        useful = [type_ for type_, count in enumerate(open_) if count and self.stock.able[left > 0, type_].any()]
        return (max(useful, key=lambda type_: (rooms[type_], -type_)), False) if useful else (-1, False)

    def _loaded(self, type_: int, left: Ints, free: Sequence[int], *, alone: bool) -> tuple[int, Loaded]:
        """
        Load the next container, and which it is.

        One that should take all but does not is exchanged for one that does and costs no more than two together.
        """
        effort, seed = self._effort(left), int(self.random.integers(2**31))
        if alone:
            most = self.costs[type_] + min(self.costs)
            dearer = [
                other for other, cost in enumerate(self.costs) if self.costs[type_] <= cost <= most and free[other]
            ]
            for other in sorted(dearer, key=lambda other: (self.costs[other], other != type_)):
                whole = self.loader.all(other, left, effort, seed)
                if whole is not None:
                    return other, whole
        return type_, self.loader.most(type_, left, effort, seed)

    def _repeats(self, content: Ints, left: Ints, free: int) -> int:
        """How often the same content is packed again at once: as long as much more than it remains."""
        if (self.stock.bundle[content > 0] >= 0).any():
            return 1
        times = int(np.min(left[content > 0] // content[content > 0]))
        return max(1, min(times, free))

    def _learn(self, type_: int, content: Ints) -> None:
        """What part of a container's volume is filled when more was there."""
        hold = self.stock.holds[type_]
        if hold.weight_max_g is not None and self.stock.weight_g(content) > 0.97 * hold.weight_max_g:
            return
        part = self.stock.volume_mm3(content) / self.stock.room_mm3(type_)
        self.share[type_] = np.clip((1 - LEARNED) * self.share[type_] + LEARNED * part, 0.1, 1.0)

    def parties(self) -> list[int]:
        """Parties that may still go as groupage by choice."""
        gone = self.forced
        return [number for number, party in enumerate(self.stock.parties) if not gone & set(party)]

    def packed(self) -> Plan:
        """
        A first packing.

        A consignment with a rate of which something stays outside is sent as groupage, and the rest packed again.
        """
        stock = self.stock
        hopeless = ~stock.able.any(axis=1)
        content = stock.quantities.copy()
        self._force(np.where(hopeless, content, 0))
        while True:
            content, _ = stock.without_consignments(np.where(hopeless, 0, stock.quantities), self.forced)
            plan = self.build(content, self.limits, self.parties(), self.share)
            if not self._force(plan.left):
                return plan

    def _force(self, left: Ints) -> bool:
        """Whether consignments with a rate are among what is left, which are sent from now on."""
        rated = {
            number
            for number in self.stock.of_consignment[left > 0].tolist()
            if self.stock.problem.consignments[number].groupage_milli is not None
        }
        if rated <= self.forced:
            return False
        self.forced = self.stock.without_consignments(self.stock.quantities, self.forced | rated)[1]
        return True

    def improve(self, plan: Plan, bound: int) -> Plan:
        """Down-size, then empty containers and pack them anew, until work or time is over or the bound is met."""
        best, value = plan, self.value(plan)
        best = self._smaller(best)
        value = self.value(best)
        for _ in range(ROUNDS_MAX):
            if self.over() or self.loader.spent > self.work or (value[0] == 0 and value[1] <= bound):
                break
            self.loader.spent += ROUND_WORK
            trial = self._again(best)
            if trial is not None and self.value(trial) < value:
                best, value = trial, self.value(trial)
        return best

    def _free(self, bins: Sequence[Bin]) -> list[int]:
        return [limit - sum(entry.type_ == type_ for entry in bins) for type_, limit in enumerate(self.limits)]

    def _smaller(self, plan: Plan) -> Plan:
        """Each container exchanged for the cheapest one that takes all of it."""
        bins = list(plan.bins)
        for at, entry in enumerate(bins):
            free = self._free(bins)
            cheaper = [
                type_ for type_, cost in enumerate(self.costs) if cost < self.costs[entry.type_] and free[type_] > 0
            ]
            for type_ in sorted(cheaper, key=lambda type_: (self.costs[type_], type_)):
                seed = int(self.random.integers(2**31))
                loaded = self.loader.all(type_, entry.content, self._effort(entry.content), seed)
                if loaded is not None:
                    bins[at] = Bin(type_, loaded.content, loaded.placements)
                    break
        return Plan(tuple(bins), plan.sent, plan.left)

    def _again(self, plan: Plan) -> Plan | None:
        """Some containers, what is left and some groupage packed anew; None where sums already say it is in vain."""
        stock, count = self.stock, len(plan.bins)
        filled = np.array([stock.volume_mm3(entry.content) / stock.room_mm3(entry.type_) for entry in plan.bins])
        size = int(self.random.integers(1, BINS_EMPTIED_MAX + 1)) if count > 1 else 1
        keys = self.random.random(count) * (0.2 + filled)
        gone = set(np.argsort(keys, kind="stable")[:size].tolist())
        kept = [entry for at, entry in enumerate(plan.bins) if at not in gone]
        content = plan.left + sum((plan.bins[at].content for at in gone), np.zeros_like(plan.left))
        sent = set(plan.sent)
        back = [number for number in sorted(sent) if self.random.random() < 2 / len(sent)]
        for number in back:
            content = content + stock.of_party(number)
            sent.discard(number)
        inside = [number for number in self.parties() if number not in sent and self._within(number, content)]
        old = sum(self.costs[plan.bins[at].type_] for at in gone) + sum(stock.fares[number] for number in back)
        free = self._free(kept)
        hope = self.mixer.best(content, free, inside)
        if not plan.left.any() and (hope is None or hope.bound >= old) and self.random.random() < 0.7:
            return None
        share = np.clip(self.share * self.random.uniform(0.6, 1.2), 0.1, 1.0)
        part = self.build(content, free, inside, share)
        if any(self._within(number, part.left, some=True) for number in range(len(stock.parties))):
            return None
        return Plan((*kept, *part.bins), frozenset(sent | part.sent), part.left)

    def _within(self, number: int, content: Ints, *, some: bool = False) -> bool:
        """Whether all (or some) units of a party are in a content."""
        units = self.stock.of_party(number)
        return bool((content[units > 0] > 0).any() if some else (content >= units).all())
