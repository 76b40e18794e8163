import { describe, expect, it } from "vitest";
import { barsOf, CLUSTER_METRICS, daysBefore, named, OWN_METRICS } from "../src/lib/kpi";
import { byNeed, driverAddress, sumOf, timing, type Tour } from "../src/lib/tours";
import { named as fileNamed } from "../src/lib/filenames";
import { firstDay } from "../src/lib/start";
import { stepsOf } from "../src/lib/driver/tracked";

describe("bars", () => {
  it("stand on zero and end at their value", () => {
    // Levels of 25 up to 100: 50 is half of 200 pixels.
    const { bars, levels, zero } = barsOf([50, null, 100], 300, 200);
    expect(levels.map((one) => one.value)).toEqual([0, 25, 50, 75, 100]);
    expect(zero).toBe(200);
    expect(bars[0]).toEqual({ x: 22, width: 56, y: 100, height: 100 });
    expect(bars[1]).toBeNull();
    expect(bars[2]?.y).toBe(0);
  });

  it("hang below zero where a value is negative", () => {
    const { bars, zero } = barsOf([-40, 40], 200, 100);
    expect(zero).toBe(50);
    expect(bars[0]?.y).toBe(50);
    expect(bars[1] && bars[1].y + bars[1].height).toBe(50);
  });

  it("are nothing but a line where all is zero", () => {
    const { bars, levels } = barsOf([0, 0], 200, 100);
    expect(levels.length).toBeGreaterThan(1);
    expect(bars.every((bar) => bar?.height === 1)).toBe(true);
  });
});

describe("figures", () => {
  it("are unknown, and not zero, where a period does not tell them", () => {
    const empty = { start: "2026-01-01", end: "2026-01-01" };
    for (const metric of [...CLUSTER_METRICS, ...OWN_METRICS]) expect(metric.of(empty as never), metric.id).toBeNull();
  });

  it("are of periods with names", () => {
    expect(named({ start: "2026-03-01", end: "2026-03-31" }, "month", "en")).toBe("March 2026");
    expect(named({ start: "2026-03-02", end: "2026-03-08" }, "week", "en")).toMatch(/^Mar 2\s–\s8$/);
    expect(daysBefore("2026-03-01", 1)).toBe("2026-02-28");
  });
});

const tour = (over: Partial<Tour>): Tour =>
  ({ code: "A", status: "under_way", visits: 4, visits_done: 1, visits_failed: 0, delay_s: 0, exception: null, starts_at: "2026-03-02T06:00:00Z", ...over }) as Tour;

describe("tours", () => {
  it("add up without those called off", () => {
    const sum = sumOf([tour({}), tour({ visits_failed: 1, delay_s: 301 }), tour({ status: "cancelled", visits: 9 })]);
    expect(sum).toEqual({ tours: 2, visits: 8, done: 2, failed: 1, late: 1 });
  });

  it("that need a look come first", () => {
    const codes = byNeed([
      tour({ code: "over", status: "completed" }),
      tour({ code: "fine" }),
      tour({ code: "late", delay_s: 900 }),
      tour({ code: "held", exception: "accident" }),
    ]).map((one) => one.code);
    expect(codes).toEqual(["held", "late", "fine", "over"]);
  });

  it("tell their delay in whole minutes while they are under way", () => {
    expect(timing(tour({ delay_s: 200 }))?.tone).toBe("good");
    expect(timing(tour({ delay_s: 1234 }))?.text).toBe("21 min behind");
    expect(timing(tour({ delay_s: 1234, status: "completed" }))).toBeNull();
  });

  it("open for drivers by a token that no server is sent", () => {
    expect(new URL(driverAddress("https://c.example", "abc")).pathname).toBe("/drive");
    expect(new URL(driverAddress("https://c.example", "abc")).hash).toBe("#abc");
  });
});

describe("a consignee's steps", () => {
  it("end with the delivery", () => {
    expect(stepsOf("pooled").map((one) => one.reached)).toEqual([true, false, false, false]);
    expect(stepsOf("out_for_delivery").find((one) => one.current)?.name).toBe("on_the_way");
    expect(stepsOf("delivered").every((one) => one.reached && !one.current)).toBe(true);
    expect(stepsOf("delivery_failed").at(-1)?.reached).toBe(false);
  });
});

describe("files", () => {
  it("have the name they are sent under", () => {
    expect(fileNamed('attachment; filename="kpis.csv"')).toBe("kpis.csv");
    expect(fileNamed(null)).toBeNull();
  });
});

describe("a first day", () => {
  const nothing = { members: 0, vehicles: 0, windows: 0, shipments: 0, solved: 0, published: false, tours: 0 };
  const open = (seen: Partial<typeof nothing>) =>
    firstDay({ ...nothing, ...seen }).filter((step) => !step.done).map((step) => step.id);

  it("is done by what is there, and not by clicks", () => {
    expect(open({})).toEqual(["members", "vehicles", "window", "bookings", "plan", "compare", "publish", "dispatch"]);
    expect(open({ members: 15, vehicles: 3, windows: 1, shipments: 160, solved: 1, published: true })).toEqual([
      "compare",
      "dispatch",
    ]);
  });

  it("begins with two firms: one alone shares nothing", () => {
    expect(open({ members: 1 })).toContain("members");
  });
});
