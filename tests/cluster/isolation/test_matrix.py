"""Every operation, every role, everywhere that a stranger's thing can be named: it is as one that does not exist."""

import re

import pytest

from tests.cluster.api import Caller
from tests.cluster.isolation.cases import MATRIX, Case
from tests.cluster.isolation.everybody import ROLES, everybody
from tests.cluster.isolation.operations import operations
from tests.cluster.isolation.probes import operation_of, unknown_to_all
from tests.cluster.neighbours import Neighbours

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def callers(neighbours: Neighbours) -> dict[str, Caller]:
    """Everybody."""
    return await everybody(neighbours)


def test_the_document_and_the_guards_tell_of_the_same_operations() -> None:
    found = operations()
    assert len(found) > 150
    assert [each.name for each in found if each.roles is None and not each.open] == []
    assert {role for each in found for role in each.roles or ()} == {
        role for name, role in ROLES.items() if role is not None
    }


@pytest.mark.parametrize("case", MATRIX, ids=lambda case: f"{case.operation} {case.thing}")
async def test_no_role_outside_learns_that_a_thing_exists(
    neighbours: Neighbours, callers: dict[str, Caller], case: Case
) -> None:
    await unknown_to_all(neighbours, callers, case)


EDITS = [case for case in MATRIX if "If-Match" in operation_of(case).headers]


@pytest.mark.parametrize("case", EDITS, ids=lambda case: f"{case.operation} {case.thing}")
async def test_no_version_of_a_strangers_thing_is_told_by_a_refused_edit(
    neighbours: Neighbours, callers: dict[str, Caller], case: Case
) -> None:
    """Its true ETag and a wrong one: the thing is unknown before its version is looked at."""
    path = case.operation.partition(" ")[2].format(neighbours.things[case.thing])
    looked_at = re.sub("/(edits|undo|redo|finish)$", "/draft", path)  # what steps of a draft change
    answer = await callers[case.owner].get(looked_at)
    true = answer.headers.get("ETag") or f'"{answer.json()["version"]}"'
    for tag in (true, '"987654"'):
        await unknown_to_all(neighbours, callers, case, If_Match=tag)
