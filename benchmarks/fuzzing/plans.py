"""Good requests about plans, drafts, tours, links and what happens on the road."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.fuzzing.goods import window
from benchmarks.fuzzing.world import Good, Json, World

SIGNATURE = b"M10 20L30 40"
VISIT_PARTS = ("shipment_id", "action")


def asked_for(world: World) -> Json:
    """A plan that waits for a worker, and there is none."""
    opened = window(world)["pool_window_id"]
    return {"plan_id": world.coordinator.post(f"/v1/pool-windows/{opened}/plans", {"seconds": 1})["id"]}


def candidate(world: World) -> Json:
    """A solved plan of a colleague's that nobody has published."""
    return {"plan_id": world.things["candidate"]}


def revised(world: World) -> Json:
    """A copy of it."""
    return {"plan_id": world.coordinator.post(f"/v1/plans/{world.things['candidate']}/revise")["id"]}


def draft(world: World) -> Json:
    """A fresh draft of it, to be edited."""
    return {"plan_id": world.coordinator.post(f"/v1/plans/{world.things['candidate']}/draft")["id"]}


def edited(world: World, *steps: str) -> Json:
    """A fresh draft after an edit, and what comes then."""
    found = draft(world)
    world.coordinator.post(f"/v1/plans/{found['plan_id']}/edits", EDIT)
    for step in steps:
        world.coordinator.post(f"/v1/plans/{found['plan_id']}/{step}")
    return found


def publishable(world: World) -> Json:
    """A solved plan of a day of its own, to which a colleague agrees."""
    plan_id = world.things["publishable"]
    world.colleague.post(f"/v1/plans/{plan_id}/approve", {})
    return {"plan_id": plan_id}


def tour(world: World) -> Json:
    """A tour that is driven."""
    return {"tour_id": world.things["tor"][0]}


def tendered(world: World, *answers: Json, **terms: str) -> Json:
    """A fresh tender of a tour that nobody drives, its offer to the carrier that asks, and what it says first."""
    tour_id = world.things["tendered"]
    for status in ("open", "deciding"):
        for entry in world.coordinator.get(f"/v1/tenders?tour_id={tour_id}&status={status}")["data"]:
            world.coordinator.post(f"/v1/tenders/{entry['id']}/withdraw")
    asked = world.asker("carrier_key")
    body = {"mode": "broadcast", "carriers": [asked.get("/v1/carrier/me")["id"]], "dispatches": False}
    made = world.coordinator.post(f"/v1/tours/{tour_id}/tenders", body | terms)
    offer_id = made["offers"][0]["id"]
    for answer in answers:
        asked.post(f"/v1/carrier/offers/{offer_id}/counter", answer)
    return {"tender_id": made["id"], "offer_id": offer_id}


def to_tender(world: World) -> Good:
    """A tour that is not tendered, to be tendered."""
    world.coordinator.post(f"/v1/tenders/{tendered(world)['tender_id']}/withdraw")
    return Good({"mode": "broadcast", "dispatches": False}, {"tour_id": world.things["tendered"]})


def decided(world: World) -> Good:
    """A tender that waits for the coordinator."""
    found = tendered(world, {"price_minor": 1}, award="choice")
    return Good({"offer_id": found["offer_id"]}, found)


def asked_again(world: World) -> Json:
    """A fresh amendment of a tour that the carrier was awarded."""
    plan_id = world.things["amending"]
    for entry in world.coordinator.get(f"/v1/amendments?plan_id={plan_id}")["data"]:
        if entry["status"] in {"open", "accepted", "imposed"}:
            world.coordinator.post(f"/v1/amendments/{entry['id']}/withdraw")
    asked = world.coordinator.post(f"/v1/plans/{plan_id}/amendments", {})["data"]
    return {"plan_id": plan_id, "amendment_id": asked[-1]["id"]}


def link(world: World) -> Json:
    """A fresh link for its driver."""
    made = world.coordinator.post(f"/v1/tours/{world.things['tor'][0]}/driver-link", {})
    return tour(world) | {"link_id": made["id"]}


def tracked(world: World) -> Json:
    """The firm's shipment on that tour."""
    return {"shipment_id": world.things["toured"]}


def tracking(world: World) -> Json:
    """A fresh link for whoever waits for it."""
    made = world.admin.post(f"/v1/shipments/{world.things['toured']}/tracking-link", {})
    return tracked(world) | {"link_id": made["id"], "token": made["token"]}


def seen() -> Json:
    """Where the vehicle is."""
    event = {"event_key": str(uuid.uuid4()), "kind": "position", "at": now(), "lat": 10.8, "lon": 106.6}
    return {"events": [event]}


def now() -> str:
    """By the driver's clock."""
    return datetime.now(UTC).isoformat()


def proof(world: World) -> Good:
    """A signature under the delivery."""
    query = {"event_key": str(uuid.uuid4()), "shipment_id": world.things["toured"], "action": "delivery"}
    query |= {"kind": "signature", "taken_at": now(), "signer_name": "Somebody"}
    return Good(SIGNATURE, {"token": world.things["driver"]}, query, media_type="text/plain")


def seen_on_tour(world: World) -> Json:
    """A carrier reports where the vehicle of its tour is."""
    return {"events": [event | tour(world) for event in seen()["events"]]}


def told_by_others(_: World) -> Json:
    """A carrier reports in another system's codes."""
    return {"format": "karrio", "events": [{"reference": str(uuid.uuid4()), "code": "delivered", "at": now()}]}


EDIT = {"kind": "reverse", "route_no": 1}
ON_TOUR = ("get_tour", "list_driver_links", "list_tour_events", "get_loading_plan", "get_manifest", "get_waybills",
           "print_tour_labels")  # fmt: skip
CARRIED = ("get_my_tour", "get_my_manifest", "get_my_waybills", "get_my_loading_plan", "print_my_labels")
ON_SHIPMENT = ("list_proofs", "list_tracking_events", "list_tracking_links", "print_shipment_labels")
PLANS: dict[str, Callable[[World], Good]] = {
    "start_plan": lambda w: Good({"seconds": 1}, window(w)),
    "abort_plan": lambda w: Good(path=asked_for(w)),
    "stop_plan": lambda w: Good(path=asked_for(w)),
    "approve_plan": lambda w: Good({}, candidate(w)),
    "revise_plan": lambda w: Good(path=candidate(w)),
    "discard_plan": lambda w: Good(path=revised(w)),
    "publish_plan": lambda w: Good(path=publishable(w)),
    "compare_plans": lambda w: Good(query={"plan_ids": ",".join(w.things["plan"][1:3])}),
    "view_as_member": lambda w: Good(path={"member_id": w.member_id}),
    "explain_shipment": lambda w: Good(path=tracked(w)),
    "list_alternatives": lambda w: Good(path=draft(w), query={"shipment_id": w.things["carried"]}),
    "draft_plan": lambda w: Good(path=candidate(w)),
    "get_draft": lambda w: Good(path=draft(w)),
    "edit_plan": lambda w: Good(EDIT, draft(w)),
    "undo_edit": lambda w: Good(path=edited(w)),
    "redo_edit": lambda w: Good(path=edited(w, "undo")),
    "finish_draft": lambda w: Good(path=edited(w)),
    "reoptimise_draft": lambda w: Good({"seconds": 1}, draft(w)),
    "dispatch_plan": lambda _: Good({}),
    "replan": lambda _: Good({"seconds": 1}),
    **{name: (lambda w: Good(path=tour(w))) for name in ON_TOUR},
    "release_tour": lambda w: Good(path=tour(w)),
    "edit_tour": lambda w: Good({"vehicle": "51D-1"}, tour(w)),
    "issue_driver_link": lambda w: Good({}, tour(w)),
    "revoke_driver_link": lambda w: Good(path=link(w)),
    "report_tour": lambda w: Good(seen(), tour(w)),
    "correct_visit": lambda w: Good(
        {"shipment_id": w.things["toured"], "action": "delivery", "outcome": "done", "note": "It was handed over"},
        tour(w),
    ),
    "tender_tour": to_tender,
    "get_tender": lambda w: Good(path=tendered(w)),
    "withdraw_tender": lambda w: Good(path=tendered(w)),
    "award_tender": decided,
    "get_offer": lambda w: Good(path=tendered(w)),
    "accept_offer": lambda w: Good({}, tendered(w)),
    "counter_offer": lambda w: Good({"price_minor": 1}, tendered(w, award="choice")),
    "decline_offer": lambda w: Good({"reason": "other"}, tendered(w)),
    "ask_amendments": lambda w: Good({}, {"plan_id": asked_again(w)["plan_id"]}),
    "impose_amendments": lambda w: Good({"reason": "Flood"}, {"plan_id": asked_again(w)["plan_id"]}),
    **{name: (lambda w: Good(path=asked_again(w))) for name in ("get_amendment", "withdraw_amendment")},
    "get_my_amendment": lambda w: Good(path=asked_again(w)),
    "accept_amendment": lambda w: Good({}, asked_again(w)),
    "decline_amendment": lambda w: Good({"reason": "other"}, asked_again(w)),
    "cancel_tour": lambda w: Good({"reason": "Nobody drives it"}, {"tour_id": w.things["tor"][1]}),
    **{name: (lambda w: Good(path=tracked(w))) for name in ON_SHIPMENT},
    "issue_tracking_link": lambda w: Good({}, tracked(w)),
    "revoke_tracking_link": lambda w: Good(path=tracking(w)),
    "get_proof_content": lambda w: Good(path={"proof_id": w.things["pod"][0]}),
    "driver_tour": lambda w: Good(path={"token": w.things["driver"]}),
    "driver_waybills": lambda w: Good(path={"token": w.things["driver"]}),
    "driver_events": lambda w: Good(seen(), {"token": w.things["driver"]}),
    "driver_proof": proof,
    **{name: (lambda w: Good(path=tour(w))) for name in CARRIED},
    "report_my_tour": lambda w: Good(seen(), tour(w)),
    "report_my_tours": lambda w: Good(seen_on_tour(w)),
    "report_foreign_events": lambda w: Good(told_by_others(w)),
    "list_foreign_codes": lambda _: Good(query={"format": "karrio"}),
    "prove_my_visit": lambda w: Good(SIGNATURE, tour(w), proof(w).query, media_type="text/plain"),
    "track_shipment": lambda w: Good(path={"token": tracking(w)["token"]}),
    "track_proof": lambda w: Good(path={"token": tracking(w)["token"], "proof_id": w.things["pod"][0]}),
}
"""How each operation is asked well, by its name."""
