import type { Route } from "../../api/client";
import { circle, metres, ringRadii, type Box, type Position } from "../geo";
import type { Hub } from "../map/scene";
import { kilometres } from "../numbers";
import { routeColour } from "../palette";
import type { DeskModel, DeskStop } from "./model";

/** Stops at one place; its number is the identifier of its feature. */
export interface Place {
  id: number;
  lat: number;
  lon: number;
  stops: DeskStop[];
}

type Properties = Record<string, string | number>;
export interface Feature {
  type: "Feature";
  id?: number;
  properties: Properties;
  geometry:
    | { type: "Point"; coordinates: Position }
    | { type: "LineString"; coordinates: Position[] }
    | { type: "MultiLineString"; coordinates: Position[][] };
}

/** Places in the order of routes: the same to five decimals, about a metre, is the same place. */
export function placesOf(model: DeskModel): Place[] {
  const found = new Map<string, Place>();
  for (const { stops } of model.routes) {
    for (const stop of stops) {
      const { lat, lon } = stop.stop;
      const key = `${Math.round(lat * 1e5)},${Math.round(lon * 1e5)}`;
      const place = found.get(key);
      if (place === undefined) found.set(key, { id: found.size, lat, lon, stops: [stop] });
      else place.stops.push(stop);
    }
  }
  return [...found.values()];
}

export function pointAt(coordinates: Position, properties: Properties, id?: number): Feature {
  return { type: "Feature", ...(id === undefined ? {} : { id }), properties, geometry: { type: "Point", coordinates } };
}

/** A place on its own: the stop's number, or how many stops there are. */
export function placeFeature(place: Place, dark: boolean): Feature {
  const first = place.stops[0] as DeskStop;
  const routes = [...new Set(place.stops.map((one) => one.route))];
  const icon =
    place.stops.length === 1
      ? `stop|${first.stop.stop_no}|${first.route}`
      : `shared|×${place.stops.length}|${routes.slice(0, 8).join()}`;
  return pointAt([place.lon, place.lat], { icon, route: first.route, colour: routeColour(first.route, dark) }, place.id);
}

/** Along which positions the legs of routes lead, by route: from its start, between its stops, to its end; null is straight. */
export type RoadLines = ReadonlyMap<number, (Position[] | null)[]>;

/** A route's way between its stops, and apart from it those from and to the hub, so that they can be fainter. */
export function courseOf(route: Route, legs: (Position[] | null)[] = []): { way: Position[]; spokes: Position[][] } {
  const stops = route.stops.map((stop): Position => [stop.lon, stop.lat]);
  const [first, last] = [stops[0], stops.at(-1)];
  if (first === undefined || last === undefined) return { way: [], spokes: [] };
  const way = [first];
  const spokes: Position[][] = [];
  // Leg 0 leads to the first stop, where the start is known; a road begins and ends beside the door.
  let leg = 0;
  if (route.start_lon !== null && route.start_lat !== null)
    spokes.push([[route.start_lon, route.start_lat], ...(legs[leg++] ?? []), first]);
  for (const stop of stops.slice(1)) way.push(...(legs[leg++] ?? []), stop);
  if (route.end_lon !== null && route.end_lat !== null)
    spokes.push([last, ...(legs[leg] ?? []), [route.end_lon, route.end_lat]]);
  return { way, spokes };
}

/** Legs of a route of which some follow roads: what does, and what is straight for want of a road; both ways and spokes. */
export function piecesOf(route: Route, legs: (Position[] | null)[]): Record<"ways" | "spokes", Record<"road" | "straight", Position[][]>> {
  const pieces = { ways: { road: [], straight: [] }, spokes: { road: [], straight: [] } } as ReturnType<typeof piecesOf>;
  const stops = route.stops.map((stop): Position => [stop.lon, stop.lat]);
  const start: Position[] = route.start_lon !== null && route.start_lat !== null ? [[route.start_lon, route.start_lat]] : [];
  const end: Position[] = route.end_lon !== null && route.end_lat !== null ? [[route.end_lon, route.end_lat]] : [];
  const points = stops.length === 0 ? [] : [...start, ...stops, ...end];
  points.slice(1).forEach((to, index) => {
    const outer = (index === 0 && start.length > 0) || (index === points.length - 2 && end.length > 0);
    const leg = legs[index] ?? null;
    const from = points[index] as Position;
    pieces[outer ? "spokes" : "ways"][leg === null ? "straight" : "road"].push([from, ...(leg ?? []), to]);
  });
  return pieces;
}

/** Lines of all routes; a leg that is straight while others follow roads says so. */
export function wayFeatures(model: DeskModel, dark: boolean, lines: RoadLines): { ways: Feature[]; spokes: Feature[] } {
  const ways: Feature[] = [];
  const spokes: Feature[] = [];
  for (const { route } of model.routes) {
    const { way, spokes: ends } = courseOf(route, lines.get(route.route_no));
    const properties = { route: route.route_no, colour: routeColour(route.route_no, dark) };
    const legs = lines.get(route.route_no);
    if (legs?.includes(null)) {
      const pieces = piecesOf(route, legs);
      for (const [into, from] of [[ways, pieces.ways], [spokes, pieces.spokes]] as const) {
        if (from.road.length > 0) into.push(lineOf(from.road, properties));
        if (from.straight.length > 0) into.push(lineOf(from.straight, { ...properties, straight: 1 }));
      }
      continue;
    }
    if (way.length > 1) ways.push({ type: "Feature", properties, geometry: { type: "LineString", coordinates: way } });
    if (ends.length > 0)
      spokes.push({ type: "Feature", properties, geometry: { type: "MultiLineString", coordinates: ends } });
  }
  return { ways, spokes };
}

function lineOf(coordinates: Position[][], properties: Properties): Feature {
  return { type: "Feature", properties, geometry: { type: "MultiLineString", coordinates } };
}

/** Distance rings around the hub, their labels, and the hub itself. */
export function hubFeatures(hub: Hub | null, box: Box | null): { rings: Feature[]; marks: Feature[] } {
  if (hub === null) return { rings: [], marks: [] };
  const reach_m = box === null ? 0 : Math.max(...box.map((corner) => metres([hub.lon, hub.lat], corner))) * 0.75;
  const radii = ringRadii(reach_m);
  const labels = radii.map((radius) => {
    const top = circle(hub.lat, hub.lon, radius, 4)[1] as Position;
    return pointAt(top, { kind: "label", icon: `text|${kilometres(radius)}` });
  });
  const rings = radii.map(
    (radius): Feature => ({
      type: "Feature",
      properties: {},
      geometry: { type: "LineString", coordinates: circle(hub.lat, hub.lon, radius) },
    }),
  );
  return { rings, marks: [...labels, pointAt([hub.lon, hub.lat], { kind: "hub", icon: "hub" })] };
}
