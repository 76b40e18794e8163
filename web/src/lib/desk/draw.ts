import { routeColour } from "../palette";
import { position, type Axis } from "../timeline";
import type { DeskRoute, DeskStop } from "./model";
import type { Rows } from "./rows";

/** Height of a stop's own line below the row of the route that is looked at. */
export const LINE = 11;
const BAR = 14;

export interface TimelineLook {
  dark: boolean;
  text: string;
  muted: string;
  line: string;
  strong: string;
  paper: string;
  sunken: string;
  accent: string;
  bad: string;
}

export interface TimelineScene {
  routes: DeskRoute[];
  rows: Rows;
  axis: Axis;
  /** Where the axis begins and how wide it is, in pixels: it is wider than the canvas where the reader looks closer. */
  left: number;
  span: number;
  width: number;
  height: number;
  scroll: number;
  now: number;
  route: number | null;
  hovered: number | null;
  shipments: ReadonlySet<string>;
  pointed: ReadonlySet<string>;
}

export function xOf(scene: Pick<TimelineScene, "axis" | "left" | "span">, instant: number): number {
  return scene.left + position(scene.axis, instant) * scene.span;
}

/** All rows in sight: a few hundred rectangles, drawn anew whenever something changes. */
export function drawTimeline(c: CanvasRenderingContext2D, scene: TimelineScene, look: TimelineLook): void {
  c.clearRect(0, 0, scene.width, scene.height);
  const [from, to] = scene.rows.seen(scene.scroll, scene.height, 0);
  c.fillStyle = look.line;
  for (const tick of scene.axis.ticks) c.fillRect(Math.round(xOf(scene, tick)), 0, 1, scene.height);
  const wait = hatching(c, look.strong);
  for (let index = from; index < to; index += 1) {
    const entry = scene.routes[index] as DeskRoute;
    const top = scene.rows.top(index) - scene.scroll;
    drawRow(c, scene, look, entry, top, wait);
    if (scene.rows.open?.index === index) drawStops(c, scene, look, entry, top + scene.rows.height);
  }
  if (scene.now > scene.axis.from && scene.now < scene.axis.to) {
    c.fillStyle = look.bad;
    c.fillRect(xOf(scene, scene.now), 0, 1.5, scene.height);
  }
}

function drawRow(
  c: CanvasRenderingContext2D,
  scene: TimelineScene,
  look: TimelineLook,
  { route, stops, row }: DeskRoute,
  top: number,
  wait: CanvasPattern | string,
): void {
  const number = route.route_no;
  const colour = routeColour(number, look.dark);
  const height = scene.rows.height;
  const middle = top + height / 2;
  const chosen = scene.route === number;
  const holds = scene.shipments.size > 0 && stops.some((stop) => any(stop, scene.shipments));
  const looking = scene.route !== null || scene.shipments.size > 0;
  if (chosen || scene.hovered === number) {
    c.globalAlpha = chosen ? 0.13 : 0.07;
    c.fillStyle = colour;
    c.fillRect(0, top, scene.width, height);
  }
  c.globalAlpha = looking && !chosen && !holds ? 0.38 : 1;
  for (const { activity, from, to } of row) {
    const [x, end] = [xOf(scene, from), xOf(scene, to)];
    if (end < 0 || x > scene.width || activity === "serve") continue;
    if (activity === "drive") {
      const faded = c.globalAlpha;
      c.globalAlpha = faded * 0.45;
      c.fillStyle = colour;
      c.fillRect(x, middle - 1.25, end - x, 2.5);
      c.globalAlpha = faded;
    } else if (activity === "rest") {
      drawRest(c, look, x, end, middle);
    } else {
      c.fillStyle = wait;
      c.fillRect(x, middle - 5, end - x, 10);
    }
  }
  for (const stop of stops) drawService(c, scene, look, stop, middle - BAR / 2, BAR, colour);
  c.globalAlpha = 1;
}

/** A break: an empty cup of its length, which nothing else on the row looks like. */
function drawRest(c: CanvasRenderingContext2D, look: TimelineLook, x: number, end: number, middle: number): void {
  c.fillStyle = look.paper;
  c.strokeStyle = look.muted;
  c.lineWidth = 1.25;
  c.beginPath();
  c.roundRect(x + 0.5, middle - 5, Math.max(3, end - x - 1), 10, 4);
  c.fill();
  c.stroke();
}

function drawService(
  c: CanvasRenderingContext2D,
  scene: TimelineScene,
  look: TimelineLook,
  stop: DeskStop,
  top: number,
  height: number,
  colour: string,
): void {
  const x = xOf(scene, stop.begins);
  const width = Math.max(3, xOf(scene, stop.ends) - x - 0.75);
  if (x + width < 0 || x > scene.width) return;
  const late = stop.slack_s !== null && stop.slack_s < 0;
  c.fillStyle = late ? look.bad : colour;
  c.beginPath();
  c.roundRect(x, top, width, height, Math.min(3, width / 2));
  c.fill();
  const chosen = any(stop, scene.shipments);
  if (!chosen && !any(stop, scene.pointed)) return;
  const faded = c.globalAlpha;
  c.globalAlpha = 1;
  c.strokeStyle = chosen ? look.text : look.muted;
  c.lineWidth = 2;
  c.beginPath();
  c.roundRect(x - 2, top - 2, width + 4, height + 4, 4);
  c.stroke();
  c.globalAlpha = faded;
}

/** The stops of one route, each on its own line: its windows as ghosts, and the service in or beside them. */
function drawStops(
  c: CanvasRenderingContext2D,
  scene: TimelineScene,
  look: TimelineLook,
  { route, stops }: DeskRoute,
  top: number,
): void {
  const colour = routeColour(route.route_no, look.dark);
  c.globalAlpha = 0.05;
  c.fillStyle = colour;
  c.fillRect(0, top, scene.width, scene.rows.open?.more ?? 0);
  c.globalAlpha = 1;
  c.font = "500 10px system-ui, sans-serif";
  c.textBaseline = "middle";
  c.textAlign = "right";
  stops.forEach((stop, index) => {
    const y = top + 3 + index * LINE;
    const late = stop.slack_s !== null && stop.slack_s < 0;
    for (const { from, to } of stop.windows) {
      const [x, end] = [xOf(scene, from), xOf(scene, to)];
      c.globalAlpha = 0.2;
      c.fillStyle = late ? look.bad : colour;
      c.beginPath();
      c.roundRect(x, y + 1.5, Math.max(2, end - x), LINE - 4, 2);
      c.fill();
    }
    c.globalAlpha = 1;
    drawService(c, scene, look, stop, y + 0.5, LINE - 2, colour);
    c.fillStyle = look.muted;
    c.fillText(String(stop.stop.stop_no), Math.max(14, xOf(scene, stop.begins) - 5), y + LINE / 2);
  });
}

function any(stop: DeskStop, ids: ReadonlySet<string>): boolean {
  return ids.size > 0 && stop.shipments.some((id) => ids.has(id));
}

function hatching(c: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const pen = tile.getContext("2d");
  if (pen === null) return colour;
  pen.strokeStyle = colour;
  pen.lineWidth = 1.6;
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(shift - 1, 7);
    pen.lineTo(shift + 7, -1);
  }
  pen.stroke();
  return c.createPattern(tile, "repeat") ?? colour;
}

/** The row and the stop under a point of the canvas. */
export function under(scene: TimelineScene, x: number, y: number): { entry: DeskRoute; stop: DeskStop | null } | null {
  const index = scene.rows.at(y + scene.scroll);
  const entry = index === null ? undefined : scene.routes[index];
  if (index === null || entry === undefined) return null;
  const below = y + scene.scroll - scene.rows.top(index) - scene.rows.height;
  if (below >= 0) return { entry, stop: entry.stops[Math.floor((below - 3) / LINE)] ?? null };
  const hit = entry.stops.find((one) => x >= xOf(scene, one.begins) - 3 && x <= Math.max(xOf(scene, one.ends), xOf(scene, one.begins) + 3) + 3);
  return { entry, stop: hit ?? null };
}
