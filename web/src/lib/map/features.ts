import type { Map as LibreMap } from "maplibre-gl";
import { circle, ringRadii, type Position } from "../geo";
import { toldOf } from "../itinerary";
import { kilometres } from "../numbers";
import { routeColour, type MapColours } from "../palette";
import type { StopPlace } from "../places";
import { crossIcon, hubIcon, pinIcon, sharedIcon, stopIcon, textIcon, timeIcon } from "./icons";
import { places, pointOf, reach_m, ways, type Focus, type Scene } from "./scene";

/** What features are drawn with. */
export interface Pen {
  map: LibreMap;
  dark: boolean;
  colours: MapColours;
}

type Properties = Record<string, string | number | null>;
export interface Feature {
  type: "Feature";
  properties: Properties;
  geometry: { type: "Point"; coordinates: Position } | { type: "LineString"; coordinates: Position[] };
}

const point = (coordinates: Position, properties: Properties): Feature => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates },
});
/** A feature that is a line. */
export const line = (coordinates: Position[], properties: Properties): Feature => ({
  type: "Feature",
  properties,
  geometry: { type: "LineString", coordinates },
});

/** Everything of a scene, by the source of the style that shows it. */
export function features(pen: Pen, scene: Scene, focus: Focus): Record<string, Feature[]> {
  return {
    ways: ways(scene, focus).map(({ line: way, ...properties }) =>
      line(way, { ...properties, colour: routeColour(properties.route, pen.dark) }),
    ),
    stops: [...stops(pen, scene, focus), ...loose(pen, scene, focus)],
    points: points(pen, scene, focus),
    ...rings(pen, scene),
  };
}

function stops(pen: Pen, scene: Scene, focus: Focus): Feature[] {
  const { paper, text, muted } = pen.colours;
  return places(scene, focus).map(({ place, label, lit, dimmed, over }) => {
    if (scene.clock !== null) return timed(pen, place, scene.clock, lit, dimmed);
    const numbers = place.stops.map((entry) => entry.route);
    const route = numbers.find((number) => number === focus.route) ?? numbers[0] ?? 0;
    const colours = [...new Set(numbers)].slice(0, 8).map((number) => routeColour(number, pen.dark));
    const icon = label.startsWith("×")
      ? sharedIcon(pen.map, label, colours, paper, text)
      : stopIcon(pen.map, label, over ? muted : routeColour(route, pen.dark), paper);
    const names = [...new Set(place.stops.map((entry) => entry.stop.name))].join(", ");
    return point([place.lon, place.lat], {
      icon,
      route,
      colour: routeColour(route, pen.dark),
      title: names,
      opacity: dimmed ? 0.22 : 1,
      rank: lit ? 2 : 1,
      near: lit ? 0 : 1,
    });
  });
}

/** A member's stop: when, and no more. */
function timed(pen: Pen, place: StopPlace, clock: (instant: string) => string, lit: boolean, dimmed: boolean): Feature {
  const { paper, text, accent } = pen.colours;
  const stop = place.stops
    .map((entry) => entry.stop)
    .reduce((first, one) => (one.arrives_at < first.arrives_at ? one : first));
  const shipment = stop.visits[0]?.shipment_id ?? null;
  const icon = timeIcon(pen.map, clock(stop.visits[0]?.begins_at ?? stop.arrives_at), lit ? accent : text, paper);
  return point([place.lon, place.lat], {
    icon,
    shipment,
    title: stop.name,
    opacity: dimmed ? 0.45 : 1,
    rank: lit ? 2 : 1,
    near: 0,
  });
}

/** Shipments without a route, and the place that is being picked. */
function loose(pen: Pen, scene: Scene, focus: Focus): Feature[] {
  const { bad, paper } = pen.colours;
  const { shipment, route, member } = focus;
  const found = scene.unplanned.map((entry) => {
    const lit = entry.shipment_id === shipment || entry.member_id === member;
    return point([entry.lon, entry.lat], {
      icon: crossIcon(pen.map, bad, paper),
      shipment: entry.shipment_id,
      title: entry.name,
      opacity: !lit && (shipment ?? route ?? member) !== null ? 0.25 : 1,
      rank: 3,
      near: 0,
    });
  });
  const { picked } = scene;
  if (picked !== null)
    found.push(
      point([picked.lon, picked.lat], {
        icon: pinIcon(pen.map, pen.colours.text, paper),
        title: picked.title ?? null,
        rank: 9,
        near: 0,
      }),
    );
  return found;
}

/** Shipments that the plan says nothing of: all of them before there is a plan, later ones after it. */
function points(pen: Pen, scene: Scene, focus: Focus): Feature[] {
  const kinds = ["delivery", "collection", "transport"];
  const told = toldOf(scene.routes, scene.unplanned);
  return scene.shipments.flatMap((shipment) => {
    const at = pointOf(shipment);
    if (at === null || shipment.status === "cancelled" || told.has(shipment.id)) return [];
    const lit = focus.shipment === null || focus.shipment === shipment.id;
    const title = (shipment.delivery ?? shipment.pickup)?.name ?? "";
    const colour = routeColour(kinds.indexOf(shipment.service) + 1, pen.dark);
    return [point(at, { colour, shipment: shipment.id, title, opacity: lit ? 0.95 : 0.25 })];
  });
}

/** Distance rings around the hub, their labels, and the hub itself. */
function rings(pen: Pen, scene: Scene): { rings: Feature[]; marks: Feature[] } {
  const { ground, muted, text, paper } = pen.colours;
  const hub = scene.hub;
  if (hub === null) return { rings: [], marks: [] };
  const radii = ringRadii(reach_m(scene));
  const labels = radii.map((radius) => {
    const top = circle(hub.lat, hub.lon, radius, 4)[1] as Position;
    return point(top, { kind: "label", icon: textIcon(pen.map, kilometres(radius), muted, ground) });
  });
  const house = point([hub.lon, hub.lat], { kind: "hub", icon: hubIcon(pen.map, text, paper), title: hub.name });
  return { rings: radii.map((radius) => line(circle(hub.lat, hub.lon, radius), {})), marks: [...labels, house] };
}
