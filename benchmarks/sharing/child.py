"""One measurement in a process of its own: watched from outside, ended when it takes too long."""

import json
import os
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import psutil  # type: ignore[import-untyped]

from benchmarks.routing.child import DIED, family, resident_mb, tree_cpu_s
from benchmarks.routing.ways import warm
from benchmarks.sharing import ours
from benchmarks.sharing.cases import LONG_FROM_S, case_of, draw
from solver.problem import Problem
from solver.processes import Processes
from solver.sharing.game import Game

POLL_S, LEAVE_S = 0.1, 5.0
NAIVE, PREVIEW, USUAL, LONG = "naive", "preview", "usual", "long"
PROVEN = "proven"
"""The effort that a case is meant for."""
WAYS = (PROVEN, PREVIEW, NAIVE)
Record = dict[str, Any]


class Task(NamedTuple):
    """
    What is measured: a case by its name, ``way`` an effort of ours or ``naive``.

    ``budget_s`` is the naive way's processor time for all coalitions, 0.0 for ours.
    """

    name: str
    way: str
    cores: int
    budget_s: float = 0.0


def measure(task: Task, data: Path, games: Path, patience_s: float) -> Record:
    """
    Run a task.

    Parameters
    ----------
    task
        What to measure.
    data
        Folder of the research instances.
    games
        Folder that keeps the proven game of each case, which the naive way is judged by.
    patience_s
        So long it may take.

    Returns
    -------
    dict
        ``name``, ``way``, ``cores``, ``seconds`` (wall), ``cpu_s`` (of all processes), ``peak_mb`` (of all processes
        together; what they share is counted for each), ``reason`` (empty, or why there is nothing else), and what
        ``ours.figures`` or ``compare.errors`` say.
    """
    context = get_context("spawn")
    pipe, theirs = context.Pipe()
    process = context.Process(target=_main, args=(theirs, task, data, games))
    process.start()
    theirs.close()
    until, peak_mb, said = monotonic() + patience_s, 0.0, None
    try:
        while said is None and monotonic() < until:
            peak_mb = max(peak_mb, resident_mb(process.pid))
            if pipe.poll(POLL_S):
                said = pipe.recv()
        found = said or {"reason": f"ended after {patience_s:.0f} s"}
        process.join(LEAVE_S if said else 0.0)
    except EOFError:
        found = {"reason": f"{DIED} while at work"}
    finally:
        _end(process, pipe)
    return {"name": task.name, "way": task.way, "cores": task.cores, "reason": "", "peak_mb": round(peak_mb)} | found


def _end(process: Any, pipe: Connection) -> None:
    """Gone, with all that it started."""
    for member in family(process.pid):
        with suppress(psutil.NoSuchProcess):
            member.kill()
    process.join()
    pipe.close()


def _main(pipe: Connection, task: Task, data: Path, games: Path) -> None:
    """In the child."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: task.cores])
    problem = draw(case_of(task.name), data)
    processes = Processes(task.cores)
    try:
        pipe.send((_naive if task.way == NAIVE else _ours)(task, problem, processes, games))
    finally:
        processes.close()


def _ours(task: Task, problem: Problem, processes: Processes, games: Path) -> Record:
    """Plan and split; kernels are loaded in every process before the clock starts."""
    warm(problem)
    processes.run(warm, [problem] * task.cores)
    began, busy_s = monotonic(), tree_cpu_s(os.getpid())
    target = case_of(task.name).target
    within_s = None if target is None or target.seconds < LONG_FROM_S else target.seconds
    split, plan_s = ours.shared(problem, task.way, processes, task.cores, within_s)
    found = {
        "seconds": round(monotonic() - began, 2),
        "cpu_s": round(tree_cpu_s(os.getpid()) - busy_s, 2),
        "plan_s": round(plan_s, 2),
    }
    if task.way != PREVIEW:
        keep(games / f"{task.name}.json", ours.game_of(split))
    return found | ours.figures(split)


def _naive(task: Task, problem: Problem, processes: Processes, games: Path) -> Record:
    """The same coalitions one by one, and how wrong that is."""
    from benchmarks.sharing import compare, naive  # PyVRP is loaded where it is measured, and nowhere else

    proven = kept(games / f"{task.name}.json")
    began, busy_s = monotonic(), tree_cpu_s(os.getpid())
    game, failed = naive.game(problem, task.budget_s, processes)
    found = {"seconds": round(monotonic() - began, 2), "cpu_s": round(tree_cpu_s(os.getpid()) - busy_s, 2)}
    return found | {"budget_s": round(task.budget_s, 2), "failed": failed} | compare.errors(game, proven)


def keep(path: Path, game: Game) -> None:
    """Write a game down; whole minor units."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tables = {"players": game.players, "upper": game.cost.tolist(), "lower": game.lower.tolist()}
    path.write_text(json.dumps(tables), "utf-8")


def kept(path: Path) -> Game:
    """Read it again."""
    tables = json.loads(path.read_text("utf-8"))
    return Game(tables["players"], tables["upper"], tables["lower"])
