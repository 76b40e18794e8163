"""Rivals at the coordinator's desk, coordinators at once, and the statement that says who asks."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from cluster.base import ids
from cluster.base.acting import WHO, ActingConnection
from cluster.desk import draft_queries
from tests.cluster.api import World, riverside
from tests.cluster.desk.test_drafts import Desk, desk
from tests.cluster.planning.test_plan import planned, working
from tests.databases import Database

__all__ = ["desk"]
pytestmark = pytest.mark.anyio
LOOKS = ("", "/routes", "/unplanned", "/shares", "/certificate", "/events", "/draft", "/explanation", "/fairness")
ACTS = ("stop", "abort", "approve", "publish", "discard", "revise", "draft", "edits", "undo", "redo", "finish",
        "reoptimise", "dispatch")  # fmt: skip
HOSTILE = (
    "'",
    "\\",
    "\x00",
    "a'b",
    "x'; DROP TABLE plans; --",
    "\\'",
    "$$",
    "é",
    "٣",
    "a b",
    "\ud800",
    "a\n",
    "A" * 10**6,
)


def told(answer: Any) -> tuple[int, dict[str, Any]]:
    """An answer without what differs from request to request."""
    return answer.status_code, {name: value for name, value in answer.json().items() if name != "request_id"}


async def test_a_candidate_and_a_draft_answer_a_member_as_a_plan_that_never_was(desk: Desk) -> None:
    world, never = desk.world, ids.show("plan", ids.new())
    candidate = (await planned(world, "solved", publish=False))["id"]
    draft = (await desk.draft()).id
    shipment = desk.shipments["an_a"]
    looks = (*LOOKS, f"/why/{shipment}", f"/as-member/{world.an_id}", f"/alternatives?shipment_id={shipment}")
    for path in looks:
        answers = [told(await world.an.get(f"/v1/plans/{plan}{path}")) for plan in (never, candidate, draft)]
        assert answers[0] == answers[1] == answers[2], path
        assert answers[0][0] in {403, 404}, path
    for verb in ACTS:
        answers = [told(await world.an.post(f"/v1/plans/{plan}/{verb}", {})) for plan in (never, candidate, draft)]
        assert answers[0] == answers[1] == answers[2], verb
        assert answers[0][0] in {403, 404}, verb
    for path in (
        f"/v1/plans/compare?plan_ids={candidate},{desk.plan['id']}",
        f"/v1/pool-windows/{world.window_id}/plan-history",
    ):
        assert (await world.an.get(path)).status_code == 403
    seen = await world.an.get("/v1/plans?limit=500")
    assert candidate not in seen.text
    assert draft not in seen.text


async def test_numbers_that_members_see_count_nothing_but_what_was_published(desk: Desk) -> None:
    world = desk.world
    before = (await world.an.get("/v1/plans?limit=500")).json()["data"]
    for _ in range(2):
        await desk.draft()
    after = (await world.an.get("/v1/plans?limit=500")).json()["data"]
    assert before == after
    assert [plan["version"] for plan in after] == list(range(1, len(after) + 1))
    for plan in after:
        assert not plan["label"]
        assert plan["scenario"] is None


async def test_a_draft_that_is_finished_while_it_is_edited_stays_as_it_was_finished(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await desk.draft()
    version = (await draft.look())["version"]
    finished: list[Any] = []
    append = draft_queries.append

    async def overtaken(*args: Any) -> bool:
        if not finished:
            finished.append(await draft.send("/finish", version=version))
        return await append(*args)

    monkeypatch.setattr(draft_queries, "append", overtaken)
    late = await draft.send("/edits", {"kind": "reverse", "route_no": 1}, version=version)
    assert finished[0].is_success
    assert (late.status_code, late.json()["code"]) == (409, "plan_not_draft")


async def test_an_edit_that_comes_first_is_seen_by_who_finishes(desk: Desk) -> None:
    draft = await desk.draft()
    version = (await draft.look())["version"]
    answers = await asyncio.gather(
        draft.send("/edits", {"kind": "reverse", "route_no": 1}, version=version),
        draft.send("/finish", version=version),
    )
    assert sum(answer.is_success for answer in answers) == 1, [answer.text for answer in answers]


async def test_a_plan_published_while_a_shipment_is_cancelled_never_carries_it(world: World) -> None:
    booked = [(await world.an.made("/v1/shipments", world.delivery()))["id"] for _ in range(2)]
    await world.binh.made("/v1/shipments", world.delivery())
    async with working(world):
        plan = (await planned(world, "solved", publish=False))["id"]
    published, cancelled = await asyncio.gather(
        world.coordinator.post(f"/v1/plans/{plan}/publish", None),
        world.an.post(f"/v1/shipments/{booked[0]}/cancel", {}),
    )
    assert {published.status_code, cancelled.status_code} <= {200, 201, 409, 503}
    now = (await world.coordinator.get(f"/v1/plans/{plan}")).json()
    stands = (await world.an.get(f"/v1/shipments/{booked[0]}")).json()["status"]
    if published.status_code == 200 and cancelled.is_success:
        assert (now["status"], now["day_changed"], stands) == ("published", True, "cancelled")
    elif cancelled.is_success:
        assert (published.json()["code"], now["status"], stands) == ("plan_outdated", "solved", "cancelled")
    if now["status"] == "published":
        tours = await world.coordinator.made(f"/v1/plans/{plan}/dispatch", {})
        [tour] = tours["tours"]
        whole = (await world.coordinator.get(f"/v1/tours/{tour['id']}")).json()
        driven = [visit["shipment_id"] for stop in whole["stops"] for visit in stop["visits"]]
        assert (booked[0] in driven) == (stands != "cancelled")


async def test_a_plan_dispatched_while_another_is_published_is_the_one_that_is_driven(second: World) -> None:
    await second.an.made("/v1/shipments", second.delivery())
    await second.binh.made("/v1/shipments", second.delivery())
    async with working(second):
        first = (await planned(second))["id"]
        other = (await planned(second, "solved", publish=False, seed=2))["id"]
    answers = await asyncio.gather(
        second.coordinator.post(f"/v1/plans/{first}/dispatch", {}),
        second.coordinator.post(f"/v1/plans/{other}/publish", None),
        second.coordinator.post(f"/v1/plans/{first}/dispatch", {}),
    )
    assert {answer.status_code for answer in answers} <= {200, 409, 503}, [answer.text for answer in answers]
    plans = {plan["id"]: plan["status"] for plan in (await second.coordinator.get("/v1/plans")).json()["data"]}
    tours = (await second.coordinator.get("/v1/tours")).json()["data"]
    assert Counter(plans.values())["published"] == 1
    assert all(plans[tour["plan_id"]] == "published" for tour in tours)
    assert len(tours) <= 1


@pytest.fixture
async def second(database: Database) -> AsyncIterator[World]:
    """Riverside once more, where nothing was planned."""
    async with riverside(database) as found:
        yield found


class Recorded(ActingConnection):
    """A connection that is none."""

    def __init__(self) -> None:
        self._opening = ""

    def __del__(self) -> None:
        """Nothing is to be closed."""


@pytest.mark.parametrize("value", HOSTILE)
def test_whatever_is_no_identifier_never_reaches_the_statement(value: str) -> None:
    connection = Recorded()
    for place in range(len(WHO)):
        values = ["", "", "coordinator", *[""] * (len(WHO) - 3)]
        values[place] = value
        with pytest.raises(ValueError, match="not an identifier"):
            connection.begin_as(values)
    assert connection._opening == ""


def test_of_the_letters_of_all_scripts_only_those_of_identifiers_are_let_in() -> None:
    let_in, connection = [], Recorded()
    for code in range(0x3000):
        try:
            connection.begin_as([chr(code), *[""] * (len(WHO) - 1)])
        except ValueError:
            continue
        let_in.append(chr(code))
    assert "".join(let_in) == "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


async def test_who_asked_last_is_forgotten_with_its_transaction_and_a_lost_beginning_shows_nothing(
    world: World,
) -> None:
    connection = await asyncpg.connect(world.database.url, connection_class=ActingConnection)
    try:
        connection.begin_as(["", "", "system", *[""] * (len(WHO) - 3)])
        async with connection.transaction():
            assert await connection.fetchval("SELECT current_setting('app.role', true)") == "system"
        async with connection.transaction():
            assert not await connection.fetchval("SELECT current_setting('app.role', true)")
            assert await connection.fetchval("SELECT count(*) FROM members") == 0
        connection.begin_as(["", "", "system", *[""] * (len(WHO) - 3)])
        async with connection.transaction(isolation="serializable"):  # not how a unit begins: nobody asks
            assert await connection.fetchval("SELECT count(*) FROM members") == 0
    finally:
        await connection.close()
