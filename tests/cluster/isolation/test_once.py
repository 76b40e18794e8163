"""An Idempotency-Key is its sender's own: nobody collides with another's, gets another's answer, or learns of its use."""

from typing import Any

import pytest

from tests.cluster.api import Caller
from tests.cluster.isolation.cases import MATRIX, Case
from tests.cluster.isolation.everybody import everybody
from tests.cluster.isolation.operations import operations
from tests.cluster.isolation.probes import operation_of, unknown_to_all
from tests.cluster.neighbours import Neighbours
from tests.cluster.people.browser import joined
from tests.cluster.test_isolation import named

pytestmark = pytest.mark.anyio
ONCE = {each.short for each in operations() if "Idempotency-Key" in each.headers}
ON_THINGS = [case for case in MATRIX if operation_of(case).short in ONCE]
ADDRESS = {"address_line1": "1 Quay", "country_code": "VN", "lat": 10.8, "lon": 106.6}
TARIFF = {"name": "T", "valid_from": "2020-01-01", "zones": [{"code": "all", "breaks": [{"base_minor": 1}]}]}
BODIES: list[tuple[str, Any]] = [
    ("/v1/sites", {"code": "ONCE", "name": "S", "kind": "shop"} | ADDRESS),
    ("/v1/addresses", {"code": "ONCE", "name": "Ms Once"} | ADDRESS),
    ("/v1/contacts", {"name": "Ms Once", "email": "once@example.com"}),
    ("/v1/products", {"sku": "ONCE", "name": "Cup", "weight_g": 1, "length_mm": 9, "width_mm": 9, "height_mm": 9}),
    ("/v1/outside-tariffs", {"code": "ONCE"} | TARIFF),
    ("/v1/shipments", {"client_ref": "ONCE"}),
    ("/v1/shipments/bulk", {"client_ref": "ONCE-BULK"}),
]
"""What members create; bookings are filled in from the world."""


@pytest.fixture(scope="module")
async def callers(neighbours: Neighbours) -> dict[str, Caller]:
    """Everybody, another key of An's admin, and a person of An's."""
    found = await everybody(neighbours)
    world = neighbours.world
    issued = await world.an.made("/v1/keys", {"name": "other", "role": "member_admin", "member_id": world.an_id})
    person = await joined(world, "once@an.example", "member_admin", world.an_id, by=world.an)
    return found | {"an_other_key": Caller(world.client, issued["api_key"]), "an_person": person}  # type: ignore[dict-item]


def whole(neighbours: Neighbours, path: str, body: Any, mark: str) -> Any:
    """A good body; in one firm two of a kind differ by their code."""
    if path == "/v1/shipments":
        return neighbours.world.delivery(client_ref=f"{body['client_ref']}-{mark}")
    if path == "/v1/shipments/bulk":
        return {"shipments": [neighbours.world.delivery(client_ref=f"{body['client_ref']}-{mark}")]}
    return body | {name: f"{body[name]}-{mark}" for name in ("code", "sku") if name in body}


@pytest.mark.parametrize(("path", "body"), BODIES, ids=str)
async def test_the_same_key_of_a_rival_has_its_own_effect_and_answer(
    neighbours: Neighbours, callers: dict[str, Caller], path: str, body: Any
) -> None:
    """The very same request of Binh's is Binh's; An's again is the first one's, byte for byte."""
    asked, key = whole(neighbours, path, body, "SAME"), f"shared {path}"
    first = await callers["an"].post(path, asked, Idempotency_Key=key)
    rivals = await callers["binh"].post(path, asked, Idempotency_Key=key)
    again = await callers["an"].post(path, asked, Idempotency_Key=key)
    assert first.is_success, first.text
    assert rivals.status_code == first.status_code, rivals.text
    assert rivals.headers["Idempotent-Replayed"] == "false"
    assert rivals.content != first.content
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")


@pytest.mark.parametrize("name", ["binh", "an_user", "an_other_key", "an_person"])
async def test_that_a_key_was_used_for_something_else_is_told_to_its_sender_alone(
    neighbours: Neighbours, callers: dict[str, Caller], name: str
) -> None:
    """A refusal would tell that somebody has used it."""
    key = f"other than {name}"
    first = neighbours.world.delivery(client_ref=f"KEY-{name}")
    assert (await callers["an"].post("/v1/shipments", first, Idempotency_Key=key)).status_code == 201
    other = neighbours.world.delivery(client_ref=f"KEY-{name}-2")
    fresh = await callers[name].post("/v1/shipments", other, Idempotency_Key=key)
    assert (fresh.status_code, fresh.headers["Idempotent-Replayed"]) == (201, "false")
    reused = await callers["an"].post("/v1/shipments", other, Idempotency_Key=key)
    assert [fault["code"] for fault in reused.json()["errors"]] == ["idempotency_key_reused"]


async def test_a_key_of_another_cluster_is_another(neighbours: Neighbours, callers: dict[str, Caller]) -> None:
    asked = {"code": "ONCE-C", "name": "S", "kind": "shop"} | ADDRESS
    here = await callers["an"].post("/v1/sites", asked, Idempotency_Key="of two clusters")
    there = await callers["elsewhere_admin"].post("/v1/sites", asked, Idempotency_Key="of two clusters")
    assert (here.status_code, there.status_code) == (201, 201)
    assert there.headers["Idempotent-Replayed"] == "false"
    assert there.json()["id"] != here.json()["id"]


@pytest.mark.parametrize("case", ON_THINGS, ids=lambda case: f"{case.operation} {case.thing}")
async def test_a_strangers_answer_is_not_replayed_to_who_knows_its_key(
    neighbours: Neighbours, callers: dict[str, Caller], case: Case
) -> None:
    """The owner's request, repeated by everybody outside with the same key and the same bytes."""
    method, _, path = case.operation.partition(" ")
    body, key = named(neighbours, case.body), f"taken {case.operation} {case.thing}"
    owners = path.format(*(neighbours.things[name] for name in case.thing.split()))
    done = await callers[case.owner].send(method, owners, body, Idempotency_Key=key, If_Match="*")
    assert done.is_success or (case.stale is not None and done.json()["code"] == case.stale), done.text
    await unknown_to_all(neighbours, callers, case._replace(body=body), Idempotency_Key=key, If_Match="*")
