/** Hatchings of groups one after another as paths on 32 x 32 units, so that colours are not needed to tell them apart. */
const PATHS = [
  "",
  "M-4 4L4-4M0 16L16 0M0 32L32 0M16 32L32 16M28 36L36 28",
  "M8 6v4M6 8h4M24 6v4M22 8h4M8 22v4M6 24h4M24 22v4M22 24h4",
  "M0 4h32M0 12h32M0 20h32M0 28h32",
  "M0 0L32 32M32 0L0 32M16 0L0 16M16 0L32 16M0 16L16 32M32 16L16 32",
  "M4 0v32M12 0v32M20 0v32M28 0v32",
];

/** The hatching of a group by its place in the sequence; empty for a plain face. */
export function hatch(position: number): string {
  return PATHS[position % PATHS.length] ?? "";
}
