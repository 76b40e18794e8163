import type { Route, Shipment, UnplannedShipment } from "../../api/client";
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
  picked: { lat: number; lon: number } | null;
  /** How to write an instant; set where stops carry their time and no lines join them. */
  clock: ((instant: string) => string) | null;
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
    const found: WayFeature[] = [];
    if (route.start_lon !== null && route.start_lat !== null)
      found.push({ ...spoke, line: [[route.start_lon, route.start_lat], first] });
    if (route.end_lon !== null && route.end_lat !== null)
      found.push({ ...spoke, line: [last, [route.end_lon, route.end_lat]] });
    if (stops.length > 1) {
      found.push({
        route: route.route_no,
        rank,
        width: lit ? 4 : 2.4,
        opacity: lit ? 1 : dimmed ? 0.15 : 0.85,
        line: stops,
      });
    }
    return found;
  });
}

export interface PlaceFeature {
  place: StopPlace;
  label: string;
  lit: boolean;
  dimmed: boolean;
}

export function places(scene: Scene, focus: Focus): PlaceFeature[] {
  const looking = focus.route !== null || focus.member !== null || focus.shipment !== null || focus.hovered !== null;
  return stopPlaces(scene.routes).map((place) => {
    const lit = place.stops.some(({ route, stop }) => {
      if (focus.member !== null) return stop.visits.some((visit) => visit.member_id === focus.member);
      if (focus.shipment !== null) return stop.visits.some((visit) => visit.shipment_id === focus.shipment);
      return route === (focus.route ?? focus.hovered);
    });
    return { place, label: badge(place, focus.route), lit, dimmed: looking && !lit };
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
