const STEPS = ["booked", "planned", "on_the_way", "delivered"] as const;

/** Which of the four steps a state belongs to; goods that went astray stay on the way. */
const AT: Record<string, (typeof STEPS)[number]> = {
  planned: "planned",
  tendered: "planned",
  dispatched: "planned",
  picked_up: "on_the_way",
  at_hub: "on_the_way",
  in_transit: "on_the_way",
  at_customs: "on_the_way",
  out_for_delivery: "on_the_way",
  ready_for_pickup: "on_the_way",
  delivery_failed: "on_the_way",
  on_hold: "on_the_way",
  return_to_sender: "on_the_way",
  returned: "on_the_way",
  lost: "on_the_way",
  partially_delivered: "delivered",
  delivered: "delivered",
};

export interface Step {
  name: (typeof STEPS)[number];
  reached: boolean;
  current: boolean;
}

/** The way of a shipment in four steps, for people who wait for it. */
export function stepsOf(status: string): Step[] {
  const at = STEPS.indexOf(AT[status] ?? "booked");
  return STEPS.map((name, index) => ({ name, reached: index <= at, current: index === at && name !== "delivered" }));
}
