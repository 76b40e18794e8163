"""Where searches run: in this process, in child processes, or on the machines of a Dask cluster."""

import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from functools import partial
from hashlib import sha256
from queue import SimpleQueue
from threading import Event
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from solver import shared
from solver.compiled import Compiled
from solver.processes import POLL_S, Processes, in_order, redone, told_to_stop
from solver.routing.features import RouteKey
from solver.routing.legs import LegAnswer, LegTask, ShippedLeg, packed, run_leg, run_shipped

CONNECT_S = 10
RETRIES = 2
"""How often Dask itself begins a task again whose worker was lost."""
Task = TypeVar("Task")
Answer = TypeVar("Answer")
Stop = Callable[[], bool]


class NoScheduler(Exception):
    """The scheduler that was named cannot be used; the text says why and what to do."""


class Workers(ABC):
    """
    Something that runs searches side by side.

    Answers do not depend on what runs them, as long as no limit of time ends them. A worker that is lost costs time:
    what it had begun is begun again, and given up only when that fails too.
    """

    @property
    @abstractmethod
    def parallel(self) -> int:
        """How many tasks run at the same time."""

    @property
    @abstractmethod
    def executor(self) -> Executor | None:
        """For other work to be spread; None where everything runs in this process."""

    @abstractmethod
    def run(self, function: Callable[[Task, Stop], Answer], tasks: Sequence[Task], tick: Stop) -> list[Answer | None]:
        """
        Run a function of a module on many tasks.

        Parameters
        ----------
        function
            Called with a task and with what it shall ask now and then whether to end early.
        tasks
            They must pickle.
        tick
            Asked about twenty times a second (in this process: by the function). On True local tasks end within 0.3 s
            with what they have; tasks on a cluster that have begun run on by themselves, and are not waited for.

        Returns
        -------
        list
            Answers in the order of the tasks; None for what was given up.
        """

    @abstractmethod
    def legs(
        self,
        compiled: Compiled,
        tasks: Sequence[LegTask],
        tick: Stop,
        improved: Callable[[list[RouteKey]], None] = lambda routes: None,
    ) -> list[LegAnswer | None]:
        """Run engines on one problem, which each worker gets once; ``improved`` hears what this process finds."""

    @abstractmethod
    def leave(self) -> None:
        """Let go of the workers without waiting."""


def executor_for(address: str | None, cores: int, *, threads: bool = False) -> Workers:
    """
    Workers for a solve.

    Parameters
    ----------
    address
        Of a Dask scheduler (``tcp://host:8786``); None for this machine.
    cores
        On this machine: how many tasks at the same time; with 1 everything runs in this process. Not used otherwise.
    threads
        Threads instead of child processes on this machine: right for compiled searches, which let the interpreter go,
        and need neither a second copy of anything nor the second that a child takes to begin.

    Raises
    ------
    NoScheduler
        When the scheduler does not answer, or the Dask client is not installed.
    """
    if address is not None:
        return _Cluster(address)
    if cores == 1:
        return _Here()
    return _Threads(cores) if threads else _Children(cores)


class _Here(Workers):
    """This process, one task after the other."""

    parallel = 1
    executor = None

    def run(self, function: Callable[[Task, Stop], Answer], tasks: Sequence[Task], tick: Stop) -> list[Answer | None]:
        return [None if tick() else function(task, tick) for task in tasks]

    def legs(
        self,
        compiled: Compiled,
        tasks: Sequence[LegTask],
        tick: Stop,
        improved: Callable[[list[RouteKey]], None] = lambda routes: None,
    ) -> list[LegAnswer | None]:
        return [run_leg(compiled, task, tick, improved) for task in tasks]

    def leave(self) -> None:
        """Nothing to let go of."""


class _Threads(Workers):
    """Threads of this process; what they find is told by the thread that asked."""

    def __init__(self, cores: int) -> None:
        self._cores = cores
        self._executor = ThreadPoolExecutor(cores)

    @property
    def parallel(self) -> int:
        return self._cores

    @property
    def executor(self) -> Executor | None:
        return self._executor

    def run(self, function: Callable[[Task, Stop], Answer], tasks: Sequence[Task], tick: Stop) -> list[Answer | None]:
        told = Event()
        return self._listened([partial(function, task, told.is_set) for task in tasks], tick, told, lambda: None)

    def legs(
        self,
        compiled: Compiled,
        tasks: Sequence[LegTask],
        tick: Stop,
        improved: Callable[[list[RouteKey]], None] = lambda routes: None,
    ) -> list[LegAnswer | None]:
        told = Event()
        news: SimpleQueue[list[RouteKey]] = SimpleQueue()

        def pass_on() -> None:
            while not news.empty():
                improved(news.get())

        work = [partial(run_leg, compiled, task, told.is_set, news.put) for task in tasks]
        return self._listened(work, tick, told, pass_on)

    def _listened(
        self, work: Sequence[Callable[[], Answer]], tick: Stop, told: Event, pass_on: Callable[[], None]
    ) -> list[Answer | None]:
        """Answers in order; on True from ``tick`` the threads are told, and awaited: they end within 0.1 s."""
        futures = [self._executor.submit(call) for call in work]
        pending = set(futures)
        while pending:
            _, pending = wait(pending, timeout=POLL_S)
            pass_on()
            if not told.is_set() and tick():
                told.set()
                for future in pending:
                    future.cancel()
                pending = {future for future in pending if not future.cancelled()}
        return [None if future.cancelled() else future.result() for future in futures]

    def leave(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


def _obey(call: tuple[bytes, Any]) -> Any:
    """In a worker: do what was sent."""
    function, task = shared.loads(call[0])
    return function(task, told_to_stop) if call[1] is None else function(task, call[1], told_to_stop)


class _Children(Workers):
    """Child processes of this machine; they see large tables in the memory of this process."""

    def __init__(self, cores: int) -> None:
        self._cores = cores
        self._processes = Processes(cores)
        self._packages: WeakKeyDictionary[Compiled, bytes] = WeakKeyDictionary()

    @property
    def parallel(self) -> int:
        return self._cores

    @property
    def executor(self) -> Executor | None:
        return self._processes.executor

    def run(self, function: Callable[[Task, Stop], Answer], tasks: Sequence[Task], tick: Stop) -> list[Answer | None]:
        return self._obeyed([(pickle.dumps((function, task)), None) for task in tasks], tick)

    def legs(
        self,
        compiled: Compiled,
        tasks: Sequence[LegTask],
        tick: Stop,
        improved: Callable[[list[RouteKey]], None] = lambda routes: None,
    ) -> list[LegAnswer | None]:
        if compiled not in self._packages:
            self._packages[compiled] = packed(compiled.problem, near=True)
        package = self._packages[compiled]
        digest = sha256(package).hexdigest()
        return self._obeyed([(pickle.dumps((run_shipped, ShippedLeg(digest, task))), package) for task in tasks], tick)

    def _obeyed(self, calls: list[tuple[bytes, Any]], tick: Stop) -> list[Any]:
        def listen() -> bool:
            over = tick()
            if over:
                self._processes.tell()
            return over

        return self._processes.run(_obey, calls, listen)

    def leave(self) -> None:
        self._processes.leave()


class _Cluster(Workers):
    """
    Workers of a Dask scheduler; this package must be installed there.

    Stop requests are heard best effort: tasks that wait are cancelled, those at work end by their own limits.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
            from distributed.comm import CommClosedError
        except ModuleNotFoundError as error:
            raise NoScheduler(
                f"a scheduler is named ({address}), but the Dask client is not installed: "
                "pip install 'cluster-logistics[dask]'"
            ) from error
        try:
            self._client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise NoScheduler(f"no Dask scheduler answers at {address}: {error}") from error
        self._lost = (distributed.KilledWorker, CommClosedError)
        self._executor: Executor = self._client.get_executor(pure=False, retries=RETRIES)
        self._packages: WeakKeyDictionary[Compiled, tuple[str, bytes]] = WeakKeyDictionary()

    @property
    def parallel(self) -> int:
        """Threads of all workers as of now, at least 1."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    @property
    def executor(self) -> Executor | None:
        return self._executor

    def run(self, function: Callable[[Task, Stop], Answer], tasks: Sequence[Task], tick: Stop) -> list[Answer | None]:
        work = [pickle.dumps((function, task)) for task in tasks]
        return redone(lambda left, listen: self._obeyed([(data, None) for data in left], listen), work, tick)

    def legs(
        self,
        compiled: Compiled,
        tasks: Sequence[LegTask],
        tick: Stop,
        improved: Callable[[list[RouteKey]], None] = lambda routes: None,
    ) -> list[LegAnswer | None]:
        if compiled not in self._packages:
            package = packed(compiled.problem, near=False)
            self._packages[compiled] = sha256(package).hexdigest(), package
        digest, package = self._packages[compiled]
        work = [pickle.dumps((run_shipped, ShippedLeg(digest, task))) for task in tasks]

        def attempt(left: Sequence[bytes], listen: Stop) -> list[Any]:
            sent = self._client.scatter(package, broadcast=True)
            return self._obeyed([(data, sent) for data in left], listen)

        return redone(attempt, work, tick)

    def _obeyed(self, calls: list[tuple[bytes, Any]], tick: Stop) -> list[Any]:
        return in_order(self._executor, _obey, calls, tick, lost=self._lost)

    def leave(self) -> None:
        self._client.close(timeout=1)
