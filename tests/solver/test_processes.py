"""Child processes: told to stop, replaced when lost, never left behind."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from solver.processes import ATTEMPTS, Processes, in_order, redone, told_to_stop

PARENT = """
from time import sleep
from os import getpid
from solver.processes import Processes
if __name__ == "__main__":
    processes = Processes(1)
    future = processes.executor.submit(getpid)
    print(future.result(), flush=True)
    sleep(60)
"""


def _until_told(_: int) -> str:
    """In a child: wait for the parent's word, for half a minute at most."""
    deadline = monotonic() + 30
    while not told_to_stop() and monotonic() < deadline:
        sleep(0.01)
    return "told" if told_to_stop() else "never told"


def _die_once(mark: str) -> int:
    """In a child: die at the first call with this mark, answer at the next."""
    path = Path(mark)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 7


def _die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _square(number: int) -> int:
    if number < 0:
        raise ValueError(f"{number} is negative")
    return number * number


def test_a_child_hears_the_word_to_stop_and_answers() -> None:
    others = set(active_children())  # of tests before this one that are still on their way out
    processes = Processes(1)
    begun = [False]

    def tick() -> bool:
        begun[0] = begun[0] or bool(set(active_children()) - others)
        if begun[0]:
            processes.tell()
        return False

    try:
        assert processes.run(_until_told, [0], tick) == ["told"]
    finally:
        processes.close()
    assert set(active_children()) <= others


def test_what_a_lost_process_had_begun_is_done_by_another(tmp_path: Path) -> None:
    processes = Processes(2)
    try:
        marks = [str(tmp_path / f"mark{k}") for k in range(3)]
        Path(marks[0]).touch()  # this one does not die
        answers = processes.run(_die_once, marks[:2])
        assert answers == [7, 7]
        assert processes.run(_square, [3, 4]) == [9, 16]  # and the new ones are as good
    finally:
        processes.close()


def test_a_task_that_kills_every_process_is_given_up_and_the_others_can_go_on() -> None:
    processes = Processes(1)
    try:
        assert processes.run(_die, [0]) == [None]
        assert processes.run(_square, [5]) == [25]
    finally:
        processes.close()


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    assert child.is_running()
    parent.kill()
    parent.wait()
    child.wait(timeout=30)  # raises if it is still there


def test_answers_stand_in_the_order_of_the_tasks() -> None:
    with ThreadPoolExecutor(4) as threads:
        assert in_order(threads, _square, [5, 3, 1]) == [25, 9, 1]


def test_a_fault_in_a_task_is_raised() -> None:
    with ThreadPoolExecutor(1) as threads, pytest.raises(ValueError, match="-2 is negative"):
        in_order(threads, _square, [1, -2, 3])


def test_what_is_not_done_in_time_after_the_word_is_given_up() -> None:
    with ThreadPoolExecutor(1) as threads:
        assert in_order(threads, sleep, [1.0, 1.0], lambda: True) == [None, None]


def test_only_what_is_missing_is_attempted_again() -> None:
    seen: list[list[int]] = []

    def attempt(tasks: object, tick: object) -> list[int | None]:
        seen.append(list(tasks))  # type: ignore[call-overload]
        return [None if len(seen) == 1 and task == 2 else task for task in seen[-1]]

    assert redone(attempt, [1, 2, 3], lambda: False) == [1, 2, 3]
    assert seen == [[1, 2, 3], [2]]


def test_nothing_is_attempted_again_once_the_time_is_over() -> None:
    tries: list[int] = []

    def attempt(tasks: object, tick: object) -> list[int | None]:
        tries.append(1)
        return [None] if tick() else [1]  # type: ignore[operator]

    assert redone(attempt, [1], lambda: True) == [None]
    assert len(tries) == 1 < ATTEMPTS
