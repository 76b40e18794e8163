"""How a thing is asked for by those who have no business with it."""

from tests.cluster.api import Caller
from tests.cluster.isolation.cases import Case
from tests.cluster.isolation.everybody import OUTSIDE, RIVALS, ROLES, STRANGERS
from tests.cluster.isolation.operations import Operation, operations
from tests.cluster.neighbours import Neighbours
from tests.cluster.test_isolation import nobodys, without_request_id

BY_SHORT_NAME = {operation.short: operation for operation in operations()}


def operation_of(case: Case) -> Operation:
    """What the document says of a case's operation."""
    return BY_SHORT_NAME[case.operation.partition("?")[0]]


def outsiders(case: Case) -> tuple[str, ...]:
    """Callers that have no business with a case's thing."""
    return (*(RIVALS if "an" in case.rivals else ()), *STRANGERS, *OUTSIDE)


async def unknown_to_all(neighbours: Neighbours, callers: dict[str, Caller], case: Case, **headers: str) -> None:
    """Asks as everybody outside for a thing and for one that is not there; the answers must be the same."""
    operation = operation_of(case)
    method, _, path = case.operation.partition(" ")
    *of, thing = (neighbours.things[name] for name in case.thing.split())
    for name in outsiders(case):
        theirs = await callers[name].send(method, path.format(*of, thing), case.body, **headers)
        missing = await callers[name].send(method, path.format(*of, nobodys(thing)), case.body, **headers)
        assert theirs.status_code == missing.status_code == refusal(operation, name), f"{name}: {theirs.text}"
        assert without_request_id(theirs.json()) == without_request_id(missing.json())
        assert theirs.headers.keys() == missing.headers.keys()


def refusal(operation: Operation, name: str) -> int:
    """What whoever has nothing to do with a thing must hear."""
    role = ROLES[name]
    if role is None:
        return 401
    return 404 if operation.roles is not None and role in operation.roles else 403
