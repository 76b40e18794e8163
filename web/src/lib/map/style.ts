import type { StyleSpecification } from "maplibre-gl";
import type { MapColours } from "../palette";

/** From here on every stop shows its number; farther away only those that are looked at do. */
const NEAR_ZOOM = 12;

const EMPTY = { type: "FeatureCollection", features: [] } as const;
const source = () => ({ type: "geojson", data: EMPTY }) as const;

/** A map that asks nobody for anything: ground, grid and distance rings, and on top what is to be shown. */
export function style(colours: MapColours, tileUrl: string | null): StyleSpecification {
  const tiles: Pick<StyleSpecification, "sources" | "layers"> =
    tileUrl === null
      ? { sources: {}, layers: [] }
      : {
          sources: { tiles: { type: "raster", tiles: [tileUrl], tileSize: 256 } },
          layers: [
            {
              id: "tiles",
              type: "raster",
              source: "tiles",
              paint: { "raster-saturation": -0.6, "raster-opacity": 0.7 },
            },
          ],
        };
  return {
    version: 8,
    sources: {
      ...tiles.sources,
      grid: source(),
      rings: source(),
      marks: source(),
      ways: source(),
      stops: source(),
      points: source(),
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colours.ground } },
      ...tiles.layers,
      { id: "grid", type: "line", source: "grid", paint: { "line-color": colours.grid, "line-width": 1 } },
      {
        id: "rings",
        type: "line",
        source: "rings",
        paint: { "line-color": colours.ring, "line-width": 1, "line-dasharray": [3, 3] },
      },
      icons("ring-labels", "marks", ["==", ["get", "kind"], "label"], 1),
      ways("ways", 0),
      ways("straight", 1),
      {
        id: "points",
        type: "circle",
        source: "points",
        paint: {
          "circle-color": ["get", "colour"],
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 3, 14, 6],
          "circle-opacity": ["get", "opacity"],
          "circle-stroke-color": colours.paper,
          "circle-stroke-width": 1.25,
          "circle-stroke-opacity": ["get", "opacity"],
        },
      },
      icons("hub", "marks", ["==", ["get", "kind"], "hub"], 1),
      {
        id: "dots",
        type: "circle",
        source: "stops",
        filter: ["==", ["get", "near"], 1],
        maxzoom: NEAR_ZOOM,
        paint: {
          "circle-color": ["get", "colour"],
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 3, 12, 5],
          "circle-opacity": ["get", "opacity"],
          "circle-stroke-color": colours.paper,
          "circle-stroke-width": 1.25,
          "circle-stroke-opacity": ["get", "opacity"],
        },
      },
      { ...icons("stops-near", "stops", ["==", ["get", "near"], 1], 1), minzoom: NEAR_ZOOM },
      icons("stops", "stops", ["==", ["get", "near"], 0], ["interpolate", ["linear"], ["zoom"], 9, 0.85, 12, 1.05]),
    ],
  };
}

/** Where no road is known, a line is dashed: nobody drives along it. */
function ways(id: string, straight: 0 | 1): StyleSpecification["layers"][number] {
  return {
    id,
    type: "line",
    source: "ways",
    filter: ["==", ["get", "straight"], straight],
    layout: { "line-cap": straight ? "butt" : "round", "line-join": "round", "line-sort-key": ["get", "rank"] },
    paint: {
      "line-color": ["get", "colour"],
      "line-width": ["get", "width"],
      "line-opacity": ["get", "opacity"],
      ...(straight ? { "line-dasharray": [2, 1.5] } : {}),
    },
  } as StyleSpecification["layers"][number];
}

function icons(id: string, from: string, filter: unknown, size: unknown): StyleSpecification["layers"][number] {
  return {
    id,
    type: "symbol",
    source: from,
    filter,
    layout: {
      "icon-image": ["get", "icon"],
      "icon-size": size,
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "symbol-sort-key": ["coalesce", ["get", "rank"], 0],
      "symbol-z-order": "source",
    },
    paint: { "icon-opacity": ["coalesce", ["get", "opacity"], 1] },
  } as StyleSpecification["layers"][number];
}
