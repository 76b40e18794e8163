import type { Route, Shipment, UnplannedShipment } from "../../api/client";
import type { RoadLines } from "../desk/features";
import { boxOf, metres, type Box, type Position } from "../geo";
import { badge, stopPlaces, type StopPlace } from "../places";

/** The cluster's hub, where it is. */
export interface Hub {
  lat: number;
  lon: number;
  name: string;
}

/** What the map is to show. */
export interface Scene {
  /** Another key is another day: the map then shows all of it again. */
  key: string;
  routes: Route[];
  unplanned: UnplannedShipment[];
  /** Shown as plain points while there are no routes. */
  shipments: Shipment[];
  hub: Hub | null;
  picked: { lat: number; lon: number; title?: string } | null;
  /** How to write an instant; set where stops carry their time and no lines join them. */
  clock: ((instant: string) => string) | null;
  /** Along which roads the legs of routes lead; a leg without one is straight. */
  lines: RoadLines | null;
  /** Numbers of stops at which all is done. */
  over: ReadonlySet<number>;
}

/** What is looked at. */
export interface Focus {
  route: number | null;
  hovered: number | null;
  member: string | null;
  shipment: string | null;
}

export interface WayFeature {
  route: number;
  line: Position[];
  width: number;
  opacity: number;
  rank: number;
  /** 1 where no road is known. */
  straight: 0 | 1;
}

interface Stroke {
  line: Position[];
  straight: 0 | 1;
}

/** Legs one after the other, those that are drawn alike as one line. */
function strokes(points: Position[], legs: (Position[] | null)[]): Stroke[] {
  const found: Stroke[] = [];
  points.slice(1).forEach((end, index) => {
    const road = legs[index] ?? null;
    const straight = road === null ? 1 : 0;
    const last = found.at(-1);
    // A road begins and ends beside the door.
    const on = [...(road ?? []), end];
    if (last?.straight === straight) last.line.push(...on);
    else found.push({ line: [points[index] as Position, ...on], straight });
  });
  return found;
}

/** Lines of all routes: the ways between stops bold, those from and to the hub light, so that it is no hairball. */
export function ways(scene: Scene, focus: Focus): WayFeature[] {
  if (scene.clock !== null) return [];
  return scene.routes.flatMap((route) => {
    const stops = route.stops.map((stop): Position => [stop.lon, stop.lat]);
    const first = stops[0];
    const last = stops.at(-1);
    if (first === undefined || last === undefined) return [];
    const lit = focus.route === route.route_no || (focus.route === null && focus.hovered === route.route_no);
    const dimmed =
      !lit && (focus.route !== null || focus.member !== null || focus.shipment !== null || focus.hovered !== null);
    const rank = lit ? 2 : 1;
    const spoke = {
      route: route.route_no,
      rank: rank - 1,
      width: lit ? 2 : 1.2,
      opacity: lit ? 0.75 : dimmed ? 0.07 : 0.25,
    };
    const way = { route: route.route_no, rank, width: lit ? 4 : 2.4, opacity: lit ? 1 : dimmed ? 0.15 : 0.85 };
    // Leg 0 leads to the first stop, where the start is known.
    const [from, to] = [endOf(route.start_lon, route.start_lat), endOf(route.end_lon, route.end_lat)];
    const legs = scene.lines?.get(route.route_no) ?? [];
    const between = from === null ? legs : legs.slice(1);
    const drawn = (look: Omit<WayFeature, "line" | "straight">, points: Position[], roads: (Position[] | null)[]) =>
      strokes(points, roads).map((stroke): WayFeature => ({ ...look, ...stroke }));
    return [
      ...(from === null ? [] : drawn(spoke, [from, first], legs.slice(0, 1))),
      ...(to === null ? [] : drawn(spoke, [last, to], between.slice(stops.length - 1))),
      ...drawn(way, stops, between),
    ];
  });
}

const endOf = (lon: number | null, lat: number | null): Position | null => (lon === null || lat === null ? null : [lon, lat]);

export interface PlaceFeature {
  place: StopPlace;
  label: string;
  lit: boolean;
  dimmed: boolean;
  /** All is done there. */
  over: boolean;
}

export function places(scene: Scene, focus: Focus): PlaceFeature[] {
  const looking = focus.route !== null || focus.member !== null || focus.shipment !== null || focus.hovered !== null;
  return stopPlaces(scene.routes).map((place) => {
    const lit = place.stops.some(({ route, stop }) => {
      if (focus.member !== null) return stop.visits.some((visit) => visit.member_id === focus.member);
      if (focus.shipment !== null) return stop.visits.some((visit) => visit.shipment_id === focus.shipment);
      return route === (focus.route ?? focus.hovered);
    });
    return { place, label: badge(place, focus.route), lit, dimmed: looking && !lit, over: place.stops.every(({ stop }) => scene.over.has(stop.stop_no)) };
  });
}

/** Where a shipment is drawn: at its consignee, or where it is collected. */
export function pointOf(shipment: Shipment): Position | null {
  const end = shipment.delivery ?? shipment.pickup;
  return end === null ? null : [end.lon, end.lat];
}

/** The box to show: what is selected, or everything. */
export function frame(scene: Scene, focus: Focus): Box | null {
  const chosen = scene.routes.filter((route) => focus.route === null || route.route_no === focus.route);
  const positions = chosen.flatMap((route) => route.stops.map((stop): Position => [stop.lon, stop.lat]));
  if (focus.route === null) {
    positions.push(...scene.unplanned.map((entry): Position => [entry.lon, entry.lat]));
    if (scene.routes.length === 0) positions.push(...scene.shipments.map(pointOf).filter((point) => point !== null));
  }
  if (scene.hub !== null) positions.push([scene.hub.lon, scene.hub.lat]);
  return boxOf(positions);
}

/** How far the farthest thing on the map is from the hub. */
export function reach_m(scene: Scene): number {
  const hub = scene.hub;
  if (hub === null) return 0;
  const box = frame(scene, { route: null, hovered: null, member: null, shipment: null });
  return box === null ? 0 : Math.max(...box.map((corner) => metres([hub.lon, hub.lat], corner))) * 0.75;
}
