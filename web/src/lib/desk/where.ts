import type { Position } from "../geo";
import type { Hub } from "../map/scene";
import { routeColour } from "../palette";
import { courseOf, placesOf, type Place, type RoadLines } from "./features";
import type { DeskModel } from "./model";
import type { LitPlace, Overlay } from "./overlay";

/** What is looked at, as the map needs it. */
export interface Focus {
  route: number | null;
  hovered: number | null;
  /** All shipments that are chosen, or a member's. */
  shipments: ReadonlySet<string>;
  pointed: ReadonlySet<string>;
}

/** Numbers for more chosen places than this would be a heap. */
export const NUMBERED_MAX = 120;

/** Where everything of a plan is, found by what can be chosen. */
export class Where {
  readonly places: Place[];
  readonly #byShipment = new Map<string, number[]>();
  readonly #byRoute = new Map<number, number[]>();
  readonly #loose: Map<string, Position>;

  constructor(readonly model: DeskModel) {
    this.places = placesOf(model);
    for (const { id, stops } of this.places) {
      for (const { route, shipments } of stops) {
        push(this.#byRoute, route, id);
        for (const shipment of shipments) push(this.#byShipment, shipment, id);
      }
    }
    this.#loose = new Map(model.loose.map((one) => [one.id, [one.lon, one.lat]]));
  }

  /** Where a shipment is in the end; undefined where the plan does not tell. */
  of(shipment: string): Position | undefined {
    const place = this.places[this.#byShipment.get(shipment)?.at(-1) ?? -1];
    return place === undefined ? this.#loose.get(shipment) : [place.lon, place.lat];
  }

  /** Where a shipment is that no route carries. */
  loose(shipment: string): Position | undefined {
    return this.#loose.get(shipment);
  }

  /** The places of a chosen route and of chosen shipments. */
  lit({ route, shipments }: Focus): Set<number> {
    const found = new Set<number>(route === null ? [] : this.#byRoute.get(route));
    for (const shipment of shipments) for (const id of this.#byShipment.get(shipment) ?? []) found.add(id);
    return found;
  }

  /** What lies above the map; null for nothing. */
  overlay(focus: Focus, lines: RoadLines, hub: Hub | null, dark: boolean): Overlay | null {
    const { route, hovered, shipments, pointed } = focus;
    const looking = route !== null || shipments.size > 0;
    const number = route ?? hovered;
    const entry = number === null ? undefined : this.model.byRoute.get(number);
    const { way, spokes } = entry ? courseOf(entry.route, lines.get(entry.route.route_no)) : { way: [], spokes: [] };
    const lit = this.lit(focus);
    const seen = new Set(lit);
    for (const shipment of pointed) for (const id of this.#byShipment.get(shipment) ?? []) seen.add(id);
    const numbered = lit.size <= NUMBERED_MAX;
    if (!looking && way.length === 0 && seen.size === 0) return null;
    return {
      ways: way.length > 1 ? [way] : [],
      spokes,
      colour: routeColour(number ?? 1, dark),
      strong: route !== null,
      places: [...seen].map((id) => litPlace(this.places[id] as Place, focus, dark, lit.has(id), numbered)),
      loose: [...shipments].flatMap((shipment) => {
        const at = this.#loose.get(shipment);
        return at === undefined ? [] : [at];
      }),
      hub: looking && hub !== null ? [hub.lon, hub.lat] : null,
    };
  }
}

function litPlace(place: Place, focus: Focus, dark: boolean, lit: boolean, numbered: boolean): LitPlace {
  const holds = (ids: ReadonlySet<string>) => place.stops.some((stop) => stop.shipments.some((one) => ids.has(one)));
  const own = place.stops.filter((stop) => stop.route === focus.route);
  const only = own.length === 1 ? own[0] : place.stops.length === 1 ? place.stops[0] : undefined;
  const routes = only === undefined ? [...new Set(place.stops.map((stop) => stop.route))].slice(0, 8) : [only.route];
  return {
    at: [place.lon, place.lat],
    colour: routeColour(routes[0] ?? 1, dark),
    lit,
    chosen: lit && holds(focus.shipments),
    pointed: holds(focus.pointed),
    label: !numbered ? null : only === undefined ? `×${place.stops.length}` : String(only.stop.stop_no),
    shared: routes.length > 1 ? routes.map((one) => routeColour(one, dark)) : [],
  };
}

function push<K>(into: Map<K, number[]>, key: K, id: number): void {
  const known = into.get(key);
  if (known === undefined) into.set(key, [id]);
  else known.push(id);
}
