"""The supervisor: keeps its children running, tells them to end, and leaves none behind, however it ends itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cluster.base import supervise
from cluster.base.supervise import Child, Supervisor

ROOT = Path(__file__).resolve().parents[3]

RUN = """
import os, sys
from pathlib import Path
from cluster.base.supervise import Child, Supervisor

write = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); time.sleep(600)"
children = [Child(name, [sys.executable, "-c", write, f"{sys.argv[1]}/{name}"]) for name in ("api", "worker")]
watch = [Path(sys.argv[2])] if len(sys.argv) > 2 else None
raise SystemExit(Supervisor(children, dict(os.environ), lambda line: print(line, flush=True), watch).run())
"""


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def pids(folder: Path, *, count: int = 1) -> list[int]:
    files = [folder / "api", folder / "worker"]
    wait_for(lambda: all(file.exists() and len(file.read_text().split()) >= count for file in files))
    return [int(file.read_text().split()[-1]) for file in files]


def lives(pid: int) -> bool:
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True).stdout
    return bool(shown.strip()) and not shown.startswith("Z")


def begin(folder: Path, *watch: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", RUN, str(folder), *map(str, watch)], cwd=ROOT)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_children_and_counts_as_success(tmp_path: Path, number: signal.Signals) -> None:
    run = begin(tmp_path)
    children = pids(tmp_path)
    run.send_signal(number)
    assert run.wait(30) == 0
    assert not any(lives(pid) for pid in children)


def test_children_of_a_killed_supervisor_end_too(tmp_path: Path) -> None:
    run = begin(tmp_path)
    children = pids(tmp_path)
    run.kill()
    run.wait()
    wait_for(lambda: not any(lives(pid) for pid in children))


def test_a_changed_file_starts_all_children_again(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    run = begin(tmp_path, source)
    before = pids(tmp_path)
    time.sleep(0.5)  # the watch begins after the first tick
    (source / "changed.py").write_text("")
    after = pids(tmp_path, count=2)
    assert not set(before) & set(after)
    run.terminate()
    assert run.wait(30) == 0
    assert not any(lives(pid) for pid in [*before, *after])


def test_a_child_that_dies_at_once_ends_everything_with_its_code(tmp_path: Path) -> None:
    said: list[str] = []
    sleeper = [sys.executable, "-c", f"open({str(tmp_path / 'up')!r}, 'w'); import time; time.sleep(600)"]
    children = [Child("good", sleeper), Child("bad", [sys.executable, "-c", "raise SystemExit(7)"])]
    assert Supervisor(children, dict(os.environ), said.append).run() == 7
    assert said == ["bad ended with code 7 right after its start, giving up"]


def test_a_child_that_dies_after_a_while_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Steady from 0.5 s on. The first life lasts 1 s, the second ends at once: started again once, then given up.
    monkeypatch.setattr(supervise, "_STEADY_S", 0.5)
    mark = tmp_path / "mark"
    script = (
        f"import pathlib, time; m = pathlib.Path({str(mark)!r}); first = not m.exists(); m.touch(); time.sleep(first)"
    )
    said: list[str] = []
    assert Supervisor([Child("it", [sys.executable, "-c", script])], dict(os.environ), said.append).run() == 1
    assert said == ["it ended with code 0, starting it again", "it ended with code 0 right after its start, giving up"]


def test_a_child_that_does_not_listen_is_killed_with_its_own_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "_GRACE_S", 0.3)  # shorter than the tether's own patience
    grandchild = tmp_path / "grandchild"
    deaf = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        f"open({str(grandchild)!r}, 'w').write(str(p.pid)); time.sleep(600)"
    )
    quick = (
        f"import pathlib, time\nwhile not pathlib.Path({str(grandchild)!r}).exists(): time.sleep(0.05)\ntime.sleep(0.2)"
    )
    children = [Child("deaf", [sys.executable, "-c", deaf]), Child("quick", [sys.executable, "-c", quick])]
    assert Supervisor(children, dict(os.environ), lambda _line: None).run() == 1
    wait_for(lambda: not lives(int(grandchild.read_text())))


def test_a_deaf_child_of_a_parent_that_is_gone_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    deaf = (
        "import os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"open({str(mark)!r}, 'w').write(f'{{os.getpid()}}\\n'); time.sleep(600)"
    )
    # Patience cut to half a second; the parent ends as soon as the program no longer listens.
    tie = (
        "import os, sys; from cluster.base import tether; tether.GRACE_S = 0.5;"
        f"tether._Tether(os.getppid(), [sys.executable, '-c', {deaf!r}]).run()"
    )
    parent = (
        "import pathlib, subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {tie!r}], start_new_session=True)\n"
        f"while not (pathlib.Path({str(mark)!r}).exists() and pathlib.Path({str(mark)!r}).read_text()): time.sleep(0.05)\n"
    )
    subprocess.run([sys.executable, "-c", parent], check=True, cwd=ROOT, timeout=60)
    wait_for(lambda: not lives(int(mark.read_text())))
