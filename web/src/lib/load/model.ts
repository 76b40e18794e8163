import type { Placement, Route } from "../../api/client";

/** Where and how wide a door is; as high as the hold. Left is the wall y = 0. */
export interface Door {
  side: "rear" | "left" | "right";
  from_mm?: number;
  to_mm?: number | null;
}

export interface Axle {
  id: string;
  at_mm: number;
  tare_g?: number;
  min_g?: number;
  max_g: number;
}

/** The inside of a vehicle: x runs from the front wall to the rear door, y across from the left wall, z upwards. */
export interface Hold {
  length_mm: number;
  width_mm: number;
  height_mm: number;
  weight_max_g?: number | null;
  doors?: Door[];
  chassis?: { axles: Axle[]; kingpin_mm?: number | null } | null;
}

/** One unit where it stands: its lowest corner, and its extent along x, y and z. On board from one stop to another. */
export interface Placed {
  shipment_id?: string;
  order: string;
  unit: string;
  number: number;
  x_mm: number;
  y_mm: number;
  z_mm: number;
  edges_mm: [number, number, number];
  weight_g: number;
  from_stop: number;
  to_stop: number;
  on_top?: "anything" | "fragile" | "nothing";
}

/** What the API tells of a route's load; `hold` is null where its vehicle has none. */
export type Stowed = Pick<Route, "stops" | "hold" | "placements" | "weight_capacity_g">;

/** A unit by its corners, with the units that it stands on by their place in the order of loading. */
export interface Box extends Placed {
  index: number;
  low: Point;
  high: Point;
  on: number[];
}

export type Point = [number, number, number];

/**
 * One step of the journey: a unit loaded (`box`), or everything for a stop unloaded at once (`left`). `loaded` units
 * have been brought in by then.
 */
export interface Step {
  stop: number | null;
  loaded: number;
  box: Box | null;
  left: number;
}

export interface Load {
  hold: Hold;
  boxes: Box[];
  steps: Step[];
  /** Names of stops by number. */
  stops: Map<number, string>;
}

/**
 * The load of a route; null where its vehicle has no hold or nothing has a place in it. `end` names the place where the
 * route ends, `kind` says in words what a unit is.
 */
export function loadOf(route: Stowed, end: string, kind: (code: Placement["kind"]) => string): Load | null {
  if (!route.hold || route.placements.length === 0) return null;
  const { doors, ...inside } = route.hold;
  const hold: Hold = {
    ...inside,
    weight_max_g: route.weight_capacity_g,
    doors: doors?.map((door) => ({ ...door, side: door.side ?? "rear" })),
  };
  const stops = new Map(route.stops.map((stop) => [stop.stop_no, stop.name]));
  stops.set(route.stops.length + 1, end);
  const names = namesOf(route.placements);
  const placed = route.placements.map((unit) => ({
    ...unit,
    order: names.get(unit.shipment_id) ?? unit.client_ref,
    unit: kind(unit.kind),
    number: unit.unit_no,
    edges_mm: [unit.along_mm, unit.across_mm, unit.up_mm] satisfies Point,
  }));
  return load(hold, placed, stops);
}

/** References of shipments; two members may use the same one, which are then told apart by identifiers. */
function namesOf(placements: Placement[]): Map<string, string> {
  const refs = new Map(placements.map((unit) => [unit.shipment_id, unit.client_ref]));
  const counts = new Map<string, number>();
  for (const ref of refs.values()) counts.set(ref, (counts.get(ref) ?? 0) + 1);
  return new Map([...refs].map(([id, ref]) => [id, counts.get(ref) === 1 ? ref : `${ref} (${id.slice(-4)})`]));
}

/** A load from units in the order of loading. */
export function load(hold: Hold, placed: Placed[], stops: Map<number, string> = new Map()): Load {
  const boxes: Box[] = placed.map((unit, index) => ({
    ...unit,
    index,
    low: [unit.x_mm, unit.y_mm, unit.z_mm],
    high: [unit.x_mm + unit.edges_mm[0], unit.y_mm + unit.edges_mm[1], unit.z_mm + unit.edges_mm[2]],
    on: [],
  }));
  for (const box of boxes) box.on = boxes.filter((other) => bears(other, box)).map((other) => other.index);
  return { hold, boxes, steps: stepsOf(boxes), stops };
}

function bears(lower: Box, upper: Box): boolean {
  const together = lower.from_stop < upper.to_stop && upper.from_stop < lower.to_stop;
  return (
    together &&
    upper.low[2] > 0 &&
    lower.high[2] === upper.low[2] &&
    [0, 1].every((axis) => lower.low[axis]! < upper.high[axis]! && upper.low[axis]! < lower.high[axis]!)
  );
}

/** What happens one after another: at each stop all that leaves at once, then what is loaded one by one. */
export function stepsOf(boxes: Box[]): Step[] {
  const steps: Step[] = [{ stop: null, loaded: 0, box: null, left: 0 }];
  const stops = [...new Set(boxes.flatMap((box) => [box.from_stop, box.to_stop]))].sort((one, other) => one - other);
  let loaded = 0;
  for (const stop of stops) {
    const left = boxes.filter((box) => box.to_stop === stop).length;
    if (left > 0) steps.push({ stop, loaded, box: null, left });
    for (let box = boxes[loaded]; box?.from_stop === stop; box = boxes[loaded]) {
      loaded += 1;
      steps.push({ stop, loaded, box, left: 0 });
    }
  }
  return steps;
}

/** The step after which everything of the first stop is loaded: what people want to see first. */
export function departure(load: Load): number {
  const first = load.boxes[0]?.from_stop;
  return Math.max(
    0,
    load.steps.findLastIndex((step) => step.box !== null && step.stop === first),
  );
}

/** Where a unit is after a step: still to come, on board, or unloaded. */
export function whereabouts(box: Box, step: Step): "waiting" | "aboard" | "gone" {
  if (box.index >= step.loaded) return "waiting";
  return step.stop !== null && box.to_stop <= step.stop ? "gone" : "aboard";
}

export interface AxleLoad extends Axle {
  load_g: number;
  within: boolean;
}

export interface Figures {
  units: number;
  weight_g: number;
  volume_mm3: number;
  capacity_mm3: number;
  axles: AxleLoad[];
}

/** What is on board after a step, and what rests on each axle. */
export function figures(load: Load, step: Step): Figures {
  const aboard = load.boxes.filter((box) => whereabouts(box, step) === "aboard");
  const { hold } = load;
  return {
    units: aboard.length,
    weight_g: aboard.reduce((sum, box) => sum + box.weight_g, 0),
    volume_mm3: aboard.reduce((sum, box) => sum + box.edges_mm[0] * box.edges_mm[1] * box.edges_mm[2], 0),
    capacity_mm3: hold.length_mm * hold.width_mm * hold.height_mm,
    axles: axleLoads(hold, aboard),
  };
}

/** By the lever: the load rests on two supports; what rests on a kingpin goes on to the tractor's two axles. */
function axleLoads(hold: Hold, aboard: Box[]): AxleLoad[] {
  const axles = hold.chassis?.axles ?? [];
  const [front, second] = axles;
  const rear = axles[axles.length - 1];
  if (!front || !second || !rear) return [];
  const pin = hold.chassis?.kingpin_mm ?? null;
  const weight = aboard.reduce((sum, box) => sum + box.weight_g, 0);
  const moment = aboard.reduce((sum, box) => sum + (box.weight_g * (box.low[0] + box.high[0])) / 2, 0);
  const fore = pin ?? front.at_mm;
  const onRear = (moment - weight * fore) / (rear.at_mm - fore);
  const onFore = weight - onRear;
  const lever = pin === null ? 0 : (pin - front.at_mm) / (second.at_mm - front.at_mm);
  const parts = pin === null ? [onFore, onRear] : [onFore * (1 - lever), onFore * lever, onRear];
  return axles.map((axle, position) => {
    const load_g = (axle.tare_g ?? 0) + (parts[position] ?? 0);
    return { ...axle, load_g, within: load_g <= axle.max_g && load_g >= (axle.min_g ?? 0) };
  });
}

export type By = "stop" | "order";

/** What units are coloured by, in a fixed sequence: stops by number, orders as they are loaded. */
export function groups(load: Load, by: By): Map<string, number> {
  const keys =
    by === "stop"
      ? [...new Set(load.boxes.map((box) => box.to_stop))].sort((one, other) => one - other).map(String)
      : [...new Set(load.boxes.map((box) => box.order))];
  return new Map(keys.map((key, position) => [key, position]));
}

export function groupOf(box: Box, by: By): string {
  return by === "stop" ? String(box.to_stop) : box.order;
}

/** Colours by stop tell more, unless there is one stop alone. */
export function usualBy(load: Load): By {
  return groups(load, "stop").size > 1 || groups(load, "order").size < 2 ? "stop" : "order";
}

/** A rectangle of a flat drawing, in mm from its left upper corner, farthest first. */
export interface Tile {
  box: Box;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The hold from the left side (`side`) or from above (`top`), front at the left. */
export function flat(load: Load, step: Step, seen: "side" | "top"): Tile[] {
  const aboard = load.boxes.filter((box) => whereabouts(box, step) === "aboard");
  const far = seen === "side" ? (box: Box) => -box.low[1] : (box: Box) => box.high[2];
  return aboard
    .sort((one, other) => far(one) - far(other))
    .map((box) => ({
      box,
      x: box.low[0],
      y: seen === "side" ? load.hold.height_mm - box.high[2] : load.hold.width_mm - box.high[1],
      width: box.edges_mm[0],
      height: seen === "side" ? box.edges_mm[2] : box.edges_mm[1],
    }));
}
