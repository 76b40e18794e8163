import { position } from "../timeline";
import { under, xOf, LINE, type TimelineScene } from "./draw";
import type { DeskRoute, DeskStop } from "./model";
import { stopAt } from "./positions";

/** Below this a press is a choice. */
const BEGIN_PX = 5;

/** Stops on their way to another place: what moves, and where it would land. */
export interface Drag {
  ids: ReadonlySet<string>;
  from: { x: number; y: number };
  at: { x: number; y: number };
  begun: boolean;
  target: Landing | null;
}

/** Before which stop of a route something would land; the number of stops stands for its end. */
export interface Landing {
  entry: DeskRoute;
  index: number;
  /** Where the mark is drawn, in pixels of the canvas. */
  x: number;
  top: number;
  height: number;
}

/** A press on a stop: all chosen shipments where it holds one of them, or else its own. */
export function pressed(stop: DeskStop, chosen: ReadonlySet<string>, x: number, y: number): Drag {
  const ids = stop.shipments.some((id) => chosen.has(id)) ? new Set(chosen) : new Set(stop.shipments);
  return { ids, from: { x, y }, at: { x, y }, begun: false, target: null };
}

export function moved(drag: Drag, scene: TimelineScene, x: number, y: number, locked: ReadonlySet<number>): Drag {
  const begun = drag.begun || Math.hypot(x - drag.from.x, y - drag.from.y) > BEGIN_PX;
  return { ...drag, at: { x, y }, begun, target: begun ? landing(scene, x, y, drag.ids, locked) : null };
}

/** Where something would land that is let go at a point; null where nothing takes it. */
export function landing(
  scene: TimelineScene,
  x: number,
  y: number,
  ids: ReadonlySet<string>,
  locked: ReadonlySet<number>,
): Landing | null {
  const found = under(scene, x, y);
  if (found === null || locked.has(found.entry.route.route_no)) return null;
  const { entry } = found;
  const row = scene.routes.indexOf(entry);
  const top = scene.rows.top(row) - scene.scroll;
  const below = y - top - scene.rows.height;
  if (below >= 0) {
    // On the lines of single stops the height decides.
    const index = Math.min(Math.max(Math.round((below - 3) / LINE), 0), entry.stops.length);
    return { entry, index, x: -1, top: top + scene.rows.height + 3 + index * LINE, height: 0 };
  }
  const instant = scene.axis.from + ((x - scene.left) / scene.span) * (scene.axis.to - scene.axis.from);
  const index = stopAt(entry.stops, instant, ids);
  const next = entry.stops[index];
  const last = entry.stops.at(-1);
  const edge = next === undefined ? (last === undefined ? x : xOf(scene, last.ends) + 5) : xOf(scene, next.begins) - 4;
  return { entry, index, x: Number.isFinite(position(scene.axis, instant)) ? edge : x, top, height: scene.rows.height };
}
