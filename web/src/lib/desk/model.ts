import type { Route, Shipment, Stop, UnplannedShipment, Visit } from "../../api/client";
import { segments, type Segment } from "../timeline";

/** A window in which a service may begin, in milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** A stop with everything that the views show of it, parsed once. */
export interface DeskStop {
  route: number;
  stop: Stop;
  shipments: string[];
  begins: number;
  ends: number;
  windows: Span[];
  /** Seconds left until the first of its windows closes; null without a window. Negative is too late. */
  slack_s: number | null;
}

export interface DeskRoute {
  route: Route;
  stops: DeskStop[];
  row: Segment[];
}

export type Standing = "planned" | "unplanned" | "new";

/** A shipment as a row of the table. */
export interface DeskRow {
  id: string;
  ref: string;
  name: string;
  address: string;
  member: string;
  memberName: string;
  route: number | null;
  vehicle: string;
  stop_no: number | null;
  begins: number | null;
  window: Span | null;
  slack_s: number | null;
  weight_g: number;
  standing: Standing;
  /** All that a search looks through, in small letters. */
  text: string;
}

/** A day's plan, indexed for views that belong together. */
export interface DeskModel {
  routes: DeskRoute[];
  byRoute: Map<number, DeskRoute>;
  /** The stops of each shipment, in the order of the day. */
  byShipment: Map<string, DeskStop[]>;
  rows: DeskRow[];
  rowOf: Map<string, DeskRow>;
  /** Shipments that no route carries, with where they are. */
  loose: { id: string; member: string; name: string; lat: number; lon: number; standing: Standing }[];
}

export function deskModel(
  routes: Route[],
  unplanned: UnplannedShipment[],
  shipments: Shipment[],
  memberNames: Map<string, string>,
): DeskModel {
  const known = new Map(shipments.map((one) => [one.id, one]));
  const byShipment = new Map<string, DeskStop[]>();
  const deskRoutes = routes.map((route): DeskRoute => {
    const made = deskRoute(route, shipments, known);
    const { stops } = made;
    for (const stop of stops) {
      for (const id of stop.shipments) {
        const others = byShipment.get(id);
        if (others === undefined) byShipment.set(id, [stop]);
        else if (others.at(-1) !== stop) others.push(stop);
      }
    }
    return made;
  });
  const byRoute = new Map(deskRoutes.map((one) => [one.route.route_no, one]));
  const left = new Map(unplanned.map((one) => [one.shipment_id, one]));
  const rows = shipments
    .filter((one) => one.status !== "cancelled" || byShipment.has(one.id))
    .map((one) => rowOf(one, byShipment.get(one.id) ?? [], left.has(one.id), byRoute, memberNames));
  const rowsById = new Map(rows.map((row) => [row.id, row]));
  return { routes: deskRoutes, byRoute, byShipment, rows, rowOf: rowsById, loose: looseOf(rows, known, left) };
}

/** Routes as they were read once: after an edit most of them are the very same. */
const MADE = new WeakMap<Route, { shipments: Shipment[]; made: DeskRoute }>();

function deskRoute(route: Route, shipments: Shipment[], known: Map<string, Shipment>): DeskRoute {
  const before = MADE.get(route);
  if (before?.shipments === shipments) return before.made;
  const stops = route.stops.map((stop) => deskStop(route.route_no, stop, known));
  const made = { route, stops, row: segments(route) };
  MADE.set(route, { shipments, made });
  return made;
}

function deskStop(route: number, stop: Stop, known: Map<string, Shipment>): DeskStop {
  const begins = stop.visits.map((visit) => Date.parse(visit.begins_at));
  const ends = stop.visits.map((visit) => Date.parse(visit.ends_at));
  const slacks: number[] = [];
  const windows: Span[] = [];
  stop.visits.forEach((visit, index) => {
    const found = windowsOf(visit, known.get(visit.shipment_id));
    const begin = begins[index] ?? 0;
    for (const one of found) {
      if (!windows.some((other) => other.from === one.from && other.to === one.to)) windows.push(one);
    }
    // The window that the service begins in, or else the last one: it is missed.
    const own = found.find((one) => begin <= one.to) ?? found.at(-1);
    if (own !== undefined) slacks.push((own.to - begin) / 1000);
  });
  return {
    route,
    stop,
    shipments: [...new Set(stop.visits.map((visit) => visit.shipment_id))],
    begins: begins.length > 0 ? Math.min(...begins) : Date.parse(stop.arrives_at),
    ends: ends.length > 0 ? Math.max(...ends) : Date.parse(stop.departs_at),
    windows,
    slack_s: slacks.length > 0 ? Math.min(...slacks) : null,
  };
}

function windowsOf(visit: Visit, shipment: Shipment | undefined): Span[] {
  const end = visit.action === "pickup" ? shipment?.pickup : (shipment?.delivery ?? shipment?.pickup);
  if (end === null || end === undefined) return [];
  const told = end.windows?.map((one): [string, string] => [one.start, one.end]) ?? [];
  if (told.length === 0 && end.window_start && end.window_end) told.push([end.window_start, end.window_end]);
  return told.map(([from, to]) => ({ from: Date.parse(from), to: Date.parse(to) }));
}

function rowOf(
  shipment: Shipment,
  stops: DeskStop[],
  left: boolean,
  routes: Map<number, DeskRoute>,
  memberNames: Map<string, string>,
): DeskRow {
  const at = stops.at(-1);
  const end = shipment.delivery ?? shipment.pickup;
  const route = at === undefined ? null : at.route;
  const vehicle = route === null ? "" : (routes.get(route)?.route.vehicle ?? "");
  const visit = at?.stop.visits.filter((one) => one.shipment_id === shipment.id).at(-1);
  const begins = visit === undefined ? null : Date.parse(visit.begins_at);
  const windows = windowsOf({ action: "delivery" } as Visit, shipment);
  const window = windows.find((one) => begins === null || begins <= one.to) ?? windows.at(-1) ?? null;
  const memberName = memberNames.get(shipment.member_id) ?? "";
  const name = end?.name ?? "";
  const address = end?.address_line1 ?? "";
  return {
    id: shipment.id,
    ref: shipment.client_ref,
    name,
    address,
    member: shipment.member_id,
    memberName,
    route,
    vehicle,
    stop_no: at?.stop.stop_no ?? null,
    begins,
    window,
    slack_s: window === null || begins === null ? null : (window.to - begins) / 1000,
    weight_g: shipment.weight_g,
    standing: at !== undefined ? "planned" : left ? "unplanned" : "new",
    text: [shipment.client_ref, name, address, memberName, vehicle].join(" ").toLocaleLowerCase(),
  };
}

function looseOf(
  rows: DeskRow[],
  known: Map<string, Shipment>,
  left: Map<string, UnplannedShipment>,
): DeskModel["loose"] {
  return rows.flatMap(({ id, member, name, standing }) => {
    if (standing === "planned") return [];
    const shipment = known.get(id);
    const at = left.get(id) ?? shipment?.delivery ?? shipment?.pickup;
    return at === null || at === undefined ? [] : [{ id, member, name, lat: at.lat, lon: at.lon, standing }];
  });
}

export type Column = "ref" | "name" | "member" | "vehicle" | "begins" | "window" | "slack" | "weight";
export type Kept = "all" | "planned" | "unplanned" | "tight";

/** Below this the traffic of a morning decides whether the window is kept. */
export const TIGHT_S = 600;

/** The rows that hold every word searched for, in order; what has no value in the column comes last. */
export function arranged(
  rows: DeskRow[],
  search: string,
  kept: Kept,
  column: Column,
  descending: boolean,
  collator: Intl.Collator,
): DeskRow[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => keeps(row, kept) && words.every((word) => row.text.includes(word)));
  const sign = descending ? -1 : 1;
  const key = KEYS[column];
  return found.sort((a, b) => {
    const [one, other] = [key(a), key(b)];
    if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
    const order =
      typeof one === "number" ? one - (other as number) : collator.compare(one, other as string);
    return order === 0 ? (a.stop_no ?? 0) - (b.stop_no ?? 0) : sign * order;
  });
}

function keeps(row: DeskRow, kept: Kept): boolean {
  if (kept === "all") return true;
  if (kept === "tight") return row.slack_s !== null && row.slack_s < TIGHT_S;
  return kept === "planned" ? row.standing === "planned" : row.standing !== "planned";
}

const KEYS: Record<Column, (row: DeskRow) => string | number | null> = {
  ref: (row) => row.ref,
  name: (row) => row.name,
  member: (row) => row.memberName,
  vehicle: (row) => row.vehicle || null,
  begins: (row) => row.begins,
  window: (row) => row.window?.to ?? null,
  slack: (row) => row.slack_s,
  weight: (row) => row.weight_g,
};
