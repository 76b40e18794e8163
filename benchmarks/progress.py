"""
What it costs a search to tell its progress: ``python -m benchmarks.progress``. Target: a ratio of at most 1.03.

The same day, seed and number of iterations, in turn with a listener and without. The listener does what the solver's
child process does: JSON, a line into a pipe; somebody reads at the other end. Processor time, because wall time on a
machine that others use measures the others; the least of each, which others disturbed least; and the longest silence
between two lines.
"""

import os
import threading
import time
from collections.abc import Callable

import msgspec

from benchmarks.routing.days import city
from solver.plan import Budget, Progress
from solver.problem import Problem
from solver.solve import solve

ORDERS = 120
ITERATIONS = 400
PAIRS = 8
TARGET = 1.03


class Listener:
    """Reads lines from a pipe in a thread and notes when they came."""

    def __init__(self) -> None:
        self._from, self._into = os.pipe()
        self.times: list[float] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while chunk := os.read(self._from, 1 << 16):
            self.times.extend([time.monotonic()] * chunk.count(b"\n"))

    def tell(self, progress: Progress) -> None:
        """A line into the pipe."""
        os.write(self._into, msgspec.json.encode({"progress": progress}) + b"\n")


def cpu_s(problem: Problem, progress: Callable[[Progress], None] | None) -> float:
    """Processor time of one solve."""
    began = time.process_time()
    solve(problem, Budget(seconds=None, iterations=ITERATIONS, bound=False), seed=1, progress=progress)
    return time.process_time() - began


def main() -> None:
    """Measures and prints."""
    problem = city(ORDERS, 1)
    cpu_s(problem, None)  # compiled kernels and caches
    all_told, all_quiet, silences, lines = [], [], [], 0
    for number in range(PAIRS):
        listener = Listener()
        if number % 2:
            told, quiet = cpu_s(problem, listener.tell), cpu_s(problem, None)
        else:
            quiet, told = cpu_s(problem, None), cpu_s(problem, listener.tell)
        all_told.append(told)
        all_quiet.append(quiet)
        time.sleep(0.05)
        silences += [later - sooner for sooner, later in zip(listener.times, listener.times[1:], strict=False)]
        lines += len(listener.times)
        print(f"quiet {quiet:.2f} s, told {told:.2f} s, ratio {told / quiet:.3f}")
    ratio = min(all_told) / min(all_quiet)
    size = f"{ORDERS} orders, {ITERATIONS} iterations, {lines // PAIRS} lines a solve"
    print(f"{size}: ratio {ratio:.3f} (target {TARGET})")
    print(f"longest silence {max(silences):.2f} s (target 0.5)")


if __name__ == "__main__":
    main()
