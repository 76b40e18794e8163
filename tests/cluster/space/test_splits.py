"""What jointly rented space costs is split: rent by reservations, running costs by use, overflow to who overshot."""

from typing import Any

import msgspec
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import Role, Scope, system_scope
from cluster.space import splits
from cluster.space.certificates import violations
from cluster.space.split_models import SpaceCertificate
from tests.cluster.space.warehouse import Warehouse, on, today

pytestmark = pytest.mark.anyio


async def hall(store: Warehouse, an: int = 0, binh: int = 0, **lease: int) -> str:
    """Ten places that the cluster has rented for 100 days, and what An and Binh are committed to."""
    offer = await store.offers(10, first_on=on(-100))
    world = store.world
    committed = [{"member_id": world.an_id, "units": an}, {"member_id": world.binh_id, "units": binh}]
    body = {"rent_month_minor": 900, "running_month_minor": 60, "commitments": committed} | lease
    answer = await world.coordinator.send("PUT", f"/v1/space-offers/{offer}/lease", body)
    assert answer.status_code == 200, answer.text
    return offer


async def count(store: Warehouse, offer: str, day: int, an: int, binh: int) -> None:
    """What stood there that day."""
    world = store.world
    counts = [{"member_id": world.an_id, "units": an}, {"member_id": world.binh_id, "units": binh}]
    body = {"day": on(day), "counts": counts}
    answer = await world.coordinator.send("PUT", f"/v1/space-offers/{offer}/counts", body)
    assert (answer.status_code, answer.json()["units"]) == (200, an + binh)


async def split(store: Warehouse, offer: str, first: int, last: int, rent: int, running: int, **more: Any) -> Any:
    """A period, split."""
    body = {"offer_id": offer, "first_on": on(first), "last_on": on(last), "rent_minor": rent, "running_minor": running}
    return await store.world.coordinator.made("/v1/space-splits", body | more)


async def test_rent_goes_by_what_was_reserved_and_running_costs_by_what_stood_there(store: Warehouse) -> None:
    """Reservations 6 and 3 on every day: 9 places at 1,000 / 9 = 111, and 1 dong left over goes to running costs."""
    offer = await hall(store, an=6, binh=3)
    await count(store, offer, -20, an=1, binh=2)
    await count(store, offer, -19, an=0, binh=1)
    found = await split(store, offer, -20, -19, rent=1000, running=39)
    ans, binhs = sorted(found["shares"], key=lambda share: share["member_id"] != store.world.an_id)
    assert (found["rented_units"], found["place_minor"], found["cost_minor"]) == (9, 111, 1039)
    assert (ans["reserved_minor"], binhs["reserved_minor"]) == (666, 333)
    assert (ans["running_minor"], binhs["running_minor"]) == (10, 30)  # 40 over 1 and 3 place-days
    assert (ans["used_days"], binhs["used_days"]) == (1, 3)
    assert ans["share_minor"] + binhs["share_minor"] == 1039
    assert (found["gain_max_minor"], ans["alone_minor"]) == (0, 666)  # flat needs: together is no cheaper


async def test_what_goes_beyond_costs_those_who_overshot(store: Warehouse) -> None:
    """Of 4 and 4 reserved An used 7: 3 too many, 1 of them into Binh's unused place, 2 beyond the rented 8."""
    offer = await hall(store, an=4, binh=4, overflow_milli=50_000)
    await count(store, offer, -20, an=7, binh=3)
    found = await split(store, offer, -20, -20, rent=800, running=0)
    ans = next(share for share in found["shares"] if share["member_id"] == store.world.an_id)
    binhs = next(share for share in found["shares"] if share["member_id"] == store.world.binh_id)
    assert (ans["over_days"], ans["overflow_minor"], binhs["overflow_minor"]) == (3, 100, 0)
    assert found["cost_minor"] == 900


async def test_a_member_sees_its_own_share_and_where_it_comes_from_alone(store: Warehouse) -> None:
    offer = await hall(store, an=6, binh=3)
    found = await split(store, offer, -20, -19, rent=900, running=0)
    world = store.world
    own = (await world.an.get(f"/v1/space-splits/{found['id']}")).json()
    [share] = own["shares"]
    assert (share["member_id"], share["peak_units"], share["at_joint_peak"]) == (world.an_id, 6, 6)
    assert [own[name] for name in ("cost_minor", "rent_minor", "rented_units", "gain_members")] == [None] * 4
    assert world.binh_id not in str(own)
    assert (await world.an.get("/v1/space-splits")).json()["data"] == [own]
    assert (await world.an.get(f"/v1/space-splits/{found['id']}/certificate")).status_code == 403
    lease = (await world.an.get(f"/v1/space-offers/{offer}/lease")).json()
    assert (lease["rent_month_minor"], lease["commitments"]) == (None, [{"member_id": world.an_id, "units": 6}])


async def test_a_period_is_split_once_and_again_after_it_was_taken_back(store: Warehouse) -> None:
    offer = await hall(store, an=1, binh=1)
    first = await split(store, offer, -20, -15, rent=100, running=0)
    desk = store.world.coordinator
    body = {"offer_id": offer, "first_on": on(-15), "last_on": on(-10), "rent_minor": 100, "running_minor": 0}
    refused = await desk.post("/v1/space-splits", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "space_split_exists")
    gone = await desk.made(f"/v1/space-splits/{first['id']}/withdraw", {})
    assert gone["status"] == "withdrawn"
    assert await desk.made(f"/v1/space-splits/{first['id']}/withdraw", {}) == gone
    await desk.made("/v1/space-splits", body)
    mine = (await store.world.an.get("/v1/space-splits")).json()["data"]
    assert [entry["status"] for entry in mine] == ["withdrawn", "final"]


async def test_whole_months_cost_what_the_lease_says_and_other_periods_must_say_it(store: Warehouse) -> None:
    offer = await hall(store, an=2, binh=1)
    last = today().replace(day=1).fromordinal(today().replace(day=1).toordinal() - 1)
    desk = store.world.coordinator
    month = {"offer_id": offer, "first_on": last.replace(day=1).isoformat(), "last_on": last.isoformat()}
    found = await desk.made("/v1/space-splits", month)
    assert (found["rent_minor"], found["running_minor"], found["cost_minor"]) == (900, 60, 960)
    odd = await desk.post("/v1/space-splits", {"offer_id": offer, "first_on": on(-50), "last_on": on(-49)})
    assert [fault["code"] for fault in odd.json()["errors"]] == ["cost_missing"]


async def test_periods_that_are_not_over_or_in_which_nobody_reserved_are_not_split(store: Warehouse) -> None:
    offer = await hall(store)
    desk = store.world.coordinator
    body = {"offer_id": offer, "first_on": on(-5), "rent_minor": 1, "running_minor": 0}
    for last, code in ((0, "space_period_open"), (-1, "space_not_reserved")):
        assert (await desk.post("/v1/space-splits", body | {"last_on": on(last)})).json()["code"] == code


async def test_commitments_are_of_joint_space_and_no_more_than_it_has(store: Warehouse) -> None:
    _, _, quays = await store.host(5)
    desk = store.world.coordinator
    refused = await desk.send("PUT", f"/v1/space-offers/{quays}/lease", {"rent_month_minor": 1})
    assert refused.json()["code"] == "space_not_joint"
    offer = await store.offers(5)
    body = {"rent_month_minor": 1, "commitments": [{"member_id": store.world.an_id, "units": 6}]}
    assert (await desk.send("PUT", f"/v1/space-offers/{offer}/lease", body)).status_code == 422


async def test_whose_space_it_is_counts_what_stands_there_and_nobody_else_does(store: Warehouse) -> None:
    _, quay, offer = await store.host(5, first_on=on(-3))
    body = {"day": on(-1), "counts": [{"member_id": store.world.an_id, "units": 2}]}
    assert (await quay.send("PUT", f"/v1/space-offers/{offer}/counts", body)).status_code == 200
    assert (await store.world.an.send("PUT", f"/v1/space-offers/{offer}/counts", body)).status_code == 403
    ahead = await quay.send("PUT", f"/v1/space-offers/{offer}/counts", body | {"day": on(1)})
    assert ahead.status_code == 422


async def test_a_certificate_can_be_worked_out_again_and_shows_what_was_changed(store: Warehouse) -> None:
    offer = await hall(store, an=4, binh=4, overflow_milli=50_000)
    await count(store, offer, -20, an=7, binh=3)
    made = await split(store, offer, -20, -18, rent=1001, running=7)
    raw = (await store.world.coordinator.get(f"/v1/space-splits/{made['id']}/certificate")).json()
    assert violations(msgspec.convert(raw, SpaceCertificate)) == []
    raw["shares"][0]["reserved_minor"] += 1
    raw["shares"][0]["running_minor"] -= 1
    assert len(violations(msgspec.convert(raw, SpaceCertificate))) >= 2


async def test_what_is_owed_for_periods_one_after_the_other_adds_up_to_the_rent(store: Warehouse) -> None:
    """3 places, 10 days, 0.333 a day: 9.99, rounded to 10; two halves of 4.995 are 5 and 5."""
    host_id, _, offer = await store.host(5, day_milli=333)
    mine = await store.books(store.world.an, 3, 0, 10, offer_id=offer)
    assert mine["rent_minor"] == 10
    scope = await _scope(store)
    async with Pool.open(store.world.database.url, 1) as pool, pool.unit(scope) as db:
        parts = []
        for first, last in ((0, 4), (5, 40)):
            found = await splits.owed(db, scope, *(today().fromisoformat(on(day)) for day in (first, last)))
            parts += [(each.amount_minor, ids.show("mem", each.to_member_id or ids.new())) for each in found]
    assert parts == [(5, host_id), (5, host_id)]


async def test_a_final_split_is_owed_to_the_cluster_by_each_member(store: Warehouse) -> None:
    offer = await hall(store, an=6, binh=3)
    made = await split(store, offer, -20, -19, rent=900, running=0)
    scope = await _scope(store)
    async with Pool.open(store.world.database.url, 1) as pool, pool.unit(scope) as db:
        found = await splits.owed(db, scope, *(today().fromisoformat(on(day)) for day in (-30, -1)))
    assert sorted(each.amount_minor for each in found) == sorted(share["share_minor"] for share in made["shares"])
    assert {each.to_member_id for each in found} == {None}


async def _scope(store: Warehouse) -> Scope:
    me = (await store.world.coordinator.get("/v1/me")).json()
    found = system_scope(ids.parse("clu", me["cluster"]["id"]))
    assert found.role is Role.SYSTEM
    return found
