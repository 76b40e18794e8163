import type { Position } from "../geo";

/** Whether a place lies within a closed line, by the even-odd rule. */
export function within([x, y]: Position, ring: Position[]): boolean {
  let inside = false;
  for (let index = 0, before = ring.length - 1; index < ring.length; before = index, index += 1) {
    const [ax, ay] = ring[index] as Position;
    const [bx, by] = ring[before] as Position;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
