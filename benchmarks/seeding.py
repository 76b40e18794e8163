"""
Things for drawn requests to name: without them every operation on a thing answers 404, and nothing behind it is asked.

``sown`` makes some of each kind through the API; ``naming`` writes their identifiers into a copy of the API's document,
as the values that a path, a query or a body may hold there, beside one that names nothing.
"""

import copy
import re
import uuid
from collections.abc import Iterator
from typing import Any, TypeAlias

from benchmarks.platform import Measured
from benchmarks.wire import shipment
from cluster.base import ids
from cluster.demo.client import Client

Json: TypeAlias = dict[str, Any]
Things: TypeAlias = dict[str, list[str]]
"""Identifiers by prefix, those of shared sites by ``hub``; the first is kept, the others may be used up."""
COPIES = 5
SPENT = re.compile(r"delete_|cancel|leave|suspend|complete|revoke|withdraw|discard|reject|close|remove|end_|erase")
"""Operations that use up what they name."""
POINT = {"lat": 10.8, "lon": 106.6}
ADDRESS = {"address_line1": "1 Quay", "country_code": "VN"} | POINT
EDGES = ("length", "width", "height")
CAPACITY = {"weight_g": 1_000_000, "volume_cm3": 6_000_000, "pallet_places": 2}
TARIFF = {"fixed_minor": 300_000, "km_minor": 9_000, "hour_minor": 60_000}
PARAMETERS = {"pool_window_id": "win", "schedule_id": "sch", "vehicle_type_id": "vht", "outside_tariff_id": "otf"}
PARAMETERS |= {"member_id": "mem", "shipment_id": "shp", "site_id": "sit", "hub_site_id": "hub", "plan_id": "plan"}
PARAMETERS |= {"address_id": "adr", "webhook_id": "whk", "product_id": "prd", "carton_id": "ctn", "key_id": "key"}
PARAMETERS |= {"contact_id": "ctc", "evidence_id": "evd", "archive_id": "arc", "erasure_id": "ers", "user_id": "usr"}
PARAMETERS |= {"start_site_id": "hub", "end_site_id": "hub", "consent_id": "cns", "base_plan_id": "plan"}
PARAMETERS |= {"agreement_id": "agr", "pickup_site_id": "sit", "tour_id": "tor", "proof_id": "pod", "import_id": "imp"}
PARAMETERS |= {"tender_id": "tnd", "offer_id": "ofr"}
PARAMETERS |= {"carrier_id": "car", "channel_id": "chn", "order_id": "cho", "token": "token", "link_id": "lnk"}


def sown(measured: Measured, member_id: str, admin: Client, coordinator: Client) -> Things:
    """
    Makes things of a member and of the cluster.

    Raises
    ------
    DemoFailed
        When the API refuses one: what is sent here must be good.
    """
    things: Things = {"mem": [member_id], "win": [measured.window_id]}
    for prefix, asker, path, body in _wanted(measured, member_id):
        for number in range(COPIES if prefix not in {"evd", "arc", "ers", "agr", "cns"} else 1):
            made = asker_of(asker, admin, coordinator).post(path, _numbered(body, number, things))
            things.setdefault(prefix, []).append(made["id"])
    return things


def asker_of(name: str, admin: Client, coordinator: Client) -> Client:
    """Who makes it."""
    return coordinator if name == "coordinator" else admin


def _wanted(measured: Measured, member_id: str) -> Iterator[tuple[str, str, str, Json]]:
    """Prefix, who makes it, where, and of what; ``#`` in a text stands for its number, ``$hub`` for the hub."""
    yield "hub", "coordinator", "/v1/sites", {"code": "H#", "name": "Hub", "kind": "hub"} | ADDRESS
    yield "sit", "admin", "/v1/sites", {"code": "S#", "name": "Shop", "kind": "shop"} | ADDRESS
    yield "adr", "admin", "/v1/addresses", {"code": "A#", "name": "Ms Hoa"} | ADDRESS
    yield "shp", "admin", "/v1/shipments", shipment(measured.day, measured.window_id, "R#")
    yield "whk", "admin", "/v1/webhooks", {"url": "https://hooks.example.com/#"}
    product = {"sku": "P#", "name": "Cup", "weight_g": 100} | {f"{edge}_mm": 90 for edge in EDGES}
    yield "prd", "admin", "/v1/products", product
    yield "ctn", "admin", "/v1/cartons", {"code": "C#"} | {f"inner_{edge}_mm": 300 for edge in EDGES}
    yield "car", "coordinator", "/v1/carriers", {"code": "F#", "name": "Vans", "country_code": "VN"}
    zones = [{"code": "all", "breaks": [{"base_minor": 50_000}]}]
    yield "otf", "admin", "/v1/outside-tariffs", {"code": "T#", "name": "T", "valid_from": "2020-01-01", "zones": zones}
    yield "key", "admin", "/v1/keys", {"name": "spare", "role": "member_user", "member_id": member_id}
    yield "ctc", "admin", "/v1/contacts", {"purpose": "billing", "name": "Ms An", "email": "a#@example.com"}
    yield "cns", "admin", "/v1/consents", {"purpose": "reveal_name"}
    yield "arc", "admin", f"/v1/members/{member_id}/archives", {}
    erasure = {"subject": "consignees", "older_than_days": 3000}
    yield "ers", "admin", f"/v1/members/{member_id}/erasures", erasure
    window = {"service_date": "2090-01-0#", "cut_off_at": "2089-12-31T00:00:00Z"}
    yield "win", "coordinator", "/v1/pool-windows", window
    schedule = {"label": "later-#", "cut_off_cron": "0 16 * * 1-5", "valid_from": "2089-01-01"}
    yield "sch", "coordinator", "/v1/window-schedules", schedule
    van = {"code": "V#", "name": "Van", "capacity": CAPACITY, "tariff": TARIFF, "start_site_id": "$hub"}
    yield "vht", "coordinator", "/v1/vehicle-types", van


def _numbered(value: Any, number: int, things: Things) -> Any:
    if isinstance(value, dict):
        return {name: _numbered(inner, number, things) for name, inner in value.items()}
    if isinstance(value, list):
        return [_numbered(inner, number, things) for inner in value]
    if isinstance(value, str):
        return things[value[1:]][0] if value.startswith("$") else value.replace("#", str(number + 1))
    return value


def naming(document: Json, things: Things, bodies: dict[str, Json]) -> Json:
    """The document with identifiers of real things where some are named, and good bodies as examples."""
    named = copy.deepcopy(document)
    answers = set(_reached(named, [_answers(named)]))
    asked = [each.get("requestBody", {}) for each in _operations(named)]
    for name in set(_reached(named, asked)) - answers:  # what is only asked with: an answer may name anything
        for field, schema in named["components"]["schemas"][name].get("properties", {}).items():
            _limit(schema, field, things, spent=False)
    for operation in _operations(named):
        spent = bool(SPENT.search(operation["operationId"]))
        for parameter in operation.get("parameters", []):
            if parameter["in"] in {"path", "query"}:
                _limit(parameter["schema"], parameter["name"], things, spent=spent)
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        body = bodies.get(operation["operationId"])
        if content is not None and body is not None:
            content["examples"] = {"good": {"value": body}}
    return named


def good_bodies(measured: Measured, things: Things) -> dict[str, Json]:
    """Bodies that chance does not find: those whose times must fit together."""
    booking = shipment(measured.day, measured.window_id, str(uuid.uuid4()))
    return {
        "book_shipment": booking,
        "book_shipments": {"shipments": [booking | {"client_ref": str(uuid.uuid4())}]},
        "get_quote": booking,
        "quote_shipment": booking,
        "change_shipment": {"food": True},
        "start_plan": {"seconds": 1},
        "add_vehicle_type": {"code": "drawn", "name": "Van", "capacity": CAPACITY, "tariff": TARIFF}
        | {"start_site_id": things["hub"][0]},
        "add_site": {"code": "drawn", "name": "Shop", "kind": "shop"} | ADDRESS,
        "add_address": {"name": "Mr Tam"} | ADDRESS,
        "open_pool_window": {"service_date": "2091-03-03", "cut_off_at": "2091-03-02T00:00:00Z"},
        "leave_cluster": {"effective_on": "2095-01-01"},
    }


def _limit(schema: Json, field: str, things: Things, *, spent: bool) -> None:
    """Lets a schema hold the identifiers there are, and one that names nothing."""
    prefix = PARAMETERS.get(field)
    if prefix is None or prefix not in things:
        return
    known = things[prefix]
    values: list[Any] = [*(known[1:] if spent else known[:2]), ids.show(known[0].partition("_")[0], ids.new())]
    if "oneOf" in schema or "anyOf" in schema or "null" in str(schema.get("type")):
        values.append(None)
    schema.clear()
    schema["enum"] = values


def _operations(document: Json) -> list[Json]:
    return [operation for methods in document["paths"].values() for operation in methods.values()]


def _answers(document: Json) -> list[Json]:
    return [operation.get("responses", {}) for operation in _operations(document)]


def _reached(document: Json, roots: list[Any]) -> Iterator[str]:
    """Names of schemas that are reached from somewhere."""
    waiting, seen = list(roots), set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            place, _, name = str(value.get("$ref", "")).rpartition("/")
            if place == "#/components/schemas" and name not in seen:
                seen.add(name)
                yield name
                waiting.append(document["components"]["schemas"][name])
            waiting += value.values()
