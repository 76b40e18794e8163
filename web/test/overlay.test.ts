import { describe, expect, it } from "vitest";
import type { Route } from "../src/api/client";
import { courseOf } from "../src/lib/desk/features";
import { drawOverlay, litRadius, type Overlay } from "../src/lib/desk/overlay";
import type { Position } from "../src/lib/geo";
import { mapColours } from "../src/lib/palette";

const stop = (stop_no: number, lon: number) => ({ stop_no, lon, lat: 10 });
const route = {
  route_no: 3,
  start_lat: 10,
  start_lon: 100,
  end_lat: 10,
  end_lon: 100,
  stops: [stop(1, 101), stop(2, 102)],
} as unknown as Route;

describe("a route's course", () => {
  it("is straight where nothing is known of roads", () => {
    expect(courseOf(route)).toEqual({
      way: [[101, 10], [102, 10]],
      spokes: [[[100, 10], [101, 10]], [[102, 10], [100, 10]]],
    });
  });

  it("follows the roads of those legs that have one, from door to door", () => {
    const bend: Position[] = [[101.5, 11]];
    const home: Position[] = [[101, 9]];
    expect(courseOf(route, [null, bend, home])).toEqual({
      way: [[101, 10], [101.5, 11], [102, 10]],
      spokes: [[[100, 10], [101, 10]], [[102, 10], [101, 9], [100, 10]]],
    });
  });

  it("has no spokes without a start and an open end", () => {
    const open = { ...route, start_lat: null, start_lon: null, end_lat: null, end_lon: null } as Route;
    expect(courseOf(open).spokes).toEqual([]);
  });
});

/** A pen that notes what it was asked to draw. */
function pen(): { context: CanvasRenderingContext2D; told: string[] } {
  const told: string[] = [];
  const context = new Proxy({} as Record<string, unknown>, {
    get: (known, name: string) => known[name] ?? ((...values: unknown[]) => told.push(`${name} ${values.join()}`)),
    set: (known, name: string, value: unknown) => ((known[name] = value), true),
  });
  return { context: context as unknown as CanvasRenderingContext2D, told };
}

describe("what lies above the map", () => {
  const nothing: Overlay = { ways: [], spokes: [], colour: "#123456", strong: true, places: [], loose: [], hub: null };
  const pixel = ([x, y]: Position) => ({ x, y });

  it("grows with the zoom, within limits", () => {
    expect([6, 8, 10, 12, 15, 18].map(litRadius)).toEqual([4.5, 4.5, 5.75, 7, 11, 11]);
  });

  it("draws what is looked at and nothing else", () => {
    const { context, told } = pen();
    drawOverlay(context, nothing, mapColours(false), 10, pixel);
    expect(told).toEqual([]);
    const place = { at: [30, 40] as Position, colour: "#111111", chosen: true, pointed: false, shared: [] };
    const places = [{ ...place, lit: true, label: "7" }, { ...place, at: [90, 90] as Position, lit: false, label: "8" }];
    drawOverlay(context, { ...nothing, ways: [[[1, 2], [3, 4]]], places }, mapColours(false), 10, pixel);
    expect(told).toContain("lineTo 3,4");
    expect(told.filter((one) => one.startsWith("fillText"))).toHaveLength(1);
    expect(told.find((one) => one.startsWith("fillText"))).toMatch(/^fillText 7,/);
    expect(told.some((one) => one.includes("90"))).toBe(false);
  });
});
