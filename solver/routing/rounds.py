"""Rounds of a solve: searches from the best plan, then the best choice among all routes seen."""

from collections.abc import Sequence
from time import monotonic

from solver.partition import Partition, Partitioner
from solver.plan import Leg
from solver.processes import Processes, in_order
from solver.routing.engine import Engine, choose
from solver.routing.features import RouteKey
from solver.routing.legs import LegAnswer, LegTask, prepare, run_leg, run_prepared
from solver.routing.session import Session

ROUNDS = 3
"""Rounds of a budget in iterations, and the fewest that a budget in seconds is planned for."""
LEGS = 2
"""Searches a round of a budget in iterations: fixed, so that the answer does not depend on the cores."""
ROUND_S_MAX = 20.0
PARTITION_PART = 0.15
"""Part of a round's time for the partition."""
PARTITION_S_MAX = 10.0
SECOND_ENGINE_PART = 0.3
"""Part of a round's search for an engine that models what the first one narrows."""
PROCESSES_S_MIN = 3.0
"""Budgets in seconds below this are not worth starting child processes for."""
ELITE_MAX = 600
"""Routes that a partition without a limit of time chooses among: it is proven in a second or two."""
NODES_MAX = 1
IDLE_ROUNDS_MAX = 2


class Rounds:
    """
    Searches and partitions of one solve.

    Parameters
    ----------
    session
        The solve's state, with a first plan.
    seed
        Each leg of each round has a seed of its own derived from it.
    """

    def __init__(self, session: Session, seed: int) -> None:
        self._session, self._seed = session, seed
        self._engines: list[Engine] = choose(session.compiled.problem)
        self._round = self._idle = 0
        self._round_s: float | None = None
        budget = session.budget
        long = budget.seconds is None or budget.seconds >= PROCESSES_S_MIN
        self._cores = budget.cores if long and session.alone.servable else 1
        self._processes: Processes | None = None

    def __enter__(self) -> "Rounds":
        if self._cores > 1:
            self._processes = Processes(self._cores, prepare, (self._session.compiled.problem,))
        return self

    def __exit__(self, *_: object) -> None:
        if self._processes is not None:
            self._processes.leave()

    def go_on(self) -> bool:
        """Whether another round is worth while."""
        session = self._session
        if not session.alone.servable or session.proven() or session.over() or self._idle >= IDLE_ROUNDS_MAX:
            return False
        if session.budget.seconds is None:
            return self._round < ROUNDS
        left = session.left_s() or 0.0
        self._round_s = min(left / max(1, ROUNDS - self._round), ROUND_S_MAX)
        return True

    def search(self) -> None:
        """All legs of a round, each from the best plan; their routes go to the pool in the order of the legs."""
        before = self._session.worth
        tasks = self._tasks()
        began = self._session.seconds
        answers = self._in_processes(tasks) if self._processes is not None else self._here(tasks)
        for task, answer in zip(tasks, answers, strict=True):
            if answer is not None:
                self._take(task, answer)
        self._round += 1
        used_up = self._round_s is not None and self._session.seconds - began >= 0.5 * self._round_s
        self._idle = 0 if self._session.worth < before or used_up or self._round_s is None else self._idle + 1

    def _tasks(self) -> list[LegTask]:
        """The first engine with different seeds, then those that model what it narrows."""
        session = self._session
        iterations = session.budget.iterations
        several = self._cores if iterations is None else LEGS
        names = [self._engines[0].name] * several + [engine.name for engine in self._engines[1:]]
        if self._processes is None and iterations is None:
            parts = [1.0 - SECOND_ENGINE_PART * (len(names) - 1)] + [SECOND_ENGINE_PART] * (len(names) - 1)
        else:
            parts = [1.0 / len(names) if self._processes is None else 1.0] * len(names)
        search_s = None if self._round_s is None else self._round_s * (1 - PARTITION_PART)
        return [
            LegTask(
                engine=name,
                orders=session.alone.servable,
                start=tuple(session.keys()),
                seed=self._seed * 10_007 + self._round * 101 + number,
                seconds=None if search_s is None else max(0.01, search_s * part),
                iterations=None if iterations is None else max(1, iterations // ROUNDS),
            )
            for number, (name, part) in enumerate(zip(names, parts, strict=True))
        ]

    def _here(self, tasks: Sequence[LegTask]) -> list[LegAnswer | None]:
        """One after the other; better solutions are heard of at once, but the next leg starts where the first did."""
        session = self._session

        def heard(routes: list[RouteKey]) -> None:
            session.offer(routes)

        return [run_leg(session.compiled, task, session.over, heard) for task in tasks]

    def _in_processes(self, tasks: Sequence[LegTask]) -> list[LegAnswer | None]:
        """Side by side; when the time is over the children are told, and answer with what they have."""
        processes = self._processes
        if processes is None:
            return []

        def tick() -> bool:
            over = self._session.over()
            if over:
                processes.tell()
            return over

        return in_order(processes.executor, run_prepared, tasks, tick)

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
                note=f"round {self._round + 1}, seed {task.seed}",
            )
        )

    def partition(self) -> None:
        """The best choice among the pool's routes, or without a limit of time among those of the best solutions."""
        session = self._session
        if session.over():
            return
        if session.bound_early:
            session.seek_bound()
        began = monotonic()
        known = session.worth
        limits = [PARTITION_S_MAX, session.left_s(), self._round_s and self._round_s * PARTITION_PART]
        seconds = None if self._round_s is None else min(limit for limit in limits if limit is not None)
        answer = session.aside(lambda: self._choice(seconds))
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
