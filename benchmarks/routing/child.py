"""One measurement in a process of its own: pinned to its cores, watched from outside, killed when it does not end."""

import os
import resource
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import psutil  # type: ignore[import-untyped]

from benchmarks.routing.cases import load
from benchmarks.routing.clock import count_processor_time
from benchmarks.routing.judge import judge
from benchmarks.routing.ways import SINGLE, WAYS, Way, is_ours, warm
from solver.solve import UncheckedPlan

OVER, OVER_MOST, STARVED_MOST = 1.5, 6.0, 30.0
"""A peer that takes so many times its seconds is killed; the first counts its processor time where that is less."""
OURS_OVER_S = 30.0
"""Ours must end by itself; so much longer it is waited for, so that the table can show by how much it was late."""
GRACE_S = 1.0
READY_S, JUDGED_S = 300.0, 900.0
POLL_S, LEAVE_S = 0.1, 5.0
DIED = "died"
"""How the reason of a measurement begins whose process broke down; it is tried again the next time."""
MB = 2**20


class Task(NamedTuple):
    """What is measured."""

    set: str
    name: str
    way: str
    seconds: float
    cores: int
    seed: int
    clock: str = "wall"


Record = dict[str, Any]


def measure(task: Task, data: Path) -> Record:
    """
    Run a task; a peer that uses one core runs once for each core, side by side, and the best answer counts.

    Returns
    -------
    dict
        The task's fields and ``cost_milli``, ``objective`` (None with a ``reason`` where there is no valid plan),
        ``best``, ``vehicles``, ``wall_s``, ``cpu_s``, ``peak_mb``, ``bound_milli``, ``trace``.
    """
    cpus = sorted(os.sched_getaffinity(0))[: task.cores]
    if len(cpus) < task.cores:
        raise ValueError(f"{task.cores} cores asked for, this process may use {len(cpus)}")
    if task.way in SINGLE:
        runs = [(task._replace(seed=task.seed * task.cores + k), [cpu]) for k, cpu in enumerate(cpus)]
    else:
        runs = [(task, cpus)]
    records = _watch(runs, data)
    valid = [record for record in records if record["cost_milli"] is not None]
    best = min(valid, key=lambda record: record["cost_milli"]) if valid else records[0]
    together = {"cpu_s": sum(r["cpu_s"] for r in records), "peak_mb": sum(r["peak_mb"] for r in records)}
    return task._asdict() | best | together | {"seed": task.seed}


def _watch(runs: Sequence[tuple[Task, list[int]]], data: Path) -> list[Record]:
    """Start all runs together and see each to its end."""
    context = get_context("spawn")
    children = []
    for task, cpus in runs:
        ours, theirs = context.Pipe()
        process = context.Process(target=_main, args=(theirs, task, cpus, data))
        process.start()
        theirs.close()
        children.append(_Child(process, ours, task))
    try:
        while any(child.record is None for child in children):
            wait([child.pipe for child in children if child.record is None], timeout=POLL_S)
            for child in children:
                child.look()
    finally:
        for child in children:
            child.end()
    return [child.record or {} for child in children]


class _Child:
    """A running measurement as seen from outside."""

    def __init__(self, process: Any, pipe: Connection, task: Task) -> None:
        self.record: Record | None = None
        self.pipe = pipe
        self._process, self._task = process, task
        self._stage, self._until = "getting ready", monotonic() + READY_S
        self._peak_mb = self._busy_s = 0.0

    def look(self) -> None:
        """Hear what the child says, note its memory, and end it when its time is over."""
        if self.record is not None:
            return
        if self._stage == "searching":
            self._peak_mb = max(self._peak_mb, resident_mb(self._process.pid))
        try:
            while self.record is None and self.pipe.poll():
                self._hear(self.pipe.recv())
        except EOFError:
            self._fail(f"{DIED} while {self._stage}")
        if self.record is None and monotonic() > self._until and not self._starved():
            self._fail(f"killed: still {self._stage} {self._allowed_s():.0f} s after the beginning")

    def _starved(self) -> bool:
        """Whether a search is late because others use the machine: it gets the processor time that it was promised."""
        task, late_s = self._task, monotonic() - self._until
        if self._stage != "searching" or (is_ours(task.way) and task.clock == "wall"):
            return False
        most_s = (OVER_MOST if task.clock == "wall" else STARVED_MOST) * task.seconds
        allowed_s = OVER * task.seconds * task.cores + GRACE_S
        return tree_cpu_s(self._process.pid) - self._busy_s < allowed_s and late_s < most_s

    def _allowed_s(self) -> float:
        slack = OURS_OVER_S if is_ours(self._task.way) else (OVER - 1) * self._task.seconds + GRACE_S
        return {"getting ready": READY_S, "searching": self._task.seconds + slack}.get(self._stage, JUDGED_S)

    def _hear(self, said: Any) -> None:
        if isinstance(said, str):
            self._stage = said
            self._until = monotonic() + self._allowed_s()
            self._busy_s = tree_cpu_s(self._process.pid)
        else:
            self.record = said | {"peak_mb": round(max(self._peak_mb, said["peak_mb"]))}

    def _fail(self, reason: str) -> None:
        empty: Record = dict.fromkeys(("cost_milli", "objective", "best", "wall_s"))
        empty |= dict.fromkeys(("cpu_s", "vehicles", "unplanned", "orders", "bound_milli", "bound"), 0)
        self.record = empty | {"reason": reason, "trace": [], "seed": self._task.seed, "peak_mb": round(self._peak_mb)}

    def end(self) -> None:
        """Gone, with all that it started; what has answered may leave by itself."""
        started = family(self._process.pid)
        if self._stage == "being judged":
            self._process.join(LEAVE_S)
        for process in started:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.join()
        self.pipe.close()


def family(pid: int | None) -> list[psutil.Process]:
    """A process and all below it that are still there."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def resident_mb(pid: int | None) -> float:
    """Resident memory of a process and all below it; what they share is counted for each."""
    total = 0
    for process in family(pid):
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / MB


def tree_cpu_s(pid: int | None) -> float:
    """CPU seconds of a process and all that it started, those that are gone included."""
    spent = 0.0
    for process in family(pid):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system + times.children_user + times.children_system
    return spent


def _way(name: str) -> Way:
    """One of the ways, or ``ours-VARIANT``."""
    if name in WAYS:
        return WAYS[name]
    from benchmarks.routing.ablation import way_of  # it measures through this module

    return way_of(name.partition("-")[2])


def _main(pipe: Connection, task: Task, cpus: list[int], data: Path) -> None:
    """In the child: read, search, judge."""
    os.sched_setaffinity(0, cpus)
    case = load(task.set, task.name, data)
    if is_ours(task.way):
        warm(case.problem)
    way = _way(task.way)
    if task.clock == "cpu":
        count_processor_time()
    pipe.send("searching")
    began, busy = monotonic(), tree_cpu_s(os.getpid())
    try:
        answer = way(case, task.seconds, task.cores, task.seed)
    except (ValueError, UncheckedPlan) as error:
        answer, reason = None, str(error)[:200]
    wall_s, spent_s = monotonic() - began, tree_cpu_s(os.getpid()) - busy
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB
    pipe.send("being judged")
    found: Record = {"wall_s": round(wall_s, 2), "cpu_s": round(spent_s, 2), "peak_mb": peak_mb, "best": case.best}
    found |= {"best_vehicles": case.vehicles, "orders": len(case.problem.orders), "seed": task.seed}
    if answer is None:
        found |= {"cost_milli": None, "objective": None, "reason": reason, "vehicles": 0, "unplanned": 0}
        pipe.send(found | {"bound_milli": 0, "trace": []})
        return
    verdict = judge(case, answer)
    objective = None if verdict.cost_milli is None else verdict.cost_milli / case.unit_milli
    found |= verdict._asdict() | {"objective": objective, "trace": list(answer.trace)}
    pipe.send(found | {"bound_milli": answer.bound_milli, "bound": answer.bound_milli / case.unit_milli})
