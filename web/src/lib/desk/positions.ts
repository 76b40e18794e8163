import type { Stop } from "../../api/client";

type Sequence = readonly Pick<Stop, "stop_no" | "visits">[];
const NONE: ReadonlySet<string> = new Set();

/**
 * How many visits of a route come before one of its stops, as edits count them: those that move do not count.
 *
 * A vehicle that takes on goods on its way has a visit of its own there, which leaves a gap in the numbers of stops.
 *
 * @param index of the stop; the number of stops stands for the end of the route
 */
export function visitsBefore(stops: Sequence, index: number, moved: ReadonlySet<string> = NONE): number {
  const before = stops.slice(0, index);
  const staying = before.flatMap((stop) => stop.visits).filter((visit) => !moved.has(visit.shipment_id)).length;
  const last = (index < stops.length ? stops[index] : before.at(-1))?.stop_no ?? 0;
  const between = index < stops.length ? last - 1 - before.length : last - before.length;
  return staying + Math.max(0, between);
}

/** The stop before which a service would stand that begins at an instant: the first that begins later and does not move. */
export function stopAt(
  stops: readonly { begins: number; shipments: string[] }[],
  instant: number,
  moved: ReadonlySet<string> = NONE,
): number {
  const found = stops.findIndex((stop) => stop.begins > instant && !stop.shipments.every((id) => moved.has(id)));
  return found < 0 ? stops.length : found;
}
