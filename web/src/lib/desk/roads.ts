import type { components } from "../../api/schema";
import type { Route } from "../../api/client";
import type { Position } from "../geo";
import type { RoadLines } from "./features";

export type PlanLines = components["schemas"]["PlanLines"];
/** Along which positions vehicles of a type get from one place to another; of legs that are no longer driven too. */
export type KnownRoads = ReadonlyMap<string, Position[]>;
export type Along = "roads" | "partly" | "straight";

/** The positions of an encoded polyline; what breaks off is left out. */
export function positionsOf(line: string, precision: number): Position[] {
  const unit = 10 ** -precision;
  const found: Position[] = [];
  let at = 0;
  const next = (): number => {
    let [value, shift, part] = [0, 0, 0x20];
    while (part >= 0x20 && at < line.length) {
      part = line.charCodeAt(at++) - 63;
      value |= (part & 0x1f) << shift;
      shift += 5;
    }
    return value & 1 ? ~(value >> 1) : value >> 1;
  };
  let [lat, lon] = [0, 0];
  while (at < line.length) {
    lat += next();
    if (at >= line.length) break;
    lon += next();
    found.push([lon * unit, lat * unit]);
  }
  return found;
}

/** What tells the legs of a route apart, in the order of the way: to its first stop, between stops, to its end. */
export function legsOf(route: Route): string[] {
  const ends = [[route.start_lon, route.start_lat], ...route.stops.map((stop) => [stop.lon, stop.lat]), [route.end_lon, route.end_lat]];
  const points = ends.filter(([lon]) => lon !== null).map((end) => end.join());
  return route.stops.length === 0 ? [] : points.slice(1).map((end, index) => `${route.vehicle_type_id}|${points[index]}|${end}`);
}

/** What is known once an answer came that was asked for these routes. */
export function learned(known: KnownRoads, routes: Route[], answer: PlanLines): KnownRoads {
  const more = new Map(known);
  const byNumber = new Map(answer.routes.map((entry) => [entry.route_no, entry.lines]));
  for (const route of routes) {
    const [legs, lines] = [legsOf(route), byNumber.get(route.route_no) ?? []];
    if (legs.length !== lines.length) continue;
    legs.forEach((leg, index) => {
      const line = lines[index];
      if (typeof line === "string" && !more.has(leg)) more.set(leg, positionsOf(line, answer.precision));
    });
  }
  return more.size === known.size ? known : more;
}

/** The roads of these routes, and whether all legs, some or none have one. */
export function roadsOf(routes: Route[], known: KnownRoads): { lines: RoadLines | null; along: Along } {
  const lines = new Map(routes.map((route) => [route.route_no, legsOf(route).map((leg) => known.get(leg) ?? null)]));
  const legs = [...lines.values()].flat();
  const drawn = legs.filter((leg) => leg !== null).length;
  if (drawn === 0) return { lines: null, along: "straight" };
  return { lines, along: drawn === legs.length ? "roads" : "partly" };
}
