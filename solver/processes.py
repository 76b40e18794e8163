"""Child processes for searches: started clean, told to stop, shut down without leftovers."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from threading import Thread
from time import monotonic
from typing import Any, TypeVar

POLL_S = 0.05
GRACE_S = 0.15
"""How long children that were told to stop may take to answer: one that is still starting up would take longer."""
Task = TypeVar("Task")
Answer = TypeVar("Answer")

_told: Event | None = None


def _adopt(told: Event, prepare: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    """First thing in a child: keep the event that says stop, then prepare."""
    global _told  # noqa: PLW0603  # a child process has one parent to listen to
    _told = told
    if prepare is not None:
        prepare(*arguments)


def told_to_stop() -> bool:
    """Whether the parent has asked this child process to come to an end; False in a process without such a parent."""
    return _told is not None and _told.is_set()


class Processes:
    """
    A pool of child processes that can be told to stop.

    Started by ``spawn``, so that no lock or thread of the parent is inherited; a script that uses it needs the usual
    ``if __name__ == "__main__"``.

    Parameters
    ----------
    cores
        Number of processes, at least 1.
    prepare, arguments
        Called once in each child before its first task.
    """

    def __init__(self, cores: int, prepare: Callable[..., None] | None = None, arguments: tuple[Any, ...] = ()) -> None:
        context = get_context("spawn")
        self._told = context.Event()
        self.executor: Executor = ProcessPoolExecutor(
            cores, mp_context=context, initializer=_adopt, initargs=(self._told, prepare, arguments)
        )

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
        self._told.set()


def in_order(
    executor: Executor,
    function: Callable[[Task], Answer],
    tasks: Sequence[Task],
    tick: Callable[[], bool] = lambda: False,
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

    Returns
    -------
    list
        Answers in the order of the tasks, whichever ended first; None for what was given up.

    Raises
    ------
    Exception
        The first failure, by order of tasks.
    """
    futures: list[Future[Answer]] = [executor.submit(function, task) for task in tasks]
    try:
        pending = set(futures)
        told_at: float | None = None
        while pending and (told_at is None or monotonic() - told_at < GRACE_S):
            _, pending = wait(pending, timeout=POLL_S)
            if tick() and told_at is None:
                told_at = monotonic()
        return [future.result() if future.done() else None for future in futures]
    finally:
        for future in futures:
            future.cancel()
