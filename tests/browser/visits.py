"""A running platform with the example day, a browser before it, and what the tests of pages have in common."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # a page that asks another machine gets nothing
]
READY_S_MAX, ENDED_S_MAX = 600, 120
WAITED_MS_MAX, POLLED_MS = 120_000, 100
"""How long a page may take to show something on a slow machine, and how often it is looked at."""
BRIEF = ("--seconds", "3", "--players", "4", "--tries", "0", "--days", "1")
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
_ENDING: list[subprocess.Popen[str]] = []


class Platform(NamedTuple):
    """
    A running platform with the example day.

    Its address, keys by the name of who they are for, and e-mail address and password of a person of each role.
    """

    url: str
    keys: dict[str, str]
    people: dict[str, tuple[str, str]]


class Visit(NamedTuple):
    """A page with what went wrong on it: errors told on the console, and requests to anywhere but the platform."""

    page: Page
    errors: list[str]
    strangers: list[str]


def _free_port() -> int:
    """A port below those that the kernel hands out to others; test processes beside each other look in different places."""
    process = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0)
    for port in range(18_000 + 500 * (process % 20), 32_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no free port")


def _read_until_ready(process: subprocess.Popen[str], lines: list[str], ready: threading.Event) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("dashboard:"):
            ready.set()
    ready.set()


@contextmanager
def demonstration(folder: Path) -> Iterator[Platform]:
    """``cluster demo`` with short plans and one day driven before, ended afterwards."""
    process, lines, ready = _begun(folder)
    try:
        ready.wait(READY_S_MAX)
        url = next((line.split()[1] for line in lines if line.startswith("dashboard:")), None)
        assert url is not None, "the demonstration did not come up:\n" + "\n".join(lines[-30:])
        logins = [re.fullmatch(r"  (coordinator|member) +(.+?) +(clk_\S+)", line) for line in lines]
        persons = [re.fullmatch(r"  (\w+) +(\S+@\S+) +(\S+)", line) for line in lines]
        yield Platform(
            url=url,
            keys={login[2]: login[3] for login in logins if login is not None},
            people={person[1]: (person[2], person[3]) for person in persons if person is not None},
        )
    finally:
        process.send_signal(signal.SIGTERM)
        _ENDING.append(process)


def _begun(folder: Path) -> tuple[subprocess.Popen[str], list[str], threading.Event]:
    process = subprocess.Popen(
        [sys.executable, "-m", "cluster.cli", "demo", *BRIEF],
        cwd=folder,
        env={
            **os.environ,
            "CLUSTER_DATA_DIR": str(folder),
            "CLUSTER_PORT": str(_free_port()),
            "PYTHONUNBUFFERED": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    ready = threading.Event()
    threading.Thread(target=_read_until_ready, args=(process, lines, ready), daemon=True).start()
    return process, lines, ready


def all_ended() -> None:
    """Waits for what was told to end; whoever needs the next platform does not."""
    while _ENDING:
        _ENDING.pop().wait(ENDED_S_MAX)


def example_day(shared: Path) -> Path:
    """
    The data of a platform with the example day, at rest, to be copied.

    Parameters
    ----------
    shared : Path
        A folder that all processes of the test run have; the first of them makes the day, the others wait for it.
    """
    made, kept = shared / "example-day.made", shared / "example-day"
    with (shared / "example-day.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_file():
            shutil.rmtree(kept, ignore_errors=True)  # of one that did not come up
            kept.mkdir()
            with demonstration(kept):
                pass
            all_ended()
            made.touch()
    return kept


def visit(
    browser: Browser, platform: Platform, size: dict[str, int], scheme: str = "light", language: str = "en-GB"
) -> Visit:
    """A visitor who has just come to the first page."""
    # What moves is still, so that whatever is looked at has come to rest.
    looks: Any = {"viewport": size, "color_scheme": scheme, "locale": language, "reduced_motion": "reduce"}
    context = browser.new_context(**looks)
    context.set_default_timeout(WAITED_MS_MAX)
    page = context.new_page()
    made = Visit(page=page, errors=[], strangers=[])
    page.on("console", lambda message: made.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: made.errors.append(str(error)))
    home = (platform.url, "data:", "blob:" + platform.url)
    page.on("request", lambda asked: None if asked.url.startswith(home) else made.strangers.append(asked.url))
    page.goto(platform.url)
    return made


def sign_in(visit: Visit, key: str) -> None:
    """Signs in with an API key."""
    visit.page.get_by_role("button", name="Use an API key").click()
    visit.page.get_by_label("API key").fill(key)
    visit.page.get_by_role("button", name="Sign in").click()
    expect(visit.page.get_by_role("button", name="Sign out")).to_be_visible()


def until(page: Page, script: str) -> None:
    """Waits until a script says so; the page itself may evaluate none, by its policy."""
    for _ in range(WAITED_MS_MAX // POLLED_MS):
        if page.evaluate(script):
            return
        page.wait_for_timeout(POLLED_MS)
    raise AssertionError(f"never true: {script}")


def assert_quiet(visit: Visit) -> None:
    """Nothing failed, and nobody else was asked."""
    assert visit.errors == [], visit.errors
    assert visit.strangers == []


def assert_no_sideways_scrolling(page: Page) -> None:
    """Everything fits the width of the screen."""
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1], widths
