"""
Beam search over blocks: each node is judged by filling it up greedily.

After Araya, Riff, "A beam search approach to the container loading problem" (2014), the width doubled from run to run.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from solver.packing.blocks_place import branch, complete, copy_state, step
from solver.packing.blocks_types import BY_BLOCK, LOOKED, Desk, State, Stock, new_desk, new_state

WIDTH_MOST = 64
TASTES = ((1.0, 1.0, 1.0, 4.0), (2.0, 1.0, 1.0, 4.0), (1.0, 1.0, 1.0, 2.0), (1.0, 1.0, 4.0, 4.0))
"""Weights of distance along x, y, z by which the next seat is picked, and exponent of contact: tried in turn."""
SHAKE = 0.1
"""Standard deviation of the logarithm by which keys are changed when all widths were tried."""


@dataclass
class Budget:
    """
    How long to search: ``work`` blocks looked at (thousands), ``seconds`` of this thread's CPU time (None: no limit).
    """

    work: int
    seconds: float | None
    looked: int = 0
    began: float = field(default_factory=time.thread_time)

    def part(self, share: float) -> "Budget":
        """A share of what is left, to be spent now."""
        left = None if self.seconds is None else max(0.0, self.seconds - (time.thread_time() - self.began))
        work = max(0, self.work - self.looked // 1000)
        return Budget(int(work * share), None if left is None else left * share)

    def over(self) -> bool:
        """Whether either is used up."""
        if self.looked >= 1000 * self.work:
            return True
        return self.seconds is not None and time.thread_time() - self.began >= self.seconds


@dataclass
class Search:
    """A search over one stock: the best filling so far, and room to work in."""

    stock: Stock
    root: State
    budget: Budget
    desk: Desk
    best: State
    trial: State
    found: bool = False
    pool: list[State] = field(default_factory=list)

    @classmethod
    def of(cls, stock: Stock, root: State, budget: Budget) -> "Search":
        """A search that begins at a state."""
        cuboids, kinds = len(root.cuboid), len(root.left)
        desk = new_desk(cuboids, max(1, len(stock.key)), WIDTH_MOST)
        return cls(stock, root, budget, desk, new_state(cuboids, kinds), new_state(cuboids, kinds))

    def run(self, seed: int) -> None:
        """
        Fills up in every taste, then widens the beam from run to run until the budget is used up or all placed.

        Ends as well after runs that found nothing to look at: so will all others.
        """
        draw = np.random.default_rng(seed)
        tastes = [TASTES[(seed + turn) % len(TASTES)] for turn in range(len(TASTES))]
        for number, taste in enumerate(tastes):
            if self.done(number > 0):
                return
            self.desk.taste[:] = taste
            self.greedy()
        looked = -1
        while looked < self.budget.looked:
            looked = self.budget.looked
            width, turn = 2, 0
            while width <= WIDTH_MOST:
                if self.done(True):
                    return
                self.desk.taste[:] = tastes[turn % len(tastes)]
                self.beam(width)
                width, turn = 2 * width, turn + 1
            self.shake(draw)

    def done(self, once: bool) -> bool:
        """Whether to end: all is placed, or the budget is used up (after one filling at least)."""
        return once and (self.budget.over() or int(self.best.left.sum()) == 0)

    def shake(self, draw: np.random.Generator) -> None:
        """Changes all keys a little."""
        stock = self.stock
        key = stock.key * np.exp(SHAKE * draw.standard_normal(len(stock.key)))
        order = np.argsort(-key, kind="stable")
        by_block = {name: getattr(stock, name)[order] for name in BY_BLOCK}
        self.stock = stock._replace(**by_block)._replace(key=key[order])

    def spend(self) -> None:
        """Books what the desk looked at."""
        self.budget.looked += int(self.desk.sight[LOOKED])
        self.desk.sight[LOOKED] = 0

    def keep(self, state: State) -> None:
        """Remembers a full hold if it is the best."""
        if not self.found or state.gain[0] > self.best.gain[0]:
            copy_state(state, self.best)
            self.found = True

    def greedy(self) -> float:
        """Fills up once, without looking ahead; returns the value."""
        copy_state(self.root, self.trial)
        complete(self.trial, self.stock, self.desk)
        self.spend()
        self.keep(self.trial)
        return float(self.trial.gain[0])

    def beam(self, width: int) -> float:
        """One run of the beam; returns the value of the best hold it saw. Ends early when the budget is used up."""
        nodes = [(self.greedy(), self._state(0))]
        copy_state(self.root, nodes[0][1])
        top, turn = nodes[0][0], 0
        while nodes and not self.budget.over():
            children: list[tuple[float, int, int]] = []
            for number, (whole, state) in enumerate(nodes):
                for rank, block in enumerate(self._blocks(state, width)):
                    if self.budget.over():
                        return top
                    value = whole if rank == 0 else self._value(state, block)
                    top = max(top, value)
                    children.append((value, number, block))
            turn = 1 - turn
            nodes = self._next(nodes, children, width, turn)
        return top

    def _state(self, place: int) -> State:
        while len(self.pool) <= place:
            self.pool.append(new_state(len(self.root.cuboid), len(self.root.left)))
        return self.pool[place]

    def _blocks(self, state: State, width: int) -> list[int]:
        count = branch(state, self.stock, self.desk, width)
        self.spend()
        chosen: list[int] = self.desk.best[:count].tolist()
        return chosen

    def _value(self, state: State, block: int) -> float:
        copy_state(state, self.trial)
        step(self.trial, self.stock, self.desk, block)
        complete(self.trial, self.stock, self.desk)
        self.spend()
        self.keep(self.trial)
        return float(self.trial.gain[0])

    def _next(
        self, nodes: list[tuple[float, State]], children: list[tuple[float, int, int]], width: int, turn: int
    ) -> list[tuple[float, State]]:
        """The best children, one of each value."""
        chosen: list[tuple[float, State]] = []
        seen: set[float] = set()
        for value, number, block in sorted(children, key=lambda child: -child[0]):
            if value in seen:
                continue
            seen.add(value)
            state = self._state(turn * WIDTH_MOST + len(chosen))
            copy_state(nodes[number][1], state)
            step(state, self.stock, self.desk, block)
            chosen.append((value, state))
            if len(chosen) == width:
                break
        return chosen
