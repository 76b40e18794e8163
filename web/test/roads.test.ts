import { describe, expect, it } from "vitest";
import type { Route } from "../src/api/client";
import { courseOf, piecesOf } from "../src/lib/desk/features";
import { learned, legsOf, positionsOf, roadsOf, type PlanLines } from "../src/lib/desk/roads";
import { ways, type Scene } from "../src/lib/map/scene";

const stop = (stop_no: number, lon: number) => ({ stop_no, lon, lat: 10 });
const hub = { start_lat: 10, start_lon: 100, end_lat: 10, end_lon: 100 };
const route = { route_no: 3, vehicle_type_id: "vht_van", ...hub, stops: [stop(1, 101), stop(2, 102)] } as unknown as Route;
/** From the description of the format: 38.5 -120.2, 40.7 -120.95, 43.252 -126.453. */
const EXAMPLE = "_p~iF~ps|U_ulLnnqC_mqNvxq`@";
const answer = (...lines: (string | null)[]): PlanLines => ({
  plan_id: "plan_1",
  precision: 5,
  straight: lines.filter((line) => line === null).length,
  missing: 0,
  routes: [{ route_no: 3, lines, straight: 0 }],
});

describe("an encoded line", () => {
  it("is read as its format's description says", () => {
    const rounded = positionsOf(EXAMPLE, 5).map((at) => at.map((value) => Math.round(value * 1e5) / 1e5));
    expect(rounded).toEqual([[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]]);
  });

  it("may be empty, and loses what breaks off", () => {
    expect(positionsOf("", 5)).toEqual([]);
    expect(positionsOf(`${EXAMPLE}_ulL`, 5)).toHaveLength(3);
  });
});

describe("the roads of routes", () => {
  it("are those of their legs, and straight where none is known", () => {
    const known = learned(new Map(), [route], answer(null, EXAMPLE, ""));
    const { lines, along } = roadsOf([route], known);
    expect(along).toBe("partly");
    expect(lines?.get(3)?.map((leg) => leg?.length ?? null)).toEqual([null, 3, 0]);
    expect(roadsOf([route], learned(known, [route], answer(EXAMPLE, EXAMPLE, ""))).along).toBe("roads");
  });

  it("are none at all where nothing is known", () => {
    expect(roadsOf([route], new Map())).toEqual({ lines: null, along: "straight" });
    expect(roadsOf([], new Map())).toEqual({ lines: null, along: "straight" });
  });

  it("stay with the legs that a change by hand leaves as they were", () => {
    const known = learned(new Map(), [route], answer(EXAMPLE, EXAMPLE, EXAMPLE));
    const shorter = { ...route, route_no: 1, stops: route.stops.slice(0, 1) } as Route;
    expect(roadsOf([shorter], known).lines?.get(1)?.map((leg) => leg !== null)).toEqual([true, false]);
    const other = { ...shorter, vehicle_type_id: "vht_truck" } as Route;
    expect(roadsOf([other], known).along).toBe("straight");
  });

  it("are not taken from an answer for another order of stops", () => {
    const known = new Map();
    expect(learned(known, [route], answer(EXAMPLE, EXAMPLE))).toBe(known);
  });

  it("have a leg fewer where a route ends at its last stop", () => {
    expect(legsOf(route)).toHaveLength(3);
    expect(legsOf({ ...route, end_lat: null, end_lon: null } as Route)).toHaveLength(2);
    expect(legsOf({ ...route, stops: [] } as Route)).toEqual([]);
  });
});

describe("a plan on the desk's map", () => {
  it("tells legs that are straight for want of a road from those along roads", () => {
    const bend: [number, number] = [101.5, 11];
    const lons = (lines: [number, number][][]) => lines.map((line) => line.map(([lon]) => lon));
    // From the hub to 101 and 102 and back: a road is known between the stops alone.
    const { ways, spokes } = piecesOf(route, [null, [bend], null]);
    expect([lons(ways.road), lons(ways.straight)]).toEqual([[[101, 101.5, 102]], []]);
    expect([lons(spokes.road), lons(spokes.straight)]).toEqual([[], [[100, 101], [102, 100]]]);
    // Without a known start, the way begins at the first stop, and no leg leads there.
    const open = { ...route, start_lat: null, start_lon: null } as Route;
    expect(lons(piecesOf(open, [null, []]).ways.straight)).toEqual([[101, 102]]);
    expect(lons(piecesOf(open, [null, []]).spokes.road)).toEqual([[102, 100]]);
  });
});

describe("a tour on its map", () => {
  const NOBODY = { route: 3, hovered: null, member: null, shipment: null };
  const scene = (routes: Route[], lines: Scene["lines"]): Scene =>
    ({ key: "", routes, unplanned: [], shipments: [], hub: null, picked: null, clock: null, lines, over: new Set() });
  const drawn = (found: Route, lines: Scene["lines"]) =>
    ways(scene([found], lines), NOBODY).map((way) => [way.straight, way.line.map(([lon]) => lon)]);

  it("is drawn along the roads that are known, and dashed where none is", () => {
    const bend: [number, number] = [101.5, 11];
    expect(drawn(route, new Map([[3, [null, [bend], null]]]))).toEqual([
      [1, [100, 101]],
      [1, [102, 100]],
      [0, [101, 101.5, 102]],
    ]);
    expect(drawn(route, null).map(([straight]) => straight)).toEqual([1, 1, 1]);
  });

  it("joins what is drawn alike, and begins at its first stop where nobody knows its start", () => {
    const without = { ...route, start_lat: null, start_lon: null, stops: [...route.stops, stop(3, 103), stop(4, 104)] } as Route;
    const legs = [[], [], null, [[103.9, 10]]] as [number, number][][];
    expect(drawn(without, new Map([[3, legs]]))).toEqual([
      [0, [104, 103.9, 100]],
      [0, [101, 102, 103]],
      [1, [103, 104]],
    ]);
    expect(courseOf(without, legs).spokes).toEqual([[[104, 10], [103.9, 10], [100, 10]]]);
  });
});
