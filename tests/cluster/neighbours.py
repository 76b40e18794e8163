"""A world with something of everything: what the tests of isolation look at from all sides."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from cluster.base import ids, sealing
from cluster.base.db import Database as Pool
from cluster.base.db import Role, Scope, system_scope
from cluster.insights import kpis
from cluster.places import geocoding_queries, line_queries
from cluster.places.roads_models import Pair
from cluster.planning import reach
from cluster.quotes import queries as quotes_queries
from cluster.quotes.models import Bracket
from tests.cluster.api import HUB, Caller, World, api, riverside, van
from tests.cluster.channels.sold import connected
from tests.cluster.dispatch.held import toured
from tests.cluster.gateways.given import gateways_given
from tests.cluster.imports.files import csv_file, line, sent
from tests.cluster.imports.things import checked, uploaded
from tests.cluster.ledger.neighbours import booked
from tests.cluster.membership import membership
from tests.cluster.people.browser import colleague
from tests.cluster.people.crowd import crowd
from tests.cluster.places.reference import imported
from tests.cluster.places.towns import Town
from tests.cluster.planning.test_plan import over, planned, working
from tests.cluster.space.stores import stored
from tests.databases import Database

SECRETS = ("Binh", "binh", "BINH")
"""In every name, code and reference of Binh's and of nothing else."""


BINHS = (
    *("member", "site", "address", "shipment", "spare_shipment", "unplanned_shipment"),
    *("draft", "alone_shipment", "outside_tariff", "spare_key", "webhook", "spare_webhook"),
    *("tracking_link", "proof", "tour", "driver_link"),
    *("gateway", "spare_gateway", "gateway_order", "free_shipment"),
    *("statement", "dispute", "spare_dispute", "undertaking"),
    *("space_booking", "spare_space_booking"),
    *("user", "spare_user", "user_invitation", "contact", "evidence", "consent", "acceptance", "archive", "erasure"),
)
"""Things that are Binh's, beside its files and shops."""


class Neighbours(NamedTuple):
    """Riverside with a plan that carries An's and Binh's shipments, and the coordinator of another cluster."""

    world: World
    stranger: Caller
    things: dict[str, str]
    """Identifiers by kind, all of them Binh's or Riverside's and none of them An's."""
    binhs: set[str]
    """Every identifier that tells of Binh."""
    elsewhere_id: str
    """The other cluster's identifier."""


@asynccontextmanager
async def neighbourhood(database: Database) -> AsyncIterator[Neighbours]:
    """Two plans of a day that carries An's and Binh's shipments, a waiting plan of another day."""
    async with riverside(database) as world:
        founded = await world.operator.made(
            "/v1/clusters", {"name": "Elsewhere", "country_code": "DE", "currency": "EUR", "time_zone": "Europe/Berlin"}
        )
        stranger = Caller(world.client, founded["coordinator_key"]["api_key"])
        roads = {"profile": "van", "points": [HUB], "distance_m": [[0]], "duration_s": [[0]]}
        assert (await world.coordinator.send("PUT", "/v1/travel-matrices", roads)).is_success
        things = {"member": world.binh_id, "window": world.window_id, "hub": world.hub_id}
        things |= await things_of(world, world.binh, world.binh_id, "Binh")
        ans = await things_of(world, world.an, world.an_id, "An")
        assert (await world.coordinator.send("PUT", "/v1/booking-rules", {"late_cancellation": False})).is_success
        past = {"service_date": "2020-01-02", "opens_at": "2019-12-30T00:00:00Z", "cut_off_at": "2020-01-01T00:00:00Z"}
        things["past_window"] = (await world.coordinator.made("/v1/pool-windows", past))["id"]
        things |= await membership(world)
        things |= await crowd(world)
        files = await uploaded(world.binh, "Binh")
        ans_files = await uploaded(world.an, "An")
        async with working(world):
            things["superseded_plan"] = (await planned(world))["id"]
            things["plan"] = (await planned(world))["id"]
            things |= await candidates(world)
            await archived(world, things["archive"])
            await checked(world, world.an, "An", ans_files)
            files = await checked(world, world.binh, "Binh", files)
        things |= files
        planned_ones = {world.an_id: ans["shipment"], world.binh_id: things["shipment"]}
        things |= await toured(world, things, planned_ones)
        for member, name in ((world.an, "An"), (world.binh, "Binh")):
            await sent(member, csv_file([line(f"{name.upper()}-waiting")]))
        for name, day in (("empty_window", "2090-01-02"), ("waiting_window", "2090-01-03")):
            body = {"service_date": day, "cut_off_at": "2090-01-01T00:00:00Z"}
            things[name] = (await world.coordinator.made("/v1/pool-windows", body))["id"]
        waiting = await world.coordinator.made(f"/v1/pool-windows/{things['waiting_window']}/plans", {"seconds": 1})
        things["waiting_plan"] = waiting["id"]
        await calendar(world, things)
        things["vehicle_type"] = await figures(world)
        things |= await driven(world, things["tour"])
        things |= await traded(world, things, stranger)
        await sealed_look(world)
        await on_roads(world)
        await imported(world.database.url)
        await answered_before(world)
        things |= (shops := await connected(world))
        alone = {"An": ans["alone_shipment"], "Binh": things["alone_shipment"]}
        things |= await gateways_given(world, alone, things["carrier"])
        own = {things[name] for name in (*BINHS, *files, *shops)}
        yield Neighbours(world, stranger, things, own, founded["id"])


async def traded(world: World, things: dict[str, Any], stranger: Caller) -> dict[str, Any]:
    """Tenders and changes of their tours, what is in the books, who has space in whose warehouse."""
    told = await tendered(world, things)
    told |= await amended(world, things | told)
    told |= await booked(world, things | told, stranger)
    return told | await stored(world)


@asynccontextmanager
async def copied(original: Neighbours, database: Database) -> AsyncIterator[Neighbours]:
    """The same world behind another application, on a copy of its database."""
    async with api(database) as client:
        world = World()
        vars(world).update(vars(original.world) | {"client": client, "database": database})
        for name in ("operator", "coordinator", "an", "binh", "swift", "slow"):
            setattr(world, name, Caller(client, getattr(original.world, name).key))
        yield original._replace(world=world, stranger=Caller(client, original.stranger.key))


async def candidates(world: World) -> dict[str, str]:
    """A plan that a colleague made, approved and not published; drafts of it, to be thrown away and to be edited."""
    other = await colleague(world, "colleague@desk.example")
    path = f"/v1/pool-windows/{world.window_id}/plans"
    made = await other.made(path, {"seconds": 1, "publish": False, "label": "Binh left early"})
    await over(world, made["id"], "solved")
    await world.coordinator.made(f"/v1/plans/{made['id']}/approve", {"note": "fine"})
    draft = await other.made(f"/v1/plans/{made['id']}/revise", None)
    edited = await other.made(f"/v1/plans/{made['id']}/draft", None)
    return {"candidate_plan": made["id"], "spare_plan": draft["id"], "draft_plan": edited["id"]}


async def driven(world: World, tour_id: str) -> dict[str, str]:
    """Swift with a van, papers, a tour and invoices for it, and its rival Slow with an invoice of its own."""
    body = {"code": "swift", "name": "Swift Vans", "country_code": "VN", "email": "desk@swift.example"}
    things = {"carrier": (await world.coordinator.made("/v1/carriers", body))["id"]}
    await world.coordinator.made("/v1/vehicle-types", van(world.hub_id, code="swift", carrier_id=things["carrier"]))
    paper = {"kind": "other", "number": "P-1", "valid_from": "2026-01-01", "valid_until": "2099-12-31"}
    for name in ("carrier_paper", "spare_carrier_paper"):
        made = await world.coordinator.made(f"/v1/carriers/{things['carrier']}/papers", paper)
        things[name] = made["id"]
    slow = (await world.coordinator.made("/v1/carriers", body | {"code": "slow", "name": "Slow Vans"}))["id"]
    for name, carrier in (("swift", things["carrier"]), ("slow", slow)):
        key = await world.coordinator.made(f"/v1/carriers/{carrier}/keys", {"name": "desk"})
        setattr(world, name, Caller(world.client, key["api_key"]))
    for caller, name in ((world.swift, "carrier"), (world.slow, "slows")):
        hook = await caller.made("/v1/webhooks", {"url": f"https://hooks.example.com/{name}"})
        things[f"{name}_webhook"] = hook["id"]
        await caller.made(f"/v1/webhooks/{hook['id']}/ping", None)
    things |= await awarded(world, tour_id, things["carrier"], slow)
    things["slows_invoice"] = (await world.coordinator.made(f"/v1/carriers/{slow}/invoices", bill(tour_id, "L-1")))[
        "id"
    ]
    for name in ("carrier_invoice", "invoice_to_accept", "invoice_to_reject", "invoice_to_answer", "accepted_invoice"):
        things[name] = (await world.swift.made("/v1/carrier/invoices", bill(tour_id, name)))["id"]
    await world.coordinator.made(f"/v1/carrier-invoices/{things['accepted_invoice']}/accept", {})
    disputed = {"reasons": ["tour_not_driven"], "note": "It has not left"}
    await world.coordinator.made(f"/v1/carrier-invoices/{things['invoice_to_answer']}/dispute", disputed)
    return things


async def tendered(world: World, things: dict[str, str]) -> dict[str, str]:
    """The tour is tendered: Swift is asked, Slow would be next."""
    body = {"mode": "waterfall", "carriers": [things["carrier"], (await world.slow.get("/v1/carrier/me")).json()["id"]]}
    tender = await world.coordinator.made(f"/v1/tours/{things['tour']}/tenders", body)
    return {"tender": tender["id"], "offer": tender["offers"][0]["id"]}


async def amended(world: World, things: dict[str, str]) -> dict[str, str]:
    """Swift and Slow are asked to agree to changes of their tours."""
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    tour = {"starts_at": "2026-11-22T01:00:00Z", "ends_at": "2026-11-22T03:00:00Z", "distance_m": 9_000}
    side = tour | {"price_minor": 100_000, "stops": []}
    asked = (("amendment", things["tour"]), ("slows_amendment", things["rivals_tour"]))
    found = {name: ids.new() for name, _ in asked}
    async with Pool.open(world.database.url, 1) as pool, pool.unit(system_scope(cluster_id)) as db:
        for name, tour_id in asked:
            await db.execute(
                """
                INSERT INTO amendments (cluster_id, amendment_id, tour_id, carrier_id, plan_id, status, before, after,
                                        price_before_minor, price_after_minor, deadline_at)
                SELECT cluster_id, $2, tour_id, carrier_id, $3, 'open', $4, $4, 100000, 100000, now() + interval '1 day'
                  FROM tours WHERE tour_id = $1
                """,
                ids.parse("tor", tour_id),
                found[name],
                ids.parse("plan", things["plan"]),
                side,
            )
    return {name: ids.show("amd", amendment_id) for name, amendment_id in found.items()}


async def awarded(world: World, tour: str, carrier: str, rival: str) -> dict[str, str]:
    """Gives a tour to a carrier, which has driven one like it before, as has its rival."""
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    tour_id, fresh = ids.parse("tor", tour), [ids.new(), ids.new()]
    async with Pool.open(world.database.url, 1) as pool, pool.unit(system_scope(cluster_id)) as db:
        for new, whose in zip(fresh, (carrier, rival), strict=True):
            await db.execute(
                """
                INSERT INTO tours (cluster_id, tour_id, plan_id, route_no, pool_window_id, vehicle_type_id, vehicle_no,
                                   code, vehicle, status, starts_at, ends_at, distance_m, carrier_id)
                SELECT cluster_id, $2, plan_id, route_no, pool_window_id, vehicle_type_id, vehicle_no, 'before',
                       vehicle, 'completed', starts_at, ends_at, distance_m, $3
                  FROM tours WHERE tour_id = $1
                """,
                tour_id,
                new,
                ids.parse("car", whose),
            )
        await db.execute("UPDATE tours SET carrier_id = $2 WHERE tour_id = $1", tour_id, ids.parse("car", carrier))
    return {"driven_tour": ids.show("tor", fresh[0]), "rivals_tour": ids.show("tor", fresh[1])}


def bill(tour_id: str, number: str, amount_minor: int = 1_000) -> dict[str, Any]:
    """A carrier's invoice of a toll."""
    line = {"tour_id": tour_id, "kind": "toll", "amount_minor": amount_minor}
    head = {"number": number, "issued_on": "2026-11-30", "currency": "VND", "total_minor": amount_minor}
    return head | {"lines": [line]}


async def calendar(world: World, things: dict[str, str]) -> None:
    """Recurring windows, a day that is closed, a window to be closed and one to be moved."""
    schedule = {"label": "later", "cut_off_cron": "0 16 * * 1-5", "valid_from": "2089-01-01"}
    things["schedule"] = (await world.coordinator.made("/v1/window-schedules", schedule))["id"]
    closed = {"name": "Stocktaking", "closed": True}
    assert (await world.coordinator.send("PUT", "/v1/closed-days/2089-01-03", closed)).is_success
    for name, day in (("window_to_close", "2090-01-04"), ("window_to_move", "2090-01-05")):
        body = {"service_date": day, "cut_off_at": "2090-01-01T00:00:00Z"}
        things[name] = (await world.coordinator.made("/v1/pool-windows", body))["id"]


async def figures(world: World) -> str:
    """The day's figures, what members were told of its month, settings and a tariff; returns the vehicle type."""
    await world.coordinator.get("/v1/kpis")
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    async with Pool.open(world.database.url, 1) as pool, pool.unit(system_scope(cluster_id)) as db:
        await kpis.tell_months(db, system_scope(cluster_id), world.day + timedelta(days=60))
    assert (await world.coordinator.send("PUT", "/v1/cluster-settings/map", {"map": {"zoom": 12}})).is_success
    kind: str = (await world.coordinator.get("/v1/vehicle-types")).json()["data"][0]["id"]
    tariff = {"tariff": {"fixed_minor": 300_000, "km_minor": 9_000, "hour_minor": 60_000}}
    assert (await world.coordinator.send("PUT", f"/v1/vehicle-types/{kind}/tariffs", tariff)).is_success
    return kind


async def sealed_look(world: World) -> None:
    """An entry of the audit log under a seal."""
    assert (await world.coordinator.get("/v1/shipments")).is_success
    with tempfile.TemporaryDirectory() as folder:
        async with Pool.open(world.database.url, 1) as pool:
            await sealing.seal_all(pool, Path(folder))


async def on_roads(world: World) -> None:
    """A travel profile, everybody's sites as a road engine sees them, and a line along roads that is wanted."""
    body = {"profile": "van", "mode": "van", "speed_max_kmh": 60}
    assert (await world.coordinator.send("PUT", "/v1/travel-profiles", body)).is_success
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    async with Pool.open(world.database.url, 1) as pool:
        await reach.fill_all(pool, cluster_id, Town(), 60)
        async with pool.unit(system_scope(cluster_id)) as db:
            way = Pair("van", (10_770_000, 106_700_000), (10_780_000, 106_710_000))
            await line_queries.want(db, system_scope(cluster_id), [way])


async def answered_before(world: World) -> None:
    """What a geocoder and a quote answered An and Binh, and the turn that was taken for it."""
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    async with Pool.open(world.database.url, 1) as pool:
        async with pool.unit(system_scope()) as db:
            await geocoding_queries.take_turn(db, "nominatim", 0, 0)
        for member in (world.an_id, world.binh_id):
            scope = Scope(role=Role.MEMBER_USER, cluster_id=cluster_id, member_id=ids.parse("mem", member))
            async with pool.unit(scope) as db:
                await geocoding_queries.remember(db, scope, ids.new(), b"d" * 32, "nominatim", [])
                told = Bracket(low_minor=1, high_minor=2, basis=())
                await quotes_queries.insert(db, scope, ids.new(), ids.parse("win", world.window_id), 1, told, None)


async def archived(world: World, archive_id: str) -> None:
    """Waits until Binh's archive, asked for after An's, is made."""
    for _ in range(300):
        if (await world.binh.get(f"/v1/members/{world.binh_id}/archives/{archive_id}")).json()["status"] == "ready":
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the archive never came")


async def things_of(world: World, member: Caller, member_id: str, name: str) -> dict[str, str]:
    """A member's site, shipments (one too heavy for any van) and a key."""
    site: dict[str, Any] = {"code": f"{name}-SITE", "name": f"{name}'s shop", "kind": "shop"}
    site |= {"address_line1": f"{name} Lane", "country_code": "VN", "lat": 10.8, "lon": 106.6}
    made = {"site": (await member.made("/v1/sites", site))["id"]}
    for kind in ("webhook", "spare_webhook"):
        hook = {"url": f"https://hooks.example.com/{name}", "description": f"{name}'s shop"}
        made[kind] = (await member.made("/v1/webhooks", hook))["id"]
        await member.made(f"/v1/webhooks/{made[kind]}/ping", None)
    consignee = {"name": f"{name}'s customer", "code": f"{name}-1", "address_line1": f"{name} Street"}
    consignee |= {"country_code": "DE", "lat": 10.812, "lon": 106.65}
    made["address"] = (await member.made("/v1/addresses", consignee))["id"]
    for number, kind in enumerate(("shipment", "spare_shipment", "unplanned_shipment")):
        booking = world.delivery(client_ref=f"{name.upper()}-{number}")
        booking["delivery"] |= {"name": f"{name}'s customer", "lat": 10.812, "contact_name": f"{name}'s neighbour"}
        if kind == "unplanned_shipment":
            booking["handling_units"][0]["weight_g"] = 3_000_000  # the van carries 1,000,000 g
            booking["outside_minor"] = 123_457 if name == "Binh" else 100_000
        made[kind] = (await member.made("/v1/shipments", booking))["id"]
    made |= await out_of_the_pool(world, member, name)
    key = {"name": f"{name}'s spare", "role": "member_user", "member_id": member_id}
    made["spare_key"] = (await member.made("/v1/keys", key))["id"]
    return made


async def out_of_the_pool(world: World, member: Caller, name: str) -> dict[str, str]:
    """A member's draft, a shipment that it moves itself, a cancelled one, its own tariff and its defaults."""
    made = {}
    for kind, changes in (("draft", {"draft": True}), ("alone_shipment", {"pooling": "alone"}), ("cancelled", {})):
        booking = world.delivery(client_ref=f"{name.upper()}-{kind}", **changes)
        made[kind] = (await member.made("/v1/shipments", booking))["id"]
    await member.made(f"/v1/shipments/{made.pop('cancelled')}/cancel", {})
    zones = [{"code": "all", "breaks": [{"base_minor": 123_459 if name == "Binh" else 100_000}]}]
    tariff = {"code": f"{name}-TARIFF", "name": f"{name}'s carrier", "valid_from": "2020-01-01", "zones": zones}
    made["outside_tariff"] = (await member.made("/v1/outside-tariffs", tariff))["id"]
    assert (await member.send("PUT", "/v1/booking-defaults", {"pooling": "pool"})).is_success
    return made
