import "maplibre-gl/dist/maplibre-gl.css";
import { Map as LibreMap, setWorkerUrl, type GeoJSONSource, type MapGeoJSONFeature } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { boxOf, graticule, type Box, type Position } from "../geo";
import type { Hub } from "../map/scene";
import { crossIcon, hubIcon, sharedIcon, stopIcon, textIcon } from "../map/icons";
import { mapColours, routeColour } from "../palette";
import { hubFeatures, placeFeature, placesOf, pointAt, wayFeatures, type Feature, type Place } from "./features";
import { within } from "./lasso";
import { BASE, CROWDED, deskStyle, DIMMED, NEAR_ZOOM } from "./layers";
import type { DeskModel } from "./model";

setWorkerUrl(workerUrl);

/** What is looked at, as the map needs it. */
export interface Focus {
  route: number | null;
  hovered: number | null;
  /** All shipments that are chosen, or a member's. */
  shipments: ReadonlySet<string>;
  pointed: ReadonlySet<string>;
}

/** What lies under the pointer. */
export interface Hit {
  place: Place | null;
  route: number | null;
  shipment: string | null;
  /** How many stops a disc stands for. */
  count: number;
  x: number;
  y: number;
}

export interface Handlers {
  hover: (hit: Hit | null) => void;
  click: (hit: Hit | null, adding: boolean) => void;
  zoomed: (metresAPixel: number) => void;
}

const CROWD = 30;
/** Below this many places nothing is gathered: everything has room. */
const GATHER = 400;
const HITS = ["numbers", "lit", "loose-lit", "near", "dots", "loose", "new", "clusters", "ways"];
/** Numbers for more chosen places than this would be a heap. */
const NUMBERED_MAX = 120;

/** The coordinator's map. Data go to it once a plan; looking at something changes states only. */
export class DeskMapView {
  readonly map: LibreMap;
  readonly #handlers: Handlers;
  #dark: boolean;
  #model: DeskModel | null = null;
  #hub: Hub | null = null;
  #key = "";
  #framed: string | null = null;
  #places: Place[] = [];
  #placesOf = new Map<string, number[]>();
  #placesOfRoute = new Map<number, number[]>();
  #looseOf = new Map<string, number>();
  #focus: Focus = { route: null, hovered: null, shipments: new Set(), pointed: new Set() };
  /** Which features have which state: `source|id` to its states. */
  #states = new Map<string, string>();
  #numbered = "";
  /** Whether stops close together are one disc, as the style has it at first. */
  #gathered = true;
  #ready = false;
  #asked = 0;

  constructor(container: HTMLElement, dark: boolean, tileUrl: string | null, handlers: Handlers) {
    this.#dark = dark;
    this.#handlers = handlers;
    this.map = new LibreMap({
      container,
      style: deskStyle(mapColours(dark), tileUrl),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      boxZoom: false,
      maxPitch: 0,
      zoom: 10,
      fadeDuration: 0,
      renderWorldCopies: false,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.setMissingStyleImageResolver((name) => this.#icon(name));
    this.map.on("load", () => this.#begin());
    // For whoever measures: once data were given to it, the map has drawn them.
    this.map.on("idle", () => this.#model !== null && performance.mark("desk map drawn"));
    this.map.on("moveend", () => this.#ground());
    this.map.on("move", () => this.#scale());
    this.map.on("mousemove", (event) => this.#hover(event.point.x, event.point.y));
    this.map.on("mouseout", () => handlers.hover(null));
    this.map.on("click", ({ point, originalEvent: key }) =>
      handlers.click(this.#hit(point.x, point.y), key.ctrlKey || key.metaKey),
    );
    this.map.getCanvas().setAttribute("tabindex", "0");
  }

  /** Another plan, or another day if its key is another. */
  show(key: string, model: DeskModel, hub: Hub | null): void {
    if (model === this.#model && hub === this.#hub) return;
    this.#key = key;
    this.#model = model;
    this.#hub = hub;
    this.#places = placesOf(model);
    this.#placesOf = new Map();
    this.#placesOfRoute = new Map();
    for (const { id, stops } of this.#places) {
      for (const { route, shipments } of stops) {
        push(this.#placesOfRoute, route, id);
        for (const shipment of shipments) push(this.#placesOf, shipment, id);
      }
    }
    this.#looseOf = new Map(model.loose.map((one, index) => [one.id, index]));
    this.#draw();
  }

  look(focus: Focus): void {
    this.#focus = focus;
    this.#light();
  }

  theme(dark: boolean, tileUrl: string | null): void {
    if (dark === this.#dark) return;
    this.#dark = dark;
    this.#ready = false;
    this.#gathered = true;
    this.map.setStyle(deskStyle(mapColours(dark), tileUrl), { diff: false });
    this.map.once("style.load", () => this.#begin());
  }

  zoom(by: number): void {
    this.map.zoomTo(this.map.getZoom() + by, { duration: this.#calm ? 0 : 200 });
  }

  /** Shows what is looked at, or everything. */
  fit(animated = true): void {
    const box = this.#box(true) ?? this.#box(false);
    if (box === null) return;
    const { clientWidth, clientHeight } = this.map.getContainer();
    const padding = Math.min(48, clientWidth / 8, clientHeight / 8);
    this.map.fitBounds(box, { padding, maxZoom: 15, duration: animated && !this.#calm ? 350 : 0 });
  }

  /** Moves to a chosen shipment that is out of sight, and not otherwise: a map that jumps is hard to read. */
  reveal(shipment: string): void {
    const place = this.#places[this.#placesOf.get(shipment)?.at(-1) ?? -1];
    const at = place ?? this.#model?.loose[this.#looseOf.get(shipment) ?? -1];
    if (at === undefined || this.map.getBounds().contains([at.lon, at.lat])) return;
    this.map.easeTo({ center: [at.lon, at.lat], duration: this.#calm ? 0 : 300 });
  }

  /** Into a disc that stands for many stops. */
  open(x: number, y: number): void {
    const found = this.map.queryRenderedFeatures([x, y], { layers: ["clusters"] })[0];
    const source = this.map.getSource<GeoJSONSource>("grouped");
    if (found === undefined || source === undefined) return;
    const center = (found.geometry as { coordinates: Position }).coordinates;
    void source.getClusterExpansionZoom(Number(found.properties["cluster_id"])).then((zoom) => {
      this.map.easeTo({ center, zoom, duration: this.#calm ? 0 : 300 });
    });
  }

  /** The shipments within a line drawn on the map, in pixels. */
  inside(line: [x: number, y: number][]): string[] {
    const ring = line.map((point) => this.map.unproject(point).toArray() as Position);
    const placed = this.#places.filter((place) => within([place.lon, place.lat], ring));
    const loose = (this.#model?.loose ?? []).filter((one) => within([one.lon, one.lat], ring));
    return [...placed.flatMap((place) => place.stops.flatMap((stop) => stop.shipments)), ...loose.map((one) => one.id)];
  }

  resize(): void {
    this.map.resize();
    this.#frameOnce();
  }

  cursor(kind: string): void {
    this.map.getCanvas().style.cursor = kind;
  }

  remove(): void {
    cancelAnimationFrame(this.#asked);
    this.map.remove();
  }

  get #calm(): boolean {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  #begin(): void {
    this.#ready = true;
    this.#draw();
  }

  #set(source: string, features: Feature[]): void {
    void this.map.getSource<GeoJSONSource>(source)?.setData({ type: "FeatureCollection", features });
  }

  #draw(): void {
    const model = this.#model;
    if (!this.#ready || model === null) return;
    const drawn = this.#places.map((place) => placeFeature(place, this.#dark));
    const { ways, spokes } = wayFeatures(model, this.#dark);
    const { rings, marks } = hubFeatures(this.#hub, this.#box(false));
    const gathered = drawn.length > GATHER;
    const grouped = this.map.getSource<GeoJSONSource>("grouped");
    // Asked for the same again it would gather all of them twice.
    if (this.#gathered !== gathered) void grouped?.setClusterOptions({ cluster: gathered });
    this.#gathered = gathered;
    const colour = routeColour(2, this.#dark);
    const loose = model.loose.map((one, id) =>
      pointAt([one.lon, one.lat], { icon: "cross", kind: one.standing, colour, shipment: one.id }, id),
    );
    const all = { ways, spokes, rings, marks, places: drawn, grouped: drawn, loose, numbers: [] };
    for (const [source, features] of Object.entries(all)) this.#set(source, features);
    for (const source of ["ways", "spokes", "places", "loose"]) this.map.removeFeatureState({ source });
    this.#states.clear();
    this.#numbered = "";
    this.#frameOnce();
    this.#ground();
    this.#light();
  }

  #box(chosen: boolean): Box | null {
    const { route, shipments } = this.#focus;
    if (chosen && route === null && shipments.size === 0) return null;
    const ids = chosen ? this.#litPlaces() : null;
    const positions = this.#places
      .filter((place) => ids === null || ids.has(place.id))
      .map((place): Position => [place.lon, place.lat]);
    for (const one of this.#model?.loose ?? [])
      if (!chosen || shipments.has(one.id)) positions.push([one.lon, one.lat]);
    if (this.#hub !== null && (!chosen || route !== null)) positions.push([this.#hub.lon, this.#hub.lat]);
    return boxOf(positions);
  }

  #frameOnce(): void {
    const { clientWidth, clientHeight } = this.map.getContainer();
    if (this.#framed === this.#key || clientWidth === 0 || clientHeight === 0) return;
    if (this.#places.length === 0 && (this.#model?.loose.length ?? 0) === 0) return;
    this.#framed = this.#key;
    this.fit(false);
  }

  #litPlaces(): Set<number> {
    const { route, shipments } = this.#focus;
    const found = new Set<number>(route === null ? [] : this.#placesOfRoute.get(route));
    for (const shipment of shipments) for (const id of this.#placesOf.get(shipment) ?? []) found.add(id);
    return found;
  }

  /** Brings states of features to what is looked at: only those that differ are touched. */
  #light(): void {
    if (!this.#ready) return;
    const { route, hovered, shipments, pointed } = this.#focus;
    const wanted = new Map<string, string>();
    const add = (key: string, state: string) => wanted.set(key, `${wanted.get(key) ?? ""}${state} `);
    for (const id of this.#litPlaces()) add(`places|${id}`, "lit");
    for (const shipment of shipments) {
      for (const id of this.#placesOf.get(shipment) ?? []) add(`places|${id}`, "chosen");
      const loose = this.#looseOf.get(shipment);
      if (loose !== undefined) add(`loose|${loose}`, "lit");
    }
    for (const shipment of pointed) for (const id of this.#placesOf.get(shipment) ?? []) add(`places|${id}`, "pointed");
    for (const source of ["ways", "spokes"]) {
      if (route !== null) add(`${source}|${route}`, "lit");
      else if (hovered !== null) add(`${source}|${hovered}`, "pointed");
    }
    for (const [key, states] of this.#states) if (!wanted.has(key)) this.#state(key, states, "");
    for (const [key, states] of wanted) if (this.#states.get(key) !== states) this.#state(key, this.#states.get(key) ?? "", states);
    this.#states = wanted;
    this.#dim(route !== null || shipments.size > 0);
    this.#numbers();
  }

  #state(key: string, before: string, after: string): void {
    const [source = "", id] = key.split("|");
    const states: Record<string, boolean> = {};
    for (const name of before.split(" ").filter(Boolean)) states[name] = false;
    for (const name of after.split(" ").filter(Boolean)) states[name] = true;
    this.map.setFeatureState({ source, id: Number(id) }, states);
  }

  /** Constants of layers, so that nothing is computed anew for each feature. */
  #dim(looking: boolean): void {
    const crowded = (this.#model?.routes.length ?? 0) > CROWD;
    const { ways, spokes, dots } = looking ? DIMMED : crowded ? CROWDED : BASE;
    type Opacity = "line-opacity" | "circle-opacity" | "circle-stroke-opacity" | "icon-opacity";
    const paint: [layer: string, property: Opacity, value: number][] = [
      ["ways", "line-opacity", ways],
      ["spokes", "line-opacity", spokes],
      ["dots", "circle-opacity", dots],
      ["dots", "circle-stroke-opacity", dots],
      ["near", "icon-opacity", dots],
      ["clusters", "circle-opacity", looking ? 0.6 : 1],
      ["clusters", "circle-stroke-opacity", looking ? 0.4 : 1],
      ["cluster-counts", "icon-opacity", looking ? 0.4 : 1],
    ];
    // Invisible lines cost as much to draw as visible ones.
    const spoked = crowded ? "none" : "visible";
    if (this.map.getLayoutProperty("spokes", "visibility") !== spoked)
      this.map.setLayoutProperty("spokes", "visibility", spoked);
    for (const [layer, property, value] of paint)
      if (this.map.getPaintProperty(layer, property) !== value) this.map.setPaintProperty(layer, property, value);
  }

  /** Numbers of what is looked at, at any zoom: a source of its own with a handful of features. */
  #numbers(): void {
    const { route } = this.#focus;
    const ids = [...this.#litPlaces()];
    const key = `${route}|${ids.length > NUMBERED_MAX ? "" : ids.join()}`;
    if (key === this.#numbered) return;
    this.#numbered = key;
    const shown = ids.length > NUMBERED_MAX ? [] : ids;
    this.#set(
      "numbers",
      shown.map((id) => {
        const place = this.#places[id] as Place;
        const own = place.stops.filter((stop) => stop.route === route);
        const only = own.length === 1 ? own[0] : place.stops.length === 1 ? place.stops[0] : undefined;
        if (only === undefined) return placeFeature(place, this.#dark);
        return pointAt([place.lon, place.lat], { icon: `stop|${only.stop.stop_no}|${only.route}`, route: only.route }, id);
      }),
    );
  }

  /** Pictures are drawn when a tile first asks for them. */
  #icon(name: string): void {
    const [kind = "", label = "", routes = ""] = name.split("|");
    const { paper, text, muted, ground, bad } = mapColours(this.#dark);
    const colours = routes.split(",").map((route) => routeColour(Number(route), this.#dark));
    if (kind === "stop") stopIcon(this.map, label, colours[0] ?? text, paper, name);
    else if (kind === "shared") sharedIcon(this.map, label, colours, paper, text, name);
    else if (kind === "text") textIcon(this.map, label, muted, ground, name);
    else if (kind === "count") textIcon(this.map, label, text, paper, name);
    else if (kind === "hub") hubIcon(this.map, text, paper, name);
    else if (kind === "cross") crossIcon(this.map, bad, paper, name);
  }

  #ground(): void {
    if (!this.#ready) return;
    const bounds = this.map.getBounds();
    const lines = graticule([
      [bounds.getWest(), bounds.getSouth()],
      [bounds.getEast(), bounds.getNorth()],
    ]);
    this.#set(
      "grid",
      lines.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } })),
    );
    this.#scale();
  }

  #scale(): void {
    const latitude = (this.map.getCenter().lat * Math.PI) / 180;
    this.#handlers.zoomed((78_271.517 * Math.cos(latitude)) / 2 ** this.map.getZoom());
  }

  /** Once a frame at most, however often the pointer reports. */
  #hover(x: number, y: number): void {
    cancelAnimationFrame(this.#asked);
    if (this.map.isMoving()) return;
    this.#asked = requestAnimationFrame(() => this.#handlers.hover(this.#hit(x, y)));
  }

  #hit(x: number, y: number): Hit | null {
    if (!this.#ready) return null;
    const near = this.map.getZoom() >= NEAR_ZOOM ? 3 : 5;
    const around: [[number, number], [number, number]] = [
      [x - near, y - near],
      [x + near, y + near],
    ];
    const lit = (found: MapGeoJSONFeature) => found.layer.id !== "lit" || found.state["lit"] === true;
    const found = this.map.queryRenderedFeatures(around, { layers: HITS }).find(lit);
    if (found === undefined) return null;
    const { source, properties, id } = found;
    const count = Number(properties["point_count"] ?? 0);
    const placed = count === 0 && ["grouped", "places", "numbers"].includes(source);
    return {
      place: placed ? (this.#places[Number(id)] ?? null) : null,
      route: source === "ways" ? Number(properties["route"]) : null,
      shipment: source === "loose" ? String(properties["shipment"]) : null,
      count,
      x,
      y,
    };
  }
}

function push<K>(into: Map<K, number[]>, key: K, id: number): void {
  const known = into.get(key);
  if (known === undefined) into.set(key, [id]);
  else known.push(id);
}
