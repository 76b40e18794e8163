import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { MapColours } from "../palette";

/** From here on every stop shows its number; farther away it is a dot. */
export const NEAR_ZOOM = 12;
/** Up to here many stops close together are one disc with their number. */
const CLUSTER_ZOOM = 11;

const EMPTY = { type: "FeatureCollection", features: [] } as const;
const source = (more: object = {}) => ({ type: "geojson", data: EMPTY, ...more }) as SourceSpecification;

/** How bold the lines are: all of them, or those that are not looked at. */
export const BASE = { ways: 0.8, spokes: 0.22, dots: 0.95 };
export const DIMMED = { ways: 0.13, spokes: 0.05, dots: 0.3 };
/** With many routes, lines are a background until one is looked at. */
export const CROWDED = { ways: 0.32, spokes: 0.05, dots: 0.95 };

const state = (name: string, yes: number, no = 0) =>
  ["case", ["boolean", ["feature-state", name], false], yes, no] as unknown as number;
/** By zoom, and nothing where the state does not hold: what is not lit costs no pixels. */
const grown = (name: string, ...stops: [zoom: number, size: number][]) =>
  [
    "interpolate",
    ["linear"],
    ["zoom"],
    ...stops.flatMap(([zoom, size]) => [zoom, state(name, size)]),
  ] as unknown as number;
/** Lit by a choice, or a little by the pointer. */
const shine = (chosen: number, pointed: number) =>
  [
    "case",
    ["boolean", ["feature-state", "lit"], false],
    chosen,
    ["boolean", ["feature-state", "pointed"], false],
    pointed,
    0,
  ] as unknown as number;

/**
 * A style in which a choice changes states of features and constants of layers, and no data.
 *
 * What is looked at has layers of its own above the others, in which features are invisible until their state lights them.
 */
export function deskStyle(colours: MapColours, tileUrl: string | null): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {
    grid: source(),
    rings: source(),
    marks: source(),
    spokes: source(),
    ways: source(),
    places: source(),
    grouped: source({
      cluster: true,
      clusterRadius: 26,
      clusterMaxZoom: CLUSTER_ZOOM,
      clusterMinPoints: 3,
      clusterProperties: { first: ["min", ["get", "route"]], last: ["max", ["get", "route"]] },
    }),
    loose: source(),
    numbers: source(),
  };
  if (tileUrl !== null) sources["tiles"] = { type: "raster", tiles: [tileUrl], tileSize: 256 };
  return { version: 8, sources, layers: [...ground(colours, tileUrl), ...lines(), ...stops(colours)] };
}

function ground(colours: MapColours, tileUrl: string | null): LayerSpecification[] {
  const layers: LayerSpecification[] = [
    { id: "ground", type: "background", paint: { "background-color": colours.ground } },
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
    layers.splice(1, 0, {
      id: "tiles",
      type: "raster",
      source: "tiles",
      paint: { "raster-saturation": -0.6, "raster-opacity": 0.7 },
    });
  return layers;
}

function lines(): LayerSpecification[] {
  const layer = (id: string, from: string, width: unknown, opacity: number): LayerSpecification =>
    ({
      id,
      type: "line",
      source: from,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": ["get", "colour"], "line-width": width, "line-opacity": opacity },
    }) as LayerSpecification;
  return [
    layer("spokes", "spokes", 1.2, BASE.spokes),
    layer("ways", "ways", 2.2, BASE.ways),
    layer("spokes-lit", "spokes", shine(2, 1.6), 0.75),
    layer("ways-lit", "ways", shine(4, 3), 1),
  ];
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
    {
      id: "halo",
      type: "circle",
      source: "places",
      paint: {
        "circle-color": ["get", "colour"],
        "circle-radius": grown("pointed", [8, 6], [12, 10], [15, 16]),
        "circle-opacity": 0.3,
        "circle-stroke-width": 0,
      },
    },
    {
      id: "lit",
      type: "circle",
      source: "places",
      paint: {
        "circle-color": ["get", "colour"],
        "circle-radius": grown("lit", [8, 4.5], [12, 7], [15, 11]),
        "circle-stroke-color": colours.text,
        "circle-stroke-width": ["case", ["boolean", ["feature-state", "chosen"], false], 2.5, state("lit", 1.25)],
      },
    },
    {
      id: "loose-lit",
      type: "circle",
      source: "loose",
      paint: {
        "circle-color": colours.bad,
        "circle-radius": state("lit", 14),
        "circle-opacity": 0.22,
        "circle-stroke-color": colours.bad,
        "circle-stroke-width": state("lit", 2),
      },
    },
    symbols("numbers", "numbers", true),
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
