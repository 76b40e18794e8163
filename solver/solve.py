"""
From a question to a checked plan: the whole algorithm on one screen.

Several searches feed one pool of routes, and set partitioning over the pool mixes their plans; the best plan so far is
the start of the next search. Why so, and what each part models, is in README.md beside this file.
"""

from collections.abc import Callable
from contextlib import ExitStack
from time import monotonic

from solver.assemble import assemble
from solver.bounds import lower_bound_milli, prove
from solver.check import check
from solver.compiled import Compiled
from solver.faults import ProblemError
from solver.locks import faults as lock_faults
from solver.plan import Budget, Leg, Plan, Progress, Result, Violation
from solver.pool import Pool
from solver.problem import Problem
from solver.routing.construct import construct, insert_missing
from solver.routing.features import RouteKey
from solver.routing.quick import quick_routes, suits
from solver.routing.session import Session
from solver.routing.stages import Stages
from solver.routing.standing import standing
from solver.routing.start import routes_of
from solver.stowing import stowing_of

FIRST_ORDERS_MAX = 30
"""Up to so many orders a first plan by insertion takes a few hundredths of a second."""
MISSING_TRIED = 50
"""Mandatory orders without a place that are tried once more at the end."""


class UncheckedPlan(Exception):
    """The checker found fault with the plan that the search made; ``violations`` says what. It is not given out."""

    def __init__(self, violations: list[Violation]) -> None:
        self.violations = violations
        super().__init__("; ".join(f"{v.where}: {v.code}: {v.detail}" for v in violations[:5]))


def solve(
    problem: Problem,
    budget: Budget | None = None,
    start: Plan | None = None,
    seed: int = 0,
    *,
    pool: Pool | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    scheduler: str | None = None,
) -> Result:
    """
    Plan the orders of a problem as cheaply as the budget allows.

    Parameters
    ----------
    problem
        The question.
    budget
        Limits; ten seconds on one core where None. ``seconds`` hold for everything, checking included.
    start
        An earlier plan: its routes that still exist and are feasible are the first plan.
    seed
        Not negative. With ``iterations`` and no ``seconds`` the same seed gives the same plan on any machine and cores.
    pool
        An empty or filled pool of the same problem; every route seen is added to it.
    progress
        Called at each improvement and at least twice a second, from the calling thread.
    stop
        Asked often; the best plan so far is returned within 0.3 s of True.
    scheduler
        Address of a Dask scheduler whose workers search (``tcp://host:8786``); None for this machine, with as many
        threads as the budget has cores.

    Returns
    -------
    Result
        Orders that no vehicle can serve, or that are dearer than their outside option, are in ``plan.unplanned``.

    Raises
    ------
    ValueError
        When ``pool`` belongs to another problem or ``seed`` is negative.
    ProblemError
        When a lock cannot be kept (``lock_infeasible``).
    UncheckedPlan
        When the plan fails the check: a bug, never the asker's fault.
    NoScheduler
        When the scheduler does not answer.
    """
    began = monotonic()
    budget = budget or Budget()
    pool = _own_pool(problem, pool, seed)
    if start is None and suits(pool.compiled, budget):
        routes = quick_routes(pool.compiled, budget, seed)
        pool.add_all(routes)
        return _result(pool.compiled, routes, bound_milli=0, seed=seed, budget=budget, began=began, trace=())
    session = Session(pool, budget, progress, stop, began)
    with ExitStack() as leaving:
        leaving.callback(session.close)
        session.offer(routes_of(session.compiled, start))
        session.offer(_first(session))
        session.gauge()
        stages = leaving.enter_context(Stages(session, seed, scheduler))
        while stages.go_on():
            stages.run()
        if not session.best and not session.asked_to_stop:
            session.offer(_completed(session))
        missing = sorted(session.mandatory_left())[:MISSING_TRIED]
        session.offer(insert_missing(session.compiled, session.alone, session.keys(), missing))
        return _checked(session, seed)


def as_it_is(
    pool: Pool,
    plan: Plan,
    budget: Budget,
    *,
    seed: int = 0,
    stop: Callable[[], bool] | None = None,
) -> Result:
    """
    A plan that somebody has decided on as a result: checked, and with what is proven about it within the budget.

    ``budget.seconds`` is for the proof; without seconds the quick bound alone is computed. The plan's routes are added
    to the pool.

    Raises
    ------
    UncheckedPlan
        When the plan fails the check.
    """
    began = monotonic()
    compiled = pool.compiled
    violations = check(compiled.problem, plan)
    if violations:
        raise UncheckedPlan(violations)
    routes = routes_of(compiled, plan)
    pool.add_all(routes)
    without = frozenset(compiled.order_index[entry.order] for entry in plan.unplanned if entry.outside_milli is None)
    bound = lower_bound_milli(compiled, without)
    if budget.bound and budget.seconds and bound < plan.cost_milli and not compiled.problem.change_milli:
        found = prove(
            compiled,
            without,
            upper_milli=plan.cost_milli,
            routes=routes,
            seconds=budget.seconds,
            labels=None,
            stop=stop or (lambda: False),
        )
        pool.add_all(found.columns)
        bound = max(bound, found.bound_milli)
    bound = min(bound, plan.cost_milli)
    return Result(
        plan=plan,
        bound_milli=bound,
        gap=(plan.cost_milli - bound) / plan.cost_milli if plan.cost_milli else 0.0,
        seconds=monotonic() - began,
        seed=seed,
        budget=budget,
        trace=(),
    )


def _first(session: Session) -> list[RouteKey]:
    """The start completed, where that is quick: on larger days the kernels make a first plan of their own."""
    return session.keys() if len(session.alone.servable) > FIRST_ORDERS_MAX else _completed(session)


def _completed(session: Session) -> list[RouteKey]:
    """The plan with what it leaves out inserted; late rather than none, where the time went into compiling."""
    stop = session.over if session.best else lambda: session.asked_to_stop
    return construct(session.compiled, session.alone, start=session.keys(), stop=stop, hasty=session.hasty)


def _own_pool(problem: Problem, pool: Pool | None, seed: int) -> Pool:
    """The given pool, or a new one; the asker's locks are judged whichever it is."""
    if seed < 0:
        raise ValueError("a seed must not be negative")
    if pool is None:
        pool = Pool(Compiled(problem))
    if pool.compiled.problem is not problem and pool.compiled.problem != problem:
        raise ValueError("the pool belongs to another problem")
    infeasible = lock_faults(pool.compiled)
    if infeasible:
        raise ProblemError(infeasible)
    return pool


def _checked(session: Session, seed: int) -> Result:
    """The best plan in full, after the independent check."""
    bound = session.bound_milli()
    session.enter("check")
    stowing = stowing_of(session.compiled)
    if stowing is not None:
        session.trace.append(stowing.leg())
    return _result(
        session.compiled,
        standing(session),
        bound_milli=bound,
        seed=seed,
        budget=session.budget,
        began=session.began,
        trace=tuple(session.trace),
    )


def _result(
    compiled: Compiled,
    routes: list[RouteKey],
    *,
    bound_milli: int,
    seed: int,
    budget: Budget,
    began: float,
    trace: tuple[Leg, ...],
) -> Result:
    """Routes as a checked plan, with what is known about it."""
    plan = assemble(compiled, routes)
    violations = check(compiled.problem, plan)
    if violations:
        raise UncheckedPlan(violations)
    bound = min(bound_milli, plan.cost_milli)
    return Result(
        plan=plan,
        bound_milli=bound,
        gap=(plan.cost_milli - bound) / plan.cost_milli if plan.cost_milli else 0.0,
        seconds=monotonic() - began,
        seed=seed,
        budget=budget,
        trace=trace,
    )
