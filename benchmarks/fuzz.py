"""
Every operation asked by Schemathesis, once for each role: examples, edges, random bodies, sequences.

    python -m benchmarks.fuzz --cases 20

Nothing may answer 5xx, or with a status, a content type or a body that the API reference does not know. Prints, for
each role, how many requests were sent, how many operations answered with a success, and every failure.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from benchmarks.platform import Measured, running
from benchmarks.seeding import good_bodies, naming, sown
from cluster.base.db import Database, system_scope
from cluster.base.scopes import SCOPES
from cluster.demo.client import Client
from cluster.members.service import issue_operator_key

ROLES = ("nobody", "operator", "member_user", "member_admin", "coordinator")
"""Those who see least first: what a coordinator does changes the cluster for all."""
LIMITED = tuple(f"{holder}/{scope}" for holder in ("member_admin", "coordinator") for scope in SCOPES)
"""Keys that are limited to one scope, which are asked for with ``--role``, or all of them with ``--limited``."""
PHASES = "examples,coverage,fuzzing,stateful"
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance"),
    *("response_schema_conformance", "unsupported_method", "ignored_auth"),
)
STREAMS = ("follow_plan", "follow_import")
"""Answers that do not end by themselves; the hostile tests ask them."""
SEED = 20_261_122
REPORT_MAX = 20_000


class Told(NamedTuple):
    """What came of one role's run."""

    role: str
    sent: int
    statuses: Counter[int]
    successes: set[str]
    """Operations that answered with a success."""
    surprises: list[str]
    """Answers of 5xx."""
    failures: list[str]
    """What else the checks found, in words."""


def keys_of(measured: Measured) -> dict[str, str]:
    """A key for each role; nobody's opens nothing."""

    async def operators() -> str:
        async with Database.open(measured.database_url, 1) as database, database.unit(system_scope()) as db:
            return await issue_operator_key(db)

    coordinator = Client(f"http://127.0.0.1:{measured.port}", measured.coordinator_key)
    member = coordinator.post("/v1/members", {"code": "fuzzed", "name": "Fuzzed"})
    issued = {
        role: coordinator.post("/v1/keys", {"name": role, "role": role, "member_id": member["id"]})["api_key"]
        for role in ("member_user", "member_admin")
    }
    issued["coordinator"] = coordinator.post("/v1/keys", {"name": "fuzz", "role": "coordinator"})["api_key"]
    for name in LIMITED:
        role, _, scope = name.partition("/")
        firm = {"member_id": member["id"]} if role == "member_admin" else {}
        issued[name] = coordinator.post("/v1/keys", {"name": name, "role": role, "scopes": [scope]} | firm)["api_key"]
    return issued | {"operator": asyncio.run(operators()), "nobody": "clk_nobody"}


def asked_about(measured: Measured, keys: dict[str, str], folder: Path) -> Path:
    """The API's document in a file, with things of the fuzzed firm and its cluster to ask about."""
    url = f"http://127.0.0.1:{measured.port}"
    document = httpx.get(f"{url}/schema/openapi.json", trust_env=False, timeout=60).json()
    admin, coordinator = Client(url, keys["member_admin"]), Client(url, keys["coordinator"])
    things = sown(measured, admin.get("/v1/me")["member"]["id"], admin, coordinator)
    path = folder / "openapi.json"
    path.write_text(json.dumps(naming(document, things, good_bodies(measured, things))))
    return path


def configuration(folder: Path, cases: int) -> Path:
    """Settings of a run; the key comes from the environment, for arguments are seen by all on the machine."""
    path = folder / "schemathesis.toml"
    path.write_text(
        f"""
        request-timeout = 30
        headers = {{ Authorization = "Bearer ${{FUZZ_KEY}}" }}
        [generation]
        max-examples = {cases}
        with-security-parameters = false
        database = "none"
        """
    )
    return path


def fuzz(
    url: str,
    document: Path,
    role: str,
    key: str,
    *,
    cases: int,
    phases: str = PHASES,
    seed: int = SEED,
    extra: Sequence[str] = (),
) -> Told:
    """Asks every operation as one role; ``extra`` are further arguments of Schemathesis."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        har, report = folder / "sent.har", folder / "report.txt"
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration(folder, cases)), "run"]
        command += [str(document), "--url", url, "--phases", phases, "--checks", ",".join(CHECKS), "--seed", str(seed)]
        command += ["--report", "har", "--report-har-path", str(har), "--no-color", "--continue-on-failure"]
        command += ["--no-shrink", "--suppress-health-check", "all", "--warnings", "off"]
        for operation in STREAMS:
            command += ["--exclude-operation-id", operation]
        command += extra
        with report.open("wb") as out:
            environment = os.environ | {"FUZZ_KEY": key, "PYTHONHASHSEED": "0"}
            ended = subprocess.run(
                command, stdout=out, stderr=subprocess.STDOUT, env=environment, check=False, cwd=folder
            )
        if not har.exists():
            raise RuntimeError(report.read_text())
        one = told(role, json.loads(har.read_text()), json.loads(document.read_text()))
        return one._replace(failures=[report.read_text()[-REPORT_MAX:]] if ended.returncode else [])


def told(role: str, sent: Any, document: Any) -> Told:
    """What the log of requests says."""
    find = finder(document)
    statuses: Counter[int] = Counter()
    successes, surprises = set(), []
    for entry in sent["log"]["entries"]:
        status, request = entry["response"]["status"], entry["request"]
        statuses[status] += 1
        path = urlsplit(request["url"]).path
        if status >= 500 and status != 503:
            body = request.get("postData", {}).get("text", "")
            surprises.append(f"{status} {request['method']} {request['url'][:300]} {body[:500]}")
        if 200 <= status < 400 and (operation := find(request["method"], path)):
            successes.add(operation)
    return Told(role, len(sent["log"]["entries"]), statuses, successes, surprises, [])


def finder(document: Any) -> Callable[[str, str], str | None]:
    """Which operation a request asked for; literal paths before those with names in them."""
    known = [
        (path.count("{"), method.upper(), re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)), operation["operationId"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    known.sort(key=lambda entry: entry[0])

    def find(method: str, path: str) -> str | None:
        return next((name for _, verb, form, name in known if verb == method and form.fullmatch(path)), None)

    return find


def say(one: Told, operations: int) -> None:
    """A role's run in lines."""
    print(f"{one.role}: {one.sent} requests, {len(one.successes)} of {operations} operations with a success")
    print("  " + ", ".join(f"{status}: {count}" for status, count in sorted(one.statuses.items())))
    for line in (*one.surprises[:20], *one.failures):
        print("  " + line.replace("\n", "\n  "))


def main(arguments: Sequence[str] | None = None) -> int:
    """All roles one after the other; 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20, help="random cases an operation")
    parser.add_argument("--phases", default=PHASES)
    parser.add_argument("--role", choices=(*ROLES, *LIMITED), action="append")
    parser.add_argument("--limited", action="store_true", help="a key of each scope, instead of whole roles")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args(arguments)
    with running() as measured, tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{measured.port}"
        keys, found = keys_of(measured), 0
        document = asked_about(measured, keys, Path(folder))
        operations = sum(len(entry) for entry in json.loads(document.read_text())["paths"].values())
        for role in given.role or (LIMITED if given.limited else ROLES):
            one = fuzz(url, document, role, keys[role], cases=given.cases, phases=given.phases, seed=given.seed)
            say(one, operations)
            found += len(one.surprises) + len(one.failures)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
