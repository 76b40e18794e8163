"""
Memory of server and worker at rest: ``python -m benchmarks.memory``. Target: below 600 MB together.

Resident set of both and all their child processes, ten seconds after the start, PostgreSQL and Valkey apart.
"""

import time

import psutil

from benchmarks.platform import running

SETTLE_S = 10
MB = 1024 * 1024


def resident_mb(pid: int) -> float:
    """Resident memory of a process and all its children, MB."""
    process = psutil.Process(pid)
    return sum(entry.memory_info().rss for entry in [process, *process.children(recursive=True)]) / MB


def main() -> None:
    """Measures and prints."""
    with running(worker=True) as measured:
        time.sleep(SETTLE_S)
        server = resident_mb(measured.server.pid)
        worker = resident_mb(measured.worker.pid) if measured.worker else 0.0
    print(f"server {server:.0f} MB, worker {worker:.0f} MB, together {server + worker:.0f} MB (target 600)")


if __name__ == "__main__":
    main()
