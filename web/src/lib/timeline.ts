import type { Route, Stop } from "../api/client";

export type Activity = "drive" | "wait" | "serve" | "rest";

/** What a vehicle does from one instant to another, in milliseconds; `stop` where it drives to or stands. */
export interface Segment {
  activity: Activity;
  from: number;
  to: number;
  stop: Stop | null;
}

/** A route's day as one gapless row: it drives, waits, serves, or its driver rests. */
export function segments(route: Pick<Route, "starts_at" | "ends_at" | "stops"> & Partial<Pick<Route, "breaks">>): Segment[] {
  const row: Segment[] = [];
  const add = (activity: Activity, from: number, to: number, stop: Stop | null) => {
    if (to > from) row.push({ activity, from, to, stop });
  };
  let at = route.starts_at === null ? null : Date.parse(route.starts_at);
  for (const stop of route.stops) {
    const arrival = Date.parse(stop.arrives_at);
    if (at !== null) add("drive", at, arrival, stop);
    at = arrival;
    for (const visit of stop.visits) {
      const begin = Date.parse(visit.begins_at);
      const end = Date.parse(visit.ends_at);
      add("wait", at, begin, stop);
      const last = row.at(-1);
      if (last !== undefined && last.activity === "serve" && last.stop === stop && last.to === begin) last.to = end;
      else add("serve", begin, end, stop);
      at = Math.max(at, end);
    }
    const departure = Date.parse(stop.departs_at);
    add("wait", at, departure, stop);
    at = Math.max(at, departure);
  }
  if (at !== null && route.ends_at !== null) add("drive", at, Date.parse(route.ends_at), null);
  return (route.breaks ?? []).reduce(rested, row);
}

/** A row in which a break takes the place of what the vehicle would do else: it drives or waits then. */
function rested(row: Segment[], rest: Route["breaks"][number]): Segment[] {
  const [begins, ends] = [Date.parse(rest.begins_at), Date.parse(rest.ends_at)];
  const found: Segment[] = [];
  for (const segment of row) {
    const [from, to] = [Math.max(segment.from, begins), Math.min(segment.to, ends)];
    if (segment.activity === "serve" || to <= from) {
      found.push(segment);
      continue;
    }
    if (segment.from < from) found.push({ ...segment, to: from });
    const last = found.at(-1);
    // A vehicle that arrives in the midst of a break goes on resting.
    if (last?.activity === "rest" && last.to === from) last.to = to;
    else found.push({ activity: "rest", from, to, stop: segment.stop });
    if (to < segment.to) found.push({ ...segment, from: to });
  }
  return found;
}

const HOUR_MS = 3_600_000;

/** A time axis: its ends, and the instants that carry a label. */
export interface Axis {
  from: number;
  to: number;
  ticks: number[];
}

/**
 * The axis that shows all rows, from a full hour to a full hour of the zone's clocks.
 *
 * @param offsetMinutes how far the zone is ahead of UTC
 * @param ticksMax how many labels there is room for
 */
export function axisOf(rows: Segment[][], offsetMinutes: number, ticksMax = 14): Axis | null {
  let from = Infinity;
  let to = -Infinity;
  for (const row of rows) {
    for (const segment of row) {
      from = Math.min(from, segment.from);
      to = Math.max(to, segment.to);
    }
  }
  if (!Number.isFinite(from)) return null;
  const shift = offsetMinutes * 60_000;
  const first = Math.floor((from + shift) / HOUR_MS) * HOUR_MS - shift;
  const last = Math.max(Math.ceil((to + shift) / HOUR_MS) * HOUR_MS - shift, first + HOUR_MS);
  const hours = (last - first) / HOUR_MS;
  const step = [1, 2, 3, 4, 6, 12, 24].find((candidate) => hours / candidate <= ticksMax) ?? 24;
  const begin = Math.ceil((first + shift) / (step * HOUR_MS)) * step * HOUR_MS - shift;
  const ticks: number[] = [];
  for (let tick = begin; tick <= last; tick += step * HOUR_MS) ticks.push(tick);
  return { from: first, to: last, ticks };
}

/** Where an instant lies on an axis, 0 at its start and 1 at its end. */
export function position(axis: Axis, instant: number): number {
  return (instant - axis.from) / (axis.to - axis.from);
}

/** Seconds spent on each activity. */
export function spent(row: Segment[]): Record<Activity, number> {
  const sums: Record<Activity, number> = { drive: 0, wait: 0, serve: 0, rest: 0 };
  for (const segment of row) sums[segment.activity] += (segment.to - segment.from) / 1000;
  return sums;
}
