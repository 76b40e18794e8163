import "maplibre-gl/dist/maplibre-gl.css";
import { Map as LibreMap, setWorkerUrl, type GeoJSONSource, type MapMouseEvent } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { circle, graticule, ringRadii, type Position } from "../geo";
import { kilometres } from "../numbers";
import { mapColours, routeColour, type MapColours } from "../palette";
import { crossIcon, hubIcon, pinIcon, sharedIcon, stopIcon, textIcon, timeIcon } from "./icons";
import { frame, places, pointOf, reach_m, ways, type Focus, type Scene } from "./scene";
import type { StopPlace } from "../places";
import { style } from "./style";

setWorkerUrl(workerUrl);

/** What lies under the pointer. */
export interface Hit {
  route: number | null;
  shipment: string | null;
  title: string;
  x: number;
  y: number;
}

export interface Handlers {
  hover: (hit: Hit | null) => void;
  click: (hit: Hit | null, lat: number, lon: number) => void;
  zoomed: (metresAPixel: number) => void;
}

type Properties = Record<string, string | number | null>;
interface Feature {
  type: "Feature";
  properties: Properties;
  geometry: { type: "Point"; coordinates: Position } | { type: "LineString"; coordinates: Position[] };
}

const point = (coordinates: Position, properties: Properties): Feature => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates },
});
const line = (coordinates: Position[], properties: Properties): Feature => ({
  type: "Feature",
  properties,
  geometry: { type: "LineString", coordinates },
});

/** The map on the page: turns scenes into layers and clicks into what was meant. */
export class MapView {
  readonly #map: LibreMap;
  readonly #handlers: Handlers;
  #dark: boolean;
  #scene: Scene | null = null;
  #focus: Focus = { route: null, hovered: null, member: null, shipment: null };
  #framed: string | null = null;
  #ready = false;

  constructor(container: HTMLElement, dark: boolean, tileUrl: string | null, handlers: Handlers) {
    this.#dark = dark;
    this.#handlers = handlers;
    this.#map = new LibreMap({
      container,
      style: style(mapColours(dark), tileUrl),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxPitch: 0,
      zoom: 10,
      fadeDuration: 0,
      renderWorldCopies: false,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.on("load", () => {
      this.#ready = true;
      this.#draw();
    });
    this.#map.on("moveend", () => this.#ground());
    this.#map.on("move", () => this.#scale());
    this.#map.on("mousemove", (event) => this.#hover(event));
    this.#map.on("mouseout", () => handlers.hover(null));
    this.#map.on("click", (event) => handlers.click(this.#hit(event), event.lngLat.lat, event.lngLat.lng));
    this.#map.getCanvas().setAttribute("tabindex", "0");
  }

  show(scene: Scene, focus: Focus): void {
    this.#scene = scene;
    this.#focus = focus;
    this.#draw();
  }

  theme(dark: boolean, tileUrl: string | null): void {
    if (dark === this.#dark) return;
    this.#dark = dark;
    this.#ready = false;
    this.#map.setStyle(style(mapColours(dark), tileUrl), { diff: false });
    this.#map.once("style.load", () => {
      this.#ready = true;
      this.#draw();
    });
  }

  zoom(by: number): void {
    this.#map.zoomTo(this.#map.getZoom() + by, { duration: this.#calm ? 0 : 200 });
  }

  /** Shows what is selected, or everything. */
  fit(animated = true): void {
    const box = this.#scene === null ? null : frame(this.#scene, this.#focus);
    if (box === null) return;
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const padding = Math.min(48, clientWidth / 8, clientHeight / 8);
    this.#map.fitBounds(box, { padding, maxZoom: 15, duration: animated && !this.#calm ? 350 : 0 });
  }

  resize(): void {
    this.#map.resize();
    this.#frameOnce();
  }

  cursor(kind: string): void {
    this.#map.getCanvas().style.cursor = kind;
  }

  remove(): void {
    this.#map.remove();
  }

  get #calm(): boolean {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  get #colours(): MapColours {
    return mapColours(this.#dark);
  }

  #set(source: string, features: Feature[]): void {
    void this.#map.getSource<GeoJSONSource>(source)?.setData({ type: "FeatureCollection", features });
  }

  #draw(): void {
    const scene = this.#scene;
    if (!this.#ready || scene === null) return;
    this.#set(
      "ways",
      ways(scene, this.#focus).map((way) =>
        line(way.line, {
          route: way.route,
          colour: routeColour(way.route, this.#dark),
          width: way.width,
          opacity: way.opacity,
          rank: way.rank,
        }),
      ),
    );
    this.#set("stops", [...this.#stopFeatures(scene), ...this.#loose(scene)]);
    this.#set("points", scene.routes.length > 0 ? [] : this.#pointFeatures(scene));
    this.#rings(scene);
    this.#frameOnce();
    this.#ground();
  }

  #stopFeatures(scene: Scene): Feature[] {
    const { paper, text } = this.#colours;
    return places(scene, this.#focus).map(({ place, label, lit, dimmed }) => {
      if (scene.clock !== null) return this.#timed(place, scene.clock, lit, dimmed);
      const numbers = place.stops.map((entry) => entry.route);
      const route = numbers.find((number) => number === this.#focus.route) ?? numbers[0] ?? 0;
      const colours = [...new Set(numbers)].slice(0, 8).map((number) => routeColour(number, this.#dark));
      const icon = label.startsWith("×")
        ? sharedIcon(this.#map, label, colours, paper, text)
        : stopIcon(this.#map, label, routeColour(route, this.#dark), paper);
      const names = [...new Set(place.stops.map((entry) => entry.stop.name))].join(", ");
      return point([place.lon, place.lat], {
        icon,
        route,
        colour: routeColour(route, this.#dark),
        title: names,
        opacity: dimmed ? 0.22 : 1,
        rank: lit ? 2 : 1,
        near: lit ? 0 : 1,
      });
    });
  }

  /** A member's stop: when, and no more. */
  #timed(place: StopPlace, clock: (instant: string) => string, lit: boolean, dimmed: boolean): Feature {
    const { paper, text, accent } = this.#colours;
    const stop = place.stops
      .map((entry) => entry.stop)
      .reduce((first, one) => (one.arrives_at < first.arrives_at ? one : first));
    const shipment = stop.visits[0]?.shipment_id ?? null;
    const icon = timeIcon(this.#map, clock(stop.visits[0]?.begins_at ?? stop.arrives_at), lit ? accent : text, paper);
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
  #loose(scene: Scene): Feature[] {
    const { bad, paper } = this.#colours;
    const { shipment, route, member } = this.#focus;
    const found = scene.unplanned.map((entry) => {
      const lit = entry.shipment_id === shipment || entry.member_id === member;
      return point([entry.lon, entry.lat], {
        icon: crossIcon(this.#map, bad, paper),
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
        point([picked.lon, picked.lat], { icon: pinIcon(this.#map, this.#colours.text, paper), rank: 9, near: 0 }),
      );
    return found;
  }

  #pointFeatures(scene: Scene): Feature[] {
    const kinds = ["delivery", "collection", "transport"];
    return scene.shipments.flatMap((shipment) => {
      const at = pointOf(shipment);
      if (at === null || shipment.status === "cancelled") return [];
      const lit = this.#focus.shipment === null || this.#focus.shipment === shipment.id;
      const title = (shipment.delivery ?? shipment.pickup)?.name ?? "";
      const colour = routeColour(kinds.indexOf(shipment.service) + 1, this.#dark);
      return [point(at, { colour, shipment: shipment.id, title, opacity: lit ? 0.95 : 0.25 })];
    });
  }

  #rings(scene: Scene): void {
    const { ground, muted, text, paper } = this.#colours;
    const hub = scene.hub;
    if (hub === null) return;
    const radii = ringRadii(reach_m(scene));
    this.#set(
      "rings",
      radii.map((radius) => line(circle(hub.lat, hub.lon, radius), {})),
    );
    const labels = radii.map((radius) => {
      const top = circle(hub.lat, hub.lon, radius, 4)[1] as Position;
      return point(top, { kind: "label", icon: textIcon(this.#map, kilometres(radius), muted, ground) });
    });
    this.#set("marks", [
      ...labels,
      point([hub.lon, hub.lat], { kind: "hub", icon: hubIcon(this.#map, text, paper), title: hub.name }),
    ]);
  }

  #frameOnce(): void {
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const scene = this.#scene;
    if (scene === null || this.#framed === scene.key || clientWidth === 0 || clientHeight === 0) return;
    if (scene.routes.length + scene.unplanned.length + scene.shipments.length === 0) return;
    this.#framed = scene.key;
    this.fit(false);
  }

  #ground(): void {
    if (!this.#ready) return;
    const bounds = this.#map.getBounds();
    this.#set(
      "grid",
      graticule([
        [bounds.getWest(), bounds.getSouth()],
        [bounds.getEast(), bounds.getNorth()],
      ]).map((one) => line(one, {})),
    );
    this.#scale();
  }

  #scale(): void {
    const latitude = (this.#map.getCenter().lat * Math.PI) / 180;
    this.#handlers.zoomed((78_271.517 * Math.cos(latitude)) / 2 ** this.#map.getZoom());
  }

  #hover(event: MapMouseEvent): void {
    const hit = this.#hit(event);
    this.#handlers.hover(hit);
  }

  #hit(event: MapMouseEvent): Hit | null {
    if (!this.#ready) return null;
    const { x, y } = event.point;
    const around: [[number, number], [number, number]] = [
      [x - 5, y - 5],
      [x + 5, y + 5],
    ];
    const found = this.#map.queryRenderedFeatures(around, {
      layers: ["stops", "stops-near", "dots", "hub", "points", "ways"],
    })[0];
    if (found === undefined) return null;
    const { route, shipment, title } = found.properties as Partial<Record<string, string | number>>;
    return {
      route: typeof route === "number" ? route : null,
      shipment: typeof shipment === "string" ? shipment : null,
      title: String(title ?? ""),
      x,
      y,
    };
  }
}
