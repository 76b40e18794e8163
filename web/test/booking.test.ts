import { describe, expect, it } from "vitest";
import { bookingOf, EMPTY, placed } from "../src/lib/booking";
import { Zone } from "../src/lib/time";

const zone = new Zone("Asia/Ho_Chi_Minh", "en");
const full = {
  ...EMPTY,
  client_ref: " A-1 ",
  name: "Shop",
  address_line1: "1 Lê Lợi",
  lat: "10.77",
  lon: "106.7",
  from: "09:00",
  until: "11:30",
  units: "2",
  weight_kg: "7,5",
  length_cm: "60",
  width_cm: "40",
  height_cm: "40",
  outside: "45,000",
};

describe("a booking", () => {
  it("is written in the API's units", () => {
    expect(bookingOf(full, "win_1", "2026-11-23", zone, "VND")).toEqual({
      client_ref: "A-1",
      service: "delivery",
      pool_window_id: "win_1",
      delivery: {
        name: "Shop",
        address_line1: "1 Lê Lợi",
        lat: 10.77,
        lon: 106.7,
        service_s: 300,
        window_start: "2026-11-23T02:00:00.000Z",
        window_end: "2026-11-23T04:30:00.000Z",
      },
      handling_units: [
        {
          ...{ kind: "box", units: 2, weight_g: 7500, length_mm: 600, width_mm: 400, height_mm: 400 },
          ...{ rotations: "upright", on_top: "anything" },
        },
      ],
      outside_minor: 45000,
    });
  });

  it("leaves out what is empty", () => {
    const sent = JSON.parse(JSON.stringify(bookingOf(EMPTY, "win_1", "2026-11-23", zone, "VND")));
    expect(sent).toEqual({
      service: "delivery",
      pool_window_id: "win_1",
      delivery: { service_s: 300 },
      handling_units: [{ kind: "box", units: 1, rotations: "upright", on_top: "anything" }],
    });
  });

  it("is none with a price that is no amount", () => {
    expect(bookingOf({ ...full, outside: "cheap" }, "win_1", "2026-11-23", zone, "VND")).toBeNull();
  });
});

describe("faults", () => {
  it("stand at their fields, the rest apart", () => {
    const fault = (pointer: string) => ({ pointer, code: "missing", cause: "missing", cure: "add it" });
    const found = placed([fault("/delivery/name"), fault("/handling_units/0/weight_g"), fault("/skills/3")]);
    expect(Object.keys(found.fields)).toEqual(["name", "weight_kg"]);
    expect(found.others.map((entry) => entry.pointer)).toEqual(["/skills/3"]);
  });
});
