import { describe, expect, it } from "vitest";
import { curve, levels } from "../src/lib/curve";

const frame = { width: 100, height: 100, seconds: 10 };

describe("the curve", () => {
  it("is empty before there is a plan", () => {
    expect(curve([{ seconds: 1, cost_minor: null, bound_minor: 0 }], frame)).toEqual({
      cost: "",
      bound: "",
      gap: "",
      head: null,
      levels: [],
    });
  });

  it("goes down in steps and ends where the search is", () => {
    const drawn = curve(
      [
        { seconds: 1, cost_minor: 200, bound_minor: 0 },
        { seconds: 5, cost_minor: 100, bound_minor: 0 },
        { seconds: 8, cost_minor: 100, bound_minor: 0 },
      ],
      frame,
    );
    const corners = [...drawn.cost.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map((match) => [
      Number(match[1]),
      Number(match[2]),
    ]);
    expect(corners.map(([x]) => x)).toEqual([10, 50, 50, 80]);
    const heights = corners.map(([, y]) => y ?? 0);
    expect(heights[0]).toBe(heights[1]);
    expect(heights[2]).toBeGreaterThan(heights[1] ?? 0);
    expect(drawn.head?.x).toBe(80);
    expect(drawn.bound).toBe("");
  });

  it("shows a proven bound below the cost", () => {
    const drawn = curve(
      [
        { seconds: 1, cost_minor: 200, bound_minor: 120 },
        { seconds: 5, cost_minor: 180, bound_minor: 150 },
      ],
      frame,
    );
    expect(drawn.bound).not.toBe("");
    expect(drawn.gap.endsWith("Z")).toBe(true);
  });
});

describe("labelled heights", () => {
  it("are round numbers within the interval", () => {
    expect(levels(7.3, 10.9, 4)).toEqual([8, 9, 10]);
    expect(levels(0, 0, 4)).toEqual([]);
  });
});
