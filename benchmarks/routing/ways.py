"""Who plans: our solver and its peers, each called the same way."""

from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from benchmarks.routing.cases import Case
from solver.plan import Budget, Plan, Progress
from solver.problem import Problem
from solver.solve import solve

RouteKey = tuple[int, tuple[int, ...]]
OURS = "ours"
SINGLE = ("pyvrp", "ortools", "hgs")
"""Peers that use one core: with more, as many run side by side with seeds of their own, and the best counts."""
WARM_ORDERS, WARM_ITERATIONS = 6, 3


class Answer(NamedTuple):
    """
    What came out: a plan of ours, or a peer's routes.

    ``trace`` holds seconds, cost in thousandths and orders left out at each improvement; ``bound_milli`` is proven.
    """

    plan: Plan | None
    routes: list[RouteKey]
    bound_milli: int = 0
    trace: tuple[tuple[float, int, int], ...] = ()


def warm(problem: Problem) -> None:
    """Load what a long-lived process has loaded already: compiled kernels, libraries."""
    few = problem.replace(orders=problem.orders[:WARM_ORDERS])
    solve(few, Budget(seconds=None, iterations=WARM_ITERATIONS))


def ours(case: Case, seconds: float, cores: int, seed: int) -> Answer:
    """``solver.solve`` as everybody calls it."""
    seen: list[tuple[float, int, int]] = []
    began = monotonic()

    def hear(progress: Progress) -> None:
        if progress.cost_milli is not None:
            known = progress.cost_milli, progress.unplanned
            if not seen or seen[-1][1:] != known:
                seen.append((round(monotonic() - began, 3), *known))

    result = solve(case.problem, Budget(seconds=seconds, cores=cores), seed=seed, progress=hear)
    return Answer(result.plan, [], result.bound_milli, tuple(seen))


def pyvrp(case: Case, seconds: float, cores: int, seed: int) -> Answer:
    """PyVRP alone."""
    from benchmarks.routing import peer_pyvrp  # each process loads the engine that it measures, and no other

    return Answer(None, peer_pyvrp.solve(case.problem, seconds=seconds, seed=seed))


def ortools(case: Case, seconds: float, cores: int, seed: int) -> Answer:
    """OR-Tools' routing library alone."""
    from benchmarks.routing import peer_ortools

    return Answer(None, peer_ortools.solve(case.problem, seconds=seconds, seed=seed))


def vroom(case: Case, seconds: float, cores: int, seed: int) -> Answer:
    """VROOM alone."""
    from benchmarks.routing import peer_vroom

    return Answer(None, peer_vroom.solve(case.problem, seconds=seconds, cores=cores))


def hgs(case: Case, seconds: float, cores: int, seed: int) -> Answer:
    """HGS-CVRP alone."""
    from benchmarks.routing import peer_hgs

    if case.path is None:
        raise ValueError("HGS-CVRP reads the instance's own coordinates")
    return Answer(None, peer_hgs.solve(case.problem, case.path, seconds=seconds, seed=seed))


def is_ours(way: str) -> bool:
    """Whether a way is our solver, as it is or as a named variant."""
    return way.partition("-")[0] == OURS


Way = Callable[[Case, float, int, int], Answer]
WAYS: dict[str, Way] = {OURS: ours, "pyvrp": pyvrp, "ortools": ortools, "vroom": vroom, "hgs": hgs}
