import type { Position } from "../geo";
import { paintCross, paintHub, paintShared, paintStop } from "../map/icons";
import type { MapColours } from "../palette";

/** A place that is looked at. */
export interface LitPlace {
  at: Position;
  colour: string;
  /** Lit by a choice; otherwise the pointer is on it. */
  lit: boolean;
  /** One of the chosen shipments themselves, and not only of their route. */
  chosen: boolean;
  pointed: boolean;
  /** What to write on it: a stop's number, or how many stops there are; null where that would be a heap. */
  label: string | null;
  /** Colours of all routes that stop here, where there are several. */
  shared: string[];
}

/** What lies above the map: only what is looked at, so that a choice draws nothing else anew. */
export interface Overlay {
  /** Lines of the route that is looked at, and those between it and the hub. */
  ways: Position[][];
  spokes: Position[][];
  colour: string;
  /** Chosen, or only under the pointer. */
  strong: boolean;
  places: LitPlace[];
  loose: Position[];
  /** Drawn again where the map below is faded. */
  hub: Position | null;
}

/** Pixels by zoom, as the map's own styles have it: linear between stops. */
function grown(zoom: number, ...stops: [zoom: number, size: number][]): number {
  const above = stops.findIndex(([at]) => at > zoom);
  if (above === 0) return stops[0]?.[1] ?? 0;
  const [low, high] = above < 0 ? [stops.at(-1), undefined] : [stops[above - 1], stops[above]];
  if (low === undefined) return 0;
  if (high === undefined) return low[1];
  return low[1] + ((zoom - low[0]) / (high[0] - low[0])) * (high[1] - low[1]);
}

/** How far from its centre a lit place reaches, in pixels. */
export function litRadius(zoom: number): number {
  return grown(zoom, [8, 4.5], [12, 7], [15, 11]);
}

export function drawOverlay(
  c: CanvasRenderingContext2D,
  what: Overlay,
  colours: MapColours,
  zoom: number,
  pixel: (at: Position) => { x: number; y: number },
): void {
  const trace = (line: Position[]) => {
    c.beginPath();
    for (const at of line) {
      const { x, y } = pixel(at);
      c.lineTo(x, y);
    }
    c.stroke();
  };
  c.lineCap = c.lineJoin = "round";
  c.strokeStyle = what.colour;
  c.globalAlpha = 0.75;
  c.lineWidth = what.strong ? 2 : 1.6;
  what.spokes.forEach(trace);
  c.globalAlpha = 1;
  c.lineWidth = what.strong ? 4 : 3;
  what.ways.forEach(trace);
  for (const at of what.loose) drawLoose(c, pixel(at), colours);
  for (const one of what.places) drawPlace(c, one, pixel(one.at), zoom, colours);
  if (what.hub !== null) stamped(c, pixel(what.hub), 32, () => paintHub(c, colours.text, colours.paper));
}

function drawLoose(c: CanvasRenderingContext2D, { x, y }: { x: number; y: number }, { bad, paper }: MapColours): void {
  c.beginPath();
  c.arc(x, y, 14, 0, 2 * Math.PI);
  c.globalAlpha = 0.22;
  c.fillStyle = c.strokeStyle = bad;
  c.fill();
  c.globalAlpha = 1;
  c.lineWidth = 2;
  c.stroke();
  stamped(c, { x, y }, 22, () => paintCross(c, bad, paper));
}

function drawPlace(
  c: CanvasRenderingContext2D,
  place: LitPlace,
  at: { x: number; y: number },
  zoom: number,
  { paper, text }: MapColours,
): void {
  const round = (radius: number) => {
    c.beginPath();
    c.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  };
  c.fillStyle = place.colour;
  if (place.pointed) {
    round(grown(zoom, [8, 6], [12, 10], [15, 16]));
    c.globalAlpha = 0.3;
    c.fill();
    c.globalAlpha = 1;
  }
  if (!place.lit) return;
  round(place.label === null ? litRadius(zoom) : Math.max(litRadius(zoom), place.shared.length > 1 ? 13 : 10.5));
  c.fill();
  c.strokeStyle = text;
  c.lineWidth = place.chosen ? 4 : 1.25;
  c.stroke();
  const label = place.label;
  if (label === null) return;
  if (place.shared.length > 1) stamped(c, at, 28, () => paintShared(c, label, place.shared, paper, text));
  else stamped(c, at, 24, () => paintStop(c, label, place.colour, paper));
}

/** A picture with its middle at a point. */
function stamped(c: CanvasRenderingContext2D, { x, y }: { x: number; y: number }, size: number, paint: () => void): void {
  c.save();
  c.translate(x - size / 2, y - size / 2);
  paint();
  c.restore();
}
