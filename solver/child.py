"""
A solve in a process of its own: ``python -m solver.child``.

One JSON object comes in on the first line of standard input, JSON objects go out line by line on standard output:
``{"progress": ...}`` while it works, and ``{"answer": ...}`` or ``{"faults": [...]}`` at the end. The process ends when
its standard input closes, so that it never outlives whoever asked; a line ``stop`` ends the search early and keeps the
best plan. The environment variable ``CLUSTER_SCHEDULER`` names a Dask scheduler whose workers help instead of child
processes; one that does not answer ends the process with an error.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from time import monotonic
from typing import Any

import msgspec
from msgspec import Struct

from solver.assemble import assemble
from solver.codec import problem_from_json
from solver.compiled import Compiled
from solver.faults import ProblemError
from solver.matrix import encode_matrix
from solver.measures import key_of_owners
from solver.plan import Budget, Plan, Progress, Result
from solver.pool import Pool
from solver.problem import Problem
from solver.processes import PARENT_GONE
from solver.routing.alone import Alone
from solver.routing.construct import insert_missing
from solver.routing.executors import executor_for
from solver.routing.start import routes_of
from solver.shares import Effort, Rule, Split, SplitProgress, SplitStopped
from solver.solve import MISSING_TRIED, as_it_is, solve
from solver.split import PREVIEW, USUAL, Terms, split_cost

SCHEDULER = "CLUSTER_SCHEDULER"
CHUNK_BYTES = 1 << 20
PROVE_S = 45.0
"""Seconds after which the first attempt proves no further; what is proven by then stands."""
PROOF_S = 8.0
"""Seconds that one coalition's proof may take: nobody is asked whether it is enough before it ends."""
BOUNDED = msgspec.structs.replace(USUAL, proof_s=PROOF_S)
ATTEMPTS: tuple[tuple[Effort, int, float | None], ...] = ((BOUNDED, 12, 200.0), (PREVIEW, 6, 60.0), (PREVIEW, 2, None))
"""Effort, players at most, and seconds after which a split is given up for the next coarser one."""
PROVE_PART = 0.25
"""Of the time for a search that answered another question, for the proof about this one."""
TELL_S = 0.5
"""Seconds between two lines of progress of a split, but for a new phase."""


class Request(Struct, frozen=True, kw_only=True):
    """
    What is asked: a problem (as JSON), how long to search, and by which rule to split.

    ``searched``, where there is one, is the same day asked differently: other prices, tighter windows, fewer vehicles.
    The search answers it; the plan is then timed, priced, checked and split by ``problem``. With ``fixed`` nothing is
    searched: that plan is checked and its cost split, and no better one takes its place. ``start`` is a plan to begin
    from.

    ``ground``, where there is one, is the day before anything happened on it: ``problem`` says what cannot be changed
    any more. The plan's cost is split by what groups of members would have paid on that day by themselves.
    ``weights`` and ``unions`` are what rules need beside (``solver.split.Terms``).
    """

    problem: msgspec.Raw
    searched: msgspec.Raw = msgspec.Raw()
    ground: msgspec.Raw = msgspec.Raw()
    fixed: Plan | None = None
    start: Plan | None = None
    budget: Budget
    seed: int
    rule: Rule
    players_max: int = 8
    weights: dict[str, int] | None = None
    unions: tuple[tuple[str, ...], ...] = ()


class Answer(Struct, frozen=True, kw_only=True):
    """Plan and split. Where the partition for the grand coalition beat the search, ``result`` holds that plan."""

    result: Result
    split: Split


def main() -> int:
    """Reads one request, answers it; exit status 0 also for faults in the problem, which are an answer."""
    lines = _lines()
    request = msgspec.json.decode(next(lines), type=Request)
    stop = threading.Event()
    threading.Thread(target=_watch, args=(lines, stop), daemon=True).start()
    try:
        answer = _answer(request, stop)
    except ProblemError as error:
        _say({"faults": error.faults})
    else:
        _say({"answer": answer})
    return 0


def _answer(request: Request, stop: threading.Event) -> Answer:
    """
    Plan and split.

    Raises
    ------
    ProblemError
        When the problem is none, or its orders have nothing that the rule measures; said before anything is searched.
    """
    problem = problem_from_json(bytes(request.problem))
    pool = Pool(Compiled(problem))
    key_of_owners(pool.compiled, request.rule, ())
    if request.fixed is not None:
        result = as_it_is(pool, request.fixed, request.budget, seed=request.seed, stop=stop.is_set)
    elif bytes(request.searched):
        result = _searched(request, problem_from_json(bytes(request.searched)), pool, stop)
    else:
        result = _solved(request, problem, pool, stop)
    split = _split(request, result, pool)
    return Answer(result=_with(result, split.plan), split=msgspec.structs.replace(split, plan=None))


def _solved(request: Request, problem: Problem, pool: Pool | None, stop: threading.Event) -> Result:
    return solve(
        problem,
        request.budget,
        request.start,
        seed=request.seed,
        pool=pool,
        progress=lambda progress: _say({"progress": progress}),
        stop=stop.is_set,
        scheduler=_scheduler(),
    )


def _searched(request: Request, searched: Problem, pool: Pool, stop: threading.Event) -> Result:
    """The plan that was found for another question, as an answer to this one; what is proven is proven for this one."""
    found = _solved(request, searched, None, stop)
    plan = assemble(pool.compiled, routes_of(pool.compiled, _completed(searched, pool, found.plan)))
    prove_s = (request.budget.seconds or 0.0) * PROVE_PART
    result = as_it_is(pool, plan, Budget(seconds=prove_s), seed=request.seed, stop=stop.is_set)
    return msgspec.structs.replace(
        result, seconds=found.seconds + result.seconds, budget=request.budget, trace=found.trace
    )


def _completed(searched: Problem, pool: Pool, plan: Plan) -> Plan:
    """The plan with what it must carry and left out for want of time, which the question that is answered may have."""
    problem = pool.compiled.problem
    missing = [entry.order for entry in plan.unplanned if entry.outside_milli is None][:MISSING_TRIED]
    if not missing or searched.orders == problem.orders:
        return plan
    compiled = Compiled(searched.replace(orders=problem.orders))
    numbers = [compiled.order_index[order] for order in missing]
    return assemble(compiled, insert_missing(compiled, Alone(compiled), routes_of(compiled, plan), numbers))


def _split(request: Request, result: Result, pool: Pool) -> Split:
    """The split with the players wanted; should that take too long, a coarser one, with members united as need be."""
    problem, plan, bill_milli = pool.compiled.problem, result.plan, None
    if bytes(request.ground):
        pool, plan = _before(problem_from_json(bytes(request.ground)), result.plan)
        problem, bill_milli = pool.compiled.problem, result.plan.cost_milli
    teller = _Teller(result)
    with ExitStack() as leaving:
        workers = executor_for(_scheduler(), request.budget.cores)
        leaving.callback(workers.leave)
        enough = partial(_past, monotonic() + PROVE_S)
        for effort, players_max, seconds in ATTEMPTS:
            deadline = None if seconds is None else monotonic() + seconds
            try:
                return split_cost(
                    problem,
                    plan,
                    pool,
                    request.rule,
                    seed=request.seed,
                    effort=effort,
                    players_max=min(request.players_max, players_max),
                    terms=Terms(weights=request.weights, unions=request.unions),
                    executor=workers.executor,
                    progress=teller.tell,
                    stop=partial(_past, deadline),
                    enough=enough,
                    keep_plan=bill_milli is not None or request.fixed is not None or bool(bytes(request.searched)),
                    bill_milli=bill_milli,
                )
            except SplitStopped:
                continue
    raise AssertionError("the coarsest split is never stopped")


def _before(ground: Problem, plan: Plan) -> tuple[Pool, Plan]:
    """A day before anything happened, with the orders that the plan is about, and that plan as it could have been."""
    lost = {entry.order for entry in plan.unplanned if entry.outside_milli is None}
    compiled = Compiled(ground.of_orders({order.id for order in ground.orders} - lost))
    routes = routes_of(compiled, plan)
    served = {visit >> 1 for _, visits in routes for visit in visits if visit >= 0}
    missing = [number for number in range(len(compiled.problem.orders)) if number not in served]
    return Pool(compiled), assemble(compiled, insert_missing(compiled, Alone(compiled), routes, missing))


class _Teller:
    """Says where the split stands: each phase at once, and then every now and then."""

    def __init__(self, result: Result) -> None:
        self._result = result
        self._began = self._told = monotonic()
        self._phase = ""

    def tell(self, progress: SplitProgress) -> None:
        now = monotonic()
        if progress.phase == self._phase and now - self._told < TELL_S:
            return
        self._phase, self._told = progress.phase, now
        plan = self._result.plan
        at = Progress(
            phase=progress.phase,
            seconds=self._result.seconds + now - self._began,
            cost_milli=plan.cost_milli,
            bound_milli=self._result.bound_milli,
            routes=len(plan.routes),
            unplanned=len(plan.unplanned),
        )
        _say({"progress": at})


def _scheduler() -> str | None:
    return os.environ.get(SCHEDULER) or None


def _past(deadline: float | None) -> bool:
    return deadline is not None and monotonic() > deadline


def _with(result: Result, better: Plan | None) -> Result:
    """The result with the better plan that splitting may have found."""
    if better is None:
        return result
    gap = (better.cost_milli - result.bound_milli) / better.cost_milli if better.cost_milli else 0.0
    return msgspec.structs.replace(result, plan=better, gap=gap)


def _say(value: Any) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value, enc_hook=encode_matrix) + b"\n")
    sys.stdout.buffer.flush()


def _lines() -> Iterator[bytes]:
    """
    Lines of standard input, read straight from the system.

    A thread waiting inside Python's own reader would hold its lock, and the interpreter aborts when it ends like that.
    """
    rest = b""
    while chunk := os.read(sys.stdin.fileno(), CHUNK_BYTES):
        *whole, rest = (rest + chunk).split(b"\n") if b"\n" in chunk else (rest + chunk,)
        yield from whole


def _watch(lines: Iterator[bytes], stop: threading.Event) -> None:
    """Ends the search on ``stop``, and the process when its parent is gone."""
    for line in lines:
        if line.strip() == b"stop":
            stop.set()
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # helpers of ours must not outlive us either
    os._exit(PARENT_GONE)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    if os.getpgrp() == os.getpid():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)  # helpers that are still starting up
    os._exit(code)  # the watching thread sits in a read that only the parent could end
