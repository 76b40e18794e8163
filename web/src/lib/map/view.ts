import "./map.css";
import { Map as LibreMap, setWorkerUrl, type GeoJSONSource, type MapMouseEvent } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { graticule } from "../geo";
import { mapColours } from "../palette";
import { features, line, type Feature } from "./features";
import { frame, type Focus, type Scene } from "./scene";
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

/** The map on the page: turns scenes into layers and clicks into what was meant. */
export class MapView {
  readonly #map: LibreMap;
  readonly #handlers: Handlers;
  #dark: boolean;
  #scene: Scene | null = null;
  #focus: Focus = { route: null, hovered: null, member: null, shipment: null };
  #framed: string | null = null;
  /** Whether the reader has moved the map: from then on it stays where it is. */
  #moved = false;
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
    this.#map.on("movestart", (event) => (this.#moved ||= event.originalEvent !== undefined));
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
    this.#moved = true;
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
    const { route, member, shipment } = this.#focus;
    const looking = (route ?? member ?? shipment) !== null;
    if (this.#framed === this.#scene?.key && !this.#moved && !looking) this.fit(false);
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

  #set(source: string, features: Feature[]): void {
    void this.#map.getSource<GeoJSONSource>(source)?.setData({ type: "FeatureCollection", features });
  }

  #draw(): void {
    const scene = this.#scene;
    if (!this.#ready || scene === null) return;
    const drawn = features({ map: this.#map, dark: this.#dark, colours: mapColours(this.#dark) }, scene, this.#focus);
    for (const [source, found] of Object.entries(drawn)) this.#set(source, found);
    this.#frameOnce();
    this.#ground();
  }

  #frameOnce(): void {
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const scene = this.#scene;
    if (scene === null || this.#framed === scene.key || clientWidth === 0 || clientHeight === 0) return;
    if (scene.routes.length + scene.unplanned.length + scene.shipments.length === 0) return;
    this.#framed = scene.key;
    this.#moved = false;
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
      layers: ["stops", "stops-near", "dots", "hub", "points"],
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
