import "../map/map.css";
import { Map as LibreMap, setWorkerUrl, type GeoJSONSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { boxOf, graticule, type Box, type Position } from "../geo";
import type { Hub } from "../map/scene";
import { crossIcon, hubIcon, sharedIcon, stopIcon, textIcon } from "../map/icons";
import { mapColours, routeColour } from "../palette";
import { hubFeatures, placeFeature, pointAt, wayFeatures, type Feature, type Place, type RoadLines } from "./features";
import { within } from "./lasso";
import { BASE, CROWDED, deskStyle, NEAR_ZOOM, SPARED } from "./layers";
import type { DeskModel } from "./model";
import { drawOverlay, litRadius, type Overlay } from "./overlay";
import { NUMBERED_MAX, Where, type Focus } from "./where";

setWorkerUrl(workerUrl);

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
const HITS = ["near", "dots", "loose", "new", "clusters", "ways", "ways-straight"];
/** How much of the map is left while something on it is looked at. */
const FADED = "0.34";
/** A frame that takes longer, in milliseconds, is a slow one; after so many, lines are left out until the map rests. */
const SLOW_MS = 50;
const SLOW_FRAMES = 3;
const NO_LINES: RoadLines = new Map();

/**
 * The coordinator's map. Data go to it once a plan.
 *
 * Looking at something draws on a canvas above it and fades the map below as a whole: nothing of the map itself is drawn
 * anew, whose every frame costs as much as all of the day.
 */
export class DeskMapView {
  readonly map: LibreMap;
  readonly #handlers: Handlers;
  #dark: boolean;
  #where: Where | null = null;
  #hub: Hub | null = null;
  #key = "";
  #framed: string | null = null;
  /** Whether the reader has moved the map: from then on it stays where it is. */
  #moved = false;
  #focus: Focus = { route: null, hovered: null, shipments: new Set(), pointed: new Set() };
  readonly #above = document.createElement("canvas");
  #overlay: Overlay | null = null;
  /** Whether there is something on the canvas above. */
  #painted = false;
  #painting = 0;
  #lines: RoadLines = NO_LINES;
  /** How many slow frames there were since the map began to move, and when the last frame was. */
  #slow = 0;
  #drawn = 0;
  #sparing = false;
  /** The box that the lines of the ground were drawn for. */
  #grounded: Box | null = null;
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
    this.map.on("idle", () => this.#where !== null && performance.mark("desk map drawn"));
    this.map.on("movestart", (event) => (this.#moved ||= event.originalEvent !== undefined));
    this.map.on("moveend", () => this.#ground());
    this.map.on("move", () => this.#scale());
    // In the same frame, so that both move together.
    this.map.on("render", () => {
      this.#paint();
      this.#pace();
    });
    this.map.on("movestart", () => ([this.#slow, this.#drawn] = [0, performance.now()]));
    this.map.on("moveend", () => this.#spare(false));
    this.map.on("mousemove", (event) => this.#hover(event.point.x, event.point.y));
    this.map.on("mouseout", () => handlers.hover(null));
    this.map.on("click", ({ point, originalEvent: key }) =>
      handlers.click(this.#hit(point.x, point.y), key.ctrlKey || key.metaKey),
    );
    this.map.getCanvas().setAttribute("tabindex", "0");
    this.#above.className = "above";
    this.#above.style.cssText = "position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none";
    this.map.getCanvasContainer().append(this.#above);
  }

  /** Another plan, or another day if its key is another. */
  show(key: string, model: DeskModel, hub: Hub | null, lines: RoadLines | null): void {
    if (model === this.#where?.model && hub === this.#hub && (lines ?? NO_LINES) === this.#lines) return;
    this.#lines = lines ?? NO_LINES;
    this.#key = key;
    this.#hub = hub;
    if (model !== this.#where?.model) this.#where = new Where(model);
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
    this.#grounded = null;
    this.map.setStyle(deskStyle(mapColours(dark), tileUrl), { diff: false });
    this.map.once("style.load", () => this.#begin());
  }

  zoom(by: number): void {
    this.#moved = true;
    this.map.zoomTo(this.map.getZoom() + by, { duration: this.#calm ? 0 : 200 });
  }

  /** Shows what is looked at, or everything. */
  fit(animated = true): void {
    this.#show(this.#box(true) ?? this.#box(false), animated);
  }

  #show(box: Box | null, animated: boolean): void {
    if (box === null) return;
    const { clientWidth, clientHeight } = this.map.getContainer();
    const padding = Math.min(48, clientWidth / 8, clientHeight / 8);
    this.map.fitBounds(box, { padding, maxZoom: 15, duration: animated && !this.#calm ? 350 : 0 });
  }

  /** Moves to a chosen shipment that is out of sight, and not otherwise: a map that jumps is hard to read. */
  reveal(shipment: string): void {
    const at = this.#where?.of(shipment);
    if (at === undefined || this.map.getBounds().contains(at)) return;
    this.#moved = true;
    this.map.easeTo({ center: at, duration: this.#calm ? 0 : 300 });
  }

  /** Into a disc that stands for many stops. */
  open(x: number, y: number): void {
    const found = this.map.queryRenderedFeatures([x, y], { layers: ["clusters"] })[0];
    const source = this.map.getSource<GeoJSONSource>("grouped");
    if (found === undefined || source === undefined) return;
    this.#moved = true;
    const center = (found.geometry as { coordinates: Position }).coordinates;
    void source.getClusterExpansionZoom(Number(found.properties["cluster_id"])).then((zoom) => {
      this.map.easeTo({ center, zoom, duration: this.#calm ? 0 : 300 });
    });
  }

  /** The shipments within a line drawn on the map, in pixels. */
  inside(line: [x: number, y: number][]): string[] {
    const ring = line.map((point) => this.map.unproject(point).toArray() as Position);
    const placed = (this.#where?.places ?? []).filter((place) => within([place.lon, place.lat], ring));
    const loose = (this.#where?.model.loose ?? []).filter((one) => within([one.lon, one.lat], ring));
    return [...placed.flatMap((place) => place.stops.flatMap((stop) => stop.shipments)), ...loose.map((one) => one.id)];
  }

  resize(): void {
    this.map.resize();
    this.#frameOnce();
    // A page takes its shape after its map has: until anything is looked at, all of the day stays in sight.
    const looking = this.#focus.route !== null || this.#focus.shipments.size > 0;
    if (this.#framed === this.#key && !this.#moved && !looking) this.#show(this.#box(false), false);
    this.#paint();
  }

  cursor(kind: string): void {
    this.map.getCanvas().style.cursor = kind;
  }

  remove(): void {
    cancelAnimationFrame(this.#asked);
    cancelAnimationFrame(this.#painting);
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
    if (!this.#ready || this.#where === null) return;
    const { model, places } = this.#where;
    const drawn = places.map((place) => placeFeature(place, this.#dark));
    const { ways, spokes } = wayFeatures(model, this.#dark, this.#lines);
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
    const all = { ways, spokes, rings, marks, grouped: drawn, loose };
    for (const [source, features] of Object.entries(all)) this.#set(source, features);
    this.#crowd();
    this.#frameOnce();
    this.#ground();
    this.#light();
  }

  #box(chosen: boolean): Box | null {
    const { route, shipments } = this.#focus;
    const where = this.#where;
    if (where === null || (chosen && route === null && shipments.size === 0)) return null;
    const ids = chosen ? where.lit(this.#focus) : null;
    const positions = where.places
      .filter((place) => ids === null || ids.has(place.id))
      .map((place): Position => [place.lon, place.lat]);
    for (const one of where.model.loose) if (!chosen || shipments.has(one.id)) positions.push([one.lon, one.lat]);
    if (this.#hub !== null && (!chosen || route !== null)) positions.push([this.#hub.lon, this.#hub.lat]);
    return boxOf(positions);
  }

  #frameOnce(): void {
    const { clientWidth, clientHeight } = this.map.getContainer();
    if (this.#framed === this.#key || clientWidth === 0 || clientHeight === 0) return;
    const where = this.#where;
    if (where === null || (where.places.length === 0 && where.model.loose.length === 0)) return;
    this.#framed = this.#key;
    this.#moved = false;
    this.fit(false);
  }

  /** How bold lines are: with many routes they are a background, and left out while that keeps the map moving. */
  #crowd(): void {
    if (!this.#ready) return;
    const crowded = (this.#where?.model.routes.length ?? 0) > CROWD;
    const opacity = this.#sparing ? SPARED : crowded ? CROWDED : BASE;
    for (const lines of ["ways", "spokes"] as const)
      for (const layer of [lines, `${lines}-straight`])
        if (this.map.getPaintProperty(layer, "line-opacity") !== opacity[lines])
          this.map.setPaintProperty(layer, "line-opacity", opacity[lines]);
  }

  /** Where a browser has no graphics card to draw with, lines are half of what a frame costs. */
  #pace(): void {
    if (!this.map.isMoving()) return;
    const now = performance.now();
    if (now - this.#drawn > SLOW_MS) this.#slow += 1;
    this.#drawn = now;
    if (this.#slow >= SLOW_FRAMES) this.#spare(true);
  }

  #spare(sparing: boolean): void {
    if (sparing === this.#sparing) return;
    this.#sparing = sparing;
    this.#crowd();
  }

  #light(): void {
    const { route, shipments } = this.#focus;
    const looking = route !== null || shipments.size > 0;
    this.#overlay = this.#where?.overlay(this.#focus, this.#lines, this.#hub, this.#dark) ?? null;
    const opacity = looking ? FADED : "";
    const below = this.map.getCanvas().style;
    if (below.opacity !== opacity) below.opacity = opacity;
    cancelAnimationFrame(this.#painting);
    this.#painting = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    const overlay = this.#overlay;
    if (overlay === null && !this.#painted) return;
    const { clientWidth, clientHeight } = this.map.getContainer();
    const ratio = window.devicePixelRatio;
    const [wide, high] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    const canvas = this.#above;
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    const context = canvas.getContext("2d");
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, clientWidth, clientHeight);
    this.#painted = overlay !== null;
    if (overlay === null) return;
    drawOverlay(context, overlay, mapColours(this.#dark), this.map.getZoom(), (at) => this.map.project(at));
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

  /** Lines of the ground reach well beyond the edges: they are drawn anew only where they would end in sight. */
  #ground(): void {
    if (!this.#ready) return;
    const bounds = this.map.getBounds();
    const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const [wide, high] = [east - west, north - south];
    const known = this.#grounded;
    const covered =
      known !== null && known[0][0] <= west && known[0][1] <= south && known[1][0] >= east && known[1][1] >= north;
    if (!covered || wide * 6 < known[1][0] - known[0][0]) {
      this.#grounded = [
        [west - wide, south - high],
        [east + wide, north + high],
      ];
      const lines = graticule(this.#grounded, 24);
      this.#set(
        "grid",
        lines.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } })),
      );
    }
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
    const above = this.#hitAbove(x, y, near);
    if (above !== null) return above;
    const around: [[number, number], [number, number]] = [
      [x - near, y - near],
      [x + near, y + near],
    ];
    const found = this.map.queryRenderedFeatures(around, { layers: HITS })[0];
    if (found === undefined) return null;
    const { source, properties, id } = found;
    const count = Number(properties["point_count"] ?? 0);
    const placed = count === 0 && source === "grouped";
    return {
      place: placed ? (this.#where?.places[Number(id)] ?? null) : null,
      route: source === "ways" ? Number(properties["route"]) : null,
      shipment: source === "loose" ? String(properties["shipment"]) : null,
      count,
      x,
      y,
    };
  }

  /** The nearest of what is chosen: it lies above everything else. */
  #hitAbove(x: number, y: number, near: number): Hit | null {
    const where = this.#where;
    if (where === null) return null;
    const lit = where.lit(this.#focus);
    const reach = near + (lit.size <= NUMBERED_MAX ? 11 : litRadius(this.map.getZoom()));
    const far = (there: Position) => {
      const at = this.map.project(there);
      return Math.hypot(at.x - x, at.y - y);
    };
    let best: Hit | null = null;
    let least = reach;
    for (const id of lit) {
      const place = where.places[id] as Place;
      const away = far([place.lon, place.lat]);
      if (away < least) [least, best] = [away, { place, route: null, shipment: null, count: 0, x, y }];
    }
    for (const shipment of this.#focus.shipments) {
      const at = where.loose(shipment);
      const away = at === undefined ? Infinity : far(at);
      if (away < least + 3) [least, best] = [away, { place: null, route: null, shipment, count: 0, x, y }];
    }
    return best;
  }
}
