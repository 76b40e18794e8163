"""Runs a program that ends when its parent ends, however the parent ended.

Without it a supervisor that is killed outright leaves an API holding its port and a worker taking jobs. A signal of the
kernel's at the parent's death would not do: a server that is just starting may lose it.
"""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

GRACE_S = 10.0
_TICK_S = 0.1


def command(arguments: list[str]) -> list[str]:
    """Return the command line that runs a program tied to this process; start it in a session of its own."""
    return [sys.executable, "-m", "cluster.base.tether", str(os.getpid()), *arguments]


class _Tether:
    """One program and the wish to end it: from a SIGTERM, or from the parent's end."""

    def __init__(self, parent: int, program: list[str]) -> None:
        self._parent = parent
        self._asked = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask)
        self._child = subprocess.Popen(program)

    def run(self) -> int:
        """Return the program's exit code; kill whatever of its group does not end in time."""
        while self._child.poll() is None and not self._asked and os.getppid() == self._parent:
            time.sleep(_TICK_S)
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                os.killpg(0, signal.SIGKILL)  # ourselves included
        code = self._child.returncode
        return 128 - code if code < 0 else code

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True


if __name__ == "__main__":
    raise SystemExit(_Tether(int(sys.argv[1]), sys.argv[2:]).run())
