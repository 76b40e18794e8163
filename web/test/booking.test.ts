import { describe, expect, it } from "vitest";
import { bookingOf, faultsOf, loadOf, patchOf, type Terms } from "../src/lib/booking";
import { emptyDraft, emptyParty, emptyUnit, type Draft } from "../src/lib/draft";
import { Zone } from "../src/lib/time";

const terms: Terms = {
  windowId: "win_1",
  day: "2026-11-23",
  zone: new Zone("Asia/Ho_Chi_Minh", "en"),
  currency: "VND",
};
const shop = { ...emptyParty(), name: "Shop", address_line1: "1 Lê Lợi", lat: "10.77", lon: "106.7" };
const boxes = {
  ...emptyUnit([]),
  ...{ units: "2", weight_kg: "7,5", length_cm: "60", width_cm: "40", height_cm: "40" },
};
const full: Draft = {
  ...emptyDraft(),
  client_ref: " A-1 ",
  delivery: { ...shop, from: "09:00", until: "11:30" },
  units: [boxes],
  outside: "45,000",
};
const sent = (draft: Draft) => JSON.parse(JSON.stringify(bookingOf(draft, terms)));

describe("a booking", () => {
  it("is written in the API's units", () => {
    expect(sent(full)).toEqual({
      client_ref: "A-1",
      service: "delivery",
      pool_window_id: "win_1",
      service_level: "standard",
      temperature_class: "ambient",
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

  it("names an address of the address book by its identifier alone", () => {
    const draft = { ...full, delivery: { ...shop, address_id: "adr_1" } };
    expect(sent(draft).delivery).toEqual({ address_id: "adr_1", service_s: 300 });
  });

  it("gives two windows as a list", () => {
    const delivery = { ...shop, from: "08:00", until: "10:00", from2: "14:00", until2: "16:00" };
    expect(sent({ ...full, delivery }).delivery.windows).toEqual([
      { start: "2026-11-23T01:00:00.000Z", end: "2026-11-23T03:00:00.000Z" },
      { start: "2026-11-23T07:00:00.000Z", end: "2026-11-23T09:00:00.000Z" },
    ]);
  });

  it("has both ends of a transport, and the pickup alone of a collection", () => {
    const both: Draft = { ...full, pickup: shop, service: "transport" };
    expect(Object.keys(sent(both))).toEqual(expect.arrayContaining(["pickup", "delivery"]));
    expect(sent({ ...both, service: "collection" }).delivery).toBeUndefined();
  });
});

describe("a look at the draft", () => {
  const at = (draft: Draft) => faultsOf(draft, "VND").map((fault) => `${fault.pointer} ${fault.code}`);

  it("finds nothing wrong with a whole one", () => {
    expect(at(full)).toEqual([]);
  });

  it("finds all that an empty one lacks", () => {
    expect(at(emptyDraft())).toEqual([
      "/client_ref missing",
      ...["name", "address_line1", "lat", "lon"].map((name) => `/delivery/${name} missing`),
      ...["weight_g", "length_mm", "width_mm", "height_mm"].map((name) => `/handling_units/0/${name} missing`),
    ]);
  });

  it("finds windows that are half, or the wrong way round, and what is no number", () => {
    const delivery = { ...shop, from: "11:00", until: "09:00", from2: "13:00", lat: "north" };
    const units = [{ ...boxes, weight_kg: "heavy", units: "0" }];
    expect(at({ ...full, delivery, units, outside: "cheap" })).toEqual([
      "/delivery/lat wrong_type",
      "/delivery/window_end window_reversed",
      "/delivery/windows/1/end half_a_window",
      "/handling_units/0/units out_of_range",
      "/handling_units/0/weight_g wrong_type",
      "/outside_minor amount",
    ]);
  });

  it("adds up what is there", () => {
    // 2 × 7.5 kg; 2 × 60 cm × 40 cm × 40 cm = 192,000 cm³; the other unit has no measures yet.
    expect(loadOf([boxes, emptyUnit([boxes])])).toEqual({ units: 3, weight_g: 15_000, volume_cm3: 192_000 });
  });
});

describe("an edit", () => {
  it("says what is different, and null for what is gone", () => {
    const before = { a: 1, b: 2, end: { name: "x", lat: 1 }, units: [1] };
    const after = { a: 1, end: { name: "y", lat: 1 }, units: [1, 2], c: 3 };
    expect(patchOf(before, after)).toEqual({ b: null, end: { name: "y" }, units: [1, 2], c: 3 });
  });

  it("says nothing where nothing is", () => {
    expect(patchOf(sent(full), sent(full))).toEqual({});
  });
});
