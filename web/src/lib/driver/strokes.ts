/** A signature as lines of points, in the units of its field. */
export type Stroke = readonly (readonly [x: number, y: number])[];

export const FIELD = { width: 600, height: 200 } as const;
/** Points closer than this say nothing new. */
const STEP = 3;

/** A line with a point more, where the point is far enough from the last one. */
export function grown(stroke: Stroke, x: number, y: number): Stroke {
  const last = stroke.at(-1);
  const at = [clamped(x, FIELD.width), clamped(y, FIELD.height)] as const;
  if (last !== undefined && Math.hypot(at[0] - last[0], at[1] - last[1]) < STEP) return stroke;
  return [...stroke, at];
}

function clamped(value: number, most: number): number {
  return Math.round(Math.min(Math.max(value, 0), most));
}

/** The lines as SVG path data: `M 10 20 L 30 40`. A single point is a short line, so that it can be seen. */
export function pathOf(strokes: readonly Stroke[]): string {
  return strokes
    .filter((stroke) => stroke.length > 0)
    .map((stroke) => {
      const points = stroke.length === 1 ? [...stroke, [(stroke[0]?.[0] ?? 0) + 1, stroke[0]?.[1] ?? 0]] : stroke;
      return points.map(([x, y], index) => `${index === 0 ? "M" : "L"} ${x} ${y}`).join(" ");
    })
    .join(" ");
}

/** Whether it is more than a dot: the lines together are longer than a tenth of the field. */
export function signed(strokes: readonly Stroke[]): boolean {
  let length = 0;
  for (const stroke of strokes) {
    for (let at = 1; at < stroke.length; at++) {
      const [from, to] = [stroke[at - 1], stroke[at]];
      if (from && to) length += Math.hypot(to[0] - from[0], to[1] - from[1]);
    }
  }
  return length >= FIELD.width / 10;
}
