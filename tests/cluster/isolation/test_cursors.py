"""A cursor opens nothing: whosever it is, the page behind it holds what its asker sees anyway, and tells of nothing else."""

import re
from typing import Any

import pytest

from cluster.base import ids
from tests.cluster.api import Caller
from tests.cluster.isolation.cases import MATRIX, Case
from tests.cluster.isolation.everybody import ROLES, everybody
from tests.cluster.isolation.operations import Operation, operations
from tests.cluster.isolation.probes import operation_of, unknown_to_all
from tests.cluster.neighbours import Neighbours
from tests.cluster.test_isolation import nobodys

pytestmark = pytest.mark.anyio
LISTS = [each for each in operations() if each.name.startswith("GET") and "cursor" in each.query]
WHOLE = [each for each in LISTS if "{" not in each.name and not each.personal]
PARTS = [case for case in MATRIX if operation_of(case) in LISTS]
ASKERS = ("an", "an_user", "stranger", "elsewhere_admin", "carrier")
OWNERS = ("binh", "coordinator", "swift")
GROWS = {"GET /v1/audit-log"}
"""A look of the neutral side adds an entry to it."""
NUMBERED = {"GET /v1/cluster/changes"}
"""Its cursor is the number of a version, the same for all members."""
GARBAGE = ("x", "_", "shp_", "-1", "0", "null", "' OR true --", "%00", "%ff", "../../x", "9" * 64)


@pytest.fixture(scope="module")
async def callers(neighbours: Neighbours) -> dict[str, Caller]:
    """Everybody."""
    return await everybody(neighbours)


async def read(asker: Caller, path: str, cursor: str | None, limit: int = 500) -> Any:
    """One page."""
    answer = await asker.get(f"{path}?limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
    assert answer.status_code == 200, answer.text
    return answer.json()


def beside(cursor: str) -> str:
    """The identifier right after it, which names nothing."""
    prefix = cursor.rpartition("_")[0]
    return ids.show(prefix, type(ids.new())(int=ids.parse(prefix, cursor).int + 1))


def named(entries: Any) -> list[str]:
    """Identifiers of a page's entries."""
    return [entry["id"] for entry in entries]


def may(operation: Operation, name: str) -> bool:
    """Whether somebody's role may ask."""
    return operation.roles is None or ROLES.get(name) in operation.roles


async def others(callers: dict[str, Caller], operation: Operation) -> set[str]:
    """Cursors that were given to those who see more: each entry's, and the page's own."""
    found: set[str] = set()
    for name in OWNERS:
        answer = await callers[name].get(f"{operation.path}?limit=500")
        if answer.status_code == 200:
            found |= set(named(answer.json()["data"]))
            first = (await callers[name].get(f"{operation.path}?limit=1")).json()
            found |= {first["next_cursor"]} - {None}
    return found


def test_every_list_is_attacked() -> None:
    alone = {each.short for each in LISTS if each.personal or each.open}
    alone |= {each.short for each in LISTS if "{" in each.name and not each.names_things}  # sections, the same for all
    tried = {each.short for each in WHOLE} | {case.operation.partition("?")[0] for case in PARTS}
    assert len(LISTS) > 25
    assert {each.short for each in LISTS} - alone == tried - alone


@pytest.mark.parametrize("operation", WHOLE, ids=lambda each: each.name)
async def test_anothers_cursor_is_as_one_that_was_never_given(callers: dict[str, Caller], operation: Operation) -> None:
    theirs = await others(callers, operation)
    for name in (each for each in ASKERS if may(operation, each)):
        asker = callers[name]
        own = set(named((await read(asker, operation.path, None))["data"]))
        for cursor in sorted(theirs - own)[:8]:
            page = await read(asker, operation.path, cursor)
            never = await read(asker, operation.path, beside(cursor))
            for each in (page, never):  # the moment of asking
                each.pop("as_of", None)
            if operation.name in GROWS and name == "stranger":
                continue
            assert set(named(page["data"])) <= own
            assert page == never


@pytest.mark.parametrize("operation", WHOLE, ids=lambda each: each.name)
async def test_ones_own_cursor_goes_on_where_the_page_ended(callers: dict[str, Caller], operation: Operation) -> None:
    """The control: or else a cursor that is taken by nobody would pass."""
    name = next(each for each in ("coordinator", "binh", "swift") if may_ask(operation, each))
    asker = callers[name]
    everything = (await read(asker, operation.path, None))["data"]
    if operation.name in GROWS or len(everything) < 2:
        return
    first = await read(asker, operation.path, None, limit=1)
    rest = await read(asker, operation.path, first["next_cursor"])
    assert named(first["data"]) + named(rest["data"]) == named(everything)


def may_ask(operation: Operation, name: str) -> bool:
    """The same for those whose role is not told in ``ROLES``."""
    role = {"coordinator": "coordinator", "binh": "member_admin", "swift": "carrier_key"}[name]
    return operation.roles is None or role in {str(each.value) for each in operation.roles}


@pytest.mark.parametrize("operation", WHOLE, ids=lambda each: each.name)
async def test_a_cursor_of_another_list_or_of_nobody_is_refused_alike(
    callers: dict[str, Caller], operation: Operation
) -> None:
    wrong = [*GARBAGE, ids.show("zzz", ids.new())]
    wrong = [each for each in wrong if not (operation.name in NUMBERED and each == "0")]
    for name in (each for each in ASKERS if may(operation, each)):
        for cursor in wrong:
            answer = await callers[name].get(f"{operation.path}?cursor={cursor}")
            assert answer.status_code == 422, f"{cursor}: {answer.text}"
            assert re.search("invalid_cursor|invalid_parameter", answer.text)


@pytest.mark.parametrize("case", PARTS, ids=lambda case: f"{case.operation} {case.thing}")
async def test_a_cursor_opens_no_list_of_a_strangers_thing(
    neighbours: Neighbours, callers: dict[str, Caller], case: Case
) -> None:
    """A true one of its owner's, and one that names nothing: the thing is unknown before its cursor is looked at."""
    path = case.operation.partition(" ")[2].format(*(neighbours.things[name] for name in case.thing.split()))
    glue = "&" if "?" in path else "?"
    first = (await callers[case.owner].get(f"{path}{glue}limit=1")).json()
    seen = [entry["id"] for entry in first["data"] if re.fullmatch("[a-z]+_[0-9a-z]{26}", entry.get("id", ""))]
    cursors = [*seen, *map(nobodys, seen), *([first["next_cursor"]] if first["next_cursor"] else [])]
    for cursor in cursors:
        asked = case._replace(operation=f"{case.operation}{'&' if '?' in case.operation else '?'}cursor={cursor}")
        await unknown_to_all(neighbours, callers, asked)
