"""Any operation's good request: what is said of it by name, completed from the API's document and what is sown."""

import uuid
from typing import Any

from benchmarks.fuzzing.books import BOOKS
from benchmarks.fuzzing.firms import FIRMS
from benchmarks.fuzzing.goods import GOODS
from benchmarks.fuzzing.people import PEOPLE
from benchmarks.fuzzing.plans import PLANS
from benchmarks.fuzzing.world import Good, Json, Refused, World
from benchmarks.seeding import PARAMETERS

GOOD = FIRMS | GOODS | PLANS | PEOPLE | BOOKS


def asked_well(described: Json, world: World) -> Good:
    """
    The request that must succeed.

    Raises
    ------
    Refused
        When something it needs could not be made, is not sown, or is not in the document.
    """
    name = described["operationId"]
    good = GOOD[name](world) if name in GOOD else Good()
    path = {entry: good.path.get(entry) or named(entry, world) for entry in names(described, "path")}
    known = {"Idempotency-Key": str(uuid.uuid4()), "If-Match": "*"}
    wanted = {entry: known[entry] for entry in names(described, "header") & known.keys()}
    content = described.get("requestBody", {}).get("content", {})
    body = shown(content) if content and good.body is None else good.body
    return good._replace(path=path, headers=wanted | good.headers, body=body)


def names(described: Json, where: str) -> set[str]:
    """Names of an operation's parameters there."""
    return {entry["name"] for entry in described.get("parameters", []) if entry["in"] == where}


def named(parameter: str, world: World) -> str:
    """A thing that is sown."""
    found = world.things.get(PARAMETERS.get(parameter, parameter))
    if not found:
        raise Refused(f"nothing is sown for {parameter}")
    return str(found[0])


def shown(content: Json) -> Any:
    """The body that the API's document shows."""
    for example in (one for kind in content.values() for one in kind.get("examples", {}).values()):
        return example["value"]
    raise Refused("the document has no example of its body")
