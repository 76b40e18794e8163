"""
A helper process for what takes long: it keeps the time and the memory of computations away from the one that answers.

It is made when first needed, answers one question after the other, and ends with whoever opened it, busy or not.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import ParamSpec, TypeVar

from cluster.base.errors import Busy

P = ParamSpec("P")
T = TypeVar("T")


class Helper:
    """
    One process that is asked.

    Parameters
    ----------
    what
        What it computes, in the plural, for whoever is told that it is busy.
    waiting_max
        Questions at once, the one being answered among them.
    timeout_s
        After which a question is given up, and the process with it.
    """

    def __init__(self, what: str, waiting_max: int, timeout_s: float) -> None:
        self._what, self._waiting_max, self._timeout_s = what, waiting_max, timeout_s
        self._pool: ProcessPoolExecutor | None = None
        self._pid: int | None = None
        self._waiting = 0

    async def ask(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """
        The helper's answer; what the question raises is raised here.

        Raises
        ------
        Busy
            When too many questions wait, or the helper died or took too long.
        """
        if self._waiting >= self._waiting_max:
            raise Busy(f"Too many {self._what} are being computed.")
        self._waiting += 1
        try:
            return await asyncio.wait_for(self._answer(question, *args, **kwargs), self._timeout_s)
        except BrokenProcessPool:
            self.end()
            raise Busy(f"The {self._what} could not be computed; ask again.") from None
        except TimeoutError:
            self.end()
            raise Busy(f"The {self._what} take too long to compute; ask again later.") from None
        finally:
            self._waiting -= 1

    async def _answer(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
            self._pid = None
        pool = self._pool
        if self._pid is None:
            pid = await asyncio.wrap_future(pool.submit(os.getpid))
            if pool is self._pool:
                self._pid = pid
        return await asyncio.wrap_future(pool.submit(question, *args, **kwargs))

    def end(self) -> None:
        """Ends the process, whatever it is doing; the next question gets a new one."""
        pool, self._pool = self._pool, None
        pid, self._pid = self._pid, None
        if pool is None:
            return
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        pool.shutdown(wait=False, cancel_futures=True)
