"""Child processes for searches: started clean, told to stop, replaced when lost, shut down without leftovers."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from time import monotonic
from typing import Any, TypeVar

POLL_S = 0.05
GRACE_S = 0.15
"""How long children that were told to stop may take to answer: one that is still starting up would take longer."""
ATTEMPTS = 3
"""How often a task is begun, at most, when the process that runs it is lost."""
PARENT_GONE = 3
Task = TypeVar("Task")
Answer = TypeVar("Answer")

_told: Any = None


def _adopt(told: Any, prepare: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    """First thing in a child: keep the flag that says stop, end with the parent, then prepare."""
    global _told  # noqa: PLW0603  # a child process has one parent to listen to
    _told = told
    Thread(target=_end_with_parent, daemon=True).start()
    if prepare is not None:
        prepare(*arguments)


def _end_with_parent() -> None:
    """A child whose parent was killed would wait for tasks, and keep its memory, for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(PARENT_GONE)


def told_to_stop() -> bool:
    """Whether the parent has asked this child process to come to an end; False in a process without such a parent."""
    return _told is not None and bool(_told.value)


class Processes:
    """
    A pool of child processes that can be told to stop.

    Started by ``spawn``, so that no lock or thread of the parent is inherited; a script that uses it needs the usual
    ``if __name__ == "__main__"``. A child ends when its parent does.

    Parameters
    ----------
    cores
        Number of processes, at least 1.
    prepare, arguments
        Called once in each child before its first task.
    """

    def __init__(self, cores: int, prepare: Callable[..., None] | None = None, arguments: tuple[Any, ...] = ()) -> None:
        self._cores, self._prepare, self._arguments = cores, prepare, arguments
        context = get_context("spawn")
        # Without a lock: a child that is killed while it holds one would leave everybody waiting.
        self._told = context.RawValue("b", 0)
        self._begin()

    def _begin(self) -> None:
        self.executor: Executor = ProcessPoolExecutor(
            self._cores,
            mp_context=get_context("spawn"),
            initializer=_adopt,
            initargs=(self._told, self._prepare, self._arguments),
        )

    def run(
        self, function: Callable[[Task], Answer], tasks: Sequence[Task], tick: Callable[[], bool] = lambda: False
    ) -> list[Answer | None]:
        """
        ``in_order`` with these processes; what a lost process had begun is begun again by new ones.

        Returns
        -------
        list
            None for what was given up after ``tick`` said True, and for a task that lost ``ATTEMPTS`` processes.
        """
        return redone(lambda left, listen: self._attempt(function, left, listen), tasks, tick)

    def _attempt(
        self, function: Callable[[Task], Answer], tasks: Sequence[Task], tick: Callable[[], bool]
    ) -> list[Answer | None]:
        """Once; with new processes afterwards if one was lost."""
        answers = in_order(self.executor, function, tasks, tick, lost=(BrokenProcessPool,))
        if None in answers and not self._told.value:
            self.executor.shutdown(wait=False, cancel_futures=True)
            self._begin()
        return answers

    def close(self) -> None:
        """Tell all children to end, and wait until they are gone."""
        self.tell()
        self.executor.shutdown(wait=True, cancel_futures=True)

    def leave(self) -> None:
        """Close without waiting; a thread keeps what a child that is still starting up needs until it is gone."""
        self.tell()
        Thread(target=self.close).start()

    def tell(self) -> None:
        """Ask all children to end what they are doing; they answer with what they have."""
        self._told.value = 1


def redone(
    attempt: Callable[[Sequence[Task], Callable[[], bool]], list[Answer | None]],
    tasks: Sequence[Task],
    tick: Callable[[], bool],
) -> list[Answer | None]:
    """
    Answers of an attempt, with what it lost attempted again until ``tick`` says True, ``ATTEMPTS`` times in all.

    Parameters
    ----------
    attempt
        Runs some tasks, told when to give up, and answers in their order; None for what was given up or lost.
    tasks, tick
        As for ``in_order``.
    """
    over = [False]

    def listen() -> bool:
        over[0] = over[0] or tick()
        return over[0]

    answers: list[Answer | None] = [None] * len(tasks)
    pending = list(range(len(tasks)))
    for _ in range(ATTEMPTS):
        for k, answer in zip(pending, attempt([tasks[k] for k in pending], listen), strict=True):
            answers[k] = answer
        pending = [k for k in pending if answers[k] is None]
        if not pending or over[0]:
            break
    return answers


def in_order(
    executor: Executor,
    function: Callable[[Task], Answer],
    tasks: Sequence[Task],
    tick: Callable[[], bool] = lambda: False,
    *,
    lost: tuple[type[BaseException], ...] = (),
) -> list[Answer | None]:
    """
    Run a function on many tasks through an executor.

    Parameters
    ----------
    executor
        Any: processes, threads, or a cluster's.
    function, tasks
        For other processes both must pickle.
    tick
        Called about twenty times a second while waiting. Once it has said True for ``GRACE_S``, what is not done by
        then is given up.
    lost
        Failures that say that a worker is gone, not that the task is at fault.

    Returns
    -------
    list
        Answers in the order of the tasks, whichever ended first; None for what was given up or lost.

    Raises
    ------
    Exception
        The first failure, by order of tasks.
    """
    futures: list[Future[Answer]] = []
    try:
        for task in tasks:
            futures.append(executor.submit(function, task))
    except lost:
        return [None] * len(tasks)
    try:
        pending = set(futures)
        told_at: float | None = None
        while pending and (told_at is None or monotonic() - told_at < GRACE_S):
            _, pending = wait(pending, timeout=POLL_S)
            if tick() and told_at is None:
                told_at = monotonic()
        return [_answer(future, lost) if future.done() else None for future in futures]
    finally:
        for future in futures:
            future.cancel()


def _answer(future: Future[Answer], lost: tuple[type[BaseException], ...]) -> Answer | None:
    """The result, None where the worker was lost."""
    try:
        return future.result()
    except CancelledError:
        return None
    except lost:
        return None
