import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { MapColours } from "../palette";

/** From here on every stop shows its number; farther away it is a dot. */
export const NEAR_ZOOM = 12;
/** Up to here many stops close together are one disc with their number. */
const CLUSTER_ZOOM = 11;

const EMPTY = { type: "FeatureCollection", features: [] } as const;
const source = (more: object = {}) => ({ type: "geojson", data: EMPTY, ...more }) as SourceSpecification;

/** How bold the lines are. */
export const BASE = { ways: 0.8, spokes: 0.22 };
/** With many routes, lines are a background until one is looked at; what is not visible at all is not drawn. */
export const CROWDED = { ways: 0.32, spokes: 0 };
/** While a slow map moves. */
export const SPARED = { ways: 0, spokes: 0 };

/**
 * A style for what does not change with a choice: what is looked at lies above the map, on a canvas of its own.
 *
 * The ground is the page's: a layer of it would fill every pixel once more in each frame.
 */
export function deskStyle(colours: MapColours, tileUrl: string | null): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {
    grid: source(),
    rings: source(),
    marks: source(),
    spokes: source(),
    ways: source(),
    grouped: source({
      cluster: true,
      clusterRadius: 26,
      clusterMaxZoom: CLUSTER_ZOOM,
      clusterMinPoints: 3,
      clusterProperties: { first: ["min", ["get", "route"]], last: ["max", ["get", "route"]] },
    }),
    loose: source(),
  };
  if (tileUrl !== null) sources["tiles"] = { type: "raster", tiles: [tileUrl], tileSize: 256 };
  const layers = [...ground(colours, tileUrl), ...lines(), ...stops(colours)];
  // What changes with time draws the whole map anew for as long as it takes.
  return { version: 8, transition: { duration: 0, delay: 0 }, sources, layers };
}

function ground(colours: MapColours, tileUrl: string | null): LayerSpecification[] {
  const layers: LayerSpecification[] = [
    { id: "grid", type: "line", source: "grid", paint: { "line-color": colours.grid, "line-width": 1 } },
    {
      id: "rings",
      type: "line",
      source: "rings",
      paint: { "line-color": colours.ring, "line-width": 1, "line-dasharray": [3, 3] },
    },
    symbols("ring-labels", "marks", ["==", ["get", "kind"], "label"]),
  ];
  if (tileUrl !== null)
    layers.unshift({
      id: "tiles",
      type: "raster",
      source: "tiles",
      paint: { "raster-saturation": -0.6, "raster-opacity": 0.7 },
    });
  return layers;
}

function lines(): LayerSpecification[] {
  const layer = (from: "spokes" | "ways", width: number, straight: boolean): LayerSpecification =>
    ({
      id: straight ? `${from}-straight` : from,
      type: "line",
      source: from,
      filter: straight ? ["has", "straight"] : ["!", ["has", "straight"]],
      layout: { "line-cap": "butt", "line-join": "bevel" },
      paint: {
        "line-color": ["get", "colour"],
        "line-width": width,
        "line-opacity": BASE[from],
        ...(straight ? { "line-dasharray": [2.5, 2] } : {}),
      },
    }) as LayerSpecification;
  return [layer("spokes", 1.2, false), layer("spokes", 1.2, true), layer("ways", 2.2, false), layer("ways", 2.2, true)];
}

function stops(colours: MapColours): LayerSpecification[] {
  const single = ["!", ["has", "point_count"]];
  const dot = {
    "circle-color": ["get", "colour"],
    "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 2.5, 12, 5, 15, 8],
    "circle-stroke-color": colours.paper,
    "circle-stroke-width": 1.25,
  };
  return [
    symbols("hub", "marks", ["==", ["get", "kind"], "hub"]),
    {
      id: "clusters",
      type: "circle",
      source: "grouped",
      filter: ["has", "point_count"],
      paint: {
        "circle-color": colours.paper,
        "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 3, 9, 100, 17, 1000, 24],
        "circle-stroke-color": colours.muted,
        "circle-stroke-width": 1.25,
      },
    },
    symbols("cluster-counts", "grouped", ["has", "point_count"], ["concat", "count|", ["get", "point_count_abbreviated"]]),
    { id: "dots", type: "circle", source: "grouped", filter: single, maxzoom: NEAR_ZOOM, paint: dot },
    { ...symbols("near", "grouped", single, ["get", "icon"]), minzoom: NEAR_ZOOM },
    symbols("loose", "loose", ["==", ["get", "kind"], "unplanned"]),
    { id: "new", type: "circle", source: "loose", filter: ["==", ["get", "kind"], "new"], paint: dot },
  ] as LayerSpecification[];
}

function symbols(id: string, from: string, filter: unknown, icon: unknown = ["get", "icon"]): LayerSpecification {
  return {
    id,
    type: "symbol",
    source: from,
    ...(filter === true ? {} : { filter }),
    layout: { "icon-image": icon, "icon-allow-overlap": true, "icon-ignore-placement": true },
  } as LayerSpecification;
}
