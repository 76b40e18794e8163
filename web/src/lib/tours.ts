import type { Route } from "../api/client";
import type { components } from "../api/schema";
import { t } from "./i18n";
import type { Tone } from "./status";
import { span } from "./time";

type Schemas = components["schemas"];
export type Tour = Schemas["Tour"];
export type WholeTour = Schemas["WholeTour"];
export type TourStop = Schemas["TourStop"];
export type TrackingEvent = Schemas["TrackingEvent"];
export type DriverLink = Schemas["Link"];

/** So many seconds to or fro are in time. */
const IN_TIME_S = 300;

export interface Sum {
  tours: number;
  visits: number;
  done: number;
  failed: number;
  late: number;
}

/** A day's tours taken together; those called off do not count. */
export function sumOf(tours: readonly Pick<Tour, "status" | "visits" | "visits_done" | "visits_failed" | "delay_s">[]): Sum {
  const sum = { tours: 0, visits: 0, done: 0, failed: 0, late: 0 };
  for (const tour of tours) {
    if (tour.status === "cancelled") continue;
    sum.tours += 1;
    sum.visits += tour.visits;
    sum.done += tour.visits_done;
    sum.failed += tour.visits_failed;
    if (delayed(tour)) sum.late += 1;
  }
  return sum;
}

export const delayed = (tour: Pick<Tour, "delay_s" | "status">): boolean =>
  tour.status === "under_way" && (tour.delay_s ?? 0) > IN_TIME_S;

/** How a tour keeps its times, while it is under way. */
export function timing(tour: Pick<Tour, "delay_s" | "status">): { text: string; tone: Tone } | null {
  if (tour.status !== "under_way" || tour.delay_s === null) return null;
  if (Math.abs(tour.delay_s) <= IN_TIME_S) return { text: t("tours.in_time"), tone: "good" };
  // Whole minutes: a tour is not late by seconds.
  const told = span(Math.round(Math.abs(tour.delay_s) / 60) * 60);
  if (tour.delay_s < 0) return { text: t("tours.early", { span: told }), tone: "plain" };
  return { text: t("tours.late", { span: told }), tone: "warn" };
}

const TONES: Record<string, Tone> = { under_way: "good", completed: "good", cancelled: "bad" };

export const toneOfTour = (status: string): Tone => TONES[status] ?? "plain";

/** What needs a look first: what is held up, failed or late; then what is under way, to come, and over. */
export function byNeed(tours: readonly Tour[]): Tour[] {
  const rank = (tour: Tour) =>
    tour.exception !== null
      ? 0
      : delayed(tour) || (tour.visits_failed > 0 && tour.status === "under_way")
        ? 1
        : ({ under_way: 2, dispatched: 3, planned: 4, completed: 5, cancelled: 6 }[tour.status] ?? 7);
  return [...tours].sort((a, b) => rank(a) - rank(b) || a.starts_at.localeCompare(b.starts_at) || a.code.localeCompare(b.code));
}

/** A tour as a route to draw: its own stops, and the ends of the planned route where that is known. */
export function routeOf({ tour, stops, breaks }: WholeTour, planned: Route | null): Route {
  const ends = planned ?? { start_lat: null, start_lon: null, end_lat: null, end_lon: null };
  return {
    route_no: tour.route_no,
    vehicle: tour.vehicle,
    vehicle_type_id: tour.vehicle_type_id,
    start_lat: ends.start_lat,
    start_lon: ends.start_lon,
    end_lat: ends.end_lat,
    end_lon: ends.end_lon,
    starts_at: tour.starts_at,
    ends_at: tour.ends_at,
    distance_m: tour.distance_m,
    cost_minor: null,
    hold: null,
    placements: [],
    volume_capacity_cm3: null,
    volume_cm3: null,
    weight_capacity_g: null,
    weight_g: null,
    stops: stops.map((stop) => ({ ...stop, visits: [] })),
    breaks,
  };
}

/** The address that opens a driver's page: the token stands behind the `#`, which no server is sent. */
export const driverAddress = (origin: string, token: string): string => `${origin}/drive#${token}`;
