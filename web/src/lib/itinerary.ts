import type { Route, Shipment, Stop, UnplannedShipment, Visit } from "../api/client";

/** When a vehicle comes for a shipment: its pickup, its delivery, or both. */
export interface PlannedVisit {
  stop: Stop;
  visit: Visit;
}

/** A member's shipment with what the plan says of it. */
export interface Entry {
  shipment: Shipment;
  visits: PlannedVisit[];
  unplanned: UnplannedShipment | null;
}

/** Shipments by the time of their first visit; those without one by reference behind them, cancelled ones last. */
export function itinerary(shipments: Shipment[], routes: Route[], unplanned: UnplannedShipment[]): Entry[] {
  const visits = new Map<string, PlannedVisit[]>();
  for (const route of routes) {
    for (const stop of route.stops) {
      for (const visit of stop.visits) {
        const known = visits.get(visit.shipment_id);
        if (known === undefined) visits.set(visit.shipment_id, [{ stop, visit }]);
        else known.push({ stop, visit });
      }
    }
  }
  const left = new Map(unplanned.map((entry) => [entry.shipment_id, entry]));
  const entries = shipments.map((shipment) => ({
    shipment,
    visits: shipment.status === "cancelled" ? [] : (visits.get(shipment.id) ?? []),
    unplanned: shipment.status === "cancelled" ? null : (left.get(shipment.id) ?? null),
  }));
  const rank = (entry: Entry) =>
    entry.shipment.status === "cancelled" ? 3 : entry.unplanned !== null ? 0 : entry.visits.length > 0 ? 1 : 2;
  const time = (entry: Entry) => entry.visits[0]?.visit.begins_at ?? "";
  return entries.sort(
    (a, b) =>
      rank(a) - rank(b) || time(a).localeCompare(time(b)) || a.shipment.client_ref.localeCompare(b.shipment.client_ref),
  );
}

/** Shipments that a plan says something of: they are on a route, or left out for a reason. */
export function toldOf(
  routes: Pick<Route, "stops">[],
  unplanned: Pick<UnplannedShipment, "shipment_id">[],
): Set<string> {
  const told = new Set(unplanned.map((entry) => entry.shipment_id));
  for (const route of routes) {
    for (const stop of route.stops) for (const visit of stop.visits) told.add(visit.shipment_id);
  }
  return told;
}
