"""
Every operation asked by Schemathesis, once for each role: examples, edges, random bodies, sequences.

    python -m benchmarks.fuzz --cases 20

Nothing may answer 5xx, or with a status, a content type or a body that the API reference does not know. Each role has a
platform of its own, on which there is something of everything; the first request to each operation is a good one, of a
thing that nobody else uses up, and then comes what is drawn. Prints, for each role, how many requests were sent, how
many of the operations that it may call answered with a success and which never did, and every failure; then the same
for all roles together.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import httpx

from benchmarks.fuzzing import days, people, shops
from benchmarks.fuzzing.provider import provider
from benchmarks.fuzzing.told import Told, open_to, say, say_union, told
from benchmarks.fuzzing.world import PERSON, PLACE, Json, Refused, World
from benchmarks.platform import Measured, running
from benchmarks.seeding import good_bodies, naming, sown
from cluster.base.db import Database, system_scope
from cluster.base.scopes import SCOPES
from cluster.demo.client import Client
from cluster.members.service import issue_operator_key

ROLES = ("nobody", "operator", "carrier_key", "member_user", "member_admin", "coordinator")
LIMITED = tuple(f"{holder}/{scope}" for holder in ("member_admin", "coordinator") for scope in SCOPES)
"""Keys that are limited to one scope, which are asked for with ``--role``, or all of them with ``--limited``."""
PHASES = "examples,coverage,fuzzing,stateful"
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance"),
    *("response_schema_conformance", "unsupported_method", "ignored_auth"),
)
STREAMS = {"follow_plan": "/v1/plans/{plan}/events", "follow_import": "/v1/imports/{imp}/events"}
"""Answers that do not end by themselves, for which Schemathesis would wait: asked here, and by the hostile tests."""
SEED = 20_261_122
REPORT_MAX = 20_000
ROOT = Path(__file__).parent.parent


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
    carrier = coordinator.post("/v1/carriers", {"code": "fuzzed", "name": "Vans", "country_code": "VN"})
    issued["carrier_key"] = coordinator.post(f"/v1/carriers/{carrier['id']}/keys", {"name": "fuzz"})["api_key"]
    for name in LIMITED:
        role, _, scope = name.partition("/")
        firm = {"member_id": member["id"]} if role == "member_admin" else {}
        issued[name] = coordinator.post("/v1/keys", {"name": name, "role": role, "scopes": [scope]} | firm)["api_key"]
    return issued | {"operator": asyncio.run(operators()), "nobody": "clk_nobody"}


def asked_about(measured: Measured, keys: dict[str, str], folder: Path, more: Json | None = None) -> Path:
    """The API's document in a file, with things of the fuzzed firm and its cluster to ask about."""
    things = basics(measured, keys) if more is None else more
    document = httpx.get(f"http://127.0.0.1:{measured.port}/schema/openapi.json", trust_env=False, timeout=60).json()
    path = folder / "openapi.json"
    path.write_text(json.dumps(naming(document, things, good_bodies(measured, things))))
    return path


def basics(measured: Measured, keys: dict[str, str]) -> Json:
    """Some of each thing that needs no worker."""
    url = f"http://127.0.0.1:{measured.port}"
    admin, coordinator = Client(url, keys["member_admin"]), Client(url, keys["coordinator"])
    return dict(sown(measured, admin.get("/v1/me")["member"]["id"], admin, coordinator))


class Asked(NamedTuple):
    """What a role is let loose upon."""

    url: str
    document: Path
    world: World
    folder: Path


@contextmanager
def cluster_for(role: str) -> Iterator[Asked]:
    """A platform with something of everything, on which nobody works any more."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shops.known_secret()
        stack.enter_context(provider())
        measured = stack.enter_context(running(worker=True))
        url, keys = f"http://127.0.0.1:{measured.port}", keys_of(measured)
        world = World(url, role, keys, basics(measured, keys) | {"day": measured.day})
        rival = world.coordinator.post("/v1/members", {"code": "rival", "name": "Rival"})["id"]
        world.things["rival"] = rival
        body = {"name": "rival", "role": "member_admin", "member_id": rival}
        keys["rival"] = world.coordinator.post("/v1/keys", body)["api_key"]
        keys["colleague"] = colleague(world)
        cluster_id = world.coordinator.get("/v1/me")["cluster"]["id"]
        world.things |= shops.connected(measured.database_url, cluster_id, world.member_id)
        world.things |= days.lived(world)
        world.things["usr"] = [people.somebody(world).user_id for _ in range(3)]
        assert measured.worker is not None
        measured.worker.terminate()  # plans of ever new days would be solved for hours
        measured.worker.wait(60)
        world.kept(folder / "world.json")
        yield Asked(url, asked_about(measured, keys, folder, world.things), world, folder)


def colleague(world: World) -> str:
    """A key of another person at the coordinator's desk, who signed in with two factors and issued it."""
    person = people.joined(world.url, world.coordinator, "coordinator")
    people.with_app(person)
    return str(person.post("/v1/keys", {"role": "coordinator", "name": "colleague"})["api_key"])


def configuration(folder: Path, cases: int, *, person: bool = False) -> Path:
    """Settings of a run; the key comes from the environment, for arguments are seen by all on the machine."""
    path = folder / "schemathesis.toml"
    headers = "" if person else 'headers = { Authorization = "Bearer ${FUZZ_KEY}" }'
    path.write_text(
        f"""
        request-timeout = 30
        {headers}
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
    world: Path | None = None,
) -> Told:
    """
    Asks every operation as one role; ``extra`` are further arguments of Schemathesis.

    With a ``world`` each operation is asked well once, before all that is drawn.
    """
    # A person's session goes along by a hook, which the check on authentication cannot take away.
    checks = [check for check in CHECKS if role != PERSON or check != "ignored_auth"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        har, report = folder / "sent.har", folder / "report.txt"
        settings = configuration(folder, cases, person=role == PERSON)
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run"]
        command += [str(document), "--url", url, "--phases", phases, "--checks", ",".join(checks), "--seed", str(seed)]
        command += ["--report", "har", "--report-har-path", str(har), "--no-color", "--continue-on-failure"]
        command += ["--no-shrink", "--suppress-health-check", "all", "--warnings", "off"]
        for operation in STREAMS:
            command += ["--exclude-operation-id", operation]
        command += extra
        environment = os.environ | {"FUZZ_KEY": key, "PYTHONHASHSEED": "0"}
        if world is not None:
            places = os.pathsep.join([str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
            environment |= {PLACE: str(world), "SCHEMATHESIS_HOOKS": "benchmarks.fuzzing.hooks", "PYTHONPATH": places}
        with report.open("wb") as out:
            ended = subprocess.run(
                command, stdout=out, stderr=subprocess.STDOUT, env=environment, check=False, cwd=folder
            )
        if not har.exists():
            raise RuntimeError(report.read_text())
        one = told(role, json.loads(har.read_text()), json.loads(document.read_text()))
        said = report.read_text()
        lines = [line.strip() for line in said.splitlines()]
        not_asked = [line for line in lines if line.startswith("NOT ASKED")]
        links = next((line for line in lines if line.startswith("API Links:")), "")
        failures = [said[-REPORT_MAX:]] if ended.returncode else []
        return one._replace(failures=failures, not_asked=not_asked, links=" ".join(links.split()))


def followed(asked: Asked) -> set[str]:
    """Names of the streams that the role may follow, each asked for its first line."""
    found, world = set(), asked.world
    for name in STREAMS.keys() & open_to(json.loads(asked.document.read_text()), world.role):
        at = STREAMS[name].format(plan=world.things["plan"][0], imp=world.things["imp"][0])
        with suppress(Refused, httpx.HTTPError):
            bearer = {"Authorization": f"Bearer {world.keys.get(world.role)}"}
            headers = people.somebody(world).headers if world.role == PERSON else bearer
            with httpx.stream("GET", asked.url + at, headers=headers, trust_env=False, timeout=30) as answer:
                if answer.is_success and next(answer.iter_lines(), None) is not None:
                    found.add(name)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """All roles one after the other; 1 when anything was found, or could not be asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20, help="random cases an operation")
    parser.add_argument("--phases", default=PHASES)
    parser.add_argument("--role", choices=(*ROLES, PERSON, *LIMITED), action="append")
    parser.add_argument("--limited", action="store_true", help="a key of each scope, instead of whole roles")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args(arguments)
    found, document = [], {}
    for role in given.role or (LIMITED if given.limited else (*ROLES, PERSON)):
        with cluster_for(role) as asked:
            one = fuzz(
                *(asked.url, asked.document, role, asked.world.keys.get(role, "")),
                cases=given.cases,
                phases=given.phases,
                seed=given.seed,
                world=asked.folder / "world.json",
            )
            one = one._replace(successes=one.successes | followed(asked))
            document = json.loads(asked.document.read_text())
        say(one, document)
        found.append(one)
    if len(found) > 1:
        say_union(found, document)
    return 1 if any(one.surprises or one.failures or one.not_asked for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
