"""Stages of a solve: searches from the best plan, the best choice among all routes seen, the proof."""

from time import monotonic

from solver.locks import first_routes
from solver.partition import Partition, Partitioner
from solver.plan import Leg
from solver.routing.engine import Engine, choose
from solver.routing.executors import Workers, executor_for
from solver.routing.features import RouteKey
from solver.routing.legs import LegAnswer, LegTask
from solver.routing.recipe import BOUND, PARTITION, REGIONAL_ORDERS_MIN, REGIONS, STEPS, Stage, recipe
from solver.routing.regions import plan_large
from solver.routing.session import Session
from solver.stowing import stowing_of

LEGS = 2
"""Searches side by side of a budget in iterations: fixed, so that the answer does not depend on the cores."""
PARTITION_S_MAX = 10.0
LONG_ROUTE_ORDERS = 30
"""Orders a route from which on regions do not pay."""
ELITE_MAX = 600
"""Routes that a partition without a limit of time chooses among: it is proven in a second or two."""
NODES_MAX = 1


class Stages:
    """
    Steps of one solve.

    Parameters
    ----------
    session
        The solve's state, with a first plan.
    seed
        Each leg of each stage has a seed of its own derived from it.
    scheduler
        Address of a Dask scheduler to run searches on; None for threads of this process.

    Raises
    ------
    NoScheduler
        When the scheduler does not answer.
    """

    def __init__(self, session: Session, seed: int, scheduler: str | None = None) -> None:
        self._session, self._seed = session, seed
        self._engines: list[Engine] = choose(session.compiled.problem)
        budget = session.budget
        cores = 1 if budget.seconds is None else budget.cores
        holds = stowing_of(session.compiled) is not None
        stages = recipe(self._engines, len(session.alone.servable), budget.seconds, cores, holds=holds)
        self._left = [stage for stage in stages if budget.bound or stage.what != BOUND]
        self._number = 0
        cores = budget.cores if session.alone.servable else 1
        self._workers: Workers = executor_for(scheduler, cores, threads=True)

    def __enter__(self) -> "Stages":
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.leave()

    def go_on(self) -> bool:
        """Whether there is another stage, and time and need for it."""
        session = self._session
        return bool(self._left) and bool(session.alone.servable) and not session.over() and not session.proven()

    def run(self) -> None:
        """The next stage."""
        stage = self._left.pop(0)
        seconds = self._seconds(stage)
        self._number += 1
        if stage.what == PARTITION:
            self._session.enter("partition")
            self._partition(seconds)
        elif stage.what == REGIONS and not self._long_routes():
            self._session.enter("search")
            self._regions(seconds)
        elif stage.what == BOUND:
            self._session.enter("bound")
            self._session.seek_bound(seconds)
        else:
            self._session.enter("search")
            self._search(stage._replace(what=self._engines[0].name) if stage.what == REGIONS else stage, seconds)

    def _long_routes(self) -> bool:
        """Whether routes are so long that too few fit in a region; very large days are divided all the same."""
        orders, routes = len(self._session.alone.servable), len(self._session.best)
        return orders < REGIONAL_ORDERS_MIN and orders > LONG_ROUTE_ORDERS * routes > 0

    def _seconds(self, stage: Stage) -> float | None:
        """The stage's share of what time is left; None where the budget is in iterations."""
        left = self._session.left_s()
        return None if left is None else max(0.01, left * stage.part / (stage.part + sum(s.part for s in self._left)))

    def _search(self, stage: Stage, seconds: float | None) -> None:
        """All legs, each from the best plan; their routes go to the pool in the order of the legs."""
        session = self._session
        iterations = session.budget.iterations
        steps = STEPS.get(stage.what, 1)
        legs = self._workers.parallel if iterations is None else LEGS
        tasks = [
            LegTask(
                engine=stage.what,
                orders=session.alone.servable,
                start=tuple(first_routes(session.compiled) if stage.fresh else session.keys()),
                seed=self._seed * 10_007 + self._number * 101 + leg,
                seconds=seconds,
                iterations=None if iterations is None else max(1, int(iterations * steps * stage.part)),
            )
            for leg in range(legs)
        ]

        def heard(routes: list[RouteKey]) -> None:
            session.offer(routes)

        for task, answer in zip(tasks, self._workers.legs(session.compiled, tasks, session.over, heard), strict=True):
            if answer is not None:
                self._take(task, answer)

    def _regions(self, seconds: float | None) -> None:
        """A large day, region by region."""
        session = self._session
        began = session.seconds
        plan_large(
            session,
            self._workers,
            session.alone.servable,
            seed=self._seed,
            seconds=seconds,
            iterations=session.budget.iterations,
        )
        session.trace.append(
            Leg(
                engine="regions",
                seconds=session.seconds - began,
                cost_milli=session.worth[1] if session.best else None,
                routes_found=len(session.pool),
                note=f"stage {self._number}",
            )
        )

    def _take(self, task: LegTask, answer: LegAnswer) -> None:
        session = self._session
        known = len(session.pool)
        session.pool.add_all(answer.found)
        for routes in answer.solutions:
            session.offer(routes)
        session.trace.append(
            Leg(
                engine=task.engine,
                seconds=answer.seconds,
                cost_milli=session.worth[1] if session.best else None,
                routes_found=len(session.pool) - known,
                note=f"stage {self._number}, seed {task.seed}",
            )
        )

    def _partition(self, seconds: float | None) -> None:
        """The best choice among the pool's routes, or without a limit of time among those of the best solutions."""
        session = self._session
        began = monotonic()
        known = session.worth
        answer = session.aside(lambda: self._choice(None if seconds is None else min(seconds, PARTITION_S_MAX)))
        if answer is not None:
            session.offer([(route.type_, route.visits) for route in answer.routes])
            note = ("proven" if answer.proven else "not proven") + (", better" if session.worth < known else "")
            session.trace.append(
                Leg(
                    engine="partition",
                    seconds=monotonic() - began,
                    cost_milli=answer.cost_milli,
                    routes_found=len(answer.routes),
                    note=note,
                )
            )

    def _choice(self, seconds: float | None) -> Partition:
        session = self._session
        routes = list(session.pool) if seconds is not None else list(session.elite.values())[-ELITE_MAX:]
        partitioner = Partitioner(session.compiled, [*routes, *session.best])
        nodes = NODES_MAX if seconds is None else None
        return partitioner.best(session.alone.servable, start=session.best, seconds=seconds, nodes=nodes)
