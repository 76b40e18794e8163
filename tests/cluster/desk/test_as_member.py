"""A member's view, for the coordinator: the same bytes that the member gets, and a trace of who looked."""

import msgspec
import pytest

from cluster.base import ids
from tests.cluster.desk.conftest import Explained

pytestmark = pytest.mark.anyio


async def parts(explained: Explained, plan_id: str, member_id: str) -> dict[str, msgspec.Raw]:
    """A member's view, each part as the bytes that were sent."""
    answer = await explained.world.coordinator.get(f"/v1/plans/{plan_id}/as-member/{member_id}")
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=dict[str, msgspec.Raw])


@pytest.mark.parametrize("who", ["an", "binh"])
@pytest.mark.parametrize("of", ["", "/routes", "/unplanned", "/shares"])
async def test_every_byte_is_what_the_member_gets_itself(explained: Explained, who: str, of: str) -> None:
    world = explained.world
    seen = await parts(explained, explained.plan["id"], getattr(world, f"{who}_id"))
    own = await getattr(world, who).get(explained.path(of))
    assert own.status_code == 200
    assert bytes(seen[of.removeprefix("/") or "plan"]) == own.content


@pytest.mark.parametrize("who", ["an", "binh"])
async def test_its_shipments_stand_as_it_sees_them(explained: Explained, who: str) -> None:
    world = explained.world
    seen = await parts(explained, explained.plan["id"], getattr(world, f"{who}_id"))
    own = await getattr(world, who).get(f"/v1/shipments?pool_window_id={world.window_id}&limit=500")
    listed = msgspec.json.decode(own.content, type=dict[str, msgspec.Raw])
    assert bytes(seen["shipments"]) == bytes(listed["data"])
    assert bytes(seen["has_more"]) == b"false"


async def test_nothing_of_a_rival_is_in_it(explained: Explained) -> None:
    answer = await explained.world.coordinator.get(explained.path(f"/as-member/{explained.world.an_id}"))
    for rivals in (explained.world.binh_id, explained.shipments["binh_a"], explained.shipments["heavy"], "BINH"):
        assert rivals not in answer.text


async def test_of_a_candidate_a_member_sees_nothing(explained: Explained) -> None:
    seen = await parts(explained, explained.candidate["id"], explained.world.an_id)
    assert {name: bytes(seen[name]) for name in ("plan", "routes", "unplanned", "shares")} == dict.fromkeys(
        ("plan", "routes", "unplanned", "shares"), b"null"
    )
    assert len(msgspec.json.decode(seen["shipments"])) >= 2


async def test_a_stranger_or_nobody_is_no_member(explained: Explained) -> None:
    for member_id in (ids.show("mem", ids.new()), "nonsense"):
        answer = await explained.world.coordinator.get(explained.path(f"/as-member/{member_id}"))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_that_somebody_looked_stands_in_the_audit_log(explained: Explained) -> None:
    world = explained.world
    await parts(explained, explained.plan["id"], world.binh_id)
    log = (await world.coordinator.get("/v1/audit-log?limit=500")).json()["data"]
    looks = [entry for entry in log if entry["action"] == "member_view.read"]
    assert {entry["subject_id"] for entry in looks} >= {world.binh_id}
    assert {entry["detail"]["plan"] for entry in looks} <= {explained.plan["id"], explained.candidate["id"]}
