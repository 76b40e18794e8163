"""The same matrix with statements that forget who asks: row-level security alone must hold."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.cluster.api import Caller
from tests.cluster.isolation.cases import MATRIX, Case
from tests.cluster.isolation.everybody import RIVALS, STRANGERS, everybody
from tests.cluster.isolation.operations import Operation, operations
from tests.cluster.isolation.probes import BY_SHORT_NAME, unknown_to_all
from tests.cluster.isolation.relaxed import CONDITION, conditions_removed, relaxed
from tests.cluster.neighbours import SECRETS, Neighbours
from tests.house.test_sql import STATEMENTS

pytestmark = pytest.mark.anyio
LISTS = [
    operation
    for operation in operations()
    if operation.name.startswith("GET /v1/") and "{" not in operation.name and not operation.open
]
"""Whatever can be read without naming a thing: lists, exports, settings, events, the overview."""


@pytest.fixture(scope="module")
async def callers(neighbours: Neighbours) -> AsyncIterator[dict[str, Caller]]:
    """Everybody, before an application that forgets who asks."""
    found = await everybody(neighbours)
    with conditions_removed():
        yield found


def test_a_condition_on_who_asks_is_removed_and_one_on_a_thing_stays() -> None:
    assert relaxed("WHERE cluster_id = $1 AND site_id = $2") == (
        "WHERE (cluster_id = $1 OR $1::uuid IS NOT DISTINCT FROM (SELECT app_cluster())) AND site_id = $2"
    )
    assert relaxed("UPDATE sites SET member_id = $2 WHERE true") == "UPDATE sites SET member_id = $2 WHERE true"


def test_no_condition_on_who_asks_is_left_over() -> None:
    """Statements for all clusters have none; values of INSERT and cursors are no conditions."""
    whole = [statement.sql or "" for statement in STATEMENTS if not statement.any_cluster]
    left = [CONDITION.sub("", sql) for sql in whole]
    found = [sql for sql in left if "cluster_id = $" in sql or "member_id = $" in sql or "_id = ANY($1)" in sql]
    assert found == []
    assert sum(relaxed(sql) != sql for sql in whole) > 200


@pytest.mark.parametrize("case", MATRIX, ids=lambda case: f"{case.operation} {case.thing}")
async def test_policies_alone_keep_a_strangers_thing_unknown(
    neighbours: Neighbours, callers: dict[str, Caller], case: Case
) -> None:
    await unknown_to_all(neighbours, callers, case)


@pytest.mark.parametrize("operation", LISTS, ids=lambda operation: operation.name)
async def test_policies_alone_keep_a_rival_out_of_every_list(
    neighbours: Neighbours, callers: dict[str, Caller], operation: Operation
) -> None:
    limit = "?limit=500" if "limit" in operation.query and "locodes" not in operation.path else ""
    for name in (*RIVALS, *STRANGERS):
        answer = await callers[name].get(f"{operation.path}{limit}")
        assert answer.status_code < 500, answer.text
        for secret in (*SECRETS, *neighbours.binhs):
            assert secret not in answer.text, f"{name} reads {secret} of Binh's"


GETS = [case for case in MATRIX if case.operation.startswith("GET")]


@pytest.mark.parametrize("case", GETS, ids=lambda case: f"{case.operation} {case.thing}")
async def test_what_is_ones_own_is_still_found(neighbours: Neighbours, callers: dict[str, Caller], case: Case) -> None:
    """Or else the tests above would pass whatever the statements became; refused for its state is found, too."""
    of = (neighbours.things[name] for name in case.thing.split())
    answer = await callers[case.owner].get(case.operation.partition(" ")[2].format(*of))
    assert answer.is_success or answer.json()["code"] == case.stale, answer.text


@pytest.mark.parametrize(
    ("table", "path"), [("shipments", "shipments"), ("addresses", "addresses"), ("users", "users")]
)
async def test_without_policies_too_a_rival_would_be_read(
    neighbours: Neighbours, callers: dict[str, Caller], table: str, path: str
) -> None:
    """So policies are all that held in the tests above."""
    owner = await asyncpg.connect(neighbours.world.database.owner_url)
    try:
        await owner.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
        answer = await callers["an"].get(f"/v1/{path}?limit=500")
        await owner.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    finally:
        await owner.close()
    assert any(secret in answer.text for secret in neighbours.binhs)


def test_every_operation_of_the_matrix_is_known() -> None:
    assert {case.operation.partition("?")[0] for case in MATRIX} <= BY_SHORT_NAME.keys()
