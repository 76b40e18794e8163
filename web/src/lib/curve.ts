/** Where a search stood at one moment. */
export interface Point {
  seconds: number;
  cost_minor: number | null;
  bound_minor: number;
}

export interface Curve {
  /** SVG path of the cost, a staircase that only falls. */
  cost: string;
  /** SVG path of the proven lower bound, a staircase that only rises; empty where nothing is proven yet. */
  bound: string;
  /** SVG path of the area between the two. */
  gap: string;
  /** Where the cost stands now. */
  head: { x: number; y: number } | null;
  /** Values at the labelled heights, with their heights. */
  levels: { value: number; y: number }[];
}

interface Frame {
  width: number;
  height: number;
  /** The time at the right edge. */
  seconds: number;
}

/** A search as a drawing. The vertical axis holds costs and bound with some air around; it need not begin at zero. */
export function curve(points: Point[], frame: Frame): Curve {
  const costs = points.flatMap((point) => (point.cost_minor === null ? [] : [point.cost_minor]));
  const bounds = points.flatMap((point) => (point.bound_minor > 0 ? [point.bound_minor] : []));
  if (costs.length === 0) return { cost: "", bound: "", gap: "", head: null, levels: [] };
  const settled = costs.at(-1) ?? 0;
  // A first guess far above the rest would flatten all that follows: it may leave the frame.
  const high = Math.min(Math.max(...costs), settled * 1.6);
  const low = bounds.length > 0 ? Math.min(...bounds.slice(-1), settled) : Math.min(...costs);
  const air = Math.max((high - low) * 0.12, high * 0.01, 1);
  const top = high + air;
  const bottom = Math.max(low - air, 0);
  const x = (seconds: number) =>
    round((Math.min(seconds, frame.seconds) / Math.max(frame.seconds, 0.001)) * frame.width);
  const y = (value: number) =>
    round((1 - (Math.min(Math.max(value, bottom), top) - bottom) / (top - bottom)) * frame.height);
  const now = points.at(-1)?.seconds ?? 0;
  const costSteps = steps(
    points.map((point) => [point.seconds, point.cost_minor]),
    now,
  );
  const boundSteps = steps(
    points.map((point) => [point.seconds, point.bound_minor > 0 ? point.bound_minor : null]),
    now,
  );
  const path = (corners: [number, number][]) =>
    corners.map(([sx, sy], index) => `${index ? "L" : "M"}${x(sx)} ${y(sy)}`).join("");
  const back = [...boundSteps].reverse();
  const gap = costSteps.length && back.length ? `${path(costSteps)}${path(back).replace("M", "L")}Z` : "";
  return {
    cost: path(costSteps),
    bound: path(boundSteps),
    gap,
    head: { x: x(now), y: y(settled) },
    levels: levels(bottom, top, 4).map((value) => ({ value, y: y(value) })),
  };
}

/** Corners of a staircase through values that hold until the next one. */
function steps(values: [number, number | null][], until: number): [number, number][] {
  const corners: [number, number][] = [];
  let last: number | null = null;
  for (const [at, value] of values) {
    if (value === null) continue;
    if (last !== null && last !== value) corners.push([at, last]);
    if (last !== value) corners.push([at, value]);
    last = value;
  }
  if (last !== null) corners.push([until, last]);
  return corners;
}

/** Round numbers within an interval, at most `count` of them: 1, 2 or 5 times a power of ten apart. */
export function levels(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const found: number[] = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) found.push(value);
  return found;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
