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

from solver.codec import problem_from_json
from solver.compiled import Compiled
from solver.faults import ProblemError
from solver.matrix import encode_matrix
from solver.plan import Budget, Plan, Progress, Result
from solver.pool import Pool
from solver.processes import PARENT_GONE
from solver.routing.executors import executor_for
from solver.shares import Rule, Split, SplitProgress, SplitStopped
from solver.solve import solve
from solver.split import split_cost

SCHEDULER = "CLUSTER_SCHEDULER"
CHUNK_BYTES = 1 << 20
ATTEMPTS: tuple[tuple[int, float | None], ...] = ((10, 200.0), (5, 60.0), (2, None))
"""Players at most, and seconds after which a split is given up for the next coarser one."""


class Request(Struct, frozen=True, kw_only=True):
    """What is asked: a problem (as JSON), how long to search, and by which rule to split."""

    problem: msgspec.Raw
    budget: Budget
    seed: int
    rule: Rule
    players_max: int = 8


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
        problem = problem_from_json(bytes(request.problem))
    except ProblemError as error:
        _say({"faults": error.faults})
        return 0
    pool = Pool(Compiled(problem))
    result = solve(
        problem,
        request.budget,
        seed=request.seed,
        pool=pool,
        progress=lambda progress: _say({"progress": progress}),
        stop=stop.is_set,
        scheduler=_scheduler(),
    )
    split = _split(request, result, pool)
    _say({"answer": Answer(result=_with(result, split.plan), split=msgspec.structs.replace(split, plan=None))})
    return 0


def _split(request: Request, result: Result, pool: Pool) -> Split:
    """The split with the players wanted; should that take too long, with fewer, as many members united as need be."""
    problem = pool.compiled.problem
    began = monotonic()

    def tell(_: SplitProgress) -> None:
        _say({"progress": _splitting(result, monotonic() - began)})

    with ExitStack() as leaving:
        workers = executor_for(_scheduler(), request.budget.cores)
        leaving.callback(workers.leave)
        for players_max, seconds in ATTEMPTS:
            deadline = None if seconds is None else monotonic() + seconds
            try:
                return split_cost(
                    problem,
                    result.plan,
                    pool,
                    request.rule,
                    seed=request.seed,
                    players_max=min(request.players_max, players_max),
                    executor=workers.executor,
                    progress=tell,
                    stop=partial(_past, deadline),
                )
            except SplitStopped:
                continue
    raise AssertionError("the coarsest split is never stopped")


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


def _splitting(result: Result, seconds: float) -> Progress:
    plan = result.plan
    return Progress(
        phase="split",
        seconds=result.seconds + seconds,
        cost_milli=plan.cost_milli,
        bound_milli=result.bound_milli,
        routes=len(plan.routes),
        unplanned=len(plan.unplanned),
    )


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
