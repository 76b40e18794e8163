import type { DriverStop, DriverTour, DriverVisit, Reason, ReportEvent } from "./api";

/** A tour on the phone: what the platform said, and what was reported here since. */
export interface PhoneTour extends DriverTour {
  /** What holds it up, as reported from this phone. */
  held?: Reason | null;
}

const OUTCOMES = { done: "done", partly: "partly", failed: "failed" } as const;

/** The tour as it is once a report counts. */
export function applied(tour: PhoneTour, event: ReportEvent): PhoneTour {
  switch (event.kind) {
    case "started":
      return { ...tour, status: "under_way", started_at: event.at };
    case "completed":
      return { ...tour, status: "completed", completed_at: event.at };
    case "exception":
      return { ...tour, held: event.reason ?? null };
    case "resolved":
      return { ...tour, held: null };
    case "arrived":
      return withStop(tour, event.stop_no, (stop) => ({ ...stop, arrived_at: stop.arrived_at ?? event.at }));
    case "done":
    case "partly":
    case "failed":
      return withVisit(tour, event, {
        outcome: OUTCOMES[event.kind],
        outcome_at: event.at,
        reason: event.reason ?? null,
      });
    default:
      return tour;
  }
}

function withStop(tour: PhoneTour, no: number | null | undefined, change: (stop: DriverStop) => DriverStop): PhoneTour {
  return { ...tour, stops: tour.stops.map((stop) => (stop.stop_no === no ? change(stop) : stop)) };
}

function withVisit(tour: PhoneTour, event: ReportEvent, came: Partial<DriverVisit>): PhoneTour {
  const meant = (visit: DriverVisit) => visit.shipment_id === event.shipment_id && visit.action === event.action;
  const stops = tour.stops.map((stop) =>
    stop.visits.some(meant)
      ? { ...stop, visits: stop.visits.map((visit) => (meant(visit) ? { ...visit, ...came } : visit)) }
      : stop,
  );
  return { ...tour, stops };
}

/** How far a stop is: to be driven to, reached, or over, with or without something that failed. */
export type StopState = "open" | "arrived" | "done" | "failed";

export function stateOf(stop: Pick<DriverStop, "visits" | "arrived_at">): StopState {
  const outcomes = stop.visits.map((visit) => visit.outcome);
  if (outcomes.length > 0 && outcomes.every((outcome) => outcome !== null))
    return outcomes.some((outcome) => outcome === "failed" || outcome === "partly") ? "failed" : "done";
  return stop.arrived_at === null ? "open" : "arrived";
}

export const over = (stop: Pick<DriverStop, "visits" | "arrived_at">): boolean =>
  ["done", "failed"].includes(stateOf(stop)) || (stop.visits.length === 0 && stop.arrived_at !== null);

/** The stop to drive to, or to go on with. */
export function nextStop(tour: Pick<DriverTour, "stops">): DriverStop | null {
  return tour.stops.find((stop) => !over(stop)) ?? null;
}
