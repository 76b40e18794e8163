/** `[longitude, latitude]`, in degrees. */
export type Position = [number, number];

const METRES_A_DEGREE = 111_195;

/** A circle around a place as a closed ring of positions. */
export function circle(lat: number, lon: number, radius_m: number, corners = 72): Position[] {
  const cosine = Math.max(Math.cos((lat * Math.PI) / 180), 0.01);
  return Array.from({ length: corners + 1 }, (_, corner) => {
    const angle = (corner / corners) * 2 * Math.PI;
    return [
      lon + (Math.cos(angle) * radius_m) / (METRES_A_DEGREE * cosine),
      lat + (Math.sin(angle) * radius_m) / METRES_A_DEGREE,
    ];
  });
}

/** Metres between two places, good for a region and not for a globe. */
export function metres([lonA, latA]: Position, [lonB, latB]: Position): number {
  const cosine = Math.cos((((latA + latB) / 2) * Math.PI) / 180);
  return Math.hypot((lonB - lonA) * METRES_A_DEGREE * cosine, (latB - latA) * METRES_A_DEGREE);
}

/** Radii in metres for rings that reach about as far as the farthest place: two to five of a round distance. */
export function ringRadii(reach_m: number): number[] {
  const step =
    [500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000].find((one) => reach_m / one <= 5) ?? 500_000;
  return Array.from({ length: Math.max(2, Math.ceil(reach_m / step)) }, (_, index) => (index + 1) * step);
}

export type Box = [Position, Position];

/** The smallest box around places; null around nothing. */
export function boxOf(positions: Position[]): Box | null {
  if (positions.length === 0) return null;
  const lons = positions.map(([lon]) => lon);
  const lats = positions.map(([, lat]) => lat);
  return [
    [Math.min(...lons), Math.min(...lats)],
    [Math.max(...lons), Math.max(...lats)],
  ];
}

/** Straight lines of latitude and longitude over a box, about `count` each way. */
export function graticule([[west, south], [east, north]]: Box, count = 8): Position[][] {
  const steps = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];
  const step = steps.find((one) => (east - west) / one <= count) ?? 30;
  const lines: Position[][] = [];
  for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step)
    lines.push([
      [lon, Math.max(south, -85)],
      [lon, Math.min(north, 85)],
    ]);
  for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step)
    lines.push([
      [west, lat],
      [east, lat],
    ]);
  return lines;
}
