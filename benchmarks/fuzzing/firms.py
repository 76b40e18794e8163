"""Good requests about members, keys, places, settings and webhooks."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from benchmarks.fuzzing.world import Good, Json, World, unique
from benchmarks.seeding import ADDRESS, CAPACITY, TARIFF

TEXT = "ab" * 32
SIZE = {
    "figures": {"sector": "any", "employees": 12, "revenue_minor": 300_000_000, "currency": "EUR", "fiscal_year": 2025},
    "document": {"kind": "annual_accounts", "reference": "2025", "dated": "2026-03-31"},
}
BREAKS = {"rule": "own", "breaks": [{"opens_at": "11:30", "closes_at": "13:00", "duration_s": 1_800}]}
PAPER = {"kind": "insurance", "number": "1", "valid_from": "2026-01-01", "valid_until": "2090-01-01"}
CONTACT = {"name": "Ms An", "email": "an@example.com"}


def far_day() -> str:
    """A day on which nothing is planned, as yet."""
    return f"{random.randint(2070, 2088)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def firm(world: World) -> str:
    """A fresh member."""
    return str(world.coordinator.post("/v1/members", {"code": unique(), "name": "Fresh"})["id"])


def suspended(world: World) -> str:
    """A fresh member that is suspended."""
    found = firm(world)
    world.coordinator.post(f"/v1/members/{found}/suspend", {"reason": "other"})
    return found


def left(world: World) -> str:
    """A fresh member that is on its way out from today on."""
    found = firm(world)
    world.coordinator.post(f"/v1/members/{found}/leave", {"effective_on": world.things["today"]})
    return found


def leaving(world: World) -> Good:
    """The neutral side names any member, an admin its own."""
    return Good({"effective_on": "2095-01-01"}, {"member_id": firm(world)} if world.neutral else {})


def invited(world: World) -> Json:
    """A firm's invitation, with its secret."""
    return dict(world.coordinator.post("/v1/members/invitations", {"firm_name": "Applicant"}))


def applying(world: World) -> Json:
    """What a firm sends that has been invited."""
    return {"code": invited(world)["token"], "firm_name": "Applicant", "country_code": "VN", "contact": CONTACT}


def applied(world: World) -> Json:
    """A firm's application."""
    return {"application_id": world.nobody.post("/v1/applications", applying(world))["id"]}


def key(world: World) -> Json:
    """A fresh key of the firm."""
    body = {"name": "spare", "role": "member_user", "member_id": world.member_id}
    return {"key_id": world.manager.post("/v1/keys", body)["id"]}


def agreement(world: World) -> Json:
    """A fresh agreement."""
    body = {"url": f"https://example.com/{unique()}", "text_sha256": TEXT, "effective_from": "2026-01-01T00:00:00Z"}
    return dict(world.coordinator.post("/v1/agreements", body))


def accepting(world: World) -> Good:
    """An agreement that the firm has not seen yet."""
    return Good({"agreement_id": agreement(world)["id"], "text_sha256": TEXT})


def of_member(path: str, name: str, body: Json) -> Callable[[World], Json]:
    """A fresh thing of the firm: its identifier as a path names it."""
    return lambda world: {name: world.admin.post(path.format(world.member_id), body)["id"]}


def consent(world: World) -> Json:
    """A fresh consent, to a fresh partner: one may be given once."""
    return {"purpose": "reveal_contact", "partner_id": firm(world)}


def site(world: World) -> Json:
    """A shop of the firm's, or a hub of the cluster's."""
    kind = "hub" if world.neutral else "shop"
    return {"code": unique(), "name": "Shop", "kind": kind} | ADDRESS


def schedule() -> Json:
    """A window that comes again."""
    return {"label": unique("later-"), "cut_off_cron": "0 16 * * 1-5", "valid_from": "2089-01-01"}


def scheduled(world: World) -> Good:
    """The same at another hour."""
    body = schedule()
    made = world.coordinator.post("/v1/window-schedules", body)
    return Good(body | {"cut_off_cron": "0 15 * * 1-5"}, {"schedule_id": made["id"]})


def closed(world: World) -> Json:
    """A day that is closed."""
    day = far_day()
    world.coordinator.ask("PUT", f"/v1/closed-days/{day}", {"name": "Stocktaking", "closed": True})
    return {"day": day}


def hook(world: World) -> Json:
    """A fresh webhook of whoever asks."""
    asker = world.asker("carrier_key") if world.role == "carrier_key" else world.manager
    made = asker.post("/v1/webhooks", {"url": f"https://hooks.example.com/{unique()}"})
    return {"webhook_id": made["id"]}


def own_site(world: World) -> Json:
    """A site that whoever asks may edit."""
    return {"site_id": world.things["hub" if world.neutral else "sit"][-1]}


def van(world: World) -> Json:
    """A vehicle type."""
    body = {"code": unique(), "name": "Van", "capacity": CAPACITY, "tariff": TARIFF}
    return body | {"start_site_id": world.things["hub"][0]}


def carrier(world: World) -> Json:
    """A fresh carrier."""
    body = {"code": unique(), "name": "Vans", "country_code": "VN"}
    return {"carrier_id": world.coordinator.post("/v1/carriers", body)["id"]}


def paper(world: World) -> Json:
    """A fresh paper of it."""
    found = carrier(world)
    made = world.coordinator.post(f"/v1/carriers/{found['carrier_id']}/papers", PAPER)
    return found | {"paper_id": made["id"]}


def bill(world: World) -> Json:
    """A carrier's invoice for the tour that is driven."""
    line = {"tour_id": world.things["tor"][0], "kind": "toll", "amount_minor": 1}
    head = {"number": unique(), "issued_on": "2026-11-30", "currency": "VND", "total_minor": 1}
    return head | {"lines": [line]}


def billed(world: World) -> Json:
    """A fresh one."""
    path = f"/v1/carriers/{carrier(world)['carrier_id']}/invoices"
    return {"invoice_id": world.coordinator.post(path, bill(world))["id"]}


def bill_file(world: World, path: Json) -> Good:
    """The same as a file of its line."""
    lines = f"tour,kind,amount_minor\n{world.things['tor'][0]},toll,1\n".encode()
    return Good(lines, path, query={"number": unique(), "issued_on": "2026-11-30"}, media_type="text/csv")


def own_bill(world: World) -> Json:
    """The same, sent by the carrier that asks."""
    return {"invoice_id": world.asker("carrier_key").post("/v1/carrier/invoices", bill(world))["id"]}


def disputed(world: World) -> Json:
    """The same, disputed."""
    found = own_bill(world)
    body = {"reasons": ["not_in_tariff"], "note": "No toll"}
    world.coordinator.post(f"/v1/carrier-invoices/{found['invoice_id']}/dispute", body)
    return found


def days(first: int = 0, last: int = 30) -> Json:
    """Days that are still to come, wherever the cluster is."""
    today = datetime.now(UTC).date() + timedelta(days=1)
    return {"first_on": str(today + timedelta(days=first)), "last_on": str(today + timedelta(days=last))}


def hall(world: World) -> Json:
    """Space that whoever asks may offer."""
    site = world.things["hub" if world.neutral else "sit"][-1]
    return {"site_id": site, "zone": unique(), "units": 100_000} | days()


def stay(offer_id: str) -> Json:
    """A day in a certain offer."""
    return {"units": 1, "earliest_on": days(3)["first_on"], "days": 1, "offer_id": offer_id}


def offered(world: World) -> Json:
    """Fresh space of whoever asks."""
    return {"offer_id": world.manager.post("/v1/space-offers", hall(world))["id"]}


def counted(world: World) -> Json:
    """Space of whoever asks in which something may have stood."""
    return {"offer_id": world.manager.post("/v1/space-offers", hall(world) | days(-40))["id"]}


def stored(world: World) -> Json:
    """The firm's booking in fresh space."""
    space = world.admin.post("/v1/space-offers", hall(world) | {"site_id": world.things["sit"][-1]})["id"]
    return {"booking_id": world.admin.post("/v1/space-bookings", stay(space))["id"]}


def replanned(world: World) -> Json:
    """A fresh re-plan of space that is not in use."""
    return {"replan_id": world.coordinator.post("/v1/space-replans", {"unit": "square_metre", "seconds": 1})["id"]}


LEASE = {"rent_month_minor": 9_000, "running_month_minor": 10, "overflow_milli": 5_000, "relet_milli": 1_000}


def leased(world: World) -> Json:
    """Fresh space that the cluster rents together, from a month ago on."""
    body = hall(world) | {"site_id": world.things["hub"][0]} | days(-40)
    offer_id = world.coordinator.post("/v1/space-offers", body)["id"]
    lease = LEASE | {"commitments": [{"member_id": world.member_id, "units": 3}]}
    world.coordinator.ask("PUT", f"/v1/space-offers/{offer_id}/lease", lease)
    return {"offer_id": offer_id}


def period(world: World) -> Json:
    """Some days of it that are over."""
    return leased(world) | days(-30, -20) | {"rent_minor": 90, "running_minor": 9}


def split(world: World) -> Json:
    """The same, split."""
    return {"split_id": world.coordinator.post("/v1/space-splits", period(world))["id"]}


FIRMS: dict[str, Callable[[World], Good]] = {
    "admit_member": lambda _: Good({"code": unique(), "name": "Fresh"}),
    "issue_key": lambda w: Good({"name": "k", "role": "member_user", "member_id": w.member_id}),
    "revoke_key": lambda w: Good(path=key(w)),
    "rotate_key": lambda w: Good({"overlap_s": 60}, key(w)),
    "accept_agreement": accepting,
    "publish_agreement": lambda _: Good(
        {"url": f"https://example.com/{unique()}", "text_sha256": TEXT, "effective_from": "2026-01-01T00:00:00Z"}
    ),
    "get_settings_section": lambda _: Good(path={"section": "map"}),
    "list_settings_versions": lambda _: Good(path={"section": "map"}),
    "settle_section": lambda _: Good({"map": {"zoom": 12}}, {"section": "map"}),
    "apply": lambda w: Good(applying(w)),
    "application_terms": lambda w: Good({"code": invited(w)["token"]}),
    "get_application": lambda w: Good(path=applied(w)),
    "approve_application": lambda w: Good({"code": unique()}, applied(w)),
    "reject_application": lambda w: Good({"reason": "other"}, applied(w)),
    "revoke_invitation": lambda w: Good(path={"invitation_id": invited(w)["id"]}),
    "add_contact": lambda _: Good(CONTACT),
    "delete_contact": lambda w: Good(path=of_member("/v1/contacts", "contact_id", CONTACT)(w)),
    "give_consent": lambda w: Good(consent(w)),
    "revoke_consent": lambda w: Good(path={"consent_id": w.admin.post("/v1/consents", consent(w))["id"]}),
    "review_size_evidence": lambda w: Good(
        {"accept": True}, of_member("/v1/members/{}/size-evidence", "evidence_id", SIZE)(w)
    ),
    "submit_size_evidence": lambda _: Good(SIZE),
    "request_erasure": lambda _: Good({"subject": "consignees", "older_than_days": 3000}),
    "complete_departure": lambda w: Good(path={"member_id": left(w)}),
    "leave_cluster": leaving,
    "reinstate_member": lambda w: Good(path={"member_id": suspended(w)}),
    "suspend_member": lambda w: Good({"reason": "other"}, {"member_id": firm(w)}),
    "add_site": lambda w: Good(site(w)),
    "get_site": lambda w: Good(path=own_site(w)),
    "get_site_access": lambda w: Good(path=own_site(w)),
    "edit_site": lambda w: Good({"name": "Another name"}, own_site(w)),
    "add_address": lambda _: Good({"name": "Ms Hoa", "code": unique()} | ADDRESS),
    "edit_address": lambda _: Good({"service_s": 600}),
    "delete_address": lambda w: Good(path=of_member("/v1/addresses", "address_id", {"name": "Mr Tam"} | ADDRESS)(w)),
    "list_subdivisions": lambda _: Good(query={"country_code": "VN"}),
    "add_vehicle_type": lambda w: Good(van(w)),
    "add_carrier": lambda _: Good({"code": unique(), "name": "Vans", "country_code": "VN"}),
    "change_carrier": lambda w: Good({"status": "suspended"}, carrier(w)),
    "add_carrier_paper": lambda w: Good(PAPER, carrier(w)),
    "withdraw_carrier_paper": lambda w: Good(path=paper(w)),
    "issue_carrier_key": lambda w: Good({"name": "desk"}, carrier(w)),
    "set_driver_breaks": lambda w: Good({"driver_breaks": BREAKS}, {"vehicle_type_id": w.things["vht"][-1]}),
    "give_vehicles": lambda w: Good(carrier(w), {"vehicle_type_id": w.things["vht"][-1]}),
    "send_invoice": lambda w: Good(bill(w)),
    "get_own_invoice": lambda w: Good(path=own_bill(w)),
    "answer_dispute": lambda w: Good({"answer": "accept"}, disputed(w)),
    "enter_carrier_invoice": lambda w: Good(bill(w), carrier(w)),
    "get_carrier_invoice": lambda w: Good(path=billed(w)),
    "audit_carrier_invoice": lambda w: Good({"tolerance_minor": 1}, billed(w)),
    "accept_carrier_invoice": lambda w: Good({"note": "fine"}, billed(w)),
    "dispute_carrier_invoice": lambda w: Good({"reasons": ["not_in_tariff"], "note": "No toll"}, billed(w)),
    "reject_carrier_invoice": lambda w: Good({"note": "No toll"}, billed(w)),
    "enter_carrier_invoice_file": lambda w: bill_file(w, carrier(w)),
    "send_invoice_file": lambda w: bill_file(w, {}),
    "settle_tariff_file": lambda _: Good(b"part,amount_minor\nkm,9\n", media_type="text/csv"),
    "add_window_schedule": lambda _: Good(schedule()),
    "change_window_schedule": scheduled,
    "close_day": lambda _: Good({"name": "Stocktaking", "closed": True}, {"day": far_day()}),
    "forget_closed_day": lambda w: Good(path=closed(w)),
    "set_sign_in_rules": lambda _: Good({"coordinators_need_factor": False}),
    "get_report": lambda _: Good(path={"file": "kpis.csv"}),
    "offer_space": lambda w: Good(hall(w)),
    "get_space_offer": lambda w: Good(path=offered(w)),
    "withdraw_space_offer": lambda w: Good(path=offered(w)),
    "get_space_calendar": lambda w: Good(path=offered(w), query=days()),
    "search_space": lambda w: Good(stay(offered(w)["offer_id"])),
    "book_space": lambda w: Good(stay(offered(w)["offer_id"])),
    "get_space_booking": lambda w: Good(path=stored(w)),
    "extend_space": lambda w: Good({"last_on": days(4)["first_on"]}, stored(w)),
    "release_space": lambda w: Good({}, stored(w)),
    "settle_space_lease": lambda w: Good(LEASE, leased(w)),
    "get_space_lease": lambda w: Good(path=leased(w)),
    "count_space": lambda w: Good({"day": days(-3)["first_on"], "counts": []}, counted(w)),
    "split_space": lambda w: Good(period(w)),
    "get_space_split": lambda w: Good(path=split(w)),
    "get_space_certificate": lambda w: Good(path=split(w)),
    "withdraw_space_split": lambda w: Good(path=split(w)),
    "replan_space": lambda _: Good({"unit": "square_metre", "seconds": 1}),
    "get_space_replan": lambda w: Good(path=replanned(w)),
    "apply_space_replan": lambda w: Good(path=replanned(w)),
    "add_webhook": lambda _: Good({"url": f"https://hooks.example.com/{unique()}"}),
    **{
        name: (lambda w: Good(path=hook(w)))
        for name in ("get_webhook", "delete_webhook", "ping_webhook", "list_webhook_deliveries")
    },
    "change_webhook": lambda w: Good({"description": "changed"}, hook(w)),
    "rotate_webhook_secret": lambda w: Good({}, hook(w)),
    "replay_webhook": lambda w: Good({"since": "2026-01-01T00:00:00Z"}, hook(w)),
}
"""How each operation is asked well, by its name; others need nothing beside the document's examples."""
