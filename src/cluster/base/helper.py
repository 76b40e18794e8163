"""
A helper process for what takes long: it keeps the time and the memory of computations away from the one that answers.

It is made when first needed, or before that where it is given something to warm up with: loading compiled code takes it
seconds that nobody should wait. It answers one question after the other, and ends with whoever opened it, busy or not.
"""

import asyncio
import logging
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

log = logging.getLogger(__name__)


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
        self._warm: Callable[[], object] | None = None
        self._warming: asyncio.Future[object] | None = None

    def keep_warm(self, warm: Callable[[], object]) -> None:
        """
        Starts the process now, beside everything else, and again whenever it died; ``warm`` is what it does first.

        A question asked meanwhile is answered after that. To be called within a running event loop; ``end`` ends it.
        """
        self._warm = warm
        if self._pool is None:
            self._start()

    async def warmed(self) -> None:
        """Until the process is warm, or it turned out that it cannot be; at once where nothing was to be warmed up."""
        if self._warming is not None:
            await asyncio.wait([self._warming])

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
        pool = self._pool or self._start()
        try:
            answer = asyncio.wrap_future(pool.submit(question, *args, **kwargs))
            return await asyncio.wait_for(answer, self._timeout_s)
        except BrokenProcessPool:
            self._renew(pool)
            raise Busy(f"The {self._what} could not be computed; ask again.") from None
        except TimeoutError:
            self._renew(pool)
            raise Busy(f"The {self._what} take too long to compute; ask again later.") from None
        finally:
            self._waiting -= 1

    def _start(self) -> ProcessPoolExecutor:
        pool = self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        asyncio.wrap_future(pool.submit(os.getpid)).add_done_callback(lambda told: self._begun(pool, told))
        if self._warm is not None:
            self._warming = asyncio.wrap_future(pool.submit(self._warm))
            self._warming.add_done_callback(self._tell)
        return pool

    def _begun(self, pool: ProcessPoolExecutor, told: "asyncio.Future[int]") -> None:
        if told.cancelled() or told.exception() is not None or pool is not self._pool:
            return
        self._pid = told.result()
        self._watch(pool, self._pid)

    @property
    def _was_warm(self) -> bool:
        done = self._warming
        return done is not None and done.done() and not done.cancelled() and done.exception() is None

    def _tell(self, warming: "asyncio.Future[object]") -> None:
        if not warming.cancelled() and (fault := warming.exception()) is not None:
            log.warning("the process for %s could not be warmed up: %r", self._what, fault)

    def _renew(self, pool: ProcessPoolExecutor) -> None:
        """Another process in place of a useless one: at once where it is to be warm, or else with the next question."""
        if pool is not self._pool:
            return  # somebody else who waited for it was first
        self._kill()
        if self._warm is not None:
            self._start()

    def _watch(self, pool: ProcessPoolExecutor, pid: int) -> None:
        """Notes the end of the process while nobody asks it anything, where the system tells of that."""
        if self._warm is None or not hasattr(os, "pidfd_open"):
            return
        try:
            ended = os.pidfd_open(pid)
        except OSError:
            return
        loop = asyncio.get_running_loop()

        def over() -> None:
            loop.remove_reader(ended)
            os.close(ended)
            if pool is not self._pool or self._waiting > 0:
                return  # whoever waits for an answer hears of it by the broken pool
            log.warning("the process for %s ended by itself", self._what)
            if self._was_warm:
                self._renew(pool)
            else:  # it would only die again
                self._kill()

        loop.add_reader(ended, over)

    def end(self) -> None:
        """Ends the process for good, whatever it is doing; a question would get a new one."""
        self._warm = None
        self._kill()

    def _kill(self) -> None:
        pool, self._pool = self._pool, None
        pid, self._pid = self._pid, None
        if pool is None:
            return
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        pool.shutdown(wait=False, cancel_futures=True)
