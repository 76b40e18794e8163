"""State of one proof: branches on the number of vehicles, cuts, all routes that a better plan could use."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from solver.colgen.close import Verdict, closed
from solver.colgen.cuts import separate
from solver.colgen.exact import price_of
from solver.colgen.limits import Budget, OutOfBudgetError
from solver.colgen.master import Master
from solver.colgen.model import FAR, Model
from solver.colgen.node import Search
from solver.colgen.pricing import Pricer

RouteKey = tuple[int, tuple[int, ...]]

CUTS_A_ROUND = 20
STRETCH_MAX = 12
GAIN_LEAST = 2e-4
QUIET_MAX = 4
"""So many rounds of cuts in a row that raise the bound by less than that share of it are the last."""
FRACTION_LEAST = 1e-3
"""So far from a whole number of vehicles a solution is branched on."""


class _Branch(NamedTuple):
    """Between so many vehicles; ``bound`` in grains holds for every plan within, ``tried`` counts rounds of cuts."""

    bound: int
    fewest: int
    most: int
    tried: int = 0
    quiet: int = 0


def parts(nodes: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """
    A route, its stretches, and what is left without a stretch.

    They keep the first duals sane: no stretch is worth more than it costs to drive alone, none less than it adds.
    """
    yield nodes
    for begin in range(len(nodes)):
        for end in range(begin + 1, min(len(nodes), begin + STRETCH_MAX) + 1):
            yield nodes[begin:end]
            if end - begin < len(nodes):
                yield nodes[:begin] + nodes[end:]


def routes_most(model: Model, upper_milli: int) -> int:
    """No plan cheaper than this has more routes: each leaves its start and ends."""
    cheapest = route_least(model)
    return upper_milli * model.grains // cheapest if cheapest else len(model.visits)


def route_least(model: Model) -> int:
    """No route costs less than so many grains: it leaves its start and ends; 0 where that says nothing."""
    cheapest = min(
        int(np.min(network.price[-1])) + max(0, int(np.min(network.price[:, -1]))) for network in model.networks
    )
    return cheapest if 0 < cheapest < FAR else 0


class Outcome(NamedTuple):
    """The first attributes of ``solver.colgen.bound.ColumnBound``."""

    bound_milli: int
    proven_optimal: bool
    routes: tuple[RouteKey, ...]
    columns: tuple[RouteKey, ...]


class Proof:
    """State of one proof; what its branches' bounds say holds at any moment."""

    def __init__(self, model: Model, budget: Budget, upper_milli: int | None, fewest: int) -> None:
        self.model = model
        self.budget = budget
        self.upper = upper_milli
        self.master = Master(model)
        self.pricers = [Pricer(network, model.near) for network in model.networks]
        self.search = Search(self.master, self.pricers, budget)
        most = self.master.visits if upper_milli is None else min(self.master.visits, routes_most(model, upper_milli))
        self.branches = [_Branch(0, min(fewest, most), most)]
        self.ended: list[_Branch] = []
        self.routes: tuple[RouteKey, ...] = ()
        self.root_duals: dict[int, int] = {}
        self.root_bound, self.root_beyond = 0, 0
        self._guessed = False

    def guess(self, duals: Mapping[int, int]) -> None:
        """Begin with these duals by visit, where they tell anything."""
        known = [max(0, duals.get(visit, 0)) for visit in self.model.visits]
        if any(known):
            self.search.center[: len(known)] = known
            self._guessed = True

    def learn(self, routes: Sequence[RouteKey], *, stretches: bool) -> None:
        """Take over routes that are known, as far as the relaxation knows all their visits; or their stretches too."""
        node_of = {visit: node for node, visit in enumerate(self.model.visits)}
        for type_, visits in routes:
            for k, network in enumerate(self.model.networks):
                if type_ not in network.types:
                    continue
                reload_of = {~place: network.visits + index for index, place in enumerate(network.reloads)}
                nodes = tuple(node_of.get(visit, reload_of.get(visit, -1)) for visit in visits)
                if min(nodes, default=-1) >= 0 and price_of(network, nodes) < FAR:
                    if stretches and not self._guessed:
                        self.search.suggest(k, nodes)
                    self.master.add((k, part) for part in (parts(nodes) if stretches else (nodes,)))

    @property
    def target(self) -> int:
        """A bound in grains that leaves no room for a better plan: prices are whole thousandths."""
        return 2**62 if self.upper is None else (self.upper - 1) * self.model.grains + 1

    def run(self, *, root_only: bool, beyond: int | None = None) -> None:
        """
        Always the branch with the least bound, a round of columns and cuts at a time; or the first round alone.

        After the first round at most ``beyond`` labels more, where that is not None.
        """
        last: _Branch | None = None
        while self.branches:
            branch = min(self.branches)
            if branch.bound >= self.target:
                return
            if last is None or (branch.fewest, branch.most) != (last.fewest, last.most):
                self.master.bound_vehicles(branch.fewest, branch.most)
            last = branch
            done = self._converged(branch)
            if root_only:
                return
            if beyond is not None:
                self.budget.only(beyond)
                beyond = None
            self._step(branch, done=done)

    def _converged(self, branch: _Branch) -> bool:
        """Raise one branch's bound; False where pricing is too hard to go on."""
        try:
            return self.search.converge(self.target, lambda bound: self._raise(branch, bound))
        finally:
            self._keep_duals()

    def _step(self, branch: _Branch, *, done: bool) -> None:
        """Put in a branch's place what is left of it."""
        point, solution = self.search.best, self.search.solution
        at = next(k for k, other in enumerate(self.branches) if (other.fewest, other.most) == branch[1:3])
        better = self.branches.pop(at)
        if not done or point is None or solution is None:
            self.ended.append(better)
            return
        if better.bound >= self.target:
            self.ended.append(better)
            return
        number = sum(share for name, share in solution.shares if self.master.columns[name].network >= 0)
        whole = round(number)
        if abs(number - whole) > FRACTION_LEAST and branch.most > branch.fewest:
            low = int(number)
            self.branches += [_Branch(better.bound, branch.fewest, low), _Branch(better.bound, low + 1, branch.most)]
            return
        try:
            verdict = closed(self.model, self.search, self.pricers, point, self.target, self.budget)
        except OutOfBudgetError:
            # What was not looked through keeps the bound that it had: without it the least of the others would stand.
            self.ended.append(better)
            raise
        if verdict is not None:
            self._conclude(better, verdict)
            return
        gain = better.bound - branch.bound
        quiet = branch.quiet + 1 if gain < GAIN_LEAST * better.bound else 0
        if quiet >= QUIET_MAX or not self._cut():
            self.ended.append(better)
            return
        self.branches.append(better._replace(tried=branch.tried + 1, quiet=quiet))

    def _keep_duals(self) -> None:
        """Of the first node, while it has no cuts."""
        if not self.root_duals and self.search.best is not None:
            duals = self.search.best.duals[: self.master.visits].tolist()
            self.root_duals = dict(zip(self.model.visits, duals, strict=True))
            self.root_bound = self.search.best.bound
            self.root_beyond = self.search.beyond_of(self.search.best)

    def _raise(self, branch: _Branch, bound: int) -> None:
        """A better bound for a branch, at once, so that it stands when the budget ends."""
        for k, other in enumerate(self.branches):
            if (other.fewest, other.most) == (branch.fewest, branch.most) and bound > other.bound:
                self.branches[k] = other._replace(bound=bound)

    def _conclude(self, branch: _Branch, verdict: Verdict) -> None:
        """All plans of a branch below the target were looked through."""
        if verdict.routes and (self.upper is None or verdict.milli < self.upper):
            self.upper, self.routes = verdict.milli, self._keys(verdict.routes)
        self.ended.append(branch._replace(bound=max(branch.bound, min(verdict.bound, self.target))))

    def _cut(self) -> int:
        """Add violated cuts; returns how many."""
        solution = self.search.solution
        columns = self.master.columns
        shares = [] if solution is None else solution.shares
        routes = [(columns[name].nodes, share) for name, share in shares if columns[name].network >= 0 and share > 1e-6]
        return self.master.add_cuts(separate(routes, self.master.visits, CUTS_A_ROUND))

    def _keys(self, routes: Iterable[tuple[int, tuple[int, ...]]]) -> tuple[RouteKey, ...]:
        """Routes with the vehicle types that have them, as many of each as there are."""
        left: dict[int, list[int]] = {}
        keys = []
        for k, nodes in routes:
            network = self.model.networks[k]
            if k not in left:
                counts = zip(network.types, network.counts, strict=True)
                left[k] = [
                    type_ for type_, count in counts for _ in range(self.master.visits if count is None else count)
                ]
            keys.append((left[k].pop(0), self._visits(k, nodes)))
        return tuple(keys)

    def _visits(self, k: int, nodes: tuple[int, ...]) -> tuple[int, ...]:
        network = self.model.networks[k]
        return tuple(
            self.model.visits[node] if node < network.visits else ~network.reloads[node - network.visits]
            for node in nodes
        )

    def outcome(self) -> Outcome:
        """What is proven now."""
        grains = min(branch.bound for branch in [*self.branches, *self.ended])
        bound = max(0, -(-grains // self.model.grains))
        optimal = self.upper is not None and bound >= self.upper
        columns = tuple(
            (self.model.networks[column.network].types[0], self._visits(column.network, column.nodes))
            for column in self.master.columns
            if column.network >= 0 and len(set(column.nodes)) == len(column.nodes)
        )
        return Outcome(
            bound if self.upper is None else min(bound, self.upper),
            optimal,
            self.routes,
            columns,
        )
