"""``cluster demo`` as a newcomer meets it: once, again, after a crash, and with its port taken."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.live import free_port

QUICK = ("--seconds", "2", "--players", "3")
ALONE = (*QUICK, "--tries", "0", "--days", "0")
UNFOLDING = 120.0
"""Seconds until the first vehicle has left, with time to spare."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A data folder and a port of its own, no servers given."""
    given = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return given | {"CLUSTER_DATA_DIR": str(tmp_path / "data"), "CLUSTER_PORT": str(free_port())}


@pytest.fixture
def taken(environment: dict[str, str]) -> Iterator[int]:
    """The port that the demo is told to use, held by somebody else."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(environment["CLUSTER_PORT"])))
        other.listen()
        yield other.getsockname()[1]


def demo(environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """Runs the demo to its end."""
    command = [sys.executable, "-m", "cluster.cli", "demo", *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_the_demo_does_the_main_job_and_says_so(environment: dict[str, str], taken: int) -> None:
    done = demo(environment, "--once", *ALONE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"port {taken} is taken" in done.stdout
    for words in (
        "15 members booked 160 shipments",
        "split by nucleolus",
        "coordinator",
        "dashboard: http://127.0.0.1:",
    ):
        assert words in done.stdout
    assert f"dashboard: http://127.0.0.1:{taken}\n" not in done.stdout


def test_the_days_before_are_driven_and_links_open_what_they_are_for(environment: dict[str, str]) -> None:
    done = demo(environment, "--once", *QUICK, "--tries", "1", "--days", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "tours driven" in done.stdout
    assert "candidate 'One vehicle less'" in done.stdout
    assert re.search(r"^driver of tour \S+: http://127\.0\.0\.1:\d+/drive#\w+$", done.stdout, re.MULTILINE)
    assert re.search(r"^consignee of \S+: http://127\.0\.0\.1:\d+/track#\w+$", done.stdout, re.MULTILINE)


def test_after_a_crash_the_demo_comes_back_with_the_same_logins(environment: dict[str, str], tmp_path: Path) -> None:
    first = start(environment, tmp_path / "first.log")
    logins = wait_for_logins(first, tmp_path / "first.log")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    second = start(environment, tmp_path / "second.log")
    try:
        assert wait_for_logins(second, tmp_path / "second.log") == logins
        assert "was running" in (tmp_path / "second.log").read_text()
    finally:
        second.terminate()
        second.wait(40)


def test_once_everything_stands_the_day_unfolds_by_itself(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "demo.log"
    process = start(environment, log)
    try:
        wait_for_logins(process, log)
        deadline = time.monotonic() + UNFOLDING
        while ": started" not in log.read_text() and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.5)
        told = log.read_text()
    finally:
        process.terminate()
        process.wait(40)
    ready, _, after = told.partition("dashboard:")
    assert "tendered" not in ready  # nobody waits for it
    assert re.search(r"\d+ tours are tendered to 4 simulated carriers", after)
    assert re.search(r"^Rehearsal: \w+: started$", after, re.MULTILINE)


def start(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """A demo that keeps running."""
    with log.open("wb") as file:
        command = [sys.executable, "-m", "cluster.cli", "demo", *ALONE]
        return subprocess.Popen(command, env=environment, stdout=file, stderr=file)


def wait_for_logins(process: subprocess.Popen[bytes], log: Path) -> list[str]:
    """The sample logins, as soon as they are printed."""
    deadline = time.monotonic() + 150
    while time.monotonic() < deadline and process.poll() is None:
        text = log.read_text()
        if "dashboard:" in text:
            return [line for line in text.splitlines() if "clk_" in line]
        time.sleep(0.2)
    raise AssertionError(log.read_text())
