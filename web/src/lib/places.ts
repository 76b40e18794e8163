import type { Route, Stop } from "../api/client";

/** A stop of a route. */
export interface RouteStop {
  route: number;
  stop: Stop;
}

/** A place on the map with everyone who stops there, in the order of routes. */
export interface StopPlace {
  key: string;
  lat: number;
  lon: number;
  stops: RouteStop[];
}

/** Stops gathered by place: the same to five decimals, about a metre, is the same place. */
export function stopPlaces(routes: Pick<Route, "route_no" | "stops">[]): StopPlace[] {
  const found = new Map<string, StopPlace>();
  for (const route of routes) {
    for (const stop of route.stops) {
      const key = `${stop.lat.toFixed(5)},${stop.lon.toFixed(5)}`;
      const place = found.get(key) ?? { key, lat: stop.lat, lon: stop.lon, stops: [] };
      place.stops.push({ route: route.route_no, stop });
      found.set(key, place);
    }
  }
  return [...found.values()];
}

/** What stands on a place's badge: the stop's number in the route that is looked at, or how many stops there are. */
export function badge(place: StopPlace, route: number | null = null): string {
  const own = place.stops.length === 1 ? place.stops : place.stops.filter((entry) => entry.route === route);
  const only = own[0];
  return own.length === 1 && only !== undefined ? String(only.stop.stop_no) : `×${place.stops.length}`;
}
