"""Every place in a body or a query that holds an identifier: whose things are named there, and in what request."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from tests.cluster.api import Caller, van
from tests.cluster.channels.shops import WOO_KEY, WOO_SECRET
from tests.cluster.gateways.connecting import KINDS
from tests.cluster.isolation.everybody import Nobody
from tests.cluster.isolation.operations import NAMES_SOMETHING, NO_THINGS, operations
from tests.cluster.ledger.neighbours import correction, forklift, of_books
from tests.cluster.membership import TEXT
from tests.cluster.neighbours import Neighbours, bill
from tests.cluster.space import warehouse

Body = Any
POINT = {"lat": 10.8, "lon": 106.6}
ADDRESS = {"address_line1": "1 Quay", "country_code": "VN"} | POINT
WOO = {
    "kind": "woocommerce",
    "base_url": "https://an.example.com",
    "credentials": {"key": WOO_KEY, "secret": WOO_SECRET},
}
SEEN = {"kind": "loaded", "action": "delivery", "at": "2026-11-22T03:00:00Z"}
PROOF = "action=delivery&kind=signature&taken_at=2026-11-22T03:00:00Z&signer_name=Somebody"
ELSEWHERE_TESTED = {
    ("POST /v1/session/account", "user_id"): "people/test_signing_in.py: a choice of accounts",
    ("POST /v1/tenders/{}/award", "offer_id"): "tenders/test_tenders.py: an offer of another tender",
    ("POST /v1/plans/{}/amendments", "prices[].tour_id"): "tenders/test_amendments.py: a tour that does not change",
}
"""An operation that asks with what a browser holds, or about things of which there is one, and its own test."""
REPORTS = {
    *("POST /v1/tours/{}/events", "POST /v1/driver/{}/events"),
    *("POST /v1/carrier/tours/{}/events", "POST /v1/carrier/events"),
}
"""Taken as a whole; each event's own result says what became of it."""


class Place(NamedTuple):
    """One place: what kind of thing is named there, and who names it."""

    operation: str
    where: str
    kind: str
    asker: str

    @property
    def query(self) -> bool:
        """Whether it is a parameter and not in the body."""
        return self.operation.startswith("GET") or self.operation.endswith("/proofs")


class Named(NamedTuple):
    """The world with what is to be named in it: ``own`` by kind, and others' of the same kind."""

    neighbours: Neighbours
    own: Mapping[str, str]
    others: Mapping[str, tuple[str, ...]]
    askers: Mapping[str, Caller]
    tokens: Mapping[str, str]


ENDS = [("delivery.site_id", "site"), ("delivery.address_id", "address")]
ENDS += [("pickup.site_id", "site"), ("pickup.address_id", "address")]
BOOKED = [*ENDS, ("hub_site_id", "hub"), ("pool_window_id", "window")]
PLACES = [
    Place("POST /v1/keys", "member_id", "member", "coordinator"),
    Place("POST /v1/sites", "member_id", "member", "coordinator"),
    Place("POST /v1/users/invitations", "member_id", "member", "coordinator"),
    Place("POST /v1/agreement-acceptances", "agreement_id", "agreement", "an"),
    Place("POST /v1/applications", "accepted.agreement_id", "agreement", "nobody"),
    Place("POST /v1/consents", "partner_id", "partner", "an"),
    Place("POST /v1/members/{}/erasures", "subject_id", "contact", "an"),
    Place("POST /v1/vehicle-types", "start_site_id", "hub", "coordinator"),
    Place("POST /v1/vehicle-types", "end_site_id", "hub", "coordinator"),
    Place("POST /v1/vehicle-types", "carrier_id", "carrier", "coordinator"),
    Place("PUT /v1/vehicle-types/{}/carrier", "carrier_id", "carrier", "coordinator"),
    Place("POST /v1/carriers/{}/invoices", "lines[].tour_id", "billed_tour", "coordinator"),
    Place("POST /v1/carriers/{}/invoices", "corrects_id", "carrier_invoice", "coordinator"),
    Place("POST /v1/carrier/invoices", "lines[].tour_id", "driven_tour", "swift"),
    Place("POST /v1/carrier/invoices", "corrects_id", "carrier_invoice", "swift"),
    Place("POST /v1/carrier-invoices/{}/dispute", "corrections[].tour_id", "billed_tour", "coordinator"),
    Place("POST /v1/carrier-invoices/{}/accept", "corrections[].tour_id", "billed_tour", "coordinator"),
    Place("POST /v1/ledger/corrections", "lines[].holder_id", "member", "coordinator"),
    Place("POST /v1/ledger/corrections", "corrects_id", "ledger_entry", "coordinator"),
    Place("GET /v1/ledger/lines", "account_id", "ledger_account", "an"),
    Place("POST /v1/undertakings", "parts[].member_id", "member", "coordinator"),
    Place("POST /v1/undertakings", "paid_by_member_id", "member", "coordinator"),
    Place("POST /v1/undertakings", "carrier_id", "carrier", "coordinator"),
    Place("GET /v1/statements", "period_id", "period", "coordinator"),
    Place("GET /v1/settlement-payments", "period_id", "period", "coordinator"),
    Place("GET /v1/carrier-invoices", "carrier_id", "carrier", "coordinator"),
    Place("GET /v1/carrier-invoices", "tour_id", "billed_tour", "coordinator"),
    Place("GET /v1/carrier/invoices", "tour_id", "driven_tour", "swift"),
    Place("POST /v1/shipments/{}/book", "pool_window_id", "window", "an"),
    *(Place("PATCH /v1/shipments/{}", where, kind, "an") for where, kind in BOOKED),
    *(Place("POST /v1/shipments", where, kind, "an") for where, kind in BOOKED),
    *(Place("POST /v1/shipments/bulk", f"shipments[].{where}", kind, "an") for where, kind in BOOKED),
    *(Place("POST /v1/quotes", where, kind, "an") for where, kind in BOOKED),
    Place("POST /v1/channels", "settings.hub_site_id", "hub", "an"),
    Place("POST /v1/channels", "settings.pickup_site_id", "site", "an"),
    Place("PATCH /v1/channels/{}", "settings.hub_site_id", "hub", "an"),
    Place("PATCH /v1/channels/{}", "settings.pickup_site_id", "site", "an"),
    Place("POST /v1/gateways", "carrier_id", "carrier", "coordinator"),
    Place("POST /v1/gateways/{}/rates", "shipment_id", "alone", "an"),
    Place("POST /v1/gateways/{}/orders", "shipment_id", "alone", "an"),
    Place("GET /v1/gateway-orders", "gateway_id", "gateway", "an"),
    Place("GET /v1/gateway-orders", "shipment_id", "alone", "an"),
    Place("POST /v1/pool-windows/{}/plans", "base_plan_id", "plan", "coordinator"),
    Place("POST /v1/pool-windows/{}/plans", "scenario.leave_out_member_ids", "member", "coordinator"),
    Place("POST /v1/pool-windows/{}/plans", "scenario.vehicle_limits[].vehicle_type_id", "vehicle_type", "coordinator"),
    Place("POST /v1/pool-windows/{}/plans", "terms.weights[].member_id", "member", "coordinator"),
    Place("PUT /v1/cluster-settings/{}", "sharing.terms.weights[].member_id", "member", "coordinator"),
    Place("POST /v1/tours/{}/corrections", "shipment_id", "toured", "coordinator"),
    Place("POST /v1/tours/{}/events", "events[].shipment_id", "toured", "coordinator"),
    Place("POST /v1/driver/{}/events", "events[].shipment_id", "toured", "driver"),
    Place("POST /v1/driver/{}/proofs", "shipment_id", "toured", "driver"),
    Place("POST /v1/carrier/tours/{}/events", "events[].shipment_id", "toured", "swift"),
    Place("POST /v1/carrier/tours/{}/proofs", "shipment_id", "toured", "swift"),
    Place("POST /v1/carrier/events", "events[].shipment_id", "toured", "swift"),
    Place("POST /v1/carrier/events", "events[].tour_id", "tour", "swift"),
    Place("POST /v1/plans/{}/edits", "shipment_id", "planned", "coordinator"),
    Place("POST /v1/plans/{}/edits", "shipment_ids", "planned", "coordinator"),
    Place("POST /v1/plans/{}/edits", "vehicle_type_id", "vehicle_type", "coordinator"),
    Place("POST /v1/plans/{}/edits", "visits[].shipment_id", "planned", "coordinator"),
    Place("POST /v1/space-offers", "site_id", "site", "an"),
    *(Place(f"POST /v1/space-{what}", "site_ids", "space_site", "an") for what in ("searches", "bookings")),
    *(Place(f"POST /v1/space-{what}", "offer_id", "space_offer", "an") for what in ("searches", "bookings")),
    Place("POST /v1/space-splits", "offer_id", "unsplit_offer", "coordinator"),
    Place("PUT /v1/space-offers/{}/lease", "commitments[].member_id", "member", "coordinator"),
    Place("PUT /v1/space-offers/{}/counts", "counts[].member_id", "member", "coordinator"),
    Place("GET /v1/space-offers", "site_id", "space_site", "an"),
    Place("GET /v1/space-bookings", "offer_id", "booked_offer", "an"),
    Place("POST /v1/webhooks/{}/replay", "event_id", "event", "an"),
    Place("GET /v1/shipments", "pool_window_id", "window", "an"),
    Place("GET /v1/shipments/export", "pool_window_id", "window", "an"),
    Place("GET /v1/plans", "pool_window_id", "window", "an"),
    Place("GET /v1/plans/compare", "plan_ids", "plan", "coordinator"),
    Place("GET /v1/tours", "pool_window_id", "window", "coordinator"),
    Place("GET /v1/tours", "plan_id", "plan", "coordinator"),
    Place("GET /v1/tenders", "tour_id", "tour", "coordinator"),
    Place("GET /v1/amendments", "tour_id", "billed_tour", "coordinator"),
    Place("GET /v1/amendments", "plan_id", "amended_plan", "coordinator"),
    Place("GET /v1/tours", "carrier_id", "carrier", "coordinator"),
    Place("GET /v1/plans/{}/alternatives", "shipment_id", "planned", "coordinator"),
    Place("GET /v1/audit-log", "subject_id", "site", "an"),
]


def documented() -> set[tuple[str, str]]:
    """Every such place of the API's document, by operation."""
    found = set()
    for operation in operations():
        queries = (name for name in operation.query if NAMES_SOMETHING.search(name) and name not in NO_THINGS)
        found |= {(operation.short, where) for where in (*operation.fields, *queries)}
    return found


def body_of(world: Named, place: Place, thing: str) -> Body:
    """A request that names a thing at that place and is good otherwise."""
    name = place.operation.partition(" ")[2]
    made = MAKERS.get(place.operation, MAKERS.get(name, lambda _: {}))(world)
    parts = place.where.split(".")
    if parts[0] == "shipments[]":
        return {"shipments": [_booking(made, parts[1:], thing)]}
    if place.operation.startswith("PATCH /v1/shipments"):
        return _nested(parts, thing)
    if name in {"/v1/shipments", "/v1/quotes"}:
        return _booking(made, parts, thing)
    if name.endswith("/edits"):
        return _edit(place.where, thing)
    inner = _nested(parts, thing)
    for key, value in inner.items():
        made[key] = _joined(made.get(key), value)
    return made


def _joined(first: Body, second: Body) -> Body:
    if isinstance(first, list) and isinstance(second, list):
        return [one | other for one, other in zip(first, second, strict=False)] + first[len(second) :]
    return first | second if isinstance(first, dict) and isinstance(second, dict) else second


def _nested(parts: list[str], thing: str) -> Body:
    """``scenario.vehicle_limits[].vehicle_type_id`` as objects and lists."""
    name, *rest = parts
    inner: Body = _nested(rest, thing) if rest else ([thing] if name.endswith("_ids") else thing)
    if name == "events[]":  # a report with the same key is the same report
        inner["event_key"] = thing
    elif name == "vehicle_limits[]":
        inner["vehicles_max"] = 1
    elif name == "weights[]":
        inner["parts"] = 1
    elif name == "corrections[]":
        inner["accepted_minor"] = 0
    return {name.removesuffix("[]"): [inner] if name.endswith("[]") else inner}


def _booking(made: Body, parts: list[str], thing: str) -> Body:
    if parts[0] == "pickup":  # what is collected goes to the hub
        made = {name: value for name, value in made.items() if name != "delivery"} | {"service": "collection"}
    return made | _nested(parts, thing)


def _edit(where: str, thing: str) -> Body:
    if where == "shipment_id":
        return {"kind": "plan", "shipment_id": thing}
    if where == "shipment_ids":
        return {"kind": "unplan", "shipment_ids": [thing]}
    if where == "vehicle_type_id":
        return {"kind": "change_vehicle", "route_no": 1, "vehicle_type_id": thing}
    return {"kind": "reorder", "route_no": 1, "visits": [{"shipment_id": thing, "action": "delivery"}]}


def _code() -> str:
    return ids.show("c", ids.new())


def _application(world: Named) -> Body:
    contact = {"name": "Somebody", "email": "somebody@example.com"}
    body = {"code": world.tokens["invitation"], "firm_name": "Applicant", "country_code": "VN", "contact": contact}
    return body | {"accepted": {"text_sha256": TEXT}}


def _seen(world: Named) -> Body:
    return SEEN | {"tour_id": world.own["tour"], "shipment_id": world.own["toured"]}


def _bill(world: Named) -> Body:
    return bill(world.own["billed_tour"], _code(), 1)


def _correction(world: Named) -> Body:
    return correction({"holder": "member", "holder_id": world.own["member"]}, -1)


MAKERS: dict[str, Callable[[Named], Body]] = {
    "/v1/carriers/{}/invoices": _bill,
    "POST /v1/carrier/invoices": _bill,
    "/v1/carrier-invoices/{}/dispute": lambda _: {"reasons": ["rate_differs"], "note": "Too dear"},
    "/v1/ledger/corrections": _correction,
    "POST /v1/undertakings": lambda world: forklift(world.own["member"], world.neighbours.world.binh_id),
    "/v1/keys": lambda _: {"name": "k", "role": "member_user"},
    "/v1/sites": lambda _: {"code": _code(), "name": "S", "kind": "shop"} | ADDRESS,
    "/v1/users/invitations": lambda _: {"email": f"{_code()}@example.com", "role": "member_user"},
    "/v1/agreement-acceptances": lambda _: {"text_sha256": TEXT},
    "/v1/applications": _application,
    "/v1/consents": lambda _: {"purpose": "reveal_contact"},
    "/v1/members/{}/erasures": lambda _: {"subject": "contact"},
    "/v1/vehicle-types": lambda world: van(world.own["hub"], code=_code()),
    "/v1/shipments": lambda world: world.neighbours.world.delivery(),
    "/v1/shipments/bulk": lambda world: world.neighbours.world.delivery(),
    "/v1/space-offers": lambda _: {"zone": "A", "units": 1, "first_on": warehouse.on(0), "last_on": warehouse.on(9)},
    "/v1/space-offers/{}/lease": lambda _: {"rent_month_minor": 1, "commitments": [{"units": 1}]},
    "/v1/space-offers/{}/counts": lambda _: {"day": warehouse.on(-9), "counts": [{"units": 1}]},
    "/v1/space-splits": lambda _: {
        "first_on": warehouse.on(-30),
        "last_on": warehouse.on(-29),
        "rent_minor": 2,
        "running_minor": 0,
    },
    "/v1/space-searches": lambda _: {"units": 1, "earliest_on": warehouse.on(0), "days": 1},
    "/v1/space-bookings": lambda _: {"units": 1, "earliest_on": warehouse.on(0), "days": 1},
    "/v1/quotes": lambda world: world.neighbours.world.delivery(),
    "POST /v1/channels": lambda _: WOO | {"code": _code(), "settings": {}},
    "POST /v1/gateways": lambda _: {"code": _code(), "kind": "folder"},
    "/v1/pool-windows/{}/plans": lambda _: {"seconds": 1, "publish": False, "rule": "weighted_shapley"},
    "/v1/cluster-settings/{}": lambda _: {"sharing": {"rule": "weighted_shapley"}},
    "/v1/tours/{}/corrections": lambda _: {"action": "delivery", "outcome": "done", "note": "It was handed over"},
    "/v1/tours/{}/events": lambda _: {"events": [SEEN]},
    "/v1/driver/{}/events": lambda _: {"events": [SEEN]},
    "/v1/carrier/tours/{}/events": lambda _: {"events": [SEEN]},
    "/v1/carrier/events": lambda world: {"events": [_seen(world)]},
}


def path_of(world: Named, place: Place, thing: str) -> str:
    """Where it is asked, on a thing of the asker's own."""
    path = place.operation.partition(" ")[2]
    known = world.neighbours.things
    on = {"/v1/members": world.neighbours.world.an_id, "/v1/shipments": world.own["draft"]}
    on |= {"/v1/cluster-settings": "sharing", "/v1/vehicle-types": known["vehicle_type"]}
    on |= {"/v1/carriers": world.own["carrier"], "/v1/carrier-invoices": world.own["carrier_invoice"]}
    on |= {"/v1/channels": world.own["channel"], "/v1/webhooks": world.own["webhook"], "/v1/tours": known["tour"]}
    on |= {"/v1/carrier/tours": known["tour"], "/v1/gateways": world.own["gateway"]}
    on |= {"/v1/space-offers": known["leased_offer"]}
    on |= {"/v1/pool-windows": world.own["day"], "/v1/plans": known["draft_plan"], "/v1/driver": world.tokens["driver"]}
    if place.operation.startswith("PATCH") and place.where.startswith("pickup"):
        on["/v1/shipments"] = world.own["collection"]
    path = path.format(next((value for start, value in on.items() if path.startswith(f"{start}/{{}}")), ""))
    if place.operation.endswith("/proofs"):
        return f"{path}?{PROOF}&event_key={thing}&shipment_id={thing}"
    if place.where == "plan_ids":
        return f"{path}?plan_ids={known['plan']},{thing}"
    return f"{path}?{place.where}={thing}" if place.query else path


async def elsewhere(neighbours: Neighbours) -> dict[str, str]:
    """A firm of the other cluster, and things of it and its coordinator; identifiers by kind."""
    stranger, world = neighbours.stranger, neighbours.world
    made = {"member": (await stranger.made("/v1/members", {"code": "far", "name": "Far"}))["id"]}
    key = {"name": "k", "role": "member_admin", "member_id": made["member"]}
    far = Caller(world.client, (await stranger.made("/v1/keys", key))["api_key"])
    made["hub"] = (await stranger.made("/v1/sites", {"code": "FH", "name": "Hub", "kind": "hub"} | ADDRESS))["id"]
    made["site"] = (await far.made("/v1/sites", {"code": "FS", "name": "Shop", "kind": "shop"} | ADDRESS))["id"]
    made["address"] = (await far.made("/v1/addresses", {"code": "FA", "name": "Ms Far"} | ADDRESS))["id"]
    firm = {"code": "far", "name": "Far Vans", "country_code": "DE"}
    made["carrier"] = (await stranger.made("/v1/carriers", firm))["id"]
    made["vehicle_type"] = (await stranger.made("/v1/vehicle-types", van(made["hub"])))["id"]
    window = {"service_date": world.day.isoformat(), "cut_off_at": world.at("04:00")}
    made["window"] = (await stranger.made("/v1/pool-windows", window))["id"]
    booking = world.delivery(pool_window_id=made["window"])
    made["shipment"] = (await far.made("/v1/shipments", booking))["id"]
    made["plan"] = (await stranger.made(f"/v1/pool-windows/{made['window']}/plans", {"seconds": 1}))["id"]
    agreement = {"url": "https://example.com/f", "text_sha256": TEXT, "effective_from": "2026-01-01T00:00:00Z"}
    made["agreement"] = (await stranger.made("/v1/agreements", agreement))["id"]
    made["contact"] = (await far.made("/v1/contacts", {"name": "Ms Far", "email": "far@example.com"}))["id"]
    hall = {"site_id": made["hub"], "zone": "Far", "units": 1, "first_on": warehouse.on(0), "last_on": warehouse.on(9)}
    made["space_offer"] = (await stranger.made("/v1/space-offers", hall))["id"]
    return made


async def toured_elsewhere(neighbours: Neighbours, far: Mapping[str, str]) -> str:
    """A tour of the other cluster, like Riverside's."""
    cluster_id = ids.parse("clu", neighbours.elsewhere_id)
    plan_id, kind = ids.parse("plan", far["plan"]), ids.parse("vht", far["vehicle_type"])
    as_there = {"cluster_id": cluster_id, "plan_id": plan_id, "vehicle_type_id": kind}
    return await _like_riversides(neighbours, cluster_id, as_there, {"pool_window_id": ids.parse("win", far["window"])})


async def toured_by_nobody(neighbours: Neighbours) -> str:
    """A tour of Riverside's own vehicles."""
    world = neighbours.world
    own = await world.coordinator.made("/v1/vehicle-types", van(world.hub_id, code=_code()))
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    return await _like_riversides(
        neighbours, cluster_id, {"vehicle_type_id": ids.parse("vht", own["id"]), "route_no": 99}, {}
    )


async def _like_riversides(
    neighbours: Neighbours, cluster_id: UUID, changes: Mapping[str, Any], of_tour: Mapping[str, Any]
) -> str:
    """A copy of Riverside's tour and its route with other columns, in a cluster."""
    riverside = ids.parse("clu", (await neighbours.world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    tour_id = ids.parse("tor", neighbours.things["tour"])
    found = "SELECT to_jsonb(route)::text, to_jsonb(tours)::text FROM tours JOIN plan_routes AS route"
    found += " USING (cluster_id, plan_id, route_no) WHERE tour_id = $1"
    copied = ids.new()
    async with Pool.open(neighbours.world.database.url, 1) as pool:
        async with pool.unit(system_scope(riverside)) as db:
            rows = await db.fetchrow(found, tour_id)
        async with pool.unit(system_scope(cluster_id)) as db:
            for table, row, more in zip(("plan_routes", "tours"), rows, ({}, of_tour), strict=True):
                new = json.loads(row) | {name: str(value) for name, value in (changes | more).items()}
                # Whose Riverside's tour is, the copy's vehicles do not say.
                new |= {"tour_id": str(copied), "carrier_id": None} if table == "tours" else {}
                insert = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, $1::text::jsonb)"
                await db.execute(insert, json.dumps(new))
    return ids.show("tor", copied)


def _of_space(
    things: Mapping[str, str], far: Mapping[str, str], own: dict[str, str], others: dict[str, tuple[str, ...]]
) -> None:
    own |= {"space_offer": things["space_offer"], "booked_offer": things["quays_offer"]}
    own["unsplit_offer"], others["unsplit_offer"] = things["leased_offer"], (far["space_offer"],)
    others |= {"space_site": (things["site"], far["hub"]), "booked_offer": (far["space_offer"],)}


async def prepared(neighbours: Neighbours) -> Named:
    """An's own things of every kind, and those of others."""
    world, things = neighbours.world, neighbours.things
    far = await elsewhere(neighbours)
    own = {"member": world.an_id, "hub": world.hub_id, "window": world.window_id, "agreement": things["agreement"]}
    own |= {
        "plan": things["superseded_plan"],
        "vehicle_type": things["vehicle_type"],
        "carrier": things["carrier"],
        "toured": things["toured_shipment"],
        "tour": things["tour"],
    }
    own |= {"planned": things["shipment"], "partner": world.binh_id}
    own["site"] = (await world.an.made("/v1/sites", {"code": "NS", "name": "Shop", "kind": "shop"} | ADDRESS))["id"]
    own["address"] = (await world.an.made("/v1/addresses", {"code": "NA", "name": "Ms An"} | ADDRESS))["id"]
    own["draft"] = (await world.an.made("/v1/shipments", world.delivery(draft=True)))["id"]
    booked = world.delivery(draft=True, service="collection")
    booked["pickup"] = booked.pop("delivery")
    own["collection"] = (await world.an.made("/v1/shipments", booked))["id"]
    own["contact"] = (await world.an.made("/v1/contacts", {"name": "Ms An", "email": "an@example.com"}))["id"]
    own["webhook"] = (await world.an.made("/v1/webhooks", {"url": "https://hooks.example.com/n"}))["id"]
    own["channel"] = (await world.an.made("/v1/channels", WOO | {"code": "N"}))["id"]
    own["gateway"] = (await world.an.made("/v1/gateways", KINDS["ghn"] | {"code": "N", "kind": "ghn"}))["id"]
    own["alone"] = (await world.an.made("/v1/shipments", world.delivery(pooling="alone")))["id"]
    own["event"] = (await world.an.get("/v1/events")).json()["data"][0]["id"]
    day = {"service_date": "2090-02-02", "cut_off_at": "2090-02-01T00:00:00Z"}
    own["day"] = (await world.coordinator.made("/v1/pool-windows", day))["id"]
    binhs_event = (await world.binh.get("/v1/events")).json()["data"][0]["id"]
    others = {kind: (thing,) for kind, thing in far.items()}
    others |= {kind: (far[kind], things[kind]) for kind in ("site", "address", "contact")}
    others |= {"event": (binhs_event,), "planned": (far["shipment"],), "partner": (far["member"],)}
    others |= {"alone": (far["shipment"], things["alone_shipment"]), "gateway": (things["gateway"],)}
    own["space_site"] = world.hub_id
    _of_space(things, far, own, others)
    others["tour"] = (things["rivals_tour"],)
    own["amended_plan"], others["amended_plan"] = things["plan"], (far["plan"],)
    own |= {"billed_tour": things["tour"], "driven_tour": things["tour"], "carrier_invoice": things["carrier_invoice"]}
    others["billed_tour"] = (await toured_elsewhere(neighbours, far),)
    others["driven_tour"] = (*others["billed_tour"], await toured_by_nobody(neighbours))
    others["carrier_invoice"] = (things["slows_invoice"],)
    of_books(things, own, others)
    others["toured"] = (far["shipment"], things["unplanned_shipment"], things["draft"])
    await world.coordinator.made(f"/v1/tours/{things['tour']}/release", None)
    link = await world.coordinator.made(f"/v1/tours/{things['tour']}/driver-link", {})
    invitation = await world.coordinator.made("/v1/members/invitations", {"firm_name": "Applicant"})
    nobody = Nobody(world.client)
    askers = {"an": world.an, "coordinator": world.coordinator, "swift": world.swift}
    askers |= dict.fromkeys(("nobody", "driver"), nobody)
    tokens = {"driver": link["token"], "invitation": invitation["token"]}
    return Named(neighbours, own, others, askers, tokens)
