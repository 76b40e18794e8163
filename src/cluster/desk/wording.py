"""
What explains a plan in plain words: a code with its values, and the English sentence that they make.

A code never changes its meaning; whoever speaks another language has a sentence of its own for each.
"""

from datetime import timedelta

from cluster.base.money import money
from cluster.desk.why_models import BoundBy, Said

GRAMS_A_KG, CM3_A_M3, METRES_A_KM, SECONDS_A_MINUTE = 1_000, 1_000_000, 1_000, 60

Value = int | float | str


def said(code: str, text: str, **values: Value | None) -> Said:
    """A statement; values that are None are not there."""
    return Said(code=code, values={name: value for name, value in values.items() if value is not None}, text=text)


def amount(minor: int, currency: str) -> str:
    """Money as a sentence has it."""
    shown = money(minor, currency)
    return f"{shown.amount} {shown.currency}"


def quantity(value: int, unit: str) -> str:
    """A count with its unit, in the unit that people use."""
    if unit == "weight_g":
        return f"{value / GRAMS_A_KG:g} kg"
    if unit == "volume_cm3":
        return f"{value / CM3_A_M3:g} m³"
    if unit == "m":
        return f"{value / METRES_A_KM:g} km"
    if unit == "s":
        return f"{max(1, round(value / SECONDS_A_MINUTE))} min"
    nouns = {"pallet_places": "pallet place", "stops": "stop", "vehicles": "vehicle", "skills": "skill"}
    noun = nouns.get(unit, unit)
    return f"{value} {noun}" + ("s" if value != 1 and unit in nouns else "")


def clock(seconds: int) -> str:
    """Seconds as hours and minutes."""
    whole = timedelta(seconds=seconds) // timedelta(minutes=1)
    return f"{whole // 60}:{whole % 60:02d} h"


REASONS = {
    "outside_option_cheaper": "moving it outside of the pool is cheaper",
    "capacity_constraint": "there is no room for it",
    "time_window_constraint": "it cannot be there in time",
    "skill_constraint": "the vehicle lacks what the goods require",
    "reachable_constraint": "no way leads there",
    "hub_constraint": "the vehicle does not start (or end) where the goods are",
    "max_distance_constraint": "the route would be too long",
    "max_duration_constraint": "the route would take too long",
    "max_stops_constraint": "the route has as many stops as it may",
    "load_constraint": "its units do not fit into the hold",
    "release_constraint": "its goods are not ready in time",
    "break_constraint": "the driver's break stands in the way",
    "apart_constraint": "it must not ride with what is on board",
    "lock_constraint": "the route is locked",
    "shift_constraint": "the shift is too short",
    "fleet_exhausted": "no vehicle is free",
    "no_reason_found": "nothing does: the search ended before it took this up",
}
"""What stands in the way, as the end of a sentence."""

CURES = {
    "capacity_constraint": "room for {amount} more",
    "time_window_constraint": "a time window {amount} wider",
    "skill_constraint": "a vehicle with what it requires, or a shipment that requires less",
    "reachable_constraint": "a way there in the road network",
    "hub_constraint": "its goods brought to where this vehicle starts (or ends)",
    "max_distance_constraint": "a route {amount} longer allowed",
    "max_duration_constraint": "a route {amount} longer allowed",
    "max_stops_constraint": "{amount} more allowed on the route",
    "load_constraint": "a larger hold, or units that leave more room in it",
    "release_constraint": "its goods ready earlier",
    "break_constraint": "the driver's break at another time",
    "apart_constraint": "leave to ride with what it is kept apart from",
    "lock_constraint": "the lock opened",
    "shift_constraint": "a shift that is {amount} longer",
    "fleet_exhausted": "one more such vehicle",
}
"""What would lift a constraint, by its reason."""


def cure(reason: str, count: int, unit: str, vehicle: str, more_minor: int | None, currency: str) -> Said:
    """What would lift a constraint on a vehicle, and what the plan would then cost more."""
    what = CURES.get(reason, "another rule").format(amount=quantity(count, unit) if count else "somewhat")
    price = "" if more_minor is None else f": {_dearer(more_minor, currency)}"
    return said(
        f"lift_{reason}",
        f"{vehicle}: {what}{price}.",
        vehicle=vehicle,
        amount=count,
        unit=unit,
        more_minor=more_minor,
    )


def _dearer(minor: int, currency: str) -> str:
    """A difference in cost as people say it."""
    if minor == 0:
        return "the plan would cost the same"
    return f"the plan would cost {amount(abs(minor), currency)} {'more' if minor > 0 else 'less'}"


def served(vehicle: str, others: int, now_minor: int | None, currency: str) -> Said:
    """Who serves a shipment, and what that adds."""
    if now_minor is None:
        text = f"{vehicle} serves it; the rest of the route cannot be driven without it."
        return said("served_needed", text, vehicle=vehicle)
    if not others:
        text = f"{vehicle} serves it alone: without it the plan would cost {amount(now_minor, currency)} less."
        return said("served_alone", text, vehicle=vehicle, now_minor=now_minor)
    with_others = "1 other" if others == 1 else f"{others} others"
    text = (
        f"{vehicle} serves it with {with_others}: without it the route would cost {amount(now_minor, currency)} less."
    )
    return said("served", text, vehicle=vehicle, others=others, now_minor=now_minor)


def unserved(reason: str) -> Said:
    """Why nobody serves a shipment."""
    return said("unserved", f"No route serves it: {REASONS.get(reason, reason)}.", reason=reason)


def not_yet() -> Said:
    """A draft does not carry a shipment: it was taken off, or booked since."""
    return said("not_yet", "No route of this working copy serves it yet.")


def alone(alone_minor: int | None, currency: str) -> Said:
    """What a shipment costs by itself."""
    if alone_minor is None:
        return said("alone_impossible", "No vehicle can serve it, not even by itself.")
    text = f"On a vehicle that does nothing else it would cost {amount(alone_minor, currency)}."
    return said("alone", text, alone_minor=alone_minor)


def outside(outside_minor: int | None, currency: str) -> Said:
    """What a shipment costs outside of the pool."""
    if outside_minor is None:
        return said("outside_none", "It has no outside option: it must be carried.")
    text = f"Outside of the pool it costs {amount(outside_minor, currency)}."
    return said("outside", text, outside_minor=outside_minor)


def next_best(vehicle: str | None, more_minor: int, currency: str) -> Said:
    """The cheapest other way of a shipment that is served."""
    if vehicle is None:
        return said("next_best_outside", f"Outside of the pool {_dearer(more_minor, currency)}.", more_minor=more_minor)
    return said("next_best", f"On {vehicle} {_dearer(more_minor, currency)}.", vehicle=vehicle, more_minor=more_minor)


def admitted(vehicle: str, more_minor: int, currency: str) -> Said:
    """The cheapest way of a shipment that is not served."""
    text = f"It could ride on {vehicle}: {_dearer(more_minor, currency)}."
    return said("could_be_served", text, vehicle=vehicle, more_minor=more_minor)


def no_other() -> Said:
    """Nobody else can take a shipment."""
    return said("no_other_way", "No other vehicle can take it as the plan stands.")


def shut_out(reason: str, count: int) -> Said:
    """How many routes one constraint shuts."""
    routes = "1 route" if count == 1 else f"{count} routes"
    return said("shut_routes", f"{routes} cannot take it: {REASONS.get(reason, reason)}.", reason=reason, count=count)


def component(name: str, minor: int, percent: float, currency: str) -> Said:
    """A part of a plan's cost."""
    text = f"{percent:g} % of the cost, {amount(minor, currency)}, is {COMPONENTS[name]}."
    return said("cost_part", text, component=name, amount_minor=minor, percent=percent)


COMPONENTS = {
    "fixed": "the use of vehicles",
    "distance": "kilometres",
    "time": "hours",
    "stop": "stops",
    "trip": "trips",
    "overtime": "overtime",
    "change": "the price of changes",
    "outside": "outside options of what is not carried",
    "longest": "the length of the longest route",
    "unused": "vehicles that are paid for and not used",
}


def empty_way(empty_m: int, distance_m: int) -> Said:
    """Of the way, what is driven for nothing."""
    percent = round(100 * empty_m / distance_m, 1) if distance_m else 0.0
    text = f"{empty_m / METRES_A_KM:.1f} of {distance_m / METRES_A_KM:.1f} km ({percent:g} %) are driven empty."
    return said("empty_way", text, empty_m=empty_m, distance_m=distance_m, percent=percent)


def waiting(waiting_s: int, duration_s: int) -> Said:
    """Of the time, what is waited."""
    text = f"Vehicles wait {clock(waiting_s)} of {clock(duration_s)} for time windows to open."
    return said("waiting", text, waiting_s=waiting_s, duration_s=duration_s)


def resting(break_s: int, duration_s: int) -> Said:
    """Of the time, what drivers rest."""
    text = f"Drivers rest {clock(break_s)} of {clock(duration_s)}."
    return said("resting", text, break_s=break_s, duration_s=duration_s)


def proven(cost_minor: int, currency: str) -> Said:
    """No plan is cheaper."""
    text = f"No plan for these shipments and vehicles costs less than {amount(cost_minor, currency)}: that is proven."
    return said("gap_proven", text, bound_minor=cost_minor)


HOW = {
    BoundBy.WAYS: " The bound adds up what it costs at least to get to every stop.",
    BoundBy.ROUTES: " The bound comes from pricing whole routes against each other (column generation).",
}


def bounded(bound_minor: int, gap_minor: int, percent: float, bound_by: BoundBy | None, currency: str) -> Said:
    """A plan could be cheaper by so much at most."""
    text = (
        f"Nobody can find a plan below {amount(bound_minor, currency)}: that is proven. So at most "
        f"{amount(gap_minor, currency)} ({percent:g} %) could still be saved; whether it can is not known."
    )
    how = "" if bound_by is None else HOW[bound_by]
    by = None if bound_by is None else bound_by.value
    return said("gap_bounded", text + how, bound_minor=bound_minor, gap_minor=gap_minor, percent=percent, bound_by=by)


def unbounded() -> Said:
    """Nothing is proven."""
    return said("gap_unknown", "Nothing is proven about how much cheaper a plan could be.")


LIMITS = {
    "capacity_constraint": "vehicles are full ({unit})",
    "fleet_exhausted": "vehicles of type {unit} are in use",
    "time_window_constraint": "services begin less than 15 minutes before their window closes",
    "shift_constraint": "vehicles are back less than 15 minutes before their shift ends",
    "max_duration_constraint": "routes are less than 15 minutes below the longest allowed",
    "max_distance_constraint": "routes are as long as they may be",
    "max_stops_constraint": "routes have as many stops as they may",
}
UNITS = {"weight_g": "weight", "volume_cm3": "volume", "pallet_places": "pallet places"}


def limit(reason: str, unit: str, count: int, total: int) -> Said:
    """A limit that a plan runs into."""
    words = LIMITS[reason].format(unit=UNITS.get(unit, unit))
    return said(f"at_{reason}", f"{count} of {total} {words}.", unit=unit, count=count, total=total)
