"""
Platforms with the example day for the tests of pages.

The day is made once a test run, by whichever process comes first; every platform starts on a copy of it, so that no file
of tests depends on what another did, nor on the order of them.
"""

import fcntl
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

import httpx

PLAYERS_MAX = 4
SECONDS = 12
"""Many times what the search needs for the cheapest plan it finds at all: the example day is the same in every run."""
BRIEF = ("--seconds", f"{SECONDS}", "--players", f"{PLAYERS_MAX}", "--tries", "0", "--days", "1", "--no-unfold")
READY_S_MAX, ENDED_S_MAX = 600, 120
ROOT, PREFIX = Path("/tmp"), "cluster-browser-"
PORTS = range(18_000, 32_000)
_ending: list[tuple[subprocess.Popen[str], Path]] = []


class Platform(NamedTuple):
    """
    A running platform with the example day.

    Its address, keys by the name of who they are for, and e-mail address and password of a person of each role.
    """

    url: str
    keys: dict[str, str]
    people: dict[str, tuple[str, str]]


@contextmanager
def example_day() -> Iterator[Path]:
    """Data of a platform with the example day, at rest; deleted when the last process of the test run is done with them."""
    _sweep()
    in_process = "PYTEST_XDIST_WORKER" in os.environ
    shared = ROOT / f"{PREFIX}{os.getppid() if in_process else os.getpid()}"
    with _held(shared) as lock, (shared / "users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        day, made = shared / "day", shared / "made"
        if not made.is_file():
            shutil.rmtree(day, ignore_errors=True)  # of a process that did not bring it up
            _private(day)
            with _running(day) as found:
                _settle_short_splits(found)
            _reap(wait=True, keep=day)
            made.touch()
        fcntl.flock(lock, fcntl.LOCK_UN)
        yield day
        _reap(wait=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
        with suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(shared)


def _settle_short_splits(platform: Platform) -> None:
    """Plans that are asked for on pages are split among few: what many cost is tested where splits are."""
    path, headers = "/v1/cluster-settings/sharing", {"Authorization": f"Bearer {platform.keys['Coordinator']}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60, trust_env=False) as client:
        now = client.get(path).raise_for_status().json()
        sharing = now["applies"]["sharing"] | {"players_max": PLAYERS_MAX}
        client.put(
            path, json={"sharing": sharing}, headers={"If-Match": f'"{now["latest_version"]}"'}
        ).raise_for_status()


@contextmanager
def platform_on(day: Path) -> Iterator[Platform]:
    """``cluster demo`` on a copy of the day, told to end afterwards; nobody waits for its end."""
    _reap()
    folder = Path(tempfile.mkdtemp(dir=day.parent))
    folder.chmod(0o711)
    # Owners stay as they are: a database started by root belongs to another user.
    subprocess.run(["cp", "-a", f"{day}/.", str(folder)], check=True)
    with _running(folder) as found:
        yield found


def _held(shared: Path) -> IO[str]:
    """The folder's lock, alone; of a folder that was deleted while it was waited for, the lock of the next one."""
    while True:
        _private(shared)
        with suppress(FileNotFoundError):
            lock = (shared / "lock").open("w")
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (shared / "lock").stat().st_ino == os.fstat(lock.fileno()).st_ino:
                return lock
            lock.close()


def _private(folder: Path) -> None:
    """A folder that a database's own user may pass through, and nobody else look into."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)


@contextmanager
def _running(folder: Path) -> Iterator[Platform]:
    environment = {"CLUSTER_DATA_DIR": str(folder), "CLUSTER_PORT": str(_free_port()), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "cluster.cli", "demo", *BRIEF],
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    ready = threading.Event()
    threading.Thread(target=_read_until_ready, args=(process, lines, ready), daemon=True).start()
    try:
        ready.wait(READY_S_MAX)
        yield _told(lines)
    finally:
        process.send_signal(signal.SIGTERM)
        _ending.append((process, folder))


def _read_until_ready(process: subprocess.Popen[str], lines: list[str], ready: threading.Event) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("dashboard:"):
            ready.set()
    ready.set()


def _told(lines: list[str]) -> Platform:
    url = next((line.split()[1] for line in lines if line.startswith("dashboard:")), None)
    assert url is not None, "the demonstration did not come up:\n" + "\n".join(lines[-30:])
    logins = [re.fullmatch(r"  (coordinator|member) +(.+?) +(clk_\S+)", line) for line in lines]
    persons = [re.fullmatch(r"  (\w+) +(\S+@\S+) +(\S+)", line) for line in lines]
    return Platform(
        url=url,
        keys={login[2]: login[3] for login in logins if login is not None},
        people={person[1]: (person[2], person[3]) for person in persons if person is not None},
    )


def _free_port() -> int:
    """
    Any port below those that the kernel hands out.

    By chance, because it is taken a while later: two platforms that find the same one would both listen on it.
    """
    for port in random.SystemRandom().sample(PORTS, 200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no free port")


def _reap(*, wait: bool = False, keep: Path | None = None) -> None:
    """Deletes what platforms that have ended leave."""
    for entry in list(_ending):
        process, folder = entry
        if wait:
            process.wait(ENDED_S_MAX)
        if process.poll() is not None:
            _ending.remove(entry)
            if folder != keep:
                shutil.rmtree(folder)


def _sweep() -> None:
    """Clears away what test runs left that were killed."""
    for left in ROOT.glob(f"{PREFIX}*"):
        pid = left.name.removeprefix(PREFIX)
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except (PermissionError, ValueError):
            continue
