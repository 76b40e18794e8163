"""Whoever asks for a stranger's thing hears exactly what it would hear of a thing that does not exist."""

import re
from typing import Any, NamedTuple

import pytest

from cluster.base import ids
from tests.cluster.api import Caller, van
from tests.cluster.membership import EVIDENCE
from tests.cluster.neighbours import SECRETS, Neighbours
from tests.cluster.space.warehouse import on

pytestmark = pytest.mark.anyio


class Case(NamedTuple):
    """
    An operation on a thing: who may, and who must hear that there is none.

    ``stale`` is the code that whoever may hears where another case has moved things on by then.
    """

    operation: str
    thing: str
    owner: str
    rivals: tuple[str, ...]
    body: Any = None
    stale: str | None = None


OUTSIDER = ("stranger",)
BOTH = ("an", "stranger")
RIVAL = ("slow",)
"""Of a carrier."""
HOOKED = ("slow", "an", "coordinator", "stranger")
"""Who has endpoints of its own, and no business with a carrier's."""
FILED = "number=filed&issued_on=2026-11-30"
LINES = b"tour,kind,amount_minor\nno-such-tour,toll,1\n"
GIVEN = {"shipment_id": "the_freeshipment"}
WINNER = {"offer_id": "the_offer"}
EDGES = ("length", "width", "height")
MAPPING = {
    "columns": [
        {"field": "delivery_address_line1", "column_no": 3},
        {"field": "weight", "column_no": 8, "unit": "kg"},
        *({"field": name, "column_no": number, "unit": "cm"} for number, name in enumerate(EDGES, start=9)),
    ]
}
PRODUCT = {"sku": "Binh-other", "name": "Binh's cup", "weight_g": 1} | {f"{name}_mm": 9 for name in EDGES}
CARTON = {"code": "Binh-other"} | {f"inner_{name}_mm": 9 for name in EDGES}
SCHEDULE = {"label": "later", "cut_off_cron": "0 15 * * 1-5", "valid_from": "2089-01-01"}
EXAMPLE = {"tariff": {"tariff": {"km_minor": 9_000}}, "distance_m": 1, "duration_s": 1}
SEEN = {"events": [{"event_key": "seen", "kind": "position", "at": "2026-11-22T03:00:00Z", "lat": 10.8, "lon": 106.6}]}
CORRECTION = {
    "shipment_id": "the_touredshipment",
    "action": "delivery",
    "outcome": "done",
    "note": "It was handed over after all",
}
PROOF = "event_key=k&shipment_id=shp_0&action=delivery&kind=photo&taken_at=2026-11-22T03:00:00Z"
COUNTED = {"day": on(-9), "counts": []}
DAYS = "first_on=2030-01-01&last_on=2030-01-02"
PAPER = {"kind": "insurance", "number": "I-1", "valid_from": "2026-01-01", "valid_until": "2099-12-31"}
BILL = {
    "number": "typed",
    "issued_on": "2026-11-30",
    "currency": "VND",
    "total_minor": 1,
    "lines": [{"tour_id": "the_tour", "kind": "toll", "amount_minor": 1}],
}
DISPUTED = {"reasons": ["not_in_tariff"], "note": "No toll was agreed"}
MATRIX = [
    Case("GET /v1/members/{}", "member", "binh", BOTH),
    Case("GET /v1/sites/{}", "site", "binh", BOTH),
    Case("GET /v1/sites/{}/access", "site", "binh", BOTH),
    Case("PATCH /v1/sites/{}", "site", "binh", BOTH, {"name": "Binh's other name"}),
    Case("GET /v1/addresses/{}", "address", "binh", ("an",)),
    Case("PATCH /v1/addresses/{}", "address", "binh", ("an",), {"service_s": 600}),
    Case("DELETE /v1/addresses/{}", "address", "binh", ("an",)),
    Case("GET /v1/shipments/{}", "shipment", "binh", BOTH),
    Case("PATCH /v1/shipments/{}", "spare_shipment", "binh", ("an",), {"food": True}),
    Case("POST /v1/shipments/{}/book", "draft", "binh", ("an",), {}),
    Case("GET /v1/shipments/{}/events", "shipment", "binh", BOTH),
    Case("POST /v1/shipments/{}/events", "alone_shipment", "binh", BOTH, {"status": "delivered"}),
    Case("POST /v1/shipments/{}/cancel", "spare_shipment", "binh", BOTH, {}),
    Case("GET /v1/imports/{}", "import", "binh", ("an",)),
    Case("GET /v1/imports/{}/lines", "import", "binh", ("an",)),
    Case("GET /v1/imports/{}/faults", "import", "binh", ("an",)),
    Case("GET /v1/imports/{}/events", "import", "binh", ("an",)),
    Case("PUT /v1/imports/{}/mapping", "import_to_map", "binh", ("an",), MAPPING),
    Case("POST /v1/imports/{}/commit", "import_to_book", "binh", ("an",), {}),
    Case("POST /v1/imports/{}/discard", "import_to_discard", "binh", ("an",), {}),
    Case("GET /v1/shipments/{}/contents", "items_shipment", "binh", ("an",)),
    Case("GET /v1/products/{}", "product", "binh", ("an",)),
    Case("PUT /v1/products/{}", "product", "binh", ("an",), PRODUCT),
    Case("DELETE /v1/products/{}", "spare_product", "binh", ("an",)),
    Case("GET /v1/cartons/{}", "carton", "binh", ("an",)),
    Case("PUT /v1/cartons/{}", "carton", "binh", ("an",), CARTON),
    Case("DELETE /v1/cartons/{}", "spare_carton", "binh", ("an",)),
    Case("GET /v1/channels/{}", "channel", "binh", ("an",)),
    Case("PATCH /v1/channels/{}", "channel", "binh", ("an",), {"active": True}),
    Case("POST /v1/channels/{}/test", "channel", "binh", ("an",)),
    Case("POST /v1/channels/{}/sync", "channel", "binh", ("an",)),
    Case("GET /v1/channels/{}/orders", "channel", "binh", ("an",)),
    Case("POST /v1/channels/{}/orders/{}/retry", "channel shop_order", "binh", ("an",), {}),
    Case("DELETE /v1/channels/{}", "spare_channel", "binh", ("an",)),
    Case("GET /v1/gateways/{}", "gateway", "binh", ("an",)),
    Case("PATCH /v1/gateways/{}", "gateway", "binh", ("an",), {"active": True}),
    Case("POST /v1/gateways/{}/test", "gateway", "binh", ("an",)),
    Case("POST /v1/gateways/{}/rates", "gateway", "binh", ("an",), GIVEN),
    Case("POST /v1/gateways/{}/orders", "gateway", "binh", ("an",), GIVEN),
    Case("GET /v1/gateways/{}/files", "drop", "coordinator", OUTSIDER),
    Case("DELETE /v1/gateways/{}", "spare_gateway", "binh", ("an",)),
    Case("GET /v1/gateway-orders/{}", "gateway_order", "binh", ("an",)),
    Case("GET /v1/gateway-orders/{}/label", "gateway_order", "binh", ("an",), stale="order_not_placed"),
    Case(
        "POST /v1/gateway-orders/{}/settle",
        "gateway_order",
        "binh",
        ("an",),
        {"external_id": None},
        stale="order_not_unclear",
    ),
    Case("POST /v1/gateway-orders/{}/cancel", "gateway_order", "binh", ("an",)),
    Case("GET /v1/outside-tariffs/{}", "outside_tariff", "binh", ("an",)),
    Case("DELETE /v1/outside-tariffs/{}", "outside_tariff", "binh", ("an",)),
    Case("POST /v1/pool-windows/{}/move-on", "past_window", "coordinator", OUTSIDER, {}),
    Case("GET /v1/pool-windows/{}", "window", "an", OUTSIDER),
    Case("GET /v1/pool-windows/{}/unreachable", "window", "coordinator", OUTSIDER),
    Case("POST /v1/pool-windows/{}/plans", "empty_window", "coordinator", OUTSIDER, {"seconds": 1}),
    Case("PATCH /v1/pool-windows/{}", "window_to_move", "coordinator", OUTSIDER, {"late_policy": "refuse"}),
    Case("POST /v1/pool-windows/{}/close", "window_to_close", "coordinator", OUTSIDER),
    Case("GET /v1/window-schedules/{}", "schedule", "an", OUTSIDER),
    Case("GET /v1/window-schedules/{}/preview", "schedule", "an", OUTSIDER),
    Case("PUT /v1/window-schedules/{}", "schedule", "coordinator", OUTSIDER, SCHEDULE),
    Case("GET /v1/plans/{}", "plan", "an", OUTSIDER),
    Case("GET /v1/plans/{}/routes", "plan", "an", OUTSIDER),
    Case("GET /v1/plans/{}/unplanned", "plan", "an", OUTSIDER),
    Case("GET /v1/plans/{}/lines", "plan", "coordinator", OUTSIDER),
    Case("GET /v1/plans/{}/shares", "plan", "an", OUTSIDER),
    Case("GET /v1/plans/{}/certificate", "plan", "coordinator", OUTSIDER),
    Case("GET /v1/plans/{}/prices", "plan", "coordinator", OUTSIDER),
    Case("GET /v1/vehicle-types/{}/tariffs", "vehicle_type", "coordinator", OUTSIDER),
    Case("PUT /v1/vehicle-types/{}/tariffs", "vehicle_type", "coordinator", OUTSIDER, {"tariff": {"km_minor": 9_000}}),
    Case("GET /v1/vehicle-types/{}/tariffs/file", "vehicle_type", "coordinator", OUTSIDER),
    Case(
        "PUT /v1/vehicle-types/{}/tariffs/file", "vehicle_type", "coordinator", OUTSIDER, b"part,amount_minor\nkm,9\n"
    ),
    Case("POST /v1/vehicle-types/{}/tariffs/example", "vehicle_type", "coordinator", OUTSIDER, EXAMPLE),
    Case("PUT /v1/vehicle-types/{}/driver-breaks", "vehicle_type", "coordinator", OUTSIDER, {"driver_breaks": None}),
    Case("PUT /v1/vehicle-types/{}/carrier", "vehicle_type", "coordinator", OUTSIDER, {"carrier_id": None}),
    Case("GET /v1/carriers/{}", "carrier", "coordinator", OUTSIDER),
    Case("PATCH /v1/carriers/{}", "carrier", "coordinator", OUTSIDER, {"phone": "+84 28 1"}),
    Case("GET /v1/carriers/{}/papers", "carrier", "coordinator", OUTSIDER),
    Case("POST /v1/carriers/{}/papers", "carrier", "coordinator", OUTSIDER, PAPER),
    Case("DELETE /v1/carriers/{}/papers/{}", "carrier spare_carrier_paper", "coordinator", OUTSIDER),
    Case("POST /v1/carriers/{}/keys", "carrier", "coordinator", OUTSIDER, {"name": "dispatch desk"}),
    Case("POST /v1/carriers/{}/invoices", "carrier", "coordinator", OUTSIDER, BILL),
    Case(
        f"POST /v1/carriers/{{}}/invoices/file?{FILED}",
        "carrier",
        "coordinator",
        OUTSIDER,
        LINES,
        stale="invalid_request",
    ),
    Case("GET /v1/carrier-invoices/{}", "carrier_invoice", "coordinator", OUTSIDER),
    Case("POST /v1/carrier-invoices/{}/audit", "carrier_invoice", "coordinator", OUTSIDER, {}),
    Case("POST /v1/carrier-invoices/{}/dispute", "carrier_invoice", "coordinator", OUTSIDER, DISPUTED),
    Case("POST /v1/carrier-invoices/{}/accept", "invoice_to_accept", "coordinator", OUTSIDER, {}),
    Case("POST /v1/carrier-invoices/{}/reject", "invoice_to_reject", "coordinator", OUTSIDER, {"note": "Not driven"}),
    Case("GET /v1/carrier/invoices/{}", "carrier_invoice", "swift", ()),
    Case("POST /v1/carrier/invoices/{}/answer", "invoice_to_answer", "swift", (), {"answer": "accept"}),
    Case("GET /v1/plans/{}/freight", "plan", "coordinator", OUTSIDER),
    Case("GET /v1/plans/{}/events", "plan", "coordinator", OUTSIDER),
    Case("GET /v1/plans/{}/why/{}", "plan shipment", "coordinator", OUTSIDER),
    Case("GET /v1/plans/{}/explanation", "plan", "coordinator", OUTSIDER),
    Case("GET /v1/plans/{}/fairness", "plan", "coordinator", OUTSIDER),
    Case("GET /v1/plans/{}/as-member/{}", "plan member", "coordinator", OUTSIDER),
    Case("GET /v1/plans/{}", "superseded_plan", "coordinator", BOTH),
    Case("GET /v1/plans/{}/routes", "superseded_plan", "coordinator", BOTH),
    Case("GET /v1/plans/{}/unplanned", "superseded_plan", "coordinator", BOTH),
    Case("GET /v1/plans/{}/shares", "superseded_plan", "coordinator", BOTH),
    Case("POST /v1/plans/{}/stop", "waiting_plan", "coordinator", OUTSIDER),
    Case("POST /v1/plans/{}/abort", "waiting_plan", "coordinator", OUTSIDER, {}),
    Case("GET /v1/plans/{}", "candidate_plan", "coordinator", BOTH),
    Case("GET /v1/plans/{}/routes", "candidate_plan", "coordinator", BOTH),
    Case("GET /v1/plans/{}/unplanned", "candidate_plan", "coordinator", BOTH),
    Case("GET /v1/plans/{}/shares", "candidate_plan", "coordinator", BOTH),
    Case("POST /v1/plans/{}/approve", "candidate_plan", "coordinator", OUTSIDER, {}),
    Case("POST /v1/plans/{}/revise", "candidate_plan", "coordinator", OUTSIDER),
    Case("POST /v1/plans/{}/discard", "spare_plan", "coordinator", OUTSIDER),
    Case("POST /v1/plans/{}/draft", "candidate_plan", "coordinator", OUTSIDER),
    Case("GET /v1/plans/{}/draft", "draft_plan", "coordinator", OUTSIDER),
    Case("POST /v1/plans/{}/edits", "draft_plan", "coordinator", OUTSIDER, {"kind": "reverse", "route_no": 1}),
    Case("POST /v1/plans/{}/undo", "draft_plan", "coordinator", OUTSIDER),
    Case("POST /v1/plans/{}/redo", "draft_plan", "coordinator", OUTSIDER),
    Case("GET /v1/plans/{}/alternatives?shipment_id={}", "draft_plan shipment", "coordinator", OUTSIDER),
    Case("POST /v1/plans/{}/reoptimise", "draft_plan", "coordinator", OUTSIDER, {"seconds": 1}),
    Case("POST /v1/plans/{}/finish", "draft_plan", "coordinator", OUTSIDER, stale="draft_outdated"),
    Case("POST /v1/plans/{}/publish", "plan", "coordinator", OUTSIDER),
    Case("GET /v1/pool-windows/{}/plan-history", "window", "coordinator", OUTSIDER),
    Case("POST /v1/keys/{}/rotate", "spare_key", "binh", BOTH, {"overlap_s": 60}),
    Case("DELETE /v1/keys/{}", "spare_key", "binh", BOTH),
    Case("GET /v1/users/{}", "user", "binh", BOTH),
    Case("PATCH /v1/users/{}", "user", "binh", BOTH, {"name": "Binh's person"}),
    Case("POST /v1/users/{}/password-reset", "user", "binh", BOTH),
    Case("DELETE /v1/users/{}/factors", "user", "binh", BOTH),
    Case("DELETE /v1/users/{}", "spare_user", "binh", BOTH),
    Case("DELETE /v1/users/invitations/{}", "user_invitation", "binh", BOTH),
    Case("PATCH /v1/members/{}", "member", "binh", BOTH, {"legal_form": "TNHH"}),
    Case("GET /v1/members/{}/size-evidence", "member", "binh", BOTH),
    Case("POST /v1/members/{}/size-evidence", "member", "binh", BOTH, EVIDENCE),
    Case("POST /v1/members/{}/size-evidence/{}/review", "member evidence", "coordinator", OUTSIDER, {"accept": True}),
    Case("DELETE /v1/contacts/{}", "contact", "binh", BOTH),
    Case("DELETE /v1/consents/{}", "consent", "binh", ("an",)),
    Case("DELETE /v1/members/invitations/{}", "invitation", "coordinator", OUTSIDER),
    Case("GET /v1/applications/{}", "application", "coordinator", OUTSIDER),
    Case("POST /v1/applications/{}/approve", "application_to_approve", "coordinator", OUTSIDER, {"code": "approved"}),
    Case("POST /v1/applications/{}/reject", "application_to_reject", "coordinator", OUTSIDER, {"reason": "other"}),
    Case("POST /v1/members/{}/suspend", "suspendable", "coordinator", OUTSIDER, {"reason": "other"}),
    Case("POST /v1/members/{}/reinstate", "suspended", "coordinator", OUTSIDER),
    Case("POST /v1/members/{}/leave", "staying", "coordinator", BOTH, {"effective_on": "2090-01-01"}),
    Case("POST /v1/members/{}/complete-departure", "leaving", "coordinator", OUTSIDER),
    Case("GET /v1/members/{}/archives", "member", "binh", BOTH),
    Case("GET /v1/members/{}/archives/{}", "member archive", "binh", BOTH),
    Case("GET /v1/members/{}/archives/{}/download", "member archive", "binh", ("an",)),
    Case("POST /v1/members/{}/archives", "member", "binh", ("an",)),
    Case("GET /v1/members/{}/erasures", "member", "binh", BOTH),
    Case("GET /v1/members/{}/erasures/{}", "member erasure", "binh", BOTH),
    Case("POST /v1/members/{}/erasures", "member", "binh", BOTH, {"subject": "consignees"}),
    Case("GET /v1/webhooks/{}", "webhook", "binh", BOTH),
    Case("PATCH /v1/webhooks/{}", "webhook", "binh", BOTH, {"description": "changed"}),
    Case("POST /v1/webhooks/{}/rotate-secret", "webhook", "binh", BOTH, {}),
    Case("POST /v1/webhooks/{}/ping", "webhook", "binh", BOTH),
    Case("POST /v1/webhooks/{}/replay", "webhook", "binh", BOTH, {"since": "2026-01-01T00:00:00Z"}),
    Case("GET /v1/webhooks/{}/deliveries", "webhook", "binh", BOTH),
    Case("DELETE /v1/webhooks/{}", "spare_webhook", "binh", BOTH),
    Case("GET /v1/webhooks/{}", "carrier_webhook", "swift", HOOKED),
    Case("PATCH /v1/webhooks/{}", "carrier_webhook", "swift", HOOKED, {"description": "changed"}),
    Case("POST /v1/webhooks/{}/rotate-secret", "carrier_webhook", "swift", HOOKED, {}),
    Case("POST /v1/webhooks/{}/ping", "carrier_webhook", "swift", HOOKED),
    Case("POST /v1/webhooks/{}/replay", "carrier_webhook", "swift", HOOKED, {"since": "2026-01-01T00:00:00Z"}),
    Case("GET /v1/webhooks/{}/deliveries", "carrier_webhook", "swift", HOOKED),
    Case("GET /v1/webhooks/{}", "webhook", "binh", ("swift",)),
    Case("DELETE /v1/webhooks/{}", "slows_webhook", "slow", ("swift", "an", "coordinator", "stranger")),
    Case("GET /v1/undertakings/{}", "undertaking", "binh", BOTH),
    Case("POST /v1/undertakings/{}/answer", "undertaking", "binh", ("an",), {"agree": True}),
    Case("POST /v1/undertakings/{}/withdraw", "spare_undertaking", "coordinator", OUTSIDER),
    Case("GET /v1/settlement-periods/{}", "period", "coordinator", OUTSIDER),
    Case("POST /v1/settlement-periods/{}/propose", "open_period", "coordinator", OUTSIDER, stale="period_not_over"),
    Case("POST /v1/settlement-periods/{}/close", "open_period", "coordinator", OUTSIDER, stale="period_not_proposed"),
    Case("GET /v1/statements/{}", "statement", "binh", BOTH),
    Case("GET /v1/statements/{}/csv", "statement", "binh", BOTH),
    Case("GET /v1/statements/{}/pdf", "statement", "binh", BOTH),
    Case("POST /v1/settlement-payments/{}/pay", "payment", "coordinator", OUTSIDER, {"paid_on": "2026-01-05"}),
    Case("GET /v1/disputes/{}", "dispute", "binh", BOTH),
    Case("POST /v1/disputes/{}/withdraw", "spare_dispute", "binh", ("an",), stale="dispute_over"),
    Case("POST /v1/statements/{}/disputes", "statement", "binh", ("an",), {"reason": "Too much"}, stale="dispute_open"),
    Case("POST /v1/disputes/{}/decide", "dispute", "coordinator", OUTSIDER, {"accept": False, "answer": "No"}),
    Case("GET /v1/ledger/entries/{}", "ledger_entry", "coordinator", OUTSIDER),
    Case("POST /v1/plans/{}/dispatch", "plan", "coordinator", OUTSIDER, {"release": False}),
    Case("POST /v1/plans/{}/replan", "plan", "coordinator", OUTSIDER, {"seconds": 1}, stale="plan_in_progress"),
    Case("GET /v1/tours/{}", "tour", "coordinator", OUTSIDER),
    Case("PATCH /v1/tours/{}", "tour", "coordinator", OUTSIDER, {"vehicle": "51D-1"}),
    Case("GET /v1/tours/{}/events", "tour", "coordinator", OUTSIDER),
    Case("GET /v1/tours/{}/manifest", "tour", "coordinator", OUTSIDER),
    Case("GET /v1/tours/{}/waybills", "tour", "coordinator", OUTSIDER),
    Case("GET /v1/tours/{}/loading-plan", "tour", "coordinator", OUTSIDER),
    Case("POST /v1/tours/{}/labels", "tour", "coordinator", OUTSIDER),
    Case("POST /v1/tours/{}/driver-link", "tour", "coordinator", OUTSIDER, {}),
    Case("GET /v1/tours/{}/driver-links", "tour", "coordinator", OUTSIDER),
    Case("DELETE /v1/tours/{}/driver-links/{}", "tour driver_link", "coordinator", OUTSIDER),
    Case("GET /v1/shipments/{}/tracking-events", "shipment", "binh", BOTH),
    Case("GET /v1/shipments/{}/proofs", "shipment", "binh", BOTH),
    Case("GET /v1/proofs/{}/content", "proof", "binh", BOTH),
    Case("POST /v1/shipments/{}/labels", "shipment", "binh", BOTH),
    Case("POST /v1/shipments/{}/tracking-link", "shipment", "binh", BOTH, {}),
    Case("GET /v1/shipments/{}/tracking-links", "shipment", "binh", BOTH),
    Case("DELETE /v1/shipments/{}/tracking-links/{}", "toured_shipment tracking_link", "binh", BOTH),
    Case("POST /v1/tours/{}/tenders", "tour", "coordinator", OUTSIDER, {"mode": "broadcast"}, stale="tender_open"),
    Case("GET /v1/tenders/{}", "tender", "coordinator", OUTSIDER),
    Case("GET /v1/carrier/offers/{}", "offer", "swift", RIVAL),
    Case("POST /v1/tenders/{}/award", "tender", "coordinator", OUTSIDER, WINNER, stale="offer_not_answered"),
    Case("POST /v1/carrier/offers/{}/counter", "offer", "swift", RIVAL, {"price_minor": 1}, stale="offer_over"),
    Case("POST /v1/carrier/offers/{}/accept", "offer", "swift", RIVAL, {}, stale="offer_over"),
    Case("POST /v1/carrier/offers/{}/decline", "offer", "swift", RIVAL, {"reason": "other"}, stale="offer_over"),
    Case("POST /v1/plans/{}/amendments", "plan", "coordinator", OUTSIDER, {}),
    Case("POST /v1/plans/{}/amendments/impose", "superseded_plan", "coordinator", OUTSIDER, {"reason": "Flood"}),
    Case("GET /v1/amendments/{}", "amendment", "coordinator", OUTSIDER),
    Case("GET /v1/carrier/amendments/{}", "amendment", "swift", RIVAL),
    Case("POST /v1/carrier/amendments/{}/accept", "amendment", "swift", RIVAL, {}, stale="amendment_over"),
    Case(
        "POST /v1/carrier/amendments/{}/decline",
        "slows_amendment",
        "slow",
        ("swift",),
        {"reason": "other"},
        stale="amendment_over",
    ),  # its tour is over
    Case("POST /v1/amendments/{}/withdraw", "amendment", "coordinator", OUTSIDER),
    Case("POST /v1/tenders/{}/withdraw", "tender", "coordinator", OUTSIDER, stale="tender_over"),
    Case("POST /v1/tours/{}/release", "tour", "coordinator", OUTSIDER),
    Case("POST /v1/tours/{}/events", "tour", "coordinator", OUTSIDER, SEEN),
    Case("GET /v1/carrier/tours/{}", "driven_tour", "swift", ("slow",)),
    Case("GET /v1/carrier/tours/{}/documents/manifest", "driven_tour", "swift", ("slow",)),
    Case("GET /v1/carrier/tours/{}/documents/waybills", "driven_tour", "swift", ("slow",)),
    Case("GET /v1/carrier/tours/{}/documents/loading-plan", "driven_tour", "swift", ("slow",)),
    Case("POST /v1/carrier/tours/{}/documents/labels", "tour", "swift", ("slow",)),
    Case("POST /v1/carrier/tours/{}/events", "tour", "swift", ("slow",), SEEN),
    Case(f"POST /v1/carrier/tours/{{}}/proofs?{PROOF}", "tour", "swift", ("slow",), stale="not_found"),
    Case("GET /v1/space-offers/{}", "space_offer", "coordinator", OUTSIDER),
    Case(f"GET /v1/space-offers/{{}}/calendar?{DAYS}", "space_offer", "coordinator", OUTSIDER),
    Case("POST /v1/space-offers/{}/withdraw", "spare_space_offer", "coordinator", OUTSIDER),
    Case("GET /v1/space-bookings/{}", "space_booking", "binh", BOTH),
    Case("POST /v1/space-bookings/{}/extend", "space_booking", "binh", BOTH, {"last_on": "2020-01-01"}),
    Case("POST /v1/space-bookings/{}/release", "spare_space_booking", "binh", BOTH, {}),
    Case("GET /v1/space-offers/{}/lease", "leased_offer", "coordinator", OUTSIDER),
    Case("PUT /v1/space-offers/{}/lease", "leased_offer", "coordinator", OUTSIDER, {"rent_month_minor": 1}),
    Case("PUT /v1/space-offers/{}/counts", "leased_offer", "coordinator", OUTSIDER, COUNTED),
    Case("GET /v1/space-splits/{}", "space_split", "coordinator", OUTSIDER),
    Case("GET /v1/space-splits/{}/certificate", "space_split", "coordinator", OUTSIDER),
    Case("POST /v1/space-splits/{}/withdraw", "space_split", "coordinator", OUTSIDER),
    Case("GET /v1/space-replans/{}", "space_replan", "coordinator", OUTSIDER),
    Case("POST /v1/space-replans/{}/apply", "space_replan", "coordinator", OUTSIDER),
    Case("POST /v1/tours/{}/corrections", "tour", "coordinator", OUTSIDER, CORRECTION),
    Case("POST /v1/tours/{}/cancel", "tour", "coordinator", OUTSIDER, {"reason": "Nobody drives it"}),
]
FIELDS = [
    ("POST /v1/keys", "member", "binh", BOTH, "member_id"),
    ("POST /v1/users/invitations", "member", "binh", BOTH, "member_id"),
    ("POST /v1/sites", "member", "coordinator", OUTSIDER, "member_id"),
    ("POST /v1/shipments", "site", "binh", ("an",), "delivery.site_id"),
    ("POST /v1/shipments", "site", "binh", ("an",), "hub_site_id"),
    ("POST /v1/vehicle-types", "hub", "coordinator", OUTSIDER, "start_site_id"),
]
"""Operations whose body names a thing: which field, and whose thing."""


def by_key(described: Any) -> bool:
    """Not those on one's own account, nor those open to whoever holds a secret of their own."""
    return any("api_key" in way for way in described.get("security", [{"api_key": []}]))


LISTS = (
    "members",
    "keys",
    "sites",
    "addresses",
    "shipments",
    "plans",
    "pool-windows",
    "overview",
    "me",
    *("users", "users/invitations"),
    *("kpis", "cluster-settings"),
    *("contacts", "consents", "agreements", "agreement-acceptances", "cluster", "cluster/changes"),
)


def caller(neighbours: Neighbours, name: str) -> Caller:
    """Whoever has that name."""
    return neighbours.stranger if name == "stranger" else getattr(neighbours.world, name)


def named(neighbours: Neighbours, body: Any) -> Any:
    """A body in which ``the_touredshipment``, which has the form of an identifier, stands for that thing's."""
    things = {f"the_{name.replace('_', '')}": thing for name, thing in neighbours.things.items()}
    if isinstance(body, dict):
        return {field: named(neighbours, value) for field, value in body.items()}
    if isinstance(body, list):
        return [named(neighbours, entry) for entry in body]
    return things.get(body, body) if isinstance(body, str) else body


def nobodys(thing: str) -> str:
    """An identifier of the same kind that names nothing."""
    return ids.show(thing.partition("_")[0], ids.new())


def without_request_id(body: Any) -> Any:
    """A refusal but for what differs every time."""
    return {name: value for name, value in body.items() if name != "request_id"}


def body_with(neighbours: Neighbours, operation: str, field: str, thing: str) -> Any:
    """A good body of an operation that names a thing."""
    world = neighbours.world
    if operation.endswith("/users/invitations"):
        return {"email": "new@binh.example", "role": "member_user", field: thing}
    if operation.endswith("/keys"):
        return {"name": "k", "role": "member_user", field: thing}
    if operation.endswith("/vehicle-types"):
        return van(world.hub_id, code=ids.show("v", ids.new()), end_site_id=None) | {field: thing}
    if operation.endswith("/sites"):
        site = {"name": "S", "kind": "shop", "address_line1": "x", "country_code": "VN", "lat": 10.8, "lon": 106.6}
        return site | {"code": ids.show("s", ids.new()), field: thing}
    if field == "hub_site_id":
        return world.delivery(hub_site_id=thing)
    return world.delivery(delivery={"site_id": thing})


async def test_the_matrix_has_every_operation_that_names_a_thing(neighbours: Neighbours) -> None:
    paths = (await neighbours.world.client.get("/schema/openapi.json")).json()["paths"]
    there = {
        f"{method.upper()} {re.sub('{[^}]*}', '{}', path)}"
        for path, operations in paths.items()
        for method in operations
        if "_id}" in path and by_key(operations[method])
    }
    assert there == {case.operation.partition("?")[0] for case in MATRIX}


@pytest.mark.parametrize("case", MATRIX, ids=lambda case: f"{case.operation} {case.thing}")
async def test_a_strangers_thing_is_as_unknown_as_one_that_does_not_exist(neighbours: Neighbours, case: Case) -> None:
    method, _, path = case.operation.partition(" ")
    *of, thing = (neighbours.things[name] for name in case.thing.split())
    for rival in case.rivals:
        asker = caller(neighbours, rival)
        theirs = await asker.send(method, path.format(*of, thing), case.body)
        missing = await asker.send(method, path.format(*of, nobodys(thing)), case.body)
        assert (theirs.status_code, missing.status_code) == (404, 404), theirs.text
        assert without_request_id(theirs.json()) == without_request_id(missing.json())
        assert theirs.headers.keys() == missing.headers.keys()
    body, any_version = named(neighbours, case.body), {"If-Match": "*"}
    allowed = await caller(neighbours, case.owner).send(method, path.format(*of, thing), body, **any_version)
    assert allowed.is_success or (case.stale is not None and allowed.json()["code"] == case.stale), allowed.text


@pytest.mark.parametrize(("operation", "thing", "owner", "rivals", "field"), FIELDS, ids=str)
async def test_a_body_cannot_name_a_strangers_thing(
    neighbours: Neighbours, operation: str, thing: str, owner: str, rivals: tuple[str, ...], field: str
) -> None:
    method, _, path = operation.partition(" ")
    named = neighbours.things[thing]
    for rival in rivals:
        asker = caller(neighbours, rival)
        theirs = await asker.send(method, path, body_with(neighbours, operation, field, named))
        missing = await asker.send(method, path, body_with(neighbours, operation, field, nobodys(named)))
        assert theirs.status_code == missing.status_code in {404, 422}, theirs.text
        assert without_request_id(theirs.json()) == without_request_id(missing.json())
    if field != "hub_site_id":  # Binh's shop is no hub for Binh either; the hub is
        allowed = await caller(neighbours, owner).send(method, path, body_with(neighbours, operation, field, named))
        assert allowed.is_success, allowed.text


@pytest.mark.parametrize("role", ["member_user", "member_admin"])
@pytest.mark.parametrize("path", LISTS)
async def test_no_list_tells_a_member_of_its_rival(neighbours: Neighbours, role: str, path: str) -> None:
    world = neighbours.world
    key = {"name": "list", "role": role, "member_id": world.an_id}
    asker = Caller(world.client, (await world.an.made("/v1/keys", key))["api_key"])
    answer = await asker.get(
        f"/v1/{path}" + ("" if path in {"overview", "me", "cluster", "kpis", "cluster-settings"} else "?limit=500")
    )
    if role == "member_user" and path in {"keys", "users", "users/invitations"}:
        assert answer.status_code == 403
        return
    assert answer.status_code == 200, answer.text
    for secret in (*SECRETS, *neighbours.binhs):
        assert secret not in answer.text


@pytest.mark.parametrize("path", ["members", "keys", "sites", "shipments"])
async def test_the_same_lists_tell_the_coordinator_of_binh(neighbours: Neighbours, path: str) -> None:
    """Or else the test above would pass whatever the lists held."""
    answer = await neighbours.world.coordinator.get(f"/v1/{path}?limit=500")
    assert any(secret in answer.text for secret in neighbours.binhs)


@pytest.mark.parametrize("path", LISTS)
async def test_no_list_tells_another_clusters_coordinator_anything(neighbours: Neighbours, path: str) -> None:
    answer = await neighbours.stranger.get(f"/v1/{path}")
    if path == "addresses":  # no coordinator has an address book
        assert answer.status_code == 403
        return
    assert answer.status_code == 200
    for secret in (*SECRETS, *neighbours.things.values(), neighbours.world.an_id, "Riverside", "AN-0"):
        assert secret not in answer.text


async def test_a_cursor_or_filter_of_a_rivals_opens_nothing(neighbours: Neighbours) -> None:
    before = ids.show("shp", ids.parse("shp", neighbours.things["shipment"]))
    for query in (f"cursor={before}", f"pool_window_id={neighbours.things['window']}", "status=planned", "limit=500"):
        answer = await neighbours.world.an.get(f"/v1/shipments?{query}")
        assert answer.status_code == 200
        assert not any(secret in answer.text for secret in neighbours.binhs)
    mine = await neighbours.world.an.get(f"/v1/shipments?pool_window_id={neighbours.things['window']}")
    assert "AN-0" in mine.text


@pytest.mark.parametrize("part", ["", "/routes", "/unplanned", "/shares"])
async def test_a_plan_shows_a_member_its_own_part_alone(neighbours: Neighbours, part: str) -> None:
    path = f"/v1/plans/{neighbours.things['plan']}{part}"
    ans = await neighbours.world.an.get(path)
    whole = await neighbours.world.coordinator.get(path)
    assert (ans.status_code, whole.status_code) == (200, 200)
    assert not any(secret in ans.text for secret in (*SECRETS, *neighbours.binhs, "123457"))
    if part:
        assert any(secret in whole.text for secret in neighbours.binhs)


async def test_a_rivals_codes_and_references_are_free_for_everybody(neighbours: Neighbours) -> None:
    """A refusal would tell which of them the rival uses."""
    world = neighbours.world
    site = {"code": "Binh-SITE", "name": "S", "kind": "shop", "address_line1": "x", "country_code": "VN"}
    await world.an.made("/v1/sites", site | {"lat": 10.8, "lon": 106.6})
    booking = world.delivery(client_ref="BINH-0")
    cancelled = (await world.an.made("/v1/shipments", booking))["id"]
    await world.an.made(f"/v1/shipments/{cancelled}/cancel", {})
