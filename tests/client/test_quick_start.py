"""Every snippet of the quick start is run as it stands, against server and worker in processes of their own."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from cluster_client import webhooks
from tests.client.conftest import Harbour
from tests.client.scripted import scripted
from tests.house.tree import ROOT
from tests.journeys.live import free_port

PAGE = (ROOT / "docs" / "quick-start.md").read_text("utf-8")
FENCE = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = [text for kind, _, text in FENCE.findall(PAGE) if kind == "sh"]
PROGRAM = "\n".join(text for kind, file, text in FENCE.findall(PAGE) if kind == "python" and not file)
FILES = {file: text for _, file, text in FENCE.findall(PAGE) if file}


def environment(harbour: Harbour, **more: str) -> dict[str, str]:
    """What a reader's terminal has."""
    path = str(ROOT / "clients" / "python" / "src")
    plain = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return plain | {"URL": harbour.live.url, "KEY": harbour.an_key, "PYTHONPATH": path} | more


def run(command: list[str], folder: Path, variables: dict[str, str]) -> str:
    """What a command says; it must succeed."""
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_page_has_snippets_of_every_kind() -> None:
    kinds = [kind for kind, _, _ in FENCE.findall(PAGE)]
    assert (kinds.count("sh"), kinds.count("python")) == (4, 8)
    assert set(kinds) == {"sh", "python", "text"}
    assert set(FILES) == {"receiver.py"}


def test_the_shell_snippets_book_once_and_show_every_fault(harbour: Harbour, tmp_path: Path) -> None:
    said = run(["sh", "-euc", "\n".join(SHELL)], tmp_path, environment(harbour))
    assert '"role":"member_admin"' in said
    [booked] = harbour.an.shipments.list(client_ref="order-1001")
    assert booked.id in (tmp_path / "shipment.json").read_text()
    assert '"code":"invalid_request"' in said
    assert "/handling_units" in said
    run(["sh", "-euc", SHELL[1]], tmp_path, environment(harbour))
    assert booked.id in (tmp_path / "shipment.json").read_text()


def test_the_python_snippets_work_one_after_the_other(harbour: Harbour, tmp_path: Path) -> None:
    with scripted() as hook:
        variables = environment(harbour, HOOK_URL=f"{hook.url}/hook")
        said = run([sys.executable, "-c", PROGRAM + "\nprint(secret)"], tmp_path, variables)
        [booked] = harbour.an.shipments.list(client_ref="order-2001")
        assert booked.declared_minor == 900_000
        assert f"{booked.id} {booked.status}" in said
        assert "/handling_units/0/weight_g out_of_range" in said
        assert "\nchecked\n" in said
        assert (tmp_path / "shipments.csv").stat().st_size > 100
        secret = said.splitlines()[-1]
        for _ in range(200):
            if hook.asked:
                break
            time.sleep(0.05)
        assert webhooks.verify(hook.asked[0].body, hook.asked[0].headers, secret).type == "webhook.ping"
        for entry in harbour.an.webhooks.list():
            harbour.an.webhooks.delete(entry.id)


def test_the_receiver_takes_messages_of_the_platform_alone(harbour: Harbour, tmp_path: Path) -> None:
    port = free_port()
    added = harbour.an.webhooks.add({"url": f"http://127.0.0.1:{port}/", "event_types": ["shipment.*"]})
    (tmp_path / "receiver.py").write_text(FILES["receiver.py"])
    variables = environment(harbour, PORT=str(port), SECRET=added.secret)
    with subprocess.Popen(
        [sys.executable, "receiver.py"], cwd=tmp_path, env=variables, stdout=subprocess.PIPE, text=True
    ) as receiver:
        try:
            forged = _post_when_it_answers(harbour, f"http://127.0.0.1:{port}/")
            harbour.an.webhooks.ping(added.webhook.id)
            assert receiver.stdout is not None
            assert receiver.stdout.readline().startswith("webhook.ping")
        finally:
            receiver.kill()
    assert forged == 400
    harbour.an.webhooks.delete(added.webhook.id)


def _post_when_it_answers(harbour: Harbour, url: str) -> int:
    """A forged message's status, once the receiver is up."""
    for _ in range(200):
        try:
            return harbour.http.post(url, json={"type": "shipment.delivered", "timestamp": "", "data": {}}).status_code
        except httpx.ConnectError:
            time.sleep(0.05)
    pytest.fail("the receiver does not answer")
