"""
Every type of event that leaves the platform, and how an event becomes the body that is sent.

A topic of the outbox that is not named here goes to nobody. ``tests/house/test_events.py`` holds this list against the
topics that the code emits.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.webhooks.models import EventBody, EventType

BODY_MAX_BYTES = 20_000
"""The Standard Webhooks specification's advice; a payload that would be longer is left out, the link tells it all."""
PING = "webhook.ping"


class Kind(Struct, frozen=True):
    """
    What an event type is about, where that is read, and for whom it is.

    Carriers hear of it where there is ``carrier_link``, under which they read the same thing.
    """

    prefix: str
    noun: str
    link: str
    description: str
    payload: dict[str, Any] = {}
    for_members: bool = True
    for_coordinator: bool = True
    carrier_link: str = ""


_PLAN = "plan_01m3w8c5v2e0gq9r6t1x4zkb7n"
_SHP = "shp_01m3w8c5v2e0gq9r6t1x4zkb7n"
_CAR = "car_01m3w8c5v2e0gq9r6t1x4zkb7n"
_UDT = "udt_01m3w8c5v2e0gq9r6t1x4zkb7n"
_WINDOW = "win_01m3w8c5v2e0gq9r6t1x4zkb7n"
_STAY = {"first_on": "2026-12-01", "last_on": "2026-12-20"}
_SHARE = {"id": "sps_01m3w8c5v2e0gq9r6t1x4zkb7n", "share_minor": 1_250_000}
_SHIPMENT = "/v1/shipments/{id}"
_PLANS = "/v1/plans/{id}"
_WINDOWS = "/v1/pool-windows/{id}"


def _shipment(what: str) -> Kind:
    return Kind("shp", "shipment", _SHIPMENT, what)


def _member(what: str, **payload: Any) -> Kind:
    return Kind("mem", "member", "/v1/members/{id}", what, payload)


def _import(what: str) -> Kind:
    return Kind("imp", "import", "/v1/imports/{id}", what, {"booked": 98, "faulty": 2})


def _invoice(what: str, *, told: bool = True, **payload: Any) -> Kind:
    own = "/v1/carrier/invoices/{id}" if told else ""
    link = "/v1/carrier-invoices/{id}"
    return Kind("civ", "carrier_invoice", link, what, payload, for_members=False, carrier_link=own)


def _offer(what: str, **payload: Any) -> Kind:
    link = "/v1/carrier/offers/{id}"
    return Kind("ofr", "offer", link, what, payload, for_members=False, for_coordinator=False, carrier_link=link)


def _gateway_order(what: str) -> Kind:
    payload = {"shipment_id": _SHP, "error": None}
    return Kind("gor", "gateway_order", "/v1/gateway-orders/{id}", what, payload)


KINDS: dict[str, Kind] = {
    "shipment.drafted": _shipment("A shipment has been kept as a draft."),
    "shipment.booked": _shipment("A shipment has been booked."),
    "shipments.booked": Kind(
        "bat",
        "bulk_booking",
        "/v1/shipments",
        "Shipments have been booked in bulk; `shipments` names them, unless they are too many for one message.",
        {"shipments": ["shp_01m3w8c5v2e0gq9r6t1x4zkb7n"]},
    ),
    "shipment.edited": _shipment("A shipment has been changed."),
    "shipment.cancelled": _shipment("A shipment has been cancelled."),
    **{
        f"shipment.{status}": _shipment(f"A shipment's status has become `{status}`.")
        for status in (
            *("quoted", "pooled", "planned", "tendered", "dispatched", "picked_up", "at_hub", "in_transit"),
            *("at_customs", "out_for_delivery", "ready_for_pickup", "delivered", "partially_delivered"),
            *("delivery_failed", "on_hold", "return_to_sender", "returned", "lost"),
        )
    },
    "gateway_order.placed": _gateway_order("A carrier's system has an order."),
    "gateway_order.refused": _gateway_order("A carrier's system did not take an order; `error` says why."),
    "gateway_order.unclear": _gateway_order("Nobody knows whether a carrier's system has an order: settle it."),
    "gateway_order.cancelled": _gateway_order("An order at a carrier's system is cancelled, by you or by it."),
    "gateway_order.done": _gateway_order("Nothing more is to be heard of an order at a carrier's system."),
    "import.booked": _import("All good lines of an import are booked."),
    "import.partly_booked": _import("An import's good lines are booked, others have faults."),
    "import.failed": Kind("imp", "import", "/v1/imports/{id}", "A file could not be read."),
    "import.discarded": Kind("imp", "import", "/v1/imports/{id}", "An import has been thrown away."),
    "plan.solved": Kind(
        "plan",
        "plan",
        _PLANS,
        "A plan has been made; it applies once it is published.",
        {"id": _PLAN, "pool_window_id": _WINDOW},
        for_members=False,
    ),
    "plan.published": Kind(
        "plan",
        "plan",
        _PLANS,
        "A plan applies. A member hears of it if shipments of its own were to be planned, with its own figures; the "
        "coordinator once for the plan and once for each member.",
        {"id": _PLAN, "pool_window_id": _WINDOW, "planned": 12, "unplanned": 1},
    ),
    "plan.failed": Kind("plan", "plan", _PLANS, "A plan did not come about; the plan says why.", for_members=False),
    "plan.aborted": Kind("plan", "plan", _PLANS, "Somebody aborted a plan.", for_members=False),
    "cost_allocation.finalised": Kind(
        "plan",
        "plan",
        "/v1/plans/{id}/shares",
        "A plan's cost has been split; the link tells your share.",
        {"id": _PLAN},
    ),
    **{
        f"tour.{what}": Kind(
            "tor", "tour", "/v1/tours/{id}", words, for_members=False, carrier_link="/v1/carrier/tours/{id}"
        )
        for what, words in (
            ("dispatched", "A tour has been given to its driver."),
            ("started", "A tour has left."),
            ("changed", "A tour follows another plan from now on."),
            ("exception", "A tour is held up; `reason` says why."),
            ("completed", "A tour is over."),
            ("cancelled", "A tour was called off before it left."),
        )
    },
    **{
        f"tender.{what}": Kind("tnd", "tender", "/v1/tenders/{id}", words, for_members=False)
        for what, words in (
            ("opened", "A tour has been put out to tender."),
            ("answered", "A carrier has accepted, countered or declined."),
            ("deciding", "All carriers have answered, or their time is over: the coordinator decides."),
            ("awarded", "A carrier drives the tour; `carrier_id` says which."),
            ("exhausted", "Nobody takes the tour."),
            ("withdrawn", "A tender was taken back; `reason` says why."),
        )
    },
    "offer.opened": _offer(
        "You are asked to drive a tour; answer before `deadline_at`.",
        price_minor=1_450_000,
        deadline_at="2026-11-22T03:30:00Z",
    ),
    "offer.awarded": _offer(
        "The tour is yours, at the price that is agreed.",
        price_minor=1_450_000,
        tour_id="tor_01m3w8c5v2e0gq9r6t1x4zkb7n",
    ),
    "offer.lost": _offer("Another carrier has the tour."),
    "offer.expired": _offer("The time to answer is over."),
    "offer.withdrawn": _offer("The offer was taken back, or nobody took the tour."),
    **{
        f"amendment.{what}": Kind(
            "amd",
            "amendment",
            "/v1/amendments/{id}",
            words,
            {"tour_id": "tor_01m3w8c5v2e0gq9r6t1x4zkb7n"},
            for_members=False,
            carrier_link="/v1/carrier/amendments/{id}",
        )
        for what, words in (
            ("opened", "A carrier is asked to agree to a change of a tour that it was awarded."),
            ("accepted", "A carrier agrees to a change of its tour."),
            ("declined", "A carrier does not agree to a change of its tour; `reason` says why."),
            ("expired", "The time to agree to a change of a tour is over."),
            ("withdrawn", "A change of a tour is not asked for any more."),
            ("imposed", "A change of a tour could not wait until its carrier agrees; the amendment says why."),
        )
    },
    **{
        f"space_booking.{what}": Kind("spb", "space_booking", "/v1/space-bookings/{id}", words, payload)
        for what, words, payload in (
            ("waiting", "There is no room for a booking of space yet; it waits.", {}),
            ("booked", "A booking of space has its place.", _STAY),
            ("moved", "A re-plan has put a booking of space elsewhere, or on other days.", _STAY),
            ("extended", "Goods stay longer where they are.", {"last_on": "2026-12-31"}),
            ("released", "Space was given back, or is waited for no longer.", {}),
        )
    },
    **{
        f"space_split.{what}": Kind("sps", "space_split", "/v1/space-splits/{id}", words, payload)
        for what, words, payload in (
            ("made", "What a period of jointly rented space cost is split; this is your share.", _SHARE),
            ("withdrawn", "A split of space was taken back; nothing is owed by it.", _SHARE),
        )
    },
    "tracking.event": Kind(
        "shp",
        "shipment",
        "/v1/shipments/{id}/tracking-events",
        "A visit to a shipment's consignee or sender was reported: `kind` is loaded, done, partly or failed.",
        {"id": _SHP, "kind": "failed", "action": "delivery", "reason": "consignee_absent"},
    ),
    "tracking.proof": Kind(
        "shp",
        "shipment",
        "/v1/shipments/{id}/proofs",
        "A photo or a signature of a shipment has been handed in.",
        {"id": _SHP, "proof_id": "pod_01m3w8c5v2e0gq9r6t1x4zkb7n", "kind": "signature"},
    ),
    "carrier_invoice.received": _invoice(
        "A carrier's invoice or credit note has come in and is audited.",
        told=False,
        carrier_id=_CAR,
        number="2026-118",
        total_minor=1_480_000,
        kind="invoice",
    ),
    "carrier_invoice.disputed": _invoice(
        "A carrier's invoice is disputed.", carrier_id=_CAR, reasons=["quantity_differs"]
    ),
    "carrier_invoice.rejected": _invoice(
        "A carrier's invoice is sent back; nothing of it is accepted.", carrier_id=_CAR, reasons=["tour_not_driven"]
    ),
    "carrier_invoice.accepted": _invoice(
        "What is accepted of a carrier's invoice, by tour unless there are too many; told again where a credit note "
        "takes some of it off.",
        carrier_id=_CAR,
        accepted_minor=1_450_000,
        tours=[{"tour_id": "tor_01m3w8c5v2e0gq9r6t1x4zkb7n", "accepted_minor": 1_450_000}],
    ),
    "statement.issued": Kind(
        "stm",
        "statement",
        "/v1/statements/{id}",
        "A period was closed: a statement is there.",
        {"closing_minor": 412_000},
    ),
    "undertaking.proposed": Kind(
        "udt", "undertaking", "/v1/undertakings/{id}", "A cost to be carried together is proposed.", {"id": _UDT}
    ),
    "undertaking.decided": Kind(
        "udt",
        "undertaking",
        "/v1/undertakings/{id}",
        "A joint cost is posted, refused or withdrawn; `status` says which.",
        {"id": _UDT, "status": "posted"},
    ),
    "dispute.opened": Kind(
        "dsp",
        "dispute",
        "/v1/disputes/{id}",
        "A member objects to its statement.",
        {"statement_id": "stm_01m3w8c5v2e0gq9r6t1x4zkb7n"},
    ),
    "dispute.decided": Kind(
        "dsp", "dispute", "/v1/disputes/{id}", "A dispute is over; `status` says how.", {"status": "accepted"}
    ),
    "ledger.alarm": Kind(
        "clu",
        "cluster",
        "/v1/ledger/check",
        "The books are not whole: reading them again found faults.",
        {"count": 1, "faults": [{"code": "not_balanced", "entry_no": 118, "detail": "its lines sum to 5"}]},
        for_members=False,
    ),
    "pool_window.opened": Kind("win", "pool_window", _WINDOWS, "A pool window takes bookings."),
    "pool_window.closing_soon": Kind("win", "pool_window", _WINDOWS, "A pool window's cut-off is near."),
    "pool_window.closed": Kind("win", "pool_window", _WINDOWS, "A pool window takes no more bookings."),
    "cluster.changed": Kind("clu", "cluster", "/v1/me", "The cluster's rules have changed."),
    "cluster_settings.settled": Kind(
        "clu",
        "cluster",
        "/v1/cluster-settings",
        "How the cluster shares, its map or its languages have a new version, from a day on.",
        {"section": "sharing", "version": 2, "effective_from": "2027-01-01"},
    ),
    "agreement.published": Kind("agr", "agreement", "/v1/agreements", "An agreement has a new version to accept."),
    "application.received": Kind(
        "apl", "application", "/v1/applications/{id}", "A firm asks to join.", for_members=False
    ),
    "application.rejected": Kind(
        "apl", "application", "/v1/applications/{id}", "A firm was turned down.", for_members=False
    ),
    "member.approved": _member("A member has been admitted."),
    "member.changed": _member("What a member says of itself has changed.", changed=["legal_form"]),
    "member.suspended": _member("A member is suspended and books nothing."),
    "member.reinstated": _member("A suspended member is active again."),
    "member.leaving": _member("A member has said that it leaves."),
    "member.left": _member("A member has left."),
    "size_evidence.submitted": Kind("evd", "size_evidence", "/v1/me", "Evidence of a member's size was handed in."),
    "size_evidence.reviewed": Kind("evd", "size_evidence", "/v1/me", "Evidence of a member's size was looked at."),
    "archive.ready": Kind("arc", "archive", "/v1/me", "An archive of a member's data can be fetched."),
    "erasure.done": Kind("ers", "erasure", "/v1/me", "Data of persons have been erased."),
    PING: Kind(
        "whk",
        "webhook",
        "/v1/webhooks/{id}",
        "Sent on request, to try an endpoint; not among events.",
        carrier_link="/v1/webhooks/{id}",
    ),
}
TYPES = [name for name in KINDS if name != PING]
_EXAMPLE_ID = "01m3w8c5v2e0gq9r6t1x4zkb7n"


class _Sent(Struct, frozen=True, omit_defaults=True):
    """The body as the specification has it; in a sandbox with ``test``."""

    type: str
    timestamp: datetime
    data: dict[str, Any]
    test: bool = False


def data_of(
    topic: str,
    resource_id: UUID,
    seq: int,
    member_id: UUID | None,
    payload: Mapping[str, Any],
    *,
    to_carrier: bool = False,
) -> dict[str, Any]:
    """``object``, ``id``, ``seq``, ``link`` and, for what a member owns, ``member_id``; then the payload."""
    kind = KINDS[topic]
    shown = str(payload.get("id") or ids.show(kind.prefix, resource_id))
    link = (kind.carrier_link if to_carrier else kind.link).format(id=shown)
    data: dict[str, Any] = {"object": kind.noun, "id": shown, "seq": seq, "link": link}
    if member_id is not None:
        data["member_id"] = ids.show("mem", member_id)
    return data | {name: value for name, value in payload.items() if name not in data}


def body_of(topic: str, created_at: datetime, data: dict[str, Any], *, test: bool = False) -> bytes:
    """The bytes that are sent and signed, the same at each try; without the payload where that is too long."""
    body = msgspec.json.encode(_Sent(topic, created_at, data, test))
    if len(body) <= BODY_MAX_BYTES:
        return body
    kept = {name: data[name] for name in ("object", "id", "seq", "link", "member_id") if name in data}
    return msgspec.json.encode(_Sent(topic, created_at, kept | {"truncated": True}, test))


def event_body(row: Mapping[str, Any], *, test: bool) -> EventBody:
    """A stored event as its owner reads it."""
    told = row["carrier_id"] is not None
    data = data_of(row["topic"], row["resource_id"], row["seq"], row["member_id"], row["payload"], to_carrier=told)
    event_id = ids.show("evt", row["event_id"])
    return EventBody(id=event_id, type=row["topic"], timestamp=row["created_at"], data=data, test=test)


class Listener(StrEnum):
    """Who hears events."""

    MEMBER = "member"
    CARRIER = "carrier"
    COORDINATOR = "coordinator"


def event_types(listener: Listener) -> list[EventType]:
    """The types that a member, a carrier or the coordinator may hear of, with examples."""
    return [
        EventType(
            name=name,
            object=kind.noun,
            description=kind.description,
            for_members=kind.for_members,
            for_carriers=bool(kind.carrier_link),
            example=_example(name, kind, listener),
        )
        for name, kind in KINDS.items()
        if _hears(listener, kind)
    ]


def _hears(listener: Listener, kind: Kind) -> bool:
    if listener is Listener.CARRIER:
        return bool(kind.carrier_link)
    return kind.for_members if listener is Listener.MEMBER else kind.for_coordinator


def _example(name: str, kind: Kind, listener: Listener) -> dict[str, Any]:
    shown = kind.payload.get("id", f"{kind.prefix}_{_EXAMPLE_ID}")
    link = kind.carrier_link if listener is Listener.CARRIER else kind.link
    data = {"object": kind.noun, "id": shown, "seq": 1, "link": link.format(id=shown)} | kind.payload
    return {"type": name, "timestamp": "2026-11-22T01:30:00.123456Z", "data": data}


def matches(pattern: str, name: str) -> bool:
    """Whether an endpoint that asks for ``pattern`` gets events of this type."""
    return pattern in {"*", name} or (pattern.endswith(".*") and name.startswith(pattern[:-1]))


def is_known(pattern: str) -> bool:
    """Whether there is any type that a pattern can match."""
    return any(matches(pattern, name) for name in KINDS)
