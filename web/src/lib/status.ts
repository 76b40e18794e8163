import type { Shipment } from "../api/client";
import type { Entry } from "./itinerary";

export type Tone = "plain" | "good" | "warn" | "bad";

const TONES: Record<string, Tone> = {
  planned: "good",
  tendered: "good",
  dispatched: "good",
  picked_up: "good",
  at_hub: "good",
  in_transit: "good",
  out_for_delivery: "good",
  ready_for_pickup: "good",
  delivered: "good",
  left: "warn",
  partially_delivered: "warn",
  delivery_failed: "warn",
  on_hold: "warn",
  at_customs: "warn",
  return_to_sender: "warn",
  returned: "warn",
  lost: "bad",
};

/** How a state is tinted; its word says the same. */
export function toneOf(status: string): Tone {
  return TONES[status] ?? "plain";
}

/** The state to be told: a plan that leaves a shipment out says more than that it is in the pool. */
export function stateOf(entry: Pick<Entry, "unplanned"> & { shipment: Pick<Shipment, "status"> }): string {
  return entry.unplanned === null ? entry.shipment.status : "left";
}

/** How many there are of each state, the most frequent first. */
export function countOf(states: string[]): [state: string, count: number][] {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
