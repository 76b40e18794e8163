"""
What codes of other systems stand for: tables, and nothing is guessed that is not in them.

A code that says what a tour does not keep (a label was made, goods lie in a terminal) is known and changes nothing. A
position is kept where the event brings one. Where a system says that a delivery failed and not why, the reason is
``other``, for which nobody is at fault.
"""

from collections.abc import Mapping

from msgspec import Struct

from cluster.dispatch.carrier_models import ForeignCode, ForeignCodes, ForeignFormat, ForeignReason
from cluster.dispatch.event_models import WITH_REASON, Action, EventKind
from cluster.dispatch.reasons import Reason, fits


class Meaning(Struct, frozen=True):
    """What a code says of a tour or of a visit; ``kind`` None: nothing that a tour keeps."""

    kind: EventKind | None = None
    action: Action | None = None
    reason: Reason | None = None


_K, _R = EventKind, Reason
_NOTHING = Meaning()
_ON_ITS_WAY = Meaning(_K.POSITION)
_LEFT_THE_HUB = Meaning(_K.STARTED, Action.DELIVERY)
_PICKED_UP = Meaning(_K.DONE, Action.PICKUP)
_DELIVERED = Meaning(_K.DONE, Action.DELIVERY)
_HELD_UP = Meaning(_K.EXCEPTION, None, _R.OTHER)


def _failed(reason: Reason = Reason.OTHER, action: Action = Action.DELIVERY) -> Meaning:
    return Meaning(EventKind.FAILED, action, reason)


def _partly(action: Action) -> Meaning:
    return Meaning(EventKind.PARTLY, action, Reason.OTHER)


# Karrio 2026.1, modules/core: TrackerStatus.
_KARRIO = {
    "pending": _NOTHING,
    "unknown": _NOTHING,
    "picked_up": _PICKED_UP,
    "in_transit": _ON_ITS_WAY,
    "out_for_delivery": _LEFT_THE_HUB,
    "ready_for_pickup": _NOTHING,
    "delivered": _DELIVERED,
    "delivery_failed": _failed(),
    "delivery_delayed": _HELD_UP,
    "on_hold": _HELD_UP,
    "return_to_sender": _failed(),
    "cancelled": _HELD_UP,
}
# Karrio 2026.1, modules/core: TrackingIncidentReason.
_KARRIO_REASONS = {
    "carrier_damaged_parcel": _R.DAMAGED,
    "carrier_address_not_found": _R.ADDRESS_NOT_FOUND,
    "carrier_not_enough_time": _R.OUT_OF_TIME,
    "carrier_vehicle_issue": _R.VEHICLE_BREAKDOWN,
    "carrier_mechanical_delay": _R.VEHICLE_BREAKDOWN,
    "carrier_sorting_error": _R.OTHER,
    "carrier_parcel_lost": _R.OTHER,
    "carrier_capacity_exceeded": _R.OTHER,
    "retailer_cancelled": _R.OTHER,
    "retailer_incorrect_data": _R.NOT_AS_BOOKED,
    "retailer_not_ready": _R.NOT_READY,
    "retailer_incorrect_parcel": _R.WRONG_GOODS,
    "retailer_incorrect_dimensions": _R.NOT_AS_BOOKED,
    "retailer_packaging_issue": _R.NOT_AS_BOOKED,
    "consignee_refused": _R.REFUSED,
    "consignee_business_closed": _R.CLOSED,
    "consignee_not_available": _R.CONSIGNEE_ABSENT,
    "consignee_not_home": _R.CONSIGNEE_ABSENT,
    "consignee_cancelled": _R.REFUSED,
    "consignee_verification_failed": _R.OTHER,
    "consignee_incorrect_address": _R.ADDRESS_NOT_FOUND,
    "consignee_access_restricted": _R.ACCESS_BLOCKED,
    "consignee_safe_place_unavailable": _R.CONSIGNEE_ABSENT,
    "customs_delay": _R.OTHER,
    "customs_documentation": _R.DOCUMENTS_MISSING,
    "customs_duties_unpaid": _R.NOT_PAID,
    "customs_prohibited": _R.OTHER,
    "customs_inspection": _R.OTHER,
    "weather_delay": _R.WEATHER,
    "natural_disaster": _R.WEATHER,
    "force_majeure": _R.OTHER,
    "parcel_being_researched": _R.OTHER,
    "security_issue": _R.OTHER,
    "regulatory_hold": _R.OTHER,
    "unknown": _R.OTHER,
}
# EasyPost API v2: Tracker.status.
_EASYPOST = {
    "unknown": _NOTHING,
    "pre_transit": _NOTHING,
    "in_transit": _ON_ITS_WAY,
    "out_for_delivery": _LEFT_THE_HUB,
    "available_for_pickup": _NOTHING,
    "delivered": _DELIVERED,
    "return_to_sender": _failed(),
    "failure": _failed(),
    "cancelled": _HELD_UP,
    "error": _NOTHING,
}
# EasyPost API v2: Tracker.status_detail, those that say why.
_EASYPOST_REASONS = {
    "address_correction": _R.ADDRESS_NOT_FOUND,
    "damaged": _R.DAMAGED,
    "delayed": _R.OTHER,
    "delivery_exception": _R.OTHER,
    "expired": _R.OTHER,
    "held": _R.OTHER,
    "lost": _R.OTHER,
    "missorted": _R.OTHER,
    "recipient_unavailable": _R.CONSIGNEE_ABSENT,
    "refused": _R.REFUSED,
    "return": _R.OTHER,
    "unknown": _R.OTHER,
    "weather_delay": _R.WEATHER,
}
# ANSI X12 release 5010, data element 1650 (AT701), as far as it is about goods on a road.
_X12_214 = {
    "XB": _NOTHING,  # shipment acknowledged
    "AG": _NOTHING,  # estimated delivery
    "X2": _NOTHING,  # estimated arrival at consignee
    "X3": Meaning(_K.ARRIVED, Action.PICKUP),
    "L1": _NOTHING,  # loading
    "AM": Meaning(_K.LOADED),
    "CP": Meaning(_K.LOADED),  # completed loading at pick-up
    "AF": _PICKED_UP,  # departed pick-up with shipment
    "P1": _ON_ITS_WAY,  # departed terminal
    "X4": _ON_ITS_WAY,  # arrived at terminal
    "X6": _LEFT_THE_HUB,  # en route to delivery
    "AJ": _NOTHING,  # tendered for delivery
    "AV": _NOTHING,  # available for delivery
    "K1": _NOTHING,  # arrived at customs
    "R1": _NOTHING,  # received from prior carrier
    "J1": _NOTHING,  # delivered to connecting line
    "X1": Meaning(_K.ARRIVED, Action.DELIVERY),
    "X5": Meaning(_K.ARRIVED, Action.DELIVERY),  # arrived at delivery dock
    "X8": Meaning(_K.ARRIVED, Action.PICKUP),  # arrived at pick-up dock
    "D1": _DELIVERED,  # completed unloading at delivery
    "CD": Meaning(_K.LEFT, Action.DELIVERY),
    "PA": _partly(Action.DELIVERY),
    "AH": _failed(),  # attempted delivery
    "AP": _failed(),  # delivery not completed
    "A7": _failed(_R.REFUSED),
    "A9": _failed(_R.DAMAGED),
    "A3": _failed(),  # returned to shipper
    "SD": _HELD_UP,  # delayed
    "CA": _HELD_UP,  # cancelled
}
# ANSI X12 release 5010, data element 1651 (AT702).
_X12_REASONS = {
    "NS": None,  # normal status
    "A1": _R.OUT_OF_TIME,
    "A2": _R.ADDRESS_NOT_FOUND,
    "A5": _R.ADDRESS_NOT_FOUND,
    "AD": _R.RESCHEDULED,
    "AF": _R.ACCIDENT,
    "AG": _R.OTHER,
    "AH": _R.OTHER,
    "AI": _R.VEHICLE_BREAKDOWN,
    "AJ": _R.OTHER,
    "AK": _R.DAMAGED,
    "AL": _R.OTHER,
    "AM": _R.OTHER,
    "AN": _R.CLOSED,
    "AO": _R.WEATHER,
    "AQ": _R.CONSIGNEE_ABSENT,
    "AS": _R.DOCUMENTS_MISSING,
    "AU": _R.OTHER,
    "AW": _R.OUT_OF_TIME,
    "AX": _R.OUT_OF_TIME,
    "AY": _R.OUT_OF_TIME,
    "B1": _R.CLOSED,
    "B4": _R.NOT_PAID,
    "B8": _R.ACCESS_BLOCKED,
    "BC": _R.DOCUMENTS_MISSING,
    "BE": _R.TRAFFIC,
    "BG": _R.OTHER,
    "BH": _R.OUT_OF_TIME,
    "BQ": _R.NOT_AS_BOOKED,
    "BS": _R.REFUSED,
    "C3": _R.RESCHEDULED,
    "C4": _R.CLOSED,
    "C9": _R.NOT_PAID,
    "D1": _R.OTHER,
    "D2": _R.OTHER,
}
# Open Trip Model 5: actionType and result of an action, joined by a dot; status of a transport order.
_OTM = {
    "draft": _NOTHING,
    "requested": _NOTHING,
    "accepted": _NOTHING,
    "confirmed": _NOTHING,
    "inTransit": _ON_ITS_WAY,
    "completed": _DELIVERED,
    "modified": _NOTHING,
    "cancelled": _HELD_UP,
    "load.succeeded": _PICKED_UP,
    "load.partiallySucceeded": _partly(Action.PICKUP),
    "load.failed": _failed(action=Action.PICKUP),
    "load.cancelled": _HELD_UP,
    "unload.succeeded": _DELIVERED,
    "unload.partiallySucceeded": _partly(Action.DELIVERY),
    "unload.failed": _failed(),
    "unload.cancelled": _HELD_UP,
    "handOver.succeeded": _NOTHING,
}
# Open Trip Model 5: reasons of a result.
_OTM_REASONS = {
    "damage": _R.DAMAGED,
    "deliveredElsewhere": _R.OTHER,
    "deliveredToWrongReceiver": _R.OTHER,
    "inaccessibleAddress": _R.ACCESS_BLOCKED,
    "incomplete": _R.INCOMPLETE,
    "invalidAddress": _R.ADDRESS_NOT_FOUND,
    "invalidShippingLabel": _R.OTHER,
    "receiverAbsent": _R.CONSIGNEE_ABSENT,
    "rejectedByReceiver": _R.REFUSED,
    "other": _R.OTHER,
}
# Giao Hang Nhanh, public API v2: order status.
_GHN = {
    "ready_to_pick": _NOTHING,
    "picking": _NOTHING,
    "money_collect_picking": _NOTHING,
    "picked": _PICKED_UP,
    "storing": _ON_ITS_WAY,
    "transporting": _ON_ITS_WAY,
    "sorting": _ON_ITS_WAY,
    "delivering": _LEFT_THE_HUB,
    "money_collect_delivering": _NOTHING,
    "delivered": _DELIVERED,
    "delivery_fail": _failed(),
    "waiting_to_return": _failed(),
    "return": _failed(),
    "return_transporting": _NOTHING,
    "return_sorting": _NOTHING,
    "returning": _NOTHING,
    "return_fail": _NOTHING,
    "returned": _failed(),
    "cancel": _HELD_UP,
    "exception": _HELD_UP,
    "damage": _failed(_R.DAMAGED),
    "lost": _HELD_UP,
}
# Lalamove, API v3: order status.
_LALAMOVE = {
    "ASSIGNING_DRIVER": _NOTHING,
    "ON_GOING": _NOTHING,  # a driver is on the way to the pick-up
    "PICKED_UP": _PICKED_UP,
    "COMPLETED": _DELIVERED,
    "CANCELED": _HELD_UP,
    "REJECTED": _HELD_UP,
    "EXPIRED": _HELD_UP,
}
CODES: Mapping[ForeignFormat, Mapping[str, Meaning]] = {
    ForeignFormat.KARRIO: _KARRIO,
    ForeignFormat.EASYPOST: _EASYPOST,
    ForeignFormat.X12_214: _X12_214,
    ForeignFormat.OTM: _OTM,
    ForeignFormat.GHN: _GHN,
    ForeignFormat.LALAMOVE: _LALAMOVE,
}
REASONS: Mapping[ForeignFormat, Mapping[str, Reason | None]] = {
    ForeignFormat.KARRIO: _KARRIO_REASONS,
    ForeignFormat.EASYPOST: _EASYPOST_REASONS,
    ForeignFormat.X12_214: _X12_REASONS,
    ForeignFormat.OTM: _OTM_REASONS,
    ForeignFormat.GHN: {},
    ForeignFormat.LALAMOVE: {},
}
"""None: a reason that says that there is none."""


def meaning_of(system: ForeignFormat, code: str, reason: str | None) -> Meaning | None:
    """What a code means, with the reason that came with it; None where one of them is not known."""
    meaning = CODES[system].get(code)
    reasons = REASONS[system]
    if meaning is None or (reason is not None and reason not in reasons):
        return None
    given = None if reason is None else reasons[reason]
    if meaning.kind not in WITH_REASON:
        return Meaning(meaning.kind, meaning.action)
    told = given if meaning.reason in (None, Reason.OTHER) and given is not None else meaning.reason
    return Meaning(meaning.kind, meaning.action, told if _can_be(meaning, told) else Reason.OTHER)


def _can_be(meaning: Meaning, reason: Reason | None) -> bool:
    """Whether a visit, or what holds one up, can have this reason here; theirs say more of some things than ours."""
    if reason is None:
        return False
    action = None if meaning.kind is EventKind.EXCEPTION or meaning.action is None else meaning.action.value
    return fits(reason, action, partly=meaning.kind is EventKind.PARTLY)


def codes_of(system: ForeignFormat) -> ForeignCodes:
    """The table of a system."""
    return ForeignCodes(
        format=system,
        codes=[
            ForeignCode(code=code, kind=meaning.kind, action=meaning.action, reason=meaning.reason)
            for code, meaning in CODES[system].items()
        ],
        reasons=[
            ForeignReason(code=code, reason=reason) for code, reason in REASONS[system].items() if reason is not None
        ],
    )
