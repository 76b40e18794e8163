import { describe, expect, it } from "vitest";
import { hatch } from "../src/lib/load/hatch";
import type { Placement } from "../src/api/client";
import {
  departure,
  figures,
  flat,
  groups,
  type Hold,
  load,
  loadOf,
  type Placed,
  type Stowed,
  usualBy,
  whereabouts,
} from "../src/lib/load/model";

/** A van of 3 x 1.6 x 1.5 m; the front axle 1 m before the front wall, the rear one 2 m behind it. */
const van: Hold = {
  length_mm: 3000,
  width_mm: 1600,
  height_mm: 1500,
  weight_max_g: 1_000_000,
  doors: [{ side: "rear" }],
  chassis: {
    axles: [
      { id: "front", at_mm: -1000, tare_g: 900_000, max_g: 1_500_000 },
      { id: "rear", at_mm: 2000, tare_g: 700_000, max_g: 760_000 },
    ],
  },
};

function unit(order: string, number: number, at: [number, number, number], stops: [number, number], weight_kg = 10): Placed {
  const [x_mm, y_mm, z_mm] = at;
  const [from_stop, to_stop] = stops;
  const edges_mm: [number, number, number] = [600, 400, 300];
  return { order, unit: "carton", number, x_mm, y_mm, z_mm, edges_mm, weight_g: weight_kg * 1000, from_stop, to_stop };
}

/** One carton for stop 2 at the front, one for stop 1 behind it with another on top; at stop 1 one is collected. */
const cartons = [
  unit("b", 1, [0, 0, 0], [0, 2], 30),
  unit("a", 1, [600, 0, 0], [0, 1]),
  unit("a", 2, [600, 100, 300], [0, 1]),
  unit("c", 1, [600, 0, 0], [1, 3]),
];
const world = load(van, cartons);

describe("the journey of a load", () => {
  it("loads one by one, then at each stop unloads at once before it loads", () => {
    expect(world.steps.map((step) => [step.stop, step.box?.index ?? null, step.left])).toEqual([
      [null, null, 0],
      [0, 0, 0],
      [0, 1, 0],
      [0, 2, 0],
      [1, null, 2],
      [1, 3, 0],
      [2, null, 1],
      [3, null, 1],
    ]);
  });

  it("starts to be seen when the vehicle leaves", () => {
    expect(departure(world)).toBe(3);
    expect(departure(load(van, []))).toBe(0);
  });

  it("knows what is still to come, on board and gone", () => {
    const at = (step: number) => world.boxes.map((box) => whereabouts(box, world.steps[step]!));
    expect(at(0)).toEqual(["waiting", "waiting", "waiting", "waiting"]);
    expect(at(4)).toEqual(["aboard", "gone", "gone", "waiting"]);
    expect(at(5)).toEqual(["aboard", "gone", "gone", "aboard"]);
    expect(at(7)).toEqual(["gone", "gone", "gone", "gone"]);
  });

  it("ends after the last stop with an empty hold", () => {
    const end = figures(world, world.steps.at(-1)!);
    expect([end.units, end.weight_g, end.volume_mm3]).toEqual([0, 0, 0]);
    expect(end.axles.map((axle) => axle.load_g)).toEqual([900_000, 700_000]);
  });
});

describe("what stands on what", () => {
  it("is contact from above while both are on board", () => {
    expect(world.boxes.map((box) => box.on)).toEqual([[], [], [1], []]);
  });

  it("is not what takes the same place at another time", () => {
    const later = load(van, [unit("a", 1, [0, 0, 0], [0, 1]), unit("b", 1, [0, 0, 300], [1, 2])]);
    expect(later.boxes[1]!.on).toEqual([]);
  });
});

describe("axle loads", () => {
  it("go by the lever", () => {
    // 30 kg at 300 mm and 20 kg at 900 mm: 27,000 kg mm, 50,000 more about the axle at -1,000: 77,000 / 3,000 on the rear.
    const { axles } = figures(world, world.steps[3]!);
    expect(axles[1]!.load_g).toBeCloseTo(700_000 + 77_000_000 / 3000, 3);
    expect(axles[0]!.load_g + axles[1]!.load_g).toBeCloseTo(1_650_000, 3);
    expect(axles.map((axle) => axle.within)).toEqual([true, true]);
  });

  it("outside their limits are told", () => {
    const heavy = load(van, [unit("a", 1, [2400, 0, 0], [0, 1], 60)]);
    // 60 kg x 3,700 mm / 3,000 mm = 74 kg: more than all of it, and more than the 60 kg that the rear axle may still take.
    const [front, rear] = figures(heavy, heavy.steps[1]!).axles;
    expect([front!.load_g, rear!.load_g]).toEqual([886_000, 774_000]);
    expect([front!.within, rear!.within]).toEqual([true, false]);
  });

  it("of an articulated vehicle pass through the kingpin", () => {
    const axle = (id: string, at_mm: number) => ({ id, at_mm, max_g: 10_000_000 });
    const trailer: Hold = {
      ...van,
      chassis: { kingpin_mm: 0, axles: [axle("steer", -3000), axle("drive", 1000), axle("trailer", 2000)] },
    };
    // 40 kg at 500 mm: a quarter on the trailer's axle, 30 kg on the kingpin, of these three quarters on the drive axle.
    const one = load(trailer, [unit("a", 1, [200, 0, 0], [0, 1], 40)]);
    expect(figures(one, one.steps[1]!).axles.map((entry) => entry.load_g)).toEqual([7_500, 22_500, 10_000]);
  });
});

describe("groups", () => {
  it("are stops by number where there are several", () => {
    expect(usualBy(world)).toBe("stop");
    expect([...groups(world, "stop")]).toEqual([["1", 0], ["2", 1], ["3", 2]]);
  });

  it("are orders where all go to one stop", () => {
    const one = load(van, [unit("b", 1, [0, 0, 0], [0, 1]), unit("a", 1, [600, 0, 0], [0, 1])]);
    expect(usualBy(one)).toBe("order");
    expect([...groups(one, "order").keys()]).toEqual(["b", "a"]);
  });

  it("next to one another have hatchings of their own", () => {
    expect(new Set([0, 1, 2, 3, 4, 5].map(hatch)).size).toBe(6);
  });
});

describe("flat drawings", () => {
  it("hide the lower unit behind the upper one, seen from above", () => {
    expect(flat(world, world.steps[3]!, "top").map((tile) => tile.box.index)).toEqual([0, 1, 2]);
  });

  it("show what is nearest to the left wall in front, and the floor at the bottom", () => {
    const tiles = flat(world, world.steps[3]!, "side");
    expect(tiles.map((tile) => tile.box.index)[0]).toBe(2);
    expect(tiles.map((tile) => tile.y).sort()).toEqual([1200, 1200, 900]);
  });
});

describe("a route of the API", () => {
  const inside = { length_mm: 3000, width_mm: 1600, height_mm: 1500, chassis: null };
  const route: Stowed = {
    stops: [{ stop_no: 1, name: "Shop" }] as never[],
    weight_capacity_g: 900_000,
    hold: { ...inside, doors: [{}, { side: "left", to_mm: 9 }] },
    placements: [],
  };
  const of = (changes: Partial<Stowed>) => loadOf({ ...route, ...changes }, "Hub", (kind) => `a ${kind}`);
  const placement = (shipment_id: string, client_ref: string, unit_no: number): Placement => ({
    ...unit("", 0, [0, 0, 0], [0, 1]),
    ...{ shipment_id, client_ref, unit_no, member_id: "mem_1", kind: "box", on_top: "anything" },
    ...{ along_mm: 600, across_mm: 400, up_mm: 300 },
  });

  it("has a load where it has a hold and placements", () => {
    expect(of({ hold: null, placements: [placement("shp_1", "A-1", 1)] })).toBeNull();
    expect(of({ placements: [] })).toBeNull();
    const load = of({ placements: [placement("shp_1", "A-1", 2)] })!;
    expect([...load.stops]).toEqual([[1, "Shop"], [2, "Hub"]]);
    expect(load.hold).toEqual({ ...inside, weight_max_g: 900_000, doors: [{ side: "rear" }, { side: "left", to_mm: 9 }] });
    expect(load.boxes.map((box) => [box.order, box.unit, box.number])).toEqual([["A-1", "a box", 2]]);
  });

  it("tells shipments of two members with one reference apart", () => {
    const both = of({ placements: [placement("shp_1xyz", "A-1", 1), placement("shp_2uvw", "A-1", 1)] })!;
    expect([...groups(both, "order").keys()]).toEqual(["A-1 (1xyz)", "A-1 (2uvw)"]);
  });
});
