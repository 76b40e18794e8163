"""What Schemathesis calls in its own process: a good request of each operation, and a living session for people."""

import sys
import time
import uuid
from typing import Any

import schemathesis

from benchmarks.fuzzing.firms import FIRMS
from benchmarks.fuzzing.goods import GOODS
from benchmarks.fuzzing.people import ENDS, PEOPLE, PROVEN_S, Person, somebody
from benchmarks.fuzzing.plans import PLANS
from benchmarks.fuzzing.told import open_to
from benchmarks.fuzzing.world import PERSON, Good, Json, Refused, World
from benchmarks.seeding import PARAMETERS

GOOD = FIRMS | GOODS | PLANS | PEOPLE
WORLD = World.opened()
_person: list[Person] = []


def asked_well(operation: Any) -> Any:
    """The case of an operation that must succeed."""
    described = operation.definition.raw
    name = described["operationId"]
    good = GOOD[name](WORLD) if name in GOOD else Good()
    path = {entry: good.path.get(entry) or named(entry) for entry in names(described, "path")}
    headers = {"Idempotency-Key": str(uuid.uuid4()), "If-Match": "*"}
    headers = {entry: value for entry, value in headers.items() if entry in names(described, "header")} | good.headers
    content = described.get("requestBody", {}).get("content", {})
    given: Json = {}
    if content:
        given = {"body": example(content) if good.body is None else good.body, "media_type": good.media_type}
    return operation.Case(path_parameters=path, query=good.query, headers=headers, **given)


def names(described: Json, where: str) -> list[str]:
    """Names of an operation's parameters there."""
    return [entry["name"] for entry in described.get("parameters", []) if entry["in"] == where]


def named(parameter: str) -> str:
    """A thing that is sown."""
    found = WORLD.things.get(PARAMETERS.get(parameter, parameter))
    if not found:
        raise Refused(f"nothing is sown for {parameter}")
    return str(found[0])


def example(content: Json) -> Any:
    """The body that the API's document shows."""
    examples = next(iter(content.values()), {}).get("examples", {})
    if not examples:
        raise Refused("the document has no example of its body")
    return next(iter(examples.values()))["value"]


@schemathesis.hook
def before_add_examples(context: Any, examples: list[Any]) -> None:
    """Asks the operation well, of a thing that nobody else uses up; before all that is drawn."""
    operation = context.operation
    if operation.definition.raw["operationId"] not in open_to(operation.schema.raw_schema, WORLD.role):
        return
    try:
        examples.append(asked_well(operation))
    except Exception as fault:  # noqa: BLE001  (whatever it is, the run goes on, and tells)
        print(f"NOT ASKED {operation.definition.raw['operationId']}: {type(fault).__name__}: {fault}", file=sys.stderr)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Json) -> None:
    """Gives a person's requests a session; one of its own to what ends it."""
    if WORLD.role != PERSON or "Cookie" in case.headers:
        return
    if context.operation.definition.raw["operationId"] in ENDS:
        case.headers.update(somebody(WORLD).headers)
        return
    if not _person or time.monotonic() > _person[0].since + PROVEN_S:
        _person[:] = [somebody(WORLD)]
    case.headers.update(_person[0].headers)
