"""Runs a program that ends when its parent ends, however the parent ended.

Without it a supervisor that is killed outright leaves an API holding its port and a worker taking jobs.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def command(arguments: list[str]) -> list[str]:
    """Return the command line that runs a program tied to the process that starts it."""
    return [sys.executable, "-m", "cluster.base.tether", str(os.getpid()), *arguments]


def main() -> None:
    """Tie this process to its parent and become the program; only Linux can, elsewhere it merely becomes it."""
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
        if os.getppid() != parent:  # it was gone before the tie was made
            raise SystemExit(1)
    os.execvp(program[0], program)  # noqa: S606 - the arguments are our own


if __name__ == "__main__":
    main()
