"""What Schemathesis calls in its own process: a good request of each operation, and a living session for people."""

import itertools
import sys
import time
from typing import Any

import schemathesis
from schemathesis.generation.meta import TestPhase

from benchmarks.fuzzing.asking import asked_well
from benchmarks.fuzzing.people import ENDS, PROVEN_S, Person, somebody
from benchmarks.fuzzing.told import open_to
from benchmarks.fuzzing.world import PERSON, Json, World

WORLD = World.opened()
_person: list[Person] = []
_steps = itertools.count()


@schemathesis.hook
def before_add_examples(context: Any, examples: list[Any]) -> None:
    """Asks the operation well, of a thing that nobody else uses up; before all that is drawn."""
    operation = context.operation
    described: Json = operation.definition.raw
    name = described["operationId"]
    if name not in open_to(operation.schema.raw_schema, WORLD.role):
        return
    try:
        good = asked_well(described, WORLD)
    except Exception as fault:  # noqa: BLE001  (whatever it is, the run goes on, and tells)
        print(f"NOT ASKED {name}: {type(fault).__name__}: {fault}", file=sys.stderr)
        return
    body = {"body": good.body, "media_type": good.media_type} if "requestBody" in described else {}
    examples.append(operation.Case(path_parameters=good.path, query=good.query, headers=good.headers, **body))


def _begun_well(operation: Any, case: Any) -> None:
    """Has what makes a thing make one, so that there are steps to follow; what is drawn seldom does."""
    described: Json = operation.definition.raw
    makes = operation.method.upper() == "POST" and "requestBody" in described and "{" not in operation.path
    if not makes or described["operationId"] not in open_to(operation.schema.raw_schema, WORLD.role):
        return
    good = asked_well(described, WORLD)
    case.body, case.media_type, case.query = good.body, good.media_type, good.query
    case.headers.update(good.headers)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Json) -> None:
    """Gives a person's requests a session, one of its own to what ends it; and begins sequences with what succeeds."""
    if case.meta is not None and case.meta.phase.name is TestPhase.STATEFUL and next(_steps) % 4:
        _begun_well(context.operation, case)
    if WORLD.role != PERSON or "Cookie" in case.headers:
        return
    if context.operation.definition.raw["operationId"] in ENDS:
        case.headers.update(somebody(WORLD).headers)
        return
    if not _person or time.monotonic() > _person[0].since + PROVEN_S:
        _person[:] = [somebody(WORLD)]
    case.headers.update(_person[0].headers)
