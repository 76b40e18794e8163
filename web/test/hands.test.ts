import { describe, expect, it } from "vitest";
import { stopAt, visitsBefore } from "../src/lib/desk/positions";
import { quantity, sentence, signed, violationInWords } from "../src/lib/desk/said";

const stop = (stop_no: number, ...ids: string[]) => ({
  stop_no,
  visits: ids.map((shipment_id) => ({ shipment_id, client_ref: "", member_id: "", action: "delivery", begins_at: "", ends_at: "" })),
});

describe("places on a route", () => {
  const stops = [stop(1, "a"), stop(2, "b", "c"), stop(3, "d")];

  it("count visits and not stops", () => {
    expect([0, 1, 2, 3].map((index) => visitsBefore(stops, index))).toEqual([0, 1, 3, 4]);
  });

  it("do not count what moves", () => {
    // Without a and c there are b and d: before the third stop is b alone.
    expect(visitsBefore(stops, 2, new Set(["a", "c"]))).toBe(1);
    expect(visitsBefore(stops, 3, new Set(["a", "c"]))).toBe(2);
  });

  it("count where goods are taken on again, which is no stop for anybody", () => {
    // Number 2 is missing: a, the hub, b, c.
    const again = [stop(1, "a"), stop(3, "b"), stop(4, "c")];
    expect([0, 1, 2, 3].map((index) => visitsBefore(again, index))).toEqual([0, 2, 3, 4]);
  });

  it("are found by time, past what moves", () => {
    const at = [
      { begins: 100, shipments: ["a"] },
      { begins: 200, shipments: ["b"] },
      { begins: 300, shipments: ["c"] },
    ];
    expect(stopAt(at, 150)).toBe(1);
    expect(stopAt(at, 150, new Set(["b"]))).toBe(2);
    expect(stopAt(at, 350)).toBe(3);
  });
});

describe("what is said of a plan", () => {
  const said = (code: string, values: Record<string, string | number>) => sentence({ code, values, text: "as told" }, "EUR");

  it("is a sentence of the catalogue with money, counts and names in it", () => {
    expect(said("served", { vehicle: "Van 1", others: 1, now_minor: 450 })).toBe(
      "Van 1 serves it with 1 other. Without it the route would cost €4.50 less.",
    );
    expect(said("could_be_served", { vehicle: "Van 2", more_minor: 1200 })).toBe("It could ride on Van 2: +€12.00.");
    expect(said("lift_capacity_constraint", { vehicle: "Van 2", amount: 41_000, unit: "weight_g" })).toBe(
      "Van 2: room for 41 kg more.",
    );
    expect(said("at_capacity_constraint", { unit: "volume_cm3", count: 2, total: 8 })).toBe("2 of 8 vehicles are full (volume).");
  });

  it("is the sentence of the API where the catalogue does not know it or something is missing", () => {
    expect(said("something_new", {})).toBe("as told");
    expect(said("served", { vehicle: "Van 1" })).toBe("as told");
  });

  it("has a sign where it is a difference", () => {
    expect(signed(250, "EUR")).toBe("+€2.50");
    expect(signed(-250, "EUR")).toBe("-€2.50");
    expect(signed(0, "EUR")).toBe("€0.00");
  });

  it("tells what is broken, and by how much", () => {
    const one = { code: "time_window_constraint", route_no: 1, position: 2, shipment_id: null, detail: "as told" };
    expect(violationInWords({ ...one, excess: 720, unit: "s" })).toMatch(/^begins 12 mins? after its window has closed$/);
    expect(violationInWords({ ...one, excess: null, unit: null })).toBe("as told");
    expect(violationInWords({ ...one, code: "new_constraint", excess: null, unit: null })).toBe("as told");
    expect(quantity(1, "stops")).toBe("1 stop");
  });
});
